#include "shared/forms/json_values.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "shared/forms/validation.h"

using namespace fieldpost;
using Json = nlohmann::json;

namespace {

const Form& session() { return *shipped_catalogue().form("outreach_session"); }
const Form& training() { return *shipped_catalogue().form("training_class"); }

std::string fault_of(const Form& form, const Json& values) {
  const Result<Edit> edit = edit_from_json(form, values);
  return edit ? "none" : edit.error().message;
}

EntityId row_id(std::uint8_t last) {
  EntityId id;
  id.bytes[6] = 0x70;
  id.bytes[15] = last;
  return id;
}

/// Adds an edit to what is there, as a save and a look at the store would.
Answers saved(Answers answers, const Edit& edit) {
  for (const auto& [key, value] : edit.fields) answers.fields[key] = value;
  for (const Edit::RowEdit& change : edit.rows) {
    const EntityId id = change.row.value_or(row_id(static_cast<std::uint8_t>(answers.rows.size() + 1)));
    const auto at =
        std::find_if(answers.rows.begin(), answers.rows.end(), [&](const Row& row) { return row.id == id; });
    if (change.deleted) {
      if (at != answers.rows.end()) answers.rows.erase(at);
      continue;
    }
    Row& row = at == answers.rows.end() ? answers.rows.emplace_back() : *at;
    row.id = id;
    row.repeat = change.repeat;
    for (const auto& [key, value] : change.fields) row.fields[key] = value;
  }
  return answers;
}

Edit edited(const Form& form, const Answers& seen, const Json& values) {
  Result<Edit> edit = edit_from_json(form, values);
  REQUIRE_MESSAGE(edit, (edit ? "" : edit.error().message));
  return without_unchanged(form, std::move(*edit), seen);
}

Answers made(const Form& form, const Json& values) { return saved({}, edited(form, {}, values)); }

}  // namespace

TEST_CASE("what is written is read back the same") {
  const Json values = {{"title", "Truyền thông tại ấp Kinh Hội"}, {"date", "2025-03"},        {"start_time", "08:15"},
                       {"place", "32059@post-2025-07"},           {"topics", {"DD", "HNGD"}}, {"headcount_total", 52},
                       {"topic_note", "Dòng một\nDòng hai"}};
  Json back = values_to_json(session(), made(session(), values));
  CHECK(back["roster"] == Json::array());
  for (const char* repeat : {"roster", "photos"}) back.erase(repeat);
  CHECK(back == values);
}

TEST_CASE("every sample comes back as it went in, rows with their ids beside them") {
  for (const auto& [name, versions] : shipped_catalogue().forms)
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
      const Form& form = versions.rbegin()->second;
      CAPTURE(name);
      CAPTURE(seed);
      const Json values = sample_values(form, shipped_catalogue(), seed, {2025, 9, 15}, 7);
      Json back = values_to_json(form, made(form, values));
      for (const Question* repeat : form.repeats())
        for (Json& row : back[repeat->name]) {
          CHECK(row.contains("_row"));
          row.erase("_row");
        }
      // Lists of codes are sets: they come back in order.
      Json expected = values;
      const auto sort_lists = [&](Json& object, auto&& self) -> void {
        for (auto& [key, value] : object.items())
          if (value.is_array()) {
            if (!value.empty() && value[0].is_string()) std::sort(value.begin(), value.end());
            for (Json& each : value)
              if (each.is_object()) self(each, self);
          }
      };
      sort_lists(expected, sort_lists);
      // A repeat is always there, and a decimal written as text comes back as the number it is.
      const auto plain_decimals = [&](Json& object, const Question* repeat) {
        for (const Question* question : form.questions_of(repeat))
          if (question->type == QuestionType::decimal && object.contains(question->name) &&
              object[question->name].is_string())
            object[question->name] = Json::parse(object[question->name].get<std::string>());
      };
      plain_decimals(expected, nullptr);
      for (const Question* repeat : form.repeats()) {
        if (!expected.contains(repeat->name)) expected[repeat->name] = Json::array();
        for (Json& row : expected[repeat->name]) plain_decimals(row, repeat);
      }
      CHECK(back == expected);
    }
}

TEST_CASE("an edit is a patch: what is not named stays, null clears, what is equal is not written") {
  const Answers seen = made(session(), {{"title", "A"}, {"hamlet", "ấp 7"}, {"headcount_total", 52}});
  const Edit edit =
      edited(session(), seen, {{"title", "A"}, {"hamlet", nullptr}, {"headcount_total", 60}, {"venue", nullptr}});
  CHECK(edit.fields == Fields{{{session().find("hamlet")->number, ""}, Cleared{}},
                              {{session().find("headcount_total")->number, ""}, std::int64_t{60}}});
  const Json after = values_to_json(session(), saved(seen, edit));
  CHECK(after["title"] == "A");
  CHECK_FALSE(after.contains("hamlet"));
  CHECK(edited(session(), seen, {{"hamlet", ""}}).fields.size() == 1);
}

