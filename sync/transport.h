// One request out, one Result<answer> back. HTTP over libcurl, a loopback call in tests, a lossy virtual network in
// simulation.
#pragma once

#include <string>

#include "shared/foundation/bytes.h"

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

class Transport {
 public:
  virtual ~Transport() = default;
  /// Errors: unreachable (refused, timed out, cut), not_central (wrong pin, an answer that is not ours), interrupted.
  virtual Result<Response> exchange(const Request& request) = 0;
};

/// The slowest link that is waited for, bytes a second: old 2G at the edge of a cell. A deadline over a body grows by
/// one second for each such part of it, so that a change of 1 MiB passes there too and a trickle does not.
inline constexpr long slowest_link_bytes_per_s = 1024;

/// Every answer of central carries this content type; a captive portal's page does not.
inline constexpr const char* content_type = "application/vnd.fieldpost+cbor";

}  // namespace fieldpost
