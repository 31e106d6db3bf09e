// A date as a person knows it: a year, a month or a day, without a time zone.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/foundation/result.h"

namespace fieldpost {

/// Years 1 to 9999. `month` and `day` are 0 where the precision ends; a day needs a month.
struct CivilDate {
  std::int16_t year = 0;
  std::uint8_t month = 0;
  std::uint8_t day = 0;
  auto operator<=>(const CivilDate&) const = default;

  bool has_month() const { return month != 0; }
  bool has_day() const { return day != 0; }
};

bool is_real(const CivilDate& date);
/// `2025`, `2025-03` or `2025-03-14`.
std::string iso_text(const CivilDate& date);
Result<CivilDate> parse_iso_date(std::string_view text);

/// The first and the last day the date may mean.
CivilDate first_day(const CivilDate& date);
CivilDate last_day(const CivilDate& date);
/// Birthdays between two days; both need their day.
int full_years(const CivilDate& from, const CivilDate& to);
/// Days since 1970-01-01 of the first day it may mean.
std::int64_t day_number(const CivilDate& date);
/// Held within the years 1 to 9999.
CivilDate from_day_number(std::int64_t days);

/// The day in Vietnam (UTC+7, no summer time) at this moment, whatever a clock may say: held within the same years.
CivilDate vietnam_day(std::int64_t utc_ms);

}  // namespace fieldpost
