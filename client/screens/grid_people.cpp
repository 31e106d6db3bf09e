#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/grid_parts.h"
#include "client/ui/input_queue.h"
#include "client/ui/suggestion_list.h"

namespace fieldpost {

bool offers_people(const GridView& view) { return !view.offer.closed && !view.offer.people.empty(); }

void take_offer_keys(GridView& view) {
  if (!offers_people(view) || !ui::key_pressed(GLFW_KEY_ESCAPE)) return;
  // In a text field Esc would take back what was typed.
  ui::spend_key(GLFW_KEY_ESCAPE);
  view.offer.closed = true;
  view.offer.people.clear();
}

bool draw_offer(FormEntry& entry, const Question& repeat, GridView& view, const std::optional<NameTyped>& typed,
                bool submitted) {
  GridView::Offer& offer = view.offer;
  const bool here = typed && typed->cell == offer.cell;
  // A press in the list takes the keyboard from the field for a moment.
  const bool pressing = !typed && !submitted && offers_people(view) && ImGui::IsMouseDown(0);
  if (!here && !pressing && !submitted) {
    offer = {};
    if (!typed) return false;
    offer.cell = typed->cell;
  }
  if (typed) {
    offer.row = typed->row;
    offer.left = typed->rect.min.x, offer.top = typed->rect.min.y;
    offer.right = typed->rect.max.x, offer.bottom = typed->rect.max.y;
    if (typed->edited) offer.asked = true;
    const bool news = offer.revision != entry.revision() || offer.known != entry.known_people;
    if (offer.asked && !offer.closed && news) {
      offer.people = suggestions(entry, repeat, offer.row);
      offer.revision = entry.revision();
      offer.known = entry.known_people;
      offer.at = -1;
    }
  }
  if (!offers_people(view)) return false;
  const int count = static_cast<int>(offer.people.size());
  if (typed && ui::key_pressed(GLFW_KEY_DOWN)) offer.at = std::min(offer.at + 1, count - 1);
  if (typed && ui::key_pressed(GLFW_KEY_UP)) offer.at = std::max(offer.at - 1, -1);
  std::optional<std::size_t> taken;
  if (submitted) {
    if (offer.at >= 0 && !ImGui::GetIO().KeyCtrl) taken = static_cast<std::size_t>(offer.at);
    if (!taken) offer = {};
  } else {
    std::vector<ui::SuggestionLine> lines;
    for (const Suggestion& each : offer.people)
      lines.push_back({each.text, each.detail,
                       each.line ? tr_with("known.on_line", {std::to_string(*each.line)}) : std::string()});
    taken = ui::suggestion_list("known", {{offer.left, offer.top}, {offer.right, offer.bottom}}, lines, offer.at,
                                tr("known.title"), tr("known.keys"));
  }
  if (!taken) return false;
  const std::shared_ptr<const KnownPeople> known = offer.known;  // what is taken lies in it
  const MetPerson& person = *offer.people[*taken].person;
  view.history.look(entry, repeat, offer.cell);
  view.history.begin(RowHistory::Deed::person_taken);
  take_person(entry, repeat, offer.row, person);
  ui::release_field();
  return true;
}

}  // namespace fieldpost
