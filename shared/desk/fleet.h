// Who holds what, as far as this store knows: each laptop's user, what has come of it, what is missing, the forms it
// works with; and the sessions of the last weeks with where each stands. When a laptop last met central, and by which
// road, central alone knows (`fieldpostctl gaps` there): a laptop knows when it last wrote something that has
// arrived.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "shared/desk/review.h"

namespace fieldpost {

/// A laptop is silent when nothing that it wrote in this time has arrived; a trip takes four days at most
/// (domain 8.1).
inline constexpr std::int64_t silent_after_days = 7;

struct FleetLaptop {
  DeviceId device;
  std::string user, unit;
  Role role = Role::recorder;
  bool is_own = false;
  std::int64_t last_word = 0;   // of its newest change here, by its own clock, UTC ms; 0: nothing is here
  std::int64_t changes = 0;     // of its journals, as far as they are here without a gap
  std::int64_t missing = 0;     // places that are known of and not here
  std::int64_t unanswered = 0;  // here, and central has not answered for them; of the own laptop: not sent
  std::map<ReviewState, std::int64_t> records;  // that it made and that are reviewed
  std::vector<std::string> old_forms;           // that it wrote lately in another than the newest version
};
/// Every laptop this one has a certificate of and that may write, by unit and user; without its records and forms.
Result<std::vector<FleetLaptop>> read_laptops(Store& store);
/// With them.
Result<std::vector<FleetLaptop>> read_fleet(Store& store);
/// By the newest of its changes; of laptops that never wrote nothing is said.
bool is_silent(const FleetLaptop& laptop, std::int64_t now_ms);

/// A session and what its team still owes of it.
struct OwedSession {
  RecordId record;
  std::string title;
  CivilDate day;
  bool reported = false;  // a headcount or a roster line is there
  std::int64_t consultations = 0;
  ReviewState state = ReviewState::incomplete;
};
/// Sessions that follow each other by no more than three days, of one unit: a trip, as far as records say so.
struct Trip {
  std::string unit;
  std::vector<std::string> users;                  // who wrote of it
  std::vector<OwedSession> sessions;               // by day
  std::size_t owed(const CivilDate& today) const;  // sessions of days gone by that are neither handed in nor accepted
};
/// From `from` on, planned ones included; the newest trip first.
Result<std::vector<Trip>> read_trips(Store& store, const CivilDate& from);

}  // namespace fieldpost
