// The window on the screen: GLFW, OpenGL, and the loop that sleeps when nothing happens.
#pragma once

#include <functional>
#include <optional>

#include "client/model/window_place.h"
#include "client/ui/theme.h"
#include "shared/foundation/result.h"

namespace fieldpost {

struct WindowOptions {
  WindowPlace place;                               // where it stood
  std::function<void(const WindowPlace&)> closed;  // where it stands at the end
  /// How it looks, given what the system says of its scale.
  std::function<ui::Look(int system_scale_percent)> look;
};

/// What the window shows. `frame` gets the milliseconds of a clock that never runs backwards.
struct WindowContent {
  std::function<void(std::int64_t now_ms)> frame;
  std::function<std::optional<std::int64_t>()> wake_at;
  std::function<void()> closing;
};

/// Opens the window and runs until it is closed. `open` is called once ImGui is there, and gives the content.
/// Errors: not_found, when there is no display; io, when nothing here draws with OpenGL, with what the system said
/// last.
Result<void> run_window(const WindowOptions& options, const std::function<WindowContent()>& open);

/// Makes a sleeping window draw. Any thread.
void wake_window();

}  // namespace fieldpost
