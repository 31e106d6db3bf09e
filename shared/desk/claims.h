// Who has taken on which record, so that two clerks do not do the same. A claim is a record of the form `claim` about
// the record; two who claim at once stand in an ordinary conflict and are both shown.
#pragma once

#include <vector>

#include "shared/storage/store.h"

namespace fieldpost {

/// This laptop's user takes the record on. Over another's claim it is theirs from then on. Errors: forbidden (only
/// the office claims), not_found (the record is not here).
Result<Saved> claim(Store& store, const RecordId& record);
/// Nobody has it any more. Nothing is written where nobody has.
Result<void> release(Store& store, const RecordId& record);
/// Who holds it, two or more where they claimed at once, ascending; empty: nobody.
Result<std::vector<UserId>> holders(Store& store, const RecordId& record);

}  // namespace fieldpost
