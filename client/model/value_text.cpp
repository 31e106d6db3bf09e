#include "client/model/value_text.h"

#include <fmt/format.h>

#include "client/model/translation.h"
#include "shared/forms/validation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

std::string place_text(const std::string& key, const Catalogue& catalogue) {
  const Place* place = catalogue.places.find(key);
  if (!place) return key;
  std::string text = place->unit_type.empty() ? place->name : place->unit_type + " " + place->name;
  if (place->name.rfind(place->unit_type, 0) == 0) text = place->name;
  if (!place->province_name.empty()) text += ", " + place->province_name;
  return text;
}

std::string option_label(const Question& question, const std::string& code, const Catalogue& catalogue) {
  if (const CodeList* list = catalogue.list(question.list))
    if (const Option* option = list->find(code)) return option->label.in(language());
  return code;
}

std::string value_text(const Question& question, const Value& value, const Catalogue& catalogue, const Names& names) {
  if (is_cleared(value)) return {};
  if (const auto* flag = std::get_if<bool>(&value)) return tr(*flag ? "value.yes" : "value.no");
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return vietnamese::number_text(*whole);
  if (const auto* number = std::get_if<Decimal>(&value)) return vietnamese::number_text(*number);
  if (const auto* date = std::get_if<CivilDate>(&value)) return vietnamese::date_text(*date);
  if (const auto* record = std::get_if<EntityId>(&value)) {
    const std::string title = names.title ? names.title(*record) : std::string();
    return title.empty() ? tr("value.unknown_record") : title;
  }
  if (const auto* file = std::get_if<Attachment>(&value)) {
    const std::string size = bytes_text(static_cast<std::int64_t>(file->id.bytes));
    if (!file->name.empty()) return file->name + " · " + size;
    return tr(file->type.starts_with("image/") ? "file.picture" : "file.file") + " · " + size;
  }
  const std::string& text = std::get<std::string>(value);
  switch (question.type) {
    case QuestionType::select_one:
    case QuestionType::select_multiple: return option_label(question, text, catalogue);
    case QuestionType::place: return place_text(text, catalogue);
    default: return text;
  }
}

std::string chosen_text(const Question& question, const Fields& fields, const Catalogue& catalogue) {
  std::string text;
  for (const std::string& code : chosen_codes(fields, question.number)) {
    if (!text.empty()) text += ", ";
    text += option_label(question, code, catalogue);
  }
  const auto answered = fields.find({question.number, {}});
  if (text.empty() && answered != fields.end() && answered->second == Value(true)) return tr("value.none_chosen");
  return text;
}

Result<Value> typed_value(const Question& question, std::string_view typed) {
  Result<std::string> text = storable_text(typed);
  if (!text) return text.error();
  const std::size_t first = text->find_first_not_of(" \t\n");
  if (first == std::string::npos) return Value(Cleared{});
  const std::string trimmed = text->substr(first, text->find_last_not_of(" \t\n") - first + 1);
  switch (question.type) {
    case QuestionType::integer: {
      const Result<std::int64_t> number = vietnamese::parse_whole_number(trimmed);
      if (!number) return number.error();
      return Value(*number);
    }
    case QuestionType::decimal: {
      const Result<Decimal> number = vietnamese::parse_number(trimmed);
      if (!number) return number.error();
      return Value(*number);
    }
    case QuestionType::date: {
      const Result<CivilDate> date = vietnamese::parse_date(trimmed);
      if (!date) return date.error();
      return Value(*date);
    }
    case QuestionType::time: {
      Result<std::string> time = vietnamese::parse_time(trimmed);
      if (!time) return time.error();
      return Value(std::move(*time));
    }
    default: return Value(trimmed);
  }
}

std::string typing_hint(QuestionType type) {
  switch (type) {
    case QuestionType::integer: return tr("type.integer");
    case QuestionType::decimal: return tr("type.decimal");
    case QuestionType::date: return tr("type.date");
    case QuestionType::time: return tr("type.time");
    default: return tr("type.text");
  }
}

