// What waits for somebody at the office, as one list: derived from the view at every look, kept nowhere. Everything
// in it is found over indices, so that it opens at once whatever the store holds.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/desk/deadlines.h"
#include "shared/desk/review.h"

namespace fieldpost {

/// In the order in which they come where nothing else decides.
enum class InboxKind {
  deadline,        // the law's, near or missed (deadlines.h)
  missing_papers,  // still to be brought, or promised and not brought
  held,            // central keeps a change back
  refused,         // central did not accept a change
  conflict,        // two people answered differently; one item a record
  decision,        // two of the office decided differently: a review, the same person …
  same_session,    // two reports of what may be one session
  same_person,     // two records of what may be one person
  edited_since,    // accepted, and changed afterwards
  submitted,       // handed in, to be looked at
  returned,        // waits at the field to be mended
  not_handed_in,   // has been here for some days and nobody has handed it in
  silent,          // a laptop that has not been heard of
  gap,             // a journal with places missing
};
inline constexpr std::size_t inbox_kinds = static_cast<std::size_t>(InboxKind::gap) + 1;
const char* inbox_kind_name(InboxKind kind);

struct InboxItem {
  InboxKind kind = InboxKind::submitted;
  std::vector<RecordId> records;     // the one to be looked at first; empty of laptops
  std::optional<DeviceId> device;    // silent, gap
  std::vector<UserId> holders;       // who has taken it on (claims.h)
  std::int64_t since = 0;            // UTC ms, by the clock of the laptop that said it; 0: not known
  std::optional<Deadline> deadline;  // deadline, missing_papers
  Urgency urgency = Urgency::later;
  std::int64_t count = 0;           // answers in conflict, places missing
  Outcome outcome = Outcome::held;  // held, refused
  Reason reason = Reason::none;
  HeadsMark mark;             // of a record in review, as it stood in this look
  bool contradicted = false;  // of a record in review: incomplete, in conflict, held, or it may be another's
};

/// Two records that may be of the same person or session, and nobody has decided.
struct CandidatePair {
  RecordId one, other;
  bool sessions = false;
};

struct InboxRequest {
  std::int64_t now_ms = 0;
  /// Who proposes pairs; without it there are none.
  std::function<Result<std::vector<CandidatePair>>()> candidates;
};

/// The most urgent first: what is overdue, what is due soon, then by kind, the oldest first.
Result<std::vector<InboxItem>> read_inbox(Store& store, const InboxRequest& request);

/// One record as a list and a first look show it, read off its rows in the view: it costs the same whatever its
/// history. Files are left out of `answers`. Errors: not_found.
struct RecordGlance {
  RecordSummary summary;
  Fields answers;                              // of the record itself
  std::map<std::uint32_t, std::int64_t> rows;  // how many, by the number of their repeat
};
Result<RecordSummary> summary_of(Store& store, const RecordId& record);
Result<RecordGlance> glance_at(Store& store, const RecordId& record);

/// A record that waits at the field to be mended.
struct Returned {
  RecordId record;
  DeviceId device;  // that made it
  bool by_office = false;
};
/// All of this store.
Result<std::vector<Returned>> returned_records(Store& store);

/// Makes the indices over open requests and appointments that `read_inbox` walks; they go with a rebuild of the view
/// and are made again at the next call. It writes: not on central's store beside its server.
Result<void> prepare_inbox(Store& store);

}  // namespace fieldpost
