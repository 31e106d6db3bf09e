// What a person chose for this laptop's window. Kept in HOME/window.json, which is no secret and is read before
// anybody unlocks.
#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "client/model/window_place.h"

namespace fieldpost {

// What there is to choose from; the settings page offers them in this order.
inline constexpr std::array<std::string_view, 2> languages = {"vi", "en"};
inline constexpr std::array<std::string_view, 3> palettes = {"light", "dark", "contrast"};
inline constexpr std::array<std::string_view, 3> typings = {"off", "telex", "vni"};
inline constexpr std::size_t columns_max = 10;
inline constexpr int scale_percent_least = 100, scale_percent_most = 200;

struct Settings {
  std::string language = "vi";
  int scale_percent = 0;  // 0: what the system says
  std::string palette = "light";
  std::string typing = "off";                               // Vietnamese from plain keys, where no input method runs
  int lock_minutes = 10;                                    // without a key or the mouse; 0: never by itself
  std::map<std::string, std::vector<std::string>> columns;  // of lists, by form; empty: the usual ones
  bool veil = false;                                        // personal data is drawn as dots: others see the screen
  bool toured = false;                                      // the tour was shown once
  WindowPlace window;
  bool operator==(const Settings&) const = default;
};

template <class Values>
bool is_among(const Values& values, std::string_view value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

/// What cannot be read, or is not among the above, is as if it had not been chosen: a window must open.
Settings settings_from(std::string_view json);
std::string settings_json(const Settings& settings);

}  // namespace fieldpost
