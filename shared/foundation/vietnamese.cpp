#include "shared/foundation/vietnamese.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstdlib>

#include "shared/foundation/cbor.h"
#include "shared/foundation/vietnamese_letters.h"

namespace fieldpost::vietnamese {

namespace {

/// True for valid UTF-8 of code points that are their own composed form and join no other: U+0000–02FF, U+1E00–1EFF
/// and the common quotes and dashes U+2010–2027 (NFC_QC=Yes and ccc=0 in Unicode's tables). That is nearly every
/// Vietnamese text, and composing it anew costs more than all else that happens to a change. False says nothing.
bool is_composed_already(std::string_view text) {
  const auto* at = reinterpret_cast<const unsigned char*>(text.data());
  const unsigned char* const end = at + text.size();
  const auto follows = [](unsigned char byte) { return (byte & 0xc0) == 0x80; };
  while (at < end) {
    const unsigned char lead = *at;
    if (lead < 0x80) {
      at += 1;
    } else if (lead >= 0xc2 && lead <= 0xcb && end - at >= 2 && follows(at[1])) {
      at += 2;
    } else if (lead == 0xe1 && end - at >= 3 && at[1] >= 0xb8 && at[1] <= 0xbb && follows(at[2])) {
      at += 3;
    } else if (lead == 0xe2 && end - at >= 3 && at[1] == 0x80 && at[2] >= 0x90 && at[2] <= 0xa7) {
      at += 3;
    } else {
      return false;
    }
  }
  return true;
}

/// A word as it is compared: letters without their tones, and the tones of the word together, since hòa and hoà are
/// one word.
struct Word {
  std::string folded;
  std::vector<std::uint32_t> letters;  // one a folded letter; tone taken off, other marks kept
  std::vector<Tone> tones;
};

std::vector<Word> words_of(std::string_view text) {
  const Result<std::string> composed = nfc(text);
  std::string_view rest = composed ? std::string_view(*composed) : text;
  std::vector<Word> words;
  bool inside = false;
  while (!rest.empty()) {
    const std::uint32_t point = take_code_point(rest);
    if (!is_word_part(point)) {
      inside = false;
      continue;
    }
    if (!inside) words.emplace_back();
    inside = true;
    Word& word = words.back();
    const std::size_t before = word.folded.size();
    append_folded(word.folded, point);
    const Letter letter = letter_of(point);
    // Beside each byte of the folded form stands the letter it came from.
    word.letters.resize(word.folded.size(), letter.place != 0 ? letter.place : point + 64);
    if (before != word.folded.size() && letter.tone != Tone::none) word.tones.push_back(letter.tone);
  }
  return words;
}

/// How well one word answers one searched word, 0 when not at all.
int word_quality(const Word& word, const Word& searched) {
  const std::size_t length = searched.folded.size();
  int best = 0;
  for (std::size_t at = word.folded.find(searched.folded); at != std::string::npos;
       at = word.folded.find(searched.folded, at + 1)) {
    std::size_t same = 0;
    for (std::size_t i = 0; i < length; ++i) same += word.letters[at + i] == searched.letters[i];
    const bool same_tone = word.tones == searched.tones;
    int quality = 1 + static_cast<int>(60 * (same + (same_tone ? 1 : 0)) / (length + 1));
    if (same == length && same_tone) quality += 60;
    if (at == 0) quality += 40;
    if (word.folded.size() == length) quality += 20;
    best = std::max(best, quality);
  }
  return best;
}

}  // namespace

Result<std::string> nfc(std::string_view text) {
  if (is_composed_already(text)) return std::string(text);
  const Error fault{ErrorCode::malformed, "text that is not UTF-8"};
  // Its own answer to bad bytes is not trusted alone: some versions let surrogates pass.
  if (!is_valid_utf8(text)) return fault;
  utf8proc_uint8_t* composed = nullptr;
  const utf8proc_ssize_t size =
      utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(text.data()), static_cast<utf8proc_ssize_t>(text.size()),
                   &composed, static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE));
  if (size < 0) return fault;
  std::string out(reinterpret_cast<const char*>(composed), static_cast<std::size_t>(size));
  std::free(composed);
  return out;
}

bool is_nfc(std::string_view text) {
  if (is_composed_already(text)) return true;
  const Result<std::string> composed = nfc(text);
  return composed && *composed == text;
}

std::string fold(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const auto byte = static_cast<unsigned char>(text[0]);
    if (byte > ' ' && byte < 0x7f) {
      out += static_cast<char>(byte >= 'A' && byte <= 'Z' ? byte + 32 : byte);
      text.remove_prefix(1);
      continue;
    }
    const std::size_t before = out.size();
    append_folded(out, take_code_point(text));
    const bool space = out.size() == before + 1 && out.back() == ' ';
    if (space && (before == 0 || out[before - 1] == ' ')) out.pop_back();
  }
  if (!out.empty() && out.back() == ' ') out.pop_back();
  return out;
}

std::vector<std::string> folded_words(std::string_view text) {
  std::vector<std::string> words;
  for_each_folded_word(text, [&](std::string_view word) { words.emplace_back(word); });
  return words;
}

void for_each_folded_word(std::string_view text, const std::function<void(std::string_view)>& visit) {
  const std::string folded = fold(text);
  std::string_view rest = folded;
  const char* begin = nullptr;  // of the word we are in
  while (!rest.empty()) {
    const char* const here = rest.data();
    if (is_word_part(take_code_point(rest))) {
      if (begin == nullptr) begin = here;
    } else if (begin != nullptr) {
      visit({begin, static_cast<std::size_t>(here - begin)});
      begin = nullptr;
    }
  }
  if (begin != nullptr) visit({begin, static_cast<std::size_t>(rest.data() - begin)});
}

int match_quality(std::string_view text, std::string_view search) {
  const std::vector<Word> words = words_of(text);
  int total = 0;
  for (const Word& searched : words_of(search)) {
    int best = 0;
    for (const Word& word : words) best = std::max(best, word_quality(word, searched));
    total += best;
  }
  return total;
}

bool lacks_all_marks(std::string_view text) {
  std::size_t words = 0;
  bool inside = false;
  while (!text.empty()) {
    const std::uint32_t point = take_code_point(text);
    const bool letter = (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z');
    // A letter outside ASCII carries a mark, or belongs to a script that has none to miss.
    if (point >= 0x80 && is_word_part(point)) return false;
    if (letter && !inside) ++words;
    inside = letter || (inside && point == '\'');
  }
  return words >= 2;
}

std::string upper_case(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  while (!text.empty()) {
    const std::uint32_t point = take_code_point(text);
    append_code_point(out, point >= not_utf8
                               ? point
                               : static_cast<std::uint32_t>(utf8proc_toupper(static_cast<utf8proc_int32_t>(point))));
  }
  return out;
}

}  // namespace fieldpost::vietnamese
