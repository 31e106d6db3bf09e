// The pages of help: assets/help/LANGUAGE/NAME.md, built into the program. They are written in a small part of
// Markdown, read here and nowhere else:
//
//   # Title              once, on the first line
//   ## Heading
//   1. A step            - an item       anything else: a paragraph, up to the next empty line
//   **bold**             `form.save`     a button or a field, by the key of its text, so that it cannot drift
//                        `Ctrl+S`        a key of the keyboard, one of `keyboard_keys`
//
// What is none of that is a fault of the page, told with its line; a test reads them all.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "client/model/action.h"
#include "client/model/form_entry.h"
#include "shared/foundation/result.h"

namespace fieldpost {

struct HelpSpan {
  enum class Kind { words, bold, key };
  Kind kind = Kind::words;
  std::string text;  // of a key: as it is written in the page
};
struct HelpBlock {
  enum class Kind { heading, paragraph, step, item };
  Kind kind = Kind::paragraph;
  int number = 0;  // of a step
  std::vector<HelpSpan> spans;
};
struct HelpPage {
  std::string name, title;
  std::vector<HelpBlock> blocks;
};

/// Errors: malformed, with the line.
Result<HelpPage> read_help(std::string_view name, std::string_view text);

/// In the order in which they are listed.
inline constexpr std::array<std::string_view, 15> help_names = {
    "home",    "inbox", "list",    "form",     "session", "roster", "consultation", "conflicts",
    "history", "sync",  "reports", "settings", "users",   "unlock", "trouble"};
/// The keys of the keyboard that a page may name: those the program listens to.
inline constexpr std::array<std::string_view, 25> keyboard_keys = {
    "F1",        "F12",    "Esc",    "Enter",        "Ctrl+Enter",  "Tab",          "Shift+Tab",      "Ctrl+S",
    "Ctrl+V",    "Ctrl+Z", "Ctrl++", "Ctrl+-",       "Ctrl+Delete", "Ctrl+Page Up", "Ctrl+Page Down", "Page Up",
    "Page Down", "↑",      "↓",      "Ctrl+Shift+P", "Ctrl+Tab",    "Ctrl+W",       "Ctrl+A",         "Alt+1",
    "Alt+2"};

/// The page of this name in the chosen language; every name above has one.
const HelpPage& help_page(std::string_view name);
/// The page that belongs to a screen; to the part of a form that is shown.
std::string help_for(Screen screen, const FormEntry* entry);
/// How a key, button or field that a page names reads now.
std::string key_words(std::string_view key);
/// The pages that hold every word typed, marks and capitals set aside; those with most of them in their title first.
/// All of them for an empty text.
std::vector<std::string> find_help(std::string_view typed);

/// What a page is opened beside, and what is typed into it.
struct HelpModel {
  std::string page = "home";
  std::string search;
  bool has_tour = false;  // somebody has unlocked: there is something to show
  bool listing = false;   // where there is no room beside the page: the list is shown above it
};

}  // namespace fieldpost
