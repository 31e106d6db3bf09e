#include "tools/bench/link.h"

#include <fmt/format.h>

#include <memory>
#include <thread>

#include "tools/bench/consultations.h"
#include "tools/bench/deployment.h"
#include "tools/bench/measure.h"
#include "tools/bench/watched_transport.h"

namespace fieldpost::bench {

namespace {

constexpr std::size_t cut_records_max = 2'000;

class LinkBench {
 public:
  explicit LinkBench(const LinkOptions& options) : options_(options), link_(options.shape) {
    const LinkShape& shape = options.shape;
    figures_.title = fmt::format("{} consultations over {:g} kbit/s each way, {:g} ms there and back, {:g} % loss",
                                 options.records, shape.kilobits_per_second, shape.round_trip_ms, shape.loss_percent);
    figures_.sizes = {{"records", options.records}};
    link_.at_far_end([this] {
      central_ =
          std::make_unique<Central>(folder_.path(), shipped_catalogue(), std::string(ShapedLink::far_address) + ":0");
    });
    url_ = fmt::format("https://{}:{}", ShapedLink::far_address, central_->port());
  }

  Figures run() {
    say("inventing consultations, enrolling");
    rows_ = consultations_.next(options_.records);
    laptop_a_ = enrol("An", "hg");
    measure_push();
    measure_unchanged();
    measure_pull();
    measure_cut();
    return figures_;
  }

 private:
  Laptop enrol(const std::string& name, const std::string& unit) {
    return bench::enrol(folder_.path(), name, url_, central_->ticket(unit, name), environment_, Key::raw);
  }

  struct Synced {
    ExchangeReport report;
    double seconds = 0;
    ShapedLink::Carried up, down;
  };
  Synced sync(Laptop& laptop) {
    link_.wait_until_quiet();
    const ShapedLink::Carried up = link_.up(), down = link_.down();
    Synced synced;
    {
      const Stopwatch time;
      const std::unique_ptr<Transport> road = road_of(laptop);
      synced.report = must(Exchange(*laptop.store, *road).run());
      synced.seconds = time.seconds();
    }
    link_.wait_until_quiet();
    synced.up = since(up, link_.up());
    synced.down = since(down, link_.down());
    return synced;
  }
  static ShapedLink::Carried since(const ShapedLink::Carried& before, const ShapedLink::Carried& now) {
    return {now.bytes - before.bytes, now.packets - before.packets, now.lost - before.lost,
            now.dropped - before.dropped};
  }

  void add_way(const std::string& name, const std::string& what, const Synced& synced, std::size_t records) {
    const double each = static_cast<double>(records);
    figures_.add(name + ".up", what + ", one record, to central", static_cast<double>(synced.up.bytes) / each,
                 "bytes");
    figures_.add(name + ".down", what + ", one record, to the laptop", static_cast<double>(synced.down.bytes) / each,
                 "bytes");
    figures_.add(name + ".lost", what + ", packets lost or dropped",
                 static_cast<double>(synced.up.lost + synced.up.dropped + synced.down.lost + synced.down.dropped),
                 fmt::format("of {}", synced.up.packets + synced.down.packets));
  }

  void measure_push() {
    import_rows(*laptop_a_.store, consultations_.form(), rows_);
    say("push");
    const Synced pushed = sync(laptop_a_);
    expect(pushed.report.sent == static_cast<std::int64_t>(rows_.size()), "central did not answer for every record");
    const std::string what = fmt::format("{} new records to central", rows_.size());
    figures_.add("link.push.seconds", what, pushed.seconds, "s", {}, at_most(60));
    add_way("link.push", "push", pushed, rows_.size());
  }

