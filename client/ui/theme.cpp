#include "client/ui/theme.h"

#include <imgui_freetype.h>

#include <algorithm>
#include <filesystem>

namespace fieldpost::ui {
namespace {

Fonts current_fonts;
float current_scale = 1.0f;

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

  ImVec4* colors = style.Colors;
  colors[ImGuiCol_Text] = rgb(0x1b2733);
  colors[ImGuiCol_TextDisabled] = rgb(0x5b6874);
  colors[ImGuiCol_WindowBg] = rgb(0xf3f5f4);
  colors[ImGuiCol_ChildBg] = rgb(0xffffff);
  colors[ImGuiCol_PopupBg] = rgb(0xffffff);
  colors[ImGuiCol_Border] = rgb(0xc3ccd2);
  colors[ImGuiCol_FrameBg] = rgb(0xffffff);
  colors[ImGuiCol_FrameBgHovered] = rgb(0xf4f9fb);
  colors[ImGuiCol_FrameBgActive] = rgb(0xffffff);
  colors[ImGuiCol_Button] = rgb(0xe7edf0);
  colors[ImGuiCol_ButtonHovered] = rgb(0xd8e3e8);
  colors[ImGuiCol_ButtonActive] = rgb(0xc5d5dc);
  colors[ImGuiCol_CheckMark] = rgb(0x0f5f6e);
  colors[ImGuiCol_Header] = rgb(0xdcebee);
  colors[ImGuiCol_HeaderHovered] = rgb(0xe7f1f3);
  colors[ImGuiCol_HeaderActive] = rgb(0xc9e0e5);
  colors[ImGuiCol_Separator] = rgb(0xd5dce0);
  colors[ImGuiCol_ScrollbarBg] = rgb(0xeceff1);
  colors[ImGuiCol_ScrollbarGrab] = rgb(0xb3bec5);
  colors[ImGuiCol_ScrollbarGrabHovered] = rgb(0x98a6af);
  colors[ImGuiCol_ScrollbarGrabActive] = rgb(0x7f8f99);
  colors[ImGuiCol_TableHeaderBg] = rgb(0xe9eef0);
  colors[ImGuiCol_TableBorderStrong] = rgb(0xc3ccd2);
  colors[ImGuiCol_TableBorderLight] = rgb(0xdde3e6);
  colors[ImGuiCol_TableRowBg] = rgb(0xffffff);
  colors[ImGuiCol_TableRowBgAlt] = rgb(0xf8fafa);
  colors[ImGuiCol_TextSelectedBg] = rgb(0xaed6e0);
  colors[ImGuiCol_NavHighlight] = rgb(0x0f7285);
  colors[ImGuiCol_PlotHistogram] = rgb(0x0f7285);
  ImGui::GetStyle() = style;
}

}  // namespace

ImVec4 tone_text(Tone tone) {
  switch (tone) {
    case Tone::good: return rgb(0x17663a);
    case Tone::waiting: return rgb(0x12557f);
    case Tone::attention: return rgb(0xa6192e);
    case Tone::warning: return rgb(0x7d4d00);
    case Tone::quiet: return rgb(0x5b6874);
    case Tone::neutral: break;
  }
  return rgb(0x1b2733);
}

ImVec4 tone_fill(Tone tone) {
  switch (tone) {
    case Tone::good: return rgb(0xe2f3e8);
    case Tone::waiting: return rgb(0xe3eff8);
    case Tone::attention: return rgb(0xfce8ea);
    case Tone::warning: return rgb(0xfdf1d8);
    case Tone::quiet: return rgb(0xeef1f3);
    case Tone::neutral: break;
  }
  return rgb(0xffffff);
}

const Fonts& fonts() { return current_fonts; }
float scale() { return current_scale; }
float px(float at_100_percent) { return at_100_percent * current_scale; }

bool load_theme(int scale_percent, std::string& message) {
  current_scale = static_cast<float>(std::clamp(scale_percent, 100, 250)) / 100.0f;
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
