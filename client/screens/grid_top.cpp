#include "client/model/translation.h"
#include "client/screens/grid_parts.h"
#include "client/screens/parts.h"

namespace fieldpost {

TopAsked draw_grid_top(FormEntry& entry, const Question& repeat, GridView& view) {
  TopAsked asked;
  if (view.summary_revision != entry.revision()) {
    view.summary = roster_summary(entry, repeat);
    view.summary_revision = entry.revision();
  }
  const bool low = ImGui::GetIO().DisplaySize.y < ui::px(600);  // there the room belongs to the lines
  ImGui::AlignTextToFramePadding();
  ui::bold(tr_with("grid.count", {std::to_string(entry.row_count(repeat))}));
  std::string people;
  for (const std::string& part : view.summary.people) people += (people.empty() ? "" : " · ") + part;
  if (!people.empty()) {
    beside(people);
    ui::text(people);
  }
  for (const RosterSummary::Headcount& headcount : view.summary.headcounts) {
    beside(headcount.words);
    if (headcount.differs)
      ui::mark(ui::Tone::warning, headcount.words);
    else if (!low)
      ui::text(headcount.words, ui::Tone::quiet);
  }
  if (!low && !view.summary.groups.empty()) {
    std::string groups;
    for (const std::string& group : view.summary.groups) groups += (groups.empty() ? "" : "   ·   ") + group;
    ui::wrapped(groups, ui::Tone::quiet);
  }

  if (name_column(entry, repeat)) {
    const auto order = [&](const char* name, LineOrder::By by, const std::string& words) {
      const bool chosen = view.order.by() == by;
      if (ui::button(name, words, chosen ? ui::ButtonLook::chosen : ui::ButtonLook::quiet)) view.order.choose(by);
    };
    ImGui::AlignTextToFramePadding();
    ui::text(tr("grid.order"), ui::Tone::quiet);
    beside(tr("grid.by_arrival"));
    order("order/arrival", LineOrder::By::arrival, tr("grid.by_arrival"));
    beside(tr("grid.by_name"));
    order("order/name", LineOrder::By::name, tr("grid.by_name"));
    ImGui::SameLine(0, ui::px(24));
  }
  const auto step = [](const char* name, const std::string& words, bool can) {
    return ui::button(name, words, can ? ui::ButtonLook::normal : ui::ButtonLook::quiet);
  };
  asked.undo = step("undo", tr("grid.undo"), view.history.can_undo());
  beside(tr("grid.redo"));
  asked.redo = step("redo", tr("grid.redo"), view.history.can_redo());
  if (view.said_at != entry.revision()) view.said.clear();
  if (!view.said.empty()) {
    beside(view.said);
    ui::mark(ui::Tone::waiting, view.said);
  } else if (!low) {
    beside(tr("grid.keys"));
    ImGui::AlignTextToFramePadding();
    ui::text(tr("grid.keys"), ui::Tone::quiet);
  }
  return asked;
}

}  // namespace fieldpost
