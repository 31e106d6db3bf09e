// No clock decides what adds up: the same days under six clocks give the same heads, the same conflicts and the same
// answers of central. Here some pairs; ten thousand by `tools/prove clocks`.
#include <doctest/doctest.h>

#include <cstdlib>

#include "tools/simulation/clock_pairs.h"

using namespace fieldpost::simulation;

TEST_CASE("the same days under any clock give the same heads, each change called by its laptop and its save") {
  const char* wish = std::getenv("FIELDPOST_CLOCK_PAIRS");
  const std::uint64_t wanted = wish != nullptr && *wish != '\0' ? std::strtoull(wish, nullptr, 10) : 50;
  std::uint64_t pairs = 0, rivals = 0;
  for (std::uint64_t seed = 1; pairs < wanted; ++seed) {
    const std::string right = heads_under(Clocks::right, seed);
    CHECK_MESSAGE(right.find("broken") == std::string::npos, "seed " << seed << ": " << right);
    rivals += right.find(",") != std::string::npos && right.find("conflicts 0") == std::string::npos;
    for (int clocks = 1; clocks < clocks_count && pairs < wanted; ++clocks, ++pairs) {
      const std::string other = heads_under(static_cast<Clocks>(clocks), seed);
      CHECK_MESSAGE(other == right,
                    "seed " << seed << ", clock " << clocks << ": " << other << " instead of " << right);
    }
  }
  CHECK(rivals > 0);
  MESSAGE(pairs, " pairs");
}

TEST_CASE("a program in which the newest clock settles conflicts is caught") {
  bool caught = false;
  for (std::uint64_t seed = 1; seed <= 50 && !caught; ++seed) {
    const std::string right = heads_under(Clocks::right, seed, true);
    for (int clocks = 1; clocks < clocks_count && !caught; ++clocks)
      caught = heads_under(static_cast<Clocks>(clocks), seed, true) != right;
  }
  CHECK(caught);
}
