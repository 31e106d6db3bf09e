// Faults gathered over a whole file, so that a person mends them in one go, as the message of one Error.
#pragma once

#include <string>

#include "shared/foundation/result.h"

namespace fieldpost {

class FaultList {
 public:
  void add(const std::string& place, const std::string& what) {
    ++count_;
    // A file of the wrong kind has a fault in every line; the first twenty show that as well as the rest.
    if (count_ <= 20) message_ += (message_.empty() ? "" : "; ") + place + ": " + what;
  }
  void add_line(std::size_t line, const std::string& what) { add("line " + std::to_string(line), what); }

  bool empty() const { return count_ == 0; }
  Error error(ErrorCode code) const {
    return {code, count_ <= 20 ? message_ : message_ + "; and " + std::to_string(count_ - 20) + " more"};
  }

 private:
  std::size_t count_ = 0;
  std::string message_;
};

}  // namespace fieldpost
