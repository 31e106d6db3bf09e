// What a person chose for this laptop's window. Kept in HOME/window.json, which is no secret and is read before
// anybody unlocks.
#pragma once

#include <string>
#include <string_view>

namespace fieldpost {

struct Settings {
  std::string language = "vi";    // vi, en
  int scale_percent = 0;          // 100 to 200; 0: what the system says
  std::string palette = "light";  // light, dark, contrast
  std::string typing = "off";     // off, telex, vni: Vietnamese from plain keys, where no input method runs
  int lock_minutes = 10;          // without a key or the mouse; 0: never by itself
  bool operator==(const Settings&) const = default;
};

/// What cannot be read, or is not one of the values above, is as if it had not been chosen: a window must open.
Settings settings_from(std::string_view json);
std::string settings_json(const Settings& settings);

}  // namespace fieldpost
