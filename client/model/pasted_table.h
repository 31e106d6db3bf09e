// A piece of a spreadsheet, pasted into a roster: read, shown before anything is taken over, then added as rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "client/model/form_entry.h"

namespace fieldpost {

struct PastedTable {
  const Question* repeat = nullptr;
  std::vector<const Question*> columns;        // for each of the table's columns; nullptr: left out
  std::vector<std::string> headers;            // what stood above them; empty: the table had no heads
  std::vector<std::vector<std::string>> rows;  // without empty ones
  /// For each cell of `rows` the options, places or records that it names; empty for what is typed.
  std::vector<std::vector<std::vector<std::string>>> codes;
  std::size_t rows_left_out = 0;  // more than a roster holds: they are not pasted
  struct Fault {
    std::size_t row = 0;  // in `rows`
    const Question* column = nullptr;
    std::string text;
  };
  std::vector<Fault> faults;  // cells that are no answer: they stay empty in the roster, and are named
};

/// Columns are found by their heads where the first line has at least two that the roster knows (in either language,
/// marks and case apart); else they follow each other from `first` on, and a leading column of 1, 2, 3 … is
/// left out. Cells in quotes may hold tabs, line ends and doubled quotes, as spreadsheets copy them.
PastedTable read_table(std::string_view text, FormEntry& entry, const Question& repeat, const Question& first);
/// Adds the rows after those that are there. Returns how many.
std::size_t add_rows(FormEntry& entry, const PastedTable& table);

}  // namespace fieldpost
