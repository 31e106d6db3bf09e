// Two records, one person?
#include "shared/forms/same_person.h"

#include <doctest/doctest.h>

#include "shared/forms/code_list.h"

using namespace fieldpost;

namespace {
PersonWords person(std::string name, int year = 0, std::string number = {}) {
  PersonWords out{std::move(name), {}, std::move(number)};
  if (year != 0) out.birth_date = CivilDate{static_cast<std::int16_t>(year), 0, 0};
  return out;
}
}  // namespace

TEST_CASE("one citizen number is one person, whatever else was written; two numbers are two people") {
  CHECK(likeness(person("Lâm Thị Sáu", 1980, "096180001234"), person("Lâm Thị Sáu A", 1981, "096180001234")) ==
        Likeness::certain);
  CHECK(likeness(person("Lâm Thị Sáu", 1980, "096180001234"), person("Lâm Thị Sáu", 1980, "096180005678")) ==
        Likeness::different);
}

TEST_CASE("a name counts without its marks, and a year only where both are known") {
  CHECK(likeness(person("Đặng Thị Bé", 1975), person("dang thi be")) == Likeness::likely);
  CHECK(likeness(person("Đặng Thị Bé", 1975), person("Đặng Thị Bé", 1975)) == Likeness::likely);
  CHECK(likeness(person("Đặng Thị Bé", 1975), person("Đặng Thị Bé", 1976)) == Likeness::different);
  CHECK(likeness(person("Đặng Thị Bé"), person("Đặng Thị Bê Em")) == Likeness::different);
  CHECK(likeness(person(""), person("")) == Likeness::different);
}

TEST_CASE("a half written citizen number proves nothing") {
  CHECK(likeness(person("Lâm Thị Sáu", 1980, "0961"), person("Lâm Thị Sáu", 1980, "096180005678")) ==
        Likeness::likely);
}
