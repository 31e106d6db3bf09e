#include "tools/bench/wire_meter.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>

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
  while (!ending_) {
    pollfd waiting{listener_, POLLIN, 0};
    if (::poll(&waiting, 1, look_again_ms) <= 0) continue;
    const int laptop = ::accept(listener_, nullptr, nullptr);
    if (laptop < 0) continue;
    const int central = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(target_);
    if (central >= 0 && ::connect(central, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0) {
      send_at_once(laptop);
      send_at_once(central);
      relay(laptop, central);
    }
    ::close(laptop);
    if (central >= 0) ::close(central);
  }
}

void WireMeter::relay(int laptop, int central) {
  std::array<char, 64 << 10> buffer;
  while (!ending_) {
    pollfd ends[2] = {{laptop, POLLIN, 0}, {central, POLLIN, 0}};
    if (::poll(ends, 2, look_again_ms) <= 0) continue;
    for (int i = 0; i < 2; ++i) {
      if (ends[i].revents == 0) continue;
      const ssize_t got = ::recv(ends[i].fd, buffer.data(), buffer.size(), 0);
      if (got <= 0) return;
      (i == 0 ? up_ : down_) += got;
      if (!send_all(ends[1 - i].fd, buffer.data(), static_cast<std::size_t>(got))) return;
    }
  }
}

}  // namespace fieldpost::bench
