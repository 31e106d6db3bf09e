// The laws of the merge: what a set of changes adds up to depends on nothing but the set.
#include "shared/model/merge.h"

#include <doctest/doctest.h>

#include <array>
#include <numeric>

#include "tests/support/histories.h"
#include "tests/support/wrong_merges.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

// ---- The laws, over any merge
// ----------------------------------------------------------------------------------------

/// In `orders` random orders, after every single change, the heads are what the definition says for the set at hand.
template <class Merge>
bool follows_the_definition(std::vector<Change> changes, Random& random, int orders) {
  for (int order = 0; order < orders; ++order) {
    shuffle(changes, random);
    Held<Merge> held;
    for (const Change& change : changes) {
      held.take(change);
      if (held.heads.fields() != heads_by_definition(held.changes)) return false;
    }
  }
  return true;
}

template <class Merge>
int histories_broken(int histories) {
  int broken = 0;
  for (int seed = 0; seed < histories; ++seed) {
    SeededRandom random(static_cast<std::uint64_t>(seed) + 1'000'000);
    broken += !follows_the_definition<Merge>(history(static_cast<std::uint64_t>(seed)), random, 3);
  }
  return broken;
}

RecordHeads heads_of(const std::vector<Change>& changes) {
  Held<RecordHeads> held;
  for (const Change& change : changes) held.take(change);
  return held.heads;
}

FindChange find_in(const std::vector<Change>& changes) {
  return [&changes](const ChangeId& id) -> const Change* {
    for (const Change& change : changes)
      if (change.id == id) return &change;
    return nullptr;
  };
}

// ---- A few people and one record, by hand
// ----------------------------------------------------------------------------

using Writes = std::vector<std::pair<FieldRef, Value>>;

struct Record {
  SeededRandom random{11};
  Layout layout{random};
  std::vector<Change> changes;

  FieldRef field(std::uint32_t number, std::string option = "") const {
    return {layout.record, {number, std::move(option)}};
  }
  FieldRef in_row(int row, std::uint32_t number) const { return {layout.rows[row], {number, ""}}; }

  /// Saved by somebody who had seen exactly these changes.
  ChangeId save(std::int64_t at, std::vector<ChangeId> seen, const Writes& writes) {
    Change change;
    change.record = layout.record;
    change.form = "visit";
    change.form_version = 1;
    change.author = random_id<UserId>(random);
    change.device = random_id<DeviceId>(random);
    change.at = at;
    change.base = std::move(seen);
    random.fill(change.salt);
    for (const auto& [to, value] : writes) {
      change.writes.push_back(to);
      change.values.push_back(value);
    }
    changes.push_back(*seal(std::move(change)));
    return changes.back().id;
  }
  FieldState state(const FieldRef& of) const { return field_state(of, heads_of(changes).of(of), find_in(changes)); }
};

std::vector<ChangeId> sorted(std::vector<ChangeId> ids) {
  std::sort(ids.begin(), ids.end());
  return ids;
}

}  // namespace

TEST_CASE("after every change, in any order, the heads are those of the definition") {
  CHECK(histories_broken<RecordHeads>(250) == 0);
}

TEST_CASE(
    "a merge that forgets late bases, supersedes too much or trusts a clock is found out by the same histories") {
  CHECK(histories_broken<ForgetsLateBases>(40) > 0);
  CHECK(histories_broken<SupersedesWhatWasNotWritten>(40) > 0);
  CHECK(histories_broken<LastWriterWins>(40) > 0);
}

TEST_CASE("equal sets of changes give equal bytes and equal digests, in twenty orders each") {
  for (std::uint64_t seed = 500; seed < 900; ++seed) {
    CAPTURE(seed);
    std::vector<Change> changes = history(seed);
    const RecordHeads first = heads_of(changes);
    SeededRandom random(seed);
    for (int order = 0; order < 20; ++order) {
      shuffle(changes, random);
      const RecordHeads again = heads_of(changes);
      REQUIRE(again == first);
      REQUIRE(again.encode() == first.encode());
      REQUIRE(again.digest_bytes() == first.digest_bytes());
    }
  }
}

TEST_CASE("part of a set, with bases that have not arrived, gives equal bytes too") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    SeededRandom random(seed);
    std::vector<Change> part;
    for (Change& change : history(seed))
      if (random.below(2) == 0) part.push_back(std::move(change));
    const Bytes first = heads_of(part).encode();
    for (int order = 0; order < 10; ++order) {
      shuffle(part, random);
      REQUIRE(heads_of(part).encode() == first);
    }
  }
}

