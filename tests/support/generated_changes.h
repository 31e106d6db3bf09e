// Changes out of a seed, with every kind of value and every form that a field can have.
#pragma once

#include <doctest/doctest.h>

#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "shared/model/change.h"

namespace fieldpost::test {

inline std::string generated_text(Random& random) {
  static const char* const parts[] = {"Nguyễn Thị Ánh",
                                      "Đường Lê Lợi",
                                      "hoà giải",
                                      "ấp 4\n",
                                      "\t",
                                      "0912 345 678",
                                      "quyền sử dụng đất",
                                      "",
                                      " ",
                                      "🌾",
                                      "한글",
                                      "a"};
  std::string out;
  for (std::uint64_t i = random.below(5); i > 0; --i) out += parts[random.below(std::size(parts))];
  return out;
}

inline Value generated_value(Random& random) {
  static constexpr std::int64_t edges[] = {0,          1,         -1,    23,    24,        -24,       -25,
                                           255,        256,       65535, 65536, INT64_MAX, INT64_MIN, INT64_MAX - 1,
                                           4294967295, 4294967296};
  switch (random.below(10)) {
    case 0: return Cleared{};
    case 1: return random.below(2) == 0;
    case 2: return edges[random.below(std::size(edges))];
    case 3: return static_cast<std::int64_t>(random.next());
    case 4: {
      const auto decimal =
          Decimal::make(random.below(4) == 0 ? edges[random.below(std::size(edges))]
                                             : static_cast<std::int64_t>(random.below(100'000)) - 50'000,
                        static_cast<std::int32_t>(random.below(31)) - 18);
      return decimal ? Value{*decimal} : Value{Decimal{}};
    }
    case 5: {
      CivilDate date{static_cast<std::int16_t>(1 + random.below(9999)), 0, 0};
      const std::uint64_t precision = random.below(3);
      if (precision > 0) date.month = static_cast<std::uint8_t>(1 + random.below(12));
      if (precision > 1) date.day = static_cast<std::uint8_t>(1 + random.below(28));
      return date;
    }
    case 6: return random_id<EntityId>(random);
    case 7: {
      static constexpr const char* types[] = {"image/jpeg", "image/png", "application/pdf", "x/y"};
      static constexpr const char* names[] = {"", "Biên bản.pdf", "a"};
      return Attachment{{random_id<Digest>(random), 1 + random.below(64u << 20)},
                        types[random.below(std::size(types))],
                        names[random.below(std::size(names))]};
    }
    default: return generated_text(random);
  }
}

/// Not sealed: fields in no order, but none twice.
inline Change generated_change_to_seal(Random& random) {
  static const char* const forms[] = {"person", "outreach_session", "consultation"};
  static const char* const options[] = {"", "DAT", "HON", "nguoi_khuyet_tat"};
  Change change;
  change.record = random_id<RecordId>(random);
  change.form = forms[random.below(std::size(forms))];
  change.form_version = static_cast<std::uint32_t>(random.below(4) == 0 ? UINT32_MAX : random.below(30));
  change.author = random_id<UserId>(random);
  change.device = random_id<DeviceId>(random);
  change.at = static_cast<std::int64_t>(random.next());  // a laptop's clock may say anything
  for (std::uint64_t i = random.below(4); i > 0; --i) change.base.push_back(random_id<ChangeId>(random));
  std::vector<EntityId> entities = {change.record};
  for (std::uint64_t i = random.below(3); i > 0; --i) entities.push_back(random_id<EntityId>(random));
  for (const EntityId& entity : entities)
    for (std::uint32_t number = 0, last = static_cast<std::uint32_t>(random.below(5)); number <= last; ++number) {
      change.writes.push_back({entity, {number * (random.below(9) == 0 ? 100'000u : 1u), options[random.below(4)]}});
      if (std::count(change.writes.begin(), change.writes.end(), change.writes.back()) > 1) {
        change.writes.pop_back();
        continue;
      }
      change.values.push_back(generated_value(random));
    }
  random.fill(change.salt);
  if (random.below(3) == 0) change.reason = generated_text(random);
  return change;
}

inline Change generated_change(Random& random) {
  Result<Change> sealed = seal(generated_change_to_seal(random));
  REQUIRE_MESSAGE(sealed, (sealed ? "" : sealed.error().message));
  return *std::move(sealed);
}

inline bool same(const Change& a, const Change& b) {
  return a.id == b.id && a.record == b.record && a.form == b.form && a.form_version == b.form_version &&
         a.author == b.author && a.device == b.device && a.at == b.at && a.base == b.base && a.writes == b.writes &&
         a.commitment == b.commitment && a.erased == b.erased && a.salt == b.salt && a.values == b.values &&
         a.reason == b.reason;
}

/// As erasure leaves it: the header and nothing below the line.
inline Change erased(Change change) {
  change.erased = true;
  change.salt = {};
  change.values.clear();
  change.reason.reset();
  return change;
}

}  // namespace fieldpost::test
