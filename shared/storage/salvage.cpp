#include "shared/storage/salvage.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <set>

#include "shared/storage/files.h"
#include "shared/storage/raw_pages.h"

namespace fieldpost {
namespace {

// Places beyond the last one found that are looked for in an epoch: some ten damaged pages of entries side by side.
constexpr std::uint64_t places_beyond = 5'000;
// The most small changes that a page can hold. Bounds the search for numbers where the end of the table is damaged.
constexpr std::int64_t changes_per_page = 32;

struct Table {
  const char* name;
  std::vector<const char*> columns;  // the key's first
  std::size_t keys;
  /// What tells its rows from those of every other table where names are gone; a letter a column: n the row's number,
  /// i integer, o integer or null, t text, b blob, p blob or null, and d, u, e, s for blobs of 32, 16, 8 and 64
  /// bytes.
  std::string_view shape;
};

const Table change_table = {"change", {"number", "record", "id", "counts", "stored"}, 1, "nudib"};
const Table epoch_table = {"epoch", {"number", "device", "epoch"}, 1, "nue"};
const Table entry_table = {"entry", {"epoch", "n", "change", "id", "outcome", "reason"}, 2, "iiopoi"};
const Table segment_table = {"segment", {"epoch", "first", "last", "start", "signature"}, 2, "iiids"};
const Table meta_table = {"meta", {"key", "value"}, 1, "tb"};
const Table certificate_table = {"certificate", {"device", "user", "name", "stored"}, 1, "uutb"};
const Table receipt_table = {"receipt", {"epoch", "last", "stored"}, 2, "iib"};
const Table draft_table = {"draft", {"id", "at", "stored"}, 1, "uib"};
const std::array<const Table*, 8> all_tables = {&change_table, &epoch_table,       &entry_table,   &segment_table,
                                                &meta_table,   &certificate_table, &receipt_table, &draft_table};

using Cells = std::vector<RawRow::Cell>;

bool has_shape(const Cells& cells, std::string_view shape) {
  if (cells.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const bool null = std::holds_alternative<std::nullptr_t>(cells[i]);
    const bool integer = std::holds_alternative<std::int64_t>(cells[i]);
    const Bytes* blob = std::get_if<Bytes>(&cells[i]);
    const auto sized = [&](std::size_t size) { return blob != nullptr && blob->size() == size; };
    bool fits = false;
    switch (shape[i]) {
      case 'n': fits = null; break;
      case 'i': fits = integer; break;
      case 'o': fits = integer || null; break;
      case 't': fits = std::holds_alternative<std::string>(cells[i]); break;
      case 'b': fits = blob != nullptr; break;
      case 'p': fits = blob != nullptr || null; break;
      case 'd': fits = sized(32); break;
      case 'u': fits = sized(16); break;
      case 'e': fits = sized(8); break;
      case 's': fits = sized(64); break;
      default: break;
    }
    if (!fits) return false;
  }
  return true;
}

Cells cells_of(const Statement& row) {
  Cells cells;
  for (int i = 0; i < row.columns(); ++i) {
    if (row.is_null(i)) {
      cells.emplace_back(nullptr);
    } else if (row.is_integer(i)) {
      cells.emplace_back(row.integer(i));
    } else if (row.is_text(i)) {
      cells.emplace_back(row.text(i));
    } else {
      const BytesView blob = row.blob(i);
      cells.emplace_back(Bytes(blob.begin(), blob.end()));
    }
  }
  return cells;
}

std::string joined(const Table& table, std::size_t count, std::string_view after = "") {
  std::string out;
  for (std::size_t i = 0; i < count; ++i) out += fmt::format("{}{}{}", i == 0 ? "" : ", ", table.columns[i], after);
  return out;
}

/// Puts rows into the new store; what proves itself is proven first.
class Keeper {
 public:
  Keeper(Database& fresh, SalvageReport& report) : to_(fresh), report_(report) {
    for (const Table* table : all_tables) {
      std::string marks;
      for (std::size_t i = 0; i < table->columns.size(); ++i) marks += i == 0 ? "?" : ", ?";
      inserts_[table] = fmt::format("INSERT OR IGNORE INTO {} ({}) VALUES ({})", table->name,
                                    joined(*table, table->columns.size()), marks);
    }
  }
  void keep(const Table& table, const Cells& cells) {
    if (&table == &change_table) {
      const Result<Change> change = decode_change(std::get<Bytes>(cells[4]));
      if (!change || !std::ranges::equal(change->id.view(), std::get<Bytes>(cells[2])) ||
          !std::ranges::equal(change->record.view(), std::get<Bytes>(cells[1]))) {
        altered_.insert(std::get<std::int64_t>(cells[0]));
        report_.altered_changes = static_cast<std::int64_t>(altered_.size());
        return;
      }
    }
    Statement insert = to_.prepare(inserts_[&table]);
    int at = 0;
    for (const RawRow::Cell& cell : cells) {
      ++at;
      if (const auto* number = std::get_if<std::int64_t>(&cell))
        insert.bind_integer(at, *number);
      else if (const auto* text = std::get_if<std::string>(&cell))
        insert.bind_text(at, *text);
      else if (const auto* blob = std::get_if<Bytes>(&cell))
        insert.bind_blob(at, *blob);
      else
        insert.bind_null(at);
    }
    insert.run();
  }

