#include "shared/foundation/vietnamese_typing.h"

#include <algorithm>
#include <array>
#include <span>

#include "shared/foundation/vietnamese_letters.h"
#include "shared/foundation/vietnamese_syllable.h"

namespace fieldpost::vietnamese {

namespace {

struct Key {
  char key;
  Tone tone;                  // that it sets
  std::u32string_view makes;  // letters it shapes; neither tone nor letters: takes the tone away
};
constexpr auto telex_keys = std::to_array<Key>({{'s', Tone::sac, {}},
                                                {'f', Tone::huyen, {}},
                                                {'r', Tone::hoi, {}},
                                                {'x', Tone::nga, {}},
                                                {'j', Tone::nang, {}},
                                                {'z', Tone::none, {}},
                                                {'a', Tone::none, U"â"},
                                                {'e', Tone::none, U"ê"},
                                                {'o', Tone::none, U"ô"},
                                                {'w', Tone::none, U"ăơư"},
                                                {'d', Tone::none, U"đ"}});
constexpr auto vni_keys = std::to_array<Key>({{'1', Tone::sac, {}},
                                              {'2', Tone::huyen, {}},
                                              {'3', Tone::hoi, {}},
                                              {'4', Tone::nga, {}},
                                              {'5', Tone::nang, {}},
                                              {'0', Tone::none, {}},
                                              {'6', Tone::none, U"âêô"},
                                              {'7', Tone::none, U"ơư"},
                                              {'8', Tone::none, U"ă"},
                                              {'9', Tone::none, U"đ"}});

std::span<const Key> keys_of(Typing typing) {
  if (typing == Typing::telex) return telex_keys;
  if (typing == Typing::vni) return vni_keys;
  return {};
}

bool contains(std::u32string_view letters, char32_t letter) { return letters.find(letter) != letters.npos; }
bool is_digit(char32_t c) { return c >= '0' && c <= '9'; }
bool is_capital(char32_t c) { return c >= 'A' && c <= 'Z'; }
char32_t small(char32_t c) { return is_capital(c) ? c + 32 : c; }

/// The letters and digits that end the text; nothing inside an address, where a mark would only do harm.
std::optional<std::string_view> last_word(std::string_view text) {
  const std::size_t space = text.find_last_of(" \t\n\r");
  const std::string_view token = space == std::string_view::npos ? text : text.substr(space + 1);
  // "ww." is what Telex makes of three w.
  const bool address = token.find_first_of("@\\") != token.npos || token.find("//") != token.npos ||
                       token.starts_with("www.") || token.starts_with("ww.");
  if (address) return std::nullopt;
  std::string_view word = token;
  for (std::string_view rest = token; !rest.empty();)
    if (!is_word_part(take_code_point(rest))) word = rest;
  return word;
}

/// One key on one word. Each step says whether it took the key; `word` is then what stands there.
class Keystroke {
 public:
  /// `keys` made the word; empty when they are not known.
  Keystroke(WrittenWord& word, std::string_view keys, char32_t typed, Typing typing)
      : word_(word), keys_(keys), typed_(typed), typing_(typing) {}

  bool apply() {
    const auto keys = keys_of(typing_);
    const auto key = std::find_if(keys.begin(), keys.end(),
                                  [&](const Key& each) { return static_cast<char32_t>(each.key) == small(typed_); });
    if (key != keys.end() && can_become_syllable(word_)) {
      const bool done = !key->makes.empty() ? shape(*key) : set_tone(key->tone);
      if (done) return true;
    }
    return is_digit(typed_) ? false : append();
  }

 private:
  SyllableParts parts() const { return parts_of_syllable(word_.letters); }
  bool take(WrittenWord changed) {
    if (!can_become_syllable(changed)) return false;
    word_ = std::move(changed);
    return true;
  }
  /// The key as a letter, after it took its mark off.
  bool leave_letter() {
    word_.append(small(typed_), is_capital(typed_));
    return true;
  }

