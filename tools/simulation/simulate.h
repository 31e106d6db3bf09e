// `fieldpostctl simulate`: any range of seeds.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "tools/simulation/history.h"

namespace fieldpost::simulation {

struct Range {
  std::uint64_t first = 1, last = 1;  // both included
};
/// `A..B` or `A`.
std::optional<Range> parse_range(std::string_view text);

struct Summary {
  std::int64_t histories = 0;
  std::int64_t broken = 0;
  std::map<std::string, std::int64_t> counters;
  std::map<std::uint64_t, std::string> broken_seeds;  // the first thousand, with what did not hold
  std::uint64_t trace = 0;                            // over all histories, in order
};

/// Runs the seeds in order on this thread, and splits them over `jobs` processes where that is more than one. Stops
/// at the first broken history when `stop_at_first`. `progress` is called now and then with how many are done.
Summary simulate(const Range& seeds, const Options& options, unsigned jobs, bool stop_at_first,
                 const std::function<void(std::int64_t)>& progress);

}  // namespace fieldpost::simulation
