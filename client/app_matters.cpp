// Whether somebody of this laptop has met the person before, in a matter: only one organisation handles a matter
// (Luật Trợ giúp pháp lý 2017, Điều 9 khoản 4, Điều 30 khoản 3).
#include <algorithm>

#include "client/app.h"
#include "shared/matching/person_match.h"

namespace fieldpost {

namespace {
constexpr std::size_t looked_at_max = 40, shown_max = 5;

bool is_matter(const Form& form) {
  return form.record_class == RecordClass::consultation || form.record_class == RecordClass::case_file;
}
}  // namespace

void App::look_for_matters() {
  if (!entry_ || !is_matter(entry_->form())) return;
  const PersonWords person = person_in(entry_->form(), entry_->answers());
  if (person == entry_->matters_of) return;
  entry_->matters_of = person;
  entry_->matters.clear();
  const Gazetteer& places = catalogue().places;
  const Person asked = prepared(person, places);
  for (const std::string& words : {person.citizen_number, person.name}) {
    if (words.empty()) continue;
    View::Query query;
    query.search = words;
    query.limit = looked_at_max;
    const auto found = store_->list(query);
    if (!worked(found)) return;
    for (const RecordSummary& record : *found) {
      const Form* form = catalogue().form(record.form);
      if (!form || !is_matter(*form) || record.record == entry_->record()) continue;
      const auto& known = entry_->matters;
      if (known.size() >= shown_max ||
          std::ranges::any_of(known, [&](const ListedRecord& one) { return one.record == record.record; }))
        continue;
      const auto state = store_->state(record.record);
      if (!state || !*state ||
          match(asked, prepared(person_in(*form, (*state)->answers), places)).certainty == Certainty::no)
        continue;
      ListedRecord row = listed(record);
      if (const Value* field = answer_to(*form, (*state)->answers, "legal_field"))
        row.form_label += " · " + value_text(*form->find_in(nullptr, "legal_field"), *field, catalogue(), names());
      entry_->matters.push_back(std::move(row));
    }
  }
}

}  // namespace fieldpost
