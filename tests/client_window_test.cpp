// The window as such: who may open it, what it remembers and hides, what it says of itself, and that all is within
// reach.
#include <doctest/doctest.h>

#include <stb_image.h>
#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <set>

#include "client/machine.h"
#include "client/offscreen.h"
#include "client/screens/parts.h"
#include "tests/support/window_laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;

TEST_CASE("a screenshot has the size asked for and is not blank, without a display") {
  ScratchFolder folder;
  unsetenv("DISPLAY");
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  std::string message;
  ui::load_theme({}, message);
  ui::State widgets;
  ui::set_state(widgets);
  {
    auto screen = Offscreen::open(800, 600);
    if (!screen) FAIL(screen.error().message);
    SystemRandom random;
    App::Options options;
    options.home = folder / "nothing";
    App app(options, system_clock, random, shipped_catalogue());
    (*screen)->draw([&] { app.frame(0); });
    REQUIRE((*screen)->write_png(folder / "unlock.png"));
    CHECK(!(*screen)->write_png(folder / "no such folder" / "unlock.png"));
  }
  ImGui::DestroyContext();
  int width = 0, height = 0, channels = 0;
  unsigned char* pixels = stbi_load((folder / "unlock.png").c_str(), &width, &height, &channels, 3);
  REQUIRE(pixels != nullptr);
  CHECK(width == 800);
  CHECK(height == 600);
  std::set<unsigned> colours;
  for (int i = 0; i < width * height; ++i)
    colours.insert(static_cast<unsigned>(pixels[3 * i] << 16 | pixels[3 * i + 1] << 8 | pixels[3 * i + 2]));
  CHECK(colours.size() > 20);  // letters, smoothed
  std::free(pixels);
}

TEST_CASE("the window unlocks with the passphrase, says a wrong one in words, and opens on today's work") {
  Demo demo;
  Laptop laptop(demo.home, "");
  REQUIRE(laptop.rig.sees("passphrase"));
  laptop.rig.click("passphrase");
  laptop.rig.type("sai");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(!laptop.app->unlocked());
  CHECK(laptop.app->unlock_problem() == tr("error.wrong_passphrase"));
  laptop.rig.click("passphrase");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.app->unlocked());
  CHECK(laptop.rig.sees("new/consultation"));
}

TEST_CASE("a second window on the same store is told who holds it") {
  Demo demo;
  SystemRandom random;
  Laptop first(demo.home);
  REQUIRE(first.app->unlocked());
  App::Options options;
  options.home = demo.home;
  options.passphrase = demo_passphrase;
  options.lock_wait_ms = 50;
  App second(options, system_clock, random, shipped_catalogue());
  CHECK(!second.unlocked());
  CHECK(second.unlock_problem().find(tr("error.busy")) == 0);
}