  bool set_tone(Tone tone) {
    const SyllableParts at = parts();
    if (at.vowels.empty()) return false;
    if (tone == Tone::none) {
      if (word_.tone == Tone::none) return false;
      word_.tone = Tone::none;
      return true;
    }
    // Kpắ and Đrắk have tones; "press" and "dress" begin like them.
    if (is_highland_onset(at.onset) && std::none_of(at.vowels.begin(), at.vowels.end(), is_shaped)) return false;
    if (word_.tone == tone) {
      word_.tone = Tone::none;
      return leave_letter();
    }
    WrittenWord changed = word_;
    changed.tone = tone;
    return take(std::move(changed));
  }

  bool shape(const Key& key) {
    if (key.makes == U"đ") return stroke();
    const SyllableParts at = parts();
    const std::size_t start = at.onset.size();
    if (at.vowels.empty() || word_.letters == U"gi") {
      // A w that finds nothing to shape is ư itself: tw, nhwng, giwax.
      if (key.key != 'w' || at.onset.starts_with(U'q')) return false;
      WrittenWord changed = word_;
      changed.append(U'ư', is_capital(typed_));
      return take(std::move(changed));
    }
    const std::u32string now(at.vowels);
    const std::u32string wanted = shaped_vowels(key.makes);
    if (wanted.empty()) return false;
    if (wanted == now) {
      if (typing_ == Typing::telex && word_.letters == U"ư") {
        word_.letters.clear();
        word_.capitals.clear();
        return leave_letter();
      }
      for (char32_t& letter : word_.letters)
        if (contains(key.makes, letter)) letter = without_shape(letter);
      return leave_letter();
    }
    WrittenWord changed = word_;
    changed.letters.replace(start, now.size(), wanted);
    return take(std::move(changed));
  }

  /// The vowels after a key that makes these letters; empty when it makes none of them here.
  std::u32string shaped_vowels(std::u32string_view makes) const {
    const SyllableParts at = parts();
    std::u32string best;
    for (const std::u32string_view whole : vowels_like(at.vowels, at.final)) {
      bool possible = false;
      for (const char32_t letter : whole) possible = possible || contains(makes, letter);
      for (std::size_t i = 0; i < whole.size(); ++i)
        possible = possible && (!is_shaped(whole[i]) || contains(makes, whole[i]) || whole[i] == at.vowels[i]);
      if (!possible) continue;
      // thuở, huơ and khuơ are words; elsewhere uo with a horn is on its way to ươ.
      if (whole == U"uơ" && at.vowels[0] == U'u' && (at.onset == U"h" || at.onset == U"th" || at.onset == U"kh"))
        return std::u32string(whole);
      if (best.empty() || best == U"uơ") best = whole;
    }
    return best;
  }

  bool stroke() {
    const SyllableParts at = parts();
    if (at.onset.empty() || (at.onset.size() > 1 && !at.vowels.empty())) return false;
    const std::size_t last = at.onset.size() - 1;
    if (word_.letters[last] == U'đ') {
      word_.letters[last] = U'd';
      return leave_letter();
    }
    if (word_.letters[last] != U'd') return false;
    WrittenWord changed = word_;
    changed.letters[last] = U'đ';
    return take(std::move(changed));
  }

  bool append() {
    // A word without marks needs nobody; one that has been given up stays as it is.
    if (!word_.is_marked() || !can_become_syllable(word_)) return false;
    WrittenWord longer = word_;
    longer.append(small(typed_), is_capital(typed_));
    const SyllableParts at = parts_of_syllable(longer.letters);
    // uơ and ưo before another letter are ươ: thuơng, dưoc.
    const std::u32string_view pair = at.vowels.substr(0, 2);
    if ((pair == U"uơ" || pair == U"ưo") && at.vowels.size() + at.final.size() > 2) {
      WrittenWord joined = longer;
      joined.letters.replace(at.onset.size(), 2, U"ươ");
      if (take(std::move(joined))) return true;
    }
    if (take(longer)) return true;
    return give_back();
  }

