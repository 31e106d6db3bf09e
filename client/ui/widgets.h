// Buttons, fields and words as the screens use them. Every widget has a stable name; its text may change with the
// language. Tests find widgets by name. Tab and Enter walk the fields in the order in which they were drawn.
#pragma once

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <imgui.h>

#include "client/ui/theme.h"
#include "shared/foundation/legacy_vietnamese.h"
#include "shared/foundation/vietnamese_typing.h"

namespace fieldpost::ui {

/// Where a widget was drawn in the last frame, in pixels.
struct Rect {
  ImVec2 min, max;
};

/// What the widgets remember between frames. One for each ImGui context; the screens never touch it.
struct State {
  bool keep_rects = false;                         // tests
  std::map<std::string, Rect, std::less<>> rects;  // of this frame
  std::string hovered;                             // tests: what a click would meet
  struct Stop {
    std::string name;
    bool field = false;
  };
  std::vector<Stop> order;     // of this frame
  std::string focused;         // the widget with the keyboard, found while drawing
  std::string focused_before;  // the same in the last frame
  std::string entered;         // the field that Enter left in this frame
  std::string pointed;         // the widget a card of the tour speaks of
  std::optional<Rect> pointed_rect;
  std::string wanted;  // gets the keyboard when it is drawn next
  int wanted_frames = 0;

  // Open cards, the inner one last; their splitters are kept for the next frame.
  struct Card {
    ImVec2 start;
    float content_right = 0, work_right = 0;
    ImU32 fill = 0;
  };
  std::vector<Card> cards;
  std::deque<ImDrawListSplitter> splitters;

  // A grid that takes pieces of spreadsheets: a field in it leaves one in `pasted_table` instead of taking it in.
  bool takes_tables = false;
  std::string pasted_table;

  // How plain keys become Vietnamese, and the word that is being typed.
  vietnamese::Typing typing = vietnamese::Typing::off;
  vietnamese::TonePlace tone_place = vietnamese::TonePlace::old_style;
  vietnamese::TypedWord typed_word;

  // The last paste that looks like an old code, until it is converted or declined, or its field is no longer drawn.
  struct LegacyPaste {
    std::string field;
    std::string pasted;
    vietnamese::Legacy legacy = vietnamese::Legacy::tcvn3;
  };
  std::optional<LegacyPaste> legacy_paste;

