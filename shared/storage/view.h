// The view: ordinary tables for asking, derived from heads and changes and nothing else. One table a form with a
// column a question, one table a repeat, one row a record in `record`, open conflicts, and a folded full-text index.
// Rebuilding it gives the same bytes in every row; a new form version is a rebuild, not a migration.
//
//   record(number, record, form, form_version, class, title, own_date, author, device, at,
//          first_author, first_device, first_at, present, incomplete, conflicts, words, heads_mark)
//   form_<form>(record, <question> …)
//   form_<form>__<repeat>(record, row, position, <question> …)
//   conflict(record, entity, number, option, id)
//   search(words)                                     FTS5 without content; its rowid is record.number
//
// Multi-selects are `;CODE;CODE;`, dates ISO text, decimals real numbers, references the id's bytes, attachments
// their digest in hex. Records that are deleted keep their row in `record` (present = 0) and nothing else. A record's
// unit is that of `first_device`. `number` is the order in which records first came to this store and means nothing
// elsewhere.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/forms/validation.h"
#include "shared/model/merge.h"
#include "shared/storage/journal.h"

namespace fieldpost {

/// What one record adds up to now.
struct RecordState {
  RecordId record;
  std::string form;
  std::uint32_t form_version = 0;  // of the newest change by (at, id)
  bool present = false;            // false: deleted, everywhere agreed
  Answers answers;                 // shown values; deleted rows left out
  std::map<FieldRef, FieldState> conflicts;
  /// Who wrote last, by (at, id), and who made the record.
  UserId last_author, first_author;
  DeviceId last_device, first_device;
  std::int64_t last_at = 0, first_at = 0;
};

/// Pure: heads and changes -> state. `form` tells rows by their repeat; without it (unknown form) rows stay apart by
/// their presence field alone.
RecordState record_state(const RecordId& record, const RecordHeads& heads, const FindChange& find, const Form* form);

struct RecordSummary {
  RecordId record;
  std::string form;
  std::string title;
  std::optional<CivilDate> own_date;
  UserId author;
  std::int64_t at = 0;
  bool incomplete = false;
  int conflicts = 0;
};

struct OpenConflict {
  ConflictId id;
  RecordId record;
  FieldRef field;
  std::string form;
  std::string title;    // of the record
  std::int64_t at = 0;  // of its newest change
};

class ViewTables;
struct DerivedRecord;
struct KnownRecord;

class View {
 public:
  View(Database& database, const Catalogue& catalogue);
  ~View();

  // These run inside the caller's transaction and throw SqlError.
  /// Makes the tables of every form of the catalogue that lack, and adds the columns that lack. True when the view
  /// was derived with this very catalogue; otherwise `rebuild` brings it up to date.
  bool create_tables();
  /// Derives one record's rows anew. Nothing in them depends on when that happens: rules that ask for today are
  /// judged on the day of the record's last save.
  void apply(const RecordId& record, Journal& journal);
  /// The same for a record that is new here, whose only change and heads are at hand.
  void apply_first(const Change& change, const RecordHeads& heads);
  void rebuild(Journal& journal);
  /// Compares every derived row with what a rebuild gives; the names of tables that differ.
  std::vector<std::string> differences(Journal& journal);

  std::optional<RecordState> state(const RecordId& record, Journal& journal);
  /// On this connection, until `unshadow`, the view's tables show these records as they follow from the changes that
  /// `changes` gives for each, in the order they came (none: there is no such record); all others as they are. The
  /// caller holds a transaction.
  static void shadow(Database& database, const Catalogue& catalogue, std::span<const RecordId> records,
                     const std::function<std::vector<Change>(const RecordId&)>& changes);
  static void unshadow(Database& database);

  struct Query {
    std::string form;    // empty: all
    std::string search;  // every word must be found, folded; empty: all
    std::size_t limit = 200;
    std::size_t offset = 0;
    std::optional<UserId> author;       // who made the record: "own"
    std::string place;                  // the key of the commune that the record's first place question names
    std::optional<CivilDate> from, to;  // its own date, both days included
    enum class Holding { any, on_this_laptop, at_central, needs_attention } holding = Holding::any;
    bool incomplete = false, in_conflict = false;  // only those
    /// natural: newest own date first; with a search, best matches first.
    enum class Order { natural, date, title, changed } order = Order::natural;
    bool ascending = false;  // of the others
  };
  /// In natural order.
  std::vector<RecordSummary> list(const Query& query);
  std::int64_t count(const Query& query);
  /// The records of `form` whose record question `link` names `record`, in the order they were made.
  std::vector<RecordSummary> linked(std::string_view form, std::string_view link, const RecordId& record);
  /// How many present records there are of each form.
  std::map<std::string, std::int64_t> counts();
  /// The numbers of all records that fit, in the order asked for, whatever limit and offset say: what a list of
  /// 100,000 needs to show any of its pages at once.
  std::vector<std::int64_t> order(const Query& query);
  /// The records of these numbers, those that are gone left out.
  std::vector<RecordSummary> rows(std::span<const std::int64_t> numbers);
  /// A present record's own answers to these questions, read off its row: what a list shows in its columns. Files are
  /// left out.
  Fields answers(const RecordId& record, std::string_view form, std::span<const std::uint32_t> questions);
  std::vector<OpenConflict> conflicts();
  std::int64_t conflict_count();

 private:
  void write(const DerivedRecord& derived, const std::optional<KnownRecord>& before);

  Database& database_;
  const Catalogue& catalogue_;
  std::unique_ptr<ViewTables> tables_;
};

}  // namespace fieldpost
