#include "tools/bench/invented_people.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>
#include <string_view>

#include "shared/forms/sample_texts.h"
#include "shared/foundation/clock.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost::bench {
namespace {

// The first ones are the common ones: `often` takes them more often.
constexpr std::array<std::string_view, 60> men = {
    "Hùng", "Dũng", "Tuấn",  "Minh",  "Nam",   "Hải",  "Long",  "Sơn",   "Thành", "Hiếu", "Đức",   "Cường",
    "Bình", "Tâm",  "Phong", "Quang", "Hoàng", "Tài",  "Thắng", "Trung", "Kiệt",  "Khải", "Khang", "Huy",
    "Phúc", "Lộc",  "Thọ",   "Vinh",  "Hậu",   "Đạt",  "Toàn",  "Tín",   "Nghĩa", "Lâm",  "Linh",  "Lợi",
    "Út",   "Mười", "Chín",  "Tám",   "Bảy",   "Sáu",  "Năm",   "Tư",    "Ba",    "Hai",  "Giàu",  "Sang",
    "Hưng", "Hừng", "Thạnh", "Bền",   "Đẹp",   "Nhân", "Trí",   "Dương", "Đông",  "Tây",  "Mẫn",   "Khánh"};
constexpr std::array<std::string_view, 60> women = {
    "Lan",    "Hoa",    "Hương", "Mai",   "Hồng", "Thảo", "Trang", "Linh", "Nga",  "Hạnh", "Thủy",   "Hà",
    "Phương", "Ngọc",   "Yến",   "Tuyết", "Loan", "Dung", "Nhung", "Thu",  "Bé",   "Út",   "Hằng",   "Vân",
    "Anh",    "Như",    "Trinh", "Trâm",  "Châu", "Diễm", "Kiều",  "Liên", "Liễu", "Lệ",   "Mỹ",     "Nhi",
    "Oanh",   "Phượng", "Quyên", "Sương", "Tâm",  "Thắm", "Thúy",  "Tiên", "Tư",   "Năm",  "Sáu",    "Bảy",
    "Tám",    "Chín",   "Mười",  "Ba",    "Hai",  "Xuân", "Cúc",   "Đào",  "Bưởi", "Lài",  "Nguyệt", "Hường"};
constexpr std::array<std::string_view, 12> tone_rows = {"a à ả ã á ạ", "ă ằ ẳ ẵ ắ ặ", "â ầ ẩ ẫ ấ ậ", "e è ẻ ẽ é ẹ",
                                                        "ê ề ể ễ ế ệ", "i ì ỉ ĩ í ị", "o ò ỏ õ ó ọ", "ô ồ ổ ỗ ố ộ",
                                                        "ơ ờ ở ỡ ớ ợ", "u ù ủ ũ ú ụ", "ư ừ ử ữ ứ ự", "y ỳ ỷ ỹ ý ỵ"};
constexpr std::array<std::string_view, 8> mobile_prefixes = {"090", "091", "094", "097", "098", "033", "077", "085"};

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(' '), text.size());
    if (end > 0) words.push_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

class Inventor {
 public:
  explicit Inventor(const InventedProvince& province) : province_(province), random_(province.seed) {
    for (std::size_t i = 0; i < province.communes; ++i) places_.push_back(fmt::format("c{}@invented", i));
  }

  std::vector<InventedPerson> invent() {
    while (records_.size() < province_.records) household();
    records_.resize(province_.records);
    for (std::size_t left = records_.size(); left > 1; --left)
      std::swap(records_[random_.below(left)], records_[left - 1]);
    return std::move(records_);
  }

 private:
  bool in_a_hundred(std::uint32_t share) { return random_.below(100) < share; }
  template <class List>
  std::string_view any(const List& list) {
    return list[random_.below(list.size())];
  }
  /// Nearer to the front of the list more often.
  template <class List>
  std::string_view often(const List& list) {
    return list[std::min(random_.below(list.size()), random_.below(list.size()))];
  }

  struct Home {
    std::string place, hamlet, phone;
    std::string father_family;
  };

  std::string phone() { return std::string(any(mobile_prefixes)) + fmt::format("{:07}", random_.below(10'000'000)); }

  /// No two people have one.
  std::string number(bool female, int year) {
    for (;;) {
      std::string drawn = fmt::format("096{}{:02}{:06}", (female ? 1 : 0) + (year >= 2000 ? 2 : 0), year % 100,
                                      random_.below(1'000'000));
      if (numbers_.insert(drawn).second) return drawn;
    }
  }

  std::string hamlet() {
    if (in_a_hundred(50)) return fmt::format("ấp {}", 1 + random_.below(13));
    return std::string(any(samples::hamlets_south));
  }

