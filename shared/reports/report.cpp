#include "shared/reports/report.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/foundation/csv.h"
#include "shared/foundation/decimal.h"
#include "shared/reports/programmes.h"

namespace fieldpost {

namespace {

using Json = nlohmann::json;

std::int64_t figure_of(const Report::Line& line, const std::string& column) {
  const auto found = line.figures.find(column);
  return found == line.figures.end() ? 0 : found->second;
}

std::string decimal_figure(std::int64_t thousandths) {
  const Result<Decimal> number = Decimal::make(thousandths, -3);
  return number ? decimal_text(*number) : std::to_string(thousandths / 1000);
}

void put(Json& line, const Report::Column& column, std::int64_t figure) {
  Json* at = &line;
  std::size_t start = 0;
  for (std::size_t dot = column.name.find('.'); dot != std::string::npos; dot = column.name.find('.', start)) {
    at = &(*at)[column.name.substr(start, dot - start)];
    if (at->is_null()) *at = Json::object();
    start = dot + 1;
  }
  if (column.only_if_any && figure == 0) return;
  (*at)[column.name.substr(start)] = column.thousandths ? Json::parse(decimal_figure(figure)) : Json(figure);
}

Json line_json(const Report& report, const Report::Line& line) {
  Json json = Json::object();
  for (const Report::Column& column : report.columns) put(json, column, figure_of(line, column.name));
  return json;
}

}  // namespace

const std::vector<ReportKind>& report_kinds() {
  static const std::vector<ReportKind> kinds = {
      {"programmes",
       {"Kết quả theo chương trình mục tiêu quốc gia và nguồn", "Results per national programme and source"},
       programmes_report},
  };
  return kinds;
}

Json report_json(const Report& report) {
  Json json = Json::object();
  json["report"] = report.name;
  json["from"] = iso_text(report.window.from);
  json["to"] = iso_text(report.window.to);
  Json& lines = json[report.line_name + "s"] = Json::array();
  for (const Report::Line& line : report.lines) {
    Json one = line_json(report, line);
    one[report.line_name] = line.code;
    one["label"] = line.label.vi;
    one["label_en"] = line.label.in("en");
    lines.push_back(std::move(one));
  }
  json["total"] = line_json(report, report.total);
  return json;
}

std::string report_csv(const Report& report, bool for_spreadsheet) {
  const char separator = for_spreadsheet ? ';' : ',';
  std::string out = for_spreadsheet ? "\xEF\xBB\xBF" : "";
  std::vector<std::string> cells = {report.line_name, "label"};
  for (const Report::Column& column : report.columns) {
    cells.push_back(column.name);
    std::replace(cells.back().begin(), cells.back().end(), '.', '_');
  }
  out += csv_line(cells, separator, for_spreadsheet);
  std::vector<const Report::Line*> lines;
  for (const Report::Line& line : report.lines) lines.push_back(&line);
  lines.push_back(&report.total);
  for (const Report::Line* line : lines) {
    cells = {line->code, line->label.vi};
    for (const Report::Column& column : report.columns) {
      const std::int64_t figure = figure_of(*line, column.name);
      cells.push_back(column.thousandths ? decimal_figure(figure) : std::to_string(figure));
      // A Vietnamese spreadsheet takes 1.5 for a date.
      if (for_spreadsheet) std::replace(cells.back().begin(), cells.back().end(), '.', ',');
    }
    out += csv_line(cells, separator, for_spreadsheet);
  }
  return out;
}

}  // namespace fieldpost
