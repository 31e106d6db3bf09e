// Vietnamese text as people type, paste and import it (domain 7).
#include "shared/foundation/vietnamese.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "shared/foundation/clock.h"
#include "shared/foundation/vietnamese_letters.h"

using namespace fieldpost;
using namespace fieldpost::vietnamese;

namespace {

const std::string an_nfd = "Nguye\u0302\u0303n Va\u0306n A\u0301nh";  // every mark apart
const std::string an_half = "Nguy\u00ea\u0303n V\u0103n \u00c1nh";    // ê composed, its tone apart
const std::string an_nfc = "Nguyễn Văn Ánh";

std::vector<std::string> sorted(std::vector<std::string> texts, std::string (*key)(std::string_view)) {
  std::reverse(texts.begin(), texts.end());
  std::stable_sort(texts.begin(), texts.end(),
                   [key](const std::string& a, const std::string& b) { return key(a) < key(b); });
  return texts;
}

std::string date_or_fault(std::string_view text) {
  const Result<CivilDate> date = parse_date(text);
  return date ? iso_text(*date) : code_name(date.error().code);
}
std::string time_or_fault(std::string_view text) {
  const Result<std::string> time = parse_time(text);
  return time ? *time : code_name(time.error().code);
}
std::string number_or_fault(std::string_view text) {
  const Result<Decimal> number = parse_number(text);
  return number ? decimal_text(*number) : code_name(number.error().code);
}

}  // namespace

TEST_CASE("composed, half-composed and decomposed text become the same bytes") {
  CHECK(*nfc(an_nfd) == an_nfc);
  CHECK(*nfc(an_half) == an_nfc);
  CHECK(*nfc(an_nfc) == an_nfc);
  CHECK(*nfc("") == "");
  // Marks in either order: the dot below and the hat of ệ.
  CHECK(*nfc("e\u0323\u0302") == "ệ");
  CHECK(*nfc("e\u0302\u0323") == "ệ");
  CHECK(*nfc("D\u0110") == "D\u0110");
}

TEST_CASE("a letter that is composed already stays as it is, alone and beside its kind") {
  const auto utf8 = [](unsigned point) {
    std::string out;
    if (point < 0x80) return out += static_cast<char>(point);
    if (point < 0x800)
      return out += static_cast<char>(0xc0 | point >> 6), out += static_cast<char>(0x80 | (point & 63));
    out += static_cast<char>(0xe0 | point >> 12);
    out += static_cast<char>(0x80 | (point >> 6 & 63));
    return out += static_cast<char>(0x80 | (point & 63));
  };
  // A Chinese letter behind it takes the long way, through Unicode's own rules: both ways must agree.
  const std::string long_way = "\u4e00";
  for (const auto& [first, last] : {std::pair{0x0u, 0x2ffu}, {0x1e00u, 0x1effu}, {0x2010u, 0x2027u}}) {
    for (unsigned point = first; point <= last; ++point) {
      const std::string text = "a" + utf8(point) + utf8(point);
      CHECK(*nfc(text) == text);
      CHECK(*nfc(text + long_way) == text + long_way);
    }
  }
}

TEST_CASE("text that is not UTF-8 is refused, not repaired") {
  for (const char* text : {"\xff", "a\xc3", "\xc0\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xe1\xba"}) {
    const Result<std::string> result = nfc(text);
    REQUIRE(!result);
    CHECK(result.error().code == ErrorCode::malformed);
  }
}

TEST_CASE("folding takes marks, case and stray spaces away, and đ becomes d") {
  CHECK(fold("Đường") == "duong");
  CHECK(fold("ĐẶNG THỊ ƯỚC") == "dang thi uoc");
  CHECK(fold("hòa") == fold("hoà"));
  CHECK(fold("thúy") == fold("thuý"));
  CHECK(fold("  Nguyễn \t Văn\u00a0\u2009A \n") == "nguyen van a");
  CHECK(fold("613/KH-HĐPHLN") == "613/kh-hdphln");
  CHECK(fold("") == "");
  CHECK(fold(" \u00a0 ") == "");
}

