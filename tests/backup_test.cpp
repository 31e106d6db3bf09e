// Central's store as one file and back: of one moment, encrypted, verified; and every refusal leaves what is there.
#include "sync/central/backup.h"

#include <atomic>
#include <thread>

#include "tests/support/fleet.h"
#include "tests/support/programs.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

SymmetricKey key_of_bytes(std::uint8_t byte) {
  SymmetricKey key;
  key.bytes.fill(byte);
  return key;
}

/// The fleet's central is encrypted with this one.
const SymmetricKey central_key = key_of_bytes(9);

std::unique_ptr<Database> open_file(const std::filesystem::path& file) {
  Database::Options options;
  options.path = file.string();
  options.key = central_key;
  options.create = false;
  return must(Database::open(options));
}

BackupReport back_up(Fleet& fleet, const std::filesystem::path& file) {
  return must(back_up_store(*open_file(fleet.folder.path / "store.db"), central_key, file));
}

nlohmann::json session(const std::string& title) {
  return {{"title", title}, {"date", "2025-03-14"}, {"headcount_total", 12}};
}

/// Every place names a change that is there, and every record's heads are those of its changes.
void check_is_of_one_moment(Database& database) {
  Journal journal(database);
  CHECK(database.integer("SELECT count(*) FROM entry e WHERE e.change IS NOT NULL AND NOT EXISTS"
                         " (SELECT 1 FROM change c WHERE c.number = e.change)") == 0);
  CHECK(database.integer("SELECT count(*) FROM entry") == database.integer("SELECT count(*) FROM change"));
  journal.each_record([&](const RecordId& record, const RecordHeads& heads) {
    CHECK(heads.encode() == journal.heads_from_changes(record).encode());
  });
}

Error refusal(const Result<RestoreReport>& result) {
  REQUIRE(!result);
  return result.error();
}

/// What lies in a folder, but for the locks.
std::map<std::string, std::string> content_of(const std::filesystem::path& folder) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.path().filename() != "lock" && entry.path().filename() != "in_use")
      out[entry.path().string()] = entry.is_regular_file() ? file_content(entry.path()) : "";
  return out;
}

}  // namespace

TEST_CASE("a backup taken while a laptop pushes is of one moment") {
  Fleet fleet;
  const TempFolder shelf;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  for (int i = 0; i < 120; ++i) an.create("outreach_session", session("Buổi " + std::to_string(i)));
  std::atomic<bool> pushed = false;
  std::thread push([&] {
    an.sync();
    for (int i = 0; i < 40; ++i) {
      an.create("outreach_session", session("Buổi sau " + std::to_string(i)));
      an.sync();
    }
    pushed = true;
  });
  std::int64_t before = 0;
  int taken = 0;
  while (!pushed || taken == 0) {
    const std::filesystem::path file = shelf.path / ("backup-" + std::to_string(taken++));
    const BackupReport report = back_up(fleet, file);
    CHECK(report.changes >= before);
    before = report.changes;
    const auto copy = open_file(file);
    CHECK(copy->integrity_faults().empty());
    CHECK(copy->integer("SELECT count(*) FROM change") == report.changes);
    check_is_of_one_moment(*copy);
  }
  push.join();
  const BackupReport last = back_up(fleet, shelf.path / "last");
  CHECK(last.changes == 160);
  CHECK(last.devices == 1);
  CHECK(last.bytes == static_cast<std::int64_t>(std::filesystem::file_size(shelf.path / "last")));
  CHECK(last.deployment == fleet.office().deployment());
  CHECK(text(Journal(*open_file(shelf.path / "last")).digest()) == fleet.central_digest());
}

TEST_CASE("no name in a backup can be read without the key, and its first bytes are no database's") {
  Fleet fleet;
  const TempFolder shelf;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  an.create("outreach_session", session("Tên không ai được đọc"));
  an.sync();
  back_up(fleet, shelf.path / "backup");
  for (const char* word : {"Tên không ai", "Nguyễn An", "SQLite format", "CREATE TABLE"})
    CHECK_FALSE(any_file_contains(shelf.path, word));
  CHECK(std::filesystem::status(shelf.path / "backup").permissions() ==
        (std::filesystem::perms::owner_read | std::filesystem::perms::owner_write));
  CHECK(std::distance(std::filesystem::directory_iterator(shelf.path), {}) == 1);
}

