#include "shared/reports/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/foundation/csv.h"
#include "shared/foundation/decimal.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

using Json = nlohmann::json;
using Kind = ReportColumn::Kind;

std::string decimal_figure(std::int64_t thousandths) {
  const Result<Decimal> number = Decimal::make(thousandths, -3);
  return number ? decimal_text(*number) : std::to_string(thousandths / 1000);
}

/// A whole column still shows the half that somebody counted.
Json figure_json(std::int64_t thousandths) {
  return thousandths % 1000 == 0 ? Json(thousandths / 1000) : Json::parse(decimal_figure(thousandths));
}

Json cell_json(const ReportColumn& column, const ReportCell& cell) {
  if (column.kind == Kind::text || column.kind == Kind::grade) return cell.text;
  return cell.figure ? figure_json(*cell.figure) : Json(nullptr);
}

void put(Json& line, const std::string& name, Json value) {
  Json* at = &line;
  std::size_t start = 0;
  for (std::size_t dot = name.find('.'); dot != std::string::npos; dot = name.find('.', start)) {
    at = &(*at)[name.substr(start, dot - start)];
    if (at->is_null()) *at = Json::object();
    start = dot + 1;
  }
  if (!value.is_discarded()) (*at)[name.substr(start)] = std::move(value);
}

Json line_json(const ReportTable& table, const ReportLine& line) {
  Json json = Json::object();
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const ReportColumn& column = table.columns[i];
    const bool left_out = column.only_if_any && line.cells[i].figure.value_or(0) == 0;
    put(json, column.name, left_out ? Json(Json::value_t::discarded) : cell_json(column, line.cells[i]));
  }
  if (!line.estimated.empty()) {
    Json& estimated = json["estimated"] = Json::object();
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (line.estimated[i]) put(estimated, table.columns[i].name, figure_json(*line.estimated[i]));
  }
  return json;
}

Json check_json(const ReportTable::Broken& broken) {
  Json json = {{"label", broken.label.vi},
               {"label_en", broken.label.in("en")},
               {"left", figure_json(broken.left)},
               {"right", figure_json(broken.right)}};
  if (!broken.line.empty()) json["line"] = broken.line;
  if (!broken.column.empty()) json["column"] = broken.column;
  return json;
}

void add_table(Json& json, const ReportTable& table) {
  const std::string& line_name = table.definition->line_name;
  Json& lines = json[line_name + "s"] = Json::array();
  for (const ReportLine& line : table.lines) {
    Json one = line_json(table, line);
    one[line_name] = line.code;
    one["label"] = line.label.vi;
    one["label_en"] = line.label.in("en");
    if (line.record) one["record"] = text(*line.record);
    if (!table.definition->rank_by.empty()) one["rank"] = line.rank;
    if (table.definition->propose > 0) one["proposed"] = line.proposed;
    lines.push_back(std::move(one));
  }
  if (table.total) json["total"] = line_json(table, *table.total);
  if (!table.definition->checks.empty()) {
    Json& broken = json["broken_checks"] = Json::array();
    for (const ReportTable::Broken& each : table.broken) broken.push_back(check_json(each));
  }
  if (table.tie_at_the_end) json["tie_at_the_end"] = true;
}

std::string csv_cell(const ReportColumn& column, const std::optional<std::int64_t>& figure, const std::string& text,
                     bool for_spreadsheet) {
  if (column.kind == Kind::text || column.kind == Kind::grade) return text;
  if (!figure) return {};
  std::string out = decimal_figure(*figure);
  // A Vietnamese spreadsheet takes 1.5 for a date.
  if (for_spreadsheet) std::replace(out.begin(), out.end(), '.', ',');
  return out;
}

std::string date_text(const CivilDate& day) {
  const auto two = [](int number) { return (number < 10 ? "0" : "") + std::to_string(number); };
  return two(day.day) + "/" + two(day.month) + "/" + std::to_string(day.year);
}

}  // namespace

Json report_json(const Report& report) {
  Json json = Json::object();
  json["report"] = report.definition->name;
  json["from"] = iso_text(report.window.from);
  json["to"] = iso_text(report.window.to);
  if (report.window.actual_to) json["actual_to"] = iso_text(*report.window.actual_to);
  if (!report.state.empty()) json["state"] = report.state;
  if (report.definition->by_place) json["places"] = report.todays_places ? "today" : "then";
  if (report.tables.size() == 1) {
    add_table(json, report.tables.front());
    return json;
  }
  Json& tables = json["tables"] = Json::array();
  for (const ReportTable& table : report.tables) {
    Json one = {{"table", table.definition->name},
                {"label", table.definition->label.vi},
                {"label_en", table.definition->label.in("en")}};
    add_table(one, table);
    tables.push_back(std::move(one));
  }
  return json;
}

