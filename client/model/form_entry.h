// One open form: what was seen, what is typed, what is wrong with it. Knows nothing of the store: app opens it with
// what the store shows, and saves the edit it holds.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/model/eligibility_notes.h"
#include "client/model/listed_record.h"
#include "client/model/review_view.h"
#include "client/model/value_text.h"
#include "shared/forms/json_values.h"
#include "shared/forms/validation.h"
#include "shared/matching/person_match.h"
#include "shared/storage/store.h"

namespace fieldpost {

/// Whether an answer is typed into a field, and not chosen, attached or calculated.
bool holds_text(QuestionType type);

/// A thing to choose from.
struct Choice {
  std::string code;  // an option's code, a place's key, a record's id
  std::string text;
  std::string detail;
};

/// One of the values that stand against each other.
struct RivalView {
  ChangeId change;
  Value value;
  std::string text;
  std::string author, device, when;
};
struct ConflictView {
  FieldRef field;
  std::string label;
  bool personal = false;
  std::vector<RivalView> rivals;  // ascending by (at, id); the last is the one shown
};

struct PastedTable;  // pasted_table.h
struct GridView;     // grid_view.h
class KnownPeople;   // known_people.h

/// One row as it stands: its answers, and what was typed and cannot be read as one.
struct RowState {
  Row row;
  std::map<FieldKey, std::string> unread;
  bool deleted = false;
};

class FormEntry {
 public:
  struct Context {
    const Catalogue& catalogue;
    CivilDate today;
    Names names;
    /// Records of a form for a reference: asked while a person types.
    std::function<std::vector<Choice>(const std::string& form, std::string_view typed)> find_records;
  };

  /// `form` outlives this. A new record starts with the form's defaults.
  FormEntry(const Form& form, Seen seen, Context context);
  /// As it stood when a draft was kept.
  FormEntry(const Form& form, const Draft& draft, Context context);

  const Form& form() const { return *form_; }
  const Seen& seen() const { return seen_; }
  /// For Store::save, which adds the save to what was seen.
  Seen& seen_to_save() { return seen_; }
  const RecordId& record() const { return seen_.record; }
  const Answers& answers() const { return answers_; }
  const Context& context() const { return context_; }
  /// What a list calls it.
  std::string title() const { return record_title(*form_, answers_, context_.catalogue, context_.names); }

  // What a screen draws.
  /// A node of the form that is relevant now, in questionnaire order. Nodes inside repeats are not among them.
  struct Item {
    const Question* question = nullptr;
    int depth = 0;
    bool required = false;
    std::string calculated;  // of a calculation
  };
  const std::vector<Item>& items();
  /// Problems of one answer that are worth showing now: an answer that is missing is no problem before its field was
  /// visited or the record saved.
  std::vector<const Problem*> problems_at(const EntityId& entity, const Question& question);
  /// What is worth saying below a question of the record itself, and is no problem.
  const std::vector<FieldNote>& notes_at(const Question& question);
  /// Every problem, in questionnaire order.
  const std::vector<Problem>& problems();
  /// What was typed and cannot be read as an answer, in words; nothing when it can.
  std::optional<std::string> typing_fault(const EntityId& entity, const Question& question) const;
  std::size_t typing_fault_count() const { return faults_.size(); }
  bool relevant(const EntityId& entity, const Question& question);

  // Texts as they stand in the fields; a screen edits them in place and then says so.
  std::string& text(const EntityId& entity, const Question& question);
  void text_changed(const EntityId& entity, const Question& question);
  void visited(const EntityId& entity, const Question& question);

  // Choices.
  std::vector<Choice> choices(const EntityId& entity, const Question& question, std::string_view typed);
  void choose(const EntityId& entity, const Question& question, const std::string& code);
  void clear(const EntityId& entity, const Question& question);
  bool is_chosen(const EntityId& entity, const Question& question, const std::string& code) const;
  void toggle(const EntityId& entity, const Question& question, const std::string& code, bool on);
  /// How the answer reads.
  std::string answer_text(const EntityId& entity, const Question& question) const;

  // Photos and files. The field holds what is attached, or the path that somebody types or drops over it.
  struct AttachRequest {
    EntityId entity;
    const Question* question = nullptr;
    std::string path;
  };
  /// The field was left or Enter struck: a path becomes a request, an empty field clears.
  void file_typed(const EntityId& entity, const Question& question);
  /// What app is to take in; it gives it back by `attach`.
  std::optional<AttachRequest> take_attach_request() { return std::exchange(attach_request_, std::nullopt); }
  void attach(const EntityId& entity, const Question& question, const Attachment& attachment);
  /// Where the files of the record are, in words; those that are not named are on this laptop.
  std::map<AttachmentId, std::string> file_places;

