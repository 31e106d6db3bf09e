#include "tools/bench/fleet.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <latch>
#include <mutex>
#include <numeric>
#include <thread>

#include "sync/backoff.h"
#include "tools/bench/central_process.h"
#include "tools/bench/consultations.h"
#include "tools/bench/deployment.h"
#include "tools/bench/measure.h"

namespace fieldpost::bench {

namespace {

// Rows that the laptops share: what is packed is one laptop's page, so that another's like rows flatter nothing.
constexpr std::size_t rows_in_all = 2'000;
// As the worker tries again, but for its longest pause: a run should end.
constexpr std::chrono::seconds first_pause{2}, longest_pause{30};

/// One laptop of the run and how it fared.
struct Member {
  Laptop laptop;
  std::size_t changes = 0;
  double durable_s = 0;  // until central had answered for everything of its own
  double done_s = 0;     // until the exchange was through, others' records taken in
  int busy = 0, unreachable = 0;
  std::string error;  // that trying again would not mend
};

class Fleet {
 public:
  Fleet(CentralProcess& central, Consultations& consultations, const std::vector<std::string>& rows)
      : central_(central), consultations_(consultations), rows_(rows) {}

  /// So many laptops of this unit's name, each with so many new records.
  void enrol(std::size_t laptops, std::size_t changes, const std::string& unit) {
    for (std::size_t i = 0; i < laptops; ++i) {
      members_.push_back(std::make_unique<Member>());
      members_.back()->changes = changes;
      units_.push_back(unit);
    }
  }

  void prepare() {
    std::vector<std::string> tickets;
    for (std::size_t i = 0; i < members_.size(); ++i) tickets.push_back(central_.ticket(units_[i], name_of(i)));
    std::atomic<std::size_t> next{0};
    std::mutex mutex;
    std::optional<Stop> fault;
    const auto work = [&] {
      try {
        for (std::size_t i = next++; i < members_.size(); i = next++) {
          members_[i]->laptop =
              bench::enrol(folder_.path(), name_of(i), central_.url(), tickets[i], environment_, Key::raw);
          fill(*members_[i], i);
        }
      } catch (const Stop& stop) {
        const std::lock_guard lock(mutex);
        fault = stop;
      }
    };
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < std::max(1u, std::thread::hardware_concurrency()); ++i) threads.emplace_back(work);
    }
    if (fault) throw *fault;
  }

  /// All at once, a thread each.
  void drain() {
    central_.forget_peak_memory();
    const double before_s = processor_seconds();
    std::latch start(static_cast<std::ptrdiff_t>(members_.size()));
    std::vector<std::jthread> threads;
    for (const auto& member : members_)
      threads.emplace_back([&] {
        start.arrive_and_wait();
        drain(*member);
      });
    threads.clear();
    laptops_processor_s_ = processor_seconds() - before_s;
  }

  void add_figures(Figures& figures, const std::string& name, const std::string& which, std::optional<Aim> rate_aim,
                   std::optional<Aim> memory_aim) {
    std::vector<double> done;
    double durable_s = 0;
    int busy = 0, unreachable = 0, errors = 0;
    std::size_t changes = 0;
    for (const auto& member : members_) {
      done.push_back(member->done_s);
      durable_s = std::max(durable_s, member->durable_s);
      busy += member->busy;
      unreachable += member->unreachable;
      errors += member->error.empty() ? 0 : 1;
      if (!member->error.empty()) say(member->error);
      changes += member->changes;
    }
    const double median = percentile(done, 0.5), longest = percentile(done, 1);
    const CentralProcess::Use use = central_.use();
    figures.add(name + ".rate", fmt::format("{} laptops{}: durable records at central", members_.size(), which),
                static_cast<double>(changes) / durable_s, "records/s", {}, rate_aim);
    figures.add(name + ".durable", fmt::format("… until central holds all {}", changes), durable_s, "s");
    figures.add(name + ".p50", "… a laptop's sync, median", median, "s");
    figures.add(name + ".p99", "… a laptop's sync, 99 of 100 within", percentile(done, 0.99), "s");
    figures.add(name + ".max", "… a laptop's sync, the longest", longest, "s");
    figures.add(name + ".spread", "… the longest by the median", longest / median, "times");
    figures.add(name + ".memory", "… central's peak memory", static_cast<double>(use.peak_bytes) / 1e6, "MB", {},
                memory_aim);
    figures.add(name + ".processor", "… central's processor time", use.processor_s, "s");
    figures.add(name + ".laptops_processor", "… all laptops' processor time", laptops_processor_s_, "s");
    figures.add(name + ".busy", "… tried again, central was busy", busy, "times");
    figures.add(name + ".unreachable", "… tried again, central was not reached", unreachable, "times");
    figures.add(name + ".errors", "… errors", errors, "", {}, at_most(0));
  }

 private:
  static std::string name_of(std::size_t i) { return fmt::format("laptop-{}", i); }

