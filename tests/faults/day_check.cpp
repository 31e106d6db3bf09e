#include <algorithm>

#include "shared/foundation/csv.h"
#include "shared/foundation/limits.h"
#include "sync/bundle.h"
#include "sync/central/commit.h"
#include "sync/messages.h"
#include "tests/faults/day_parts.h"
#include "tests/faults/io_faults.h"

namespace fieldpost::test {

namespace {

struct TheSave {
  int laptop;
  RecordId record;
  ChangeId change;
};
TheSave save_in(const std::string& line) {
  return {line[0] - '0', need(parse_entity_id(line.substr(2, 36))), need(parse_hex_id<ChangeId>(line.substr(39)))};
}

bool holds(Database& database, const RecordId& record, const ChangeId& change) {
  return database.integer("SELECT 1 FROM change WHERE record = ? AND id = ?", record, change).has_value();
}

Incarnation incarnation_of(CentralHome& central) {
  Incarnation out;
  need(central.backend().read([&](BackendTransaction& tx) -> Result<void> {
    out = *Incarnation::from_bytes(*tx.meta(incarnation_key));
    return {};
  }));
  return out;
}

/// What stands in the heads of central's records is what their changes add up to, and every page is whole.
void check_central(Database& database) {
  const std::string faults = need(guarded([&] { return database.integrity_faults(); }));
  expect(faults.empty(), "central's store does not verify: " + faults);
  need(guarded([&] {
    Journal journal(database);
    journal.each_record([&](const RecordId& record, const RecordHeads& heads) {
      expect(heads.encode() == journal.heads_from_changes(record).encode(),
             "the heads of a record at central are not what its changes add up to");
    });
    expect(database.integer("SELECT count(*) FROM entry e WHERE e.change IS NOT NULL AND NOT EXISTS"
                            " (SELECT 1 FROM change c WHERE c.number = e.change)") == 0,
           "a place in a journal at central names a change that is not there");
  }));
}

}  // namespace

void Day::Parts::check_laptop(int laptop, const std::optional<Incarnation>& central_now,
                              const std::function<bool(const RecordId&, const ChangeId&)>& at_central) {
  const std::string name = laptop == 0 ? "an" : "binh";
  const ctl::Laptop opened = open_laptop(laptop);
  Store& store = *opened.store;
  const Verification verified = need(store.verify());
  expect(verified.ok, name + "'s store does not verify: " + (verified.ok ? "" : verified.faults.front()));
  const std::optional<Identity> self = need(store.identity());
  const std::vector<std::string> enrolled = told.all("enrolled");
  expect(self || std::find(enrolled.begin(), enrolled.end(), std::to_string(laptop)) == enrolled.end(),
         name + " was enrolled and is not");
  for (const std::string& line : told.all("save")) {
    const TheSave save = save_in(line);
    if (save.laptop != laptop) continue;
    expect(need(guarded([&] { return holds(store.database(), save.record, save.change); })) ||
               (told.has("damaged") && at_central(save.record, save.change)),
           "a save of " + name + " that had returned is gone");
  }
  if (laptop == 0) {
    for (const std::string& draft : told.all("draft")) {
      const std::vector<Draft> drafts = need(store.drafts());
      expect(std::any_of(drafts.begin(), drafts.end(), [&](const Draft& one) { return text(one.id) == draft; }),
             "a draft that was kept is gone");
    }
    const std::int64_t lines =
        need(guarded([&] {
          return store.database().integer("SELECT count(*) FROM record WHERE title LIKE 'nhap %'");
        })).value_or(0);
    expect(lines % import_lines == 0, "a part of a file was imported");
    expect(lines >= import_lines * static_cast<std::int64_t>(told.count("imported")) &&
               lines <= import_lines * static_cast<std::int64_t>(told.count("importing")),
           "an import that returned is gone");
    if (told.has("slot")) need(Vault::open(opened.path, second_person, second_passphrase));
  }
  if (!self || !central_now || need(store.incarnation()) != central_now) return;
  need(guarded([&] {
    Statement statement = store.database().prepare(
        "SELECT c.record, c.id FROM entry e JOIN epoch p ON p.number = e.epoch JOIN change c ON c.number = e.change"
        " WHERE p.device = ? AND e.outcome = 0");
    statement.bind(self->device());
    while (statement.step())
      expect(at_central(statement.id<RecordId>(0), statement.id<ChangeId>(1)),
             "central lost a change that it had given a receipt for");
  }));
}

void Day::Parts::check_files() {
  for (const std::string& file : told.all("file"))
    expect(fs::exists(folder / file), file + " was written and is gone");
  const fs::path csv = stick() / "visits.csv";
  if (fs::exists(csv)) {
    const Bytes content = need(read_small_file(csv, 1 << 24));
    const Result<CsvTable> table = read_csv(text_of(content));
    // At least what the first export began with: each writes a file that is whole.
    expect(table && !content.empty() && content.back() == '\n' &&
               table->lines.size() >= std::stoul(told.all("exporting").front()),
           "an export that is not whole bears its name");
  }
  if (fs::exists(stick())) {
    const std::unique_ptr<CentralHome> central = open_central();
    for (const auto& entry : fs::directory_iterator(stick())) {
      if (entry.path().extension() != ".fpb") continue;
      const Bytes file = need(read_small_file(entry.path(), limits::bundle_bytes_max));
      const Result<BundleHeader> header = bundle_header(file);
      expect(header.has_value(), "a bundle that is not whole bears its name");
      bool whole = false;
      for (int laptop = 0; laptop < 2 && !whole; ++laptop) {
        if (laptop == 1 && told.has("damaged") && !told.has("salvaged")) {
          whole = true;
          break;
        }
        const ctl::Laptop opened = open_laptop(laptop);
        const SigningKey key = need(opened.store->device_key());
        if (device_id_of(key.public_key()) != header->recipient) continue;
        whole = open_bundle(file, key, central->office().keys().statement()).has_value();
      }
      whole = whole || open_bundle(file, central->office().keys().receipts, central->office().keys().statement());
      expect(whole, "a bundle that is not whole bears its name");
    }
  }
  if (!fs::exists(shelf())) return;
  for (const auto& entry : fs::directory_iterator(shelf())) {
    const std::string name = entry.path().filename().string();
    if (name.find('.') != std::string::npos) continue;
    // A copy: opening a database writes beside it.
    const IoPause pause;
    const fs::path copy = outside / "backup";
    for (const char* ending : {"", "-wal", "-shm"}) fs::remove(copy.string() + ending);
    fs::copy_file(entry.path(), copy);
    Database::Options options;
    options.path = copy.string();
    options.key = need(Vault::open(central(), "", day_passphrase));
    options.create = false;
    const Result<std::unique_ptr<Database>> database = Database::open(options);
    expect(database.has_value(), "a backup that does not open bears its name");
    check_central(**database);
  }
}

void Day::check() {
  Parts& day = *parts_;
  const std::size_t done = day.told.steps();
  std::optional<Incarnation> now;
  std::set<std::pair<RecordId, ChangeId>> central;
  if (done > 0) {
    const std::unique_ptr<CentralHome> home = day.open_central();
    now = incarnation_of(*home);
    Database& database = home->backend().database();
    check_central(database);
    need(guarded([&] {
      Statement statement = database.prepare("SELECT record, id FROM change");
      while (statement.step()) central.emplace(statement.id<RecordId>(0), statement.id<ChangeId>(1));
    }));
  }
  const auto at_central = [&](const RecordId& record, const ChangeId& change) {
    return central.contains({record, change});
  };
  if (done > 1) day.check_laptop(0, now, at_central);
  if (done > 3 && (!day.told.has("damaged") || day.told.has("salvaged"))) day.check_laptop(1, now, at_central);
  day.check_files();
}

void Day::check_end() {
  Parts& day = *parts_;
  std::set<std::string> digests;
  for (int laptop = 0; laptop < 2; ++laptop) {
    const ctl::Laptop opened = day.open_laptop(laptop);
    digests.insert(text(need(opened.store->verify()).digest));
    const StoreStatus status = need(opened.store->status());
    expect(status.unsent == 0 && status.held == 0 && status.refused == 0, "something is left unsent at the end");
  }
  const std::unique_ptr<CentralHome> central = day.open_central();
  Database& database = central->backend().database();
  need(guarded([&] {
    digests.insert(text(Journal(database).digest()));
    for (const std::string& line : day.told.all("save")) {
      const TheSave save = save_in(line);
      expect(holds(database, save.record, save.change), "a save that had returned never reached central");
    }
  }));
  expect(digests.size() == 1, "the laptops and central differ at the end");
  // What a step cut short left behind is taken up or cleared by the next one.
  const std::set<std::string> known = {"central",      "in_use",       "lock",  "store.db",
                                       "store.db-shm", "store.db-wal", "vault", "vault.copy"};
  for (const fs::path& home : {day.central(), day.home(0), day.home(1)})
    for (const auto& entry : fs::directory_iterator(home)) {
      const std::string name = entry.path().filename().string();
      expect(known.contains(name) || name.find(".before-restore-") != std::string::npos ||
                 name.find(".damaged-") != std::string::npos,
             name + " lies about at the end");
    }
}

}  // namespace fieldpost::test
