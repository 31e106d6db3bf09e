// The office desk: the review of a record, what is due when, one inbox, who has taken on what, who holds what.
#include <algorithm>

#include "shared/desk/claims.h"
#include "shared/desk/fleet.h"
#include "shared/desk/inbox.h"
#include "shared/desk/reviewed_records.h"
#include "shared/forms/about.h"
#include "shared/forms/working_days.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;

CivilDate day(std::string_view iso) { return must(parse_iso_date(iso)); }

Matter request_of(std::string_view date) {
  Matter matter;
  matter.date = day(date);
  return matter;
}

std::optional<Deadline> deadline(const Matter& matter, DeadlineKind kind) {
  for (const Deadline& one : deadlines_of(matter, shipped_catalogue()))
    if (one.kind == kind) return one;
  return std::nullopt;
}

nlohmann::json whole_session(const std::string& title) {
  return {{"title", title},
          {"date", "2025-10-31"},
          {"place", "31999@post-2025-07"},
          {"format", "MAU"},
          {"headcount_total", 60}};
}

ReviewState state_on(Laptop& laptop, const RecordId& record) { return must(review_of(laptop.store(), record)).state; }

void accept_on(Laptop& laptop, const RecordId& record) {
  must(accept(laptop.store(), record, must(review_of(laptop.store(), record)).mark));
  laptop.clock.ms += 1000;
}

std::vector<InboxItem> inbox_of(Laptop& laptop, std::vector<CandidatePair> pairs = {}) {
  InboxRequest request;
  request.now_ms = laptop.clock.ms;
  request.candidates = [&]() -> Result<std::vector<CandidatePair>> { return pairs; };
  return must(read_inbox(laptop.store(), request));
}

std::vector<InboxItem> of_kind(const std::vector<InboxItem>& items, InboxKind kind) {
  std::vector<InboxItem> out;
  std::copy_if(items.begin(), items.end(), std::back_inserter(out),
               [&](const InboxItem& item) { return item.kind == kind; });
  return out;
}

/// A team's laptop, a colleague's, and two clerks' at the office, of one unit: a record reaches all of them.
struct Province {
  Fleet fleet;
  Laptop& team = fleet.enrol("Đoàn 1", Role::recorder, "CM-01");
  Laptop& colleague = fleet.enrol("Đoàn 2", Role::provider, "CM-01");
  Laptop& clerk = fleet.enrol("Văn thư", Role::reconciler, "CM-01");
  Laptop& other_clerk = fleet.enrol("Trợ lý", Role::reconciler, "CM-01");
  /// The catalogue's first commune and session format: a session of the team in which nothing is lacking.
  RecordId session(const std::string& title) {
    nlohmann::json values = whole_session(title);
    values["place"] = fleet.catalogue().places.places().rbegin()->first;
    for (const fieldpost::Option& option : fleet.catalogue().list("outreach_formats")->options)
      if (option.columns.contains("kind") && option.columns.at("kind") == "session") values["format"] = option.code;
    return team.create("outreach_session", values);
  }
  void sync_all() {
    for (int round = 0; round < 2; ++round)
      for (Laptop* laptop : {&team, &colleague, &clerk, &other_clerk}) laptop->sync();
  }
};

}  // namespace

TEST_CASE("papers are due within 5 working days of a request, 10 in a hard area, and Tết does not count") {
  Matter matter = request_of("2026-02-12");  // a Thursday; 16 to 20 February are Tết
  matter.proof_state = "promised";
  CHECK(deadline(matter, DeadlineKind::papers)->due == day("2026-02-26"));
  matter.hard_area = true;
  CHECK(deadline(matter, DeadlineKind::papers)->due == day("2026-03-05"));
  matter.proof_state = "original_seen";
  CHECK(!deadline(matter, DeadlineKind::papers));
}

TEST_CASE("promised papers are due on the day that was promised, and not before papers are due at all") {
  Matter matter = request_of("2025-10-01");
  matter.proof_state = "promised";
  matter.proof_promised_on = day("2025-10-03");
  CHECK(deadlines_of(matter, shipped_catalogue()).front().kind == DeadlineKind::promised_papers);
  CHECK(deadline(matter, DeadlineKind::promised_papers)->due == day("2025-10-03"));
  matter.decision = "withdrawn";
  CHECK(deadlines_of(matter, shipped_catalogue()).empty());
}

