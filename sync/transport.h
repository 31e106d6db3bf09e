// One request out, one Result<answer> back. HTTP over libcurl, a loopback call in tests, a lossy virtual network in
// simulation.
#pragma once

#include <deque>
#include <string>
#include <utility>

#include "shared/foundation/bytes.h"
#include "shared/foundation/result.h"

namespace fieldpost {

struct Request {
  std::string path;   // "/v1/push"
  std::string token;  // from the handshake; empty before it
  Bytes body;         // CBOR, messages.h
};

struct Response {
  int status = 0;  // HTTP's: 200, or the error's
  Bytes body;
  int retry_after_s = 0;  // of 429 and 503; 0 when not said
};

/// So many requests may be on their way at once: one travels while the other is answered, and a cut repeats no more
/// than two pages (design 4).
inline constexpr std::size_t in_flight_max = 2;

/// One thread. Requests on their way together may reach central in any order.
class Transport {
 public:
  virtual ~Transport() = default;
  /// Begins a request; at most in_flight_max are begun and not yet received.
  virtual void send(Request request) = 0;
  /// Waits for the answer to the oldest request that was sent.
  /// Errors: unreachable (refused, timed out, cut), not_central (wrong pin, an answer that is not ours), interrupted.
  virtual Result<Response> receive() = 0;
  /// Gives up what was sent and not received; central may have got it all the same.
  virtual void abandon() = 0;
  Result<Response> exchange(Request request) {
    send(std::move(request));
    return receive();
  }
};

/// A road on which each request is answered when its answer is waited for.
class SerialTransport : public Transport {
 public:
  void send(Request request) override { sent_.push_back(std::move(request)); }
  Result<Response> receive() override {
    const Request oldest = std::move(sent_.front());
    sent_.pop_front();
    return answer(oldest);
  }
  void abandon() override { sent_.clear(); }

 protected:
  virtual Result<Response> answer(const Request& request) = 0;
  std::deque<Request> sent_;
};

/// The slowest link that is waited for, bytes a second: old 2G at the edge of a cell. A deadline over a body grows by
/// one second for each such part of it, so that a change of 1 MiB passes there too and a trickle does not.
inline constexpr long slowest_link_bytes_per_s = 1024;

/// Every answer of central carries this content type; a captive portal's page does not.
inline constexpr const char* content_type = "application/vnd.fieldpost+cbor";

}  // namespace fieldpost
