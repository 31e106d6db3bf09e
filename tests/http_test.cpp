// The laptop's HTTP side against central's, over real sockets on loopback; and each against a partner that
// misbehaves. Deadlines in here are generous upper bounds, no measurements.
#include <arpa/inet.h>
#include <doctest/doctest.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <set>
#include <thread>

#include "shared/foundation/limits.h"
#include "sync/central/http_server.h"
#include "sync/http_transport.h"

using namespace fieldpost;
using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

namespace {

Bytes bytes_of(std::string_view text) {
  const BytesView view = view_of(text);
  return Bytes(view.begin(), view.end());
}

/// A raw connection to a port of loopback.
class Socket {
 public:
  explicit Socket(int port) : fd_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    connected_ = connect(fd_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  Socket(Socket&& from) noexcept : fd_(std::exchange(from.fd_, -1)), connected_(from.connected_) {}
  ~Socket() {
    if (fd_ >= 0) close(fd_);
  }
  bool connected() const { return connected_; }
  bool send_text(std::string_view text) {
    while (!text.empty()) {
      const ssize_t sent = send(fd_, text.data(), text.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }
  /// What arrives until the other side closes, until `needle` was seen, or until `at_most` is over.
  std::string receive(std::chrono::milliseconds at_most, std::string_view needle = {}) {
    std::string got;
    const auto end = Clock::now() + at_most;
    while (Clock::now() < end && (needle.empty() || got.find(needle) == got.npos)) {
      pollfd waiting{fd_, POLLIN, 0};
      if (poll(&waiting, 1, 50) <= 0) continue;
      char buffer[4096];
      const ssize_t size = recv(fd_, buffer, sizeof(buffer), 0);
      if (size <= 0) {
        closed_ = true;
        break;
      }
      got.append(buffer, static_cast<std::size_t>(size));
    }
    return got;
  }
  bool closed_by_other() const { return closed_; }

 private:
  int fd_;
  bool connected_ = false;
  bool closed_ = false;
};

/// A partner that is not central: accepts, reads the request's head, sends fixed bytes, then closes or stalls.
class Impostor {
 public:
  explicit Impostor(std::string answer, bool stalls = false) : answer_(std::move(answer)), stalls_(stalls) {
    fd_ = socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    REQUIRE(bind(fd_, reinterpret_cast<sockaddr*>(&address), size) == 0);
    REQUIRE(listen(fd_, 16) == 0);
    REQUIRE(getsockname(fd_, reinterpret_cast<sockaddr*>(&address), &size) == 0);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Impostor() {
    ending_ = true;
    thread_.join();
    close(fd_);
  }
  int port() const { return port_; }
  int connections() const { return connections_; }

 private:
  void run() {
    while (!ending_) {
      pollfd waiting{fd_, POLLIN, 0};
      if (poll(&waiting, 1, 20) <= 0) continue;
      const int client = accept(fd_, nullptr, nullptr);
      ++connections_;
      char buffer[4096];
      std::string asked;
      while (!ending_ && asked.find("\r\n\r\n") == asked.npos && asked.find("\x16\x03") != 0) {
        pollfd readable{client, POLLIN, 0};
        if (poll(&readable, 1, 20) <= 0) continue;
        const ssize_t size = recv(client, buffer, sizeof(buffer), 0);
        if (size <= 0) break;
        asked.append(buffer, static_cast<std::size_t>(size));
      }
      (void)!send(client, answer_.data(), answer_.size(), MSG_NOSIGNAL);
      while (stalls_ && !ending_) std::this_thread::sleep_for(10ms);
      close(client);
    }
  }
  std::string answer_;
  bool stalls_;
  int fd_ = -1;
  int port_ = 0;
  std::atomic<int> connections_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

/// Says back what it was sent, and who asked.
Response echo(const Request& request) {
  if (request.path == "/v1/echo") return {200, request.body, 0};
  if (request.path == "/v1/token") return {200, bytes_of(request.token), 0};
  if (request.path == "/v1/busy") return {503, {}, 7};
  return {404, {}, 0};
}

const TlsIdentity& identity() {
  static const TlsIdentity made = *make_tls_identity();
  return made;
}

ServerOptions plain_options() {
  ServerOptions options;
  options.listen = "127.0.0.1:0";
  options.plain_http = true;
  return options;
}
ServerOptions tls_options() {
  ServerOptions options = plain_options();
  options.plain_http = false;
  options.tls_certificate_pem = identity().certificate_pem;
  options.tls_key_pem = identity().key_pem;
  return options;
}
std::unique_ptr<HttpServer> serve(const ServerOptions& options, Handler handler = echo) {
  Result<std::unique_ptr<HttpServer>> server = HttpServer::start(options, std::move(handler));
  if (!server) FAIL(server.error().message);
  return *std::move(server);
}

HttpOptions to_port(int port, bool tls = false) {
  HttpOptions options;
  options.url = (tls ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port);
  if (tls) options.tls_pin = *tls_pin_of(identity().certificate_pem);
  return options;
}
std::unique_ptr<Transport> transport(const HttpOptions& options) {
  Result<std::unique_ptr<Transport>> made = make_http_transport(options);
  if (!made) FAIL(made.error().message);
  return *std::move(made);
}
Request asking(std::string path, Bytes body = {}) { return {std::move(path), "", std::move(body)}; }

/// The code of the error, or the status where there was an answer.
std::string outcome(const Result<Response>& response) {
  return response ? std::to_string(response->status) : code_name(response.error().code);
}

std::string raw_post(std::string_view path, std::size_t promised) {
  return "POST " + std::string(path) + " HTTP/1.1\r\nHost: c\r\nContent-Type: " + content_type +
         "\r\nContent-Length: " + std::to_string(promised) + "\r\n\r\n";
}

/// A door that handlers wait at until the test opens it.
class Gate {
 public:
  void wait() {
    std::unique_lock lock(mutex_);
    ++waiting_;
    changed_.notify_all();
    changed_.wait(lock, [this] { return open_; });
  }
  void open() {
    const std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }
  bool reached_by(int waiting) {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 20s, [&] { return waiting_ >= waiting; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int waiting_ = 0;
  bool open_ = false;
};

}  // namespace

TEST_CASE("a request reaches the handler with its token and comes back, plain on loopback and over TLS") {
  for (const bool tls : {false, true}) {
    CAPTURE(tls);
    const auto server = serve(tls ? tls_options() : plain_options());
    const auto client = transport(to_port(server->port(), tls));
    Bytes body(100'000);
    for (std::size_t i = 0; i < body.size(); ++i) body[i] = static_cast<std::uint8_t>(i * 7);

    for (int round = 0; round < 3; ++round) {
      const Result<Response> echoed = client->exchange(asking("/v1/echo", body));
      REQUIRE(echoed);
      CHECK(echoed->status == 200);
      CHECK(echoed->body == body);
    }
    const Result<Response> token = client->exchange({"/v1/token", "abc-123_x", {}});
    REQUIRE(token);
    CHECK(text_of(token->body) == "abc-123_x");
    CHECK(outcome(client->exchange(asking("/v1/nowhere"))) == "404");
    const Result<Response> busy = client->exchange(asking("/v1/busy"));
    REQUIRE(busy);
    CHECK(busy->status == 503);
    CHECK(busy->retry_after_s == 7);
  }
}

TEST_CASE("the largest message passes, one byte more is not even sent") {
  const auto server = serve(plain_options());
  const auto client = transport(to_port(server->port()));
  const Result<Response> largest = client->exchange(asking("/v1/echo", Bytes(limits::message_bytes_max, 5)));
  REQUIRE(largest);
  CHECK(largest->body.size() == limits::message_bytes_max);
  CHECK(outcome(client->exchange(asking("/v1/echo", Bytes(limits::message_bytes_max + 1, 5)))) == "out_of_bounds");
}

TEST_CASE("requests of one transport travel on one connection") {
  std::atomic<int> handled{0};
  ServerOptions options = plain_options();
  options.connections_max = 1;
  const auto server = serve(options, [&](const Request&) {
    ++handled;
    return Response{200, {}, 0};
  });
  const auto client = transport(to_port(server->port()));
  for (int i = 0; i < 5; ++i) CHECK(outcome(client->exchange(asking("/v1/echo"))) == "200");
  CHECK(handled == 5);
}

TEST_CASE("another TLS key than the pinned one is not central, and the message names the pin") {
  const auto server = serve(tls_options());
  HttpOptions options = to_port(server->port(), true);
  options.tls_pin = *tls_pin_of(make_tls_identity()->certificate_pem);
  const Result<Response> response = transport(options)->exchange(asking("/v1/echo", bytes_of("secret")));
  REQUIRE(!response);
  CHECK(response.error().code == ErrorCode::not_central);
  CHECK(response.error().message.find(to_hex(options.tls_pin.view()).substr(0, 16)) != std::string::npos);
}

TEST_CASE("what is pinned is the key: the pin survives a new certificate for the same key only") {
  const TlsIdentity one = *make_tls_identity();
  const TlsIdentity other = *make_tls_identity();
  CHECK(*tls_pin_of(one.certificate_pem) == *tls_pin_of(one.certificate_pem));
  CHECK(*tls_pin_of(one.certificate_pem) != *tls_pin_of(other.certificate_pem));
  CHECK(tls_pin_of("not a certificate").error().code == ErrorCode::malformed);
  CHECK(tls_pin_of(one.key_pem).error().code == ErrorCode::malformed);
}

TEST_CASE("central speaks TLS 1.3 and nothing older") {
  const auto server = serve(tls_options());
  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  BIO* bio = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(bio, ("127.0.0.1:" + std::to_string(server->port())).c_str());
  CHECK(BIO_do_connect(bio) != 1);
  BIO_free_all(bio);
  SSL_CTX_free(context);
}

TEST_CASE("plain HTTP is refused beyond loopback on both sides before any packet leaves") {
  for (const char* url : {"http://192.0.2.7:8443", "http://central.example", "http://127.0.0.1.example:80",
                          "http://localhost.example", "http://0.0.0.0:1", "http://[::ffff:192.0.2.7]:1"}) {
    CAPTURE(url);
    HttpOptions options;
    options.url = url;
    const auto refused = make_http_transport(options);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
  }
  for (const char* url : {"http://127.0.0.1:1", "http://localhost:1", "http://[::1]:1", "http://127.9.8.7:1/"}) {
    CAPTURE(url);
    HttpOptions options;
    options.url = url;
    CHECK(make_http_transport(options).has_value());
  }
  for (const char* listen : {"0.0.0.0:0", "[::]:0", "192.0.2.7:0"}) {
    CAPTURE(listen);
    ServerOptions options = plain_options();
    options.listen = listen;
    const auto refused = HttpServer::start(options, echo);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("an address that is not https://host:port is refused") {
  for (const char* url :
       {"", "central", "ftp://127.0.0.1:1", "file:///etc/passwd", "https://", "https://u:p@host:1",
        "https://host:1/path", "https://host:1?q=1", "https://host:1#f", "https://ho st:1", "https://host:99999"}) {
    CAPTURE(url);
    HttpOptions options;
    options.url = url;
    const auto refused = make_http_transport(options);
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("a path or token that would start another header line is refused") {
  const auto server = serve(plain_options());
  const auto client = transport(to_port(server->port()));
  CHECK(outcome(client->exchange({"/v1/echo", "a\r\nX: y", {}})) == "invalid_argument");
  CHECK(outcome(client->exchange({"/v1/echo HTTP/1.1\r\nX: y", "", {}})) == "invalid_argument");
  CHECK(outcome(client->exchange({"v1/echo", "", {}})) == "invalid_argument");
  CHECK(outcome(client->exchange({"", "", {}})) == "invalid_argument");
  CHECK(outcome(client->exchange({"/v1/" + std::string(10'000, 'a'), "", {}})) == "invalid_argument");
}

TEST_CASE("central refuses an address, certificate or key it cannot use, and a port that is taken") {
  const auto code_of = [](const ServerOptions& options) {
    const auto server = HttpServer::start(options, echo);
    return server ? std::string("started") : std::string(code_name(server.error().code));
  };
  for (const char* listen : {"", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:70000", ":80", "[::1:80"}) {
    CAPTURE(listen);
    ServerOptions options = plain_options();
    options.listen = listen;
    CHECK(code_of(options) == "invalid_argument");
  }
  ServerOptions no_certificate = tls_options();
  no_certificate.tls_certificate_pem.clear();
  CHECK(code_of(no_certificate) == "invalid_argument");
  ServerOptions other_key = tls_options();
  other_key.tls_key_pem = make_tls_identity()->key_pem;
  CHECK(code_of(other_key) == "invalid_argument");

  const auto first = serve(plain_options());
  ServerOptions taken = plain_options();
  taken.listen = "127.0.0.1:" + std::to_string(first->port());
  CHECK(code_of(taken) == "io");
}

TEST_CASE("a person with a browser is told what this is, and only POST goes below /v1/") {
  const auto server = serve(plain_options());
  const auto answered = [&](const std::string& head) {
    Socket socket(server->port());
    socket.send_text(head + " HTTP/1.1\r\nHost: c\r\nConnection: close\r\n\r\n");
    return socket.receive(10s);
  };
  const std::string home = answered("GET /");
  CHECK(home.starts_with("HTTP/1.1 200 "));
  CHECK(home.find("Fieldpost: máy chủ trung tâm đang chạy") != std::string::npos);
  CHECK(home.find("Fieldpost central is running") != std::string::npos);
  const std::string head_only = answered("HEAD /");
  CHECK(head_only.starts_with("HTTP/1.1 200 "));
  CHECK(head_only.ends_with("\r\n\r\n"));
  CHECK(answered("GET /health").starts_with("HTTP/1.1 200 "));
  CHECK(answered("GET /v1/echo").starts_with("HTTP/1.1 405 "));
  CHECK(answered("GET /v1/echo").find("Allow: POST") != std::string::npos);
  CHECK(answered("DELETE /v1/echo").starts_with("HTTP/1.1 405 "));
  CHECK(answered("POST /").starts_with("HTTP/1.1 405 "));
  CHECK(answered("GET /favicon.ico").starts_with("HTTP/1.1 404 "));
  CHECK(answered("POST /v2/echo").starts_with("HTTP/1.1 404 "));
}

TEST_CASE("a POST of another content type, as a page in a browser could send, does not reach the handler") {
  const auto server = serve(plain_options());
  Socket socket(server->port());
  socket.send_text("POST /v1/echo HTTP/1.1\r\nHost: c\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi");
  CHECK(socket.receive(10s, "\r\n\r\n").starts_with("HTTP/1.1 415 "));
}

TEST_CASE("what is not HTTP is answered 400") {
  const auto server = serve(plain_options());
  Socket socket(server->port());
  socket.send_text("NONSENSE\r\n\r\n");
  CHECK(socket.receive(10s, "\r\n\r\n").starts_with("HTTP/1.1 400 "));
}

TEST_CASE("a body over the limit is answered 413 before it is read, also in chunks, and the sender sees the answer") {
  const auto server = serve(plain_options());
  {
    Socket promised(server->port());
    promised.send_text(raw_post("/v1/echo", limits::message_bytes_max + 1));
    CHECK(promised.receive(10s, "\r\n\r\n").starts_with("HTTP/1.1 413 "));
  }
  {
    Socket sending(server->port());
    sending.send_text(raw_post("/v1/echo", limits::message_bytes_max + 100'000));
    sending.send_text(std::string(limits::message_bytes_max + 100'000, 'x'));
    CHECK(sending.receive(10s, "\r\n\r\n").starts_with("HTTP/1.1 413 "));
  }
  {
    Socket chunked(server->port());
    chunked.send_text(std::string("POST /v1/echo HTTP/1.1\r\nHost: c\r\nContent-Type: ") + content_type +
                      "\r\nTransfer-Encoding: chunked\r\n\r\n");
    const std::string chunk = "100000\r\n" + std::string(0x100000, 'x') + "\r\n";
    for (int i = 0; i < 6; ++i) chunked.send_text(chunk);
    CHECK(chunked.receive(10s, "\r\n\r\n").starts_with("HTTP/1.1 413 "));
  }
}

TEST_CASE("a header over 8 KiB is answered 431") {
  const auto server = serve(plain_options());
  Socket socket(server->port());
  socket.send_text("POST /v1/echo HTTP/1.1\r\nX: " + std::string(9'000, 'a') + "\r\n\r\n");
  CHECK(socket.receive(10s, "\r\n\r\n").starts_with("HTTP/1.1 431 "));
}

TEST_CASE("a header that does not end, a body that does not come and an idle connection are cut at their deadlines") {
  ServerOptions options = plain_options();
  options.header_deadline_ms = 300;
  options.body_deadline_ms = 300;
  options.idle_deadline_ms = 300;
  const auto server = serve(options);

  Socket silent(server->port());
  Socket trickling(server->port());
  std::thread drip([&] {
    for (int i = 0; i < 100 && trickling.send_text("P"); ++i) std::this_thread::sleep_for(50ms);
  });
  Socket half_a_body(server->port());
  half_a_body.send_text(raw_post("/v1/echo", 100) + "half");
  Socket idle(server->port());
  idle.send_text(raw_post("/v1/echo", 2) + "hi");
  CHECK(idle.receive(10s, "hi").find("200") != std::string::npos);

  for (Socket* socket : {&silent, &trickling, &half_a_body, &idle}) {
    (void)socket->receive(10s);
    CHECK(socket->closed_by_other());
  }
  drip.join();
}

TEST_CASE("a TLS handshake that does not go on is cut at its deadline") {
  ServerOptions options = tls_options();
  options.header_deadline_ms = 300;
  const auto server = serve(options);
  Socket silent(server->port());
  CHECK(silent.receive(10s).empty());
  CHECK(silent.closed_by_other());
}

TEST_CASE("twenty slow clients and two hundred idle ones do not stop a good one") {
  for (const bool tls : {false, true}) {
    CAPTURE(tls);
    const auto server = serve(tls ? tls_options() : plain_options());
    std::vector<Socket> slow;
    for (int i = 0; i < 20; ++i) {
      slow.emplace_back(server->port());
      slow.back().send_text(tls ? "\x16" : "POST /v1/ec");
    }
    std::vector<std::unique_ptr<Transport>> idle;
    for (int i = 0; i < 200; ++i) {
      idle.push_back(transport(to_port(server->port(), tls)));
      REQUIRE(outcome(idle.back()->exchange(asking("/v1/echo"))) == "200");
    }
    const auto good = transport(to_port(server->port(), tls));
    CHECK(outcome(good->exchange(asking("/v1/echo", bytes_of("hello")))) == "200");
    CHECK(outcome(idle.front()->exchange(asking("/v1/echo"))) == "200");
  }
}

TEST_CASE("one connection too many is answered 503 and told when to come back") {
  ServerOptions options = plain_options();
  options.connections_max = 2;
  const auto server = serve(options);
  const auto one = transport(to_port(server->port()));
  const auto two = transport(to_port(server->port()));
  REQUIRE(outcome(one->exchange(asking("/v1/echo"))) == "200");
  REQUIRE(outcome(two->exchange(asking("/v1/echo"))) == "200");
  const Result<Response> three = transport(to_port(server->port()))->exchange(asking("/v1/echo"));
  REQUIRE(three);
  CHECK(three->status == 503);
  CHECK(three->retry_after_s > 0);
  CHECK(outcome(one->exchange(asking("/v1/echo"))) == "200");
}

TEST_CASE("a request that finds every worker and every waiting place taken is answered 503") {
  Gate gate;
  ServerOptions options = plain_options();
  options.workers = 1;
  options.waiting_max = 1;
  const auto server = serve(options, [&](const Request&) {
    gate.wait();
    return Response{200, {}, 0};
  });
  const auto ask = [&] { return outcome(transport(to_port(server->port()))->exchange(asking("/v1/echo"))); };
  auto first = std::async(std::launch::async, ask);
  REQUIRE(gate.reached_by(1));
  // Whichever of the next two comes second finds no place.
  auto second = std::async(std::launch::async, ask);
  auto third = std::async(std::launch::async, ask);
  while (second.wait_for(0s) != std::future_status::ready && third.wait_for(10ms) != std::future_status::ready) {
  }
  gate.open();
  CHECK(first.get() == "200");
  CHECK(std::multiset<std::string>{second.get(), third.get()} == std::multiset<std::string>{"200", "503"});
}

TEST_CASE("whoever has begun an exchange finds a place where those who would begin one do not") {
  Gate gate;
  ServerOptions options = plain_options();
  options.workers = 1;
  options.waiting_max = 0;
  const auto server = serve(options, [&](const Request&) {
    gate.wait();
    return Response{200, {}, 0};
  });
  const auto ask = [&](std::string token) {
    return outcome(transport(to_port(server->port()))->exchange({"/v1/echo", std::move(token), {}}));
  };
  auto first = std::async(std::launch::async, ask, "");
  REQUIRE(gate.reached_by(1));
  auto begun = std::async(std::launch::async, ask, "token");
  CHECK(ask("") == "503");
  gate.open();
  CHECK(first.get() == "200");
  CHECK(begun.get() == "200");
}

TEST_CASE("bodies that together pass their bound are answered 503, and leave room again when they are gone") {
  ServerOptions options = plain_options();
  options.bodies_bytes_max = 1 << 20;
  const auto server = serve(options);
  const auto client = transport(to_port(server->port()));
  const Result<Response> too_much = client->exchange(asking("/v1/echo", Bytes(3 << 20, 1)));
  REQUIRE(too_much);
  CHECK(too_much->status == 503);
  CHECK(too_much->retry_after_s > 0);
  for (int i = 0; i < 4; ++i) CHECK(outcome(client->exchange(asking("/v1/echo", Bytes(900'000, 1)))) == "200");
}

TEST_CASE("a handler that throws is answered 500, is logged by its route alone, and the server goes on") {
  const SystemClock clock;
  std::FILE* lines = std::tmpfile();
  const Log log(clock, LogLevel::info, lines);
  ServerOptions options = plain_options();
  options.log = &log;
  const auto server = serve(options, [](const Request& request) -> Response {
    if (request.path == "/v1/bad") throw std::runtime_error("Nguyễn Thị Bưởi");
    return {200, {}, 0};
  });
  const auto client = transport(to_port(server->port()));
  CHECK(outcome(client->exchange(asking("/v1/bad"))) == "500");
  CHECK(outcome(client->exchange(asking("/v1/good"))) == "200");
  std::rewind(lines);
  char line[500] = {};
  CHECK(std::fgets(line, sizeof(line), lines) != nullptr);
  std::fclose(lines);
  CHECK(std::string(line).find("handler_threw route=/v1/bad") != std::string::npos);
  CHECK(std::string(line).find("Nguy") == std::string::npos);
}

TEST_CASE("the environment's proxy is used, but never for loopback; one that refuses is named") {
  const Impostor proxy("HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n");
  const std::string address = "http://127.0.0.1:" + std::to_string(proxy.port());
  setenv("http_proxy", address.c_str(), 1);
  setenv("https_proxy", address.c_str(), 1);
  {
    const auto server = serve(plain_options());
    CHECK(outcome(transport(to_port(server->port()))->exchange(asking("/v1/echo"))) == "200");
    CHECK(proxy.connections() == 0);
    HttpOptions options;
    options.url = "https://192.0.2.7:8443";
    const Result<Response> refused = transport(options)->exchange(asking("/v1/echo"));
    REQUIRE(!refused);
    CHECK(refused.error().code == ErrorCode::unreachable);
    CHECK(refused.error().message.find("proxy") != std::string::npos);
    CHECK(proxy.connections() == 1);
  }
  unsetenv("http_proxy");
  unsetenv("https_proxy");
}

TEST_CASE("a captive portal's page is not central, and nothing of it is shown") {
  const std::string page = "<html><body>PORTAL: sign in at http://evil.example</body></html>";
  const std::string type = "Content-Type: text/html\r\n";
  const std::string length = "Content-Length: " + std::to_string(page.size()) + "\r\n\r\n";
  for (const std::string& answer :
       {"HTTP/1.1 200 OK\r\n" + type + length + page,
        "HTTP/1.1 302 Found\r\nLocation: http://evil.example/PORTAL\r\n" + type + length + page,
        std::string("HTTP/1.1 302 Found\r\nLocation: http://evil.example/PORTAL\r\nContent-Length: 0\r\n\r\n"),
        "HTTP/1.1 511 Network Authentication Required\r\n" + type + length + page,
        "HTTP/1.1 200 OK\r\n" + type + "Content-Length: 999999\r\n\r\n" + page, page}) {
    CAPTURE(answer);
    const Impostor portal(answer);
    const Result<Response> response = transport(to_port(portal.port()))->exchange(asking("/v1/echo"));
    REQUIRE(!response);
    CHECK(response.error().code == ErrorCode::not_central);
    CHECK(response.error().message.find("PORTAL") == std::string::npos);
    CHECK(response.error().message.find("evil") == std::string::npos);
    CHECK(portal.connections() == 1);
  }
}

TEST_CASE("a portal that never ends its page does not hold the laptop up") {
  const Impostor portal("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 999999\r\n\r\n<html>", true);
  CHECK(outcome(transport(to_port(portal.port()))->exchange(asking("/v1/echo"))) == "not_central");
}

TEST_CASE("a portal that speaks plain HTTP where TLS is asked is not central; a cut handshake is unreachable") {
  const Impostor portal("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>");
  CHECK(outcome(transport(to_port(portal.port(), true))->exchange(asking("/v1/echo"))) == "not_central");
  const Impostor cut("");
  CHECK(outcome(transport(to_port(cut.port(), true))->exchange(asking("/v1/echo"))) == "unreachable");
}

TEST_CASE("an answer larger than central's largest is not central") {
  const std::string head = std::string("HTTP/1.1 200 OK\r\nContent-Type: ") + content_type + "\r\n";
  const Impostor promising(head + "Content-Length: 99999999\r\n\r\n");
  CHECK(outcome(transport(to_port(promising.port()))->exchange(asking("/v1/echo"))) == "not_central");
  const Impostor pouring(head + "\r\n" + std::string(limits::message_bytes_max + 1, 'x'));
  CHECK(outcome(transport(to_port(pouring.port()))->exchange(asking("/v1/echo"))) == "not_central");
}

TEST_CASE("no answer, an answer cut in its head or body, and one that stalls are unreachable") {
  const std::string head = std::string("HTTP/1.1 200 OK\r\nContent-Type: ") + content_type + "\r\n";
  for (const std::string& answer : {std::string(), std::string("HTTP/1.1 20"), head, head + "\r\nhalf",
                                    head + "Content-Length: 10\r\n\r\nhalf"}) {
    CAPTURE(answer);
    const Impostor cut(answer);
    CHECK(outcome(transport(to_port(cut.port()))->exchange(asking("/v1/echo"))) == "unreachable");
  }
  const Impostor stalling(head + "Content-Length: 10\r\n\r\nhalf", true);
  HttpOptions options = to_port(stalling.port());
  options.stalled_after_s = 1;
  CHECK(outcome(transport(options)->exchange(asking("/v1/echo"))) == "unreachable");
  options.stalled_after_s = 60;
  options.request_timeout_s = 1;
  CHECK(outcome(transport(options)->exchange(asking("/v1/echo"))) == "unreachable");
}

TEST_CASE("a port where nobody listens is unreachable, and the message says what to do") {
  int port = 0;
  { port = serve(plain_options())->port(); }
  const Result<Response> response = transport(to_port(port))->exchange(asking("/v1/echo"));
  REQUIRE(!response);
  CHECK(response.error().code == ErrorCode::unreachable);
  CHECK(response.error().message.find("check") != std::string::npos);
  CHECK(response.error().message.find("nothing is lost") != std::string::npos);
}

TEST_CASE("a transport goes on after central was away and came back on the same address") {
  auto server = serve(plain_options());
  const int port = server->port();
  const auto client = transport(to_port(port));
  REQUIRE(outcome(client->exchange(asking("/v1/echo"))) == "200");
  server.reset();
  CHECK(outcome(client->exchange(asking("/v1/echo"))) == "unreachable");
  ServerOptions options = plain_options();
  options.listen = "127.0.0.1:" + std::to_string(port);
  server = serve(options);
  CHECK(outcome(client->exchange(asking("/v1/echo"))) == "200");
}

TEST_CASE("the stop flag interrupts a request that stalls, and keeps the next from being sent") {
  const Impostor stalling("", true);
  std::atomic<bool> stop{false};
  HttpOptions options = to_port(stalling.port());
  options.stop = &stop;
  const auto client = transport(options);
  auto asked = std::async(std::launch::async, [&] { return outcome(client->exchange(asking("/v1/echo"))); });
  while (stalling.connections() == 0) std::this_thread::sleep_for(10ms);
  stop = true;
  CHECK(asked.wait_for(5s) == std::future_status::ready);
  CHECK(asked.get() == "interrupted");
  CHECK(outcome(client->exchange(asking("/v1/echo"))) == "interrupted");
  CHECK(stalling.connections() == 1);
}

TEST_CASE("ending the server finishes the request in flight, closes the idle and takes no new one") {
  for (const bool tls : {false, true}) {
    CAPTURE(tls);
    Gate gate;
    auto server = serve(tls ? tls_options() : plain_options(), [&](const Request& request) {
      if (request.path == "/v1/slow") gate.wait();
      return Response{200, bytes_of("done"), 0};
    });
    const int port = server->port();
    const auto idle = transport(to_port(port, tls));
    REQUIRE(outcome(idle->exchange(asking("/v1/echo"))) == "200");
    auto slow =
        std::async(std::launch::async, [&] { return transport(to_port(port, tls))->exchange(asking("/v1/slow")); });
    REQUIRE(gate.reached_by(1));
    auto ended = std::async(std::launch::async, [&] { server.reset(); });
    while (outcome(transport(to_port(port, tls))->exchange(asking("/v1/echo"))) == "200")
      std::this_thread::sleep_for(5ms);
    CHECK(outcome(idle->exchange(asking("/v1/echo"))) == "unreachable");
    gate.open();
    const Result<Response> finished = slow.get();
    REQUIRE(finished);
    CHECK(text_of(finished->body) == "done");
    CHECK(ended.wait_for(20s) == std::future_status::ready);
  }
}

TEST_CASE("a server ended under a client that never finishes its request leaves after its ten seconds") {
  auto server = serve(plain_options());
  Socket unfinished(server->port());
  unfinished.send_text(raw_post("/v1/echo", 100) + "half");
  std::this_thread::sleep_for(50ms);
  auto ended = std::async(std::launch::async, [&] { server.reset(); });
  CHECK(ended.wait_for(30s) == std::future_status::ready);
  CHECK(unfinished.receive(1s).empty());
}

TEST_CASE("many clients at once each get their own answer") {
  const auto server = serve(tls_options());
  std::vector<std::future<bool>> clients;
  for (int c = 0; c < 8; ++c) {
    clients.push_back(std::async(std::launch::async, [&, c] {
      const auto client = transport(to_port(server->port(), true));
      for (int i = 0; i < 40; ++i) {
        const Bytes body(static_cast<std::size_t>(1 + c * 997 + i * 131), static_cast<std::uint8_t>(c));
        const Result<Response> echoed = client->exchange(asking("/v1/echo", body));
        if (!echoed || echoed->status != 200 || echoed->body != body) return false;
      }
      return true;
    }));
  }
  for (auto& client : clients) CHECK(client.get());
}