TEST_CASE("folding gives the same for composed and decomposed text") {
  CHECK(fold(an_nfd) == fold(an_nfc));
  CHECK(fold(an_half) == fold(an_nfc));
  const std::string letters =
      "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
      "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬĐÈẺẼÉẸÊỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢÙỦŨÚỤƯỪỬỮỨỰỲỶỸÝỴ";
  const std::string half = "aaaaaaaaaaaaaaaaadeeeeeeeeeeeiiiiiooooooooooooooooouuuuuuuuuuuyyyyy";
  CHECK(fold(letters) == half + half);
}

TEST_CASE("folding is settled: composing first or folding again changes nothing, for any letter") {
  for (std::uint32_t point = 0x80; point < 0x3000; ++point) {
    std::string letter;
    append_code_point(letter, point);
    const std::string folded = fold("x" + letter + "x");
    CAPTURE(point);
    REQUIRE(fold(*nfc("x" + letter + "x")) == folded);
    REQUIRE(fold(folded) == folded);
  }
}

TEST_CASE("names of ethnic minorities fold to what is on a plain keyboard") {
  CHECK(fold("Y’Bia Niê ƀlŏ") == "y'bia nie blo");
  CHECK(fold("Ra–glai") == "ra-glai");
  // Khmer vowels are letters to their readers and stay.
  CHECK(fold("ភាសា") != fold("ភស"));
  CHECK(fold("ភាសាខ្មែរ") == "ភាសាខ្មែរ");
}

TEST_CASE("text that is not UTF-8 folds byte by byte") {
  CHECK(fold("A\xff B") == "a\xff b");
  CHECK(fold("\xe1\xba") == "\xe1\xba");
  CHECK(fold(std::string_view("a\0B", 3)) == std::string_view("a\0b", 3));
}

TEST_CASE("words are runs of letters and digits") {
  CHECK(folded_words("Ấp Cái Đôi Vàm, (đội 2)") == std::vector<std::string>{"ap", "cai", "doi", "vam", "doi", "2"});
  CHECK(folded_words(" – ").empty());
}

TEST_CASE("a search ranks typed marks that are there above those that are not") {
  CHECK(match_quality("Nguyễn Văn An", "nguyễn") > match_quality("Nguyên Văn An", "nguyễn"));
  CHECK(match_quality("Nguyên Văn An", "nguyễn") > 0);
  CHECK(match_quality("Trần Văn Dũng", "dũng") > match_quality("Trần Văn Dung", "dũng"));
  CHECK(match_quality("Trần Văn Dung", "dung") > match_quality("Trần Văn Dũng", "dung"));
  CHECK(match_quality("Đường Năm", "đường") > match_quality("Dương Năm", "đường"));
  CHECK(match_quality("Lê Hoà", "hòa") == match_quality("Lê Hòa", "hòa"));
  CHECK(match_quality(an_nfd, "văn") == match_quality(an_nfc, "văn"));
}

TEST_CASE("a search ranks the start of a word above its middle and a whole word above its start") {
  CHECK(match_quality("Hoa", "ho") > match_quality("Tho", "ho"));
  CHECK(match_quality("Lan", "lan") > match_quality("Lanh", "lan"));
  CHECK(match_quality("Bình", "an") == 0);
  CHECK(match_quality("", "an") == 0);
}

TEST_CASE("letters stand in the order of the Vietnamese alphabet, with f j w z in Latin place") {
  const std::vector<std::string> alphabet = {"a", "ă", "â", "b", "c", "d", "đ", "e", "ê", "f", "g",
                                             "h", "i", "j", "k", "l", "m", "n", "o", "ô", "ơ", "p",
                                             "q", "r", "s", "t", "u", "ư", "v", "w", "x", "y", "z"};
  CHECK(sorted(alphabet, sort_key) == alphabet);
  const std::vector<std::string> words = {"an", "anh", "ăn",  "ân", "dung", "đan", "em",
                                          "êm", "on",  "ông", "ơn", "un",   "ưng"};
  CHECK(sorted(words, sort_key) == words);
}

