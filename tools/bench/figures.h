// What a run found out, as a table for people and as JSON for programs.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace fieldpost::bench {

/// What a figure should be, in its own unit or as a multiple of its floor.
struct Aim {
  enum class Is { at_most, at_least, at_most_times_floor };
  Is is = Is::at_most;
  double value = 0;
};
inline Aim at_most(double value) { return {Aim::Is::at_most, value}; }
inline Aim at_least(double value) { return {Aim::Is::at_least, value}; }
inline Aim at_most_times_floor(double times) { return {Aim::Is::at_most_times_floor, times}; }

struct Figure {
  std::string name;  // stable: `push.seconds`
  std::string what;  // for people
  double value = 0;
  std::string unit;
  std::optional<double> floor = {};  // the same, in the same unit, of plain SQLite or of zstd alone
  std::optional<Aim> aim = {};
};

struct Figures {
  std::string title;                                       // of the table
  std::vector<std::pair<std::string, std::size_t>> sizes;  // what was asked for, by its stable name: `records`
  std::vector<Figure> list;

  void add(std::string name, std::string what, double value, std::string unit, std::optional<double> floor = {},
           std::optional<Aim> aim = {});
  std::string table() const;
  std::string json() const;
};

}  // namespace fieldpost::bench
