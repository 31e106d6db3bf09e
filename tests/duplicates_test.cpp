// Who is recorded twice in a store, what is decided about it, and how it is taken back; the same on the command line.
#include <doctest/doctest.h>

#include "shared/forms/about.h"
#include "shared/matching/attendance.h"
#include "shared/matching/decide.h"
#include "shared/matching/duplicates.h"
#include "tests/support/laptop.h"
#include "tests/support/programs.h"

using namespace fieldpost;
using namespace fieldpost::test;
using Json = nlohmann::json;

namespace {

using Decided = SameDecision::Decided;

Json buoi(const char* name = "Trần Thị Bưởi", const char* birth = "1975") {
  return {{"full_name", name},
          {"sex", "female"},
          {"birth_date", birth},
          {"place", "32059@post-2025-07"},
          {"hamlet", "ấp 7"}};
}

Json session(const char* title, const char* start, const char* hamlet) {
  return {{"title", title},    {"date", "2026-03-14"},          {"start_time", start},
          {"format", "TT_CS"}, {"place", "32059@post-2025-07"}, {"hamlet", hamlet}};
}

struct Desk : LaptopStore {
  Desk() : LaptopStore(shipped_catalogue()) {}
  std::vector<DuplicatePair> pairs(std::string_view form = {}) {
    return Duplicates(store->database(), catalogue).pairs(form);
  }
  SameGroups groups() { return SameGroups(read_same_decisions(store->database())); }
  void decide(const RecordId& a, const RecordId& b, Decided decided, std::optional<RecordId> kept = {},
              std::vector<std::string> taken = {}) {
    const auto saved = decide_same(*store, a, b, {decided, kept, std::move(taken)}, "Đã xem giấy tờ");
    REQUIRE_MESSAGE(saved, (saved ? "" : saved.error().message));
    clock.now += 1'000;
  }
  Answers shown(const RecordId& record, const char* form = "person") {
    const auto answers =
        answers_of_group(groups(), record, *catalogue.form(form), [&](const RecordId& of) -> std::optional<Answers> {
          const auto state = store->state(of);
          if (!state || !*state || !(*state)->present) return std::nullopt;
          return (*state)->answers;
        });
    REQUIRE(answers);
    return *answers;
  }
  std::string text_of(const RecordId& record, const char* question) {
    return text_answer_to(*catalogue.form("person"), shown(record), question);
  }
  /// Leaders by record, as reports join them.
  std::map<RecordId, std::pair<RecordId, bool>> joined() {
    std::map<RecordId, std::pair<RecordId, bool>> out;
    create_same_record_table(store->database(), catalogue);
    Statement row = store->database().prepare("SELECT record, leader, official FROM same_record");
    while (row.step()) out[row.id<RecordId>(0)] = {row.id<RecordId>(1), row.integer(2) != 0};
    return out;
  }
};

}  // namespace

TEST_CASE("a person who is recorded twice is proposed once, and not again when it is decided, either way") {
  Desk desk;
  const RecordId a = desk.keep("person", buoi()), b = desk.keep("person", buoi("tran thi buoi"));
  desk.keep("person", buoi("Lý Thị Hoa", "1950"));
  const auto pairs = desk.pairs();
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].one == std::min(a, b));
  CHECK(pairs[0].other == std::max(a, b));
  CHECK(pairs[0].form == "person");
  CHECK(pairs[0].match.certainty == Certainty::likely);
  CHECK(desk.pairs("outreach_session").empty());

  desk.decide(a, b, Decided::same);
  CHECK(desk.pairs().empty());
  desk.decide(b, a, Decided::not_same);
  CHECK(desk.pairs().empty());
  CHECK(desk.groups().leaders().empty());
  // Taken back, the question stands again.
  desk.decide(a, b, Decided::undecided);
  CHECK(desk.pairs().size() == 1);
}

