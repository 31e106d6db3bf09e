// What the authors of rival values had both in front of them: from the bases alone, whatever any clock says.
#pragma once

#include <optional>
#include <span>

#include "shared/model/merge.h"

namespace fieldpost {

/// The value of a field before its rivals parted. Cleared when nobody had answered it by then. Nothing when it cannot
/// be told: a change below is not here or erased, or the authors stood on different values already.
std::optional<Value> value_before(const FieldRef& field, std::span<const ChangeId> rivals, const FindChange& find);

}  // namespace fieldpost
