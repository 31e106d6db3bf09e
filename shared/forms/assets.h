// The text files of assets/, built into the programs. The table is generated at build time (assets/embed.cmake).
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace fieldpost {

struct Asset {
  std::string_view path;     // below assets/, e.g. `forms/consultation.json`
  std::string_view content;  // lives as long as the program
};

/// Ascending by path.
std::span<const Asset> assets();
std::optional<std::string_view> find_asset(std::string_view path);

}  // namespace fieldpost
