// What the page of reports knows: which one, over which days, its figures once they are made, and the records behind
// the figure that was asked for. Nothing of it is stored.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "client/model/listed_record.h"
#include "shared/reports/report.h"

namespace fieldpost {

struct ReportsModel {
  struct Choice {
    const ReportDefinition* report = nullptr;
    std::string label;
  };
  std::vector<Choice> choices;  // empty until the definitions are read
  std::size_t chosen = 0;
  std::string preset;              // its name; empty: the days were typed
  std::string from_text, to_text;  // as people write days
  std::optional<CivilDate> actual_to;
  bool todays_places = false, names = false;
  bool may_see_names = false;

  bool running = false;
  std::string problem, done;           // in words
  std::string file;                    // that was written last
  std::shared_ptr<const Report> made;  // null until one is
  bool may_close = false;
  std::optional<std::string> closing;  // the reason, while somebody is about to close the window
  bool is_closed = false;              // `made` is of a closed window: from the state it was closed in
  bool names_are_shown = false;        // in it
  std::size_t table = 0;
  bool as_chart = false;
  std::size_t chart_column = 0;

  /// The figure whose records are shown.
  struct Behind {
    std::string title;
    std::size_t count = 0;
    std::vector<ListedRecord> records;  // the first of them
  };
  std::optional<Behind> behind;
  std::string folder;  // where files go

  const ReportDefinition* report() const { return chosen < choices.size() ? choices[chosen].report : nullptr; }
};

/// How many records behind a figure are listed at once: further ones are counted.
inline constexpr std::size_t records_listed_max = 500;

/// Which days are asked for; nothing where a day cannot be read or the last lies before the first.
std::optional<ReportWindow> window_of(const ReportsModel& model);
/// Takes the days of the preset of this name around a day.
void choose_preset(ReportsModel& model, const std::string& preset, const CivilDate& around);
/// Another report: its first preset, and nothing made yet.
void choose_report(ReportsModel& model, std::size_t chosen, const CivilDate& today);

/// One bar of a chart: a line's figure in one column. Lines without a figure have none.
struct ChartBar {
  std::string label, value;
  double figure = 0;
};
struct ChartModel {
  std::string title;
  std::vector<ChartBar> bars;
  std::optional<double> target;
};
/// The columns that can be drawn: figures that any line has.
std::vector<std::size_t> chart_columns(const ReportTable& table);
/// The lines of a table, sums of others left out.
ChartModel chart_of(const ReportTable& table, std::size_t column, std::string_view language);

}  // namespace fieldpost
