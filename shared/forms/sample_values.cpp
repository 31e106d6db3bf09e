// Sample values are made question by question, in questionnaire order, as a person fills in a form: by what the
// question is called where the name is one of ours, else by its type. Whatever breaks a rule of the form in the end
// is left out again, so that a form which came by sync has valid samples too.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/forms/json_values.h"
#include "shared/forms/sample_texts.h"
#include "shared/forms/validation.h"
#include "shared/foundation/clock.h"

namespace fieldpost {

namespace {

using Json = nlohmann::json;

/// One invented person, of one piece: name, sex, age, number and category fit each other.
struct SamplePerson {
  bool female = false;
  int birth_year = 1970;
  std::string name, ethnicity, birth_date, citizen_number, phone, hamlet;
};

class SampleMaker {
 public:
  SampleMaker(const Form& form, const Catalogue& catalogue, std::uint64_t seed, const CivilDate& today,
              std::optional<std::size_t> rows)
      : form_(form), catalogue_(catalogue), random_(seed), today_(today), rows_(rows) {}

  Json make() {
    // Without a date of its own a record is judged on the day it is made.
    day_ = form_.date.empty() ? today_ : from_day_number(day_number(today_) - static_cast<std::int64_t>(below(300)));
    choose_place();
    matter_ = &pick(samples::matters);
    matter_row_ = below(3);
    row_count_ = usual_rows();
    person_ = invent_person();
    Json values = Json::object();
    fill(form_.questions, nullptr, values);
    drop_what_breaks_a_rule(values);
    return values;
  }

 private:
  std::uint64_t below(std::uint64_t bound) { return random_.below(bound); }
  bool chance(std::uint64_t percent) { return below(100) < percent; }
  template <class List>
  const typename List::value_type& pick(const List& list) {
    return list[static_cast<std::size_t>(below(list.size()))];
  }

  std::size_t usual_rows() {
    const std::uint64_t drawn = form_.name == "training_class" ? 15 + below(20) : 28 + below(40);
    return rows_.value_or(static_cast<std::size_t>(drawn));
  }

  void choose_place() {
    std::vector<const Place*> valid;
    for (const auto& [key, place] : catalogue_.places.places())
      if (place.valid_on(day_)) valid.push_back(&place);
    if (valid.empty()) return;
    place_ = pick(valid);
    central_ = place_->province_code == "58" || place_->province_code == "56";
    hamlet_ = central_ ? pick(samples::hamlets_central) : pick(samples::hamlets_south);
  }

  std::string commune() const {
    if (!place_) return "xã";
    // In the middle of a sentence the kind of unit is written small.
    std::string name = place_->name;
    for (const auto& [capital, small] : {std::pair{"Xã", "xã"}, {"Phường", "phường"}, {"Thị trấn", "thị trấn"}})
      if (name.starts_with(capital)) name.replace(0, std::string_view(capital).size(), small);
    return name;
  }

  std::string digits(std::size_t count) {
    std::string out;
    while (out.size() < count) out += static_cast<char>('0' + below(10));
    return out;
  }

  std::string day_text(int year) {
    const auto month = 1 + below(12), day = 1 + below(28);
    return std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month) + (day < 10 ? "-0" : "-") +
           std::to_string(day);
  }

  SamplePerson invent_person(std::optional<bool> female = std::nullopt) {
    SamplePerson out;
    out.female = female.value_or(chance(54));
    const bool school = form_.name == "outreach_session" && chance(8);
    out.birth_year = today_.year - static_cast<int>(school ? 12 + below(4) : 19 + below(62));
    if (form_.name == "training_class" || form_.name == "provider")
      out.birth_year = today_.year - static_cast<int>(25 + below(33));
    const std::uint64_t origin = below(100);
    if (central_ && origin < 22) {
      out.ethnicity = "17";
      out.name = out.female ? pick(samples::cham_female) : pick(samples::cham_male);
    } else if (central_ && origin < 45) {
      out.ethnicity = "21";
      out.name = out.female ? pick(samples::raglai_female) : pick(samples::raglai_male);
    } else if (!central_ && origin < 18) {
      out.ethnicity = "05";
      out.name = out.female ? pick(samples::khmer_female) : pick(samples::khmer_male);
    } else {
      out.ethnicity = !central_ && origin > 96 ? "04" : "01";
      out.name = std::string(pick(samples::surnames)) + " " +
                 std::string(out.female ? pick(samples::female_middles) : pick(samples::male_middles)) + " " +
                 std::string(out.female ? pick(samples::female_names) : pick(samples::male_names));
    }
    // Many elders have only a year.
    out.birth_date =
        chance(out.birth_year < 1965 ? 60 : 25) ? std::to_string(out.birth_year) : day_text(out.birth_year);
    const std::string century_and_sex(
        1, static_cast<char>('0' + (out.birth_year >= 2000 ? 2 : 0) + (out.female ? 1 : 0)));
    const std::string year = std::to_string(out.birth_year);
    out.citizen_number = (central_ ? "058" : "096") + century_and_sex + year.substr(2) + digits(6);
    out.phone = std::string(pick(phone_starts)) + digits(7);
    out.hamlet =
        chance(75) ? hamlet_ : std::string(central_ ? pick(samples::hamlets_central) : pick(samples::hamlets_south));
    return out;
  }

