// A person at the window, without a window: an ImGui context that is never drawn, keys and clicks through the same
// input queue as the real one, widgets found by name.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include <GLFW/glfw3.h>
#include <doctest/doctest.h>
#include <imgui.h>

#include "client/ui/input_queue.h"
#include "client/ui/theme.h"
#include "client/ui/widgets.h"

namespace fieldpost {

class UiRig {
 public:
  /// `draw` is one frame's content, between ui::begin_frame() and ui::end_frame() unless it makes them itself.
  explicit UiRig(std::function<void()> draw = {}, bool own_frame = true)
      : draw_(std::move(draw)), own_frame_(own_frame) {
    ImGui::CreateContext();
    ImGuiIO& io = ImGui::GetIO();
    io.IniFilename = nullptr;
    io.DisplaySize = {1366, 768};
    ui::configure_input(io);
    std::string message;
    ui::load_theme({}, message);
    build_fonts();
    io.ClipboardUserData = this;
    io.SetClipboardTextFn = [](void* rig, const char* text) { static_cast<UiRig*>(rig)->clipboard = text; };
    io.GetClipboardTextFn = [](void* rig) { return static_cast<UiRig*>(rig)->clipboard.c_str(); };
    widgets.keep_rects = true;
    ui::set_state(widgets);
  }
  ~UiRig() { ImGui::DestroyContext(); }
  UiRig(const UiRig&) = delete;
  UiRig& operator=(const UiRig&) = delete;

  static void build_fonts() {
    unsigned char* pixels = nullptr;
    int width = 0, height = 0;
    ImGui::GetIO().Fonts->GetTexDataAsAlpha8(&pixels, &width, &height);
  }
  void set_draw(std::function<void()> draw, bool own_frame) {
    draw_ = std::move(draw);
    own_frame_ = own_frame;
  }

  void frame() {
    ImGui::GetIO().DeltaTime = 1.0f / 60.0f;
    if (ui::apply_wanted_look()) build_fonts();
    ImGui::NewFrame();
    if (own_frame_) {
      ui::begin_frame();
      ImGui::SetNextWindowPos({0, 0});
      ImGui::SetNextWindowSize(ImGui::GetIO().DisplaySize);
      ImGui::Begin("rig");
      draw_();
      ImGui::End();
      ui::end_frame();
    } else {
      draw_();
    }
    ImGui::Render();
    ++frames;
  }
  void frames_of(int count) {
    for (int i = 0; i < count; ++i) frame();
  }
  /// Runs frames until everything that was typed has arrived, and two more for what follows from it.
  void settle() {
    while (input.feed(ImGui::GetIO())) frame();
    frames_of(2);
  }

  /// The letters that were drawn in the last frame, in the order of drawing, without blanks: read back from what the
  /// renderer would get, so that nothing can be drawn past it.
  std::string drawn_letters() const {
    struct Glyph {
      float u1 = 0, v1 = 0;
      ImWchar code = 0;
    };
    std::map<std::pair<float, float>, Glyph> glyphs;
    for (const ImFont* font : ImGui::GetIO().Fonts->Fonts)
      for (const ImFontGlyph& glyph : font->Glyphs)
        if (glyph.Visible) glyphs[{glyph.U0, glyph.V0}] = {glyph.U1, glyph.V1, static_cast<ImWchar>(glyph.Codepoint)};
    std::string letters;
    const ImDrawData& data = *ImGui::GetDrawData();
    for (int i = 0; i < data.CmdListsCount; ++i) {
      const ImVector<ImDrawVert>& corners = data.CmdLists[i]->VtxBuffer;
      for (int at = 0; at + 2 < corners.Size; ++at) {
        const auto found = glyphs.find({corners[at].uv.x, corners[at].uv.y});
        if (found == glyphs.end()) continue;
        const Glyph& glyph = found->second;
        if (corners[at + 2].uv.x != glyph.u1 || corners[at + 2].uv.y != glyph.v1) continue;
        char bytes[5] = {};
        const unsigned code = glyph.code;
        if (code < 0x80) {
          bytes[0] = static_cast<char>(code);
        } else if (code < 0x800) {
          bytes[0] = static_cast<char>(0xc0 | code >> 6);
          bytes[1] = static_cast<char>(0x80 | (code & 0x3f));
        } else {
          bytes[0] = static_cast<char>(0xe0 | code >> 12);
          bytes[1] = static_cast<char>(0x80 | (code >> 6 & 0x3f));
          bytes[2] = static_cast<char>(0x80 | (code & 0x3f));
        }
        letters += bytes;
        at += 3;
      }
    }
    return letters;
  }

  bool sees(std::string_view name) const { return widgets.rects.find(name) != widgets.rects.end(); }
  void click(std::string_view name) {
    frame();
    const auto found = widgets.rects.find(name);
    REQUIRE_MESSAGE(found != widgets.rects.end(), "no widget named " << std::string(name));
    const ui::Rect rect = found->second;
    input.mouse_move((rect.min.x + rect.max.x) / 2, (rect.min.y + rect.max.y) / 2);
    input.mouse_button(0, true);
    input.mouse_button(0, false);
    settle();
  }
  void press(int key) {
    input.key_down(key);
    input.key_up(key);
    settle();
  }
  void press_with(int modifier, int key) {
    input.key_down(modifier);
    input.key_down(key);
    input.key_up(key);
    input.key_up(modifier);
    settle();
  }
  void press_with_control(int key) { press_with(GLFW_KEY_LEFT_CONTROL, key); }
  /// Characters as an input method commits them.
  void type(std::string_view utf8) {
    queue_text(utf8);
    settle();
  }
  void queue_text(std::string_view utf8) {
    for (std::size_t i = 0; i < utf8.size();) {
      const auto lead = static_cast<unsigned char>(utf8[i]);
      const std::size_t length = lead < 0x80 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : 4;
      unsigned code = length == 1 ? lead : lead & (0xffu >> (length + 1));
      for (std::size_t j = 1; j < length; ++j) code = code << 6 | (static_cast<unsigned char>(utf8[i + j]) & 0x3f);
      input.character(code);
      i += length;
    }
  }
  /// A key with its character, as a keyboard without an input method sends it.
  void queue_key(char letter) {
    const int key = letter >= 'a' && letter <= 'z' ? GLFW_KEY_A + (letter - 'a') : GLFW_KEY_SPACE;
    input.key_down(key);
    input.character(static_cast<unsigned char>(letter));
    input.key_up(key);
  }
  void queue_backspace() {
    input.key_down(GLFW_KEY_BACKSPACE);
    input.key_up(GLFW_KEY_BACKSPACE);
  }

  ui::State widgets;
  ui::InputQueue input;
  std::string clipboard;
  int frames = 0;

 private:
  std::function<void()> draw_;
  bool own_frame_;
};

}  // namespace fieldpost
