// Changes as authors make them, for tests below the store: a person with a laptop of their own who opens records,
// sees what is there, and saves.
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "shared/forms/form_loader.h"
#include "shared/forms/json_values.h"
#include "shared/model/merge.h"

namespace fieldpost::test {

class FakeClock final : public WallClock {
 public:
  explicit FakeClock(std::int64_t start = 1'741'000'000'000) : now(start) {}
  std::int64_t now_ms() const override { return now; }
  std::int64_t now;
};

/// A catalogue of one form `visit` (class session) with a roster, two lists and one place.
inline Catalogue small_catalogue(std::uint32_t versions = 1) {
  Catalogue catalogue;
  catalogue.lists.emplace("kinds", *load_code_list("kinds", "code,vi,en\nhop,Họp ấp,Meeting\nluu,Lưu động,Mobile\n"));
  catalogue.lists.emplace("topics",
                          *load_code_list("topics", "code,vi,en\nDAT,Đất đai,Land\nHON,Hôn nhân,Marriage\n"));
  const auto places = catalogue.places.load(
      "code,name,unit_type,scheme,province_code,province_name,district_name,valid_from,valid_to,successor_codes,"
      "predecessor_codes\n32155,Khánh An,Xã,post-2025-07,96,Cà Mau,,2025-07-01,,,\n");
  REQUIRE_MESSAGE(places, (places ? "" : places.error().message));
  for (std::uint32_t version = 1; version <= versions; ++version) {
    const std::string added = version == 1 ? "" : R"json(
      {"type": "text", "name": "venue", "number": 9, "label::vi": "Địa điểm", "label::en": "Venue"},)json";
    const std::string json = R"json({"name": "visit", "version": )json" + std::to_string(version) + R"json(,
      "class": "session", "label::vi": "Buổi", "label::en": "Visit", "title": "{date} {title}", "date": "date",
      "questions": [
      {"type": "text", "name": "title", "number": 1, "required": true, "label::vi": "Tên", "label::en": "Title"},
      {"type": "date", "name": "date", "number": 2, "label::vi": "Ngày", "label::en": "Date",
       "constraint": ". <= today()", "constraint_message::vi": "Chưa đến", "constraint_message::en": "Not yet"},
      {"type": "integer", "name": "count", "number": 3, "label::vi": "Số", "label::en": "Count"},
      {"type": "decimal", "name": "hours", "number": 4, "label::vi": "Giờ", "label::en": "Hours"},
      {"type": "select_one", "name": "kind", "number": 5, "list": "kinds", "label::vi": "Loại", "label::en": "Kind"},
      {"type": "select_multiple", "name": "topics", "number": 6, "list": "topics",
       "label::vi": "Chủ đề", "label::en": "Topics"},
      {"type": "place", "name": "place", "number": 7, "label::vi": "Xã", "label::en": "Commune"},
      {"type": "text", "name": "phone", "number": 8, "label::vi": "Điện thoại", "label::en": "Phone"},)json" +
                             added + R"json(
      {"type": "repeat", "name": "roster", "number": 20, "label::vi": "Danh sách", "label::en": "Roster",
       "questions": [
        {"type": "text", "name": "full_name", "number": 21, "label::vi": "Họ tên", "label::en": "Full name"},
        {"type": "select_multiple", "name": "groups", "number": 22, "list": "topics",
         "label::vi": "Nhóm", "label::en": "Groups"}]}]})json";
    auto loaded = load_form(json, {"kinds", "topics"});
    if (auto* faults = std::get_if<std::vector<FormFault>>(&loaded))
      FAIL(faults->front().place, ": ", faults->front().message);
    catalogue.forms["visit"].emplace(version, std::get<Form>(std::move(loaded)));
  }
  return catalogue;
}

/// One person with one laptop. What they write stands on what they say they have seen.
struct Author {
  UserId user;
  DeviceId device;
  FakeClock& clock;
  Random& random;

  Author(FakeClock& time, Random& chance)
      : user(random_id<UserId>(chance)), device(random_id<DeviceId>(chance)), clock(time), random(chance) {}

  /// `values` as the command line takes them; rows are new unless they name their `_row`.
  Change save(const Form& form, const RecordId& record, const RecordHeads& seen, const nlohmann::json& values) {
    const auto edit = edit_from_json(form, values);
    REQUIRE_MESSAGE(edit, (edit ? "" : edit.error().message));
    Change change;
    change.record = record;
    change.form = form.name;
    change.form_version = form.version;
    change.author = user;
    change.device = device;
    change.at = clock.now++;
    random.fill(change.salt);
    std::vector<EntityId> entities = {record};
    const auto write = [&](const EntityId& entity, FieldKey field, Value value) {
      change.writes.push_back({entity, std::move(field)});
      change.values.push_back(std::move(value));
    };
    write(record, {record_presence, ""}, !edit->deleted);
    for (const auto& [field, value] : edit->fields) write(record, field, value);
    for (const Edit::RowEdit& row : edit->rows) {
      const EntityId id = row.row ? *row.row : new_uuid<EntityId>(clock, random);
      entities.push_back(id);
      write(id, {row.repeat, ""}, !row.deleted);
      for (const auto& [field, value] : row.fields) write(id, field, value);
    }
    change.base = seen.seen(entities);
    auto sealed = seal(std::move(change));
    REQUIRE(sealed);
    return *std::move(sealed);
  }
};

}  // namespace fieldpost::test
