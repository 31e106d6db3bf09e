#include "shared/paper/issuer.h"

#include <string>

#include "shared/forms/validation.h"

namespace fieldpost {

void learn_issuer(PaperContext& context, const Catalogue& catalogue, std::string_view own_unit,
                  const std::vector<Answers>& organisations) {
  const Form* form = catalogue.form("organisation");
  if (form == nullptr) return;
  const auto text = [&](const Answers& answers, std::string_view name) {
    return text_answer_to(*form, answers, name);
  };
  for (const Answers& organisation : organisations) {
    const std::string code = text(organisation, "unit_code");
    if (code.empty()) continue;
    context.unit_names[code] = text(organisation, "full_name");
    if (code != own_unit) continue;
    context.unit = context.unit_names[code];
    // The date line of a centre names its province (NĐ 30/2020, appendix I, II.4).
    if (const Place* place = catalogue.places.find(text(organisation, "place"))) {
      constexpr std::string_view kinds[] = {"Tỉnh ", "Thành phố "};
      context.place = place->province_name;
      for (const std::string_view kind : kinds)
        if (context.place.starts_with(kind)) context.place.erase(0, kind.size());
    }
    const Value* parent = answer_to(*form, organisation, "parent");
    if (const auto* above = parent ? std::get_if<EntityId>(parent) : nullptr)
      for (const Answers& each : organisations)
        if (each.record == *above) context.unit_above = text(each, "full_name");
  }
}

}  // namespace fieldpost
