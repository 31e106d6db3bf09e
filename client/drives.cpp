#include "client/drives.h"

#include <algorithm>
#include <array>
#include <fstream>
#include <sstream>

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

namespace fieldpost {

namespace {

constexpr std::array<std::string_view, 2> roots = {"/media/", "/run/media/"};

/// proc(5): space, tab, newline and backslash come as three octal digits.
std::string unescaped(std::string_view field) {
  std::string out;
  for (std::size_t i = 0; i < field.size(); ++i) {
    const auto digit = [&](std::size_t at) { return at < field.size() && field[at] >= '0' && field[at] <= '7'; };
    if (field[i] == '\\' && digit(i + 1) && digit(i + 2) && digit(i + 3)) {
      out += static_cast<char>((field[i + 1] - '0') * 64 + (field[i + 2] - '0') * 8 + (field[i + 3] - '0'));
      i += 3;
    } else {
      out += field[i];
    }
  }
  return out;
}

}  // namespace

std::vector<Drive> drives_in(std::string_view mounts) {
  std::vector<Drive> drives;
  std::istringstream lines{std::string(mounts)};
  for (std::string line; std::getline(lines, line);) {
    std::istringstream fields(line);
    std::string device, point, type, options;
    if (!(fields >> device >> point >> type >> options)) continue;
    point = unescaped(point);
    const auto is_below = [&](std::string_view root) {
      return point.starts_with(root) && point.size() > root.size();
    };
    if (std::none_of(roots.begin(), roots.end(), is_below)) continue;
    Drive drive{point, std::filesystem::path(point).filename().string(), 0, !options.starts_with("ro")};
    std::error_code unknown;
    const std::filesystem::space_info space = std::filesystem::space(drive.path, unknown);
    if (!unknown) drive.free_bytes = space.available;
    drives.push_back(std::move(drive));
  }
  std::sort(drives.begin(), drives.end(), [](const Drive& a, const Drive& b) { return a.path < b.path; });
  return drives;
}

std::vector<Drive> mounted_drives() {
  std::ifstream file("/proc/self/mounts");
  std::ostringstream text;
  text << file.rdbuf();
  return drives_in(text.str());
}

DriveWatch::DriveWatch(std::function<void()> changed) {
  mounts_ = ::open("/proc/self/mounts", O_RDONLY | O_CLOEXEC);
  stop_ = ::eventfd(0, EFD_CLOEXEC);
  if (mounts_ < 0 || stop_ < 0) return;  // then the page's own button finds them
  thread_ = std::thread([this, changed = std::move(changed)] {
    while (true) {
      std::array<pollfd, 2> waiting = {pollfd{mounts_, POLLPRI, 0}, pollfd{stop_, POLLIN, 0}};
      if (::poll(waiting.data(), waiting.size(), -1) < 0 && errno != EINTR) return;
      if (waiting[1].revents != 0) return;
      if ((waiting[0].revents & (POLLPRI | POLLERR)) != 0) changed();
    }
  });
}

DriveWatch::~DriveWatch() {
  if (thread_.joinable()) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
    thread_.join();
  }
  if (mounts_ >= 0) ::close(mounts_);
  if (stop_ >= 0) ::close(stop_);
}

}  // namespace fieldpost