  /// The word turned out to be foreign: its letters become the keys again, when they tell which those were.
  bool give_back() {
    const SyllableParts at = parts();
    const std::size_t start = at.onset.size(), end = start + at.vowels.size();
    const auto shapes = std::count_if(at.vowels.begin(), at.vowels.end(), is_shaped);
    const bool by_w = typing_ == Typing::telex && word_.letters[0] == U'ư';
    // What no foreign word has stays: Êban, Cuôr, Khơme.
    constexpr auto vietnamese_only = std::to_array<std::u32string_view>({U"đ", U"kh", U"ng", U"ngh", U"nh"});
    const bool plain = !is_highland_onset(at.onset) &&
                       std::find(vietnamese_only.begin(), vietnamese_only.end(), at.onset) == vietnamese_only.end();
    if (!plain || word_.letters[0] == U'ê') return false;
    if (!keys_.empty()) {
      word_ = {};
      for (const char key : keys_)
        word_.append(small(static_cast<char32_t>(key)), is_capital(static_cast<char32_t>(key)));
      return leave_letter();
    }
    if (shapes > 1 || (shapes == 1 && at.vowels.size() > 1 && !by_w)) return false;
    const bool capitals = is_capital(typed_) && word_.is_all_capitals();
    WrittenWord keys;
    for (std::size_t i = 0; i < word_.letters.size(); ++i) {
      const char32_t letter = word_.letters[i];
      if (i == 0 && by_w) {
        keys.append(U'w', word_.capitals[0]);
      } else {
        keys.append(without_shape(letter), word_.capitals[i]);
        if (is_shaped(letter)) keys.append(key_for(letter), capitals);
      }
      // The tone was typed after the vowels: "card", "mask".
      if (i + 1 == end && word_.tone != Tone::none) keys.append(key_for(word_.tone), capitals);
    }
    word_ = std::move(keys);
    return leave_letter();
  }

  char32_t key_for(char32_t letter) const {
    for (const Key& key : keys_of(typing_))
      if (contains(key.makes, letter)) return static_cast<char32_t>(key.key);
    return letter;
  }
  char32_t key_for(Tone tone) const {
    for (const Key& key : keys_of(typing_))
      if (key.tone == tone) return static_cast<char32_t>(key.key);
    return U' ';
  }

  WrittenWord& word_;
  const std::string_view keys_;
  const char32_t typed_;
  const Typing typing_;
};

}  // namespace

std::optional<Composition> compose(std::string_view before, char32_t typed, Typing typing, TonePlace place,
                                   TypedWord* remembered) {
  const bool letter = small(typed) >= 'a' && small(typed) <= 'z';
  if (typing == Typing::off || (!letter && !is_digit(typed))) return std::nullopt;
  const std::optional<std::string_view> text = last_word(before);
  if (!text) return std::nullopt;
  std::optional<WrittenWord> word = read_word(*text);
  if (!word) return std::nullopt;

  TypedWord typed_word;
  if (remembered != nullptr && remembered->text == *text) typed_word = std::move(*remembered);
  const bool keys_known = text->empty() || !typed_word.keys.empty();
  std::string_view part = *text, keys = typed_word.keys;
  if (word->is_marked() && !can_become_syllable(*word)) {
    // Two syllables written as one, as in Êđê: the second begins after the last letter that bears a mark.
    for (std::string_view rest = part; !rest.empty();)
      if (take_code_point(rest) >= 0x80) part = rest;
    word = read_word(part);
    keys = {};
  }
  std::string written(part);
  append_code_point(written, typed);
  const std::string grown = written;
  if (Keystroke(*word, keys, typed, typing).apply()) written = write_word(*word, place);

  if (remembered != nullptr) {
    remembered->text = std::string(text->substr(0, text->size() - part.size())) + written;
    remembered->keys = std::move(typed_word.keys);
    if (keys_known) remembered->keys += static_cast<char>(typed);
  }
  // What only grew by the typed character needs no replacing.
  if (written == grown) return std::nullopt;
  return Composition{part.size(), std::move(written)};
}

}  // namespace fieldpost::vietnamese