TEST_CASE("what is one shows the leader's answers with those taken from the other; undo restores exactly") {
  Desk desk;
  Json with_phone = buoi("Trần Thị Bưởi", "2/9/1975");
  with_phone["birth_date"] = "1975-09-02";
  with_phone["phone"] = "0912345678";
  const RecordId a = desk.keep("person", buoi()), b = desk.keep("person", with_phone);
  const Fields own_a = desk.shown(a).fields, own_b = desk.shown(b).fields;
  const std::string pairs_before = text(desk.pairs().at(0).one);

  desk.decide(a, b, Decided::same, a, {"phone", "birth_date"});
  CHECK(desk.groups().leader(b) == a);
  CHECK(desk.groups().leader(a) == a);
  CHECK(desk.groups().members(b) == std::vector<RecordId>{a, b});
  // Any of the ids finds the same person.
  CHECK(desk.text_of(b, "phone") == "0912345678");
  CHECK(desk.text_of(a, "full_name") == "Trần Thị Bưởi");
  CHECK(std::get<CivilDate>(*answer_to(*desk.catalogue.form("person"), desk.shown(a), "birth_date")) ==
        CivilDate{1975, 9, 2});
  CHECK(desk.joined().at(b) == std::pair(a, false));
  CHECK(desk.joined().at(a) == std::pair(a, true));
  // Neither record was touched.
  CHECK(desk.store->history(a)->size() == 1);
  CHECK(desk.store->history(b)->size() == 1);

  desk.decide(a, b, Decided::undecided);
  CHECK(desk.shown(a).fields == own_a);
  CHECK(desk.shown(b).fields == own_b);
  CHECK(desk.joined().empty());
  CHECK(text(desk.pairs().at(0).one) == pairs_before);
  const auto answer = same_answer(*desk.store, a, b);
  REQUIRE(answer);
  CHECK(!answer->kept);
  CHECK(answer->taken.empty());
}

TEST_CASE("who leads three is the one that is kept and never given up, else the smallest id") {
  Desk desk;
  std::vector<RecordId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(desk.keep("person", buoi()));
  std::sort(ids.begin(), ids.end());
  desk.decide(ids[0], ids[1], Decided::same);
  desk.decide(ids[1], ids[2], Decided::same);
  CHECK(desk.groups().leader(ids[2]) == ids[0]);
  // Two decisions make three one: nothing is asked about the third pair.
  CHECK(desk.pairs().empty());
  desk.decide(ids[1], ids[2], Decided::same, ids[2]);
  CHECK(desk.groups().leader(ids[0]) == ids[2]);
  desk.decide(ids[0], ids[1], Decided::same, ids[0]);
  CHECK(desk.groups().leader(ids[1]) == ids[0]);
  CHECK(desk.groups().members(ids[1]) == std::vector<RecordId>{ids[0], ids[1], ids[2]});
}

TEST_CASE("answers of a third record reach the leader through the one between") {
  Desk desk;
  std::vector<RecordId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(desk.keep("person", buoi()));
  std::sort(ids.begin(), ids.end());
  desk.edit(ids[2], {{"phone", "0987654321"}});
  desk.decide(ids[0], ids[1], Decided::same, ids[0], {"phone"});
  desk.decide(ids[1], ids[2], Decided::same, ids[1], {"phone"});
  CHECK(desk.text_of(ids[2], "phone") == "0987654321");
}

TEST_CASE("a contradiction is shown on top, and nothing is settled by itself") {
  Desk desk;
  std::vector<RecordId> ids;
  for (int i = 0; i < 3; ++i) ids.push_back(desk.keep("person", buoi()));
  std::sort(ids.begin(), ids.end());
  desk.decide(ids[0], ids[2], Decided::not_same);
  desk.decide(ids[0], ids[1], Decided::same);
  // 0 is not 2, and 0 is 1: so 1 is not 2, unless somebody says so.
  CHECK(desk.pairs().empty());
  desk.decide(ids[1], ids[2], Decided::same);
  const auto pairs = desk.pairs();
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0].one == ids[0]);
  CHECK(pairs[0].other == ids[2]);
  CHECK(pairs[0].match.reasons == std::vector<MatchReason>{MatchReason::contradicted});
  CHECK(Duplicates(desk.store->database(), desk.catalogue).of(ids[0]).size() == 1);
  desk.decide(ids[0], ids[2], Decided::undecided);
  CHECK(desk.pairs().empty());
  CHECK(desk.groups().leader(ids[2]) == ids[0]);
}

TEST_CASE("two who decided differently have decided nothing until the conflict is settled") {
  Desk desk;
  const RecordId a = desk.keep("person", buoi()), b = desk.keep("person", buoi());
  desk.decide(a, b, Decided::same);
  const RecordId decision = record_about(same_as_form, {a, b});
  Result<Seen> seen = desk.store->see(decision);
  REQUIRE(seen);
  Seen other = *seen;
  const Form& form = *desk.catalogue.form(same_as_form);
  const FieldKey key{form.find_in(nullptr, "decision")->number, ""};
  Edit mine, theirs;
  mine.fields[key] = std::string("not_same");
  theirs.fields[key] = std::string("undecided");
  REQUIRE(desk.store->save(*seen, mine));
  REQUIRE(desk.store->save(other, theirs));
  REQUIRE(desk.store->open_conflicts()->size() == 1);
  CHECK(desk.groups().decision(a, b)->in_conflict);
  CHECK(desk.pairs().size() == 1);
}

