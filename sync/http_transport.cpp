// libcurl behind Transport. A multi handle keeps the connections, so that the pages of an exchange travel on one of
// them, or two while two are on their way. What
// libcurl says when something goes wrong becomes one of three things a person can act on: nobody answers, somebody
// else answers, or the person stopped it.
#include "sync/http_transport.h"

#include <arpa/inet.h>
#include <curl/curl.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <optional>
#include <string_view>
#include <vector>

#include "shared/foundation/limits.h"

namespace fieldpost {
namespace {

using Clock = std::chrono::steady_clock;

constexpr const char* kept = "; nothing is lost, what waits here is sent at the next sync";

struct EasyFree {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct MultiFree {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct ListFree {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct UrlFree {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};
using HeaderList = std::unique_ptr<curl_slist, ListFree>;

std::string part_of(CURLU* url, CURLUPart part, unsigned flags = 0) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, flags) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

/// Judged by the address as written: a name that a resolver could send elsewhere is not loopback. libcurl itself maps
/// `localhost` to loopback without asking anybody.
bool is_loopback(const std::string& host) {
  if (host == "localhost") return true;
  in_addr four{};
  if (inet_pton(AF_INET, host.c_str(), &four) == 1) return (ntohl(four.s_addr) >> 24) == 127;
  return host == "[::1]";
}

struct Address {
  std::string base;  // scheme://host:port
  bool tls = false;
  bool loopback = false;
};

Result<Address> parse_address(const std::string& text) {
  const auto bad = [](const char* what) {
    return Error{ErrorCode::invalid_argument, std::string("central's address ") + what};
  };
  const std::unique_ptr<CURLU, UrlFree> url(curl_url());
  if (!url || curl_url_set(url.get(), CURLUPART_URL, text.c_str(), CURLU_NON_SUPPORT_SCHEME) != CURLUE_OK) {
    return bad("is not of the form https://host:port");
  }
  const std::string scheme = part_of(url.get(), CURLUPART_SCHEME);
  const std::string host = part_of(url.get(), CURLUPART_HOST);
  const std::string path = part_of(url.get(), CURLUPART_PATH);
  if (scheme != "https" && scheme != "http") return bad("must begin with https://");
  if (host.empty()) return bad("names no host");
  if (!part_of(url.get(), CURLUPART_USER).empty() || !part_of(url.get(), CURLUPART_PASSWORD).empty()) {
    return bad("must not hold a user or password");
  }
  if ((!path.empty() && path != "/") || !part_of(url.get(), CURLUPART_QUERY).empty() ||
      !part_of(url.get(), CURLUPART_FRAGMENT).empty()) {
    return bad("must end after the port");
  }
  Address address;
  address.tls = scheme == "https";
  address.loopback = is_loopback(host);
  if (!address.tls && !address.loopback) return bad("must begin with https://: plain http is for this machine alone");
  address.base = scheme + "://" + host + ":" + part_of(url.get(), CURLUPART_PORT, CURLU_DEFAULT_PORT);
  return address;
}

/// libcurl's form: base64 with padding of the SHA-256 of the SPKI.
std::string pin_text(const Digest& pin) {
  std::string text = to_base64url(pin.view());
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return "sha256//" + text;
}

/// What may stand in a request line or header without starting another one.
bool is_visible_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool is_ours(const char* answered_type) {
  if (answered_type == nullptr) return false;
  std::string_view type(answered_type);
  type = type.substr(0, type.find(';'));
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  return type.size() == std::strlen(content_type) && curl_strnequal(type.data(), content_type, type.size()) != 0;
}

/// One request and its answer on one easy handle; the connections are the multi handle's, and outlive it.
class Flight {
 public:
  Flight(const HttpOptions& options, const Address& address, CURL* handle);
  Flight(const Flight&) = delete;
  Flight& operator=(const Flight&) = delete;

