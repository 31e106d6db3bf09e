#include "shared/forms/code_list.h"

namespace fieldpost {

bool is_working_day(const Catalogue& catalogue, const CivilDate& day) {
  if (const CodeList* list = catalogue.list("working_days"))
    if (const Option* named = list->find(iso_text(day))) {
      const auto kind = named->columns.find("kind");
      return kind != named->columns.end() && kind->second == "worked";
    }
  // 1970-01-01 was a Thursday.
  const std::int64_t weekday = ((day_number(day) + 3) % 7 + 7) % 7;  // 0: Monday
  return weekday < 5;
}

}  // namespace fieldpost
