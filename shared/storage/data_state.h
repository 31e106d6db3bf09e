// A state of the data by name: what was here of each laptop's journal. Reports say from which one they were made, and
// are made from it again, later and on other laptops; a lock keeps one.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/storage/journal.h"

namespace fieldpost {

struct DataState {
  /// A journal up to place n, but for places whose change was not here, or was held back.
  struct Part {
    DeviceId device;
    EpochId epoch;
    std::uint64_t n = 0;
    Digest chain;                                                  // chain(n)
    std::vector<std::pair<std::uint64_t, std::uint64_t>> without;  // runs of places, ascending
  };
  std::vector<Part> parts;  // ascending by device and epoch, n > 0
  /// Changes without a place here, after a laptop was copied or restored; ascending.
  std::vector<std::pair<RecordId, ChangeId>> also;

  /// One line a part, `device epoch n chain [first-last,…]` with the places it is without, then one line `also record
  /// change` each: the same bytes wherever the state is the same.
  std::string text() const;
  /// Errors: malformed, with the line.
  static Result<DataState> parse(std::string_view text);
  /// SHA-256 of `text()`.
  Digest id() const;
};

/// What is here now. Journals of which nothing counts here are left out.
DataState data_state(Database& database, const DeploymentId& deployment);

/// From here on, until `show_now`, the tables of the view show on this connection what `state` adds up to: those
/// records that later changes touched are derived anew, from the changes of the state alone, into temporary
/// tables (which are in memory) under the names of the view's. `record.number` is null for those, and `search` knows
/// them not. The caller holds a read transaction, so that nobody writes in between. Returns how many records later
/// changes have touched. Errors: not_found, naming a journal of the state that is not here as it was: sync first; or
/// it was restored.
Result<std::int64_t> show_as_of(Database& database, const Catalogue& catalogue, const DeploymentId& deployment,
                                const DataState& state);
void show_now(Database& database);
/// The records that later changes touched, ascending: what is late for a window that was closed in `state`.
Result<std::vector<RecordId>> touched_since(Database& database, const DeploymentId& deployment,
                                            const DataState& state);

}  // namespace fieldpost
