// The page where conflicts are settled, many in one sitting: a light list of all that are open, and the one at hand
// with everything that is known of it. Knows nothing of the store: app fills it and carries out what is decided.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "client/model/form_entry.h"
#include "client/model/text_difference.h"

namespace fieldpost {

/// One line of the list. What has to be read out of the record itself is looked up when the line comes into sight.
struct ConflictRow {
  OpenConflict conflict;
  std::string question;
  std::string label;       // the question with the row it stands in; empty: not looked up yet
  std::size_t rivals = 0;  // with `label`
};

struct ConflictAtHand {
  OpenConflict conflict;
  std::string form_label, label;
  /// Of a presence: what was done on which laptop. Empty for an answer.
  std::string in_words;
  /// What all the authors had seen before they parted; nothing when it cannot be told.
  std::optional<std::string> before;

  struct RivalCard {
    RivalView view;
    std::vector<TextPiece> text;
    std::string reason;   // given with the value, mostly none
    std::string besides;  // of a presence: what else its author wrote in that save
  };
  std::vector<RivalCard> rivals;  // ascending by (at, id)

  /// A laptop that has a say in several open conflicts of this record.
  struct Side {
    std::string device;
    struct Taken {
      std::string label, text;
      Settlement settlement;
    };
    std::vector<Taken> fields;
  };
  std::vector<Side> sides;

  /// What stood in each field of the record when it was shown; only that is settled.
  std::map<FieldRef, std::vector<ChangeId>> shown;
  const Question* question = nullptr;  // when the answer is typed into a field, so that a third one can be
};

struct ConflictReview {
  using Key = std::pair<RecordId, FieldRef>;

  bool veiled = false;  // personal data is hidden: nothing is compared, and nothing settled

  /// Reads what a line lacks.
  std::function<void(ConflictRow&)> look_up;

  std::vector<ConflictRow> rows;  // every open conflict, ascending by record and field
  // What is asked of the list.
  enum class Order { newest, by_record };
  Order order = Order::newest;
  std::string form;  // empty: all
  std::string search;
  struct FormCount {
    std::string form, label;
    std::size_t count = 0;
  };
  std::vector<FormCount> forms;  // that have conflicts

  /// The list as it is shown: a heading for each record, then its conflicts.
  struct Line {
    std::size_t row = 0;
    std::size_t of_record = 0;  // how many conflicts stand below this heading; 0: a conflict
  };
  std::vector<Line> lines;
  std::size_t fitting = 0;  // conflicts among the lines
  std::size_t settled = 0;  // in this sitting

  std::optional<ConflictAtHand> at_hand;
  std::optional<std::size_t> chosen;  // the rival that Enter takes
  std::optional<std::size_t> side;    // asked about before all of it is written
  bool moved_on = false;              // another one came to hand: bring it into sight

  /// What was typed for a conflict and not settled yet, kept while others are looked at.
  struct Typed {
    std::string reason, value;
    bool writing = false;  // the field for a value by hand is open
  };
  std::map<Key, Typed> typed;
  Typed& typed_here();
  std::vector<std::string> reasons;  // the last ones given, newest first

  /// What was settled, newest last: it can be taken back in this order.
  struct Done {
    RecordId record;
    ChangeId change;
    std::vector<RevivedValue> values;
    std::string words;
    Key first;
  };
  std::vector<Done> done;
  std::string note;  // what became of the last action, in words

  std::optional<Key> key_at_hand() const;
};

/// Takes over what is open now; what was looked up stays with the conflicts that did not change.
void take_rows(ConflictReview& review, std::vector<OpenConflict> open, const Catalogue& catalogue);
/// Makes the lines anew after a filter, a search or the order changed.
void arrange(ConflictReview& review);
/// The conflict `steps` further down the list, or up; from where the one at hand stands or, settled meanwhile, stood.
/// Nothing when the list is empty.
std::optional<ConflictReview::Key> conflict_after(const ConflictReview& review, int steps);
/// The one that comes next once the one at hand is settled.
std::optional<ConflictReview::Key> conflict_to_follow(const ConflictReview& review,
                                                      const std::vector<FieldRef>& settled);

/// The question of a conflict, with the row it stands in: "Danh sách · Năm sinh · Trần Thị Bưởi".
std::string conflict_label(const Form& form, const RecordState& state, const FieldRef& field,
                           const Catalogue& catalogue, const Names& names);
/// Everything about one conflict; nothing when it stands no longer. `history`: every change of the record.
std::optional<ConflictAtHand> conflict_at_hand(const Form& form, const OpenConflict& conflict,
                                               const RecordState& state, const std::vector<Change>& history,
                                               const Catalogue& catalogue, const Names& names,
                                               const CivilDate& today);

/// What was typed as a third value. Errors: invalid_argument.
Result<Value> typed_settlement(const ConflictAtHand& conflict, std::string_view typed);
/// Notes a reason as the last one used, newest first; an empty one is none.
void use_reason(std::vector<std::string>& reasons, const std::string& reason);
/// How the rivals of these settlements are put back, with who had written them.
std::vector<RevivedValue> rivals_to_revive(const std::vector<Settlement>& settled, const RecordState& state,
                                           const Names& names);

}  // namespace fieldpost
