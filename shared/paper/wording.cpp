#include "shared/paper/wording.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

// At 13 points a dot is 1.1 mm wide: room for a short word.
constexpr std::size_t usual_dots = 18;
constexpr std::size_t dots_max = 120;

std::vector<std::string> split(std::string_view text, char separator) {
  std::vector<std::string> out;
  for (;;) {
    const std::size_t end = text.find(separator);
    out.emplace_back(text.substr(0, end));
    if (end == std::string_view::npos) return out;
    text.remove_prefix(end + 1);
  }
}

std::optional<Slot::Style> parse_style(std::string_view name) {
  if (name == "words") return Slot::Style::words;
  if (name == "year") return Slot::Style::year;
  if (name == "name") return Slot::Style::name;
  if (name == "upper") return Slot::Style::upper;
  if (name == "units") return Slot::Style::units;
  return std::nullopt;
}

bool suits(Slot::Style style, QuestionType type) {
  switch (style) {
    case Slot::Style::words: return type == QuestionType::date || type == QuestionType::time;
    case Slot::Style::year: return type == QuestionType::date;
    case Slot::Style::name: return type == QuestionType::place;
    case Slot::Style::units: return type == QuestionType::text;
    case Slot::Style::upper: return type == QuestionType::text || type == QuestionType::select_one;
    case Slot::Style::plain: return true;
  }
  return false;
}

bool has_words(QuestionType type) {
  return type != QuestionType::record && type != QuestionType::note && type != QuestionType::group &&
         type != QuestionType::repeat && !is_attached(type);
}

Error fault(const std::string& what) { return {ErrorCode::malformed, what}; }

Result<Slot> parse_count(Slot slot, std::string_view inside, const Form& form, const Catalogue& catalogue) {
  const std::size_t dot = inside.find('.');
  slot.repeat = std::string(inside.substr(0, dot));
  const Question* repeat = form.find(slot.repeat);
  if (!repeat || repeat->type != QuestionType::repeat) return fault("no repeat is called '" + slot.repeat + "'");
  if (dot == std::string_view::npos) return slot;
  const std::string_view condition = inside.substr(dot + 1);
  const std::size_t equals = condition.find('=');
  if (equals == std::string_view::npos) return fault("'#" + std::string(inside) + "' compares with nothing");
  slot.names = {std::string(condition.substr(0, equals))};
  const Question* question = form.find_in(repeat, slot.names[0]);
  if (!question || question->type != QuestionType::select_one)
    return fault("'" + slot.names[0] + "' is no question with one option in '" + slot.repeat + "'");
  slot.codes = split(condition.substr(equals + 1), '/');
  const CodeList* list = catalogue.list(question->list);
  for (const std::string& code : slot.codes)
    if (!code.empty() && (!list || !list->find(code)))
      return fault("the list '" + question->list + "' has no option '" + code + "'");
  return slot;
}

Result<Slot> parse_slot(std::string_view inside, const Form& form, const Question* repeat,
                        const Catalogue& catalogue) {
  Slot slot;
  const std::vector<std::string> parts = split(inside, '|');
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    const auto read = std::from_chars(part.data(), part.data() + part.size(), slot.dots);
    if (!part.empty() && read.ec == std::errc() && read.ptr == part.data() + part.size()) {
      if (slot.dots < 1 || slot.dots > dots_max) return fault("dots are from 1 to " + std::to_string(dots_max));
    } else if (const auto style = parse_style(part)) {
      slot.style = *style;
    } else {
      return fault("no style is called '" + part + "'");
    }
  }
  if (parts[0].empty()) return slot;
  if (parts[0][0] == '#') return parse_count(std::move(slot), std::string_view(parts[0]).substr(1), form, catalogue);
  static const std::set<std::string, std::less<>> context = {"@unit", "@above", "@place", "@date"};
  for (const std::string& name : split(parts[0], ',')) {
    if (!name.starts_with('@')) {
      const Question* question = form.find_in(repeat, name);
      if (!question) return fault("no question is called '" + name + "'" + (repeat ? " in " + repeat->name : ""));
      if (!has_words(question->type))
        return fault("'" + name + "' is of type " + type_name(question->type) + ", which has no words on paper");
      if (!suits(slot.style, question->type)) return fault("this style does not suit '" + name + "'");
    } else if (!context.contains(name)) {
      return fault("no '" + name + "' is known: @unit, @above, @place, @date");
    }
    slot.names.push_back(name);
  }
  return slot;
}

std::string time_in_words(std::string_view time) {
  if (time.size() != 5) return std::string(time);
  return std::string(time.substr(0, 2)) + " giờ " + std::string(time.substr(3)) + " phút";
}

