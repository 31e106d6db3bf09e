#include "shared/foundation/vietnamese_letters.h"

#include <utf8proc.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace fieldpost::vietnamese {

namespace {

// The tables reach over Latin with all its marks (U+1E00–1EFF holds most Vietnamese letters) and the punctuation that
// word processors put in: curly quotes, long dashes, thin spaces.
constexpr std::uint32_t table_end = 0x2070;
constexpr std::uint16_t several = 0xffff;  // folds to more than one code point; looked up the slow way

constexpr std::uint32_t d_with_stroke = 0x111;
constexpr std::u32string_view alphabet = U"aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";

/// Canonical parts of a code point; none of a code point has more than four.
struct Parts {
  std::array<utf8proc_int32_t, 16> points{};
  std::size_t count = 0;
};
Parts parts_of(std::uint32_t code_point, int options) {
  Parts parts;
  int boundary = 0;
  const auto count = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(code_point), parts.points.data(),
                                             static_cast<utf8proc_ssize_t>(parts.points.size()),
                                             static_cast<utf8proc_option_t>(options), &boundary);
  if (count < 0 || static_cast<std::size_t>(count) > parts.points.size()) {
    parts.points[0] = static_cast<utf8proc_int32_t>(code_point);
    parts.count = 1;
  } else {
    parts.count = static_cast<std::size_t>(count);
  }
  return parts;
}

/// Letters and signs that Unicode does not take apart, but people read as one.
std::uint32_t plain_twin(std::uint32_t code_point) {
  switch (code_point) {
    case d_with_stroke:
    case 0xf0:  // eth and d with hook have the same capital as đ, and get typed for it
    case 0x256: return 'd';
    case 0x180: return 'b';  // of Ê Đê, Gia Rai and Cơ Ho names
    case 0x2018:
    case 0x2019:
    case 0x2bc: return '\'';  // Y’Bia is Y'Bia
    case 0x201c:
    case 0x201d: return '"';
    case 0x2010:
    case 0x2011:
    case 0x2012:
    case 0x2013:
    case 0x2014: return '-';  // Ra–glai is Ra-glai
    default: return code_point;
  }
}

/// What a code point folds to, marks left out. Only U+0300–036F are marks here: those of other scripts, such as the
/// vowels of Khmer, are letters to their readers.
Parts folded_parts(std::uint32_t code_point) {
  Parts folded;
  if (is_space(code_point)) {
    folded.points[folded.count++] = ' ';
    return folded;
  }
  const Parts parts = parts_of(code_point, UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  for (std::size_t i = 0; i < parts.count; ++i) {
    const auto part = static_cast<std::uint32_t>(parts.points[i]);
    if (!is_mark(part)) folded.points[folded.count++] = static_cast<utf8proc_int32_t>(plain_twin(part));
  }
  return folded;
}

Letter computed_letter(std::uint32_t code_point) {
  const Parts parts = parts_of(code_point, UTF8PROC_DECOMPOSE);
  auto base = static_cast<std::uint32_t>(parts.points[0]);
  Letter letter;
  const auto lower = static_cast<std::uint32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(base)));
  letter.capital = lower != base;
  base = plain_twin(lower) == 'd' ? (lower == 'd' ? 'd' : d_with_stroke) : plain_twin(lower);
  for (std::size_t i = 1; i < parts.count; ++i) {
    switch (parts.points[i]) {
      case 0x300: letter.tone = Tone::huyen; continue;
      case 0x309: letter.tone = Tone::hoi; continue;
      case 0x303: letter.tone = Tone::nga; continue;
      case 0x301: letter.tone = Tone::sac; continue;
      case 0x323: letter.tone = Tone::nang; continue;
      default: break;
    }
    const bool breve = parts.points[i] == 0x306, hat = parts.points[i] == 0x302, horn = parts.points[i] == 0x31b;
    if (base == 'a' && breve)
      base = U'ă';
    else if (base == 'a' && hat)
      base = U'â';
    else if (base == 'e' && hat)
      base = U'ê';
    else if (base == 'o' && hat)
      base = U'ô';
    else if (base == 'o' && horn)
      base = U'ơ';
    else if (base == 'u' && horn)
      base = U'ư';
    else
      letter.tone = Tone::foreign_mark;  // č, ñ, ŏ: with their plain letter, behind it
  }
  const std::size_t place = alphabet.find(static_cast<char32_t>(base));
  if (place == std::u32string_view::npos) return {};
  letter.place = static_cast<std::uint8_t>(place + 1);
  return letter;
}

struct Tables {
  std::array<std::uint16_t, table_end> folded;
  std::array<Letter, table_end> letters;

  Tables() {
    for (std::uint32_t c = 0; c < table_end; ++c) {
      const Parts parts = folded_parts(c);
      folded[c] = parts.count == 0  ? std::uint16_t{0}
                  : parts.count > 1 ? several
                                    : static_cast<std::uint16_t>(parts.points[0]);
      letters[c] = computed_letter(c);
    }
  }
};
const Tables& tables() {
  static const auto made = std::make_unique<const Tables>();
  return *made;
}

}  // namespace

std::uint32_t take_code_point(std::string_view& rest) {
  const auto first = static_cast<unsigned char>(rest[0]);
  utf8proc_int32_t point = first;
  utf8proc_ssize_t used = 1;
  if (first >= 0x80) {
    used = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(rest.data()),
                            static_cast<utf8proc_ssize_t>(std::min<std::size_t>(rest.size(), 4)), &point);
    if (used <= 0) {
      rest.remove_prefix(1);
      return not_utf8 + first;
    }
  }
  rest.remove_prefix(static_cast<std::size_t>(used));
  return static_cast<std::uint32_t>(point);
}

void append_code_point(std::string& out, std::uint32_t code_point) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
    return;
  }
  if (code_point >= not_utf8) {
    out += static_cast<char>(code_point - not_utf8);
    return;
  }
  utf8proc_uint8_t bytes[4];
  const auto size = utf8proc_encode_char(static_cast<utf8proc_int32_t>(code_point), bytes);
  out.append(reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size));
}

bool is_space(std::uint32_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xa0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 || c == 0x202f || c == 0x205f || c == 0x3000;
}

bool is_word_part(std::uint32_t c) {
  if (c < 0x80) return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  if (c >= not_utf8) return true;
  const utf8proc_category_t kind = utf8proc_category(static_cast<utf8proc_int32_t>(c));
  return (kind >= UTF8PROC_CATEGORY_LU && kind <= UTF8PROC_CATEGORY_NO);
}

void append_folded(std::string& out, std::uint32_t code_point) {
  if (code_point >= not_utf8) {
    append_code_point(out, code_point);
    return;
  }
  if (code_point < table_end) {
    const std::uint16_t folded = tables().folded[code_point];
    if (folded == 0 && code_point != 0) return;
    if (folded != several) {
      append_code_point(out, folded);
      return;
    }
  }
  const Parts parts = folded_parts(code_point);
  for (std::size_t i = 0; i < parts.count; ++i) append_code_point(out, static_cast<std::uint32_t>(parts.points[i]));
}

Letter letter_of(std::uint32_t code_point) {
  return code_point < table_end ? tables().letters[code_point] : Letter{};
}

}  // namespace fieldpost::vietnamese
