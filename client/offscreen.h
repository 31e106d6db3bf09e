// A screen without a display: EGL surfaceless, drawn into a texture, written as PNG. For documents and tests.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include "shared/foundation/result.h"

namespace fieldpost {

class Offscreen {
 public:
  /// Makes the OpenGL context and ImGui's renderer; an ImGui context with its theme must be there already.
  /// Errors: io, when there is no EGL or no OpenGL 3.3.
  static Result<std::unique_ptr<Offscreen>> open(int width, int height);
  ~Offscreen();
  Offscreen(const Offscreen&) = delete;
  Offscreen& operator=(const Offscreen&) = delete;

  /// Runs `frame` a few times, so that focus and sizes that depend on the last frame settle, and draws the last.
  void draw(const std::function<void()>& frame);
  /// Errors: io.
  Result<void> write_png(const std::filesystem::path& file);

 private:
  struct State;
  explicit Offscreen(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fieldpost