  /// Errors: invalid_argument, out_of_bounds, interrupted.
  Result<void> prepare(Request request);
  void land(CURLcode code) { code_ = code; }
  bool landed() const { return code_.has_value(); }
  Result<Response> answer();
  CURL* handle() const { return handle_.get(); }

 private:
  void set_fixed_options();
  template <class T>
  void set(CURLoption option, T value) {
    // The only failures are an option this libcurl lacks and no memory: both are ours to notice at once.
    ensure(curl_easy_setopt(handle_.get(), option, value) == CURLE_OK, "libcurl takes every option set");
  }
  Error failure(CURLcode code) const;
  Error not_ours() const;
  bool stopped() const { return options_.stop != nullptr && options_.stop->load(); }

  static std::size_t on_header(char* data, std::size_t size, std::size_t items, void* self);
  static std::size_t on_body(char* data, std::size_t size, std::size_t items, void* self);
  static int on_progress(void* self, curl_off_t down_total, curl_off_t down, curl_off_t up_total, curl_off_t up);

  const HttpOptions& options_;
  const Address& address_;
  std::unique_ptr<CURL, EasyFree> handle_;
  char detail_[CURL_ERROR_SIZE] = {};
  // Of the request that runs:
  Request request_;
  HeaderList headers_;
  std::optional<CURLcode> code_;
  Clock::time_point begun_;
  bool headers_complete_ = false;
  bool end_known_ = false;  // by length or chunks: else a cut looks like an end
  bool too_large_ = false;
  bool too_slow_ = false;
  Bytes body_;
};

class HttpTransport final : public Transport {
 public:
  /// `multi` is not null.
  HttpTransport(HttpOptions options, Address address, CURLM* multi)
      : options_(std::move(options)), address_(std::move(address)), multi_(multi) {}
  ~HttpTransport() override { abandon(); }

  void send(Request request) override;
  Result<Response> receive() override;
  void abandon() override;

 private:
  struct Sent {
    std::unique_ptr<Flight> flight;  // none: it could not begin
    Error error;
  };
  /// Moves what can be moved; waits for at most so long where nothing can.
  void drive(int wait_ms);
  void rest(std::unique_ptr<Flight> flight);

  HttpOptions options_;
  Address address_;
  std::unique_ptr<CURLM, MultiFree> multi_;
  std::vector<std::unique_ptr<Flight>> idle_;
  std::deque<Sent> sent_;
};

Flight::Flight(const HttpOptions& options, const Address& address, CURL* handle)
    : options_(options), address_(address), handle_(handle) {
  ensure(handle != nullptr, "memory for a request");
  set_fixed_options();
}

void Flight::set_fixed_options() {
  set(CURLOPT_ERRORBUFFER, detail_);
  // Signals would reach the window's thread; timeouts of names need none with the threaded resolver.
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_PROTOCOLS_STR, address_.tls ? "https" : "http");
  // A redirect is a captive portal's way to say hello; central sends none.
  set(CURLOPT_FOLLOWLOCATION, 0L);
  // Central speaks 1.1, and an h2 preface would cost bytes of every connection.
  set(CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_1_1));
  if (address_.tls) {
    // Trust is the pin alone: it came with the ticket, signed by the deployment key, and is stronger than any
    // authority's word. Names and dates of the certificate prove nothing more, but would stop sync on a laptop with a
    // wrong clock, or when central moves to another address.
    set(CURLOPT_SSL_VERIFYPEER, 0L);
    set(CURLOPT_SSL_VERIFYHOST, 0L);
    set(CURLOPT_PINNEDPUBLICKEY, pin_text(options_.tls_pin).c_str());
    set(CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_3));
  }
  // The environment's proxies hold (offices have them), but no proxy can reach this machine's own loopback.
  if (address_.loopback) set(CURLOPT_PROXY, "");
  set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1L);
  set(CURLOPT_CONNECTTIMEOUT, options_.connect_timeout_s);
  set(CURLOPT_LOW_SPEED_LIMIT, 1L);
  set(CURLOPT_LOW_SPEED_TIME, options_.stalled_after_s);
  // Central lets a connection idle for a minute; one that is about to be closed is not worth the try.
  set(CURLOPT_MAXAGE_CONN, 50L);
  set(CURLOPT_MAXFILESIZE_LARGE, static_cast<curl_off_t>(limits::message_bytes_max));
  set(CURLOPT_HEADERFUNCTION, &Flight::on_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_WRITEFUNCTION, &Flight::on_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_XFERINFOFUNCTION, &Flight::on_progress);
  set(CURLOPT_XFERINFODATA, this);
}

