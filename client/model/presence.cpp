#include "client/model/presence.h"

#include <algorithm>
#include <charconv>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

std::string day_label(const FormEntry& entry, const std::string& code, const std::string& text) {
  const Question* first = entry.form().find_in(nullptr, entry.form().date);
  const auto held = first ? entry.answers().fields.find({first->number, {}}) : entry.answers().fields.end();
  const auto* date = held == entry.answers().fields.end() ? nullptr : std::get_if<CivilDate>(&held->second);
  int number = 0;
  const auto [end, fault] = std::from_chars(code.data(), code.data() + code.size(), number);
  if (!date || !date->has_day() || fault != std::errc{} || end != code.data() + code.size()) return text;
  const CivilDate day = from_day_number(day_number(*date) + number - 1);
  return text + " (" + vietnamese::date_text(day).substr(0, 5) + ")";
}

}  // namespace

bool is_by_day(const Question& question) {
  return question.type == QuestionType::select_multiple && question.appearance == "days";
}

std::vector<DayColumn> day_columns(FormEntry& entry, const Question& repeat, const Question& question) {
  std::vector<DayColumn> days;
  for (const Choice& choice : entry.choices(EntityId{}, question, ""))
    days.push_back({choice.code, day_label(entry, choice.code, choice.text), 0});
  for (const Row& row : entry.answers().rows) {
    if (row.repeat != repeat.number || entry.is_deleted(row.id)) continue;
    for (const std::string& code : chosen_codes(row.fields, question.number)) {
      auto day = std::find_if(days.begin(), days.end(), [&](const DayColumn& each) { return each.code == code; });
      if (day == days.end()) {
        const std::string text = option_label(question, code, entry.context().catalogue);
        day = days.insert(days.end(), {code, day_label(entry, code, text), 0});
      }
      ++day->present;
    }
  }
  return days;
}

void mark_day(FormEntry& entry, const Question& repeat, const Question& question, const std::string& code) {
  std::vector<EntityId> rows = entry.rows(repeat);
  std::erase_if(rows, [&](const EntityId& row) { return entry.is_deleted(row) || !entry.relevant(row, question); });
  const bool everybody = std::all_of(rows.begin(), rows.end(),
                                     [&](const EntityId& row) { return entry.is_chosen(row, question, code); });
  for (const EntityId& row : rows) entry.toggle(row, question, code, !everybody);
}

}  // namespace fieldpost
