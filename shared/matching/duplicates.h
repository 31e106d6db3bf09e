// Who may be recorded twice in a store: every pair of persons and of sessions that looks like one and that no
// decision settles, and the same for one record and for answers that are just being typed. Proposes; a person
// decides.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/matching/groups.h"
#include "shared/matching/person_index.h"
#include "shared/matching/session_match.h"

namespace fieldpost {

struct DuplicatePair {
  RecordId one, other;  // one < other
  std::string form;
  Match match;
};

/// A look at one moment: reads everybody once, and is asked as often as wanted. Holds words, no answers.
class Duplicates {
 public:
  /// Forms that are looked at: of the classes person and session. `go_on` is asked now and then; when it says no, the
  /// rest is left out. Inside the caller's transaction where one moment matters. Throws SqlError.
  Duplicates(Database& view, const Catalogue& catalogue, const std::function<bool()>& go_on = nullptr);

  /// Whether records of this form are looked at.
  static bool looks_at(const Form& form);

  /// Contradicted decisions first, then certain pairs, then by score, then by id. Of one form, or of all when it is
  /// empty.
  std::vector<DuplicatePair> pairs(std::string_view form = {}, const std::function<bool()>& go_on = nullptr) const;
  /// Those of one record: what `pairs` says of it.
  std::vector<DuplicatePair> of(const RecordId& record) const;
  /// Persons' own records that are likely to be of the one who is being typed, best first; of records that are one,
  /// the leader alone. `itself`: the record it is typed into.
  struct Known {
    RecordId record;
    Match match;
  };
  std::vector<Known> like(const PersonWords& typed, const RecordId& itself) const;

  const SameGroups& groups() const { return groups_; }
  std::size_t size() const;

 private:
  struct People {
    std::vector<RecordId> records;
    std::unique_ptr<PersonIndex> index;
  };
  struct Sessions {
    std::vector<RecordId> records;
    std::vector<Session> sessions;
  };
  bool is_open(const RecordId& a, const RecordId& b) const;
  const std::string* form_of(const RecordId& record) const;

  const Gazetteer* places_ = nullptr;
  std::map<std::string, People> people_;  // by form
  std::map<std::string, Sessions> sessions_;
  SameGroups groups_;
};

}  // namespace fieldpost