TEST_CASE("a provider is appointed within 3 working days, and within 12 hours where somebody is held") {
  Matter matter = request_of("2026-02-13");
  matter.decision = "accepted";
  matter.accepted_on = day("2026-02-13");  // the last working day before Tết
  matter.service_form = "TGTT";
  CHECK(deadline(matter, DeadlineKind::appointment)->due == day("2026-02-25"));
  CHECK(!deadline(matter, DeadlineKind::appointment)->due_ms);

  matter.held = true;
  const std::int64_t evening = day_number(*matter.accepted_on) * day_ms + 9 * 3'600'000;  // 16:00 in Vietnam
  matter.written_at = evening;
  Deadline due = *deadline(matter, DeadlineKind::appointment);
  CHECK(*due.due_ms == evening + 12 * 3'600'000);
  CHECK(due.due == day("2026-02-14"));
  CHECK(urgency_of(due, evening, shipped_catalogue()) == Urgency::soon);
  CHECK(urgency_of(due, *due.due_ms + 1, shipped_catalogue()) == Urgency::overdue);
  // The hour is not known: the day's beginning counts, and nothing is said to be later than it is.
  matter.written_at = evening + day_ms;
  due = *deadline(matter, DeadlineKind::appointment);
  CHECK(*due.due_ms == day_number(*matter.accepted_on) * day_ms + 5 * 3'600'000);

  matter.appointed_on = day("2026-02-13");
  CHECK(!deadline(matter, DeadlineKind::appointment));
}

TEST_CASE(
    "a written answer is due after 10 days, 30 where the matter is complex, and the file 30 days after the end") {
  Matter matter = request_of("2025-10-01");
  matter.decision = "accepted";
  matter.accepted_on = day("2025-10-02");
  matter.service_form = "TV";
  CHECK(deadline(matter, DeadlineKind::written_answer)->due == day("2025-10-12"));
  matter.complex = true;
  CHECK(deadline(matter, DeadlineKind::written_answer)->due == day("2025-11-01"));
  matter.answered_on = day("2025-10-20");
  matter.ended_on = day("2025-10-21");
  CHECK(!deadline(matter, DeadlineKind::written_answer));
  CHECK(deadline(matter, DeadlineKind::file_handover)->due == day("2025-11-20"));
  matter.file_handed_on = day("2025-11-01");
  CHECK(deadlines_of(matter, shipped_catalogue()).empty());
}

TEST_CASE("an appointment slip is answered on its day, at most 10 working days after the consultation") {
  Matter matter;
  matter.kind = Matter::Kind::consultation;
  matter.date = day("2026-02-09");
  matter.has_slip = true;
  CHECK(deadline(matter, DeadlineKind::slip_answer)->due == day("2026-03-02"));
  matter.answer_due = day("2026-02-13");
  CHECK(deadline(matter, DeadlineKind::slip_answer)->due == day("2026-02-13"));
  matter.answer_due = day("2026-06-01");  // a promise does not lengthen what the rule allows
  CHECK(deadline(matter, DeadlineKind::slip_answer)->due == day("2026-03-02"));
  matter.answered_on = day("2026-02-12");
  CHECK(deadlines_of(matter, shipped_catalogue()).empty());
}

TEST_CASE("what is due today or within two working days is near, and a weekend is jumped over") {
  const std::int64_t friday = day_number(day("2025-10-31")) * day_ms;
  CHECK(urgency_of({DeadlineKind::papers, day("2025-10-30"), {}}, friday, shipped_catalogue()) == Urgency::overdue);
  CHECK(urgency_of({DeadlineKind::papers, day("2025-10-31"), {}}, friday, shipped_catalogue()) == Urgency::soon);
  CHECK(urgency_of({DeadlineKind::papers, day("2025-11-04"), {}}, friday, shipped_catalogue()) == Urgency::soon);
  CHECK(urgency_of({DeadlineKind::papers, day("2025-11-05"), {}}, friday, shipped_catalogue()) == Urgency::later);
}

