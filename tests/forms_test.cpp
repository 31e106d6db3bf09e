// Forms: the loader, the shipped forms, validation and logic.
#include <doctest/doctest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/forms/assets.h"
#include "shared/forms/form_loader.h"
#include "shared/forms/json_values.h"
#include "shared/forms/validation.h"
#include "shared/foundation/limits.h"

using namespace fieldpost;
using Json = nlohmann::json;

namespace {

constexpr CivilDate today{2025, 9, 15};

const Form& shipped(std::string_view name) {
  const Form* form = shipped_catalogue().form(name);
  REQUIRE(form);
  return *form;
}

/// The answers as a store would hold them after one save.
Answers answers_of(const Form& form, const Json& values) {
  const Result<Edit> edit = edit_from_json(form, values);
  REQUIRE_MESSAGE(edit, (edit ? "" : edit.error().message));
  Answers out;
  out.record.bytes[0] = 1;
  out.fields = edit->fields;
  for (const Edit::RowEdit& row : edit->rows) {
    Row& added = out.rows.emplace_back();
    added.id.bytes[0] = 2;
    added.id.bytes[14] = static_cast<std::uint8_t>(out.rows.size() >> 8);
    added.id.bytes[15] = static_cast<std::uint8_t>(out.rows.size());
    added.repeat = row.repeat;
    added.fields = row.fields;
  }
  return out;
}

std::vector<Problem> problems_of(const Form& form, const Json& values) {
  return validate(form, answers_of(form, values), shipped_catalogue(), today);
}

/// "question kind severity", one a problem.
std::vector<std::string> brief(const std::vector<Problem>& problems) {
  static const char* kinds[] = {"required",     "constraint",     "wrong_type",
                                "unknown_code", "not_valid_then", "suspicious"};
  std::vector<std::string> out;
  for (const Problem& problem : problems)
    out.push_back(problem.question + " " + kinds[static_cast<std::size_t>(problem.kind)] +
                  (problem.severity == Severity::error ? " error" : " warning"));
  return out;
}

using Lines = std::vector<std::string>;

Json complete_consultation() {
  return {
      {"date", "2025-09-10"},  {"place", "32059@post-2025-07"}, {"full_name", "Nguyễn Thị Bưởi"},
      {"sex", "female"},       {"birth_date", "1961"},          {"eligibility", {"HN"}},
      {"used_category", "HN"}, {"legal_field", "DD"},           {"summary", "Tranh chấp ranh đất với hộ giáp ranh."},
      {"outcome", "answered"}};
}

std::vector<std::string> faults_of(std::string_view json) {
  const auto loaded = load_form(json, {"yes_no"});
  std::vector<std::string> out;
  if (const auto* faults = std::get_if<std::vector<FormFault>>(&loaded))
    for (const FormFault& fault : *faults) out.push_back(fault.place + ": " + fault.message);
  return out;
}

bool has(const std::vector<std::string>& lines, std::string_view start) {
  return std::any_of(lines.begin(), lines.end(), [&](const std::string& line) { return line.starts_with(start); });
}

std::string form_with(const std::string& questions) {
  return R"j({"name":"f","version":1,"class":"open","label::vi":"Mẫu","label::en":"Form","questions":[)j" +
         questions + "]}";
}

}  // namespace

TEST_CASE("every shipped form loads without a fault") {
  const auto lists = shipped_catalogue().list_names();
  std::size_t count = 0;
  for (const Asset& asset : assets()) {
    if (!asset.path.starts_with("forms/")) continue;
    ++count;
    CAPTURE(asset.path);
    const auto loaded = load_form(asset.content, lists);
    REQUIRE(std::holds_alternative<Form>(loaded));
    const Form& form = std::get<Form>(loaded);
    const std::string older = "forms/older/" + form.name + "-" + std::to_string(form.version) + ".json";
    CHECK(asset.path == (asset.path.starts_with("forms/older/") ? older : "forms/" + form.name + ".json"));
  }
  CHECK(count >= 11);
  for (const char* name : {"outreach_session", "training_class", "consultation", "person", "organisation", "provider",
                           "referral", "request"})
    CHECK(shipped_catalogue().form(name) != nullptr);
}

