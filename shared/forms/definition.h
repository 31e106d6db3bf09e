// Forms, code lists and places that central publishes: they travel as changes in central's own journal, so that sync,
// stick, restore and proof are those of every other record. Each version is a record of its own and never altered.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "shared/forms/code_list.h"
#include "shared/model/change.h"

namespace fieldpost {

struct Definition {
  enum class Kind { form = 1, list = 2, places = 3 };
  Kind kind = Kind::form;
  std::string name;           // of the form or list; of places, the file's
  std::uint32_t version = 0;  // of a form, the one it states; of lists and places, counted from 1
  std::string content;        // the file as it was published: JSON, or CSV
};
const char* kind_name(Definition::Kind kind);

/// What the header of a definition's change names as its form. No laptop writes one.
inline constexpr std::string_view definition_form = "definition";

/// The same definition has the same record everywhere: a UUIDv8 (RFC 9562 §5.8) that begins with a mark and ends with
/// a hash of kind, name and version. All definitions of a store lie between `first` and `last`, both included.
RecordId definition_record(const Definition& definition);
struct DefinitionRange {
  RecordId first, last;
};
DefinitionRange definition_range();
bool is_definition(const RecordId& record);

/// The change that says it, but for device, time and salt. Errors of seal(): out_of_bounds (more than 1 MiB).
Change change_of(const Definition& definition);
/// Nothing when this change says no definition.
std::optional<Definition> definition_in(const Change& change);

/// Adds it to the catalogue: a version beside the others of its form, a list in place of an older one, places over
/// the same places. Errors: malformed, with every fault of the file by its place; the catalogue then is as before.
Result<void> add_definition(Catalogue& catalogue, const Definition& definition);

/// Reads a file that is to be published over this catalogue. What stands in records already must stay readable: a
/// form keeps its class, and a number its type, its list and its repeat; a list keeps its codes. Errors: malformed
/// and invalid_argument, with every fault by its place; already_exists where the form has this version with other
/// content.
Result<Definition> read_definition(std::string_view file_name, std::string_view content, const Catalogue& catalogue);

}  // namespace fieldpost
