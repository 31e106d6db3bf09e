// Order keys. Three levels, each closed by a byte smaller than any weight: letters, then tones, then capitals.
#include <cstdint>

#include "shared/foundation/vietnamese.h"
#include "shared/foundation/vietnamese_letters.h"

namespace fieldpost::vietnamese {

namespace {

constexpr char level_end = 1;
constexpr std::uint8_t space_weight = 2, sign_weight = 3, letter_weight = 0x60, other_weight = 0xff;
constexpr std::uint8_t tone_weight = 2, small_weight = 2, capital_weight = 3;

struct Levels {
  std::string letters, tones, capitals;
};

char byte(std::uint32_t value) { return static_cast<char>(static_cast<unsigned char>(value)); }

Levels levels_of(std::string_view text) {
  const Result<std::string> composed = nfc(text);
  std::string_view rest = composed ? std::string_view(*composed) : text;
  Levels levels;
  bool waiting_space = false;
  std::size_t capitals_end = 0;
  while (!rest.empty()) {
    const std::uint32_t point = take_code_point(rest);
    if (is_space(point)) {
      waiting_space = !levels.letters.empty();
      continue;
    }
    if (waiting_space) {
      levels.letters += byte(space_weight);
      // One word's tones stand together, wherever in the word they are written: hòa and hoà are one word.
      levels.tones += level_end;
      waiting_space = false;
    }
    const Letter letter = letter_of(point);
    if (letter.place != 0) {
      levels.letters += byte(letter_weight + std::uint32_t{letter.place});
      if (letter.tone != Tone::none) levels.tones += byte(tone_weight + std::uint32_t{letter.tone});
      levels.capitals += byte(letter.capital ? capital_weight : small_weight);
      if (letter.capital) capitals_end = levels.capitals.size();
    } else if (point >= '0' && point <= '9') {
      levels.letters += byte(point);
    } else if (point < 0x80) {
      levels.letters += byte(sign_weight);
      levels.letters += byte(point < 2 ? 2 : point);
    } else if (is_mark(point)) {
      levels.tones += byte(tone_weight + std::uint32_t{Tone::foreign_mark});
    } else {
      levels.letters += byte(other_weight);
      for (int shift = 18; shift >= 0; shift -= 6) levels.letters += byte(0x80 | (point >> shift & 0x3f));
    }
  }
  levels.capitals.resize(capitals_end);
  return levels;
}

}  // namespace

std::string sort_key(std::string_view text) {
  const Levels levels = levels_of(text);
  return levels.letters + level_end + levels.tones + level_end + levels.capitals;
}

namespace {

/// The words of a name with what stands between them, spaces at the ends taken off.
struct NameParts {
  std::string_view family, middle, given;
};

std::string_view trimmed(std::string_view text) {
  std::size_t first = text.size(), end = 0;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t at = text.size() - rest.size();
    if (is_space(take_code_point(rest))) continue;
    first = std::min(first, at);
    end = text.size() - rest.size();
  }
  return first < end ? text.substr(first, end - first) : std::string_view{};
}

NameParts parts_of(std::string_view full_name) {
  const std::string_view name = trimmed(full_name);
  std::size_t first_end = name.size(), last_start = 0;
  for (std::string_view rest = name; !rest.empty();) {
    const std::size_t at = name.size() - rest.size();
    if (!is_space(take_code_point(rest))) continue;
    first_end = std::min(first_end, at);
    last_start = name.size() - rest.size();
  }
  NameParts parts;
  parts.given = name.substr(last_start);
  if (last_start == 0) return parts;
  parts.family = name.substr(0, first_end);
  parts.middle = trimmed(name.substr(first_end, last_start - first_end));
  return parts;
}

}  // namespace

std::string_view given_name(std::string_view full_name) { return parts_of(full_name).given; }

std::string name_sort_key(std::string_view full_name) {
  const NameParts parts = parts_of(full_name);
  std::string key, capitals;
  // Letters and tones of one part come before the next part, so that all Bình stand together before all Bính.
  for (std::string_view part : {parts.given, parts.family, parts.middle}) {
    const Levels levels = levels_of(part);
    key += levels.letters + level_end + levels.tones + level_end;
    capitals += levels.capitals + level_end;
  }
  return key + capitals;
}

}  // namespace fieldpost::vietnamese