TEST_CASE("every label of a shipped form is there in Vietnamese and English, and numbers are unique") {
  for (const auto& [name, versions] : shipped_catalogue().forms) {
    const Form& form = versions.rbegin()->second;
    CAPTURE(name);
    CHECK_FALSE(form.label.vi.empty());
    CHECK_FALSE(form.label.en.empty());
    std::set<std::uint32_t> numbers;
    for (const Question* question : form.all()) {
      CAPTURE(question->name);
      if (question->number != 0) CHECK(numbers.insert(question->number).second);
      const bool shown = question->type != QuestionType::calculate || !question->label.vi.empty();
      if (shown) CHECK_FALSE((question->label.vi.empty() || question->label.en.empty()));
      if (question->constraint)
        CHECK_FALSE((question->constraint_message.vi.empty() || question->constraint_message.en.empty()));
    }
  }
}

TEST_CASE("partners see no personal question, no roster, no difficulties and no eligibility") {
  for (const auto& [name, versions] : shipped_catalogue().forms)
    for (const Question* question : versions.rbegin()->second.all()) {
      if (!question->partner) continue;
      CAPTURE(name);
      CAPTURE(question->name);
      CHECK_FALSE(question->personal);
      CHECK(versions.rbegin()->second.record_class == RecordClass::session);
      CHECK(versions.rbegin()->second.repeat_of(*question) == nullptr);
      CHECK(question->type != QuestionType::repeat);
      CHECK(question->name != "difficulties");
    }
  CHECK(shipped("outreach_session").find("headcount_total")->partner);
  CHECK_FALSE(shipped("outreach_session").find("roster")->partner);
}

TEST_CASE("what a shipped form leads to is a shipped form that names it, and takes answers of the same kind over") {
  std::size_t seen = 0;
  for (const auto& [name, versions] : shipped_catalogue().forms)
    for (const FollowUp& follow_up : versions.rbegin()->second.follow_ups) {
      ++seen;
      CAPTURE(name);
      const Form& next = shipped(follow_up.form);
      const Question* link = next.find_in(nullptr, follow_up.link);
      REQUIRE(link);
      CHECK(link->type == QuestionType::record);
      CHECK(link->target == name);
      for (const std::string& taken : follow_up.takes) {
        CAPTURE(taken);
        const Question* from = versions.rbegin()->second.find_in(nullptr, taken);
        const Question* to = next.find_in(nullptr, taken);
        REQUIRE(from);
        REQUIRE(to);
        CHECK(from->type == to->type);
        CHECK(from->list == to->list);
        CHECK(from->target == to->target);
        CHECK((!from->personal || to->personal));  // personal data stays marked as such
      }
    }
  CHECK(seen >= 4);
}

TEST_CASE("a follow-up that is told wrongly is a fault with its place") {
  const auto faults = [](const std::string& follow_up) {
    const auto loaded = load_form(
        R"({"name": "a", "version": 1, "class": "open", "label::vi": "A", "label::en": "A", "questions": [
             {"type": "text", "name": "b", "number": 1, "label::vi": "B", "label::en": "B"}],
            "follow_ups": [)" +
            follow_up + "]}",
        {});
    std::string out;
    if (const auto* found = std::get_if<std::vector<FormFault>>(&loaded))
      for (const FormFault& fault : *found) out += fault.place + ": " + fault.message + "\n";
    return out;
  };
  CHECK(faults(R"({"form": "c", "link": "a", "label::vi": "C", "label::en": "C", "when": "${b} = 'x'"})").empty());
  CHECK(faults("7") == "follow_ups[0]: a follow-up is a JSON object\n");
  CHECK(faults(R"({"form": "c", "label::vi": "C", "label::en": "C"})") == "follow_ups[0].link: is missing\n");
  CHECK(faults(R"({"form": "c", "link": "a", "label::vi": "C", "label::en": "C", "takes": ["d"]})") ==
        "follow_ups[0].takes: d is no question of the record itself\n");
  CHECK(faults(R"({"form": "c", "link": "a", "label::vi": "C", "label::en": "C", "when": "${d}"})")
            .starts_with("follow_ups[0].when: "));
}

