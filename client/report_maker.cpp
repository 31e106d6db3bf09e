#include "client/report_maker.h"

#include <chrono>

#include "shared/storage/files.h"

namespace fieldpost {

ReportMaker::ReportMaker(Store::Options store, std::optional<DeploymentId> deployment, std::function<void()> wake)
    : store_(std::move(store)), deployment_(deployment), wake_(std::move(wake)) {}

ReportMaker::~ReportMaker() { goes_on_ = false; }

Result<std::unique_ptr<Database>> ReportMaker::open() const {
  Database::Options options;
  options.path = (store_.home / "store.db").string();
  if (store_.encrypted) options.key = store_.key;
  options.vfs = store_.vfs;
  options.create = false;
  return Database::open(options);
}

ReportOptions ReportMaker::options(const Asked& asked, std::map<std::string, std::string> devices,
                                   std::string state) {
  return {asked.todays_places, std::move(state), asked.names, std::move(devices), [this] { return goes_on_.load(); }};
}

Result<ReportMaker::Basis> ReportMaker::open_for(const Catalogue& catalogue, const ReportWindow& window) const {
  Result<std::unique_ptr<Database>> database = open();
  if (!database) return database.error();
  if (!deployment_) return Basis{*std::move(database), std::nullopt};
  // One moment of the store, whoever saves meanwhile; the connection goes with the report.
  if (const Result<void> begun = guarded([&] { (*database)->execute("BEGIN"); }); !begun) return begun.error();
  Result<std::optional<ReportLock>> lock = show_lock_of(**database, catalogue, *deployment_, window);
  if (!lock) return lock.error();
  return Basis{*std::move(database), *std::move(lock)};
}

Result<std::string> ReportMaker::state_name(const Basis& basis) const {
  if (!deployment_) return std::string();
  return guarded(
      [&] { return text((basis.lock ? basis.lock->state : data_state(*basis.database, *deployment_)).id()); });
}

void ReportMaker::begin(std::function<Done()> work) {
  if (busy()) return;
  goes_on_ = true;
  working_ = std::async(std::launch::async, [this, work = std::move(work)] {
    Done done = work();
    if (wake_) wake_();
    return done;
  });
}

void ReportMaker::load() {
  begin([]() -> Done {
    static_cast<void>(shipped_reports());
    return Loaded{};
  });
}

void ReportMaker::make(const Catalogue& catalogue, const Asked& asked, std::map<std::string, std::string> devices) {
  begin([this, &catalogue, asked, devices = std::move(devices)]() -> Done {
    const Result<Basis> from = open_for(catalogue, asked.window);
    if (!from) return Made{asked, from.error()};
    const Result<std::string> state = state_name(*from);
    if (!state) return Made{asked, state.error()};
    Result<Report> report =
        make_report(*from->database, catalogue, *asked.report, asked.window, options(asked, devices, *state));
    if (!report) return Made{asked, report.error()};
    return Made{asked, std::make_shared<const Report>(std::move(*report)), from->lock.has_value()};
  });
}

void ReportMaker::find(const Catalogue& catalogue, const Asked& asked, std::string table, std::string line,
                       std::string column, std::string title) {
  begin([this, &catalogue, asked, table = std::move(table), line = std::move(line), column = std::move(column),
         title = std::move(title)]() -> Done {
    const Result<Basis> from = open_for(catalogue, asked.window);
    if (!from) return Found{title, from.error()};
    return Found{title, records_behind(*from->database, catalogue, *asked.report, asked.window,
                                       options(asked, {}, {}), table, line, column)};
  });
}

void ReportMaker::write(const Catalogue& catalogue, const Asked& asked, std::map<std::string, std::string> devices,
                        const std::string& format, const SheetWords& words, std::filesystem::path file) {
  begin([this, &catalogue, asked, devices = std::move(devices), format, words, file = std::move(file)]() -> Done {
    const Result<Basis> from = open_for(catalogue, asked.window);
    if (!from) return Written{asked, format, from.error()};
    const Result<std::string> state = state_name(*from);
    if (!state) return Written{asked, format, state.error()};
    const ReportOptions made_so = options(asked, devices, *state);
    if (format == "xlsx") {
      const Result<void> written =
          write_report_xlsx(*from->database, catalogue, *asked.report, asked.window, made_so, words, file.string());
      return Written{asked, format, written ? Result<std::filesystem::path>(file) : written.error()};
    }
    const Result<Report> report = make_report(*from->database, catalogue, *asked.report, asked.window, made_so);
    if (!report) return Written{asked, format, report.error()};
    Result<void> written;
    if (format == "csv") {
      written = write_durably(file, view_of(report_csv(*report, true)));
    } else {
      const Result<Bytes> pdf = report_pdf(*report, words);
      written = pdf ? write_durably(file, *pdf) : Result<void>(pdf.error());
    }
    return Written{asked, format, written ? Result<std::filesystem::path>(file) : written.error()};
  });
}

std::optional<ReportMaker::Done> ReportMaker::take() {
  if (!working_.valid() || working_.wait_for(std::chrono::seconds(0)) != std::future_status::ready)
    return std::nullopt;
  return working_.get();
}

}  // namespace fieldpost
