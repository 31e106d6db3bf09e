// Definition file -> Form, or every fault with its place.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "shared/forms/form.h"

namespace fieldpost {

struct FormFault {
  std::string place;  // e.g. `questions[3].constraint`, or `line 12, column 4` for text that is not JSON
  std::string message;
};

/// A form, or all its faults. `known_lists` are the code lists that may be named; unknown members, a number used
/// twice, a name used twice, an expression over an unknown question or one that depends on itself, a missing label
/// are all faults. `required` may be true instead of an expression. Expressions of a row see its own questions first,
/// then the record's; those of the record see rows through count() and sum() alone.
std::variant<Form, std::vector<FormFault>> load_form(std::string_view json,
                                                     const std::set<std::string, std::less<>>& known_lists);

}  // namespace fieldpost
