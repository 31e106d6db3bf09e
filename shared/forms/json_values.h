// JSON values of the command line and of files <-> fields, by the form (design 8).
//
// Values are objects {"question": value}. An edit is a patch: unnamed questions and rows stay, null clears, a value
// equal to the one seen is not written. A repeat is a list of objects; one with "_row": id edits that row,
// {"_row": id, "_deleted": true} deletes it, one without "_row" is new. Dates are YYYY, YYYY-MM or YYYY-MM-DD, places
// `code@scheme`, multi-selects lists of codes, decimals numbers or texts, references the record's id. Photos and
// files are {"digest": 64 hex digits, "size": bytes, "type": "image/jpeg", "name": …}: whoever takes a file in (the
// command line, from a path) puts this in its place.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/forms/form.h"

namespace fieldpost {

/// What a save writes, before it is a change.
struct Edit {
  struct RowEdit {
    std::optional<EntityId> row;  // none: a new row
    std::uint32_t repeat = 0;
    bool deleted = false;
    Fields fields;
    std::set<std::uint32_t> whole_lists;
  };
  Fields fields;
  /// Multi-selects given as a whole list: without_unchanged unchooses what was seen chosen and is not named here.
  /// Those edited option by option are not in it.
  std::set<std::uint32_t> whole_lists;
  std::vector<RowEdit> rows;
  bool deleted = false;  // the record itself: {"_deleted": true}
};

/// Refuses only an unknown question, a wrong type or a broken bound, naming every place (`roster[3].birth_date`,
/// counted from 0) and no value. Codes that are not in their list are kept: validation marks them. An empty text
/// clears.
Result<Edit> edit_from_json(const Form& form, const nlohmann::json& values);

/// Writes out the options that whole lists unchoose, then drops what `seen` holds already with an equal value, and
/// deletions of rows that are not there.
Edit without_unchanged(const Form& form, Edit edit, const Answers& seen);

/// What edit_from_json reads, unanswered and cleared questions left out; a repeat is always there, its rows with
/// their
/// `_row`. Calculations are not in it, since they are never written.
nlohmann::json values_to_json(const Form& form, const Answers& answers);
/// One value in the form that edit_from_json reads.
nlohmann::json value_to_json(const Question& question, const Value& value);
/// One value from text as the command line gives it (`resolve --value`) and files hold it, by the question's type.
/// Dates and times may also be written as people do (3/3/2025, 8h15). For a multi-select: true or false, of one
/// option.
Result<Value> value_from_text(const Question& question, std::string_view text);
/// The same for one cell of a file, as edit_from_json reads it; the codes of a multi-select lie between spaces or
/// `;`.
Result<nlohmann::json> json_from_text(const Question& question, std::string_view text);

/// Plausible, valid answers in Vietnamese for demos, tests and benches: the same for the same seed. `rows` sets the
/// length of every repeat; without it the seed draws a usual one.
nlohmann::json sample_values(const Form& form, const Catalogue& catalogue, std::uint64_t seed, const CivilDate& today,
                             std::optional<std::size_t> rows = std::nullopt);

}  // namespace fieldpost
