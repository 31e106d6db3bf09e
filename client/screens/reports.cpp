// Reports: which one and over which days on the left, its figures on the right. Every figure is a button that opens
// the records behind it.
#include <algorithm>

#include "client/model/reports.h"
#include "client/model/translation.h"
#include "client/model/value_text.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/chart.h"

namespace fieldpost {
namespace {

constexpr float side_width = 400;
constexpr int columns_most = 60;  // ImGui draws 64

std::optional<Action> draw_choices(ReportsModel& model) {
  std::optional<Action> action;
  for (std::size_t i = 0; i < model.choices.size(); ++i) {
    const bool chosen = i == model.chosen;
    ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, {0, 0.5f});
    if (ui::button("report/" + model.choices[i].report->name, model.choices[i].label,
                   chosen ? ui::ButtonLook::chosen : ui::ButtonLook::quiet, ImGui::GetContentRegionAvail().x))
      action = ChooseReport{i};
    ImGui::PopStyleVar();
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s", model.choices[i].label.c_str());
  }
  return action;
}

bool draw_day(const char* name, std::string& typed) {
  ui::FieldOptions options;
  options.width = ui::px(118);
  options.plain = true;
  options.select_all = true;
  options.hint = tr("list.day_hint");
  if (unreadable_day(typed)) options.tone = ui::Tone::attention;
  return ui::text_field(name, typed, options).edited;
}

/// Closing a window: what it means, the reason, and only then it is written.
std::optional<Action> draw_closing(ReportsModel& model) {
  std::optional<Action> action;
  if (!model.may_close || (model.made && model.is_closed)) return action;
  if (!model.closing) {
    if (ui::button("close", tr("reports.close"), ui::ButtonLook::quiet)) {
      model.closing.emplace();
      ui::focus("close/reason");
    }
    return action;
  }
  ui::wrapped(tr_with("reports.close_means", {model.from_text, model.to_text}), ui::Tone::warning);
  ui::FieldOptions reason;
  reason.width = std::min(ui::px(420), ImGui::GetContentRegionAvail().x);
  reason.plain = true;
  reason.hint = tr("reports.close_reason");
  ui::text_field("close/reason", *model.closing, reason);
  beside(tr("reports.close_write"));
  if (ui::button("close/write", tr("reports.close_write"), ui::ButtonLook::primary) && !model.closing->empty())
    action = CloseWindow{*model.closing};
  beside(tr("reports.close_drop"));
  if (ui::button("close/drop", tr("reports.close_drop"))) model.closing.reset();
  return action;
}

std::optional<Action> draw_window(ReportsModel& model) {
  std::optional<Action> action;
  const ReportDefinition& report = *model.report();
  bool first = true;
  for (const std::string& name : report.presets) {
    const ReportPreset* preset = find_preset(name);
    if (!preset) continue;
    const std::string words = preset->label.in(language());
    if (!first) beside(words);
    first = false;
    if (ui::button("preset/" + name, words, model.preset == name ? ui::ButtonLook::chosen : ui::ButtonLook::normal))
      action = ChoosePreset{name};
  }
  ImGui::AlignTextToFramePadding();
  ui::text(tr("list.from"), ui::Tone::quiet);
  ImGui::SameLine();
  bool typed = draw_day("from", model.from_text);
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  ui::text(tr("list.to"), ui::Tone::quiet);
  ImGui::SameLine();
  typed = draw_day("to", model.to_text) || typed;
  if (typed) {
    model.preset.clear();
    model.actual_to.reset();
  }
  beside(tr("reports.earlier"));
  if (ui::button("earlier", tr("reports.earlier"), ui::ButtonLook::quiet)) action = StepReport{-1};
  beside(tr("reports.later"));
  if (ui::button("later", tr("reports.later"), ui::ButtonLook::quiet)) action = StepReport{1};
  if (report.by_place) {
    beside(tr("reports.today_places") + "XXXX");
    ui::checkbox("today_places", tr("reports.today_places"), model.todays_places);
  }
  if (model.may_see_names) {
    beside(tr("reports.names") + "XXXX");
    ui::checkbox("names", tr("reports.names"), model.names);
  }
  if (model.running) {
    if (ui::button("stop", tr("reports.stop"))) action = StopReport{};
    ImGui::SameLine();
    ImGui::AlignTextToFramePadding();
    ui::text(tr("reports.running"), ui::Tone::quiet);
    return action;
  }
  if (ui::button("make", tr("reports.make"), ui::ButtonLook::primary)) action = MakeReport{};
  const std::pair<const char*, const char*> formats[] = {
      {"xlsx", "reports.xlsx"}, {"pdf", "reports.pdf"}, {"csv", "reports.csv"}};
  for (const auto& [format, words] : formats) {
    beside(tr(words));
    if (ui::button(std::string("export/") + format, tr(words))) action = ExportReport{format};
  }
  ui::FieldOptions folder;
  folder.width = std::min(ui::px(360), ImGui::GetContentRegionAvail().x);
  folder.plain = true;
  folder.hint = tr("print.folder");
  beside(ui::px(240));
  ui::text_field("folder", model.folder, folder);
  if (auto asked = draw_closing(model)) action = asked;
  return action;
}

std::string cell_text(const ReportTable& table, const ReportLine& line, std::size_t column) {
  ReportCell cell = line.cells[column];
  if (cell.figure && !line.estimated.empty()) *cell.figure += line.estimated[column].value_or(0);
  return figure_text(table.columns[column], cell, language());
}

/// Words as far as they fit; the rest when the mouse stays.
void draw_words(const std::string& words) {
  ImGui::TextUnformatted(words.c_str());
  if (ImGui::IsItemHovered() && ImGui::CalcTextSize(words.c_str()).x > ImGui::GetContentRegionAvail().x)
    ImGui::SetTooltip("%s", words.c_str());
}

std::optional<Action> draw_line(const ReportTable& table, const ReportLine& line,
                                const std::vector<std::size_t>& shown, bool is_total) {
  std::optional<Action> action;
  ImGui::TableNextRow();
  ImGui::TableNextColumn();
  std::string label = line.number.empty() ? "" : line.number + "  ";
  if (!table.definition->rank_by.empty() && line.rank > 0) label = std::to_string(line.rank) + ".  ";
  label += line.label.in(language());
  if (line.proposed) label += "  ★ " + tr("reports.proposed");
  ImGui::AlignTextToFramePadding();
  is_total ? ui::bold(label) : draw_words(label);
  for (const std::size_t i : shown) {
    ImGui::TableNextColumn();
    const ReportColumn& column = table.columns[i];
    const std::string words = cell_text(table, line, i);
    if (column.kind == ReportColumn::Kind::text || column.kind == ReportColumn::Kind::grade) {
      ImGui::AlignTextToFramePadding();
      draw_words(words);
      continue;
    }
    const float room = ImGui::GetContentRegionAvail().x;
    const float width = ImGui::CalcTextSize(words.c_str()).x + 2 * ImGui::GetStyle().FramePadding.x;
    if (width < room) ImGui::SetCursorPosX(ImGui::GetCursorPosX() + room - width);
    const bool opens = line.cells[i].figure.value_or(0) != 0;
    const std::string name = "figure/" + line.code + "/" + column.name;
    if (opens && ui::button(name, words, ui::ButtonLook::quiet))
      action =
          OpenFigure{table.definition->name, line.code, column.name, label + " — " + column.label.in(language())};
    if (!opens) {
      ImGui::AlignTextToFramePadding();
      ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ImGui::GetStyle().FramePadding.x);
      ui::text(words, ui::Tone::quiet);
    }
    if (column.target_percent && line.cells[i].figure) {
      const std::int64_t target = *column.target_percent * 1000;
      const bool met = column.more_than_target ? *line.cells[i].figure > target : *line.cells[i].figure >= target;
      ui::text(tr(met ? "reports.target_met" : "reports.target_missed"), met ? ui::Tone::good : ui::Tone::warning);
    }
  }
  return action;
}

