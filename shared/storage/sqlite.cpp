#define SQLITE_HAS_CODEC 1

#include "shared/storage/sqlite.h"

#include <fmt/format.h>
#include <sqlcipher/sqlite3.h>

#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <map>
#include <mutex>
#include <utility>
#include <vector>

namespace fieldpost {
namespace {

constexpr std::string_view settings =
    // A sort that spills would write plain text to a temporary file: SQLCipher encrypts the database, not those.
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA foreign_keys = OFF;"
    "PRAGMA trusted_schema = OFF;"
    "PRAGMA cell_size_check = ON;"
    // FULL, not NORMAL: in WAL mode NORMAL may lose the last commits at a power cut, and a saved record must survive
    // a flat battery (sqlite.org/pragma.html#pragma_synchronous).
    "PRAGMA synchronous = FULL;"
    // A first sync grows the WAL once; the disk gets that space back.
    "PRAGMA journal_size_limit = 16777216;";

// Statements kept prepared. Ours are some two hundred with the views of all forms; a caller who builds SQL from
// values would otherwise fill memory.
constexpr std::size_t idle_statements_max = 1'000;

bool disk_is_full(int primary, sqlite3* handle) {
  if (primary == SQLITE_FULL) return true;
  if (primary != SQLITE_IOERR || handle == nullptr) return false;
  const int cause = sqlite3_system_errno(handle);
  return cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
}

/// SQLite's own message names tables and columns for these and never a value; for others (FTS5's syntax errors) it
/// quotes what was searched for.
bool message_is_safe(int primary) { return primary == SQLITE_CONSTRAINT || primary == SQLITE_SCHEMA; }

Error error_of(int code, sqlite3* handle, std::string_view place) {
  const int primary = code & 0xff;
  std::string message = "store: ";
  message += message_is_safe(primary) && handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(primary);
  message += " (" + std::to_string(code) + ") at: ";
  message += place.substr(0, 160);
  if (disk_is_full(primary, handle)) return Error{ErrorCode::disk_full, std::move(message)};
  switch (primary) {
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB: return Error{ErrorCode::damaged, std::move(message)};
    case SQLITE_BUSY:
    case SQLITE_LOCKED: return Error{ErrorCode::busy, std::move(message)};
    case SQLITE_INTERRUPT: return Error{ErrorCode::interrupted, std::move(message)};
    default: return Error{ErrorCode::io, std::move(message)};
  }
}

void apply_key(sqlite3* handle, const SymmetricKey& key) {
  // The raw form skips SQLCipher's own derivation: the key is random already, the vault derives from passphrases.
  std::string raw = "x'" + to_hex(key.view()) + "'";
  sqlite3_key_v2(handle, "main", raw.data(), static_cast<int>(raw.size()));
  wipe(raw);
}

}  // namespace

/// Whose turn it is to write to one file, in this program. SQLite alone lets others sleep and try again, so that
/// whoever writes in a loop keeps them out.
class WriterQueue {
 public:
  static std::shared_ptr<WriterQueue> of(const std::string& file) {
    static std::mutex mutex;
    static std::map<std::string, std::weak_ptr<WriterQueue>> queues;
    const std::lock_guard lock(mutex);
    std::erase_if(queues, [](const auto& queue) { return queue.second.expired(); });
    std::shared_ptr<WriterQueue> queue = queues[file].lock();
    if (!queue) queues[file] = queue = std::make_shared<WriterQueue>();
    return queue;
  }
  /// False when the turn did not come in time.
  bool enter(int wait_ms) {
    std::unique_lock lock(mutex_);
    const std::uint64_t mine = next_++;
    waiting_.push_back(mine);
    const bool come = left_.wait_for(lock, std::chrono::milliseconds(wait_ms),
                                     [&] { return !writing_ && waiting_.front() == mine; });
    std::erase(waiting_, mine);
    writing_ = writing_ || come;
    if (!come) left_.notify_all();
    return come;
  }
  bool somebody_waits() {
    const std::lock_guard lock(mutex_);
    return !waiting_.empty();
  }
  void leave() {
    const std::lock_guard lock(mutex_);
    writing_ = false;
    left_.notify_all();
  }

