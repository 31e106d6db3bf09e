// A province of invented people as its teams would have recorded them, of whom it is known who is who: households,
// names as often as they occur (30–40 % Nguyễn), and for some a second or third record with the slips that field
// registration makes. For measuring how well the same person is found, and how fast.
#pragma once

#include <cstdint>
#include <vector>

#include "shared/matching/person_match.h"

namespace fieldpost::bench {

struct InventedPerson {
  PersonWords words;
  std::uint32_t who = 0;  // the same for all records of one person
};

struct InventedProvince {
  std::size_t records = 100'000;
  std::size_t communes = 64;  // of Cà Mau since 01/07/2025
  std::uint32_t twice_in_a_hundred = 12, thrice_in_a_hundred = 2;
  std::uint64_t seed = 1;
};

/// In no order of their own: records of one person lie apart. Communes are invented too.
std::vector<InventedPerson> invent_people(const InventedProvince& province);

}  // namespace fieldpost::bench
