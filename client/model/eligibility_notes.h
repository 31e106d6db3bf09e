// What the program has to say while somebody asks after a person's right to legal aid: likely categories, an age that
// does not fit, the papers still lacking.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"

namespace fieldpost {

struct FieldNote {
  enum class Kind { hint, good, warning };
  Kind kind = Kind::hint;
  std::string text;
};

/// By the number of the question they stand below. The questions are found by their code lists and by the names that
/// the shipped forms use: birth_date, ethnicity, hardship_basis, eligibility, used_category, proof_papers.
std::map<std::uint32_t, std::vector<FieldNote>> eligibility_notes(const Form& form, const Answers& answers,
                                                                  const Catalogue& catalogue, const CivilDate& day);

}  // namespace fieldpost
