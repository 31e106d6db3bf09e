// How long it takes to find who is recorded twice: among all the people of a laptop, and for one while typing.
#pragma once

#include <cstddef>

#include "tools/bench/figures.h"

namespace fieldpost::bench {

struct MatchingOptions {
  std::size_t people = 100'000, typed = 1'000;
};

/// Throws Stop.
Figures measure_matching(const MatchingOptions& options);

}  // namespace fieldpost::bench
