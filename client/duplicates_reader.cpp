#include "client/duplicates_reader.h"

#include <chrono>

#include "shared/storage/sqlite.h"

namespace fieldpost {

DuplicatesReader::DuplicatesReader(Store::Options store, const Catalogue& catalogue, std::function<void()> wake)
    : store_(std::move(store)), catalogue_(catalogue), wake_(std::move(wake)) {}

DuplicatesReader::~DuplicatesReader() { ending_ = true; }

DuplicatesReader::Found DuplicatesReader::read() const {
  Database::Options options;
  options.path = (store_.home / "store.db").string();
  if (store_.encrypted) options.key = store_.key;
  options.vfs = store_.vfs;
  options.create = false;
  Result<std::unique_ptr<Database>> database = Database::open(options);
  if (!database) return nullptr;
  const auto go_on = [this] { return !ending_; };
  const Result<Found> found = guarded([&]() -> Found {
    auto out = std::make_shared<FoundDuplicates>();
    out->duplicates = std::make_unique<const Duplicates>(**database, catalogue_, go_on);
    for (DuplicatePair& pair : out->duplicates->pairs({}, go_on)) {
      DuplicateRow& row = out->rows.emplace_back();
      row.pair = std::move(pair);
      for (std::size_t side = 0; side < 2; ++side) {
        Statement title = (*database)->prepare("SELECT title FROM record WHERE record = ?");
        title.bind(side == 0 ? row.pair.one : row.pair.other);
        if (title.step()) row.titles[side] = title.text(0);
      }
      if (ending_) break;
    }
    return out;
  });
  return found ? *found : nullptr;
}

void DuplicatesReader::want() {
  found();
  if (!stale_ || reading_.valid()) return;
  stale_ = false;
  reading_ = std::async(std::launch::async, [this] {
    Found read_now = read();
    if (wake_) wake_();
    return read_now;
  });
}

std::shared_ptr<const FoundDuplicates> DuplicatesReader::found() {
  if (reading_.valid() && reading_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
    // What could not be read is asked for again by whoever comes to the page next.
    if (Found read_now = reading_.get())
      found_ = std::move(read_now);
    else
      stale_ = true;
  }
  return found_;
}

}  // namespace fieldpost
