// RAII over the C API of SQLite (SQLCipher): the only place that knows it. Statements throw SqlError, so that a
// Transaction rolls back by unwinding; no exception leaves storage: public functions elsewhere return guarded(...).
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <unordered_map>

#include "shared/foundation/crypto.h"
#include "shared/foundation/result.h"

struct sqlite3;
struct sqlite3_stmt;

namespace fieldpost {

class SqlError {
 public:
  explicit SqlError(Error cause) : error(std::move(cause)) {}
  Error error;
};

class Database;
class WriterQueue;

/// One use of a prepared statement: bind, step, read. Given back to the database's cache at the end of its life.
class Statement {
 public:
  Statement(Statement&& other) noexcept;
  Statement& operator=(Statement&&) = delete;
  ~Statement();

  /// Binds all parameters in order.
  template <class... Values>
  Statement& bind(const Values&... values) {
    int at = 0;
    (bind_one(++at, values), ...);
    return *this;
  }
  void bind_null(int at);
  void bind_integer(int at, std::int64_t value);
  void bind_real(int at, double value);
  void bind_text(int at, std::string_view value);
  void bind_blob(int at, BytesView value);
  /// Of `?`, `:from` and their like, from 1; an empty text for one without a name.
  int parameters() const;
  std::string parameter_name(int at) const;

  /// True when there is a row. Errors throw.
  bool step();
  /// Steps to the end; for statements without rows.
  void run();

  bool is_null(int column) const;
  std::int64_t integer(int column) const;
  double real(int column) const;
  std::string text(int column) const;
  /// Valid until the next step.
  BytesView blob(int column) const;
  std::string_view text_view(int column) const;
  int columns() const;
  std::string column_name(int column) const;
  bool is_integer(int column) const;
  bool is_text(int column) const;
  template <class AnyId>
  AnyId id(int column) const {
    Result<AnyId> id = AnyId::from_bytes(blob(column));
    if (!id) throw SqlError(Error{ErrorCode::damaged, "an id of the wrong length in the store"});
    return *id;
  }

 private:
  friend class Database;
  Statement(Database& database, sqlite3_stmt* statement) : database_(&database), statement_(statement) {}
  template <class Any>
  void bind_one(int at, const Any& value) {
    if constexpr (std::is_same_v<Any, std::nullptr_t>)
      bind_null(at);
    else if constexpr (std::is_integral_v<Any> || std::is_enum_v<Any>)
      bind_integer(at, static_cast<std::int64_t>(value));
    else if constexpr (std::is_floating_point_v<Any>)
      bind_real(at, value);
    else if constexpr (requires {
                         value.has_value();
                         *value;
                       })
      value ? bind_one(at, *value) : bind_null(at);
    else if constexpr (requires { value.view(); })
      bind_blob(at, value.view());
    else if constexpr (std::is_convertible_v<const Any&, std::string_view>)
      bind_text(at, value);
    else
      bind_blob(at, BytesView(value));
  }

