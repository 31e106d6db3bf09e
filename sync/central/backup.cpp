#include "sync/central/backup.h"

#include <fmt/format.h>

#include <map>

#include "shared/foundation/limits.h"
#include "shared/storage/files.h"
#include "shared/storage/passphrase.h"
#include "shared/storage/vault.h"
#include "sync/central/commit.h"

namespace fieldpost {

namespace {

using Path = std::filesystem::path;

Path beside(const Path& file, const char* ending) {
  Path out = file;
  out += ending;
  return out;
}

bool is_there(const Path& path) {
  std::error_code ignored;
  return std::filesystem::exists(std::filesystem::symlink_status(path, ignored));
}

/// A file that goes away unless it was given its name, with what a database leaves beside it.
class Unfinished {
 public:
  explicit Unfinished(Path path) : path_(std::move(path)) {}
  ~Unfinished() {
    std::error_code ignored;
    for (const char* ending : {"", "-wal", "-shm", "-journal"})
      std::filesystem::remove(beside(path_, ending), ignored);
  }
  Unfinished(const Unfinished&) = delete;
  Unfinished& operator=(const Unfinished&) = delete;

 private:
  Path path_;
};

/// A folder that goes away at the end, with all that is in it.
class Staging {
 public:
  explicit Staging(Path path) : path_(std::move(path)) {}
  ~Staging() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  const Path& path() const { return path_; }

