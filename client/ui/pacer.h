// When to draw and how long to sleep: an idle window costs no battery. Pure; the window asks it once a turn of its
// loop.
#pragma once

#include <cstdint>
#include <optional>

namespace fieldpost::ui {

class Pacer {
 public:
  /// Something happened: input, an event of the worker, a new size. A few frames follow, since popups and focus take
  /// a second frame to settle.
  void happened() { frames_due_ = settle_frames; }
  /// Draw at this moment (ms of a steady clock) even if nothing happens: a draft to keep, a notice to take away.
  /// The earliest wish counts until it is met.
  void wake_at(std::int64_t when_ms) {
    if (!wake_ || when_ms < *wake_) wake_ = when_ms;
  }

  /// Seconds the loop may sleep: 0 to go on at once, nothing to sleep until an event comes.
  std::optional<double> sleep(std::int64_t now_ms) const {
    if (frames_due_ > 0) return 0.0;
    if (!wake_) return std::nullopt;
    return *wake_ <= now_ms ? 0.0 : static_cast<double>(*wake_ - now_ms) / 1000.0;
  }

  /// Whether to draw a frame now; counts it as drawn.
  bool draw(std::int64_t now_ms) {
    if (wake_ && *wake_ <= now_ms) {
      wake_.reset();
      if (frames_due_ == 0) frames_due_ = 1;
    }
    if (frames_due_ == 0) return false;
    --frames_due_;
    return true;
  }

 private:
  static constexpr int settle_frames = 3;
  int frames_due_ = settle_frames;
  std::optional<std::int64_t> wake_;
};

}  // namespace fieldpost::ui