/// Xã Khánh An -> xã Khánh An, as it stands within a sentence.
std::string small_kind(std::string name) {
  for (const auto& [great, small] : {std::pair{"Xã ", "xã "},
                                     {"Phường ", "phường "},
                                     {"Thị trấn ", "thị trấn "},
                                     {"Đặc khu ", "đặc khu "},
                                     {"Huyện ", "huyện "},
                                     {"Quận ", "quận "},
                                     {"Thị xã ", "thị xã "},
                                     {"Tỉnh ", "tỉnh "},
                                     {"Thành phố ", "thành phố "}})
    if (name.starts_with(great)) return small + name.substr(std::string_view(great).size());
  return name;
}

std::string in_one_line(std::string text) {
  std::replace_if(
      text.begin(), text.end(), [](char c) { return c == '\n' || c == '\t'; }, ' ');
  return text;
}

/// Without ends of lines and blanks at its ends.
std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\n");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\n") - first + 1));
}

}  // namespace

Result<Wording> parse_wording(std::string_view text, const Form& form, const Question* repeat,
                              const Catalogue& catalogue) {
  Wording out;
  while (!text.empty()) {
    const std::size_t open = text.find('{');
    Piece piece;
    piece.words = std::string(text.substr(0, open));
    if (open != std::string_view::npos) {
      const std::size_t close = text.find('}', open);
      if (close == std::string_view::npos) return fault("a { without its }");
      Result<Slot> slot = parse_slot(text.substr(open + 1, close - open - 1), form, repeat, catalogue);
      if (!slot) return slot.error();
      piece.slot = *std::move(slot);
      text.remove_prefix(close + 1);
    } else {
      text = {};
    }
    out.push_back(std::move(piece));
  }
  return out;
}

Filler::Filler(const Form& form, const Answers* answers, const Catalogue& catalogue, const PaperContext& context)
    : form_(form),
      answers_(answers),
      catalogue_(catalogue),
      context_(context),
      logic_(form, answers ? *answers : nothing_, catalogue, context.today) {}

const Question* Filler::find(std::string_view name, const Row* row) const {
  return form_.find_in(row ? form_.find(row->repeat) : nullptr, name);
}

Value Filler::answer(const Question& question, const Row* row) const {
  if (is_blank() || !logic_.relevant(question, row)) return Cleared{};
  if (question.type == QuestionType::calculate) return logic_.calculated(question, row);
  const Fields& fields = row ? row->fields : answers_->fields;
  const auto found = fields.find(FieldKey{question.number, ""});
  return found == fields.end() ? Value{Cleared{}} : found->second;
}

std::string Filler::answer_text(const Question& question, const Row* row, Slot::Style style) const {
  const auto label = [&](const std::string& code) {
    const CodeList* list = catalogue_.list(question.list);
    const Option* option = list ? list->find(code) : nullptr;
    return option ? option->label.vi : code;
  };
  const Value value = answer(question, row);
  if (question.type == QuestionType::select_multiple) {
    if (is_blank() || !logic_.relevant(question, row)) return {};
    std::vector<std::string> codes = chosen_codes(row ? row->fields : answers_->fields, question.number);
    // In the order of their list, as people know it; a code that it does not have stays, at the end.
    const CodeList* list = catalogue_.list(question.list);
    const auto place = [&](const std::string& code) {
      const Option* option = list ? list->find(code) : nullptr;
      return option ? option - list->options.data() : std::ptrdiff_t{1} << 30;
    };
    std::stable_sort(codes.begin(), codes.end(),
                     [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
    std::string out;
    for (const std::string& code : codes) out += (out.empty() ? "" : "; ") + label(code);
    return out;
  }
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return vietnamese::number_text(*whole);
  if (const auto* number = std::get_if<Decimal>(&value)) return vietnamese::number_text(*number);
  if (const auto* date = std::get_if<CivilDate>(&value)) {
    if (style == Slot::Style::year) return std::to_string(date->year);
    return style == Slot::Style::words ? vietnamese::date_in_words(*date) : vietnamese::date_text(*date);
  }
  const auto* text = std::get_if<std::string>(&value);
  if (!text) return {};
  std::string out = trimmed(*text);
  if (question.appearance != "multiline") out = in_one_line(std::move(out));
  switch (question.type) {
    case QuestionType::select_one: out = label(out); break;
    case QuestionType::time:
      if (style == Slot::Style::words) return time_in_words(out);
      break;
    case QuestionType::place:
      if (const Place* place = catalogue_.places.find(out)) {
        const bool has_kind = !place->unit_type.empty() && place->name.starts_with(place->unit_type + " ");
        if (style == Slot::Style::name)
          return has_kind ? place->name.substr(place->unit_type.size() + 1) : place->name;
        out = small_kind((has_kind || place->unit_type.empty() ? "" : place->unit_type + " ") + place->name);
        // Units that are no more are known by their district too (domain 5.2).
        if (!place->district_name.empty()) out += ", " + small_kind(place->district_name);
        if (!place->province_name.empty()) out += ", " + small_kind(place->province_name);
      }
      break;
    default:
      if (question.appearance == "phone")
        if (const auto digits = vietnamese::phone_digits(out)) return vietnamese::phone_text(*digits);
  }
  if (style == Slot::Style::upper) return vietnamese::upper_case(out);
  if (style != Slot::Style::units) return out;
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == ',' || c == ';' || c == '\n'; }, ' ');
  std::string units;
  for (const std::string& code : split(out, ' ')) {
    if (code.empty()) continue;
    const auto known = context_.unit_names.find(code);
    units += (units.empty() ? "" : "; ") + (known == context_.unit_names.end() ? code : known->second);
  }
  return units;
}

