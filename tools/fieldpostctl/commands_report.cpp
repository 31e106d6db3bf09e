// Reports over any home: a laptop's own records, or all of central's.
#include "shared/foundation/vietnamese.h"
#include "shared/reports/report.h"
#include "shared/storage/files.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

namespace {

const ReportKind* find_kind(const std::string& name) {
  for (const ReportKind& kind : report_kinds())
    if (name == kind.name) return &kind;
  return nullptr;
}

Reply list_reports() {
  Reply reply;
  reply.json["reports"] = nlohmann::json::array();
  for (const ReportKind& kind : report_kinds()) {
    reply.json["reports"].push_back(
        {{"name", kind.name}, {"label", kind.label.vi}, {"label_en", kind.label.in("en")}});
    reply.text += std::string(kind.name) + "  " + kind.label.vi + " (" + kind.label.in("en") + ")\n";
  }
  return reply;
}

std::optional<CivilDate> date_in(const Arguments& arguments, const std::string& option) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  Result<CivilDate> date = parse_iso_date(*text);
  if (!date) date = vietnamese::parse_date(*text);
  return date ? std::optional(*date) : std::nullopt;
}

}  // namespace

Reply report(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.has("--list")) return list_reports();
  if (arguments.words.empty()) return wrong_usage("report: cần tên báo cáo (a name is needed); report --list");
  const ReportKind* kind = find_kind(arguments.words[0]);
  if (!kind)
    return failed({ErrorCode::not_found, "no report is called '" + arguments.words[0] + "': see `report --list`"});
  if (arguments.home.empty()) return wrong_usage("report: cần --home DIR (is needed)");
  const std::string format = arguments.value("--format").value_or("json");
  if (format == "xlsx" || format == "pdf")
    return wrong_usage("--format " + format + ": sẽ có sau (comes with a later version); json, csv");
  if (format != "json" && format != "csv") return wrong_usage("--format " + format + ": json, csv");
  const std::optional<CivilDate> from = date_in(arguments, "--from"), to = date_in(arguments, "--to");
  if (!from || !to)
    return wrong_usage("report: cần --from D và --to D, ví dụ 2025-01-01 hay 1/1/2025 (both are needed)");
  // A month or a year as an end means all of it.
  const ReportWindow window{first_day(*from), last_day(*to)};
  if (window.to < window.from) return wrong_usage("--from sau (lies after) --to");
  const std::optional<std::string> file = arguments.value("-o");
  if (arguments.json && format == "csv" && !file)
    return wrong_usage("--json cùng (with) --format csv: cần (needs) -o FILE");

  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const Result<Report> made = kind->make((*reading)->database(), (*reading)->store().catalogue(), window);
  if (!made) return failed(made.error());
  Reply reply;
  reply.json = report_json(*made);
  reply.text = format == "csv" ? report_csv(*made, arguments.has("--excel")) : json_text(reply.json, 2) + "\n";
  if (!file) return reply;
  if (const Result<void> written = write_durably(*file, view_of(reply.text)); !written)
    return failed(written.error());
  reply.json["file"] = *file;
  reply.text = *file + "\n";
  return reply;
}

}  // namespace fieldpost::ctl
