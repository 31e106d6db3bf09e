// Whatever call to the disk fails, and whatever request for memory: the step that met it says so, what had returned
// stays, nothing is half done, and once the fault is gone the same step succeeds. Here some of the points; all of
// them by `tools/prove disk`.
#include <doctest/doctest.h>

#include "shared/storage/salvage.h"
#include "tests/faults/portion.h"
#include "tests/support/laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

TEST_CASE("a call that fails once or for good is told, loses nothing, and the step succeeds once the disk is well") {
  const Portion portion = Portion::of_environment(25);
  Points points(portion.until());
  std::uint64_t tried = 0;
  portion.each(points, true, [&](std::size_t step, std::uint64_t n) {
    for (const IoFault fault : {IoFault::eio, IoFault::enospc, IoFault::short_write})
      for (const bool lasting : {false, true}) {
        if (portion.is_sample() && (n + static_cast<std::uint64_t>(fault)) % 3 != 0) continue;
        const std::string broken = points.failed(step, n, fault, lasting, n);
        CHECK_MESSAGE(broken.empty(), broken);
        ++tried;
      }
  });
  MESSAGE(tried, " points, ", points.strikes(), " processes with errors");
}

TEST_CASE("memory that runs out under the store is told, loses nothing, and the step succeeds once there is some") {
  const Portion portion = Portion::of_environment(25);
  Points points(portion.until());
  std::uint64_t tried = 0;
  for (std::size_t step = 0; step < Day::steps(); ++step) {
    if (!portion.takes(step)) continue;
    bool met = true;
    // Every allocation of the first hundreds, then ever fewer: steps make many thousands, most of them alike.
    for (std::uint64_t n = 1 + portion.first; met;
         n += portion.is_sample() ? 30 + n * 4 : portion.every * (1 + n / 200)) {
      const std::string broken = points.out_of_memory(step, n, n % 2 == 0, met);
      CHECK_MESSAGE(broken.empty(), broken);
      tried += met;
    }
  }
  MESSAGE(tried, " allocations");
}

TEST_CASE("a program that tells a save as done although it failed is caught") {
  Points points(Points::Until::next_step, Day::Control::hides_errors);
  const std::size_t step = Day::step_named("an writes");
  int caught = 0;
  for (std::uint64_t n = 40; n <= points.calls_of(step, true) && caught == 0; n += 5)
    caught += !points.failed(step, n, IoFault::eio, true, n).empty();
  CHECK(caught > 0);
}

// Closing a database says nothing of a log that could not be moved into its file; the new store was then put in place
// without it, and the log was thrown away.
TEST_CASE("a salvage whose last calls to the disk fail says so, or the store it has put in place is whole") {
  const Catalogue catalogue = small_catalogue();
  LaptopStore laptop(catalogue);
  for (int i = 0; i < 12; ++i) laptop.keep("visit", {{"title", "Buổi " + std::to_string(i)}});
  laptop.close();
  const std::filesystem::path file = laptop.folder / "store.db";
  flip_byte(file, std::filesystem::file_size(file) / 2);
  const std::string damaged = file_content(file);
  IoPlan plan;
  plan.folder = laptop.folder.path().string();
  plan.reads = true;
  // What a salvage without faults keeps, and how many calls it makes.
  arm(plan);
  const Result<SalvageReport> first = salvage_store(laptop.options, laptop.environment);
  disarm();
  REQUIRE(first);
  REQUIRE(first->changes > 0);
  plan.fault = IoFault::eio;
  const std::uint64_t calls = io_calls();
  for (plan.at = calls - 60; plan.at <= calls; plan.at += 2) {
    CAPTURE(plan.at);
    for (const auto& entry : std::filesystem::directory_iterator(laptop.folder.path()))
      std::filesystem::remove_all(entry.path());
    write_file(file, damaged);
    arm(plan);
    Result<SalvageReport> report = salvage_store(laptop.options, laptop.environment);
    disarm();
    if (!report && !*store_is_whole(laptop.options)) report = salvage_store(laptop.options, laptop.environment);
    laptop.open();
    const Result<Verification> verified = laptop.store->verify();
    REQUIRE(verified);
    CHECK(verified->ok);
    CHECK(verified->changes == first->changes);
    laptop.close();
  }
}
