// What a roster adds up to, in words: derived whenever it is shown, never stored.
#pragma once

#include <string>
#include <vector>

#include "client/model/form_entry.h"

namespace fieldpost {

struct RosterSummary {
  std::vector<std::string> people;  // by sex, then children: "Nam 20", "Nữ 31", "Trẻ em dưới 16 tuổi 3"
  /// The roster beside what was counted on the spot.
  struct Headcount {
    std::string words;
    bool differs = false;
  };
  std::vector<Headcount> headcounts;
  std::vector<std::string> groups;  // "Dân tộc: Kinh 40, Khơ-me 12", of each column that was answered
};

/// Empty where the repeat names no people.
RosterSummary roster_summary(FormEntry& entry, const Question& repeat);

}  // namespace fieldpost