TEST_CASE("deadlines in working days leave out weekends and the days of the list") {
  const auto due = [](const std::string& date, const std::string& hard_area) {
    const Form& form = shipped("request");
    const Answers answers = answers_of(form, {{"date", date}, {"proof_state", "promised"}, {"hard_area", hard_area}});
    const FormLogic logic(form, answers, shipped_catalogue(), {2026, 12, 1});
    const Value value = logic.calculated(*form.find("papers_due"), nullptr);
    return std::holds_alternative<CivilDate>(value) ? iso_text(std::get<CivilDate>(value)) : std::string("absent");
  };
  CHECK(due("2026-11-16", "no") == "2026-11-23");   // a Monday: Tuesday to Friday, then Monday
  CHECK(due("2026-11-16", "yes") == "2026-11-30");  // ten where life is hardest
  CHECK(due("2026-02-13", "no") == "2026-02-27");   // over the Lunar New Year
  CHECK(due("2026-08-20", "no") == "2026-08-26");   // Saturday 22 August was worked, in lieu
  CHECK(due("2026-11", "no") == "absent");
}

TEST_CASE("sample values of every form are valid, and the same for the same seed") {
  for (const auto& [name, versions] : shipped_catalogue().forms) {
    const Form& form = versions.rbegin()->second;
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
      CAPTURE(name);
      CAPTURE(seed);
      const std::size_t rows = seed % 10 == 0 ? 40 : 6;
      const Json values = sample_values(form, shipped_catalogue(), seed, today, rows);
      const std::vector<Problem> problems = problems_of(form, values);
      CHECK_MESSAGE(problems.empty(), (problems.empty() ? "" : brief(problems)[0]));
      if (seed % 20 == 0) CHECK(values == sample_values(form, shipped_catalogue(), seed, today, rows));
      if (seed == 1) CHECK(values != sample_values(form, shipped_catalogue(), 2, today, rows));
      if (form.find("roster")) CHECK(values["roster"].size() == rows);
    }
  }
}

