// What each code point is worth in folding and in Vietnamese order: tables made once from Unicode's own data. Only
// vietnamese*.cpp include this.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

namespace fieldpost::vietnamese {

/// One code point from the front of `rest`, which must not be empty. A byte that is not UTF-8 comes back as
/// `not_utf8` + its value, so that it can be copied.
inline constexpr std::uint32_t not_utf8 = 0x110000;
std::uint32_t take_code_point(std::string_view& rest);
void append_code_point(std::string& out, std::uint32_t code_point);

bool is_space(std::uint32_t code_point);
/// Letters, digits and marks: what words are made of.
bool is_word_part(std::uint32_t code_point);
inline bool is_mark(std::uint32_t code_point) { return code_point >= 0x300 && code_point <= 0x36f; }

/// Appends what one code point folds to: a letter without marks in lower case, a space, or nothing for a mark.
void append_folded(std::string& out, std::uint32_t code_point);

/// The letters of Latin text in Vietnamese order: a ă â b c d đ e ê … y z, from 1. Nothing else has a place.
enum Tone : std::uint8_t { none = 0, huyen, hoi, nga, sac, nang, foreign_mark };
struct Letter {
  std::uint8_t place = 0;  // 0 when it is no letter of Latin script
  Tone tone = Tone::none;
  bool capital = false;
};
/// Of a composed code point; text is NFC before it is asked.
Letter letter_of(std::uint32_t code_point);

}  // namespace fieldpost::vietnamese
