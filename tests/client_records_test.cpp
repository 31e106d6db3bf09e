// Records as a person works with them: forms and drafts, what they lead to, lists, tabs, conflicts and papers.
#include <doctest/doctest.h>

#include <cctype>
#include <cstdlib>
#include <fstream>

#include "tests/support/window_laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

TEST_CASE("a consultation is typed with the keyboard alone and saved with Ctrl+S") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  REQUIRE(laptop.rig.sees("f/date"));
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("3/3/2025");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.rig.widgets.focused == "f/place");
  laptop.rig.type("khanh an");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.rig.widgets.focused == "f/hamlet");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Quách Thị Xuyến");
  laptop.rig.press(GLFW_KEY_ENTER);
  laptop.rig.type("nu");
  laptop.rig.press(GLFW_KEY_ENTER);
  laptop.rig.press_with_control(GLFW_KEY_S);
  REQUIRE(laptop.rig.sees("form/incomplete"));  // saved, and it says what is still missing
  laptop.rig.click("form/first_problem");
  CHECK(laptop.rig.widgets.focused == "f/legal_field");
  laptop.rig.click("form/back");
  laptop.rig.click("tab/list");
  laptop.rig.click("search");
  laptop.rig.type("quach xuyen");
  std::size_t found = 0;
  for (const auto& [name, rect] : laptop.rig.widgets.rects) found += name.rfind("open/", 0) == 0;
  CHECK(found == 1);
}

TEST_CASE("what is typed is kept when the keyboard rests, and offered again after a crash") {
  Demo demo;
  {
    Laptop laptop(demo.home);
    laptop.rig.click("new/consultation");
    laptop.rig.click("f/full_name");
    laptop.rig.type("Thạch Sơn");
    REQUIRE(laptop.app->wake_at().has_value());
    laptop.now += 1'000;
    laptop.rig.frame();
    CHECK(*laptop.app->wake_at() > laptop.now + 60'000);  // nothing to keep; the lock is all that comes
  }                                                       // gone without closing()
  Laptop again(demo.home);
  std::string resume;
  std::size_t drafts = 0;
  for (const auto& [name, rect] : again.rig.widgets.rects)
    if (name.rfind("resume/", 0) == 0) {
      resume = name;
      ++drafts;
    }
  CHECK(drafts == 2);  // the demo's own, and this one: the newer id comes last
  again.rig.click(resume);
  CHECK(again.rig.sees("f/full_name"));
}

TEST_CASE("a conflict shows both values and is settled by choosing one") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("tab/conflicts");
  REQUIRE(laptop.rig.sees("take/0"));
  REQUIRE(laptop.rig.sees("take/1"));
  CHECK(laptop.rig.sees("conflict/1"));
  CHECK(!laptop.rig.sees("conflict/2"));  // the other fields were changed by one laptop each
  laptop.rig.click("conflict/reason");
  laptop.rig.type("đã hỏi trưởng ấp");
  laptop.rig.click("take/1");
  CHECK(!laptop.rig.sees("take/0"));
}

TEST_CASE("a conflict is settled with the keyboard alone, and nothing is taken before it was chosen") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("tab/conflicts");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.rig.sees("take/0"));
  laptop.rig.press(GLFW_KEY_RIGHT);
  laptop.rig.press(GLFW_KEY_RIGHT);
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(!laptop.rig.sees("take/0"));
  // Taken back, it is there again; and so it goes with Tab.
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_Z);
  REQUIRE(laptop.rig.sees("take/0"));
  for (int i = 0; i < 20 && laptop.rig.widgets.focused != "take/0"; ++i) laptop.rig.press(GLFW_KEY_TAB);
  REQUIRE(laptop.rig.widgets.focused == "take/0");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(!laptop.rig.sees("take/0"));
}

