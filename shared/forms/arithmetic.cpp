#include "shared/forms/arithmetic.h"

#include <limits>

namespace fieldpost::arithmetic {

namespace {

__extension__ typedef __int128 Wide;

/// mantissa × 10^exponent, before it is known to fit a Decimal.
struct WideNumber {
  Wide mantissa = 0;
  std::int32_t exponent = 0;
};

std::optional<Wide> times_power_of_ten(Wide value, std::int32_t power) {
  for (; power > 0; --power)
    if (__builtin_mul_overflow(value, Wide{10}, &value)) return std::nullopt;
  return value;
}

Value narrow(WideNumber number) {
  if (number.mantissa == 0) return std::int64_t{0};
  while (number.mantissa % 10 == 0) {
    number.mantissa /= 10;
    ++number.exponent;
  }
  if (number.mantissa > std::numeric_limits<std::int64_t>::max() ||
      number.mantissa < std::numeric_limits<std::int64_t>::min())
    return Cleared{};
  const Result<Decimal> decimal = Decimal::make(static_cast<std::int64_t>(number.mantissa), number.exponent);
  if (!decimal) return Cleared{};
  return value_of(*decimal);
}

/// Both with the smaller exponent.
std::optional<std::pair<Wide, Wide>> aligned(const Decimal& left, const Decimal& right, std::int32_t& exponent) {
  exponent = std::min(left.exponent, right.exponent);
  const auto a = times_power_of_ten(left.mantissa, left.exponent - exponent);
  const auto b = times_power_of_ten(right.mantissa, right.exponent - exponent);
  if (!a || !b) return std::nullopt;
  return std::pair{*a, *b};
}

/// Half away from zero.
Wide rounded_quotient(Wide numerator, Wide denominator) {
  const Wide quotient = numerator / denominator;
  const Wide rest = numerator % denominator;
  const Wide rest_size = rest < 0 ? -rest : rest;
  const Wide whole_size = denominator < 0 ? -denominator : denominator;
  if (rest_size < whole_size - rest_size) return quotient;
  return (numerator < 0) == (denominator < 0) ? quotient + 1 : quotient - 1;
}

Value date_plus(const CivilDate& date, const Value& days) {
  const auto* whole = std::get_if<std::int64_t>(&days);
  if (!whole || *whole > 4'000'000 || *whole < -4'000'000) return Cleared{};
  const std::int64_t day = day_number(date) + *whole;
  const CivilDate first{1, 1, 1}, last{9999, 12, 31};
  if (day < day_number(first) || day > day_number(last)) return Cleared{};
  return from_day_number(day);
}

const CivilDate* as_date(const Value& value) { return std::get_if<CivilDate>(&value); }

}  // namespace

std::optional<Decimal> number_of(const Value& value) {
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return Decimal::from_integer(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return *decimal;
  if (const auto* yes = std::get_if<bool>(&value)) return Decimal::from_integer(*yes ? 1 : 0);
  if (const auto* text = std::get_if<std::string>(&value))
    if (const Result<Decimal> parsed = parse_decimal(*text)) return *parsed;
  return std::nullopt;
}

Value value_of(const Decimal& number) {
  if (number.exponent >= 0) {
    const auto whole = times_power_of_ten(number.mantissa, number.exponent);
    if (whole && *whole <= std::numeric_limits<std::int64_t>::max() &&
        *whole >= std::numeric_limits<std::int64_t>::min())
      return static_cast<std::int64_t>(*whole);
  }
  return number;
}

std::optional<CivilDate> date_of(const Value& value) {
  if (const CivilDate* date = as_date(value)) return *date;
  if (const auto* text = std::get_if<std::string>(&value))
    if (const Result<CivilDate> parsed = parse_iso_date(*text)) return *parsed;
  return std::nullopt;
}

std::string text_of(const Value& value) {
  if (const auto* yes = std::get_if<bool>(&value)) return *yes ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return std::to_string(*whole);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return decimal_text(*decimal);
  if (const auto* words = std::get_if<std::string>(&value)) return *words;
  if (const auto* date = std::get_if<CivilDate>(&value)) return iso_text(*date);
  if (const auto* id = std::get_if<EntityId>(&value)) return text(*id);
  if (const auto* attachment = std::get_if<Attachment>(&value)) return text(attachment->id.digest);
  return {};
}

Value add(const Value& left, const Value& right) {
  if (const CivilDate* date = as_date(left)) return date_plus(*date, right);
  if (const CivilDate* date = as_date(right)) return date_plus(*date, left);
  const auto a = number_of(left), b = number_of(right);
  if (!a || !b) return Cleared{};
  std::int32_t exponent = 0;
  const auto both = aligned(*a, *b, exponent);
  Wide sum = 0;
  if (!both || __builtin_add_overflow(both->first, both->second, &sum)) return Cleared{};
  return narrow({sum, exponent});
}

Value subtract(const Value& left, const Value& right) {
  if (as_date(left) && date_of(right)) return day_number(*as_date(left)) - day_number(*date_of(right));
  if (as_date(right) && date_of(left)) return day_number(*date_of(left)) - day_number(*as_date(right));
  return add(left, multiply(right, std::int64_t{-1}));
}

Value multiply(const Value& left, const Value& right) {
  const auto a = number_of(left), b = number_of(right);
  if (!a || !b) return Cleared{};
  return narrow({Wide{a->mantissa} * b->mantissa, a->exponent + b->exponent});
}

Value divide(const Value& left, const Value& right) {
  constexpr std::int32_t places = 6;
  const auto a = number_of(left), b = number_of(right);
  if (!a || !b || b->mantissa == 0) return Cleared{};
  const std::int32_t shift = a->exponent - b->exponent + places;
  if (shift >= 0) {
    const auto numerator = times_power_of_ten(a->mantissa, shift);
    if (!numerator) return Cleared{};
    return narrow({rounded_quotient(*numerator, b->mantissa), -places});
  }
  const auto denominator = times_power_of_ten(b->mantissa, -shift);
  if (!denominator) return std::int64_t{0};  // smaller than any place that is kept
  return narrow({rounded_quotient(a->mantissa, *denominator), -places});
}

Value modulo(const Value& left, const Value& right) {
  const auto a = number_of(left), b = number_of(right);
  if (!a || !b || b->mantissa == 0) return Cleared{};
  std::int32_t exponent = 0;
  const auto both = aligned(*a, *b, exponent);
  if (!both) return Cleared{};
  return narrow({both->first % both->second, exponent});
}

Value round(const Value& value, std::int32_t places) {
  const auto number = number_of(value);
  if (!number || places < 0 || places > 18) return Cleared{};
  if (number->exponent >= -places) return value_of(*number);
  const auto unit = times_power_of_ten(1, -number->exponent - places);
  return narrow({rounded_quotient(number->mantissa, *unit), -places});
}

Value truncate(const Value& value) {
  const auto number = number_of(value);
  if (!number) return Cleared{};
  if (number->exponent >= 0) return value_of(*number);
  const auto unit = times_power_of_ten(1, -number->exponent);
  return narrow({number->mantissa / *unit, 0});
}

std::optional<std::strong_ordering> order(const Value& left, const Value& right) {
  if (is_cleared(left) || is_cleared(right)) return std::nullopt;
  if (as_date(left) || as_date(right)) {
    const auto a = date_of(left), b = date_of(right);
    if (!a || !b) return std::nullopt;
    return day_number(*a) <=> day_number(*b);
  }
  const bool texts = std::holds_alternative<std::string>(left) && std::holds_alternative<std::string>(right);
  const auto a = number_of(left), b = number_of(right);
  if (a && b) {
    std::int32_t exponent = 0;
    if (const auto both = aligned(*a, *b, exponent))
      return both->first < both->second   ? std::strong_ordering::less
             : both->first > both->second ? std::strong_ordering::greater
                                          : std::strong_ordering::equal;
    // So far apart that one does not fit beside the other: signs and the larger exponent decide.
    const auto sign = [](const Decimal& number) { return number.mantissa < 0 ? -1 : number.mantissa > 0 ? 1 : 0; };
    if (sign(*a) != sign(*b)) return sign(*a) <=> sign(*b);
    return a->exponent > b->exponent ? sign(*a) <=> 0 : 0 <=> sign(*a);
  }
  if (texts) return std::get<std::string>(left) <=> std::get<std::string>(right);
  return std::nullopt;
}

bool equal(const Value& left, const Value& right) {
  if (is_cleared(left) || is_cleared(right)) return text_of(left).empty() && text_of(right).empty();
  // Codes are texts: '01' is not '1'.
  if (std::holds_alternative<std::string>(left) && std::holds_alternative<std::string>(right)) return left == right;
  if (const auto ordering = order(left, right)) return *ordering == std::strong_ordering::equal;
  return text_of(left) == text_of(right);
}

}  // namespace fieldpost::arithmetic