TEST_CASE("it makes no difference by which road, in which batches and how often changes come") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    const std::vector<Change> changes = history(seed);
    const RecordHeads whole = heads_of(changes);
    SeededRandom random(seed + 77);
    // Three replicas hold parts that overlap, and hand each other all they have until each has seen each.
    std::array<Held<RecordHeads>, 3> replicas;
    for (const Change& change : changes) {
      replicas[random.below(3)].take(change);
      if (random.below(2)) replicas[random.below(3)].take(change);
    }
    for (int round = 0; round < 2; ++round)
      for (std::size_t to = 0; to < 3; ++to)
        for (std::size_t from = 0; from < 3; ++from) {
          std::vector<Change> bundle = replicas[from].changes;
          if (random.below(2)) shuffle(bundle, random);
          for (const Change& change : bundle) replicas[to].take(change);
          for (const Change& change : bundle) replicas[to].take(change);
        }
    for (const Held<RecordHeads>& replica : replicas) {
      REQUIRE(replica.changes.size() == changes.size());
      REQUIRE(replica.heads.encode() == whole.encode());
    }
  }
}

TEST_CASE("heads come back from their bytes as they were, and go on as if they had never been away") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    CAPTURE(seed);
    std::vector<Change> changes = history(seed);
    SeededRandom random(seed);
    shuffle(changes, random);
    Held<RecordHeads> stays, sleeps;
    for (const Change& change : changes) {
      stays.take(change);
      sleeps.take(change);
      const Result<RecordHeads> woken = RecordHeads::decode(sleeps.heads.encode());
      REQUIRE(woken);
      REQUIRE(*woken == stays.heads);
      sleeps.heads = *woken;
    }
  }
}

TEST_CASE("heads cut off anywhere are not read, nor those that name a head they do not list") {
  const std::vector<Change> changes = history(3);
  // The whole of them, and the later half, which waits for what it stands on.
  const std::vector<Change> later(changes.begin() + static_cast<std::ptrdiff_t>(changes.size() / 2), changes.end());
  REQUIRE(heads_of(later).encode() != heads_of(changes).encode());
  for (const std::vector<Change>& some : {changes, later}) {
    const Bytes whole = heads_of(some).encode();
    REQUIRE(whole.size() > 100);
    for (std::size_t size = 0; size < whole.size(); ++size)
      CHECK_FALSE(RecordHeads::decode(BytesView(whole).first(size)));
  }
  const Change& some = changes.front();
  CborWriter unlisted;
  unlisted.array(3).array(1).bytes(some.id.view());
  unlisted.array(1).array(2).bytes(some.record.view()).array(1).array(2).uint(1).uint(1).array(0);
  CHECK_FALSE(RecordHeads::decode(unlisted.result()));
  // What is waited for must be ids and fields.
  CborWriter no_id, no_field;
  no_id.array(3).array(0).array(0).array(2).array(2).uint(1).array(0).array(2).uint(2).array(0);
  CHECK_FALSE(RecordHeads::decode(no_id.result()));
  no_field.array(3).array(0).array(0).array(1).array(2).bytes(some.id.view()).array(2).uint(1).uint(2);
  CHECK_FALSE(RecordHeads::decode(no_field.result()));
}

TEST_CASE("a set that names a change twice is the same set") {
  std::vector<Change> twice = history(5);
  const auto once = heads_by_definition(twice);
  const std::vector<Change> again = twice;
  twice.insert(twice.end(), again.begin(), again.end());
  CHECK(heads_by_definition(twice) == once);
}

TEST_CASE("the journal is asked only about changes that are no heads any more") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    RecordHeads heads;
    std::set<ChangeId> present;
    for (const Change& change : history(seed)) {
      heads.apply(change, [&](const ChangeId& id) {
        CHECK_FALSE(heads.is_head(id));
        CHECK(std::binary_search(change.base.begin(), change.base.end(), id));
        return present.contains(id);
      });
      present.insert(change.id);
    }
  }
}

// ---- What a person sees
// --------------------------------------------------------------------------------------------

