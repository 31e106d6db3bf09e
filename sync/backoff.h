// How long to wait before central is tried again: longer each time, and never the same for two laptops, so that two
// hundred that lost it at one moment do not come back at one moment.
#pragma once

#include <algorithm>
#include <chrono>

#include "shared/foundation/ids.h"

namespace fieldpost {

class Backoff {
 public:
  using Milliseconds = std::chrono::milliseconds;
  Backoff(Random& random, Milliseconds first, Milliseconds longest)
      : random_(random), first_(first), longest_(longest), next_(first) {}

  /// Between half and the whole of a pause that doubles up to the longest; never less than central asked for
  /// (Retry-After, RFC 9110 10.2.3), and then up to a quarter more.
  Milliseconds next(int retry_after_s = 0) {
    const auto whole = static_cast<std::uint64_t>(next_.count());
    const Milliseconds pause(static_cast<std::int64_t>(whole / 2 + random_.below(whole / 2 + 1)));
    next_ = std::min(next_ * 2, longest_);
    if (retry_after_s <= 0) return pause;
    const std::uint64_t asked = static_cast<std::uint64_t>(retry_after_s) * 1'000;
    return std::max(pause, Milliseconds(static_cast<std::int64_t>(asked + random_.below(asked / 4 + 1))));
  }
  void reset() { next_ = first_; }

 private:
  Random& random_;
  Milliseconds first_, longest_, next_;
};

}  // namespace fieldpost
