#include "sync/central/scope.h"

namespace fieldpost {

ReadScope read_scope(Role role) {
  using enum RecordClass;
  switch (role) {
    case Role::recorder:
    case Role::provider: return {false, false, {open, person, session, consultation, case_file}};
    case Role::reconciler:
    case Role::director: return {true, false, {open, person, session, consultation, case_file}};
    case Role::partner: return {false, true, {}};
    case Role::department:
    case Role::administrator: return {true, false, {open}};
  }
  return {};
}

bool may_create(Role role, RecordClass record_class) {
  switch (role) {
    case Role::recorder:
    case Role::provider:
    case Role::reconciler:
    case Role::director: return true;
    // A border-guard station reports its own sessions and classes and refers people on; consultations are never its.
    case Role::partner:
      return record_class == RecordClass::session || record_class == RecordClass::open ||
             record_class == RecordClass::case_file;
    case Role::department:
    case Role::administrator: return false;
  }
  return false;
}

bool may_edit_other_units(Role role) { return role == Role::reconciler || role == Role::director; }

std::string unit_feed(std::string_view unit, RecordClass record_class) {
  return std::string("unit:") + class_name(record_class) + ":" + std::string(unit);
}
std::string partner_feed(std::string_view unit) { return "partner:" + std::string(unit); }
bool is_partner_feed(std::string_view feed) { return feed.starts_with("partner:"); }

bool is_unit_feed_of(std::string_view feed, RecordClass record_class) {
  const std::string prefix = std::string("unit:") + class_name(record_class) + ":";
  return feed.starts_with(prefix);
}

std::set<std::string> units_in(std::string_view co_hosts) {
  std::set<std::string> units;
  std::string unit;
  const auto close = [&] {
    if (!unit.empty()) units.insert(unit);
    unit.clear();
  };
  for (const char c : co_hosts) {
    if (c == ',' || c == ';' || c == ' ' || c == '\n' || c == '\t')
      close();
    else
      unit += c;
  }
  close();
  return units;
}

}  // namespace fieldpost