TEST_CASE("two people who edit one field without having seen each other are in conflict, and no value is lost") {
  Record well;
  const FieldRef depth = well.field(1);
  const ChangeId first = well.save(1, {}, {{depth, std::int64_t{12}}});
  const ChangeId an = well.save(2, {first}, {{depth, std::int64_t{13}}});
  const ChangeId binh = well.save(3, {first}, {{depth, std::int64_t{15}}});
  const FieldState state = well.state(depth);
  CHECK(state.conflict);
  REQUIRE(state.heads.size() == 2);
  CHECK(state.heads[0].change == an);
  CHECK(state.heads[0].value == Value{std::int64_t{13}});
  CHECK(state.heads[1].change == binh);
  CHECK(state.heads[1].value == Value{std::int64_t{15}});
  CHECK(state.shown == Value{std::int64_t{15}});
}

TEST_CASE("equal values written apart are no conflict, though both stay heads") {
  Record well;
  const FieldRef depth = well.field(1);
  well.save(1, {}, {{depth, std::string("13 m")}});
  well.save(2, {}, {{depth, std::string("13 m")}});
  CHECK_FALSE(well.state(depth).conflict);
  CHECK(well.state(depth).heads.size() == 2);
  CHECK(well.state(depth).shown == Value{std::string("13 m")});
  // 13 as a number is another value than 13 as a text, and emptied is another than either.
  well.save(3, {}, {{depth, Cleared{}}});
  CHECK(well.state(depth).conflict);
}

TEST_CASE("different fields edited apart are no conflict") {
  Record well;
  const ChangeId first = well.save(1, {}, {{well.field(1), true}, {well.field(2), true}});
  well.save(2, {first}, {{well.field(1), false}});
  const ChangeId later = well.save(3, {first}, {{well.field(2), Cleared{}}});
  CHECK_FALSE(well.state(well.field(1)).conflict);
  CHECK_FALSE(well.state(well.field(2)).conflict);
  CHECK(heads_of(well.changes).of(well.field(2)) == std::vector<ChangeId>{later});
}

TEST_CASE("two people who tick different options are not in conflict; two who differ over one option are") {
  Record visit;
  const auto answered = visit.field(3);
  visit.save(1, {}, {{answered, true}, {visit.field(3, "DAT"), true}});
  visit.save(2, {}, {{answered, true}, {visit.field(3, "HON"), true}});
  CHECK_FALSE(visit.state(answered).conflict);
  CHECK_FALSE(visit.state(visit.field(3, "DAT")).conflict);
  CHECK_FALSE(visit.state(visit.field(3, "HON")).conflict);
  visit.save(3, {}, {{answered, true}, {visit.field(3, "DAT"), false}});
  CHECK(visit.state(visit.field(3, "DAT")).conflict);
  CHECK_FALSE(visit.state(visit.field(3, "HON")).conflict);
}

TEST_CASE("rows added apart both stay; the same field of one row conflicts like any other") {
  Record visit;
  const auto present = visit.field(record_presence);
  visit.save(1, {}, {{present, true}, {visit.in_row(0, 20), true}, {visit.in_row(0, 21), std::string("An")}});
  visit.save(2, {}, {{present, true}, {visit.in_row(1, 20), true}, {visit.in_row(1, 21), std::string("Bình")}});
  CHECK(visit.state(visit.in_row(0, 21)).shown == Value{std::string("An")});
  CHECK(visit.state(visit.in_row(1, 21)).shown == Value{std::string("Bình")});
  CHECK_FALSE(visit.state(present).conflict);
  CHECK(heads_of(visit.changes).entities().size() == 3);
  visit.save(3, {}, {{present, true}, {visit.in_row(0, 20), true}, {visit.in_row(0, 21), std::string("Ân")}});
  CHECK(visit.state(visit.in_row(0, 21)).conflict);
  CHECK_FALSE(visit.state(visit.in_row(1, 21)).conflict);
}

TEST_CASE("a delete against an edit is a conflict on the record's presence; a delete that was seen is none") {
  Record visit;
  const FieldRef present = visit.field(record_presence);
  const ChangeId first = visit.save(1, {}, {{present, true}, {visit.field(1), true}});
  const ChangeId deleted = visit.save(9, {first}, {{present, false}});
  CHECK(visit.state(present).shown == Value{false});
  const ChangeId edited = visit.save(2, {first}, {{present, true}, {visit.field(1), false}});
  CHECK(visit.state(present).conflict);
  CHECK(heads_of(visit.changes).of(present) == sorted({deleted, edited}));
  // The delete touched no other field: the edit stands there alone.
  CHECK(visit.state(visit.field(1)).shown == Value{false});
  CHECK_FALSE(visit.state(visit.field(1)).conflict);
  visit.save(3, {deleted, edited}, {{present, true}});
  CHECK_FALSE(visit.state(present).conflict);
  CHECK(visit.state(present).shown == Value{true});
}