TEST_CASE("tones decide only between equal letters: none, huyền, hỏi, ngã, sắc, nặng; case is last") {
  const std::vector<std::string> tones = {"ma", "Ma", "mà", "mả", "mã", "má", "mạ", "mạ con", "man"};
  CHECK(sorted(tones, sort_key) ==
        std::vector<std::string>{"ma", "Ma", "mà", "mả", "mã", "má", "mạ", "mạ con", "man"});
  const std::vector<std::string> with_hats = {"ê", "Ê", "ề", "ể", "ễ", "ế", "ệ"};
  CHECK(sorted(with_hats, sort_key) == with_hats);
  // The second word's letters weigh more than the first word's tone.
  CHECK(sort_key("Bạc Liêu") > sort_key("Bác Ái"));
  CHECK(sort_key("Bác Liêu") > sort_key("Bạc Ái"));
  CHECK(sort_key("hòa") == sort_key("hoà"));
  CHECK(sort_key(an_nfd) == sort_key(an_nfc));
  CHECK(sort_key("xã 2") < sort_key("xã An"));
  CHECK(sort_key("") < sort_key("a"));
}

TEST_CASE("people are listed by tên, then họ, then đệm") {
  const std::vector<std::string> people = {
      "Lê Văn An",   "Nguyễn An", "Nguyễn Thị An", "Nguyễn Văn An",    "Y Bia", "Trần Văn Bình",
      "Lê Thị Bính", "Đỗ Dũng",   "Phan Thị Đào",  "Thị Nguyễn Giang", "Hà",    "Lê Văn Hà"};
  CHECK(sorted(people, name_sort_key) == people);
  CHECK(name_sort_key("TRẦN VĂN BÌNH") < name_sort_key("Trần Văn Bính"));
  CHECK(name_sort_key("TRẦN VĂN BÌNH") < name_sort_key("Võ Văn Bình"));
  CHECK(name_sort_key(" Lê  Văn An ") == name_sort_key("Lê Văn An"));
}

TEST_CASE("tên is the last word of a name of any length") {
  CHECK(given_name("Nguyễn Thị Kim Ngân") == "Ngân");
  CHECK(given_name("Chamaléa Thị\u00a0Lem ") == "Lem");
  CHECK(given_name("Hà") == "Hà");
  CHECK(given_name("  ") == "");
  CHECK(given_name("") == "");
}

TEST_CASE("a text of two words or more without any mark is noticed") {
  CHECK(lacks_all_marks("Nguyen Van An"));
  CHECK(lacks_all_marks("ap 5") == false);
  CHECK(lacks_all_marks("An") == false);
  CHECK(lacks_all_marks("Nguyen Van Đao") == false);
  CHECK(lacks_all_marks("Le Va\u0306n") == false);
  CHECK(lacks_all_marks("") == false);
}

TEST_CASE("capitals know đ ơ ư") {
  CHECK(upper_case("đặng thị ước mơ") == "ĐẶNG THỊ ƯỚC MƠ");
  CHECK(upper_case("a\xff") == "A\xff");
}

TEST_CASE("a date is read as people write it, to the day, the month or the year") {
  for (const char* text : {"3/3/2025", "03-03-2025", "03.03.2025", "03032025", "3 / 3 / 2025", "3 3 2025",
                           "ngày 03 tháng 3 năm 2025", "Ngày 3 tháng 03 năm 2025", "3 tháng 3 năm 2025",
                           "ngày 3/3/2025", "ngay 3 thang 3 nam 2025", "2025-03-03", " 03/03/2025 "}) {
    CAPTURE(text);
    CHECK(date_or_fault(text) == "2025-03-03");
  }
  for (const char* text : {"3/2025", "03-2025", "tháng 3 năm 2025", "tháng 3/2025", "2025-03"}) {
    CAPTURE(text);
    CHECK(date_or_fault(text) == "2025-03");
  }
  for (const char* text : {"2025", "năm 2025"}) CHECK(date_or_fault(text) == "2025");
  CHECK(date_or_fault("29/02/2024") == "2024-02-29");
}

