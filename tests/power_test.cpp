// Whatever moment the power goes at, what was said to be done is done: the day of tests/faults over a disk that
// forgets what was not synced or tears it at 512 bytes, and forgets new names, removals and renames whose folder was
// not synced. Here some of the points; all of them by `tools/prove power`.
#include <doctest/doctest.h>

#include "tests/faults/portion.h"

using namespace fieldpost::test;

namespace {

constexpr std::uint64_t outcomes = 3;  // of one cut

}  // namespace

TEST_CASE("when the power goes before any call to the disk, and again while it recovers, the day comes to its end") {
  const Portion portion = Portion::of_environment(16);
  Points points(portion.until());
  std::uint64_t tried = 0;
  portion.each(points, false, [&](std::size_t step, std::uint64_t n) {
    for (std::uint64_t outcome = 0; outcome < outcomes; ++outcome) {
      const std::string broken = points.struck(step, n, IoFault::power_cut, n * outcomes + outcome);
      CHECK_MESSAGE(broken.empty(), broken);
      ++tried;
    }
  });
  MESSAGE(tried, " points, ", points.strikes(), " power cuts");
}

TEST_CASE("a disk that says it has synced and has not is caught") {
  Points points(Points::Until::next_step);
  const std::size_t step = Day::step_named("an writes");
  int caught = 0;
  for (std::uint64_t n = 40; n <= points.calls_of(step) && caught == 0; n += 5)
    caught += !points.struck(step, n, IoFault::power_cut, n, true).empty();
  CHECK(caught > 0);
}