std::optional<Action> draw_table(const ReportTable& table) {
  std::optional<Action> action;
  std::vector<std::size_t> shown = shown_columns(table);
  if (shown.size() > columns_most) shown.resize(columns_most);
  const float height = part_height();
  if (!ImGui::BeginTable(("report/" + table.definition->name).c_str(), static_cast<int>(shown.size()) + 1,
                         ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY | ImGuiTableFlags_Borders |
                             ImGuiTableFlags_RowBg | ImGuiTableFlags_Resizable | ImGuiTableFlags_SizingFixedFit,
                         {0, height}))
    return action;
  ImGui::TableSetupColumn("label", ImGuiTableColumnFlags_WidthFixed, ui::px(300));
  for (const std::size_t i : shown) {
    const bool words = table.columns[i].kind == ReportColumn::Kind::text;
    ImGui::TableSetupColumn(table.columns[i].name.c_str(), ImGuiTableColumnFlags_WidthFixed,
                            ui::px(words ? 190 : 116));
  }
  ImGui::TableSetupScrollFreeze(1, 1);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  ImGui::TableNextColumn();
  ui::bold(table.definition->line_label.in(language()));
  std::string last_head;
  for (const std::size_t i : shown) {
    const ReportColumn& column = table.columns[i];
    ImGui::TableNextColumn();
    std::string head;
    for (const Label& each : column.heads) head += (head.empty() ? "" : " · ") + each.in(language());
    if (!head.empty() && head != last_head) ui::wrapped(head, ui::Tone::quiet);
    last_head = head;
    ui::wrapped((column.number.empty() ? "" : "(" + column.number + ") ") + column.label.in(language()));
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(table.lines.size()));
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      if (auto asked = draw_line(table, table.lines[static_cast<std::size_t>(i)], shown, false)) action = asked;
  if (table.total)
    if (auto asked = draw_line(table, *table.total, shown, true)) action = asked;
  ImGui::EndTable();
  return action;
}

