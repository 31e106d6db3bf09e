#include "tools/bench/measure.h"

#include <fmt/format.h>
#include <malloc.h>
#include <stdlib.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <string>

namespace fieldpost::bench {

double percentile(std::vector<double> durations, double share) {
  if (durations.empty()) return 0;
  std::sort(durations.begin(), durations.end());
  const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(durations.size())));
  return durations[std::clamp<std::size_t>(rank, 1, durations.size()) - 1];
}

std::int64_t peak_memory_bytes() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);)
    if (line.starts_with("VmHWM:")) return std::stoll(line.substr(6)) * 1024;
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

void forget_peak_memory() {
  // What was freed but not given back belongs to the section before.
  malloc_trim(0);
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): resets the peak mark
}

void say(std::string_view what) { fmt::print(stderr, "bench: {}\n", what); }

double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

WorkFolder::WorkFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "fieldpost-bench-XXXXXX").string();
  if (::mkdtemp(name.data()) == nullptr) throw Stop{{ErrorCode::io, "no temporary folder can be made"}};
  path_ = name;
}

WorkFolder::~WorkFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace fieldpost::bench
