#include "shared/foundation/decimal.h"

namespace fieldpost {

namespace {

constexpr std::int32_t exponent_limit = 18;  // 10^18 is the largest power of ten in 64 bits

Error too_many_places() { return Error{ErrorCode::out_of_bounds, "a number with more than 18 places"}; }

}  // namespace

Result<Decimal> Decimal::make(std::int64_t mantissa, std::int32_t exponent) {
  if (mantissa == 0) return Decimal{};
  // Asked before the zeros are counted, so that an exponent off the wire cannot overflow.
  if (exponent > exponent_limit) return too_many_places();
  while (mantissa % 10 == 0) {
    mantissa /= 10;
    ++exponent;
  }
  if (exponent < -exponent_limit || exponent > exponent_limit) return too_many_places();
  Decimal out;
  out.mantissa = mantissa;
  out.exponent = exponent;
  return out;
}

Decimal Decimal::from_integer(std::int64_t value) { return *make(value, 0); }

std::string decimal_text(const Decimal& value) {
  const bool negative = value.mantissa < 0;
  // The magnitude of INT64_MIN does not fit a signed number.
  std::uint64_t magnitude =
      negative ? ~static_cast<std::uint64_t>(value.mantissa) + 1 : static_cast<std::uint64_t>(value.mantissa);
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
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  const std::string_view whole = text.substr(0, point);
  const std::string_view places = point == std::string_view::npos ? std::string_view{} : text.substr(point + 1);
  std::string digits{whole};
  digits += places;
  if (whole.empty() || (point != std::string_view::npos && places.empty()) ||
      digits.find_first_not_of("0123456789") != std::string::npos)
    return fault;

  // Zeros at the end go into the exponent first: 15 × 10^18 has a text that does not fit 64 bits as it stands.
  const std::size_t last = digits.find_last_not_of('0');
  if (last == std::string::npos) return Decimal{};
  const auto exponent =
      static_cast<std::int64_t>(digits.size() - (last + 1)) - static_cast<std::int64_t>(places.size());
  if (exponent < -exponent_limit || exponent > exponent_limit) return too_many_places();
  std::int64_t mantissa = 0;
  for (char c : std::string_view(digits).substr(0, last + 1)) {
    // Built downwards, since the smallest number has no positive twin.
    if (__builtin_mul_overflow(mantissa, std::int64_t{10}, &mantissa) ||
        __builtin_sub_overflow(mantissa, std::int64_t{c - '0'}, &mantissa))
      return Error{ErrorCode::out_of_bounds, "a number beyond 64 bits"};
  }
  if (!negative && __builtin_sub_overflow(std::int64_t{0}, mantissa, &mantissa))
    return Error{ErrorCode::out_of_bounds, "a number beyond 64 bits"};
  return Decimal::make(mantissa, static_cast<std::int32_t>(exponent));
}

}  // namespace fieldpost
