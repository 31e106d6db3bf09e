// The window's background thread: what it reports when an exchange cannot be had, and that stopping and ending it
// never wait for the network. Exchanges that succeed are the end-to-end test's.
#include "sync/worker.h"

#include <doctest/doctest.h>

#include <chrono>
#include <condition_variable>
#include <mutex>

#include "sync/central/http_server.h"
#include "tests/support/scratch.h"

using namespace fieldpost;
using namespace std::chrono_literals;

namespace {

/// The events a worker reports, waited for as the window does: by its wake-up.
class Window {
 public:
  std::function<void()> wake() {
    return [this] {
      const std::lock_guard lock(mutex_);
      woken_ = true;
      changed_.notify_all();
    };
  }
  /// Everything up to and with the next end of an exchange. Empty when it does not come.
  std::vector<Event> until_end(Worker& worker) {
    std::vector<Event> seen;
    const auto end = std::chrono::steady_clock::now() + 30s;
    while (std::chrono::steady_clock::now() < end) {
      for (Event& event : worker.take_events()) seen.push_back(std::move(event));
      if (!seen.empty() && seen.back().index() >= 2) return seen;
      std::unique_lock lock(mutex_);
      changed_.wait_for(lock, 1s, [this] { return woken_; });
      woken_ = false;
    }
    return {};
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool woken_ = false;
};

/// A laptop's folder, enrolled with a central at `port` where one is given.
struct Laptop {
  test::ScratchFolder scratch;
  SystemClock clock;
  SystemRandom random;
  Catalogue catalogue;
  Environment environment{clock, random, catalogue};
  Store::Options options;

  Laptop() {
    options.home = scratch.path();
    random.fill(options.key.bytes);
  }
  void enrol(int port) {
    auto store = Store::open(options, environment);
    if (!store) FAIL(store.error().message);
    const SigningKey deployment = SigningKey::generate(random);
    Identity identity;
    identity.url = "http://127.0.0.1:" + std::to_string(port);
    identity.certificate.key = (*store)->device_key()->public_key();
    identity.certificate.unit = "BN";
    identity.certificate.user_name = "An";
    identity.certificate.user = new_uuid<UserId>(clock, random);
    sign_certificate(identity.certificate, deployment);
    identity.central.deployment = deployment.public_key();
    identity.central.receipts = SigningKey::generate(random).public_key();
    sign_statement(identity.central, deployment);
    const Result<void> kept = (*store)->set_identity(identity);
    REQUIRE(kept);
  }
};

/// A central that answers when it is told to.
class SlowCentral {
 public:
  SlowCentral() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.plain_http = true;
    server_ = *HttpServer::start(options, [this](const Request&) {
      std::unique_lock lock(mutex_);
      ++asked_;
      changed_.notify_all();
      changed_.wait(lock, [this] { return answers_; });
      return Response{503, {}, 1};
    });
  }
  ~SlowCentral() { answer(); }
  int port() const { return server_->port(); }
  void answer() {
    const std::lock_guard lock(mutex_);
    answers_ = true;
    changed_.notify_all();
  }
  bool was_asked() {
    std::unique_lock lock(mutex_);
    return changed_.wait_for(lock, 30s, [this] { return asked_ > 0; });
  }
  int asked() {
    const std::lock_guard lock(mutex_);
    return asked_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  int asked_ = 0;
  bool answers_ = false;
  std::unique_ptr<HttpServer> server_;
};

std::string failure_of(const std::vector<Event>& events) {
  if (events.empty() || !std::holds_alternative<SyncFailed>(events.back())) return "no failure";
  return code_name(std::get<SyncFailed>(events.back()).error.code);
}

}  // namespace

TEST_CASE("an exchange that is asked for begins, ends and wakes the window; without enrolment it says so") {
  Laptop laptop;
  Window window;
  Worker worker(laptop.options, laptop.environment, window.wake());
  for (int round = 0; round < 2; ++round) {
    worker.post(SyncNow{});
    const std::vector<Event> events = window.until_end(worker);
    REQUIRE(events.size() == 2);
    CHECK(std::holds_alternative<SyncStarted>(events.front()));
    CHECK(failure_of(events) == "not_found");
  }
}

TEST_CASE("a central that is not there is reported, and the worker takes the next command") {
  int port = 0;
  { port = SlowCentral().port(); }
  Laptop laptop;
  laptop.enrol(port);
  Window window;
  Worker worker(laptop.options, laptop.environment, window.wake());
  for (int round = 0; round < 2; ++round) {
    worker.post(SyncNow{});
    CHECK(failure_of(window.until_end(worker)) == "unreachable");
  }
}

TEST_CASE(
    "the worker tries again by itself, later each time and never before central asked for, until it is stopped") {
  SlowCentral central;  // answers 503 with Retry-After: 1
  central.answer();
  Laptop laptop;
  laptop.enrol(central.port());
  Window window;
  Worker worker(laptop.options, laptop.environment, window.wake());
  const auto asked_at = std::chrono::steady_clock::now();
  worker.post(SyncNow{});
  const std::vector<Event> first = window.until_end(worker);
  REQUIRE(failure_of(first) == "busy");
  const auto& failed = std::get<SyncFailed>(first.back());
  REQUIRE(failed.retry_in);
  CHECK(*failed.retry_in >= 1s);
  const std::vector<Event> second = window.until_end(worker);
  CHECK(failure_of(second) == "busy");
  CHECK(std::chrono::steady_clock::now() - asked_at >= 1s);
  CHECK(central.asked() == 2);
  worker.stop_exchange();
  worker.take_events();
  // What another try would not mend is not tried again.
  Laptop stranger;
  Worker other(stranger.options, stranger.environment, window.wake());
  other.post(SyncNow{});
  const std::vector<Event> events = window.until_end(other);
  REQUIRE(failure_of(events) == "not_found");
  CHECK_FALSE(std::get<SyncFailed>(events.back()).retry_in);
}

TEST_CASE("the pauses between tries double, differ between laptops and stay within their bounds") {
  SeededRandom random(1), other(2);
  Backoff a(random, 1s, 900s), b(other, 1s, 900s);
  bool differ = false;
  for (std::int64_t whole = 1'000, i = 0; i < 14; ++i, whole = std::min<std::int64_t>(whole * 2, 900'000)) {
    const auto pause = a.next();
    CHECK(pause.count() >= whole / 2);
    CHECK(pause.count() <= whole);
    differ = differ || b.next() != pause;
  }
  CHECK(differ);
  a.reset();
  CHECK(a.next() <= 1s);
  const auto asked = a.next(60);
  CHECK(asked >= 60s);
  CHECK(asked <= 75s);
}

