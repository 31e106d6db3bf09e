// What no program of this kind can go below: the same rows as JSON text in one plain, unencrypted SQLite table, with
// the same promise of durability and nothing else: no history, no signature, no merge, no index, no network.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "shared/storage/sqlite.h"

namespace fieldpost::bench {

/// What travels together: about a page on the wire.
inline constexpr std::size_t rows_in_a_page = 100;

class PlainTable {
 public:
  explicit PlainTable(const std::filesystem::path& file);
  /// Adds the rows in transactions of `rows_in_a_transaction`; returns seconds.
  double insert(const std::vector<std::string>& rows, std::size_t rows_in_a_transaction);
  /// One row in one transaction each; returns milliseconds each.
  std::vector<double> insert_one_by_one(const std::vector<std::string>& rows);
  /// Up to 200 rows that hold the text somewhere; returns milliseconds.
  double scan_for(std::string_view text);

 private:
  std::unique_ptr<Database> database_;
};

/// zstd level 3 of the rows as one text, and page by page, in bytes.
struct PackedSizes {
  std::size_t plain = 0, whole = 0, by_pages = 0;
};
PackedSizes packed_sizes(const std::vector<std::string>& rows);

}  // namespace fieldpost::bench
