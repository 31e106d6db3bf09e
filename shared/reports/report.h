// A report as figures: lines by columns, whatever it is written to afterwards. Reports are plain SQL over the view,
// over any window of days (domain 4.4).
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <map>
#include <string>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

/// Both days included.
struct ReportWindow {
  CivilDate from, to;
};

struct Report {
  /// `name` is stable and is the column's name in files: `participants.roster.male` is nested objects in JSON and
  /// `participants_roster_male` in CSV.
  struct Column {
    std::string name;
    Label label;
    bool thousandths = false;  // the figure is in thousandths: hours
    bool only_if_any = false;  // one code of a list: JSON leaves its zeros out
  };
  struct Line {
    std::string code;
    Label label;
    std::map<std::string, std::int64_t> figures;  // by column; 0 where absent
  };
  std::string name;
  ReportWindow window;
  std::string line_name;  // what the lines are: `programme`
  std::vector<Column> columns;
  std::vector<Line> lines;  // in the order of their code list
  Line total;               // each activity once
};

struct ReportKind {
  const char* name;
  Label label;
  Result<Report> (*make)(Database& view, const Catalogue& catalogue, const ReportWindow& window);
};
/// Every report there is, by name.
const std::vector<ReportKind>& report_kinds();

/// {"report", "from", "to", "<line_name>s": [{"<line_name>", "label", …}], "total": {…}}
nlohmann::json report_json(const Report& report);
/// A header and one line each, the total last under the code `total`. For a spreadsheet: `;`, decimal commas and a
/// UTF-8 mark.
std::string report_csv(const Report& report, bool for_spreadsheet);

}  // namespace fieldpost
