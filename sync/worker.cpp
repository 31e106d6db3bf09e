// The loop around exchanges. What decides (when to sync, whether to try again) is the window's; what moves is
// Exchange's.
#include "sync/worker.h"

#include <utility>

#include "sync/http_transport.h"

namespace fieldpost {

Worker::Worker(Store::Options store, Environment environment, std::function<void()> wake)
    : store_options_(std::move(store)), environment_(environment), wake_(std::move(wake)) {
  thread_ = std::thread([this] { run(); });
}

Worker::~Worker() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
    stop_exchange_ = true;
  }
  ready_.notify_one();
  thread_.join();
}

void Worker::post(Command command) {
  {
    const std::lock_guard lock(mutex_);
    // One more exchange sends whatever was saved meanwhile; a queue of them would send nothing more.
    const bool waits = !commands_.empty() && commands_.back().index() == command.index();
    if (!waits) commands_.push_back(command);
  }
  ready_.notify_one();
}

void Worker::stop_exchange() {
  // Under the lock, so that a command taken at this moment is either dropped here or sees the flag.
  const std::lock_guard lock(mutex_);
  commands_.clear();
  stop_exchange_ = true;
}

std::vector<Event> Worker::take_events() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

void Worker::run() {
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      ready_.wait(lock, [this] { return ending_ || !commands_.empty(); });
      if (ending_) return;
      commands_.pop_front();  // SyncNow is the only command
      stop_exchange_ = false;
    }
    emit(SyncStarted{});
    exchange();
  }
}

void Worker::exchange() {
  if (!store_) {
    Result<std::unique_ptr<Store>> opened = Store::open(store_options_, environment_);
    if (!opened) return emit(SyncFailed{opened.error(), {}});
    store_ = *std::move(opened);
  }
  const Result<std::optional<Identity>> identity = store_->identity();
  if (!identity) return emit(SyncFailed{identity.error(), {}});
  if (!*identity) {
    return emit(SyncFailed{{ErrorCode::not_found, "this laptop is not enrolled; enrol it with a ticket first"}, {}});
  }
  HttpOptions options;
  options.url = (*identity)->url;
  options.tls_pin = (*identity)->central.tls_pin;
  options.stop = &stop_exchange_;
  const Result<std::unique_ptr<Transport>> transport = make_http_transport(options);
  if (!transport) return emit(SyncFailed{transport.error(), {}});

  Exchange exchange(*store_, **transport);
  for (;;) {
    // Also between requests: applying what came may take longer than sending it.
    if (stop_exchange_) {
      return emit(
          SyncFailed{{ErrorCode::interrupted, "stopped; what was sent and received stays"}, exchange.report()});
    }
    const Result<Exchange::Step> step = exchange.step();
    if (!step) return emit(SyncFailed{step.error(), exchange.report()});
    if (*step == Exchange::Step::done) return emit(SyncFinished{exchange.report()});
    emit(SyncProgressed{exchange.progress()});
  }
}

void Worker::emit(Event event) {
  {
    const std::lock_guard lock(mutex_);
    // A window that does not look (minimised) finds the newest progress, not a thousand.
    const bool newer = !events_.empty() && std::holds_alternative<SyncProgressed>(event) &&
                       std::holds_alternative<SyncProgressed>(events_.back());
    if (newer) events_.pop_back();
    events_.push_back(std::move(event));
  }
  if (wake_) wake_();
}

}  // namespace fieldpost
