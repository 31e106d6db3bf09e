// Finds who may be the same among many without comparing everybody with everybody: people who share one of a few keys
// are compared (blocking: Christen, Data Matching, Springer 2012, chapter 4). A key that very many share, as Nguyễn
// Văn Hùng in one commune, is walked in order with a window (Hernández and Stolfo, The Merge/Purge Problem, SIGMOD
// 1995), so that the cost stays in proportion to the people.
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "shared/matching/person_match.h"

namespace fieldpost {

class PersonIndex {
 public:
  using Number = std::uint32_t;  // the place of a person in what the index was made of
  struct Found {
    Number one = 0, other = 0;  // one < other
    Match match;
  };

  /// `go_on` is asked now and then; when it says no, what is there so far is all there will be.
  explicit PersonIndex(std::vector<Person> people, const std::function<bool()>& go_on = nullptr);

  /// Every pair that is at least likely, best first, then by number.
  std::vector<Found> pairs(const std::function<bool()>& go_on = nullptr) const;
  struct Candidate {
    Number number = 0;
    Match match;
  };
  /// Those who are at least likely to be this person, best first.
  std::vector<Candidate> like(const Person& person) const;

  const Person& person(Number number) const { return people_[number]; }
  std::size_t size() const { return people_.size(); }

 private:
  std::vector<Person> people_;
  std::vector<std::pair<std::uint64_t, Number>> keys_;  // ascending
};

}  // namespace fieldpost
