// Code lists with validity dates, and places keyed by code and scheme with their successors (domain 5).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/form.h"
#include "shared/foundation/civil_date.h"
#include "shared/foundation/result.h"

namespace fieldpost {

struct Option {
  std::string code;
  Label label;
  std::string parent;                                       // code of the option above it, or empty
  std::optional<CivilDate> valid_from, valid_to;            // both days included; open where absent
  std::map<std::string, std::string, std::less<>> columns;  // everything else, for choice filters and reports
  std::string folded;                                       // both labels, code and aliases, folded for search

  bool valid_on(const CivilDate& day) const;
};

struct CodeList {
  std::string name;
  std::vector<Option> options;  // in the list's own order

  const Option* find(std::string_view code) const;
  /// The options valid on the day that match every word of `search` (folded), exact marks first.
  std::vector<const Option*> search(std::string_view text, const CivilDate& day) const;
};

/// Loads `code,vi,en[,valid_from,valid_to,parent,aliases,…]`. Codes are plain words, unique in the list. Lists every
/// fault with its line; loads nothing of a bad file.
Result<CodeList> load_code_list(std::string_view name, std::string_view csv);

struct Place {
  std::string code;    // text: leading zeros matter
  std::string scheme;  // `pre-2025-07`, `post-2025-07`
  std::string name, unit_type;
  std::string province_code, province_name, district_name;
  std::optional<CivilDate> valid_from, valid_to;
  std::vector<std::string> successors;  // codes in the next scheme; more than one: it was split
  std::vector<std::string> predecessors;
  std::string folded;
  std::string key() const { return code + "@" + scheme; }
  bool valid_on(const CivilDate& day) const;
};

/// All the communes this deployment knows. Code alone is no key: new units took over the codes of old ones.
class Gazetteer {
 public:
  /// The columns of the official commune files (domain 5.4). Lists every fault with its line; adds nothing of a bad
  /// file. Loading the same file again changes nothing; a place that is known already is replaced. Returns the number
  /// of places in the file.
  Result<std::size_t> load(std::string_view csv);

  const Place* find(std::string_view key) const;
  /// Every word must occur in the name, the former district, the province or the code. Finds old names too; units
  /// valid on the day come first, then old ones with their successors.
  std::vector<const Place*> search(std::string_view text, const CivilDate& day, std::size_t limit) const;
  /// The units of the newest scheme that an old one went into; itself when it has none.
  std::vector<const Place*> today(const Place& place) const;
  std::size_t size() const { return places_.size(); }
  const std::map<std::string, Place, std::less<>>& places() const { return places_; }

 private:
  std::map<std::string, Place, std::less<>> places_;
};

/// What the programs know about questions and codes: the shipped files, and what was loaded since.
struct Catalogue {
  std::map<std::string, std::map<std::uint32_t, Form>, std::less<>> forms;  // by name, then version
  std::map<std::string, CodeList, std::less<>> lists;
  Gazetteer places;
  /// The files of the forms that came by sync, by name and version.
  std::map<std::pair<std::string, std::uint32_t>, std::string> published;

  /// The newest version, or null.
  const Form* form(std::string_view name) const;
  const Form* form(std::string_view name, std::uint32_t version) const;
  const CodeList* list(std::string_view name) const;
  /// What load_form takes as the lists that may be named.
  std::set<std::string, std::less<>> list_names() const;
};

/// Monday to Friday without the days of the list `working_days` that are off, and the days it calls worked (a
/// Saturday that makes up for a bridged holiday). Deadlines in working days do not count the others (Bộ luật Lao động
/// 2019, Điều 112; which days they are is announced each year, so the list is data).
bool is_working_day(const Catalogue& catalogue, const CivilDate& day);

/// The forms, lists and demo places built into the programs (assets/). Broken assets are a build fault.
const Catalogue& shipped_catalogue();

}  // namespace fieldpost
