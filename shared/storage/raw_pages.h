// Rows read from the pages of a store whose own directory of tables cannot be read any more. Knows three formats:
// SQLCipher 4's page (design: zetetic.net/sqlcipher/design), SQLite's b-tree page and its write-ahead log
// (sqlite.org/fileformat2.html). Rows come without the names of their tables: the reader tells them by their shape.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <unordered_map>
#include <variant>
#include <vector>

#include "shared/foundation/crypto.h"

namespace fieldpost {

struct RawRow {
  using Cell = std::variant<std::nullptr_t, std::int64_t, double, std::string, Bytes>;
  std::int64_t rowid = 0;  // 0 for rows of tables without one
  std::vector<Cell> cells;
};

class RawPages {
 public:
  /// Decrypts every page that verifies, the newest committed copy of each. Errors: not_found, io; damaged, when no
  /// page verifies under this key.
  static Result<RawPages> read(const std::filesystem::path& file, const SymmetricKey& key);

  std::size_t pages() const { return pages_.size(); }
  std::size_t unreadable() const { return unreadable_; }
  /// Every row of every page that verifies. Pages that are no longer in use may give rows that were there once.
  void each_row(const std::function<void(const RawRow&)>& visit) const;

 private:
  std::unordered_map<std::uint32_t, Bytes> pages_;  // by number, without their encryption's tail
  std::size_t unreadable_ = 0;
};

}  // namespace fieldpost
