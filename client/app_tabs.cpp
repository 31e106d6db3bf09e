// Several records open at once, one tab each. Only the one on the screen changes; whenever another takes its place,
// what was typed in it is in its draft before.
#include <algorithm>
#include <utility>

#include "client/app.h"

namespace fieldpost {

namespace {

// More titles than that cannot be told apart on a narrow screen.
constexpr std::size_t tabs_max = 8;

}  // namespace

std::size_t App::current_tab() const {
  const auto found =
      std::find_if(forms_.begin(), forms_.end(), [&](const auto& form) { return form.get() == entry_; });
  return static_cast<std::size_t>(found - forms_.begin());
}

std::optional<std::size_t> App::tab_of(const EntityId& record_or_draft) const {
  for (std::size_t i = 0; i < forms_.size(); ++i)
    if (forms_[i]->record() == record_or_draft || forms_[i]->draft == record_or_draft) return i;
  return std::nullopt;
}

void App::open_form(std::unique_ptr<FormEntry> entry) {
  leave_form();
  if (forms_.size() >= tabs_max) {
    // The first that holds nothing unsaved; else the oldest, whose draft waits on the first page.
    auto goes = std::find_if(forms_.begin(), forms_.end(),
                             [](const auto& form) { return !form->dirty() && form->typing_fault_count() == 0; });
    if (goes == forms_.end()) goes = forms_.begin();
    forms_.erase(goes);
  }
  forms_.push_back(std::move(entry));
  show_form(forms_.size() - 1);
  for (const FormEntry::Item& item : entry_->items())
    if (item.question->number != 0 && entry_->seen().is_new) return ui::focus("f/" + item.question->name);
}

void App::show_form(std::size_t tab) {
  if (tab >= forms_.size()) return;
  if (forms_[tab].get() != entry_) {
    leave_form();
    ui::focus_nothing();
  }
  if (screen_ != Screen::form && screen_ != Screen::history && screen_ != Screen::settings && screen_ != Screen::help)
    before_form_ = screen_;
  entry_ = forms_[tab].get();
  entry_->leaving = false;
  load_conflicts(*entry_);
  load_file_places(*entry_);
  load_linked(*entry_);
  load_review(*entry_);
  people_->want(catalogue());
  look_for_matters();
  draft_revision_ = entry_->revision();
  draft_due_.reset();
  screen_ = Screen::form;
  drive_watch_.reset();
  look_for_others();
}

void App::step_form(int steps) {
  if (forms_.empty()) return;
  const auto count = static_cast<int>(forms_.size());
  // From another page the first step leads to the record that was opened last.
  if (screen_ != Screen::form) return show_form(static_cast<std::size_t>(steps > 0 ? count - 1 : 0));
  const int to = (static_cast<int>(current_tab()) + steps + count) % count;
  show_form(static_cast<std::size_t>(to));
}

void App::ask_to_close(std::size_t tab) {
  if (tab >= forms_.size()) return;
  if (forms_[tab]->dirty() || forms_[tab]->typing_fault_count() > 0) {
    show_form(tab);
    entry_->leaving = true;
    return;
  }
  if (forms_[tab].get() != entry_) {
    forms_.erase(forms_.begin() + static_cast<std::ptrdiff_t>(tab));
    return;
  }
  // Its draft goes with it, where one was kept and everything in it was saved or taken back since.
  keep_draft();
  close_form();
  if (forms_.empty())
    go_to(before_form_);
  else
    show_form(std::min(tab, forms_.size() - 1));
}

void App::leave_form() {
  keep_draft();
  entry_ = nullptr;
  draft_due_.reset();
}

void App::close_form() {
  if (!entry_) return;
  const std::size_t tab = current_tab();
  entry_ = nullptr;
  draft_due_.reset();
  forms_.erase(forms_.begin() + static_cast<std::ptrdiff_t>(tab));
}

void App::reopen_forms() {
  const Locked locked = std::exchange(locked_, {});
  // What one person has open is nothing to the next one.
  if (locked.user != unlock_.user) return;
  for (const Locked::OpenForm& form : locked.forms) {
    if (!form.draft.is_nil())
      resume_draft(form.draft);
    else if (const auto state = store_->state(form.record); state && *state)
      open_record(form.record);
  }
  leave_form();
}

}  // namespace fieldpost