 private:
  Database& to_;
  SalvageReport& report_;
  std::map<const Table*, std::string> inserts_;
  std::set<std::int64_t> altered_;  // by number: a row may be met more than once
};

/// Where the directory of tables is gone: rows told by their shape, from every page that verifies.
void rescue_pages(const RawPages& pages, Database& fresh, SalvageReport& report) {
  Keeper keeper(fresh, report);
  Transaction transaction(fresh);
  pages.each_row([&](const RawRow& row) {
    for (const Table* table : all_tables) {
      if (!has_shape(row.cells, table->shape)) continue;
      if (table == &certificate_table && !decode_certificate(std::get<Bytes>(row.cells[3]))) continue;
      if (table == &receipt_table && !decode_receipt(std::get<Bytes>(row.cells[2]))) continue;
      Cells cells = row.cells;
      if (table->shape[0] == 'n') cells[0] = row.rowid;
      keeper.keep(*table, cells);
    }
  });
  // A page out of use may say of a place what was true before. Unreceipted is always right: it is sent once more.
  fresh.execute("UPDATE entry SET outcome = NULL, reason = 0 WHERE outcome <> 1");
  transaction.commit();
}

/// Reads what can be read of one database into another, row by row where pages are damaged.
class Rescue {
 public:
  Rescue(Database& damaged, Database& fresh, SalvageReport& report)
      : from_(damaged), to_(fresh), report_(report), keeper_(fresh, report) {}

