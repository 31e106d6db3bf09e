// The office's decisions on other records: one record a subject, in the subjects' feeds, by those who may; and the
// official numbers that central gives.
#include <set>

#include "shared/forms/about.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

const Form& form(Laptop& laptop, std::string_view name) {
  const Form* found = laptop.store().catalogue().form(std::string(name));
  REQUIRE(found);
  return *found;
}

FieldKey field(Laptop& laptop, std::string_view of, std::string_view question) {
  return {form(laptop, of).find_in(nullptr, question)->number, ""};
}

Saved decide(Laptop& laptop, std::string_view about, const std::vector<RecordId>& subjects, std::string_view question,
             const std::string& answer) {
  return must(laptop.store().decide(form(laptop, about), subjects, {{field(laptop, about, question), answer}}));
}

RecordId session(Laptop& laptop, const std::string& title) {
  return laptop.create("outreach_session", session_values(title));
}

RecordId request(Laptop& laptop, const std::string& name) {
  return laptop.create(
      "request", {{"full_name", name}, {"date", "2025-10-30"}, {"service_form", "TV"}, {"decision", "waiting"}});
}

void accept(Laptop& laptop, const RecordId& request, const std::string& day = "2025-10-31") {
  laptop.edit(request, {{"decision", "accepted"}, {"accepted_on", day}});
}

RecordId entry_of(const RecordId& request) { return record_about("register_entry", {request}); }

std::string code_of(Laptop& laptop, const RecordId& request) {
  const auto state = must(laptop.store().state(entry_of(request)));
  return state ? laptop.values(entry_of(request))["code"].get<std::string>() : "";
}

std::int64_t held(Laptop& laptop) { return must(laptop.store().status()).held; }

std::int64_t reviews(Laptop& laptop) {
  View::Query query;
  query.form = "review";
  return must(laptop.store().count(query));
}

}  // namespace

TEST_CASE("two offices that decide on the same pair apart write one record, and a different answer is a conflict") {
  Fleet fleet;
  Laptop& ngoc = fleet.enrol("Ngọc", Role::reconciler, "tt");
  Laptop& phuc = fleet.enrol("Phúc", Role::reconciler, "tt");
  const RecordId a = ngoc.create("person", {{"full_name", "Nguyễn Văn Tám"}});
  const RecordId b = ngoc.create("person", {{"full_name", "Nguyễn Văn Tám"}});
  ngoc.sync();
  phuc.sync();
  const Saved one = decide(ngoc, "same_as", {a, b}, "decision", "same");
  const Saved other = decide(phuc, "same_as", {b, a}, "decision", "not_same");
  CHECK(one.record == other.record);
  ngoc.sync();
  phuc.sync();
  ngoc.sync();
  const std::vector<Rivals> rivals = must(ngoc.store().conflicts());
  REQUIRE(rivals.size() == 1);  // which records they are about is no matter of dispute
  CHECK(rivals[0].conflict.field.field == field(ngoc, "same_as", "decision"));
  CHECK(ngoc.digest() == phuc.digest());
  must(phuc.store().resolve(one.record, rivals[0].conflict.field, std::string("not_same"), "khác năm sinh"));
  phuc.sync();
  ngoc.sync();
  CHECK(ngoc.values(one.record)["decision"] == "not_same");
}

