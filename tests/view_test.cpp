// The view: tables that the changes add up to, and nothing else.
#include "shared/storage/view.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "tests/support/changes.h"
#include "tests/support/scratch.h"

using namespace fieldpost;
using namespace fieldpost::test;
using nlohmann::json;

namespace {

/// A journal with its view, as a store has them.
struct Shelf {
  ScratchFolder folder;
  const Catalogue& catalogue;
  std::unique_ptr<Database> database;
  std::unique_ptr<Journal> journal;
  std::unique_ptr<View> view;

  explicit Shelf(const Catalogue& forms) : catalogue(forms) {
    Database::Options options;
    options.path = (folder / "store.db").string();
    auto opened = Database::open(options);
    REQUIRE(opened);
    database = std::move(*opened);
    journal = std::make_unique<Journal>(*database);
    Journal::create_tables(*database);
    view = std::make_unique<View>(*database, catalogue);
    CHECK(view->create_tables());
  }

  void take(const Change& change) {
    Transaction transaction(*database);
    journal->add(change, encode_change(change));
    view->apply(change.record, *journal);
    transaction.commit();
  }

  std::int64_t number(std::string_view sql) { return database->integer(sql).value_or(-1); }
  std::string text(std::string_view sql) {
    Statement statement = database->prepare(sql);
    REQUIRE(statement.step());
    return statement.is_null(0) ? "(null)" : statement.text(0);
  }
  std::size_t hits(std::string_view search) {
    View::Query query;
    query.search = search;
    CHECK(view->count(query) == static_cast<std::int64_t>(view->list(query).size()));
    return view->list(query).size();
  }

  /// Every row of the view but the numbers that depend on the order of arrival, and what the index answers.
  std::string content() {
    std::string out;
    for (const char* sql :
         {"SELECT record, form, form_version, class, title, own_date, author, device, at, first_author, first_device,"
          " first_at, present, incomplete, conflicts, words FROM record ORDER BY record",
          "SELECT * FROM form_visit ORDER BY record", "SELECT * FROM form_visit__roster ORDER BY record, row",
          "SELECT * FROM conflict ORDER BY record, entity, number, option"}) {
      Statement row = database->prepare(sql);
      while (row.step()) {
        for (int i = 0; i < row.columns(); ++i) out += to_hex(row.blob(i)) + "|";
        out += "\n";
      }
    }
    for (const char* word : {"an", "binh", "cuc", "xyz", "khanh", "0912345678"})
      out += std::string(word) + " " + std::to_string(hits(word)) + "\n";
    return out;
  }
};

struct World {
  Catalogue catalogue = small_catalogue();
  const Form& form = *catalogue.form("visit");
  FakeClock clock;
  SeededRandom random{7};
  Shelf shelf{catalogue};
  Author an{clock, random};
  Author binh{clock, random};

  RecordId new_record() { return new_uuid<RecordId>(clock, random); }
  RecordHeads heads(const RecordId& record) { return shelf.journal->heads(record); }
  RecordId keep(const json& values) {
    const RecordId record = new_record();
    shelf.take(an.save(form, record, {}, values));
    return record;
  }
};

}  // namespace

TEST_CASE("a record is one row of its form, with a column for each question") {
  World w;
  w.keep({{"title", "Truyền thông"},
          {"date", "2025-03-02"},
          {"count", 12},
          {"hours", "2.5"},
          {"kind", "hop"},
          {"topics", {"HON", "DAT"}},
          {"place", "32155@post-2025-07"}});
  CHECK(w.shelf.text("SELECT title FROM form_visit") == "Truyền thông");
  CHECK(w.shelf.text("SELECT date FROM form_visit") == "2025-03-02");
  CHECK(w.shelf.number("SELECT count FROM form_visit") == 12);
  CHECK(w.shelf.text("SELECT sum(hours) FROM form_visit") == "2.5");
  CHECK(w.shelf.text("SELECT topics FROM form_visit") == ";DAT;HON;");
  CHECK(w.shelf.text("SELECT phone FROM form_visit") == "(null)");
  CHECK(w.shelf.text("SELECT title FROM record") == "02/03/2025 Truyền thông");
  CHECK(w.shelf.text("SELECT own_date FROM record") == "2025-03-02");
  CHECK(w.shelf.number("SELECT incomplete FROM record") == 0);
  CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
}