  // Rows. A new row has an id of its own until it is saved; ids of rows never change places in `rows`.
  std::vector<EntityId> rows(const Question& repeat) const;
  std::size_t row_count(const Question& repeat) const;  // without deleted ones
  /// The questions a grid shows as columns.
  std::vector<const Question*> columns(const Question& repeat) const;
  /// A row that goes on from the one above has its answers to questions of the appearance `as_above`: the hamlet that
  /// a queue of people comes from. Alone they make no row that is saved.
  enum class NewRow { goes_on, plain };
  EntityId add_row(const Question& repeat, NewRow kind = NewRow::goes_on);
  /// The number, from 1, of another line with the same name, and no other year of birth; nothing when there is none.
  std::optional<std::size_t> same_person(const Question& repeat, const EntityId& row) const;
  void delete_row(const EntityId& row);
  void restore_row(const EntityId& row);
  bool is_deleted(const EntityId& row) const { return deleted_.contains(row); }
  /// Nothing was answered here beyond what the row began with: its defaults, and what it has from the line above.
  bool holds_nothing_own(const EntityId& row, const Question& question) const;
  /// What was typed into rows and cannot be read.
  std::map<FieldRef, std::string> unread_texts() const;
  /// The row as it was; nothing: as if it had never been added. A row that a save took away comes back by an edit.
  void put_row(const EntityId& row, const std::optional<RowState>& state);
  /// The answers without deleted rows.
  const Answers& present();

  // What the record leads to.
  /// Begins with the answers that the follow-up takes from the record it comes out of, and names that record.
  void take_over(const FollowUp& follow_up, const FormEntry& from);
  struct Linked {
    const FollowUp* follow_up = nullptr;
    std::string label;  // of its form
    std::vector<ListedRecord> records;
  };
  /// Other matters of what seems to be the same person, known on this laptop; app looks for them when the keyboard
  /// rests.
  std::vector<ListedRecord> matters;
  PersonWords matters_of;  // the person they were looked up for
  /// The record this new one comes out of, and how: whoever saves it may go on to the next one, or back.
  struct Origin {
    RecordId record;
    std::string form, link;  // of the follow-up
  };
  std::optional<Origin> origin;
  /// One for each follow-up of the form whose form is known here; app fills in the records.
  std::vector<Linked> linked;
  bool offers(const FollowUp& follow_up);
  /// Not while there is none and the answers do not lead to one.
  bool shows(const Linked& one) { return !one.records.empty() || offers(*one.follow_up); }

  // Saving.
  Edit edit() const;
  /// A new record that only holds what it began with is not.
  bool dirty() const;
  /// Counts up at every change of an answer; app keeps a draft when it has rested.
  std::uint64_t revision() const { return revision_; }
  /// After Store::save took `seen_to_save()`.
  void saved();
  /// Takes in what others changed: what the store shows now, with the own unsaved edits on top. The base is new.
  void take_in(Seen now);
  /// The heads moved while the form was open.
  bool others_changed = false;
  bool leaving = false;  // asked whether to keep or discard what is not saved
  std::string saved_at;  // when it was last saved on this laptop; empty: not yet
  EntityId draft;        // its id among the drafts

  std::map<FieldRef, ConflictView> conflicts;
  std::string reason;  // of a settlement

  /// The papers of the form, while they are offered.
  struct Printing {
    struct Choice {
      std::string name, label;
    };
    std::vector<Choice> papers;
    std::string folder;
    bool running = false;
    std::string file;           // of the last one that was written
    std::string done, problem;  // in words
    std::vector<std::string> warnings;
  };
  std::optional<Printing> printing;

  /// Nothing for a record that was never saved, is not reviewed, or that this laptop has no part in reviewing.
  std::optional<ReviewView> review;

  std::shared_ptr<PastedTable> pasted;  // shown before it is taken over
  /// Null until they are read.
  std::shared_ptr<const KnownPeople> known_people;
  /// What the grid of a repeat shows beside the answers.
  GridView& grid(const Question& repeat);

  /// Others see the screen: personal answers are neither shown nor changed.
  bool veiled = false;
  bool hides(const Question& question) const { return veiled && is_personal(question); }

  std::size_t page = 0;  // 0: the questions; n: the n-th repeat
  std::size_t problem_count(Severity severity);

 private:
  Fields* fields_of(const EntityId& entity);
  const Fields* fields_of(const EntityId& entity) const;
  const Row* row_of(const EntityId& entity) const;
  void set(const EntityId& entity, const FieldKey& key, Value value);
  void apply(const Edit& edit);
  /// Of a new row: it holds nothing that is worth a line.
  bool is_left_out(const Row& row) const;
  void set_defaults(const Question& node, Row* row);
  void changed();
  void refresh();
  void collect(const std::vector<Question>& questions, int depth, const FormLogic& logic);

  const Form* form_;
  Seen seen_;
  Context context_;
  Answers answers_;  // with the deleted rows
  Answers present_;  // without them
  std::set<EntityId> new_rows_, deleted_;
  std::map<EntityId, Fields> defaults_;  // of new rows: a row that holds nothing else is not saved
  std::uint64_t next_row_ = 0;
  std::optional<AttachRequest> attach_request_;
  std::map<std::uint32_t, std::shared_ptr<GridView>> grids_;  // by repeat
  std::map<FieldRef, std::string> texts_;
  std::map<FieldRef, std::string> faults_;
  std::set<FieldRef> visited_;
  bool show_missing_ = false;
  bool stale_ = true;
  mutable std::optional<bool> dirty_;  // asked every frame; known until an answer changes
  std::uint64_t revision_ = 0;
  std::vector<Item> items_;
  std::map<std::uint32_t, std::vector<FieldNote>> notes_;  // by question
  std::vector<Problem> problems_;
  std::map<std::pair<EntityId, std::string>, std::vector<std::size_t>> problem_index_;
};

/// A conflict with every value, author, laptop and time, as a person reads it.
ConflictView conflict_view(const Form& form, const FieldRef& field, const FieldState& state, const RecordId& record,
                           const Catalogue& catalogue, const Names& names, const CivilDate& today);

}  // namespace fieldpost
