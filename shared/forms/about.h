// Records about records: the office's decisions, one a form and set of subjects.
#pragma once

#include "shared/forms/form.h"

namespace fieldpost {

/// The id of the one record of `form` about these subjects, in whatever order they are named. It derives from their
/// ids alone (UUIDv8, RFC 9562 §5.8), so that two people who decide the same on two laptops write one record, and a
/// different answer is an ordinary conflict.
RecordId record_about(std::string_view form, std::vector<RecordId> subjects);

/// The subjects that a change of such a form names.
std::vector<RecordId> subjects_in(const Form& form, const Change& change);

}  // namespace fieldpost
