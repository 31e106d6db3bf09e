#include "client/model/row_history.h"

#include <algorithm>
#include <set>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

constexpr std::size_t steps_max = 300;  // an hour of typing; each holds the rows it touched

/// An answer that was taken away and one that never was are the same to a person.
bool is_nothing(const FieldKey& key, const Value& value) {
  return is_cleared(value) || (!key.option.empty() && value == Value(false));
}

bool same_answers(const Fields& a, const Fields& b) {
  auto at = a.begin(), other = b.begin();
  const auto skip = [](auto& from, const Fields& of) {
    while (from != of.end() && is_nothing(from->first, from->second)) ++from;
  };
  for (;;) {
    skip(at, a);
    skip(other, b);
    if (at == a.end() || other == b.end()) return at == a.end() && other == b.end();
    if (*at != *other) return false;
    ++at;
    ++other;
  }
}

bool same(const std::optional<RowState>& a, const std::optional<RowState>& b) {
  if (!a || !b) return !a && !b;
  return a->deleted == b->deleted && a->unread == b->unread && same_answers(a->row.fields, b->row.fields);
}

/// The questions that were answered otherwise.
std::set<std::uint32_t> answered_otherwise(const RowState& a, const RowState& b) {
  std::set<std::uint32_t> numbers;
  const auto value = [](const RowState& of, const FieldKey& key) {
    const auto held = of.row.fields.find(key);
    return held == of.row.fields.end() ? Value{} : held->second;
  };
  for (const auto* fields : {&a.row.fields, &b.row.fields})
    for (const auto& [key, held] : *fields)
      if (value(a, key) != value(b, key)) numbers.insert(key.number);
  for (const auto* unread : {&a.unread, &b.unread})
    for (const auto& [key, text] : *unread) {
      const auto in_a = a.unread.find(key), in_b = b.unread.find(key);
      if (in_a == a.unread.end() || in_b == b.unread.end() || in_a->second != in_b->second)
        numbers.insert(key.number);
    }
  return numbers;
}

std::string number(std::size_t value) { return vietnamese::number_text(static_cast<std::int64_t>(value)); }

}  // namespace

std::vector<RowHistory::RowChange> RowHistory::differences(const FormEntry& entry, const Question& repeat) const {
  std::vector<RowChange> changes;
  std::map<EntityId, std::map<FieldKey, std::string>> unread;
  for (const auto& [field, text] : entry.unread_texts()) unread[field.entity][field.field] = text;
  static const std::map<FieldKey, std::string> none;
  std::size_t known_here = 0;
  for (const Row& row : entry.answers().rows) {
    if (row.repeat != repeat.number) continue;
    const auto texts = unread.find(row.id);
    const auto& own = texts == unread.end() ? none : texts->second;
    const auto known = known_.find(row.id);
    known_here += known != known_.end();
    if (known != known_.end() && known->second.deleted == entry.is_deleted(row.id) && known->second.unread == own &&
        known->second.row.fields == row.fields)
      continue;
    changes.push_back({row.id, known == known_.end() ? std::nullopt : std::optional(known->second),
                       RowState{row, own, entry.is_deleted(row.id)}});
  }
  if (known_here < known_.size()) {
    std::set<EntityId> here;
    for (const Row& row : entry.answers().rows) here.insert(row.id);
    for (const auto& [row, state] : known_)
      if (!here.contains(row)) changes.push_back({row, state, std::nullopt});
  }
  return changes;
}

void RowHistory::take(const std::vector<RowChange>& changes) {
  for (const RowChange& change : changes)
    if (change.after)
      known_[change.row] = *change.after;
    else
      known_.erase(change.row);
}

