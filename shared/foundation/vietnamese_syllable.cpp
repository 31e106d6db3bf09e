#include "shared/foundation/vietnamese_syllable.h"

#include <algorithm>
#include <array>

#include "shared/foundation/vietnamese.h"

namespace fieldpost::vietnamese {

namespace {

// By Letter::place, from 1.
constexpr std::u32string_view alphabet = U"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
// Each vowel with its tones in the order of Tone.
constexpr std::u32string_view toned = U"aàảãáạăằẳẵắặâầẩẫấậeèẻẽéẹêềểễếệiìỉĩíịoòỏõóọôồổỗốộơờởỡớợuùủũúụưừửữứựyỳỷỹýỵ";
constexpr std::size_t tones = 6;

// "nghiêng" has seven letters, and no name of the Highlands reaches ten.
constexpr std::size_t letters_max = 10;

constexpr auto onsets = std::to_array<std::u32string_view>(
    {U"",   U"b",   U"c",  U"ch", U"d",  U"đ", U"g",  U"gh", U"gi", U"h", U"k",  U"kh", U"l", U"m", U"n",
     U"ng", U"ngh", U"nh", U"p",  U"ph", U"q", U"qu", U"r",  U"s",  U"t", U"th", U"tr", U"v", U"x"});
// Krông Pắk, Kpă, Kđăm, Ksor, Mlô, Mnông, Hmông, Hrê, Bhăm, Brâu, Đrắk, Prông, Plông, Rmah, Xtiêng …
constexpr auto highland_onsets =
    std::to_array<std::u32string_view>({U"bh", U"br", U"đr", U"hl", U"hm", U"hr", U"kd", U"kđ", U"kl", U"kn", U"kp",
                                        U"kr", U"ks", U"ml", U"mn", U"pl", U"pr", U"rm", U"xt"});

enum Follows : std::uint8_t {
  open = 1,      // nothing
  closed = 2,    // c m n ng p t
  palatal = 4,   // ch nh
  highland = 8,  // k l
};
struct Vowels {
  std::u32string_view letters;
  std::uint8_t follows;
};
constexpr auto all_vowels = std::to_array<Vowels>({
    {U"a", open | closed | palatal},
    {U"ă", closed | highland},
    {U"â", closed},
    {U"e", open | closed},
    {U"ê", open | closed | palatal},
    {U"i", open | closed | palatal},
    {U"o", open | closed},
    {U"ô", open | closed},
    {U"ơ", open | closed},
    {U"u", open | closed},
    {U"ư", open | closed},
    {U"y", open | closed | palatal},
    {U"ai", open},
    {U"ao", open},
    {U"au", open},
    {U"ay", open},
    {U"âu", open},
    {U"ây", open},
    {U"eo", open},
    {U"êu", open},
    {U"ia", open},
    {U"iê", open | closed},  // open: Niê
    {U"iu", open},
    {U"oa", open | closed | palatal},
    {U"oă", closed},
    {U"oe", open | closed},
    {U"oi", open},
    {U"ôi", open},
    {U"ơi", open},
    {U"oo", closed},  // xoong
    {U"ua", open},
    {U"uâ", closed},
    {U"uê", open | palatal},
    {U"ui", open},
    {U"uô", closed | highland},
    {U"uơ", open},
    {U"ưa", open},
    {U"ưi", open},
    {U"ươ", closed},
    {U"ưu", open},
    {U"uy", open | closed | palatal},
    {U"yê", closed},
    {U"iêu", open},
    {U"oai", open},
    {U"oao", open},
    {U"oay", open},
    {U"oeo", open},
    {U"uây", open},
    {U"uôi", open},
    {U"ươi", open},
    {U"ươu", open},
    {U"uya", open},
    {U"uyê", closed},
    {U"uyu", open},
    {U"yêu", open},
});

template <class Set>
bool holds(const Set& set, std::u32string_view item) {
  return std::find(set.begin(), set.end(), item) != set.end();
}

bool is_vowel(char32_t letter) {
  return std::u32string_view(U"aăâeêioôơuưy").find(letter) != std::u32string_view::npos;
}

bool may_follow(const Vowels& vowels, std::u32string_view final, bool whole) {
  if (final.empty()) return !whole || (vowels.follows & open) != 0;
  // The first letter of ch and nh comes before the second.
  if ((vowels.follows & palatal) != 0 &&
      (final == U"ch" || final == U"nh" || (!whole && (final == U"c" || final == U"n"))))
    return true;
  if ((vowels.follows & highland) != 0 && (final == U"k" || final == U"l")) return true;
  // Krông Búk, Ea Pốk; without their tone these would be "book" and "look" more often.
  if (final == U"k" && (vowels.letters == U"u" || vowels.letters == U"ô")) return true;
  constexpr auto finals = std::to_array<std::u32string_view>({U"c", U"m", U"n", U"ng", U"p", U"t"});
  return (vowels.follows & closed) != 0 && holds(finals, final);
}

/// A word that ends in a stop has sắc or nặng; while it is being typed it may not have one yet.
bool tone_fits(const SyllableParts& parts, Tone tone, bool whole) {
  if (parts.final == U"k" && (parts.vowels == U"u" || parts.vowels == U"ô")) return tone == Tone::sac;
  constexpr auto stops = std::to_array<std::u32string_view>({U"c", U"ch", U"k", U"p", U"t"});
  if (!holds(stops, parts.final)) return true;
  return tone == Tone::sac || tone == Tone::nang || (tone == Tone::none && (!whole || parts.final == U"k"));
}

/// In the letters: hòa, thúy, múa, khuỷu; with a final the vowel before it: hoàn, tiếng, thuyền; a letter with a
/// shape always: thuở, người, giữa.
std::size_t tone_position(std::u32string_view letters, TonePlace place) {
  const SyllableParts parts = parts_of_syllable(letters);
  const std::size_t start = parts.onset.size(), count = parts.vowels.size();
  for (std::size_t i = count; i-- > 0;)
    if (is_shaped(parts.vowels[i])) return start + i;
  if (count <= 1) return start;
  if (!parts.final.empty()) return start + count - 1;
  if (count == 3) return start + 1;
  const bool glide_first = parts.vowels == U"oa" || parts.vowels == U"oe" || parts.vowels == U"uy";
  return start + (place == TonePlace::new_style && glide_first ? 1 : 0);
}

}  // namespace

void WrittenWord::append(char32_t letter, bool capital) {
  letters += letter;
  capitals.push_back(capital);
}

bool WrittenWord::is_all_capitals() const {
  return std::find(capitals.begin(), capitals.end(), false) == capitals.end();
}

bool WrittenWord::is_marked() const {
  return tone != Tone::none || std::any_of(letters.begin(), letters.end(), is_shaped);
}

std::optional<WrittenWord> read_word(std::string_view text) {
  WrittenWord word;
  while (!text.empty()) {
    const Letter letter = letter_of(take_code_point(text));
    if (letter.place == 0 || letter.tone == Tone::foreign_mark || word.letters.size() >= letters_max)
      return std::nullopt;
    const char32_t bare = alphabet[letter.place - 1u];
    if (letter.tone != Tone::none) {
      // ñ and ń bear the signs of tones on what is no vowel.
      if (word.tone != Tone::none || !is_vowel(bare)) return std::nullopt;
      word.tone = letter.tone;
    }
    word.append(bare, letter.capital);
  }
  return word;
}

std::string write_word(const WrittenWord& word, TonePlace place) {
  const std::size_t toned_letter = tone_position(word.letters, place);
  std::string text;
  for (std::size_t i = 0; i < word.letters.size(); ++i) {
    char32_t letter = word.letters[i];
    if (i == toned_letter && word.tone != Tone::none && is_vowel(letter))
      letter = toned[toned.find(letter) + static_cast<std::size_t>(word.tone)];
    std::string written;
    append_code_point(written, letter);
    text += word.capitals[i] ? upper_case(written) : written;
  }
  return text;
}

SyllableParts parts_of_syllable(std::u32string_view letters) {
  std::size_t onset = 0;
  while (onset < letters.size() && !is_vowel(letters[onset])) ++onset;
  const bool qu = letters.substr(0, 2) == U"qu";
  // gì and gìn have their i as vowel; in già and giếng it only shows how g is said.
  const bool gi = letters.substr(0, 2) == U"gi" && letters.size() > 2 && is_vowel(letters[2]);
  if ((qu || gi) && onset == 1) onset = 2;
  std::size_t vowels = onset;
  while (vowels < letters.size() && is_vowel(letters[vowels])) ++vowels;
  return {letters.substr(0, onset), letters.substr(onset, vowels - onset), letters.substr(vowels)};
}

char32_t without_shape(char32_t letter) {
  constexpr std::u32string_view shaped = U"ăâđêôơư", bare = U"aadeoou";
  const std::size_t at = shaped.find(letter);
  return at == std::u32string_view::npos ? letter : bare[at];
}

std::u32string without_shapes(std::u32string_view letters) {
  std::u32string bare(letters);
  std::transform(bare.begin(), bare.end(), bare.begin(), without_shape);
  return bare;
}

std::vector<std::u32string_view> vowels_like(std::u32string_view vowels, std::u32string_view final) {
  const std::u32string bare = without_shapes(vowels);
  std::vector<std::u32string_view> found;
  for (const Vowels& each : all_vowels)
    if (without_shapes(each.letters) == bare && may_follow(each, final, false)) found.push_back(each.letters);
  return found;
}

bool is_highland_onset(std::u32string_view onset) { return holds(highland_onsets, onset); }

bool can_become_syllable(const WrittenWord& word) {
  const SyllableParts parts = parts_of_syllable(word.letters);
  if (!holds(onsets, parts.onset) && !is_highland_onset(parts.onset)) return false;
  if (parts.vowels.empty()) return parts.final.empty();
  if (!tone_fits(parts, word.tone, false)) return false;
  // "Đak" may be on its way to Đăk, but "mák" is "mask".
  const bool exact = word.tone != Tone::none && (parts.final == U"k" || parts.final == U"l");
  for (const std::u32string_view whole : vowels_like(parts.vowels, parts.final)) {
    bool fits = true;  // a shape that is there already stays
    for (std::size_t i = 0; i < whole.size(); ++i)
      fits = fits && (parts.vowels[i] == whole[i] || (!exact && parts.vowels[i] == without_shape(whole[i])));
    if (fits) return true;
  }
  return false;
}

bool is_syllable(const WrittenWord& word) {
  const SyllableParts parts = parts_of_syllable(word.letters);
  if (parts.onset == U"q" || (!holds(onsets, parts.onset) && !is_highland_onset(parts.onset))) return false;
  if (!tone_fits(parts, word.tone, true)) return false;
  for (const Vowels& each : all_vowels)
    if (each.letters == parts.vowels && may_follow(each, parts.final, true)) return true;
  return false;
}

}  // namespace fieldpost::vietnamese
