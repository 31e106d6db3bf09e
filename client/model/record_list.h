// The list of records as a table: what is asked of it, and the rows, read as they come into sight.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/model/listed_record.h"
#include "client/model/settings.h"
#include "client/model/value_text.h"
#include "shared/storage/store.h"

namespace fieldpost {

struct FormChoice {
  std::string name, label;
  std::int64_t count = 0;
};

/// A column: one that every list has, or a question of the form.
struct ListColumn {
  enum class Kind { date, title, place, changed, status, question };
  Kind kind = Kind::title;
  std::string name;  // in settings: @date, or the question's
  std::string label;
  std::uint32_t question = 0;
};

/// Rows by their place in an order that is known as a whole; each is read when it is asked for first.
class LazyRows {
 public:
  using Read = std::function<std::optional<ListedRecord>(std::int64_t number)>;

  void show(std::vector<std::int64_t> order, Read read);
  std::size_t size() const { return order_.size(); }
  /// Null when the record went away after the order was made.
  const ListedRecord* at(std::size_t place);

 private:
  std::vector<std::int64_t> order_;
  Read read_;
  std::map<std::int64_t, std::optional<ListedRecord>> known_;
};

struct RecordList {
  std::string search;
  bool veiled = false;  // what is searched for is hidden too
  std::string form;     // empty: all
  /// What the rows hold to, one at a time.
  enum class State { any, on_this_laptop, at_central, needs_attention, incomplete, in_conflict };
  State state = State::any;
  std::string place, place_text;   // the key of a commune, and how it is called
  std::string from_text, to_text;  // as typed
  View::Query::Order order = View::Query::Order::natural;
  bool ascending = false;

  std::vector<FormChoice> forms;
  std::vector<ListColumn> columns;  // shown
  std::vector<ListColumn> offered;  // to choose from
  bool choosing_columns = false;
  bool choosing_filters = false;  // on a small screen, where they have no room beside the rows
  LazyRows rows;
  bool moved = false;  // other rows than before: begin at the top

  /// The communes that fit what was typed.
  struct PlaceChoice {
    std::string key, text, detail;
  };
  std::function<std::vector<PlaceChoice>(std::string_view typed)> find_places;
};

/// What the store is asked; a day that cannot be read asks nothing.
View::Query list_query(const RecordList& list);
/// Whether a typed day cannot be read.
bool unreadable_day(std::string_view typed);
bool is_filtered(const RecordList& list);
void clear_filters(RecordList& list);
/// More titles than that take longer to bring into Vietnamese order than a person waits for a click.
inline constexpr std::size_t titles_sorted_max = 20'000;
/// A click on a column's heading: sorts by it, then the other way round, then as it was. False for one that no list
/// is sorted by.
bool sort_by(RecordList& list, ListColumn::Kind column);

/// The columns that a list of this form can have; of all forms without one.
std::vector<ListColumn> columns_offered(const Form* form);
/// Those that were chosen for it; a default where nothing was.
std::vector<ListColumn> columns_shown(const Form* form, const Settings& settings);
/// The choice with one column more or less. The title always stays.
Settings with_column(const Settings& settings, const std::string& form, const std::vector<ListColumn>& shown,
                     const std::vector<ListColumn>& offered, const std::string& column, bool on);

}  // namespace fieldpost