  void measure_unchanged() {
    say("sync of an unchanged laptop");
    const Synced idle = sync(laptop_a_);
    figures_.add("link.unchanged.seconds", "sync with nothing new", idle.seconds, "s");
    figures_.add("link.unchanged.requests", "sync with nothing new, requests",
                 static_cast<double>(idle.report.requests), "", {}, at_most(2));
    figures_.add("link.unchanged.plain", "sync with nothing new, both ways, HTTP's headers too",
                 static_cast<double>(bytes_above_tls(laptop_a_)), "bytes", {}, at_most(2'048));
    figures_.add("link.unchanged.wire", "sync with nothing new, on the wire, both ways",
                 static_cast<double>(idle.up.bytes + idle.down.bytes), "bytes");
  }

  /// The same exchange without TLS, which only loopback may do, through a meter.
  std::int64_t bytes_above_tls(Laptop& laptop) {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.plain_http = true;
    const std::unique_ptr<HttpServer> server =
        must(HttpServer::start(options, [this](const Request& request) { return central_->handle(request); }));
    const WireMeter meter(server->port());
    const std::unique_ptr<Transport> road = road_of(laptop, fmt::format("http://127.0.0.1:{}", meter.port()));
    must(Exchange(*laptop.store, *road).run());
    return meter.bytes_up() + meter.bytes_down();
  }

  void measure_pull() {
    say("pull into an empty laptop");
    Laptop laptop = enrol("Bình", "hg");
    const Synced pulled = sync(laptop);
    expect(pulled.report.received == static_cast<std::int64_t>(rows_.size()), "not every record arrived");
    figures_.add("link.pull.seconds", fmt::format("{} records into an empty laptop", rows_.size()), pulled.seconds,
                 "s");
    add_way("link.pull", "pull", pulled, rows_.size());
  }

  void measure_cut() {
    say("a push that is cut in the middle");
    Laptop laptop = enrol("Châu", "cm");
    const std::size_t records = std::min(rows_.size(), cut_records_max);
    import_rows(*laptop.store, consultations_.form(), std::span(rows_).first(records));
    link_.wait_until_quiet();
    std::unique_ptr<Transport> road = road_of(laptop);
    WatchedTransport watched(*road);
    {
      // Half of what these records take on the wire.
      const std::int64_t enough = link_.up().bytes + static_cast<std::int64_t>(records) * 350 / 2;
      std::jthread cutter([&](const std::stop_token& stop) {
        while (!stop.stop_requested() && link_.up().bytes < enough)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
        link_.cut();
      });
      const Stopwatch time;
      const Result<ExchangeReport> failed = Exchange(*laptop.store, watched).run();
      cutter.request_stop();
      expect(!failed, "the link was cut too late");
      expect(failed.error().code == ErrorCode::unreachable, failed.error().message.c_str());
      figures_.add("link.cut.noticed", "a push cut in the middle: until the laptop gives up", time.seconds(), "s");
    }
    link_.mend();
    road = road_of(laptop);
    watched.go_by(*road);
    const Stopwatch time;
    must(Exchange(*laptop.store, watched).run());
    figures_.add("link.cut.rest", "… the rest at the next exchange", time.seconds(), "s");
    const StoreStatus status = must(laptop.store->status());
    expect(status.receipted == static_cast<std::int64_t>(records), "central did not answer for every record");
    figures_.add("link.cut.twice", fmt::format("… sent twice, of {} bytes", watched.pushed_bytes()),
                 static_cast<double>(watched.repeated_bytes()), "bytes", {}, at_most(65'536));
  }

  LinkOptions options_;
  ShapedLink link_;  // before all that has threads or sockets
  Figures figures_;
  WorkFolder folder_;
  SystemClock clock_;
  SystemRandom random_;
  Environment environment_{clock_, random_, shipped_catalogue()};
  Consultations consultations_{shipped_catalogue()};
  std::unique_ptr<Central> central_;
  std::string url_;
  std::vector<std::string> rows_;
  Laptop laptop_a_;
};

}  // namespace

Figures measure_link(const LinkOptions& options) { return LinkBench(options).run(); }

}  // namespace fieldpost::bench
