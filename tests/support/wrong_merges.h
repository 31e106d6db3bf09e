// Merges that are wrong, to show that the laws would find it.
#pragma once

#include <algorithm>
#include <tuple>

#include "shared/model/merge.h"

namespace fieldpost::test {

using FieldHeads = std::map<FieldRef, std::vector<ChangeId>>;

/// Forgets that a change it has not seen yet is superseded already.
struct ForgetsLateBases {
  FieldHeads map;
  const FieldHeads& fields() const { return map; }
  void apply(const Change& arrived, const RecordHeads::IsPresent&) {
    for (const FieldRef& field : arrived.writes) {
      std::vector<ChangeId>& heads = map[field];
      std::erase_if(heads, [&](const ChangeId& head) {
        return std::binary_search(arrived.base.begin(), arrived.base.end(), head);
      });
      heads.insert(std::lower_bound(heads.begin(), heads.end(), arrived.id), arrived.id);
    }
  }
};

/// Takes a change's base as superseded on every field, not on those that it writes.
struct SupersedesWhatWasNotWritten : RecordHeads {
  FieldHeads map;
  const FieldHeads& fields() const { return map; }
  void apply(const Change& arrived, const RecordHeads::IsPresent& is_present) {
    RecordHeads::apply(arrived, is_present);
    for (const FieldRef& field : arrived.writes) map[field] = of(field);
    for (auto& [field, heads] : map)
      std::erase_if(heads, [&](const ChangeId& head) {
        return std::binary_search(arrived.base.begin(), arrived.base.end(), head);
      });
  }
};

/// The last writer wins: by the clock.
struct LastWriterWins {
  FieldHeads map;
  std::map<FieldRef, std::int64_t> newest;
  const FieldHeads& fields() const { return map; }
  void apply(const Change& arrived, const RecordHeads::IsPresent&) {
    for (const FieldRef& field : arrived.writes) {
      const auto [at, first] = newest.emplace(field, arrived.at);
      if (!first && std::tie(at->second, map[field].front()) > std::tie(arrived.at, arrived.id)) continue;
      at->second = arrived.at;
      map[field] = {arrived.id};
    }
  }
};

}  // namespace fieldpost::test
