// One laptop and its central on this machine: saves, sync, a large store, beside the plain-SQLite floor.
#pragma once

#include <cstddef>

#include "tools/bench/figures.h"

namespace fieldpost::bench {

struct CoreOptions {
  std::size_t records = 10'000, large = 100'000, saves = 1'000, searches = 50;
};

/// Throws Stop.
Figures measure_core(const CoreOptions& options);

}  // namespace fieldpost::bench
