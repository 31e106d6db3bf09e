#include "tools/bench/core.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/reports/report.h"
#include "shared/reports/sheets/report_sheets.h"
#include "shared/storage/data_state.h"
#include "shared/storage/vault.h"
#include "sync/worker.h"
#include "tools/bench/consultations.h"
#include "tools/bench/deployment.h"
#include "tools/bench/floor.h"
#include "tools/bench/measure.h"
#include "tools/bench/watched_transport.h"

namespace fieldpost::bench {

namespace {

constexpr std::size_t edited_records = 1'000, edits_at_once = 100;

class Core {
 public:
  explicit Core(const CoreOptions& options) : options_(options) {
    figures_.title = fmt::format("{} consultations; lists and search over {}", options.records, options.large);
    figures_.sizes = {{"records", options.records}, {"large", options.large}};
  }

  Figures run() {
    say("inventing consultations");
    rows_ = consultations_.next(options_.records);
    measure_floor();
    measure_saves();
    measure_sync();
    measure_saves_beside_sync();
    measure_small_edits();
    measure_large_store();
    const DataState closed = name_state();
    measure_edits(laptop_a_, "edits_large", options_.large);
    measure_as_of(closed);
    return figures_;
  }

 private:
  double rows_count() const { return static_cast<double>(options_.records); }

  void add(std::string name, std::string what, double value, std::string unit, std::optional<double> floor = {},
           std::optional<Aim> aim = {}) {
    figures_.add(std::move(name), std::move(what), value, std::move(unit), floor, aim);
  }
  void add_megabytes(std::string name, std::string what) {
    add(std::move(name), std::move(what), static_cast<double>(peak_memory_bytes()) / 1e6, "MB");
  }

  void measure_floor() {
    say("the floor: plain SQLite, zstd");
    std::vector<double> seconds;
    for (int i = 0; i < 3; ++i) {
      PlainTable plain(folder_.path() / fmt::format("plain-{}.db", i));
      seconds.push_back(plain.insert(rows_, rows_in_a_page));
    }
    floor_seconds_ = percentile(seconds, 0.5);
    packed_ = packed_sizes(rows_);
    add("floor.rows_per_second", fmt::format("plain SQLite, transactions of {} rows", rows_in_a_page),
        rows_count() / floor_seconds_, "rows/s");
    add("record.json_bytes", "one consultation as JSON", static_cast<double>(packed_.plain) / rows_count(), "bytes");
    const std::span<const std::string> some(rows_.data(), std::min(rows_.size(), options_.saves));
    PlainTable plain(folder_.path() / "plain-saves.db");
    floor_saves_ = plain.insert_one_by_one({some.begin(), some.end()});
  }

  double timed_save(Store& store, const std::string& row) {
    const Edit edit = must(edit_from_json(consultations_.form(), nlohmann::json::parse(row)));
    const Stopwatch time;
    Seen seen = store.start(consultations_.form());
    must(store.save(seen, edit));
    return time.milliseconds();
  }

  void measure_saves() {
    say("durable saves, alone");
    laptop_c_ = deployment_.enrol("Chi");
    std::vector<double> durations;
    for (std::size_t i = 0; i < std::min(options_.saves, rows_.size()); ++i)
      durations.push_back(timed_save(*laptop_c_.store, rows_[i]));
    add("save.p50", "durable save, alone, median", percentile(durations, 0.5), "ms", percentile(floor_saves_, 0.5));
    add("save.p99", "durable save, alone, 99 of 100 within", percentile(durations, 0.99), "ms",
        percentile(floor_saves_, 0.99));
  }

  void add_run(const std::string& name, const std::string& what, double seconds, std::optional<Aim> aim) {
    add(name + ".seconds", what, seconds, "s", floor_seconds_, aim);
    add(name + ".rows_per_second", what, rows_count() / seconds, "rows/s");
  }