TEST_CASE("a date with two digits for its year, or that is in no calendar, is refused") {
  for (const char* text : {"",
                           "3/3/25",
                           "030325",
                           "3-3-0025",
                           "31/4/2025",
                           "29/02/2025",
                           "0/3/2025",
                           "3/0/2025",
                           "3/13/2025",
                           "3/3-2025",
                           "3/3/2025/1",
                           "2025/03/14",
                           "99",
                           "12345",
                           "ngày",
                           "ngày 3",
                           "ngày 3 năm 2025",
                           "ngày tháng 3 năm 2025",
                           "hôm nay",
                           "3/3/2025 8h",
                           "/3/2025",
                           "3//2025",
                           "003/3/2025",
                           "20250314",
                           "ngày 14/3 tháng 3",
                           "3/3/20255"}) {
    CAPTURE(text);
    CHECK(date_or_fault(text) == "invalid_argument");
  }
}

TEST_CASE("a date is written with as much as is known, in words as Decree 30/2020 has it") {
  CHECK(date_text({2025, 3, 14}) == "14/03/2025");
  CHECK(date_text({2025, 3, 0}) == "03/2025");
  CHECK(date_text({1948, 0, 0}) == "1948");
  CHECK(date_in_words({2025, 3, 3}) == "ngày 03 tháng 3 năm 2025");
  CHECK(date_in_words({2025, 2, 14}) == "ngày 14 tháng 02 năm 2025");
  CHECK(date_in_words({2025, 12, 0}) == "tháng 12 năm 2025");
  CHECK(date_in_words({1948, 0, 0}) == "năm 1948");
}

TEST_CASE("every day comes back from the text it is written as") {
  for (std::int64_t day = day_number({1999, 12, 1}); day < day_number({2004, 4, 1}); ++day) {
    const CivilDate date = from_day_number(day);
    REQUIRE(*parse_date(date_text(date)) == date);
    REQUIRE(*parse_date(date_in_words(date)) == date);
    REQUIRE(*parse_date(iso_text(date)) == date);
  }
}

TEST_CASE("a time of day is read as people write it and kept as HH:MM") {
  for (const char* text : {"8:15", "8h15", "08:15", "0815", "8 giờ 15", "8 giờ 15 phút", "8H15", "8g15", "8h15p"}) {
    CAPTURE(text);
    CHECK(time_or_fault(text) == "08:15");
  }
  for (const char* text : {"8h", "8 giờ", "08:00"}) CHECK(time_or_fault(text) == "08:00");
  CHECK(time_or_fault("23:59") == "23:59");
  for (const char* text :
       {"", "24:00", "8:60", "8", "815", "8:5", "8:", "h15", "8h155", "8:15 tối", "-8:15", "123456"}) {
    CAPTURE(text);
    CHECK(time_or_fault(text) == "invalid_argument");
  }
}

TEST_CASE("numbers have a comma before decimals and dots only between groups of three") {
  CHECK(number_or_fault("1.234,5") == "1234.5");
  CHECK(number_or_fault("1234,5") == "1234.5");
  CHECK(number_or_fault("1.234.567") == "1234567");
  CHECK(number_or_fault("-12,50") == "-12.5");
  CHECK(number_or_fault("\u221212") == "-12");
  CHECK(number_or_fault("0") == "0");
  CHECK(number_or_fault("0,05") == "0.05");
  CHECK(number_or_fault("007") == "7");
  CHECK(number_or_fault("1.500.000") == "1500000");
  for (const char* text : {"", "1234.5", "1.23", "12.34.567", "0.123", "1,2,3", "1.", ".5", ",5", "5,", "1,234.5",
                           "1.2345", "1234.567", "5 người", "1e3", "-", "--1", "1.234,5.6"}) {
    CAPTURE(text);
    CHECK(number_or_fault(text) == "invalid_argument");
  }
  CHECK(number_or_fault("99999999999999999999") == "out_of_bounds");
}