TEST_CASE("a bundle is written to the stick that is in the machine, from the sync page, with two clicks") {
  Demo demo;
  ScratchFolder usb;
  Laptop laptop(demo.home, demo_passphrase, {{usb.path(), "USB", 1'000'000'000, true}});
  laptop.rig.click("tab/sync");
  REQUIRE(laptop.rig.sees("drive/" + usb.path().string()));
  laptop.rig.click("stick/write");
  CHECK(!laptop.rig.sees("stick/write"));  // not twice, and not pulled out meanwhile
  laptop.wait_for("stick/write");
  CHECK(!laptop.rig.sees("stick/problem"));
  std::vector<std::filesystem::path> written;
  for (const auto& file : std::filesystem::directory_iterator(usb.path() / "Fieldpost"))
    written.push_back(file.path());
  REQUIRE(written.size() == 1);
  CHECK(written.front().filename().string().ends_with("-to-central.fpb"));

  laptop.rig.click("stick/read");
  laptop.wait_for("stick/problem");
  CHECK(laptop.rig.sees("stick/problem"));  // what is on it is central's to read
}

TEST_CASE("the drives a desktop mounts are offered, whatever their names, and nothing else") {
  const std::vector<Drive> drives = drives_in(
      "/dev/sda1 / ext4 rw,relatime 0 0\n"
      "/dev/sdc1 /media/an/D\\303\\224\\040LE vfat ro,nosuid 0 0\n"
      "/dev/sdb1 /media/an/USB\\040\\0401 vfat rw,nosuid 0 0\n"
      "proc /proc proc rw 0 0\n"
      "/dev/sdd1 /run/media/an/E exfat rw 0 0\n"
      "half a line\n");
  REQUIRE(drives.size() == 3);
  CHECK(drives[0].name == "DÔ LE");
  CHECK(!drives[0].can_write);
  CHECK(drives[1].path == "/media/an/USB  1");
  CHECK(drives[1].can_write);
  CHECK(drives[2].path == "/run/media/an/E");
}

TEST_CASE("letters and digits are no shortcuts, and the language changes the words but not the work") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  for (const char letter : std::string("sfrxjwdzaeo1234567890")) laptop.rig.type(std::string(1, letter));
  REQUIRE(laptop.rig.sees("f/full_name"));
  laptop.rig.click("tab/settings");
  laptop.rig.click("language/1");
  CHECK(language() == "en");
  laptop.rig.click("settings/back");
  REQUIRE(laptop.rig.sees("f/full_name"));
  laptop.rig.click("f/full_name");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "sfrxjwdzaeo1234567890");
  laptop.rig.click("tab/settings");
  laptop.rig.click("language/0");
  CHECK(language() == "vi");
}

TEST_CASE("letters, colours and language stay as they were chosen, also before anybody has unlocked") {
  Demo demo;
  {
    Laptop laptop(demo.home);
    laptop.rig.click("tab/settings");
    laptop.rig.click("scale/4");
    laptop.rig.click("palette/1");
    CHECK(ui::look() == ui::Look{200, ui::Palette::dark});
    laptop.rig.press_with_control(GLFW_KEY_MINUS);
    CHECK(ui::look().scale_percent == 175);
  }
  const Settings kept = settings_of(demo.home);
  CHECK(kept.scale_percent == 175);
  CHECK(kept.palette == "dark");
  std::filesystem::resize_file(demo.home / "window.json", 7);  // damaged: the window opens all the same
  CHECK(settings_of(demo.home) == Settings{});
}

TEST_CASE("one key hides everything, an empty chair is locked, and what was typed is there afterwards") {
  Demo demo;
  Laptop laptop(demo.home);
  const auto begin = [&] {
    laptop.rig.click("new/consultation");
    laptop.rig.click("f/full_name");
    laptop.rig.type("Thạch Sơn");
  };
  const auto drafts = [&] {
    return std::count_if(laptop.rig.widgets.rects.begin(), laptop.rig.widgets.rects.end(),
                         [](const auto& widget) { return widget.first.rfind("resume/", 0) == 0; });
  };
  const auto unlock = [&] {
    REQUIRE(!laptop.app->unlocked());
    REQUIRE(laptop.rig.sees("passphrase"));
    laptop.rig.click("passphrase");
    laptop.rig.type(demo_passphrase);
    laptop.rig.press(GLFW_KEY_ENTER);
    REQUIRE(laptop.app->unlocked());
  };
  begin();
  laptop.rig.press(GLFW_KEY_F12);
  unlock();
  CHECK(drafts() == 2);  // the demo's own, and this one
  begin();
  laptop.now += 9 * 60'000;
  laptop.rig.frame();
  CHECK(laptop.app->unlocked());
  laptop.now += 2 * 60'000;
  laptop.rig.frames_of(2);
  unlock();
  CHECK(drafts() == 3);
}

TEST_CASE("two wrong passphrases are nothing; whoever guesses on waits longer each time") {
  Demo demo;
  Laptop laptop(demo.home, "");
  const auto guess = [&](const char* passphrase) {
    laptop.rig.click("passphrase");
    laptop.rig.type(passphrase);
    laptop.rig.press(GLFW_KEY_ENTER);
  };
  for (int i = 0; i < 3; ++i) {
    guess("sai");
    CHECK(laptop.app->unlock_problem() == tr("error.wrong_passphrase"));
  }
  guess(demo_passphrase);
  CHECK(!laptop.app->unlocked());
  CHECK(laptop.app->unlock_problem() == tr_with("unlock.wait", {"2"}));
  laptop.now += 2'000;
  guess(demo_passphrase);
  CHECK(laptop.app->unlocked());
}

TEST_CASE("every screen draws with a day's work in it") {
  Demo demo;
  Laptop laptop(demo.home);
  for (const std::string& name : App::screen_names()) {
    if (name == "unlock") continue;
    CHECK(laptop.app->show(name));
    laptop.rig.frames_of(3);
    CHECK(laptop.rig.widgets.rects.size() > 3);
  }
  CHECK(!laptop.app->show("no such screen"));
}

TEST_CASE("an empty battery is told of while it is being emptied, and not while it is charged") {
  ScratchFolder folder;
  const auto battery = [&](const char* name, const char* status, const char* capacity) {
    std::filesystem::create_directories(folder / name);
    std::ofstream(folder / name / "type") << "Battery\n";
    std::ofstream(folder / name / "status") << status << "\n";
    std::ofstream(folder / name / "capacity") << capacity << "\n";
  };
  CHECK(!machine_of(folder.path(), folder / "nothing").battery_percent);
  battery("BAT0", "Charging", "12");
  CHECK(!machine_of(folder.path(), folder.path()).battery_percent);
  battery("BAT0", "Discharging", "12");
  CHECK(machine_of(folder.path(), folder.path()).battery_percent == 12);
  battery("BAT1", "Discharging", "40");
  CHECK(machine_of(folder.path(), folder.path()).battery_percent == 40);
  battery("BAT1", "Discharging", "unknown");
  CHECK(machine_of(folder.path(), folder.path()).battery_percent == 12);
  CHECK(machine_of(folder.path(), folder.path()).disk_free_bytes > 0);
}

TEST_CASE("F1 opens the page of the screen one is on, and Esc goes back to the field, with every letter in it") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Quách Thị Xuyến");
  laptop.rig.press(GLFW_KEY_F1);
  REQUIRE(laptop.rig.sees("help/back"));
  CHECK(!laptop.rig.sees("f/full_name"));
  CHECK(laptop.rig.widgets.focused == "help/search");
  laptop.rig.type("usb");
  laptop.rig.press(GLFW_KEY_ESCAPE);
  REQUIRE(laptop.rig.sees("f/full_name"));
  CHECK(laptop.rig.widgets.focused == "f/full_name");
  laptop.rig.press(GLFW_KEY_END);
  laptop.rig.type("!");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "Quách Thị Xuyến!");
}