std::string Filler::context_text(std::string_view name, Slot::Style style) const {
  std::string out = name == "@unit" ? context_.unit : name == "@above" ? context_.unit_above : context_.place;
  if (name == "@date") {
    if (!context_.date) return {};
    return style == Slot::Style::words ? vietnamese::date_in_words(*context_.date)
                                       : vietnamese::date_text(*context_.date);
  }
  out = in_one_line(trimmed(out));
  return style == Slot::Style::upper ? vietnamese::upper_case(out) : out;
}

std::vector<const Row*> Filler::rows(std::string_view repeat) const {
  std::vector<const Row*> out;
  const Question* found = form_.find(repeat);
  if (is_blank() || !found || found->type != QuestionType::repeat || !logic_.relevant(*found, nullptr)) return out;
  for (const Row& row : answers_->rows)
    if (row.repeat == found->number) out.push_back(&row);
  return out;
}

std::string Filler::count(const Slot& slot) const {
  if (is_blank()) return {};
  const std::vector<const Row*> all = rows(slot.repeat);
  if (slot.names.empty()) return vietnamese::number_text(static_cast<std::int64_t>(all.size()));
  std::int64_t count = 0;
  for (const Row* row : all) {
    const Question* question = find(slot.names[0], row);
    const Value value = question ? answer(*question, row) : Value{};
    const auto* code = std::get_if<std::string>(&value);
    if (std::find(slot.codes.begin(), slot.codes.end(), code ? *code : std::string()) != slot.codes.end()) ++count;
  }
  return vietnamese::number_text(count);
}

std::string Filler::said(const Slot& slot, const Row* row) const {
  if (!slot.repeat.empty()) return count(slot);
  for (const std::string& name : slot.names) {
    const Question* question = name.starts_with('@') ? nullptr : find(name, row);
    std::string text = name.starts_with('@') ? context_text(name, slot.style)
                       : question            ? answer_text(*question, row, slot.style)
                                             : std::string();
    if (!text.empty()) return text;
  }
  return {};
}

std::string Filler::dots(const Slot& slot) const {
  if (slot.style == Slot::Style::words) {
    const Question* question = slot.names.empty() ? nullptr : find(slot.names[0], nullptr);
    if (question && question->type == QuestionType::time) return "....... giờ ....... phút";
    return "ngày ....... tháng ....... năm ...........";
  }
  return std::string(slot.dots ? slot.dots : usual_dots, '.');
}

Filled Filler::fill(const Wording& wording) const {
  Filled out;
  for (std::size_t i = 0; i < wording.size(); ++i) {
    out.text += wording[i].words;
    if (!wording[i].slot) continue;
    const Slot& slot = *wording[i].slot;
    const std::string text = said(slot, nullptr);
    out.has_answer = out.has_answer || !text.empty();
    if (!text.empty())
      out.text += text;
    else if (i + 1 == wording.size() && slot.dots == 0 && slot.style != Slot::Style::words)
      out.to_line_end = true;
    else
      out.text += dots(slot);
  }
  return out;
}

std::string Filler::cell(const Wording& wording, const Row& row) const {
  std::string out;
  for (const Piece& piece : wording) {
    out += piece.words;
    if (piece.slot) out += said(*piece.slot, &row);
  }
  return in_one_line(std::move(out));
}

bool Filler::holds(std::string_view condition) const {
  const std::size_t equals = condition.find('=');
  const std::string_view name = condition.substr(0, equals);
  const Question* question = form_.find_in(nullptr, name);
  if (!question) return !rows(name).empty();
  if (equals == std::string_view::npos) return !answer_text(*question, nullptr, Slot::Style::plain).empty();
  const Value value = answer(*question, nullptr);
  const auto* code = std::get_if<std::string>(&value);
  return code && *code == condition.substr(equals + 1);
}

}  // namespace fieldpost