 private:
  Path path_;
};

Database::Options of_file(const Path& file, const SymmetricKey& key) {
  Database::Options options;
  options.path = file.string();
  options.key = key;
  options.create = false;
  return options;
}

// These throw SqlError and run inside the caller's guard.

/// The rows of every table but FTS5's own front, whose content lies in tables beside it.
std::map<std::string, std::int64_t> rows_of(Database& database) {
  std::vector<std::string> names;
  {
    Statement tables = database.prepare(
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name");
    while (tables.step()) names.push_back(tables.text(0));
  }
  std::map<std::string, std::int64_t> rows;
  for (const std::string& name : names)
    rows[name] = database.integer("SELECT count(*) FROM \"" + name + "\"").value_or(0);
  return rows;
}

std::optional<Bytes> meta_of(Database& database, std::string_view key) {
  Statement statement = database.prepare("SELECT value FROM meta WHERE key = ?");
  statement.bind(key);
  if (!statement.step()) return std::nullopt;
  const BytesView value = statement.blob(0);
  return Bytes(value.begin(), value.end());
}

Incarnation incarnation_of(Database& database) {
  const Result<Incarnation> found = Incarnation::from_bytes(meta_of(database, incarnation_key).value_or(Bytes{}));
  if (!found) throw SqlError(Error{ErrorCode::damaged, "central's store has lost its incarnation"});
  return *found;
}

std::vector<AttachmentId> files_of(Database& database) {
  std::vector<AttachmentId> out;
  if (!database.integer("SELECT 1 FROM sqlite_schema WHERE name = 'attachment'")) return out;
  Statement statement = database.prepare("SELECT DISTINCT digest, bytes FROM attachment ORDER BY digest, bytes");
  while (statement.step()) out.push_back({statement.id<Digest>(0), static_cast<std::uint64_t>(statement.integer(1))});
  return out;
}

/// Moves each file by `move`; one that is damaged or not there is counted and holds nothing up.
template <class Move>
Result<BackupFiles> move_files(const std::vector<AttachmentId>& files, const Move& move) {
  BackupFiles report;
  for (const AttachmentId& id : files) {
    const Result<void> moved = move(id);
    if (moved)
      ++report.taken;
    else if (moved.error().code == ErrorCode::not_found)
      ++report.lacking;
    else if (moved.error().code == ErrorCode::damaged)
      ++report.damaged;
    else
      return moved.error();
  }
  return report;
}

std::int64_t count_of(const std::map<std::string, std::int64_t>& rows, const char* table) {
  const auto found = rows.find(table);
  return found == rows.end() ? 0 : found->second;
}

/// Opens the copy of a backup and says what it holds, or why it is refused.
Result<RestoreReport> examine(const Path& copy, const SymmetricKey& key, std::vector<AttachmentId>& files) {
  Result<std::unique_ptr<Database>> opened = Database::open(of_file(copy, key));
  if (!opened && opened.error().code == ErrorCode::damaged)
    return Error{ErrorCode::damaged,
                 "the backup does not open with this central's key: it is another's, or its first page is damaged; "
                 "nothing was changed"};
  if (!opened) return opened.error();
  return guarded([&]() -> Result<RestoreReport> {
    Database& database = **opened;
    if (const std::string faults = database.integrity_faults(); !faults.empty())
      return Error{ErrorCode::damaged,
                   "the backup is damaged and was not taken; nothing was changed: " + faults.substr(0, 300)};
    const std::optional<DeploymentId> deployment = deployment_of(database);
    if (!deployment)
      return Error{ErrorCode::invalid_argument, "this file is no backup of a central; nothing was changed"};
    const std::map<std::string, std::int64_t> rows = rows_of(database);
    RestoreReport report;
    report.changes = count_of(rows, "change");
    report.devices = count_of(rows, "device");
    report.deployment = *deployment;
    files = files_of(database);
    return report;
  });
}

/// Opening moves the old store's write-ahead log into its file, so that it is whole under whatever name.
Result<void> same_deployment(const Path& store, const SymmetricKey& key, const DeploymentId& wanted) {
  Result<std::unique_ptr<Database>> old = Database::open(of_file(store, key));
  // Damaged is why it is replaced: it cannot say whose it was, and the key has told that already.
  if (!old && old.error().code == ErrorCode::damaged) return {};
  if (!old) return old.error();
  const Result<std::optional<DeploymentId>> own = guarded([&] { return deployment_of(**old); });
  if (own && *own && **own != wanted)
    return Error{ErrorCode::invalid_argument,
                 "the backup is of another deployment than the store in this folder; nothing was changed"};
  return {};
}

/// The new incarnation is drawn in the copy: the restored store never stands in its place with the old one.
Result<Incarnation> draw_incarnation(const Path& copy, const SymmetricKey& key, const WallClock& clock,
                                     Random& random) {
  Result<std::unique_ptr<Database>> database = Database::open(of_file(copy, key));
  if (!database) return database.error();
  Result<std::unique_ptr<SqliteBackend>> backend = SqliteBackend::open(*std::move(database));
  if (!backend) return backend.error();
  const Result<std::unique_ptr<CentralOffice>> office = CentralOffice::open(**backend, clock, random, Digest{});
  if (!office) return office.error();
  if (const Result<void> drawn = (*office)->restored(); !drawn) return drawn.error();
  return guarded([&] {
    (*backend)->database().empty_log();
    return incarnation_of((*backend)->database());
  });
}

Error failure(const char* what, const std::error_code& cause) {
  const bool full = cause == std::errc::no_space_on_device;
  return Error{full ? ErrorCode::disk_full : ErrorCode::io,
               fmt::format("restore: cannot {}: {}", what, cause.message())};
}

/// The key that opens a backup: central's own, or in an empty folder that of the backup's slots, which are then put
/// there with `slots`.
Result<SymmetricKey> key_for(const CentralHome::Options& options, const Path& file, Bytes& slots) {
  const Result<std::optional<SymmetricKey>> named = CentralHome::key_from_environment();
  if (!named) return named.error();
  if (*named) return **named;
  Path from = options.path;
  std::optional<Staging> staging;
  if (!Vault::exists(options.path)) {
    Result<Bytes> packed = read_small_file(beside(file, ".vault"), vault_bytes_max);
    if (!packed && packed.error().code == ErrorCode::not_found)
      return Error{ErrorCode::not_found,
                   "there is no key to open the backup with: name central's key file in FIELDPOST_KEY_FILE, or put "
                   "the backup's .vault beside it"};
    if (!packed) return packed.error();
    slots = *std::move(packed);
    from = staging.emplace(options.path / "restoring-key").path();
    std::error_code failed;
    std::filesystem::create_directories(from, failed);
    if (failed) return failure("make a folder", failed);
    if (const Result<void> unpacked = Vault::unpack(from, slots); !unpacked) return unpacked.error();
  }
  Result<std::string> passphrase = ask_passphrase(false);
  if (!passphrase) return passphrase.error();
  const Result<SymmetricKey> key = Vault::open(from, options.user, *passphrase);
  wipe(*passphrase);
  return key;
}

}  // namespace

Result<BackupReport> back_up_store(Database& store, const SymmetricKey& key, const Path& file,
                                   AttachmentStore* attachments) {
  const Path folder = beside(file, ".attachments");
  if (is_there(folder))
    return Error{ErrorCode::already_exists,
                 folder.filename().string() + ": is there already and was not touched; give the backup another name"};
  if (is_there(file))
    return Error{ErrorCode::already_exists,
                 file.filename().string() + ": is there already and was not touched; give the backup another name"};
  const Path unfinished = beside(file, ".new");
  if (const Result<void> created = create_private(unfinished); !created) {
    if (created.error().code != ErrorCode::already_exists) return created.error();
    return Error{ErrorCode::already_exists,
                 unfinished.filename().string() +
                     ": another backup is being written, or one was cut short; then delete it and try again"};
  }
  const Unfinished cleared(unfinished);
  const Path files_unfinished = beside(file, ".attachments.new");
  const Staging files_cleared(files_unfinished);
  return guarded([&]() -> Result<BackupReport> {
    std::map<std::string, std::int64_t> rows;
    // One read transaction over the counting and the copying: both are of the same moment, and nobody waits for it.
    store.execute("BEGIN");
    const Result<void> copied = guarded([&] {
      rows = rows_of(store);
      store.copy_to(unfinished.string(), key);
    });
    store.execute("ROLLBACK");
    if (!copied) return copied.error();

    BackupReport report;
    {
      Result<std::unique_ptr<Database>> copy = Database::open(of_file(unfinished, key));
      if (!copy) return copy.error();
      if (const std::string faults = (*copy)->integrity_faults(); !faults.empty())
        return Error{ErrorCode::damaged,
                     "the copy does not verify, and no backup was made: " + faults.substr(0, 300)};
      if (rows_of(**copy) != rows)
        return Error{ErrorCode::damaged, "the copy does not hold what the store holds, and no backup was made"};
      const std::optional<DeploymentId> deployment = deployment_of(**copy);
      if (!deployment) return Error{ErrorCode::invalid_argument, "this store is no central's"};
      report.deployment = *deployment;
      report.incarnation = incarnation_of(**copy);
      // After the copy was made: central keeps every file, so that all that the copy names are still there.
      const std::vector<AttachmentId> files = files_of(**copy);
      if (attachments && !files.empty()) {
        std::error_code failed;
        std::filesystem::remove_all(files_unfinished, failed);
        std::filesystem::create_directory(files_unfinished, failed);
        if (failed) return Error{ErrorCode::io, "backup: cannot make a folder: " + failed.message()};
        std::filesystem::permissions(files_unfinished, std::filesystem::perms::owner_all, failed);
        const Result<BackupFiles> moved =
            move_files(files, [&](const AttachmentId& id) { return attachments->copy_to(id, files_unfinished); });
        if (!moved) return moved.error();
        report.files = *moved;
      }
    }
    // The files first: a backup that bears its name is whole.
    if (is_there(files_unfinished))
      if (const Result<void> named = name_durably(files_unfinished, folder); !named) return named.error();
    report.changes = count_of(rows, "change");
    report.devices = count_of(rows, "device");
    std::error_code ignored;
    if (const Result<void> named = name_durably(unfinished, file); !named) {
      std::filesystem::remove_all(folder, ignored);
      return named.error();
    }
    report.bytes = static_cast<std::int64_t>(std::filesystem::file_size(file, ignored));
    return report;
  });
}

Result<BackupReport> back_up(const CentralHome::Options& options, const Path& file, Random& random) {
  if (!CentralHome::is_at(options.path)) return Error{ErrorCode::not_found, "there is no central in this folder"};
  const Result<std::unique_ptr<StoreLock>> in_use = StoreLock::share_use(options.path, limits::store_wait_ms);
  if (!in_use) return in_use.error();
  // A central that was never started has no store; opening a key for it would make one.
  if (!is_there(options.path / "store.db")) return Error{ErrorCode::not_found, "this central has no store yet"};
  const Path slots = beside(file, ".vault");
  for (const Path& path : {file, slots})
    if (is_there(path))
      return Error{ErrorCode::already_exists,
                   path.filename().string() + ": is there already and was not touched; give the backup another name"};
  const Result<SymmetricKey> key = CentralHome::open_key(options, random);
  if (!key) return key.error();
  const Result<std::optional<SymmetricKey>> named = CentralHome::key_from_environment();
  if (!named) return named.error();
  Result<std::unique_ptr<Database>> store = Database::open(of_file(options.path / "store.db", *key));
  if (!store) return store.error();
  AttachmentStore attachments(options.path / "attachments", *key, random);
  if (*named) return back_up_store(**store, *key, file, &attachments);

  // The slots first: a backup that bears its name can be opened.
  const Result<Bytes> packed = Vault::packed(options.path);
  if (!packed) return packed.error();
  if (const Result<void> written = write_durably(slots, *packed); !written) return written.error();
  Result<BackupReport> report = back_up_store(**store, *key, file, &attachments);
  std::error_code ignored;
  if (!report)
    std::filesystem::remove(slots, ignored);
  else
    report->key_slots = slots;
  return report;
}

Result<RestoreReport> restore_store(const Path& home, const SymmetricKey& key, const Path& file,
                                    const WallClock& clock, Random& random) {
  const Path store = home / "store.db";
  std::error_code failed;
  if (!is_there(file)) return Error{ErrorCode::not_found, file.filename().string() + ": there is no such file"};
  if (std::filesystem::file_size(beside(file, "-wal"), failed) > 0 && !failed)
    return Error{ErrorCode::invalid_argument,
                 "a write-ahead log lies beside this file: it is a store in use or a raw copy of one, not a backup"};
  // What an attempt left that was cut short is worth nothing.
  const Staging staging(home / "restoring");
  std::filesystem::remove_all(staging.path(), failed);
  std::filesystem::create_directories(staging.path(), failed);
  if (failed) return failure("make a folder", failed);
  // Verified is the copy, and the copy is what is put in place: the file may lie on a stick that is pulled out.
  const Path copy = staging.path() / "store.db";
  if (const Result<void> copied = copy_durably(file, copy); !copied) return copied.error();
  std::vector<AttachmentId> files;
  Result<RestoreReport> report = examine(copy, key, files);
  if (!report) return report;
  if (is_there(store))
    if (const Result<void> same = same_deployment(store, key, report->deployment); !same) return same.error();
  const Result<Incarnation> incarnation = draw_incarnation(copy, key, clock, random);
  if (!incarnation) return incarnation.error();
  report->incarnation = *incarnation;
  // Before the store that names them: what is there already is the same file by its name.
  AttachmentStore attachments(home / "attachments", key, random);
  const Result<BackupFiles> moved = move_files(
      files, [&](const AttachmentId& id) { return attachments.take_copy(id, beside(file, ".attachments")); });
  if (!moved) return moved.error();
  report->files = *moved;
  // Closed, the copy is one file; synced as a whole before it gets the name.
  const Path ready = staging.path() / "ready.db";
  if (const Result<void> named = name_durably(copy, ready); !named) return named.error();

  if (is_there(store)) {
    report->set_aside = dated_path(store, "before-restore", clock.now_ms());
    if (const Result<void> named = also_name(store, report->set_aside); !named) return named.error();
  }
  // A log that could not be moved into its file goes with it; left behind, it would be played into the new store.
  if (const Path log = home / "store.db-wal"; is_there(log)) {
    const Path aside = report->set_aside.empty() ? dated_path(log, "before-restore", clock.now_ms())
                                                 : beside(report->set_aside, "-wal");
    std::filesystem::rename(log, aside, failed);
    if (failed) return failure("set the write-ahead log aside", failed);
  }
  std::filesystem::remove(home / "store.db-shm", failed);
  std::filesystem::rename(ready, store, failed);
  if (failed) return failure("put the backup in place", failed);
  if (const Result<void> synced = sync_folder(home); !synced) return synced.error();
  return report;
}

Result<RestoreReport> restore(const CentralHome::Options& options, const Path& file, const WallClock& clock,
                              Random& random) {
  const Path& home = options.path;
  if (!is_there(file)) return Error{ErrorCode::not_found, file.filename().string() + ": there is no such file"};
  if (!CentralHome::is_at(home) && (Vault::exists(home) || is_there(home / "store.db")))
    return Error{ErrorCode::already_exists, "this folder holds a laptop's store: central needs a folder of its own"};
  std::error_code failed;
  std::filesystem::create_directories(home, failed);
  if (failed) return failure("make central's folder", failed);
  std::filesystem::permissions(home, std::filesystem::perms::owner_all, failed);
  const Result<std::unique_ptr<StoreLock>> lock =
      StoreLock::take(home, "fieldpostctl restore", limits::store_wait_ms);
  if (!lock) return lock.error();
  const Result<std::unique_ptr<StoreLock>> alone = StoreLock::stop_use(home, limits::store_wait_ms);
  if (!alone) return alone.error();
  Bytes slots;
  const Result<SymmetricKey> key = key_for(options, file, slots);
  if (!key) return key.error();
  const bool was_central = CentralHome::is_at(home);
  // The mark and the key first: a store that bears its name can be opened, and a second try finds its way.
  const auto make_central = [&]() -> Result<void> {
    if (!was_central)
      if (Result<void> marked = CentralHome::mark(home); !marked) return marked;
    return slots.empty() ? Result<void>() : Vault::unpack(home, slots);
  };
  const auto take_back = [&] {
    if (!was_central) std::filesystem::remove(home / "central", failed);
    if (slots.empty()) return;
    for (const char* name : {"vault", "vault.copy"}) std::filesystem::remove(home / name, failed);
  };
  if (const Result<void> made = make_central(); !made) {
    take_back();
    return made.error();
  }
  Result<RestoreReport> report = restore_store(home, *key, file, clock, random);
  // A refusal leaves an empty folder empty of keys: the next try may come with another backup.
  if (!report && !is_there(home / "store.db")) take_back();
  return report;
}

std::optional<DeploymentId> deployment_of(Database& database) {
  if (!database.integer("SELECT 1 FROM sqlite_schema WHERE name = 'meta'")) return std::nullopt;
  const std::optional<Bytes> kept = meta_of(database, "deployment_seed");
  Secret<32> seed;
  if (!kept || kept->size() != seed.bytes.size()) return std::nullopt;
  std::copy(kept->begin(), kept->end(), seed.bytes.begin());
  return deployment_id_of(SigningKey::from_seed(seed).public_key());
}

}  // namespace fieldpost
