#include "tools/bench/figures.h"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

namespace fieldpost::bench {

namespace {

std::string number(double value) {
  if (value >= 100 || value == std::floor(value)) return fmt::format("{:.0f}", value);
  if (value >= 10) return fmt::format("{:.1f}", value);
  return fmt::format("{:.3f}", value);
}

std::optional<bool> reached(const Figure& figure) {
  if (!figure.aim) return std::nullopt;
  switch (figure.aim->is) {
    case Aim::Is::at_most: return figure.value <= figure.aim->value;
    case Aim::Is::at_least: return figure.value >= figure.aim->value;
    case Aim::Is::at_most_times_floor: break;
  }
  if (!figure.floor || *figure.floor <= 0) return std::nullopt;
  return figure.value / *figure.floor <= figure.aim->value;
}

std::string text_of_aim(const Figure& figure) {
  const Aim& aim = *figure.aim;
  return fmt::format("{} {}{} {}", aim.is == Aim::Is::at_least ? "at least" : "at most", number(aim.value),
                     aim.is == Aim::Is::at_most_times_floor ? " times" : "",
                     reached(figure).value_or(false) ? "(reached)" : "(missed)");
}

const char* json_name(Aim::Is is) {
  switch (is) {
    case Aim::Is::at_most: return "aim";
    case Aim::Is::at_least: return "aim_at_least";
    case Aim::Is::at_most_times_floor: break;
  }
  return "aim_times_floor";
}

}  // namespace

void Figures::add(std::string name, std::string what, double value, std::string unit, std::optional<double> floor,
                  std::optional<Aim> aim) {
  list.push_back({std::move(name), std::move(what), value, std::move(unit), floor, aim});
}

std::string Figures::table() const {
  std::string out = title + "\n\n";
  out += fmt::format("{:<58} {:>10} {:<9} {:>10} {:>8}  {}\n", "", "here", "", "floor", "times", "aim");
  for (const Figure& figure : list) {
    std::string floor, times;
    if (figure.floor) floor = number(*figure.floor);
    if (figure.floor && *figure.floor > 0) times = fmt::format("{:.1f}", figure.value / *figure.floor);
    out += fmt::format("{:<58} {:>10} {:<9} {:>10} {:>8}  {}\n", figure.what, number(figure.value), figure.unit,
                       floor, times, figure.aim ? text_of_aim(figure) : std::string());
  }
  return out;
}

std::string Figures::json() const {
  nlohmann::json out = {{"figures", nlohmann::json::array()}};
  for (const auto& [name, size] : sizes) out[name] = size;
  for (const Figure& figure : list) {
    nlohmann::json one = {
        {"name", figure.name}, {"what", figure.what}, {"value", figure.value}, {"unit", figure.unit}};
    if (figure.floor) {
      one["floor"] = *figure.floor;
      if (*figure.floor > 0) one["times_floor"] = figure.value / *figure.floor;
    }
    if (figure.aim) one[json_name(figure.aim->is)] = figure.aim->value;
    if (const std::optional<bool> is = reached(figure)) one["reached"] = *is;
    out["figures"].push_back(std::move(one));
  }
  return out.dump(2);
}

}  // namespace fieldpost::bench
