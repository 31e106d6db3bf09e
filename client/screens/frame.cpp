// The window that fills the display, and the line on top of it.
#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"

namespace fieldpost {

void begin_screen(const char* name) {
  const ImGuiIO& io = ImGui::GetIO();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus | ImGuiWindowFlags_NoScrollWithMouse);
}

void end_screen() { ImGui::End(); }

std::optional<Action> draw_header(const Header& header) {
  std::optional<Action> action;
  const auto tab = [&](const char* name, const std::string& text, Screen screen, bool chosen, const Action& asked) {
    static_cast<void>(screen);
    if (ui::button(name, text, chosen ? ui::ButtonLook::chosen : ui::ButtonLook::quiet)) action = asked;
    ImGui::SameLine();
  };
  const auto counted = [](const std::string& text, std::int64_t count) {
    return count > 0 ? text + " (" + std::to_string(count) + ")" : text;
  };
  tab("tab/home", tr("tab.home"), Screen::home, header.current == Screen::home, GoTo{Screen::home});
  tab("tab/list", tr("tab.list"), Screen::list, header.current == Screen::list, ShowList{});
  tab("tab/conflicts", counted(tr("tab.conflicts"), header.attention), Screen::conflicts,
      header.current == Screen::conflicts, GoTo{Screen::conflicts});
  tab("tab/sync", header.syncing ? tr("tab.syncing") : counted(tr("tab.sync"), header.unsent), Screen::sync,
      header.current == Screen::sync, GoTo{Screen::sync});

  const std::string& settings = tr("tab.settings");
  const float padding = 2 * ImGui::GetStyle().FramePadding.x, spacing = ImGui::GetStyle().ItemSpacing.x;
  const float buttons = ImGui::CalcTextSize(settings.c_str()).x + padding + spacing +
                        ImGui::CalcTextSize(tr("tab.help").c_str()).x + padding + spacing +
                        ImGui::CalcTextSize(tr("tab.lock").c_str()).x + padding;
  const float who = ImGui::CalcTextSize(header.who.c_str()).x + spacing;
  const float right = ImGui::GetWindowContentRegionMax().x;
  // On a narrow or enlarged window the name goes first: the tabs say enough.
  if (ImGui::GetCursorPosX() + who + buttons < right) {
    ImGui::SetCursorPosX(right - who - buttons);
    ImGui::AlignTextToFramePadding();
    ui::text(header.who, ui::Tone::quiet);
    ImGui::SameLine();
  } else if (ImGui::GetCursorPosX() + buttons < right) {
    ImGui::SetCursorPosX(right - buttons);
  } else {
    ImGui::NewLine();
  }
  tab("tab/settings", settings, Screen::settings, header.current == Screen::settings, GoTo{Screen::settings});
  tab("tab/help", tr("tab.help"), Screen::help, header.current == Screen::help, ShowHelp{});
  if (ui::button("lock", tr("tab.lock"), ui::ButtonLook::quiet)) action = Lock{};
  ImGui::Separator();
  return action;
}

}  // namespace fieldpost
