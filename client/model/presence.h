// Presence by day of a class: a multi-select of the appearance `days`, shown as a column for each day.
#pragma once

#include <string>
#include <vector>

#include "client/model/form_entry.h"

namespace fieldpost {

/// Whether a question is answered by ticking days.
bool is_by_day(const Question& question);

struct DayColumn {
  std::string code;
  std::string label;  // the day of the month, or the day's number where the class has no date
  std::size_t present = 0;
};
/// The days of the class as the form allows them, and those that somebody ticked before the class was made shorter.
std::vector<DayColumn> day_columns(FormEntry& entry, const Question& repeat, const Question& question);

/// Ticks the day for everybody on the list; where everybody has it, takes it from everybody.
void mark_day(FormEntry& entry, const Question& repeat, const Question& question, const std::string& code);

}  // namespace fieldpost
