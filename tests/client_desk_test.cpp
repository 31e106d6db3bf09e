// The office at its inbox and the team at its returned records, as people work with them.
#include <doctest/doctest.h>

#include <cstdlib>

#include "client/model/inbox.h"
#include "tests/support/office_homes.h"
#include "tests/support/window_laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

struct Homes {
  ScratchFolder folder;
  SystemRandom random;
  std::unique_ptr<OfficeHomes> homes;
  Homes() {
    setenv("FIELDPOST_TEST_KDF", "fast", 1);
    homes = std::make_unique<OfficeHomes>(folder.path(), system_clock, random);
  }
  OfficeHomes* operator->() { return homes.get(); }
};

/// Until what is decided is written and read again.
void rest(Laptop& laptop) {
  for (int i = 0; i < 40; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    laptop.rig.frame();
  }
}

bool shows(const Laptop& laptop, const std::string& words) {
  return laptop.rig.drawn_letters().find(without_blanks(words)) != std::string::npos;
}

InboxItem item(InboxKind kind, bool contradicted = false) {
  static std::uint8_t next = 0;
  InboxItem one;
  one.kind = kind;
  RecordId record;
  record.bytes[0] = ++next;
  one.records = {record};
  one.contradicted = contradicted;
  return one;
}

}  // namespace

TEST_CASE(
    "the office opens on its inbox, and a record is accepted with F8 and Enter, after a look at what is written") {
  Homes homes;
  const RecordId first = homes->session("Truyền thông tại ấp Một"),
                 second = homes->session("Truyền thông tại ấp Hai");
  homes->hand_in(first);
  homes->hand_in(second);
  homes->exchange();
  {
    Laptop laptop(homes->office);
    laptop.wait_for("inbox/1");
    REQUIRE(laptop.rig.sees("inbox/0"));
    CHECK(shows(laptop, "Truyền thông tại ấp Một"));
    CHECK(shows(laptop, "Mới nộp, chờ duyệt"));
    laptop.rig.press(GLFW_KEY_F8);
    REQUIRE(laptop.rig.sees("inbox/write"));
    CHECK(shows(laptop, "Sẽ ghi: chấp nhận 1 hồ sơ"));
    laptop.rig.press(GLFW_KEY_ESCAPE);
    CHECK(!laptop.rig.sees("inbox/write"));
    CHECK(laptop.rig.sees("inbox/1"));  // nothing was written
    laptop.rig.press(GLFW_KEY_F8);
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(laptop.rig.sees("inbox/0"));
    CHECK(!laptop.rig.sees("inbox/1"));
    laptop.rig.press(GLFW_KEY_F8);  // the next one is at hand
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(shows(laptop, "Không còn việc nào chờ xử lý"));
  }
  CHECK(homes->state_at_office(first) == ReviewState::accepted);
  CHECK(homes->state_at_office(second) == ReviewState::accepted);
}

TEST_CASE(
    "a record is returned with a remark at the field, mended on the laptop that wrote it, and handed in again") {
  Homes homes;
  const RecordId record = homes->session("Truyền thông tại ấp Bảy");
  homes->hand_in(record);
  homes->exchange();
  {
    Laptop laptop(homes->office);
    laptop.wait_for("inbox/0");
    laptop.rig.press(GLFW_KEY_ENTER);
    REQUIRE(laptop.rig.sees("review/accept"));
    laptop.rig.click("f/hamlet");
    laptop.rig.press(GLFW_KEY_F6);
    REQUIRE(laptop.rig.sees("review/writing/0"));
    CHECK(shows(laptop, "Góp ý cho: Ấp, khóm, thôn, khu phố"));
    laptop.rig.type("Biên bản ghi ấp Rạch Gốc");
    laptop.rig.press(GLFW_KEY_F7);
    REQUIRE(laptop.rig.sees("review/write"));
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(shows(laptop, "Đã trả lại hồ sơ kèm góp ý"));
  }
  CHECK(homes->state_at_office(record) == ReviewState::returned_by_office);
  homes->exchange();
  {
    Laptop laptop(homes->team);
    laptop.wait_for("returned/" + text(record));
    REQUIRE(laptop.rig.sees("returned/" + text(record)));
    laptop.rig.click("returned/" + text(record));
    REQUIRE(laptop.rig.sees("review/hand_in"));
    CHECK(!laptop.rig.sees("review/accept"));
    CHECK(shows(laptop, "Biên bản ghi ấp Rạch Gốc"));
    ui::focus("f/hamlet");
    laptop.rig.frames_of(3);
    laptop.rig.press_with_control(GLFW_KEY_A);
    laptop.rig.type("Ấp Rạch Gốc");
    laptop.rig.press(GLFW_KEY_ENTER);
    std::string mended;
    for (const auto& [name, rect] : laptop.rig.widgets.rects)
      if (name.starts_with("review/mended/")) mended = name;
    REQUIRE(!mended.empty());
    laptop.rig.click(mended);
    laptop.rig.press(GLFW_KEY_F9);  // saves what was typed, and asks
    REQUIRE(laptop.rig.sees("review/write"));
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(shows(laptop, "Đã nộp, chờ văn phòng"));
    ui::focus("f/hamlet");
    laptop.rig.frames_of(3);
    laptop.rig.press_with_control(GLFW_KEY_A);
    laptop.rig.press_with_control(GLFW_KEY_C);
    CHECK(laptop.rig.clipboard == "Ấp Rạch Gốc");
  }
  CHECK(homes->state_at_team(record) == ReviewState::submitted);
  homes->exchange();
  {
    Laptop laptop(homes->office);
    laptop.wait_for("inbox/0");
    laptop.rig.press(GLFW_KEY_ENTER);
    laptop.rig.press(GLFW_KEY_F8);
    REQUIRE(laptop.rig.sees("review/write"));
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(shows(laptop, "Đã chấp nhận hồ sơ"));
  }
  CHECK(homes->state_at_office(record) == ReviewState::accepted);
}

