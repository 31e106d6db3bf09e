// What the store may rely on below it: durable, encrypted, and honest about damage and full disks.
#include "shared/storage/sqlite.h"

#include <doctest/doctest.h>
#include <signal.h>
#include <sqlcipher/sqlite3.h>
#include <sys/resource.h>

#include <cstring>

#include "tests/support/scratch.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

SymmetricKey some_key(std::uint64_t seed = 1) {
  SeededRandom random(seed);
  SymmetricKey key;
  random.fill(key.bytes);
  return key;
}

Database::Options at(const std::filesystem::path& path, std::optional<SymmetricKey> key = some_key()) {
  Database::Options options;
  options.path = path.string();
  options.key = std::move(key);
  options.busy_ms = 50;
  return options;
}

std::unique_ptr<Database> open(const Database::Options& options) {
  auto database = Database::open(options);
  REQUIRE_MESSAGE(database, (database ? "" : database.error().message));
  return std::move(*database);
}

const std::string marker = "Nguyễn Thị Bưởi, ấp Đông Hòa";

void fill(Database& database, int rows) {
  Transaction transaction(database);
  database.execute("CREATE TABLE IF NOT EXISTS note (id INTEGER PRIMARY KEY, body TEXT NOT NULL)");
  for (int i = 0; i < rows; ++i)
    database.run("INSERT INTO note (body) VALUES (?)", marker + " " + std::to_string(i * 7919 % rows));
  transaction.commit();
}

/// What a sort over more than any cache holds opens.
int temporary_files_opened = 0;
int (*open_below)(sqlite3_vfs*, sqlite3_filename, sqlite3_file*, int, int*) = nullptr;

const char* counting_vfs() {
  static sqlite3_vfs vfs = [] {
    sqlite3_vfs copy = *sqlite3_vfs_find(nullptr);
    copy.zName = "counts-temporary-files";
    copy.pNext = nullptr;
    open_below = copy.xOpen;
    copy.xOpen = [](sqlite3_vfs* self, sqlite3_filename name, sqlite3_file* file, int flags, int* out) {
      if (flags & SQLITE_OPEN_DELETEONCLOSE) ++temporary_files_opened;
      return open_below(self, name, file, flags, out);
    };
    return copy;
  }();
  sqlite3_vfs_register(&vfs, 0);
  return vfs.zName;
}

void big_sort(Database& database) {
  database.execute("PRAGMA cache_size = 10");
  Statement sorted =
      database.prepare("SELECT body, zeroblob(2000) FROM note, (SELECT 1 UNION SELECT 2) ORDER BY body");
  while (sorted.step()) {
  }
}

}  // namespace

TEST_CASE("what is bound comes back as it was, with null, empty and missing kept apart") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db"));
  database->execute("CREATE TABLE t (a, b, c, d, e)");
  const EntityId id = *EntityId::from_bytes(Bytes(16, 7));
  database->run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", std::int64_t{-5}, std::string(), nullptr,
                std::optional<EntityId>(id), BytesView());
  Statement row = database->prepare("SELECT a, b, c, d, e FROM t");
  REQUIRE(row.step());
  CHECK(row.integer(0) == -5);
  CHECK_FALSE(row.is_null(1));
  CHECK(row.text(1).empty());
  CHECK(row.is_null(2));
  CHECK(row.id<EntityId>(3) == id);
  CHECK_FALSE(row.is_null(4));
  CHECK(row.column_name(3) == "d");
  CHECK_FALSE(row.step());
}

TEST_CASE("one statement may be used inside its own loop") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db"));
  fill(*database, 3);
  const std::string_view sql = "SELECT id FROM note WHERE id > ? ORDER BY id";
  Statement outer = database->prepare(sql);
  outer.bind(0);
  int pairs = 0;
  while (outer.step()) {
    Statement inner = database->prepare(sql);
    inner.bind(outer.integer(0));
    while (inner.step()) ++pairs;
  }
  CHECK(pairs == 3);
}

TEST_CASE("every connection sorts in memory, keeps a write-ahead log and syncs every commit") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db"));
  CHECK(database->integer("PRAGMA temp_store") == 2);
  CHECK(database->integer("PRAGMA synchronous") == 2);
  fill(*database, 1);
  CHECK(std::filesystem::exists(folder / "a.db-wal"));
}

TEST_CASE("a transaction that is left without a commit leaves nothing behind") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db"));
  fill(*database, 2);
  const Result<void> result = guarded([&] {
    Transaction transaction(*database);
    database->run("DELETE FROM note");
    database->run("INSERT INTO note (id, body) VALUES (1, NULL)");
    transaction.commit();
  });
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("note.body") != std::string::npos);
  CHECK(database->integer("SELECT count(*) FROM note") == 2);
}