TEST_CASE("a backup never writes over a file that is there, not even over one that was cut short") {
  Fleet fleet;
  const TempFolder shelf;
  write_file(shelf.path / "backup", "yesterday's");
  const auto store = open_file(fleet.folder.path / "store.db");
  const Result<BackupReport> over = back_up_store(*store, central_key, shelf.path / "backup");
  REQUIRE(!over);
  CHECK(over.error().code == ErrorCode::already_exists);
  CHECK(file_content(shelf.path / "backup") == "yesterday's");
  write_file(shelf.path / "other.new", "half");
  const Result<BackupReport> beside = back_up_store(*store, central_key, shelf.path / "other");
  REQUIRE(!beside);
  CHECK(beside.error().code == ErrorCode::already_exists);
  CHECK(file_content(shelf.path / "other.new") == "half");
  CHECK_FALSE(std::filesystem::exists(shelf.path / "other"));
}

TEST_CASE("a store with a damaged page gives no backup that bears the name") {
  Fleet fleet;
  const TempFolder shelf;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  for (int i = 0; i < 20; ++i) an.create("outreach_session", session("Buổi"));
  an.sync();
  fleet.close_central();
  const std::filesystem::path store = fleet.folder.path / "store.db";
  flip_byte(store, std::filesystem::file_size(store) / 2);
  const Result<BackupReport> report = back_up_store(*open_file(store), central_key, shelf.path / "backup");
  REQUIRE(!report);
  CHECK(report.error().code == ErrorCode::damaged);
  CHECK(std::filesystem::is_empty(shelf.path));
}

TEST_CASE("a restored central is rebuilt by its laptops, and all end with the same digest") {
  Fleet fleet;
  const TempFolder shelf;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  test::Laptop& binh = fleet.enrol("Lê Bình", Role::recorder, "CM1");
  const RecordId shared = an.create("outreach_session", session("Trước bản sao"));
  an.sync();
  binh.sync();
  const BackupReport backup = back_up(fleet, shelf.path / "backup");
  // What came after the backup is only on laptops once it is brought back.
  an.edit(shared, {{"title", "An sửa"}});
  binh.edit(shared, {{"title", "Bình sửa"}});
  const RecordId later = binh.create("outreach_session", session("Sau bản sao"));
  an.sync();
  binh.sync();
  an.sync();
  const std::string digest = an.digest();
  REQUIRE(fleet.central_digest() == digest);

  fleet.close_central();
  // What a first attempt left that a power cut ended.
  std::filesystem::create_directories(fleet.folder.path / "restoring");
  write_file(fleet.folder.path / "restoring" / "store.db", "half");
  const RestoreReport report =
      must(restore_store(fleet.folder.path, central_key, shelf.path / "backup", fleet.clock, fleet.random));
  fleet.open_central();
  CHECK(report.changes == backup.changes);
  CHECK(report.deployment == backup.deployment);
  CHECK(report.incarnation != backup.incarnation);
  CHECK(fleet.central_digest() != digest);
  CHECK_FALSE(std::filesystem::exists(fleet.folder.path / "restoring"));
  CHECK(report.set_aside.filename().string().starts_with("store.db.before-restore-2025"));
  CHECK(text(Journal(*open_file(report.set_aside)).digest()) == digest);

  CHECK(an.sync().new_incarnation);
  CHECK(binh.sync().new_incarnation);
  an.sync();
  binh.sync();
  CHECK(fleet.central_digest() == digest);
  CHECK(an.digest() == digest);
  CHECK(binh.digest() == digest);
  CHECK(an.values(later)["title"] == "Sau bản sao");
  // The work goes on from there.
  an.edit(later, {{"title", "Sau khi khôi phục"}});
  an.sync();
  binh.sync();
  CHECK(binh.values(later)["title"] == "Sau khi khôi phục");
  CHECK(binh.digest() == fleet.central_digest());
}

