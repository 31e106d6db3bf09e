#include "client/ui/theme.h"

#include <imgui_freetype.h>

#include <algorithm>
#include <filesystem>
#include <optional>

namespace fieldpost::ui {
namespace {

Fonts current_fonts;
float current_scale = 1.0f;
Look current_look;
std::optional<Look> wanted_look;

constexpr const char* font_folders[] = {"/usr/share/fonts/truetype/noto/", "/usr/local/share/fonts/"};

// Latin, Vietnamese, marks, dashes and quotes, the đồng sign. A glyph outside is drawn as `?`.
constexpr ImWchar glyphs[] = {0x20, 0x24F, 0x300, 0x323, 0x1EA0, 0x1EF9, 0x2010, 0x203A, 0x20AB, 0x20AB, 0};

std::string font_file(const char* name) {
  for (const char* folder : font_folders) {
    std::string path = std::string(folder) + name;
    std::error_code failed;
    if (std::filesystem::exists(path, failed)) return path;
  }
  return {};
}

ImVec4 rgb(unsigned hex, float alpha = 1.0f) {
  return {static_cast<float>(hex >> 16 & 0xff) / 255.0f, static_cast<float>(hex >> 8 & 0xff) / 255.0f,
          static_cast<float>(hex & 0xff) / 255.0f, alpha};
}

/// One set of colours. Each text stands on its ground with a contrast of at least 4.5 to 1 (WCAG 2.1, 1.4.3); in
/// high contrast 7 to 1 (1.4.6).
struct Colours {
  unsigned text, quiet, window, surface, hovered_field, border;
  unsigned button, button_hovered, button_active;
  unsigned row_chosen, row_hovered, row_active, row_other;
  unsigned line, table_head, selection;
  unsigned scroll_ground, scroll, scroll_hovered, scroll_active;
  unsigned accent, accent_hovered, accent_active, on_accent;  // the one button that goes on
  unsigned mark;                                              // what has the keyboard, what is ticked
  struct Tones {
    unsigned good, waiting, attention, warning, quiet;
  } words, fills;
};

constexpr Colours light = {
    .text = 0x1b2733,
    .quiet = 0x5b6874,
    .window = 0xf3f5f4,
    .surface = 0xffffff,
    .hovered_field = 0xf4f9fb,
    .border = 0xc3ccd2,
    .button = 0xe7edf0,
    .button_hovered = 0xd8e3e8,
    .button_active = 0xc5d5dc,
    .row_chosen = 0xdcebee,
    .row_hovered = 0xe7f1f3,
    .row_active = 0xc9e0e5,
    .row_other = 0xf8fafa,
    .line = 0xd5dce0,
    .table_head = 0xe9eef0,
    .selection = 0xaed6e0,
    .scroll_ground = 0xeceff1,
    .scroll = 0xb3bec5,
    .scroll_hovered = 0x98a6af,
    .scroll_active = 0x7f8f99,
    .accent = 0x0b5867,
    .accent_hovered = 0x0f6b7d,
    .accent_active = 0x084754,
    .on_accent = 0xffffff,
    .mark = 0x0f7285,
    .words = {.good = 0x17663a, .waiting = 0x12557f, .attention = 0xa6192e, .warning = 0x7d4d00, .quiet = 0x5b6874},
    .fills = {.good = 0xe2f3e8, .waiting = 0xe3eff8, .attention = 0xfce8ea, .warning = 0xfdf1d8, .quiet = 0xeef1f3}};

// For the night and for the battery of an OLED screen.
constexpr Colours dark = {
    .text = 0xe4ebef,
    .quiet = 0xa3b2bc,
    .window = 0x11171b,
    .surface = 0x1a2228,
    .hovered_field = 0x202a31,
    .border = 0x45535d,
    .button = 0x2a353d,
    .button_hovered = 0x35434d,
    .button_active = 0x41525e,
    .row_chosen = 0x1f3a42,
    .row_hovered = 0x233038,
    .row_active = 0x285059,
    .row_other = 0x1e272e,
    .line = 0x35424b,
    .table_head = 0x243038,
    .selection = 0x1f5664,
    .scroll_ground = 0x161d22,
    .scroll = 0x46555f,
    .scroll_hovered = 0x5a6b76,
    .scroll_active = 0x6f828e,
    .accent = 0x0f6b7d,
    .accent_hovered = 0x127d91,
    .accent_active = 0x0b5867,
    .on_accent = 0xffffff,
    .mark = 0x55c5da,
    .words = {.good = 0x7fd6a0, .waiting = 0x82c4ee, .attention = 0xff9aa5, .warning = 0xf0c265, .quiet = 0xa3b2bc},
    .fills = {.good = 0x173324, .waiting = 0x16303f, .attention = 0x44202a, .warning = 0x3b2f12, .quiet = 0x222c33}};

// For full sun on the screen and for tired eyes.
constexpr Colours contrast = {
    .text = 0xffffff,
    .quiet = 0xffffff,
    .window = 0x000000,
    .surface = 0x000000,
    .hovered_field = 0x202020,
    .border = 0xffffff,
    .button = 0x000000,
    .button_hovered = 0x303030,
    .button_active = 0x505050,
    .row_chosen = 0x303030,
    .row_hovered = 0x202020,
    .row_active = 0x404040,
    .row_other = 0x101010,
    .line = 0xffffff,
    .table_head = 0x202020,
    .selection = 0x0050a0,
    .scroll_ground = 0x000000,
    .scroll = 0xffffff,
    .scroll_hovered = 0xffff00,
    .scroll_active = 0xffff00,
    .accent = 0xffff00,
    .accent_hovered = 0xffffff,
    .accent_active = 0xffe000,
    .on_accent = 0x000000,
    .mark = 0xffff00,
    .words = {.good = 0x5dff8f, .waiting = 0x7fd4ff, .attention = 0xff9d9d, .warning = 0xffd84d, .quiet = 0xffffff},
    .fills = {.good = 0x000000, .waiting = 0x000000, .attention = 0x000000, .warning = 0x000000, .quiet = 0x000000}};

const Colours& colours() {
  switch (current_look.palette) {
    case Palette::dark: return dark;
    case Palette::contrast: return contrast;
    case Palette::light: break;
  }
  return light;
}

void set_style() {
  ImGuiStyle style;
  style.WindowPadding = {16, 14};
  style.FramePadding = {12, 9};
  style.ItemSpacing = {10, 10};
  style.ItemInnerSpacing = {8, 6};
  style.CellPadding = {8, 6};
  style.ScrollbarSize = 16;
  style.GrabMinSize = 16;
  style.WindowRounding = 0;
  style.ChildRounding = 8;
  style.FrameRounding = 6;
  style.PopupRounding = 6;
  style.ScrollbarRounding = 8;
  style.WindowBorderSize = 0;
  style.ChildBorderSize = 1;
  style.FrameBorderSize = 1;
  style.PopupBorderSize = 1;
  style.ScaleAllSizes(current_scale);

  const Colours& from = colours();
  const auto set = [&](ImGuiCol slot, unsigned hex) { style.Colors[slot] = rgb(hex); };
  set(ImGuiCol_Text, from.text);
  set(ImGuiCol_TextDisabled, from.quiet);
  set(ImGuiCol_WindowBg, from.window);
  set(ImGuiCol_ChildBg, from.surface);
  set(ImGuiCol_PopupBg, from.surface);
  set(ImGuiCol_Border, from.border);
  set(ImGuiCol_FrameBg, from.surface);
  set(ImGuiCol_FrameBgHovered, from.hovered_field);
  set(ImGuiCol_FrameBgActive, from.surface);
  set(ImGuiCol_Button, from.button);
  set(ImGuiCol_ButtonHovered, from.button_hovered);
  set(ImGuiCol_ButtonActive, from.button_active);
  set(ImGuiCol_CheckMark, from.mark);
  set(ImGuiCol_Header, from.row_chosen);
  set(ImGuiCol_HeaderHovered, from.row_hovered);
  set(ImGuiCol_HeaderActive, from.row_active);
  set(ImGuiCol_Separator, from.line);
  set(ImGuiCol_ScrollbarBg, from.scroll_ground);
  set(ImGuiCol_ScrollbarGrab, from.scroll);
  set(ImGuiCol_ScrollbarGrabHovered, from.scroll_hovered);
  set(ImGuiCol_ScrollbarGrabActive, from.scroll_active);
  set(ImGuiCol_TableHeaderBg, from.table_head);
  set(ImGuiCol_TableBorderStrong, from.border);
  set(ImGuiCol_TableBorderLight, from.line);
  set(ImGuiCol_TableRowBg, from.surface);
  set(ImGuiCol_TableRowBgAlt, from.row_other);
  set(ImGuiCol_TextSelectedBg, from.selection);
  set(ImGuiCol_NavHighlight, from.mark);
  set(ImGuiCol_PlotHistogram, from.mark);
  ImGui::GetStyle() = style;
}

unsigned of(const Colours::Tones& tones, Tone tone, unsigned neutral) {
  switch (tone) {
    case Tone::good: return tones.good;
    case Tone::waiting: return tones.waiting;
    case Tone::attention: return tones.attention;
    case Tone::warning: return tones.warning;
    case Tone::quiet: return tones.quiet;
    case Tone::neutral: break;
  }
  return neutral;
}

}  // namespace

ImVec4 tone_text(Tone tone) { return rgb(of(colours().words, tone, colours().text)); }
ImVec4 tone_fill(Tone tone) { return rgb(of(colours().fills, tone, colours().surface)); }
ImVec4 surface() { return rgb(colours().surface); }
Accent accent() {
  return {rgb(colours().accent), rgb(colours().accent_hovered), rgb(colours().accent_active),
          rgb(colours().on_accent), rgb(colours().mark)};
}

const Look& look() { return current_look; }
void want_look(const Look& look) { wanted_look = look; }
bool apply_wanted_look() {
  if (!wanted_look || *wanted_look == current_look) return false;
  std::string message;  // the fonts are where they were at the start
  load_theme(*wanted_look, message);
  return true;
}

const Fonts& fonts() { return current_fonts; }
float scale() { return current_scale; }
float px(float at_100_percent) { return at_100_percent * current_scale; }

bool load_theme(const Look& look, std::string& message) {
  current_look = look;
  wanted_look.reset();
  current_look.scale_percent = std::clamp(look.scale_percent, scale_percent_min, scale_percent_max);
  current_scale = static_cast<float>(current_look.scale_percent) / 100.0f;
  set_style();
  ImFontAtlas& atlas = *ImGui::GetIO().Fonts;
  atlas.Clear();
  atlas.FontBuilderIO = ImGuiFreeType::GetBuilderForFreeType();
  const std::string regular = font_file("NotoSans-Regular.ttf");
  const std::string bold = font_file("NotoSans-Bold.ttf");
  if (regular.empty() || bold.empty()) {
    current_fonts.regular = current_fonts.bold = current_fonts.title = atlas.AddFontDefault();
    message = "Noto Sans is not installed (fonts-noto-core): Vietnamese letters cannot be drawn";
    return false;
  }
  current_fonts.regular = atlas.AddFontFromFileTTF(regular.c_str(), px(18), nullptr, glyphs);
  current_fonts.bold = atlas.AddFontFromFileTTF(bold.c_str(), px(18), nullptr, glyphs);
  current_fonts.title = atlas.AddFontFromFileTTF(bold.c_str(), px(25), nullptr, glyphs);
  return true;
}

}  // namespace fieldpost::ui
