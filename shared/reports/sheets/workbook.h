// XLSX workbooks: cells, merged heads, number formats. The only part that knows libxlsxwriter. Rows are written in
// order and let go of, so that 100,000 of them need no more memory than one; what the library keeps aside meanwhile
// lies in the folder of the file that the person asked for, and nowhere else.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost {

class Workbook {
 public:
  enum class Style {
    title,
    subtitle,
    head,
    number_head,
    text,
    whole,
    decimal,
    percent,
    bold_text,
    bold_whole,
    bold_decimal,
    bold_percent,
    note
  };

  /// `path` is written when it is closed; what stood there is replaced.
  explicit Workbook(const std::string& path);
  /// Without close() nothing is left of the file.
  ~Workbook();
  Workbook(const Workbook&) = delete;
  Workbook& operator=(const Workbook&) = delete;

  /// Further rows and columns are those of this sheet. A name of at most 31 letters without []:*?/\ is given as it
  /// is, anything else shortened to one.
  void sheet(const std::string& name, bool landscape);
  /// Widths in letters, from the first column on.
  void widths(const std::vector<double>& letters);
  void text(std::uint32_t row, std::uint16_t column, const std::string& text, Style style);
  void number(std::uint32_t row, std::uint16_t column, double value, Style style);
  void blank(std::uint32_t row, std::uint16_t column, Style style);
  /// Cells of the row that is being written, from `first_column` to `last_column`; more than one.
  void merge_across(std::uint32_t row, std::uint16_t first_column, std::uint16_t last_column, const std::string& text,
                    Style style);
  /// Cells of one column from an earlier row down to the one that is being written, all of which are written already:
  /// the text in the first, blanks below.
  void merge_down(std::uint32_t first_row, std::uint32_t last_row, std::uint16_t column, const std::string& text,
                  Style style);
  /// Repeated on every printed page, and kept in sight.
  void head_rows(std::uint32_t first, std::uint32_t last);
  /// Errors: io, disk_full, out_of_bounds (more rows than a sheet has).
  Result<void> close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fieldpost
