// What a comparison of two records comes to: how sure, and why in words a person can check. A proposal, never a
// decision (domain 8.3: never merged by itself).
#pragma once

#include <string>
#include <vector>

namespace fieldpost {

enum class Certainty {
  no,
  possible,  // nothing speaks against it, and little for it: worth a hint while typing, not a question to the office
  likely,    // proposed to the office
  certain,   // the same valid citizen number
};

/// What speaks for or against. Its code names an entry of the list `match_reasons`, which has the words.
enum class MatchReason {
  // Persons.
  same_number,
  near_number,  // one digit differs, or two neighbours are exchanged
  other_number,
  same_card,  // the same number of an old identity card, or one that cannot be a citizen number
  same_name,
  same_name_unmarked,     // one of them was typed without marks
  same_name_other_marks,  // the same letters, other tones or marks
  same_name_other_order,
  near_name,
  other_name,
  same_birth_date,
  exchanged_day_month,
  same_birth_year,
  near_birth_date,  // one of day, month and year differs as a slip of the pen does
  other_birth_date,
  other_sex,
  same_hamlet,
  same_commune,
  other_hamlet,
  other_commune,
  same_phone,
  other_phone,
  // Sessions.
  same_day,
  same_time,
  near_time,
  no_time,
  same_place_words,
  same_presenters,
  near_title,
  other_headcount,
  // Decisions.
  contradicted,  // held to be one through others, and decided not to be
};
const char* reason_code(MatchReason reason);
/// It speaks for their being one.
bool speaks_for(MatchReason reason);

struct Match {
  Certainty certainty = Certainty::no;
  double score = 0;                  // bits of evidence: log2 of how much likelier this is of one than of two
  std::vector<MatchReason> reasons;  // what speaks for it first
};

}  // namespace fieldpost