  void fill(Member& member, std::size_t i) {
    std::vector<std::string> mine;
    for (std::size_t there = 0; there < member.changes; there += mine.size()) {
      mine.clear();
      for (std::size_t j = there; j < std::min(member.changes, there + rows_.size()); ++j)
        mine.push_back(rows_[(i * 97 + j) % rows_.size()]);
      import_rows(*member.laptop.store, consultations_.form(), mine);
    }
  }

  void drain(Member& member) {
    const Stopwatch time;
    SystemRandom random;
    Backoff backoff(random, first_pause, longest_pause);
    try {
      for (;;) {
        const std::unique_ptr<Transport> road = road_of(member.laptop);
        Exchange exchange(*member.laptop.store, *road);
        for (;;) {
          const Result<Exchange::Step> step = exchange.step();
          if (!step) {
            if (!may_pass(step.error())) throw Stop{step.error()};
            (step.error().code == ErrorCode::busy ? member.busy : member.unreachable) += 1;
            std::this_thread::sleep_for(backoff.next(exchange.report().retry_after_s));
            break;
          }
          const ExchangeProgress& progress = exchange.progress();
          if (member.durable_s == 0 && progress.to_send > 0 && progress.sent == progress.to_send)
            member.durable_s = time.seconds();
          if (*step == Exchange::Step::more) continue;
          member.done_s = time.seconds();
          const StoreStatus status = must(member.laptop.store->status());
          expect(status.receipted == static_cast<std::int64_t>(member.changes),
                 "central did not answer for every record of a laptop");
          if (member.durable_s == 0) member.durable_s = member.done_s;
          return;
        }
      }
    } catch (const Stop& stop) {
      member.error = stop.error.message;
      member.done_s = member.durable_s = time.seconds();
    }
  }

  CentralProcess& central_;
  Consultations& consultations_;
  const std::vector<std::string>& rows_;
  WorkFolder folder_;
  SystemClock clock_;
  SystemRandom random_;
  Environment environment_{clock_, random_, shipped_catalogue()};
  std::vector<std::unique_ptr<Member>> members_;
  std::vector<std::string> units_;
  double laptops_processor_s_ = 0;
};

}  // namespace

Figures measure_fleet(const FleetOptions& options) {
  Figures figures;
  figures.title = fmt::format("a fleet against one central: {} laptops of {} units with {} records each, all at once",
                              options.laptops, options.units, options.records);
  figures.sizes = {{"laptops", options.laptops}, {"records", options.records}, {"units", options.units}};
  // Both processes come first, while there is nothing of the laptops' that they would carry along.
  const WorkFolder handing_in_folder, folder, year_folder;
  CentralProcess handing_in(handing_in_folder.path()), central(folder.path()), year_central(year_folder.path());
  // In the field each laptop has a processor of its own: here they stand back behind central.
  constexpr int behind = 10;
  [[maybe_unused]] const int now = ::nice(behind);
  Consultations consultations(shipped_catalogue());
  const std::vector<std::string> rows = consultations.next(rows_in_all);
  {
    // What central takes in, by itself: each laptop has a unit of its own and gets nothing but receipts.
    say(fmt::format("{} laptops, each a unit: enrol, record", options.laptops));
    Fleet fleet(handing_in, consultations, rows);
    for (std::size_t laptop = 0; laptop < options.laptops; ++laptop)
      fleet.enrol(1, options.records, fmt::format("unit-{}", laptop));
    fleet.prepare();
    say("all at once");
    fleet.drain();
    fleet.add_figures(figures, "handing_in", ", each a unit", at_least(1'000), at_most(1'000));
  }
  {
    // Beside it each takes in what its colleagues recorded, on the processors that central has.
    say(fmt::format("{} laptops: enrol, record", options.laptops));
    Fleet fleet(central, consultations, rows);
    for (std::size_t unit = 0; unit < options.units; ++unit)
      fleet.enrol((options.laptops + unit) / options.units, options.records, fmt::format("unit-{}", unit));
    fleet.prepare();
    say("all at once");
    fleet.drain();
    fleet.add_figures(figures, "fleet", fmt::format(" of {} units", options.units), {}, at_most(1'000));
  }
  const std::size_t alone = options.year_laptops * options.year_changes;
  say(fmt::format("{} laptops with {} changes, one with {}: enrol, record", options.year_laptops,
                  options.year_changes, alone));
  Fleet fleet(year_central, consultations, rows);
  const std::size_t in_a_unit = std::max<std::size_t>(1, options.laptops / options.units);
  for (std::size_t there = 0; there < options.year_laptops; there += in_a_unit)
    fleet.enrol(std::min(in_a_unit, options.year_laptops - there), options.year_changes,
                fmt::format("unit-{}", there / in_a_unit));
  fleet.enrol(1, alone, "alone");
  fleet.prepare();
  say("all at once, a year offline");
  fleet.drain();
  fleet.add_figures(figures, "year", ", one of them a year offline", {}, {});
  return figures;
}

}  // namespace fieldpost::bench