TEST_CASE("what is decided about a record goes where the record goes, whichever comes to central first") {
  Fleet fleet;
  Laptop& field_laptop = fleet.enrol("An", Role::recorder, "hg");
  Laptop& elsewhere = fleet.enrol("Bình", Role::recorder, "cm");
  Laptop& office = fleet.enrol("Ngọc", Role::reconciler, "tt");
  const RecordId record = session(field_laptop, "Quyền được trợ giúp pháp lý");
  field_laptop.sync();
  office.sync();
  fleet.backup();
  const Saved review = decide(office, "review", {record}, "office", "returned");
  office.sync();
  field_laptop.sync();
  elsewhere.sync();
  CHECK(field_laptop.values(review.record)["office"] == "returned");
  CHECK(reviews(elsewhere) == 0);
  // Whoever may edit the record may answer the review.
  decide(field_laptop, "review", {record}, "team", "submitted");
  field_laptop.sync();
  CHECK(held(field_laptop) == 0);
  office.sync();
  CHECK(office.values(review.record)["team"] == "submitted");

  SUBCASE("also at a central that hears of the review before the record") {
    Fleet young;
    Laptop& writer = young.enrol("An", Role::recorder, "hg");
    Laptop& clerk = young.enrol("Ngọc", Role::reconciler, "tt");
    const RecordId unsent{must(EntityId::from_bytes(Bytes(16, 7)))};
    const Saved early = decide(clerk, "review", {unsent}, "office", "returned");
    clerk.sync();
    CHECK(held(clerk) == 0);
    writer.sync();
    CHECK(reviews(writer) == 0);
    Seen seen = writer.store().start(form(writer, "outreach_session"));
    seen.record = seen.answers.record = unsent;
    writer.save(seen, session_values("Đất đai"));
    writer.sync();
    writer.sync();
    CHECK(writer.values(early.record)["office"] == "returned");
    decide(writer, "review", {unsent}, "team", "submitted");
    writer.sync();
    CHECK(held(writer) == 0);
    clerk.sync();
    CHECK(clerk.values(early.record)["team"] == "submitted");
  }
}

TEST_CASE("a session that is shared later takes what was decided about it along, but never to a partner") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "cm");
  Laptop& station = fleet.enrol("Đồn Khánh Hội", Role::partner, "bp");
  Laptop& office = fleet.enrol("Ngọc", Role::reconciler, "tt");
  const RecordId record = session(an, "Luật Biên phòng");
  an.sync();
  office.sync();
  const Saved review = decide(office, "review", {record}, "office", "accepted");
  office.sync();
  an.sync();
  an.edit(record, {{"co_hosts", "cm bp"}});
  an.sync();
  binh.sync();
  station.sync();
  CHECK(binh.values(review.record)["office"] == "accepted");
  CHECK(station.values(record)["title"] == "Luật Biên phòng");
  CHECK(reviews(station) == 0);
  // Nor about what the station itself reported.
  const RecordId own = session(station, "Buổi của đồn");
  station.sync();
  office.sync();
  decide(office, "review", {own}, "office", "accepted");
  office.sync();
  CHECK(held(office) == 0);
  station.sync();
  CHECK(reviews(station) == 0);
}

TEST_CASE("a station cannot take the review of its own report for itself") {
  Fleet fleet;
  Laptop& station = fleet.enrol("Đồn Khánh Hội", Role::partner, "bp");
  Laptop& office = fleet.enrol("Ngọc", Role::reconciler, "tt");
  const RecordId own = session(station, "Buổi của đồn");
  decide(station, "review", {own}, "team", "submitted");
  station.sync();
  CHECK(held(station) == 1);
  office.sync();
  const Saved review = decide(office, "review", {own}, "office", "accepted");
  office.sync();
  CHECK(held(office) == 0);
  CHECK(office.values(review.record)["office"] == "accepted");
}

TEST_CASE("an answer that only the office may give is held where another writes it") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& office = fleet.enrol("Ngọc", Role::reconciler, "tt");
  Laptop& director = fleet.enrol("Giám đốc", Role::director, "tt");
  const RecordId record = session(an, "Đất đai");
  decide(an, "review", {record}, "office", "accepted");
  an.sync();
  CHECK(held(an) == 1);
  CHECK(must(an.store().attention()).at(0).reason == Reason::outside_write_scope);

  const RecordId lock = office.create("report_lock", {{"from", "2025-09-01"}, {"to", "2025-09-30"}});
  decide(office, "lock_reopening", {lock}, "reopened", "yes");
  office.sync();
  CHECK(held(office) == 1);
  director.sync();
  decide(director, "lock_reopening", {lock}, "reopened", "yes");
  director.sync();
  CHECK(held(director) == 0);
}

