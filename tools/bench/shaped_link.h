// A bad link on one machine: two network namespaces with a TUN device each, and a thread that carries the packets
// between them as slowly, as late and as unreliably as it was told. TCP and TLS on both sides are the kernel's and
// the program's own; nothing of the machine's own network is touched, and all of it goes away with the process.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "shared/foundation/clock.h"

namespace fieldpost::bench {

/// The same in both directions.
struct LinkShape {
  double kilobits_per_second = 1'000;
  double round_trip_ms = 300;
  double loss_percent = 0.5;        // of the packets, drawn from `seed`
  std::size_t queue_packets = 100;  // waiting to be sent; what comes then is dropped
  std::uint64_t seed = 1;
};

class ShapedLink {
 public:
  /// Moves the calling thread, and all it will start, to the near end: from then on it has loopback and this link.
  /// To be called while the program has one thread. Throws Stop: forbidden where this user may not make namespaces or
  /// TUN devices.
  explicit ShapedLink(const LinkShape& shape);
  ~ShapedLink();
  ShapedLink(const ShapedLink&) = delete;
  ShapedLink& operator=(const ShapedLink&) = delete;

  static constexpr const char* near_address = "10.77.0.1";
  static constexpr const char* far_address = "10.77.0.2";
  /// Runs `work` at the far end and waits for it; threads it starts stay there. What it throws is thrown here.
  void at_far_end(const std::function<void()>& work) const;

  /// From now on nothing passes, until `mend`.
  void cut() { is_cut_ = true; }
  void mend() { is_cut_ = false; }

  /// Since the beginning, IP and TCP headers included: what went onto the link, also where it was lost on it.
  struct Carried {
    std::int64_t bytes = 0, packets = 0;
    std::int64_t lost = 0;     // packets, by chance
    std::int64_t dropped = 0;  // packets, by a full queue; they are in none of the above
  };
  Carried up() const { return carried(up_); }      // near to far
  Carried down() const { return carried(down_); }  // far to near
  /// Waits until nothing has gone onto the link for two round trips, so that the goodbyes of the last connection are
  /// counted with it.
  void wait_until_quiet() const;

 private:
  using Clock = std::chrono::steady_clock;
  struct Packet {
    Clock::time_point arrives;
    std::vector<char> bytes;
  };
  struct Direction {
    int from = -1, to = -1;
    Clock::time_point free_at;              // when what is queued has been sent
    std::deque<Clock::time_point> leaving;  // of what waits to be sent: when its last bit is out
    std::deque<Packet> travelling;
    std::atomic<std::int64_t> bytes{0}, packets{0}, lost{0}, dropped{0};
  };
  static Carried carried(const Direction& direction) {
    return {direction.bytes, direction.packets, direction.lost, direction.dropped};
  }
  void run();
  void take(Direction& direction);
  void deliver(Direction& direction);

  LinkShape shape_;
  SeededRandom random_;
  int far_namespace_ = -1;
  int wake_ = -1;
  Direction up_, down_;
  std::atomic<bool> ending_{false}, is_cut_{false};
  std::thread thread_;
};

}  // namespace fieldpost::bench
