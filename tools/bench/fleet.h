// Many laptops at once against one central, which is a process of its own.
#pragma once

#include <cstddef>

#include "tools/bench/figures.h"

namespace fieldpost::bench {

struct FleetOptions {
  std::size_t laptops = 500, records = 100, units = 25;  // all at once, so many new records each
  // The same number of laptops' years: so many come back with so many changes each, beside one that alone has as
  // many as all of them.
  std::size_t year_laptops = 200, year_changes = 250;
};

/// To be called while the program has one thread: it forks. Throws Stop.
Figures measure_fleet(const FleetOptions& options);

}  // namespace fieldpost::bench
