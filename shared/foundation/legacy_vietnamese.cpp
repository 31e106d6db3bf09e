#include "shared/foundation/legacy_vietnamese.h"

#include <algorithm>
#include <array>
#include <vector>

#include "shared/foundation/vietnamese.h"
#include "shared/foundation/vietnamese_letters.h"
#include "shared/foundation/vietnamese_syllable.h"

namespace fieldpost::vietnamese {

namespace {

// More tells nothing new, and a paste has no bound.
constexpr std::size_t bytes_looked_at_max = 4'000;

// U+00A1 to U+00FE in TCVN3; a space where it has nothing.
constexpr std::u32string_view tcvn3_letters =
    U"ĂÂÊÔƠƯĐăâêôơưđ      àảãáạ ằẳẵắ       ặầẩẫấậè ẻẽéẹềểễếệìỉ   ĩíịò ỏõóọồổỗốộờởỡớợù ủũúụừửữứựỳỷỹýỵ";
static_assert(tcvn3_letters.size() == 0xfe - 0xa1 + 1);

// VNI writes a letter and behind it a second one as its mark.
constexpr std::u32string_view vni_bases = U"aeouyôö";
struct VniMark {
  char32_t mark;
  std::u32string_view letters;  // on each of vni_bases; a space where it does not occur
};
constexpr auto vni_marks = std::to_array<VniMark>({{U'ø', U"àèòùỳờừ"},
                                                   {U'ù', U"áéóúýớứ"},
                                                   {U'û', U"ảẻỏủỷởử"},
                                                   {U'õ', U"ãẽõũỹỡữ"},
                                                   {U'ï', U"ạẹọụ ợự"},
                                                   {U'â', U"âêô    "},
                                                   {U'á', U"ấếố    "},
                                                   {U'à', U"ầềồ    "},
                                                   {U'å', U"ẩểổ    "},
                                                   {U'ã', U"ẫễỗ    "},
                                                   {U'ä', U"ậệộ    "},
                                                   {U'ê', U"ă      "},
                                                   {U'é', U"ắ      "},
                                                   {U'è', U"ằ      "},
                                                   {U'ú', U"ẳ      "},
                                                   {U'ü', U"ẵ      "},
                                                   {U'ë', U"ặ      "}});
constexpr std::u32string_view vni_singles = U"ôöñæóòî", vni_single_letters = U"ơưđỉĩịỵ";

bool is_ascii_capital(char32_t c) { return c >= 'A' && c <= 'Z'; }
bool is_ascii_letter(char32_t c) { return is_ascii_capital(c) || (c >= 'a' && c <= 'z'); }
bool is_capital(char32_t c) { return is_ascii_capital(c) || (c >= 0xc0 && c <= 0xde && c != 0xd7); }
char32_t small(char32_t c) { return is_capital(c) ? c + 32 : c; }
/// Words of the old codes hold signs such as ¨ and §; only what stands between words in any code ends them.
bool is_part_of_word(char32_t c) { return is_ascii_letter(c) || (c > 0xa0 && c < 0x2000); }

std::u32string code_points(std::string_view text) {
  std::u32string points;
  while (!text.empty()) points += take_code_point(text);
  return points;
}

void append_cased(std::string& out, char32_t letter, bool capital) {
  std::string written;
  append_code_point(written, letter);
  out += capital ? upper_case(written) : written;
}

std::string from_tcvn3(std::u32string_view word) {
  const auto capitals = std::count_if(word.begin(), word.end(), is_ascii_capital);
  const auto letters = std::count_if(word.begin(), word.end(), is_ascii_letter);
  const bool in_capitals = capitals > 1 && capitals == letters;
  std::string out;
  for (const char32_t c : word) {
    const bool coded = c >= 0xa1 && c <= 0xfe && tcvn3_letters[c - 0xa1] != ' ';
    append_cased(out, coded ? tcvn3_letters[c - 0xa1] : c, coded && in_capitals);
  }
  return out;
}

std::string from_vni(std::u32string_view word) {
  std::string out;
  for (std::size_t i = 0; i < word.size(); ++i) {
    const char32_t letter = small(word[i]);
    const bool capital = is_capital(word[i]);
    const std::size_t base = vni_bases.find(letter);
    if (base != std::u32string_view::npos && i + 1 < word.size()) {
      const auto mark = std::find_if(vni_marks.begin(), vni_marks.end(),
                                     [&](const VniMark& each) { return each.mark == small(word[i + 1]); });
      if (mark != vni_marks.end() && mark->letters[base] != ' ') {
        append_cased(out, mark->letters[base], capital);
        ++i;
        continue;
      }
    }
    const std::size_t single = vni_singles.find(letter);
    append_cased(out, single == std::u32string_view::npos ? letter : vni_single_letters[single], capital);
  }
  return out;
}

std::string from(std::u32string_view word, Legacy legacy) {
  return legacy == Legacy::tcvn3 ? from_tcvn3(word) : from_vni(word);
}

template <class Visit>
void for_each_word(std::u32string_view points, Visit visit) {
  for (std::size_t at = 0; at < points.size();) {
    std::size_t end = at;
    while (end < points.size() && is_part_of_word(points[end])) ++end;
    if (end > at) visit(points.substr(at, end - at), true);
    if (end == at) visit(points.substr(at, 1), false);
    at = std::max(end, at + 1);
  }
}

/// With its tone where it is written and capitals where a name or a heading has them: "Taù" and "BÕn" are neither.
bool is_vietnamese(std::string_view word) {
  const std::optional<WrittenWord> read = read_word(word);
  if (!read || !is_syllable(*read)) return false;
  const bool one_case = read->is_all_capitals() ||
                        std::find(read->capitals.begin() + 1, read->capitals.end(), true) == read->capitals.end();
  return one_case &&
         (write_word(*read, TonePlace::old_style) == word || write_word(*read, TonePlace::new_style) == word);
}

std::string text_of(std::u32string_view word) {
  std::string text;
  for (const char32_t c : word) append_code_point(text, c);
  return text;
}

/// Words that become Vietnamese only by the code, less those that stay foreign in it.
int score(std::u32string_view points, Legacy legacy) {
  int sum = 0;
  for_each_word(points, [&](std::u32string_view word, bool is_word) {
    // One sign alone says nothing: 1ª, « », §.
    if (!is_word || word.size() < 2) return;
    // Abbreviations are in every text.
    if (std::all_of(word.begin(), word.end(), is_ascii_capital)) return;
    const bool as_it_stands = is_vietnamese(text_of(word));
    if (std::all_of(word.begin(), word.end(), is_ascii_letter)) {
      if (!as_it_stands) --sum;
    } else if (!as_it_stands) {
      // 5 µm, French où and thaï; àm, ó and thạ are no words, though they could be.
      constexpr auto foreign = std::to_array<std::u32string_view>({U"µm", U"où", U"Où", U"thaï", U"Thaï"});
      const bool known = std::find(foreign.begin(), foreign.end(), word) != foreign.end();
      sum += !known && is_vietnamese(from(word, legacy)) ? 1 : -1;
    }
  });
  return sum;
}

}  // namespace

std::optional<Legacy> looks_like(std::string_view text) {
  std::size_t size = std::min(text.size(), bytes_looked_at_max);
  while (size > 0 && size < text.size() && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) --size;
  const std::u32string points = code_points(text.substr(0, size));
  for (const char32_t c : points) {
    const bool only_vietnamese =
        (c >= 0x1ea0 && c <= 0x1ef9) || std::u32string_view(U"ĂăĐđĨĩŨũƠơƯư").find(c) != std::u32string_view::npos;
    if (only_vietnamese || c >= not_utf8) return std::nullopt;
  }
  const int tcvn3 = score(points, Legacy::tcvn3), vni = score(points, Legacy::vni);
  if (tcvn3 <= 0 && vni <= 0) return std::nullopt;
  // VNI's pairs of letters are the rarer accident: "Loäc" would be "Looọc" in TCVN3.
  return vni >= tcvn3 ? Legacy::vni : Legacy::tcvn3;
}

std::string convert(std::string_view text, Legacy legacy) {
  std::string out;
  for_each_word(code_points(text),
                [&](std::u32string_view word, bool is_word) { out += is_word ? from(word, legacy) : text_of(word); });
  return out;
}

}  // namespace fieldpost::vietnamese