void RowHistory::look(const FormEntry& entry, const Question& repeat, const std::string& cell) {
  if (cell != cell_) closed_ = true;
  cell_ = cell;
  if (!fresh_ && revision_ == entry.revision()) return;
  revision_ = entry.revision();
  std::vector<RowChange> changes = differences(entry, repeat);
  take(changes);
  if (std::exchange(fresh_, false)) return;
  std::erase_if(changes, [](const RowChange& change) { return same(change.before, change.after); });
  const Deed deed = std::exchange(deed_, Deed::edited);
  if (changes.empty()) return;
  undone_.clear();
  Step* last = done_.empty() || closed_ ? nullptr : &done_.back();
  const bool goes_on = last && deed == Deed::edited && last->deed == deed && last->cell == cell && !cell.empty() &&
                       changes.size() == 1 && last->rows.size() == 1 && last->rows.front().row == changes.front().row;
  if (goes_on) {
    last->rows.front().after = std::move(changes.front().after);
    if (same(last->rows.front().before, last->rows.front().after)) done_.pop_back();
    return;
  }
  done_.push_back({deed, cell, std::move(changes)});
  if (done_.size() > steps_max) done_.erase(done_.begin());
  closed_ = deed != Deed::edited;
}

void RowHistory::begin(Deed deed) {
  closed_ = true;
  deed_ = deed;
}

std::optional<RowHistory::Back> RowHistory::undo(FormEntry& entry, const Question& repeat) {
  return move(done_, undone_, true, entry, repeat);
}

std::optional<RowHistory::Back> RowHistory::redo(FormEntry& entry, const Question& repeat) {
  return move(undone_, done_, false, entry, repeat);
}

std::optional<RowHistory::Back> RowHistory::move(std::vector<Step>& from, std::vector<Step>& to, bool back,
                                                 FormEntry& entry, const Question& repeat) {
  if (from.empty()) return std::nullopt;
  Step step = std::move(from.back());
  from.pop_back();
  const std::vector<EntityId> before = entry.rows(repeat);
  for (const RowChange& change : step.rows) entry.put_row(change.row, back ? change.before : change.after);
  const std::vector<EntityId> after = entry.rows(repeat);
  // The line's number, where it stands or stood.
  const auto line = [&](const EntityId& row) {
    for (const auto* rows : {&after, &before})
      if (const auto at = std::find(rows->begin(), rows->end(), row); at != rows->end())
        return number(static_cast<std::size_t>(at - rows->begin()) + 1);
    return std::string();
  };

  Back told;
  told.row = step.rows.front().row;
  std::set<std::uint32_t> columns;
  std::size_t added = 0, deleted = 0, restored = 0;
  for (const RowChange& change : step.rows) {
    if (!change.before || !change.after) {
      ++(change.before ? deleted : added);
    } else if (change.before->deleted != change.after->deleted) {
      ++(change.after->deleted ? deleted : restored);
    } else {
      columns.merge(answered_otherwise(*change.before, *change.after));
    }
  }
  const std::string rows = number(step.rows.size());
  const Question* column = columns.size() == 1 ? entry.form().find(*columns.begin()) : nullptr;
  const std::string label = column ? column->label.in(language()) : std::string();
  told.column = column;
  std::string deed;
  if (step.deed == Deed::pasted)
    deed = tr_with("undo.pasted", {rows});
  else if (step.deed == Deed::person_taken)
    deed = tr_with("undo.person", {line(told.row)});
  else if (step.deed == Deed::column_marked && column)
    deed = tr_with("undo.column", {label});
  else if (added > 0)
    deed = added == 1 ? tr_with("undo.row_added", {line(told.row)}) : tr_with("undo.rows_added", {number(added)});
  else if (deleted > 0)
    deed = tr_with("undo.row_deleted", {line(told.row)});
  else if (restored > 0)
    deed = tr_with("undo.row_restored", {line(told.row)});
  else if (column && step.rows.size() == 1)
    deed = tr_with("undo.cell", {label, line(told.row)});
  else
    deed = tr_with("undo.cells", {line(told.row)});
  told.words = tr_with(back ? "undo.undone" : "undo.redone", {deed});

  to.push_back(std::move(step));
  // What was put back is no new step.
  take(differences(entry, repeat));
  revision_ = entry.revision();
  closed_ = true;
  return told;
}

void RowHistory::saved(const std::map<EntityId, EntityId>& renamed) {
  for (auto* steps : {&done_, &undone_})
    for (Step& step : *steps)
      for (RowChange& change : step.rows)
        if (const auto now = renamed.find(change.row); now != renamed.end()) {
          change.row = now->second;
          for (auto* state : {&change.before, &change.after})
            if (*state) (*state)->row.id = now->second;
        }
  known_.clear();
  fresh_ = true;
  closed_ = true;
}

void RowHistory::forget() { *this = {}; }

}  // namespace fieldpost