Result<void> Flight::prepare(Request request) {
  constexpr std::size_t line_bytes_max = 4096;  // central reads headers of 8 KiB
  request_ = std::move(request);
  if (request_.path.size() + request_.token.size() > line_bytes_max || !request_.path.starts_with('/') ||
      !is_visible_ascii(request_.path) || !is_visible_ascii(request_.token)) {
    return Error{ErrorCode::invalid_argument, "a path or token that cannot stand in a request"};
  }
  if (request_.body.size() > limits::message_bytes_max) {
    return Error{ErrorCode::out_of_bounds, "a request larger than central reads"};
  }
  if (stopped()) return Error{ErrorCode::interrupted, "stopped before the request was sent"};

  headers_.reset();
  const auto add = [this](const std::string& line) {
    curl_slist* longer = curl_slist_append(headers_.get(), line.c_str());
    ensure(longer != nullptr, "memory for a request header");
    (void)headers_.release();
    headers_.reset(longer);
  };
  add(std::string("Content-Type: ") + content_type);
  add(std::string("Accept: ") + content_type);
  add("Expect:");  // waiting for a 100 would cost a round trip of every larger page
  if (!request_.token.empty()) add("Authorization: Bearer " + request_.token);

  set(CURLOPT_URL, (address_.base + request_.path).c_str());
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  set(CURLOPT_POSTFIELDS, request_.body.empty() ? "" : reinterpret_cast<const char*>(request_.body.data()));

  code_.reset();
  begun_ = Clock::now();
  headers_complete_ = end_known_ = too_large_ = too_slow_ = false;
  body_.clear();
  detail_[0] = '\0';
  return {};
}

Result<Response> Flight::answer() {
  const CURLcode code = *code_;
  if (code == CURLE_ABORTED_BY_CALLBACK && stopped()) {
    return Error{ErrorCode::interrupted, std::string("stopped while a request ran") + kept};
  }
  char* answered_type = nullptr;
  curl_easy_getinfo(handle_.get(), CURLINFO_CONTENT_TYPE, &answered_type);
  if (headers_complete_ && !is_ours(answered_type)) return not_ours();
  if (code != CURLE_OK) return failure(code);
  // libcurl takes a connection closed within the header, or within a body of unknown length, for the answer's end.
  if (!headers_complete_ || !end_known_) return failure(CURLE_PARTIAL_FILE);

  long status = 0;
  curl_off_t retry_after = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  curl_easy_getinfo(handle_.get(), CURLINFO_RETRY_AFTER, &retry_after);
  Response response;
  response.status = static_cast<int>(status);
  response.retry_after_s = static_cast<int>(std::clamp<curl_off_t>(retry_after, 0, 24 * 3600));
  response.body = std::move(body_);
  body_ = {};
  return response;
}

/// Never shows what was answered: a portal's page can say anything.
Error Flight::not_ours() const {
  long status = 0;
  curl_easy_getinfo(handle_.get(), CURLINFO_RESPONSE_CODE, &status);
  return {ErrorCode::not_central, "what answered at " + address_.base + " (HTTP " + std::to_string(status) +
                                      ") is not central: perhaps this network asks to sign in first, or a proxy "
                                      "stands between" +
                                      kept};
}