TEST_CASE("two clerks who accept at the same time on two laptops get numbers without gap, drawn at central") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& ngoc = fleet.enrol("Ngọc", Role::reconciler, "tt");
  Laptop& phuc = fleet.enrol("Phúc", Role::reconciler, "tt");
  std::vector<RecordId> requests;
  for (int i = 0; i < 6; ++i) requests.push_back(request(an, "Lê Thị " + std::to_string(i)));
  an.sync();
  ngoc.sync();
  phuc.sync();
  for (int i = 0; i < 3; ++i) accept(ngoc, requests[static_cast<std::size_t>(i)]);
  for (int i = 3; i < 5; ++i) accept(phuc, requests[static_cast<std::size_t>(i)]);
  phuc.edit(requests[5], {{"decision", "refused"}});
  phuc.sync();
  ngoc.sync();
  ngoc.edit(requests[0], {{"note", "đã gọi điện"}});  // no second number
  ngoc.sync();
  for (Laptop* laptop : {&an, &ngoc, &phuc}) laptop->sync();
  std::set<std::string> codes;
  for (int i = 0; i < 5; ++i) codes.insert(code_of(an, requests[static_cast<std::size_t>(i)]));
  CHECK(codes ==
        std::set<std::string>{"hg.TV.01.2025", "hg.TV.02.2025", "hg.TV.03.2025", "hg.TV.04.2025", "hg.TV.05.2025"});
  CHECK(code_of(an, requests[3]) == "hg.TV.01.2025");  // whoever reaches central first
  CHECK(code_of(an, requests[5]).empty());
  CHECK(ngoc.digest() == phuc.digest());
  const Endpoint::Registers registers = must(fleet.endpoint().registers(false));
  REQUIRE(registers.books.size() == 1);
  CHECK(registers.books[0].last == 5);

  // A year later the book begins anew; nobody but central writes an entry.
  const RecordId next = request(an, "Trần Văn Chín");
  accept(an, next, "2026-01-05");
  an.sync();
  an.sync();
  CHECK(code_of(an, next) == "hg.TV.01.2026");
  decide(an, "register_entry", {requests[5]}, "code", "hg.TV.09.2025");
  an.sync();
  CHECK(held(an) == 1);
}

TEST_CASE("a request that stands in a conflict waits for its number until somebody has settled it") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& ngoc = fleet.enrol("Ngọc", Role::reconciler, "tt");
  const RecordId record = request(an, "Lê Thị Hai");
  an.sync();
  ngoc.sync();
  accept(ngoc, record);
  an.edit(record, {{"decision", "refused"}});
  an.sync();
  ngoc.sync();
  ngoc.sync();
  CHECK(code_of(ngoc, record).empty());
  const std::vector<Rivals> rivals = must(ngoc.store().conflicts());
  REQUIRE(rivals.size() == 1);
  must(ngoc.store().resolve(record, rivals[0].conflict.field, std::string("accepted"), "đủ giấy tờ"));
  ngoc.sync();
  ngoc.sync();
  CHECK(code_of(ngoc, record) == "hg.TV.01.2025");
}

TEST_CASE("after a restore no number is given twice: the office says when those given before are known again") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& office = fleet.enrol("Ngọc", Role::reconciler, "tt");
  const RecordId first = request(an, "Một"), second = request(an, "Hai"), third = request(an, "Ba");
  accept(an, first);
  an.sync();
  fleet.backup();
  accept(an, second);
  an.sync();
  an.sync();
  CHECK(code_of(an, second) == "hg.TV.02.2025");
  fleet.restore();

  office.sync();
  accept(office, first);
  const RecordId fourth = office.create("request", {{"full_name", "Bốn"},
                                                    {"date", "2025-10-31"},
                                                    {"service_form", "TV"},
                                                    {"decision", "accepted"},
                                                    {"accepted_on", "2025-10-31"}});
  office.sync();
  office.sync();
  CHECK(code_of(office, fourth).empty());
  CHECK(must(fleet.endpoint().registers(false)).waits);
  accept(an, third);
  an.sync();
  an.sync();
  CHECK(code_of(an, third).empty());

  const Endpoint::Registers resumed = must(fleet.endpoint().registers(true));
  CHECK_FALSE(resumed.waits);
  CHECK(resumed.numbered == 2);
  for (Laptop* laptop : {&an, &office, &an}) laptop->sync();
  CHECK(code_of(office, first) == "hg.TV.01.2025");
  CHECK(code_of(office, second) == "hg.TV.02.2025");
  CHECK(code_of(office, third) == "hg.TV.03.2025");
  CHECK(code_of(office, fourth) == "tt.TV.01.2025");
  for (Laptop* laptop : {&an, &office}) CHECK(must(laptop->store().verify()).ok);
  CHECK(office.digest() == fleet.central_digest());
}
