#include "shared/matching/match.h"

namespace fieldpost {

const char* reason_code(MatchReason reason) {
  switch (reason) {
    case MatchReason::same_number: return "same_number";
    case MatchReason::near_number: return "near_number";
    case MatchReason::other_number: return "other_number";
    case MatchReason::same_card: return "same_card";
    case MatchReason::same_name: return "same_name";
    case MatchReason::same_name_unmarked: return "same_name_unmarked";
    case MatchReason::same_name_other_marks: return "same_name_other_marks";
    case MatchReason::same_name_other_order: return "same_name_other_order";
    case MatchReason::near_name: return "near_name";
    case MatchReason::other_name: return "other_name";
    case MatchReason::same_birth_date: return "same_birth_date";
    case MatchReason::exchanged_day_month: return "exchanged_day_month";
    case MatchReason::same_birth_year: return "same_birth_year";
    case MatchReason::near_birth_date: return "near_birth_date";
    case MatchReason::other_birth_date: return "other_birth_date";
    case MatchReason::other_sex: return "other_sex";
    case MatchReason::same_hamlet: return "same_hamlet";
    case MatchReason::same_commune: return "same_commune";
    case MatchReason::other_hamlet: return "other_hamlet";
    case MatchReason::other_commune: return "other_commune";
    case MatchReason::same_phone: return "same_phone";
    case MatchReason::other_phone: return "other_phone";
    case MatchReason::same_day: return "same_day";
    case MatchReason::same_time: return "same_time";
    case MatchReason::near_time: return "near_time";
    case MatchReason::no_time: return "no_time";
    case MatchReason::same_place_words: return "same_place_words";
    case MatchReason::same_presenters: return "same_presenters";
    case MatchReason::near_title: return "near_title";
    case MatchReason::other_headcount: return "other_headcount";
    case MatchReason::contradicted: return "contradicted";
  }
  return "";
}

bool speaks_for(MatchReason reason) {
  switch (reason) {
    case MatchReason::other_number:
    case MatchReason::other_name:
    case MatchReason::other_birth_date:
    case MatchReason::other_sex:
    case MatchReason::other_hamlet:
    case MatchReason::other_commune:
    case MatchReason::other_phone:
    case MatchReason::no_time:
    case MatchReason::other_headcount:
    case MatchReason::contradicted: return false;
    default: return true;
  }
}

}  // namespace fieldpost
