// Makes reports away from the window's thread, through a connection of its own, one at a time; each can be stopped.
#pragma once

#include <atomic>
#include <filesystem>
#include <functional>
#include <future>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "shared/reports/closing.h"
#include "shared/reports/report.h"
#include "shared/reports/sheets/report_sheets.h"
#include "shared/storage/store.h"

namespace fieldpost {

class ReportMaker {
 public:
  struct Asked {
    const ReportDefinition* report = nullptr;  // of shipped_reports()
    ReportWindow window;
    bool todays_places = false, names = false;
  };
  struct Loaded {};
  struct Made {
    Asked asked;
    Result<std::shared_ptr<const Report>> report;
    bool is_closed = false;  // made from the state of the lock that closed its window
  };
  struct Found {
    std::string title;
    Result<std::vector<RecordId>> records;
  };
  struct Written {
    Asked asked;
    std::string format;
    Result<std::filesystem::path> file;
  };
  using Done = std::variant<Loaded, Made, Found, Written>;

  /// `wake` is called on the working thread when something is done. `catalogue` outlives this; `devices` as in
  /// ReportOptions.
  /// `deployment`: of a laptop that is enrolled; without it reports name no state.
  ReportMaker(Store::Options store, std::optional<DeploymentId> deployment, std::function<void()> wake);
  /// Stops what is under way.
  ~ReportMaker();

  bool busy() const { return working_.valid(); }
  /// Nothing of these is begun while another is under way.
  void load();
  void make(const Catalogue& catalogue, const Asked& asked, std::map<std::string, std::string> devices);
  void find(const Catalogue& catalogue, const Asked& asked, std::string table, std::string line, std::string column,
            std::string title);
  /// `format`: xlsx, pdf or csv.
  void write(const Catalogue& catalogue, const Asked& asked, std::map<std::string, std::string> devices,
             const std::string& format, const SheetWords& words, std::filesystem::path file);
  void stop() { goes_on_ = false; }
  /// What was done since; asked every frame.
  std::optional<Done> take();

 private:
  Result<std::unique_ptr<Database>> open() const;
  /// A connection that shows what the report is made from, and the lock whose state that is.
  struct Basis {
    std::unique_ptr<Database> database;
    std::optional<ReportLock> lock;
  };
  Result<Basis> open_for(const Catalogue& catalogue, const ReportWindow& window) const;
  /// Of the state of the data, for what is kept or handed in; empty on a laptop that is not enrolled.
  Result<std::string> state_name(const Basis& basis) const;
  ReportOptions options(const Asked& asked, std::map<std::string, std::string> devices, std::string state);
  void begin(std::function<Done()> work);

  Store::Options store_;
  std::optional<DeploymentId> deployment_;
  std::function<void()> wake_;
  std::atomic<bool> goes_on_{true};
  std::future<Done> working_;  // last: it ends first
};

}  // namespace fieldpost
