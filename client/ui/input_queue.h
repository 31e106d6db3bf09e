// Keyboard and mouse events between the window system and Dear ImGui, in the order in which they came.
//
// Dear ImGui 1.86 reads a snapshot of the keys once a frame: a key pressed and released within one frame is lost, and
// within a frame characters are applied before keys. Vietnamese keyboards (UniKey) send Backspace and then the
// composed letter faster than any screen draws, so that "hà nội" would become "haà noôiội" (domain 7). Therefore one
// transition is fed a frame, and the window runs frames without drawing until the queue is empty. From 1.87 on ImGui
// keeps such a queue itself; events go straight there.
#pragma once

#include <array>
#include <cstddef>
#include <deque>

struct ImGuiIO;

namespace fieldpost::ui {

/// Key numbers are GLFW's.
struct InputEvent {
  enum class Kind { key, character, mouse_button, mouse_move, scroll, leave };
  Kind kind = Kind::key;
  int code = 0;  // key, button or Unicode code point
  bool down = false;
  float x = 0, y = 0;  // position or scroll
};

class InputQueue {
 public:
  void key_down(int key);
  void key_up(int key);
  /// The system's own key repeat. Fed as a release and a press: a window system that folds two quick presses of one
  /// key into a repeat (X11 does below 20 ms) then loses nothing.
  void key_repeat(int key);
  void character(unsigned code_point);
  void mouse_button(int button, bool down);
  void mouse_move(float x, float y);
  void scroll(float x, float y);
  /// The window lost the keyboard: keys held down will be released elsewhere.
  void leave();

  bool empty() const { return events_.empty(); }
  std::size_t size() const { return events_.size(); }

  /// Feeds the next transition, before ImGui::NewFrame(). Moves and characters that follow each other are one.
  /// Returns false when there was nothing to feed.
  bool feed(ImGuiIO& io);

 private:
  void push(const InputEvent& event);
  void apply(ImGuiIO& io, const InputEvent& event);

  std::deque<InputEvent> events_;
  std::array<bool, 512> down_{};  // as the queue will have left them
};

/// Tells ImGui our key numbers and leaves Tab to us (widgets.h keeps the order of fields); the system's key repeat
/// counts, not ImGui's own, which would need frames while a key is held.
void configure_input(ImGuiIO& io);
/// Whether the key went down in this frame.
bool key_pressed(int key);
/// The key is spent: whatever is drawn after this does not see it go down.
void spend_key(int key);
bool any_key_down();

}  // namespace fieldpost::ui