TEST_CASE("what stands against nothing is accepted in bulk, one save a frame, and what lacks something is left out") {
  Homes homes;
  std::vector<RecordId> whole;
  for (int i = 1; i <= 12; ++i) {
    whole.push_back(homes->session("Buổi số " + std::to_string(i)));
    homes->hand_in(whole.back());
  }
  homes->exchange();
  {
    Laptop laptop(homes->office);
    laptop.wait_for("inbox/1");
    laptop.rig.press_with_control(GLFW_KEY_A);
    CHECK(shows(laptop, "Đã đánh dấu 12"));
    laptop.rig.press(GLFW_KEY_SPACE);  // not the one at hand
    CHECK(shows(laptop, "Đã đánh dấu 11"));
    laptop.rig.press(GLFW_KEY_F8);
    CHECK(shows(laptop, "Sẽ ghi: chấp nhận 11 hồ sơ"));
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(shows(laptop, "Đã chấp nhận 11 hồ sơ"));
    CHECK(laptop.rig.sees("inbox/0"));
    CHECK(!laptop.rig.sees("inbox/1"));
  }
  std::size_t accepted = 0;
  for (const RecordId& record : whole) accepted += homes->state_at_office(record) == ReviewState::accepted ? 1u : 0u;
  CHECK(accepted == 11);
}

TEST_CASE("a record that changed after it was looked at is not accepted, and that is said") {
  Homes homes;
  const RecordId record = homes->session("Truyền thông tại ấp Ba");
  homes->hand_in(record);
  homes->exchange();
  {
    Laptop laptop(homes->office);
    laptop.wait_for("inbox/0");
    laptop.rig.press(GLFW_KEY_F8);
    REQUIRE(laptop.rig.sees("inbox/write"));
    laptop.rig.click("tab/list");
    laptop.rig.click("open/" + text(record));
    laptop.rig.click("f/hamlet");
    laptop.rig.press_with_control(GLFW_KEY_A);
    laptop.rig.type("Ấp Đường Đào");
    laptop.rig.press_with_control(GLFW_KEY_S);
    laptop.rig.click("tab/inbox");
    REQUIRE(laptop.rig.sees("inbox/write"));  // what is about to be written is what was looked at
    laptop.rig.click("inbox/write");
    rest(laptop);
    CHECK(shows(laptop, "đã đổi từ lúc xem"));
    CHECK(laptop.rig.sees("inbox/0"));
  }
  CHECK(homes->state_at_office(record) == ReviewState::submitted);
}

TEST_CASE("the team hands in all complete records of a trip with F9, after a look at them; accepting is not theirs") {
  Homes homes;
  const RecordId first = homes->session("Buổi sáng"), second = homes->session("Buổi chiều");
  const RecordId half = homes->save("outreach_session", {{"title", "Chưa xong"}});
  {
    Laptop laptop(homes->team);
    laptop.wait_for("home/hand_in");
    REQUIRE(laptop.rig.sees("home/hand_in"));
    CHECK(!laptop.rig.sees("tab/inbox"));
    laptop.rig.press(GLFW_KEY_F9);
    REQUIRE(laptop.rig.sees("hand_in/write"));
    CHECK(shows(laptop, "Sẽ nộp 2 hồ sơ"));
    laptop.rig.press(GLFW_KEY_ENTER);
    rest(laptop);
    CHECK(shows(laptop, "Đã nộp 2 hồ sơ"));
    CHECK(!laptop.rig.sees("home/hand_in"));
  }
  CHECK(homes->state_at_team(first) == ReviewState::submitted);
  CHECK(homes->state_at_team(second) == ReviewState::submitted);
  CHECK(homes->state_at_team(half) == ReviewState::incomplete);
}

