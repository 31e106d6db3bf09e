// What one record adds up to: heads and changes -> presence, answers, rows, conflicts. Pure.
#include <algorithm>
#include <set>
#include <tuple>

#include "shared/storage/view.h"

namespace fieldpost {
namespace {

bool later(const Change& a, const Change& b) { return std::tie(a.at, a.id) > std::tie(b.at, b.id); }

/// Present where any rival says so: whoever edited against a deletion is not overruled unasked.
bool says_present(const FieldState& state) {
  return std::any_of(state.heads.begin(), state.heads.end(), [](const Rival& rival) {
    const bool* present = std::get_if<bool>(&rival.value);
    return present != nullptr && *present;
  });
}

/// Who made the record: the change that stands on nothing, reached through what the others name; by (at, id) where
/// there are several or, its bases not being here, none.
void find_first(const std::vector<const Change*>& heads, const FindChange& find, RecordState& state) {
  std::vector<const Change*> open = heads;
  std::set<ChangeId> reached;
  const Change* first = nullptr;
  while (!open.empty()) {
    const Change* change = open.back();
    open.pop_back();
    if (!reached.insert(change->id).second) continue;
    const auto rank = [](const Change& c) { return std::make_tuple(!c.base.empty(), c.at, c.id); };
    if (first == nullptr || rank(*change) < rank(*first)) first = change;
    for (const ChangeId& id : change->base)
      if (!reached.contains(id))
        if (const Change* below = find(id)) open.push_back(below);
  }
  if (first == nullptr) return;
  state.first_author = first->author;
  state.first_device = first->device;
  state.first_at = first->at;
}

/// The repeat a row belongs to: the one whose number its presence was written under.
bool is_presence(const FieldKey& field, const Value& value, const std::vector<std::uint32_t>& repeats,
                 const Form* form) {
  if (!field.option.empty()) return false;
  if (form == nullptr) return std::holds_alternative<bool>(value);
  return std::find(repeats.begin(), repeats.end(), field.number) != repeats.end();
}

}  // namespace

RecordState record_state(const RecordId& record, const RecordHeads& heads, const FindChange& find, const Form* form) {
  RecordState state;
  state.record = record;
  state.answers.record = record;

  std::vector<std::uint32_t> repeats;
  if (form != nullptr)
    for (const Question* repeat : form->repeats()) repeats.push_back(repeat->number);

  // Most fields of a record have one head, and neighbours mostly the same one.
  std::vector<const Change*> head_changes;
  ChangeId last_id;
  const Change* last_change = nullptr;
  const auto found = [&](const ChangeId& id) {
    if (last_change != nullptr && last_id == id) return last_change;
    const Change* change = find(id);
    if (change != nullptr && std::find(head_changes.begin(), head_changes.end(), change) == head_changes.end())
      head_changes.push_back(change);
    last_id = id;
    last_change = change;
    return change;
  };
  const FindChange find_and_note = found;

  const auto& fields = heads.fields();
  for (auto at = fields.begin(); at != fields.end();) {
    const EntityId entity = at->first.entity;
    const bool is_record = entity == record;
    bool present = false;
    Row row;
    row.id = entity;
    std::map<FieldRef, FieldState> conflicts;
    for (; at != fields.end() && at->first.entity == entity; ++at) {
      const auto& [field, ids] = *at;
      Value shown;
      bool shown_present = false;
      if (ids.size() == 1) {
        const Change* change = found(ids.front());
        const Value* value = change != nullptr ? change->value_of(field) : nullptr;
        if (value == nullptr) continue;
        shown = *value;
        const bool* boolean = std::get_if<bool>(value);
        shown_present = boolean != nullptr && *boolean;
      } else {
        FieldState rivals = field_state(field, ids, find_and_note);
        if (rivals.unavailable) continue;
        shown = rivals.shown;
        shown_present = says_present(rivals);
        if (rivals.conflict) conflicts.emplace(field, std::move(rivals));
      }
      const FieldKey& key = field.field;
      if (is_record && key.number == record_presence) {
        present = shown_present;
      } else if (!is_record && row.repeat == 0 && is_presence(key, shown, repeats, form)) {
        row.repeat = key.number;
        present = shown_present;
      } else {
        row.fields.emplace_hint(row.fields.end(), key, std::move(shown));
      }
    }
    if (is_record) {
      state.present = present;
      state.answers.fields = std::move(row.fields);
    } else if (present) {
      state.answers.rows.push_back(std::move(row));
    }
    if (present) state.conflicts.merge(conflicts);
  }
  if (!state.present) state.conflicts.clear();
  std::stable_sort(state.answers.rows.begin(), state.answers.rows.end(),
                   [](const Row& a, const Row& b) { return a.repeat < b.repeat; });

  const auto newest = std::max_element(head_changes.begin(), head_changes.end(),
                                       [](const Change* a, const Change* b) { return later(*b, *a); });
  if (newest == head_changes.end()) return state;
  state.form = (*newest)->form;
  state.form_version = (*newest)->form_version;
  state.last_author = (*newest)->author;
  state.last_device = (*newest)->device;
  state.last_at = (*newest)->at;
  find_first(head_changes, find, state);
  return state;
}

}  // namespace fieldpost
