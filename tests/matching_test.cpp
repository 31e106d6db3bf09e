// Who is the same: the weights on cases a person can follow, and how well they do on a province whose truth is known.
#include "shared/matching/person_index.h"

#include <doctest/doctest.h>

#include <cstdio>
#include <map>
#include <set>

#include "tools/bench/invented_people.h"

using namespace fieldpost;

namespace {

struct Quality {
  std::size_t true_pairs = 0, found = 0, right = 0, certain = 0, certain_right = 0;
  double precision() const { return static_cast<double>(right) / static_cast<double>(found); }
  double recall() const { return static_cast<double>(right) / static_cast<double>(true_pairs); }
};

Quality quality_on(const bench::InventedProvince& province) {
  const std::vector<bench::InventedPerson> truth = bench::invent_people(province);
  std::vector<Person> people;
  const Gazetteer places;
  for (const bench::InventedPerson& each : truth) people.push_back(prepared(each.words, places));
  Quality quality;
  std::map<std::uint32_t, std::size_t> records;
  for (const bench::InventedPerson& each : truth) quality.true_pairs += records[each.who]++;
  const PersonIndex index(std::move(people));
  for (const PersonIndex::Found& pair : index.pairs()) {
    const bool right = truth[pair.one].who == truth[pair.other].who;
    ++quality.found;
    quality.right += right ? 1 : 0;
    if (pair.match.certainty != Certainty::certain) continue;
    ++quality.certain;
    quality.certain_right += right ? 1 : 0;
  }
  return quality;
}

}  // namespace

TEST_CASE("x") {
  for (std::uint64_t seed : {1, 2}) {
    const Quality q = quality_on({20'000, 13, 12, 2, seed});
    std::printf("%zu true, %zu found, precision %.4f recall %.4f certain %zu (%zu)\n", q.true_pairs, q.found,
                q.precision(), q.recall(), q.certain, q.certain_right);
  }
  const Quality q = quality_on({100'000, 64, 12, 2, 3});
  std::printf("%zu true, %zu found, precision %.4f recall %.4f certain %zu (%zu)\n", q.true_pairs, q.found,
              q.precision(), q.recall(), q.certain, q.certain_right);
}
