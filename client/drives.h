// The drives a person may have put in: what the sync page offers to write a bundle to. Linux, from /proc.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace fieldpost {

struct Drive {
  std::filesystem::path path;
  std::string name;  // what the desktop calls it: the last part of its path
  std::uint64_t free_bytes = 0;
  bool can_write = true;
};

/// The drives that a desktop mounts for a person, in /media or /run/media, by their path. `mounts` is the text
/// of /proc/self/mounts; its escapes (\040 for a space) are read.
std::vector<Drive> drives_in(std::string_view mounts);
/// Those of this machine at this moment.
std::vector<Drive> mounted_drives();

/// Tells when a drive is put in or taken out, without asking again and again: the kernel wakes whoever polls
/// /proc/self/mounts (proc(5)).
class DriveWatch {
 public:
  /// `changed` is called on a thread of its own.
  explicit DriveWatch(std::function<void()> changed);
  ~DriveWatch();
  DriveWatch(const DriveWatch&) = delete;
  DriveWatch& operator=(const DriveWatch&) = delete;

 private:
  int mounts_ = -1, stop_ = -1;
  std::thread thread_;
};

}  // namespace fieldpost
