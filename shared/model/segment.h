// A run of one epoch of a device's journal under one signature: what is stored, sent and forwarded whole (design 2).
//
//   chain(0) = SHA-256(deployment ‖ device ‖ epoch)
//   chain(n) = SHA-256(chain(n-1) ‖ n ‖ change id)          n: 8 bytes, big-endian, from 1 without a gap
//
// segment   = [ device: bytes16, epoch: bytes8, first: uint, start: bytes32 = chain(first - 1), [ entry … ],
//               signature: bytes64 over device ‖ epoch ‖ chain(last) ]
// entry     = stored change (change.h) | id: bytes32 where scope leaves the change out
#pragma once

#include <optional>
#include <vector>

#include "shared/model/change.h"

namespace fieldpost {

Digest chain_start(const DeploymentId& deployment, const DeviceId& device, const EpochId& epoch);
Digest chain_next(const Digest& previous, std::uint64_t n, const ChangeId& change);

struct SegmentEntry {
  ChangeId id;
  std::optional<Change> change;  // as read from a page; a journal that only passes a segment on leaves it undecoded
  Bytes stored;                  // the bytes of the change as they came or lie in the journal; empty: not at hand

  /// Scope left the change out; its id alone is here.
  bool left_out() const { return !change && stored.empty(); }
};

struct Segment {
  DeviceId device;
  EpochId epoch;
  std::uint64_t first = 1;
  Digest start;
  std::vector<SegmentEntry> entries;
  Signature signature;

  std::uint64_t last() const { return first + entries.size() - 1; }
  /// chain(last), from `start` and the ids.
  Digest end() const;
};

void sign_segment(Segment& segment, const SigningKey& device_key);
bool verify_segment(const Segment& segment, const PublicKey& device_key);

/// No journal grows so long; what claims to is not read.
inline constexpr std::uint64_t segment_place_max = std::uint64_t{1} << 48;

void write_segment(CborWriter& out, const Segment& segment);
/// Fails on anything but the form above; the signature is checked by verify_segment.
Segment read_segment(CborReader& in);

/// Where a device's journal stands.
struct JournalPosition {
  EpochId epoch;
  std::uint64_t n = 0;
  Digest chain;
  bool operator==(const JournalPosition&) const = default;
};

enum class Outcome : std::uint8_t { committed = 0, duplicate = 1, held = 2, refused = 3 };

/// Why a change waits or was not accepted. Text forms are in receipts and --json.
enum class Reason : std::uint8_t {
  none = 0,
  unknown_form,         // central does not know this form or version yet
  outside_write_scope,  // the device's grant does not let it write this record
  record_delayed,       // an earlier change to this record is held
  revoked,              // saved or handed in after the device was revoked
  malformed,
  bad_signature,
  unknown_device,
  missing,  // only its id came: the change itself is with whoever wrote it, or lost with them
};
const char* outcome_name(Outcome outcome);
const char* reason_name(Reason reason);

/// Central's signed word that it holds a run durably. The client says "at central" for nothing else.
// receipt = [ [ deployment: bytes16, incarnation: bytes8, device: bytes16, epoch: bytes8, first: uint, last: uint,
//               chain: bytes32 = chain(last), exceptions: [ [ n: uint, outcome: uint, reason: uint ] … ], at: int ],
//             signature: bytes64 by the receipt key ]
struct Receipt {
  DeploymentId deployment;
  Incarnation incarnation;
  DeviceId device;
  EpochId epoch;
  std::uint64_t first = 0;
  std::uint64_t last = 0;
  Digest chain;
  struct Exception {
    std::uint64_t n = 0;
    Outcome outcome = Outcome::held;
    Reason reason = Reason::none;
  };
  std::vector<Exception> exceptions;  // held and refused only; ascending
  std::int64_t at = 0;                // central's clock, UTC ms
  Signature signature;
};
void sign_receipt(Receipt& receipt, const SigningKey& receipt_key);
bool verify_receipt(const Receipt& receipt, const PublicKey& receipt_key);
Bytes encode_receipt(const Receipt& receipt);
Result<Receipt> decode_receipt(BytesView bytes);

}  // namespace fieldpost
