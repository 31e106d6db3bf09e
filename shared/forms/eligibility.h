// Who has a right to legal aid, and by which papers that is shown (Luật Trợ giúp pháp lý 2017, Điều 7; TT
// 08/2017/TT-BTP, Điều 33, as amended). The categories and papers are the code lists `eligibility_categories` and
// `proof_papers`; here is only how they are read. Pure. What comes out is a help for whoever asks the questions,
// never a decision.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/code_list.h"

namespace fieldpost {

/// Papers any of which fills one slot; every slot of an option has to be filled, and one option suffices.
using ProofSlot = std::vector<const Option*>;
using ProofOption = std::vector<ProofSlot>;

/// The ways to show that a category holds, in the list's own order; empty where the law names none.
std::vector<ProofOption> proof_options(const Catalogue& catalogue, std::string_view category);

struct Proof {
  bool complete = false;
  std::vector<ProofSlot> lacking;  // of the option that lacks the fewest; empty when complete or nothing is known
};
/// What the papers seen are worth for the category. Any other lawful paper counts as what it is said to show.
Proof proof_of(const Catalogue& catalogue, std::string_view category, const std::vector<std::string>& papers);

/// What is known of a person at the time of the request.
struct PersonAtRequest {
  CivilDate day;                        // of the request
  std::optional<CivilDate> birth_date;  // a year alone will do
  std::string ethnicity;                // a code of ethnic_groups, or empty
  bool in_hardship = false;
};
/// Categories in force on the day that the answers speak for.
std::vector<std::string> likely_categories(const Catalogue& catalogue, const PersonAtRequest& person);
/// Whether the age on the day certainly contradicts the category.
bool age_contradicts(std::string_view category, const PersonAtRequest& person);

}  // namespace fieldpost
