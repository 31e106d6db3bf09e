// How a written Vietnamese syllable is made: onset, vowels, final and one tone. Typing asks it where a mark goes and
// what cannot be Vietnamese; reading old codes asks it whether a word makes sense. The tables follow the spelling
// taught in schools (Hoàng Phê, Từ điển tiếng Việt), with the onsets and finals that names of the Central Highlands
// add: Krông, Đắk, Niê, Nuôl. Only vietnamese*.cpp and legacy_vietnamese.cpp include this.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/vietnamese_letters.h"
#include "shared/foundation/vietnamese_typing.h"

namespace fieldpost::vietnamese {

/// A word taken apart into letters; the tone is the word's, not a letter's.
struct WrittenWord {
  std::u32string letters;  // small; with hat, horn, breve or stroke; without tone
  std::vector<bool> capitals;
  Tone tone = Tone::none;

  void append(char32_t letter, bool capital);
  bool is_all_capitals() const;
  bool is_marked() const;
};

/// Empty when it holds anything but Latin letters, a mark that is not Vietnamese, two tones, or is too long for a
/// syllable.
std::optional<WrittenWord> read_word(std::string_view text);
/// NFC, with the tone where it belongs.
std::string write_word(const WrittenWord& word, TonePlace place);

/// Where onset, vowels and final stand in the letters. The u of qu and the i of gi belong to the onset.
struct SyllableParts {
  std::u32string_view onset, vowels, final;
};
SyllableParts parts_of_syllable(std::u32string_view letters);

char32_t without_shape(char32_t letter);
inline bool is_shaped(char32_t letter) { return without_shape(letter) != letter; }
std::u32string without_shapes(std::u32string_view letters);

/// Groups of vowels with their shapes that have the same bare letters as `vowels` and may stand before `final`.
std::vector<std::u32string_view> vowels_like(std::u32string_view vowels, std::u32string_view final);

/// An onset that only names from the Central Highlands have.
bool is_highland_onset(std::u32string_view onset);

/// Is a Vietnamese word, or becomes one by more letters, shapes or another tone: "nguye", "tieng", "ưo", "ng".
bool can_become_syllable(const WrittenWord& word);
/// Is a whole Vietnamese word as it stands.
bool is_syllable(const WrittenWord& word);

}  // namespace fieldpost::vietnamese