TEST_CASE("from the help Ctrl+Tab leads to the record that was open, and from there back to where it was opened") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  laptop.rig.press(GLFW_KEY_F1);
  laptop.rig.press_with_control(GLFW_KEY_TAB);
  REQUIRE(laptop.rig.sees("f/full_name"));
  laptop.rig.click("form/back");
  CHECK(laptop.rig.sees("new/consultation"));
}

TEST_CASE("help can be read before anybody has unlocked, and what was typed of the passphrase is still there") {
  Demo demo;
  Laptop laptop(demo.home, "");
  laptop.rig.click("passphrase");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_F1);
  REQUIRE(laptop.rig.sees("help/trouble"));
  CHECK(!laptop.rig.sees("tab/home"));  // nothing of the work is reached from here
  laptop.rig.click("help/trouble");
  laptop.rig.click("help/back");
  laptop.rig.click("unlock");
  CHECK(laptop.app->unlocked());
}

namespace {

std::unique_ptr<Store> open_beside(const std::filesystem::path& home, Random& random) {
  const auto key = Vault::open(home, "", demo_passphrase);
  ensure(key.has_value(), "the demo vault opens");
  Store::Options options;
  options.home = home;
  options.key = *key;
  auto store = Store::open(options, {system_clock, random, shipped_catalogue()});
  ensure(store.has_value(), "the demo store opens");
  return std::move(*store);
}

/// Every typed personal answer in the store that stands in no answer which may be shown.
std::set<std::string> personal_texts(Store& store) {
  std::set<std::string> personal;
  std::string shown;
  const auto records = store.list({});
  ensure(records.has_value(), "the records are listed");
  for (const RecordSummary& summary : *records) {
    const auto state = store.state(summary.record);
    ensure(state && *state, "a record is read");
    const Form& form = *shipped_catalogue().form((*state)->form);
    const auto look = [&](const Fields& fields) {
      for (const auto& [key, value] : fields) {
        const Question* question = form.find(key.number);
        const auto* words = std::get_if<std::string>(&value);
        if (!question || !words || question->type != QuestionType::text) continue;
        const std::string text = without_blanks(*words);
        if (is_personal(*question))
          personal.insert(text);
        else
          shown += text + "|";
      }
    };
    look((*state)->answers.fields);
    for (const Row& row : (*state)->answers.rows) look(row.fields);
  }
  std::erase_if(personal,
                [&](const std::string& text) { return text.size() < 8 || shown.find(text) != std::string::npos; });
  return personal;
}

std::size_t found_in(const std::string& letters, const std::set<std::string>& texts) {
  return static_cast<std::size_t>(std::count_if(
      texts.begin(), texts.end(), [&](const std::string& text) { return letters.find(text) != std::string::npos; }));
}

}  // namespace

