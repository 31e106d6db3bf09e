// People already known on this laptop, found while a name is typed: from earlier rosters, persons' records and
// consultations. Made away from the window's thread, then never altered.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/model/form_entry.h"
#include "shared/storage/people.h"

namespace fieldpost {

class KnownPeople {
 public:
  /// `met` holds a person once for each record that names them. Two are taken for one only where name, sex, year of
  /// birth and commune are the same, and so is the citizen number or, where one lacks it, the hamlet; without a year
  /// the hamlet has to be known. Rather one person twice than two people as one. What the newest does not say is
  /// taken from the older ones. `places` outlives this. Where `go_on` is given and says no, nobody is known.
  KnownPeople(std::vector<MetPerson> met, const Gazetteer& places, const std::function<bool()>& go_on = {});

  /// Where the session is that is being written.
  struct Here {
    std::string place;  // key of its commune; empty: not said
    std::string hamlet;
  };
  /// Whose names hold every word of `typed` in its order, folded, the last word as a beginning: first those of this
  /// commune, then of this hamlet, then whom somebody met last. Nobody for less than two letters. Takes a millisecond
  /// or two among 100,000.
  std::vector<const MetPerson*> find(std::string_view typed, const Here& here, std::size_t most) const;
  std::size_t size() const { return people_.size(); }

 private:
  using Number = std::uint32_t;
  /// The places of `words_` that begin with this.
  std::pair<Number, Number> words_with(std::string_view beginning) const;
  bool has_in_order(Number person, const std::vector<std::pair<Number, Number>>& words) const;

  std::vector<MetPerson> people_;  // met last first: a person's place is their rank
  std::vector<Number> place_of_;   // of each person, into `places_`
  std::vector<Number> hamlet_of_;  // into `hamlets_`
  struct KnownPlace {
    std::string key;
    std::vector<std::string> units;  // keys of the communes of today that it became, ascending
  };
  std::vector<KnownPlace> places_;
  std::vector<std::string> hamlets_;  // folded; the first is empty
  std::vector<std::string> words_;    // of all names, folded, ascending
  std::vector<Number> word_starts_;   // where a word's people begin in `people_with_`, and the end
  std::vector<Number> people_with_;   // people by word
  std::vector<Number> name_starts_;   // where a person's words begin in `name_words_`, and the end
  std::vector<Number> name_words_;    // the words of each name, in its order
  const Gazetteer* gazetteer_ = nullptr;
};

/// A person offered for a line.
struct Suggestion {
  const MetPerson* person = nullptr;
  std::string text;                 // the name
  std::string detail;               // sex, year of birth, hamlet, where and when met last
  std::optional<std::size_t> line;  // the number, from 1, of the line of this roster they seem to be on already
};

/// Who may be meant by what stands in the name of this row. Nobody where the repeat names no people.
std::vector<Suggestion> suggestions(FormEntry& entry, const Question& repeat, const EntityId& row);
/// Fills the row's name, and of sex, birth date, ethnic group, hamlet, phone and citizen number what is empty or only
/// carried over from the line above. Nothing else is touched.
void take_person(FormEntry& entry, const Question& repeat, const EntityId& row, const MetPerson& person);

/// The column with people's names; null where a repeat names none.
const Question* name_column(const FormEntry& entry, const Question& repeat);

}  // namespace fieldpost
