// What was typed: parsed once, by the options each command says it takes.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace fieldpost::ctl {

struct Option {
  std::string name;  // "--values"
  bool takes_value = true;
  bool repeats = false;
};

/// --home, --user, --json and --help are taken anywhere, also before the command.
struct Arguments {
  std::string command;
  std::vector<std::string> words;  // after the command, options left out
  std::map<std::string, std::vector<std::string>> options;
  std::string home, user;
  bool json = false, help = false;

  bool has(const std::string& name) const { return options.contains(name); }
  std::optional<std::string> value(const std::string& name) const;
  const std::vector<std::string>& values(const std::string& name) const;
};

/// What is wrong with the words, for a person.
struct WrongUsage {
  std::string message;
};

/// The options of a command, or null when there is no such command. `takes_all` gives the command every word that
/// follows it as typed.
struct CommandOptions {
  const std::vector<Option>* options = nullptr;
  bool takes_all = false;
};
using FindOptions = CommandOptions (*)(std::string_view command);

/// A value may begin with `-`; `--` ends the options; `--name=value` is the same as `--name value`.
std::variant<Arguments, WrongUsage> parse_arguments(const std::vector<std::string>& words, FindOptions find);

}  // namespace fieldpost::ctl
