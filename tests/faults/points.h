// One point of the day after the other: the disk is put back to how it was when a step began, a process of its own
// goes on from there until its fault strikes, and the next ones pick up what is left: four generations, each of which
// may be struck again while it recovers, the last of which comes to the day's end.
//
// The disk is memory where there is /dev/shm: what a kill leaves is the page cache's either way, and what a power cut
// leaves is the rig's own doing. FIELDPOST_POINTS_FOLDER names another place.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "tests/faults/day.h"
#include "tests/faults/io_faults.h"
#include "tests/support/scratch.h"

namespace fieldpost::test {

class Points {
 public:
  /// How far the last generation goes on.
  enum class Until { next_step, end_of_day };
  /// Does the day once without a fault and keeps the disk as it was before each step.
  explicit Points(Until until, Day::Control control = Day::Control::none);

  /// How many calls a step makes; `reads` counts reads as well.
  std::uint64_t calls_of(std::size_t step, bool reads = false) const;

  /// The process is killed, or the power cut, at the n-th call of a step, and again in the generations after. Empty,
  /// or what did not hold. `seed` draws where the later ones die and what power cuts take.
  std::string struck(std::size_t step, std::uint64_t n, IoFault fault, std::uint64_t seed,
                     bool syncs_are_lies = false);
  /// The n-th call fails, once or from then on: the step says so or is done all the same, what had returned stays,
  /// and without the fault the same step succeeds. Then the same again while the next process recovers.
  std::string failed(std::size_t step, std::uint64_t n, IoFault fault, bool lasting, std::uint64_t seed);
  /// The same for the n-th allocation of SQLite. `tried` says whether there were as many.
  std::string out_of_memory(std::size_t step, std::uint64_t n, bool lasting, bool& tried);

  /// How many processes were struck so far.
  std::uint64_t strikes() const { return strikes_; }

 private:
  struct Start {
    Told told;
    std::uint64_t calls = 0, calls_with_reads = 0;  // of the step
  };
  /// What a process left.
  struct Ended {
    bool killed = false;
    bool failed = false;  // an error was injected
    std::uint64_t calls = 0;
    std::string broken;
  };
  struct Task {
    bool check_first = false;
    bool checks_are_struck = true;
    std::size_t steps = 0;         // so many; then `check`, at the day's end `check_end`
    std::optional<IoPlan> plan;    // armed from the beginning, but for checks that are not struck
    std::uint64_t allocation = 0;  // fails, from 1
    bool allocations_last = false;
  };
  Ended run(Told& told, const Task& task);
  void go_to(std::size_t step);
  IoPlan plan(IoFault fault, std::uint64_t at, std::uint64_t seed) const;
  std::filesystem::path before(std::size_t step) const;

  Until until_;
  Day::Control control_;
  ScratchFolder scratch_;
  std::filesystem::path folder_, attic_, outside_;
  std::vector<Start> starts_;
  std::uint64_t processes_ = 0;
  std::uint64_t strikes_ = 0;
};

}  // namespace fieldpost::test
