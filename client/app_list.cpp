// The list of records: what is asked of the store, and its rows, read as they come into sight.
#include <algorithm>

#include "client/app.h"
#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

constexpr std::size_t places_max = 40;

}  // namespace

ListedRecord App::listed(const RecordSummary& summary) {
  ListedRecord row;
  row.record = summary.record;
  row.form = summary.form;
  const Form* form = catalogue().form(summary.form);
  row.form_label = form ? form->label.in(language()) : summary.form;
  row.title = shown_title(summary.form, summary.title);
  if (summary.own_date) row.date = vietnamese::date_text(*summary.own_date);
  row.changed = tr_with("list.changed", {store_->author_name(summary.author), moment_text(summary.at, today())});
  row.incomplete = summary.incomplete;
  row.conflicts = summary.conflicts;
  if (const auto status = store_->status_of(summary.record)) row.status = *status;
  return row;
}

std::optional<ListedRecord> App::read_row(std::int64_t number) {
  const auto summaries = store_->rows(std::span(&number, 1));
  if (!summaries || summaries->empty()) return std::nullopt;
  ListedRecord row = listed(summaries->front());
  const Form* form = catalogue().form(row.form);
  row.cells.resize(list_.columns.size());
  if (!form) return row;
  const std::vector<const Question*> questions = form->questions_of(nullptr);
  const auto place = std::find_if(questions.begin(), questions.end(),
                                  [](const Question* question) { return question->type == QuestionType::place; });
  std::vector<std::uint32_t> wanted;
  if (place != questions.end()) wanted.push_back((*place)->number);
  for (const ListColumn& column : list_.columns)
    if (column.question != 0) wanted.push_back(column.question);
  const auto answers = store_->answers(row.record, row.form, wanted);
  if (!answers) return row;
  for (std::size_t i = 0; i < list_.columns.size(); ++i) {
    const ListColumn& column = list_.columns[i];
    const Question* question = column.kind == ListColumn::Kind::place ? (place == questions.end() ? nullptr : *place)
                                                                      : form->find(column.question);
    if (!question || (column.question == 0 && column.kind != ListColumn::Kind::place)) continue;
    const auto answer = answers->find({question->number, {}});
    if (settings_.veil && is_personal(*question)) {
      row.cells[i] = veiled_text();
      continue;
    }
    if (question->type == QuestionType::select_multiple)
      row.cells[i] = chosen_text(*question, *answers, catalogue());
    else if (answer != answers->end())
      row.cells[i] = shortened(value_text(*question, answer->second, catalogue(), names()));
  }
  return row;
}

void App::count_forms() {
  list_.forms.clear();
  const auto counts = store_->counts();
  if (!worked(counts)) return;
  for (const auto& [name, versions] : catalogue().forms) {
    if (!versions.rbegin()->second.about.empty()) continue;  // decisions are shown where they were made
    const auto found = counts->find(name);
    const std::int64_t count = found == counts->end() ? 0 : found->second;
    const bool core = std::find(std::begin(core_forms), std::end(core_forms), name) != std::end(core_forms);
    // Empty lists of other forms only take room; the core ones are where a person starts.
    if (count > 0 || core || list_.form == name)
      list_.forms.push_back({name, versions.rbegin()->second.label.in(language()), count});
  }
  const auto place = [](const FormChoice& form) {
    return std::find(std::begin(core_forms), std::end(core_forms), form.name) - std::begin(core_forms);
  };
  std::stable_sort(list_.forms.begin(), list_.forms.end(),
                   [&](const FormChoice& a, const FormChoice& b) { return place(a) < place(b); });
}

void App::refresh_list() {
  const Form* form = list_.form.empty() ? nullptr : catalogue().form(list_.form);
  list_.offered = columns_offered(form);
  list_.columns = columns_shown(form, settings_);
  if (list_.order == View::Query::Order::title)
    if (const auto count = store_->count(list_query(list_));
        count && *count > static_cast<std::int64_t>(titles_sorted_max))
      list_.order = View::Query::Order::natural;
  list_.veiled = settings_.veil;
  auto order = store_->order(list_query(list_));
  if (!worked(order)) return;
  list_.rows.show(std::move(*order), [this](std::int64_t number) { return read_row(number); });
  list_.find_places = [this](std::string_view typed) {
    std::vector<RecordList::PlaceChoice> choices;
    for (const Place* place : catalogue().places.search(typed, today(), places_max)) {
      std::string detail = place->successors.empty() ? std::string() : tr("place.until_merger");
      if (!place->district_name.empty()) detail += (detail.empty() ? "" : " · ") + place->district_name;
      choices.push_back({place->key(), place_text(place->key(), catalogue()), std::move(detail)});
    }
    return choices;
  };
}

}  // namespace fieldpost
