#include "shared/forms/json_values.h"

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "shared/forms/fault_list.h"
#include "shared/forms/validation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

using Json = nlohmann::json;

Error wrong(const std::string& what) { return {ErrorCode::invalid_argument, what}; }

/// A place is `code@scheme`; whether it is known is for validation to say.
bool is_place_key(std::string_view text) {
  const std::size_t at = text.find('@');
  const auto plain = [](std::string_view part) {
    return !part.empty() && std::all_of(part.begin(), part.end(), [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    });
  };
  return at != std::string_view::npos && plain(text.substr(0, at)) && plain(text.substr(at + 1));
}

bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 200 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f && c != ';'; });
}

/// A JSON number as it was written. The reader of JSON holds fractions as binary, which keeps 15 digits; longer
/// numbers are refused here rather than changed.
Result<Decimal> decimal_of_number(const Json& json) {
  if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
    return Error{ErrorCode::out_of_bounds, "a number beyond 18 digits"};
  if (json.is_number_integer()) return Decimal::make(json.get<std::int64_t>(), 0);
  // Not the library's own digits: it writes 217.94782309 as 217.94782309000001.
  char shortest[32];
  const char* const end = std::to_chars(shortest, shortest + sizeof shortest, json.get<double>()).ptr;
  const std::string text(shortest, static_cast<std::size_t>(end - shortest));
  const std::size_t mark = text.find('e');
  const Result<Decimal> digits = parse_decimal(text.substr(0, mark));
  if (!digits) return Error{ErrorCode::out_of_bounds, "not a number that can be kept"};
  if (digits->mantissa > 999'999'999'999'999 || digits->mantissa < -999'999'999'999'999)
    return Error{ErrorCode::out_of_bounds, "more than 15 digits: write the number as a text"};
  const std::int32_t exponent = mark == std::string::npos ? 0 : std::stoi(text.substr(mark + 1));
  return Decimal::make(digits->mantissa, digits->exponent + exponent);
}

/// {"digest", "size", "type", "name"}; `here` is what `show` says beside it.
Result<Value> attachment_of(const Json& json) {
  const Error fault = wrong("needs a file, by its path: {\"file\": \"path\"} or \"@path\"");
  if (!json.is_object()) return fault;
  static const std::set<std::string> members = {"digest", "size", "type", "name", "here"};
  for (const auto& [name, value] : json.items())
    if (!members.contains(name)) return fault;
  const auto text_at = [&](const char* name) {
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
  };
  const auto size = json.find("size");
  const Result<Digest> digest = parse_hex_id<Digest>(text_at("digest"));
  const Result<std::string> name = storable_text(text_at("name"));
  if (!digest || !name || size == json.end() || !size->is_number_unsigned()) return fault;
  const Attachment attachment{{*digest, size->get<std::uint64_t>()}, text_at("type"), *name};
  if (!is_storable(attachment)) return fault;
  return Value{attachment};
}

Result<Value> value_of_json(const Question& question, const Json& json) {
  if (json.is_null()) return Value{};
  std::string text;
  if (json.is_string()) {
    const Result<std::string> storable = storable_text(json.get_ref<const std::string&>());
    if (!storable) return storable.error();
    text = *storable;
    if (text.empty()) return Value{};
  }
  const auto need_text = [&](const char* form) { return wrong(std::string("needs a text ") + form); };
  switch (question.type) {
    case QuestionType::text:
      if (!json.is_string()) return need_text("in quotes");
      return Value{text};
    case QuestionType::select_one:
      if (!json.is_string() || !is_code(text)) return need_text("with one code");
      return Value{text};
    case QuestionType::place:
      if (!json.is_string() || !is_place_key(text)) return need_text("of the form code@scheme");
      return Value{text};
    case QuestionType::time: {
      const Result<std::string> time = vietnamese::parse_time(text);
      if (!json.is_string() || !time || *time != text) return need_text("of the form 08:15");
      return Value{text};
    }
    case QuestionType::date: {
      const Result<CivilDate> date = parse_iso_date(text);
      if (!json.is_string() || !date) return need_text("of the form 2025, 2025-03 or 2025-03-14");
      return Value{*date};
    }
    case QuestionType::record: {
      const Result<EntityId> id = parse_entity_id(text);
      if (!json.is_string() || !id) return need_text("with the id of a record");
      return Value{*id};
    }
    case QuestionType::integer:
      if (!json.is_number_integer()) return wrong("needs a whole number");
      if (json.is_number_unsigned() && json.get<std::uint64_t>() > static_cast<std::uint64_t>(INT64_MAX))
        return Error{ErrorCode::out_of_bounds, "a number beyond 64 bits"};
      return Value{json.get<std::int64_t>()};
    case QuestionType::decimal: {
      if (!json.is_number() && !json.is_string()) return wrong("needs a number");
      const Result<Decimal> number = json.is_string() ? parse_decimal(text) : decimal_of_number(json);
      if (!number) return number.error();
      return Value{*number};
    }
    case QuestionType::image:
    case QuestionType::file: return attachment_of(json);
    case QuestionType::calculate: return wrong("is computed, never written");
    default: return wrong("is no question that takes an answer");
  }
}

