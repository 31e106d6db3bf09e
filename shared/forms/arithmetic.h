// Exact decimal arithmetic and comparison over answers, for expressions. A result that is no number of at most 18
// digits is Cleared: absent, like the answer it lacks.
#pragma once

#include <compare>
#include <optional>

#include "shared/model/value.h"

namespace fieldpost::arithmetic {

/// Integers, decimals, and text in the form of one; booleans are 1 and 0. Nothing else is a number.
std::optional<Decimal> number_of(const Value& value);
/// An integer where it is one, so that equal numbers are equal values.
Value value_of(const Decimal& number);
/// Dates, and text in ISO form.
std::optional<CivilDate> date_of(const Value& value);
/// What concat() joins and '' compares: empty for Cleared.
std::string text_of(const Value& value);

/// date - date is days; date ± number a date.
Value add(const Value& left, const Value& right);
Value subtract(const Value& left, const Value& right);
Value multiply(const Value& left, const Value& right);
/// 6 places, half away from zero.
Value divide(const Value& left, const Value& right);
/// The remainder has the sign of `left`.
Value modulo(const Value& left, const Value& right);
/// Half away from zero; `places` after the point, 0 to 18.
Value round(const Value& value, std::int32_t places);
/// Towards zero.
Value truncate(const Value& value);

bool equal(const Value& left, const Value& right);
/// Nothing where the two have no order: one is empty, or a text stands beside a number.
std::optional<std::strong_ordering> order(const Value& left, const Value& right);

}  // namespace fieldpost::arithmetic
