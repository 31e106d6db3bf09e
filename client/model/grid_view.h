// What the grid of one repeat shows beside the answers: nothing of it is ever saved.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/model/known_people.h"
#include "client/model/roster_summary.h"
#include "client/model/row_history.h"

namespace fieldpost {

/// The order in which the lines are shown. Their own order, and their numbers, are always those of arrival.
class LineOrder {
 public:
  enum class By { arrival, name };
  By by() const { return by_; }
  void choose(By by);
  /// The places, in `rows`, of the lines from top to bottom. By name they stand as they stood when that was chosen,
  /// so that none jumps away while its name is typed; those added since come last. Sorted anew when a line is gone.
  const std::vector<std::size_t>& lines(const FormEntry& entry, const Question& repeat,
                                        const std::vector<EntityId>& rows);

 private:
  By by_ = By::arrival;
  std::vector<EntityId> sorted_;
  std::vector<EntityId> rows_;  // that `lines_` was made for
  std::vector<std::size_t> lines_;
};

struct GridView {
  LineOrder order;
  RowHistory history;
  std::string said;           // what was undone or redone last; until something else is done
  std::uint64_t said_at = 0;  // the revision

  /// The people offered for the name that is typed.
  struct Offer {
    std::string cell;  // the widget they belong to; empty: none
    EntityId row;
    // Where it was drawn, in pixels: a press in the list takes the keyboard from it for a moment.
    float left = 0, top = 0, right = 0, bottom = 0;
    bool asked = false;   // something was typed since the keyboard came
    bool closed = false;  // by Esc, until the cell is left
    int at = -1;          // the highlighted one
    std::vector<Suggestion> people;
    std::optional<std::uint64_t> revision;  // they were looked up at
    std::shared_ptr<const KnownPeople> known;
  } offer;

  RosterSummary summary;
  std::optional<std::uint64_t> summary_revision;
};

}  // namespace fieldpost
