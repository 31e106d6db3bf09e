// What a laptop can show of its own: the proof that central holds its changes of a record, and where its journal or
// central's have gaps.
#pragma once

#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "shared/model/proof.h"
#include "shared/storage/store.h"

namespace fieldpost {

/// The receipts that cover this laptop's own changes of a record, signed by the laptop. Errors: not_found (the record
/// is not here, or this laptop saved nothing of it), invalid_argument (not enrolled).
Result<Proof> prove(Store& store, const RecordId& record);

/// What a store knows of one epoch of a journal. Ranges are ascending, both ends included.
struct JournalGaps {
  DeviceId device;
  EpochId epoch;
  using Range = std::pair<std::uint64_t, std::uint64_t>;
  std::vector<Range> here;          // the change itself is here
  std::vector<Range> by_id;         // its id alone is here
  std::vector<Range> missing;       // nothing is known of these, though a later place is
  std::vector<Range> receipted;     // answered by central; on a laptop
  std::vector<Range> unreceipted;   // not answered yet; on a laptop
  std::vector<Range> placed_again;  // stand in a later epoch; on a laptop that was restored or copied
  /// How many are held or refused, by outcome and reason; those known by id alone are not among them.
  std::map<std::pair<Outcome, Reason>, std::int64_t> exceptions;
  std::uint64_t last = 0;  // the greatest place known
};
/// Every epoch of every journal in the store, or of one device's, in the order they came. A laptop's store and
/// central's alike. One look at the store, which may go on meanwhile.
Result<std::vector<JournalGaps>> journal_gaps(Database& database, const std::optional<DeviceId>& device);

}  // namespace fieldpost
