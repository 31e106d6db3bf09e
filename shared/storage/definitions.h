// The catalogue of a store: the shipped one, and over it what central has published into the store's journal.
#pragma once

#include <memory>
#include <vector>

#include "shared/forms/definition.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

/// Changes whenever a definition comes in, in the store's meta: who holds an older catalogue looks again.
inline constexpr std::string_view definitions_key = "definitions";
/// The next one. Each names all that came before, so that a transaction that was undone leaves none to mistake.
Bytes next_definitions_mark(const std::optional<Bytes>& before, const ChangeId& added);

/// What `central` has published and this store holds; without it, as at central itself, whatever counts. Throws
/// SqlError.
std::vector<Definition> definitions_in(Database& database, const std::optional<DeviceId>& central);

/// The catalogue with them, in the order in which they build on each other: places and lists before forms, older
/// versions before newer ones. One that this program is too old to read is left out: its records are carried
/// untouched. Null when there is none: the given catalogue is right.
std::shared_ptr<const Catalogue> catalogue_with(std::vector<Definition> definitions, const Catalogue& shipped);

}  // namespace fieldpost