  void measure_sync() {
    laptop_a_ = deployment_.enrol("An");
    Laptop laptop_b = deployment_.enrol("Bình");
    say("import");
    const Stopwatch time;
    import_rows(*laptop_a_.store, consultations_.form(), rows_);
    add_run("import", "import", time.seconds(), {});

    say("push");
    forget_peak_memory();
    const Deployment::Synced pushed = deployment_.sync(laptop_a_);
    expect(pushed.report.sent == static_cast<std::int64_t>(options_.records),
           "central did not answer for every record");
    add_run("push", "push and commit", pushed.seconds, at_most_times_floor(4));
    say("pull");
    const Deployment::Synced pulled = deployment_.sync(laptop_b);
    expect(pulled.report.received == static_cast<std::int64_t>(options_.records), "not every record arrived");
    add_run("pull", "pull into an empty laptop", pulled.seconds, at_most_times_floor(4));

    const double zstd_pages = static_cast<double>(packed_.by_pages) / rows_count();
    const auto wire = [&](std::string name, std::string what, std::int64_t bytes, bool main_direction) {
      add(std::move(name), std::move(what), static_cast<double>(bytes) / rows_count(), "bytes",
          main_direction ? std::optional(zstd_pages) : std::nullopt,
          main_direction ? std::optional(at_most(350)) : std::nullopt);
    };
    add("wire.zstd_whole", "one record, zstd -3 of all JSON as one text",
        static_cast<double>(packed_.whole) / rows_count(), "bytes");
    add("wire.zstd_pages", fmt::format("one record, zstd -3 of the JSON of {}", rows_in_a_page), zstd_pages, "bytes");
    wire("wire.push_up", "push, one record on the wire, to central", pushed.wire_up, true);
    wire("wire.push_down", "push, one record on the wire, to the laptop", pushed.wire_down, false);
    wire("wire.pull_down", "pull, one record on the wire, to the laptop", pulled.wire_down, true);
    wire("wire.pull_up", "pull, one record on the wire, to central", pulled.wire_up, false);
    add_megabytes("memory.sync", "peak memory, central and both laptops in one process");
  }

  void measure_saves_beside_sync() {
    say("durable saves, beside a running sync");
    Laptop laptop = deployment_.enrol("Dung");
    Worker worker(laptop.options, deployment_.environment(), nullptr);
    worker.post(SyncNow{});
    std::vector<double> durations;
    bool synced = false;
    for (std::size_t i = 0; durations.size() < options_.saves || !synced; ++i) {
      durations.push_back(timed_save(*laptop.store, rows_[i % rows_.size()]));
      for (const Event& event : worker.take_events()) {
        if (const auto* failed = std::get_if<SyncFailed>(&event)) throw Stop{failed->error};
        if (!std::holds_alternative<SyncFinished>(event)) continue;
        synced = true;
        worker.post(SyncNow{});  // what was saved meanwhile: there is always something to send
      }
    }
    add("save_beside_sync.p50", "durable save beside a running sync, median", percentile(durations, 0.5), "ms",
        percentile(floor_saves_, 0.5));
    add("save_beside_sync.p99", "durable save beside a running sync, 99 of 100 within", percentile(durations, 0.99),
        "ms", percentile(floor_saves_, 0.99), at_most(20));
  }

  void measure_small_edits() {
    // Of another unit, so that none of the others' records comes to it.
    Laptop laptop = deployment_.enrol("Giang", "cm");
    const std::size_t records = std::min(edited_records, rows_.size());
    import_rows(*laptop.store, consultations_.form(), std::span(rows_).first(records));
    measure_edits(laptop, "edits_small", records);
  }

