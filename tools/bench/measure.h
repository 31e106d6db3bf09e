// Time, memory and folders of a bench run.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <string_view>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost::bench {

class Stopwatch {
 public:
  double seconds() const { return std::chrono::duration<double>(Clock::now() - begun_).count(); }
  double milliseconds() const { return seconds() * 1000; }

 private:
  using Clock = std::chrono::steady_clock;
  Clock::time_point begun_ = Clock::now();
};

/// Durations in milliseconds; `share` of 0.5 is the median. 0 when there is none.
double percentile(std::vector<double> durations, double share);

/// The most memory this process has held (resident) since the last `forget_peak_memory`, in bytes. Where the kernel
/// does not let the mark be reset, since its start.
std::int64_t peak_memory_bytes();
void forget_peak_memory();

/// What all threads of this process have used of the processors, in seconds.
double processor_seconds();

/// A folder that goes away with its owner.
class WorkFolder {
 public:
  WorkFolder();
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// A bench has nobody to explain an error to: it stops the run with its message.
struct Stop {
  Error error;
};
template <class T>
T must(Result<T> result) {
  if (!result) throw Stop{result.error()};
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  if (!result) throw Stop{result.error()};
}
/// Stops the run where a figure would be none of what it says.
inline void expect(bool truth, const char* what) {
  if (!truth) throw Stop{{ErrorCode::damaged, what}};
}

/// Progress, to standard error.
void say(std::string_view what);

}  // namespace fieldpost::bench
