// Parts of the form's screen: one question's field, the grid of a repeat.
#pragma once

#include <optional>
#include <string>

#include "client/model/action.h"
#include "client/model/form_entry.h"
#include "client/ui/choice_field.h"
#include "client/ui/widgets.h"

namespace fieldpost {

/// The field of one question of the record itself, with its label, hint, problems and rivals.
std::optional<Action> draw_question(FormEntry& entry, const FormEntry::Item& item);
/// The rows of a repeat, one line each; Enter and the arrows move between cells, a last empty line takes a new row.
std::optional<Action> draw_grid(FormEntry& entry, const Question& repeat);

/// The records that came out of this one, and the button that begins another.
std::optional<Action> draw_linked(FormEntry& entry, const FormEntry::Linked& linked);
std::string page_label(const FormEntry::Linked& linked);

/// Where the record stands in its review, what is to be mended, and the decision that is asked for; nothing where it
/// is not reviewed. The keys F6 to F9 belong to it.
std::optional<Action> draw_review(FormEntry& entry);
/// The remarks at one question of the record itself.
std::optional<Action> draw_remarks_at(FormEntry& entry, const Question& question);

std::optional<Action> draw_print_button(const FormEntry& entry);
std::optional<Action> draw_papers(FormEntry::Printing& printing);

/// The input itself, for a question of the record or of a row. `name` is the widget's.
struct InputResult {
  bool edited = false;  // typed into
  bool submitted = false;
  bool active = false;
  bool left = false;
};
InputResult draw_input(const std::string& name, FormEntry& entry, const EntityId& entity, const Question& question,
                       float width);
/// Below a text that was pasted in an old code: offers to convert it. Draws nothing otherwise.
void draw_legacy_offer(const std::string& name, FormEntry& entry, const EntityId& entity, const Question& question);
/// Takes digits or codes: typed letters are not composed.
bool is_plain(const Question& question);
/// The tone of the worst thing to say about an answer.
ui::Tone answer_tone(FormEntry& entry, const EntityId& entity, const Question& question);

}  // namespace fieldpost
