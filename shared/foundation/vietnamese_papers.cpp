// Phone numbers, the numbers of identity papers, and text in the codes of old documents.
#include <algorithm>
#include <array>

#include "shared/foundation/legacy_vietnamese.h"
#include "shared/foundation/vietnamese.h"
#include "shared/foundation/vietnamese_letters.h"

namespace fieldpost::vietnamese {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// The digits of a number written with spaces, dots, dashes or brackets; nothing when other signs stand in it.
std::optional<std::string> bare_digits(std::string_view text) {
  std::string digits;
  for (char c : fold(text)) {
    if (is_digit(c))
      digits += c;
    else if (c != ' ' && c != '.' && c != '-' && c != '(' && c != ')')
      return std::nullopt;
  }
  return digits;
}

// The 63 provinces and cities of before 01/07/2025, by the code of the national statistics office (QĐ 124/2004/QĐ-TTg
// as amended): numbers given out keep the code of where the birth was registered, whatever the province is called
// now.
constexpr auto provinces =
    std::to_array<std::uint8_t>({1,  2,  4,  6,  8,  10, 11, 12, 14, 15, 17, 19, 20, 22, 24, 25, 26, 27, 30, 31, 33,
                                 34, 35, 36, 37, 38, 40, 42, 44, 45, 46, 48, 49, 51, 52, 54, 56, 58, 60, 62, 64, 66,
                                 67, 68, 70, 72, 74, 75, 77, 79, 80, 82, 83, 84, 86, 87, 89, 91, 92, 93, 94, 95, 96});
static_assert(provinces.size() == 63);

}  // namespace

std::optional<std::string> phone_digits(std::string_view text) {
  const std::string folded = fold(text);
  std::string_view rest = folded;
  // (+84) 912 345 678
  if (rest.starts_with('(')) rest.remove_prefix(1);
  const bool abroad = rest.starts_with('+');
  if (abroad) rest.remove_prefix(1);
  std::optional<std::string> digits = bare_digits(rest);
  if (!digits) return std::nullopt;
  if (abroad && !digits->starts_with("84")) return std::nullopt;
  if (digits->starts_with("0084")) digits->erase(0, 2);
  if (digits->starts_with("84") && digits->size() >= 11) {
    digits->erase(0, 2);
    // +84 (0) 912: both habits at once.
    if (!digits->starts_with('0')) digits->insert(0, 1, '0');
  }
  if (digits->size() < 10 || (*digits)[0] != '0') return std::nullopt;
  const char kind = (*digits)[1];
  const bool mobile = digits->size() == 10 && std::string_view("35789").find(kind) != std::string_view::npos;
  const bool fixed = digits->size() == 11 && kind == '2';
  if (!mobile && !fixed) return std::nullopt;
  return digits;
}

std::string phone_text(std::string_view digits) {
  std::string out(digits);
  if (digits.size() == 10) {
    out.insert(7, 1, ' ');
    out.insert(4, 1, ' ');
  } else if (digits.size() == 11) {
    // 024 and 028, the two great cities, are the only codes of three digits.
    const bool short_code = digits.starts_with("024") || digits.starts_with("028");
    out.insert(7, 1, ' ');
    out.insert(short_code ? 3 : 4, 1, ' ');
  }
  return out;
}

CitizenNumber read_citizen_number(std::string_view text) {
  CitizenNumber number;
  const std::optional<std::string> digits = bare_digits(text);
  if (!digits) return number;
  number.digits = *digits;
  if (digits->size() == 9) number.kind = CitizenNumber::Kind::old_identity_card;
  if (digits->size() != 12) return number;
  number.kind = CitizenNumber::Kind::citizen;
  number.province = digits->substr(0, 3);
  // One digit for sex and century (NĐ 137/2015 Đ13): 0 and 1 are a man and a woman born in 19xx, 2 and 3 in 20xx.
  const int sex_and_century = (*digits)[3] - '0';
  number.female = sex_and_century % 2 == 1;
  number.birth_year = 1900 + 100 * (sex_and_century / 2) + 10 * ((*digits)[4] - '0') + ((*digits)[5] - '0');
  return number;
}

std::vector<CitizenNumberDoubt> citizen_number_doubts(std::string_view text, std::string_view sex,
                                                      const std::optional<CivilDate>& birth_date) {
  std::vector<CitizenNumberDoubt> doubts;
  if (fold(text).empty()) return doubts;
  const CitizenNumber number = read_citizen_number(text);
  if (number.kind == CitizenNumber::Kind::old_identity_card) return {CitizenNumberDoubt::old_card};
  if (number.kind == CitizenNumber::Kind::unreadable) return {CitizenNumberDoubt::wrong_length};

  // From 100 on the code is the country of birth; that list grows, so it is not judged here.
  const int place = std::stoi(number.province);
  if (place < 100 && !std::binary_search(provinces.begin(), provinces.end(), static_cast<std::uint8_t>(place)))
    doubts.push_back(CitizenNumberDoubt::unknown_province);
  if ((sex == "male" && *number.female) || (sex == "female" && !*number.female))
    doubts.push_back(CitizenNumberDoubt::other_sex);
  if (birth_date && birth_date->year != *number.birth_year) doubts.push_back(CitizenNumberDoubt::other_birth_year);
  return doubts;
}

namespace {

bool is_one_of(std::uint32_t point, std::u32string_view set) {
  return set.find(static_cast<char32_t>(point)) != std::u32string_view::npos;
}
bool is_ascii_letter(std::uint32_t point) { return (point >= 'a' && point <= 'z') || (point >= 'A' && point <= 'Z'); }

}  // namespace

LegacyEncoding guess_legacy_encoding(std::string_view text) {
  if (const std::optional<Legacy> pasted = looks_like(text))
    return *pasted == Legacy::tcvn3 ? LegacyEncoding::tcvn3 : LegacyEncoding::vni;

  // VIQR writes marks as signs behind the letter: Vie^.t, tu+`, tra(ng.
  bool viqr = false;
  std::uint32_t before = ' ';
  for (std::string_view rest = text; !rest.empty();) {
    const std::uint32_t point = take_code_point(rest);
    std::string_view following = rest;
    const std::uint32_t after = following.empty() ? ' ' : take_code_point(following);
    // Letters that only Vietnamese in Unicode has.
    if (is_one_of(point, U"ĂăĐđĨĩŨũƠơƯư") || (point >= 0x1ea0 && point <= 0x1ef9)) return LegacyEncoding::none;
    if (point == '^' && is_one_of(before, U"aeoAEO")) viqr = true;
    if (point == '+' && is_one_of(before, U"ouOU") && (is_ascii_letter(after) || is_one_of(after, U"`'?~.")))
      viqr = true;
    if (point == '(' && is_one_of(before, U"aA") && is_one_of(after, U"`'?~.")) viqr = true;
    before = point;
  }
  return viqr ? LegacyEncoding::viqr : LegacyEncoding::none;
}

}  // namespace fieldpost::vietnamese
