// Closed windows: figures that do not move, made again to the byte on another laptop, and what came late.
#include "shared/reports/closing.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

const ReportWindow september = {*parse_iso_date("2025-09-01"), *parse_iso_date("2025-09-30"), {}};
const ReportWindow third_quarter = {*parse_iso_date("2025-07-01"), *parse_iso_date("2025-09-30"), {}};

/// A connection of its own beside a laptop's store, as reports have one.
std::unique_ptr<Database> beside(Laptop& laptop) {
  Database::Options options;
  options.path = (laptop.folder.path / "store.db").string();
  SymmetricKey key;
  key.bytes.fill(7);
  options.key = key;
  return must(Database::open(options));
}

DeploymentId deployment(Laptop& laptop) { return must(laptop.store().identity())->deployment(); }

std::string figures(Database& view, const Catalogue& catalogue) {
  return report_json(must(make_report(view, catalogue, *find_report("programmes"), september, {}))).dump();
}

std::string figures_now(Laptop& laptop) { return figures(*beside(laptop), laptop.store().catalogue()); }

Result<std::string> figures_of(Laptop& laptop, const DataState& state) {
  const auto view = beside(laptop);
  view->execute("BEGIN");
  const Result<std::int64_t> shown = show_as_of(*view, laptop.store().catalogue(), deployment(laptop), state);
  if (!shown) return shown.error();
  return figures(*view, laptop.store().catalogue());
}

RecordId session(Laptop& laptop, const std::string& day, int headcount) {
  return laptop.create(
      "outreach_session",
      {{"title", "Buổi " + day}, {"date", day}, {"headcount_total", headcount}, {"programmes", {"MTQG_NTM_2125"}}});
}

struct Month {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "cm");
  Laptop& ngoc = fleet.enrol("Ngọc", Role::reconciler, "tt");
  Laptop& phuc = fleet.enrol("Phúc", Role::reconciler, "tt");
  RecordId early = session(an, "2025-09-05", 40), moved = session(an, "2025-09-12", 25),
           taken_back = session(binh, "2025-09-20", 31);

  Month() { sync(); }
  void sync() {
    for (int round = 0; round < 2; ++round)
      for (Laptop* laptop : {&an, &binh, &ngoc, &phuc}) laptop->sync();
  }
  ReportLock close() {
    must(close_window(ngoc.store(), september, "đã đối chiếu với danh sách ký tên"));
    return must(locks(ngoc.store().database())).at(0);
  }
};

}  // namespace

TEST_CASE(
    "the figures of a closed window do not move, whatever comes late, and are the same bytes on another laptop") {
  Month month;
  const std::string closed = figures_now(month.ngoc);
  const ReportLock lock = month.close();
  CHECK((must(figures_of(month.ngoc, lock.state)) == closed));

  // A boat comes in: a new session, an edit, a date that moves away, a deletion.
  const RecordId late = session(month.binh, "2025-09-28", 77);
  month.an.edit(month.early, {{"headcount_total", 44}});
  month.an.edit(month.moved, {{"date", "2025-10-01"}});
  month.binh.edit(month.taken_back, {{"_deleted", true}});
  session(month.an, "2025-10-02", 12);  // of no concern to September
  month.sync();
  CHECK((figures_now(month.ngoc) != closed));
  CHECK((must(figures_of(month.ngoc, lock.state)) == closed));
  CHECK((must(figures_of(month.phuc, lock.state)) == closed));
  const std::vector<ReportLock> elsewhere = must(locks(month.phuc.store().database()));
  REQUIRE(elsewhere.size() == 1);
  CHECK(elsewhere[0].state.text() == lock.state.text());

  const auto view = beside(month.ngoc);
  view->execute("BEGIN");
  std::vector<RecordId> expected = {month.early, month.moved, month.taken_back, late};
  std::sort(expected.begin(), expected.end());
  CHECK(must(late_records(*view, month.ngoc.store().catalogue(), deployment(month.ngoc), lock)) == expected);
}