TEST_CASE("with personal data hidden no screen draws any of it, and without that these screens do") {
  Demo demo;
  SystemRandom random;
  std::set<std::string> personal = personal_texts(*open_beside(demo.home, random));
  personal.insert(without_blanks("Danh Thị Út"));  // of the draft
  REQUIRE(personal.size() > 20);
  Laptop laptop(demo.home);
  const auto drawn = [&](const std::string& name) {
    laptop.app->show(name);
    laptop.rig.frames_of(3);
    return found_in(laptop.rig.drawn_letters(), personal);
  };
  for (const char* open : {"home", "list", "roster", "consultation", "person", "history"}) {
    CAPTURE(open);
    CHECK(drawn(open) > 0);
  }
  laptop.app->show("home");
  toggle_veil(laptop.rig);
  REQUIRE(laptop.rig.sees("veil/end"));
  for (const std::string& name : App::screen_names()) {
    if (name == "unlock") continue;
    CAPTURE(name);
    CHECK(drawn(name) == 0);
    CHECK(laptop.rig.sees("veil/end"));  // on every screen it is said that this is on, and ended
    CHECK(laptop.rig.drawn_letters().find(without_blanks(tr("veil.on"))) != std::string::npos);
  }
  CHECK(settings_of(demo.home).veil);  // a projector outlives a restart
  laptop.rig.click("veil/end");
  CHECK(drawn("consultation") > 0);
}