TEST_CASE("letters typed for a reason move nothing, a reason is used again, and a third value is written by hand") {
  ScratchFolder folder;
  SystemRandom random;
  setenv("FIELDPOST_TEST_KDF", "fast", 1);
  DemoHome(folder / "home", system_clock, random, 4, 3);
  Laptop laptop(folder / "home");
  laptop.rig.click("tab/conflicts");
  REQUIRE(laptop.rig.sees("conflict/1"));
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_L);
  CHECK(laptop.rig.widgets.focused == "conflict/reason");
  laptop.rig.type("đã hỏi trưởng ấp 123");
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_2);
  CHECK(laptop.rig.sees("conflict/undo"));
  // The reason given before comes back with the arrow.
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_L);
  laptop.rig.press(GLFW_KEY_DOWN);
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "đã hỏi trưởng ấp 123");
  // What is written for one conflict is still there after a look at another.
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_S);
  CHECK(laptop.rig.widgets.focused == "conflict/value");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("Ấp 8");
  laptop.rig.press(GLFW_KEY_PAGE_DOWN);
  CHECK(!laptop.rig.sees("conflict/value"));
  laptop.rig.press(GLFW_KEY_PAGE_UP);
  REQUIRE(laptop.rig.sees("conflict/value"));
  laptop.rig.click("conflict/value");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "Ấp 8");
  // Locked with it on the screen, it waits as a draft of its record.
  laptop.rig.press(GLFW_KEY_F12);
  laptop.rig.click("passphrase");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());
  CHECK(std::count_if(laptop.rig.widgets.rects.begin(), laptop.rig.widgets.rects.end(), [](const auto& widget) {
          return widget.first.rfind("resume/", 0) == 0;
        }) == 2);  // the demo's own, and this one
}

TEST_CASE("all of one laptop's values for a record are shown before they are written, and taken back together") {
  ScratchFolder folder;
  SystemRandom random;
  setenv("FIELDPOST_TEST_KDF", "fast", 1);
  DemoHome(folder / "home", system_clock, random, 4, 1);
  Laptop laptop(folder / "home");
  laptop.rig.click("tab/conflicts");
  laptop.rig.click("conflict/search");
  laptop.rig.type("lanh");
  const auto conflicts = [&] {
    return std::count_if(laptop.rig.widgets.rects.begin(), laptop.rig.widgets.rects.end(), [](const auto& widget) {
      return widget.first.rfind("conflict/", 0) == 0 && std::isdigit(static_cast<unsigned char>(widget.first[9]));
    });
  };
  REQUIRE(conflicts() == 2);
  laptop.rig.press(GLFW_KEY_PAGE_DOWN);
  REQUIRE(laptop.rig.sees("side/0"));
  laptop.rig.click("side/0");
  REQUIRE(laptop.rig.sees("side/write"));
  CHECK(conflicts() == 2);
  laptop.rig.press(GLFW_KEY_ESCAPE);
  CHECK(!laptop.rig.sees("side/write"));
  laptop.rig.click("side/1");
  laptop.rig.click("side/write");
  CHECK(conflicts() == 0);
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_Z);
  CHECK(conflicts() == 2);
}

TEST_CASE("200 conflicts are worked through with one chord each") {
  ScratchFolder folder;
  SystemRandom random;
  setenv("FIELDPOST_TEST_KDF", "fast", 1);
  DemoHome(folder / "home", system_clock, random, 4, 100);
  Laptop laptop(folder / "home");
  const auto opening = std::chrono::steady_clock::now();
  laptop.rig.click("tab/conflicts");
  const auto opened = std::chrono::steady_clock::now();
  REQUIRE(laptop.rig.sees("take/1"));
  std::size_t drawn = 0;
  for (const auto& [name, rect] : laptop.rig.widgets.rects) drawn += name.rfind("conflict/", 0) == 0;
  CHECK(drawn < 60);  // only the lines in sight
  const int frames = laptop.rig.frames;
  int settled = 0;
  while (laptop.rig.sees("take/1") && settled < 500) {
    laptop.rig.press_with(GLFW_KEY_LEFT_ALT, settled % 2 == 0 ? GLFW_KEY_1 : GLFW_KEY_2);
    ++settled;
    REQUIRE(laptop.rig.widgets.focused.empty());  // the next Enter would press what has the keyboard
  }
  const auto done = std::chrono::steady_clock::now();
  CHECK(settled == 201);  // the demo's own among them
  const auto ms = [](auto from, auto to) { return std::chrono::duration<double, std::milli>(to - from).count(); };
  MESSAGE("opened in " << ms(opening, opened) << " ms with its clicks; a conflict: 1 chord, "
                       << static_cast<double>(laptop.rig.frames - frames) / settled << " frames, "
                       << ms(opened, done) / settled << " ms with its save");
  // Every one of them can be taken back, in turn.
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_Z);
  laptop.rig.press_with(GLFW_KEY_LEFT_ALT, GLFW_KEY_Z);
  CHECK(laptop.rig.sees("conflict/1"));
}