TEST_CASE("a list of codes chooses what it names and unchooses what was seen chosen, option by option") {
  const std::uint32_t topics = session().find("topics")->number;
  const Answers seen = made(session(), {{"topics", {"DD", "HS"}}});
  CHECK(edited(session(), seen, {{"topics", {"DD", "HS"}}}).fields.empty());
  CHECK(edited(session(), seen, {{"topics", {"HS", "HT"}}}).fields ==
        Fields{{{topics, "DD"}, false}, {{topics, "HT"}, true}});
  CHECK(edited(session(), seen, {{"topics", Json::array()}}).fields ==
        Fields{{{topics, "DD"}, false}, {{topics, "HS"}, false}});
  CHECK(edited(session(), seen, {{"topics", nullptr}}).fields ==
        Fields{{{topics, ""}, Cleared{}}, {{topics, "DD"}, false}, {{topics, "HS"}, false}});
}

TEST_CASE("an option edited alone leaves the others alone") {
  const std::uint32_t topics = session().find("topics")->number;
  const Answers seen = made(session(), {{"topics", {"DD", "HS"}}});
  Edit edit;
  edit.fields[{topics, "HT"}] = true;
  CHECK(without_unchanged(session(), edit, seen).fields == Fields{{{topics, "HT"}, true}});
}

TEST_CASE("none of them is an answer, not the same as not asked") {
  const Answers none = made(session(), {{"topics", Json::array()}});
  CHECK(values_to_json(session(), none)["topics"] == Json::array());
  CHECK_FALSE(values_to_json(session(), Answers{}).contains("topics"));
}

TEST_CASE("rows are added, edited by their id and deleted") {
  const Answers seen =
      made(session(), {{"roster",
                        {{{"full_name", "Lê Văn Út"}, {"sex", "male"}, {"eligibility", {"HN", "NCC"}}},
                         {{"full_name", "Lê Thị Lụa"}, {"sex", "female"}}}}});
  REQUIRE(seen.rows.size() == 2);
  const Edit edit = edited(session(), seen,
                           {{"roster",
                             {{{"_row", text(seen.rows[0].id)}, {"sex", "male"}, {"eligibility", {"HN"}}},
                              {{"_row", text(seen.rows[1].id)}, {"_deleted", true}},
                              {{"full_name", "Danh Kiểm"}}}}});
  REQUIRE(edit.rows.size() == 3);
  CHECK(edit.rows[0].fields ==
        Fields{{{session().find_in(session().find("roster"), "eligibility")->number, "NCC"}, false}});
  CHECK(edit.rows[1].deleted);
  CHECK_FALSE(edit.rows[2].row);
  const Json after = values_to_json(session(), saved(seen, edit));
  REQUIRE(after["roster"].size() == 2);
  CHECK(after["roster"][0]["eligibility"] == Json{"HN"});
}

TEST_CASE("an edit of a row that changes nothing and a deletion of a row that is not there are dropped") {
  const Answers seen = made(session(), {{"roster", {{{"full_name", "Lê Văn Út"}}}}});
  const Edit edit = edited(session(), seen,
                           {{"roster",
                             {{{"_row", text(seen.rows[0].id)}, {"full_name", "Lê Văn Út"}},
                              {{"_row", text(row_id(77))}, {"_deleted", true}}}}});
  CHECK(edit.rows.empty());
}

TEST_CASE("a row's question may bear the name of one of the record's") {
  const Answers answers = made(session(), {{"hamlet", "ấp 7"}, {"roster", {{{"hamlet", "ấp 13"}}}}});
  const Json json = values_to_json(session(), answers);
  CHECK(json["hamlet"] == "ấp 7");
  CHECK(json["roster"][0]["hamlet"] == "ấp 13");
}

TEST_CASE("only an unknown question, a wrong type and a broken bound are refused, every one with its place") {
  CHECK(fault_of(session(), {{"colour", "red"}}) == "colour: no question of outreach_session has this name");
  CHECK(fault_of(session(), Json::array()).find("JSON object") != std::string::npos);
  const std::string faults = fault_of(
      session(), {{"title", 5},
                  {"date", "03/03/2025"},
                  {"start_time", "8:15"},
                  {"place", "32059"},
                  {"headcount_total", 52.5},
                  {"leaflets", "ba"},
                  {"topics", "DD"},
                  {"format", {"TT_CS"}},
                  {"when_where", "x"},
                  {"roster_count", 3},
                  {"roster", {{{"full_name", "Lê Văn Út"}}, {{"birth_date", "1961-13"}}, {{"colour", "red"}}, 7}}});
  for (const char* expected : {"title:", "date:", "start_time:", "place:", "headcount_total:", "leaflets:", "topics:",
                               "format:", "when_where:", "roster_count: is computed",
                               "roster[1].birth_date:", "roster[2].colour:", "roster[3]: a row is an object"})
    CHECK_MESSAGE(faults.find(expected) != std::string::npos, expected);
  CHECK(faults.find("1961-13") == std::string::npos);
}

