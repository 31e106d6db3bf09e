// What the questions of a report may ask: the view, and beside it what the catalogue knows, as temporary tables of
// one connection, in memory.
//
//   record, form_<form>, form_<form>__<repeat>    the view (shared/storage/view.h)
//   counted(record, form, day, device)            the present records of the window, each thing once: of those that
//                                                 were found to be the same the official one (shared/matching). A
//                                                 date of a month or a year stands for its first day
//   same_record(record, leader, official)         what was found to be the same, by whoever decided
//   list_<list>(position, code, vi, en, parent, valid_from, valid_to, <column> …)
//   place(key, name, province, scheme, today)     today: what the commune became; null where it was split
//
//   fold(text)                                    as searches see it
//   person_key(number, name, birth, sex)          who is probably meant; null where nothing names them
//   place_row(key, hamlet)                        the line of a commune: its key, as of then or today; `undetermined`
//                                                 where it was split and no list `hamlets` says whither this one went
//
// Parameters: :from, :to (as ISO text), :year (of :to), :year_from, :year_to (its first and last day).
#pragma once

#include <map>
#include <string>

#include "shared/forms/code_list.h"
#include "shared/reports/report_window.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

inline constexpr const char* undetermined_place = "undetermined";

/// Lives as long as the questions are asked. Throws SqlError.
class ReportTables {
 public:
  ReportTables(Database& view, const Catalogue& catalogue, const ReportWindow& window, bool todays_places);
  ~ReportTables();
  ReportTables(const ReportTables&) = delete;
  ReportTables& operator=(const ReportTables&) = delete;

  /// Prepared, with the window bound. Errors: invalid_argument, as of Database::prepare_question, and for a parameter
  /// that nobody knows.
  Result<Statement> ask(const std::string& sql);

 private:
  Database& view_;
  std::map<std::string, std::string> parameters_;
};

}  // namespace fieldpost
