// Reports as files to hand in: XLSX with merged heads and numbers that count, PDF as a page to sign. Both show what
// the window shows: the same lines, figures, checks and notes.
#pragma once

#include <string>
#include <vector>

#include "shared/foundation/bytes.h"
#include "shared/reports/report.h"

namespace fieldpost {

/// What stands around the tables; empty texts leave room for a hand.
struct SheetWords {
  std::string above, issuer;  // the body above, and who reports
  std::string language = "vi";
};

/// One cell of a table's head, which is `head_rows` high. Columns count from 0, the line's number and label first.
struct HeadCell {
  std::size_t row = 0, column = 0, rows = 1, columns = 1;
  std::string text;
};
struct ReportHead {
  std::vector<std::size_t> shown;  // columns of the table, those of a list left out where all their figures are 0
  std::vector<HeadCell> cells;     // by row, then column
  std::size_t rows = 0;            // the row of official numbers not counted
  bool numbered = false;           // any column has an official number
  bool proposes = false;           // one more column, last: proposed
  std::size_t columns() const { return 2 + shown.size() + (proposes ? 1 : 0); }
};
ReportHead report_head(const ReportTable& table, std::string_view language);

/// Made straight into `path`, a line at a time. Errors: those of make_report, and io, disk_full, out_of_bounds (more
/// than 1,048,576 rows); then nothing is left of the file.
Result<void> write_report_xlsx(Database& view, const Catalogue& catalogue, const ReportDefinition& definition,
                               const ReportWindow& window, const ReportOptions& options, const SheetWords& words,
                               const std::string& path);
/// One PDF, a table after the other; wide tables turn the page, and go on in further parts where they do not fit.
/// Errors: io.
Result<Bytes> report_pdf(const Report& report, const SheetWords& words);

}  // namespace fieldpost
