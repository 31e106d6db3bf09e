#include "shared/storage/people.h"

#include <fmt/format.h>

#include "shared/storage/sqlite.h"
#include "shared/storage/view_tables.h"

namespace fieldpost {
namespace {

const ViewTable::Column* column(const ViewTable& table, std::string_view name, QuestionType type) {
  for (const ViewTable::Column& each : table.columns)
    if (each.name == name && each.type == type) return &each;
  return nullptr;
}

/// An SQL expression for the answer, NULL where the form does not ask for it.
std::string answer(const ViewTable* table, std::string_view alias, std::string_view name, QuestionType type) {
  if (table == nullptr || column(*table, name, type) == nullptr) return "NULL";
  return fmt::format("{}.\"{}\"", alias, name);
}

bool names_people(const ViewTable& table) {
  return column(table, "full_name", QuestionType::text) != nullptr &&
         column(table, "sex", QuestionType::select_one) != nullptr;
}

/// People named by the rows of `people`: the form's own table, or one of its repeats.
std::string query(const FormTables& form, const ViewTable& people) {
  using enum QuestionType;
  const bool in_rows = people.repeat != 0;
  // The hamlet of a consultation is where it was held; that of a line or of a person's own record is their home.
  const bool has_home = in_rows || form.form->record_class == RecordClass::person;
  std::string sql = fmt::format(
      "SELECT r.record, r.own_date, {}, t.full_name, t.sex, {}, {}, {}, {}, {} FROM record r"
      " JOIN \"{}\" m ON m.record = r.record",
      answer(&form.main, "m", "place", place), answer(&people, "t", "birth_date", date),
      answer(&people, "t", "ethnicity", select_one), answer(has_home ? &people : nullptr, "t", "hamlet", text),
      answer(&people, "t", "phone", text), answer(&people, "t", "citizen_number", text), form.main.name);
  sql += fmt::format(" JOIN \"{}\" t ON t.record = r.record WHERE r.form = ? AND r.present AND t.full_name <> ''",
                     people.name);
  if (const ViewTable::Column* secret = column(form.main, "confidential", select_one))
    sql += fmt::format(
        " AND m.confidential IS NOT 'yes' AND NOT EXISTS (SELECT 1 FROM conflict c WHERE c.record = r.record"
        " AND c.entity = r.record AND c.number = {})",
        secret->number);
  return sql;
}

std::optional<CivilDate> date_in(const Statement& row, int at) {
  const Result<CivilDate> date = parse_iso_date(row.text_view(at));
  return date ? std::optional(*date) : std::nullopt;
}

/// False: no more are wanted.
bool read(Database& database, const std::string& form, const std::string& sql,
          const std::function<bool(const MetPerson&)>& visit) {
  Statement row = database.prepare(sql);
  row.bind(form);
  while (row.step()) {
    MetPerson person;
    person.record = row.id<RecordId>(0);
    person.on = date_in(row, 1);
    person.place = row.text(2);
    person.name = row.text(3);
    person.sex = row.text(4);
    person.birth = date_in(row, 5);
    person.ethnicity = row.text(6);
    person.hamlet = row.text(7);
    person.phone = row.text(8);
    person.citizen_number = row.text(9);
    if (!visit(person)) return false;
  }
  return true;
}

}  // namespace

Result<void> each_person(const Store::Options& store, const Catalogue& catalogue, Consultations consultations,
                         const std::function<bool(const MetPerson&)>& visit) {
  Database::Options options;
  options.path = (store.home / "store.db").string();
  if (store.encrypted) options.key = store.key;
  options.vfs = store.vfs;
  options.create = false;
  Result<std::unique_ptr<Database>> database = Database::open(options);
  if (!database) return database.error();
  return guarded([&] {
    const ViewTables tables(catalogue);
    for (const auto& [name, form] : tables.forms()) {
      switch (form.form->record_class) {
        case RecordClass::session:
          for (const ViewTable& repeat : form.repeats)
            if (names_people(repeat) && !read(**database, name, query(form, repeat), visit)) return;
          break;
        case RecordClass::consultation:
          if (consultations == Consultations::left_out) break;
          [[fallthrough]];
        case RecordClass::person:
          if (names_people(form.main) && !read(**database, name, query(form, form.main), visit)) return;
          break;
        case RecordClass::open:
        case RecordClass::case_file: break;
      }
    }
  });
}

}  // namespace fieldpost
