// The roster as somebody types it: through the whole program, by keyboard and mouse.
#include <doctest/doctest.h>

#include <chrono>
#include <cstdlib>

#include "tests/support/window_laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

/// A new session with its roster open, once those known on this laptop are read.
void open_roster(Laptop& laptop) {
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  laptop.rig.type("th");
  laptop.wait_for("known/0");
  REQUIRE(laptop.rig.sees("known/0"));
  laptop.rig.press_with_control(GLFW_KEY_Z);
  laptop.rig.press_with_control(GLFW_KEY_Z);
  laptop.rig.press_with_control(GLFW_KEY_Z);
  REQUIRE(!laptop.rig.sees("row/roster/0/delete"));
}

}  // namespace

TEST_CASE("the roster takes people one line after the other") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  laptop.rig.type("Danh Sà Rết");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/sex");
  laptop.rig.type("nam");
  laptop.rig.press(GLFW_KEY_ENTER);
  laptop.rig.type("1961");
  laptop.rig.press(GLFW_KEY_DOWN);
  CHECK(laptop.rig.widgets.focused == "cell/roster/1/birth_date");
  laptop.rig.type("5/1972");
  CHECK(laptop.rig.sees("cell/roster/2/full_name"));
  laptop.rig.press_with_control(GLFW_KEY_S);
  laptop.rig.click("row/roster/0/delete");
  CHECK(laptop.rig.sees("row/roster/0/restore"));
  laptop.rig.click("row/roster/0/restore");
  CHECK(!laptop.rig.sees("row/roster/0/restore"));
}

TEST_CASE("a line of the roster takes nine keys beside the letters of the name") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  int keys = 0;
  const auto type = [&](const char* letters) {
    laptop.rig.type(letters);
    keys += static_cast<int>(std::string_view(letters).size());
  };
  laptop.rig.type("Trần Thị Bưởi");
  laptop.rig.press(GLFW_KEY_ENTER);
  type("nu");
  laptop.rig.press(GLFW_KEY_ENTER);
  type("1975");
  laptop.rig.press_with_control(GLFW_KEY_ENTER);
  keys += 3;
  CHECK(laptop.rig.widgets.focused == "cell/roster/1/full_name");
  MESSAGE("keys for a line, beside the name: " << keys);
  CHECK(keys <= 9);  // with some twenty for a name in Telex: thirty keys in 20 s, one and a half a second
}

TEST_CASE("a piece of a spreadsheet pasted into a cell becomes lines, once a person has seen them") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  laptop.rig.clipboard = "Trần Thị Bưởi\tNữ\t1975\nLý Văn Ba\tNam\t1961\n";
  laptop.rig.press_with_control(GLFW_KEY_V);
  REQUIRE(laptop.rig.sees("paste/add"));
  CHECK(!laptop.rig.sees("cell/roster/1/full_name"));
  laptop.rig.press(GLFW_KEY_ENTER);  // the button has the keyboard
  laptop.rig.frames_of(2);
  CHECK(!laptop.rig.sees("paste/add"));
  CHECK(laptop.rig.sees("row/roster/1/delete"));
  CHECK(!laptop.rig.sees("row/roster/2/delete"));
  // By the other keys for it, too.
  laptop.rig.clipboard = "Danh Sà\tNam\n";
  laptop.rig.click("cell/roster/2/full_name");
  laptop.rig.press_with(GLFW_KEY_LEFT_SHIFT, GLFW_KEY_INSERT);
  REQUIRE(laptop.rig.sees("paste/drop"));
  CHECK(!laptop.rig.sees("row/roster/2/delete"));
  laptop.rig.click("paste/drop");
  laptop.rig.frames_of(2);
  // One word is no table.
  laptop.rig.clipboard = "Danh";
  laptop.rig.click("cell/roster/2/full_name");
  laptop.rig.press_with_control(GLFW_KEY_V);
  CHECK(!laptop.rig.sees("paste/add"));
  CHECK(laptop.rig.sees("row/roster/2/delete"));
}

