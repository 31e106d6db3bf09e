// Reports over any home: a laptop's own records, or all of central's.
#include "shared/foundation/log.h"
#include "shared/foundation/vietnamese.h"
#include "shared/reports/closing.h"
#include "shared/reports/sheets/report_sheets.h"
#include "shared/storage/files.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::ctl {

namespace {

using Json = nlohmann::json;

Reply list_reports() {
  Reply reply;
  reply.json["reports"] = Json::array();
  for (const ReportDefinition& report : shipped_reports()) {
    reply.json["reports"].push_back({{"name", report.name},
                                     {"label", report.label.vi},
                                     {"label_en", report.label.in("en")},
                                     {"presets", report.presets}});
    reply.text += report.name + "  " + report.label.vi + " (" + report.label.in("en") + ")\n";
  }
  return reply;
}

/// The definition of a name, or of an office's own file.
Result<ReportDefinition> chosen_report(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (const auto file = arguments.value("--check")) {
    const Result<Bytes> content = read_small_file(*file, 1 << 20);
    if (!content) return content.error();
    Result<ReportDefinition> report =
        load_report({reinterpret_cast<const char*>(content->data()), content->size()}, context.catalogue);
    if (report && report->name != arguments.words[0])
      return Error{ErrorCode::invalid_argument,
                   *file + ": name: is '" + report->name + "', not '" + arguments.words[0] + "'"};
    return report;
  }
  const ReportDefinition* report = find_report(arguments.words[0]);
  if (!report)
    return Error{ErrorCode::not_found, "no report is called '" + arguments.words[0] + "': see `report --list`"};
  return *report;
}

std::optional<CivilDate> date_in(const Arguments& arguments, const std::string& option) {
  const auto text = arguments.value(option);
  if (!text) return std::nullopt;
  Result<CivilDate> date = parse_iso_date(*text);
  if (!date) date = vietnamese::parse_date(*text);
  return date ? std::optional(*date) : std::nullopt;
}

/// --from and --to, or --preset around --on. A month or a year as an end means all of it.
std::variant<ReportWindow, WrongUsage> window_in(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (const auto name = arguments.value("--preset")) {
    const ReportPreset* preset = find_preset(*name);
    if (!preset) {
      std::string known;
      for (const ReportPreset& each : report_presets()) known += std::string(known.empty() ? "" : ", ") + each.name;
      return WrongUsage{"--preset " + *name + ": " + known};
    }
    if (arguments.has("--on") && !date_in(arguments, "--on"))
      return WrongUsage{"--on: cần một ngày (a day is needed)"};
    const CivilDate on = date_in(arguments, "--on").value_or(vietnam_day(context.clock.now_ms()));
    return preset->around(first_day(on));
  }
  const std::optional<CivilDate> from = date_in(arguments, "--from"), to = date_in(arguments, "--to");
  if (!from || !to)
    return WrongUsage{
        "report: cần --from D và --to D, ví dụ 2025-01-01 hay 1/1/2025, hoặc --preset (both are needed, "
        "or --preset)"};
  ReportWindow window{first_day(*from), last_day(*to), {}};
  if (window.to < window.from) return WrongUsage{"--from sau (lies after) --to"};
  if (arguments.has("--actual-to")) {
    const std::optional<CivilDate> actual = date_in(arguments, "--actual-to");
    if (!actual || last_day(*actual) < window.from || window.to < last_day(*actual))
      return WrongUsage{"--actual-to: cần một ngày trong kỳ (a day of the window is needed)"};
    window.actual_to = last_day(*actual);
  }
  return window;
}

/// Who reads: on a laptop its role; whoever holds central's key is the office.
std::optional<Role> role_of(Reading& reading) {
  if (reading.is_central()) return Role::director;
  const Result<std::optional<Identity>> identity = reading.store().identity();
  if (!identity || !*identity) return std::nullopt;
  return (*identity)->certificate.role;
}

void log_export(const Context& context, Reading& reading, const ReportDefinition& definition,
                const ReportWindow& window, const std::string& format, bool names) {
  UserId who;
  if (!reading.is_central())
    if (const Result<UserId> author = reading.store().author()) who = *author;
  log_report_export(Log(context.clock), definition, window, format, names, who);
}

/// The state that a report is made from: the one asked for, that of the lock that closed the window, or what is here
/// now. From here on `reading`'s tables show it.
struct Basis {
  std::string state;             // by name; empty on a laptop that is not enrolled
  std::optional<RecordId> lock;  // that closed the window
};

/// The state of a lock, or in a file that --keep-state wrote.
Result<DataState> asked_state(Database& view, const std::string& asked, Basis& basis) {
  if (const Result<RecordId> named = parse_entity_id(asked)) {
    const Result<std::vector<ReportLock>> known = locks(view);
    if (!known) return known.error();
    for (const ReportLock& lock : *known)
      if (lock.record == *named && lock.is_whole) {
        basis.lock = lock.record;
        return lock.state;
      }
    return Error{ErrorCode::not_found, "no window was closed by this record: see `lock`"};
  }
  const Result<Bytes> content = read_small_file(asked, 1 << 20);
  if (!content) return content.error();
  return DataState::parse(text_of(*content));
}

Result<Basis> settle_basis(const Context& context, Reading& reading, const ReportWindow& window) {
  const Arguments& arguments = context.arguments;
  const std::optional<std::string> asked = arguments.value("--as-of");
  const Result<DeploymentId> deployment = reading.deployment();
  if (!deployment) return asked ? Result<Basis>(deployment.error()) : Basis{};
  Database& view = reading.database();
  const Catalogue& catalogue = reading.store().catalogue();
  // One moment of the store, whoever writes meanwhile; at central that has begun already.
  if (!reading.is_central())
    if (const Result<void> begun = guarded([&] { view.execute("BEGIN"); }); !begun) return begun.error();
  Basis basis;
  std::optional<DataState> state;
  if (asked) {
    Result<DataState> named = asked_state(view, *asked, basis);
    if (!named) return named.error();
    if (const auto shown = show_as_of(view, catalogue, *deployment, *named); !shown) return shown.error();
    state = *std::move(named);
  } else if (!arguments.has("--live")) {
    const Result<std::optional<ReportLock>> lock = show_lock_of(view, catalogue, *deployment, window);
    if (!lock) return lock.error();
    if (*lock) {
      state = (*lock)->state;
      basis.lock = (*lock)->record;
    }
  }
  if (!state) {
    Result<DataState> now = guarded([&] { return data_state(view, *deployment); });
    if (!now) return now.error();
    state = *std::move(now);
  }
  basis.state = text(state->id());
  if (const auto file = arguments.value("--keep-state"))
    if (const Result<void> kept = write_durably(*file, view_of(state->text())); !kept) return kept.error();
  return basis;
}

/// What came late for windows that were closed inside of this one; the past knows no lateness.
Result<Json> adjustments_json(const Context& context, Reading& reading, const ReportDefinition& definition,
                              const ReportWindow& window, const ReportOptions& options) {
  Json out = Json::array();
  if (options.state.empty() || context.arguments.value("--as-of")) return out;
  Database& view = reading.database();
  const Result<DeploymentId> deployment = reading.deployment();
  if (!deployment) return deployment.error();
  const Result<std::vector<ReportLock>> known = locks(view);
  if (!known) return known.error();
  if (lock_of(*known, window) && !context.arguments.has("--live")) return out;
  const Result<std::vector<Adjustment>> late =
      adjustments(view, reading.store().catalogue(), *deployment, definition, window, options, *known);
  if (!late) return late.error();
  for (const Adjustment& each : *late) {
    Json one = {{"lock", text(each.lock->record)},
                {"from", iso_text(each.lock->window.from)},
                {"to", iso_text(each.lock->window.to)},
                {"late", Json::array()},
                {"figures", Json::array()}};
    for (const RecordId& record : each.late) one["late"].push_back(text(record));
    for (const Adjustment::Figure& figure : each.figures)
      one["figures"].push_back({{"table", figure.table},
                                {"line", figure.line},
                                {"column", figure.column},
                                {"closed", static_cast<double>(figure.closed) / 1000},
                                {"now", static_cast<double>(figure.now) / 1000}});
    out.push_back(std::move(one));
  }
  return out;
}

Reply records_reply(const std::vector<RecordId>& records) {
  Reply reply;
  reply.json["records"] = Json::array();
  for (const RecordId& record : records) {
    reply.json["records"].push_back(text(record));
    reply.text += text(record) + "\n";
  }
  return reply;
}

}  // namespace

