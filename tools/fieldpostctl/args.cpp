#include "tools/fieldpostctl/args.h"

#include <algorithm>

namespace fieldpost::ctl {

namespace {

const std::vector<Option>& global_options() {
  static const std::vector<Option> options = {{"--home"}, {"--user"}, {"--json", false}, {"--help", false}};
  return options;
}

const Option* find_option(const std::vector<Option>& options, std::string_view name) {
  const auto found = std::find_if(options.begin(), options.end(), [&](const Option& o) { return o.name == name; });
  return found == options.end() ? nullptr : &*found;
}

}  // namespace

std::optional<std::string> Arguments::value(const std::string& name) const {
  const auto found = options.find(name);
  if (found == options.end() || found->second.empty()) return std::nullopt;
  return found->second.back();
}

const std::vector<std::string>& Arguments::values(const std::string& name) const {
  static const std::vector<std::string> none;
  const auto found = options.find(name);
  return found == options.end() ? none : found->second;
}

std::variant<Arguments, WrongUsage> parse_arguments(const std::vector<std::string>& words, FindOptions find) {
  Arguments out;
  CommandOptions command;
  bool only_words = false;
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (!only_words && word == "--") {
      only_words = true;
      continue;
    }
    if (only_words || word == "-" || !word.starts_with("-")) {
      if (!out.command.empty()) {
        out.words.push_back(word);
        continue;
      }
      out.command = word;
      command = find(word);
      if (command.options == nullptr) return WrongUsage{word + ": không có lệnh này (no such command)"};
      if (command.takes_all) {
        out.words.assign(words.begin() + static_cast<std::ptrdiff_t>(i) + 1, words.end());
        return out;
      }
      continue;
    }
    const std::size_t equals = word.starts_with("--") ? word.find('=') : std::string::npos;
    const std::string name = word == "-h" ? "--help" : word.substr(0, equals);
    const Option* option = find_option(global_options(), name);
    if (option == nullptr && command.options != nullptr) option = find_option(*command.options, name);
    if (option == nullptr) return WrongUsage{name + ": không có tùy chọn này ở đây (unknown option here)"};
    std::string value;
    if (equals != std::string::npos) {
      if (!option->takes_value) return WrongUsage{name + ": không nhận giá trị (takes no value)"};
      value = word.substr(equals + 1);
    } else if (option->takes_value) {
      if (i + 1 == words.size()) return WrongUsage{name + ": thiếu giá trị (needs a value)"};
      value = words[++i];
    }
    if (name == "--home")
      out.home = value;
    else if (name == "--user")
      out.user = value;
    else if (name == "--json")
      out.json = true;
    else if (name == "--help")
      out.help = true;
    else {
      std::vector<std::string>& values = out.options[name];
      if (!values.empty() && !option->repeats) return WrongUsage{name + ": chỉ dùng một lần (given twice)"};
      values.push_back(std::move(value));
    }
  }
  return out;
}

}  // namespace fieldpost::ctl
