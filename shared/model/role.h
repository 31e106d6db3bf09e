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

}  // namespace fieldpost
