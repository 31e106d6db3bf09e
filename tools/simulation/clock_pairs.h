// The same days under different clocks: what adds up to heads must not know what a clock said. A scenario of its own
// with the real store, exchange and endpoint, none of whose decisions depends on ids, sizes or clocks; ids differ
// between the two runs of a pair, so every change is called by its laptop and the number of its save there.
#pragma once

#include <cstdint>
#include <string>

namespace fieldpost::simulation {

enum class Clocks {
  right,
  ahead,   // ten years
  behind,  // ten years
  at_1970,
  at_9999,
  jumping,  // anywhere between them at every step, backwards too
};
inline constexpr int clocks_count = 6;

/// Every record's heads on every replica after one history: the same text for the same heads. Laptops have these
/// clocks, with odd seeds central as well. With `clock_decides`, a known-bad variant, whoever meets a conflict
/// settles it in favour of the newest clock.
std::string heads_under(Clocks clocks, std::uint64_t seed, bool clock_decides = false);

}  // namespace fieldpost::simulation
