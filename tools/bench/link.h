// Laptop and central with a bad link between them.
#pragma once

#include "tools/bench/figures.h"
#include "tools/bench/shaped_link.h"

namespace fieldpost::bench {

struct LinkOptions {
  std::size_t records = 10'000;
  LinkShape shape;
};

/// To be called while the program has one thread, which stays in a network namespace of its own. Throws Stop:
/// forbidden where there can be no such link.
Figures measure_link(const LinkOptions& options);

}  // namespace fieldpost::bench
