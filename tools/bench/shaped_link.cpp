#include "tools/bench/shaped_link.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <fmt/format.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <poll.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <future>

#include "tools/bench/measure.h"

namespace fieldpost::bench {

namespace {

constexpr int packet_bytes_max = 1'500;  // the usual MTU

[[noreturn]] void refuse(const char* what) {
  throw Stop{
      {ErrorCode::forbidden, fmt::format("a shaped link needs network namespaces and /dev/net/tun, and here {} "
                                         "is refused ({}): run it as root, or where users may make namespaces",
                                         what, std::strerror(errno))}};
}

void write_file(const char* path, const std::string& text) {
  std::ofstream out(path);
  out << text << std::flush;
}

/// A namespace of one's own; without the privilege for it, inside a user namespace in which one is root.
void leave_network() {
  if (::unshare(CLONE_NEWNET) == 0) return;
  const auto user = ::getuid();
  const auto group = ::getgid();
  if (errno != EPERM || ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0) refuse("a network namespace");
  write_file("/proc/self/setgroups", "deny");  // else no group may be mapped
  write_file("/proc/self/uid_map", fmt::format("0 {} 1", user));
  write_file("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

sockaddr address_of(const char* text) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  inet_pton(AF_INET, text, &address.sin_addr);
  sockaddr any{};
  static_assert(sizeof any == sizeof address);
  std::memcpy(&any, &address, sizeof any);
  return any;
}

/// One `ifreq` about the interface of that name.
ifreq about(const char* name) {
  ifreq request{};
  std::strncpy(request.ifr_name, name, IFNAMSIZ - 1);
  return request;
}

void bring_up(int socket, const char* name) {
  ifreq request = about(name);
  request.ifr_flags = IFF_UP | IFF_RUNNING;
  if (::ioctl(socket, SIOCSIFFLAGS, &request) != 0) refuse("an interface");
}

/// A TUN device in the calling thread's namespace, up, with loopback beside it. Returns its packets' descriptor.
int open_tun(const char* own, const char* peer) {
  constexpr const char* name = "link";
  const int tun = ::open("/dev/net/tun", O_RDWR | O_NONBLOCK | O_CLOEXEC);
  ifreq request = about(name);
  request.ifr_flags = IFF_TUN | IFF_NO_PI;
  if (tun < 0 || ::ioctl(tun, TUNSETIFF, &request) != 0) refuse("/dev/net/tun");
  const int socket = ::socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  if (socket < 0) refuse("a socket");
  request = about(name);
  request.ifr_addr = address_of(own);
  if (::ioctl(socket, SIOCSIFADDR, &request) != 0) refuse("an address");
  request = about(name);
  request.ifr_dstaddr = address_of(peer);
  if (::ioctl(socket, SIOCSIFDSTADDR, &request) != 0) refuse("an address");
  request = about(name);
  request.ifr_mtu = packet_bytes_max;
  if (::ioctl(socket, SIOCSIFMTU, &request) != 0) refuse("an MTU");
  bring_up(socket, name);
  bring_up(socket, "lo");
  ::close(socket);
  // What laptops and servers mostly run, and each meeting the first one. Where the namespace may not say so, the
  // machine's own settings hold.
  write_file("/proc/sys/net/ipv4/tcp_congestion_control", "cubic");
  write_file("/proc/sys/net/ipv4/tcp_no_metrics_save", "1");
  return tun;
}

}  // namespace

ShapedLink::ShapedLink(const LinkShape& shape) : shape_(shape), random_(shape.seed) {
  leave_network();
  const int near = open_tun(near_address, far_address);
  const auto make_far_end = [this] {
    if (::unshare(CLONE_NEWNET) != 0) refuse("a network namespace");
    far_namespace_ = ::open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC);
    return open_tun(far_address, near_address);
  };
  const int far = std::async(std::launch::async, make_far_end).get();
  wake_ = ::eventfd(0, EFD_CLOEXEC);
  up_.from = down_.to = near;
  up_.to = down_.from = far;
  thread_ = std::thread([this] { run(); });
}

ShapedLink::~ShapedLink() {
  ending_ = true;
  const std::uint64_t one = 1;
  [[maybe_unused]] const ssize_t woken = ::write(wake_, &one, sizeof one);
  thread_.join();
  for (const int descriptor : {up_.from, up_.to, far_namespace_, wake_}) ::close(descriptor);
}

void ShapedLink::at_far_end(const std::function<void()>& work) const {
  std::async(std::launch::async, [&] {
    if (::setns(far_namespace_, CLONE_NEWNET) != 0) refuse("the far end's namespace");
    work();
  }).get();
}

void ShapedLink::wait_until_quiet() const {
  const auto quiet = std::chrono::duration<double, std::milli>(2 * shape_.round_trip_ms + 50);
  for (std::int64_t before = -1;;) {
    const std::int64_t now = up_.packets + down_.packets;
    if (now == before) return;
    before = now;
    std::this_thread::sleep_for(quiet);
  }
}

void ShapedLink::run() {
  while (!ending_) {
    for (Direction* direction : {&up_, &down_}) {
      take(*direction);
      deliver(*direction);
    }
    Clock::time_point next = Clock::now() + std::chrono::seconds(1);
    for (const Direction* direction : {&up_, &down_})
      if (!direction->travelling.empty()) next = std::min(next, direction->travelling.front().arrives);
    const auto wait = std::max(std::chrono::nanoseconds(0), std::chrono::nanoseconds(next - Clock::now()));
    timespec timeout{};
    timeout.tv_sec = wait.count() / 1'000'000'000;
    timeout.tv_nsec = wait.count() % 1'000'000'000;
    std::array<pollfd, 3> ends = {{{up_.from, POLLIN, 0}, {down_.from, POLLIN, 0}, {wake_, POLLIN, 0}}};
    ::ppoll(ends.data(), ends.size(), &timeout, nullptr);
  }
}

void ShapedLink::take(Direction& direction) {
  using Milliseconds = std::chrono::duration<double, std::milli>;
  std::array<char, packet_bytes_max> packet;
  for (;;) {
    const ssize_t size = ::read(direction.from, packet.data(), packet.size());
    if (size <= 0) return;
    if (is_cut_) continue;
    const Clock::time_point now = Clock::now();
    while (!direction.leaving.empty() && direction.leaving.front() <= now) direction.leaving.pop_front();
    if (direction.leaving.size() >= shape_.queue_packets) {
      ++direction.dropped;
      continue;
    }
    // Kilobits a second are bits a millisecond.
    const Milliseconds sending(static_cast<double>(size) * 8 / shape_.kilobits_per_second);
    direction.free_at = std::max(now, direction.free_at) + std::chrono::duration_cast<Clock::duration>(sending);
    direction.leaving.push_back(direction.free_at);
    direction.bytes += size;
    ++direction.packets;
    constexpr std::uint64_t draws = 1'000'000;
    if (static_cast<double>(random_.below(draws)) < shape_.loss_percent / 100 * double{draws}) {
      ++direction.lost;
      continue;
    }
    const auto flight = std::chrono::duration_cast<Clock::duration>(Milliseconds(shape_.round_trip_ms / 2));
    direction.travelling.push_back({direction.free_at + flight, {packet.data(), packet.data() + size}});
  }
}

void ShapedLink::deliver(Direction& direction) {
  if (is_cut_) direction.travelling.clear();
  while (!direction.travelling.empty() && direction.travelling.front().arrives <= Clock::now()) {
    const std::vector<char>& bytes = direction.travelling.front().bytes;
    // A device that takes it no more loses it, as any network may.
    [[maybe_unused]] const ssize_t written = ::write(direction.to, bytes.data(), bytes.size());
    direction.travelling.pop_front();
  }
}

}  // namespace fieldpost::bench
