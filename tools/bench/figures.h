// What a run found out, as a table for people and as JSON for programs.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fieldpost::bench {

struct Figure {
  std::string name;  // stable: `push.seconds`
  std::string what;  // for people
  double value = 0;
  std::string unit;
  std::optional<double> floor;  // the same, in the same unit, of plain SQLite or of zstd alone
  std::optional<double> aim;    // at most; over the floor where `aim_is_times_floor`
  bool aim_is_times_floor = false;
};

struct Figures {
  std::size_t records = 0, large = 0;
  std::vector<Figure> list;

  std::string table() const;
  std::string json() const;
};

}  // namespace fieldpost::bench
