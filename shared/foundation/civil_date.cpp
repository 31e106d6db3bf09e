#include "shared/foundation/civil_date.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace fieldpost {

namespace {

bool digits(std::string_view text, int& out) {
  out = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return false;
    out = out * 10 + (c - '0');
  }
  return !text.empty();
}

std::chrono::year_month_day calendar(const CivilDate& date) {
  return {std::chrono::year{date.year}, std::chrono::month{date.month}, std::chrono::day{date.day}};
}
CivilDate civil(const std::chrono::year_month_day& day) {
  return {static_cast<std::int16_t>(int{day.year()}), static_cast<std::uint8_t>(unsigned{day.month()}),
          static_cast<std::uint8_t>(unsigned{day.day()})};
}

}  // namespace

bool is_real(const CivilDate& date) {
  if (date.year < 1 || date.year > 9999 || date.month > 12) return false;
  if (date.month == 0) return date.day == 0;
  return date.day == 0 || calendar(date).ok();
}

std::string iso_text(const CivilDate& date) {
  if (!date.has_month()) return fmt::format("{:04}", date.year);
  if (!date.has_day()) return fmt::format("{:04}-{:02}", date.year, date.month);
  return fmt::format("{:04}-{:02}-{:02}", date.year, date.month, date.day);
}

Result<CivilDate> parse_iso_date(std::string_view text) {
  int year = 0, month = 0, day = 0;
  const bool shape = (text.size() == 4 || text.size() == 7 || text.size() == 10) && digits(text.substr(0, 4), year) &&
                     (text.size() < 7 || (text[4] == '-' && digits(text.substr(5, 2), month) && month > 0)) &&
                     (text.size() < 10 || (text[7] == '-' && digits(text.substr(8, 2), day) && day > 0));
  const CivilDate date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                       static_cast<std::uint8_t>(day)};
  if (!shape || !is_real(date))
    return Error{ErrorCode::invalid_argument, "not a date: it has the form 2025, 2025-03 or 2025-03-14"};
  return date;
}

CivilDate first_day(const CivilDate& date) {
  return {date.year, std::max<std::uint8_t>(date.month, 1), std::max<std::uint8_t>(date.day, 1)};
}

CivilDate last_day(const CivilDate& date) {
  if (date.has_day()) return date;
  const std::uint8_t month = date.has_month() ? date.month : 12;
  const std::chrono::year_month_day_last last{std::chrono::year{date.year},
                                              std::chrono::month_day_last{std::chrono::month{month}}};
  return {date.year, month, static_cast<std::uint8_t>(unsigned{last.day()})};
}

int full_years(const CivilDate& from, const CivilDate& to) {
  const bool before_birthday = std::pair(to.month, to.day) < std::pair(from.month, from.day);
  return to.year - from.year - (before_birthday ? 1 : 0);
}

std::int64_t day_number(const CivilDate& date) {
  return std::chrono::sys_days{calendar(first_day(date))}.time_since_epoch().count();
}

CivilDate from_day_number(std::int64_t days) {
  const std::int64_t within = std::clamp(days, day_number({1, 1, 1}), day_number({9999, 12, 31}));
  return civil(std::chrono::year_month_day{std::chrono::sys_days{std::chrono::days{within}}});
}

CivilDate vietnam_day(std::int64_t utc_ms) {
  constexpr std::int64_t day_ms = 24LL * 3600 * 1000, offset_ms = 7LL * 3600 * 1000;
  // Divided before the offset is added, since a broken clock may say any number; rounded down before 1970.
  std::int64_t days = utc_ms / day_ms, left_ms = utc_ms % day_ms;
  if (left_ms < 0) --days, left_ms += day_ms;
  return from_day_number(left_ms + offset_ms >= day_ms ? days + 1 : days);
}

}  // namespace fieldpost