TEST_CASE("a change to a row keeps the record and the row present against a delete of either") {
  Record visit;
  const FieldRef present = visit.field(record_presence), row_present = visit.in_row(0, 20);
  const ChangeId first = visit.save(1, {}, {{present, true}, {row_present, true}, {visit.in_row(0, 21), true}});
  visit.save(2, {first}, {{present, false}});
  visit.save(3, {first}, {{present, true}, {row_present, false}});
  visit.save(4, {first}, {{present, true}, {row_present, true}, {visit.in_row(0, 21), false}});
  CHECK(visit.state(present).conflict);
  CHECK(visit.state(row_present).conflict);
  CHECK_FALSE(visit.state(visit.in_row(0, 21)).conflict);
}

TEST_CASE("a resolution supersedes exactly the heads it names") {
  Record well;
  const FieldRef depth = well.field(1);
  const ChangeId a = well.save(1, {}, {{depth, std::int64_t{1}}, {well.field(2), true}});
  const ChangeId b = well.save(2, {}, {{depth, std::int64_t{2}}});
  const ChangeId late = well.save(3, {}, {{depth, std::int64_t{3}}});
  const ChangeId settled = well.save(4, {a, b}, {{depth, std::int64_t{2}}});
  CHECK(heads_of(well.changes).of(depth) == sorted({late, settled}));
  CHECK(well.state(depth).conflict);
  // The other field that `a` wrote was not settled and stands.
  CHECK(heads_of(well.changes).of(well.field(2)) == std::vector<ChangeId>{a});
  const ChangeId all_settled = well.save(5, {late, settled}, {{depth, std::int64_t{3}}});
  CHECK(heads_of(well.changes).of(depth) == std::vector<ChangeId>{all_settled});
  CHECK_FALSE(well.state(depth).conflict);
}

TEST_CASE("two resolutions that did not know of each other conflict only where they differ") {
  for (const bool same : {true, false}) {
    Record well;
    const FieldRef depth = well.field(1);
    const ChangeId a = well.save(1, {}, {{depth, std::int64_t{1}}});
    const ChangeId b = well.save(2, {}, {{depth, std::int64_t{2}}});
    well.save(3, {a, b}, {{depth, std::int64_t{1}}});
    well.save(4, {a, b}, {{depth, std::int64_t{same ? 1 : 2}}});
    CHECK(well.state(depth).conflict == !same);
    CHECK(well.state(depth).heads.size() == 2);
  }
}

TEST_CASE("a base on its way holds nothing back; when it comes, it supersedes nothing and is no head") {
  Record well;
  const FieldRef depth = well.field(1);
  const ChangeId first = well.save(1, {}, {{depth, std::int64_t{1}}, {well.field(2), true}});
  const ChangeId second = well.save(2, {first}, {{depth, std::int64_t{2}}});
  Held<RecordHeads> held;
  held.take(well.changes[1]);
  CHECK(held.heads.of(depth) == std::vector<ChangeId>{second});
  held.take(well.changes[0]);
  CHECK(held.heads.of(depth) == std::vector<ChangeId>{second});
  CHECK(held.heads.of(well.field(2)) == std::vector<ChangeId>{first});
}

TEST_CASE("two replicas with the same heads agree in their digest, whatever each still waits for") {
  Record well;
  const FieldRef depth = well.field(1);
  const ChangeId first = well.save(1, {}, {{depth, std::int64_t{1}}});
  well.save(2, {first}, {{depth, std::int64_t{2}}});
  const RecordHeads whole = heads_of(well.changes), waiting = heads_of({well.changes[1]});
  CHECK(whole.encode() != waiting.encode());
  CHECK(whole.digest_bytes() == waiting.digest_bytes());
}

TEST_CASE("a conflict has the same id on every replica, and another once a head joins") {
  Record well;
  const FieldRef depth = well.field(1);
  well.save(1, {}, {{depth, std::int64_t{1}}});
  well.save(2, {}, {{depth, std::int64_t{2}}});
  std::vector<Change> other_order(well.changes.rbegin(), well.changes.rend());
  const ConflictId id = conflict_id(depth, heads_of(well.changes).of(depth));
  CHECK(id == conflict_id(depth, heads_of(other_order).of(depth)));
  CHECK(id != conflict_id(well.field(2), heads_of(well.changes).of(depth)));
  CHECK(id != conflict_id(well.field(1, "DAT"), heads_of(well.changes).of(depth)));
  well.save(3, {}, {{depth, std::int64_t{3}}});
  CHECK(id != conflict_id(depth, heads_of(well.changes).of(depth)));
}

