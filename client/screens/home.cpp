#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

std::optional<Action> draw_starts(const Home& home) {
  std::optional<Action> action;
  const float spacing = ImGui::GetStyle().ItemSpacing.x, available = ImGui::GetContentRegionAvail().x;
  const int columns = std::clamp(static_cast<int>(available / ui::px(290)), 1, 3);
  const float width = (available - spacing * static_cast<float>(columns - 1)) / static_cast<float>(columns);
  for (std::size_t i = 0; i < home.starts.size(); ++i) {
    const Home::Start& start = home.starts[i];
    if (i % static_cast<std::size_t>(columns) != 0) ImGui::SameLine();
    if (ui::card_button("new/" + start.form, "+ " + start.label, start.explanation, {width, ui::px(92)}))
      action = NewRecord{start.form};
  }
  return action;
}

// What is sent and what is not: the one thing a team must know before it shuts the lid.
std::optional<Action> draw_sent(const Home& home) {
  std::optional<Action> action;
  ui::begin_card();
  ImGui::BeginGroup();
  if (home.status.unsent > 0)
    ui::mark(ui::Tone::waiting, tr_with("home.unsent", {vietnamese::number_text(home.status.unsent)}));
  else if (home.status.changes > 0)
    ui::mark(ui::Tone::good, tr("home.all_sent"));
  else
    ui::mark(ui::Tone::quiet, tr("home.nothing_yet"));
  ui::wrapped(home.last_sync, ui::Tone::quiet);
  ImGui::EndGroup();
  ImGui::SameLine();
  const float button = ImGui::CalcTextSize(tr("sync.start").c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
  const float right = ImGui::GetWindowContentRegionMax().x - button;
  if (ImGui::GetCursorPosX() < right) ImGui::SetCursorPosX(right);
  if (ui::button("home/sync", tr("sync.start"))) action = StartSync{};
  ui::end_card();
  return action;
}

/// What was sent back to this laptop, and what waits to be handed in.
std::optional<Action> draw_review_work(const Home& home) {
  std::optional<Action> action;
  if (!home.returned.empty()) {
    ui::begin_card();
    ui::bold(tr_with("home.returned", {vietnamese::number_text(static_cast<std::int64_t>(home.returned.size()))}),
             ui::Tone::attention);
    for (const Home::ReturnedRow& row : home.returned) {
      ui::line();
      ui::wrapped(row.title);
      ui::wrapped(row.by + " · " + row.remarks, ui::Tone::quiet);
      if (ui::button("returned/" + text(row.record), tr("home.mend"))) action = OpenRecord{row.record};
    }
    ui::end_card();
  }
  if (home.hand_in) {
    ui::begin_card();
    const std::vector<std::string>& titles = home.hand_in->titles;
    ui::bold(tr_with("home.will_hand_in", {vietnamese::number_text(static_cast<std::int64_t>(titles.size()))}),
             ui::Tone::waiting);
    for (const std::string& title : titles) ui::wrapped("– " + title);
    if (ui::button("hand_in/write", tr("home.hand_in_write"), ui::ButtonLook::primary)) action = WriteHandIn{};
    ImGui::SameLine();
    const bool dropped = ui::button("hand_in/drop", tr("home.hand_in_drop"), ui::ButtonLook::quiet);
    if (dropped || ui::key_pressed(GLFW_KEY_ESCAPE)) action = DropHandIn{};
    ui::end_card();
  } else if (!home.ready.empty()) {
    const std::string words =
        tr_with("home.hand_in", {vietnamese::number_text(static_cast<std::int64_t>(home.ready.size()))});
    if (ui::button("home/hand_in", words) || ui::key_pressed(GLFW_KEY_F9)) action = ProposeHandIn{};
  }
  if (!home.handed_in.empty()) ui::mark(ui::Tone::good, home.handed_in);
  return action;
}

std::optional<Action> draw_open_work(const Home& home) {
  std::optional<Action> action;
  if (!home.drafts.empty()) {
    ui::begin_card();
    ui::bold(tr("home.drafts"));
    for (const DraftRow& draft : home.drafts) {
      ui::line();
      const std::string id = text(draft.draft);
      ui::wrapped(draft.title);
      ui::wrapped(tr_with("home.draft_kept", {draft.when}), ui::Tone::quiet);
      if (ui::button("resume/" + id, tr("home.resume"))) action = ResumeDraft{draft.draft};
      ImGui::SameLine();
      if (ui::button("drop/" + id, tr("home.drop"), ui::ButtonLook::quiet)) action = DropDraft{draft.draft};
    }
    ui::end_card();
  }
  if (home.status.conflicts > 0 || home.duplicates > 0 || !home.attention.empty()) {
    ui::begin_card();
    ui::bold(tr("home.attention"), ui::Tone::attention);
    if (home.status.conflicts > 0) {
      ui::wrapped(tr_with("home.conflicts", {vietnamese::number_text(home.status.conflicts)}));
      if (ui::button("home/conflicts", tr("home.review"))) action = GoTo{Screen::conflicts};
    }
    if (home.duplicates > 0) {
      ui::wrapped(tr_with("home.duplicates", {vietnamese::number_text(static_cast<std::int64_t>(home.duplicates))}));
      if (ui::button("home/duplicates", tr("home.duplicates_review"))) action = GoTo{Screen::duplicates};
    }
    for (std::size_t i = 0; i < std::min<std::size_t>(home.attention.size(), 5); ++i) {
      const AttentionRow& row = home.attention[i];
      ui::line();
      ui::wrapped(row.title);
      ui::wrapped(row.why, ui::Tone::quiet);
      if (ui::button("attention/" + std::to_string(i), tr("home.open"))) action = OpenRecord{row.record};
    }
    ui::end_card();
  }
  return action;
}

std::optional<Action> draw_trip(const Home& home) {
  std::optional<Action> action;
  if (home.trip.sessions.empty()) return action;
  ui::begin_card();
  ui::bold(home.trip.title);
  for (const ListedRecord& session : home.trip.sessions)
    if (draw_record_row("trip/" + text(session.record), session, true)) action = OpenRecord{session.record};
  ui::end_card();
  return action;
}

std::optional<Action> draw_today(const Home& home) {
  std::optional<Action> action;
  ui::begin_card();
  ui::bold(tr_with("home.today", {std::to_string(home.today_records.size())}));
  if (home.today_records.empty()) ui::wrapped(tr("home.today_empty"), ui::Tone::quiet);
  for (const ListedRecord& record : home.today_records)
    if (draw_record_row("today/" + text(record.record), record, true)) action = OpenRecord{record.record};
  ui::end_card();
  return action;
}

}  // namespace