TEST_CASE("none of the options is told apart from a question that nobody answered") {
  World w;
  w.keep({{"title", "a"}, {"topics", json::array()}});
  CHECK(w.shelf.text("SELECT topics FROM form_visit") == ";");
}

TEST_CASE("rows of a repeat have a table of their own, and deleted rows leave it") {
  World w;
  const RecordId record =
      w.keep({{"title", "a"}, {"roster", {{{"full_name", "An"}, {"groups", {"DAT"}}}, {{"full_name", "Bình"}}}}});
  CHECK(w.shelf.number("SELECT count(*) FROM form_visit__roster") == 2);
  CHECK(w.shelf.text("SELECT full_name FROM form_visit__roster WHERE position = 2") == "Bình");
  CHECK(w.shelf.text("SELECT groups FROM form_visit__roster WHERE position = 1") == ";DAT;");
  CHECK(w.shelf.hits("binh") == 1);

  const auto state = w.shelf.view->state(record, *w.shelf.journal);
  REQUIRE(state);
  REQUIRE(state->answers.rows.size() == 2);
  const std::string bình = text(state->answers.rows[1].id);
  w.shelf.take(w.an.save(w.form, record, w.heads(record), {{"roster", {{{"_row", bình}, {"_deleted", true}}}}}));
  CHECK(w.shelf.number("SELECT count(*) FROM form_visit__roster") == 1);
  CHECK(w.shelf.hits("binh") == 0);
  CHECK(w.shelf.hits("an") == 1);
  CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
}

TEST_CASE("a deleted record leaves lists, tables and search, and its mark stays") {
  World w;
  const RecordId record = w.keep({{"title", "Đường"}, {"topics", {"DAT"}}, {"roster", {{{"full_name", "An"}}}}});
  w.shelf.take(w.an.save(w.form, record, w.heads(record), {{"_deleted", true}}));
  CHECK(w.shelf.view->list({}).empty());
  CHECK(w.shelf.view->count({}) == 0);
  CHECK(w.shelf.hits("duong") == 0);
  CHECK(w.shelf.number("SELECT count(*) FROM form_visit") == 0);
  CHECK(w.shelf.number("SELECT count(*) FROM form_visit__roster") == 0);
  CHECK(w.shelf.number("SELECT count(*) FROM record WHERE NOT present") == 1);
  CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
}

TEST_CASE("a deletion against an edit is a conflict, and the record stays visible") {
  World w;
  const RecordId record = w.keep({{"title", "a"}});
  const RecordHeads seen = w.heads(record);
  w.shelf.take(w.an.save(w.form, record, seen, {{"_deleted", true}}));
  w.shelf.take(w.binh.save(w.form, record, seen, {{"count", 3}}));
  REQUIRE(w.shelf.view->list({}).size() == 1);
  CHECK(w.shelf.view->list({})[0].conflicts == 1);
  REQUIRE(w.shelf.view->conflicts().size() == 1);
  CHECK(w.shelf.view->conflicts()[0].field == FieldRef{record, {record_presence, ""}});
}

TEST_CASE("rivals stand in the conflict table until a change that saw them all settles them") {
  World w;
  const RecordId record = w.keep({{"title", "a"}, {"count", 1}});
  const RecordHeads seen = w.heads(record);
  w.shelf.take(w.an.save(w.form, record, seen, {{"count", 2}, {"phone", "0912345678"}}));
  w.shelf.take(w.binh.save(w.form, record, seen, {{"count", 3}, {"phone", "0912345678"}}));
  REQUIRE(w.shelf.view->conflict_count() == 1);  // equal phones are no conflict
  const OpenConflict conflict = w.shelf.view->conflicts()[0];
  CHECK(conflict.field == FieldRef{record, {3, ""}});
  CHECK(conflict.id == conflict_id(conflict.field, w.heads(record).of(conflict.field)));
  CHECK(w.shelf.number("SELECT count FROM form_visit") == 3);  // the later one is shown meanwhile
  CHECK(w.shelf.number("SELECT conflicts FROM record") == 1);
  CHECK(w.shelf.view->differences(*w.shelf.journal).empty());

  w.shelf.take(w.binh.save(w.form, record, w.heads(record), {{"count", 2}}));
  CHECK(w.shelf.view->conflict_count() == 0);
  CHECK(w.shelf.number("SELECT conflicts FROM record") == 0);
}