TEST_CASE("a roster of 500 people answers to every key without a pause") {
  ScratchFolder folder;
  SystemRandom random;
  setenv("FIELDPOST_TEST_KDF", "fast", 1);
  DemoHome(folder / "home", system_clock, random, 500);
  Laptop laptop(folder / "home");
  REQUIRE(laptop.app->show("roster"));
  laptop.rig.frames_of(3);
  std::size_t drawn = 0;
  for (const auto& [name, rect] : laptop.rig.widgets.rects) drawn += name.rfind("row/roster/", 0) == 0;
  CHECK(drawn < 60);  // only the rows in sight, and those the keyboard goes to
  laptop.rig.click("cell/roster/0/full_name");
  const int before = laptop.rig.frames;
  const auto start = std::chrono::steady_clock::now();
  for (int i = 0; i < 20; ++i) laptop.rig.type("a");
  const double each_ms =
      std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - start).count() / 20;
  MESSAGE("a key in a roster of 500: " << each_ms << " ms, " << (laptop.rig.frames - before) / 20 << " frames");
  CHECK(each_ms <
        250);  // a person types ten letters a second; a busy machine under test gets the benefit of the doubt
}

TEST_CASE("who was met before is offered while the name is typed, and taken over with Down and Enter") {
  Demo demo;
  Laptop laptop(demo.home);
  open_roster(laptop);
  laptop.rig.click("cell/roster/0/full_name");
  laptop.rig.type("thach thi");
  REQUIRE(laptop.rig.sees("known/0"));
  laptop.rig.press(GLFW_KEY_DOWN);
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/full_name");  // the arrow went to the offer
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(!laptop.rig.sees("known/0"));
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/ethnicity");  // what is known is filled: on to what is not
  CHECK(copied_from(laptop, "cell/roster/0/full_name").find("Thạch Thị ") == 0);
  CHECK(!copied_from(laptop, "cell/roster/0/sex").empty());
  CHECK(copied_from(laptop, "cell/roster/0/birth_date").size() == 4);
  CHECK(copied_from(laptop, "cell/roster/0/hamlet").find("Ấp") == 0);
  // One step back is the name as it was typed.
  laptop.rig.press_with_control(GLFW_KEY_Z);
  CHECK(copied_from(laptop, "cell/roster/0/full_name") == "thach thi");
}

TEST_CASE("Esc closes the offer and leaves what was typed; Enter goes on with it; a click takes over") {
  Demo demo;
  Laptop laptop(demo.home);
  open_roster(laptop);
  laptop.rig.click("cell/roster/0/full_name");
  laptop.rig.type("Thạch");
  REQUIRE(laptop.rig.sees("known/0"));
  laptop.rig.press(GLFW_KEY_ESCAPE);
  CHECK(!laptop.rig.sees("known/0"));
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/full_name");
  laptop.rig.type(" Thị Mới");
  CHECK(!laptop.rig.sees("known/0"));
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/sex");
  CHECK(copied_from(laptop, "cell/roster/0/full_name") == "Thạch Thị Mới");
  laptop.rig.click("cell/roster/1/full_name");
  laptop.rig.type("thach");
  REQUIRE(laptop.rig.sees("known/0"));
  laptop.rig.press(GLFW_KEY_ENTER);  // nobody was chosen: the name stays as it was typed
  CHECK(laptop.rig.widgets.focused == "cell/roster/1/sex");
  CHECK(copied_from(laptop, "cell/roster/1/full_name") == "thach");
  laptop.rig.click("cell/roster/2/full_name");
  laptop.rig.type("thach");
  laptop.rig.click("known/0");
  CHECK(!laptop.rig.sees("known/0"));
  CHECK(copied_from(laptop, "cell/roster/2/full_name").find("Thạch ") == 0);
  CHECK(!copied_from(laptop, "cell/roster/2/sex").empty());
}

TEST_CASE(
    "Ctrl+Z takes back letters while a cell is typed in, and then what was done in the grid; Ctrl+Y does it again") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  laptop.rig.type("Danh Sà Rết");
  laptop.rig.press(GLFW_KEY_ENTER);
  laptop.rig.type("nam");
  laptop.rig.press(GLFW_KEY_ENTER);
  laptop.rig.type("1961");
  laptop.rig.press_with_control(GLFW_KEY_Z);  // the field's own: one digit
  CHECK(copied_from(laptop, "cell/roster/0/birth_date") == "196");
  laptop.rig.click("cell/roster/0/phone");
  laptop.rig.press_with_control(GLFW_KEY_Z);
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/birth_date");
  laptop.rig.press_with_control(GLFW_KEY_Z);
  CHECK(laptop.rig.widgets.focused == "cell/roster/0/sex");
  CHECK(laptop.rig.sees("row/roster/0/delete"));
  laptop.rig.press_with_control(GLFW_KEY_Z);
  CHECK(!laptop.rig.sees("row/roster/0/delete"));
  for (int i = 0; i < 3; ++i) laptop.rig.press_with_control(GLFW_KEY_Y);
  CHECK(copied_from(laptop, "cell/roster/0/full_name") == "Danh Sà Rết");
  CHECK(copied_from(laptop, "cell/roster/0/sex") == "Nam");
  // A line taken away comes back by the button as well.
  laptop.rig.click("row/roster/0/delete");
  CHECK(laptop.rig.sees("row/roster/0/restore"));
  laptop.rig.click("undo");
  CHECK(!laptop.rig.sees("row/roster/0/restore"));
  laptop.rig.click("redo");
  CHECK(laptop.rig.sees("row/roster/0/restore"));
}

