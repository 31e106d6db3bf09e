#include "client/ui/input_queue.h"

#include <GLFW/glfw3.h>
#include <imgui.h>
#include <imgui_internal.h>

#include <algorithm>
#include <iterator>

namespace fieldpost::ui {
namespace {

// A person cannot be this far ahead of the screen; a stuck key or a hostile paste of key events can.
constexpr std::size_t events_max = 20'000;

#if IMGUI_VERSION_NUM >= 18700
ImGuiKey imgui_key(int key) {
  if (key >= GLFW_KEY_A && key <= GLFW_KEY_Z) return static_cast<ImGuiKey>(ImGuiKey_A + (key - GLFW_KEY_A));
  if (key >= GLFW_KEY_0 && key <= GLFW_KEY_9) return static_cast<ImGuiKey>(ImGuiKey_0 + (key - GLFW_KEY_0));
  switch (key) {
    case GLFW_KEY_TAB: return ImGuiKey_Tab;
    case GLFW_KEY_LEFT: return ImGuiKey_LeftArrow;
    case GLFW_KEY_RIGHT: return ImGuiKey_RightArrow;
    case GLFW_KEY_UP: return ImGuiKey_UpArrow;
    case GLFW_KEY_DOWN: return ImGuiKey_DownArrow;
    case GLFW_KEY_PAGE_UP: return ImGuiKey_PageUp;
    case GLFW_KEY_PAGE_DOWN: return ImGuiKey_PageDown;
    case GLFW_KEY_HOME: return ImGuiKey_Home;
    case GLFW_KEY_END: return ImGuiKey_End;
    case GLFW_KEY_INSERT: return ImGuiKey_Insert;
    case GLFW_KEY_DELETE: return ImGuiKey_Delete;
    case GLFW_KEY_BACKSPACE: return ImGuiKey_Backspace;
    case GLFW_KEY_SPACE: return ImGuiKey_Space;
    case GLFW_KEY_ENTER: return ImGuiKey_Enter;
    case GLFW_KEY_KP_ENTER: return ImGuiKey_KeypadEnter;
    case GLFW_KEY_ESCAPE: return ImGuiKey_Escape;
    case GLFW_KEY_F1: return ImGuiKey_F1;
    case GLFW_KEY_F12: return ImGuiKey_F12;
    case GLFW_KEY_EQUAL: return ImGuiKey_Equal;
    case GLFW_KEY_MINUS: return ImGuiKey_Minus;
    case GLFW_KEY_KP_ADD: return ImGuiKey_KeypadAdd;
    case GLFW_KEY_KP_SUBTRACT: return ImGuiKey_KeypadSubtract;
    default: return ImGuiKey_None;
  }
}
#endif

bool same_transition(const InputEvent& a, const InputEvent& b) {
  if (a.kind != b.kind) return false;
  return a.kind == InputEvent::Kind::character || a.kind == InputEvent::Kind::mouse_move ||
         a.kind == InputEvent::Kind::scroll;
}

}  // namespace

void InputQueue::push(const InputEvent& event) {
  if (events_.size() < events_max) events_.push_back(event);
}

void InputQueue::key_down(int key) {
  if (key < 0 || key >= static_cast<int>(down_.size())) return;
  bool& down = down_[static_cast<std::size_t>(key)];
  if (down) push({InputEvent::Kind::key, key, false});
  down = true;
  push({InputEvent::Kind::key, key, true});
}

void InputQueue::key_up(int key) {
  if (key < 0 || key >= static_cast<int>(down_.size())) return;
  down_[static_cast<std::size_t>(key)] = false;
  push({InputEvent::Kind::key, key, false});
}

void InputQueue::key_repeat(int key) { key_down(key); }

void InputQueue::character(unsigned code_point) { push({InputEvent::Kind::character, static_cast<int>(code_point)}); }

void InputQueue::mouse_button(int button, bool down) {
  if (button >= 0 && button < 3) push({InputEvent::Kind::mouse_button, button, down});
}

void InputQueue::mouse_move(float x, float y) { push({InputEvent::Kind::mouse_move, 0, false, x, y}); }

void InputQueue::scroll(float x, float y) { push({InputEvent::Kind::scroll, 0, false, x, y}); }

void InputQueue::leave() {
  for (std::size_t key = 0; key < down_.size(); ++key)
    if (down_[key]) key_up(static_cast<int>(key));
  push({InputEvent::Kind::leave});
}

bool InputQueue::feed(ImGuiIO& io) {
  if (events_.empty()) return false;
#if IMGUI_VERSION_NUM >= 18700
  while (!events_.empty()) {
    apply(io, events_.front());
    events_.pop_front();
  }
#else
  const InputEvent first = events_.front();
  do {
    apply(io, events_.front());
    events_.pop_front();
  } while (!events_.empty() && same_transition(first, events_.front()));
#endif
  return true;
}

#if IMGUI_VERSION_NUM >= 18700

void InputQueue::apply(ImGuiIO& io, const InputEvent& event) {
  switch (event.kind) {
    case InputEvent::Kind::key:
      if (event.code == GLFW_KEY_LEFT_CONTROL || event.code == GLFW_KEY_RIGHT_CONTROL)
        io.AddKeyEvent(ImGuiMod_Ctrl, event.down);
      if (event.code == GLFW_KEY_LEFT_SHIFT || event.code == GLFW_KEY_RIGHT_SHIFT)
        io.AddKeyEvent(ImGuiMod_Shift, event.down);
      if (event.code == GLFW_KEY_LEFT_ALT || event.code == GLFW_KEY_RIGHT_ALT)
        io.AddKeyEvent(ImGuiMod_Alt, event.down);
      if (imgui_key(event.code) != ImGuiKey_None) io.AddKeyEvent(imgui_key(event.code), event.down);
      break;
    case InputEvent::Kind::character: io.AddInputCharacter(static_cast<unsigned>(event.code)); break;
    case InputEvent::Kind::mouse_button: io.AddMouseButtonEvent(event.code, event.down); break;
    case InputEvent::Kind::mouse_move: io.AddMousePosEvent(event.x, event.y); break;
    case InputEvent::Kind::scroll: io.AddMouseWheelEvent(event.x, event.y); break;
    case InputEvent::Kind::leave: io.AddFocusEvent(false); break;
  }
}

#else

void InputQueue::apply(ImGuiIO& io, const InputEvent& event) {
  switch (event.kind) {
    case InputEvent::Kind::key: {
      io.KeysDown[event.code] = event.down;
      io.KeyCtrl = io.KeysDown[GLFW_KEY_LEFT_CONTROL] || io.KeysDown[GLFW_KEY_RIGHT_CONTROL];
      io.KeyShift = io.KeysDown[GLFW_KEY_LEFT_SHIFT] || io.KeysDown[GLFW_KEY_RIGHT_SHIFT];
      // The right Alt key is AltGr on some keyboards and writes characters.
      io.KeyAlt = io.KeysDown[GLFW_KEY_LEFT_ALT];
      break;
    }
    case InputEvent::Kind::character: io.AddInputCharacter(static_cast<unsigned>(event.code)); break;
    case InputEvent::Kind::mouse_button: io.MouseDown[event.code] = event.down; break;
    case InputEvent::Kind::mouse_move: io.MousePos = ImVec2(event.x, event.y); break;
    case InputEvent::Kind::scroll:
      io.MouseWheelH += event.x;
      io.MouseWheel += event.y;
      break;
    case InputEvent::Kind::leave: io.AddFocusEvent(false); break;
  }
}

#endif

void configure_input(ImGuiIO& io) {
  io.ConfigFlags |= ImGuiConfigFlags_NavEnableKeyboard;
  io.ConfigInputTextCursorBlink = false;
  io.KeyRepeatDelay = 3600.0f;
#if IMGUI_VERSION_NUM < 18700
  io.KeyMap[ImGuiKey_Tab] = -1;
  io.KeyMap[ImGuiKey_LeftArrow] = GLFW_KEY_LEFT;
  io.KeyMap[ImGuiKey_RightArrow] = GLFW_KEY_RIGHT;
  io.KeyMap[ImGuiKey_UpArrow] = GLFW_KEY_UP;
  io.KeyMap[ImGuiKey_DownArrow] = GLFW_KEY_DOWN;
  io.KeyMap[ImGuiKey_PageUp] = GLFW_KEY_PAGE_UP;
  io.KeyMap[ImGuiKey_PageDown] = GLFW_KEY_PAGE_DOWN;
  io.KeyMap[ImGuiKey_Home] = GLFW_KEY_HOME;
  io.KeyMap[ImGuiKey_End] = GLFW_KEY_END;
  io.KeyMap[ImGuiKey_Insert] = GLFW_KEY_INSERT;
  io.KeyMap[ImGuiKey_Delete] = GLFW_KEY_DELETE;
  io.KeyMap[ImGuiKey_Backspace] = GLFW_KEY_BACKSPACE;
  io.KeyMap[ImGuiKey_Space] = GLFW_KEY_SPACE;
  io.KeyMap[ImGuiKey_Enter] = GLFW_KEY_ENTER;
  io.KeyMap[ImGuiKey_KeyPadEnter] = GLFW_KEY_KP_ENTER;
  io.KeyMap[ImGuiKey_Escape] = GLFW_KEY_ESCAPE;
  io.KeyMap[ImGuiKey_A] = GLFW_KEY_A;
  io.KeyMap[ImGuiKey_C] = GLFW_KEY_C;
  io.KeyMap[ImGuiKey_V] = GLFW_KEY_V;
  io.KeyMap[ImGuiKey_X] = GLFW_KEY_X;
  io.KeyMap[ImGuiKey_Y] = GLFW_KEY_Y;
  io.KeyMap[ImGuiKey_Z] = GLFW_KEY_Z;
#endif
}

bool any_key_down() {
#if IMGUI_VERSION_NUM >= 18700
  for (int key = ImGuiKey_NamedKey_BEGIN; key < ImGuiKey_NamedKey_END; ++key)
    if (ImGui::IsKeyDown(static_cast<ImGuiKey>(key))) return true;
  return false;
#else
  const auto& keys = ImGui::GetIO().KeysDown;
  return std::any_of(std::begin(keys), std::end(keys), [](bool down) { return down; });
#endif
}

void spend_key(int key) {
  constexpr float some_time = 0.001f;  // it has been down for a while
#if IMGUI_VERSION_NUM >= 18700
  ImGui::GetKeyData(imgui_key(key))->DownDuration = some_time;
#else
  ImGuiIO& io = ImGui::GetIO();
  io.KeysDownDuration[key] = some_time;
  if (key == GLFW_KEY_ESCAPE) io.NavInputsDownDuration[ImGuiNavInput_Cancel] = some_time;
#endif
}

bool key_pressed(int key) {
#if IMGUI_VERSION_NUM >= 18700
  return ImGui::IsKeyPressed(imgui_key(key), false);
#else
  return ImGui::IsKeyPressed(key, false);
#endif
}

}  // namespace fieldpost::ui
