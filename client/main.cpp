// fieldpost: the laptop's window. Exit codes: 0 done, 1 failed, 2 wrong usage.
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <string>
#include <string_view>

#include <imgui.h>

#include "client/app.h"
#include "client/desktop.h"
#include "client/model/translation.h"
#include "client/offscreen.h"
#include "client/ui/input_queue.h"
#include "client/window.h"
#include "shared/foundation/limits.h"

namespace {

using namespace fieldpost;

constexpr const char* usage =
    "fieldpost --home DIR [--user NAME] [--lang vi|en] [--scale 100..250] [--palette light|dark|contrast]\n"
    "          [--typing off|telex|vni]  (telex, vni: where no input method is running)\n"
    "          [--screenshot FILE [--screen NAME] [--size WxH]] | --screens\n"
    "The passphrase comes from FIELDPOST_PASSPHRASE or the window.\n";

struct Arguments {
  std::string home, user, language, palette, typing, screenshot, screen;
  int scale = 0, width = 1366, height = 768;
  bool list_screens = false, help = false;
};

std::optional<int> whole_number(const std::string& text, int least, int most) {
  char* end = nullptr;
  const long value = std::strtol(text.c_str(), &end, 10);
  if (text.empty() || *end != '\0' || value < least || value > most) return std::nullopt;
  return static_cast<int>(value);
}

std::optional<Arguments> parse(int count, char** words, std::string& fault) {
  Arguments arguments;
  for (int i = 1; i < count; ++i) {
    const std::string word = words[i];
    if (word == "--screens") {
      arguments.list_screens = true;
      continue;
    }
    if (word == "--help" || word == "-h") {
      arguments.help = true;
      continue;
    }
    if (i + 1 >= count) {
      fault = word + ": unknown, or without its value";
      return std::nullopt;
    }
    const std::string value = words[++i];
    if (word == "--home")
      arguments.home = value;
    else if (word == "--user")
      arguments.user = value;
    else if (word == "--screenshot")
      arguments.screenshot = value;
    else if (word == "--screen")
      arguments.screen = value;
    else if (word == "--palette" && is_among(palettes, value))
      arguments.palette = value;
    else if (word == "--lang" && is_among(languages, value))
      arguments.language = value;
    else if (word == "--typing" && is_among(typings, value))
      arguments.typing = value;
    else if (word == "--scale" && whole_number(value, 100, 250))
      arguments.scale = *whole_number(value, 100, 250);
    else if (word == "--size") {
      const std::size_t by = value.find('x');
      const auto width = whole_number(value.substr(0, by), 320, 8192);
      const auto height = by == std::string::npos ? std::nullopt : whole_number(value.substr(by + 1), 240, 8192);
      if (!width || !height) {
        fault = "--size " + value + ": WIDTHxHEIGHT, for example 1366x768";
        return std::nullopt;
      }
      arguments.width = *width;
      arguments.height = *height;
    } else {
      fault = word + " " + value + ": unknown, or not possible";
      return std::nullopt;
    }
  }
  return arguments;
}

/// What the laptop keeps; the command line says otherwise for this time.
Settings settings_for(const Arguments& arguments) {
  Settings settings = settings_of(arguments.home);
  if (!arguments.language.empty()) settings.language = arguments.language;
  if (arguments.scale != 0) settings.scale_percent = arguments.scale;
  if (!arguments.palette.empty()) settings.palette = arguments.palette;
  if (!arguments.typing.empty()) settings.typing = arguments.typing;
  return settings;
}

App::Options app_options(const Arguments& arguments, const Settings& settings) {
  App::Options options;
  options.settings = settings;
  options.home = arguments.home;
  options.user = arguments.user;
  if (const char* passphrase = std::getenv("FIELDPOST_PASSPHRASE")) options.passphrase = passphrase;
  options.wake = [] { wake_window(); };
  return options;
}

int fail(const Error& error) {
  std::fprintf(stderr, "fieldpost: %s\n", error.message.c_str());
  return 1;
}

int write_screenshot(const Arguments& arguments, const Settings& settings) {
  ImGui::CreateContext();
  ImGui::GetIO().IniFilename = nullptr;
  ui::configure_input(ImGui::GetIO());
  std::string message;
  if (!ui::load_theme(look_of(settings, 100), message)) std::fprintf(stderr, "fieldpost: %s\n", message.c_str());
  ui::State widgets;
  ui::set_state(widgets);
  Result<std::unique_ptr<Offscreen>> screen = Offscreen::open(arguments.width, arguments.height);
  if (!screen) return fail(screen.error());
  const SystemClock clock;
  SystemRandom random;
  App::Options options = app_options(arguments, settings);
  options.settings.toured = true;  // a picture shows the screen, not what greets a newcomer
  options.lock_wait_ms = limits::store_wait_ms;
  // Without a passphrase there is one screen to draw.
  const std::string name = !arguments.screen.empty()    ? arguments.screen
                           : options.passphrase.empty() ? "unlock"
                                                        : "home";
  if (name == "unlock") options.passphrase.clear();
  App app(options, clock, random, shipped_catalogue());
  if (name != "unlock" && !app.unlocked()) {
    const bool tried = !app.unlock_problem().empty();
    return fail(
        {ErrorCode::wrong_passphrase,
         tried ? app.unlock_problem() : "screen " + name + " needs an enrolled home and FIELDPOST_PASSPHRASE"});
  }
  app.show(name);
  (*screen)->draw([&] { app.frame(0); });
  if (const Result<void> written = (*screen)->write_png(arguments.screenshot); !written) return fail(written.error());
  screen->reset();
  ImGui::DestroyContext();
  return 0;
}

/// On the terminal and, since most people never see that, in a dialog where there is a display for it.
int tell_no_window(const Error& error) {
  const bool no_display = error.code == ErrorCode::not_found;
  const std::string words = no_display ? tr("window.no_display") : tr_with("window.no_opengl", {error.message});
  const int code = fail({error.code, words});
  if (!no_display) show_dialog(words);
  return code;
}

int open_window(const Arguments& arguments, const Settings& settings) {
  const SystemClock clock;
  SystemRandom random;
  std::unique_ptr<App> app;
  WindowOptions options;
  options.place = settings.window;
  options.closed = [&](const WindowPlace& place) {
    if (const Result<void> kept = keep_window_place(arguments.home, place); !kept)
      static_cast<void>(fail(kept.error()));
  };
  options.look = [&](int system_scale_percent) { return look_of(settings, system_scale_percent); };
  const Result<void> ran = run_window(options, [&] {
    app = std::make_unique<App>(app_options(arguments, settings), clock, random, shipped_catalogue());
    WindowContent content;
    content.frame = [&](std::int64_t now_ms) { app->frame(now_ms); };
    content.wake_at = [&] { return app->wake_at(); };
    content.closing = [&] {
      app->closing();
      app.reset();  // joins the worker while the window can still be woken
    };
    return content;
  });
  return ran ? 0 : tell_no_window(ran.error());
}

}  // namespace

int main(int count, char** words) {
  std::string fault;
  const std::optional<Arguments> arguments = parse(count, words, fault);
  if (arguments && arguments->help) {
    std::fputs(usage, stdout);
    return 0;
  }
  if (arguments && arguments->list_screens) {
    for (const std::string& name : App::screen_names()) std::puts(name.c_str());
    return 0;
  }
  if (arguments && arguments->home.empty()) fault = "--home DIR is missing";
  if (arguments && !arguments->screen.empty()) {
    const auto& names = App::screen_names();
    if (std::find(names.begin(), names.end(), arguments->screen) == names.end())
      fault = "--screen " + arguments->screen + ": no such screen; --screens lists them";
  }
  if (!arguments || !fault.empty()) {
    std::fprintf(stderr, "fieldpost: %s\n%s", fault.c_str(), usage);
    return 2;
  }
  const Settings settings = settings_for(*arguments);
  use_language(settings.language);
  return arguments->screenshot.empty() ? open_window(*arguments, settings) : write_screenshot(*arguments, settings);
}