TEST_CASE("whole numbers keep all 64 bits and refuse decimals") {
  CHECK(*parse_whole_number("9.223.372.036.854.775.807") == INT64_MAX);
  CHECK(*parse_whole_number("-9.223.372.036.854.775.808") == INT64_MIN);
  CHECK(*parse_whole_number("52,0") == 52);
  CHECK(*parse_whole_number("1.000") == 1000);
  CHECK(parse_whole_number("52,5").error().code == ErrorCode::invalid_argument);
  CHECK(parse_whole_number("9.223.372.036.854.775.808").error().code == ErrorCode::out_of_bounds);
}

TEST_CASE("numbers are written with dots between groups and a comma") {
  CHECK(number_text(std::int64_t{0}) == "0");
  CHECK(number_text(std::int64_t{999}) == "999");
  CHECK(number_text(std::int64_t{-1234567}) == "-1.234.567");
  CHECK(number_text(*parse_decimal("1234.5")) == "1.234,5");
  CHECK(number_text(*parse_decimal("-0.05")) == "-0,05");
  CHECK(number_text(INT64_MIN) == "-9.223.372.036.854.775.808");
  for (const char* text : {"1.234,5", "-0,001", "12", "1.000.000"}) CHECK(number_text(*parse_number(text)) == text);
}

TEST_CASE("a phone number is kept as digits with 0 in front, however it is written") {
  for (const char* text : {"0912345678", "0912 345 678", "0912.345.678", "+84912345678", "+84 912-345-678",
                           "84912345678", "(+84) 912 345 678", "+84 (0)912 345 678", "0084912345678"}) {
    CAPTURE(text);
    CHECK(phone_digits(text) == "0912345678");
  }
  CHECK(phone_digits("0849123456") == "0849123456");
  CHECK(phone_digits("0290 3831234") == "02903831234");
  CHECK(phone_digits("+84 290 383 1234") == "02903831234");
  for (const char* text : {"", "113", "912345678", "0112345678", "09123456789", "0290383123", "0612345678",
                           "091234567a", "+1 212 555 0100", "0912 345 678 / 0913 345 678"}) {
    CAPTURE(text);
    CHECK(!phone_digits(text));
  }
}

TEST_CASE("a phone number is shown in groups") {
  CHECK(phone_text("0912345678") == "0912 345 678");
  CHECK(phone_text("02903831234") == "0290 383 1234");
  CHECK(phone_text("02438312345") == "024 3831 2345");
  CHECK(phone_text("113") == "113");
}

TEST_CASE("a citizen number says where, when and as what its holder was registered") {
  const CitizenNumber number = read_citizen_number("096 185 012345");
  CHECK(number.kind == CitizenNumber::Kind::citizen);
  CHECK(number.digits == "096185012345");
  CHECK(number.province == "096");
  CHECK(number.female == true);
  CHECK(number.birth_year == 1985);
  CHECK(read_citizen_number("058204000001").birth_year == 2004);
  CHECK(read_citizen_number("058204000001").female == false);
  CHECK(read_citizen_number("381234567").kind == CitizenNumber::Kind::old_identity_card);
  CHECK(read_citizen_number("12345").kind == CitizenNumber::Kind::unreadable);
  CHECK(read_citizen_number("B1234567").kind == CitizenNumber::Kind::unreadable);
}

TEST_CASE("what is strange in a citizen number is named, and nothing more") {
  using Doubt = CitizenNumberDoubt;
  const std::optional<CivilDate> born = CivilDate{1985, 0, 0};
  CHECK(citizen_number_doubts("096185012345", "female", born).empty());
  CHECK(citizen_number_doubts("096185012345", "", std::nullopt).empty());
  CHECK(citizen_number_doubts("096185012345", "other", born).empty());
  CHECK(citizen_number_doubts("", "male", born).empty());
  CHECK(citizen_number_doubts("096185012345", "male", born) == std::vector{Doubt::other_sex});
  CHECK(citizen_number_doubts("096185012345", "female", CivilDate{1986, 5, 1}) ==
        std::vector{Doubt::other_birth_year});
  CHECK(citizen_number_doubts("003185012345", "male", CivilDate{1986, 5, 1}) ==
        std::vector{Doubt::unknown_province, Doubt::other_sex, Doubt::other_birth_year});
  CHECK(citizen_number_doubts("097185012345", "", std::nullopt) == std::vector{Doubt::unknown_province});
  CHECK(citizen_number_doubts("381234567", "female", born) == std::vector{Doubt::old_card});
  CHECK(citizen_number_doubts("09618501234", "female", born) == std::vector{Doubt::wrong_length});
  CHECK(citizen_number_doubts("khong nho", "female", born) == std::vector{Doubt::wrong_length});
  for (const char* known : {"001", "056", "058", "095", "096"})
    CHECK(citizen_number_doubts(std::string(known) + "185012345", "", std::nullopt).empty());
}

