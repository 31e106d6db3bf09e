// The program itself in a real window: an X server of our own, keys and clicks as a person gives them, and the plug
// pulled. What lies behind the window is tested without one in client_window_test.
#include <doctest/doctest.h>

#include <chrono>
#include <string>
#include <thread>

#include "tests/support/demo_home.h"
#include "tests/support/process.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

const SystemClock system_clock;

void rest(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

/// An X server on a display that was free, with no window manager.
class Display {
 public:
  Display() : server_({"Xvfb", "-displayfd", "1", "-screen", "0", "1366x768x24", "-nolisten", "tcp"}, {}) {
    const std::string number = server_.read_line();
    REQUIRE_MESSAGE(!number.empty(), "Xvfb did not start: tools/setup installs it");
    environs = {{"DISPLAY", ":" + number}, {"LIBGL_ALWAYS_SOFTWARE", "1"}, {"FIELDPOST_TEST_KDF", "fast"}};
  }
  /// What a person does: xdotool's own words.
  void person(Words words) const {
    words.insert(words.begin(), "xdotool");
    REQUIRE(Process(words, environs).finish("").exit == 0);
  }
  void press(const std::string& key) const { person({"key", key}); }
  void type(const std::string& text, int delay_ms = 30) const {
    person({"type", "--delay", std::to_string(delay_ms), text});
  }

  Environs environs;

 private:
  Process server_;
};

constexpr int third_card_x = 1107, third_card_y = 150;  // "+ Việc trợ giúp pháp lý" on today's page
constexpr int tabs_to_the_name = 6;

/// A laptop of the field, and its window on a display.
struct Laptop {
  ScratchFolder folder;
  SystemRandom random;
  std::filesystem::path home = folder / "home";
  Display display;
  std::unique_ptr<Process> window;

  /// A new consultation, with the keyboard in the field of the name.
  explicit Laptop(const std::string& typing) {
    ::setenv("FIELDPOST_TEST_KDF", "fast", 1);
    DemoHome(home, system_clock, random);
    window = std::make_unique<Process>(Words{FIELDPOST_PROGRAM, "--home", home.string(), "--typing", typing},
                                       display.environs);
    display.person({"search", "--sync", "--onlyvisible", "--name", "Fieldpost", "windowfocus", "--sync"});
    rest(500);
    display.type(demo_passphrase);
    display.press("Return");
    rest(2'000);
    display.press("Escape");  // the tour, which greets a newcomer
    rest(300);
    display.person({"mousemove", std::to_string(third_card_x), std::to_string(third_card_y), "click", "1"});
    rest(300);
    for (int i = 0; i < tabs_to_the_name; ++i) display.press("Tab");
  }
  void end(int signal) {
    window->signal(signal);
    static_cast<void>(window->wait());
  }
  std::unique_ptr<Store> store() {
    Store::Options options;
    options.home = home;
    options.key = *Vault::open(home, "An", demo_passphrase);
    auto opened = Store::open(options, {system_clock, random, shipped_catalogue()});
    REQUIRE(opened);
    return std::move(*opened);
  }
};

std::string name_in(const Draft& draft) {
  const Form& form = *shipped_catalogue().form("consultation");
  if (draft.seen.form != form.name) return {};
  const auto found = draft.edit.fields.find({form.find("full_name")->number, {}});
  const auto* text = found == draft.edit.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text ? *text : std::string();
}

}  // namespace

TEST_CASE("a consultation is typed in a real window by keyboard and mouse, saved, and is in the store") {
  Laptop laptop("telex");
  laptop.display.type("Nguyeenx Thij Xuyeens");
  laptop.display.press("Tab");
  laptop.display.type("nuwx");
  laptop.display.press("Return");
  laptop.display.press("ctrl+s");
  rest(1'000);
  laptop.end(SIGTERM);
  const auto store = laptop.store();
  View::Query query;
  query.form = "consultation";
  query.search = "nguyen thi xuyen";
  const auto found = store->list(query);
  REQUIRE(found);
  REQUIRE(found->size() == 1);
  CHECK(found->front().title.find("Nguyễn Thị Xuyến") != std::string::npos);
}

TEST_CASE("killed in the middle of a long text, the program has lost the last two seconds at most") {
  Laptop laptop("off");
  // Without a pause in which the keyboard would rest: 40 letters in four seconds.
  const std::string typed = "abcbdghiklmnpqtvabcbdghiklmnpqtvabcbdghi";
  laptop.display.type(typed, 100);
  laptop.end(SIGKILL);
  const auto store = laptop.store();
  const auto drafts = store->drafts();
  REQUIRE(drafts);
  std::string kept;
  for (const Draft& draft : *drafts)
    if (const std::string name = name_in(draft); !name.empty() && typed.starts_with(name)) kept = name;
  CHECK(kept.size() >= typed.size() / 2);
  CHECK(store->verify()->ok);
}
