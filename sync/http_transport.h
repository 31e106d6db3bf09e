// Transport over libcurl: TLS 1.3 with the central's pinned key and no other trust (a wrong laptop clock or an
// expired certificate must not stop sync), or plain HTTP to a loopback address only.
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "shared/foundation/crypto.h"
#include "sync/transport.h"

namespace fieldpost {

struct HttpOptions {
  std::string url;  // https://host:port or http://127.0.0.1:port; no path
  Digest tls_pin;   // SHA-256 of the SPKI; unused with http
  long connect_timeout_s = 15;
  long request_timeout_s = 120;             // the deadline of one request as a whole, and one second more for each
                                            // slowest_link_bytes_per_s carried
  long stalled_after_s = 20;                // no byte for this long: given up
  const std::atomic<bool>* stop = nullptr;  // set by the person: interrupts within a second
};

/// Errors: invalid_argument (another scheme, http to an address that is not loopback, no host).
Result<std::unique_ptr<Transport>> make_http_transport(const HttpOptions& options);

}  // namespace fieldpost