  void journal() {
    copy(epoch_table, [&] {
      for (std::int64_t number = 1; number <= 1'000; ++number) probe(epoch_table, number);
    });
    copy(change_table, [&] {
      const std::int64_t pages = from_.integer("PRAGMA page_count").value_or(0);
      const std::int64_t last = to_.integer("SELECT max(number) FROM change").value_or(0);
      // Where the end of the table was read, numbers beyond it cannot be.
      const std::int64_t bound = end_was_read_ ? last : std::max(last, pages * changes_per_page);
      each_gap("SELECT number FROM change ORDER BY number", bound, [&](std::int64_t n) { probe(change_table, n); });
    });
    copy(entry_table, [&] { probe_places(entry_table, "SELECT n FROM entry WHERE epoch = ? ORDER BY n"); });
    copy(segment_table,
         [&] { probe_places(segment_table, "SELECT first FROM segment WHERE epoch = ? ORDER BY first"); });
  }

  void rest() {
    for (const Table* table : {&meta_table, &certificate_table, &receipt_table, &draft_table}) copy(*table, [] {});
  }

 private:
  /// The next row, or nothing at the end; `unreadable_` where a page in the way is damaged.
  bool step(Statement& row) {
    try {
      return row.step();
    } catch (const SqlError&) {
      unreadable_ = true;
      return false;
    }
  }

  void keep(const Table& table, const Statement& row) { keeper_.keep(table, cells_of(row)); }

  /// Reads in one direction until the end or a damaged page. True when the end was reached.
  bool scan(const Table& table, std::string_view direction) {
    unreadable_ = false;
    try {
      Statement row = from_.prepare(fmt::format("SELECT {} FROM {} ORDER BY {}", joined(table, table.columns.size()),
                                                table.name, joined(table, table.keys, direction)));
      end_was_read_ = false;
      while (step(row)) {
        keep(table, row);
        end_was_read_ = true;
      }
    } catch (const SqlError& fault) {
      if (fault.error.code == ErrorCode::disk_full || fault.error.code == ErrorCode::busy) throw;
      unreadable_ = true;
    }
    return !unreadable_;
  }

  /// From both ends, then `fill` asks for what may lie between.
  void copy(const Table& table, const std::function<void()>& fill) {
    Transaction transaction(to_);
    if (!scan(table, " ASC")) {
      report_.damaged_tables.emplace_back(table.name);
      scan(table, " DESC");
      fill();
    }
    transaction.commit();
  }

  template <class... Keys>
  void probe(const Table& table, const Keys&... keys) {
    Statement row =
        from_.prepare(fmt::format("SELECT {} FROM {} WHERE ({}) = ({})", joined(table, table.columns.size()),
                                  table.name, joined(table, table.keys), table.keys == 1 ? "?" : "?, ?"));
    row.bind(keys...);
    if (step(row)) keep(table, row);
  }

  /// Visits every number from 1 to `bound` that `present` does not list.
  template <class... Keys>
  void each_gap(std::string_view present, std::int64_t bound, const std::function<void(std::int64_t)>& visit,
                const Keys&... keys) {
    std::vector<std::int64_t> there;
    {
      Statement row = to_.prepare(present);
      row.bind(keys...);
      while (row.step()) there.push_back(row.integer(0));
    }
    std::size_t next = 0;
    for (std::int64_t number = 1; number <= bound; ++number) {
      while (next < there.size() && there[next] < number) ++next;
      if (next == there.size() || there[next] != number) visit(number);
    }
  }

  void probe_places(const Table& table, std::string_view present) {
    std::vector<std::int64_t> epochs;
    {
      Statement row = to_.prepare("SELECT number FROM epoch UNION SELECT epoch FROM entry");
      while (row.step()) epochs.push_back(row.integer(0));
    }
    for (const std::int64_t epoch : epochs) {
      const std::int64_t last = to_.integer("SELECT max(n) FROM entry WHERE epoch = ?", epoch).value_or(0);
      each_gap(
          present, last + static_cast<std::int64_t>(places_beyond), [&](std::int64_t n) { probe(table, epoch, n); },
          epoch);
    }
  }

  Database& from_;
  Database& to_;
  SalvageReport& report_;
  Keeper keeper_;
  bool unreadable_ = false;
  bool end_was_read_ = false;  // the last scan gave at least one row from where it began
};

/// Entries that name a change or an epoch that is gone would stop every reader of the journal.
void drop_entries_without_change(Database& database) {
  database.execute("DELETE FROM entry WHERE id IS NULL AND change NOT IN (SELECT number FROM change)");
  for (const char* table : {"entry", "segment", "receipt"})
    database.execute(fmt::format("DELETE FROM {} WHERE epoch NOT IN (SELECT number FROM epoch)", table));
}

/// So would segments with holes. What central holds is asked for again from the beginning.
void drop_broken_segments_and_cursor(Database& database) {
  database.execute(
      "DELETE FROM segment WHERE last - first + 1 <>"
      " (SELECT count(*) FROM entry e WHERE e.epoch = segment.epoch AND e.n BETWEEN segment.first AND segment.last)");
  database.execute("DELETE FROM meta WHERE key = 'cursor'");
}

/// Runs of places below the last known one that nothing stands in. What a segment or the tail names was there, too.
std::vector<SalvageReport::Missing> missing_places(Database& database, const std::optional<DeviceId>& own) {
  std::vector<SalvageReport::Missing> out;
  struct Epoch {
    std::int64_t number;
    DeviceId device;
    EpochId epoch;
    std::uint64_t last;
  };
  std::vector<Epoch> epochs;
  {
    Statement row = database.prepare(
        "SELECT number, device, epoch, max(coalesce((SELECT max(n) FROM entry WHERE epoch = p.number), 0),"
        " coalesce((SELECT max(last) FROM segment WHERE epoch = p.number), 0)) FROM epoch p ORDER BY number");
    while (row.step())
      epochs.push_back(
          {row.integer(0), row.id<DeviceId>(1), row.id<EpochId>(2), static_cast<std::uint64_t>(row.integer(3))});
  }
  for (Epoch& epoch : epochs) {
    if (own && epoch.device == *own) {
      Statement tail = database.prepare("SELECT value FROM meta WHERE key = 'tail'");
      if (tail.step()) {
        CborReader in(tail.blob(0));
        in.array_of(3);
        const auto current = in.id<EpochId>();
        const std::uint64_t n = in.uint();
        if (in.ok() && current == epoch.epoch) epoch.last = std::max(epoch.last, n);
      }
    }
    std::uint64_t expected = 1;
    const auto note = [&](std::uint64_t until) {
      if (expected < until)
        out.push_back({epoch.device, epoch.epoch, expected, until - 1, own && epoch.device == *own});
    };
    Statement row = database.prepare("SELECT n FROM entry WHERE epoch = ? ORDER BY n");
    row.bind(epoch.number);
    while (row.step()) {
      const auto n = static_cast<std::uint64_t>(row.integer(0));
      note(n);
      expected = n + 1;
    }
    note(epoch.last + 1);
  }
  return out;
}

/// Own changes that stand nowhere any more get a place, so that they are sent again, and the journal goes on in a new
/// epoch: a place that central may know must never get a second meaning.
std::int64_t place_anew(Store& store, const DeviceId& own, Random& random) {
  Database& database = store.database();
  std::vector<std::int64_t> lost;
  {
    Statement row = database.prepare(
        "SELECT number, stored FROM change WHERE number NOT IN (SELECT change FROM entry WHERE change IS NOT NULL)"
        " ORDER BY number");
    while (row.step()) {
      const Result<Change> change = decode_change(row.blob(1));
      if (change && change->device == own) lost.push_back(row.integer(0));
    }
  }
  Journal journal(database);
  const std::int64_t waiting = journal.epoch_number(own, random_id<EpochId>(random));
  for (std::size_t i = 0; i < lost.size(); ++i) journal.place(waiting, i + 1, lost[i], std::nullopt);
  if (const Result<void> started = store.start_epoch(); !started) throw SqlError(started.error());
  // They stand in the new epoch now; the one they waited in was never anybody's.
  database.run("DELETE FROM entry WHERE epoch = ?", waiting);
  database.run("DELETE FROM epoch WHERE number = ?", waiting);
  return static_cast<std::int64_t>(lost.size());
}

/// After the rows are in: takes away what hangs in the air, notes what is missing, places anew.
void mend(Store& store, const Environment& environment, SalvageReport& report) {
  Database& fresh = store.database();
  std::optional<DeviceId> own;
  const Result<std::optional<Identity>> identity = store.identity();
  if (identity && *identity) own = (*identity)->device();
  report.identity = own.has_value();
  report.device_key = fresh.integer("SELECT 1 FROM meta WHERE key = 'device_seed'").has_value();
  {
    Transaction transaction(fresh);
    drop_entries_without_change(fresh);
    // What broken segments say about places counts before they go.
    report.missing = missing_places(fresh, own);
    drop_broken_segments_and_cursor(fresh);
    transaction.commit();
  }
  report.changes = fresh.integer("SELECT count(*) FROM change").value_or(0);
  report.drafts = fresh.integer("SELECT count(*) FROM draft").value_or(0);
  if (own && report.device_key) report.placed_anew = place_anew(store, *own, environment.random);
}

/// False where the tables' own directory cannot be read: then SQLite can read nothing at all.
bool has_directory(Database& database) {
  return guarded([&] { return database.integer("SELECT count(*) FROM sqlite_schema WHERE name = 'change'"); })
      .has_value();
}

/// A table of the journal of which nothing was found though its pages may be whole: the first page, from which all
/// are reached, is damaged.
bool lost_a_root(Database& fresh, const SalvageReport& report) {
  for (const std::string& table : report.damaged_tables)
    if ((table == "change" || table == "entry" || table == "epoch" || table == "segment") &&
        fresh.integer("SELECT count(*) FROM " + table) == 0)
      return true;
  return false;
}

Error failure(const char* what, const std::error_code& cause) {
  const bool full = cause == std::errc::no_space_on_device;
  return Error{full ? ErrorCode::disk_full : ErrorCode::io,
               fmt::format("salvage: cannot {}: {}", what, cause.message())};
}

Database::Options of_file(const std::filesystem::path& file, const Store::Options& options) {
  Database::Options out;
  out.path = file.string();
  if (options.encrypted) out.key = options.key;
  out.vfs = options.vfs;
  out.create = false;
  return out;
}

}  // namespace

std::vector<std::string> SalvageReport::lines() const {
  std::vector<std::string> out;
  out.push_back(fmt::format("the damaged store was set aside as {}", set_aside.filename().string()));
  if (!readable) out.emplace_back("no page of it can be read under this key: nothing could be taken over");
  out.push_back(fmt::format("{} changes and {} drafts were taken over", changes, drafts));
  if (altered_changes > 0) out.push_back(fmt::format("{} changes were altered and left out", altered_changes));
  if (placed_anew > 0)
    out.push_back(fmt::format("{} own changes had lost their place and are sent again", placed_anew));
  for (const std::string& table : damaged_tables)
    if (table == "sqlite_schema")
      out.emplace_back(
          "its directory of tables was gone: rows were told by their shape, and all own changes are sent again");
    else if (table != "change" && table != "entry" && table != "segment")
      out.push_back(fmt::format("a part of the table {} is gone", table));
  for (const Missing& run : missing)
    out.push_back(fmt::format("{} {}, epoch {}: places {}-{} are gone", run.own ? "own journal" : "journal of",
                              text(run.device), text(run.epoch), run.first, run.last));
  if (!identity) out.emplace_back("this laptop's identity is gone: it must be enrolled anew");
  if (identity && !device_key) out.emplace_back("this laptop's key is gone: it must be enrolled anew");
  return out;
}

Result<bool> store_is_whole(const Store::Options& options) {
  const std::filesystem::path file = options.home / "store.db";
  if (!std::filesystem::exists(file)) return Error{ErrorCode::not_found, "there is no store.db"};
  auto database = Database::open(of_file(file, options));
  if (!database && database.error().code == ErrorCode::damaged) return false;
  if (!database) return database.error();
  return guarded([&] { return (*database)->integrity_faults().empty(); });
}

Result<SalvageReport> salvage_store(const Store::Options& options, const Environment& environment) {
  const std::filesystem::path file = options.home / "store.db";
  const std::filesystem::path log = options.home / "store.db-wal";
  std::error_code failed;
  if (!std::filesystem::exists(file)) return Error{ErrorCode::not_found, "there is no store.db"};

  // The new store grows in a folder of its own; one left from an attempt that was cut short is worth nothing.
  Store::Options aside = options;
  aside.home = options.home / "salvage";
  std::filesystem::remove_all(aside.home, failed);
  std::filesystem::create_directories(aside.home, failed);
  if (failed) return failure("make a folder", failed);

  SalvageReport report;
  report.set_aside = dated_path(file, "damaged", environment.clock.now_ms());
  // Named before anything else happens: opening moves its write-ahead log into the file.
  if (const Result<void> named = also_name(file, report.set_aside); !named) return named.error();

  const Result<void> filled = guarded([&]() -> Result<void> {
    Result<std::unique_ptr<Store>> store = Store::open(aside, environment);
    if (!store) return store.error();
    Result<std::unique_ptr<Database>> damaged = Database::open(of_file(file, options));
    if (!damaged && damaged.error().code != ErrorCode::damaged) return damaged.error();
    const bool by_name = damaged && has_directory(**damaged);
    if (by_name) {
      Rescue rescue(**damaged, (*store)->database(), report);
      rescue.journal();
      rescue.rest();
      report.readable = true;
    } else {
      report.damaged_tables.emplace_back("sqlite_schema");
    }
    if (!by_name || lost_a_root((*store)->database(), report)) {
      if (damaged) damaged->reset();  // nobody else holds the file while its pages are read
      const Result<RawPages> pages =
          options.encrypted ? RawPages::read(file, options.key)
                            : Result<RawPages>(Error{ErrorCode::damaged, "not encrypted, so no page proves itself"});
      if (!pages && pages.error().code != ErrorCode::damaged) return pages.error();
      report.readable = report.readable || pages.has_value();
      if (pages) rescue_pages(*pages, (*store)->database(), report);
    }
    mend(**store, environment, report);
    if (const Result<void> rebuilt = (*store)->rebuild_view(); !rebuilt) return rebuilt;
    // The file alone gets the name.
    (*store)->database().empty_log();
    return {};
  });
  if (!filled) {
    std::filesystem::remove(report.set_aside, failed);  // store.db still has its name
    return filled.error();
  }

  // A log that could not be moved into its file goes with it; left behind, it would be played into the new store.
  if (std::filesystem::exists(log)) {
    std::filesystem::path log_aside = report.set_aside;
    log_aside += "-wal";
    std::filesystem::rename(log, log_aside, failed);
    if (failed) return failure("set the write-ahead log aside", failed);
  }
  std::filesystem::remove(options.home / "store.db-shm", failed);
  std::filesystem::rename(aside.home / "store.db", file, failed);
  if (failed) return failure("put the new store in place", failed);
  if (const Result<void> synced = sync_folder(options.home); !synced) return synced.error();
  std::filesystem::remove_all(aside.home, failed);
  return report;
}

}  // namespace fieldpost