TEST_CASE("what is hidden cannot be changed, and what was searched for is hidden too") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Quách Thị Xuyến");
  toggle_veil(laptop.rig);
  laptop.rig.click("f/full_name");
  laptop.rig.type("!");
  CHECK(laptop.rig.drawn_letters().find("QuáchThị") == std::string::npos);
  toggle_veil(laptop.rig);
  laptop.rig.click("f/full_name");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "Quách Thị Xuyến");
  laptop.rig.click("tab/list");
  laptop.rig.click("search");
  laptop.rig.type("Xuyến");
  CHECK(laptop.rig.drawn_letters().find("Xuyến") != std::string::npos);
  toggle_veil(laptop.rig);
  CHECK(laptop.rig.drawn_letters().find("Xuyến") == std::string::npos);
  // On a roster no row is added, removed or changed.
  laptop.app->show("roster");
  laptop.rig.frames_of(3);
  CHECK(!laptop.rig.sees("row/roster/0/delete"));
  // Nor taken back: what was typed before is there when it is seen again.
  toggle_veil(laptop.rig);
  laptop.rig.click("row/roster/0/delete");
  toggle_veil(laptop.rig);
  laptop.rig.press_with_control(GLFW_KEY_Z);
  laptop.rig.click("undo");
  toggle_veil(laptop.rig);
  CHECK(laptop.rig.sees("row/roster/0/restore"));
}

TEST_CASE("rivals are neither compared nor settled while personal data is hidden, in the list as in the form") {
  {
    Demo demo;
    Laptop laptop(demo.home);
    laptop.rig.click("tab/conflicts");
    laptop.rig.frames_of(2);
    CHECK(laptop.rig.sees("take/0"));
    toggle_veil(laptop.rig);
    laptop.rig.frames_of(2);
    CHECK(!laptop.rig.sees("take/0"));
  }
  ConflictView conflict;
  conflict.personal = true;
  conflict.rivals.push_back({{}, std::string("x"), "Danh Thị Út", "An", "TT-01", "07:00"});
  conflict.rivals.push_back({{}, std::string("y"), "Danh Thị Úc", "Bình", "TT-02", "08:00"});
  std::string reason = "hỏi bà Út";
  bool veiled = false;
  UiRig rig([&] { static_cast<void>(draw_rivals("0", conflict, reason, veiled)); });
  rig.frames_of(2);
  CHECK(rig.sees("take/0/0"));
  CHECK(rig.drawn_letters().find("DanhThịÚt") != std::string::npos);
  veiled = true;
  rig.frames_of(2);
  CHECK(!rig.sees("take/0/0"));
  CHECK(rig.drawn_letters().find("DanhThị") == std::string::npos);
  CHECK(rig.drawn_letters().find("bàÚt") == std::string::npos);
  conflict.personal = false;  // a topic may be settled before everybody
  rig.frames_of(2);
  CHECK(rig.sees("take/0/0"));
  CHECK(rig.drawn_letters().find("bàÚt") == std::string::npos);
}

TEST_CASE("the tour greets once, points at the places it speaks of, and leaves nothing behind") {
  Demo demo;
  const auto drafts = [&](const Laptop& laptop) {
    return std::count_if(laptop.rig.widgets.rects.begin(), laptop.rig.widgets.rects.end(),
                         [](const auto& widget) { return widget.first.rfind("resume/", 0) == 0; });
  };
  {
    Laptop laptop(demo.home, demo_passphrase, {}, false);
    REQUIRE(laptop.rig.sees("tour/next"));
    CHECK(settings_of(demo.home).toured);
    CHECK(laptop.rig.widgets.focused == "tour/next");
    std::vector<std::string> pointed;
    for (int i = 0; i < 6; ++i) {
      CHECK(laptop.rig.widgets.pointed_rect.has_value());  // its place is there to be seen
      pointed.push_back(laptop.rig.widgets.pointed);
      laptop.rig.press(GLFW_KEY_ENTER);
      laptop.rig.frames_of(2);
    }
    CHECK(!laptop.rig.sees("tour/next"));
    CHECK(pointed ==
          std::vector<std::string>{"new/outreach_session", "page/1", "form/save", "tab/sync", "lock", "tab/help"});
    CHECK(laptop.rig.sees("new/consultation"));
    CHECK(drafts(laptop) == 1);  // the demo's own
  }
  Laptop again(demo.home, demo_passphrase, {}, settings_of(demo.home).toured);
  CHECK(!again.rig.sees("tour/next"));
}

