// When things go wrong in the field: each failure has a clear message, nothing is lost, nothing is half done.
#include <fstream>

#include "shared/storage/salvage.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

Store::Options options_of(const Laptop& laptop) {
  Store::Options options;
  options.home = laptop.folder.path;
  options.key.bytes.fill(7);
  return options;
}

}  // namespace

TEST_CASE("a save on a full disk says so, leaves no trace, and succeeds once there is room") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Trước khi đầy"));
  const Verification before = must(an.store().verify());
  Database& database = an.store().database();
  const std::int64_t pages = *database.integer("PRAGMA page_count");
  database.execute("PRAGMA max_page_count = " + std::to_string(pages + 2));
  Seen seen = an.open(record);
  nlohmann::json big;
  for (int i = 0; i < 400; ++i) big["roster"].push_back({{"full_name", "Nguyễn Văn " + std::to_string(i)}});
  const Edit edit = must(edit_from_json(*fleet.catalogue().form("outreach_session"), big));
  const Result<Saved> refused = an.store().save(seen, edit);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::disk_full);
  CHECK(must(an.store().verify()).digest == before.digest);
  CHECK(must(an.store().verify()).ok);
  // The form is still open with all that was typed: the same save goes through.
  database.execute("PRAGMA max_page_count = 1000000");
  CHECK(must(an.store().save(seen, edit)).new_rows.size() == 400);
  CHECK(an.values(record)["roster"].size() == 400);
}

TEST_CASE("a clock at 1970 or 2099 stops neither saving nor syncing, and its offset is told") {
  for (const std::int64_t wrong : {0LL, 4'080'000'000'000LL}) {
    Fleet fleet;
    Laptop& an = fleet.enrol("An", Role::recorder, "hg");
    Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
    an.clock.ms = wrong;
    const RecordId record = an.create("outreach_session", session_values("Đồng hồ sai"));
    const ExchangeReport report = an.sync();
    CHECK(report.sent == 1);
    CHECK(std::abs(report.clock_offset_ms - (an.clock.ms - fleet.clock.ms)) < 10'000);
    binh.sync();
    CHECK(binh.values(record)["title"] == "Đồng hồ sai");
    // A later edit by somebody who saw it supersedes it, whatever the clocks say.
    binh.edit(record, {{"title", "Đã sửa"}});
    binh.sync();
    an.sync();
    CHECK(an.values(record)["title"] == "Đã sửa");
    CHECK(must(an.store().conflicts()).empty());
  }
}

TEST_CASE(
    "central that goes away in the middle of a push loses nothing: what it had is receipted, the rest goes later") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Form& form = *fleet.catalogue().form("consultation");
  std::vector<Edit> edits;
  for (std::uint64_t i = 0; i < 400; ++i)
    edits.push_back(must(edit_from_json(form, sample_values(form, fleet.catalogue(), i, {2025, 10, 31}))));
  must(an.store().save_all(form, edits));
  int pushes = 0;
  an.transport->on_request = [&](const Request& request) -> std::optional<Error> {
    if (request.path != "/v1/push" || ++pushes <= 2) return std::nullopt;
    return Error{ErrorCode::unreachable, "central is gone"};
  };
  Exchange cut(an.store(), *an.transport);
  const Result<ExchangeReport> report = cut.run();
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::unreachable);
  const StoreStatus status = must(an.store().status());
  CHECK(status.receipted > 0);
  CHECK(status.unsent > 0);
  CHECK(status.receipted + status.unsent == 400);
  fleet.open_central();
  an.transport->on_request = nullptr;
  const ExchangeReport rest = an.sync();
  CHECK(rest.sent == status.unsent);
  CHECK(an.digest() == fleet.central_digest());
}

TEST_CASE("a page that central did not sign, or that was altered on its way, is not taken in at all") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  an.create("outreach_session", session_values("Một"));
  an.sync();
  class Altering final : public SerialTransport {
   public:
    explicit Altering(Transport& inner) : inner_(inner) {}
    Result<Response> answer(const Request& request) override {
      Result<Response> response = inner_.exchange(request);
      if (response && request.path == path::handshake) response->body[response->body.size() / 2] ^= 1;
      return response;
    }

   private:
    Transport& inner_;
  };
  Altering altering(*binh.transport);
  CHECK_FALSE(Exchange(binh.store(), altering).run());
  CHECK(must(binh.store().status()).changes == 0);
  CHECK(binh.sync().received == 1);
}

