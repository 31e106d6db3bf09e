// The whole program in a rig: everything but the window itself, on a laptop with a day's work in it.
#pragma once

#include <GLFW/glfw3.h>
#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "client/app.h"
#include "client/model/translation.h"
#include "tests/support/demo_home.h"
#include "tests/support/scratch.h"
#include "tests/support/ui_rig.h"

namespace fieldpost::test {

inline const SystemClock system_clock;

// One demo home for all tests that only read it; Argon2id in its fast form.
struct Demo {
  ScratchFolder folder;
  SystemRandom random;
  std::filesystem::path home = folder / "home";
  Demo() {
    setenv("FIELDPOST_TEST_KDF", "fast", 1);
    DemoHome(home, system_clock, random);
  }
};

/// The whole program in a rig: everything but the window itself.
struct Laptop {
  SystemRandom random;
  UiRig rig;
  std::unique_ptr<App> app;
  std::int64_t now = 0;
  explicit Laptop(const std::filesystem::path& home, std::string passphrase = demo_passphrase,
                  std::vector<Drive> drives = {}, bool toured = true) {
    App::Options options;
    options.drives = [drives = std::move(drives)] { return drives; };
    options.home = home;
    options.passphrase = std::move(passphrase);
    options.lock_wait_ms = 50;
    options.settings.toured = toured;
    app = std::make_unique<App>(options, system_clock, random, shipped_catalogue());
    rig.set_draw([this] { app->frame(now += 16); }, false);
    rig.frames_of(2);
  }
  /// Until the worker's answer shows, half a minute at most.
  void wait_for(std::string_view widget) {
    for (int i = 0; i < 300 && !rig.sees(widget); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(100));
      rig.frames_of(1);
    }
  }
};

/// The widgets of this frame whose names begin so.
inline std::size_t count_of(const Laptop& laptop, std::string_view prefix) {
  return static_cast<std::size_t>(
      std::count_if(laptop.rig.widgets.rects.begin(), laptop.rig.widgets.rects.end(),
                    [&](const auto& widget) { return widget.first.rfind(prefix, 0) == 0; }));
}

/// What stands in a field, as somebody reads it who copies it.
inline std::string copied_from(Laptop& laptop, std::string_view field) {
  laptop.rig.click(field);
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  return laptop.rig.clipboard;
}

/// Ctrl+Shift+P: personal data is hidden, or shown again.
inline void toggle_veil(UiRig& rig) {
  rig.input.key_down(GLFW_KEY_LEFT_CONTROL);
  rig.press_with(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_P);
  rig.input.key_up(GLFW_KEY_LEFT_CONTROL);
  rig.settle();
}

/// As UiRig::drawn_letters gives them.
inline std::string without_blanks(std::string text) {
  std::erase_if(text, [](char letter) { return letter == ' ' || letter == '\n'; });
  return text;
}

}  // namespace fieldpost::test
