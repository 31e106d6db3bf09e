// Colours with a meaning, sizes and fonts: calm, high contrast, targets a dusty finger on a touch pad can hit.
#pragma once

#include <string>

#include <imgui.h>

namespace fieldpost::ui {

/// What a colour says. The same colour means the same on every screen, and always stands beside words.
enum class Tone {
  neutral,
  good,       // at central
  waiting,    // on this laptop, in a bundle: not sent yet
  attention,  // needs a person: conflict, held, error
  warning,    // worth a look
  quiet,      // secondary text
};

ImVec4 tone_text(Tone tone);
ImVec4 tone_fill(Tone tone);
/// What cards, fields and lists stand on.
ImVec4 surface();
/// The one button that goes on, and what marks the chosen.
struct Accent {
  ImVec4 fill, hovered, active, words, mark;
};
Accent accent();

struct Fonts {
  ImFont* regular = nullptr;
  ImFont* bold = nullptr;
  ImFont* title = nullptr;
};

/// The current fonts and scale; set by load_theme.
const Fonts& fonts();
float scale();
/// Pixels for a length at 100 %.
float px(float at_100_percent);

inline constexpr int scale_percent_min = 100, scale_percent_max = 250;
enum class Palette { light, dark, contrast };
struct Look {
  int scale_percent = 100;
  Palette palette = Palette::light;
  bool operator==(const Look&) const = default;
};
/// The one of the last load_theme.
const Look& look();
/// Sets style and colours, and loads Noto Sans into the atlas. Without the font file ImGui's own font is used and
/// `message` says so.
bool load_theme(const Look& look, std::string& message);
/// Another look from the next frame on: the fonts of a frame that is being drawn cannot go.
void want_look(const Look& look);
/// Between frames. True when the fonts were loaded anew: the renderer's texture holds the old ones.
bool apply_wanted_look();

}  // namespace fieldpost::ui
