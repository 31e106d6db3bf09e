// Dates, times and numbers as people type them.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "shared/foundation/vietnamese.h"

namespace fieldpost::vietnamese {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool all_digits(std::string_view text) { return !text.empty() && std::all_of(text.begin(), text.end(), is_digit); }

int value_of(std::string_view digits) {
  int value = 0;
  for (char c : digits) value = value * 10 + (c - '0');
  return value;
}

Error date_fault() {
  return Error{ErrorCode::invalid_argument,
               "not a date: it has the form 14/03/2025, 03/2025 or 2025, and a year has four digits"};
}

/// Takes `word` off the front, with the spaces around it.
bool take(std::string_view& text, std::string_view word) {
  if (!text.starts_with(word)) return false;
  text.remove_prefix(word.size());
  while (text.starts_with(' ')) text.remove_prefix(1);
  return true;
}
/// The digits at the front, with the spaces behind them.
std::string_view take_digits(std::string_view& text) {
  std::size_t size = 0;
  while (size < text.size() && is_digit(text[size])) ++size;
  const std::string_view digits = text.substr(0, size);
  text.remove_prefix(size);
  while (text.starts_with(' ')) text.remove_prefix(1);
  return digits;
}

Result<CivilDate> checked_date(std::string_view day, std::string_view month, std::string_view year) {
  // A year before 1000 is two digits with zeros in front.
  if (year.size() != 4 || year[0] == '0' || day.size() > 2 || month.size() > 2) return date_fault();
  const CivilDate date{static_cast<std::int16_t>(value_of(year)), static_cast<std::uint8_t>(value_of(month)),
                       static_cast<std::uint8_t>(value_of(day))};
  const bool said_zero = (!month.empty() && date.month == 0) || (!day.empty() && date.day == 0);
  if (said_zero || !is_real(date)) return date_fault();
  return date;
}

/// [ngày d] [tháng m] năm y, folded; each unit at most once and from small to large.
Result<CivilDate> date_from_words(std::string_view text) {
  std::string_view day, month;
  const bool says_day = take(text, "ngay");
  if (!text.starts_with("thang") && !text.starts_with("nam")) {
    day = take_digits(text);
    if (day.empty()) return date_fault();
    // "ngày 14/3/2025"
    if (says_day && (text.starts_with('/') || text.starts_with('-') || text.starts_with('.')))
      return parse_date(std::string(day) + std::string(text));
  } else if (says_day) {
    return date_fault();
  }
  if (take(text, "thang")) {
    month = take_digits(text);
    if (month.empty()) return date_fault();
    // "tháng 3/2025"
    if (day.empty() && take(text, "/")) return checked_date({}, month, text);
  } else if (!day.empty()) {
    return date_fault();
  }
  if (!take(text, "nam")) return date_fault();
  return all_digits(text) ? checked_date(day, month, text) : date_fault();
}

}  // namespace

Result<CivilDate> parse_date(std::string_view text) {
  const std::string folded = fold(text);
  if (std::any_of(folded.begin(), folded.end(), [](char c) { return c >= 'a' && c <= 'z'; }))
    return date_from_words(folded);

  if (all_digits(folded)) {
    const std::string_view digits = folded;
    if (digits.size() == 4) return checked_date({}, {}, digits);
    if (digits.size() == 8) return checked_date(digits.substr(0, 2), digits.substr(2, 2), digits.substr(4));
    return date_fault();
  }

  std::array<std::string_view, 3> parts;
  std::size_t count = 0;
  char separator = 0;
  std::string_view rest = folded;
  while (true) {
    if (count == parts.size()) return date_fault();
    const std::size_t before = rest.size();
    parts[count] = take_digits(rest);
    if (parts[count].empty()) return date_fault();
    const bool spaced = before - rest.size() > parts[count].size();
    ++count;
    if (rest.empty()) break;
    char found = rest[0];
    if (found == '/' || found == '-' || found == '.') {
      take(rest, rest.substr(0, 1));
    } else if (spaced) {
      found = ' ';
    } else {
      return date_fault();
    }
    if (separator != 0 && separator != found) return date_fault();
    separator = found;
  }
  if (separator == '-' && parts[0].size() == 4) return checked_date(parts[2], parts[1], parts[0]);
  if (count == 2) return checked_date({}, parts[0], parts[1]);
  return checked_date(parts[0], parts[1], parts[2]);
}

