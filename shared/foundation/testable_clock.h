// The programs' clock: the machine's, or one that FIELDPOST_TEST_NOW_MS sets, so that tests of whole programs can
// live in 1970 or in 2099 and let a ticket run out.
#pragma once

#include <charconv>
#include <cstdlib>
#include <string_view>

#include "shared/foundation/clock.h"

namespace fieldpost {

class TestableClock final : public WallClock {
 public:
  TestableClock() {
    const char* wish = std::getenv("FIELDPOST_TEST_NOW_MS");
    if (wish == nullptr) return;
    const std::string_view text(wish);
    std::int64_t start = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), start);
    if (read.ec == std::errc() && read.ptr == text.data() + text.size()) offset_ms_ = start - machine_.now_ms();
  }
  /// Goes on from where it was set, at the machine's pace.
  std::int64_t now_ms() const override { return machine_.now_ms() + offset_ms_; }

 private:
  SystemClock machine_;
  std::int64_t offset_ms_ = 0;
};

}  // namespace fieldpost
