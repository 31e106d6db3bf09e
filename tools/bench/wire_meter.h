// Counts what really crosses the wire: a relay on loopback between a laptop and central that adds up the bytes of
// each direction, TLS and HTTP headers included.
#pragma once

#include <atomic>
#include <cstdint>
#include <thread>

namespace fieldpost::bench {

class WireMeter {
 public:
  /// Relays connections to 127.0.0.1:`port`.
  explicit WireMeter(int port);
  ~WireMeter();
  WireMeter(const WireMeter&) = delete;
  WireMeter& operator=(const WireMeter&) = delete;

  int port() const { return port_; }
  std::int64_t bytes_up() const { return up_; }      // laptop to central
  std::int64_t bytes_down() const { return down_; }  // central to laptop

 private:
  void run();
  static bool pass(int from, int to, std::atomic<std::int64_t>& counted);

  int target_;
  int listener_ = -1;
  int port_ = 0;
  std::atomic<bool> ending_{false};
  std::atomic<std::int64_t> up_{0}, down_{0};
  std::thread thread_;
};

}  // namespace fieldpost::bench
