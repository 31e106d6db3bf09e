// The loop around exchanges. When to sync is the window's to say; what moves is Exchange's; between them lies trying
// again, for as long as it may help.
#include "sync/worker.h"

#include <utility>

#include "sync/http_transport.h"

namespace fieldpost {

namespace {
// A quarter of an hour costs a battery nothing, and whoever comes back to a network presses the button.
constexpr std::chrono::seconds first_pause{2};
constexpr std::chrono::minutes longest_pause{15};
}  // namespace

Worker::Worker(Store::Options store, Environment environment, std::function<void()> wake)
    : store_options_(std::move(store)),
      environment_(environment),
      wake_(std::move(wake)),
      backoff_(environment.random, first_pause, longest_pause) {
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
    const auto syncs = [](const Command& each) { return std::holds_alternative<SyncNow>(each); };
    if (!syncs(command) || commands_.empty() || !syncs(commands_.back())) commands_.push_back(std::move(command));
  }
  ready_.notify_one();
}

void Worker::stop_exchange() {
  // Under the lock, so that a command taken at this moment is either dropped here or sees the flag.
  const std::lock_guard lock(mutex_);
  std::erase_if(commands_, [](const Command& command) { return std::holds_alternative<SyncNow>(command); });
  retry_at_.reset();
  stop_exchange_ = true;
}

std::vector<Event> Worker::take_events() {
  const std::lock_guard lock(mutex_);
  return std::exchange(events_, {});
}

void Worker::run() {
  for (;;) {
    Command command = SyncNow{};  // another try
    {
      std::unique_lock lock(mutex_);
      const auto called = [this] { return ending_ || !commands_.empty(); };
      // A stop takes the next try away while this thread waits for it.
      while (!called()) {
        if (!retry_at_) {
          ready_.wait(lock, [&] { return called() || retry_at_; });
        } else if (!ready_.wait_until(lock, *retry_at_, called)) {
          if (retry_at_) break;
        }
      }
      if (ending_) return;
      if (!commands_.empty()) {
        command = std::move(commands_.front());
        commands_.pop_front();
      }
      if (std::holds_alternative<SyncNow>(command)) retry_at_.reset();
      stop_exchange_ = false;
    }
    if (!std::holds_alternative<SyncNow>(command)) {
      use_stick(command);
      continue;
    }
    emit(SyncStarted{});
    exchange();
  }
}

Result<void> Worker::open_store() {
  if (store_) return {};
  Result<std::unique_ptr<Store>> opened = Store::open(store_options_, environment_);
  if (!opened) return opened.error();
  store_ = *std::move(opened);
  return {};
}

void Worker::use_stick(const Command& command) {
  if (Result<void> opened = open_store(); !opened) return emit(StickFailed{opened.error()});
  if (const auto* write = std::get_if<WriteStick>(&command)) {
    Result<StickWritten> written = write_to_stick(*store_, write->stick, write->recipient);
    return written ? emit(*std::move(written)) : emit(StickFailed{written.error()});
  }
  Result<StickRead> read = read_from_stick(*store_, std::get<ReadStick>(command).stick);
  return read ? emit(*std::move(read)) : emit(StickFailed{read.error()});
}

void Worker::exchange() {
  if (Result<void> opened = open_store(); !opened) return fail(opened.error(), {});
  const Result<std::optional<Identity>> identity = store_->identity();
  if (!identity) return fail(identity.error(), {});
  if (!*identity) {
    return fail({ErrorCode::not_found, "this laptop is not enrolled; enrol it with a ticket first"}, {});
  }
  HttpOptions options;
  options.url = (*identity)->url;
  options.tls_pin = (*identity)->central.tls_pin;
  options.stop = &stop_exchange_;
  const Result<std::unique_ptr<Transport>> transport = make_http_transport(options);
  if (!transport) return fail(transport.error(), {});

  Exchange exchange(*store_, **transport);
  const auto began = std::chrono::steady_clock::now();
  for (;;) {
    // Also between requests: applying what came may take longer than sending it.
    if (stop_exchange_) {
      return fail({ErrorCode::interrupted, "stopped; what was sent and received stays"}, exchange.report());
    }
    const Result<Exchange::Step> step = exchange.step();
    if (!step) return fail(step.error(), exchange.report());
    if (*step == Exchange::Step::done) {
      backoff_.reset();
      return emit(SyncFinished{exchange.report()});
    }
    emit(SyncProgressed{exchange.progress(), std::chrono::duration_cast<std::chrono::milliseconds>(
                                                 std::chrono::steady_clock::now() - began)});
  }
}

void Worker::fail(Error error, const ExchangeReport& report) {
  SyncFailed failed{std::move(error), report, std::nullopt};
  if (may_pass(failed.error)) {
    const std::lock_guard lock(mutex_);
    if (!stop_exchange_) {
      failed.retry_in = backoff_.next(report.retry_after_s);
      retry_at_ = std::chrono::steady_clock::now() + *failed.retry_in;
    }
  }
  emit(std::move(failed));
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
