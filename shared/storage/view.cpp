#include "shared/storage/view.h"

#include <algorithm>
#include <set>
#include <unordered_map>

#include "shared/storage/view_rows.h"
#include "shared/storage/view_tables.h"

namespace fieldpost {

namespace {

void bind_cells(Statement& statement, const std::vector<Cell>& cells) {
  int at = 0;
  for (const Cell& cell : cells) {
    ++at;
    if (const auto* number = std::get_if<std::int64_t>(&cell))
      statement.bind_integer(at, *number);
    else if (const auto* real = std::get_if<double>(&cell))
      statement.bind_real(at, *real);
    else if (const auto* text = std::get_if<std::string>(&cell))
      statement.bind_text(at, *text);
    else if (const auto* id = std::get_if<EntityId>(&cell))
      statement.bind_blob(at, id->view());
    else
      statement.bind_null(at);
  }
}

bool same_bytes(BytesView a, BytesView b) { return std::equal(a.begin(), a.end(), b.begin(), b.end()); }

bool holds(const Statement& row, int column, const Cell& cell) {
  if (std::holds_alternative<std::nullptr_t>(cell)) return row.is_null(column);
  if (row.is_null(column)) return false;
  if (const auto* number = std::get_if<std::int64_t>(&cell))
    return row.is_integer(column) && row.integer(column) == *number;
  if (const auto* real = std::get_if<double>(&cell)) return row.real(column) == *real;
  if (const auto* text = std::get_if<std::string>(&cell)) return row.text_view(column) == *text;
  return same_bytes(row.blob(column), std::get<EntityId>(cell).view());
}

std::optional<KnownRecord> known(Database& database, const RecordId& record) {
  Statement statement = database.prepare("SELECT number, form, present, words FROM record WHERE record = ?");
  statement.bind(record);
  if (!statement.step()) return std::nullopt;
  return KnownRecord{statement.integer(0), statement.text(1), statement.integer(2) != 0, statement.integer(3)};
}

/// Takes away a present record's rows beside the one in `record`.
void remove_rows(Database& database, const RecordId& record, const FormTables* tables) {
  database.run("DELETE FROM conflict WHERE record = ?", record);
  if (tables == nullptr) return;
  database.run(tables->main.remove, record);
  for (const ViewTable& repeat : tables->repeats) database.run(repeat.remove, record);
}

void add_rows(Database& database, const DerivedRecord& derived) {
  const RecordState& state = derived.state;
  for (const auto& [table, cells] : derived.rows) {
    Statement insert = database.prepare(table->insert);
    bind_cells(insert, cells);
    insert.run();
  }
  for (const auto& [field, id] : derived.conflicts)
    database.run("INSERT INTO conflict (record, entity, number, option, id) VALUES (?, ?, ?, ?, ?)", state.record,
                 field.entity, field.field.number, field.field.option, id);
}

constexpr std::string_view insert_record =
    "INSERT INTO record (form, form_version, class, title, own_date, author, device, at, first_author, first_device,"
    " first_at, present, incomplete, conflicts, words, heads_mark, record)"
    " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
constexpr std::string_view update_record =
    "UPDATE record SET form = ?, form_version = ?, class = ?, title = ?, own_date = ?, author = ?, device = ?, at = "
    "?,"
    " first_author = ?, first_device = ?, first_at = ?, present = ?, incomplete = ?, conflicts = ?, words = ?,"
    " heads_mark = ? WHERE record = ?";
constexpr std::string_view select_record =
    "SELECT form, form_version, class, title, own_date, author, device, at, first_author, first_device, first_at,"
    " present, incomplete, conflicts, words, heads_mark FROM record WHERE record = ?";

void bind_record(Statement& statement, const DerivedRecord& derived) {
  const RecordState& state = derived.state;
  statement.bind(state.form, state.form_version, derived.class_text, derived.title, derived.own_date,
                 state.last_author, state.last_device, state.last_at, state.first_author, state.first_device,
                 state.first_at, state.present, derived.incomplete, derived.conflicts.size(), derived.words_hash,
                 derived.mark, state.record);
}

bool record_row_holds(const Statement& row, const DerivedRecord& derived) {
  const RecordState& state = derived.state;
  return row.text_view(0) == state.form && row.integer(1) == std::int64_t{state.form_version} &&
         row.text_view(2) == derived.class_text && row.text_view(3) == derived.title &&
         row.text_view(4) == derived.own_date && same_bytes(row.blob(5), state.last_author.view()) &&
         same_bytes(row.blob(6), state.last_device.view()) && row.integer(7) == state.last_at &&
         same_bytes(row.blob(8), state.first_author.view()) && same_bytes(row.blob(9), state.first_device.view()) &&
         row.integer(10) == state.first_at && (row.integer(11) != 0) == state.present &&
         (row.integer(12) != 0) == derived.incomplete &&
         row.integer(13) == static_cast<std::int64_t>(derived.conflicts.size()) &&
         row.integer(14) == derived.words_hash && same_bytes(row.blob(15), derived.mark.view());
}

/// Sum over the distinct words of one text: what the index gives back word by word can be added up in any order.
std::uint64_t word_sum_part(std::string_view word) { return static_cast<std::uint64_t>(hash_of_words(word)); }

std::uint64_t word_sum(std::string_view words) {
  std::set<std::string_view> distinct;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find(' '), words.size());
    distinct.insert(words.substr(0, end));
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  std::uint64_t sum = 0;
  for (const std::string_view word : distinct) sum += word_sum_part(word);
  return sum;
}

std::unordered_map<std::int64_t, std::uint64_t> word_sums_of_index(Database& database) {
  database.execute("CREATE VIRTUAL TABLE IF NOT EXISTS temp.search_words USING fts5vocab(main, search, instance)");
  std::unordered_map<std::int64_t, std::uint64_t> sums;
  Statement statement = database.prepare("SELECT term, doc FROM temp.search_words");
  std::string term;
  std::uint64_t part = 0;
  while (statement.step()) {
    if (statement.text_view(0) != term) {
      term = statement.text(0);
      part = word_sum_part(term);
    }
    sums[statement.integer(1)] += part;
  }
  return sums;
}

}  // namespace

