#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

// Of what central holds or refuses; the list of records has the others under their status.
constexpr std::size_t attention_max = 8;

std::optional<Action> draw_network(const SyncStatus& sync) {
  std::optional<Action> action;
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
  return action;
}

std::optional<Action> draw_stick(StickModel& stick) {
  std::optional<Action> action;
  ui::begin_card();
  ui::bold(tr("stick.title"));
  ui::wrapped(tr("stick.what"), ui::Tone::quiet);
  ui::gap(4);
  if (stick.drives.empty()) {
    ui::notice("stick/no_drive", ui::Tone::quiet, tr("stick.no_drive"));
    if (ui::button("stick/find", tr("stick.find"))) action = FindDrives{};
  }
  for (const StickModel::Place& drive : stick.drives) {
    const auto look = drive.path == stick.path ? ui::ButtonLook::chosen : ui::ButtonLook::normal;
    if (ui::button("drive/" + drive.path, drive.name + "  ·  " + drive.note, look, -FLT_MIN)) stick.path = drive.path;
  }
  ui::gap(2);
  ui::text(tr("stick.folder"), ui::Tone::quiet);
  ui::FieldOptions folder;
  folder.hint = "/media/usb";
  ui::text_field("stick/path", stick.path, folder);
  if (stick.recipients.size() > 1) {
    ui::gap(2);
    ui::text(tr("stick.for"), ui::Tone::quiet);
    std::vector<std::string> names;
    for (const StickModel::Recipient& recipient : stick.recipients) names.push_back(recipient.name);
    stick.recipient = draw_options("recipient", names, stick.recipient).value_or(stick.recipient);
  }
  ui::gap(4);
  if (stick.running) {
    ui::mark(ui::Tone::waiting, tr("stick.running"));
    ui::wrapped(tr("stick.do_not_pull"), ui::Tone::attention);
  } else {
    if (ui::button("stick/write", tr("stick.write"), ui::ButtonLook::primary)) action = WriteToStick{};
    beside(tr("stick.take_in"));
    if (ui::button("stick/read", tr("stick.take_in"))) action = ReadFromStick{};
    if (!stick.problem.empty()) ui::notice("stick/problem", ui::Tone::attention, stick.problem);
    if (!stick.done.empty()) {
      ui::mark(ui::Tone::good, tr("stick.done"));
      ui::wrapped(stick.done);
    }
    for (const std::string& note : stick.notes) ui::wrapped(note, ui::Tone::quiet);
  }
  ui::end_card();
  return action;
}

std::optional<Action> draw_this_laptop(const SyncStatus& sync) {
  std::optional<Action> action;
  const auto number = [](std::int64_t value) { return vietnamese::number_text(value); };
  ui::begin_card();
  ui::bold(tr("sync.this_laptop"));
  const StoreStatus& status = sync.status;
  if (status.unsent > 0)
    ui::mark(ui::Tone::waiting, tr_with("sync.only_here", {number(status.unsent)}));
  else if (status.receipted > 0)
    ui::mark(ui::Tone::good, tr_with("sync.all_there", {number(status.receipted)}));
  for (std::size_t i = 0; i < std::min<std::size_t>(sync.attention.size(), attention_max); ++i) {
    const AttentionRow& row = sync.attention[i];
    ui::line();
    ui::wrapped(row.title);
    ui::wrapped(row.why, ui::Tone::attention);
    if (ui::button("sync/attention/" + std::to_string(i), tr("home.open"))) action = OpenRecord{row.record};
  }
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
  return action;
}

}  // namespace

std::optional<Action> draw_sync(SyncStatus& sync) {
  std::optional<Action> action;
  const auto take = [&](std::optional<Action> asked) {
    if (asked) action = std::move(asked);
  };
  begin_column("sync/column", 1240);
  ui::title(tr("sync.title"));
  ui::wrapped(tr("sync.what"), ui::Tone::quiet);
  const float available = ImGui::GetContentRegionAvail().x;
  if (sync.enrolled && available > ui::px(900)) {
    begin_part("sync/left", available * 0.5f);
    take(draw_network(sync));
    take(draw_this_laptop(sync));
    ImGui::EndChild();
    ImGui::SameLine();
    begin_part("sync/right", 0);
    take(draw_stick(sync.stick));
    ImGui::EndChild();
  } else {
    take(draw_network(sync));
    if (sync.enrolled) take(draw_stick(sync.stick));
    take(draw_this_laptop(sync));
  }
  end_column();
  return action;
}

}  // namespace fieldpost