  /// Fills in the {…} of a sample text.
  std::string filled(std::string_view text) {
    std::string out;
    while (!text.empty()) {
      const std::size_t open = text.find('{');
      out += text.substr(0, open);
      if (open == std::string_view::npos) break;
      const std::size_t close = text.find('}', open);
      const std::string_view name = text.substr(open + 1, close - open - 1);
      text.remove_prefix(close + 1);
      if (name == "hamlet") out += hamlet_;
      if (name == "commune") out += commune();
      if (name == "commune_name" && place_)
        out += place_->name.substr(std::min(place_->name.find(' ') + 1, place_->name.size()));
      if (name == "area") out += std::to_string(1 + below(24)) + "." + std::to_string(1 + below(9)) + "00 m²";
      if (name == "year") out += std::to_string(1988 + below(36));
      if (name == "metres") out += std::to_string(2 + below(38));
      if (name == "count") out += std::to_string(2 + below(7));
      if (name == "relative") out += pick(samples::relatives);
      if (name == "number") out += std::to_string(1 + below(9'000));
      if (name == "person") out += invent_person().name;
      if (name == "man" || name == "woman") out += invent_person(name == "woman").name;
      if (name == "amount") out += std::to_string(2 + below(180)) + ".000.000 đồng";
      if (name == "past") {
        const CivilDate day = from_day_number(day_number(day_) - static_cast<std::int64_t>(2 + below(80)));
        out += std::to_string(day.day) + "/" + std::to_string(day.month) + "/" + std::to_string(day.year);
      }
    }
    // A sentence begins with a capital, also where a filled-in word stands first.
    if (!out.empty() && out[0] >= 'a' && out[0] <= 'z') out[0] = static_cast<char>(out[0] - 'a' + 'A');
    return out;
  }

  /// Sentences that go on with the story of a matter, each with a space before it.
  std::string details(std::uint64_t count) {
    std::string out;
    for (std::uint64_t i = 0; i < count; ++i)
      out += " " + filled("Ngày {past}, " + std::string(pick(samples::actors)) + " " +
                          std::string(pick(samples::acts)) + "; " + std::string(pick(samples::turns)) + ".");
    return out;
  }

  void fill(const std::vector<Question>& questions, const Row* row, Json& values) {
    for (const Question& question : questions) {
      if (!FormLogic(form_, answers_, catalogue_, today_).relevant(question, row)) continue;
      if (question.type == QuestionType::group) {
        fill(question.questions, row, values);
      } else if (question.type == QuestionType::repeat) {
        fill_rows(question, values);
      } else {
        Json value = answer(question, row);
        if (value.is_null()) continue;
        if (const Result<Edit> edit = edit_from_json_at(question, row, value)) {
          Fields& fields = row ? answers_.rows.back().fields : answers_.fields;
          const Fields& read = row ? edit->rows[0].fields : edit->fields;
          for (const auto& [key, each] : read) fields[key] = each;
          values[question.name] = std::move(value);
        }
      }
    }
  }

  Result<Edit> edit_from_json_at(const Question& question, const Row* row, const Json& value) {
    Json one = {{question.name, value}};
    if (row) one = {{form_.find(row->repeat)->name, Json::array({std::move(one)})}};
    return edit_from_json(form_, one);
  }

  void fill_rows(const Question& repeat, Json& values) {
    Json& list = values[repeat.name] = Json::array();
    // A sample stands alone: rows that are photos have no file to name.
    if (std::any_of(repeat.questions.begin(), repeat.questions.end(),
                    [](const Question& each) { return is_attached(each.type); }))
      return;
    const SamplePerson of_record = person_;
    for (std::size_t i = 0; i < row_count_; ++i) {
      Row row;
      row.repeat = repeat.number;
      // Any ids do, as long as they ascend: they are not part of the values.
      row.id.bytes[14] = static_cast<std::uint8_t>(i >> 8);
      row.id.bytes[15] = static_cast<std::uint8_t>(i + 1);
      answers_.rows.push_back(row);
      person_ = invent_person();
      Json& json = list.emplace_back(Json::object());
      fill(repeat.questions, &answers_.rows.back(), json);
    }
    person_ = of_record;
  }

  std::vector<std::string> codes_open(const Question& question, const Row* row) {
    std::vector<std::string> out;
    for (const Option* option : FormLogic(form_, answers_, catalogue_, today_).choices(question, row))
      out.push_back(option->code);
    return out;
  }

  /// The answer to one question; null for none.
  Json answer(const Question& question, const Row* row) {
    if (Json known = answer_by_name(question, row); !known.is_discarded()) return known;
    switch (question.type) {
      case QuestionType::text: return chance(40) ? Json(std::string(pick(samples::remarks))) : Json();
      case QuestionType::integer: return below(40);
      case QuestionType::decimal: return static_cast<std::int64_t>(1 + below(16));
      case QuestionType::date: return iso_text(day_);
      case QuestionType::time: return "08:00";
      case QuestionType::place: return place_ ? Json(place_->key()) : Json();
      case QuestionType::select_one: {
        const std::vector<std::string> codes = codes_open(question, row);
        return codes.empty() ? Json() : Json(pick(codes));
      }
      case QuestionType::select_multiple: return some_of(codes_open(question, row), 1 + below(2));
      default: return nullptr;  // references: a sample stands alone
    }
  }

  Json some_of(std::vector<std::string> codes, std::uint64_t count) {
    Json out = Json::array();
    while (!codes.empty() && out.size() < count) {
      const auto at = static_cast<std::ptrdiff_t>(below(codes.size()));
      out.push_back(codes[static_cast<std::size_t>(at)]);
      codes.erase(codes.begin() + at);
    }
    return out;
  }

  /// Categories that fit the person, of those valid on the day.
  Json eligibility(const Question& question, const Row* row) {
    std::vector<std::string> fitting;
    const int age = today_.year - person_.birth_year;
    if (age < 16) fitting.push_back("TE");
    if (age >= 60) fitting.push_back("NCT");
    if (person_.ethnicity != "01" && person_.ethnicity != "04") fitting.push_back("DTTS");
    if (fitting.empty() || chance(35)) fitting.push_back(pick(frequent_categories));
    if (row && chance(30)) fitting = {"KHONG"};
    Json out = Json::array();
    const std::vector<std::string> open = codes_open(question, row);
    for (const std::string& code : fitting)
      if (std::find(open.begin(), open.end(), code) != open.end()) out.push_back(code);
    return out;
  }

  /// Answers to questions that our forms call by these names; discarded for any other name.
  Json answer_by_name(const Question& question, const Row* row) {
    const std::string& name = question.name;
    const bool training = form_.name == "training_class";
    if (name == "title" && training) return std::string(pick(samples::class_titles));
    if (name == "title")
      return "Truyền thông trợ giúp pháp lý về " + std::string(matter_->topic) + " tại " + hamlet_ + ", " + commune();
    if (name == "date") return iso_text(day_);
    if (name == "holder") {
      UserId user;
      for (auto& byte : user.bytes) byte = static_cast<std::uint8_t>(below(256));
      return text(user);
    }
    if (name == "end_date") return iso_text(from_day_number(day_number(day_) + static_cast<std::int64_t>(below(3))));
    if (name == "start_time" || name == "end_time") {
      const std::size_t half_day = static_cast<std::size_t>(day_number(day_) % 2);
      return name == "start_time" ? start_times[half_day]
                                  : end_times[2 * half_day + static_cast<std::size_t>(below(2))];
    }
    if (name == "stop_reason") return std::string(pick(samples::remarks));
    if (name == "ended_on" && form_.name == "case") return iso_text(day_);
    if (name == "place") return place_ ? Json(place_->key()) : Json();
    if (name == "hamlet") return row ? person_.hamlet : hamlet_;
    if (name == "venue") return filled(pick(samples::venues));
    if (name == "topic_note") return filled(matter_->answers[matter_row_]);
    if (name == "languages" && form_.name == "outreach_session")
      return central_ && chance(30) ? Json{"vi", "raglai"} : !central_ && chance(20) ? Json{"vi", "km"} : Json{"vi"};
    if (name == "language") return chance(88) ? "vi" : central_ ? "cham" : "km";
    if (name == "lead_organisation") return std::string(pick(samples::lead_organisations));
    if (name == "co_hosts" || name == "partners") return nullptr;  // sharing is for the person to decide
    if (name == "presenters" || name == "trainers") return std::string(pick(samples::presenters));
    if (name == "headcount_total") {
      headcount_ = static_cast<std::int64_t>(row_count_ + (training ? 0 : below(9)));
      return headcount_;
    }
    if (name == "headcount_female") return headcount_ * static_cast<std::int64_t>(45 + below(20)) / 100;
    if (name == "headcount_minority") return headcount_ * static_cast<std::int64_t>(below(45)) / 100;
    if (name == "leaflets") return static_cast<std::int64_t>(row_count_ * (1 + below(3)));
    if (name == "consultation_count") return static_cast<std::int64_t>(3 + below(10));
    if (name == "difficulties") return chance(60) ? Json(filled(pick(samples::difficulties))) : Json();
    if (name == "minutes_number" || name == "document_number" || name == "paper_roster_kept")
      return chance(40) ? Json(std::to_string(1 + below(400)) + "/BB-TGPL") : Json();
    if (name == "certificate") return chance(30) ? Json(std::to_string(1 + below(900)) + "/GCN") : Json();
    if (name == "hours_planned") return 16;
    if (name == "hours")
      return chance(80) ? Json(16) : chance(50) ? Json("7.5") : Json(static_cast<std::int64_t>(4 + below(12)));
    if (name == "workplace") return filled(pick(samples::workplaces));
    if (name == "number" && form_.name == "plan_task") return "II." + std::to_string(1 + below(20));
    if (name == "share") return row_count_ == 2 ? Json("0.5") : Json(1);
    if (name == "score_responsibility") return static_cast<std::int64_t>(20 + below(11));
    if (name == "score_performance") return static_cast<std::int64_t>(40 + below(21));
    if (name == "score_satisfaction") return static_cast<std::int64_t>(5 + below(6));
    if (name == "people_met") return static_cast<std::int64_t>(5 + below(20));
    if (name == "women_met") return static_cast<std::int64_t>(below(6));
    if (name == "year" && form_.name == "commune_baseline") return static_cast<std::int64_t>(today_.year);
    if (name == "role") return chance(92) ? "learner" : "trainer";

    if (name == "full_name" && form_.name == "organisation") return std::string(pick(samples::lead_organisations));
    if (name == "full_name") return person_.name;
    if (name == "provider_name" || name == "officer") {
      if (!chance(85)) return nullptr;
      SamplePerson provider = invent_person();
      return provider.name;
    }
    if (name == "other_name" || name == "guardian" || name == "no_number_reason" || name == "training_exemption")
      return nullptr;
    if (name == "sex") return person_.female ? "female" : "male";
    if (name == "birth_date") return person_.birth_date;
    if (name == "ethnicity") return chance(row ? 80 : 95) ? Json(person_.ethnicity) : Json();
    if (name == "address" || name == "address_on_paper")
      return person_.hamlet + ", " + commune() + ", " + (central_ ? "tỉnh Khánh Hòa" : "tỉnh Cà Mau");
    if (name == "citizen_number") return chance(row ? 25 : 85) ? Json(person_.citizen_number) : Json();
    if (name == "phone") return chance(row ? 30 : 85) ? Json(person_.phone) : Json();
    if (name == "note") return chance(row ? 5 : 45) ? Json(std::string(pick(samples::remarks))) : Json();

    if (name == "eligibility") return chance(row ? 55 : 100) ? eligibility(question, row) : Json();
    if (name == "used_category") {
      const std::vector<std::string> codes = codes_open(question, row);
      return codes.empty() ? Json() : Json(codes.front());
    }
    if (name == "proof_state") return chance(70) ? "original_seen" : chance(50) ? "promised" : "certified_copy";
    if (name == "proof_papers") return Json{pick(frequent_papers)};
    if (name == "proof_promised_on" || name == "answer_due")
      return iso_text(from_day_number(day_number(day_) + static_cast<std::int64_t>(3 + below(7))));
    if (name == "legal_field") return std::string(matter_->field);
    if (name == "summary") return filled(matter_->problems[matter_row_]) + details(1 + below(3));
    if (name == "advice") return filled(matter_->answers[matter_row_]) + details(below(2));
    if (name == "outcome" && form_.name == "consultation") return pick(frequent_outcomes);
    if (name == "guided_to") return filled(pick(samples::guided_bodies));
    if (name == "service_form") return form_.name == "consultation" ? "VIEC" : chance(70) ? "TV" : "TGTT";
    if (name == "requester_is") return "self";
    if (name == "wish") return filled(pick(samples::guided_bodies));
    if (name == "signature") return chance(85) ? "signed" : "fingerprint";
    if (name == "decision" && form_.name == "request") return "waiting";
    if (name == "remark") return filled(pick(samples::guided_bodies));
    if (name == "hard_area" || name == "held") return chance(20) ? "yes" : "no";
    if (name == "paper_kept" || name == "urgency") return nullptr;
    if (name == "receiver_name") return invent_person().name;
    if (name == "source") return chance(70) ? "TTCS" : "TU";
    if (name == "from_organisation" || name == "to_organisation") return filled(pick(samples::workplaces));
    if (name == "outcome_date" || name == "document_date") return iso_text(day_);
    if (name == "case_code") return "TT.TV." + std::to_string(1 + below(90)) + "." + std::to_string(day_.year);
    if (name == "right_explained" || name == "contact_given" || name == "paper_roster_signed")
      return chance(90) ? "yes" : "no";
    if (name == "confidential" || name == "interpreter") return chance(8) ? "yes" : "no";
    if (name == "programme_payer") {
      const std::vector<std::string> codes = codes_open(question, row);
      return codes.empty() ? Json() : Json(codes.front());
    }
    if (name == "unit_code") return "DV-" + digits(3);
    if (name == "card_number") return digits(4) + "/TGPL";
    if (name == "appointed_on") return day_text(today_.year - 2 - static_cast<int>(below(15)));
    if (name == "hardship_since") return std::to_string(today_.year - 1);
    if (name == "valid_to" || name == "ended_on" || name == "short_name" || name == "branch") return nullptr;
    if (name == "valid_from") return "2018";
    return Json(Json::value_t::discarded);
  }

  void drop_what_breaks_a_rule(Json& values) {
    for (const Problem& problem : validate(form_, answers_, catalogue_, today_)) {
      if (problem.severity != Severity::error || problem.kind == Problem::Kind::required) continue;
      if (problem.entity == answers_.record) {
        values.erase(problem.question);
        continue;
      }
      std::map<std::uint32_t, std::size_t> position;  // in its repeat
      for (const Row& row : answers_.rows) {
        const std::size_t at = position[row.repeat]++;
        if (row.id == problem.entity) values[form_.find(row.repeat)->name][at].erase(problem.question);
      }
    }
  }

  static constexpr std::array<const char*, 8> phone_starts = {"091", "094", "098", "097", "086", "039", "070", "082"};
  static constexpr std::array<const char*, 2> start_times = {"08:00", "13:30"};
  static constexpr std::array<const char*, 4> end_times = {"10:00", "10:45", "15:15", "16:00"};
  static constexpr std::array<const char*, 6> frequent_categories = {"HN", "HN", "NCC", "NKT", "TNLS", "HN"};
  static constexpr std::array<const char*, 5> frequent_papers = {"GCN_HN", "GT_DTTS", "GT_TUOI", "QD_TCXH",
                                                                 "GCN_HCN"};
  static constexpr std::array<const char*, 10> frequent_outcomes = {
      "answered", "answered", "answered",      "answered",    "guided",
      "guided",   "referred", "request_taken", "appointment", "mediated"};

  const Form& form_;
  const Catalogue& catalogue_;
  SeededRandom random_;
  CivilDate today_, day_;
  std::optional<std::size_t> rows_;
  const Place* place_ = nullptr;
  bool central_ = false;  // Ninh Thuận rather than Cà Mau
  std::string hamlet_ = "ấp 1";
  const samples::Matter* matter_ = nullptr;
  std::size_t matter_row_ = 0, row_count_ = 0;
  std::int64_t headcount_ = 0;
  SamplePerson person_;
  Answers answers_;
};

}  // namespace

nlohmann::json sample_values(const Form& form, const Catalogue& catalogue, std::uint64_t seed, const CivilDate& today,
                             std::optional<std::size_t> rows) {
  return SampleMaker(form, catalogue, seed, today, rows).make();
}

}  // namespace fieldpost
