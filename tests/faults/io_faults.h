// Faults of the disk under the real code: the program's own open, write, sync, rename… come through here first.
// Linked into a test program, these functions stand before the C library's, also for SQLCipher and the standard
// library; until `arm` they pass everything on.
//
// Counted is every call that changes, or makes durable, something under one folder; with `reads` every read as well.
// At the n-th of them the process dies, the power goes, or the call fails.
#pragma once

#include <cstdint>
#include <string>

namespace fieldpost::test {

enum class IoFault {
  none,         // count alone
  kill_before,  // SIGKILL, the call never made
  kill_after,   // SIGKILL right after it
  /// SIGKILL before it, and what was not synced is lost: of writes every sector of 512 bytes stays or goes by itself;
  /// of names (new, renamed, removed) as many as the journal of the file system had reached, in their order.
  power_cut,
  eio,          // the call fails
  enospc,       // the call fails: the disk is full
  short_write,  // a write writes half, and the next one finds the disk full; any other call fails with ENOSPC
};

struct IoPlan {
  std::string folder;  // with all that is below it
  IoFault fault = IoFault::none;
  std::uint64_t at = 0;  // the n-th call, from 1
  bool lasting = false;  // errors: every later call fails as well
  bool reads = false;    // errors: reads are calls too
  /// Where a power cut keeps removed names until it is known whether they stay removed: on the same file system.
  std::string attic;
  std::uint64_t seed = 0;       // of what a power cut takes
  bool syncs_are_lies = false;  // a known-bad disk: a sync returns and nothing is durable
};

/// From here on calls count, from 1.
void arm(const IoPlan& plan);
/// Everything passes again.
void disarm();
/// While it lives, calls pass uncounted: what the world does, not the program.
class IoPause {
 public:
  IoPause();
  ~IoPause();
  IoPause(const IoPause&) = delete;
  IoPause& operator=(const IoPause&) = delete;

 private:
  bool was_armed_;
};
std::uint64_t io_calls();
/// Whether a call has failed since `arm`.
bool io_failed();

}  // namespace fieldpost::test
