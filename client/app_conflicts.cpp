// Settling conflicts: the list of what is open, the one at hand, what is written when a value is taken, and how it is
// taken back.
#include <algorithm>

#include "client/app.h"
#include "client/model/translation.h"

namespace fieldpost {

namespace {

std::vector<ChangeId> changes_of(const std::vector<Rival>& rivals) {
  std::vector<ChangeId> changes;
  for (const Rival& rival : rivals) changes.push_back(rival.change);
  return changes;
}

/// Only what was shown is settled: a further value that came in meanwhile has to be looked at first.
bool as_shown(const RecordState& state, const FieldRef& field, const std::vector<ChangeId>& shown) {
  const auto rivals = state.conflicts.find(field);
  return rivals != state.conflicts.end() && changes_of(rivals->second.heads) == shown;
}

}  // namespace

void App::refresh_conflicts() {
  auto open = store_->open_conflicts();
  if (!worked(open)) return;
  conflicts_.veiled = settings_.veil;
  take_rows(conflicts_, std::move(*open), catalogue());
  // One record's state tells all of its lines.
  conflicts_.look_up = [this](ConflictRow& asked) {
    const auto state = store_->state(asked.conflict.record);
    const Form* form = catalogue().form(asked.conflict.form);
    for (ConflictRow& row : conflicts_.rows) {
      if (row.conflict.record != asked.conflict.record) continue;
      row.label = row.question;
      if (!state || !*state || !form) continue;
      row.label = conflict_label(*form, **state, row.conflict.field, catalogue(), names());
      const auto rivals = (*state)->conflicts.find(row.conflict.field);
      row.rivals = rivals == (*state)->conflicts.end() ? 0 : rivals->second.heads.size();
    }
  };
  // The one at hand stays as it was shown, whatever comes in: a value that changed under a finger already on its way
  // would be taken unread. Whether it still stands so is looked at when it is settled.
  if (conflicts_.rows.empty()) conflicts_.at_hand.reset();
  if (!conflicts_.at_hand)
    if (const auto first = conflict_after(conflicts_, 0)) look_at_conflict(*first);
}

void App::look_at_conflict(const ConflictReview::Key& key) {
  conflicts_.at_hand.reset();
  conflicts_.chosen.reset();
  conflicts_.side.reset();
  conflicts_.moved_on = true;
  // What is being typed stays with the conflict it was typed for.
  if (ui::state().focused != "conflict/search") ui::focus_nothing();
  const auto row = std::find_if(conflicts_.rows.begin(), conflicts_.rows.end(), [&](const ConflictRow& one) {
    return one.conflict.record == key.first && one.conflict.field == key.second;
  });
  if (row == conflicts_.rows.end()) return;
  const Form* form = catalogue().form(row->conflict.form);
  const auto state = store_->state(key.first);
  const auto history = store_->history(key.first);
  if (!worked(state) || !worked(history) || !*state) return;
  if (!form) {
    problem_ = tr("error.unknown_form");
    return;
  }
  conflicts_.at_hand = conflict_at_hand(*form, row->conflict, **state, *history, catalogue(), names(), today());
}

void App::settle_from_form(const SettleConflict& asked) {
  const auto state = store_->state(asked.record);
  if (!worked(state) || !*state) return;
  bool moved = false;
  for (const Settlement& one : asked.settled) {
    std::vector<ChangeId> shown;
    if (const auto found = entry_->conflicts.find(one.field); found != entry_->conflicts.end())
      for (const RivalView& rival : found->second.rivals) shown.push_back(rival.change);
    moved = moved || !as_shown(**state, one.field, shown);
  }
  if (moved) {
    problem_ = tr("conflict.moved");
  } else {
    const Result<Saved> saved = store_->resolve(asked.record, asked.settled, asked.reason);
    if (!worked(saved)) return;
  }
  if (Result<Seen> seen = store_->see(asked.record); worked(seen)) entry_->take_in(std::move(*seen));
  entry_->reason.clear();
  load_conflicts(*entry_);
  load_file_places(*entry_);
  refresh();
}

void App::settle(const SettleConflict& asked) {
  if (screen_ == Screen::form && entry_) return settle_from_form(asked);
  if (!conflicts_.at_hand) return;
  conflicts_.note.clear();
  conflicts_.side.reset();
  const ConflictReview::Key here = *conflicts_.key_at_hand();
  const auto state = store_->state(asked.record);
  if (!worked(state) || !*state) return;
  const bool stands = std::all_of(asked.settled.begin(), asked.settled.end(), [&](const Settlement& one) {
    const auto shown = conflicts_.at_hand->shown.find(one.field);
    return shown != conflicts_.at_hand->shown.end() && as_shown(**state, one.field, shown->second);
  });
  if (!stands) {
    problem_ = tr("conflict.moved");
    refresh();
    look_at_conflict(here);
    if (!conflicts_.at_hand)  // settled elsewhere meanwhile
      if (const auto next = conflict_after(conflicts_, 0)) look_at_conflict(*next);
    return;
  }
  const Result<Saved> saved = store_->resolve(asked.record, asked.settled, asked.reason);
  if (!worked(saved)) return;
  problem_.clear();
  note_settled(asked, saved->change, **state);
  std::vector<FieldRef> settled;
  for (const Settlement& one : asked.settled) settled.push_back(one.field);
  const auto next = conflict_to_follow(conflicts_, settled);
  refresh();
  if (next)
    look_at_conflict(*next);
  else
    conflicts_.at_hand.reset();
}

void App::note_settled(const SettleConflict& asked, const ChangeId& change, const RecordState& state) {
  const ConflictAtHand& at_hand = *conflicts_.at_hand;
  const Form* form = catalogue().form(at_hand.conflict.form);
  ConflictReview::Done done;
  done.record = asked.record;
  done.change = change;
  done.values = rivals_to_revive(asked.settled, state, names());
  done.first = *conflicts_.key_at_hand();
  if (asked.settled.size() > 1) {
    done.words = tr_with("conflict.settled_many", {std::to_string(asked.settled.size()), at_hand.conflict.title});
  } else {
    const Settlement& one = asked.settled.front();
    std::string value = form ? field_value_text(*form, one.field, one.value, catalogue(), names()) : std::string();
    for (const ConflictAtHand::RivalCard& rival : at_hand.rivals)
      if (rival.view.value == one.value) value = rival.view.text;
    done.words = tr_with("conflict.settled", {at_hand.label, shortened(value), at_hand.conflict.title});
  }
  conflicts_.note = done.words;
  conflicts_.done.push_back(std::move(done));
  conflicts_.settled += asked.settled.size();
  use_reason(conflicts_.reasons, asked.reason);
  for (const Settlement& one : asked.settled) conflicts_.typed.erase({asked.record, one.field});
}

void App::reopen_conflict() {
  if (conflicts_.done.empty()) return;
  const ConflictReview::Done last = std::move(conflicts_.done.back());
  conflicts_.done.pop_back();
  const Result<void> reopened = store_->reopen(last.record, last.change, last.values);
  if (!reopened && reopened.error().code == ErrorCode::not_found) {
    conflicts_.note = tr("conflict.cannot_reopen");
    return;
  }
  if (!worked(reopened)) {
    conflicts_.done.push_back(last);
    return;
  }
  std::vector<FieldRef> fields;
  for (const RevivedValue& value : last.values)
    if (fields.empty() || fields.back() != value.field) fields.push_back(value.field);
  conflicts_.settled -= std::min(conflicts_.settled, fields.size());
  conflicts_.note = tr("conflict.reopened");
  refresh();
  look_at_conflict(last.first);
}

/// What was typed as a value and not taken goes into a draft of its record: nothing that was typed is lost when the
/// window locks or closes.
void App::keep_typed_settlements() {
  if (!store_) return;
  for (const auto& [key, typed] : conflicts_.typed) {
    if (typed.value.empty()) continue;
    auto seen = store_->see(key.first);
    if (!worked(seen)) continue;
    const Form* form = catalogue().form(seen->form, seen->form_version);
    const Question* question = form ? form->find(key.second.field.number) : nullptr;
    const Result<Value> value = question ? typed_value(*question, typed.value) : Error{ErrorCode::not_found, ""};
    const auto state = store_->state(key.first);
    if (!value || !state || !*state) continue;
    // One that is a rival's own is no work of this person's.
    const auto rivals = (*state)->conflicts.find(key.second);
    if (rivals != (*state)->conflicts.end() && std::any_of(rivals->second.heads.begin(), rivals->second.heads.end(),
                                                           [&](const Rival& rival) { return rival.value == *value; }))
      continue;
    Edit edit;
    if (key.second.entity == key.first) {
      edit.fields[key.second.field] = *value;
    } else {
      Edit::RowEdit row;
      row.row = key.second.entity;
      row.repeat = form->repeat_of(*question) ? form->repeat_of(*question)->number : 0;
      row.fields[key.second.field] = *value;
      edit.rows.push_back(std::move(row));
    }
    static_cast<void>(worked(
        store_->keep_draft({new_uuid<EntityId>(clock_, random_), *seen, edit, clock_.now_ms(), unlock_.user})));
  }
  conflicts_.typed.clear();
}

}  // namespace fieldpost
