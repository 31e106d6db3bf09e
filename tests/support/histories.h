// Histories of one record on several laptops, out of a seed: people open it, see what is there, save what they saw
// changed, and get each other's changes late, in parts and in any order.
#pragma once

#include <algorithm>
#include <memory>
#include <set>
#include <utility>
#include <vector>

#include "shared/model/merge.h"
#include "tests/support/generated_changes.h"

namespace fieldpost::test {

/// What one replica holds of a record. The journal beside the heads takes each change in once.
template <class Merge>
struct Held {
  Merge heads;
  std::set<ChangeId> present;
  std::vector<Change> changes;

  void take(const Change& change) {
    if (!present.insert(change.id).second) return;
    heads.apply(change, [&](const ChangeId& id) { return present.contains(id); });
    changes.push_back(change);
  }
};

/// The entities and fields of the histories: a record with two single fields and a multi-select, and two rows.
struct Layout {
  RecordId record;
  EntityId rows[2];
  static constexpr std::uint32_t row_presence = 20, row_field = 21;

  explicit Layout(Random& random) : record(random_id<RecordId>(random)) {
    for (EntityId& row : rows) row = random_id<EntityId>(random);
  }
};

/// One of a few values, so that equal ones are met as often as different ones.
inline Value common_value(Random& random) {
  static const char* const texts[] = {"13 m", "15 m"};
  const std::uint64_t which = random.below(3);
  if (which == 2) return Cleared{};
  return std::string(texts[which]);
}

/// What a person does to the record, as far as it is not about whom they had seen.
inline Change some_edit(const Layout& layout, Random& random) {
  Change change;
  change.record = layout.record;
  change.form = "visit";
  change.form_version = 1;
  random.fill(change.salt);
  const auto write = [&](const EntityId& entity, FieldKey field, Value value) {
    change.writes.push_back({entity, std::move(field)});
    change.values.push_back(std::move(value));
  };
  const std::uint64_t what = random.below(10);
  write(layout.record, {record_presence, ""}, what != 0);  // 0 deletes the record and touches nothing else
  if (what == 0) return change;
  if (what <= 4) write(layout.record, {1, ""}, common_value(random));
  if (what == 4 || what == 5) write(layout.record, {2, ""}, common_value(random));
  if (what == 6) {
    write(layout.record, {3, ""}, true);
    write(layout.record, {3, random.below(2) ? "DAT" : "HON"}, random.below(2) == 0);
  }
  if (what >= 7) {
    const EntityId& row = layout.rows[random.below(2)];
    write(row, {Layout::row_presence, ""}, what != 7);  // 7 deletes the row
    if (what != 7) write(row, {Layout::row_field, ""}, common_value(random));
  }
  return change;
}

inline std::vector<EntityId> entities_of(const Change& change) {
  std::vector<EntityId> out = {change.record};
  for (const FieldRef& field : change.writes)
    if (std::find(out.begin(), out.end(), field.entity) == out.end()) out.push_back(field.entity);
  return out;
}

/// All changes of a history, in the order in which they were made. Their bases are what their authors saw.
inline std::vector<Change> history(std::uint64_t seed) {
  SeededRandom random(seed);
  const Layout layout(random);
  struct Person {
    UserId user;
    DeviceId device;
    std::int64_t clock = 0;
    Held<RecordHeads> holds;
    RecordHeads form;  // what the open form has seen
  };
  std::vector<Person> people(2 + random.below(3));
  for (Person& person : people) {
    person.user = random_id<UserId>(random);
    person.device = random_id<DeviceId>(random);
    // Some laptops are off by years, and two of them may agree to the millisecond.
    person.clock = 1'741'000'000'000 + static_cast<std::int64_t>(random.below(3)) * 315'360'000'000;
  }
  std::vector<Change> all;
  for (std::uint64_t step = 10 + random.below(50); step > 0; --step) {
    Person& person = people[random.below(people.size())];
    switch (random.below(6)) {
      case 0: person.form = person.holds.heads; break;  // opens the record anew
      case 1:
      case 2: {  // saves; the form goes on and has seen its own save
        Change change = some_edit(layout, random);
        change.author = person.user;
        change.device = person.device;
        change.at = person.clock;
        person.clock += static_cast<std::int64_t>(random.below(3)) - 1;
        change.base = person.form.seen(entities_of(change));
        change = *seal(std::move(change));
        person.form.apply(change, [](const ChangeId&) { return true; });
        person.holds.take(change);
        all.push_back(std::move(change));
        break;
      }
      default: {  // some of what another holds arrives, some of it never does
        const Person& other = people[random.below(people.size())];
        for (const Change& change : std::vector<Change>(other.holds.changes))
          if (random.below(3) > 0) person.holds.take(change);
        break;
      }
    }
  }
  return all;
}

template <class Item>
void shuffle(std::vector<Item>& items, Random& random) {
  for (std::size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[random.below(i)]);
}

}  // namespace fieldpost::test
