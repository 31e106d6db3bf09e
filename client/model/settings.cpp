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
  const auto flag = [](const nlohmann::json& in, const char* key, bool& value) {
    const auto found = in.find(key);
    if (found != in.end() && found->is_boolean()) value = found->get<bool>();
  };
  flag(read, "veil", settings.veil);
  flag(read, "toured", settings.toured);
  const auto window = read.find("window");
  if (window == read.end() || !window->is_object()) return settings;
  const auto pixels = [&](const char* key, int least, int& value) {
    constexpr int most = 100'000;
    const auto found = window->find(key);
    if (found == window->end() || !found->is_number_integer()) return;
    const auto wanted = found->get<std::int64_t>();
    if (wanted >= least && wanted <= most) value = static_cast<int>(wanted);
  };
  WindowPlace& place = settings.window;
  const auto monitor = window->find("monitor");
  if (monitor != window->end() && monitor->is_string()) place.monitor = monitor->get<std::string>();
  pixels("x", -100'000, place.x);
  pixels("y", -100'000, place.y);
  pixels("width", 0, place.width);
  pixels("height", 0, place.height);
  flag(*window, "maximised", place.maximised);
  return settings;
}

std::string settings_json(const Settings& settings) {
  return nlohmann::json{{"language", settings.language},
                        {"scale_percent", settings.scale_percent},
                        {"palette", settings.palette},
                        {"typing", settings.typing},
                        {"lock_minutes", settings.lock_minutes},
                        {"columns", settings.columns},
                        {"veil", settings.veil},
                        {"toured", settings.toured},
                        {"window",
                         {{"monitor", settings.window.monitor},
                          {"x", settings.window.x},
                          {"y", settings.window.y},
                          {"width", settings.window.width},
                          {"height", settings.window.height},
                          {"maximised", settings.window.maximised}}}}
             .dump(2, ' ', false, nlohmann::json::error_handler_t::replace) +
         "\n";
}

}  // namespace fieldpost
