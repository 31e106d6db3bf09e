// Deadlines in working days.
#pragma once

#include <functional>

#include "shared/forms/code_list.h"

namespace fieldpost {

/// The day of the n-th working day after `from`, which itself does not count (Bộ luật Dân sự 2015, Điều 147, khoản
/// 2). `from` needs its day.
CivilDate after_working_days(const CivilDate& from, std::int64_t days,
                             const std::function<bool(const CivilDate&)>& is_working_day);
/// By the catalogue's list of days off.
CivilDate after_working_days(const Catalogue& catalogue, const CivilDate& from, std::int64_t days);

}  // namespace fieldpost