Error Flight::failure(CURLcode code) const {
  const auto unreachable = [&](const std::string& why) {
    return Error{ErrorCode::unreachable, "central at " + address_.base + " " + why + kept};
  };
  const auto not_central = [&](const std::string& why) {
    return Error{ErrorCode::not_central, "what answered at " + address_.base + " " + why + kept};
  };
  const std::string_view detail(detail_);
  switch (code) {
    case CURLE_SSL_PINNEDPUBKEYNOTMATCH:
      return not_central("shows another TLS key than the pin " + to_hex(options_.tls_pin.view()).substr(0, 16) +
                         "… of this laptop's enrolment: another network stands between, or central has a new key "
                         "(ask the office)");
    case CURLE_SSL_CONNECT_ERROR:
      // libcurl has one code for a partner that does not speak our TLS and for a link cut during the handshake; only
      // its text tells them apart. OpenSSL calls the cut an unexpected eof.
      if (detail.find("SSL routines") != detail.npos && detail.find("unexpected eof") == detail.npos) {
        return not_central("does not speak TLS 1.3, so it is not central");
      }
      return unreachable("was cut off while the connection was made; try again");
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_HTTP2: return not_central("does not speak HTTP as central does");
    case CURLE_PEER_FAILED_VERIFICATION: return not_central("is a proxy whose certificate does not verify");
    case CURLE_FILESIZE_EXCEEDED: return not_central("sends more than central ever does");
    case CURLE_WRITE_ERROR:
      if (too_large_) return not_central("sends more than central ever does");
      return not_central("answered in a way libcurl cannot read");
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_RESOLVE_HOST:
      return unreachable("was not found: no network, or the name is wrong; check the connection and try again");
    case CURLE_COULDNT_CONNECT:
      return unreachable("does not take the connection; check that it runs and that this network lets you through");
    case CURLE_OPERATION_TIMEDOUT:
      return unreachable("did not answer in time; try again where the network is better");
    case CURLE_ABORTED_BY_CALLBACK:
      if (too_slow_) return unreachable("was too slow to finish; try again where the network is better");
      break;
    case CURLE_GOT_NOTHING:
    case CURLE_PARTIAL_FILE:
    case CURLE_SEND_ERROR:
    case CURLE_RECV_ERROR: {
      long proxy_status = 0;
      curl_easy_getinfo(handle_.get(), CURLINFO_HTTP_CONNECTCODE, &proxy_status);
      if (proxy_status != 0 && proxy_status / 100 != 2) {
        return unreachable("is behind a proxy that refused (HTTP " + std::to_string(proxy_status) +
                           "); check the proxy settings");
      }
      return unreachable("was cut off in the middle; try again");
    }
    default: break;
  }
  return unreachable(std::string("cannot be asked (") + curl_easy_strerror(code) + "); try again");
}

std::size_t Flight::on_header(char* data, std::size_t size, std::size_t items, void* self) {
  auto& flight = *static_cast<Flight*>(self);
  const std::string_view line(data, size * items);
  constexpr std::string_view length = "content-length:", chunks = "transfer-encoding:";
  if (line.starts_with("HTTP/")) flight.end_known_ = false;
  for (const std::string_view name : {length, chunks}) {
    if (line.size() > name.size() && curl_strnequal(line.data(), name.data(), name.size()) != 0) {
      flight.end_known_ = true;
    }
  }
  if (line == "\r\n" || line == "\n") {
    long status = 0;
    curl_easy_getinfo(flight.handle_.get(), CURLINFO_RESPONSE_CODE, &status);
    flight.headers_complete_ = status >= 200;
  }
  return line.size();
}

std::size_t Flight::on_body(char* data, std::size_t size, std::size_t items, void* self) {
  auto& flight = *static_cast<Flight*>(self);
  const std::size_t arrived = size * items;
  char* answered_type = nullptr;
  curl_easy_getinfo(flight.handle_.get(), CURLINFO_CONTENT_TYPE, &answered_type);
  if (!is_ours(answered_type)) return 0;  // nobody reads a portal's page to its end
  if (flight.body_.size() + arrived > limits::message_bytes_max) {
    flight.too_large_ = true;
    return 0;
  }
  flight.body_.insert(flight.body_.end(), data, data + arrived);
  return arrived;
}

