#include "client/model/reports.h"

#include <algorithm>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {

std::optional<ReportWindow> window_of(const ReportsModel& model) {
  const Result<CivilDate> from = vietnamese::parse_date(model.from_text), to = vietnamese::parse_date(model.to_text);
  if (!from || !to) return std::nullopt;
  ReportWindow window{first_day(*from), last_day(*to), {}};
  if (window.to < window.from) return std::nullopt;
  if (model.actual_to && window.from <= *model.actual_to && *model.actual_to < window.to)
    window.actual_to = model.actual_to;
  return window;
}

void choose_preset(ReportsModel& model, const std::string& preset, const CivilDate& around) {
  const ReportPreset* found = find_preset(preset);
  if (!found) return;
  const ReportWindow window = found->around(around);
  model.preset = preset;
  model.from_text = vietnamese::date_text(window.from);
  model.to_text = vietnamese::date_text(window.to);
  model.actual_to = window.actual_to;
}

void choose_report(ReportsModel& model, std::size_t chosen, const CivilDate& today) {
  model.chosen = chosen;
  model.made.reset();
  model.behind.reset();
  model.problem.clear();
  model.done.clear();
  model.table = 0;
  model.chart_column = 0;
  const ReportDefinition* report = model.report();
  if (report && !report->presets.empty()) choose_preset(model, report->presets.front(), today);
}

std::vector<std::size_t> chart_columns(const ReportTable& table) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < table.columns.size(); ++i)
    if (std::any_of(table.lines.begin(), table.lines.end(),
                    [&](const ReportLine& line) { return line.cells[i].figure.value_or(0) != 0; }))
      out.push_back(i);
  return out;
}

ChartModel chart_of(const ReportTable& table, std::size_t column, std::string_view language) {
  ChartModel out;
  if (column >= table.columns.size()) return out;
  const ReportColumn& drawn = table.columns[column];
  out.title = drawn.label.in(language);
  if (drawn.target_percent) out.target = static_cast<double>(*drawn.target_percent);
  for (const ReportLine& line : table.lines) {
    const ReportCell& cell = line.cells[column];
    if (!cell.figure || (*cell.figure == 0 && drawn.kind != ReportColumn::Kind::ratio)) continue;
    out.bars.push_back({(line.number.empty() ? "" : line.number + " ") + line.label.in(language),
                        figure_text(drawn, cell, language), static_cast<double>(*cell.figure) / 1000});
  }
  return out;
}

}  // namespace fieldpost
