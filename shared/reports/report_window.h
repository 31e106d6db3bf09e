// The windows of days that reports are made over, and the calendars they come from (domain 4.4). Three run at once:
// the register's, the statistics', and that of administrative reports.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "shared/forms/form.h"
#include "shared/foundation/civil_date.h"

namespace fieldpost {

/// Both days included.
struct ReportWindow {
  CivilDate from, to;
  /// The last day of what was done; what follows up to `to` is estimated. None: all of it was.
  std::optional<CivilDate> actual_to;
};

struct ReportPreset {
  const char* name;
  Label label;
  const char* basis;
  /// The window of this kind that a day lies in.
  ReportWindow (*around)(const CivilDate& day);
};
const std::vector<ReportPreset>& report_presets();
const ReportPreset* find_preset(std::string_view name);

}  // namespace fieldpost