TEST_CASE("a claim shows who has the work, is let go by the same key, and the list is narrowed to it") {
  Homes homes;
  homes->hand_in(homes->session("Buổi Đầm Dơi"));
  homes->hand_in(homes->session("Buổi Xẻo Quýt"));
  homes->exchange();
  Laptop laptop(homes->office);
  laptop.wait_for("inbox/1");
  laptop.rig.press(GLFW_KEY_F5);
  rest(laptop);
  CHECK(shows(laptop, "Người nhận việc: Lê Bình"));
  laptop.rig.click("inbox/whose/1");
  CHECK(laptop.rig.sees("inbox/0"));
  CHECK(!laptop.rig.sees("inbox/1"));
  laptop.rig.click("inbox/whose/0");
  laptop.rig.click("inbox/search");
  laptop.rig.type("xeo quyt");
  CHECK(laptop.rig.sees("inbox/0"));
  CHECK(!laptop.rig.sees("inbox/1"));
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press(GLFW_KEY_DELETE);
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.rig.sees("inbox/1"));
}

TEST_CASE("a remark that is being typed outlives a lock and a crash, and is offered at its record again") {
  Homes homes;
  const RecordId record = homes->session("Truyền thông tại ấp Năm");
  homes->hand_in(record);
  homes->exchange();
  {
    Laptop laptop(homes->office);
    laptop.wait_for("inbox/0");
    laptop.rig.press(GLFW_KEY_ENTER);
    laptop.rig.click("f/title");
    laptop.rig.press(GLFW_KEY_F6);
    laptop.rig.type("Tên buổi thiếu xã");
    laptop.rig.frame();
    laptop.now += 1'100;
    laptop.rig.frames_of(2);
  }  // gone without closing()
  Laptop again(homes->office);
  again.wait_for("inbox/0");
  again.rig.press(GLFW_KEY_ENTER);
  REQUIRE(again.rig.sees("review/writing/0"));
  CHECK(copied_from(again, "review/writing/0") == "Tên buổi thiếu xã");
  again.rig.press(GLFW_KEY_F12);
  CHECK(!again.rig.sees("review/writing/0"));
}

TEST_CASE("the page of laptops shows who has been heard of and which session is owed, and opens it") {
  Homes homes;
  const RecordId owed = homes->session("Buổi chưa nộp");
  homes->exchange();
  Laptop laptop(homes->office);
  laptop.wait_for("inbox/fleet");
  laptop.rig.click("inbox/fleet");
  laptop.wait_for("fleet/session/" + text(owed));
  REQUIRE(laptop.rig.sees("fleet/session/" + text(owed)));
  CHECK(shows(laptop, "Nguyễn An · TT-CM"));
  CHECK(shows(laptop, "Còn nợ 1/1 buổi"));
  laptop.rig.click("fleet/session/" + text(owed));
  CHECK(laptop.rig.sees("f/title"));
}

TEST_CASE("the inbox keeps its place when it is read anew, and ticks only what can be accepted unseen") {
  use_language("vi");
  InboxModel model;
  const InboxItem a = item(InboxKind::submitted), b = item(InboxKind::submitted, true),
                  c = item(InboxKind::edited_since), d = item(InboxKind::conflict),
                  e = item(InboxKind::not_handed_in);
  take_items(model, {a, b, c, d, e});
  CHECK(model.counts[static_cast<std::size_t>(InboxGroup::fresh)] == 3);
  model.at = 2;
  take_items(model, {item(InboxKind::held), a, b, c, d, e});
  CHECK(model.item_at_hand()->records == c.records);
  tick_all(model);
  CHECK(model.ticked.size() == 3);
  tick_all(model);
  CHECK(model.ticked.empty());
  model.group = InboxGroup::fresh;
  arrange(model);
  CHECK(model.shown.size() == 3);
  tick_all(model);
  CHECK(model.ticked.size() == 2);
  CHECK(proposal_of(model).accepts.size() == 2);
  drop_record(model, a.records.front(), InboxGroup::all);
  CHECK(model.shown.size() == 2);
  CHECK(model.ticked.size() == 1);
}

TEST_CASE("what is due is said in days, and in hours where the law counts them") {
  use_language("vi");
  const std::int64_t now_ms = day_number({2026, 2, 12}) * 86'400'000LL;
  InboxItem one = item(InboxKind::deadline);
  one.deadline = Deadline{DeadlineKind::papers, {2026, 2, 10}, std::nullopt};
  CHECK(due_text(one, now_ms) == "quá hạn 2 ngày (10/02/2026)");
  one.deadline->due = {2026, 2, 12};
  CHECK(due_text(one, now_ms) == "hạn hôm nay");
  one.deadline = Deadline{DeadlineKind::appointment, {2026, 2, 12}, now_ms + 5 * 3'600'000};
  CHECK(due_text(one, now_ms) == "còn 5 giờ");
  CHECK(item_text(one) == "Cử người thực hiện");
  one.since = now_ms - 3 * 86'400'000LL;
  CHECK(age_text(one, now_ms) == "3 ngày");
}
