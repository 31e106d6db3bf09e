#include "shared/forms/assets.h"

namespace fieldpost {

std::optional<std::string_view> find_asset(std::string_view path) {
  for (const Asset& asset : assets())
    if (asset.path == path) return asset.content;
  return std::nullopt;
}

}  // namespace fieldpost