TEST_CASE("a backup takes the photos along, each compared, and brings back those that lack") {
  Fleet fleet;
  const TempFolder shelf;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const auto attach = [&](std::string_view words) {
    const AttachmentId id = must(an.store().attachments().put(view_of(words)));
    nlohmann::json values = session("Có biên bản");
    values["minutes_scan"] = {{"digest", text(id.digest)}, {"size", id.bytes}, {"type", "text/plain"}};
    an.create("outreach_session", values);
    return id;
  };
  const AttachmentId kept = attach("biên bản số một"), damaged = attach("biên bản số hai"),
                     lost = attach("biên bản số ba");
  an.sync();
  flip_byte(fleet.attachments().path_of(damaged), 30);
  const std::filesystem::path file = shelf.path / "backup";
  const auto store = open_file(fleet.folder.path / "store.db");
  const BackupReport report = must(back_up_store(*store, central_key, file, &fleet.attachments()));
  CHECK(report.files.taken == 2);
  CHECK(report.files.damaged == 1);
  const std::filesystem::path folder = shelf.path / "backup.attachments";
  CHECK(std::distance(std::filesystem::directory_iterator(folder), {}) == 2);
  CHECK_FALSE(any_file_contains(folder, "biên bản"));
  CHECK(must(back_up_store(*store, central_key, shelf.path / "again", &fleet.attachments())).files.lacking == 1);
  // Over what is there nothing is written.
  std::filesystem::remove(file);
  const auto over = back_up_store(*store, central_key, file, &fleet.attachments());
  REQUIRE_FALSE(over);
  CHECK(over.error().code == ErrorCode::already_exists);

  // One rots on the shelf; central burns down and is brought back from it.
  std::filesystem::rename(shelf.path / "again", file);
  flip_byte(folder / fleet.attachments().path_of(lost).filename(), 30);
  fleet.close_central();
  std::filesystem::remove_all(fleet.folder.path / "attachments");
  const RestoreReport restored = must(restore_store(fleet.folder.path, central_key, file, fleet.clock, fleet.random));
  CHECK(restored.files.taken == 1);
  CHECK(restored.files.damaged == 1);
  CHECK(restored.files.lacking == 1);
  fleet.open_central();
  CHECK(must(fleet.attachments().read(kept)).size() == kept.bytes);
  CHECK_FALSE(fleet.attachments().holds(damaged));
  // And the laptop hands in what is gone.
  CHECK(an.sync().files_sent == 2);
  for (const AttachmentId& id : {kept, damaged, lost}) must(fleet.attachments().verify(id));
}

TEST_CASE("a backup with one flipped byte is refused wherever it lies, and the old store stays as it was") {
  Fleet fleet;
  const TempFolder shelf;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  for (int i = 0; i < 10; ++i) an.create("outreach_session", session("Buổi"));
  an.sync();
  const std::filesystem::path file = shelf.path / "backup";
  back_up(fleet, file);
  fleet.close_central();
  const auto before = content_of(fleet.folder.path);
  const std::size_t size = std::filesystem::file_size(file);
  for (const std::size_t at :
       {std::size_t{0}, std::size_t{40}, std::size_t{4095}, size / 3, size / 2, size - 4000, size - 1}) {
    CAPTURE(at);
    flip_byte(file, at);
    CHECK(refusal(restore_store(fleet.folder.path, central_key, file, fleet.clock, fleet.random)).code ==
          ErrorCode::damaged);
    CHECK(content_of(fleet.folder.path) == before);
    flip_byte(file, at);
  }
  std::filesystem::resize_file(file, size - 4096);
  CHECK(refusal(restore_store(fleet.folder.path, central_key, file, fleet.clock, fleet.random)).code ==
        ErrorCode::damaged);
  std::filesystem::resize_file(file, 0);
  CHECK(!restore_store(fleet.folder.path, central_key, file, fleet.clock, fleet.random));
  CHECK(content_of(fleet.folder.path) == before);
}

