#include <algorithm>
#include <map>

#include "client/model/grid_view.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

void LineOrder::choose(By by) {
  by_ = by;
  sorted_.clear();
  rows_.clear();
  lines_.clear();
}

const std::vector<std::size_t>& LineOrder::lines(const FormEntry& entry, const Question& repeat,
                                                 const std::vector<EntityId>& rows) {
  if (rows == rows_ && lines_.size() == rows.size()) return lines_;
  rows_ = rows;
  std::map<EntityId, std::size_t> place;
  for (std::size_t i = 0; i < rows.size(); ++i) place[rows[i]] = i;
  const Question* name = name_column(entry, repeat);
  if (by_ == By::name && name) {
    const bool gone =
        std::any_of(sorted_.begin(), sorted_.end(), [&](const EntityId& row) { return !place.contains(row); });
    if (sorted_.empty() || gone) {
      std::vector<std::pair<std::string, std::size_t>> keys;
      for (std::size_t i = 0; i < rows.size(); ++i)
        keys.emplace_back(vietnamese::name_sort_key(entry.answer_text(rows[i], *name)), i);
      std::sort(keys.begin(), keys.end());
      sorted_.clear();
      for (const auto& [key, i] : keys) sorted_.push_back(rows[i]);
    } else {
      std::map<EntityId, bool> stands;
      for (const EntityId& row : sorted_) stands[row] = true;
      for (const EntityId& row : rows)
        if (!stands.contains(row)) sorted_.push_back(row);
    }
  } else {
    sorted_ = rows;
  }
  lines_.clear();
  for (const EntityId& row : sorted_) lines_.push_back(place[row]);
  return lines_;
}

}  // namespace fieldpost