TEST_CASE("search finds words without their marks, beginnings of the last word, places, rows and phone numbers") {
  World w;
  w.keep({{"title", "Truyền thông ấp Đường Đào"},
          {"place", "32155@post-2025-07"},
          {"phone", "0912 345 678"},
          {"roster", {{{"full_name", "Nguyễn Thị Bưởi"}}}}});
  for (const char* found : {"duong", "ĐƯỜNG", "dao", "truyen tho", "khanh an", "buoi", "thi buoi", "0912345678",
                            "0912 345 678", "+84912345678", "0912", "d", "ap duong  truyen"})
    CHECK_MESSAGE(w.shelf.hits(found) == 1, found);
  for (const char* missing : {"uong", "duo truyen", "32155", "visit", "_f_visit", "0912345679"})
    CHECK_MESSAGE(w.shelf.hits(missing) == 0, missing);
}

TEST_CASE("what a person types is never taken as the index's own language") {
  World w;
  w.keep({{"title", "Hòa OR Bình NOT * \"near\" (a) words:x -y"}});
  for (const char* typed : {"hoa OR", "\"near", "not", "(a", "words:x", "-y", "a)", "near(", "bình*", "^hoa"})
    CHECK_MESSAGE(w.shelf.hits(typed) == 1, typed);
  CHECK(w.shelf.hits("hoa OR nothing") == 0);
  CHECK(w.shelf.hits("\"*\"") == 1);  // nothing that can be searched for: everything
}

TEST_CASE("the best answers come first: a mark that is really there, then a whole word, then the newest") {
  World w;
  w.keep({{"title", "Bưởi"}, {"date", "2024-01-01"}});
  w.keep({{"title", "Buoi"}, {"date", "2025-01-01"}});
  w.keep({{"title", "Buoing"}, {"date", "2025-02-01"}});
  View::Query query;
  query.search = "bưởi";
  const auto hits = w.shelf.view->list(query);
  REQUIRE(hits.size() == 3);
  CHECK(hits[0].title == "01/01/2024 Bưởi");
  CHECK(hits[2].title == "01/02/2025 Buoing");
}

TEST_CASE("lists show the newest own date first, page by page, by form and by who made the record") {
  World w;
  for (int day = 1; day <= 9; ++day) w.keep({{"title", "n"}, {"date", "2025-01-0" + std::to_string(day)}});
  const RecordId other = w.new_record();
  w.shelf.take(w.binh.save(w.form, other, {}, {{"title", "n"}, {"date", "2025-01-05"}}));
  w.shelf.take(w.an.save(w.form, other, w.heads(other), {{"count", 1}}));

  View::Query query;
  query.limit = 4;
  query.offset = 1;
  const auto page = w.shelf.view->list(query);
  REQUIRE(page.size() == 4);
  CHECK(iso_text(*page[0].own_date) == "2025-01-08");
  CHECK(iso_text(*page[3].own_date) == "2025-01-05");
  for (const char* search : {"", "n"}) {
    View::Query own;
    own.search = search;
    own.author = w.binh.user;
    REQUIRE(w.shelf.view->list(own).size() == 1);
    CHECK(w.shelf.view->list(own)[0].record == other);
    CHECK(w.shelf.view->list(own)[0].author == w.an.user);  // who wrote last
    CHECK(w.shelf.view->count(own) == 1);
    View::Query form;
    form.search = search;
    form.form = "visit";
    CHECK(w.shelf.view->count(form) == 10);
    form.form = "person";
    CHECK(w.shelf.view->list(form).empty());
  }
}

TEST_CASE("a rule about today is judged on the day of the last save, so that a rebuild next year says the same") {
  World w;
  w.clock.now = 1'741'000'000'000;  // 2025-03-03
  w.keep({{"title", "planned"}, {"date", "2025-03-20"}});
  CHECK(w.shelf.number("SELECT incomplete FROM record") == 1);
  w.clock.now += 365LL * 86'400'000;
  CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
}

TEST_CASE("a record of a form that is not known here keeps its row and shows no answers until the form arrives") {
  World w;
  Catalogue none;
  Shelf shelf(none);
  const RecordId record = w.new_record();
  shelf.take(w.an.save(w.form, record, {}, {{"title", "Đường"}}));
  REQUIRE(shelf.view->list({}).size() == 1);
  CHECK(shelf.view->list({})[0].title.empty());
  CHECK(shelf.view->differences(*shelf.journal).empty());

  View later(*shelf.database, w.catalogue);
  CHECK_FALSE(later.create_tables());
  later.rebuild(*shelf.journal);
  CHECK(later.create_tables());
  CHECK(shelf.text("SELECT title FROM form_visit") == "Đường");
}

