#include "shared/forms/same_person.h"

#include "shared/forms/validation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

PersonWords person_in(const Form& form, const Answers& answers) {
  PersonWords words{text_answer_to(form, answers, "full_name"), {}, text_answer_to(form, answers, "citizen_number")};
  if (const Value* born = answer_to(form, answers, "birth_date"))
    if (const auto* date = std::get_if<CivilDate>(born)) words.birth_date = *date;
  return words;
}

Likeness likeness(const PersonWords& a, const PersonWords& b) {
  constexpr std::size_t citizen_number_digits = 12;
  if (a.citizen_number.size() == citizen_number_digits && b.citizen_number.size() == citizen_number_digits)
    return a.citizen_number == b.citizen_number ? Likeness::certain : Likeness::different;
  if (a.name.empty() || vietnamese::fold(a.name) != vietnamese::fold(b.name)) return Likeness::different;
  if (a.birth_date && b.birth_date && a.birth_date->year != b.birth_date->year) return Likeness::different;
  return Likeness::likely;
}

}  // namespace fieldpost
