// What was typed is what arrives: random values of every type from a laptop's JSON through change bytes, store, wire
// pages, central, another laptop, a bundle on a stick and a third one. Some hundred thousand values here, ten
// millions by `tools/prove values`.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include "shared/forms/form_loader.h"
#include "sync/stick.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;
using Json = nlohmann::json;

namespace {

constexpr std::size_t rows = 120;
constexpr std::uint32_t first_number = 11;

/// Every type a question can have, in the rows of one repeat.
Catalogue every_type() {
  Catalogue catalogue;
  catalogue.lists.emplace("codes", must(load_code_list("codes", "code,vi,en\nA,a,a\nB-2,b,b\nc_3,c,c\n")));
  std::string questions;
  std::uint32_t number = first_number;
  for (const char* type :
       {"text", "integer", "decimal", "date", "time", "select_one", "select_multiple", "place", "record"}) {
    questions += std::string(questions.empty() ? "" : ",") + R"({"type": ")" + type + R"(", "name": "q_)" + type +
                 R"(", "number": )" + std::to_string(number++) + R"(, "label::vi": "a", "label::en": "a")";
    if (std::string_view(type).starts_with("select")) questions += R"(, "list": "codes")";
    if (std::string_view(type) == "record") questions += R"(, "target": "values")";
    questions += "}";
  }
  auto form = load_form(R"({"name": "values", "version": 1, "class": "session", "label::vi": "a", "label::en": "a",
    "title": "{title}", "questions": [
    {"type": "text", "name": "title", "number": 1, "label::vi": "a", "label::en": "a"},
    {"type": "repeat", "name": "rows", "number": 10, "label::vi": "a", "label::en": "a", "questions": [)" +
                            questions + "]}]}",
                        {"codes"});
  if (const auto* faults = std::get_if<std::vector<FormFault>>(&form))
    FAIL(faults->front().place, ": ", faults->front().message);
  catalogue.forms["values"].emplace(1, std::get<Form>(std::move(form)));
  return catalogue;
}

/// A value as it is typed, and as it must arrive.
struct Typed {
  Json json;
  std::map<FieldKey, Value> fields;
};

/// Texts as keyboards give them, with what they are in NFC.
std::pair<std::string, std::string> any_text(Random& random) {
  static const std::pair<const char*, const char*> parts[] = {
      {"Nguyễn Thị Bưởi", "Nguyễn Thị Bưởi"},
      {"Nguye\u0302\u0303n", "Nguyễn"},
      {"\u0110u\u031Bo\u031B\u0300ng", "Đường"},
      {"A\u030A\u0301", "Ǻ"},
      {"\u212B", "Å"},
      {"한글", "한글"},
      {"\u1112\u1161\u11AB", "한"},
      {"🌾👩\u200D🌾", "🌾👩\u200D🌾"},
      {"שלום \u202Eabc\u202C", "שלום \u202Eabc\u202C"},
      {"\t", "\t"},
      {"dòng\nhai", "dòng\nhai"},
      {"'; DROP TABLE change; --", "'; DROP TABLE change; --"},
      {"=1+1", "=1+1"},
      {" ", " "},
      {"\"\\/{}[],:", "\"\\/{}[],:"},
      {"0912 345 678", "0912 345 678"},
      {"\U0010FFFD", "\U0010FFFD"},
  };
  std::pair<std::string, std::string> out = {"x", "x"};
  for (std::uint64_t i = random.below(6); i > 0; --i) {
    const auto& [typed, kept] = parts[random.below(std::size(parts))];
    out.first += typed;
    out.second += kept;
    // What follows must not compose with what stands before.
    out.first += "|";
    out.second += "|";
  }
  if (random.below(2000) == 0) {
    const std::string many(1 + random.below(30'000), 'y');
    out.first += many;
    out.second += many;
  }
  return out;
}

std::int64_t any_integer(Random& random) {
  static constexpr std::int64_t edges[] = {0,          1,         -1,        23,           24,    -24,
                                           -25,        255,       256,       65535,        65536, 4294967295,
                                           4294967296, INT64_MAX, INT64_MIN, INT64_MIN + 1};
  if (random.below(3) == 0) return edges[random.below(std::size(edges))];
  return static_cast<std::int64_t>(random.next() >> random.below(64));
}

std::string padded(std::uint64_t number, int digits) {
  const std::string text = std::to_string(number);
  return std::string(static_cast<std::size_t>(std::max(0, digits - static_cast<int>(text.size()))), '0') + text;
}

CivilDate any_date(Random& random) {
  CivilDate date{static_cast<std::int16_t>(1 + random.below(9999)), 0, 0};
  const std::uint64_t precision = random.below(4);
  if (precision == 3) {  // a leap day
    date.year = static_cast<std::int16_t>(4 * (1 + random.below(24)) + 1600);
    return {date.year, 2, 29};
  }
  if (precision > 0) date.month = static_cast<std::uint8_t>(1 + random.below(12));
  static constexpr int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  if (precision > 1)
    date.day = static_cast<std::uint8_t>(1 + random.below(static_cast<std::uint64_t>(days[date.month - 1])));
  return date;
}

/// One row: every question answered, and what the answers must be.
Typed any_row(Random& random) {
  Typed row;
  std::uint32_t number = first_number;
  const auto put = [&](const char* name, Json json, Value value) {
    row.json[name] = std::move(json);
    row.fields[{number++, ""}] = std::move(value);
  };
  const auto [typed, kept] = any_text(random);
  put("q_text", typed, kept);
  const std::int64_t whole = any_integer(random);
  put("q_integer", whole, whole);
  {
    // Digits and a point, with zeros at the end that mean nothing.
    std::int64_t mantissa = any_integer(random);
    if (mantissa == INT64_MIN) mantissa = 0;
    std::int32_t places = static_cast<std::int32_t>(random.below(19));
    std::string digits = padded(static_cast<std::uint64_t>(std::llabs(mantissa)), places + 1);
    if (places > 0) digits.insert(digits.size() - static_cast<std::size_t>(places), ".");
    while (mantissa != 0 && mantissa % 10 == 0 && places > -18) mantissa /= 10, --places;
    if (mantissa == 0) places = 0;
    put("q_decimal", (mantissa < 0 ? "-" : "") + digits, Decimal{mantissa, -places});
  }
  const CivilDate date = any_date(random);
  std::string iso = padded(static_cast<std::uint64_t>(date.year), 4);
  if (date.month > 0) iso += "-" + padded(date.month, 2);
  if (date.day > 0) iso += "-" + padded(date.day, 2);
  put("q_date", iso, date);
  const std::string time = padded(random.below(24), 2) + ":" + padded(random.below(60), 2);
  put("q_time", time, time);
  // Codes that are not in the list are kept as well.
  static const char* const codes[] = {"A", "B-2", "c_3", "not.in:the/list"};
  const std::string code = codes[random.below(4)];
  put("q_select_one", code, code);
  Json chosen = Json::array();
  const std::uint32_t multiple = number;
  for (const char* option : codes)
    if (random.below(2) == 0) {
      chosen.push_back(option);
      row.fields[{multiple, option}] = true;
    }
  put("q_select_multiple", chosen, true);
  const std::string place = padded(random.below(100'000), 5) + "@post-2025-07";
  put("q_place", place, place);
  const EntityId reference = random_id<EntityId>(random);
  put("q_record", text(reference), reference);
  return row;
}

std::map<std::string, Bytes> changes_in(Database& database) {
  std::map<std::string, Bytes> out;
  Statement statement = database.prepare("SELECT id, stored FROM change");
  while (statement.step()) {
    const BytesView stored = statement.blob(1);
    out[to_hex(statement.blob(0))] = Bytes(stored.begin(), stored.end());
  }
  return out;
}

}  // namespace

TEST_CASE("random values of every type arrive as they were typed, by network and by stick") {
  const char* wish = std::getenv("FIELDPOST_VALUES");
  const std::uint64_t wanted = wish != nullptr && *wish != '\0' ? std::strtoull(wish, nullptr, 10) : 100'000;
  const Catalogue catalogue = every_type();
  const Form& form = *catalogue.form("values");
  std::uint64_t values = 0;
  // A deployment after the other, so that none grows large.
  for (std::uint64_t seed = 1; values < wanted; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    Fleet fleet(seed);
    fleet.use_catalogue(catalogue);
    Laptop& an = fleet.enrol("An", Role::recorder, "hg");
    Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
    Laptop& chi = fleet.enrol("Chị Ba", Role::recorder, "hg");
    for (Laptop* each : {&an, &binh, &chi}) each->sync();  // they know each other
    std::map<RecordId, std::vector<Typed>> typed;
    for (int record = 0; record < 30 && values < wanted; ++record) {
      std::vector<Typed> all;
      Json json = {{"title", "x"}};
      for (std::size_t row = 0; row < rows; ++row) {
        all.push_back(any_row(random));
        values += all.back().fields.size();
        json["rows"].push_back(all.back().json);
      }
      typed[an.create("values", json)] = std::move(all);
    }
    an.sync();
    binh.sync();
    // The third one never meets central again: a colleague's bundle brings it all.
    const BundleBytes bundle = must(bundle_for(binh.store(), must(chi.store().identity())->device()));
    REQUIRE_FALSE(bundle.more);
    must(read_bundle(chi.store(), bundle.file));

    const auto written = changes_in(an.store().database());
    CHECK(written.size() == typed.size());
    CHECK(changes_in(fleet.backend().database()) == written);
    CHECK(changes_in(binh.store().database()) == written);
    CHECK(changes_in(chi.store().database()) == written);
    for (const auto& [record, all] : typed)
      for (Laptop* each : {&an, &binh, &chi}) {
        const std::optional<RecordState> state = must(each->store().state(record));
        REQUIRE(state);
        REQUIRE(state->answers.rows.size() == all.size());
        for (std::size_t row = 0; row < all.size(); ++row)
          REQUIRE(state->answers.rows[row].fields == all[row].fields);
      }
    // And out again as JSON, which says the same when it is read once more.
    const auto& [record, all] = *typed.begin();
    Json json = chi.values(record);
    for (Json& row : json["rows"]) row.erase("_row");
    const Edit again = must(edit_from_json(form, json));
    for (std::size_t row = 0; row < all.size(); ++row) {
      Fields fields = again.rows[row].fields;
      std::erase_if(fields, [](const auto& field) { return field.second == Value{false}; });
      REQUIRE(fields == all[row].fields);
    }
  }
  MESSAGE(values, " values");
}

TEST_CASE("a road on which decimals travel as binary numbers is caught by the same values") {
  SeededRandom random(1);
  int changed = 0;
  for (int i = 0; i < 1000; ++i) {
    const Typed row = any_row(random);
    char through[64];
    std::snprintf(through, sizeof through, "%.18f",
                  std::strtod(row.json["q_decimal"].get<std::string>().c_str(), nullptr));
    const Result<Decimal> arrived = parse_decimal(through);
    changed += !arrived || Value{*arrived} != row.fields.at({first_number + 2, ""});
  }
  CHECK(changed > 0);
}
