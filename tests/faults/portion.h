// How much of the day a run tries: a few points in every test run, all of them on demand, in shares that several
// processes take and that can be gone on with.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <functional>
#include <string>

#include "tests/faults/points.h"

namespace fieldpost::test {

struct Portion {
  std::uint64_t every = 1;          // n-th point
  std::uint64_t first = 0;          // of them
  std::optional<std::size_t> step;  // this one alone

  /// FIELDPOST_POINTS is `all`, or `SHARE/SHARES`, or `STEP:SHARE/SHARES`; without it `few` points over the day.
  static Portion of_environment(std::uint64_t few);
  bool is_sample() const { return few_ > 0; }
  bool takes(std::size_t at) const { return !step || *step == at; }
  Points::Until until() const { return is_sample() ? Points::Until::next_step : Points::Until::end_of_day; }
  /// Visits every point of the portion: a step and the number of a call in it.
  void each(const Points& points, bool reads, const std::function<void(std::size_t, std::uint64_t)>& visit) const;

 private:
  std::uint64_t few_ = 0;
};

inline Portion Portion::of_environment(std::uint64_t few) {
  Portion out;
  const char* wish = std::getenv("FIELDPOST_POINTS");
  if (wish == nullptr || *wish == '\0') {
    out.few_ = few;
    return out;
  }
  std::string words = wish;
  if (words == "all") return out;
  if (const std::size_t colon = words.find(':'); colon != std::string::npos) {
    out.step = std::stoul(words.substr(0, colon));
    words.erase(0, colon + 1);
  }
  const std::size_t slash = words.find('/');
  REQUIRE_MESSAGE(slash != std::string::npos, "FIELDPOST_POINTS is all, SHARE/SHARES or STEP:SHARE/SHARES");
  out.first = std::stoull(words.substr(0, slash));
  out.every = std::stoull(words.substr(slash + 1));
  return out;
}

inline void Portion::each(const Points& points, bool reads,
                          const std::function<void(std::size_t, std::uint64_t)>& visit) const {
  std::uint64_t all = 0;
  for (std::size_t at = 0; at < Day::steps(); ++at) all += points.calls_of(at, reads);
  const std::uint64_t stride = few_ == 0 ? every : std::max<std::uint64_t>(1, all / few_);
  std::uint64_t count = 0;
  for (std::size_t at = 0; at < Day::steps(); ++at)
    for (std::uint64_t n = 1; n <= points.calls_of(at, reads); ++n, ++count)
      if (count % stride == first % stride && takes(at)) visit(at, n);
}

}  // namespace fieldpost::test
