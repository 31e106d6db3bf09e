// Where the window stood, and where it may stand on the screens that are there now.
#pragma once

#include <string>
#include <vector>

namespace fieldpost {

/// As it is kept in HOME/window.json. The place is counted from the corner of the monitor's free area, so that a
/// monitor that hangs elsewhere today changes nothing.
struct WindowPlace {
  std::string monitor;        // its name; empty: never kept
  int x = 0, y = 0;           // of the content, in screen coordinates
  int width = 0, height = 0;  // of the content; 0: never kept
  bool maximised = false;
  bool operator==(const WindowPlace&) const = default;
};

/// A monitor's area without panels and docks, in screen coordinates.
struct Monitor {
  std::string name;
  int x = 0, y = 0, width = 0, height = 0;
};

/// The content of a window, in screen coordinates.
struct WindowRect {
  int x = 0, y = 0, width = 0, height = 0;
  bool operator==(const WindowRect&) const = default;
};

inline constexpr int window_width_least = 640, window_height_least = 480;

/// The kept place on the monitors of now, the main one first. What is larger than the monitor becomes as large as it;
/// what would lie beyond its edges is moved in; on another monitor than the kept one it stands in the middle.
/// `title_height`: of the frame above the content, which must stay within reach.
WindowRect window_rect(const WindowPlace& kept, const std::vector<Monitor>& monitors, int title_height);
/// What is kept of a window: on the monitor that shows most of it.
WindowPlace window_place(const WindowRect& rect, bool maximised, const std::vector<Monitor>& monitors);

}  // namespace fieldpost
