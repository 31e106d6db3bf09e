#include "shared/storage/view_tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "shared/foundation/cbor.h"

namespace fieldpost {
namespace {

// Raised when the same forms and changes give other rows than before, so that stores derive theirs anew.
constexpr std::uint64_t derivation_version = 3;

// A list is walked over an index that holds what it filters by, so that 100,000 entries are looked through in some 10
// ms without reading a row: in the order of records' own dates, in the order of their last changes (which come nearly
// in order, so that a pull has one index alone to scatter over), and those that lack something. What the office goes
// through as a whole (record_by_form) leaves out people, who are the most by far.
//
// The words come folded, one space between them, so the plain tokenizer takes them as they are; `_` keeps our own
// marks (form and author) apart from anything a person can type. Without positions the index is half the size. One
// and two letters have their own lists, since half the vocabulary begins with them; longer beginnings are few words.
constexpr std::string_view common_tables = R"(
  CREATE TABLE IF NOT EXISTS record (
    number INTEGER PRIMARY KEY, record BLOB NOT NULL UNIQUE, form TEXT NOT NULL, form_version INTEGER NOT NULL,
    class TEXT NOT NULL, title TEXT NOT NULL, own_date TEXT NOT NULL, author BLOB NOT NULL, device BLOB NOT NULL,
    at INTEGER NOT NULL, first_author BLOB NOT NULL, first_device BLOB NOT NULL, first_at INTEGER NOT NULL,
    present INTEGER NOT NULL, incomplete INTEGER NOT NULL, conflicts INTEGER NOT NULL, words INTEGER NOT NULL,
    heads_mark BLOB NOT NULL);
  CREATE INDEX IF NOT EXISTS record_by_date ON record (own_date, record, form, first_author) WHERE present;
  CREATE INDEX IF NOT EXISTS record_by_change ON record (at, record, form) WHERE present;
  CREATE INDEX IF NOT EXISTS record_incomplete ON record (own_date, record, form) WHERE present AND incomplete;
  CREATE INDEX IF NOT EXISTS record_by_form
    ON record (form, record, heads_mark, incomplete, conflicts, first_device, first_at, at)
    WHERE present AND class NOT IN ('', 'open', 'person');
  CREATE TABLE IF NOT EXISTS conflict (
    record BLOB NOT NULL, entity BLOB NOT NULL, number INTEGER NOT NULL, option TEXT NOT NULL, id BLOB NOT NULL,
    PRIMARY KEY (record, entity, number, option)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(
    words, content='', contentless_delete=1, detail=none, prefix='1 2', tokenize="ascii tokenchars '_'");
  CREATE TABLE IF NOT EXISTS view_stamp (stamp BLOB NOT NULL);
)";

std::string quoted(std::string_view name) { return fmt::format("\"{}\"", name); }

bool is_stored(const Question& question) { return question.number != 0 && question.type != QuestionType::repeat; }

/// Adds what `table` lacks; the first to come decides a number's name and type, so the newest version comes first.
void add_columns(const std::vector<Question>& questions, ViewTable& table, FormTables& form);

void add_column(const Question& question, ViewTable& table) {
  // The loader keeps the names of the tables' own columns from being taken; a number keeps its newest name, and a
  // name that once belonged to another number gives way to it.
  for (const ViewTable::Column& column : table.columns)
    if (column.number == question.number || column.name == question.name) return;
  table.columns.push_back({question.name, question.number, question.type});
}

ViewTable& repeat_table(const Question& repeat, FormTables& form) {
  for (ViewTable& table : form.repeats)
    if (table.repeat == repeat.number) return table;
  ViewTable& table = form.repeats.emplace_back();
  table.name = form.main.name + "__" + repeat.name;
  table.repeat = repeat.number;
  return table;
}

void add_columns(const std::vector<Question>& questions, ViewTable& table, FormTables& form) {
  for (const Question& question : questions) {
    if (question.type == QuestionType::repeat)
      add_columns(question.questions, repeat_table(question, form), form);
    else if (question.type == QuestionType::group)
      add_columns(question.questions, table, form);
    else if (is_stored(question))
      add_column(question, table);
  }
}

void write_sql(ViewTable& table) {
  const bool is_repeat = table.repeat != 0;
  std::string names = is_repeat ? "record, row, position" : "record";
  std::string marks = is_repeat ? "?, ?, ?" : "?";
  std::string definitions =
      is_repeat ? "record BLOB NOT NULL, row BLOB NOT NULL, position INTEGER NOT NULL" : "record BLOB NOT NULL";
  for (const ViewTable::Column& column : table.columns) {
    names += ", " + quoted(column.name);
    marks += ", ?";
    definitions += ", " + quoted(column.name);
  }
  const std::string name = quoted(table.name);
  table.insert = fmt::format("INSERT OR REPLACE INTO {} ({}) VALUES ({})", name, names, marks);
  table.remove = fmt::format("DELETE FROM {} WHERE record = ?", name);
  table.select = fmt::format("SELECT {} FROM {} WHERE record = ?{}", names, name, is_repeat ? " ORDER BY row" : "");
  // Rows of a roster are small and lie together by their record. A form's own row takes a third of a page: as a key
  // it would spill to a page of its own, for an index holds a quarter of a page at most.
  table.create = fmt::format("CREATE TABLE IF NOT EXISTS {} ({}, PRIMARY KEY ({})){}", name, definitions,
                             is_repeat ? "record, row" : "record", is_repeat ? " WITHOUT ROWID" : "");
  // What leads from a record to those that name it.
  for (const ViewTable::Column& column : table.columns)
    if (!is_repeat && column.type == QuestionType::record)
      table.create_indices.push_back(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {} ({}) WHERE {} IS NOT NULL",
                                                 quoted(table.name + "_by_" + column.name), name, quoted(column.name),
                                                 quoted(column.name)));
}

void add_to_stamp(CborWriter& out, const std::vector<Question>& questions) {
  const auto source = [&](const std::optional<Expression>& expression) {
    out.text(expression ? std::string_view(expression->source()) : std::string_view());
  };
  out.array(questions.size());
  for (const Question& question : questions) {
    out.text(question.name).uint(question.number).uint(static_cast<std::uint64_t>(question.type)).text(question.list);
    out.uint(static_cast<std::uint64_t>(question.severity));
    source(question.relevant);
    source(question.required);
    source(question.constraint);
    source(question.calculation);
    source(question.choice_filter);
    add_to_stamp(out, question.questions);
  }
}

Digest stamp_of(const Catalogue& catalogue) {
  CborWriter out;
  const auto date = [&](const std::optional<CivilDate>& day) { out.text(day ? iso_text(*day) : std::string()); };
  out.uint(derivation_version);
  for (const auto& [name, versions] : catalogue.forms) {
    for (const auto& [version, form] : versions) {
      out.text(name).uint(version).text(class_name(form.record_class)).text(form.title).text(form.date);
      add_to_stamp(out, form.questions);
    }
  }
  for (const auto& [name, list] : catalogue.lists) {
    out.text(name);
    for (const Option& option : list.options) {
      out.text(option.code).text(option.label.vi).text(option.parent);
      date(option.valid_from);
      date(option.valid_to);
      for (const auto& [column, value] : option.columns) out.text(column).text(value);
    }
  }
  for (const auto& [key, place] : catalogue.places.places()) {
    out.text(key).text(place.name);
    date(place.valid_from);
    date(place.valid_to);
  }
  return sha256(out.result());
}

void add_lacking_columns(Database& database, const ViewTable& table) {
  std::set<std::string> there;
  {
    Statement statement = database.prepare("SELECT name FROM pragma_table_info(?)");
    statement.bind(table.name);
    while (statement.step()) there.insert(statement.text(0));
  }
  for (const ViewTable::Column& column : table.columns)
    if (!there.contains(column.name))
      database.execute(fmt::format("ALTER TABLE {} ADD COLUMN {}", quoted(table.name), quoted(column.name)));
}

}  // namespace

