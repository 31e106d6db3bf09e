// A history over replicas in memory: the real changes, ids, heads and chains of journals, with the standard library's
// containers in place of SQLite and a sketch of the protocol in place of HTTP. A hundredth of the time of a history
// of history.h, so a million of them; what that one shows of the store and the wire, this one does not.
//
// Changes come in any order, in parts, repeated and late; laptops and central are brought back from copies, laptops
// are cloned. Checked at the end:
//   converged     every replica holds the same changes and the same heads, which are those of the definition
//   kept          every change on any replica that was not destroyed is at central
//   not silent    the live values are exactly those that nobody who saw them has written over
//   drained       all is quiet within three rounds without a fault
#pragma once

#include "tools/simulation/history.h"

namespace fieldpost::simulation {

/// Of the controls those of the merge are known here: device_sequence_id, base_at_save, no_incarnation,
/// last_writer_wins, delete_wins.
Outcome run_memory_history(std::uint64_t seed, const Options& options);

}  // namespace fieldpost::simulation
