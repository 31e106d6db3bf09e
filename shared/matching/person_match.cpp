#include "shared/matching/person_match.h"

#include <algorithm>

#include "shared/forms/validation.h"
#include "shared/foundation/vietnamese.h"
#include "shared/matching/words.h"

namespace fieldpost {
namespace {

/// Bits. m: how often it is found between two records of one person, as the slips of field registration go (domain
/// 7, 8.2); u: between two people of one province. Each is about log2(m / u).
struct Weights {
  struct Word {
    double same, common, unmarked_less, other_marks, near, other;
  };
  // u of a given name: about one pair in eighty shares it. Tones tell names apart (Hùng, Hưng), so that other marks
  // are weak evidence; one letter less or more makes another name as often as a slip.
  Word given{6.2, 6.2, 0.7, 2.0, -1.5, -10.0};
  // 30–40 % are Nguyễn; of the other families one pair in twenty or less.
  Word family{4.2, 1.4, 0.4, 1.5, -1.0, -4.5};
  Word middle{3.5, 1.4, 0.4, 1.0, -1.0, -3.0};
  double middle_left_out = -0.8;  // Nguyễn Hùng for Nguyễn Văn Hùng
  double other_order = -1.0;
  double birth_date = 12.0, birth_exchanged = 7.0, birth_near = 4.0, birth_year = 5.3;
  double birth_year_other_day = 0.0, birth_next_year = -2.0, birth_other = -6.5;
  double sex_same = 0.95, sex_other = -5.0;
  double hamlet = 6.5, hamlet_alone = 3.0, commune = 3.5, commune_other_hamlet = 1.5, commune_other = -4.0;
  double phone_same = 5.5, phone_other = -1.0;  // families share phones (domain 7)
  double card_same = 12.0, number_same = 30.0, number_near = 6.0, number_other = -12.0;
};
constexpr Weights weights;

constexpr std::size_t citizen_digits = 12;

/// One letter or digit more, less or other, or two neighbours exchanged (Damerau 1964: four in five slips).
bool one_slip_apart(std::string_view a, std::string_view b) {
  if (a.size() > b.size()) std::swap(a, b);
  if (b.size() - a.size() > 1) return false;
  std::size_t at = 0;
  while (at < a.size() && a[at] == b[at]) ++at;
  if (a.size() < b.size()) return a.substr(at) == b.substr(at + 1);
  if (at == a.size()) return false;
  if (a.substr(at + 1) == b.substr(at + 1)) return true;
  return at + 1 < a.size() && a[at] == b[at + 1] && a[at + 1] == b[at] && a.substr(at + 2) == b.substr(at + 2);
}

class Comparison {
 public:
  Comparison(const Person& a, const Person& b) : a_(a), b_(b) {}

  Match result() {
    numbers();
    names();
    births();
    sexes();
    homes();
    phones();
    Match match;
    match.score = score_;
    match.reasons = std::move(reasons_);
    std::stable_partition(match.reasons.begin(), match.reasons.end(), speaks_for);
    if (certain_)
      match.certainty = Certainty::certain;
    else if (score_ >= likely_score)
      match.certainty = Certainty::likely;
    else if (possible_ && same_letters_)
      match.certainty = Certainty::possible;
    return match;
  }

 private:
  void add(double bits) { score_ += bits; }
  void say(double bits, MatchReason reason) {
    score_ += bits;
    reasons_.push_back(reason);
  }

  enum class Likeness { same, unmarked, other_marks, near, other };
  Likeness compare(std::size_t at_a, std::size_t at_b) const {
    const std::string_view a = a_.word(at_a), b = b_.word(at_b);
    if (a == b) {
      if (a_.words[at_a].marked == b_.words[at_b].marked) return Likeness::same;
      return a_.unmarked || b_.unmarked ? Likeness::unmarked : Likeness::other_marks;
    }
    constexpr std::size_t letters_least = 3;  // of two letters, one other is another word
    const bool near = std::min(a.size(), b.size()) >= letters_least && one_slip_apart(a, b);
    return near ? Likeness::near : Likeness::other;
  }
  static double bits(const Weights::Word& of, Likeness likeness, bool common) {
    const double same = common ? of.common : of.same;
    switch (likeness) {
      case Likeness::same: return same;
      case Likeness::unmarked: return same - of.unmarked_less;
      case Likeness::other_marks: return std::min(same, of.other_marks);
      case Likeness::near: return of.near;
      case Likeness::other: break;
    }
    return of.other;
  }

