// Every record that is reviewed, with where it stands: one walk over two indices, whatever lies in the records.
#pragma once

#include <vector>

#include "shared/desk/review.h"

namespace fieldpost {

struct ReviewedRecord {
  RecordId record;
  std::string form;
  DeviceId maker;                     // the laptop that made it
  std::int64_t first_at = 0, at = 0;  // made and last changed, by the laptops' clocks, UTC ms
  bool incomplete = false, in_conflict = false;
  HeadsMark mark;  // of the record now
  ReviewState state = ReviewState::incomplete;
  ReviewSteps::Team team = ReviewSteps::Team::none;
  std::int64_t decided_at = 0;  // the last change of its review; 0: there is none, or it is accepted
};
/// By form, then by id. Errors: those of the store.
Result<std::vector<ReviewedRecord>> reviewed_records(Store& store);

}  // namespace fieldpost