class EditReader {
 public:
  explicit EditReader(const Form& form) : form_(form) {}

  Result<Edit> read(const Json& values) {
    Edit edit;
    if (!values.is_object()) return wrong("values are a JSON object {\"question\": value}");
    for (const auto& [name, json] : values.items()) {
      if (name == "_deleted") {
        if (!json.is_boolean())
          fault(name, wrong("must be true or false"));
        else
          edit.deleted = json.get<bool>();
        continue;
      }
      if (const Question* question = form_.find_in(nullptr, name))
        read_answer(*question, json, name, edit.fields, edit.whole_lists);
      else if (const Question* repeat = form_.find(std::string_view(name));
               repeat && repeat->type == QuestionType::repeat)
        read_rows(*repeat, json, edit);
      else
        fault(name, wrong("no question of " + form_.name + " has this name"));
    }
    if (code_) return faults_.error(*code_);
    return edit;
  }

 private:
  void fault(const std::string& place, const Error& error) {
    if (!code_) code_ = error.code;
    faults_.add(place, error.message);
  }

  void read_answer(const Question& question, const Json& json, const std::string& place, Fields& fields,
                   std::set<std::uint32_t>& whole_lists) {
    if (question.type != QuestionType::select_multiple) {
      Result<Value> value = value_of_json(question, json);
      if (!value) return fault(place, value.error());
      fields[FieldKey{question.number, ""}] = std::move(*value);
      return;
    }
    whole_lists.insert(question.number);
    if (json.is_null()) {
      fields[FieldKey{question.number, ""}] = Cleared{};
      return;
    }
    if (!json.is_array()) return fault(place, wrong("needs a list of codes"));
    fields[FieldKey{question.number, ""}] = true;
    for (const Json& code : json) {
      if (!code.is_string() || !is_code(code.get_ref<const std::string&>()))
        return fault(place, wrong("needs a list of codes"));
      fields[FieldKey{question.number, code.get<std::string>()}] = true;
    }
  }

  void read_rows(const Question& repeat, const Json& json, Edit& edit) {
    if (!json.is_array()) return fault(repeat.name, wrong("a repeat is a list of objects"));
    std::set<EntityId> named;
    for (std::size_t i = 0; i < json.size(); ++i) {
      const std::string place = repeat.name + "[" + std::to_string(i) + "]";
      if (!json[i].is_object()) {
        fault(place, wrong("a row is an object"));
        continue;
      }
      Edit::RowEdit row;
      row.repeat = repeat.number;
      for (const auto& [name, value] : json[i].items()) {
        const std::string where = place + "." + name;
        if (name == "_row") {
          const Result<EntityId> id =
              value.is_string() ? parse_entity_id(value.get_ref<const std::string&>()) : Result<EntityId>(wrong(""));
          if (!id)
            fault(where, wrong("needs the id of a row"));
          else if (!named.insert(*id).second)
            fault(where, wrong("this row is named twice"));
          else
            row.row = *id;
        } else if (name == "_deleted") {
          if (!value.is_boolean())
            fault(where, wrong("must be true or false"));
          else
            row.deleted = value.get<bool>();
        } else if (const Question* question = form_.find_in(&repeat, name)) {
          read_answer(*question, value, where, row.fields, row.whole_lists);
        } else {
          fault(where, wrong("no question of " + repeat.name + " has this name"));
        }
      }
      if (row.deleted && !row.row && !code_) fault(place, wrong("a row to delete needs its _row"));
      if (row.deleted && !row.fields.empty()) fault(place, wrong("a row to delete takes no answers"));
      edit.rows.push_back(std::move(row));
    }
  }

  const Form& form_;
  FaultList faults_;
  std::optional<ErrorCode> code_;  // of the first fault
};

void keep_changed(Fields& fields, std::set<std::uint32_t>& whole_lists, const Fields& seen) {
  for (const std::uint32_t number : whole_lists)
    for (const std::string& code : chosen_codes(seen, number)) fields.try_emplace(FieldKey{number, code}, false);
  whole_lists.clear();
  for (auto at = fields.begin(); at != fields.end();) {
    const auto found = seen.find(at->first);
    // Never answered, cleared and not chosen are told apart only where something was there to clear.
    const bool same = found != seen.end()
                          ? found->second == at->second
                          : is_cleared(at->second) || (!at->first.option.empty() && at->second == Value{false});
    at = same ? fields.erase(at) : std::next(at);
  }
}

