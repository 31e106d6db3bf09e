// What central thinks of the time a change bears. A note for people, beside the change and never in it: nothing is
// refused, ordered or shown otherwise because of it (design 2).
#pragma once

#include <cstdlib>
#include <optional>

#include "shared/model/change.h"

namespace fieldpost {

/// Laptops drift by seconds; what differs by more was set wrong.
inline constexpr std::int64_t clock_tolerance_ms = 5 * 60 * 1000;

/// What is known about the clock of the laptop that hands a change in. All UTC ms.
struct ClockWitness {
  std::int64_t now = 0;                   // central's clock
  std::int64_t enrolled_at = 0;           // by central's clock: no change of that laptop is older
  std::optional<std::int64_t> offset_ms;  // laptop minus central at this handshake; unknown on a stick
};

struct ClockDoubt {
  /// The time by central's clock, where the laptop's was as wrong at the save as it is now; else nothing.
  std::optional<std::int64_t> corrected_at;
};

/// Nothing where there is no reason to doubt.
inline std::optional<ClockDoubt> doubt_of(std::int64_t at, const ClockWitness& witness) {
  const auto possible = [&](std::int64_t time) {
    return time <= witness.now + clock_tolerance_ms && time >= witness.enrolled_at - clock_tolerance_ms;
  };
  const bool is_off = witness.offset_ms && std::llabs(*witness.offset_ms) > clock_tolerance_ms;
  if (!is_off && possible(at)) return std::nullopt;
  // A clock that was set right before the sync, or wrong after the save, leaves only the doubt.
  if (is_off && possible(at - *witness.offset_ms)) return ClockDoubt{at - *witness.offset_ms};
  return ClockDoubt{};
}

}  // namespace fieldpost