TEST_CASE("the consultations of a session are begun from it, one after the other, and are found there again") {
  Demo demo;
  Laptop laptop(demo.home);
  const auto linked = [&] {
    laptop.rig.frames_of(2);
    return count_of(laptop, "linked/");
  };
  REQUIRE(laptop.app->show("outreach_session"));
  laptop.rig.frames_of(2);
  laptop.rig.click("page/3");  // behind the roster and the photos
  CHECK(linked() == 0);
  laptop.rig.click("follow_up/consultation");
  for (const char* name : {"Lâm Thị Sáu", "Trần Văn Bảy"}) {
    laptop.rig.click("f/full_name");
    laptop.rig.type(name);
    laptop.rig.input.key_down(GLFW_KEY_LEFT_CONTROL);
    laptop.rig.press_with(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_S);
    laptop.rig.input.key_up(GLFW_KEY_LEFT_CONTROL);
    laptop.rig.settle();
    REQUIRE(laptop.rig.sees("form/next"));  // the next person's, empty
  }

  laptop.rig.click("form/back");  // nothing was typed: nothing is asked, and no draft stays
  CHECK(linked() == 2);
  // Who sits beside the screen while they are listed reads no name.
  CHECK(laptop.rig.drawn_letters().find("LâmThịSáu") != std::string::npos);
  toggle_veil(laptop.rig);
  CHECK(linked() == 2);
  CHECK(laptop.rig.drawn_letters().find("LâmThịSáu") == std::string::npos);
  toggle_veil(laptop.rig);
  laptop.rig.click("tab/list");
  laptop.rig.click("search");
  laptop.rig.type("tran van bay");  // each name in its own record
  laptop.rig.frames_of(2);
  CHECK(count_of(laptop, "open/") == 1);
  laptop.rig.click("tab/home");
  CHECK(count_of(laptop, "resume/") == 1);  // the demo's own
}

TEST_CASE("what is being chosen when Ctrl+S is struck is saved too") {
  Demo demo;
  Laptop laptop(demo.home);
  REQUIRE(laptop.app->show("consultation"));
  laptop.rig.frames_of(2);
  laptop.rig.click("tab/home");
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Sơn Thị Mười Hai");
  laptop.rig.click("f/sex");
  laptop.rig.type("nu");
  laptop.rig.press_with_control(GLFW_KEY_S);
  laptop.rig.click("form/back");  // all is saved: nothing is asked
  REQUIRE(laptop.rig.sees("tab/list"));
  CHECK(!laptop.rig.sees("form/leaving"));
}

TEST_CASE("a matter of somebody who was met before is pointed at, once the keyboard rests") {
  Demo demo;
  Laptop laptop(demo.home);
  const auto consult = [&](const std::string& name, const std::string& born) {
    laptop.rig.click("tab/home");
    laptop.rig.click("new/consultation");
    laptop.rig.click("f/full_name");
    laptop.rig.type(name);
    laptop.rig.click("f/birth_date");
    laptop.rig.type(born);
    laptop.rig.frames_of(80);  // more than a second
  };
  consult("Thạch Thị Ngọc Ánh", "1985");
  CHECK(!laptop.rig.sees("form/matters"));
  laptop.rig.press_with_control(GLFW_KEY_S);
  consult("thach thi ngoc anh", "1985");
  CHECK(laptop.rig.sees("form/matters"));
  laptop.rig.press_with_control(GLFW_KEY_S);
  consult("Thạch Thị Ngọc Ánh", "1991");  // of one name, and another one
  CHECK(!laptop.rig.sees("form/matters"));
}