View::View(Database& database, const Catalogue& catalogue)
    : database_(database), catalogue_(catalogue), tables_(std::make_unique<ViewTables>(catalogue)) {}

View::~View() = default;

bool View::create_tables() {
  tables_->create(database_);
  {
    Statement statement = database_.prepare("SELECT stamp FROM view_stamp");
    if (statement.step()) return same_bytes(statement.blob(0), tables_->stamp().view());
  }
  // A new store, or one made before the first rebuild: an empty view is right for every catalogue.
  if (database_.integer("SELECT 1 FROM record LIMIT 1") || database_.integer("SELECT 1 FROM heads LIMIT 1"))
    return false;
  database_.run("INSERT INTO view_stamp (stamp) VALUES (?)", tables_->stamp());
  return true;
}

void View::apply(const RecordId& record, Journal& journal) {
  const std::optional<KnownRecord> before = known(database_, record);
  const RecordHeads heads = journal.heads(record);
  if (heads.empty()) {
    if (!before) return;
    if (before->present) {
      remove_rows(database_, record, tables_->of(before->form));
      database_.run("DELETE FROM search WHERE rowid = ?", before->number);
    }
    database_.run("DELETE FROM record WHERE number = ?", before->number);
    return;
  }
  write(derive_record(record, heads, journal.changes_of(record), catalogue_, *tables_), before);
}

void View::apply_first(const Change& change, const RecordHeads& heads) {
  write(derive_record(change.record, heads, {&change, 1}, catalogue_, *tables_), std::nullopt);
}

void View::write(const DerivedRecord& derived, const std::optional<KnownRecord>& before) {
  if (before && before->present) remove_rows(database_, derived.state.record, tables_->of(before->form));
  {
    Statement row = database_.prepare(before ? update_record : insert_record);
    bind_record(row, derived);
    row.run();
  }
  const std::int64_t number = before ? before->number : database_.last_rowid();
  add_rows(database_, derived);
  if (before && before->words_hash == derived.words_hash) return;
  if (before && before->words_hash != 0) database_.run("DELETE FROM search WHERE rowid = ?", number);
  if (!derived.words.empty()) database_.run("INSERT INTO search (rowid, words) VALUES (?, ?)", number, derived.words);
}