std::string report_csv(const Report& report, bool for_spreadsheet) {
  const char separator = for_spreadsheet ? ';' : ',';
  std::string out = for_spreadsheet ? "\xEF\xBB\xBF" : "";
  for (const ReportTable& table : report.tables) {
    if (&table != &report.tables.front()) out += "\r\n";
    std::vector<std::string> cells = {table.definition->line_name, "label"};
    for (const ReportColumn& column : table.columns) {
      cells.push_back(column.name);
      std::replace(cells.back().begin(), cells.back().end(), '.', '_');
    }
    if (report.window.actual_to) cells.insert(cells.begin() + 2, "part");
    out += csv_line(cells, separator, for_spreadsheet);
    std::vector<const ReportLine*> lines;
    for (const ReportLine& line : table.lines) lines.push_back(&line);
    if (table.total) lines.push_back(&*table.total);
    for (const ReportLine* line : lines) {
      cells = {line->code, line->label.vi};
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        cells.push_back(csv_cell(table.columns[i], line->cells[i].figure, line->cells[i].text, for_spreadsheet));
      if (report.window.actual_to) cells.insert(cells.begin() + 2, "actual");
      out += csv_line(cells, separator, for_spreadsheet);
      if (!report.window.actual_to) continue;
      cells = {line->code, line->label.vi, "estimated"};
      for (std::size_t i = 0; i < table.columns.size(); ++i)
        cells.push_back(csv_cell(table.columns[i], line->estimated[i], "", for_spreadsheet));
      out += csv_line(cells, separator, for_spreadsheet);
    }
  }
  return out;
}

std::string figure_text(const ReportColumn& column, const ReportCell& cell, std::string_view language) {
  if (column.kind == Kind::text || column.kind == Kind::grade) return cell.text;
  if (!cell.figure) {
    if (column.kind == Kind::ratio) return language == "en" ? "no denominator" : "không có mẫu số";
    return "—";
  }
  // Percents to one place; the figure itself keeps three, so that 89,96 % does not meet 90 %.
  const std::int64_t shown = column.kind == Kind::ratio ? (*cell.figure + 50) / 100 * 100 : *cell.figure;
  const Result<Decimal> number = Decimal::make(shown, -3);
  return (number ? vietnamese::number_text(*number) : decimal_figure(shown)) +
         (column.kind == Kind::ratio ? " %" : "");
}

std::vector<std::size_t> shown_columns(const ReportTable& table) {
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const auto says = [&](const ReportLine& line) { return line.cells[i].figure.value_or(0) != 0; };
    if (!table.columns[i].only_if_any || std::any_of(table.lines.begin(), table.lines.end(), says) ||
        (table.total && says(*table.total)))
      out.push_back(i);
  }
  return out;
}

void log_report_export(const Log& log, const ReportDefinition& definition, const ReportWindow& window,
                       std::string_view format, bool names, const UserId& who) {
  log.write(LogLevel::info, "report_exported",
            {LogField::code("report", definition.name), LogField::code("from", iso_text(window.from)),
             LogField::code("to", iso_text(window.to)), LogField::code("format", format), LogField("names", names),
             LogField("user", who)});
}

std::string broken_text(const ReportTable& table, const ReportTable::Broken& broken, std::string_view language) {
  ReportColumn plain;
  std::string where = broken.line;
  if (const ReportLine* line = table.line(broken.line)) where = line->label.in(language);
  if (const auto column = table.column(broken.column); column && where.empty())
    where = table.columns[*column].label.in(language);
  return broken.label.in(language) + " — " + where + ": " + figure_text(plain, {broken.left, ""}, language) + " ≠ " +
         figure_text(plain, {broken.right, ""}, language);
}

std::map<std::string, std::string> devices_of(Database& view, const ReportDefinition& definition,
                                              const std::function<std::string(const DeviceId&)>& name) {
  std::map<std::string, std::string> out;
  if (std::none_of(definition.tables.begin(), definition.tables.end(),
                   [](const TableDefinition& table) { return table.rows_are_devices; }))
    return out;
  Statement devices = view.prepare("SELECT DISTINCT hex(first_device), first_device FROM record");
  while (devices.step()) out[devices.text(0)] = name(devices.id<DeviceId>(1));
  return out;
}

std::string state_text(const std::string& state, std::string_view language) {
  if (state.empty()) return {};
  return (language == "en" ? "State of the data: " : "Trạng thái dữ liệu: ") + state.substr(0, 16);
}

std::string window_text(const ReportWindow& window, std::string_view language) {
  const bool english = language == "en";
  std::string out = (english ? "from " : "từ ngày ") + date_text(window.from) + (english ? " to " : " đến ngày ") +
                    date_text(window.to);
  if (window.actual_to)
    out += (english ? " (actual to " : " (thực tế đến ngày ") + date_text(*window.actual_to) +
           (english ? ", the rest estimated)" : ", phần còn lại là ước tính)");
  return out;
}

}  // namespace fieldpost