Reply report(const Context& context) {
  const Arguments& arguments = context.arguments;
  if (arguments.has("--list")) return list_reports();
  if (arguments.words.empty()) return wrong_usage("report: cần tên báo cáo (a name is needed); report --list");
  const Result<ReportDefinition> definition = chosen_report(context);
  if (!definition) return failed(definition.error());
  if (arguments.home.empty()) {
    if (!arguments.has("--check")) return wrong_usage("report: cần --home DIR (is needed)");
    Reply reply;
    reply.json = {{"ok", true}, {"report", definition->name}};
    reply.text = definition->name + ": định nghĩa dùng được (the definition is good)\n";
    return reply;
  }
  const std::string format = arguments.value("--format").value_or("json");
  if (format != "json" && format != "csv" && format != "xlsx" && format != "pdf")
    return wrong_usage("--format " + format + ": json, csv, xlsx, pdf");
  const auto windowed = window_in(context);
  if (const auto* wrong = std::get_if<WrongUsage>(&windowed)) return wrong_usage(wrong->message);
  const ReportWindow& window = std::get<ReportWindow>(windowed);
  const std::optional<std::string> file = arguments.value("-o");
  const bool is_file = format == "xlsx" || format == "pdf";
  if (((arguments.json && format == "csv") || is_file) && !file)
    return wrong_usage("--format " + format + ": cần (needs) -o FILE");
  const std::string places = arguments.value("--places").value_or("then");
  if (places != "then" && places != "today") return wrong_usage("--places " + places + ": then, today");

  Result<std::unique_ptr<Reading>> reading = Reading::open(context);
  if (!reading) return failed(reading.error());
  const std::optional<Role> role = role_of(**reading);
  ReportOptions options;
  options.todays_places = places == "today";
  options.names = arguments.has("--names");
  if ((options.names || definition->of_cases) && (!role || !may_see_names(*role)))
    return failed({ErrorCode::forbidden,
                   "only the office's reconcilers and directors may have names or reports case "
                   "by case: make this report without --names, or ask the office for it"});
  const Result<Basis> basis = settle_basis(context, **reading, window);
  if (!basis) return failed(basis.error());
  options.state = basis->state;
  Database& view = (*reading)->database();
  const Catalogue& catalogue = (*reading)->store().catalogue();
  if (arguments.has("--column")) {
    const Result<std::vector<RecordId>> records =
        records_behind(view, catalogue, *definition, window, options,
                       arguments.value("--table").value_or(definition->tables[0].name),
                       arguments.value("--row").value_or("total"), *arguments.value("--column"));
    return records ? records_reply(*records) : failed(records.error());
  }
  if (const Result<void> named = guarded([&] {
        options.devices =
            devices_of(view, *definition, [&](const DeviceId& device) { return (*reading)->device_name(device); });
      });
      !named)
    return failed(named.error());
  SheetWords words;
  words.above = arguments.value("--above").value_or("");
  words.issuer = arguments.value("--unit").value_or("");
  words.language = arguments.value("--lang").value_or("vi");
  Reply reply;
  if (format == "xlsx") {
    if (const Result<void> written = write_report_xlsx(view, catalogue, *definition, window, options, words, *file);
        !written)
      return failed(written.error());
    log_export(context, **reading, *definition, window, format, options.names);
    reply.json = {{"report", definition->name}, {"file", *file}};
    reply.text = *file + "\n";
    return reply;
  }
  const Result<Report> made = make_report(view, catalogue, *definition, window, options);
  if (!made) return failed(made.error());
  if (format == "pdf") {
    const Result<Bytes> pdf = report_pdf(*made, words);
    if (!pdf) return failed(pdf.error());
    if (const Result<void> written = write_durably(*file, *pdf); !written) return failed(written.error());
    log_export(context, **reading, *definition, window, format, options.names);
    reply.json = {{"report", definition->name}, {"file", *file}};
    reply.text = *file + "\n";
    return reply;
  }
  reply.json = report_json(*made);
  if (basis->lock) reply.json["lock"] = text(*basis->lock);
  const Result<Json> late = adjustments_json(context, **reading, *definition, window, options);
  if (!late) return failed(late.error());
  if (!late->empty()) reply.json["adjustments"] = *late;
  reply.text = format == "csv" ? report_csv(*made, arguments.has("--excel")) : json_text(reply.json, 2) + "\n";
  if (!file) return reply;
  if (const Result<void> written = write_durably(*file, view_of(reply.text)); !written)
    return failed(written.error());
  log_export(context, **reading, *definition, window, format, options.names);
  reply.json["file"] = *file;
  reply.text = *file + "\n";
  return reply;
}

}  // namespace fieldpost::ctl