std::string field_text(const Form& form, const FieldRef& field, const RecordId& record, const Catalogue& catalogue) {
  if (field.entity == record && field.field.number == record_presence) return tr("field.presence");
  const Question* question = form.find(field.field.number);
  if (!question) return tr("field.unknown");
  if (question->type == QuestionType::repeat)
    return question->label.in(language()) + " · " + tr("field.row_presence");
  std::string text = question->label.in(language());
  if (!field.field.option.empty()) text += " · " + option_label(*question, field.field.option, catalogue);
  if (const Question* repeat = form.repeat_of(*question)) text = repeat->label.in(language()) + " · " + text;
  return text;
}

std::string field_value_text(const Form& form, const FieldRef& field, const Value& value, const Catalogue& catalogue,
                             const Names& names) {
  const Question* question = field.field.number == record_presence ? nullptr : form.find(field.field.number);
  const auto* flag = std::get_if<bool>(&value);
  if (flag && (!question || question->type == QuestionType::repeat))
    return tr(*flag ? "value.kept" : "value.deleted");
  if (flag && !field.field.option.empty()) return tr(*flag ? "value.chosen" : "value.not_chosen");
  if (flag && question->type == QuestionType::select_multiple)
    return tr(*flag ? "value.answered" : "value.not_answered");
  if (is_cleared(value)) return tr("value.cleared");
  return question ? value_text(*question, value, catalogue, names) : plain_text(value);
}

bool is_personal(const Question& question) { return question.personal || question.type == QuestionType::record; }

bool is_personal(const Form& form, const FieldRef& field, const RecordId& record) {
  if (field.entity == record && field.field.number == record_presence) return false;
  const Question* question = form.find(field.field.number);
  return question == nullptr || is_personal(*question);
}

bool has_personal_title(const Form& form) {
  for (std::size_t open = form.title.find('{'); open != std::string::npos; open = form.title.find('{', open + 1)) {
    const std::size_t close = form.title.find('}', open);
    if (close == std::string::npos) break;
    const Question* question = form.find(form.title.substr(open + 1, close - open - 1));
    if (question && is_personal(*question)) return true;
  }
  return false;
}

const std::string& veiled_text() {
  static const std::string dots = "••••••••";
  return dots;
}

std::string record_title(const Form& form, const Answers& answers, const Catalogue& catalogue, const Names& names) {
  std::string title;
  std::size_t at = 0;
  while (at < form.title.size()) {
    const std::size_t open = form.title.find('{', at);
    const std::size_t close = open == std::string::npos ? open : form.title.find('}', open);
    if (close == std::string::npos) break;
    title += form.title.substr(at, open - at);
    if (const Question* question = form.find(form.title.substr(open + 1, close - open - 1))) {
      const auto answer = answers.fields.find({question->number, {}});
      if (answer != answers.fields.end()) title += value_text(*question, answer->second, catalogue, names);
    }
    at = close + 1;
  }
  title += form.title.substr(at);
  const std::size_t first = title.find_first_not_of(' ');
  return first == std::string::npos ? std::string() : title.substr(first, title.find_last_not_of(' ') - first + 1);
}

std::string shortened(std::string_view text) {
  constexpr std::size_t bytes_max = 90;
  const bool whole = text.size() <= bytes_max;
  std::size_t end = whole ? text.size() : bytes_max;
  while (!whole && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  std::string line(text.substr(0, end));
  for (char& c : line)
    if (c == '\n' || c == '\t') c = ' ';
  return whole ? line : line + " …";
}

std::string moment_text(std::int64_t utc_ms) {
  constexpr std::int64_t hour = 3'600'000, day = 24 * hour;
  const std::int64_t in_day = ((utc_ms + 7 * hour) % day + day) % day;
  return fmt::format("{:02}:{:02} · {}", in_day / hour, in_day % hour / 60'000,
                     vietnamese::date_text(vietnam_day(utc_ms)));
}

std::string moment_text(std::int64_t utc_ms, const CivilDate& today) {
  const std::string whole = moment_text(utc_ms);
  return vietnam_day(utc_ms) == today ? whole.substr(0, 5) : whole;
}

std::string bytes_text(std::int64_t bytes) {
  if (bytes < 1000) return fmt::format("{} B", bytes);
  if (bytes < 1'000'000) return fmt::format("{} kB", (bytes + 500) / 1000);
  return fmt::format("{},{} MB", bytes / 1'000'000, bytes % 1'000'000 / 100'000);
}

}  // namespace fieldpost
