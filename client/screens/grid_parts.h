// Parts of the grid (form_parts.h): what stands above it, the people offered below a name, undo.
#pragma once

#include <optional>
#include <string>

#include "client/model/grid_view.h"
#include "client/ui/widgets.h"

namespace fieldpost {

/// A name is being typed here.
struct NameTyped {
  std::string cell;  // the widget
  EntityId row;
  bool edited = false;  // in this frame
  ui::Rect rect;
};

/// Before the grid is drawn: the keys that belong to the people offered, and not to the field.
void take_offer_keys(GridView& view);
/// After it: offers people for the name that is typed, draws them below it, and takes over whom a person chose. True
/// when that happened: the field has let go of the keyboard. `submitted`: Enter was struck in the cell.
bool draw_offer(FormEntry& entry, const Question& repeat, GridView& view, const std::optional<NameTyped>& typed,
                bool submitted);
/// Whether the arrows go through the people offered.
bool offers_people(const GridView& view);

/// What the roster adds up to, beside what was counted; the order of the lines; undo and redo.
struct TopAsked {
  bool undo = false, redo = false;
};
TopAsked draw_grid_top(FormEntry& entry, const Question& repeat, GridView& view);

}  // namespace fieldpost