Json answer_to_json(const Question& question, const Fields& fields) {
  const auto found = fields.find(FieldKey{question.number, ""});
  const Value value = found == fields.end() ? Value{} : found->second;
  if (question.type != QuestionType::select_multiple) return value_to_json(question, value);
  const std::vector<std::string> codes = chosen_codes(fields, question.number);
  if (codes.empty() && value != Value{true}) return nullptr;
  return codes;
}

void add_answers(const Form& form, const Question* repeat, const Fields& fields, Json& out) {
  for (const Question* question : form.questions_of(repeat)) {
    if (question->type == QuestionType::calculate) continue;
    Json json = answer_to_json(*question, fields);
    if (!json.is_null()) out[question->name] = std::move(json);
  }
}

}  // namespace

Result<Edit> edit_from_json(const Form& form, const nlohmann::json& values) { return EditReader(form).read(values); }

Edit without_unchanged(const Form&, Edit edit, const Answers& seen) {
  static const Fields nothing;
  keep_changed(edit.fields, edit.whole_lists, seen.fields);
  std::vector<Edit::RowEdit> rows;
  for (Edit::RowEdit& row : edit.rows) {
    const Row* there = nullptr;
    for (const Row& each : seen.rows)
      if (row.row == each.id) there = &each;
    if (row.deleted && !there) continue;
    keep_changed(row.fields, row.whole_lists, there ? there->fields : nothing);
    if (row.row && !row.deleted && row.fields.empty()) continue;
    rows.push_back(std::move(row));
  }
  edit.rows = std::move(rows);
  return edit;
}

nlohmann::json values_to_json(const Form& form, const Answers& answers) {
  Json out = Json::object();
  add_answers(form, nullptr, answers.fields, out);
  for (const Question* repeat : form.repeats()) {
    Json& rows = out[repeat->name] = Json::array();
    for (const Row& row : answers.rows) {
      if (row.repeat != repeat->number) continue;
      Json& json = rows.emplace_back(Json::object());
      json["_row"] = text(row.id);
      add_answers(form, repeat, row.fields, json);
    }
  }
  return out;
}

nlohmann::json value_to_json(const Question&, const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole;
  if (const auto* words = std::get_if<std::string>(&value)) return *words;
  if (const auto* date = std::get_if<CivilDate>(&value)) return iso_text(*date);
  if (const auto* id = std::get_if<EntityId>(&value)) return text(*id);
  if (const auto* attachment = std::get_if<Attachment>(&value)) {
    Json out = {{"digest", text(attachment->id.digest)}, {"size", attachment->id.bytes}, {"type", attachment->type}};
    if (!attachment->name.empty()) out["name"] = attachment->name;
    return out;
  }
  if (const auto* decimal = std::get_if<Decimal>(&value)) {
    // A JSON number while its reader gives the same digits back, else the digits as text.
    const std::string digits = decimal_text(*decimal);
    const Json number = digits.size() <= 15 ? Json::parse(digits) : Json();
    // The library writes some numbers with digits that nobody typed.
    if (number.is_number_integer() || (number.is_number() && number.dump().size() <= digits.size())) return number;
    return digits;
  }
  return nullptr;
}

Result<Value> value_from_text(const Question& question, std::string_view text) {
  const Result<std::string> storable = storable_text(text);
  if (!storable) return storable.error();
  if (storable->empty()) return Value{};
  switch (question.type) {
    case QuestionType::select_multiple:
      if (*storable == "true") return Value{true};
      if (*storable == "false") return Value{false};
      return wrong("needs true or false");
    case QuestionType::integer: {
      const Result<Decimal> number = parse_decimal(*storable);
      const Json json = Json::parse(*storable, nullptr, false);
      if (!number || !json.is_number_integer()) return wrong("needs a whole number");
      return value_of_json(question, json);
    }
    case QuestionType::date: {
      Result<CivilDate> date = parse_iso_date(*storable);
      if (!date) date = vietnamese::parse_date(*storable);
      if (!date) return date.error();
      return Value{*date};
    }
    case QuestionType::time: {
      Result<std::string> time = vietnamese::parse_time(*storable);
      if (!time) return time.error();
      return Value{std::move(*time)};
    }
    default: return value_of_json(question, Json(*storable));
  }
}

Result<nlohmann::json> json_from_text(const Question& question, std::string_view text) {
  if (question.type != QuestionType::select_multiple) {
    const Result<Value> value = value_from_text(question, text);
    if (!value) return value.error();
    return value_to_json(question, *value);
  }
  Json codes = Json::array();
  std::string code;
  for (const char c : std::string(text) + ";") {
    if (c != ';' && c != ' ') {
      code += c;
    } else if (!code.empty()) {
      codes.push_back(code);
      code.clear();
    }
  }
  if (codes.empty()) return Json(nullptr);
  return codes;
}

}  // namespace fieldpost