TEST_CASE("texts are NFC; NUL, broken UTF-8 and ten megabytes are refused") {
  const Answers answers = made(session(), {{"title", "Đươ\xcc\x80ng"}});
  CHECK(values_to_json(session(), answers)["title"] == "Đường");
  CHECK_FALSE(edit_from_json(session(), {{"title", std::string("a\0b", 3)}}));
  CHECK_FALSE(edit_from_json(session(), {{"title", "\xff\xfe"}}));
  const Result<Edit> long_text = edit_from_json(session(), {{"topic_note", std::string(10 << 20, 'a')}});
  REQUIRE_FALSE(long_text);
  CHECK(long_text.error().code == ErrorCode::out_of_bounds);
}

TEST_CASE("a code that is in no list is kept: the record is incomplete, not refused") {
  const Answers answers = made(session(), {{"format", "NO_SUCH"}, {"topics", {"XX"}}});
  CHECK(values_to_json(session(), answers)["format"] == "NO_SUCH");
  CHECK(is_incomplete(validate(session(), answers, shipped_catalogue(), {2025, 9, 15})));
}

TEST_CASE("decimals keep their digits, as numbers or as texts") {
  const auto hours = [](const Json& value) {
    return values_to_json(training(), made(training(), {{"hours_planned", value}}))["hours_planned"];
  };
  CHECK(hours(16) == 16);
  CHECK(hours(7.5) == 7.5);
  CHECK(hours("7.50") == 7.5);
  CHECK(hours(0.1) == 0.1);
  CHECK(hours(0.00001) == 0.00001);
  CHECK(hours("0.123456789012345678") == "0.123456789012345678");
  CHECK(fault_of(training(), {{"hours_planned", 0.1234567890123456789}}).find("as a text") != std::string::npos);
  CHECK(fault_of(training(), {{"hours_planned", 1e300}}) != "none");
  CHECK(fault_of(training(), {{"hours_planned", "7,5"}}) != "none");
  CHECK(fault_of(training(), {{"hours_planned", true}}) != "none");
}

// The JSON library writes some numbers with two digits more than they need.
TEST_CASE("a decimal typed as a number of at most fifteen digits is read with these digits, and shown with them") {
  for (const char* digits :
       {"217.94782309", "4.418207255", "0.00637606885", "0.0187984043", "9.33261585213", "-217.94782309"}) {
    CAPTURE(digits);
    const Answers answers = made(training(), {{"hours_planned", Json::parse(digits)}});
    CHECK(answers.fields.at({training().find("hours_planned")->number, ""}) == Value{*parse_decimal(digits)});
    const Json shown = values_to_json(training(), answers)["hours_planned"];
    CHECK((shown.is_string() ? shown.get<std::string>() : shown.dump()) == digits);
    CHECK(made(training(), {{"hours_planned", shown}}).fields == answers.fields);
  }
}

TEST_CASE("whole numbers keep 64 bits") {
  const Json largest = INT64_MAX;
  CHECK(values_to_json(session(), made(session(), {{"leaflets", largest}}))["leaflets"] == largest);
  CHECK(fault_of(session(), {{"leaflets", Json(UINT64_MAX)}}).find("64 bits") != std::string::npos);
}

TEST_CASE("a record and a row are deleted by a mark") {
  CHECK(edited(session(), {}, {{"_deleted", true}}).deleted);
  CHECK(fault_of(session(), {{"_deleted", "yes"}}) != "none");
  CHECK(fault_of(session(), {{"roster", {{{"_deleted", true}}}}}).find("needs its _row") != std::string::npos);
  CHECK(fault_of(session(), {{"roster", {{{"_row", "x"}}}}}).find("roster[0]._row: needs the id") !=
        std::string::npos);
  const std::string id = text(row_id(1));
  CHECK(fault_of(session(), {{"roster", {{{"_row", id}}, {{"_row", id}}}}}).find("named twice") != std::string::npos);
  CHECK(fault_of(session(), {{"roster", {{{"_row", id}, {"_deleted", true}, {"note", "x"}}}}}) != "none");
}

TEST_CASE("one value from text, by the question's type") {
  const auto from = [](const char* name, const char* typed) { return value_from_text(*session().find(name), typed); };
  CHECK(*from("date", "3/3/2025") == Value{CivilDate{2025, 3, 3}});
  CHECK(*from("date", "2025-03") == Value{CivilDate{2025, 3, 0}});
  CHECK(*from("start_time", "8h15") == Value{std::string("08:15")});
  CHECK(*from("headcount_total", "52") == Value{std::int64_t{52}});
  CHECK(*from("place", "32059@post-2025-07") == Value{std::string("32059@post-2025-07")});
  CHECK(*from("topics", "true") == Value{true});
  CHECK(*from("title", "") == Value{});
  CHECK_FALSE(from("date", "hôm nay"));
  CHECK_FALSE(from("headcount_total", "năm hai"));
  CHECK_FALSE(from("headcount_total", "5.2"));
  CHECK_FALSE(from("headcount_total", "052"));
  CHECK(*json_from_text(*session().find("topics"), "DD; HS") == Json{"DD", "HS"});
  CHECK(*json_from_text(*session().find("topics"), "") == Json());
  CHECK(*json_from_text(*training().find("hours_planned"), "7.5") == Json(7.5));
}
