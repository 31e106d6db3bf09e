// Who sees and writes what: computed on central from the certificate, never from what a laptop asks for (design 5,
// domain 8.5). One table; everything else follows.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "shared/forms/form.h"
#include "shared/model/certificate.h"

namespace fieldpost {

/// What one device may read: the feeds of its own unit, of every unit, or its unit's partner feed alone.
struct ReadScope {
  bool every_unit = false;
  bool partner = false;
  std::set<RecordClass> classes;
};
ReadScope read_scope(Role role);

/// May a device of this role create a record of this class?
bool may_create(Role role, RecordClass record_class);
/// May it change a record of another unit?
bool may_edit_other_units(Role role);

/// The name of a feed: own records of (unit, class), or a partner unit's projection.
std::string unit_feed(std::string_view unit, RecordClass record_class);
/// What central publishes to everybody: forms, lists, places.
inline constexpr std::string_view definition_feed = "definitions";
std::string partner_feed(std::string_view unit);
bool is_partner_feed(std::string_view feed);
bool is_unit_feed_of(std::string_view feed, RecordClass record_class);

/// The unit codes in the answer to `co_hosts`: separated by commas, semicolons or spaces.
std::set<std::string> units_in(std::string_view co_hosts);

}  // namespace fieldpost
