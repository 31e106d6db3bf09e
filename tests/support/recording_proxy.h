// A road between a laptop and central that keeps a copy of every byte, as a person with the cable in hand could; and
// the reading of such copies: what lies in zstd frames is expanded, so that nothing hides behind compression.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "shared/foundation/bytes.h"
#include "shared/foundation/compress.h"

namespace fieldpost::test {

/// Listens on a port of its own for its whole life and passes connections on to 127.0.0.1:`target`.
class RecordingProxy {
 public:
  RecordingProxy() {
    listener_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address = loopback(0);
    ensure(bind(listener_, reinterpret_cast<sockaddr*>(&address), sizeof address) == 0, "a port");
    ensure(listen(listener_, 8) == 0, "listening");
    socklen_t size = sizeof address;
    getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~RecordingProxy() {
    stopped_ = true;
    thread_.join();
    close(listener_);
  }
  RecordingProxy(const RecordingProxy&) = delete;
  RecordingProxy& operator=(const RecordingProxy&) = delete;

  void lead_to(const std::string& port) { target_ = static_cast<std::uint16_t>(std::stoi(port)); }
  std::string address() const { return "127.0.0.1:" + std::to_string(port_); }
  /// Cuts the road once so many more bytes have gone up (to central) or down; both ends learn of it. Unset: never.
  void cut_after(std::optional<std::size_t> up, std::optional<std::size_t> down) {
    left_[0] = up.value_or(SIZE_MAX);
    left_[1] = down.value_or(SIZE_MAX);
  }
  /// One text for each direction of each connection since the last time, in order.
  std::vector<std::string> take() {
    const std::lock_guard guard(mutex_);
    ++reading_;
    return std::exchange(recorded_, {});
  }

 private:
  static constexpr int patience_ms = 20;

  static sockaddr_in loopback(std::uint16_t port) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    return address;
  }
  /// One connection passed on.
  struct Passage {
    int from = -1, to = -1;
    std::size_t up = 0;       // where it is recorded
    std::size_t reading = 0;  // and for which reading
  };
  void run() {
    std::vector<Passage> passages;
    while (!stopped_) {
      std::vector<pollfd> ends = {{listener_, POLLIN, 0}};
      for (const Passage& passage : passages) {
        ends.push_back({passage.from, POLLIN, 0});
        ends.push_back({passage.to, POLLIN, 0});
      }
      if (poll(ends.data(), ends.size(), patience_ms) <= 0) continue;
      std::vector<Passage> open;
      for (std::size_t i = 0; i < passages.size(); ++i) {
        const Passage& passage = passages[i];
        const bool goes_on =
            (ends[1 + 2 * i].revents == 0 || move(passage, 0)) && (ends[2 + 2 * i].revents == 0 || move(passage, 1));
        if (goes_on)
          open.push_back(passage);
        else
          close_both(passage);
      }
      passages = std::move(open);
      // The road is cut for all that is on it.
      if (left_[0] == 0 || left_[1] == 0) {
        for (const Passage& passage : passages) close_both(passage);
        passages.clear();
      }
      if (ends[0].revents != 0) accept_one(passages);
    }
    for (const Passage& passage : passages) close_both(passage);
  }
  void accept_one(std::vector<Passage>& passages) {
    Passage passage;
    passage.from = accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    passage.to = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const sockaddr_in address = loopback(target_);
    if (passage.from < 0 || connect(passage.to, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
      return close_both(passage);
    const std::lock_guard guard(mutex_);
    passage.up = recorded_.size();
    passage.reading = reading_;
    recorded_.resize(passage.up + 2);
    passages.push_back(passage);
  }
  static void close_both(const Passage& passage) {
    if (passage.from >= 0) close(passage.from);
    close(passage.to);
  }
  bool move(const Passage& passage, std::size_t direction) {
    const int from = direction == 0 ? passage.from : passage.to, to = direction == 0 ? passage.to : passage.from;
    char part[1 << 14];
    const ssize_t count = recv(from, part, sizeof part, 0);
    if (count <= 0) return false;
    std::atomic<std::size_t>& left = left_[direction];
    const std::size_t passes = std::min(static_cast<std::size_t>(count), left.load());
    if (left != SIZE_MAX) left -= passes;
    {
      const std::lock_guard guard(mutex_);
      // Taken meanwhile: what still flows belongs to nobody's reading.
      if (passage.reading == reading_) recorded_[passage.up + direction].append(part, passes);
    }
    for (std::size_t sent = 0; sent < passes;) {
      const ssize_t now = send(to, part + sent, passes - sent, MSG_NOSIGNAL);
      if (now <= 0) return false;
      sent += static_cast<std::size_t>(now);
    }
    return left > 0;
  }

  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::uint16_t> target_{0};
  std::atomic<bool> stopped_{false};
  std::atomic<std::size_t> left_[2] = {SIZE_MAX, SIZE_MAX};  // bytes until the cut, up and down
  std::mutex mutex_;
  std::vector<std::string> recorded_;
  std::size_t reading_ = 0;
  std::thread thread_;
};

/// The length of the zstd frame at the start of `bytes` (RFC 8878 §3.1.1), 0 when it does not end within them.
inline std::size_t zstd_frame_size(std::string_view bytes) {
  const auto byte = [&](std::size_t at) { return static_cast<std::uint8_t>(bytes[at]); };
  if (bytes.size() < 6) return 0;
  const std::uint8_t descriptor = byte(4);
  const bool single = (descriptor & 0x20) != 0;
  constexpr std::size_t dictionary_bytes[] = {0, 1, 2, 4}, content_bytes[] = {0, 2, 4, 8};
  std::size_t at = 5 + (single ? 0 : 1) + dictionary_bytes[descriptor & 3] + content_bytes[descriptor >> 6];
  if (single && (descriptor >> 6) == 0) at += 1;
  for (bool last = false; !last;) {
    if (at + 3 > bytes.size()) return 0;
    const std::uint32_t header =
        byte(at) | static_cast<std::uint32_t>(byte(at + 1)) << 8 | static_cast<std::uint32_t>(byte(at + 2)) << 16;
    constexpr std::uint32_t run_of_one_byte = 1;
    last = (header & 1) != 0;
    at += 3 + ((header >> 1 & 3) == run_of_one_byte ? 1 : header >> 3);
  }
  if ((descriptor & 4) != 0) at += 4;
  return at <= bytes.size() ? at : 0;
}

/// The bytes as they are, and behind them what every zstd frame in them holds. `frames` counts those.
inline std::string expanded(std::string_view bytes, std::size_t& frames) {
  constexpr std::string_view magic = "\x28\xB5\x2F\xFD";
  constexpr std::size_t frame_bytes_max = 64u << 20;
  std::string out(bytes);
  for (std::size_t at = bytes.find(magic); at != std::string_view::npos; at = bytes.find(magic, at + 1)) {
    const std::string_view frame = bytes.substr(at, zstd_frame_size(bytes.substr(at)));
    const Result<Bytes> content = decompress(view_of(frame), frame_bytes_max);
    // A frame that nobody can read hides something.
    ensure(content.has_value(), "every frame expands");
    out += text_of(*content);
    ++frames;
  }
  return out;
}

}  // namespace fieldpost::test
