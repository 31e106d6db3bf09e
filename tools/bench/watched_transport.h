// Passes an exchange's requests on and notes what a bench wants to know of them.
#pragma once

#include <optional>
#include <set>

#include "shared/foundation/crypto.h"
#include "sync/messages.h"
#include "sync/transport.h"
#include "tools/bench/measure.h"

namespace fieldpost::bench {

class WatchedTransport final : public Transport {
 public:
  explicit WatchedTransport(Transport& road) : road_(&road) {}
  /// From now on by another road: after a cut.
  void go_by(Transport& road) { road_ = &road; }

  void send(Request request) override {
    if (request.path == path::push) {
      if (!before_first_push_ms_) before_first_push_ms_ = time_.milliseconds() - waited_ms_;
      pushed_bytes_ += request.body.size();
      if (!pages_.insert(sha256(request.body)).second) repeated_bytes_ += request.body.size();
    }
    road_->send(std::move(request));
  }
  Result<Response> receive() override {
    const Stopwatch waiting;
    Result<Response> response = road_->receive();
    waited_ms_ += waiting.milliseconds();
    return response;
  }
  void abandon() override { road_->abandon(); }

  /// From the start of this object to the first push, without what the road and central took.
  std::optional<double> before_first_push_ms() const { return before_first_push_ms_; }
  std::size_t pushed_bytes() const { return pushed_bytes_; }
  /// Pushes handed to the road that it had been handed before, byte for byte, also by an earlier exchange.
  std::size_t repeated_bytes() const { return repeated_bytes_; }

 private:
  Transport* road_;
  Stopwatch time_;
  double waited_ms_ = 0;
  std::optional<double> before_first_push_ms_;
  std::size_t pushed_bytes_ = 0, repeated_bytes_ = 0;
  std::set<Digest> pages_;
};

}  // namespace fieldpost::bench