void View::rebuild(Journal& journal) {
  ViewTables::drop(database_);
  tables_->create(database_);
  journal.each_record([&](const RecordId& record, const RecordHeads&) { apply(record, journal); });
  database_.run("INSERT INTO view_stamp (stamp) VALUES (?)", tables_->stamp());
}

std::optional<RecordState> View::state(const RecordId& record, Journal& journal) {
  const RecordHeads heads = journal.heads(record);
  if (heads.empty()) return std::nullopt;
  return derive_state(record, heads, journal.changes_of(record), catalogue_);
}

std::vector<std::string> View::differences(Journal& journal) {
  std::set<std::string> differing;
  std::map<std::string, std::int64_t> expected = {{"record", 0}, {"conflict", 0}};
  for (const auto& [name, tables] : tables_->forms()) {
    expected.emplace(tables.main.name, 0);
    for (const ViewTable& repeat : tables.repeats) expected.emplace(repeat.name, 0);
  }
  std::unordered_map<std::int64_t, std::uint64_t> index = word_sums_of_index(database_);

  journal.each_record([&](const RecordId& record, const RecordHeads& heads) {
    if (heads.empty()) return;
    const DerivedRecord derived = derive_record(record, heads, journal.changes_of(record), catalogue_, *tables_);
    ++expected["record"];
    {
      Statement row = database_.prepare(select_record);
      row.bind(record);
      if (!row.step() || !record_row_holds(row, derived)) differing.insert("record");
    }
    if (const std::optional<KnownRecord> kept = known(database_, record)) {
      const auto found = index.find(kept->number);
      const std::uint64_t indexed = found == index.end() ? 0 : found->second;
      if (indexed != word_sum(derived.words)) differing.insert("search");
      if (found != index.end()) index.erase(found);
    }
    for (auto at = derived.rows.begin(); at != derived.rows.end();) {
      const ViewTable* table = at->first;
      Statement row = database_.prepare(table->select);
      row.bind(record);
      for (; at != derived.rows.end() && at->first == table; ++at) {
        ++expected[table->name];
        bool same = row.step();
        for (std::size_t i = 0; same && i < at->second.size(); ++i)
          same = holds(row, static_cast<int>(i), at->second[i]);
        if (!same) differing.insert(table->name);
      }
    }
    expected["conflict"] += static_cast<std::int64_t>(derived.conflicts.size());
    for (const auto& [field, id] : derived.conflicts)
      if (!database_.integer("SELECT 1 FROM conflict WHERE record = ? AND entity = ? AND number = ? AND option = ?"
                             " AND id = ?",
                             record, field.entity, field.field.number, field.field.option, id))
        differing.insert("conflict");
  });

  // Rows that nothing in the journal accounts for.
  if (!index.empty()) differing.insert("search");
  for (const auto& [table, rows] : expected)
    if (database_.integer("SELECT count(*) FROM \"" + table + "\"") != rows) differing.insert(table);
  return {differing.begin(), differing.end()};
}

std::vector<OpenConflict> View::conflicts() {
  std::vector<OpenConflict> out;
  Statement statement = database_.prepare(
      "SELECT c.id, c.record, c.entity, c.number, c.option, r.form, r.title, r.at FROM conflict c"
      " JOIN record r ON r.record = c.record ORDER BY c.record, c.entity, c.number, c.option");
  while (statement.step()) {
    OpenConflict& conflict = out.emplace_back();
    conflict.id = statement.id<ConflictId>(0);
    conflict.record = statement.id<RecordId>(1);
    conflict.field = {statement.id<EntityId>(2),
                      {static_cast<std::uint32_t>(statement.integer(3)), statement.text(4)}};
    conflict.form = statement.text(5);
    conflict.title = statement.text(6);
    conflict.at = statement.integer(7);
  }
  return out;
}

std::int64_t View::conflict_count() { return database_.integer("SELECT count(*) FROM conflict").value_or(0); }

}  // namespace fieldpost
