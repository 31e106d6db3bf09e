#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

std::optional<Action> draw_filters(RecordList& list) {
  std::optional<Action> action;
  ui::FieldOptions options;
  options.hint = tr("list.search_hint");
  options.password = list.veiled;
  if (ui::text_field("search", list.search, options).edited) action = SearchList{};
  const float right = ImGui::GetWindowContentRegionMax().x;
  const auto filter = [&](const std::string& name, const std::string& label, bool first) {
    const float width = ImGui::CalcTextSize(label.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
    if (!first) {
      ImGui::SameLine();
      if (ImGui::GetCursorPosX() + width > right) ImGui::NewLine();
    }
    const bool chosen = list.form == name;
    if (ui::button("filter/" + name, label, chosen ? ui::ButtonLook::primary : ui::ButtonLook::normal))
      action = ShowList{name};
  };
  filter("", tr("list.all"), true);
  for (const FormChoice& form : list.forms)
    filter(form.name, form.label + " " + vietnamese::number_text(form.count), false);
  return action;
}

}  // namespace

std::optional<Action> draw_record_list(RecordList& list) {
  std::optional<Action> action;
  begin_column("list/column", 1240);
  action = draw_filters(list);
  ui::text(tr_with(list.search.empty() ? "list.count" : "list.found", {vietnamese::number_text(list.total)}),
           ui::Tone::quiet);
  if (!list.form.empty()) {
    ImGui::SameLine();
    if (ui::button("new/" + list.form, tr("list.new"), ui::ButtonLook::primary)) action = NewRecord{list.form};
  }
  ImGui::BeginChild("list/rows", {0, part_height()}, true,
                    ImGuiWindowFlags_AlwaysUseWindowPadding | ImGuiWindowFlags_NavFlattened);
  if (list.records.empty()) {
    ui::gap(8);
    ui::wrapped(list.search.empty() ? tr("list.empty") : tr("list.nothing_found"), ui::Tone::quiet);
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(list.records.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ListedRecord& record = list.records[static_cast<std::size_t>(i)];
      if (draw_record_row("open/" + text(record.record), record, list.form.empty()))
        action = OpenRecord{record.record};
    }
  if (list.total > static_cast<std::int64_t>(list.records.size()) && !list.records.empty())
    if (ui::button("more", tr("list.more"))) action = ShowMore{};
  ImGui::EndChild();
  end_column();
  return action;
}

}  // namespace fieldpost
