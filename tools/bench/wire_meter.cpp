#include "tools/bench/wire_meter.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <vector>

#include "tools/bench/measure.h"

namespace fieldpost::bench {

namespace {

constexpr int look_again_ms = 50;  // how soon the thread notices the end of the run

sockaddr_in loopback(int port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  return address;
}

void send_at_once(int socket) {
  const int yes = 1;
  ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

bool send_all(int socket, const char* data, std::size_t size) {
  while (size > 0) {
    const ssize_t sent = ::send(socket, data, size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    data += sent;
    size -= static_cast<std::size_t>(sent);
  }
  return true;
}

}  // namespace

WireMeter::WireMeter(int port) : target_(port) {
  sockaddr_in address = loopback(0);
  socklen_t size = sizeof address;
  listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
      ::listen(listener_, 8) != 0 || ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
    throw Stop{{ErrorCode::io, "the wire meter cannot listen on loopback"}};
  port_ = ntohs(address.sin_port);
  thread_ = std::thread([this] { run(); });
}

WireMeter::~WireMeter() {
  ending_ = true;
  thread_.join();
  ::close(listener_);
}

void WireMeter::run() {
  struct Pair {
    int laptop, central;
  };
  std::vector<Pair> pairs;
  const auto end = [](const Pair& pair) {
    ::close(pair.laptop);
    ::close(pair.central);
  };
  while (!ending_) {
    std::vector<pollfd> ends = {{listener_, POLLIN, 0}};
    for (const Pair& pair : pairs) {
      ends.push_back({pair.laptop, POLLIN, 0});
      ends.push_back({pair.central, POLLIN, 0});
    }
    if (::poll(ends.data(), ends.size(), look_again_ms) <= 0) continue;
    std::vector<Pair> open;
    for (std::size_t i = 0; i < pairs.size(); ++i) {
      const bool goes_on = (ends[1 + 2 * i].revents == 0 || pass(pairs[i].laptop, pairs[i].central, up_)) &&
                           (ends[2 + 2 * i].revents == 0 || pass(pairs[i].central, pairs[i].laptop, down_));
      if (goes_on)
        open.push_back(pairs[i]);
      else
        end(pairs[i]);
    }
    pairs = std::move(open);
    if (ends[0].revents == 0) continue;
    const Pair pair{::accept(listener_, nullptr, nullptr), ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    const sockaddr_in address = loopback(target_);
    if (pair.laptop >= 0 && pair.central >= 0 &&
        ::connect(pair.central, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      send_at_once(pair.laptop);
      send_at_once(pair.central);
      pairs.push_back(pair);
    } else {
      end(pair);
    }
  }
  for (const Pair& pair : pairs) end(pair);
}

bool WireMeter::pass(int from, int to, std::atomic<std::int64_t>& counted) {
  std::array<char, 64 << 10> buffer;
  const ssize_t got = ::recv(from, buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  counted += got;
  return send_all(to, buffer.data(), static_cast<std::size_t>(got));
}

}  // namespace fieldpost::bench
