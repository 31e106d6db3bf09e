#include "shared/forms/working_days.h"

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

CivilDate after_working_days(const CivilDate& from, std::int64_t days,
                             const std::function<bool(const CivilDate&)>& is_working) {
  std::int64_t day = day_number(from);
  const std::int64_t far = day + 4 * (days + 10);  // where a list calls every day off
  for (std::int64_t worked = 0; worked < days && day < far;)
    if (is_working(from_day_number(++day))) ++worked;
  return from_day_number(day);
}

CivilDate after_working_days(const Catalogue& catalogue, const CivilDate& from, std::int64_t days) {
  return after_working_days(from, days, [&](const CivilDate& day) { return is_working_day(catalogue, day); });
}

}  // namespace fieldpost
