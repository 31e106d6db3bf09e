// One durable save by one person of one record, with the rows inside it: the unit of truth (design 2). Immutable;
// its identity is its content.
#pragma once

#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/foundation/crypto.h"
#include "shared/model/value.h"

namespace fieldpost {

/// A question's permanent number in its form; for a multi-select, with the option's code, or without one for
/// "answered". The presence of the record itself is field 0; the presence of a row is its repeat's number.
struct FieldKey {
  std::uint32_t number = 0;
  std::string option;
  auto operator<=>(const FieldKey&) const = default;
};
inline constexpr std::uint32_t record_presence = 0;

/// One register of the system: a field of a record or of one of its rows.
struct FieldRef {
  EntityId entity;
  FieldKey field;
  auto operator<=>(const FieldRef&) const = default;
};

// Canonical bytes (deterministic CBOR). The id is the SHA-256 of the header; the commitment the SHA-256 of the body.
//
//   header = [ 1, record: bytes16, form: text, form_version: uint, author: bytes16, device: bytes16, at: int,
//              base: [ bytes32 … ] ascending, writes: [ [entity: bytes16, [ field … ] ascending ] … ] ascending,
//              commitment: bytes32 ]
//   field  = number: uint | [ number: uint, option: text ]
//   body   = [ salt: bytes16, values: [ value … ] one for each field of writes, in order, reason: text | null ]
//
// Stored and sent as  [ header without commitment: array of 9, body ]           while the values are here, since the
// commitment follows from the body, or as  [ header: array of 10, null ]        after erasure.
struct Change {
  RecordId record;
  std::string form;
  std::uint32_t form_version = 0;
  UserId author;
  DeviceId device;
  std::int64_t at = 0;           // the laptop's clock at the save, raw, UTC ms; decides nothing but what is shown
  std::vector<ChangeId> base;    // what the author saw when the form opened; ascending, unique
  std::vector<FieldRef> writes;  // ascending, unique
  Digest commitment;

  // Below the line: what erasure drops.
  bool erased = false;
  std::array<std::uint8_t, 16> salt{};
  std::vector<Value> values;  // one for each of `writes`
  std::optional<std::string> reason;

  ChangeId id;  // set by seal() and decode_change()

  /// The value written to this field, if this change writes it and is not erased.
  const Value* value_of(const FieldRef& field) const;
};

/// Sorts base and writes with their values, draws nothing, computes commitment and id. `change` needs everything
/// else. Errors: invalid_argument (a field written twice), out_of_bounds (limits.h), malformed (text that is not
/// storable_text, a date that does not exist): what seals, every laptop can read.
Result<Change> seal(Change change);

/// The stored form. decode_change checks the form, the order and the bounds, recomputes commitment and id.
Bytes encode_change(const Change& change);
Result<Change> decode_change(BytesView stored);

/// The canonical header, for golden bytes and for those who verify with other tools.
Bytes canonical_header(const Change& change);
Bytes canonical_body(const Change& change);

}  // namespace fieldpost
