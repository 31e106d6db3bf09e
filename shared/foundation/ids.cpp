#include "shared/foundation/ids.h"

namespace fieldpost {

std::string uuid_text(BytesView sixteen) {
  std::string hex = to_hex(sixteen);
  for (std::size_t at : {20u, 16u, 12u, 8u}) hex.insert(at, 1, '-');
  return hex;
}

namespace {

template <class AnyId>
Result<AnyId> parse_uuid(std::string_view uuid) {
  if (uuid.size() != 36) return Error{ErrorCode::malformed, "not an id: it has 36 characters, 8-4-4-4-12"};
  std::string hex;
  for (std::size_t i = 0; i < uuid.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash != (uuid[i] == '-')) return Error{ErrorCode::malformed, "not an id: it has the form 8-4-4-4-12"};
    if (!dash) hex += uuid[i];
  }
  return parse_hex_id<AnyId>(hex);
}

}  // namespace

Result<EntityId> parse_entity_id(std::string_view uuid) { return parse_uuid<EntityId>(uuid); }
Result<UserId> parse_user_id(std::string_view uuid) { return parse_uuid<UserId>(uuid); }

}  // namespace fieldpost
