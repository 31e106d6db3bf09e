// Which tables and columns the forms of a catalogue have in the view, with the SQL to fill and compare them, built
// once. For View, and for whoever asks questions over the view in plain SQL.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "shared/forms/code_list.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

/// The table of a form, or of one of its repeats.
struct ViewTable {
  struct Column {
    std::string name;          // the question's
    std::uint32_t number = 0;  // of its question
    QuestionType type = QuestionType::text;
  };
  std::string name;
  std::uint32_t repeat = 0;     // 0: the form itself
  std::vector<Column> columns;  // after the keys: record, or record, row and position
  std::string insert, remove, select, create;
  std::vector<std::string> create_indices;  // once the columns are there

  const Column* column(std::string_view question) const;
  /// The column of the first place question: lists ask for the records of one commune. Null where there is none.
  const Column* place() const;
};

struct FormTables {
  const Form* form = nullptr;  // the newest version
  ViewTable main;
  std::vector<ViewTable> repeats;

  const ViewTable* repeat(std::uint32_t number) const;
};

class ViewTables {
 public:
  explicit ViewTables(const Catalogue& catalogue);

  /// Null for a form that the catalogue does not know.
  const FormTables* of(std::string_view form) const;
  const std::map<std::string, FormTables, std::less<>>& forms() const { return forms_; }
  /// Changes whenever a form, a code list or this program's way to derive rows changes.
  const Digest& stamp() const { return stamp_; }

  void create(Database& database) const;
  /// Every table of the view, also of forms that are not known any more.
  static void drop(Database& database);

 private:
  std::map<std::string, FormTables, std::less<>> forms_;
  Digest stamp_;
};

}  // namespace fieldpost
