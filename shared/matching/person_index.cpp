#include "shared/matching/person_index.h"

#include <algorithm>
#include <tuple>

#include "shared/matching/words.h"

namespace fieldpost {
namespace {

// A block of this many is compared each with each: 780 comparisons. Above it, each with its neighbours.
constexpr std::size_t block_max = 40, window = 20;
// Of one key while somebody types: a comparison costs about a microsecond, an answer may take 20 ms.
constexpr std::size_t looked_at_max = 2'000;
constexpr std::size_t asked_every = 4'096;

std::uint64_t key_of(std::uint64_t kind, std::initializer_list<std::uint64_t> parts) {
  std::uint64_t key = kind * 0x9e3779b97f4a7c15;
  for (const std::uint64_t part : parts) {
    key = (key ^ part) * 0xff51afd7ed558ccd;
    key ^= key >> 32;
  }
  return key;
}

std::uint64_t number_of(const CivilDate& date) {
  return static_cast<std::uint64_t>(date.year) * 10'000 + date.month * 100u + date.day;
}

/// Each says something that two records of one person mostly agree on even where the rest went wrong.
template <class Visit>
void for_each_key(const Person& person, const Visit& visit) {
  constexpr std::size_t digits_least = 9;
  if (person.number.size() >= digits_least) visit(key_of(1, {hash_of(person.number)}));
  if (person.word_count == 0) return;
  const std::uint64_t given = hash_of(person.given()), family = hash_of(person.family());
  const std::uint64_t name = hash_of(words_sorted(person.name));
  if (!person.phone.empty()) visit(key_of(2, {hash_of(person.phone), given}));
  const auto year = person.birth ? static_cast<std::uint64_t>(person.birth->year) : 0;
  if (person.birth) visit(key_of(3, {name, year}));
  if (person.birth && person.birth->has_day()) {
    visit(key_of(4, {given, number_of(*person.birth)}));
    visit(key_of(5, {family, number_of(*person.birth)}));
  }
  for (const std::uint64_t unit : person.units) {
    visit(key_of(6, {name, unit}));
    if (!person.birth) continue;
    visit(key_of(7, {given, year, unit}));
    if (person.hamlet != 0) visit(key_of(8, {family, year, unit, person.hamlet}));
  }
}

bool better(const Match& a, const Match& b) {
  return std::pair(a.certainty, a.score) > std::pair(b.certainty, b.score);
}

}  // namespace

PersonIndex::PersonIndex(std::vector<Person> people, const std::function<bool()>& go_on)
    : people_(std::move(people)) {
  for (Number number = 0; number < people_.size(); ++number) {
    if (go_on && number % asked_every == 0 && !go_on()) break;
    for_each_key(people_[number], [&](std::uint64_t key) { keys_.emplace_back(key, number); });
  }
  std::sort(keys_.begin(), keys_.end());
}

std::vector<PersonIndex::Found> PersonIndex::pairs(const std::function<bool()>& go_on) const {
  std::vector<std::uint64_t> to_compare;
  const auto add = [&](Number a, Number b) {
    if (a == b) return;
    to_compare.push_back(std::uint64_t{std::min(a, b)} << 32 | std::max(a, b));
  };
  std::vector<Number> block;
  for (std::size_t first = 0; first < keys_.size();) {
    std::size_t end = first + 1;
    while (end < keys_.size() && keys_[end].first == keys_[first].first) ++end;
    if (end - first > 1) {
      block.clear();
      for (std::size_t at = first; at < end; ++at) block.push_back(keys_[at].second);
      const bool large = block.size() > block_max;
      if (large)
        std::sort(block.begin(), block.end(), [&](Number a, Number b) {
          const auto order = [&](Number number) {
            const Person& person = people_[number];
            return std::tuple(person.birth.value_or(CivilDate{}), person.hamlet, person.name, number);
          };
          return order(a) < order(b);
        });
      for (std::size_t i = 0; i < block.size(); ++i)
        for (std::size_t j = i + 1; j < block.size() && (!large || j <= i + window); ++j) add(block[i], block[j]);
    }
    first = end;
  }
  std::sort(to_compare.begin(), to_compare.end());
  to_compare.erase(std::unique(to_compare.begin(), to_compare.end()), to_compare.end());

  std::vector<Found> found;
  for (std::size_t i = 0; i < to_compare.size(); ++i) {
    if (go_on && i % asked_every == 0 && !go_on()) break;
    const auto one = static_cast<Number>(to_compare[i] >> 32),
               other = static_cast<Number>(to_compare[i] & 0xffffffff);
    Match compared = match(people_[one], people_[other]);
    if (compared.certainty >= Certainty::likely) found.push_back({one, other, std::move(compared)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Found& a, const Found& b) { return better(a.match, b.match); });
  return found;
}

std::vector<PersonIndex::Candidate> PersonIndex::like(const Person& person) const {
  std::vector<Number> numbers;
  for_each_key(person, [&](std::uint64_t key) {
    auto at = std::lower_bound(keys_.begin(), keys_.end(), std::pair<std::uint64_t, Number>(key, 0));
    for (std::size_t taken = 0; at != keys_.end() && at->first == key && taken < looked_at_max; ++at, ++taken)
      numbers.push_back(at->second);
  });
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  std::vector<Candidate> found;
  for (const Number number : numbers) {
    Match compared = match(person, people_[number]);
    if (compared.certainty >= Certainty::likely) found.push_back({number, std::move(compared)});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Candidate& a, const Candidate& b) { return better(a.match, b.match); });
  return found;
}

}  // namespace fieldpost