TEST_CASE("beside a change of a doubtful clock central notes the doubt and, where it can, the time it was") {
  struct Note {
    bool doubted = false;
    std::optional<std::int64_t> corrected_at;
  };
  constexpr std::int64_t hour = 3'600'000, year = 365 * 24 * hour;
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const auto note_of = [&](const RecordId& record) {
    Note note;
    must(guarded([&] {
      Statement statement = fleet.backend().database().prepare(
          "SELECT n.corrected_at FROM clock_note n JOIN change c ON c.number = n.change WHERE c.record = ?");
      statement.bind(record);
      note.doubted = statement.step();
      if (note.doubted && !statement.is_null(0)) note.corrected_at = statement.integer(0);
    }));
    return note;
  };
  fleet.clock.ms += hour;
  an.clock.ms = fleet.clock.ms;
  const RecordId right = an.create("outreach_session", session_values("Đồng hồ đúng"));
  an.clock.ms += 10 * year;
  const std::int64_t saved_at = an.clock.ms;
  const RecordId ahead = an.create("outreach_session", session_values("Nhanh mười năm"));
  fleet.clock.ms += 10'000;  // the fleet's clocks do not run by themselves
  an.clock.ms = fleet.clock.ms + 10 * year;
  an.sync();
  // The clock is off now, so that it says nothing sure about what was written when it was right: that stays possible.
  CHECK(note_of(right).doubted);
  REQUIRE(note_of(ahead).corrected_at);
  CHECK(std::abs(*note_of(ahead).corrected_at - (saved_at - 10 * year)) < 60'000);
  // Somebody sets the clock right before the sync: the impossible time is seen, the true one is not known.
  an.clock.ms = 0;
  const RecordId behind = an.create("outreach_session", session_values("Về 1970"));
  fleet.clock.ms += hour;
  an.clock.ms = fleet.clock.ms;
  const RecordId again = an.create("outreach_session", session_values("Đúng lại"));
  an.sync();
  CHECK(note_of(behind).doubted);
  CHECK_FALSE(note_of(behind).corrected_at);
  CHECK_FALSE(note_of(again).doubted);
  // The note is central's: nothing in the change, and nothing that others see, is different.
  CHECK(must(an.store().history(ahead)).front().at == saved_at);
}

TEST_CASE(
    "after one flipped byte the store is set aside, what is readable is kept, and central gives the rest back") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  std::vector<RecordId> records;
  for (int i = 0; i < 30; ++i)
    records.push_back(an.create("outreach_session", session_values("Buổi " + std::to_string(i))));
  an.sync();
  const std::string before = an.digest();
  an.close();
  const std::filesystem::path file = an.folder.path / "store.db";
  {
    std::fstream stream(file, std::ios::in | std::ios::out | std::ios::binary);
    const auto middle = static_cast<std::streamoff>(std::filesystem::file_size(file) / 2);
    stream.seekg(middle);
    const char byte = static_cast<char>(stream.get() ^ 0x20);
    stream.seekp(middle);
    stream.put(byte);
  }
  CHECK_FALSE(must(store_is_whole(options_of(an))));
  const SalvageReport report = must(salvage_store(options_of(an), {an.clock, an.random, fleet.catalogue()}));
  CHECK(std::filesystem::exists(report.set_aside));
  an.reopen();
  an.sync();
  an.sync();
  CHECK(an.digest() == before);
  CHECK(must(an.store().verify()).ok);
  CHECK(must(an.store().status()).unsent == 0);
}

TEST_CASE("a row that belongs to another record is refused, and nothing is saved") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  nlohmann::json first = session_values("Một");
  first["roster"] = {{{"full_name", "Lê Thị Hai"}}};
  const RecordId one = an.create("outreach_session", first);
  const RecordId two = an.create("outreach_session", session_values("Hai"));
  const std::string row = an.values(one)["roster"][0]["_row"];
  Seen seen = an.open(two);
  const Edit edit =
      must(edit_from_json(*fleet.catalogue().form("outreach_session"),
                          {{"title", "Hai, sửa"}, {"roster", {{{"_row", row}, {"full_name", "Lạc"}}}}}));
  const Result<Saved> refused = an.store().save(seen, edit);
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::invalid_argument);
  CHECK(an.values(two)["title"] == "Hai");
}
