// Files and values that come from outside.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "shared/foundation/result.h"

namespace fieldpost::ctl {

/// A whole file, or standard input for `-`. Errors: not_found, io, out_of_bounds (more than 64 MiB).
Result<std::string> read_input(const std::string& name);

/// Strict: UTF-8, no name twice in one object, nothing behind the document. Errors: malformed, with the place.
Result<nlohmann::json> parse_json(const std::string& text);

}  // namespace fieldpost::ctl