  /// A hundred edits of one field each, all else being at central: neither side may look through the table.
  void measure_edits(Laptop& laptop, const std::string& name, std::size_t records) {
    say(fmt::format("{} edits among {} records", edits_at_once, records));
    deployment_.sync(laptop);
    View::Query query;
    query.form = consultations_.form().name;
    query.limit = 1;
    std::vector<double> open, fresh, finding;
    std::int64_t up = 0, down = 0, fresh_wire = 0;
    const std::size_t rounds = std::min(edited_records, records) / edits_at_once / 2;
    expect(rounds > 0, "too few records to edit");
    std::size_t next = 0;
    const auto edit_some = [&] {
      // Another record each time, from all over the table.
      for (std::size_t i = 0; i < edits_at_once; ++i, ++next) {
        query.offset = next * records / (rounds * 2 * edits_at_once);
        Seen seen = must(laptop.store->see(must(laptop.store->list(query)).at(0).record));
        const nlohmann::json note = {{"note", fmt::format("Đã gọi lại lần {}", next)}};
        must(laptop.store->save(seen, must(edit_from_json(consultations_.form(), note))));
      }
    };
    for (std::size_t round = 0; round < rounds; ++round) {
      const std::unique_ptr<Transport> road = road_of(laptop);
      edit_some();
      const Deployment::Synced first = deployment_.sync(laptop, *road);
      edit_some();
      WatchedTransport watched(*road);
      const Deployment::Synced second = deployment_.sync(laptop, watched);
      for (const Deployment::Synced& synced : {first, second})
        expect(synced.report.sent == edits_at_once, "central did not answer for every edit");
      fresh.push_back(first.seconds * 1000);
      fresh_wire += first.wire_up + first.wire_down;
      open.push_back(second.seconds * 1000);
      finding.push_back(watched.before_first_push_ms().value_or(0));
      up += second.wire_up;
      down += second.wire_down;
    }
    const double edits = static_cast<double>(rounds * edits_at_once);
    const std::string what = fmt::format("{} edits of {}: ", edits_at_once, records);
    add(name + ".sync", what + "sync, connection open", percentile(open, 0.5), "ms", {}, at_most(20));
    add(name + ".find", what + "laptop finds what to send", percentile(finding, 0.5), "ms");
    add(name + ".sync_connecting", what + "sync, connection and all", percentile(fresh, 0.5), "ms");
    add(name + ".wire_up", what + "one on the wire, to central", static_cast<double>(up) / edits, "bytes", {},
        at_most(150));
    add(name + ".wire_down", what + "one on the wire, back", static_cast<double>(down) / edits, "bytes");
    add(name + ".wire_connecting", what + "one, both ways, TLS's beginning too",
        static_cast<double>(fresh_wire) / edits, "bytes");
  }

  void measure_large_store() {
    say("filling a large store");
    PlainTable plain(folder_.path() / "plain-large.db");
    plain.insert(rows_, rows_in_a_page);
    for (std::size_t there = rows_.size(); there < options_.large;) {
      const std::vector<std::string> more = consultations_.next(std::min<std::size_t>(1'000, options_.large - there));
      import_rows(*laptop_a_.store, consultations_.form(), more);
      plain.insert(more, rows_in_a_page);
      there += more.size();
    }
    rows_ = {};
    laptop_a_.store.reset();
    forget_peak_memory();

    say("unlock, list, search");
    const Stopwatch time;
    Store::Options store = laptop_a_.options;
    store.key = must(Vault::open(store.home, "An", passphrase));
    const double unlocked = time.milliseconds();
    laptop_a_.store = must(Store::open(store, deployment_.environment()));
    const double opened = time.milliseconds();
    View::Query query;
    query.form = "consultation";
    expect(!must(laptop_a_.store->list(query)).empty(), "the list is empty");
    add("unlock.argon2id", "unlock: Argon2id of the passphrase", unlocked, "ms");
    add("unlock.open", "unlock: open the store", opened - unlocked, "ms");
    add("unlock.first_list", "unlock until the first list stands", time.milliseconds(), "ms");

    const auto search = [&](const std::string& name, const std::string& words, const std::string& floor_words) {
      std::vector<double> durations, floor;
      query.search = words;
      for (std::size_t i = 0; i < options_.searches; ++i) {
        const Stopwatch one;
        must(laptop_a_.store->list(query));
        durations.push_back(one.milliseconds());
      }
      for (int i = 0; i < 3; ++i) floor.push_back(plain.scan_for(floor_words));
      const std::string what = fmt::format("search '{}'", words);
      add(name + ".p50", what + ", median", percentile(durations, 0.5), "ms", percentile(floor, 0.5));
      add(name + ".p99", what + ", 99 of 100 within", percentile(durations, 0.99), "ms", percentile(floor, 0.99),
          at_most(50));
    };
    search("search.nguyen", "nguyen", "nguyễn");
    search("search.duong", "duong", "đường");
    search("search.letter", "n", "n");
    search("search.two_letters", "ng", "ng");
    search("search.two_words", "nguyen dat", "nguyễn%đất");
    search("search.rare", "khong co o day", "không có ở đây");
    add_megabytes("memory.large", "peak memory, unlock, list and search");
    measure_reports();
  }

  /// A list of cases as an office would write it for itself: one line a consultation.
  static constexpr const char* line_by_line =
      R"({"name": "bench.lines", "label::vi": "Từng việc", "label::en": "Each",)"
      R"("line": "line", "line::vi": "Việc", "line::en": "Consultation",)"
      R"("rows": {"sql": "SELECT hex(c.record) AS code, c.day AS vi, f.legal_field AS field, f.summary AS said, 1 AS one)"
      R"( FROM counted c JOIN form_consultation f ON f.record = c.record"},)"
      R"("columns": [{"name": "field", "text": true, "label::vi": "Lĩnh vực", "label::en": "Field"},)"
      R"({"name": "said", "text": true, "label::vi": "Nội dung", "label::en": "Matter"},)"
      R"({"name": "one", "label::vi": "Số", "label::en": "One"}]})";

