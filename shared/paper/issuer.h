// Who issues a paper, from what the organisations' records say of the laptop's own unit.
#pragma once

#include <string_view>
#include <utility>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/paper/wording.h"

namespace fieldpost {

/// Fills unit, unit_above, place and unit_names; what is not known stays as it was. `organisations`: all that are
/// known.
void learn_issuer(PaperContext& context, const Catalogue& catalogue, std::string_view own_unit,
                  const std::vector<Answers>& organisations);

}  // namespace fieldpost
