#include "client/model/help.h"

#include <algorithm>
#include <map>

#include "client/model/translation.h"
#include "shared/forms/assets.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

std::string_view trimmed(std::string_view words) {
  const std::size_t first = words.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return words.substr(first, words.find_last_not_of(" \t\r") - first + 1);
}

/// The digits before ". " at the beginning of a step; 0 where there are none.
int step_number(std::string_view line) {
  std::size_t digits = 0;
  int number = 0;
  while (digits < 2 && digits < line.size() && line[digits] >= '0' && line[digits] <= '9')
    number = number * 10 + (line[digits++] - '0');
  return digits > 0 && line.substr(digits).starts_with(". ") ? number : 0;
}

/// Spans of one block; false when a mark is not closed.
bool read_spans(std::string_view words, std::vector<HelpSpan>& spans) {
  while (!words.empty()) {
    const std::size_t mark = std::min(words.find("**"), words.find('`'));
    if (mark > 0) spans.push_back({HelpSpan::Kind::words, std::string(words.substr(0, mark))});
    if (mark == std::string_view::npos) return true;
    const bool key = words[mark] == '`';
    const std::string_view sign = key ? "`" : "**";
    words.remove_prefix(mark + sign.size());
    const std::size_t end = words.find(sign);
    if (end == std::string_view::npos || end == 0) return false;
    spans.push_back({key ? HelpSpan::Kind::key : HelpSpan::Kind::bold, std::string(words.substr(0, end))});
    words.remove_prefix(end + sign.size());
  }
  return true;
}

std::string plain_words(const HelpPage& page) {
  std::string words = page.title;
  for (const HelpBlock& block : page.blocks) {
    words += ' ';
    for (const HelpSpan& span : block.spans)
      words += span.kind == HelpSpan::Kind::key ? key_words(span.text) : span.text;
  }
  return words;
}

std::string form_page(const FormEntry& entry) {
  if (entry.page > 0) return "roster";
  if (entry.form().name == "consultation") return "consultation";
  return entry.form().repeats().empty() ? "form" : "session";
}

}  // namespace

Result<HelpPage> read_help(std::string_view name, std::string_view text) {
  HelpPage page;
  page.name = name;
  int number = 0;
  const auto fault = [&](const char* what) {
    return Error{ErrorCode::malformed, page.name + ":" + std::to_string(number) + ": " + what};
  };
  std::string words;  // of the block that is being read
  const auto end_block = [&] {
    return words.empty() || read_spans(std::exchange(words, {}), page.blocks.back().spans);
  };
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string_view line = trimmed(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    ++number;
    if (number == 1) {
      if (!line.starts_with("# ")) return fault("a page begins with its title");
      page.title = trimmed(line.substr(2));
      continue;
    }
    const bool goes_on = !words.empty();
    HelpBlock block;
    std::string_view content = line;
    bool begins = true;
    if (line.starts_with("## ")) {
      block.kind = HelpBlock::Kind::heading;
      content = line.substr(3);
    } else if (line.starts_with("- ")) {
      block.kind = HelpBlock::Kind::item;
      content = line.substr(2);
    } else if (const int step = step_number(line); step > 0) {
      block.kind = HelpBlock::Kind::step;
      block.number = step;
      content = line.substr(line.find(' ') + 1);
    } else {
      if (line.find_first_of("#<>[]|") == 0) return fault("neither heading, list nor words");
      begins = !goes_on;
    }
    if ((line.empty() || begins) && !end_block()) return fault("a mark is not closed above this line");
    if (line.empty()) continue;
    if (begins)
      page.blocks.push_back(std::move(block));
    else
      words += ' ';
    words += trimmed(content);
  }
  if (!end_block()) return fault("a mark is not closed at the end");
  if (page.blocks.empty()) return fault("a page without words");
  return page;
}

const HelpPage& help_page(std::string_view name) {
  static std::map<std::string, HelpPage, std::less<>> read;
  const std::string path = "help/" + language() + "/" + std::string(name) + ".md";
  const auto known = read.find(path);
  if (known != read.end()) return known->second;
  const auto file = find_asset(path);
  ensure(file.has_value(), "every page of help is built in");
  Result<HelpPage> page = read_help(name, *file);
  ensure(page.has_value(), "every page of help can be read");
  return read[path] = std::move(*page);
}

std::string help_for(Screen screen, const FormEntry* entry) {
  switch (screen) {
    case Screen::unlock: return "unlock";
    case Screen::home: return "home";
    case Screen::list: return "list";
    case Screen::form: return entry ? form_page(*entry) : "form";
    case Screen::sync: return "sync";
    case Screen::conflicts:
    case Screen::duplicates: return "conflicts";
    case Screen::history: return "history";
    case Screen::settings: return "settings";
    case Screen::reports: return "reports";
    case Screen::inbox:
    case Screen::fleet: return "inbox";
    case Screen::help: break;
  }
  return "home";
}

std::string key_words(std::string_view key) {
  if (key.find('.') == std::string_view::npos) return std::string(key);
  // What points the way on a button is no part of its name.
  std::string_view words = tr(key);
  for (const std::string_view sign : {"‹ ", "+ "})
    if (words.starts_with(sign)) words.remove_prefix(sign.size());
  return std::string(words);
}

std::vector<std::string> find_help(std::string_view typed) {
  const std::vector<std::string> words = vietnamese::folded_words(typed);
  std::vector<std::string> found;
  for (const std::string_view name : help_names) {
    const std::string page = vietnamese::fold(plain_words(help_page(name)));
    if (std::all_of(words.begin(), words.end(),
                    [&](const std::string& word) { return page.find(word) != std::string::npos; }))
      found.emplace_back(name);
  }
  const auto in_title = [&](const std::string& name) {
    const std::string title = vietnamese::fold(help_page(name).title);
    return std::count_if(words.begin(), words.end(),
                         [&](const std::string& word) { return title.find(word) != std::string::npos; });
  };
  std::stable_sort(found.begin(), found.end(),
                   [&](const std::string& a, const std::string& b) { return in_title(a) > in_title(b); });
  return found;
}

}  // namespace fieldpost
