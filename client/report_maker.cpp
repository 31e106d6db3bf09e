#include "client/report_maker.h"

#include <chrono>

#include "shared/storage/files.h"

namespace fieldpost {

ReportMaker::ReportMaker(Store::Options store, std::function<void()> wake)
    : store_(std::move(store)), wake_(std::move(wake)) {}

ReportMaker::~ReportMaker() { goes_on_ = false; }

Result<std::unique_ptr<Database>> ReportMaker::open() const {
  Database::Options options;
  options.path = (store_.home / "store.db").string();
  if (store_.encrypted) options.key = store_.key;
  options.vfs = store_.vfs;
  options.create = false;
  return Database::open(options);
}

ReportOptions ReportMaker::options(const Asked& asked, std::map<std::string, std::string> devices) {
  return {asked.todays_places, asked.names, std::move(devices), [this] { return goes_on_.load(); }};
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
    const auto database = open();
    if (!database) return Made{asked, database.error()};
    Result<Report> report = make_report(**database, catalogue, *asked.report, asked.window, options(asked, devices));
    if (!report) return Made{asked, report.error()};
    return Made{asked, std::make_shared<const Report>(std::move(*report))};
  });
}

void ReportMaker::find(const Catalogue& catalogue, const Asked& asked, std::string table, std::string line,
                       std::string column, std::string title) {
  begin([this, &catalogue, asked, table = std::move(table), line = std::move(line), column = std::move(column),
         title = std::move(title)]() -> Done {
    const auto database = open();
    if (!database) return Found{title, database.error()};
    return Found{title, records_behind(**database, catalogue, *asked.report, asked.window, options(asked, {}), table,
                                       line, column)};
  });
}

void ReportMaker::write(const Catalogue& catalogue, const Asked& asked, std::map<std::string, std::string> devices,
                        const std::string& format, const SheetWords& words, std::filesystem::path file) {
  begin([this, &catalogue, asked, devices = std::move(devices), format, words, file = std::move(file)]() -> Done {
    const auto database = open();
    if (!database) return Written{asked, format, database.error()};
    const ReportOptions made_so = options(asked, devices);
    if (format == "xlsx") {
      const Result<void> written =
          write_report_xlsx(**database, catalogue, *asked.report, asked.window, made_so, words, file.string());
      return Written{asked, format, written ? Result<std::filesystem::path>(file) : written.error()};
    }
    const Result<Report> report = make_report(**database, catalogue, *asked.report, asked.window, made_so);
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