int Flight::on_progress(void* self, curl_off_t, curl_off_t down, curl_off_t, curl_off_t up) {
  auto& flight = *static_cast<Flight*>(self);
  if (flight.stopped()) return 1;
  const std::chrono::seconds allowed(flight.options_.request_timeout_s + (down + up) / slowest_link_bytes_per_s);
  flight.too_slow_ = Clock::now() - flight.begun_ > allowed;
  return flight.too_slow_ ? 1 : 0;
}

// ---- Two in flight ------------------------------------------------------------------------------------------------

void HttpTransport::send(Request request) {
  std::unique_ptr<Flight> flight;
  if (idle_.empty()) {
    flight = std::make_unique<Flight>(options_, address_, curl_easy_init());
  } else {
    flight = std::move(idle_.back());
    idle_.pop_back();
  }
  if (Result<void> ready = flight->prepare(std::move(request)); !ready) {
    rest(std::move(flight));
    sent_.push_back({nullptr, ready.error()});
    return;
  }
  ensure(curl_multi_add_handle(multi_.get(), flight->handle()) == CURLM_OK, "libcurl takes another request");
  sent_.push_back({std::move(flight), {}});
  drive(0);
}

Result<Response> HttpTransport::receive() {
  constexpr int look_again_ms = 500;  // a person's stop is seen within a second
  ensure(!sent_.empty(), "an answer is waited for only after a request");
  if (!sent_.front().flight) {
    const Error error = sent_.front().error;
    sent_.pop_front();
    return error;
  }
  Flight& oldest = *sent_.front().flight;
  while (!oldest.landed()) drive(look_again_ms);
  Result<Response> response = oldest.answer();
  rest(std::move(sent_.front().flight));
  sent_.pop_front();
  return response;
}

void HttpTransport::abandon() {
  for (Sent& one : sent_) {
    if (!one.flight) continue;
    // Under way, its connection is closed with it; landed, it was taken out already.
    if (!one.flight->landed()) curl_multi_remove_handle(multi_.get(), one.flight->handle());
    rest(std::move(one.flight));
  }
  sent_.clear();
}

void HttpTransport::drive(int wait_ms) {
  int running = 0;
  ensure(curl_multi_perform(multi_.get(), &running) == CURLM_OK, "libcurl goes on");
  int waiting = 0;
  bool landed = false;
  while (const CURLMsg* message = curl_multi_info_read(multi_.get(), &waiting)) {
    if (message->msg != CURLMSG_DONE) continue;
    const CURLcode code = message->data.result;
    for (Sent& one : sent_) {
      if (!one.flight || one.flight->handle() != message->easy_handle) continue;
      curl_multi_remove_handle(multi_.get(), one.flight->handle());
      one.flight->land(code);
      landed = true;
      break;
    }
  }
  if (!landed && running > 0 && wait_ms > 0)
    ensure(curl_multi_poll(multi_.get(), nullptr, 0, wait_ms, nullptr) == CURLM_OK, "libcurl waits");
}

void HttpTransport::rest(std::unique_ptr<Flight> flight) { idle_.push_back(std::move(flight)); }

}  // namespace

Result<std::unique_ptr<Transport>> make_http_transport(const HttpOptions& options) {
  // Once for the program, and safe from any thread since libcurl 7.84.
  static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (ready != CURLE_OK) return Error{ErrorCode::io, "libcurl cannot be used on this machine"};
  Result<Address> address = parse_address(options.url);
  if (!address) return address.error();
  CURLM* multi = curl_multi_init();
  if (multi == nullptr) return Error{ErrorCode::io, "libcurl cannot be used on this machine"};
  return std::unique_ptr<Transport>(std::make_unique<HttpTransport>(options, *std::move(address), multi));
}

}  // namespace fieldpost
