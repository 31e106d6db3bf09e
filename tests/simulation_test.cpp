// The simulation in CI's size: some hundred histories hold, the same seed gives the same trace, and every known-bad
// variant is caught. A rig that cannot fail is a defect.
#include <doctest/doctest.h>

#include "tools/simulation/simulate.h"

using namespace fieldpost::simulation;

TEST_CASE("three hundred histories with every fault hold every promise") {
  const Summary summary = simulate({1, 300}, Options{}, 2, false, nullptr);
  for (const auto& [seed, what] : summary.broken_seeds) FAIL_CHECK("seed " << seed << ": " << what);
  CHECK(summary.histories == 300);
  // A simulator finds only what it generates: each fault and each situation has to occur.
  for (const char* counter : {"saves",
                              "exchanges",
                              "exchanges cut",
                              "late repeats",
                              "laptop crashes",
                              "central crashes",
                              "laptop restores",
                              "clones",
                              "central restores",
                              "bundles read",
                              "bundles read by central",
                              "bundles for colleagues",
                              "bundles cut",
                              "new epochs",
                              "new incarnations met",
                              "held",
                              "fields with rivals",
                              "conflicts settled",
                              "clock jumps",
                              "forms learnt",
                              "sessions shared"})
    CHECK_MESSAGE(summary.counters.at(counter) > 10, counter);
  // The rare ones are for `tools/prove histories`, which prints them all.
  for (const std::string& situation : situations()) {
    const auto met = summary.counters.find(situation);
    CHECK_MESSAGE((met != summary.counters.end() && met->second > 0), situation << " never occurred");
  }
}

TEST_CASE("with twelve laptops, three who reconcile and couriers, what central holds delays nobody else") {
  Options wide;
  wide.wide = true;
  const Summary summary = simulate({1, 40}, wide, 2, false, nullptr);
  for (const auto& [seed, what] : summary.broken_seeds) FAIL_CHECK("seed " << seed << ": " << what);
  for (const char* counter : {"laptops with something held at rest", "bundles relayed"})
    CHECK_MESSAGE(summary.counters.at(counter) > 0, counter);
}

TEST_CASE("three clerks at the desk: numbers are given once and closed windows do not move") {
  Options desk;
  desk.desk = true;
  const Summary summary = simulate({1, 20}, desk, 2, false, nullptr);
  for (const auto& [seed, what] : summary.broken_seeds) FAIL_CHECK("seed " << seed << ": " << what);
  for (const char* counter :
       {"decisions", "numbers given", "closed windows made again", "closed windows with late records"})
    CHECK_MESSAGE(summary.counters.at(counter) > 0, counter);
}

TEST_CASE("histories that broke once hold") {
  Options before_sticks;  // each seed stands for its history as it was then
  before_sticks.sticks = false;
  for (const std::uint64_t seed :
       {323, 324, 508, 1074, 1406, 2408, 2419, 2767, 2929, 4128, 6069, 7368, 7408, 8647, 8986, 9424, 13280})
    CHECK_MESSAGE(run_history(seed, before_sticks).broken.empty(), "seed " << seed);
  // With the third road.
  for (const std::uint64_t seed : {1050, 1074, 2141, 4676, 6643, 49583})
    CHECK_MESSAGE(run_history(seed, Options{}).broken.empty(), "seed " << seed);
}

TEST_CASE("the same seed gives the same trace") {
  for (const std::uint64_t seed : {7u, 8u, 9u})
    CHECK(run_history(seed, Options{}).trace == run_history(seed, Options{}).trace);
  CHECK(run_history(7, Options{}).trace != run_history(8, Options{}).trace);
}

TEST_CASE("a desk that numbers too early, or reports a closed window from today's data, is caught") {
  for (const char* name : {"numbers-at-once", "live-figures"}) {
    Options options;
    options.desk = true;
    options.control = *parse_control(name);
    CHECK_MESSAGE(simulate({1, 1000}, options, 1, true, nullptr).broken > 0, name);
  }
}

TEST_CASE("every known-bad variant is caught within 1,000 seeds") {
  for (const char* name : {"device-sequence-id", "base-at-save", "no-incarnation", "last-writer-wins",
                           "ack-before-commit", "cursor-first", "wal-normal", "delete-wins"}) {
    Options options;
    options.control = *parse_control(name);
    const Summary summary = simulate({1, 1000}, options, 1, true, nullptr);
    CHECK_MESSAGE(summary.broken > 0, name);
    for (const auto& [seed, what] : summary.broken_seeds)
      MESSAGE(std::string(name) << " caught at seed " << seed << ": " << what);
  }
}