TEST_CASE("F4 shows the lines by tên; numbers, cells and the next empty line stay what they were") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/outreach_session");
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  for (const char* name : {"Trần Thị Vân", "Lê Đạo", "Danh An"}) {
    laptop.rig.type(name);
    laptop.rig.press_with_control(GLFW_KEY_ENTER);
  }
  const auto top_of = [&](const char* cell) { return laptop.rig.widgets.rects.find(cell)->second.min.y; };
  CHECK(top_of("cell/roster/0/full_name") < top_of("cell/roster/2/full_name"));
  laptop.rig.press(GLFW_KEY_F4);
  laptop.rig.frames_of(2);
  CHECK(top_of("cell/roster/2/full_name") < top_of("cell/roster/1/full_name"));
  CHECK(top_of("cell/roster/1/full_name") < top_of("cell/roster/0/full_name"));
  CHECK(top_of("cell/roster/0/full_name") < top_of("cell/roster/3/full_name"));
  CHECK(copied_from(laptop, "cell/roster/2/full_name") == "Danh An");
  laptop.rig.press(GLFW_KEY_DOWN);
  CHECK(laptop.rig.widgets.focused == "cell/roster/1/full_name");
  laptop.rig.click("order/arrival");
  laptop.rig.frames_of(2);
  CHECK(top_of("cell/roster/0/full_name") < top_of("cell/roster/1/full_name"));
}

TEST_CASE("presence in a class is ticked with Space, and for everybody with Ctrl+Space") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/training_class");
  laptop.rig.type("Lớp nghiệp vụ");
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.rig.widgets.focused == "f/date");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("3/3/2025");
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.rig.widgets.focused == "f/end_date");
  laptop.rig.type("4/3/2025");
  laptop.rig.press(GLFW_KEY_ENTER);
  laptop.rig.click("page/1");
  laptop.rig.click("cell/roster/0/full_name");
  for (const char* name : {"Lê Bình", "Võ Tư", "Đỗ Sáu"}) {
    laptop.rig.type(name);
    laptop.rig.press_with_control(GLFW_KEY_ENTER);
  }
  const auto ticked = [&](int row, const char* day) {
    const FormEntry& entry = *laptop.app->open_entry();
    const Question& roster = *entry.form().find("roster");
    const Question& days = *entry.form().find_in(&roster, "days_present");
    return entry.is_chosen(entry.rows(roster)[static_cast<std::size_t>(row)], days, day);
  };
  ui::focus("cell/roster/0/days_present/1");
  laptop.rig.frames_of(3);
  REQUIRE(laptop.rig.widgets.focused == "cell/roster/0/days_present/1");
  laptop.rig.press(GLFW_KEY_SPACE);
  CHECK(ticked(0, "1"));
  laptop.rig.press(GLFW_KEY_ENTER);  // down the column
  CHECK(laptop.rig.widgets.focused == "cell/roster/1/days_present/1");
  laptop.rig.press(GLFW_KEY_SPACE);
  CHECK(ticked(1, "1"));
  laptop.rig.press(GLFW_KEY_SPACE);
  CHECK(!ticked(1, "1"));
  laptop.rig.press(GLFW_KEY_RIGHT);
  CHECK(laptop.rig.widgets.focused == "cell/roster/1/days_present/2");
  laptop.rig.press_with_control(GLFW_KEY_SPACE);
  CHECK(ticked(0, "2"));
  CHECK(ticked(1, "2"));
  CHECK(ticked(2, "2"));
  laptop.rig.press_with_control(GLFW_KEY_Z);
  CHECK(!ticked(0, "2"));
  CHECK(ticked(0, "1"));
}
