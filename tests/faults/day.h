// A day of a small deployment, as a script that may die at any moment and be taken up again by another process: two
// laptops, central, a stick and a shelf of backups, each on the real disk and opened anew by each step, through the
// code of fieldpostctl's commands. What a step has done it says aloud, outside of the folder; `check` holds the disk
// against what was said.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost::test {

/// A step said that it could not be done, and why.
struct Refused {
  std::string what;
};
/// Something that must always hold does not.
struct Broken {
  std::string what;
};

/// All that steps have said so far, line by line; nothing else is known of what went before.
class Told {
 public:
  /// `KEY WORDS…`.
  void hear(const std::string& line);
  bool has(const std::string& key) const { return lines_.contains(key); }
  std::vector<std::string> all(const std::string& key) const;
  std::string last(const std::string& key) const;
  std::size_t count(const std::string& key) const { return all(key).size(); }
  /// How many steps have returned: the next one to do.
  std::size_t steps() const { return count("returned"); }

 private:
  std::map<std::string, std::vector<std::string>> lines_;
};

class Day {
 public:
  /// Known-bad variants, which must be caught.
  enum class Control {
    none,
    writes_in_place,  // an export is written under its final name
    hides_errors,     // a save that returned an error is told as done
  };
  using Say = std::function<void(const std::string&)>;
  /// `folder` is where everything lies, `outside` where the script keeps what is not under test.
  Day(std::filesystem::path folder, std::filesystem::path outside, Told told, std::uint64_t seed, Say say,
      Control control);
  ~Day();

  static std::size_t steps();
  static const char* name_of(std::size_t step);
  static std::size_t step_named(const std::string& name);
  /// What the script needs outside of its folder. Call once.
  static void prepare(const std::filesystem::path& outside);

  /// Does one step; throws Refused. Done again after it was cut short, or had returned an error, it succeeds.
  void run(std::size_t step);
  /// In a new process: every store opens and verifies, holds every save that was told, and nothing is half done.
  /// Throws Broken, and Refused where something does not open.
  void check();
  /// After the last step: everybody holds the same, nothing is left unsent, nothing lies about.
  void check_end();

  struct Parts;

 private:
  std::unique_ptr<Parts> parts_;
};

}  // namespace fieldpost::test
