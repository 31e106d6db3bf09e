// The program itself in a real window: an X server of our own, keys and clicks as a person gives them, and the plug
// pulled. What lies behind the window is tested without one in client_window_test.
#include <doctest/doctest.h>

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/demo_home.h"

using namespace fieldpost;

namespace {

const SystemClock system_clock;

void rest(int ms) { std::this_thread::sleep_for(std::chrono::milliseconds(ms)); }

/// A program that ends with its owner.
class Process {
 public:
  /// `told`: the end of a pipe that the program gets as its descriptor 3, or -1.
  explicit Process(std::vector<std::string> words, int told = -1) {
    std::vector<char*> arguments;
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    posix_spawn_file_actions_t files;
    ::posix_spawn_file_actions_init(&files);
    if (told >= 0) ::posix_spawn_file_actions_adddup2(&files, told, 3);
    ::posix_spawn_file_actions_addopen(&files, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    REQUIRE(::posix_spawnp(&id_, arguments[0], &files, nullptr, arguments.data(), environ) == 0);
    ::posix_spawn_file_actions_destroy(&files);
  }
  ~Process() { end(SIGKILL); }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void end(int signal) {
    if (id_ == 0) return;
    ::kill(id_, signal);
    static_cast<void>(wait());
  }
  int wait() {
    int status = 0;
    ::waitpid(id_, &status, 0);
    id_ = 0;
    return status;
  }

 private:
  pid_t id_ = 0;
};

/// An X server on a display that was free, with no window manager.
class Display {
 public:
  Display() {
    int ends[2];
    REQUIRE(::pipe(ends) == 0);
    server_ = std::make_unique<Process>(
        std::vector<std::string>{"Xvfb", "-displayfd", "3", "-screen", "0", "1366x768x24", "-nolisten", "tcp"},
        ends[1]);
    ::close(ends[1]);
    std::string number;
    for (char c = 0; ::read(ends[0], &c, 1) == 1 && c != '\n';) number += c;
    ::close(ends[0]);
    REQUIRE_MESSAGE(!number.empty(), "Xvfb did not start: tools/setup installs it");
    ::setenv("DISPLAY", (":" + number).c_str(), 1);
    ::setenv("LIBGL_ALWAYS_SOFTWARE", "1", 1);
  }
  ~Display() { ::unsetenv("DISPLAY"); }

 private:
  std::unique_ptr<Process> server_;
};

void xdo(std::vector<std::string> words) {
  words.insert(words.begin(), "xdotool");
  REQUIRE(Process(std::move(words)).wait() == 0);
}

struct Folder {
  std::filesystem::path path;
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "fieldpost-real-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
};

/// A laptop of the field, its window and what a person does to it.
struct Laptop {
  Folder folder;
  SystemRandom random;
  std::filesystem::path home = folder.path / "home";
  std::unique_ptr<Process> window;

  Laptop() {
    ::setenv("FIELDPOST_TEST_KDF", "fast", 1);
    DemoHome(home, system_clock, random);
  }
  void open_window(const std::string& typing) {
    window = std::make_unique<Process>(
        std::vector<std::string>{FIELDPOST_PROGRAM, "--home", home.string(), "--typing", typing});
    xdo({"search", "--sync", "--onlyvisible", "--name", "Fieldpost", "windowfocus", "--sync"});
    rest(500);
    xdo({"type", "--delay", "20", demo_passphrase});
    xdo({"key", "Return"});
    rest(2'000);
  }
  void click(int x, int y) {
    xdo({"mousemove", std::to_string(x), std::to_string(y), "click", "1"});
    rest(300);
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

constexpr int third_card_x = 1107, third_card_y = 150;  // "+ Việc trợ giúp pháp lý" on today's page
constexpr int tabs_to_the_name = 6;

std::string name_in(const Draft& draft) {
  const Form& form = *shipped_catalogue().form("consultation");
  if (draft.seen.form != form.name) return {};
  const auto found = draft.edit.fields.find({form.find("full_name")->number, {}});
  const auto* text = found == draft.edit.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
  return text ? *text : std::string();
}

}  // namespace

TEST_CASE("a consultation is typed in a real window by keyboard and mouse, saved, and is in the store") {
  const Display display;
  Laptop laptop;
  laptop.open_window("telex");
  laptop.click(third_card_x, third_card_y);
  for (int i = 0; i < tabs_to_the_name; ++i) xdo({"key", "Tab"});
  xdo({"type", "--delay", "30", "Nguyeenx Thij Xuyeens"});
  xdo({"key", "Tab"});
  xdo({"type", "--delay", "30", "nuwx"});
  xdo({"key", "Return"});
  xdo({"key", "ctrl+s"});
  rest(1'000);
  laptop.window->end(SIGTERM);
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
  const Display display;
  Laptop laptop;
  laptop.open_window("off");
  laptop.click(third_card_x, third_card_y);
  for (int i = 0; i < tabs_to_the_name; ++i) xdo({"key", "Tab"});
  // Without a pause in which the keyboard would rest: 40 letters in four seconds.
  const std::string typed = "abcbdghiklmnpqtvabcbdghiklmnpqtvabcbdghi";
  xdo({"type", "--delay", "100", typed});
  laptop.window->end(SIGKILL);
  const auto store = laptop.store();
  const auto drafts = store->drafts();
  REQUIRE(drafts);
  std::string kept;
  for (const Draft& draft : *drafts)
    if (const std::string name = name_in(draft); !name.empty() && typed.starts_with(name)) kept = name;
  CHECK(kept.size() >= typed.size() / 2);
  CHECK(store->verify()->ok);
}
