// What the steps and the checks of the day share; day.h is for everybody else.
#pragma once

#include <optional>

#include "shared/storage/files.h"
#include "sync/central/central_home.h"
#include "sync/exchange.h"
#include "tests/faults/day.h"
#include "tools/fieldpostctl/commands.h"

namespace fieldpost::test {

namespace fs = std::filesystem;

/// Forms enough to have a roster, lists and places; version 2 has a question more.
const Catalogue& day_catalogue(int version);

inline constexpr const char* day_passphrase = "mật khẩu thử";
inline constexpr const char* second_person = "Chị Hai";
inline constexpr const char* second_passphrase = "mật khẩu thứ hai";
inline constexpr int import_lines = 30;

template <class T>
T need(Result<T> result) {
  if (!result) throw Refused{result.error().message};
  return *std::move(result);
}
inline void need(const Result<void>& result) {
  if (!result) throw Refused{result.error().message};
}
inline void expect(bool holds, const std::string& what) {
  if (!holds) throw Broken{what};
}

struct Day::Parts {
  struct DayClock final : WallClock {
    std::int64_t ms = 0;
    std::int64_t now_ms() const override { return ms; }
  };
  fs::path folder, outside;
  Told told;
  Say say;
  Control control;
  DayClock clock;
  SeededRandom random;
  int form_version = 1;

  fs::path home(int laptop) const { return folder / (laptop == 0 ? "an" : "binh"); }
  fs::path central() const { return folder / "central"; }
  fs::path stick() const { return folder / "stick"; }
  fs::path shelf() const { return folder / "shelf"; }

  void tell(const std::string& line) {
    told.hear(line);
    say(line);
  }
  /// One command as fieldpostctl runs it.
  ctl::Reply command(ctl::Reply (*run)(const ctl::Context&), const fs::path& home, std::vector<std::string> words,
                     std::map<std::string, std::vector<std::string>> options = {});
  ctl::Laptop open_laptop(int laptop, bool may_create = false);
  std::unique_ptr<CentralHome> open_central(bool may_create = false);
  /// One exchange with central's endpoint in this process.
  ExchangeReport sync(int laptop);
  std::string device_of(int laptop);
  void tell_save(int laptop, const RecordId& record, const ChangeId& change);

  void check_laptop(int laptop, const std::optional<Incarnation>& central_now,
                    const std::function<bool(const RecordId&, const ChangeId&)>& at_central);
  void check_files();
};

}  // namespace fieldpost::test
