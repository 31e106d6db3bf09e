// CSV as RFC 4180 has it: quoted cells, doubled quotes, CRLF or LF; a UTF-8 mark at the start is taken off.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost {

struct CsvTable {
  struct Line {
    std::size_t number = 0;  // in the file, the first is 1; where the line starts
    std::vector<std::string> cells;
  };
  std::vector<std::string> header;
  std::vector<Line> lines;  // those that hold anything; each has as many cells as the header

  std::optional<std::size_t> column(std::string_view name) const;
};

/// Separator `,` or `;`, whichever the header holds more of. Cells missing at the end of a line are empty. Errors:
/// malformed, with the line (an open quote, a line with more cells than the header, a column named twice, text that
/// is not UTF-8).
Result<CsvTable> read_csv(std::string_view text);

/// The cells of a text with this separator, as a clipboard holds a piece of a spreadsheet; lines may be of any
/// length, and those that hold nothing are left out. Some programs put no cell in quotes: `letters` takes a quote for
/// one. Errors: malformed, with the line (an open quote, text after a closing one).
enum class CsvQuotes { enclose, letters };
Result<std::vector<std::vector<std::string>>> read_cells(std::string_view text, char separator, CsvQuotes quotes);

/// One line with CRLF. Quotes where needed. With `for_spreadsheet`, a cell that a spreadsheet would run as a formula
/// (= + - @ tab) gets an apostrophe in front; a negative number stays a number.
std::string csv_line(const std::vector<std::string>& cells, char separator = ',', bool for_spreadsheet = false);

}  // namespace fieldpost