  void names() {
    if (a_.word_count == 0 || b_.word_count == 0) return;
    const std::size_t last_a = a_.word_count - 1u, last_b = b_.word_count - 1u;
    same_letters_ = a_.name == b_.name;
    Likeness worst = compare(last_a, last_b);
    if (worst == Likeness::other && words_sorted(a_.name) == words_sorted(b_.name)) {
      same_letters_ = true;
      say(weights.given.same + weights.middle.common + weights.family.common + weights.other_order,
          MatchReason::same_name_other_order);
      return;
    }
    add(bits(weights.given, worst, false));
    bool left_out = false;
    if (last_a > 0 && last_b > 0) {
      const Likeness family = compare(0, 0);
      add(bits(weights.family, family, a_.words[0].common));
      worst = std::max(worst, family);
    } else if (last_a != last_b) {
      left_out = true;
    }
    const std::size_t middles_a = last_a > 1 ? last_a - 1 : 0, middles_b = last_b > 1 ? last_b - 1 : 0;
    if (middles_a == 0 || middles_b == 0 || middles_a != middles_b) {
      // Thị for Thị Mỹ, or none at all.
      left_out = left_out || middles_a != middles_b;
      if (middles_a != middles_b) add(weights.middle_left_out);
    } else {
      Likeness middle = Likeness::same;
      bool common = true;
      for (std::size_t i = 1; i <= middles_a; ++i) {
        middle = std::max(middle, compare(i, i));
        common = common && a_.words[i].common;
      }
      add(bits(weights.middle, middle, common));
      worst = std::max(worst, middle);
    }
    if (worst == Likeness::other)
      reasons_.push_back(MatchReason::other_name);
    else if (left_out || worst == Likeness::near)
      reasons_.push_back(MatchReason::near_name);
    else if (worst == Likeness::other_marks)
      reasons_.push_back(MatchReason::same_name_other_marks);
    else if (worst == Likeness::unmarked)
      reasons_.push_back(MatchReason::same_name_unmarked);
    else
      reasons_.push_back(MatchReason::same_name);
  }

  void numbers() {
    if (a_.number.empty() || b_.number.empty()) return;
    if (a_.number == b_.number) {
      if (a_.valid_number) {
        // It never changes (Luật Căn cước 2023, Điều 12).
        certain_ = true;
        return say(weights.number_same, MatchReason::same_number);
      }
      constexpr std::size_t digits_least = 9;  // of an identity card; less is half written
      if (a_.number.size() >= digits_least) say(weights.card_same, MatchReason::same_card);
      return;
    }
    if (!a_.valid_number || !b_.valid_number) return;
    if (one_slip_apart(a_.number, b_.number)) return say(weights.number_near, MatchReason::near_number);
    possible_ = false;
    say(weights.number_other, MatchReason::other_number);
  }

  void births() {
    if (!a_.birth || !b_.birth) return;
    const CivilDate &a = *a_.birth, &b = *b_.birth;
    if (a.year != b.year) possible_ = false;
    if (!a.has_day() || !b.has_day()) {
      if (a.year == b.year) return say(weights.birth_year, MatchReason::same_birth_year);
      // Ages are told in years begun, so that a year is easily one off.
      if (a.year - b.year == 1 || b.year - a.year == 1)
        return say(weights.birth_next_year, MatchReason::near_birth_date);
      return say(weights.birth_other, MatchReason::other_birth_date);
    }
    if (a == b) return say(weights.birth_date, MatchReason::same_birth_date);
    if (a.year == b.year && a.day == b.month && a.month == b.day)
      return say(weights.birth_exchanged, MatchReason::exchanged_day_month);
    const int differing = (a.year != b.year) + (a.month != b.month) + (a.day != b.day);
    if (differing == 1 && (a.year == b.year || one_slip_apart(std::to_string(a.year), std::to_string(b.year))))
      return say(weights.birth_near, MatchReason::near_birth_date);
    if (a.year == b.year) return say(weights.birth_year_other_day, MatchReason::other_birth_date);
    say(weights.birth_other, MatchReason::other_birth_date);
  }