TEST_CASE("a record is handed in when it is complete, and the office accepts it as it looked at it") {
  Province province;
  Laptop& team = province.team;
  const RecordId half = team.create("outreach_session", {{"title", "Chưa đủ"}});
  CHECK(state_on(team, half) == ReviewState::incomplete);
  CHECK(submit(team.store(), half).error().code == ErrorCode::invalid_argument);

  const RecordId whole = province.session("Ấp 7");
  CHECK(state_on(team, whole) == ReviewState::to_hand_in);
  must(submit(team.store(), whole));
  CHECK(state_on(team, whole) == ReviewState::submitted);
  CHECK(submit(team.store(), whole).error().code == ErrorCode::invalid_argument);
  CHECK(accept(team.store(), whole, must(review_of(team.store(), whole)).mark).error().code == ErrorCode::forbidden);

  province.sync_all();
  CHECK(state_on(province.clerk, whole) == ReviewState::submitted);
  CHECK(submit(province.clerk.store(), whole).error().code == ErrorCode::forbidden);
  accept_on(province.clerk, whole);
  province.sync_all();
  CHECK(state_on(team, whole) == ReviewState::accepted);
  CHECK(submit(team.store(), whole).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("what is edited after it was accepted is looked at again, by no clock") {
  Province province;
  const RecordId record = province.session("Ấp 7");
  province.sync_all();
  accept_on(province.clerk, record);
  province.sync_all();
  province.team.clock.ms -= 400 * day_ms;
  province.team.edit(record, {{"leaflets", 40}});
  CHECK(state_on(province.team, record) == ReviewState::edited_since);
  province.sync_all();
  CHECK(state_on(province.clerk, record) == ReviewState::edited_since);
  CHECK(of_kind(inbox_of(province.clerk), InboxKind::edited_since).size() == 1);
  accept_on(province.clerk, record);
  CHECK(state_on(province.clerk, record) == ReviewState::accepted);
  // A team that hands it in again asks for an answer.
  province.sync_all();
  province.team.edit(record, {{"leaflets", 41}});
  must(submit(province.team.store(), record));
  CHECK(state_on(province.team, record) == ReviewState::submitted);
}

TEST_CASE(
    "the office accepts nothing that it has not seen, that is in conflict, or that lacks something unexplained") {
  Province province;
  Laptop& clerk = province.clerk;
  const RecordId record = province.session("Ấp 7");
  province.sync_all();
  const HeadsMark looked_at = must(review_of(clerk.store(), record)).mark;
  province.team.edit(record, {{"leaflets", 12}});
  province.sync_all();
  CHECK(accept(clerk.store(), record, looked_at).error().code == ErrorCode::invalid_argument);

  clerk.edit(record, {{"leaflets", 13}});
  province.team.edit(record, {{"leaflets", 14}});
  province.sync_all();
  CHECK(accept(clerk.store(), record, must(review_of(clerk.store(), record)).mark).error().code ==
        ErrorCode::invalid_argument);

  const RecordId half = province.team.create("outreach_session", {{"title", "Thiếu ngày"}});
  province.sync_all();
  const HeadsMark half_mark = must(review_of(clerk.store(), half)).mark;
  CHECK(accept(clerk.store(), half, half_mark).error().code == ErrorCode::invalid_argument);
  must(accept(clerk.store(), half, half_mark, "Biên bản giấy không ghi ngày"));
  CHECK(state_on(clerk, half) == ReviewState::accepted);
}

TEST_CASE(
    "a returned record reappears on the laptop that wrote it with its remarks, though others edited it meanwhile") {
  Province province;
  const RecordId record = province.session("Ấp 7");
  must(submit(province.team.store(), record));
  province.sync_all();
  CHECK(return_to_field(province.clerk.store(), record, {}).error().code == ErrorCode::invalid_argument);
  must(return_to_field(
      province.clerk.store(), record,
      {{{}, "headcount_total", "Biên bản ghi 52 người", false}, {{}, "", "Thiếu danh sách ký", false}}));
  province.colleague.edit(record, {{"leaflets", 9}});
  province.sync_all();

  CHECK(state_on(province.team, record) == ReviewState::returned_by_office);
  const std::vector<Returned> back = must(returned_records(province.team.store()));
  REQUIRE(back.size() == 1);
  CHECK(back[0].record == record);
  CHECK(back[0].by_office);
  CHECK(back[0].device == (*must(province.team.store().identity())).device());
  CHECK(of_kind(inbox_of(province.clerk), InboxKind::returned).size() == 1);
  CHECK(of_kind(inbox_of(province.clerk), InboxKind::submitted).empty());

  Review review = must(review_of(province.team.store(), record));
  REQUIRE(review.remarks.size() == 2);
  CHECK(review.open_remarks() == 2);
  const auto headcount = std::find_if(review.remarks.begin(), review.remarks.end(),
                                      [](const Remark& remark) { return remark.question == "headcount_total"; });
  REQUIRE(headcount != review.remarks.end());
  CHECK(headcount->text == "Biên bản ghi 52 người");
  province.team.edit(record, {{"headcount_total", 52}});
  must(mark_mended(province.team.store(), record, headcount->row, true));
  CHECK(mark_mended(province.team.store(), record, record, true).error().code == ErrorCode::not_found);
  must(submit(province.team.store(), record));
  CHECK(state_on(province.team, record) == ReviewState::submitted);
  CHECK(must(returned_records(province.team.store())).empty());
  province.sync_all();
  review = must(review_of(province.clerk.store(), record));
  CHECK(review.state == ReviewState::submitted);
  CHECK(review.open_remarks() == 1);
  CHECK(review.steps.handed_in == 2);
  accept_on(province.clerk, record);
  province.sync_all();
  CHECK(state_on(province.team, record) == ReviewState::accepted);
}

TEST_CASE("the team leader returns a record to whoever wrote it, and takes the return back") {
  Province province;
  const RecordId record = province.session("Ấp 7");
  province.sync_all();
  must(return_to_field(province.colleague.store(), record, {}, "Ghi lại giờ bắt đầu"));
  province.sync_all();
  CHECK(state_on(province.team, record) == ReviewState::returned_by_team);
  CHECK(!must(returned_records(province.team.store())).front().by_office);
  must(reopen(province.colleague.store(), record));
  CHECK(state_on(province.colleague, record) == ReviewState::to_hand_in);
  CHECK(reopen(province.colleague.store(), record).error().code == ErrorCode::invalid_argument);
  province.sync_all();
  must(submit(province.team.store(), record));
  province.sync_all();
  accept_on(province.clerk, record);
  must(reopen(province.clerk.store(), record, "Nhầm hồ sơ"));
  CHECK(state_on(province.clerk, record) == ReviewState::submitted);
}

TEST_CASE(
    "two clerks who decide differently without a network meet in a conflict, and the next decision settles it") {
  Province province;
  const RecordId record = province.session("Ấp 7");
  must(submit(province.team.store(), record));
  province.sync_all();
  accept_on(province.clerk, record);
  must(return_to_field(province.other_clerk.store(), record, {{{}, "title", "Tên buổi chưa đúng", false}}));
  province.sync_all();
  for (Laptop* clerk : {&province.clerk, &province.other_clerk}) {
    CHECK(must(review_of(clerk->store(), record)).in_conflict);
    const std::vector<InboxItem> disputed = of_kind(inbox_of(*clerk), InboxKind::decision);
    REQUIRE(disputed.size() == 1);
    CHECK(disputed[0].records.front() == record);
  }
  CHECK(of_kind(inbox_of(province.clerk), InboxKind::conflict).empty());
  accept_on(province.other_clerk, record);
  province.sync_all();
  CHECK(!must(review_of(province.clerk.store(), record)).in_conflict);
  CHECK(state_on(province.clerk, record) == ReviewState::accepted);
  CHECK(of_kind(inbox_of(province.clerk), InboxKind::decision).empty());
}

TEST_CASE("what is claimed shows who has it, two who claim at once are both named, and it is let go again") {
  Province province;
  const RecordId record = province.session("Ấp 7");
  must(submit(province.team.store(), record));
  province.sync_all();
  CHECK(claim(province.team.store(), record).error().code == ErrorCode::forbidden);
  const UserId one = must(province.clerk.store().author()), other = must(province.other_clerk.store().author());
  must(claim(province.clerk.store(), record));
  CHECK(of_kind(inbox_of(province.clerk), InboxKind::submitted).front().holders == std::vector<UserId>{one});
  must(claim(province.other_clerk.store(), record));
  province.sync_all();
  for (Laptop* clerk : {&province.clerk, &province.other_clerk}) {
    const std::vector<InboxItem> items = inbox_of(*clerk);
    CHECK(of_kind(items, InboxKind::submitted).front().holders.size() == 2);
    CHECK(of_kind(items, InboxKind::decision).empty());
    CHECK(of_kind(items, InboxKind::conflict).empty());
  }
  must(claim(province.clerk.store(), record));
  province.sync_all();
  CHECK(must(holders(province.other_clerk.store(), record)) == std::vector<UserId>{one});
  must(release(province.other_clerk.store(), record));
  must(release(province.other_clerk.store(), record));
  province.sync_all();
  CHECK(must(holders(province.clerk.store(), record)).empty());
  must(claim(province.other_clerk.store(), record));
  CHECK(must(holders(province.other_clerk.store(), record)) == std::vector<UserId>{other});
}

TEST_CASE("the inbox shows what waits, the most urgent first, and says what stands against accepting unseen") {
  Province province;
  Laptop& clerk = province.clerk;
  const RecordId plain = province.session("Ấp 1"), twin = province.session("Ấp 1, sáng"),
                 rival = province.session("Ấp 2");
  for (const RecordId& record : {plain, twin, rival}) must(submit(province.team.store(), record));
  const RecordId slip = province.team.create(
      "consultation", {{"full_name", "Thạch Sơn"}, {"date", "2025-10-01"}, {"outcome", "appointment"}});
  const RecordId promised = province.team.create("request", {{"full_name", "Danh Thị Út"},
                                                             {"date", "2025-10-30"},
                                                             {"proof_state", "promised"},
                                                             {"proof_promised_on", "2025-12-01"}});
  province.sync_all();
  clerk.edit(rival, {{"leaflets", 1}});
  province.team.edit(rival, {{"leaflets", 2}});
  province.sync_all();

  must(prepare_inbox(clerk.store()));
  const std::vector<InboxItem> items = inbox_of(clerk, {{plain, twin, true}});
  CHECK(items.front().kind == InboxKind::deadline);  // the answer to the slip is weeks late
  CHECK(items.front().records.front() == slip);
  CHECK(items.front().urgency == Urgency::overdue);
  const std::vector<InboxItem> papers = of_kind(items, InboxKind::missing_papers);
  REQUIRE(papers.size() == 1);
  CHECK(papers[0].records.front() == promised);
  CHECK(papers[0].deadline->kind == DeadlineKind::papers);
  REQUIRE(of_kind(items, InboxKind::conflict).size() == 1);
  CHECK(of_kind(items, InboxKind::conflict)[0].count == 1);
  CHECK(of_kind(items, InboxKind::same_session).size() == 1);
  const std::vector<InboxItem> submitted = of_kind(items, InboxKind::submitted);
  REQUIRE(submitted.size() == 3);
  for (const InboxItem& item : submitted) CHECK(item.contradicted);
  for (const InboxItem& item : of_kind(inbox_of(clerk), InboxKind::submitted))
    CHECK(item.contradicted == (item.records.front() == rival));

  // After some days what nobody has handed in shows too, and the laptop that wrote it is silent.
  clerk.clock.ms += 5 * day_ms;
  CHECK(of_kind(inbox_of(clerk), InboxKind::not_handed_in).size() == 2);
  CHECK(of_kind(inbox_of(clerk), InboxKind::silent).empty());
  clerk.clock.ms += 3 * day_ms;
  const std::vector<InboxItem> silent = of_kind(inbox_of(clerk), InboxKind::silent);
  REQUIRE(silent.size() == 1);
  CHECK(*silent[0].device == (*must(province.team.store().identity())).device());
}

TEST_CASE(
    "the indices of the inbox change nothing in what it shows, and the view is still what the journal adds up to") {
  Province province;
  province.team.create("consultation",
                       {{"full_name", "Lý Thị Mai"}, {"date", "2025-10-01"}, {"outcome", "appointment"}});
  province.team.create("consultation",
                       {{"full_name", "Trần Văn Đạo"}, {"date", "2025-10-01"}, {"outcome", "answered"}});
  province.sync_all();
  const std::size_t before = inbox_of(province.clerk).size();
  must(prepare_inbox(province.clerk.store()));
  must(prepare_inbox(province.clerk.store()));
  CHECK(inbox_of(province.clerk).size() == before);
  CHECK(must(province.clerk.store().verify()).ok);
  must(province.clerk.store().rebuild_view());
  must(prepare_inbox(province.clerk.store()));
  CHECK(inbox_of(province.clerk).size() == before);
}

TEST_CASE(
    "the office sees of each laptop what has come, where its records stand, and which session a team still owes") {
  Province province;
  const RecordId handed = province.session("Ấp 1");
  must(submit(province.team.store(), handed));
  province.session("Ấp 2");
  province.team.create("outreach_session", {{"title", "Ấp 3"}, {"date", "2025-10-30"}});
  province.sync_all();
  const auto fleet = must(read_fleet(province.clerk.store()));
  const DeviceId team = (*must(province.team.store().identity())).device();
  const auto laptop =
      std::find_if(fleet.begin(), fleet.end(), [&](const FleetLaptop& one) { return one.device == team; });
  REQUIRE(laptop != fleet.end());
  CHECK(laptop->changes == 4);
  CHECK(laptop->missing == 0);
  CHECK(laptop->user == "Đoàn 1");
  CHECK(laptop->old_forms.empty());
  CHECK(laptop->records.at(ReviewState::submitted) == 1);
  CHECK(laptop->records.at(ReviewState::to_hand_in) == 1);
  CHECK(laptop->records.at(ReviewState::incomplete) == 1);

  const std::vector<Trip> trips = must(read_trips(province.clerk.store(), day("2025-10-01")));
  REQUIRE(trips.size() == 1);
  CHECK(trips[0].unit == "CM-01");
  REQUIRE(trips[0].sessions.size() == 3);
  CHECK(!trips[0].sessions[0].reported);
  CHECK(trips[0].sessions[1].reported);
  CHECK(trips[0].owed(day("2025-11-01")) == 2);
  CHECK(trips[0].owed(day("2025-10-30")) == 1);
  CHECK(must(read_trips(province.clerk.store(), day("2025-11-01"))).empty());
}

TEST_CASE("a list of everything is of what was recorded, not of what the office decided about it") {
  Province province;
  const RecordId record = province.session("Ấp 1");
  must(submit(province.team.store(), record));
  const auto listed = must(province.team.store().list({}));
  REQUIRE(listed.size() == 1);
  CHECK(listed[0].record == record);
  CHECK(must(province.team.store().count({})) == 1);
  CHECK(must(province.team.store().order({})).size() == 1);
  View::Query decisions;
  decisions.form = "review";
  CHECK(must(province.team.store().list(decisions)).size() == 1);
}

TEST_CASE("people, organisations and decisions are not reviewed, and a partner reviews nothing") {
  Province province;
  const RecordId person = province.team.create("person", {{"full_name", "Kim Thị Sa"}, {"sex", "female"}});
  CHECK(review_of(province.team.store(), person).error().code == ErrorCode::invalid_argument);
  CHECK(review_of(province.team.store(), RecordId{}).error().code == ErrorCode::not_found);
  CHECK(!is_reviewed(*shipped_catalogue().form("review")));
  CHECK(!is_reviewed(*shipped_catalogue().form("same_as")));
  CHECK(!reviewer_of(Role::partner));
  Laptop& station = province.fleet.enrol("Trạm", Role::partner, "DBP");
  const RecordId own = station.create("outreach_session", session_values("Của trạm"));
  CHECK(return_to_field(station.store(), own, {}, "x").error().code == ErrorCode::forbidden);
}