std::string date_text(const CivilDate& date) {
  if (!date.has_month()) return fmt::format("{:04}", date.year);
  if (!date.has_day()) return fmt::format("{:02}/{:04}", date.month, date.year);
  return fmt::format("{:02}/{:02}/{:04}", date.day, date.month, date.year);
}

std::string date_in_words(const CivilDate& date) {
  std::string out;
  if (date.has_day()) out += fmt::format("ngày {:02} ", date.day);
  if (date.has_month())
    out += date.month < 3 ? fmt::format("tháng {:02} ", date.month) : fmt::format("tháng {} ", date.month);
  return out + fmt::format("năm {}", date.year);
}

Result<std::string> parse_time(std::string_view text) {
  const Error fault{ErrorCode::invalid_argument, "not a time of day: it has the form 8:15, 8h15 or 0815"};
  const std::string folded = fold(text);
  std::string_view rest = folded;
  std::string_view hour = take_digits(rest), minute = "00";
  if (rest.empty() && hour.size() == 4) {
    minute = hour.substr(2);
    hour = hour.substr(0, 2);
  } else {
    const bool colon = take(rest, ":");
    if (!colon && !take(rest, "gio") && !take(rest, "h") && !take(rest, "g")) return fault;
    if (!rest.empty() || colon) {
      minute = take_digits(rest);
      if (minute.size() != 2) return fault;
      if (!colon && !take(rest, "phut")) take(rest, "p");
    }
  }
  if (hour.empty() || hour.size() > 2 || !rest.empty() || value_of(hour) > 23 || value_of(minute) > 59) return fault;
  return fmt::format("{:02}:{:02}", value_of(hour), value_of(minute));
}

namespace {

/// Takes the dots of 1.234.567 away, where they stand as groups of three.
std::optional<std::string> without_groups(std::string_view whole) {
  std::string digits;
  std::size_t group = 0;
  bool grouped = false;
  for (char c : whole) {
    if (c == '.') {
      // 0.123 is not a group: it is a comma mistaken, and 123 would be read.
      const bool first_fits = grouped ? group == 3 : group >= 1 && group <= 3 && digits[0] != '0';
      if (!first_fits) return std::nullopt;
      grouped = true;
      group = 0;
      continue;
    }
    if (!is_digit(c)) return std::nullopt;
    digits += c;
    ++group;
  }
  if (digits.empty() || (grouped && group != 3)) return std::nullopt;
  return digits;
}

std::string with_groups(std::string_view digits) {
  std::string out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) out += '.';
    out += digits[i];
  }
  return out;
}

}  // namespace

Result<Decimal> parse_number(std::string_view text) {
  const Error fault{ErrorCode::invalid_argument,
                    "not a number: it has the form 1.234,5, with a comma before decimals and dots between groups of "
                    "three digits"};
  const std::string folded = fold(text);
  std::string_view rest = folded;
  const bool negative = take(rest, "-") || take(rest, "\xE2\x88\x92");  // U+2212, the minus of word processors
  const std::size_t comma = rest.find(',');
  const std::optional<std::string> whole = without_groups(rest.substr(0, comma));
  if (!whole) return fault;
  std::string plain(negative ? 1 : 0, '-');
  plain += *whole;
  if (comma != std::string_view::npos) {
    const std::string_view decimals = rest.substr(comma + 1);
    if (!all_digits(decimals)) return fault;
    plain.append(".").append(decimals);
  }
  return parse_decimal(plain);
}

Result<std::int64_t> parse_whole_number(std::string_view text) {
  const Result<Decimal> number = parse_number(text);
  if (!number) return number.error();
  if (number->exponent < 0) return Error{ErrorCode::invalid_argument, "not a whole number"};
  std::int64_t value = number->mantissa;
  for (std::int32_t i = 0; i < number->exponent; ++i)
    if (__builtin_mul_overflow(value, std::int64_t{10}, &value))
      return Error{ErrorCode::out_of_bounds, "a number beyond 64 bits"};
  return value;
}

std::string number_text(const Decimal& value) {
  const std::string plain = decimal_text(value);
  std::string_view rest = plain;
  std::string out;
  if (rest.starts_with('-')) {
    out += '-';
    rest.remove_prefix(1);
  }
  const std::size_t point = rest.find('.');
  out += with_groups(rest.substr(0, point));
  if (point != std::string_view::npos) out.append(",").append(rest.substr(point + 1));
  return out;
}

std::string number_text(std::int64_t value) { return number_text(Decimal::from_integer(value)); }

}  // namespace fieldpost::vietnamese