  // The one open list of options (choice_field.h).
  std::string choice_open;
  std::string choice_filter;
  bool choice_typed = false;  // the text was changed since it opened
  bool choice_moved = false;  // the arrows were used
  int choice_at = 0;
};

State& state();
void set_state(State& state);
/// Around each frame, after ImGui::NewFrame() and before ImGui::Render().
void begin_frame();
void end_frame();
/// Whether a person did anything in this frame: a key, a letter, the mouse.
bool person_acts();
/// The keys that work on every screen; of the frame that is being drawn.
enum class Key { none, help, lock, veil, larger, smaller, next, previous, close };
Key pressed_key();
/// The widget of this name gets the keyboard.
void focus(std::string_view name);
/// A list that floats over everything and takes the keyboard from nobody: the options of a choice, what a field
/// offers. Place and size are set before. Whether the mouse is over it; ends with end_floating_list.
bool begin_floating_list(const char* id, ImGuiWindowFlags more = 0);
void end_floating_list();
/// Takes the keyboard out of the field that has it: in the next frame it takes in what was typed. Before the answers
/// below it become another record's, for Dear ImGui keeps the text and its undo by the field's name. False: no field
/// had it.
bool leave_field();
/// No widget has it: a screen with keys of its own begins so.
void focus_nothing();
/// Up, Down, Left and Right, and Alt with a letter, belong to the screen that is drawn, not to the navigation from
/// widget to widget. Before its first widget, in every frame.
void claim_keys();
/// Whether Alt and this key, GLFW's number, went down in this frame.
bool alt_pressed(int key);
/// Asks where the widget of this name is drawn, from now on; an empty name asks no more.
void point_at(std::string_view name);
const std::optional<Rect>& pointed_rect();

/// For machines without an input method; with one this stays off, or both would compose.
using Typing = vietnamese::Typing;
void set_typing(Typing typing, vietnamese::TonePlace place = vietnamese::TonePlace::old_style);

struct FieldResult {
  bool edited = false;     // the text changed in this frame
  bool submitted = false;  // Enter
  bool left = false;       // it had the keyboard and lost it
  bool active = false;
  std::optional<vietnamese::Legacy> legacy;  // text pasted in this frame looks like this code; it is in as it came
};

struct FieldOptions {
  float width = -1;  // pixels; negative: what is there
  std::string hint;  // shown while empty
  bool password = false;
  bool plain = false;  // numbers, codes, paths: keys are never composed
  int lines = 1;
  Tone tone = Tone::neutral;   // attention and warning colour the frame
  bool select_all = false;     // a click selects the whole text
  bool claims_arrows = false;  // Up and Down belong to the caller, not to the navigation
};

/// Edits `text` in place; whatever is typed or pasted is NFC.
FieldResult text_field(std::string_view name, std::string& text, const FieldOptions& options = {});

/// Whether the text field with the keyboard has something of its own to take back, or to do again: then Ctrl+Z and
/// Ctrl+Y are its own. Ask before it is drawn, for it answers to the keys itself.
bool field_can_undo();
bool field_can_redo();
/// The answer of the field with the keyboard was changed from outside: it lets go, and what ImGui kept of its text is
/// forgotten.
void release_field();
/// Where a field would stand whose content is not to be seen: a frame with these words, that takes nothing.
void veiled_field(std::string_view name, std::string_view words, float width);

struct LegacyWords {
  std::string_view what, convert, keep;
};
/// Below the field of this name, after a paste that looks like an old code: shows how it would read, and converts it
/// when asked, nothing else in `text`. True in the frame in which it did. Widgets: NAME/legacy, NAME/legacy/convert
/// and NAME/legacy/keep.
bool legacy_offer(std::string_view name, std::string& text, const LegacyWords& words);
/// The field with such an offer; empty when there is none.
const std::string& legacy_paste_field();

enum class ButtonLook { normal, primary, quiet, danger, chosen };
bool button(std::string_view name, std::string_view text, ButtonLook look = ButtonLook::normal, float width = 0);
/// A large target with a line of explanation.
bool card_button(std::string_view name, std::string_view title, std::string_view explanation, ImVec2 size);
bool checkbox(std::string_view name, std::string_view text, bool& on);
/// A whole row of a list that can be clicked; draw its content over it afterwards.
bool row_button(std::string_view name, float height);

/// The same where the screen's own keys walk the list: Tab passes it by.
bool list_row(std::string_view name, float height, bool chosen);

void text(std::string_view words, Tone tone = Tone::neutral);
void wrapped(std::string_view words, Tone tone = Tone::neutral);
void bold(std::string_view words, Tone tone = Tone::neutral);
void title(std::string_view words);
/// Words in a row, some of them marked by a ground and a line below them.
struct Words {
  std::string_view words;
  bool marked = false;
};
void marked_text(const std::vector<Words>& pieces);
/// A coloured mark with words: never colour alone.
void mark(Tone tone, std::string_view words);
float mark_width(std::string_view words);
/// A box across the width with a sentence in it.
void notice(std::string_view name, Tone tone, std::string_view words);
void progress(float fraction, std::string_view words);
/// Space between parts, in pixels at 100 %.
void gap(float at_100_percent);

/// Opens a white, bordered part of the screen that grows with its content; ImGuiCol_ChildBg is its colour. It is no
/// window of its own: a field in it is drawn, and can be given the keyboard, while it is out of sight.
void begin_card();
void end_card();
/// A thin line across the part of the screen that is being filled.
void line();

/// ImGui's label for a name: `text###name`.
std::string label(std::string_view text, std::string_view name);
/// For widgets made elsewhere in client/ui: notes rectangle and order of the item just drawn.
void note_item(std::string_view name, bool stop, bool field);
/// Whether the widget of this name is to get the keyboard now; asks once.
bool takes_focus(std::string_view name);
/// Brings the item just drawn into view.
void scroll_to_item();
/// Brings a place on the screen, in pixels, into view, through every part that scrolls around it.
void scroll_to(const Rect& place);

}  // namespace fieldpost::ui