TEST_CASE("a new form version brings its column, and older records stay in the same table") {
  World w;
  w.keep({{"title", "old"}});
  const Catalogue two = small_catalogue(2);
  View view(*w.shelf.database, two);
  CHECK_FALSE(view.create_tables());
  const RecordId record = w.new_record();
  const Change change = w.an.save(*two.form("visit"), record, {}, {{"title", "new"}, {"venue", "Nhà văn hóa"}});
  {
    // Before the rebuild the column is there already, so that nothing that arrives fails.
    Transaction transaction(*w.shelf.database);
    w.shelf.journal->add(change, encode_change(change));
    view.apply(record, *w.shelf.journal);
    transaction.commit();
  }
  CHECK(w.shelf.text("SELECT venue FROM form_visit WHERE title = 'new'") == "Nhà văn hóa");
  view.rebuild(*w.shelf.journal);
  CHECK(w.shelf.number("SELECT count(*) FROM form_visit") == 2);
  CHECK(view.differences(*w.shelf.journal).empty());
}

TEST_CASE(
    "the records that name another one are found by an index, in the order they were made, without deleted ones") {
  const Catalogue& catalogue = shipped_catalogue();
  const Form &session = *catalogue.form("outreach_session"), &consultation = *catalogue.form("consultation");
  FakeClock clock;
  SeededRandom random{7};
  Shelf shelf{catalogue};
  Author an{clock, random};
  const auto keep = [&](const Form& form, const json& values) {
    const RecordId record = new_uuid<RecordId>(clock, random);
    shelf.take(an.save(form, record, {}, values));
    return record;
  };
  const RecordId held = keep(session, {{"title", "Buổi"}}), other = keep(session, {{"title", "Buổi khác"}});
  const RecordId first = keep(consultation, {{"full_name", "Lâm Thị Sáu"}, {"session", text(held)}});
  keep(consultation, {{"full_name", "Danh Út"}, {"session", text(other)}});
  keep(consultation, {{"full_name", "Trần Văn Bảy"}});
  const RecordId second = keep(consultation, {{"full_name", "An"}, {"session", text(held)}});
  const auto linked = [&] {
    std::vector<RecordId> records;
    for (const RecordSummary& each : shelf.view->linked("consultation", "session", held))
      records.push_back(each.record);
    return records;
  };
  CHECK(linked() == std::vector<RecordId>{first, second});
  CHECK(shelf.view->linked("consultation", "full_name", held).empty());  // no question that names records
  CHECK(shelf.view->linked("no such form", "session", held).empty());
  shelf.take(an.save(consultation, first, shelf.journal->heads(first), {{"_deleted", true}}));
  CHECK(linked() == std::vector<RecordId>{second});
  Statement plan =
      shelf.database->prepare("EXPLAIN QUERY PLAN SELECT record FROM form_consultation WHERE session = x'00'");
  REQUIRE(plan.step());
  CHECK(plan.text(3).find("form_consultation_by_session") != std::string::npos);
}

TEST_CASE("a view that was altered is noticed, table by table") {
  World w;
  w.keep({{"title", "Đường"}, {"topics", {"DAT"}}, {"roster", {{{"full_name", "An"}}}}});
  const auto altered = [&](std::string_view sql) {
    Transaction transaction(*w.shelf.database);
    w.shelf.database->execute(sql);
    return w.shelf.view->differences(*w.shelf.journal);
  };
  using Names = std::vector<std::string>;
  CHECK(altered("UPDATE record SET title = 'x'") == Names{"record"});
  CHECK(altered("UPDATE form_visit SET title = 'x'") == Names{"form_visit"});
  CHECK(altered("DELETE FROM form_visit__roster") == Names{"form_visit__roster"});
  CHECK(altered("INSERT INTO form_visit (record) VALUES (x'00')") == Names{"form_visit"});
  CHECK(altered("INSERT INTO conflict VALUES (x'00', x'00', 1, '', x'00')") == Names{"conflict"});
  CHECK(altered("DELETE FROM search") == Names{"search"});
  CHECK(altered("INSERT INTO search (rowid, words) VALUES (99, 'x')") == Names{"search"});
  CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
}

