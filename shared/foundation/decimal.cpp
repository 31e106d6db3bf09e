#include "shared/foundation/decimal.h"

namespace fieldpost {

namespace {
constexpr std::int32_t exponent_limit = 18;  // 10^18 is the largest power of ten in 64 bits
}

Result<Decimal> Decimal::make(std::int64_t mantissa, std::int32_t exponent) {
  if (mantissa == 0) return Decimal{};
  while (mantissa % 10 == 0) {
    mantissa /= 10;
    ++exponent;
  }
  if (exponent < -exponent_limit || exponent > exponent_limit)
    return Error{ErrorCode::out_of_bounds, "a number with more than 18 places"};
  Decimal out;
  out.mantissa = mantissa;
  out.exponent = exponent;
  return out;
}

Decimal Decimal::from_integer(std::int64_t value) { return *make(value, 0); }

std::string decimal_text(const Decimal& value) {
  const bool negative = value.mantissa < 0;
  // The magnitude of INT64_MIN does not fit a signed number.
  std::uint64_t magnitude = negative ? ~static_cast<std::uint64_t>(value.mantissa) + 1
                                     : static_cast<std::uint64_t>(value.mantissa);
  std::string digits = std::to_string(magnitude);
  if (value.exponent > 0) digits.append(static_cast<std::size_t>(value.exponent), '0');
  if (value.exponent < 0) {
    const auto places = static_cast<std::size_t>(-value.exponent);
    if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
    digits.insert(digits.size() - places, 1, '.');
  }
  return negative ? "-" + digits : digits;
}

Result<Decimal> parse_decimal(std::string_view text) {
  const Error fault{ErrorCode::invalid_argument, "not a number: it has the form 12.5"};
  std::size_t at = 0;
  const bool negative = !text.empty() && text[0] == '-';
  if (negative) at = 1;
  std::int64_t mantissa = 0;
  std::int32_t exponent = 0;
  bool point = false, any = false;
  for (; at < text.size(); ++at) {
    if (text[at] == '.' && !point && any) {
      point = true;
      continue;
    }
    if (text[at] < '0' || text[at] > '9') return fault;
    any = true;
    const int digit = text[at] - '0';
    // Built downwards, since the smallest number has no positive twin.
    if (__builtin_mul_overflow(mantissa, std::int64_t{10}, &mantissa) ||
        __builtin_sub_overflow(mantissa, std::int64_t{digit}, &mantissa))
      return Error{ErrorCode::out_of_bounds, "a number beyond 64 bits"};
    if (point) --exponent;
  }
  if (!any || text.back() == '.') return fault;
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, mantissa, &mantissa))
    return Error{ErrorCode::out_of_bounds, "a number beyond 64 bits"};
  return Decimal::make(mantissa, exponent);
}

}  // namespace fieldpost