void draw_chart(ReportsModel& model, const ReportTable& table) {
  const std::vector<std::size_t> columns = chart_columns(table);
  if (columns.empty()) return ui::text(tr("reports.nothing"), ui::Tone::quiet);
  if (std::find(columns.begin(), columns.end(), model.chart_column) == columns.end())
    model.chart_column = columns.front();
  for (std::size_t n = 0; n < columns.size(); ++n) {
    const std::string words = table.columns[columns[n]].label.in(language());
    if (n > 0) beside(words);
    if (ui::button("chart/" + table.columns[columns[n]].name, words,
                   columns[n] == model.chart_column ? ui::ButtonLook::chosen : ui::ButtonLook::quiet))
      model.chart_column = columns[n];
  }
  begin_part("chart", 0);
  const ChartModel chart = chart_of(table, model.chart_column, language());
  std::vector<ui::Bar> bars;
  for (const ChartBar& bar : chart.bars) bars.push_back({bar.label, bar.value, bar.figure});
  ui::bold(chart.title);
  ui::bar_chart(bars, chart.target,
                chart.target ? tr_with("reports.target", {std::to_string(static_cast<int>(*chart.target))}) : "");
  ImGui::EndChild();
}

std::optional<Action> draw_behind(ReportsModel& model) {
  std::optional<Action> action;
  const ReportsModel::Behind& behind = *model.behind;
  if (ui::button("behind/back", tr("reports.back"))) {
    model.behind.reset();
    return action;
  }
  ImGui::SameLine();
  ui::bold(behind.title);
  ui::text(
      behind.count > behind.records.size()
          ? tr_with("reports.records_first", {std::to_string(behind.records.size()), std::to_string(behind.count)})
          : tr_with("reports.records", {std::to_string(behind.count)}),
      ui::Tone::quiet);
  begin_part("behind", 0);
  for (std::size_t i = 0; i < behind.records.size(); ++i)
    if (draw_record_row("behind/" + std::to_string(i), behind.records[i], true))
      action = OpenRecord{behind.records[i].record};
  ImGui::EndChild();
  return action;
}

std::optional<Action> draw_made(ReportsModel& model) {
  const Report& report = *model.made;
  if (model.behind) return draw_behind(model);
  model.table = std::min(model.table, report.tables.size() - 1);
  if (report.tables.size() > 1) {
    for (std::size_t i = 0; i < report.tables.size(); ++i) {
      const std::string words = shortened(report.tables[i].definition->label.in(language()));
      if (i > 0) beside(words);
      if (ui::button("table/" + std::to_string(i), words,
                     i == model.table ? ui::ButtonLook::chosen : ui::ButtonLook::quiet)) {
        model.table = i;
        model.chart_column = 0;
      }
    }
  }
  const ReportTable& table = report.tables[model.table];
  if (const auto pressed =
          draw_options("look", {tr("reports.as_table"), tr("reports.as_chart")}, model.as_chart ? 1 : 0))
    model.as_chart = *pressed == 1;
  ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  ui::text(window_text(report.window, language()), ui::Tone::quiet);
  for (std::size_t i = 0; i < std::min<std::size_t>(table.broken.size(), 2); ++i)
    ui::wrapped(tr_with("reports.check", {broken_text(table, table.broken[i], language())}), ui::Tone::warning);
  if (table.broken.size() > 2)
    ui::text(tr_with("reports.more_checks", {std::to_string(table.broken.size() - 2)}), ui::Tone::warning);
  if (table.tie_at_the_end) ui::wrapped(tr("reports.tie"), ui::Tone::warning);
  if (!model.as_chart) return draw_table(table);
  draw_chart(model, table);
  return std::nullopt;
}

}  // namespace

std::optional<Action> draw_reports(ReportsModel& model) {
  std::optional<Action> action;
  if (!model.report()) {
    ui::text(tr("reports.loading"), ui::Tone::quiet);
    return action;
  }
  const bool small = is_small_screen();
  if (!small) {
    begin_part("choices", ui::px(side_width));
    action = draw_choices(model);
    ImGui::EndChild();
    ImGui::SameLine();
  }
  begin_part("figures", 0);
  if (small && !model.made) {
    if (auto asked = draw_choices(model)) action = asked;
  }
  ui::bold(model.choices[model.chosen].label);
  if (!model.report()->basis.empty()) ui::text(model.report()->basis, ui::Tone::quiet);
  if (auto asked = draw_window(model)) action = asked;
  if (model.made && !model.made->state.empty())
    ui::text(state_text(model.made->state, language()) + (model.is_closed ? tr("reports.closed") : std::string()),
             ui::Tone::quiet);
  if (!model.problem.empty()) ui::notice("reports/problem", ui::Tone::attention, model.problem);
  if (!model.done.empty()) {
    ui::text(model.done, ui::Tone::good);
    if (!model.file.empty()) beside(tr("print.open"));
    if (!model.file.empty() && ui::button("open", tr("print.open"))) action = OpenReportFile{};
  }
  if (small && model.made)
    if (ui::button("choose", tr("reports.choose"), ui::ButtonLook::quiet)) action = ChooseReport{model.chosen};
  ui::line();
  if (model.made) {
    if (auto asked = draw_made(model)) action = asked;
  } else if (!model.running) {
    ui::text(tr("reports.not_made"), ui::Tone::quiet);
  }
  ImGui::EndChild();
  return action;
}

}  // namespace fieldpost
