// Central's embedded database: the same SQLCipher and the same journal as a laptop's.
#pragma once

#include <mutex>

#include "shared/storage/journal.h"
#include "sync/central/backend.h"

namespace fieldpost {

class SqliteBackend final : public Backend {
 public:
  /// Makes the tables that lack. Takes calls from any thread, one at a time.
  /// For Database::Options: central has a gigabyte, and every laptop's changes go to other pages of its store.
  static constexpr int cache_kib = 128'000;
  static Result<std::unique_ptr<SqliteBackend>> open(std::unique_ptr<Database> database);

  Result<void> write(const Work& work) override;
  Result<void> read(const Work& work) override;
  Database& database() { return *database_; }

 private:
  explicit SqliteBackend(std::unique_ptr<Database> database) : database_(std::move(database)) {}
  std::mutex mutex_;
  std::unique_ptr<Database> database_;
};

}  // namespace fieldpost