const ViewTable::Column* ViewTable::column(std::string_view question) const {
  for (const Column& column : columns)
    if (column.name == question) return &column;
  return nullptr;
}

const ViewTable::Column* ViewTable::place() const {
  const auto found = std::find_if(columns.begin(), columns.end(),
                                  [](const Column& column) { return column.type == QuestionType::place; });
  return found == columns.end() ? nullptr : &*found;
}

const ViewTable* FormTables::repeat(std::uint32_t number) const {
  for (const ViewTable& table : repeats)
    if (table.repeat == number) return &table;
  return nullptr;
}

ViewTables::ViewTables(const Catalogue& catalogue) : stamp_(stamp_of(catalogue)) {
  for (const auto& [name, versions] : catalogue.forms) {
    if (versions.empty()) continue;
    FormTables& tables = forms_[name];
    tables.form = &versions.rbegin()->second;
    tables.main.name = "form_" + name;
    for (auto version = versions.rbegin(); version != versions.rend(); ++version)
      add_columns(version->second.questions, tables.main, tables);
    write_sql(tables.main);
    for (ViewTable& repeat : tables.repeats) write_sql(repeat);
  }
}

const FormTables* ViewTables::of(std::string_view form) const {
  const auto found = forms_.find(form);
  return found == forms_.end() ? nullptr : &found->second;
}

void ViewTables::create(Database& database) const {
  // Rows without this column were derived by an older program: they are dropped and derived anew.
  if (database.integer("SELECT 1 FROM pragma_table_info('record')") &&
      !database.integer("SELECT 1 FROM pragma_table_info('record') WHERE name = 'heads_mark'"))
    database.execute("ALTER TABLE record ADD COLUMN heads_mark BLOB NOT NULL DEFAULT x''");
  database.execute(common_tables);
  for (const auto& [name, tables] : forms_) {
    database.execute(tables.main.create);
    add_lacking_columns(database, tables.main);
    for (const std::string& index : tables.main.create_indices) database.execute(index);
    if (const ViewTable::Column* place = tables.main.place())
      database.execute(fmt::format("CREATE INDEX IF NOT EXISTS {} ON {} ({}, record)",
                                   quoted(tables.main.name + "_by_" + place->name), quoted(tables.main.name),
                                   quoted(place->name)));
    for (const ViewTable& repeat : tables.repeats) {
      database.execute(repeat.create);
      add_lacking_columns(database, repeat);
    }
  }
}

void ViewTables::drop(Database& database) {
  std::vector<std::string> names = {"record", "conflict", "search", "view_stamp"};
  {
    Statement statement =
        database.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name GLOB 'form_*'");
    while (statement.step()) names.push_back(statement.text(0));
  }
  for (const std::string& name : names) database.execute("DROP TABLE IF EXISTS " + quoted(name));
}

}  // namespace fieldpost
