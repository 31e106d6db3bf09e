// What a record leads to: the records that came out of it, and the next one.
#include "client/app.h"
#include "client/model/translation.h"

namespace fieldpost {

void App::load_linked(FormEntry& entry) {
  entry.linked.clear();
  for (const FollowUp& follow_up : entry.form().follow_ups) {
    const Form* form = catalogue().form(follow_up.form);
    if (!form) continue;
    FormEntry::Linked& linked = entry.linked.emplace_back();
    linked.follow_up = &follow_up;
    linked.label = form->label.in(language());
    if (const auto records = store_->linked(follow_up.form, follow_up.link, entry.record()); worked(records))
      for (const RecordSummary& record : *records) linked.records.push_back(listed(record));
  }
}

void App::begin_follow_up(const FormEntry::Origin& origin) {
  open_record(origin.record);
  const Form* form = catalogue().form(origin.form);
  if (!entry_ || entry_->record() != origin.record || !form) return;
  for (const FollowUp& follow_up : entry_->form().follow_ups) {
    if (follow_up.form != origin.form || follow_up.link != origin.link) continue;
    auto next = std::make_unique<FormEntry>(*form, store_->start(*form), context());
    next->take_over(follow_up, *entry_);
    return open_form(std::move(next));
  }
}

void App::save_and_next() {
  if (!entry_ || !entry_->origin) return;
  const FormEntry::Origin origin = *entry_->origin;
  if (entry_->dirty()) save();
  if (entry_->dirty()) return;
  close_form();
  begin_follow_up(origin);
}

void App::go_back() {
  const std::optional<FormEntry::Origin> origin = entry_ ? entry_->origin : std::nullopt;
  close_form();
  if (!origin) return go_to(before_form_);
  open_record(origin->record);
  if (!entry_) return;
  // To the page it was begun on.
  std::size_t page = entry_->form().repeats().size();
  for (const FormEntry::Linked& linked : entry_->linked) {
    if (!entry_->shows(linked)) continue;
    ++page;
    if (linked.follow_up->form == origin->form && linked.follow_up->link == origin->link) entry_->page = page;
  }
}

}  // namespace fieldpost
