#include "client/model/roster_summary.h"

#include <algorithm>
#include <map>

#include "client/model/known_people.h"
#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

constexpr int child_until_age = 16;      // Luật Trẻ em 2016, Điều 1
constexpr std::size_t groups_shown = 3;  // of a column; the others are added up
constexpr std::string_view headcount = "headcount_", on_roster = "roster_";

const Value* answer(const Fields& fields, const Question* question) {
  if (!question) return nullptr;
  const auto held = fields.find({question->number, {}});
  return held == fields.end() || is_cleared(held->second) ? nullptr : &held->second;
}

std::string number(std::int64_t value) { return vietnamese::number_text(value); }

/// Under the age on that day, whatever day of the year the birth date leaves open.
bool surely_child(const CivilDate& birth, const CivilDate& day) {
  return full_years(first_day(birth), first_day(day)) < child_until_age;
}

void count_people(const FormEntry& entry, const Question& repeat, const std::vector<const Row*>& rows,
                  const CivilDate& day, RosterSummary& summary) {
  const Question *sex = nullptr, *birth = nullptr;
  for (const Question* question : entry.columns(repeat)) {
    if (question->name == "sex" && question->type == QuestionType::select_one) sex = question;
    if (question->name == "birth_date" && question->type == QuestionType::date) birth = question;
  }
  if (sex) {
    std::map<std::string, std::int64_t> by_code;
    for (const Row* row : rows) {
      const Value* held = answer(row->fields, sex);
      const auto* code = held ? std::get_if<std::string>(held) : nullptr;
      ++by_code[code ? *code : std::string()];
    }
    if (const CodeList* list = entry.context().catalogue.list(sex->list))
      for (const Option& option : list->options)
        if (by_code[option.code] > 0)
          summary.people.push_back(option.label.in(language()) + " " + number(by_code[option.code]));
    if (by_code[""] > 0) summary.people.push_back(tr_with("roster.sex_unknown", {number(by_code[""])}));
  }
  if (birth) {
    std::int64_t children = 0, unknown = 0;
    for (const Row* row : rows) {
      const Value* held = answer(row->fields, birth);
      const auto* born = held ? std::get_if<CivilDate>(held) : nullptr;
      if (!born)
        ++unknown;
      else if (surely_child(*born, day))
        ++children;
    }
    if (children > 0) summary.people.push_back(tr_with("roster.children", {number(children)}));
    if (unknown > 0 && unknown < static_cast<std::int64_t>(rows.size()))
      summary.people.push_back(tr_with("roster.birth_unknown", {number(unknown)}));
  }
}

void count_groups(const FormEntry& entry, const Question& repeat, const std::vector<const Row*>& rows,
                  RosterSummary& summary) {
  const Catalogue& catalogue = entry.context().catalogue;
  for (const Question* question : entry.columns(repeat)) {
    const bool one = question->type == QuestionType::select_one && question->name != "sex";
    const bool several = question->type == QuestionType::select_multiple && question->appearance != "days";
    if (!one && !several) continue;
    std::map<std::string, std::int64_t> by_code;
    for (const Row* row : rows) {
      if (several)
        for (const std::string& code : chosen_codes(row->fields, question->number)) ++by_code[code];
      else if (const Value* held = answer(row->fields, question))
        if (const auto* code = std::get_if<std::string>(held)) ++by_code[*code];
    }
    std::vector<std::pair<std::int64_t, std::string>> most;
    for (const auto& [code, count] : by_code) most.emplace_back(-count, code);
    std::sort(most.begin(), most.end());
    if (most.empty()) continue;
    std::string words = question->label.in(language()) + ": ";
    std::int64_t others = 0;
    for (std::size_t i = 0; i < most.size(); ++i) {
      if (i >= groups_shown && most.size() > groups_shown + 1) {
        others -= most[i].first;
        continue;
      }
      if (i > 0) words += ", ";
      words += option_label(*question, most[i].second, catalogue) + " " + number(-most[i].first);
    }
    if (others > 0) words += ", " + tr_with("roster.other_groups", {number(others)});
    summary.groups.push_back(std::move(words));
  }
}

std::optional<std::int64_t> whole(const Value& value) {
  if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
  if (const auto* decimal = std::get_if<Decimal>(&value))
    if (const auto number = vietnamese::parse_whole_number(vietnamese::number_text(*decimal))) return *number;
  return std::nullopt;
}

/// A form that counts heads says how its roster counts the same: headcount_female and roster_female.
void compare_headcounts(FormEntry& entry, std::int64_t rows, RosterSummary& summary) {
  const Form& form = entry.form();
  const Answers& present = entry.present();
  const FormLogic logic(form, present, entry.context().catalogue, entry.context().today);
  for (const Question* question : form.questions_of(nullptr)) {
    if (question->type != QuestionType::integer || !question->name.starts_with(headcount)) continue;
    const Value* held = answer(present.fields, question);
    const std::optional<std::int64_t> counted = held ? whole(*held) : std::nullopt;
    if (!counted || !logic.relevant(*question, nullptr)) continue;
    const std::string of_whom = question->name.substr(headcount.size());
    const bool all = of_whom == "total";
    std::optional<std::int64_t> listed = rows;
    if (!all) {
      const Question* sum = form.find_in(nullptr, std::string(on_roster) + of_whom);
      if (!sum || sum->type != QuestionType::calculate) continue;
      listed = whole(logic.calculated(*sum, nullptr)).value_or(0);
      if (*listed == *counted) continue;  // that they agree is said once, for all
    }
    const std::int64_t missing = *counted - *listed;
    const std::string head = all ? std::string() : question->label.in(language()) + ". ";
    const char* key = missing > 0 ? "roster.missing" : missing < 0 ? "roster.too_many" : "roster.agrees";
    summary.headcounts.push_back(
        {head + tr_with(key, {number(*listed), number(*counted), number(missing < 0 ? -missing : missing)}),
         missing != 0});
  }
}

}  // namespace

RosterSummary roster_summary(FormEntry& entry, const Question& repeat) {
  RosterSummary summary;
  if (!name_column(entry, repeat)) return summary;
  const Answers& present = entry.present();
  std::vector<const Row*> rows;
  for (const Row& row : present.rows)
    if (row.repeat == repeat.number) rows.push_back(&row);
  count_people(entry, repeat, rows, own_date(entry.form(), present, entry.context().today), summary);
  compare_headcounts(entry, static_cast<std::int64_t>(rows.size()), summary);
  count_groups(entry, repeat, rows, summary);
  return summary;
}

}  // namespace fieldpost
