// Which records are one, by the office's decisions (records of the form `same_as`). Derived each time, never stored:
// a decision that is taken back leaves no trace but its history.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

inline constexpr const char* same_as_form = "same_as";

struct SameDecision {
  enum class Decided { undecided, same, not_same };
  RecordId record;      // of the decision itself
  RecordId one, other;  // ascending
  Decided decided = Decided::undecided;
  std::optional<RecordId> kept;    // of the two; leads
  std::vector<std::string> taken;  // questions whose answers come from the one that is not kept
  /// Two people decided differently and nobody has settled it: counts as undecided, for two that are counted twice
  /// can still be brought together, and two that were counted once were hidden.
  bool in_conflict = false;
};

/// Ascending by their subjects. Throws SqlError.
std::vector<SameDecision> read_same_decisions(Database& view);

/// The records that are one, as far as decisions say so: A same B and B same C make one group of three.
class SameGroups {
 public:
  SameGroups() = default;
  explicit SameGroups(std::vector<SameDecision> decisions);

  /// The record that stands for all of its group; itself where nothing is decided. It is one that some decision keeps
  /// and none gives up, else one that some decision keeps, else any: of several the smallest id.
  RecordId leader(const RecordId& record) const;
  /// All of its group, the leader first, the others ascending; itself alone where nothing is decided.
  std::vector<RecordId> members(const RecordId& record) const;
  /// The leaders of groups of two or more, ascending.
  std::vector<RecordId> leaders() const;

  /// What is known of two records: decided between them, or through their groups.
  SameDecision::Decided decided(const RecordId& a, const RecordId& b) const;
  /// Decisions that two are not the same, though others make them one: shown to a person, never settled by itself.
  /// The group holds meanwhile.
  const std::vector<SameDecision>& contradictions() const { return contradictions_; }
  /// The decision between exactly these two, if there is one.
  const SameDecision* decision(const RecordId& a, const RecordId& b) const;
  /// The decisions that hold a group together, from the leader outwards, and which of the two gives way.
  struct Held {
    const SameDecision* decision = nullptr;
    RecordId kept, other;
  };
  std::vector<Held> holding(const RecordId& leader) const;

 private:
  std::map<std::pair<RecordId, RecordId>, SameDecision> decisions_;
  std::map<RecordId, RecordId> leaders_;              // of every record in a group of two or more
  std::map<RecordId, std::vector<RecordId>> groups_;  // by leader
  std::set<std::pair<RecordId, RecordId>> apart_;     // leaders whose groups hold two that are not the same
  std::vector<SameDecision> contradictions_;
};

/// What a group shows: the leader's answers, with those that the decisions take from the other records. `answers_of`
/// gives a record's own answers; nothing when it is not here.
std::optional<Answers> answers_of_group(const SameGroups& groups, const RecordId& record, const Form& form,
                                        const std::function<std::optional<Answers>(const RecordId&)>& answers_of);

/// The table TEMP same_record(record BLOB PRIMARY KEY, leader BLOB, official INTEGER), made anew: every present
/// record of a group of two or more. Reports join it, so that a person or a session counts once and every report of
/// it is found: `SELECT COALESCE(s.leader, r.record) FROM record r LEFT JOIN same_record s USING (record)`. Of a
/// group of sessions one record is `official`: its attendance counts (see attendance.h); of other groups it is the
/// leader. Throws SqlError.
void create_same_record_table(Database& view, const Catalogue& catalogue);

}  // namespace fieldpost
