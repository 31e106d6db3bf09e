#include "tools/fieldpostctl/fields.h"

#include <fmt/format.h>

#include "shared/forms/json_values.h"

namespace fieldpost::ctl {

std::string field_path(const Form* form, const RecordId& record, const FieldRef& field) {
  const std::uint32_t number = field.field.number;
  const Question* question = form && number != record_presence ? form->find(number) : nullptr;
  const bool is_row = field.entity != record;
  const Question* repeat = question == nullptr                      ? nullptr
                           : question->type == QuestionType::repeat ? question
                                                                    : form->repeat_of(*question);
  std::string name = !question ? (number == record_presence && !is_row ? "_present" : fmt::format("#{}", number))
                     : question == repeat ? "_present"
                                          : question->name;
  if (!field.field.option.empty()) name += ":" + field.field.option;
  if (!is_row) return name;
  return fmt::format("{}/{}/{}", repeat ? repeat->name : "?", text(field.entity), name);
}

Result<NamedField> parse_field_path(const Form& form, const RecordId& record, std::string_view path) {
  const auto unknown = [&](const std::string& why) {
    return Error{ErrorCode::invalid_argument, fmt::format("{}: {}", path, why)};
  };
  NamedField out;
  out.ref.entity = record;
  const Question* repeat = nullptr;
  std::string_view name = path;
  if (const std::size_t first = path.find('/'); first != std::string_view::npos) {
    const std::size_t second = path.find('/', first + 1);
    if (second == std::string_view::npos) return unknown("a field of a row is named repeat/ROW/name");
    repeat = form.find(path.substr(0, first));
    if (!repeat || repeat->type != QuestionType::repeat) return unknown("the form has no such repeat");
    const Result<EntityId> row = parse_entity_id(path.substr(first + 1, second - first - 1));
    if (!row) return unknown("the middle part is the id of a row");
    out.ref.entity = *row;
    name = path.substr(second + 1);
  }
  if (name == "_present") {
    out.ref.field.number = repeat ? repeat->number : record_presence;
    return out;
  }
  const std::size_t colon = name.find(':');
  const bool has_option = colon != std::string_view::npos;
  if (has_option) out.ref.field.option = std::string(name.substr(colon + 1));
  out.question = form.find_in(repeat, name.substr(0, colon));
  if (!out.question || out.question->number == 0) return unknown("the form has no such question");
  if (has_option && out.question->type != QuestionType::select_multiple)
    return unknown("only multi-selects have options");
  out.ref.field.number = out.question->number;
  return out;
}

nlohmann::json value_json(const Value& value) {
  static const Question any;
  return value_to_json(any, value);
}

std::string utc_text(std::int64_t ms) {
  constexpr std::int64_t day_ms = 86'400'000;
  std::int64_t days = ms / day_ms;
  if (ms % day_ms < 0) --days;
  const std::int64_t rest = ms - days * day_ms;
  return fmt::format("{}T{:02}:{:02}:{:02}.{:03}Z", iso_text(from_day_number(days)), rest / 3'600'000,
                     rest / 60'000 % 60, rest / 1'000 % 60, rest % 1'000);
}

nlohmann::json rivals_json(Reading& reading, const FieldState& state) {
  nlohmann::json out = nlohmann::json::array();
  for (const Rival& rival : state.heads) {
    nlohmann::json& json = out.emplace_back(nlohmann::json::object());
    json["value"] = value_json(rival.value);
    json["author"] = reading.author_name(rival.author);
    json["author_id"] = text(rival.author);
    json["device"] = text(rival.device);
    json["device_name"] = reading.device_name(rival.device);
    json["at"] = utc_text(rival.at);
    json["change"] = text(rival.change);
    if (rival.reason) json["reason"] = *rival.reason;
  }
  return out;
}

}  // namespace fieldpost::ctl
