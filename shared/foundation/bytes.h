// Runs of bytes and their text forms.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/result.h"

namespace fieldpost {

using Bytes = std::vector<std::uint8_t>;
using BytesView = std::span<const std::uint8_t>;

inline BytesView view_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}
inline std::string_view text_of(BytesView bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string to_hex(BytesView bytes);
Result<Bytes> from_hex(std::string_view text);

/// base64url without padding (RFC 4648 §5).
std::string to_base64url(BytesView bytes);
Result<Bytes> from_base64url(std::string_view text);

}  // namespace fieldpost
