// The window on the screen: GLFW, OpenGL, and the loop that sleeps when nothing happens.
#pragma once

#include <functional>
#include <optional>

#include "shared/foundation/result.h"
#include "shared/foundation/vietnamese_typing.h"

namespace fieldpost {

struct WindowOptions {
  int width = 1280, height = 760;
  int scale_percent = 0;  // 0: what the system says
  vietnamese::Typing typing = vietnamese::Typing::off;
};

/// What the window shows. `frame` gets the milliseconds of a clock that never runs backwards.
struct WindowContent {
  std::function<void(std::int64_t now_ms)> frame;
  std::function<std::optional<std::int64_t>()> wake_at;
  std::function<void()> closing;
};

/// Opens the window and runs until it is closed. `open` is called once ImGui is there, and gives the content.
/// Errors: io, when there is no display or no OpenGL 3.3.
Result<void> run_window(const WindowOptions& options, const std::function<WindowContent()>& open);

/// Makes a sleeping window draw. Any thread.
void wake_window();

}  // namespace fieldpost