TEST_CASE("whatever the order of arrival, the view is the same, and equals its rebuild") {
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    CAPTURE(seed);
    World w;
    SeededRandom random(seed);
    std::vector<RecordId> records;
    for (int i = 0; i < 5; ++i) records.push_back(w.new_record());
    // Each author sees the heads as they stood at some earlier moment: what a laptop without a network has.
    std::map<RecordId, std::vector<RecordHeads>> moments;
    std::map<RecordId, std::vector<EntityId>> rows;
    std::vector<Change> all;
    const std::vector<std::string> words = {"An", "Bình", "Cúc", "Đường"};
    for (int i = 0; i < 60; ++i) {
      const RecordId record = records[random.below(records.size())];
      auto& past = moments[record];
      const RecordHeads seen =
          past.empty() ? RecordHeads() : past[past.size() - 1 - random.below(std::min<std::size_t>(3, past.size()))];
      json values = json::object();
      const auto word = [&] { return words[random.below(words.size())]; };
      switch (random.below(8)) {
        case 0: values["_deleted"] = true; break;
        case 1: values["title"] = nullptr; break;
        case 2: values["topics"] = random.below(2) ? json{"DAT", "HON"} : json::array(); break;
        case 3:
          values["roster"] = json::array({{{"full_name", word()}}, {{"full_name", word()}, {"groups", {"HON"}}}});
          break;
        case 4:
          if (!rows[record].empty())
            values["roster"] =
                json::array({{{"_row", text(rows[record][random.below(rows[record].size())])}, {"_deleted", true}}});
          break;
        case 5: values = {{"place", "32155@post-2025-07"}, {"hours", std::to_string(random.below(9)) + ".5"}}; break;
        case 6: values = {{"count", random.below(3)}, {"phone", "0912345678"}}; break;
        default:
          values = {{"title", word() + " " + word()}, {"date", "2025-0" + std::to_string(1 + random.below(9))}};
      }
      w.clock.now += static_cast<std::int64_t>(random.below(1000)) - 400;  // clocks run backwards, too
      const Change change = (random.below(2) ? w.an : w.binh).save(w.form, record, seen, values);
      for (const FieldRef& field : change.writes)
        if (field.field.number == 20) rows[record].push_back(field.entity);
      w.shelf.take(change);
      all.push_back(change);
      past.push_back(w.heads(record));
    }
    CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
    const std::string content = w.shelf.content();

    Shelf other(w.catalogue);
    for (std::size_t i = all.size(); i > 1; --i) std::swap(all[i - 1], all[random.below(i)]);
    for (const Change& change : all) other.take(change);
    CHECK(other.content() == content);

    w.shelf.view->rebuild(*w.shelf.journal);
    CHECK(w.shelf.content() == content);
    CHECK(w.shelf.view->differences(*w.shelf.journal).empty());
  }
}

TEST_CASE("erased values leave the view, and the record with them when nothing else is left") {
  World w;
  const RecordId record = w.new_record();
  Change change = w.an.save(w.form, record, {}, {{"title", "Đường"}});
  change.erased = true;
  change.values.clear();
  change.reason.reset();
  w.shelf.take(change);
  CHECK(w.shelf.view->list({}).empty());
  CHECK(w.shelf.hits("duong") == 0);
}

TEST_CASE("a list is filtered by day, commune and what lacks, and sorted by when it was changed") {
  World w;
  const RecordId duong =
      w.keep({{"title", "Đường"}, {"date", "2025-03-02"}, {"place", "32155@post-2025-07"}, {"count", 1}});
  const RecordId dao = w.keep({{"title", "Dao"}, {"date", "2025-03"}});
  const RecordId an = w.keep({{"title", "Ấp An"}, {"date", "2024-01-05"}});
  const auto found = [&](const View::Query& query) {
    std::vector<RecordId> records;
    for (const RecordSummary& row : w.shelf.view->rows(w.shelf.view->order(query))) records.push_back(row.record);
    CHECK(w.shelf.view->count(query) == static_cast<std::int64_t>(records.size()));
    return records;
  };
  View::Query query;
  CHECK(found(query).size() == 3);
  query.from = CivilDate{2025, 0, 0};
  CHECK(found(query).size() == 2);
  query.to = CivilDate{2025, 3, 0};
  CHECK(found(query) == std::vector<RecordId>{duong, dao});
  query.from = query.to = CivilDate{2025, 3, 2};
  CHECK(found(query) == std::vector<RecordId>{duong});
  query = {};
  query.place = "32155@post-2025-07";
  CHECK(found(query) == std::vector<RecordId>{duong});
  query.search = "dao";
  CHECK(found(query).empty());
  query.place = "1@none";
  query.search.clear();
  CHECK(found(query).empty());
  query = {};
  query.incomplete = true;
  CHECK(found(query).empty());
  query = {};
  query.in_conflict = true;
  CHECK(found(query).empty());
  query = {};
  query.order = View::Query::Order::changed;
  CHECK(found(query) == std::vector<RecordId>{an, dao, duong});
  query.ascending = true;
  CHECK(found(query) == std::vector<RecordId>{duong, dao, an});
  CHECK(w.shelf.view->counts() == std::map<std::string, std::int64_t>{{"visit", 3}});
}