TEST_CASE("a session's roster becomes a PDF in the folder that was chosen, and nothing is written over") {
  Demo demo;
  ScratchFolder papers;
  Laptop laptop(demo.home);
  REQUIRE(laptop.app->show("outreach_session"));
  laptop.rig.frames_of(2);
  laptop.rig.press_with_control(GLFW_KEY_P);
  REQUIRE(laptop.rig.sees("print/roster"));
  const auto folder_is = [&](const std::string& path) {
    laptop.rig.click("print/folder");
    laptop.rig.press_with_control(GLFW_KEY_A);
    laptop.rig.type(path);
  };
  folder_is((papers / "no such folder").string());
  laptop.rig.click("print/roster");
  for (int i = 0; i < 20; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    laptop.rig.frames_of(1);
  }
  CHECK(!laptop.rig.sees("print/open"));
  folder_is(papers.path().string());
  for (const char* button : {"print/roster", "print/roster/blank"}) {
    laptop.rig.click(button);
    laptop.wait_for("print/open");
  }
  const auto files = [&] {
    return std::distance(std::filesystem::directory_iterator(papers.path()), std::filesystem::directory_iterator());
  };
  for (int i = 0; i < 300 && files() < 2; ++i) {
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    laptop.rig.frames_of(1);
  }
  CHECK(files() == 2);
  for (const auto& file : std::filesystem::directory_iterator(papers.path())) {
    std::ifstream in(file.path(), std::ios::binary);
    std::string head(4, '\0');
    in.read(head.data(), 4);
    CHECK(head == "%PDF");
  }
}

TEST_CASE(
    "a paper of a record with open conflicts says that they are settled before anybody signs, a blank one not") {
  Demo demo;
  ScratchFolder papers;
  Laptop laptop(demo.home);
  laptop.rig.click("tab/conflicts");
  laptop.rig.click("conflict/open");
  laptop.rig.press_with_control(GLFW_KEY_P);
  laptop.rig.click("print/folder");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type(papers.path().string());
  const auto warned = [&](const char* button) {
    laptop.rig.click(button);
    laptop.wait_for("print/open");
    return laptop.rig.drawn_letters().find(without_blanks(tr("print.conflicts"))) != std::string::npos;
  };
  CHECK(warned("print/minutes"));
  laptop.rig.press_with_control(GLFW_KEY_P);  // away, and anew
  laptop.rig.press_with_control(GLFW_KEY_P);
  laptop.rig.click("print/folder");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type(papers.path().string());
  CHECK(!warned("print/minutes/blank"));
}

TEST_CASE("an open form says that others changed the record, and takes it in without losing what is typed") {
  Demo demo;
  Laptop laptop(demo.home);
  REQUIRE(laptop.app->show("outreach_session"));
  laptop.rig.frames_of(2);
  laptop.rig.click("f/hamlet");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("Ấp Rạch Gốc");
  CHECK(!laptop.rig.sees("form/others_changed"));
  {
    // The worker's own store on the same folder: what came in during a sync.
    const auto key = Vault::open(demo.home, "", demo_passphrase);
    REQUIRE(key);
    Store::Options options;
    options.home = demo.home;
    options.key = *key;
    const auto other = Store::open(options, {system_clock, laptop.random, shipped_catalogue()});
    REQUIRE(other);
    View::Query query;
    query.form = "outreach_session";
    const auto records = (*other)->list(query);
    REQUIRE(records);
    auto seen = (*other)->see(records->front().record);
    REQUIRE(seen);
    const auto edit = edit_from_json(*shipped_catalogue().form("outreach_session"), {{"venue", "Trường tiểu học"}});
    REQUIRE(edit);
    REQUIRE((*other)->save(*seen, *edit));
  }
  laptop.rig.click("tab/settings");  // anything that asks the store again, as the end of a sync does
  laptop.rig.click("settings/back");
  REQUIRE(laptop.rig.sees("form/others_changed"));
  laptop.rig.click("form/take_in");
  CHECK(!laptop.rig.sees("form/others_changed"));
  laptop.rig.press_with_control(GLFW_KEY_S);
  laptop.rig.click("tab/settings");
  laptop.rig.click("settings/back");
  CHECK(!laptop.rig.sees("form/others_changed"));  // its own save is no news
}