  void sexes() {
    if (a_.sex == 0 || b_.sex == 0) return;
    if (a_.sex == b_.sex) return add(weights.sex_same);
    say(weights.sex_other, MatchReason::other_sex);
  }

  void homes() {
    if (a_.units.empty() || b_.units.empty()) {
      // Every commune has an ấp 7.
      if (a_.hamlet != 0 && a_.hamlet == b_.hamlet) say(weights.hamlet_alone, MatchReason::same_hamlet);
      return;
    }
    const bool shared = std::any_of(a_.units.begin(), a_.units.end(), [&](std::uint64_t unit) {
      return std::binary_search(b_.units.begin(), b_.units.end(), unit);
    });
    if (!shared) return say(weights.commune_other, MatchReason::other_commune);
    if (a_.hamlet == 0 || b_.hamlet == 0) return say(weights.commune, MatchReason::same_commune);
    if (a_.hamlet == b_.hamlet) return say(weights.hamlet, MatchReason::same_hamlet);
    say(weights.commune_other_hamlet, MatchReason::other_hamlet);
  }

  void phones() {
    if (a_.phone.empty() || b_.phone.empty()) return;
    if (a_.phone == b_.phone) return say(weights.phone_same, MatchReason::same_phone);
    say(weights.phone_other, MatchReason::other_phone);
  }

  const Person &a_, &b_;
  double score_ = 0;
  std::vector<MatchReason> reasons_;
  bool certain_ = false, possible_ = true, same_letters_ = false;
};

}  // namespace

PersonWords person_in(const Form& form, const Answers& answers) {
  PersonWords words;
  words.name = text_answer_to(form, answers, "full_name");
  words.citizen_number = text_answer_to(form, answers, "citizen_number");
  words.sex = text_answer_to(form, answers, "sex");
  words.phone = text_answer_to(form, answers, "phone");
  if (form.record_class == RecordClass::person) {
    words.place = text_answer_to(form, answers, "place");
    words.hamlet = text_answer_to(form, answers, "hamlet");
  }
  if (const Value* born = answer_to(form, answers, "birth_date"))
    if (const auto* date = std::get_if<CivilDate>(born)) words.birth_date = *date;
  return words;
}

Person prepared(const PersonWords& words, const Gazetteer& places) {
  Person person;
  for (std::string_view rest = words.name; !rest.empty();) {
    const std::size_t end = std::min(rest.find_first_of(" \t\n"), rest.size());
    const std::string_view written = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    constexpr std::size_t bytes_max = 200;
    std::string folded;
    vietnamese::for_each_folded_word(written, [&](std::string_view part) { folded += part; });
    if (folded.empty()) continue;
    if (person.word_count == Person::words_max || person.name.size() + folded.size() >= bytes_max) break;
    if (!person.name.empty()) person.name += ' ';
    Person::Word& word = person.words[person.word_count++];
    word.start = static_cast<std::uint8_t>(person.name.size());
    word.length = static_cast<std::uint8_t>(folded.size());
    word.common = folded == "nguyen" || folded == "van" || folded == "thi";
    const bool plain = std::all_of(written.begin(), written.end(), [](char c) { return (c & 0x80) == 0; });
    // The order key holds tones apart from letters: hòa and hoà are one word.
    word.marked = hash_of(plain ? folded : vietnamese::sort_key(vietnamese::upper_case(written)));
    person.unmarked = person.unmarked && plain;
    person.name += folded;
  }
  person.birth = words.birth_date;
  // Older papers print the year of birth as its first day (domain 7).
  if (person.birth && person.birth->month == 1 && person.birth->day == 1)
    person.birth = CivilDate{person.birth->year, 0, 0};
  const vietnamese::CitizenNumber number = vietnamese::read_citizen_number(words.citizen_number);
  person.number = number.digits;
  const auto doubts = vietnamese::citizen_number_doubts(words.citizen_number, "", {});
  person.valid_number = number.digits.size() == citizen_digits && doubts.empty();
  person.sex = words.sex.empty() ? '\0' : words.sex.front();
  person.phone = vietnamese::phone_digits(words.phone).value_or("");
  person.units = units_today(words.place, places);
  person.hamlet = hamlet_key(words.hamlet);
  return person;
}

Match match(const Person& a, const Person& b) { return Comparison(a, b).result(); }

}  // namespace fieldpost
