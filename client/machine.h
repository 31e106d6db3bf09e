// What the laptop itself has left: power and room on the disk.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

namespace fieldpost {

struct Machine {
  std::optional<int> battery_percent;  // while it runs on its battery
  std::uint64_t disk_free_bytes = 0;   // where the store lies
};

/// Reads /sys/class/power_supply (or `power`, for tests) and asks the file system; what cannot be read is left out.
Machine machine_of(const std::filesystem::path& home, const std::filesystem::path& power = "/sys/class/power_supply");

}  // namespace fieldpost
