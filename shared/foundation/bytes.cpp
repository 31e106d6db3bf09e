#include "shared/foundation/bytes.h"

#include <sodium.h>

namespace fieldpost {

std::string to_hex(BytesView bytes) {
  static constexpr char digits[] = "0123456789abcdef";
  std::string out;
  out.reserve(bytes.size() * 2);
  for (std::uint8_t byte : bytes) {
    out += digits[byte >> 4];
    out += digits[byte & 15];
  }
  return out;
}

Result<Bytes> from_hex(std::string_view text) {
  if (text.empty()) return Bytes{};  // libsodium wants an address even for nothing
  Bytes out(text.size() / 2);
  std::size_t written = 0;
  if (text.size() % 2 != 0 ||
      sodium_hex2bin(out.data(), out.size(), text.data(), text.size(), nullptr, &written, nullptr) != 0 ||
      written != out.size())
    return Error{ErrorCode::malformed, "not a hexadecimal number"};
  return out;
}

std::string to_base64url(BytesView bytes) {
  if (bytes.empty()) return {};
  constexpr int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
  std::string out(sodium_base64_ENCODED_LEN(bytes.size(), variant), '\0');
  sodium_bin2base64(out.data(), out.size(), bytes.data(), bytes.size(), variant);
  out.resize(out.size() - 1);  // libsodium counts the terminating zero
  return out;
}

Result<Bytes> from_base64url(std::string_view text) {
  if (text.empty()) return Bytes{};
  Bytes out(text.size());
  std::size_t written = 0;
  const char* end = nullptr;
  if (sodium_base642bin(out.data(), out.size(), text.data(), text.size(), nullptr, &written, &end,
                        sodium_base64_VARIANT_URLSAFE_NO_PADDING) != 0 ||
      end != text.data() + text.size())
    return Error{ErrorCode::malformed, "not base64url"};
  out.resize(written);
  return out;
}

}  // namespace fieldpost
