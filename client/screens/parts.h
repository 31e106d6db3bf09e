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
/// `veiled`: a personal value is neither shown nor chosen, and no reason is asked for.
std::optional<std::size_t> draw_rivals(const std::string& name, const ConflictView& conflict, std::string& reason,
                                       bool veiled);
/// Words in bold, those that differ marked.
void draw_pieces(const std::vector<TextPiece>& pieces);
/// A field for why something is decided, with the reasons given before below it: NAME and NAME/0 …; Alt+L gives it
/// the keyboard, Down goes through the reasons.
void draw_reason(const std::string& name, std::string& reason, const std::vector<std::string>& before);
/// One line of text in a row of a list that was drawn, cut off where the row ends.
void row_text(ImVec2 at, float right, float height, const std::string& words, ui::Tone tone, ImFont* font);
/// Enlarged letters or a low window: what is not needed at every step stands back.
bool is_small_screen();
/// Puts the next button beside the last one where it fits.
void beside(std::string_view next_text);
void beside(float next_width);
/// A few options beside each other, `NAME/0`, `NAME/1` …; the number of the one that was pressed.
std::optional<std::size_t> draw_options(const std::string& name, const std::vector<std::string>& options,
                                        std::size_t chosen);
/// What was decided last, with a button NAME that takes it back where that is possible. True when it was pressed.
bool draw_noted(const std::string& name, const std::string& note, bool can_undo);
/// On a small screen two buttons, PAGE/previous and PAGE/next, stand for a list: -1 or 1 when one was pressed, else
/// 0.
int draw_steps(const std::string& page, const std::string& previous, const std::string& next);
/// A part of the screen without a ground of its own, that scrolls by itself; end it with ImGui::EndChild. 0 as width
/// and height: what is left.
void begin_part(const char* name, float width);
/// The height of a part that takes what is left: 0, or what it needs at least where next to nothing is left and the
/// part around it scrolls instead.
float part_height();
/// Keeps lines short enough to read: the body is at most this wide, in the middle.
void begin_column(const char* name, float width_at_100_percent);
void end_column();

}  // namespace fieldpost
