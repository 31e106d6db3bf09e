// The regular expressions of regex(): a small set, matched without backtracking, so that no pattern in a form that
// came by sync can hang or crash a laptop. Cost: length of the text × length of the pattern. By code points, not
// bytes.
//
//   .  [abc]  [a-z]  [^…]  \d \w \s and \ before a sign  ( )  |  *  +  ?  {n}  {n,}  {n,m}  ^ and $ at the ends
//
// The whole text must match, as in ODK; so ^ and $ say nothing new. \w is a letter of any script, a digit or _.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost {

class Pattern {
 public:
  /// Errors: invalid_argument, saying what and where; out_of_bounds beyond 2,000 steps after counting out repeats.
  static Result<Pattern> compile(std::string_view source);

  bool matches(std::string_view text) const;

  /// The code points one place of the text may have.
  struct Set {
    bool negated = false;
    bool letters = false;                               // any letter beyond ASCII, for \w
    std::vector<std::pair<char32_t, char32_t>> ranges;  // both ends included
    bool holds(char32_t point) const;
  };

 private:
  struct Step {
    enum class Kind { set, fork, jump, match } kind = Kind::match;
    std::size_t first = 0, second = 0;  // set: index into sets_; fork, jump: steps
  };
  friend class PatternCompiler;
  std::vector<Set> sets_;
  std::vector<Step> steps_;
};

}  // namespace fieldpost