TEST_CASE("stopping interrupts the exchange that waits for central, drops what waits, and lets the next one run") {
  SlowCentral central;
  Laptop laptop;
  laptop.enrol(central.port());
  Window window;
  Worker worker(laptop.options, laptop.environment, window.wake());
  worker.post(SyncNow{});
  REQUIRE(central.was_asked());
  worker.post(SyncNow{});
  worker.stop_exchange();
  CHECK(failure_of(window.until_end(worker)) == "interrupted");
  CHECK(worker.take_events().empty());
  central.answer();
  worker.post(SyncNow{});
  CHECK(failure_of(window.until_end(worker)) == "busy");
}

TEST_CASE("what is asked for many times while an exchange runs is one more exchange") {
  SlowCentral central;
  Laptop laptop;
  laptop.enrol(central.port());
  Window window;
  Worker worker(laptop.options, laptop.environment, window.wake());
  worker.post(SyncNow{});
  REQUIRE(central.was_asked());
  for (int i = 0; i < 10; ++i) worker.post(SyncNow{});
  central.answer();
  CHECK(failure_of(window.until_end(worker)) == "busy");
  while (central.asked() < 2) std::this_thread::sleep_for(1ms);
  worker.stop_exchange();  // nothing waits any more
  CHECK(central.asked() == 2);
}

TEST_CASE("ending the worker does not wait for central, nor does a stop with nothing to stop") {
  SlowCentral central;
  Laptop laptop;
  laptop.enrol(central.port());
  Window window;
  {
    Worker worker(laptop.options, laptop.environment, window.wake());
    worker.stop_exchange();
  }
  {
    Worker worker(laptop.options, laptop.environment, window.wake());
    worker.post(SyncNow{});
    REQUIRE(central.was_asked());
  }
  CHECK(central.asked() == 1);
}

TEST_CASE("a store that cannot be opened is reported") {
  Laptop laptop;
  laptop.enrol(1);
  Window window;
  Store::Options other = laptop.options;
  laptop.random.fill(other.key.bytes);
  Worker worker(other, laptop.environment, window.wake());
  worker.post(SyncNow{});
  const std::string failure = failure_of(window.until_end(worker));
  CHECK(failure != "no failure");
  CHECK(failure != "not_found");
}

TEST_CASE("a stick is read and written in turn, and a stop of the sync leaves that alone") {
  Laptop laptop;
  laptop.enrol(1);  // nobody listens there
  Window window;
  Worker worker(laptop.options, laptop.environment, window.wake());
  const test::ScratchFolder usb;
  worker.post(WriteStick{usb.path(), std::nullopt});
  worker.stop_exchange();
  std::vector<Event> seen = window.until_end(worker);
  REQUIRE(!seen.empty());
  REQUIRE(std::holds_alternative<StickWritten>(seen.back()));
  CHECK(std::filesystem::exists(usb.path() / "Fieldpost" / std::get<StickWritten>(seen.back()).file));
  worker.post(ReadStick{usb.path() / "gone"});
  seen = window.until_end(worker);
  REQUIRE(!seen.empty());
  REQUIRE(std::holds_alternative<StickFailed>(seen.back()));
  CHECK(std::get<StickFailed>(seen.back()).error.code == ErrorCode::not_found);
}
