// Of one session that several bodies reported: whose attendance is official and who is credited (domain 8.3). The
// count of sessions is one, the other figures stay visible in their reports.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

struct Attendance {
  RecordId report;
  bool roster_signed = false;
  std::int64_t roster = 0;                // lines of its roster
  std::optional<std::int64_t> headcount;  // as counted on the spot
  /// The lines of a signed roster, where it was typed in; else the headcount; else what lines there are.
  std::int64_t people() const;
};

/// Which of these reports' attendance counts: one with a signed roster, the lead's before the others'; else the
/// lead's headcount, or the first one's that has any. `reports`: the lead first, then ascending.
const Attendance& official(const std::vector<Attendance>& reports);

/// What these records say of attendance, in their order; empty where they are no sessions with a roster. Throws
/// SqlError.
std::vector<Attendance> attendances(Database& view, const Catalogue& catalogue, const std::vector<RecordId>& reports);
std::optional<RecordId> official_report(Database& view, const Catalogue& catalogue,
                                        const std::vector<RecordId>& reports);

/// Every body that the reports of one session name as lead, co-host or partner, each once, in the order of the
/// reports. Throws SqlError.
std::vector<std::string> credited_bodies(Database& view, const Catalogue& catalogue,
                                         const std::vector<RecordId>& reports);

}  // namespace fieldpost