TEST_CASE("names are typed in Telex, or pasted, in a form and in a roster's next line, and come out whole") {
  Demo demo;
  Laptop laptop(demo.home);
  ui::set_typing(ui::Typing::telex);
  const auto text_of = [&](std::string_view field) {
    laptop.rig.click(field);
    laptop.rig.press_with_control(GLFW_KEY_A);
    laptop.rig.press_with_control(GLFW_KEY_C);
    return laptop.rig.clipboard;
  };
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Quachs Thij Xuyeens");
  CHECK(text_of("f/full_name") == "Quách Thị Xuyến");
  laptop.rig.click("form/back");
  laptop.rig.click("tab/home");
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  for (const char letter : std::string_view("ddanh saf reets")) laptop.rig.queue_key(letter);
  laptop.rig.settle();
  CHECK(text_of("cell/roster/0/full_name") == "đanh sà rết");
  // Pasted into the line that is no row yet, and converted below the grid.
  laptop.rig.click("cell/roster/1/full_name");
  laptop.rig.clipboard = "Traàn Thò Böôûi";
  laptop.rig.press_with_control(GLFW_KEY_V);
  REQUIRE(laptop.rig.sees("cell/roster/1/full_name/legacy/convert"));
  laptop.rig.click("cell/roster/1/full_name/legacy/convert");
  CHECK(text_of("cell/roster/1/full_name") == "Trần Thị Bưởi");
}

TEST_CASE(
    "a paste in an old code is offered in Unicode below its question, and nothing changes before it is asked for") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.clipboard = "Qu¸ch ThÞ XuyÕn";
  laptop.rig.press_with_control(GLFW_KEY_V);
  REQUIRE(laptop.rig.sees("f/full_name/legacy/convert"));
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "Qu¸ch ThÞ XuyÕn");
  laptop.rig.click("f/full_name/legacy/convert");
  CHECK(!laptop.rig.sees("f/full_name/legacy"));
  // The form took it in: it is what a draft keeps and a save writes.
  laptop.rig.press_with_control(GLFW_KEY_S);
  laptop.rig.click("form/back");
  laptop.rig.click("tab/list");
  laptop.rig.click("search");
  laptop.rig.type("quach thi xuyen");
  std::size_t found = 0;
  for (const auto& [name, rect] : laptop.rig.widgets.rects) found += name.rfind("open/", 0) == 0;
  CHECK(found == 1);
}

TEST_CASE("a list is narrowed by status, commune and days, sorted by its headings, and takes further columns") {
  Demo demo;
  {
    Laptop laptop(demo.home);
    laptop.rig.click("tab/list");
    const std::size_t all = count_of(laptop, "open/");
    REQUIRE(all == 8);
    laptop.rig.click("state/5");  // in conflict
    CHECK(count_of(laptop, "open/") == 1);
    laptop.rig.click("state/2");  // at central: nothing was ever sent there
    CHECK(count_of(laptop, "open/") == 0);
    laptop.rig.click("filters/clear");
    CHECK(count_of(laptop, "open/") == all);
    laptop.rig.click("from");
    laptop.rig.type("1/1/2090");
    CHECK(count_of(laptop, "open/") == 0);
    laptop.rig.press_with_control(GLFW_KEY_A);
    laptop.rig.type("31/2/2025");  // no such day: it says so, and hides nothing
    CHECK(count_of(laptop, "open/") == all);
    laptop.rig.click("filters/clear");
    laptop.rig.click("place");
    laptop.rig.type("khanh an");
    laptop.rig.press(GLFW_KEY_ENTER);
    REQUIRE(laptop.rig.sees("filters/clear"));
    CHECK(count_of(laptop, "open/") < all);
    laptop.rig.click("filters/clear");

    laptop.rig.click("filter/consultation");
    CHECK(count_of(laptop, "open/") == 4);
    laptop.rig.click("sort/@title");
    laptop.rig.click("sort/@title");
    CHECK(count_of(laptop, "open/") == 4);
    laptop.rig.click("columns");
    laptop.rig.click("column/legal_field");
    laptop.rig.click("column/@place");
  }
  const auto columns = settings_of(demo.home).columns.at("consultation");
  CHECK(columns == std::vector<std::string>{"@date", "@title", "@changed", "@status", "legal_field"});
}