TEST_CASE("a deleted record is no candidate, and leads nobody") {
  Desk desk;
  const RecordId a = desk.keep("person", buoi()), b = desk.keep("person", buoi()), c = desk.keep("person", buoi());
  desk.decide(a, b, Decided::same, a);
  desk.decide(a, c, Decided::same, a);
  auto seen = desk.store->see(a);
  REQUIRE(seen);
  Edit gone;
  gone.deleted = true;
  REQUIRE(desk.store->save(*seen, gone));
  const auto joined = desk.joined();
  CHECK(joined.size() == 2);
  CHECK(joined.at(b).first == joined.at(c).first);
  CHECK(joined.at(b).first != a);
  const auto refused = decide_same(*desk.store, a, b, {Decided::not_same, {}, {}}, {});
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::not_found);
}

TEST_CASE("who is being typed is found among persons, of those that are one the leader alone, and never itself") {
  Desk desk;
  const RecordId a = desk.keep("person", buoi()), b = desk.keep("person", buoi());
  desk.keep("person", buoi("Lý Thị Hoa", "1950"));
  const Form& form = *desk.catalogue.form("person");
  const PersonWords typed = person_in(form, (*desk.store->state(b))->answers);
  CHECK(Duplicates(desk.store->database(), desk.catalogue).like(typed, RecordId{}).size() == 2);
  CHECK(Duplicates(desk.store->database(), desk.catalogue).like(typed, a).size() == 1);
  desk.decide(a, b, Decided::same, b);
  const auto found = Duplicates(desk.store->database(), desk.catalogue).like(typed, RecordId{});
  REQUIRE(found.size() == 1);
  CHECK(found[0].record == b);
  CHECK(Duplicates(desk.store->database(), desk.catalogue).like(typed, a).empty());
}

TEST_CASE("one activity with two reports: the signed roster beats a headcount, both are credited, it counts once") {
  Desk desk;
  Json centre = session("Truyền thông TGPL", "08:00", "ấp 7"), station = session("Luật Biên phòng", "08:15", "Ấp 07");
  centre["headcount_total"] = 52;
  centre["lead_organisation"] = "Trung tâm TGPL tỉnh Cà Mau";
  centre["co_hosts"] = "DBP-KHANHHOI";
  station["headcount_total"] = 60;
  station["lead_organisation"] = "Đồn Biên phòng Khánh Hội";
  station["partners"] = "trung tâm tgpl tỉnh cà mau";
  const RecordId a = desk.keep("outreach_session", centre), b = desk.keep("outreach_session", station);
  desk.keep("outreach_session", session("Buổi chiều", "13:30", "ấp 7"));
  const auto pairs = desk.pairs("outreach_session");
  REQUIRE(pairs.size() == 1);
  desk.decide(a, b, Decided::same, a);
  Database& view = desk.store->database();
  const std::vector<RecordId> reports = desk.groups().members(b);
  CHECK(official(attendances(view, desk.catalogue, reports)).report == a);
  CHECK(official(attendances(view, desk.catalogue, reports)).people() == 52);
  CHECK(credited_bodies(view, desk.catalogue, reports) ==
        std::vector<std::string>{"Trung tâm TGPL tỉnh Cà Mau", "DBP-KHANHHOI", "Đồn Biên phòng Khánh Hội"});

  desk.edit(b, {{"paper_roster_signed", "yes"},
                {"roster", Json::array({{{"full_name", "Trần Thị Bưởi"}, {"sex", "female"}},
                                        {{"full_name", "Lý Văn Ba"}, {"sex", "male"}}})}});
  CHECK(official(attendances(view, desk.catalogue, reports)).report == b);
  CHECK(official(attendances(view, desk.catalogue, reports)).people() == 2);
  CHECK(desk.joined().at(b) == std::pair(a, true));
  CHECK(desk.joined().at(a) == std::pair(a, false));
  // The other figure stays in its report.
  CHECK(attendances(view, desk.catalogue, reports)[0].headcount == 52);
}

TEST_CASE("the lead's headcount counts without a signed roster, and another's where the lead counted nobody") {
  Attendance lead, other;
  other.headcount = 60;
  CHECK(&official({lead, other}) != nullptr);
  lead.report.bytes[0] = 1;
  other.report.bytes[0] = 2;
  CHECK(official({lead, other}).report == other.report);
  lead.headcount = 52;
  CHECK(official({lead, other}).report == lead.report);
  other.roster_signed = true;
  CHECK(official({lead, other}).report == other.report);
  lead.roster_signed = true;
  CHECK(official({lead, other}).report == lead.report);
}

