#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"

namespace fieldpost {

std::optional<Action> draw_history(const RecordHistory& history) {
  std::optional<Action> action;
  begin_column("history/column", 900);
  if (ui::button("history/back", tr("history.back"))) action = OpenRecord{history.record};
  ui::title(history.title.empty() ? tr("list.untitled") : history.title);
  ui::wrapped(tr("history.what"), ui::Tone::quiet);
  for (std::size_t i = 0; i < history.entries.size(); ++i) {
    const HistoryEntry& entry = history.entries[i];
    ui::begin_card();
    ui::bold(entry.when + " · " + entry.author);
    ui::wrapped(tr_with("history.laptop", {entry.device}), ui::Tone::quiet);
    if (!entry.reason.empty()) ui::wrapped(tr_with("history.reason", {entry.reason}));
    ui::line();
    // A roster pasted at once is hundreds of lines: the first ones tell what the save was about.
    constexpr std::size_t lines_shown_max = 40;
    for (std::size_t j = 0; j < std::min(entry.lines.size(), lines_shown_max); ++j) {
      ImGui::PushTextWrapPos(ui::px(300));
      ui::text(entry.lines[j].field, ui::Tone::quiet);
      ImGui::PopTextWrapPos();
      ImGui::SameLine(ui::px(320));
      ui::wrapped(entry.lines[j].value);
    }
    if (entry.lines.size() > lines_shown_max)
      ui::text(tr_with("history.more", {std::to_string(entry.lines.size() - lines_shown_max)}), ui::Tone::quiet);
    ui::end_card();
  }
  end_column();
  return action;
}

}  // namespace fieldpost