TEST_CASE("two laptops that hold the same name their state with the same bytes") {
  Month month;
  const DataState one = data_state(month.ngoc.store().database(), deployment(month.ngoc));
  const DataState other = data_state(month.phuc.store().database(), deployment(month.phuc));
  CHECK(one.text() == other.text());
  CHECK(one.id() == other.id());
  CHECK(must(DataState::parse(one.text())).text() == one.text());
  month.ngoc.edit(month.early, {{"headcount_total", 41}});
  CHECK(data_state(month.ngoc.store().database(), deployment(month.ngoc)).id() != one.id());
}

TEST_CASE("a state that is not all here is refused, and the journal that lacks is named") {
  Month month;
  session(month.an, "2025-09-29", 9);
  month.an.sync();
  month.ngoc.sync();
  const ReportLock lock = month.close();
  const Result<std::string> made = figures_of(month.phuc, lock.state);
  REQUIRE_FALSE(made);
  CHECK(made.error().code == ErrorCode::not_found);
  CHECK(made.error().message.find(text(must(month.an.store().identity())->device())) != std::string::npos);
  month.phuc.sync();
  CHECK(figures_of(month.phuc, lock.state).has_value());
}

TEST_CASE("a state is read back word by word, and a damaged one names its line") {
  CHECK_FALSE(DataState::parse("một hai ba\n"));
  Month month;
  std::string text = data_state(month.ngoc.store().database(), deployment(month.ngoc)).text();
  text.insert(text.find('\n') + 1, "00 11 0 22\n");
  const Result<DataState> parsed = DataState::parse(text);
  REQUIRE_FALSE(parsed);
  CHECK(parsed.error().message.find("line 2") != std::string::npos);
}

TEST_CASE("a lock that does not say what it closed, or from which state, closes nothing and stops no report") {
  Month month;
  const std::string before = figures_now(month.ngoc);
  month.ngoc.create("report_lock", {{"from", "2025-09-01"}, {"to", "2025-09-30"}});
  month.ngoc.create("report_lock", {{"from", "2025-09-01"}, {"to", "2025-09-30"}, {"state", "một hai ba"}});
  const RecordId no_days = month.ngoc.create("report_lock", {{"note", "quên ghi kỳ"}});
  const std::vector<ReportLock> all = must(locks(month.ngoc.store().database()));
  CHECK(all.size() == 3);
  for (const ReportLock& lock : all) CHECK_FALSE(lock.is_whole);
  CHECK(std::count_if(all.begin(), all.end(), [&](const ReportLock& lock) { return lock.record == no_days; }) == 1);
  CHECK(lock_of(all, september) == nullptr);
  CHECK(locks_within(all, third_quarter).empty());
  const auto view = beside(month.ngoc);
  view->execute("BEGIN");
  CHECK_FALSE(must(show_lock_of(*view, month.ngoc.store().catalogue(), deployment(month.ngoc), september)));
  CHECK((figures(*view, month.ngoc.store().catalogue()) == before));
  must(close_window(month.ngoc.store(), september, "lần này đủ"));
  CHECK(lock_of(must(locks(month.ngoc.store().database())), september) != nullptr);
}

TEST_CASE("a change that central held back when the window was closed is late when it is released") {
  Fleet fleet;
  Catalogue old = shipped_catalogue();
  old.forms.erase("training_class");
  fleet.use_catalogue(old);
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  fleet.use_catalogue(shipped_catalogue());
  an.reopen();
  fleet.use_catalogue(old);
  Laptop& ngoc = fleet.enrol("Ngọc", Role::reconciler, "tt");
  fleet.use_catalogue(shipped_catalogue());
  ngoc.reopen();
  fleet.use_catalogue(old);
  const Form* form = shipped_catalogue().form("training_class");
  Seen seen = an.store().start(*form);
  must(an.store().save(
      seen, must(edit_from_json(
                *form, {{"date", "2025-09-10"}, {"title", "Tập huấn"}, {"programmes", {"MTQG_NTM_2125"}}}))));
  session(an, "2025-09-11", 20);
  an.sync();
  ngoc.sync();
  const std::string closed = figures_now(ngoc);
  must(close_window(ngoc.store(), september, "hết tháng"));
  const ReportLock lock = must(locks(ngoc.store().database())).at(0);
  fleet.use_catalogue(shipped_catalogue());  // central is brought up to date: what it held counts now
  an.sync();
  ngoc.sync();
  CHECK((figures_now(ngoc) != closed));
  CHECK((must(figures_of(ngoc, lock.state)) == closed));
}