  Database* database_;
  sqlite3_stmt* statement_;
};

/// One connection, used by one thread at a time.
class Database {
 public:
  struct Options {
    std::string path;                 // ":memory:" for one that leaves no trace
    std::optional<SymmetricKey> key;  // none: not encrypted, for floors of benchmarks and for simulation only
    std::string vfs;                  // empty: the system's
    bool create = true;
    int busy_ms = 10'000;
    // Decrypted pages kept: 16 MB hold the upper levels of the B-trees of 100,000 records, little beside 4 GB.
    int cache_kib = 16'000;
  };
  /// WAL, synchronous=FULL, temporary tables and sorts in memory (a sort that spills would otherwise write plain
  /// text). Errors: damaged (also: not this key, for the two look alike; the vault has proven the key before),
  /// disk_full, busy, io.
  static Result<std::unique_ptr<Database>> open(const Options& options);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  /// Prepared once, cached by its text.
  Statement prepare(std::string_view sql);
  /// Prepares what somebody else wrote: one statement that only reads, and only from tables that `may_read` allows,
  /// however it names them. Errors: invalid_argument in SQLite's words, which here can quote nothing but the
  /// statement.
  Result<Statement> prepare_question(std::string_view sql, const std::function<bool(std::string_view)>& may_read);
  /// Makes a function of texts known to statements under this name: pure, null where it has no answer. A null
  /// argument comes as an empty text.
  using TextFunction = std::function<std::optional<std::string>(std::span<const std::string_view>)>;
  void define(const std::string& name, int arguments, TextFunction function);
  /// Asked every few milliseconds while a statement runs; when it says false, the statement fails as interrupted. An
  /// empty one asks no more.
  void watch(std::function<bool()> goes_on);
  /// One or more statements without parameters or rows.
  void execute(std::string_view sql);
  template <class... Values>
  void run(std::string_view sql, const Values&... values) {
    prepare(sql).bind(values...).run();
  }
  /// The first column of the first row, or nothing.
  template <class... Values>
  std::optional<std::int64_t> integer(std::string_view sql, const Values&... values) {
    Statement statement = prepare(sql);
    statement.bind(values...);
    if (!statement.step() || statement.is_null(0)) return std::nullopt;
    return statement.integer(0);
  }
  std::int64_t last_rowid() const;
  std::int64_t changed_rows() const;
  /// Empty when every page verifies (HMAC) and the structure is whole; otherwise what is wrong.
  std::string integrity_faults();
  /// Copies everything, as it is at one moment, into the file at `path`, which is absent or empty; others may write
  /// meanwhile. Inside a transaction it is that transaction's moment. Each page is encrypted anew with `key` on its
  /// way; none where this database is not encrypted either. Durable when it returns; what a failure leaves is no
  /// database. Errors throw: disk_full, damaged (a page here does not verify), io.
  void copy_to(const std::string& path, const std::optional<SymmetricKey>& key);
  /// Moves the whole write-ahead log into the file, so that the file alone holds everything, durably; whoever closes
  /// the last connection never hears that this failed. Errors throw: disk_full, busy (another connection reads), io.
  void empty_log();
  sqlite3* handle() { return handle_; }

 private:
  friend class Statement;
  friend class Transaction;
  Database() = default;
  void give_back(sqlite3_stmt* statement);
  [[noreturn]] void fail(int code, std::string_view what);

  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };

  sqlite3* handle_ = nullptr;
  std::shared_ptr<WriterQueue> writers_;
  int busy_ms_ = 0;
  std::function<bool()> goes_on_;
  std::unordered_map<std::string, sqlite3_stmt*, TextHash, std::equal_to<>> idle_;  // by SQL text; null while in use
};

/// BEGIN IMMEDIATE; rolls back unless committed. Connections of one program to one file take turns in the order they
/// ask: a save in the window waits for the transaction the worker is in, and never for the next.
class Transaction {
 public:
  explicit Transaction(Database& database);
  ~Transaction();
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  void commit();
  /// Another connection of this program waits for its turn: whoever has more to write may make room.
  bool is_wanted() const;

 private:
  void leave();

  Database& database_;
  bool open_ = true;
  bool in_turn_ = false;
};

/// Runs `work` and turns SqlError into the Result's error.
template <class Work>
auto guarded(Work&& work) {
  using Out = std::invoke_result_t<Work>;
  if constexpr (std::is_void_v<Out>) {
    try {
      work();
      return Result<void>{};
    } catch (const SqlError& fault) {
      return Result<void>{fault.error};
    }
  } else if constexpr (requires(Out out) {
                         out.has_value();
                         out.error();
                       }) {
    try {
      return work();
    } catch (const SqlError& fault) {
      return Out{fault.error};
    }
  } else {
    try {
      return Result<Out>{work()};
    } catch (const SqlError& fault) {
      return Result<Out>{fault.error};
    }
  }
}

}  // namespace fieldpost