TEST_CASE("several records stay open in tabs, and what is typed in each stays its own") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Thạch Sơn");
  CHECK(!laptop.rig.sees("tabs/0"));  // one record needs no strip
  laptop.rig.click("tab/home");
  REQUIRE(laptop.rig.sees("tabs/0"));
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Danh Út");
  REQUIRE(laptop.rig.sees("tabs/1"));
  // From within the field: the other record's field has the same name, and takes nothing of this one's.
  laptop.rig.press_with_control(GLFW_KEY_TAB);
  CHECK(copied_from(laptop, "f/full_name") == "Thạch Sơn");
  laptop.rig.press_with_control(GLFW_KEY_Z);
  CHECK(copied_from(laptop, "f/full_name") == "Thạch Sơn");  // nor what the other one would undo
  laptop.rig.input.key_down(GLFW_KEY_LEFT_SHIFT);
  laptop.rig.press_with_control(GLFW_KEY_TAB);
  laptop.rig.input.key_up(GLFW_KEY_LEFT_SHIFT);
  laptop.rig.settle();
  CHECK(copied_from(laptop, "f/full_name") == "Danh Út");
  laptop.rig.type("Danh Út Em");

  // Locked, everything is hidden; unlocked, everything is there.
  laptop.rig.press(GLFW_KEY_F12);
  CHECK(!laptop.rig.sees("tabs/0"));
  laptop.rig.click("passphrase");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());
  REQUIRE(laptop.rig.sees("tabs/1"));
  laptop.rig.click("tabs/1");
  CHECK(copied_from(laptop, "f/full_name") == "Danh Út Em");
  laptop.rig.click("tabs/0");
  CHECK(copied_from(laptop, "f/full_name") == "Thạch Sơn");

  // Ctrl+W asks before it closes what is not saved, and closes what is.
  laptop.rig.press_with_control(GLFW_KEY_W);
  REQUIRE(laptop.rig.sees("form/discard"));
  laptop.rig.press_with_control(GLFW_KEY_S);
  laptop.rig.press_with_control(GLFW_KEY_W);
  CHECK(copied_from(laptop, "f/full_name") == "Danh Út Em");
  laptop.rig.click("form/back");
  REQUIRE(laptop.rig.sees("form/discard"));
  laptop.rig.click("form/discard");
  CHECK(!laptop.rig.sees("tabs/0"));
}

TEST_CASE("with all tabs taken, what gives way waits as a draft") {
  Demo demo;
  Laptop laptop(demo.home);
  for (int i = 0; i < 9; ++i) {
    laptop.rig.click("tab/home");
    laptop.rig.click("new/consultation");
    laptop.rig.click("f/full_name");
    laptop.rig.type("Người " + std::to_string(i));
  }
  CHECK(laptop.rig.sees("tabs/7"));
  CHECK(!laptop.rig.sees("tabs/8"));
  laptop.rig.click("tabs/0");
  CHECK(copied_from(laptop, "f/full_name") == "Người 1");
  laptop.rig.click("tab/home");
  CHECK(count_of(laptop, "resume/") == 10);  // the demo's own, and these nine
}

TEST_CASE("a reason that is being typed is there when one comes back from the help") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("tab/conflicts");
  laptop.rig.click("conflict/reason");
  laptop.rig.type("đã hỏi trưởng ấp");
  laptop.rig.press(GLFW_KEY_F1);
  laptop.rig.press(GLFW_KEY_ESCAPE);
  REQUIRE(laptop.rig.widgets.focused == "conflict/reason");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "đã hỏi trưởng ấp");
}
