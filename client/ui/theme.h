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

/// Sets style and colours, and loads Noto Sans into the atlas at `scale_percent` (100 to 250). Without the font file
/// ImGui's own font is used and `message` says so.
bool load_theme(int scale_percent, std::string& message);

}  // namespace fieldpost::ui
