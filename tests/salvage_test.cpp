// A damaged store: set aside, read as far as it goes, and what is gone is named.
#include "shared/storage/salvage.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/support/laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;
using nlohmann::json;

namespace {

/// Every change's id, as the journal has them.
std::set<std::string> change_ids(Store& store) {
  std::set<std::string> ids;
  Statement row = store.database().prepare("SELECT id FROM change");
  while (row.step()) ids.insert(to_hex(row.blob(0)));
  return ids;
}

std::uint64_t places(const std::vector<SalvageReport::Missing>& missing) {
  std::uint64_t count = 0;
  for (const auto& run : missing) count += run.last - run.first + 1;
  return count;
}

/// A laptop with some hundred changes of which a part is signed into segments, a draft, and a closed store.db.
struct Damaged {
  Catalogue catalogue = small_catalogue();
  LaptopStore laptop{catalogue};
  std::filesystem::path file = laptop.folder / "store.db";
  std::string whole;
  std::set<std::string> ids;

  explicit Damaged(int records = 150) {
    for (int i = 0; i < records; ++i) {
      const RecordId record =
          laptop.keep("visit", {{"title", "Buổi " + std::to_string(i)},
                                {"phone", std::string(static_cast<std::size_t>(i % 40), 'x')},
                                {"roster", {{{"full_name", "Nguyễn Thị Bưởi"}}, {{"full_name", "Trần Văn Đạo"}}}}});
      if (i % 3 == 0) laptop.edit(record, {{"count", i}});
    }
    Draft draft;
    draft.id = new_uuid<EntityId>(laptop.clock, laptop.random);
    draft.seen = laptop.store->start(*catalogue.form("visit"));
    draft.edit = *edit_from_json(*catalogue.form("visit"), {{"title", "Dở dang"}});
    REQUIRE(laptop.store->keep_draft(draft));
    const auto position = laptop.store->own_positions()->back();
    const DeviceId device = (*laptop.store->identity())->device();
    for (std::uint64_t n = 0; n < position.n / 2;) {
      const auto segment = laptop.store->next_segment(device, position.epoch, n);
      REQUIRE(segment);
      n = (*segment)->last();
    }
    REQUIRE(laptop.store->take_segments({}, view_of("cursor")));
    ids = change_ids(*laptop.store);
    laptop.close();
    whole = file_content(file);
  }

  SalvageReport salvage() {
    const auto report = salvage_store(laptop.options, laptop.environment);
    REQUIRE_MESSAGE(report, (report ? "" : report.error().message));
    return *report;
  }
  void restore() {
    laptop.close();
    for (const auto& entry : std::filesystem::directory_iterator(laptop.folder.path()))
      std::filesystem::remove_all(entry.path());
    write_file(file, whole);
  }
};

}  // namespace

TEST_CASE("a whole store is called whole, and a flipped byte makes it damaged") {
  Damaged d(20);
  CHECK(*store_is_whole(d.laptop.options));
  flip_byte(d.file, d.whole.size() / 2);
  CHECK_FALSE(*store_is_whole(d.laptop.options));
  std::filesystem::remove(d.file);
  CHECK(store_is_whole(d.laptop.options).error().code == ErrorCode::not_found);
  CHECK(salvage_store(d.laptop.options, d.laptop.environment).error().code == ErrorCode::not_found);
}

TEST_CASE("salvaging a store that is whole loses nothing but the cursor") {
  Damaged d;
  const SalvageReport report = d.salvage();
  CHECK(report.readable);
  CHECK(report.damaged_tables.empty());
  CHECK(report.missing.empty());
  CHECK(report.identity);
  CHECK(report.device_key);
  CHECK(report.drafts == 1);
  CHECK(report.changes == static_cast<std::int64_t>(d.ids.size()));
  CHECK(report.placed_anew == 0);
  CHECK(file_content(report.set_aside) == d.whole);
  d.laptop.open();
  CHECK(change_ids(*d.laptop.store) == d.ids);
  CHECK(d.laptop.store->cursor()->empty());
  CHECK(d.laptop.store->drafts()->size() == 1);
  CHECK(d.laptop.store->verify()->faults == std::vector<std::string>{});
  CHECK_FALSE(std::filesystem::exists(d.laptop.folder / "salvage"));
}

