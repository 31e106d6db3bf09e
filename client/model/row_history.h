// Undo and redo of what was done to the rows of one repeat. It looks at the rows after whatever was done, and keeps
// each row that changed as it was before and after: so nothing that is done needs to know of it.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "client/model/form_entry.h"

namespace fieldpost {

class RowHistory {
 public:
  /// What a change of the rows was to the person, where the rows alone do not tell.
  enum class Deed { edited, pasted, person_taken, column_marked };

  /// After anything was done, at least once a frame. Changes of one cell while the keyboard stays in it are one step.
  /// `cell`: the widget with the keyboard.
  void look(const FormEntry& entry, const Question& repeat, const std::string& cell);
  /// What is done between here and the next `look` is a step of its own, of this kind.
  void begin(Deed deed);

  bool can_undo() const { return !done_.empty(); }
  bool can_redo() const { return !undone_.empty(); }
  /// What was put back, in words without personal data, and where it can be seen.
  struct Back {
    std::string words;
    EntityId row;
    const Question* column = nullptr;  // null: the whole row
  };
  std::optional<Back> undo(FormEntry& entry, const Question& repeat);
  std::optional<Back> redo(FormEntry& entry, const Question& repeat);

  /// New rows have other ids after a save.
  void saved(const std::map<EntityId, EntityId>& renamed);
  /// Others' changes came in: what was done before stands on rows that are no more.
  void forget();

 private:
  struct RowChange {
    EntityId row;
    std::optional<RowState> before, after;  // nothing: it was not there
  };
  struct Step {
    Deed deed = Deed::edited;
    std::string cell;
    std::vector<RowChange> rows;
  };
  std::vector<RowChange> differences(const FormEntry& entry, const Question& repeat) const;
  void take(const std::vector<RowChange>& changes);
  std::optional<Back> move(std::vector<Step>& from, std::vector<Step>& to, bool back, FormEntry& entry,
                           const Question& repeat);

  std::map<EntityId, RowState> known_;
  bool fresh_ = true;  // nothing was looked at yet
  std::optional<std::uint64_t> revision_;
  std::string cell_;
  bool closed_ = true;  // the last step takes nothing more in
  Deed deed_ = Deed::edited;
  std::vector<Step> done_, undone_;
};

}  // namespace fieldpost
