// A report as data: which lines and columns it has, and the questions (SQL over the view) whose answers add up to its
// figures. Definitions lie in assets/reports; an office's own is checked by the same loader. The vocabulary is drawn,
// member by member, in report_definition.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/foundation/result.h"

namespace fieldpost {

struct ReportColumn {
  enum class Kind {
    amount,    // what the facts of a line add up to
    distinct,  // how many different values the facts of a line name
    sum,       // of other columns of the line
    ratio,     // of two columns, in percent; without the second there is none
    grade,     // the first step whose threshold (a column of the line) a column reaches
    text,      // said by the rows' question
  };
  struct Step {
    std::string from;  // the column with the threshold; empty: whatever is left
    Label label;
  };
  std::string name;    // `participants.roster.male`: nested objects in JSON
  std::string number;  // the official one, as printed under the head
  Label label;
  std::vector<Label> heads;  // merged over several columns, the outermost first
  Kind kind = Kind::amount;
  bool decimal = false;          // shown with its decimals; otherwise a whole number
  bool only_if_any = false;      // JSON leaves a zero out: one code of a list
  bool personal = false;         // left out unless names were asked for
  std::vector<std::string> sum;  // columns; with `-` in front they are taken off
  std::string of, to;            // ratio; grade: `of`
  std::optional<std::int64_t> target_percent;
  bool more_than_target = false;  // otherwise at least
  std::vector<Step> steps;
  std::string list;  // amount: one column for each code of this list, named by the fact
};

struct ReportRow {
  std::string code, number;
  Label label;
  std::vector<std::string> sum;  // of these rows instead of facts
};

struct ReportCheck {
  Label label;
  bool of_rows = false;  // otherwise of columns, in every line
  std::vector<std::string> left, right;
};

struct TableDefinition {
  /// What decides which lines there are. Codes that facts name and no line has yet come after them.
  enum class Rows {
    fixed,   // those of `rows`
    list,    // the options of a code list that were valid in the window, or have figures
    query,   // one a line of `rows_sql`: code, vi, en, record and columns by their name
    places,  // the communes that facts name, as of then or in today's places
    found,   // nothing but the codes that facts name
  };
  std::string name;
  Label label;
  std::string line_name;  // what one line is, `programme`; its plural holds the lines in JSON
  Label line_label;
  Rows rows_are = Rows::fixed;
  std::vector<ReportRow> rows;
  std::string rows_list, rows_sql;
  bool rows_are_personal = false;     // their labels are names of persons
  bool rows_are_devices = false;      // their codes are laptops
  std::optional<Label> none;          // the line of facts that name none
  std::optional<Label> total;         // each fact once
  std::vector<ReportColumn> columns;  // lists still as one
  std::vector<std::string> facts;
  std::string rank_by;      // greatest first
  std::size_t propose = 0;  // at most so many of the first lines
  std::vector<ReportCheck> checks;
  std::vector<Label> notes;

  /// Nothing has to be known of all lines before the first can be written.
  bool is_plain_list() const { return rows_are == Rows::query && facts.empty() && rank_by.empty() && !total; }
};

struct ReportDefinition {
  std::string name;
  Label label;
  std::string basis;  // the act whose form this is
  std::vector<std::string> presets;
  bool by_place = false;  // may be made in today's places
  bool of_cases = false;  // case by case: nobody without a role for all records may make it
  std::vector<TableDefinition> tables;
};

/// A definition file as a report, or every fault with its place, as `tables[1].facts[0]: no such column: dey`. Its
/// questions are prepared against the tables of this catalogue's view. Errors: malformed.
Result<ReportDefinition> load_report(std::string_view json, const Catalogue& catalogue);

/// The shipped ones, in the order a person looks for them. Broken assets are a build fault.
const std::vector<ReportDefinition>& shipped_reports();
const ReportDefinition* find_report(std::string_view name);

}  // namespace fieldpost