TEST_CASE("titles are sorted as Vietnamese sorts: d before đ, marks after letters") {
  World w;
  std::vector<RecordId> sorted;
  for (const char* title : {"An", "Ấp", "Dao", "Đường", "Ếch"}) sorted.push_back(w.keep({{"title", title}}));
  View::Query query;
  query.order = View::Query::Order::title;
  query.ascending = true;
  std::vector<RecordId> found;
  for (const RecordSummary& row : w.shelf.view->rows(w.shelf.view->order(query))) found.push_back(row.record);
  CHECK(found == sorted);
  query.ascending = false;
  CHECK(w.shelf.view->rows(w.shelf.view->order(query)).front().record == sorted.back());
}

TEST_CASE("a list's columns are read off the record's row as its answers say it") {
  World w;
  const RecordId record =
      w.keep({{"title", "Đường"}, {"date", "2025-03"}, {"hours", 2.5}, {"topics", {"DAT", "HON"}}, {"count", 7}});
  const Form& form = w.form;
  const auto number = [&](const char* name) { return form.find(name)->number; };
  const std::vector<std::uint32_t> asked = {number("title"),  number("date"),  number("hours"),
                                            number("topics"), number("count"), number("phone")};
  const Fields fields = w.shelf.view->answers(record, "visit", asked);
  const auto state = w.shelf.view->state(record, *w.shelf.journal);
  REQUIRE(state);
  for (const auto& [key, value] : fields) CHECK(state->answers.fields.at(key) == value);
  CHECK(fields.size() == 7);  // two topics, and that they were answered
  CHECK(w.shelf.view->answers(record, "unknown", asked).empty());
}

TEST_CASE("lists walk their indexes: the newest by date without a sort, a commune without reading every record") {
  World w;
  const auto plan = [&](const std::string& sql) {
    std::string out;
    Statement statement = w.shelf.database->prepare("EXPLAIN QUERY PLAN " + sql);
    while (statement.step()) out += statement.text(3) + "\n";
    return out;
  };
  const std::string newest =
      plan("SELECT r.number FROM record r WHERE r.present ORDER BY r.own_date DESC, r.record DESC");
  CHECK(newest.find("USING INDEX record_by_date") != std::string::npos);
  CHECK(newest.find("TEMP B-TREE") == std::string::npos);
  const std::string days = plan(
      "SELECT r.number FROM record r WHERE r.present AND r.own_date >= '2025' AND r.own_date <= '2025-03~'"
      " ORDER BY r.own_date DESC, r.record DESC");
  CHECK(days.find("SEARCH r USING INDEX record_by_date") != std::string::npos);
  const std::string changed = plan("SELECT r.number FROM record r WHERE r.present ORDER BY r.at DESC, r.record DESC");
  CHECK(changed.find("record_by_change") != std::string::npos);
  CHECK(changed.find("TEMP B-TREE") == std::string::npos);
  const std::string lacking =
      plan("SELECT r.number FROM record r WHERE r.present AND r.incomplete ORDER BY r.own_date DESC, r.record DESC");
  CHECK(lacking.find("record_incomplete") != std::string::npos);
  CHECK(lacking.find("TEMP B-TREE") == std::string::npos);
  const std::string commune = plan("SELECT record FROM form_visit WHERE place = ''");
  CHECK(commune.find("USING COVERING INDEX form_visit_by_place") != std::string::npos);
}
