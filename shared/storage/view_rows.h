// One record's rows in the view, derived from its changes: what apply() writes and differences() compares with.
// Inside of View, shared by its .cpp files and nobody else.
#pragma once

#include <span>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "shared/model/heads_mark.h"
#include "shared/storage/view.h"
#include "shared/storage/view_tables.h"

namespace fieldpost {

using Cell = std::variant<std::nullptr_t, std::int64_t, double, std::string, EntityId>;

/// What the store has about a record already.
struct KnownRecord {
  std::int64_t number = 0;
  std::string form;
  bool present = false;
  std::int64_t words_hash = 0;
};

struct DerivedRecord {
  RecordState state;
  HeadsMark mark;
  const FormTables* tables = nullptr;  // null: a form that is not known here
  std::string class_text, title, own_date;
  bool incomplete = false;

  std::string words;  // what the search index holds: folded words, one space between them
  std::int64_t words_hash = 0;

  /// Keys and answers in the order of the table's columns; the form's own row first, then rows ascending by id within
  /// a repeat. Nothing for a deleted record.
  std::vector<std::pair<const ViewTable*, std::vector<Cell>>> rows;
  std::vector<std::pair<FieldRef, ConflictId>> conflicts;  // ascending
};

/// `changes` are all changes of the record that count. `heads` is not empty.
DerivedRecord derive_record(const RecordId& record, const RecordHeads& heads, std::span<const Change> changes,
                            const Catalogue& catalogue, const ViewTables& tables);
/// The state alone.
RecordState derive_state(const RecordId& record, const RecordHeads& heads, std::span<const Change> changes,
                         const Catalogue& catalogue);

/// The mark in the search index for all records of a form, or made by one author. No typed word begins like it.
std::string form_mark(std::string_view form);
std::string author_mark(const UserId& author);
std::int64_t hash_of_words(std::string_view words);

}  // namespace fieldpost