TEST_CASE("refusals name what is wrong and write nothing") {
  Desk desk;
  const RecordId a = desk.keep("person", buoi()), b = desk.keep("person", buoi());
  const RecordId s = desk.keep("outreach_session", session("Một buổi", "08:00", "ấp 7"));
  const RecordId c = desk.keep("organisation", {{"full_name", "Đồn"}}),
                 d = desk.keep("organisation", {{"full_name", "Đồn"}});
  const auto code = [&](const RecordId& one, const RecordId& other, const SameAnswer& answer) {
    const auto saved = decide_same(*desk.store, one, other, answer, {});
    REQUIRE_FALSE(saved);
    return saved.error().code;
  };
  CHECK(code(a, a, {Decided::same, {}, {}}) == ErrorCode::invalid_argument);
  CHECK(code(a, s, {Decided::same, {}, {}}) == ErrorCode::invalid_argument);
  CHECK(code(c, d, {Decided::same, {}, {}}) == ErrorCode::invalid_argument);
  CHECK(code(a, RecordId{}, {Decided::same, {}, {}}) == ErrorCode::not_found);
  CHECK(code(a, b, {Decided::same, s, {}}) == ErrorCode::invalid_argument);
  CHECK(code(a, b, {Decided::same, a, {"no_such_question"}}) == ErrorCode::invalid_argument);
  CHECK(code(a, b, {Decided::undecided, {}, {}}) == ErrorCode::not_found);
  CHECK(desk.groups().decision(a, b) == nullptr);
}

TEST_CASE("the command line proposes, decides, refuses and takes back") {
  ScratchFolder folder;
  const Central central(folder / "central");
  const std::string home = (folder / "an").string();
  REQUIRE(ctl({"enrol", central.url(), ticket(central.home(), "reconciler", "CM-01", "An"), "--home", home}).exit ==
          0);
  const auto run = [&](Words words, const std::string& input = "") {
    words.insert(words.end(), {"--home", home, "--json"});
    return ctl(words, input);
  };
  const auto create = [&](const char* form, const Json& values) {
    const Finished made = run({"new", form, "--values", "-"}, values.dump());
    REQUIRE_MESSAGE((made.exit == 0 || made.exit == 3), made.err, made.out);
    return made.json()["record"].get<std::string>();
  };
  Json numbered = buoi();
  numbered["citizen_number"] = "096175001234";
  const std::string a = create("person", numbered), b = create("person", numbered);
  const std::string s = create("outreach_session", session("Một buổi", "08:00", "ấp 7"));

  const Finished found = run({"duplicates", "--form", "person"});
  REQUIRE(found.exit == 0);
  const Json pairs = found.json()["pairs"];
  REQUIRE(pairs.size() == 1);
  CHECK(pairs[0]["one"] == std::min(a, b));
  CHECK(pairs[0]["other"] == std::max(a, b));
  CHECK(pairs[0]["form"] == "person");
  CHECK(pairs[0]["certain"] == true);
  CHECK(pairs[0]["score"].is_number_integer());
  CHECK(pairs[0]["reasons"][0] == "same_number");
  // Ids alone in the JSON; people are named in the text for people.
  CHECK(found.out.find("Bưởi") == std::string::npos);
  const Finished words = ctl({"duplicates", "--home", home});
  CHECK(words.out.find("Bưởi") != std::string::npos);
  CHECK(words.out.find("Cùng số định danh cá nhân") != std::string::npos);
  CHECK(run({"duplicates", "--form", "outreach_session"}).json()["pairs"].empty());
  CHECK(run({"duplicates", "--form", "organisation"}).exit == 1);
  CHECK(run({"duplicates", "--form", "nothing"}).exit == 1);

  CHECK(run({"same", a, a}).exit == 1);
  CHECK(run({"same", a, s}).exit == 1);
  CHECK(run({"same", a, "00000000-0000-7000-8000-000000000000"}).exit == 1);
  CHECK(run({"same", a, "không phải id"}).exit == 1);
  CHECK(run({"same", a}).exit == 2);
  CHECK(run({"undecided", a, b}).exit == 1);

  const Finished decided = run({"same", a, b, "--keep", b, "--take", "phone", "--reason", "Đã xem CCCD"});
  REQUIRE_MESSAGE(decided.exit == 0, decided.err);
  const std::string decision = decided.json()["record"];
  CHECK(run({"duplicates"}).json()["pairs"].empty());
  // The same again writes nothing; the other way round it is the same decision.
  const Finished again = run({"same", b, a, "--keep", b, "--take", "phone"});
  CHECK(again.exit == 0);
  CHECK(again.json()["record"] == decision);
  CHECK(again.json()["change"].is_null());
  REQUIRE(run({"not-same", b, a, "--reason", "Hai chị em"}).exit == 0);
  CHECK(run({"show", decision}).json()["values"]["decision"] == "not_same");
  REQUIRE(run({"undecided", a, b}).exit == 0);
  CHECK(run({"duplicates"}).json()["pairs"] == pairs);
  CHECK(run({"show", decision, "--history"}).json()["history"].size() == 3);
  CHECK(run({"verify"}).exit == 0);
}
