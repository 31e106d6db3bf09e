// The review of a record in two steps, the team leader's and the office's. Both steps stand in one record of the form
// `review` about the record (assets/forms/review.json), so they are made offline, sync, and meet in an ordinary
// conflict where two decide differently. Where a record stands is derived from the two; no clock has a part in it:
// the office answers a handing-in by its number, and looks at a state by its mark (heads_mark.h).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/model/heads_mark.h"
#include "shared/model/role.h"
#include "shared/storage/store.h"

namespace fieldpost {

enum class ReviewState {
  incomplete,          // something is lacking, and nobody has handed it in
  to_hand_in,          // complete
  submitted,           // handed in by the team leader, the office has not answered
  returned_by_team,    // by the team leader, with remarks
  returned_by_office,  // by the office, with remarks
  accepted,            // by the office, as it stands
  edited_since,        // accepted, and changed afterwards: to be looked at again
};
const char* review_state_name(ReviewState state);

/// Which forms are reviewed: sessions, consultations and case files; neither people and organisations nor decisions.
bool is_reviewed(const Form& form);

/// Whose step a person's decision is.
enum class Reviewer { team, office };
/// Nothing for roles that review nothing: partners, the department, administrators.
std::optional<Reviewer> reviewer_of(Role role);

/// What the two have said.
struct ReviewSteps {
  enum class Team { none, submitted, returned } team = Team::none;
  enum class Office { none, accepted, returned } office = Office::none;
  std::int64_t handed_in = 0;   // how often
  std::int64_t answers_to = 0;  // the handing-in that the office answered; 0: before any
  std::string looked_at;        // the mark of what the office looked at, 32 hex digits
};
/// Pure: where a record stands that has this mark and lacks something or not.
ReviewState review_state(const ReviewSteps& steps, const HeadsMark& now, bool is_incomplete);

/// What is to be mended, and where.
struct Remark {
  EntityId row;          // of the review record; nil before it is written
  std::string question;  // `question`, or `repeat/ROW/question`; empty: the record as a whole
  std::string text;
  bool mended = false;
};

struct Review {
  RecordId record;
  ReviewState state = ReviewState::incomplete;
  ReviewSteps steps;
  HeadsMark mark;               // of the record now
  std::vector<Remark> remarks;  // in the order in which they were made
  bool in_conflict = false;     // two decided differently
  bool incomplete = false;      // something is lacking in the record, as judged on the day of its last save
  bool record_in_conflict = false;
  std::size_t open_remarks() const;
};
/// Errors: not_found (the record is not here), invalid_argument (its form is not reviewed).
Result<Review> review_of(Store& store, const RecordId& record);

// Decisions: each is one save of the review, whose author is this laptop's user. A review in conflict is settled by
// the next decision on it. Errors of all of them: those of `review_of`; forbidden (this laptop's role does not take
// that step); invalid_argument, which says why it is not possible now. Nothing is written then.

/// The team leader hands the record in, for the first time or again. Not while something is lacking.
Result<Saved> submit(Store& store, const RecordId& record);
/// Back to the field, with at least one remark or a reason.
Result<Saved> return_to_field(Store& store, const RecordId& record, const std::vector<Remark>& remarks,
                              std::optional<std::string> reason = std::nullopt);
/// The office accepts the record as `looked_at` says it stood when a person looked; not when it has changed since,
/// not while a conflict is open in it, and where something is lacking only with a reason.
Result<Saved> accept(Store& store, const RecordId& record, const HeadsMark& looked_at,
                     std::optional<std::string> reason = std::nullopt);
/// Takes back the own side's last word: a handing-in, a return, an acceptance.
Result<Saved> reopen(Store& store, const RecordId& record, std::optional<std::string> reason = std::nullopt);
/// The field says of one remark that it is mended, or that it is not.
Result<Saved> mark_mended(Store& store, const RecordId& record, const EntityId& remark, bool mended);

}  // namespace fieldpost