  void household() {
    Home home{places_[random_.below(places_.size())], hamlet(), in_a_hundred(60) ? phone() : "",
              std::string(any(samples::surnames))};
    const bool khmer = in_a_hundred(6);
    const std::size_t members = 1 + random_.below(4);
    const int parents_year = 1938 + static_cast<int>(random_.below(60));
    for (std::size_t i = 0; i < members; ++i) {
      const bool child = i >= 2, female = i == 1 || (i != 0 && in_a_hundred(50));
      const int year = std::min(2018, parents_year + (child ? 20 + static_cast<int>(random_.below(18))
                                                            : static_cast<int>(random_.below(6))));
      PersonWords person;
      person.sex = female ? "female" : "male";
      if (khmer)
        person.name = female ? std::string(any(samples::khmer_female)) : std::string(any(samples::khmer_male));
      else
        person.name = fmt::format("{} {} {}", i == 1 ? any(samples::surnames) : std::string_view(home.father_family),
                                  female ? any(samples::female_middles) : any(samples::male_middles),
                                  female ? often(women) : often(men));
      person.birth_date = CivilDate{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(1 + random_.below(12)),
                                    static_cast<std::uint8_t>(1 + random_.below(28))};
      person.place = home.place;
      person.hamlet = home.hamlet;
      person.phone = in_a_hundred(60) ? home.phone : in_a_hundred(60) ? phone() : "";
      person.citizen_number = number(female, year);
      record(person);
      // Twins: one family, day, hamlet and phone, and two people.
      if (child && in_a_hundred(2)) {
        PersonWords twin = person;
        std::vector<std::string> words;
        for (const std::string_view word : words_of(person.name)) words.emplace_back(word);
        words.back() = std::string(female ? any(women) : any(men));
        twin.name = joined(words);
        twin.citizen_number = number(female, year);
        if (twin.name != person.name) record(twin);
      }
    }
  }

  void record(const PersonWords& person) {
    const std::uint32_t who = next_++;
    std::size_t times = 1;
    const std::uint64_t drawn = random_.below(100);
    if (drawn < province_.thrice_in_a_hundred)
      times = 3;
    else if (drawn < province_.thrice_in_a_hundred + province_.twice_in_a_hundred)
      times = 2;
    for (; times > 0; --times) records_.push_back({as_written(person), who});
  }

  /// As one team wrote it down: what was not asked is missing, what was heard wrong is wrong.
  PersonWords as_written(PersonWords person) {
    person.name = name_as_written(person.name);
    birth_as_written(person);
    if (in_a_hundred(3)) person.sex.clear();
    if (in_a_hundred(1)) person.sex = person.sex == "male" ? "female" : "male";
    if (in_a_hundred(3)) person.place = places_[random_.below(places_.size())];
    if (in_a_hundred(5)) person.hamlet = hamlet();
    if (in_a_hundred(12)) person.hamlet.clear();
    if (in_a_hundred(20)) person.hamlet = vietnamese::upper_case(person.hamlet);
    if (in_a_hundred(10)) person.hamlet = vietnamese::fold(person.hamlet);
    if (in_a_hundred(40)) person.phone.clear();
    if (in_a_hundred(8)) person.phone = phone();
    if (in_a_hundred(55)) person.citizen_number.clear();
    if (!person.citizen_number.empty() && in_a_hundred(2))
      std::swap(person.citizen_number[9], person.citizen_number[10]);
    return person;
  }

  std::string name_as_written(const std::string& name) {
    if (in_a_hundred(20)) return vietnamese::fold(name);
    if (in_a_hundred(10)) return vietnamese::upper_case(name);
    std::vector<std::string> words;
    for (const std::string_view word : words_of(name)) words.emplace_back(word);
    if (words.size() > 2 && in_a_hundred(4)) words.erase(words.begin() + 1);
    if (in_a_hundred(6)) other_tone(words[random_.below(words.size())]);
    if (in_a_hundred(3)) {
      std::string& word = words[random_.below(words.size())];
      if (in_a_hundred(50))
        word += in_a_hundred(50) ? "g" : "h";
      else if (!word.empty() && (word.back() & 0x80) == 0 && word.size() > 2)
        word.pop_back();
    }
    return joined(words);
  }

  void other_tone(std::string& word) {
    for (const std::string_view row : tone_rows) {
      const std::vector<std::string_view> tones = words_of(row);
      for (const std::string_view letter : tones) {
        const std::size_t at = letter.size() > 1 ? word.find(letter) : std::string::npos;
        if (at == std::string::npos) continue;
        word.replace(at, letter.size(), any(tones));
        return;
      }
    }
  }

  void birth_as_written(PersonWords& person) {
    CivilDate& date = *person.birth_date;
    // The older somebody is, the oftener a year is all there is.
    const std::uint32_t year_only = date.year < 1955 ? 70 : date.year < 1975 ? 35 : 12;
    if (in_a_hundred(year_only)) {
      date = in_a_hundred(20) ? CivilDate{date.year, 1, 1} : CivilDate{date.year, 0, 0};
    } else if (in_a_hundred(3) && date.day <= 12) {
      std::swap(date.day, date.month);
    } else if (in_a_hundred(2)) {
      date.day = static_cast<std::uint8_t>(1 + random_.below(28));
    }
    if (in_a_hundred(2)) date.year = static_cast<std::int16_t>(date.year + (in_a_hundred(50) ? 1 : -1));
    if (in_a_hundred(5)) person.birth_date.reset();
  }

  const InventedProvince& province_;
  SeededRandom random_;
  std::vector<std::string> places_;
  std::vector<InventedPerson> records_;
  std::set<std::string> numbers_;
  std::uint32_t next_ = 0;
};

}  // namespace

std::vector<InventedPerson> invent_people(const InventedProvince& province) { return Inventor(province).invent(); }

}  // namespace fieldpost::bench
