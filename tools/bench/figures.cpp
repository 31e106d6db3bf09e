#include "tools/bench/figures.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

namespace fieldpost::bench {

namespace {

std::string number(double value) {
  if (value >= 100) return fmt::format("{:.0f}", value);
  if (value >= 10) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3f}", value);
}

std::optional<bool> reached(const Figure& figure) {
  if (!figure.aim) return std::nullopt;
  if (!figure.aim_is_times_floor) return figure.value <= *figure.aim;
  if (!figure.floor || *figure.floor <= 0) return std::nullopt;
  return figure.value / *figure.floor <= *figure.aim;
}

}  // namespace

std::string Figures::table() const {
  std::string out = fmt::format("{} consultations; lists and search over {}\n\n", records, large);
  out += fmt::format("{:<58} {:>10} {:<8} {:>10} {:>8}  {}\n", "", "here", "", "floor", "times", "aim");
  for (const Figure& figure : list) {
    std::string floor, times, aim;
    if (figure.floor) floor = number(*figure.floor);
    if (figure.floor && *figure.floor > 0) times = fmt::format("{:.1f}", figure.value / *figure.floor);
    if (figure.aim)
      aim = fmt::format("at most {}{} {}", number(*figure.aim), figure.aim_is_times_floor ? " times" : "",
                        reached(figure).value_or(false) ? "(reached)" : "(missed)");
    out += fmt::format("{:<58} {:>10} {:<8} {:>10} {:>8}  {}\n", figure.what, number(figure.value), figure.unit,
                       floor, times, aim);
  }
  return out;
}

std::string Figures::json() const {
  nlohmann::json out = {{"records", records}, {"large", large}, {"figures", nlohmann::json::array()}};
  for (const Figure& figure : list) {
    nlohmann::json one = {
        {"name", figure.name}, {"what", figure.what}, {"value", figure.value}, {"unit", figure.unit}};
    if (figure.floor) {
      one["floor"] = *figure.floor;
      if (*figure.floor > 0) one["times_floor"] = figure.value / *figure.floor;
    }
    if (figure.aim) one[figure.aim_is_times_floor ? "aim_times_floor" : "aim"] = *figure.aim;
    if (const std::optional<bool> is = reached(figure)) one["reached"] = *is;
    out["figures"].push_back(std::move(one));
  }
  return out.dump(2);
}

}  // namespace fieldpost::bench
