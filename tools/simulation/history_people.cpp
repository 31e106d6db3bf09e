// What people do in a history: they open records, save what they saw changed, and settle conflicts.
#include <algorithm>

#include "tools/simulation/history_state.h"

namespace fieldpost::simulation {

std::set<ChangeId> History::sight_of(Laptop& laptop, const RecordId& record) {
  std::set<ChangeId> sight;
  for (const Change& change : must(laptop.store().history(record))) sight.insert(change.id);
  return sight;
}

void History::open_form(Laptop& laptop) {
  if (laptop.forms.size() >= 3) return;
  std::vector<RecordId> known;
  must(guarded([&] {
    Statement statement = laptop.store().database().prepare("SELECT record FROM heads ORDER BY record");
    while (statement.step()) known.push_back(statement.id<RecordId>(0));
  }));
  OpenForm form;
  if (known.empty() || chance(!options_.wide ? 25 : known.size() < 4 ? 12 : 2)) {
    const std::uint64_t dice = random_.below(100);
    const char* name = laptop.role == Role::partner || dice < 65 ? "visit" : dice < 85 ? "secret" : "late";
    form.seen = laptop.store().start(*laptop_catalogue().form(name));
    if (laptop.role == Role::partner) made_by_station_.insert(form.seen.record);
    shared_[form.seen.record] = name == std::string_view("visit") && (laptop.role == Role::partner || chance(50));
  } else {
    const RecordId record = known[random_.below(known.size())];
    if (laptop.role == Role::partner && !made_by_station_.contains(record) && !chance(20)) return;
    form.seen = must(laptop.store().see(record));
    if (form.seen.form == "pair" || form.seen.form == "review" || form.seen.form == "book") return;
    form.sight = sight_of(laptop, record);
  }
  laptop.forms.push_back(std::move(form));
  note_step("forms opened");
}

Value History::random_text(const RecordId& record, bool visible_to_partner) {
  const bool in_scope = made_by_station_.contains(record) || (shared_[record] && visible_to_partner);
  const std::string value = chance(20) ? "giống nhau" : "v" + std::to_string(++next_value_);
  return in_scope ? value : value + std::string(canary);
}

Edit History::random_edit(const OpenForm& form) {
  Edit edit;
  const RecordId record = form.seen.record;
  if (!form.seen.is_new && chance(8)) {
    edit.deleted = true;
    return edit;
  }
  if (form.seen.form != "visit") {
    edit.fields[{chance(50) ? 1u : 2u, ""}] = random_text(record, false);
    return edit;
  }
  if (form.seen.is_new && shared_[record] && !made_by_station_.contains(record))
    edit.fields[{co_hosts, ""}] = std::string(chance(30) ? "post, other" : "post");
  for (std::uint64_t i = 0, many = 1 + random_.below(3); i < many; ++i) {
    // Where people meet in one record, they mostly do so in its options and its roster.
    switch (options_.wide && chance(50) ? 4 + 2 * random_.below(2) : random_.below(7)) {
      case 0: edit.fields[{title, ""}] = random_text(record, true); break;
      case 1: edit.fields[{note, ""}] = chance(15) ? Value{} : random_text(record, true); break;
      case 2: edit.fields[{difficulties, ""}] = random_text(record, false); break;
      case 3: edit.fields[{headcount, ""}] = static_cast<std::int64_t>(random_.below(100)); break;
      case 4:
        edit.fields[{topics, ""}] = true;
        edit.fields[{topics, std::string(1, static_cast<char>('A' + random_.below(3)))}] = chance(70);
        break;
      case 5: {
        Edit::RowEdit row;
        row.repeat = roster;
        row.fields[{full_name, ""}] = random_text(record, false);
        edit.rows.push_back(std::move(row));
        break;
      }
      case 6: {
        if (form.seen.answers.rows.empty()) break;
        Edit::RowEdit row;
        row.repeat = roster;
        row.row = form.seen.answers.rows[random_.below(form.seen.answers.rows.size())].id;
        for (const Edit::RowEdit& other : edit.rows)
          if (other.row == row.row) return edit;
        if (chance(30))
          row.deleted = true;
        else
          row.fields[{hamlet, ""}] = random_text(record, false);
        edit.rows.push_back(std::move(row));
        break;
      }
    }
  }
  return edit;
}

void History::keep_truth(Laptop& laptop, const RecordId& record, const ChangeId& id, std::set<ChangeId> sight) {
  for (const Change& change : must(laptop.store().history(record)))
    if (change.id == id) truths_[id] = {record, change.writes, std::move(sight)};
  note_step("saves", id.bytes[0]);
}

void History::save_form(Laptop& laptop) {
  if (laptop.forms.empty()) return;
  const std::size_t at = random_.below(laptop.forms.size());
  OpenForm& form = laptop.forms[at];
  const Edit edit = random_edit(form);
  Seen seen = form.seen;
  if (options_.control == Control::base_at_save && !seen.is_new) {
    // The form never noticed what arrived meanwhile, but the save pretends that its author did.
    Result<Seen> now = laptop.store().see(seen.record);
    if (now) seen.heads = now->heads;
  }
  const Saved saved = must(laptop.store().save(seen, edit));
  form.seen = seen;
  if (!saved.change.is_nil()) {
    keep_truth(laptop, seen.record, saved.change, form.sight);
    form.sight.insert(saved.change);
  }
  if (chance(60)) laptop.forms.erase(laptop.forms.begin() + static_cast<std::ptrdiff_t>(at));
}

void History::settle_conflict(Laptop& laptop) {
  const std::vector<Rivals> conflicts = must(laptop.store().conflicts());
  if (conflicts.empty()) return;
  const Rivals& rivals = conflicts[random_.below(conflicts.size())];
  const RecordId record = rivals.conflict.record;
  if (laptop.role == Role::partner && !made_by_station_.contains(record)) return;
  const Value value = rivals.state.heads[random_.below(rivals.state.heads.size())].value;
  std::set<ChangeId> sight = sight_of(laptop, record);
  const Saved saved = must(laptop.store().resolve(record, rivals.conflict.field, value, "đã hỏi"));
  keep_truth(laptop, record, saved.change, std::move(sight));
  note_step("conflicts settled");
}

}  // namespace fieldpost::simulation