TEST_CASE("Esc ends the tour, it can be taken again from the help, and who begins to write in it loses nothing") {
  Demo demo;
  Laptop laptop(demo.home);
  laptop.rig.press(GLFW_KEY_F1);
  laptop.rig.click("help/tour");
  REQUIRE(laptop.rig.sees("tour/next"));
  laptop.rig.click("tour/next");
  laptop.rig.click("tour/back");
  CHECK(laptop.rig.sees("new/outreach_session"));
  laptop.rig.press(GLFW_KEY_ESCAPE);
  CHECK(!laptop.rig.sees("tour/next"));
  laptop.rig.press(GLFW_KEY_F1);
  laptop.rig.click("help/tour");
  laptop.rig.click("tour/next");
  REQUIRE(laptop.rig.sees("page/1"));
  laptop.rig.click("f/title");
  laptop.rig.type("Ấp 7");
  laptop.rig.press(GLFW_KEY_ESCAPE);
  CHECK(!laptop.rig.sees("tour/next"));
  REQUIRE(laptop.rig.sees("f/title"));  // the record stays open
  laptop.rig.click("f/title");
  laptop.rig.press_with_control(GLFW_KEY_A);
  laptop.rig.press_with_control(GLFW_KEY_C);
  CHECK(laptop.rig.clipboard == "Ấp 7");
}

TEST_CASE("at 800x600 and 200 % everything that can be acted on is within reach, on every screen") {
  Demo demo;
  ScratchFolder usb;
  Laptop laptop(demo.home, demo_passphrase, {{usb.path(), "USB", 1'000'000'000, true}});
  ImGui::GetIO().DisplaySize = {800, 600};
  ui::want_look({200, ui::Palette::light});
  std::size_t reached = 0;
  for (const std::string& name : App::screen_names()) {
    if (name == "unlock") laptop.rig.press(GLFW_KEY_F12);
    laptop.app->show(name);
    if (name == "unlock") {
      laptop.rig.frames_of(3);
      CHECK(laptop.rig.sees("passphrase"));
    }
    laptop.rig.frames_of(4);
    std::vector<std::string> stops;
    for (const ui::State::Stop& stop : laptop.rig.widgets.order) stops.push_back(stop.name);
    REQUIRE(!stops.empty());
    for (const std::string& stop : stops) {
      CAPTURE(name);
      CAPTURE(stop);
      ui::focus(stop);
      laptop.rig.frames_of(4);
      const auto found = laptop.rig.widgets.rects.find(stop);
      REQUIRE(found != laptop.rig.widgets.rects.end());
      const ui::Rect rect = found->second;
      const float x = (std::max(rect.min.x, 0.0f) + std::min(rect.max.x, 800.0f)) / 2;
      const float y = (std::max(rect.min.y, 0.0f) + std::min(rect.max.y, 600.0f)) / 2;
      laptop.rig.input.mouse_move(x, y);
      laptop.rig.settle();
      CHECK(laptop.rig.widgets.hovered == stop);
      ++reached;
    }
    if (name == "unlock") {
      laptop.rig.click("passphrase");
      laptop.rig.type(demo_passphrase);
      laptop.rig.press(GLFW_KEY_ENTER);
      REQUIRE(laptop.app->unlocked());
    }
  }
  CHECK(reached > 150);
}

TEST_CASE("several people share a laptop: who comes next is chosen, waits for nobody, and sees own drafts only") {
  Demo demo;
  {
    SystemRandom random;
    const auto key = Vault::open(demo.home, "An", demo_passphrase);
    REQUIRE(key);
    REQUIRE(Vault::add_slot(demo.home, *key, "Bình", "cum cua binh", random, vault_parameters()));
  }
  Laptop laptop(demo.home, "");
  const auto drafts = [&] { return count_of(laptop, "resume/"); };
  REQUIRE(laptop.rig.sees("user/An"));
  CHECK(laptop.rig.widgets.focused == "user/An");
  // With the keyboard alone: down to the second name, Enter, the passphrase, Enter.
  laptop.rig.press(GLFW_KEY_DOWN);
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.rig.widgets.focused == "passphrase");
  for (int i = 0; i < 3; ++i) {
    laptop.rig.type("sai");
    laptop.rig.press(GLFW_KEY_ENTER);
    CHECK(laptop.app->unlock_problem() == tr("error.wrong_passphrase"));
  }
  laptop.rig.type("cum cua binh");
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(laptop.app->unlock_problem() == tr_with("unlock.wait", {"2"}));
  laptop.rig.click("user/An");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());  // another's mistakes are not An's

  CHECK(drafts() == 1);  // the demo's, of which nobody knows who typed it
  laptop.rig.click("new/consultation");
  laptop.rig.click("f/full_name");
  laptop.rig.type("Thạch Sơn");
  laptop.rig.click("tab/user");
  REQUIRE(!laptop.app->unlocked());
  laptop.rig.press(GLFW_KEY_ENTER);  // on the first name
  CHECK(laptop.rig.widgets.focused == "passphrase");
  laptop.now += 2'000;
  laptop.rig.click("user/Bình");
  laptop.rig.type("cum cua binh");
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());
  CHECK(drafts() == 1);  // An's is not offered, and cannot be dropped
  laptop.rig.click("tab/user");
  laptop.rig.click("user/An");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());
  CHECK(drafts() == 2);
  // Nor what somebody has open, nor the value that they were writing between two others.
  laptop.rig.click("tab/conflicts");
  laptop.rig.click("conflict/write");
  laptop.rig.type(", và hòa giải");
  laptop.rig.click("conflict/open");
  laptop.rig.click("tab/user");
  laptop.rig.click("user/Bình");
  laptop.rig.type("cum cua binh");
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());
  CHECK(!laptop.rig.sees("tabs/0"));
  CHECK(drafts() == 1);
  laptop.rig.click("tab/user");
  laptop.rig.click("user/An");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  REQUIRE(laptop.app->unlocked());
  CHECK(drafts() == 3);
}

