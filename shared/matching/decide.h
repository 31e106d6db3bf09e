// Deciding that two records are one, or are not, or taking a decision back: one save of the record of the form
// `same_as` about the two. Nothing is merged: both keep their ids, answers and histories.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/matching/groups.h"
#include "shared/storage/store.h"

namespace fieldpost {

struct SameAnswer {
  SameDecision::Decided decided = SameDecision::Decided::undecided;
  std::optional<RecordId> kept;    // leads, of `same`; nothing: the smaller id
  std::vector<std::string> taken;  // names of questions whose answers come from the other, of `same`, in order
  bool operator==(const SameAnswer&) const = default;
};

/// What is decided of these two now; undecided where nothing is.
Result<SameAnswer> same_answer(Store& store, const RecordId& one, const RecordId& other);

/// `undecided` takes the decision back: everything derived from it is as if it had never been. Errors:
/// invalid_argument, when the two are one id, of two forms or of a form that is never looked at, when `kept` is
/// neither or `taken` names no question of theirs; not_found, when one of them is not here, or there is no decision
/// to take back.
Result<Saved> decide_same(Store& store, const RecordId& one, const RecordId& other, const SameAnswer& answer,
                          std::optional<std::string> reason);

}  // namespace fieldpost