 private:
  std::mutex mutex_;
  std::condition_variable left_;
  std::deque<std::uint64_t> waiting_;  // oldest first
  std::uint64_t next_ = 0;
  bool writing_ = false;
};

Statement::Statement(Statement&& other) noexcept
    : database_(other.database_), statement_(std::exchange(other.statement_, nullptr)) {}

Statement::~Statement() {
  if (statement_ != nullptr) database_->give_back(statement_);
}

void Statement::bind_null(int at) {
  if (const int code = sqlite3_bind_null(statement_, at)) database_->fail(code, sqlite3_sql(statement_));
}

void Statement::bind_integer(int at, std::int64_t value) {
  if (const int code = sqlite3_bind_int64(statement_, at, value)) database_->fail(code, sqlite3_sql(statement_));
}

void Statement::bind_real(int at, double value) {
  if (const int code = sqlite3_bind_double(statement_, at, value)) database_->fail(code, sqlite3_sql(statement_));
}

void Statement::bind_text(int at, std::string_view value) {
  // A null pointer would bind NULL; an empty text is a text.
  const char* data = value.data() == nullptr ? "" : value.data();
  if (const int code = sqlite3_bind_text64(statement_, at, data, value.size(), SQLITE_TRANSIENT, SQLITE_UTF8))
    database_->fail(code, sqlite3_sql(statement_));
}

void Statement::bind_blob(int at, BytesView value) {
  const int code = value.empty() ? sqlite3_bind_zeroblob(statement_, at, 0)
                                 : sqlite3_bind_blob64(statement_, at, value.data(), value.size(), SQLITE_TRANSIENT);
  if (code) database_->fail(code, sqlite3_sql(statement_));
}

int Statement::parameters() const { return sqlite3_bind_parameter_count(statement_); }

std::string Statement::parameter_name(int at) const {
  const char* name = sqlite3_bind_parameter_name(statement_, at);
  return name == nullptr ? std::string() : std::string(name);
}

bool Statement::step() {
  const int code = sqlite3_step(statement_);
  if (code == SQLITE_ROW) return true;
  if (code == SQLITE_DONE) return false;
  database_->fail(code, sqlite3_sql(statement_));
}

void Statement::run() {
  while (step()) {
  }
}

bool Statement::is_null(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_NULL; }

bool Statement::is_integer(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_INTEGER; }

bool Statement::is_text(int column) const { return sqlite3_column_type(statement_, column) == SQLITE_TEXT; }

std::int64_t Statement::integer(int column) const { return sqlite3_column_int64(statement_, column); }

double Statement::real(int column) const { return sqlite3_column_double(statement_, column); }

std::string_view Statement::text_view(int column) const {
  const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

std::string Statement::text(int column) const { return std::string(text_view(column)); }

BytesView Statement::blob(int column) const {
  const auto* data = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
  if (data == nullptr) return {};
  return {data, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column))};
}

int Statement::columns() const { return sqlite3_column_count(statement_); }

std::string Statement::column_name(int column) const { return sqlite3_column_name(statement_, column); }

Result<std::unique_ptr<Database>> Database::open(const Options& options) {
  static std::once_flag configured;
  // SQLite's count of its memory takes one lock for the whole process at every allocation: most of central's threads
  // would wait for it. Refused where SQLite runs already, which changes nothing.
  std::call_once(configured, [] { sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); });
  std::unique_ptr<Database> database(new Database);
  // NOMUTEX: a connection belongs to one thread at a time.
  const int flags =
      SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE | (options.create ? SQLITE_OPEN_CREATE : 0);
  const int code = sqlite3_open_v2(options.path.c_str(), &database->handle_, flags,
                                   options.vfs.empty() ? nullptr : options.vfs.c_str());
  if (code != SQLITE_OK) return error_of(code, database->handle_, "open");
  sqlite3_busy_timeout(database->handle_, options.busy_ms);
  database->busy_ms_ = options.busy_ms;
  database->writers_ = WriterQueue::of(options.vfs + ":" + options.path);
  if (options.key) apply_key(database->handle_, *options.key);
  return guarded([&]() -> std::unique_ptr<Database> {
    // SQLCipher would write its own lines to standard error; what is wrong travels as an Error.
    database->execute("PRAGMA cipher_log_level = NONE");
    database->execute(settings);
    database->execute(fmt::format("PRAGMA cache_size = -{}", options.cache_kib));
    // The first read of the file: a wrong key and a damaged first page look alike from here. The vault has
    // authenticated the key before anyone comes here, so what is wrong is the file.
    Statement mode = database->prepare("PRAGMA journal_mode = WAL");
    if (!mode.step() || mode.text_view(0) != (options.path == ":memory:" ? "memory" : "wal"))
      throw SqlError(Error{ErrorCode::io, "store: the file system does not carry a write-ahead log"});
    return std::move(database);
  });
}

