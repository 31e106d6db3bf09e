// The merge: heads are a pure function of the set of changes (design 2). Order, repetition, batching and the road
// taken cannot matter; nothing here looks at a clock, but the choice of what is *shown* while rivals stand.
//
//   heads(entity, field) = the present changes that wrote it and that no other present change writing it names
//                          in its base
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <vector>

#include "shared/model/change.h"

namespace fieldpost {

/// The heads of one record, after the changes present so far, and what is needed to stay right when a base arrives
/// after the change that names it.
class RecordHeads {
 public:
  /// Tells whether a change was applied already.
  using IsPresent = std::function<bool(const ChangeId&)>;

  /// The heads after `arrived` joins the set. Called once for each change id: heads do not remember what they have
  /// superseded, the journal does, and answers `is_present` (asked only for a base that is no head here any more).
  /// Cost: one look over the heads of the record, whatever the length of the base.
  void apply(const Change& arrived, const IsPresent& is_present);

  const std::map<FieldRef, std::vector<ChangeId>>& fields() const { return fields_; }
  /// Ascending; empty when nobody wrote the field.
  const std::vector<ChangeId>& of(const FieldRef& field) const;
  /// Every head on one of these entities: what an author who opened them has seen. Ascending, unique.
  std::vector<ChangeId> seen(std::span<const EntityId> entities) const;
  std::vector<EntityId> entities() const;
  bool empty() const { return fields_.empty(); }

  bool is_head(const ChangeId& id) const;

  /// One compact row a record. decode(encode(x)) == x; equal sets of changes give equal bytes.
  Bytes encode() const;
  static Result<RecordHeads> decode(BytesView bytes);
  /// (entity, field, heads) alone, sorted: what digests cover. Two replicas that wait for different bases but hold
  /// the same heads agree.
  Bytes digest_bytes() const;

  bool operator==(const RecordHeads&) const = default;

 private:
  std::map<FieldRef, std::vector<ChangeId>> fields_;
  // Named in a base but not here yet, with the fields it is superseded on.
  std::map<ChangeId, std::set<FieldRef>> awaited_;
};

/// From the definition, over the whole set at once: slow, obviously right, and what `apply` is tested against.
std::map<FieldRef, std::vector<ChangeId>> heads_by_definition(std::span<const Change> changes);

/// A rival value, with who wrote it.
struct Rival {
  ChangeId change;
  UserId author;
  DeviceId device;
  std::int64_t at = 0;
  Value value;
  std::optional<std::string> reason;
};

/// What one field adds up to.
struct FieldState {
  Value shown;               // of the head with the greatest (at, id)
  std::vector<Rival> heads;  // ascending by (at, id); one unless rivals stand
  bool conflict = false;     // more than one distinct value among the heads
  bool unavailable = false;  // every head's value was erased
};

ConflictId conflict_id(const FieldRef& field, std::span<const ChangeId> heads);

using FindChange = std::function<const Change*(const ChangeId&)>;

/// The state of one field from its heads. `find` gives the changes; a head that it cannot give counts as erased.
FieldState field_state(const FieldRef& field, std::span<const ChangeId> heads, const FindChange& find);

}  // namespace fieldpost
