// The view as it was: temporary tables under the names of the view's, which SQLite finds first.
#include <fmt/format.h>

#include <set>

#include "shared/storage/view.h"
#include "shared/storage/view_rows.h"
#include "shared/storage/view_tables.h"

namespace fieldpost {

void View::shadow(Database& database, const Catalogue& catalogue, std::span<const RecordId> records,
                  const std::function<std::vector<Change>(const RecordId&)>& changes) {
  unshadow(database);
  View view(database, catalogue);
  std::vector<std::string> names = {"record", "conflict"};
  for (const auto& [name, tables] : view.tables_->forms()) {
    names.push_back(tables.main.name);
    for (const ViewTable& repeat : tables.repeats) names.push_back(repeat.name);
  }
  // While these are tables, what is derived goes into them; the index of words is not asked for its past.
  for (const std::string& name : names)
    database.execute(fmt::format("CREATE TEMP TABLE \"{0}\" AS SELECT * FROM main.\"{0}\" WHERE 0", name));
  database.execute(
      "CREATE TEMP TABLE search (words); CREATE TEMP TABLE shadowed (record BLOB PRIMARY KEY) WITHOUT ROWID");
  for (const RecordId& record : records) {
    database.run("INSERT INTO temp.shadowed (record) VALUES (?)", record);
    const std::vector<Change> then = changes(record);
    RecordHeads heads;
    std::set<ChangeId> applied;
    for (const Change& change : then) {
      heads.apply(change, [&](const ChangeId& id) { return applied.contains(id); });
      applied.insert(change.id);
    }
    if (!heads.empty()) view.write(derive_record(record, heads, then, catalogue, *view.tables_), std::nullopt);
  }
  database.execute("DROP TABLE temp.search");
  for (const std::string& name : names)
    database.execute(
        fmt::format("ALTER TABLE temp.\"{0}\" RENAME TO \"then_{0}\";"
                    "CREATE TEMP VIEW \"{0}\" AS SELECT * FROM main.\"{0}\" WHERE record NOT IN (SELECT record FROM "
                    "temp.shadowed) UNION ALL SELECT * FROM temp.\"then_{0}\"",
                    name));
}

void View::unshadow(Database& database) {
  if (!database.integer("SELECT 1 FROM temp.sqlite_schema WHERE name = 'shadowed'")) return;
  std::vector<std::string> drops;
  {
    Statement statement = database.prepare(
        "SELECT type, name FROM temp.sqlite_schema s WHERE name = 'shadowed' OR substr(name, 1, 5) = 'then_'"
        " OR (type = 'view' AND EXISTS (SELECT 1 FROM temp.sqlite_schema t WHERE t.name = 'then_' || s.name))"
        " ORDER BY type DESC");
    while (statement.step())
      drops.push_back(fmt::format("DROP {} temp.\"{}\"", statement.text(0), statement.text(1)));
  }
  for (const std::string& drop : drops) database.execute(drop);
}

}  // namespace fieldpost
