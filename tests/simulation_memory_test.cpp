// Histories over replicas in memory, in CI's size: thousands hold, and the known-bad variants of the merge are
// caught.
#include <doctest/doctest.h>

#include "tools/simulation/memory.h"
#include "tools/simulation/simulate.h"

using namespace fieldpost::simulation;

namespace {

Options in_memory() {
  Options options;
  options.memory = true;
  return options;
}

}  // namespace

TEST_CASE("three thousand histories in memory hold every promise of the merge") {
  const Summary summary = simulate({1, 3000}, in_memory(), 2, false, nullptr);
  for (const auto& [seed, what] : summary.broken_seeds) FAIL_CHECK("seed " << seed << ": " << what);
  CHECK(summary.histories == 3000);
  for (const char* counter :
       {"saves", "exchanges", "requests lost", "answers lost", "repeats", "late repeats", "sticks", "laptop restores",
        "clones", "central restores", "new epochs", "conflicts settled", "fields with rivals"})
    CHECK_MESSAGE(summary.counters.at(counter) > 100, counter);
}

TEST_CASE("the same seed gives the same trace in memory too") {
  for (const std::uint64_t seed : {7u, 8u, 9u})
    CHECK(run_memory_history(seed, {}).trace == run_memory_history(seed, {}).trace);
  CHECK(run_memory_history(7, {}).trace != run_memory_history(8, {}).trace);
}

TEST_CASE("every known-bad variant of the merge is caught in memory within 1,000 seeds") {
  for (const char* name :
       {"device-sequence-id", "base-at-save", "no-incarnation", "last-writer-wins", "delete-wins"}) {
    Options options = in_memory();
    options.control = *parse_control(name);
    const Summary summary = simulate({1, 1000}, options, 1, true, nullptr);
    CHECK_MESSAGE(summary.broken > 0, name);
    for (const auto& [seed, what] : summary.broken_seeds)
      MESSAGE(std::string(name) << " caught at seed " << seed << ": " << what);
  }
}
