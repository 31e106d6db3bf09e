#include <algorithm>
#include <array>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"

namespace fieldpost {
namespace {

std::optional<std::size_t> draw_choice(const std::string& name, const std::string& words,
                                       const std::vector<std::string>& options, std::size_t chosen) {
  ui::begin_card();
  ui::bold(words);
  const std::optional<std::size_t> pressed = draw_options(name, options, chosen);
  ui::end_card();
  return pressed;
}

template <class Values, class Value>
std::size_t place_of(const Values& values, const Value& value) {
  return static_cast<std::size_t>(std::find(values.begin(), values.end(), value) - values.begin());
}

void draw_keys() {
  ui::begin_card();
  ui::bold(tr("settings.keys"));
  for (const char* key :
       {"keys.tab", "keys.enter", "keys.save", "keys.scale", "keys.lock", "keys.help", "keys.veil"}) {
    ui::line();
    ui::wrapped(tr(key));
  }
  ui::end_card();
}

}  // namespace

std::optional<Action> draw_settings(const Settings& settings, bool form_open) {
  Settings wanted = settings;
  begin_column("settings/column", 860);
  const bool back = form_open && ui::button("settings/back", tr("settings.back"), ui::ButtonLook::quiet);
  ui::title(tr("settings.title"));
  constexpr std::array scales = {100, 125, 150, 175, 200}, minutes = {2, 5, 10, 30, 0};
  if (const auto at = draw_choice("language", tr("settings.language"), {"Tiếng Việt", "English"},
                                  place_of(languages, settings.language)))
    wanted.language = languages[*at];
  std::vector<std::string> words;
  for (const int scale : scales) words.push_back(std::to_string(scale) + " %");
  if (const auto at = draw_choice("scale", tr("settings.scale"), words, place_of(scales, settings.scale_percent)))
    wanted.scale_percent = scales[*at];
  if (const auto at = draw_choice("palette", tr("settings.palette"),
                                  {tr("palette.light"), tr("palette.dark"), tr("palette.contrast")},
                                  place_of(palettes, settings.palette)))
    wanted.palette = palettes[*at];
  if (const auto at = draw_choice("typing", tr("settings.typing"), {tr("settings.typing_off"), "Telex", "VNI"},
                                  place_of(typings, settings.typing)))
    wanted.typing = typings[*at];
  words.clear();
  for (const int each : minutes)
    words.push_back(each == 0 ? tr("settings.never") : tr_with("settings.minutes", {std::to_string(each)}));
  if (const auto at = draw_choice("lock_after", tr("settings.lock"), words, place_of(minutes, settings.lock_minutes)))
    wanted.lock_minutes = minutes[*at];
  if (const auto at = draw_choice("veil", tr("settings.veil"), {tr("veil.off"), tr("veil.cover")},
                                  static_cast<std::size_t>(settings.veil)))
    wanted.veil = *at == 1;
  draw_keys();
  end_column();
  if (back) return GoTo{Screen::form};
  return wanted == settings ? std::nullopt : std::optional<Action>(ChangeSettings{wanted});
}

}  // namespace fieldpost
