// Everybody whom the records of a store name: the lines of rosters, persons' own records, and consultations. Read
// from the view through a connection of its own, so that a window never waits for it.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "shared/storage/store.h"

namespace fieldpost {

/// A person as one record names them. Texts are empty where it does not say.
struct MetPerson {
  RecordId record;
  std::optional<CivilDate> on;  // the record's own date
  std::string place;            // key of the session's commune; of a person's own record, where they live
  std::string name;
  std::string sex;  // its code, as that of the ethnic group
  std::optional<CivilDate> birth;
  std::string ethnicity, hamlet, phone, citizen_number;
};

/// Whether the reader may see consultations at all: partners, the department and administrators never may.
enum class Consultations { left_out, read };

/// Calls `visit` for each, in no order, until it returns false. A record that is marked confidential, or of which
/// somebody says so in an open conflict, is never read; nor are case files. The store is open elsewhere in this
/// program under `catalogue`.
Result<void> each_person(const Store::Options& store, const Catalogue& catalogue, Consultations consultations,
                         const std::function<bool(const MetPerson&)>& visit);

}  // namespace fieldpost
