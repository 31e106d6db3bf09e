#include "sync/central/central_view.h"

#include <set>

namespace fieldpost {

namespace {

// Changes taken in by one transaction: about 50 ms, which a push beside it waits for unnoticed.
constexpr std::int64_t changes_at_once = 100;

constexpr std::string_view schema = R"(
  CREATE TABLE IF NOT EXISTS view_position (one INTEGER PRIMARY KEY CHECK (one = 1), number INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS view_held (number INTEGER PRIMARY KEY);
  INSERT INTO view_position (one, number) VALUES (1, 0) ON CONFLICT DO NOTHING;
)";

}  // namespace

Result<void> CentralView::create() {
  return guarded([&] {
    Transaction transaction(database_);
    Journal::create_tables(database_);
    database_.execute(schema);
    if (!view_.create_tables()) {
      view_.rebuild(journal_);
      database_.execute(
          "UPDATE view_position SET number = (SELECT coalesce(max(number), 0) FROM change);"
          "DELETE FROM view_held;"
          "INSERT INTO view_held (number) SELECT number FROM change WHERE counts = 0;");
    }
    transaction.commit();
  });
}

bool CentralView::is_current() {
  return !database_.integer("SELECT 1 FROM change WHERE number > (SELECT number FROM view_position) LIMIT 1") &&
         !database_.integer(
             "SELECT 1 FROM view_held h JOIN change c ON c.number = h.number WHERE c.counts = 1 LIMIT 1");
}

bool CentralView::step() {
  Transaction transaction(database_);
  std::set<RecordId> touched;
  std::vector<std::int64_t> released, held;
  std::int64_t position = 0;
  {
    Statement statement = database_.prepare(
        "SELECT h.number, c.record FROM view_held h JOIN change c ON c.number = h.number WHERE c.counts = 1 LIMIT ?");
    statement.bind(changes_at_once);
    while (statement.step()) {
      released.push_back(statement.integer(0));
      touched.insert(statement.id<RecordId>(1));
    }
  }
  {
    Statement statement = database_.prepare(
        "SELECT number, record, counts FROM change WHERE number > (SELECT number FROM view_position)"
        " ORDER BY number LIMIT ?");
    statement.bind(changes_at_once);
    while (statement.step()) {
      position = statement.integer(0);
      if (statement.integer(2) != 0)
        touched.insert(statement.id<RecordId>(1));
      else
        held.push_back(position);
    }
  }
  for (const RecordId& record : touched) view_.apply(record, journal_);
  for (const std::int64_t number : released) database_.run("DELETE FROM view_held WHERE number = ?", number);
  for (const std::int64_t number : held) database_.run("INSERT INTO view_held (number) VALUES (?)", number);
  if (position != 0) database_.run("UPDATE view_position SET number = ?", position);
  transaction.commit();
  return position != 0 || !released.empty();
}

Result<void> CentralView::catch_up() {
  return guarded([&] {
    while (step()) {
    }
  });
}

Result<void> CentralView::begin() {
  if (Result<void> made = create(); !made) return made;
  return guarded([&]() -> Result<void> {
    // A push may come between catching up and looking. After a few tries the look itself keeps pushes waiting.
    for (int attempt = 0;; ++attempt) {
      if (Result<void> caught_up = catch_up(); !caught_up) return caught_up;
      database_.execute(attempt < 5 ? "BEGIN" : "BEGIN IMMEDIATE");
      looking_ = true;
      if (is_current()) return {};
      end();
    }
  });
}

void CentralView::end() {
  if (!looking_) return;
  looking_ = false;
  database_.execute("ROLLBACK");
}

}  // namespace fieldpost
