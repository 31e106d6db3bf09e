#include "client/model/translation.h"

#include <map>

#include <nlohmann/json.hpp>

#include "shared/forms/assets.h"
#include "shared/foundation/result.h"

namespace fieldpost {
namespace {

using Texts = std::map<std::string, std::string, std::less<>>;

Texts load(const std::string& name) {
  const auto file = find_asset("translations/" + name + ".json");
  ensure(file.has_value(), "the translations are built in");
  const nlohmann::json json = nlohmann::json::parse(*file, nullptr, false);
  ensure(json.is_object(), "the translations are a JSON object");
  Texts texts;
  for (const auto& [key, text] : json.items()) {
    ensure(text.is_string(), "a translation is a text");
    texts.emplace(key, text.get<std::string>());
  }
  return texts;
}

// The window has one language at a time, and it reaches every word on the screen.
struct Current {
  std::string language = "vi";
  Texts texts = load("vi");
  Texts missing;  // keys without a text, so that tr() can return a reference
};

Current& current() {
  static Current chosen;
  return chosen;
}

}  // namespace

void use_language(std::string_view name) {
  Current& now = current();
  const std::string wanted = name == "en" ? "en" : "vi";
  if (now.language == wanted) return;
  now.language = wanted;
  now.texts = load(wanted);
}

const std::string& language() { return current().language; }

const std::string& tr(std::string_view key) {
  const Texts& texts = current().texts;
  const auto found = texts.find(key);
  if (found != texts.end()) return found->second;
  return current().missing.emplace(std::string(key), std::string(key)).first->second;
}

std::string tr_with(std::string_view key, std::initializer_list<std::string_view> parts) {
  std::string text = tr(key);
  int index = 0;
  for (const std::string_view part : parts) {
    const std::string place = "{" + std::to_string(index++) + "}";
    for (std::size_t at = text.find(place); at != std::string::npos; at = text.find(place, at + part.size()))
      text.replace(at, place.size(), part);
  }
  return text;
}

bool has_text(std::string_view key) { return current().texts.find(key) != current().texts.end(); }

}  // namespace fieldpost