TEST_CASE(
    "a backup under another key, of another deployment, of a laptop or in use is refused, and nothing changes") {
  Fleet fleet, other(2);
  const TempFolder shelf;
  const std::filesystem::path file = shelf.path / "backup";
  back_up(fleet, file);
  back_up(other, shelf.path / "other");
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  an.close();
  fleet.close_central();
  const auto before = content_of(fleet.folder.path);
  const auto tried = [&](const SymmetricKey& key, const std::filesystem::path& from) {
    const Error error = refusal(restore_store(fleet.folder.path, key, from, fleet.clock, fleet.random));
    CHECK(content_of(fleet.folder.path) == before);
    return error.code;
  };
  CHECK(tried(key_of_bytes(8), file) == ErrorCode::damaged);
  CHECK(tried(central_key, shelf.path / "other") == ErrorCode::invalid_argument);
  CHECK(tried(key_of_bytes(7), an.folder.path / "store.db") == ErrorCode::invalid_argument);
  CHECK(tried(central_key, shelf.path / "nowhere") == ErrorCode::not_found);
  write_file(shelf.path / "backup-wal", "frames");
  CHECK(tried(central_key, file) == ErrorCode::invalid_argument);
}

TEST_CASE("a damaged store is set aside as it is, and the backup takes its place") {
  Fleet fleet;
  const TempFolder shelf;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  an.create("outreach_session", session("Buổi"));
  an.sync();
  back_up(fleet, shelf.path / "backup");
  const std::string digest = fleet.central_digest();
  fleet.close_central();
  flip_byte(fleet.folder.path / "store.db", 100);
  const std::string damaged = file_content(fleet.folder.path / "store.db");
  const RestoreReport report =
      must(restore_store(fleet.folder.path, central_key, shelf.path / "backup", fleet.clock, fleet.random));
  CHECK(file_content(report.set_aside) == damaged);
  fleet.open_central();
  CHECK(fleet.central_digest() == digest);
}

// ---- The command line ---------------------------------------------------------------------------------------------

namespace {

/// An enrolled laptop that is used through fieldpostctl.
struct Station {
  std::string home;
  Station(const ScratchFolder& folder, const Central& central, const Environs& environs = {})
      : home((folder / "laptop").string()) {
    const std::string issued = ticket(central.home(), "recorder", "CM1", "Nguyễn An", {}, environs);
    REQUIRE(ctl({"enrol", central.url(), issued, "--home", home}).exit == 0);
  }
  void create(const std::string& title) const {
    const Finished saved = ctl({"new", "outreach_session", "--values", "-", "--home", home}, session(title).dump());
    REQUIRE((saved.exit == 0 || saved.exit == 3));
  }
  Json sync() const { return ctl({"sync", "--home", home, "--json"}).json(); }
};

std::string digest_of(const std::string& home, const Environs& environs = {}) {
  const Finished verified = ctl({"verify", "--home", home, "--json"}, "", environs);
  REQUIRE_MESSAGE(verified.exit == 0, verified.err);
  return verified.json()["digest"];
}

void check_refused(const Finished& finished, const std::string& code) {
  CHECK(finished.exit == 1);
  CHECK(finished.json()["error"]["code"] == code);
  CHECK(!finished.err.empty());
}

}  // namespace

TEST_CASE("the command line backs up beside the running server and restores only once it has stopped") {
  ScratchFolder folder;
  const std::string file = (folder / "backup").string();
  std::optional<Central> central(std::in_place, folder / "central");
  const std::string port = central->port();
  const Station an(folder, *central);
  an.create("Trước bản sao");
  an.sync();
  const Finished backup = ctl({"backup", file, "--home", central->home(), "--json"});
  REQUIRE_MESSAGE(backup.exit == 0, backup.err);
  CHECK(backup.json()["changes"] == 1);
  CHECK(backup.json()["devices"] == 1);
  CHECK(backup.json()["key_slots"] == file + ".vault");
  check_refused(ctl({"backup", file, "--home", central->home(), "--json"}), "already_exists");

  check_refused(ctl({"restore", file, "--home", central->home(), "--json"}), "busy");
  an.create("Sau bản sao");
  CHECK(an.sync()["sent"] == 1);
  CHECK(central->stop() == 0);

  const Finished restored = ctl({"restore", file, "--home", central->home(), "--json"});
  REQUIRE_MESSAGE(restored.exit == 0, restored.err);
  CHECK(restored.json()["changes"] == 1);
  CHECK(restored.json()["deployment"] == backup.json()["deployment"]);
  CHECK(restored.json()["incarnation"] != backup.json()["incarnation"]);
  CHECK(std::filesystem::exists(restored.json()["set_aside"].get<std::string>()));
  const std::string home = central->home();
  central.emplace(home, Words{"--listen", "127.0.0.1:" + port});
  const Json synced = an.sync();
  CHECK(synced["new_incarnation"] == true);
  CHECK(synced["unsent"] == 0);
  CHECK(digest_of(home) == digest_of(an.home));
}

