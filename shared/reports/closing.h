// Closed windows: a lock keeps the state of the data from which a window's figures were made, so that they can be
// made again and do not move (domain 4.4, 8.3: what arrives late is kept, shown as late, and enters the next
// cumulative report as an adjustment). Reopening is the director's (`writers` of the form lock_reopening).
#pragma once

#include "shared/reports/report.h"
#include "shared/storage/data_state.h"
#include "shared/storage/store.h"

namespace fieldpost {

struct ReportLock {
  RecordId record;
  ReportWindow window;
  DataState state;
  UserId by;            // who closed it
  std::int64_t at = 0;  // by that laptop's clock, UTC ms
  bool reopened = false;
  /// False: it does not say what it closes, or from which state, and closes nothing.
  bool is_whole = false;
};

/// By their windows' ends, then by record: one that two people closed apart stands twice, and the first of them
/// holds.
Result<std::vector<ReportLock>> locks(Database& view);
/// The lock that says what this very window's figures are; null: it is open.
const ReportLock* lock_of(const std::vector<ReportLock>& locks, const ReportWindow& window);
/// The locks of windows that lie inside of this one, without it: whose late records it takes in.
std::vector<const ReportLock*> locks_within(const std::vector<ReportLock>& locks, const ReportWindow& window);

/// Closes a window with what is here now. Errors: invalid_argument, where it is closed already.
Result<RecordId> close_window(Store& store, const ReportWindow& window, std::string_view reason);
/// Errors: not_found; invalid_argument, where it is open.
Result<void> reopen_window(Store& store, const RecordId& lock, std::string_view reason, const CivilDate& today);

/// The lock that closed this very window, whose state `view` shows from here on; nothing where it is open. The caller
/// holds a transaction on `view`. Errors: those of show_as_of.
Result<std::optional<ReportLock>> show_lock_of(Database& view, const Catalogue& catalogue,
                                               const DeploymentId& deployment, const ReportWindow& window);

/// The records of a closed window that were made or changed after it was closed, or moved into it or out of it.
/// Ascending by id. Afterwards `view` shows what is here now; the caller holds a transaction on it.
Result<std::vector<RecordId>> late_records(Database& view, const Catalogue& catalogue, const DeploymentId& deployment,
                                           const ReportLock& lock);

/// What a closed window inside of a longer one adds to it beside its closed figures.
struct Adjustment {
  const ReportLock* lock = nullptr;
  std::vector<RecordId> late;
  struct Figure {
    std::string table, line, column;   // codes; the line `total` is the table's total
    std::int64_t closed = 0, now = 0;  // thousandths
  };
  std::vector<Figure> figures;  // those that differ
};
/// For every lock inside of the window, as for late_records. Errors: those of show_as_of and make_report.
Result<std::vector<Adjustment>> adjustments(Database& view, const Catalogue& catalogue,
                                            const DeploymentId& deployment, const ReportDefinition& definition,
                                            const ReportWindow& window, const ReportOptions& options,
                                            const std::vector<ReportLock>& locks);

}  // namespace fieldpost