std::optional<Action> draw_home(const Home& home) {
  std::optional<Action> action;
  const auto take = [&](std::optional<Action> asked) {
    if (asked) action = std::move(asked);
  };
  begin_column("home/column", 1240);
  ui::title(home.today);
  if (!home.salvaged.empty()) {
    ui::begin_card();
    ui::wrapped(home.salvaged, ui::Tone::attention);
    ui::end_card();
  }
  for (std::size_t i = 0; i < home.machine.size(); ++i)
    ui::notice("machine/" + std::to_string(i), ui::Tone::warning, home.machine[i]);
  take(draw_starts(home));
  take(draw_sent(home));
  take(draw_review_work(home));
  const bool something_open =
      !home.drafts.empty() || !home.attention.empty() || home.status.conflicts > 0 || home.duplicates > 0;
  const float available = ImGui::GetContentRegionAvail().x;
  if (something_open && available > ui::px(900)) {
    // Side by side where there is room: what was done today, and what waits.
    const float left = available * 0.62f;
    begin_part("home/left", left);
    take(draw_trip(home));
    take(draw_today(home));
    ImGui::EndChild();
    ImGui::SameLine();
    begin_part("home/right", 0);
    take(draw_open_work(home));
    ImGui::EndChild();
  } else {
    take(draw_open_work(home));
    take(draw_trip(home));
    take(draw_today(home));
  }
  end_column();
  return action;
}

}  // namespace fieldpost