TEST_CASE("clocks decide what is shown while rivals stand, and nothing else") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    CAPTURE(seed);
    std::vector<Change> changes = history(seed);
    const RecordHeads heads = heads_of(changes);
    std::map<FieldRef, FieldState> before;
    for (const auto& [field, ids] : heads.fields()) before[field] = field_state(field, ids, find_in(changes));
    // The same changes, had every laptop had another clock.
    SeededRandom random(seed);
    for (Change& change : changes) change.at = static_cast<std::int64_t>(random.next());
    CHECK(heads_of(changes).encode() == heads.encode());
    for (const auto& [field, ids] : heads.fields()) {
      const FieldState now = field_state(field, ids, find_in(changes));
      CHECK(now.conflict == before[field].conflict);
      CHECK(now.heads.size() == ids.size());
      for (const Rival& rival : now.heads)
        CHECK(std::tie(rival.at, rival.change) <= std::tie(now.heads.back().at, now.heads.back().change));
      CHECK(now.shown == now.heads.back().value);
      if (!now.conflict) CHECK(now.shown == before[field].shown);
    }
  }
}

TEST_CASE("of two rivals of one moment the greater id is shown, the same one everywhere") {
  Record well;
  const FieldRef depth = well.field(1);
  const ChangeId a = well.save(7, {}, {{depth, std::int64_t{1}}});
  const ChangeId b = well.save(7, {}, {{depth, std::int64_t{2}}});
  CHECK(well.state(depth).heads.back().change == std::max(a, b));
  CHECK(well.state(depth).shown == Value{std::int64_t{a > b ? 1 : 2}});
}

TEST_CASE("an erased head has no value to show; its rivals stand without it, and heads do not move") {
  Record well;
  const FieldRef depth = well.field(1);
  const ChangeId a = well.save(1, {}, {{depth, std::int64_t{1}}});
  well.save(2, {}, {{depth, std::int64_t{2}}});
  const Bytes heads = heads_of(well.changes).encode();
  well.changes[1] = erased(well.changes[1]);
  CHECK(heads_of(well.changes).encode() == heads);
  FieldState state = well.state(depth);
  CHECK_FALSE(state.conflict);
  CHECK_FALSE(state.unavailable);
  CHECK(state.shown == Value{std::int64_t{1}});
  CHECK(state.heads.front().change == a);
  well.changes[0] = erased(well.changes[0]);
  state = well.state(depth);
  CHECK(state.unavailable);
  CHECK(state.heads.empty());
  CHECK(is_cleared(state.shown));
}

TEST_CASE(
    "a change is a head as long as one of its fields was not written over; one that is not here shows nothing") {
  Record well;
  const ChangeId a = well.save(1, {}, {{well.field(1), true}, {well.field(2), true}});
  const ChangeId b = well.save(2, {a}, {{well.field(1), false}});
  CHECK(heads_of(well.changes).is_head(a));
  CHECK(heads_of(well.changes).is_head(b));
  const ChangeId c = well.save(3, {a, b}, {{well.field(1), true}, {well.field(2), false}});
  CHECK_FALSE(heads_of(well.changes).is_head(a));
  CHECK_FALSE(heads_of(well.changes).is_head(b));
  CHECK(heads_of(well.changes).is_head(c));
  const std::vector<ChangeId> heads = {c};
  CHECK(field_state(well.field(1), heads, [](const ChangeId&) { return nullptr; }).unavailable);
}

TEST_CASE("a field nobody wrote has no heads, and opening sees the heads of what is opened alone") {
  Record visit;
  CHECK(heads_of(visit.changes).empty());
  const FieldRef present = visit.field(record_presence);
  const ChangeId a = visit.save(1, {}, {{present, true}, {visit.field(1), true}});
  const ChangeId b = visit.save(2, {a}, {{present, true}, {visit.in_row(0, 20), true}});
  const ChangeId c = visit.save(3, {b}, {{present, true}, {visit.in_row(1, 20), true}});
  const RecordHeads heads = heads_of(visit.changes);
  CHECK(heads.of(visit.field(9)).empty());
  CHECK(heads.seen(std::array{visit.layout.record}) == sorted({a, c}));
  CHECK(heads.seen(std::array{visit.layout.record, visit.layout.rows[0]}) == sorted({a, b, c}));
  CHECK(heads.seen(std::array{visit.layout.rows[1]}) == sorted({c}));
}