TEST_CASE("a sample consultation is of the size the benches need: about 25 fields and 1.2 KB") {
  std::size_t bytes = 0, fields = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Json values = sample_values(shipped("consultation"), shipped_catalogue(), seed, today);
    bytes += values.dump().size();
    fields += values.size();
  }
  CHECK(bytes / 100 > 1'000);
  CHECK(bytes / 100 < 1'500);
  CHECK(fields / 100 >= 24);
  CHECK(fields / 100 <= 30);
}

TEST_CASE("a form that is not JSON names line and column") {
  CHECK(has(faults_of("{\n  \"name\": \"f\",\n  \"version\" 1\n}"), "line 3, column 13: not JSON"));
  CHECK(has(faults_of(""), "line 1, column 1: not JSON"));
  CHECK(has(faults_of("{\"name\":\"\xff\"}"), "line 1, column 10: not JSON"));
  CHECK(has(faults_of("[]"), "form: a form is a JSON object"));
  CHECK(has(faults_of(std::string(2 << 20, ' ')), "form: longer than 1 MiB"));
  CHECK_FALSE(faults_of(std::string(100'000, '[')).empty());
}

TEST_CASE("a broken form tells every fault with its place, not the first alone") {
  const auto faults = faults_of(R"j({
    "name": "Broken Form", "version": 0, "class": "secret", "label::vi": "Mẫu hỏng", "colour": "red",
    "title": "{nothing}", "date": "age",
    "questions": [
      {"type": "integer", "name": "age", "number": 1, "label::vi": "Tuổi", "label::en": "Age", "constraint": ". >"},
      {"type": "text", "name": "age", "number": 1, "label::vi": "Lần hai", "label::en": "Twice"},
      {"type": "select_one", "name": "choice", "number": 3, "list": "no_such_list", "label::vi": "Chọn"},
      {"type": "sentence", "name": "what", "number": 4, "label::vi": "Gì", "label::en": "What"},
      {"type": "text", "name": "row", "number": 5, "label::vi": "Dòng", "label::en": "Row", "list": "yes_no", "hints": "x"},
      {"type": "text", "name": "late", "label::vi": "Thiếu số", "label::en": "No number", "relevant": "${nobody} = 1"},
      {"type": "note", "name": "hello", "number": 7, "label::vi": "Chào", "label::en": "Hello"},
      {"type": "calculate", "name": "sums"},
      {"type": "group", "name": "g", "label::vi": "Nhóm", "label::en": "Group", "questions": []},
      {"type": "text", "name": "secret", "number": 9, "personal": true, "partner": true, "label::vi": "Kín", "label::en": "Secret"},
      42
    ]})j");
  for (const char* expected : {"colour: an unknown member",
                               "name: not a name",
                               "version: must be a whole number",
                               "class: no class is named secret",
                               "label::en: is missing",
                               "title: {nothing}",
                               "date: not a question of type date",
                               "questions[0].constraint: column 4: the expression ends too early",
                               "questions[0].constraint_message::vi: is missing",
                               "questions[1].name: the name age is that of questions[0] too",
                               "questions[1].number: the number 1 is that of questions[0] too",
                               "questions[2].list: no code list is named",
                               "questions[2].label::en: is missing",
                               "questions[3].type: no type is named sentence",
                               "questions[4].name: the name row is taken",
                               "questions[4].list: has no meaning for the type text",
                               "questions[4].hints: an unknown member",
                               "questions[5].number: is missing",
                               "questions[5].relevant: column 1: no question has the name",
                               "questions[6].number: has no meaning",
                               "questions[7].calculation: is missing",
                               "questions[8].questions: is empty",
                               "questions[9].partner: personal data is never shown",
                               "questions[10]: a question is a JSON object"})
    CHECK_MESSAGE(has(faults, expected), expected);
}

TEST_CASE("photos and files say in XLSForm's parameters what becomes of them, and a slip is a fault with its place") {
  const auto loaded = [](const std::string& type, const std::string& parameters) {
    const Json question = {{"type", type},        {"name", "paper"},      {"number", 1},
                           {"label::vi", "Giấy"}, {"label::en", "Paper"}, {"parameters", parameters}};
    const Json form = {{"name", "f"},        {"version", 1},        {"class", "open"},
                       {"label::vi", "Mẫu"}, {"label::en", "Form"}, {"questions", Json::array({question})}};
    return load_form(form.dump(), {});
  };
  const auto photo = loaded("image", "max-pixels=1600  max-bytes=4000000");
  REQUIRE(std::holds_alternative<Form>(photo));
  const Question& question = std::get<Form>(photo).questions[0];
  CHECK(question.pixels_max == 1600);
  CHECK(question.bytes_max == 4'000'000);
  CHECK_FALSE(question.keeps_metadata);
  CHECK(std::get<Form>(loaded("image", "metadata=keep")).questions[0].keeps_metadata);
  CHECK(std::get<Form>(loaded("file", "")).questions[0].bytes_max == limits::attachment_bytes_default);
  const auto faults = [&](const std::string& type, const std::string& parameters) {
    const auto result = loaded(type, parameters);
    REQUIRE(std::holds_alternative<std::vector<FormFault>>(result));
    const FormFault& fault = std::get<std::vector<FormFault>>(result)[0];
    CHECK(fault.place == "questions[0].parameters");
    return fault.message;
  };
  CHECK(faults("image", "max-pixels=0") == "max-pixels must be a whole number from 1 to 65535");
  CHECK(faults("image", "max-pixels=1600px") == "max-pixels must be a whole number from 1 to 65535");
  CHECK(faults("file", "max-bytes=999999999999") == "max-bytes must be a whole number from 1 to 67108864");
  CHECK(faults("file", "max-pixels=100") == "the type file has no parameter max-pixels");
  CHECK(faults("image", "quality=low") == "the type image has no parameter quality");
  CHECK(faults("image", "metadata=some") == "metadata must be keep or remove");
  CHECK(faults("image", "max-bytes=1 max-bytes=2") == "max-bytes stands twice");
  CHECK(faults("image", "max-pixels=100 metadata=keep") ==
        "a picture that is scaled loses its metadata: give max-pixels or metadata=keep, not both");
  CHECK(faults("text", "max-bytes=10") == "has no meaning for the type text");
}

TEST_CASE("a member that stands twice in one object is a fault: one of the two would silently win") {
  CHECK(has(
      faults_of(form_with(R"j({"type":"text","name":"a","name":"b","number":1,"label::vi":"A","label::en":"A"})j")),
      "form: the member name stands twice"));
}

TEST_CASE("rows have names of their own, and the record's expressions see them through count and sum alone") {
  const std::string row =
      R"j({"type":"repeat","name":"rows","number":9,"label::vi":"Dòng","label::en":"Rows","questions":[
      {"type":"text","name":"hamlet","number":10,"label::vi":"Ấp","label::en":"Hamlet"},
      {"type":"integer","name":"hours","number":11,"label::vi":"Giờ","label::en":"Hours"}]})j";
  const std::string hamlet = R"j({"type":"text","name":"hamlet","number":1,"label::vi":"Ấp","label::en":"Hamlet"},)j";
  CHECK(faults_of(form_with(hamlet + row)).empty());
  CHECK(
      faults_of(form_with(row + R"j(,{"type":"calculate","name":"total","calculation":"sum(${hours})"})j")).empty());
  CHECK(has(faults_of(form_with(row + R"j(,{"type":"calculate","name":"total","calculation":"${hours} + 1"})j")),
            "questions[1].calculation: ${hours} has no single answer here"));
  CHECK(has(faults_of(form_with(hamlet + row + R"j(,{"type":"calculate","name":"n","calculation":"count(${n})"})j")),
            "questions[2].calculation: ${n} has no rows"));
}

TEST_CASE("questions whose relevance or calculation leads back to themselves are a fault") {
  CHECK(has(faults_of(form_with(R"j({"type":"calculate","name":"a","calculation":"${b} + 1"},
                                   {"type":"calculate","name":"b","calculation":"${a} + 1"})j")),
            "a: depends on itself"));
  CHECK(has(faults_of(form_with(
                R"j({"type":"text","name":"a","number":1,"label::vi":"A","label::en":"A","relevant":"${b} = ''"},
                                   {"type":"text","name":"b","number":2,"label::vi":"B","label::en":"B","relevant":"${a} = ''"})j")),
            "a: depends on itself"));
  CHECK(has(faults_of(form_with(
                R"j({"type":"group","name":"g","label::vi":"G","label::en":"G","relevant":"${a} = ''","questions":[
                                   {"type":"text","name":"a","number":1,"label::vi":"A","label::en":"A"}]})j")),
            "a: depends on itself"));
}

TEST_CASE("no cut or scrambled form crashes the loader") {
  const std::string whole(*find_asset("forms/outreach_session.json"));
  const auto lists = shipped_catalogue().list_names();
  for (std::size_t length = 0; length < whole.size(); length += 97)
    CHECK(std::holds_alternative<std::vector<FormFault>>(load_form(whole.substr(0, length), lists)));
  for (std::size_t at = 0; at < whole.size(); at += 61) {
    std::string changed = whole;
    changed[at] = static_cast<char>(changed[at] ^ 0x15);
    (void)load_form(changed, lists);
  }
}

TEST_CASE("a complete consultation has no problem; a missing answer makes it incomplete") {
  const Form& form = shipped("consultation");
  CHECK(brief(problems_of(form, complete_consultation())) == Lines{});
  Json values = complete_consultation();
  values.erase("outcome");
  values["full_name"] = "";
  const auto problems = problems_of(form, values);
  CHECK(brief(problems) == Lines{"full_name required error", "outcome required error"});
  CHECK(is_incomplete(problems));
  CHECK(problems[0].message.vi == "Chưa có: Họ và tên.");
}

TEST_CASE("a strange citizen number warns and never blocks") {
  const Form& form = shipped("consultation");
  Json values = complete_consultation();
  for (const std::string strange : {"12345", "096091000001", "không nhớ", "099161000001", "123456789"}) {
    CAPTURE(strange);
    values["citizen_number"] = strange;
    const auto problems = problems_of(form, values);
    REQUIRE_FALSE(problems.empty());
    for (const Problem& problem : problems) {
      CHECK(problem.kind == Problem::Kind::suspicious);
      CHECK(problem.severity == Severity::warning);
      CHECK(problem.message.vi.find(strange) == std::string::npos);
    }
    CHECK_FALSE(is_incomplete(problems));
  }
  values["citizen_number"] = "096161000001";
  CHECK(brief(problems_of(form, values)) == Lines{});
}

TEST_CASE("a citizen number in a row is held against the sex and birth year of that row") {
  const Form& form = shipped("outreach_session");
  Json values = {
      {"title", "Truyền thông"}, {"date", "2025-09-10"}, {"place", "32059@post-2025-07"}, {"format", "TT_CS"}};
  values["roster"] = {
      {{"full_name", "Lê Văn Út"}, {"sex", "male"}, {"birth_date", "1961"}, {"citizen_number", "096061000001"}},
      {{"full_name", "Lê Thị Lụa"}, {"sex", "female"}, {"birth_date", "1961"}, {"citizen_number", "096061000002"}}};
  const Answers answers = answers_of(form, values);
  const auto problems = validate(form, answers, shipped_catalogue(), today);
  REQUIRE(brief(problems) == Lines{"citizen_number suspicious warning"});
  CHECK(problems[0].entity == answers.rows[1].id);
}

TEST_CASE("a name without any mark and a strange phone number are worth a look") {
  Json values = complete_consultation();
  values["full_name"] = "Nguyen Thi Buoi";
  values["phone"] = "12345";
  CHECK(brief(problems_of(shipped("consultation"), values)) ==
        Lines{"full_name suspicious warning", "phone suspicious warning"});
}

TEST_CASE("a code list is judged at the record's own date, not at today's") {
  const Form& form = shipped("consultation");
  Json values = complete_consultation();
  values["date"] = "2025-06-30";
  values["place"] = "32059@pre-2025-07";
  values["eligibility"] = {"MBN7"};
  values["used_category"] = "MBN7";
  CHECK(brief(problems_of(form, values)) == Lines{});
  values["date"] = "2025-07-01";
  CHECK(brief(problems_of(form, values)) == Lines{"place not_valid_then warning", "eligibility not_valid_then error",
                                                  "used_category not_valid_then error"});
}

TEST_CASE("an unknown code is an error in a list, a warning for a place, whose list on a laptop grows old") {
  Json values = complete_consultation();
  values["sex"] = "nam";
  values["place"] = "99999@post-2030-01";
  const auto problems = problems_of(shipped("consultation"), values);
  CHECK(brief(problems) == Lines{"place unknown_code warning", "sex unknown_code error"});
}

TEST_CASE("business is no matter for legal aid: it is refused, with a reason") {
  const Form& form = shipped("consultation");
  Json values = complete_consultation();
  values["legal_field"] = "KDTM";
  CHECK(brief(problems_of(form, values)) == Lines{"legal_field constraint error"});
  values["outcome"] = "refused";
  CHECK(brief(problems_of(form, values)) == Lines{"refusal_reason required error"});
  values["refusal_reason"] = "business";
  CHECK(brief(problems_of(form, values)) == Lines{});
}

TEST_CASE("promised papers need their date, which cannot lie before the consultation") {
  const Form& form = shipped("consultation");
  Json values = complete_consultation();
  values["proof_state"] = "promised";
  CHECK(brief(problems_of(form, values)) == Lines{"proof_promised_on required error"});
  values["proof_promised_on"] = "2025-09-01";
  CHECK(brief(problems_of(form, values)) == Lines{"proof_promised_on constraint error"});
  values["proof_promised_on"] = "2025-09-20";
  CHECK(brief(problems_of(form, values)) == Lines{});
}

TEST_CASE("choice filters: sessions offer the formats of sessions, and who pays is one of the programmes named") {
  const Form& form = shipped("outreach_session");
  const Answers answers = answers_of(form, {{"date", "2025-09-10"}, {"programmes", {"NQ01", "TX"}}});
  const FormLogic logic(form, answers, shipped_catalogue(), today);
  for (const Option* option : logic.choices(*form.find("format"), nullptr))
    CHECK(option->columns.at("kind") == "session");
  std::vector<std::string> payers;
  for (const Option* option : logic.choices(*form.find("programme_payer"), nullptr)) payers.push_back(option->code);
  CHECK(payers == Lines{"NQ01", "TX"});
  Json values = {{"title", "x"},        {"date", "2025-09-10"}, {"place", "32059@post-2025-07"},
                 {"format", "TAPHUAN"}, {"programmes", {"TX"}}, {"programme_payer", "NQ01"}};
  CHECK(brief(problems_of(form, values)) == Lines{"format unknown_code error", "programme_payer unknown_code error"});
}

TEST_CASE("an answer that is no longer relevant is kept, hidden, and without problems") {
  const Form& form = shipped("consultation");
  Json values = complete_consultation();
  values["refusal_reason"] = "no_such_reason";
  const Answers answers = answers_of(form, values);
  CHECK(validate(form, answers, shipped_catalogue(), today).empty());
  CHECK(answers.fields.count({form.find("refusal_reason")->number, ""}) == 1);
  const FormLogic logic(form, answers, shipped_catalogue(), today);
  CHECK_FALSE(logic.relevant(*form.find("refusal_reason"), nullptr));
  CHECK(values_to_json(form, answers)["refusal_reason"] == "no_such_reason");
}

TEST_CASE("computed values follow the roster") {
  const Form& form = shipped("training_class");
  const Answers answers = answers_of(form, {{"roster",
                                             {{{"full_name", "Danh Kiểm"}, {"sex", "male"}, {"hours", 16}},
                                              {{"full_name", "Trần Thị Thảo"}, {"sex", "female"}, {"hours", "7.5"}},
                                              {{"full_name", "Lê Thị Lụa"}, {"sex", "female"}}}}});
  const FormLogic logic(form, answers, shipped_catalogue(), today);
  CHECK(logic.calculated(*form.find("roster_count"), nullptr) == Value{std::int64_t{3}});
  CHECK(logic.calculated(*form.find("roster_female"), nullptr) == Value{std::int64_t{2}});
  CHECK(logic.calculated(*form.find("total_hours"), nullptr) == Value{*parse_decimal("23.5")});
  CHECK(logic.default_of(*form.find("date"), nullptr) == Value{today});
}

TEST_CASE("headcounts and hours keep their bounds, in the record and in a row") {
  Json values = {{"title", "Lớp"}, {"date", "2025-09-10"}, {"end_date", "2025-09-09"}, {"hours_planned", 16}};
  values["roster"] = {{{"full_name", "Lê Văn Út"}, {"sex", "male"}, {"role", "learner"}, {"hours", 24}}};
  CHECK(brief(problems_of(shipped("training_class"), values)) ==
        Lines{"end_date constraint error", "hours constraint error"});
  Json session = {{"title", "x"},          {"date", "2025-09-10"},   {"place", "32059@post-2025-07"},
                  {"format", "TT_CS"},     {"start_time", "09:30"},  {"end_time", "08:00"},
                  {"headcount_total", 52}, {"headcount_female", 60}, {"co_hosts", "Đồn Biên phòng"}};
  CHECK(brief(problems_of(shipped("outreach_session"), session)) ==
        Lines{"end_time constraint error", "co_hosts constraint warning", "headcount_female constraint error"});
  session["co_hosts"] = "DBP-KHANHHOI, DBP.DATMUI TTTGPL";
  session["headcount_female"] = 30;
  session["end_time"] = "11:00";
  CHECK(brief(problems_of(shipped("outreach_session"), session)) == Lines{});
}

TEST_CASE("a stored value of another type is pointed at, not misread") {
  const Form& form = shipped("consultation");
  Answers answers = answers_of(form, complete_consultation());
  answers.fields[{form.find("date")->number, ""}] = std::string("hôm qua");
  answers.fields[{form.find("sex")->number, ""}] = std::int64_t{1};
  CHECK(brief(validate(form, answers, shipped_catalogue(), today)) ==
        Lines{"date wrong_type error", "sex wrong_type error"});
  CHECK(own_date(form, answers, today) == today);
}
