// The one background thread of the window: commands in, events out, nothing else shared. It opens its own Store on
// the same folder, runs exchanges with central, and writes and reads sticks.
#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <variant>
#include <vector>

#include "shared/storage/store.h"
#include "sync/backoff.h"
#include "sync/exchange.h"
#include "sync/stick_folder.h"

namespace fieldpost {

struct SyncNow {};
struct WriteStick {
  std::filesystem::path stick;
  std::optional<DeviceId> recipient;  // none: central
};
struct ReadStick {
  std::filesystem::path stick;
};
using Command = std::variant<SyncNow, WriteStick, ReadStick>;

struct SyncStarted {};
struct SyncProgressed {
  ExchangeProgress progress;
  std::chrono::milliseconds elapsed{0};  // since the exchange began
};
struct SyncFinished {
  ExchangeReport report;
};
struct SyncFailed {
  Error error;
  ExchangeReport report;  // what was done until then, durable
  /// The worker tries again by itself after so long; nothing where trying again would not help, or a person stopped
  /// it.
  std::optional<std::chrono::milliseconds> retry_in;
};
struct StickFailed {
  Error error;
};
using Event =
    std::variant<SyncStarted, SyncProgressed, SyncFinished, SyncFailed, StickWritten, StickRead, StickFailed>;

class Worker {
 public:
  /// `wake` is called on the worker's thread after each event: the window posts an empty event to itself.
  Worker(Store::Options store, Environment environment, std::function<void()> wake);
  /// Interrupts what runs and joins.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// In turn. A SyncNow that waits already is not queued twice; one posted while an exchange runs makes another after
  /// it.
  void post(Command command);
  /// Interrupts the exchange that runs, within a second, and drops those that wait, another try as well; what was
  /// sent and received stays. It ends as SyncFailed with `interrupted`. A stick is written and read to its end.
  void stop_exchange();
  /// All events since the last call, oldest first; progress nobody saw is folded into the newest. Each SyncStarted is
  /// followed by one SyncFinished or SyncFailed; each WriteStick and ReadStick is answered by StickWritten or
  /// StickRead, or by StickFailed. Waits for nothing but a short lock.
  std::vector<Event> take_events();

 private:
  void run();
  Result<void> open_store();
  void exchange();
  void use_stick(const Command& command);
  void fail(Error error, const ExchangeReport& report);
  void emit(Event event);

  Store::Options store_options_;
  Environment environment_;
  std::function<void()> wake_;
  std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Command> commands_;
  std::vector<Event> events_;
  std::atomic<bool> stop_exchange_{false};
  bool ending_ = false;
  std::optional<std::chrono::steady_clock::time_point> retry_at_;
  Backoff backoff_;               // the worker thread's alone
  std::unique_ptr<Store> store_;  // the worker thread's alone, opened at the first exchange
  std::thread thread_;
};

}  // namespace fieldpost
