// The HTTP side of central: Boost.Beast with deadlines and limits; knows no message and no database. Handlers run on
// a small pool, so that a slow or idle client costs a socket and nothing else.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "shared/foundation/crypto.h"
#include "shared/foundation/log.h"
#include "sync/transport.h"

namespace fieldpost {

struct ServerOptions {
  std::string listen = "127.0.0.1:8443";  // host:port; port 0 takes a free one
  bool plain_http = false;                // loopback addresses only
  std::string tls_certificate_pem;        // with its key; both needed unless plain_http
  std::string tls_key_pem;
  unsigned workers = 2;
  std::size_t waiting_max = 256;             // requests waiting for a worker; more are answered 503 with Retry-After,
                                             // but for those with a token, whose exchange has begun
  int header_deadline_ms = 5'000;            // for the TLS handshake, and again for the whole header
  int body_deadline_ms = 60'000;             // a 32 KiB page over 2G takes half a minute; more for a larger body,
                                             // at slowest_link_bytes_per_s; the same to take the answer
  int idle_deadline_ms = 60'000;             // between two requests of one connection
  std::size_t connections_max = 2'000;       // more are answered 503 with Retry-After
  std::size_t bodies_bytes_max = 256 << 20;  // of all connections together; more are answered 503 with Retry-After
  const Log* log = nullptr;                  // what an administrator must know: a handler that threw, no descriptors
};

/// Answers one POST below /v1/, also those of unknown paths (404 is its word). It must return; what it throws becomes
/// 500.
using Handler = std::function<Response(const Request&)>;

// Answered here, without the handler: GET / and /health; 400 (not HTTP), 404 (outside /v1/), 405 (not POST), 413
// (body over message_bytes_max, before it is read), 415 (not our content type), 431 (header over 8 KiB), 503 (too
// many connections, requests or bodies at once; with Retry-After). To a POST they carry our content type and no body,
// so that a laptop knows them for central's.

class HttpServer {
 public:
  /// Starts listening and serving on its own threads. `handler` is called on several threads at once.
  /// Errors: invalid_argument (address, certificate, plain HTTP beyond loopback), io (port taken).
  static Result<std::unique_ptr<HttpServer>> start(const ServerOptions& options, Handler handler);
  /// Stops taking connections, finishes what is in flight (10 s at most), then returns.
  ~HttpServer();
  /// The port it listens on.
  int port() const;

  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

 private:
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A self-signed P-256 certificate for central's TLS. Trust is the pin alone, so it is valid from 1970 to 9999.
struct TlsIdentity {
  std::string certificate_pem;
  std::string key_pem;
};
Result<TlsIdentity> make_tls_identity();
/// SHA-256 of the certificate's public key (SPKI, DER): what laptops pin. Errors: malformed.
Result<Digest> tls_pin_of(std::string_view certificate_pem);

}  // namespace fieldpost
