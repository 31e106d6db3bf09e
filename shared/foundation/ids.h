// The ids of the system: distinct types, one text form each, ordered by their bytes.
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstring>
#include <functional>
#include <string>

#include "shared/foundation/bytes.h"
#include "shared/foundation/clock.h"

namespace fieldpost {

template <class Tag, std::size_t Size>
struct Id {
  static constexpr std::size_t size = Size;
  std::array<std::uint8_t, Size> bytes{};

  auto operator<=>(const Id&) const = default;
  bool is_nil() const { return *this == Id{}; }
  BytesView view() const { return bytes; }

  static Result<Id> from_bytes(BytesView from) {
    if (from.size() != Size) return Error{ErrorCode::malformed, "an id of the wrong length"};
    Id id;
    std::copy(from.begin(), from.end(), id.bytes.begin());
    return id;
  }
};

/// A record, or one of its rows: UUIDv7 (RFC 9562 §5.7). Never derived from personal data; ordered by the time it was
/// made, so that inserts stay fast.
using EntityId = Id<struct EntityTag, 16>;
using RecordId = EntityId;                          // the entity that is the record itself
using UserId = Id<struct UserTag, 16>;              // UUIDv7
using DeviceId = Id<struct DeviceTag, 16>;          // first 16 bytes of SHA-256 of the device's public key
using DeploymentId = Id<struct DeploymentTag, 16>;  // first 16 bytes of SHA-256 of the deployment's public key
using EpochId = Id<struct EpochTag, 8>;             // random, one unbroken run of a device's journal
using Incarnation = Id<struct IncarnationTag, 8>;   // random, one unbroken life of central's store
using Digest = Id<struct DigestTag, 32>;            // SHA-256
using ChangeId = Id<struct ChangeTag, 32>;          // SHA-256 of a change's canonical bytes
using ConflictId = Id<struct ConflictTag, 32>;      // SHA-256 of entity, field and sorted head ids

/// 8-4-4-4-12 lower-case hex, for the UUIDs.
std::string uuid_text(BytesView sixteen);
inline std::string text(const EntityId& id) { return uuid_text(id.view()); }
inline std::string text(const UserId& id) { return uuid_text(id.view()); }
template <class Tag, std::size_t Size>
std::string text(const Id<Tag, Size>& id) {
  return to_hex(id.view());
}

Result<EntityId> parse_entity_id(std::string_view uuid);
Result<UserId> parse_user_id(std::string_view uuid);
template <class AnyId>
Result<AnyId> parse_hex_id(std::string_view hex) {
  Result<Bytes> bytes = from_hex(hex);
  if (!bytes) return bytes.error();
  return AnyId::from_bytes(*bytes);
}

/// A new UUIDv7. The clock only orders ids roughly: a wrong one does no harm.
template <class AnyId>
AnyId new_uuid(const WallClock& clock, Random& random) {
  AnyId id;
  static_assert(AnyId::size == 16);
  random.fill(id.bytes);
  const auto ms = static_cast<std::uint64_t>(std::max<std::int64_t>(0, clock.now_ms()));
  for (int i = 0; i < 6; ++i) id.bytes[static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
  id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0f) | 0x70);
  id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3f) | 0x80);
  return id;
}
template <class AnyId>
AnyId random_id(Random& random) {
  AnyId id;
  random.fill(id.bytes);
  return id;
}

}  // namespace fieldpost

template <class Tag, std::size_t Size>
struct std::hash<fieldpost::Id<Tag, Size>> {
  std::size_t operator()(const fieldpost::Id<Tag, Size>& id) const {
    // The last eight bytes: random in a UUIDv7, uniform in a digest.
    std::size_t value = 0;
    std::memcpy(&value, id.bytes.data() + Size - sizeof(value), sizeof(value));
    return value;
  }
};