Database::~Database() {
  for (const auto& [sql, statement] : idle_) sqlite3_finalize(statement);
  sqlite3_close_v2(handle_);
}

Statement Database::prepare(std::string_view sql) {
  if (const auto found = idle_.find(sql); found != idle_.end() && found->second != nullptr)
    return Statement(*this, std::exchange(found->second, nullptr));
  sqlite3_stmt* statement = nullptr;
  const int code = sqlite3_prepare_v3(handle_, sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT,
                                      &statement, nullptr);
  if (code != SQLITE_OK) fail(code, sql);
  ensure(statement != nullptr, "a statement without SQL");
  return Statement(*this, statement);
}

namespace {

int judge_reading(void* may_read, int action, const char* table, const char*, const char* schema, const char*) {
  if (action == SQLITE_SELECT || action == SQLITE_FUNCTION || action == SQLITE_RECURSIVE) return SQLITE_OK;
  // A common table expression is read without a schema.
  if (action != SQLITE_READ) return SQLITE_DENY;
  const auto& allowed = *static_cast<const std::function<bool(std::string_view)>*>(may_read);
  return table == nullptr || *table == '\0' || schema == nullptr || allowed(table) ? SQLITE_OK : SQLITE_DENY;
}

void answer(sqlite3_context* context, int count, sqlite3_value** values) {
  std::vector<std::string_view> texts;
  for (int i = 0; i < count; ++i) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_value_text(values[i]));
    texts.emplace_back(text == nullptr ? "" : text,
                       text == nullptr ? 0 : static_cast<std::size_t>(sqlite3_value_bytes(values[i])));
  }
  const auto& function = *static_cast<const Database::TextFunction*>(sqlite3_user_data(context));
  if (const std::optional<std::string> out = function(texts))
    sqlite3_result_text64(context, out->data(), out->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
  else
    sqlite3_result_null(context);
}

}  // namespace

Result<Statement> Database::prepare_question(std::string_view sql,
                                             const std::function<bool(std::string_view)>& may_read) {
  const auto refused = [](std::string why) { return Error{ErrorCode::invalid_argument, std::move(why)}; };
  sqlite3_stmt* statement = nullptr;
  const char* rest = nullptr;
  sqlite3_set_authorizer(handle_, judge_reading, const_cast<std::function<bool(std::string_view)>*>(&may_read));
  const int code = sqlite3_prepare_v2(handle_, sql.data(), static_cast<int>(sql.size()), &statement, &rest);
  const std::string message = code == SQLITE_OK ? std::string() : sqlite3_errmsg(handle_);
  sqlite3_set_authorizer(handle_, nullptr, nullptr);
  if (code != SQLITE_OK) return refused(message);
  if (statement == nullptr) return refused("a question without words");
  Statement out(*this, statement);
  const std::string_view left(rest, static_cast<std::size_t>(sql.data() + sql.size() - rest));
  if (left.find_first_not_of(" \t\r\n;") != std::string_view::npos) return refused("more than one statement");
  if (sqlite3_stmt_readonly(statement) == 0) return refused("it does not only read");
  return out;
}

void Database::define(const std::string& name, int arguments, TextFunction function) {
  auto kept = std::make_unique<TextFunction>(std::move(function));
  const int code = sqlite3_create_function_v2(
      handle_, name.c_str(), arguments, SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS, kept.release(), answer,
      nullptr, nullptr, [](void* old) { delete static_cast<TextFunction*>(old); });
  if (code != SQLITE_OK) fail(code, "define");
}

void Database::watch(std::function<bool()> goes_on) {
  constexpr int steps_between = 20'000;
  goes_on_ = std::move(goes_on);
  const auto ask = [](void* database) { return static_cast<Database*>(database)->goes_on_() ? 0 : 1; };
  sqlite3_progress_handler(handle_, goes_on_ ? steps_between : 0, goes_on_ ? +ask : nullptr, this);
}

void Database::give_back(sqlite3_stmt* statement) {
  sqlite3_reset(statement);
  // Values of persons do not stay in memory for longer than their use.
  sqlite3_clear_bindings(statement);
  const std::string_view sql = sqlite3_sql(statement);
  const auto found = idle_.find(sql);
  if (found == idle_.end() && idle_.size() < idle_statements_max)
    idle_.emplace(sql, statement);
  else if (found != idle_.end() && found->second == nullptr)
    found->second = statement;
  else
    sqlite3_finalize(statement);
}

void Database::execute(std::string_view sql) {
  const std::string text(sql);
  if (const int code = sqlite3_exec(handle_, text.c_str(), nullptr, nullptr, nullptr)) fail(code, sql);
}

