// Whatever moment a process dies at, what it had said was done is done, nothing is half done, and the next one goes
// on: the day of tests/faults killed at its calls to the disk, again while it recovers, and once more. Here some of
// the points; all of them by `tools/prove crash`.
#include <doctest/doctest.h>

#include "tests/faults/portion.h"

using namespace fieldpost::test;

TEST_CASE("killed before or after any call to the disk, and again while it recovers, the day comes to its end") {
  const Portion portion = Portion::of_environment(25);
  Points points(portion.until());
  std::uint64_t tried = 0;
  portion.each(points, false, [&](std::size_t step, std::uint64_t n) {
    for (const IoFault fault : {IoFault::kill_before, IoFault::kill_after}) {
      const std::string broken = points.struck(step, n, fault, n * 2 + (fault == IoFault::kill_after));
      CHECK_MESSAGE(broken.empty(), broken);
      ++tried;
    }
  });
  MESSAGE(tried, " points, ", points.strikes(), " kills");
}

TEST_CASE("a program that writes a file under its final name is caught") {
  Points points(Points::Until::next_step, Day::Control::writes_in_place);
  const std::size_t step = Day::step_named("an exports");
  int caught = 0;
  for (std::uint64_t n = 1; n <= points.calls_of(step); ++n)
    caught += !points.struck(step, n, IoFault::kill_before, n).empty();
  CHECK(caught > 0);
}
