// One thread moves bytes for all connections, a small pool runs the handler. So the state below needs no lock: all of
// it belongs to the thread of `io`, and a job on the pool takes its request with it and posts its answer back.
//
// Every wait has a deadline, every buffer a bound. A connection goes round: first byte, header, body, handler,
// answer.

// The thread sanitizer does not know fences (gcc refuses them under it); Asio's locks order the same things.
#ifdef __SANITIZE_THREAD__
#define BOOST_ASIO_DISABLE_FENCED_BLOCK
#endif
// Asio 1.74 uses std::exchange and std::optional without including them.
#include <optional>
#include <utility>

#include <sys/resource.h>
#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/ssl.hpp>

#include <chrono>
#include <set>
#include <thread>

#include "shared/foundation/limits.h"
#include "sync/central/http_server.h"

namespace fieldpost {
namespace {

namespace net = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using tcp = net::ip::tcp;
using Failure = beast::error_code;
using Body = http::vector_body<std::uint8_t>;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::uint32_t header_bytes_max = 8 << 10;
// What is reserved before a byte of the body came: one page with its envelope. The rest grows as it arrives, so that
// a promise of 5 MiB costs nothing.
constexpr std::uint64_t body_reserved_max = 64 << 10;
// A client that still sends while it is refused sees the answer only if somebody reads on for a while; else the reset
// overtakes it.
constexpr std::size_t drained_bytes_max = 2 * limits::message_bytes_max;
constexpr milliseconds drain_deadline{5'000};
constexpr milliseconds goodbye_deadline{1'000};
constexpr milliseconds ending_deadline{10'000};
// After a failed accept (no descriptors left), so that the loop does not spin.
constexpr milliseconds accept_pause{500};
constexpr std::string_view greeting =
    "Fieldpost: máy chủ trung tâm đang chạy. Hãy đồng bộ bằng chương trình Fieldpost trên máy tính của bạn; "
    "ở đây không có gì để xem.\n"
    "Fieldpost central is running. Sync with the Fieldpost program on your laptop; there is nothing to see here.\n";

struct Answer {
  int status = 200;
  std::string type = content_type;
  Bytes body = {};
  int retry_after_s = 0;
  const char* allow = nullptr;  // of 405
};

const Answer try_later{503, content_type, {}, 10};

/// A connection as the service sees it.
class Connection {
 public:
  virtual ~Connection() = default;
  /// Closes it unless a request is under way, which is then its last.
  virtual void end_soon() = 0;
};

/// What all connections share.
struct Service {
  explicit Service(const ServerOptions& from, Handler handle)
      : options(from), handler(std::move(handle)), pool(std::max(1u, from.workers)) {}

  ServerOptions options;
  Handler handler;
  std::set<Connection*> connections;
  std::size_t bodies_bytes = 0;
  std::size_t requests = 0;  // waiting for a worker or with one
  bool ending = false;
  std::optional<net::ssl::context> tls;  // none: plain HTTP
  net::io_context io{1};
  net::executor_work_guard<net::io_context::executor_type> work{io.get_executor()};
  tcp::acceptor acceptor{io};
  net::steady_timer timer{io};
  net::thread_pool pool;
  std::thread thread;
  int port = 0;

  Result<void> open();
  Result<void> open_tls();
  void accept();
  void take(tcp::socket socket);
  void leave(Connection* connection);
  void run();
  void end();

  Response handle(const Request& request) const {
    try {
      return handler(request);
    } catch (const std::exception&) {
      // The text of the exception may quote what a person typed; the route cannot.
      if (options.log != nullptr) {
        options.log->write(LogLevel::error, "handler_threw", {LogField::code("route", request.path)});
      }
      return Response{500, {}, 0};
    }
  }
  /// Whoever has begun an exchange ends it first: refused in the middle, all of it would begin again. Their number
  /// is that of the connections, and what they carry has its own bound.
  bool takes(bool has_begun) const { return has_begun || requests < options.workers + options.waiting_max; }
};

template <class Stream>
class HttpConnection final : public Connection, public std::enable_shared_from_this<HttpConnection<Stream>> {
 public:
  template <class... Tls>
  HttpConnection(Service& service, tcp::socket socket, bool turned_away, Tls&... tls)
      : service_(service), stream_(std::move(socket), tls...), turned_away_(turned_away) {
    service_.connections.insert(this);
  }
  ~HttpConnection() override {
    release_body();
    service_.leave(this);
  }

  void start() {
    const milliseconds deadline(service_.options.header_deadline_ms);
    if constexpr (with_tls) {
      lowest().expires_after(deadline);
      stream_.async_handshake(net::ssl::stream_base::server, then(&HttpConnection::on_handshake));
    } else {
      read_first_byte(deadline);
    }
  }

  void end_soon() override {
    if (idle_) lowest().close();
  }

 private:
  static constexpr bool with_tls = !std::is_same_v<Stream, beast::tcp_stream>;

  template <class Member>
  auto then(Member member) {
    return beast::bind_front_handler(member, this->shared_from_this());
  }
  beast::tcp_stream& lowest() { return beast::get_lowest_layer(stream_); }

  void on_handshake(Failure failure) {
    if (!failure) read_first_byte(milliseconds(service_.options.header_deadline_ms));
  }

  // Between requests nothing is held for the connection but its socket; the deadline of the header begins with its
  // first byte, except for the first header, which is due at once.
  void read_first_byte(milliseconds deadline) {
    if (service_.ending) return close_gently();
    header_due_ = Clock::now() + milliseconds(service_.options.header_deadline_ms);
    if (buffer_.size() > 0) return read_header();
    buffer_.shrink_to_fit();
    lowest().expires_after(deadline);
    stream_.async_read_some(buffer_.prepare(4096), then(&HttpConnection::on_first_byte));
  }

  void on_first_byte(Failure failure, std::size_t arrived) {
    if (failure) return;
    buffer_.commit(arrived);
    if (!first_request_) header_due_ = Clock::now() + milliseconds(service_.options.header_deadline_ms);
    read_header();
  }

  void read_header() {
    idle_ = first_request_ = false;
    parser_.emplace();
    parser_->header_limit(header_bytes_max);
    parser_->body_limit(limits::message_bytes_max);
    lowest().expires_at(header_due_);
    http::async_read_header(stream_, buffer_, *parser_, then(&HttpConnection::on_header));
  }

  void on_header(Failure failure, std::size_t) {
    if (failure == http::error::body_limit) return refuse({413});
    if (failure == http::error::header_limit) return refuse({431});
    if (failure == http::error::end_of_stream || failure == http::error::partial_message) return;
    if (failure.category() == make_error_code(http::error::bad_method).category()) return refuse({400});
    if (failure) return;

    if (turned_away_) return refuse(try_later);
    if (std::optional<Answer> answer = answer_from_header()) return refuse(std::move(*answer));
    const std::uint64_t promised = parser_->content_length().value_or(0);
    parser_->get().body().reserve(static_cast<std::size_t>(std::min(promised, body_reserved_max)));
    lowest().expires_after(carrying(promised));
    if (parser_->is_done()) return handle();
    read_body();
  }

  /// What is answered without a body or a handler.
  std::optional<Answer> answer_from_header() const {
    const http::verb method = parser_->get().method();
    const std::string_view path(parser_->get().target().data(), parser_->get().target().size());
    const bool looks = method == http::verb::get || method == http::verb::head;
    const auto say = [](int status, std::string_view words) {
      const BytesView bytes = view_of(words);
      return Answer{status, "text/plain; charset=utf-8", Bytes(bytes.begin(), bytes.end())};
    };
    if (path == "/" || path == "/health") {
      if (looks) return say(200, path == "/" ? greeting : "ok\n");
      return Answer{405, content_type, {}, 0, "GET, HEAD"};
    }
    if (!path.starts_with("/v1/")) return looks ? say(404, "404\n") : Answer{404};
    if (method != http::verb::post) return Answer{405, content_type, {}, 0, "POST"};
    // Also keeps a web page in somebody's browser from posting here: a form cannot send this type.
    if (!beast::iequals(parser_->get()[http::field::content_type], content_type)) return Answer{415};
    if (!service_.takes(has_begun())) return try_later;
    return std::nullopt;
  }

  void read_body() { http::async_read_some(stream_, buffer_, *parser_, then(&HttpConnection::on_body)); }

  void on_body(Failure failure, std::size_t) {
    if (failure == http::error::body_limit) return refuse({413});  // a chunked one
    if (failure) return;
    const std::size_t held = parser_->get().body().size();
    service_.bodies_bytes += held - body_bytes_;
    body_bytes_ = held;
    if (service_.bodies_bytes > service_.options.bodies_bytes_max) return refuse(try_later);
    if (!parser_->is_done()) return read_body();
    handle();
  }

  void handle() {
    if (!service_.takes(has_begun())) return answer(try_later);
    auto& message = parser_->get();
    Request request{std::string(message.target()), bearer_token(), std::move(message.body())};
    lowest().expires_never();
    ++service_.requests;
    net::post(service_.pool, [self = this->shared_from_this(), request = std::move(request)]() mutable {
      Service& service = self->service_;
      Response response = service.handle(request);
      net::post(service.io, [self = std::move(self), response = std::move(response)]() mutable {
        --self->service_.requests;
        self->answer({response.status, content_type, std::move(response.body), response.retry_after_s});
      });
    });
  }

  bool has_begun() const { return parser_->get().count(http::field::authorization) > 0; }

  std::string bearer_token() const {
    const auto header = parser_->get()[http::field::authorization];
    constexpr std::string_view scheme = "Bearer ";
    if (header.size() < scheme.size() || !beast::iequals(header.substr(0, scheme.size()), "Bearer ")) return {};
    return std::string(header.substr(scheme.size()));
  }

  /// An answer to a request that may not be wholly read.
  void refuse(Answer answered) {
    unread_ = !parser_->is_done();
    answer(std::move(answered));
  }

  void answer(Answer answered) {
    release_body();
    const auto& asked = parser_->get();
    const bool head = asked.method() == http::verb::head;
    response_ = {};
    response_.version(asked.version() == 10 ? 10 : 11);
    response_.result(static_cast<unsigned>(answered.status));
    response_.set(http::field::content_type, answered.type);
    response_.set(http::field::cache_control, "no-store");
    if (answered.retry_after_s > 0) response_.set(http::field::retry_after, std::to_string(answered.retry_after_s));
    if (answered.allow != nullptr) response_.set(http::field::allow, answered.allow);
    const bool stays = !unread_ && !turned_away_ && !service_.ending && asked.keep_alive();
    response_.keep_alive(stays);
    response_.content_length(answered.body.size());
    lowest().expires_after(carrying(answered.body.size()));
    if (!head) response_.body() = std::move(answered.body);
    http::async_write(stream_, response_, [self = this->shared_from_this(), stays](Failure failure, std::size_t) {
      self->on_written(failure, stays);
    });
  }

  void on_written(Failure failure, bool stays) {
    response_ = {};
    if (failure) return;
    if (unread_) {
      lowest().expires_after(drain_deadline);
      return drain();
    }
    if (!stays) return close_gently();
    parser_.reset();
    idle_ = true;
    read_first_byte(milliseconds(service_.options.idle_deadline_ms));
  }

  void drain() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(16 << 10), then(&HttpConnection::on_drained));
  }

  void on_drained(Failure failure, std::size_t arrived) {
    drained_ += arrived;
    if (failure || drained_ > drained_bytes_max) return;
    drain();
  }

  void close_gently() {
    idle_ = false;
    if constexpr (with_tls) {
      lowest().expires_after(goodbye_deadline);
      stream_.async_shutdown([self = this->shared_from_this()](Failure) {});
    } else {
      Failure ignored;
      lowest().socket().shutdown(tcp::socket::shutdown_both, ignored);
    }
  }

  milliseconds carrying(std::uint64_t bytes) const {
    return milliseconds(service_.options.body_deadline_ms) +
           milliseconds(bytes * 1000 / static_cast<std::uint64_t>(slowest_link_bytes_per_s));
  }

  void release_body() {
    service_.bodies_bytes -= body_bytes_;
    body_bytes_ = 0;
  }

  Service& service_;
  Stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<Body>> parser_;
  http::response<Body> response_;
  Clock::time_point header_due_;
  std::size_t body_bytes_ = 0;  // as counted in Service::bodies_bytes
  std::size_t drained_ = 0;
  bool turned_away_ = false;  // one connection too many: its request is answered 503
  bool first_request_ = true;
  bool idle_ = true;     // no byte of a request yet
  bool unread_ = false;  // the answer went out before the request was read
};

struct Listen {
  std::string host, port;
};

Result<Listen> parse_listen(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  Listen listen;
  if (colon != std::string::npos) listen = {text.substr(0, colon), text.substr(colon + 1)};
  if (listen.host.size() > 2 && listen.host.front() == '[' && listen.host.back() == ']') {
    listen.host = listen.host.substr(1, listen.host.size() - 2);
  }
  const bool digits = !listen.port.empty() && listen.port.size() <= 5 &&
                      listen.port.find_first_not_of("0123456789") == std::string::npos;
  if (listen.host.empty() || !digits || std::stoi(listen.port) > 65535) {
    return Error{ErrorCode::invalid_argument, "cannot listen on \"" + text + "\": the form is host:port"};
  }
  return listen;
}

Result<void> Service::open() {
  const Result<Listen> listen = parse_listen(options.listen);
  if (!listen) return listen.error();
  Failure failure;
  tcp::resolver resolver(io);
  const auto found = resolver.resolve(listen->host, listen->port, tcp::resolver::passive, failure);
  if (failure || found.empty()) {
    return Error{ErrorCode::invalid_argument, "cannot listen on " + options.listen + ": no such address here"};
  }
  const tcp::endpoint endpoint = found.begin()->endpoint();
  if (options.plain_http && !endpoint.address().is_loopback()) {
    return Error{ErrorCode::invalid_argument,
                 "plain HTTP is for loopback addresses only, not for " + options.listen + ": use TLS"};
  }
  if (!options.plain_http) {
    if (Result<void> opened = open_tls(); !opened) return opened;
  }
  acceptor.open(endpoint.protocol(), failure);
  if (!failure) acceptor.set_option(tcp::acceptor::reuse_address(true), failure);
  if (!failure) acceptor.bind(endpoint, failure);
  if (!failure) acceptor.listen(net::socket_base::max_listen_connections, failure);
  if (!failure) port = acceptor.local_endpoint(failure).port();
  if (failure) {
    return Error{ErrorCode::io, "cannot listen on " + options.listen + ": " + failure.message()};
  }
  return {};
}

Result<void> Service::open_tls() {
  const auto bad = [](const char* what) { return Error{ErrorCode::invalid_argument, what}; };
  tls.emplace(net::ssl::context::tls_server);
  // A key under a password would have OpenSSL ask at the terminal of a service that has none.
  Failure failure;
  tls->set_password_callback([](std::size_t, net::ssl::context::password_purpose) { return std::string(); }, failure);
  tls->use_certificate_chain(net::buffer(options.tls_certificate_pem), failure);
  if (failure) return bad("the TLS certificate cannot be read: it must be PEM");
  tls->use_private_key(net::buffer(options.tls_key_pem), net::ssl::context::pem, failure);
  if (failure)
    return bad("the TLS key cannot be read, or is not the certificate's: it must be PEM, without a password");
  SSL_CTX* native = tls->native_handle();
  if (SSL_CTX_check_private_key(native) != 1) return bad("the TLS key is not the certificate's");
  SSL_CTX_set_min_proto_version(native, TLS1_3_VERSION);
  // Idle connections give their 34 KiB of buffers back.
  SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
  return {};
}

void Service::accept() {
  acceptor.async_accept([this](Failure failure, tcp::socket socket) {
    if (ending) return;
    if (!failure) {
      accept();
      return take(std::move(socket));
    }
    if (options.log != nullptr) {
      options.log->write(LogLevel::warning, "accept_failed", {{"errno", failure.value()}});
    }
    timer.expires_after(accept_pause);
    timer.async_wait([this](Failure cancelled) {
      if (!cancelled && !ending) accept();
    });
  });
}

void Service::take(tcp::socket socket) {
  // Those just over the limit are told so; beyond that a closed connection has to say it.
  const bool turned_away = connections.size() >= options.connections_max;
  if (connections.size() >= options.connections_max + options.connections_max / 4 + 8) return;
  Failure ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  if (tls) {
    using Secure = HttpConnection<beast::ssl_stream<beast::tcp_stream>>;
    std::make_shared<Secure>(*this, std::move(socket), turned_away, *tls)->start();
  } else {
    std::make_shared<HttpConnection<beast::tcp_stream>>(*this, std::move(socket), turned_away)->start();
  }
}

void Service::leave(Connection* connection) {
  connections.erase(connection);
  if (!ending || !connections.empty()) return;
  work.reset();
  timer.cancel();
}

void Service::run() {
  // A throw out of one connection's step (no memory) ends that connection and no other.
  for (;;) {
    try {
      io.run();
      return;
    } catch (const std::exception&) {
      continue;
    }
  }
}

void Service::end() {
  net::post(io, [this] {
    ending = true;
    Failure ignored;
    acceptor.close(ignored);
    for (Connection* connection : connections) connection->end_soon();
    timer.expires_after(ending_deadline);
    timer.async_wait([this](Failure cancelled) {
      if (!cancelled) io.stop();
    });
    if (connections.empty()) leave(nullptr);
  });
  thread.join();
  pool.stop();
  pool.join();
}

/// Each connection is a descriptor, and the usual soft limit of 1,024 is below connections_max.
void raise_descriptor_limit(std::size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) return;
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, wanted);
  setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

struct HttpServer::State : Service {
  using Service::Service;
};

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

Result<std::unique_ptr<HttpServer>> HttpServer::start(const ServerOptions& options, Handler handler) {
  raise_descriptor_limit(options.connections_max + options.connections_max / 4 + 256);
  auto state = std::make_unique<State>(options, std::move(handler));
  if (Result<void> opened = state->open(); !opened) return opened.error();
  state->accept();
  state->thread = std::thread([service = state.get()] { service->run(); });
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::~HttpServer() { state_->end(); }

int HttpServer::port() const { return state_->port; }

}  // namespace fieldpost
