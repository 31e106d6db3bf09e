// Exact decimal numbers: mantissa × 10^exponent. No binary floats anywhere.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "shared/foundation/result.h"

namespace fieldpost {

/// Always without trailing zeros: 1.50 is 15 × 10^-1; zero is 0 × 10^0. So equal numbers are equal members.
struct Decimal {
  std::int64_t mantissa = 0;
  std::int32_t exponent = 0;  // -18 … 18

  /// Takes trailing zeros off first. Errors: out_of_bounds.
  static Result<Decimal> make(std::int64_t mantissa, std::int32_t exponent);
  static Decimal from_integer(std::int64_t value);
  bool operator==(const Decimal&) const = default;
};

/// Plain digits with a point: `-12.5`. Never an exponent.
std::string decimal_text(const Decimal& value);
/// Reads that form. Errors: invalid_argument; out_of_bounds beyond 64 bits of digits or 18 places.
Result<Decimal> parse_decimal(std::string_view text);

}  // namespace fieldpost
