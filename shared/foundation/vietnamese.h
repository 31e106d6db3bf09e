// Vietnamese text: one home for normalising, folding, ordering, and for names, dates, numbers, phones and citizen
// numbers as people write them (domain 7). Used by every input, search, list and import.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/civil_date.h"
#include "shared/foundation/decimal.h"
#include "shared/foundation/result.h"

namespace fieldpost::vietnamese {

/// NFC (UAX #15). Errors: malformed, when it is not UTF-8.
Result<std::string> nfc(std::string_view text);
bool is_nfc(std::string_view text);

/// For search, matching and comparing: marks stripped, đ -> d, lower case, spaces collapsed and trimmed. So
/// "duong" finds Đường, and hòa = hoà. Text that is not UTF-8 folds byte by byte.
std::string fold(std::string_view text);

/// The words of a text, folded: runs of letters and digits, whatever stands between them.
std::vector<std::string> folded_words(std::string_view text);
void for_each_folded_word(std::string_view text, const std::function<void(std::string_view)>& visit);

/// How well `text` answers a search that it matches when folded: greater is better, 0 is no match at all. A typed
/// mark that is really there beats one that is not; the start of a word beats its middle, and a whole word beats
/// both.
int match_quality(std::string_view text, std::string_view search);

/// Byte-comparable key in Vietnamese order: a ă â b c d đ e ê … y with f j w z in Latin place; tones none, huyền,
/// hỏi, ngã, sắc, nặng decide only between equal letters; case last.
std::string sort_key(std::string_view text);

/// Tên, the last word, by which people are called. Names of one or many parts are as good.
std::string_view given_name(std::string_view full_name);
/// Orders by tên, then họ, then đệm.
std::string name_sort_key(std::string_view full_name);
/// No letter of a text of two words or more carries a mark: typed in a hurry, the office should look.
bool lacks_all_marks(std::string_view text);
std::string upper_case(std::string_view text);

/// 3/3/2025, 03-03-2025, 03.03.2025, 03032025, "ngày 03 tháng 3 năm 2025", 3/2025, 2025; ISO too. A year has four
/// digits. Errors: invalid_argument, saying what is accepted.
Result<CivilDate> parse_date(std::string_view text);
/// 14/03/2025, 03/2025, 2025.
std::string date_text(const CivilDate& date);
/// ngày 03 tháng 3 năm 2025: a zero before a day under 10 and a month under 3 (NĐ 30/2020).
std::string date_in_words(const CivilDate& date);

/// 8:15, 8h15, 8h, 08:15, 0815 -> 08:15.
Result<std::string> parse_time(std::string_view text);

/// 1.234,5 and 1234,5; dots only as groups of three.
Result<Decimal> parse_number(std::string_view text);
Result<std::int64_t> parse_whole_number(std::string_view text);
std::string number_text(const Decimal& value);
std::string number_text(std::int64_t value);

/// Digits only, +84 and 84 replaced by 0. Empty when it is no Vietnamese number.
std::optional<std::string> phone_digits(std::string_view text);
/// 0912 345 678.
std::string phone_text(std::string_view digits);

/// What a citizen number (CCCD, 12 digits) or an older paper's says, and what does not fit. Never a reason to refuse.
struct CitizenNumber {
  enum class Kind { citizen, old_identity_card, unreadable };  // 12 digits; 9 digits (CMND); anything else
  Kind kind = Kind::unreadable;
  std::string digits;
  std::string province;  // first three digits
  std::optional<bool> female;
  std::optional<int> birth_year;
};
CitizenNumber read_citizen_number(std::string_view text);
/// `sex` is "male", "female", "other" or empty.
enum class CitizenNumberDoubt { wrong_length, unknown_province, other_sex, other_birth_year, old_card };
std::vector<CitizenNumberDoubt> citizen_number_doubts(std::string_view text, std::string_view sex,
                                                      const std::optional<CivilDate>& birth_date);

/// UTF-8 text that was TCVN3, VNI or VIQR and got read as Latin-1: `ViÖt Nam`. A guess for the person who imports,
/// never a silent repair.
enum class LegacyEncoding { none, tcvn3, vni, viqr };
LegacyEncoding guess_legacy_encoding(std::string_view text);

}  // namespace fieldpost::vietnamese
