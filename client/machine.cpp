#include "client/machine.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace fieldpost {
namespace {

std::string word_in(const std::filesystem::path& file) {
  std::ifstream in(file);
  std::string word;
  in >> word;
  return word;
}

}  // namespace

Machine machine_of(const std::filesystem::path& home, const std::filesystem::path& power) {
  Machine machine;
  std::error_code failed;
  for (std::filesystem::directory_iterator each(power, failed), end; !failed && each != end; each.increment(failed)) {
    if (word_in(each->path() / "type") != "Battery" || word_in(each->path() / "status") != "Discharging") continue;
    const std::string capacity = word_in(each->path() / "capacity");
    int percent = 0;
    for (const char digit : capacity) percent = digit >= '0' && digit <= '9' ? percent * 10 + (digit - '0') : 101;
    // Of two batteries the fuller one is what is left.
    if (!capacity.empty() && percent <= 100)
      machine.battery_percent = std::max(percent, machine.battery_percent.value_or(0));
  }
  const std::filesystem::space_info space = std::filesystem::space(home, failed);
  if (!failed) machine.disk_free_bytes = space.available;
  return machine;
}

}  // namespace fieldpost
