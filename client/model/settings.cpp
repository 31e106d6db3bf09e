#include "client/model/settings.h"

#include <cstdint>

#include <nlohmann/json.hpp>

namespace fieldpost {

Settings settings_from(std::string_view json) {
  Settings settings;
  const nlohmann::json read = nlohmann::json::parse(json, nullptr, false);
  if (!read.is_object()) return settings;
  const auto number = [&](const char* key, int least, int most, int& value) {
    const auto found = read.find(key);
    if (found == read.end() || !found->is_number_integer()) return;
    const auto wanted = found->get<std::int64_t>();
    if (wanted >= least && wanted <= most) value = static_cast<int>(wanted);
  };
  const auto one_of = [&](const char* key, const auto& values, std::string& value) {
    const auto found = read.find(key);
    if (found == read.end() || !found->is_string()) return;
    const auto wanted = found->template get<std::string>();
    if (is_among(values, wanted)) value = wanted;
  };
  one_of("language", languages, settings.language);
  one_of("palette", palettes, settings.palette);
  one_of("typing", typings, settings.typing);
  number("scale_percent", scale_percent_least, scale_percent_most, settings.scale_percent);
  number("lock_minutes", 0, 120, settings.lock_minutes);
  if (const auto columns = read.find("columns"); columns != read.end() && columns->is_object())
    for (const auto& [form, names] : columns->items()) {
      if (!names.is_array() || names.size() > columns_max) continue;
      for (const nlohmann::json& name : names)
        if (name.is_string()) settings.columns[form].push_back(name.get<std::string>());
    }
  return settings;
}

std::string settings_json(const Settings& settings) {
  return nlohmann::json{{"language", settings.language},         {"scale_percent", settings.scale_percent},
                        {"palette", settings.palette},           {"typing", settings.typing},
                        {"lock_minutes", settings.lock_minutes}, {"columns", settings.columns}}
             .dump(2) +
         "\n";
}

}  // namespace fieldpost