std::int64_t Database::last_rowid() const { return sqlite3_last_insert_rowid(handle_); }

std::int64_t Database::changed_rows() const { return sqlite3_changes64(handle_); }

std::string Database::integrity_faults() {
  std::string faults;
  const auto note = [&](std::string_view fault) { faults.append(faults.empty() ? "" : "; ").append(fault); };
  const auto collect = [&](std::string_view sql, std::string_view fine) {
    try {
      Statement check = prepare(sql);
      while (check.step())
        if (check.text_view(0) != fine) note(check.text_view(0));
    } catch (const SqlError& fault) {
      // A page that fails its HMAC stops the rest of the check with a general error.
      if (fault.error.code != ErrorCode::damaged && faults.empty()) throw;
      note(fault.error.message);
    }
  };
  // The check of the pages reads the file itself; what still lies in the write-ahead log is verified as it is moved.
  // Inside a transaction nothing can be moved.
  try {
    if (sqlite3_get_autocommit(handle_) != 0) execute("PRAGMA wal_checkpoint(PASSIVE)");
  } catch (const SqlError& fault) {
    if (fault.error.code != ErrorCode::damaged) throw;
    note(fault.error.message);
  }
  collect("PRAGMA cipher_integrity_check", "");
  collect("PRAGMA integrity_check(20)", "ok");
  return faults;
}

void Database::copy_to(const std::string& path, const std::optional<SymmetricKey>& key) {
  sqlite3* to = nullptr;
  const auto check = [&](int code, std::string_view place) {
    if (code != SQLITE_OK && code != SQLITE_DONE) throw SqlError(error_of(code, to, place));
  };
  const int opened = sqlite3_open_v2(
      path.c_str(), &to, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE,
      nullptr);
  const std::unique_ptr<sqlite3, decltype(&sqlite3_close_v2)> closed_at_end(to, sqlite3_close_v2);
  check(opened, "copy: open");
  if (key) apply_key(to, *key);
  // Nothing is worth rolling back to: a copy that was cut short is thrown away.
  check(sqlite3_exec(to, "PRAGMA cipher_log_level = NONE; PRAGMA synchronous = FULL; PRAGMA journal_mode = OFF;",
                     nullptr, nullptr, nullptr),
        "copy: settings");
  sqlite3_backup* copy = sqlite3_backup_init(to, "main", handle_, "main");
  if (copy == nullptr) check(sqlite3_extended_errcode(to), "copy: begin");
  // In one step, hence under one read lock: writers go on beside it (WAL), and it never has to begin anew.
  const int stepped = sqlite3_backup_step(copy, -1);
  const int finished = sqlite3_backup_finish(copy);
  // SQLCipher says no more than this of a page that fails its HMAC.
  if ((stepped & 0xff) == SQLITE_ERROR)
    throw SqlError(Error{ErrorCode::damaged, "store: a page does not verify; nothing was copied"});
  check(stepped, "copy: pages");
  check(finished, "copy: end");
}

void Database::empty_log() {
  Statement checkpoint = prepare("PRAGMA wal_checkpoint(TRUNCATE)");
  if (!checkpoint.step() || checkpoint.integer(0) != 0)
    throw SqlError(Error{ErrorCode::busy, "store: its write-ahead log is in use and was not moved into the file"});
}

void Database::fail(int code, std::string_view what) {
  const int extended = handle_ != nullptr ? sqlite3_extended_errcode(handle_) : code;
  throw SqlError(error_of((extended & 0xff) == (code & 0xff) ? extended : code, handle_, what));
}

Transaction::Transaction(Database& database) : database_(database) {
  // Out of turn after the wait: whoever writes here may be this very thread, and SQLite will say that it is busy.
  in_turn_ = database_.writers_->enter(database_.busy_ms_);
  try {
    database_.run("BEGIN IMMEDIATE");
  } catch (...) {
    leave();
    throw;
  }
}

Transaction::~Transaction() {
  // A full disk may have rolled back already; then there is nothing to do.
  if (open_ && !sqlite3_get_autocommit(database_.handle()))
    sqlite3_exec(database_.handle(), "ROLLBACK", nullptr, nullptr, nullptr);
  leave();
}

void Transaction::commit() {
  database_.run("COMMIT");
  open_ = false;
  leave();
}

bool Transaction::is_wanted() const { return database_.writers_->somebody_waits(); }

void Transaction::leave() {
  if (in_turn_) database_.writers_->leave();
  in_turn_ = false;
}

}  // namespace fieldpost