TEST_CASE("where nobody of several is chosen the window asks for it, and a given passphrase finds its owner") {
  Demo demo;
  SystemRandom random;
  const auto key = Vault::open(demo.home, "An", demo_passphrase);
  REQUIRE(key);
  REQUIRE(Vault::add_slot(demo.home, *key, "Bình", "cum cua binh", random, vault_parameters()));
  {
    Laptop laptop(demo.home, "cum cua binh");
    CHECK(laptop.app->unlocked());
    CHECK(laptop.rig.drawn_letters().find("Bình·TT-CM") != std::string::npos);
  }
  Laptop laptop(demo.home, "");
  laptop.rig.click("passphrase");
  laptop.rig.type(demo_passphrase);
  laptop.rig.press(GLFW_KEY_ENTER);
  CHECK(!laptop.app->unlocked());
  CHECK(laptop.app->unlock_problem() == tr("unlock.choose"));
}

TEST_CASE("the place of the window is kept beside what was chosen, and only where there is a store") {
  Demo demo;
  ScratchFolder nothing;
  const WindowPlace place{"eDP-1", 20, 40, 1'000, 700, true};
  REQUIRE(keep_window_place(demo.home, place));
  CHECK(settings_of(demo.home).window == place);
  Laptop laptop(demo.home);
  laptop.rig.click("tab/settings");
  laptop.rig.click("palette/1");
  REQUIRE(keep_window_place(demo.home, place));
  CHECK(settings_of(demo.home).palette == "dark");
  REQUIRE(keep_window_place(nothing.path(), place));
  CHECK(!std::filesystem::exists(nothing / "window.json"));
}
