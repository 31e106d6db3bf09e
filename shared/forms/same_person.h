// Whether two records speak of one person, as far as what was written tells. Pure; never a decision: people of one
// village share names.
#pragma once

#include <optional>
#include <string>

#include "shared/forms/answers.h"
#include "shared/forms/form.h"

namespace fieldpost {

struct PersonWords {
  std::string name;
  std::optional<CivilDate> birth_date;
  std::string citizen_number;
  bool operator==(const PersonWords&) const = default;
};

/// By the names our forms use: full_name, birth_date, citizen_number of the record itself. Empty where it has none.
PersonWords person_in(const Form& form, const Answers& answers);

enum class Likeness {
  different,
  likely,   // the same name by its letters without marks, and no other year of birth
  certain,  // the same citizen number: it never changes (Luật Căn cước 2023, Điều 12)
};
Likeness likeness(const PersonWords& a, const PersonWords& b);

}  // namespace fieldpost