  void measure_reports() {
    say("reports");
    Database& view = laptop_a_.store->database();
    const Catalogue& catalogue = laptop_a_.store->catalogue();
    const ReportWindow window{{2000, 1, 1}, {2100, 12, 31}, {}};
    for (const char* name : {"programmes", "stat24", "kpi"}) {
      const Stopwatch time;
      const Report report = must(make_report(view, catalogue, *find_report(name), window, {}));
      expect(!report.tables.empty(), "the report is empty");
      add(fmt::format("report.{}", name), fmt::format("report '{}'", name), time.milliseconds(), "ms", {},
          at_most(2'000));
    }
    const ReportDefinition lines = must(load_report(line_by_line, catalogue));
    forget_peak_memory();
    const Stopwatch time;
    must(write_report_xlsx(view, catalogue, lines, window, {}, {}, (folder_.path() / "lines.xlsx").string()));
    add("report.xlsx", fmt::format("XLSX of {} lines", options_.large), time.milliseconds(), "ms", {},
        at_most(5'000));
    add_megabytes("memory.xlsx", "peak memory of that workbook");
  }

  DeploymentId deployment_id() { return must(laptop_a_.store->identity())->deployment(); }

  /// As a lock does when a window is closed.
  DataState name_state() {
    const Stopwatch time;
    DataState state = data_state(laptop_a_.store->database(), deployment_id());
    add("as_of.name", fmt::format("name the state of {} records", options_.large), time.milliseconds(), "ms");
    return state;
  }

  /// What comes before the report of a window that was closed before the last edits.
  void measure_as_of(const DataState& closed) {
    say("the view as it was");
    Database::Options beside;
    beside.path = (laptop_a_.options.home / "store.db").string();
    beside.key = laptop_a_.options.key;
    const std::unique_ptr<Database> view = must(Database::open(beside));
    const Stopwatch time;
    view->execute("BEGIN");
    const std::int64_t late = must(show_as_of(*view, laptop_a_.store->catalogue(), deployment_id(), closed));
    add("as_of.show", fmt::format("show {} records as they were, {} of them edited since", options_.large, late),
        time.milliseconds(), "ms");
    view->execute("COMMIT");
  }

  CoreOptions options_;
  Figures figures_;
  WorkFolder folder_;
  Consultations consultations_{shipped_catalogue()};
  Deployment deployment_{folder_.path(), shipped_catalogue()};
  std::vector<std::string> rows_;
  double floor_seconds_ = 0;
  std::vector<double> floor_saves_;
  PackedSizes packed_;
  Laptop laptop_a_, laptop_c_;
};

}  // namespace

Figures measure_core(const CoreOptions& options) { return Core(options).run(); }

}  // namespace fieldpost::bench
