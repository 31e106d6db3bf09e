#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"

namespace fieldpost {

std::optional<Action> draw_unlock(UnlockModel& unlock) {
  std::optional<Action> action;
  begin_screen("unlock");
  ImGui::SetCursorPosY(ImGui::GetIO().DisplaySize.y * 0.16f);
  begin_column("unlock/column", 560);
  ui::title("Fieldpost");
  ui::wrapped(tr("unlock.what"), ui::Tone::quiet);
  ui::gap(12);
  if (unlock.no_store) {
    ui::notice("unlock/no_store", ui::Tone::warning, tr("unlock.no_store"));
    ui::gap(4);
    ui::wrapped(tr("unlock.enrol"));
    ui::text("fieldpostctl enrol URL TICKET --home DIR", ui::Tone::quiet);
  } else {
    if (unlock.users.size() > 1) {
      ui::text(tr("unlock.user"));
      for (const std::string& user : unlock.users) {
        const auto look = user == unlock.user ? ui::ButtonLook::chosen : ui::ButtonLook::normal;
        if (ui::button("user/" + user, user, look, -FLT_MIN)) {
          if (user != unlock.user) {
            unlock.passphrase.clear();
            unlock.problem.clear();
          }
          unlock.user = user;
          ui::focus("passphrase");
        }
      }
    } else if (!unlock.users.empty()) {
      ui::bold(unlock.users.front());
    }
    ui::gap(2);
    ui::text(tr("unlock.passphrase"));
    ui::FieldOptions options;
    options.password = true;
    options.tone = unlock.problem.empty() ? ui::Tone::neutral : ui::Tone::attention;
    const ui::FieldResult field = ui::text_field("passphrase", unlock.passphrase, options);
    if (field.edited) unlock.problem.clear();
    if (!unlock.problem.empty()) ui::notice("unlock/problem", ui::Tone::attention, unlock.problem);
    ui::gap(4);
    const bool pressed = ui::button("unlock", tr("unlock.open"), ui::ButtonLook::primary, -FLT_MIN);
    if (pressed || field.submitted) {
      action = Unlock{};
      ui::focus("passphrase");
    }
  }
  ui::gap(12);
  const std::string other = language() == "vi" ? "English" : "Tiếng Việt";
  if (ui::button("language", other, ui::ButtonLook::quiet)) action = SwitchLanguage{language() == "vi" ? "en" : "vi"};
  beside(tr("help.open"));
  if (ui::button("tab/help", tr("help.open"), ui::ButtonLook::quiet)) action = ShowHelp{};
  end_column();
  end_screen();
  return action;
}

}  // namespace fieldpost
