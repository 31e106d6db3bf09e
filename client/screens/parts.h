// Parts that several screens share.
#pragma once

#include <optional>

#include "client/model/action.h"
#include "client/model/screens_model.h"
#include "client/ui/widgets.h"

namespace fieldpost {

ui::Tone status_tone(RecordStatus status);
/// A row of a list: title, date, who changed it, marks. True when it was clicked.
bool draw_record_row(const std::string& name, const ListedRecord& record, bool with_form);
/// Both values with author, laptop and time, and a button to take each. The number of the value taken, if any.
std::optional<std::size_t> draw_rivals(const std::string& name, const ConflictView& conflict, std::string& reason);
/// Puts the next button beside the last one where it fits.
void beside(std::string_view next_text);
/// Keeps lines short enough to read: the body is at most this wide, in the middle.
void begin_column(const char* name, float width_at_100_percent);
void end_column();

}  // namespace fieldpost