TEST_CASE("an error message never says what was searched for or written") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db"));
  database->execute("CREATE VIRTUAL TABLE s USING fts5(body)");
  const Result<void> result = guarded([&] { database->run("SELECT * FROM s WHERE s MATCH ?", "\"Nguyễn Thị Bưởi"); });
  REQUIRE_FALSE(result);
  CHECK(result.error().message.find("Nguy") == std::string::npos);
}

TEST_CASE("no file of the store shows a text that was written") {
  ScratchFolder folder;
  {
    auto database = open(at(folder / "a.db"));
    fill(*database, 500);
    CHECK_FALSE(any_file_contains(folder.path(), marker));
  }
  CHECK_FALSE(any_file_contains(folder.path(), marker));
}

TEST_CASE("control: without a key the same texts are read in the file") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db", std::nullopt));
  fill(*database, 500);
  CHECK(any_file_contains(folder.path(), marker));
}

TEST_CASE("a sort larger than the cache opens no temporary file") {
  ScratchFolder folder;
  Database::Options options = at(folder / "a.db");
  options.vfs = counting_vfs();
  auto database = open(options);
  fill(*database, 4000);
  temporary_files_opened = 0;
  big_sort(*database);
  CHECK(temporary_files_opened == 0);

  // Control: the library's own default spills the same sort to a file.
  database->execute("PRAGMA temp_store = FILE");
  big_sort(*database);
  CHECK(temporary_files_opened > 0);
}

TEST_CASE("another key opens nothing") {
  ScratchFolder folder;
  { fill(*open(at(folder / "a.db")), 10); }
  const auto wrong = Database::open(at(folder / "a.db", some_key(2)));
  REQUIRE_FALSE(wrong);
  CHECK(wrong.error().code == ErrorCode::damaged);
  const auto none = Database::open(at(folder / "a.db", std::nullopt));
  REQUIRE_FALSE(none);
  CHECK(none.error().code == ErrorCode::damaged);
}

TEST_CASE("a flipped byte anywhere in the file is noticed") {
  ScratchFolder folder;
  { fill(*open(at(folder / "a.db")), 400); }
  const std::string whole = file_content(folder / "a.db");
  REQUIRE(whole.size() > 5 * 4096);
  {
    auto database = open(at(folder / "a.db"));
    CHECK(database->integrity_faults().empty());
  }
  for (std::size_t offset = 5; offset < whole.size(); offset += 1021) {
    CAPTURE(offset);
    write_file(folder / "a.db", whole);
    flip_byte(folder / "a.db", offset);
    const auto database = Database::open(at(folder / "a.db"));
    const bool noticed = !database || !(*database)->integrity_faults().empty();
    CHECK(noticed);
    if (!database) CHECK(database.error().code == ErrorCode::damaged);
  }
}

TEST_CASE("a read of a damaged page fails as damaged and gives no wrong row") {
  ScratchFolder folder;
  { fill(*open(at(folder / "a.db")), 2000); }
  flip_byte(folder / "a.db", 8 * 4096 + 100);
  auto database = open(at(folder / "a.db"));
  const Result<std::int64_t> read = guarded([&] {
    std::int64_t rows = 0;
    Statement statement = database->prepare("SELECT body FROM note");
    while (statement.step()) {
      ++rows;
      REQUIRE(statement.text(0).starts_with(marker));
    }
    return rows;
  });
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::damaged);
}

TEST_CASE("a full disk is called that, and what was there stays") {
  ScratchFolder folder;
  auto database = open(at(folder / "a.db"));
  fill(*database, 100);
  SUBCASE("when the file may not grow") {
    database->execute("PRAGMA max_page_count = 10");
    const Result<void> result = guarded([&] { fill(*database, 5000); });
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::disk_full);
  }
  SUBCASE("when the system refuses the write") {
    rlimit before{};
    getrlimit(RLIMIT_FSIZE, &before);
    signal(SIGXFSZ, SIG_IGN);
    const rlimit small{256 << 10, before.rlim_max};
    setrlimit(RLIMIT_FSIZE, &small);
    const Result<void> result = guarded([&] { fill(*database, 20'000); });
    setrlimit(RLIMIT_FSIZE, &before);
    REQUIRE_FALSE(result);
    CHECK(result.error().code == ErrorCode::disk_full);
  }
  CHECK(database->integer("SELECT count(*) FROM note") == 100);
  CHECK(database->integrity_faults().empty());
  fill(*database, 1);
  CHECK(database->integer("SELECT count(*) FROM note") == 101);
}

TEST_CASE("who waits too long for another writer is told that the store is busy") {
  ScratchFolder folder;
  auto first = open(at(folder / "a.db"));
  fill(*first, 1);
  auto second = open(at(folder / "a.db"));
  Transaction held(*first);
  const Result<void> result = guarded([&] { Transaction waits(*second); });
  REQUIRE_FALSE(result);
  CHECK(result.error().code == ErrorCode::busy);
}
