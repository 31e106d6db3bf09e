// The page of reports as a person works with it: choose, make, read, open what is behind a figure, save.
#include <doctest/doctest.h>

#include "tests/support/window_laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

TEST_CASE("a report is made beside the window, and a figure opens the records behind it") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("tab/reports");
  laptop.wait_for("report/programmes");
  REQUIRE(laptop.rig.sees("make"));
  laptop.rig.click("from");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("1/1/2000");
  laptop.rig.click("to");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("31/12/2099");
  laptop.rig.click("make");
  laptop.wait_for("look/0");
  REQUIRE(laptop.rig.sees("figure/total/sessions"));
  ui::focus("figure/total/sessions");  // scrolled to, where the table is long
  laptop.rig.frames_of(4);
  laptop.rig.click("figure/total/sessions");
  laptop.wait_for("behind/back");
  REQUIRE(laptop.rig.sees("behind/0"));
  laptop.rig.click("behind/back");
  laptop.rig.click("look/1");
  CHECK(laptop.rig.sees("chart/sessions"));
}

TEST_CASE("days that cannot be read are told, and no report is begun") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("tab/reports");
  laptop.wait_for("report/programmes");
  laptop.rig.click("from");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type("hôm qua");
  laptop.rig.click("make");
  CHECK(laptop.rig.sees("reports/problem"));
  CHECK(!laptop.rig.sees("stop"));
}

TEST_CASE("a recorder is offered neither names nor reports case by case, and saves a report as Excel") {
  Demo demo;
  Laptop laptop(demo.home);
  ScratchFolder folder;
  laptop.rig.click("tab/reports");
  laptop.wait_for("report/programmes");
  CHECK(!laptop.rig.sees("names"));
  CHECK(!laptop.rig.sees("report/ministry_keying"));
  laptop.rig.click("folder");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.type(folder.path().string());
  laptop.rig.click("export/xlsx");
  laptop.wait_for("open");
  REQUIRE(laptop.rig.sees("open"));
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    files += entry.path().extension() == ".xlsx" ? 1 : 0;
  CHECK(files == 1);
}