TEST_CASE("wherever a byte is flipped, what is readable survives, what is gone is named, and the store works again") {
  Damaged d;
  const std::size_t pages = d.whole.size() / 4096;
  REQUIRE(pages > 40);
  std::size_t lost_somewhere = 0;
  for (std::size_t page = 1; page < pages; page += 1 + page % 3) {
    CAPTURE(page);
    d.restore();
    flip_byte(d.file, page * 4096 + 97 * page % 4096);
    const SalvageReport report = d.salvage();
    CHECK(report.readable);
    d.laptop.open();
    const std::set<std::string> kept = change_ids(*d.laptop.store);
    CHECK(std::includes(d.ids.begin(), d.ids.end(), kept.begin(), kept.end()));
    CHECK(report.changes == static_cast<std::int64_t>(kept.size()));
    // One page holds some ten changes of these; a page above the leaves loses nothing, for rows are asked for one by
    // one.
    const std::size_t lost = d.ids.size() - kept.size();
    CHECK(lost < 20);
    lost_somewhere += lost;
    const bool names_change = std::ranges::find(report.damaged_tables, "change") != report.damaged_tables.end();
    const bool by_shape = std::ranges::find(report.damaged_tables, "sqlite_schema") != report.damaged_tables.end();
    CHECK((lost == 0 || names_change || by_shape));
    const bool epochs_whole = std::ranges::find(report.damaged_tables, "epoch") == report.damaged_tables.end();
    if (report.identity && epochs_whole) CHECK(places(report.missing) >= lost);
    const auto verified = d.laptop.store->verify();
    REQUIRE_MESSAGE(verified, (verified ? "" : verified.error().message));
    CHECK(verified->faults == std::vector<std::string>{});
    if (!report.identity || !report.device_key) continue;

    // Every own change that survived has a place from which it is sent, and the next save joins them.
    d.laptop.keep("visit", {{"title", "sau đó"}});
    const auto open = d.laptop.store->database().integer(
        "SELECT count(*) FROM change WHERE number NOT IN"
        " (SELECT change FROM entry WHERE outcome IS NULL AND change IS NOT NULL)");
    CHECK(open == 0);
  }
  CHECK(lost_somewhere > 0);
}

TEST_CASE("a run of damaged pages in the middle takes its own rows and no others") {
  Damaged d(400);
  const std::size_t pages = d.whole.size() / 4096;
  for (std::size_t page = pages / 3; page < pages / 3 + 12; ++page) flip_byte(d.file, page * 4096 + 2000);
  const SalvageReport report = d.salvage();
  d.laptop.open();
  CHECK(report.changes > static_cast<std::int64_t>(d.ids.size() / 2));
  CHECK(d.laptop.store->verify()->ok);
  for (const std::string& line : report.lines()) CHECK(line.find("Buổi") == std::string::npos);
}

TEST_CASE("places that are gone from the own journal are named and never used again") {
  Damaged d;
  // The last page of the table of changes: find it by flipping pages until changes are missing.
  for (std::size_t page = d.whole.size() / 4096 - 1; page > 0; --page) {
    d.restore();
    flip_byte(d.file, page * 4096 + 1000);
    const SalvageReport report = d.salvage();
    if (report.missing.empty() || !report.identity || !report.device_key) continue;
    CHECK(report.missing[0].own);
    CHECK(report.missing[0].first >= 1);
    CHECK(report.missing[0].last >= report.missing[0].first);
    d.laptop.open();
    const auto positions = d.laptop.store->own_positions();
    REQUIRE(positions);
    CHECK(positions->back().epoch != report.missing[0].epoch);
    return;
  }
  FAIL("no page held changes");
}

TEST_CASE("where the first page is gone, or the salt in front of it, every row is still told by its shape") {
  Damaged d;
  for (const std::size_t offset : {3, 15, 16, 200, 4000, 4090}) {
    CAPTURE(offset);
    d.restore();
    flip_byte(d.file, offset);
    const SalvageReport report = d.salvage();
    CHECK(report.readable);
    CHECK(report.identity);
    CHECK(report.device_key);
    CHECK(report.drafts == 1);
    CHECK(report.altered_changes == 0);
    CHECK(report.missing.empty());
    d.laptop.open();
    CHECK(change_ids(*d.laptop.store) == d.ids);
    CHECK(d.laptop.store->verify()->faults == std::vector<std::string>{});
    CHECK(d.laptop.store->status()->unsent == static_cast<std::int64_t>(d.ids.size()));
  }
}

TEST_CASE("what only the write-ahead log holds is told by its shape, too") {
  Damaged d(20);
  d.laptop.open();
  d.laptop.keep("visit", {{"title", "trong nhật ký"}});
  d.ids = change_ids(*d.laptop.store);
  // As after a power cut: the files as they lie there while the store is open.
  const std::string log = file_content(d.laptop.folder / "store.db-wal");
  REQUIRE_FALSE(log.empty());
  d.whole = file_content(d.file);
  d.restore();
  write_file(d.laptop.folder / "store.db-wal", log);
  // Page 1 is damaged where it was written last.
  flip_byte(d.file, 200);
  flip_byte(d.laptop.folder / "store.db-wal", 32 + 24 + 200);
  const SalvageReport report = d.salvage();
  d.laptop.open();
  const std::set<std::string> kept = change_ids(*d.laptop.store);
  CHECK(kept.size() + 1 >= d.ids.size());
  CHECK(d.laptop.store->verify()->ok);
}

TEST_CASE("a store that is damaged all over leaves an empty one, and says so") {
  Damaged d(20);
  for (std::size_t at = 100; at < d.whole.size(); at += 4096) flip_byte(d.file, at);
  const SalvageReport report = d.salvage();
  CHECK_FALSE(report.readable);
  CHECK_FALSE(report.identity);
  CHECK(report.changes == 0);
  CHECK(std::filesystem::exists(report.set_aside));
  d.laptop.open();
  CHECK(d.laptop.store->verify()->ok);
}

TEST_CASE("what an attempt that was cut short left behind does not stop the next") {
  Damaged d(20);
  std::filesystem::create_directories(d.laptop.folder / "salvage");
  write_file(d.laptop.folder / "salvage/store.db", "half a store");
  const SalvageReport report = d.salvage();
  CHECK(report.changes == static_cast<std::int64_t>(d.ids.size()));
}
