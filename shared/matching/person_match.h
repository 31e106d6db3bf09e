// Whether two records speak of one person, as far as what was written tells. Pure. Weights after Fellegi and Sunter
// (A Theory for Record Linkage, JASA 64, 1969): of each agreement or disagreement, log2 of how much oftener it is
// found between two records of one person than between those of two; the sum is the score.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/matching/match.h"

namespace fieldpost {

/// A person as a record names them. Texts are empty where it does not say.
struct PersonWords {
  std::string name;
  std::optional<CivilDate> birth_date;
  std::string citizen_number;
  std::string sex;            // its code
  std::string place, hamlet;  // of their home; the place by its key
  std::string phone;
  bool operator==(const PersonWords&) const = default;
};

/// By the names our forms use: full_name, birth_date, citizen_number, sex, phone of the record itself, and place and
/// hamlet where it is a person's own record: those of other records say where something was held.
PersonWords person_in(const Form& form, const Answers& answers);

/// The same made ready to be compared many times: folded, numbers read, places as the units of today.
struct Person {
  struct Word {
    std::uint8_t start = 0, length = 0;  // in `name`
    bool common = false;                 // Nguyễn, Văn, Thị: borne by so many that it tells little
    std::uint64_t marked = 0;            // of the word with its marks, wherever in it the tone is written
  };
  static constexpr std::size_t words_max = 8;  // of longer names the first; no name on a Vietnamese paper has more
  std::string name;                            // folded words, a space between them
  std::array<Word, words_max> words;
  std::uint8_t word_count = 0;
  bool unmarked = true;  // no letter carries a mark
  std::optional<CivilDate> birth;
  std::string number;                // digits
  bool valid_number = false;         // of a citizen: 12 digits that begin with a province
  char sex = 0;                      // its code's first letter
  std::string phone;                 // digits
  std::vector<std::uint64_t> units;  // of today's communes, ascending; a hash of each key
  std::uint64_t hamlet = 0;          // of its words without "ấp" and the like; 0: none

  std::string_view word(std::size_t at) const {
    return std::string_view(name).substr(words[at].start, words[at].length);
  }
  std::string_view family() const { return word_count > 1 ? word(0) : std::string_view(); }
  std::string_view given() const { return word_count > 0 ? word(word_count - 1u) : std::string_view(); }
};
Person prepared(const PersonWords& words, const Gazetteer& places);

/// From this score on two records are proposed; about even odds where one pair in half a million is one person, as
/// among 100,000 records. Measured by tests/matching_test.cpp.
inline constexpr double likely_score = 17;

Match match(const Person& a, const Person& b);

}  // namespace fieldpost