TEST_CASE("a machine built anew needs the backup with its key slots and their passphrase") {
  ScratchFolder folder;
  const std::string file = (folder / "backup").string(), anew = (folder / "anew").string();
  {
    const Central central(folder / "central");
    const Station an(folder, central);
    an.create("Buổi");
    an.sync();
    REQUIRE(ctl({"backup", file, "--home", central.home()}).exit == 0);
  }
  std::filesystem::rename(file + ".vault", file + ".kept");
  check_refused(ctl({"restore", file, "--home", anew, "--json"}), "not_found");
  std::filesystem::rename(file + ".kept", file + ".vault");
  check_refused(ctl({"restore", file, "--home", anew, "--json"}, "", {{"FIELDPOST_PASSPHRASE", "sai"}}),
                "wrong_passphrase");
  flip_byte(file, 9000);
  check_refused(ctl({"restore", file, "--home", anew, "--json"}), "damaged");
  flip_byte(file, 9000);
  CHECK(content_of(anew).empty());

  const Finished restored = ctl({"restore", file, "--home", anew, "--json"});
  REQUIRE_MESSAGE(restored.exit == 0, restored.err);
  CHECK(restored.json()["set_aside"].is_null());
  CHECK(digest_of(anew) == digest_of((folder / "central").string()));
  CHECK(ctl({"devices", "--home", anew, "--json"}).json()["devices"].size() == 1);
  const Central again(anew);
}

TEST_CASE("with a key file the backup needs that file alone, and another key file is refused") {
  ScratchFolder folder;
  const std::string file = (folder / "backup").string(), anew = (folder / "anew").string();
  write_file(folder / "key", std::string(64, 'a'));
  write_file(folder / "other-key", std::string(64, 'b'));
  const Environs own = {{"FIELDPOST_KEY_FILE", (folder / "key").string()}, {"FIELDPOST_PASSPHRASE", ""}};
  const Environs other = {{"FIELDPOST_KEY_FILE", (folder / "other-key").string()}, {"FIELDPOST_PASSPHRASE", ""}};
  std::string digest;
  {
    const Central central(folder / "central", {}, own);
    const Station an(folder, central, own);
    an.create("Buổi");
    an.sync();
    check_refused(ctl({"backup", file, "--home", central.home(), "--json"}, "", other), "damaged");
    const Finished backup = ctl({"backup", file, "--home", central.home(), "--json"}, "", own);
    REQUIRE_MESSAGE(backup.exit == 0, backup.err);
    CHECK(backup.json()["key_slots"].is_null());
    CHECK_FALSE(std::filesystem::exists(file + ".vault"));
    digest = digest_of(central.home(), own);
  }
  check_refused(ctl({"restore", file, "--home", anew, "--json"}, "", other), "damaged");
  CHECK(content_of(anew).empty());
  REQUIRE(ctl({"restore", file, "--home", anew, "--json"}, "", own).exit == 0);
  CHECK(digest_of(anew, own) == digest);
}

TEST_CASE("backup and restore know a folder without a central and a laptop's folder, and leave both alone") {
  ScratchFolder folder;
  const std::string file = (folder / "backup").string();
  const Central central(folder / "central");
  const Station an(folder, central);
  REQUIRE(ctl({"backup", file, "--home", central.home()}).exit == 0);
  check_refused(ctl({"backup", (folder / "b").string(), "--home", (folder / "none").string(), "--json"}),
                "not_found");
  check_refused(ctl({"backup", (folder / "b").string(), "--home", an.home, "--json"}), "not_found");
  const auto before = content_of(an.home);
  check_refused(ctl({"restore", file, "--home", an.home, "--json"}), "already_exists");
  CHECK(content_of(an.home) == before);
  check_refused(ctl({"restore", (folder / "b").string(), "--home", (folder / "none").string(), "--json"}),
                "not_found");
  CHECK_FALSE(std::filesystem::exists(folder / "none"));
  CHECK(ctl({"backup", "--home", central.home()}).exit == 2);
}
