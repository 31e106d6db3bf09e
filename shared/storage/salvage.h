// A damaged store.db is set aside under a dated name, never altered or deleted; what can be read of it goes into a
// new one under the same key; what is gone is named (design 3). What central holds is fetched again, since the cursor
// is void afterwards.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "shared/storage/store.h"

namespace fieldpost {

struct SalvageReport {
  std::filesystem::path set_aside;  // the damaged file; its write-ahead log, if any, lies beside it with `-wal`
  /// False when no page could be read: then the new store is empty.
  bool readable = false;
  /// Tables of which a part could not be read: rows are lost only in these. `sqlite_schema` means that the directory
  /// of all tables was gone; then rows were told by their shape, and may be lost in any.
  std::vector<std::string> damaged_tables;

  std::int64_t changes = 0;          // kept; the id of each was computed anew from its bytes
  std::int64_t altered_changes = 0;  // read, but their bytes are not what their id says: left out
  std::int64_t drafts = 0;           // kept
  std::int64_t placed_anew = 0;  // own changes whose place was lost: they stand in the new epoch and are sent again
  bool identity = false;         // certificate and central's keys survived; otherwise this laptop enrols anew
  bool device_key = false;

  /// Places of journals that held a change and do not any more, ascending. Of the own journal, what central had not
  /// receipted is gone for good; all else comes back with the next sync.
  struct Missing {
    DeviceId device;
    EpochId epoch;
    std::uint64_t first = 0, last = 0;
    bool own = false;
  };
  std::vector<Missing> missing;

  /// One line a fact, for the log and the command line; no personal data.
  std::vector<std::string> lines() const;
};

/// True when the store opens and every page verifies. Reads the whole file: seconds for a large one. Errors:
/// not_found (no store.db), disk_full, io, busy.
Result<bool> store_is_whole(const Store::Options& options);

/// The caller holds the StoreLock and has no connection open. Cut short at any moment, it can be run again: until the
/// new store is complete, store.db keeps its name. Errors: not_found (no store.db), disk_full, io, busy.
Result<SalvageReport> salvage_store(const Store::Options& options, const Environment& environment);

}  // namespace fieldpost
