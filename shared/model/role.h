// Who a device is for, and what that lets it see (domain 8.5, design 5). One table, read by central's scope.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace fieldpost {

enum class Role { recorder, provider, reconciler, director, partner, department, administrator };

inline constexpr std::array<std::string_view, 7> role_names = {"recorder", "provider",   "reconciler",   "director",
                                                               "partner",  "department", "administrator"};

inline std::string_view role_name(Role role) { return role_names[static_cast<std::size_t>(role)]; }
inline std::optional<Role> parse_role(std::string_view name) {
  for (std::size_t i = 0; i < role_names.size(); ++i)
    if (role_names[i] == name) return static_cast<Role>(i);
  return std::nullopt;
}

/// Whether a role holds the records of every unit, all classes.
inline bool sees_every_unit(Role role) { return role == Role::reconciler || role == Role::director; }

/// Whether consultations are ever shown to a role, also those that a laptop still holds from before it had that role.
inline bool sees_consultations(Role role) {
  return role != Role::partner && role != Role::department && role != Role::administrator;
}

/// Whether everything on a laptop of (role, unit) may be handed to one of (to_role, to_unit) without central between
/// them. Partners hold projections that mean nothing elsewhere, and what they may see only central decides; the
/// department and the administrator see no personal record.
inline bool may_hand_over(Role role, std::string_view unit, Role to_role, std::string_view to_unit) {
  const auto narrow = [](Role each) { return each == Role::department || each == Role::administrator; };
  if (narrow(role) || narrow(to_role)) return false;
  if (role == Role::partner || to_role == Role::partner)
    return role == Role::partner && to_role == Role::partner && unit == to_unit;
  return sees_every_unit(to_role) || (!sees_every_unit(role) && unit == to_unit);
}

}  // namespace fieldpost
