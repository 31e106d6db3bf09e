#include "tools/fieldpostctl/input.h"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <set>

namespace fieldpost::ctl {

namespace {

// A record of the largest size is a sixtieth of it; a CSV file of a hundred thousand lines fits.
constexpr std::size_t input_bytes_max = 64 << 20;

struct Close {
  void operator()(std::FILE* file) const {
    if (file != stdin) std::fclose(file);
  }
};

}  // namespace

Result<std::string> read_input(const std::string& name) {
  const std::unique_ptr<std::FILE, Close> file(name == "-" ? stdin : std::fopen(name.c_str(), "rb"));
  if (!file)
    return Error{errno == ENOENT ? ErrorCode::not_found : ErrorCode::io,
                 name + ": cannot be opened: " + std::strerror(errno)};
  std::string content;
  char part[1 << 16];
  while (const std::size_t read = std::fread(part, 1, sizeof part, file.get())) {
    content.append(part, read);
    if (content.size() > input_bytes_max) return Error{ErrorCode::out_of_bounds, name + ": larger than 64 MiB"};
  }
  if (std::ferror(file.get()) != 0) return Error{ErrorCode::io, name + ": cannot be read"};
  return content;
}

Result<nlohmann::json> parse_json(const std::string& text) {
  using Json = nlohmann::json;
  // The reader keeps the last of two values under one name: the first would be lost without a word.
  std::vector<std::set<std::string>> names;
  std::string doubled;
  const auto watch = [&](int, Json::parse_event_t event, Json& parsed) {
    if (event == Json::parse_event_t::object_start) names.emplace_back();
    if (event == Json::parse_event_t::object_end) names.pop_back();
    if (event == Json::parse_event_t::key && !names.back().insert(parsed.get<std::string>()).second &&
        doubled.empty())
      doubled = parsed.get<std::string>();
    return true;
  };
  try {
    Json json = Json::parse(text, watch);
    if (!doubled.empty()) return Error{ErrorCode::malformed, "the name '" + doubled + "' stands twice in one object"};
    return json;
  } catch (const Json::parse_error& fault) {
    return Error{ErrorCode::malformed, "not JSON, at byte " + std::to_string(fault.byte)};
  }
}

}  // namespace fieldpost::ctl
