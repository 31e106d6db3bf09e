// A report as figures: tables of lines by columns, whatever they are written to afterwards. It is a pure function of
// the view, the catalogue, the definition, the window and the options: no clock, no chance, one order.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/foundation/ids.h"
#include "shared/foundation/log.h"
#include "shared/reports/report_definition.h"
#include "shared/reports/report_window.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

struct ReportCell {
  /// In thousandths, so that half cases and hours add up exactly; of a ratio, of one percent. None: nobody said, or a
  /// ratio without a denominator, which is neither 0 % nor 100 %.
  std::optional<std::int64_t> figure;
  std::string text;  // of text and grade columns
};

struct ReportLine {
  std::string code, number;
  Label label;
  std::vector<ReportCell> cells;  // by column
  /// What the days after `actual_to` are likely to add, at the pace of the days before; empty where all is actual.
  std::vector<std::optional<std::int64_t>> estimated;
  std::optional<RecordId> record;  // what the line itself is
  std::size_t rank = 0;            // from 1, equals share theirs; 0: not ranked
  bool proposed = false;
};

struct ReportTable {
  const TableDefinition* definition = nullptr;
  std::vector<ReportColumn> columns;  // lists as one column for each code
  std::vector<ReportLine> lines;
  std::optional<ReportLine> total;  // each fact once

  /// An equation that ought to hold and does not.
  struct Broken {
    Label label;
    std::string line, column;          // codes; which of them depends on the check
    std::int64_t left = 0, right = 0;  // thousandths
  };
  std::vector<Broken> broken;
  /// Whether two who have equally much stand on both sides of the last proposal, so that neither is proposed.
  bool tie_at_the_end = false;

  std::optional<std::size_t> column(std::string_view name) const;
  const ReportLine* line(std::string_view code) const;
};

struct Report {
  const ReportDefinition* definition = nullptr;  // outlives the report
  ReportWindow window;
  bool todays_places = false;
  std::string state;  // of the data, by name
  std::vector<ReportTable> tables;
};

struct ReportOptions {
  bool todays_places = false;  // otherwise as of then
  std::string state;           // of the data that `view` shows (DataState::id); stands in what is written
  bool names = false;          // persons by name; only for who may (may_see_names)
  /// What laptops are called, by the hex of their id.
  std::map<std::string, std::string> devices;
  std::function<bool()> goes_on;  // asked every few milliseconds; false stops with `interrupted`
};

/// ReportOptions::devices for a report that has laptops as lines; empty for others. Throws SqlError.
std::map<std::string, std::string> devices_of(Database& view, const ReportDefinition& definition,
                                              const std::function<std::string(const DeviceId&)>& name);

/// Where finished tables go, a line after the other, so that a list of 100,000 never lies in memory as a whole.
class ReportSink {
 public:
  virtual ~ReportSink() = default;
  /// With all its lines, the total and what the checks found, but for a plain list: its lines are still to come.
  virtual Result<void> begin(const ReportTable& table) = 0;
  virtual Result<void> line(const ReportTable& table, const ReportLine& line) = 0;
  virtual Result<void> end(const ReportTable& table) = 0;
};

/// Errors: invalid_argument (a question of the definition fails), interrupted, those of the sink and the store.
Result<void> make_report(Database& view, const Catalogue& catalogue, const ReportDefinition& definition,
                         const ReportWindow& window, const ReportOptions& options, ReportSink& sink);
/// The same, all of it.
Result<Report> make_report(Database& view, const Catalogue& catalogue, const ReportDefinition& definition,
                           const ReportWindow& window, const ReportOptions& options);

/// The records behind one figure, in the order of their ids. `line` is a line's code, or `total`. Of a sum or a ratio
/// those behind its parts. Errors: not_found, beside those above.
Result<std::vector<RecordId>> records_behind(Database& view, const Catalogue& catalogue,
                                             const ReportDefinition& definition, const ReportWindow& window,
                                             const ReportOptions& options, std::string_view table,
                                             std::string_view line, std::string_view column);

/// Whether somebody with this role may see names of persons in a report, and reports case by case (domain 8.5: the
/// register and the reports are the reconciler's and the director's).
inline bool may_see_names(Role role) { return role == Role::reconciler || role == Role::director; }

// ---- As text

/// {"report", "from", "to", "<line>s": [{"<line>", "label", …}], "total": {…}}; with several tables they stand in
/// "tables". Columns follow their names: `a.b` is nested.
nlohmann::json report_json(const Report& report);
/// A header and one line each, the total last under the code `total`; of several tables each after an empty line. For
/// a spreadsheet: `;`, decimal commas, a UTF-8 mark, and no cell that would run as a formula.
std::string report_csv(const Report& report, bool for_spreadsheet);

/// A figure as people read it: 1.234,5; percents with their sign; — where there is none, and of a ratio the words
/// that there is no denominator. Wholes unless the column is decimal.
std::string figure_text(const ReportColumn& column, const ReportCell& cell, std::string_view language);
/// The columns worth showing: those of a list's codes only where any line has a figure.
std::vector<std::size_t> shown_columns(const ReportTable& table);
/// What does not hold, with its line or column and both sides.
std::string broken_text(const ReportTable& table, const ReportTable::Broken& broken, std::string_view language);
/// "Trạng thái dữ liệu …", to make the report again from; empty where the state has no name.
std::string state_text(const std::string& state, std::string_view language);
/// "từ ngày 01/01/2025 đến ngày 30/06/2025", and up to when it is actual.
std::string window_text(const ReportWindow& window, std::string_view language);

/// Which report left this store, over which days, as what, for whom, and when: never what stood in it.
void log_report_export(const Log& log, const ReportDefinition& definition, const ReportWindow& window,
                       std::string_view format, bool names, const UserId& who);

}  // namespace fieldpost