TEST_CASE("a window is closed once, and the director alone opens it again") {
  Month month;
  Laptop& director = month.fleet.enrol("Giám đốc", Role::director, "tt");
  const ReportLock lock = month.close();
  const Result<RecordId> twice = close_window(month.ngoc.store(), september, "lần nữa");
  REQUIRE_FALSE(twice);
  CHECK(twice.error().code == ErrorCode::invalid_argument);
  month.sync();
  director.sync();
  must(reopen_window(month.phuc.store(), lock.record, "thiếu một buổi", september.to));
  month.phuc.sync();
  month.ngoc.sync();
  CHECK(must(month.phuc.store().status()).held == 1);  // only its own laptop sees it
  CHECK(lock_of(must(locks(month.ngoc.store().database())), september) != nullptr);
  must(reopen_window(director.store(), lock.record, "thiếu một buổi", september.to));
  director.sync();
  month.sync();
  CHECK(lock_of(must(locks(month.ngoc.store().database())), september) == nullptr);
  CHECK_FALSE(reopen_window(director.store(), lock.record, "lại", september.to));
  // Closed again, it keeps the later state; the first lock stays to be read.
  must(close_window(month.ngoc.store(), september, "đã bổ sung"));
  const std::vector<ReportLock> both = must(locks(month.ngoc.store().database()));
  CHECK(both.size() == 2);
  REQUIRE(lock_of(both, september) != nullptr);
  CHECK(lock_of(both, september)->record != lock.record);
}

TEST_CASE("a longer window shows what came late for the closed ones in it, as adjustments of their figures") {
  Month month;
  const ReportLock lock = month.close();
  const RecordId late = session(month.binh, "2025-09-28", 77);
  month.an.edit(month.early, {{"headcount_total", 44}});
  session(month.an, "2025-08-02", 12);
  month.sync();
  const auto view = beside(month.ngoc);
  view->execute("BEGIN");
  const Catalogue& catalogue = month.ngoc.store().catalogue();
  const ReportDefinition& programmes = *find_report("programmes");
  const std::vector<ReportLock> all = must(locks(*view));
  const std::vector<Adjustment> adjusted =
      must(adjustments(*view, catalogue, deployment(month.ngoc), programmes, third_quarter, {}, all));
  REQUIRE(adjusted.size() == 1);
  CHECK(adjusted[0].lock->record == lock.record);
  CHECK(adjusted[0].late.size() == 2);
  CHECK(std::count(adjusted[0].late.begin(), adjusted[0].late.end(), late) == 1);
  std::int64_t closed = 0, now = 0;
  for (const Adjustment::Figure& figure : adjusted[0].figures)
    if (figure.line == "total" && figure.column == "participants.estimated.total") {
      closed = figure.closed;
      now = figure.now;
    }
  CHECK(closed == 96'000);
  CHECK(now == 177'000);
  // Afterwards the connection shows what is here now.
  CHECK((figures(*view, catalogue) == figures_now(month.ngoc)));
}

TEST_CASE("a longer window knows the closed ones in it, whose late records it takes in") {
  Month month;
  const ReportLock lock = month.close();
  const std::vector<ReportLock> all = must(locks(month.ngoc.store().database()));
  const std::vector<const ReportLock*> within = locks_within(all, third_quarter);
  REQUIRE(within.size() == 1);
  CHECK(within[0]->record == lock.record);
  CHECK(locks_within(all, september).empty());
}
