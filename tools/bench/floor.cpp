#include "tools/bench/floor.h"

#include <algorithm>

#include "shared/foundation/compress.h"
#include "tools/bench/measure.h"

namespace fieldpost::bench {

PlainTable::PlainTable(const std::filesystem::path& file) {
  Database::Options options;
  options.path = file.string();
  database_ = must(Database::open(options));
  must(guarded([&] { database_->execute("CREATE TABLE plain (number INTEGER PRIMARY KEY, json TEXT NOT NULL)"); }));
}

double PlainTable::insert(const std::vector<std::string>& rows, std::size_t rows_in_a_transaction) {
  const Stopwatch time;
  must(guarded([&] {
    for (std::size_t at = 0; at < rows.size(); at += rows_in_a_transaction) {
      Transaction transaction(*database_);
      for (std::size_t i = at; i < std::min(rows.size(), at + rows_in_a_transaction); ++i)
        database_->run("INSERT INTO plain (json) VALUES (?)", rows[i]);
      transaction.commit();
    }
  }));
  return time.seconds();
}

std::vector<double> PlainTable::insert_one_by_one(const std::vector<std::string>& rows) {
  std::vector<double> durations;
  must(guarded([&] {
    for (const std::string& row : rows) {
      const Stopwatch time;
      Transaction transaction(*database_);
      database_->run("INSERT INTO plain (json) VALUES (?)", row);
      transaction.commit();
      durations.push_back(time.milliseconds());
    }
  }));
  return durations;
}

double PlainTable::scan_for(std::string_view text) {
  const Stopwatch time;
  must(guarded([&] {
    Statement statement =
        database_->prepare("SELECT number FROM plain WHERE json LIKE ? ORDER BY number DESC LIMIT 200");
    statement.bind("%" + std::string(text) + "%");
    while (statement.step()) {
    }
  }));
  return time.milliseconds();
}

PackedSizes packed_sizes(const std::vector<std::string>& rows) {
  constexpr int level = 3;  // zstd's own usual one
  PackedSizes sizes;
  std::string whole, page;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    page.append(rows[i]).append("\n");
    if ((i + 1) % rows_in_a_page != 0 && i + 1 != rows.size()) continue;
    sizes.by_pages += compress(view_of(page), level).size();
    whole += page;
    page.clear();
  }
  for (const std::string& row : rows) sizes.plain += row.size();
  sizes.whole = compress(view_of(whole), level).size();
  return sizes;
}

}  // namespace fieldpost::bench
