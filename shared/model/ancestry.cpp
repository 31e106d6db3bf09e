#include "shared/model/ancestry.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace fieldpost {
namespace {

/// What a change stands on, directly or through others; `whole` becomes false where one of them is not here.
std::set<ChangeId> below(const ChangeId& change, const FindChange& find, bool& whole) {
  std::set<ChangeId> reached;
  std::vector<ChangeId> open = {change};
  while (!open.empty()) {
    const Change* at = find(open.back());
    open.pop_back();
    if (at == nullptr) {
      whole = false;
      continue;
    }
    for (const ChangeId& id : at->base)
      if (reached.insert(id).second) open.push_back(id);
  }
  return reached;
}

}  // namespace

std::optional<Value> value_before(const FieldRef& field, std::span<const ChangeId> rivals, const FindChange& find) {
  if (rivals.empty()) return std::nullopt;
  bool whole = true;
  std::set<ChangeId> common = below(rivals.front(), find, whole);
  for (const ChangeId& rival : rivals.subspan(1)) {
    const std::set<ChangeId> seen = below(rival, find, whole);
    std::set<ChangeId> both;
    std::set_intersection(common.begin(), common.end(), seen.begin(), seen.end(), std::inserter(both, both.end()));
    common = std::move(both);
  }
  if (!whole) return std::nullopt;
  std::set<ChangeId> writers;
  for (const ChangeId& id : common) {
    const Change& change = *find(id);
    if (std::binary_search(change.writes.begin(), change.writes.end(), field)) writers.insert(id);
  }
  std::set<ChangeId> overwritten;
  for (const ChangeId& id : writers) {
    const std::set<ChangeId> under = below(id, find, whole);
    std::set_intersection(under.begin(), under.end(), writers.begin(), writers.end(),
                          std::inserter(overwritten, overwritten.end()));
  }
  std::optional<Value> before;
  for (const ChangeId& id : writers) {
    if (overwritten.contains(id)) continue;
    const Value* value = find(id)->value_of(field);
    if (value == nullptr || (before && *before != *value)) return std::nullopt;
    before = *value;
  }
  return before ? *before : Value(Cleared{});
}

}  // namespace fieldpost
