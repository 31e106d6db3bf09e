#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

std::optional<Action> draw_sync(const SyncStatus& sync) {
  std::optional<Action> action;
  const auto number = [](std::int64_t value) { return vietnamese::number_text(value); };
  begin_column("sync/column", 860);
  ui::title(tr("sync.title"));
  ui::wrapped(tr("sync.what"), ui::Tone::quiet);
  ui::begin_card();
  if (sync.running) {
    ui::bold(tr("sync.running"), ui::Tone::waiting);
    ui::progress(sync_fraction(sync.progress), sync_progress_text(sync));
    if (ui::button("sync/stop", tr("sync.stop"))) action = StopSync{};
    ui::wrapped(tr("sync.stop_safe"), ui::Tone::quiet);
  } else {
    if (!sync.problem.empty()) {
      ui::notice("sync/problem", ui::Tone::attention, sync.problem);
      ui::wrapped(sync.kept);
    } else if (sync.report) {
      ui::mark(ui::Tone::good, tr("sync.done"));
      ui::wrapped(sync_report_text(*sync.report));
    }
    if (sync.enrolled) {
      if (ui::button("sync/start", tr("sync.start"), ui::ButtonLook::primary)) action = StartSync{};
    } else {
      ui::notice("sync/not_enrolled", ui::Tone::warning, tr("sync.not_enrolled"));
    }
    ui::wrapped(sync.last_sync, ui::Tone::quiet);
  }
  ui::end_card();
  ui::begin_card();
  ui::bold(tr("sync.this_laptop"));
  const auto line = [](const std::string& words, const std::string& value, ui::Tone tone) {
    ui::line();
    ui::text(words);
    ImGui::SameLine(ImGui::GetWindowContentRegionMax().x - ImGui::CalcTextSize(value.c_str()).x);
    ui::text(value, tone);
  };
  line(tr("sync.unsent"), number(sync.status.unsent), sync.status.unsent > 0 ? ui::Tone::waiting : ui::Tone::good);
  line(tr("sync.receipted"), number(sync.status.receipted), ui::Tone::good);
  line(tr("sync.held"), number(sync.status.held), sync.status.held > 0 ? ui::Tone::attention : ui::Tone::quiet);
  line(tr("sync.refused"), number(sync.status.refused),
       sync.status.refused > 0 ? ui::Tone::attention : ui::Tone::quiet);
  line(tr("sync.conflicts"), number(sync.status.conflicts),
       sync.status.conflicts > 0 ? ui::Tone::attention : ui::Tone::quiet);
  line(tr("sync.changes"), number(sync.status.changes), ui::Tone::quiet);
  if (!sync.central.empty()) line(tr("sync.central"), sync.central, ui::Tone::quiet);
  if (!sync.laptop.empty()) line(tr("sync.laptop"), sync.laptop, ui::Tone::quiet);
  ui::end_card();
  end_column();
  return action;
}

}  // namespace fieldpost