TEST_CASE("text in an old code is noticed on import") {
  CHECK(guess_legacy_encoding("ViÖt Nam") == LegacyEncoding::tcvn3);
  CHECK(guess_legacy_encoding("NguyÔn V¨n §\u00ad\u00ea\u00adng") == LegacyEncoding::tcvn3);
  CHECK(guess_legacy_encoding("Vieät Nam") == LegacyEncoding::vni);
  CHECK(guess_legacy_encoding("Nguyeãn Vaên Ñöôøng") == LegacyEncoding::vni);
  CHECK(guess_legacy_encoding("Vie^.t Nam") == LegacyEncoding::viqr);
  CHECK(guess_legacy_encoding("Nguye^~n Va(n ddu+o+`ng") == LegacyEncoding::viqr);
}

TEST_CASE("Vietnamese in Unicode, plain text and foreign names are taken for no old code") {
  for (const char* text : {"Việt Nam", "Nguyễn Văn Đường", "Nguyen Van An", "Hoà", "Huê", "tuân", "oán", "CÀ MAU",
                           "François Müller", "28 °C", "© 2025", "O+", "C++", "f(a)", "a (b)", ""}) {
    CAPTURE(text);
    CHECK(guess_legacy_encoding(text) == LegacyEncoding::none);
  }
}

TEST_CASE("no text makes a reader of dates, times, numbers, phones or papers fail otherwise than by saying so") {
  const std::string pieces[] = {
      "3",     "03",  "2025", "/",   "-", ".", ",",    ":",      "h", " ",      "ngày",
      "tháng", "năm", "giờ",  "+84", "0", "(", "\xff", "\u00a0", "đ", "\u0301", std::string(1, '\0')};
  SeededRandom random(13);
  for (int round = 0; round < 20'000; ++round) {
    std::string text;
    for (std::uint64_t count = random.below(9); count > 0; --count) text += pieces[random.below(std::size(pieces))];
    if (const Result<CivilDate> date = parse_date(text)) REQUIRE(*parse_date(date_text(*date)) == *date);
    if (const Result<std::string> time = parse_time(text)) REQUIRE(*parse_time(*time) == *time);
    if (const Result<Decimal> number = parse_number(text)) REQUIRE(*parse_number(number_text(*number)) == *number);
    if (const auto phone = phone_digits(text)) REQUIRE(phone_digits(phone_text(*phone)) == phone);
    (void)citizen_number_doubts(text, "male", std::nullopt);
    (void)guess_legacy_encoding(text);
    (void)name_sort_key(text);
    (void)match_quality(text, text);
  }
}

TEST_CASE("a name folds in about a tenth of a microsecond") {
  const std::string names[] = {"Nguyễn Thị Kim Ngân", "Trần Văn Đường", "Lê Hoàng Phúc", "Phạm Thị Ước Mơ"};
  std::size_t bytes = fold(names[0]).size();
  constexpr int rounds = 50'000;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < rounds; ++i)
    for (const std::string& name : names) bytes += fold(name).size();
  const auto spent = std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  CHECK(bytes > 0);
  MESSAGE("fold: ", spent / (rounds * 4.0), " microseconds a name");
  // A generous bound, for sanitizers and busy machines; the usual figure is printed above.
  CHECK(spent / (rounds * 4.0) < 20);
}
