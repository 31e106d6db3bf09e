// Digests, signatures, seals and key derivation: libsodium and OpenSSL's SHA-256 (which uses the processor's own
// instructions) behind our types. Keys wipe themselves.
#pragma once

#include <initializer_list>
#include <string_view>

#include "shared/foundation/ids.h"

namespace fieldpost {

/// SHA-256 (FIPS 180-4).
Digest sha256(BytesView bytes);

class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;
  Sha256& update(BytesView bytes);
  Digest finish();

 private:
  void* context_;
};

/// HMAC-SHA-256 (RFC 2104).
Digest hmac_sha256(BytesView key, BytesView message);

/// A fixed-size secret, wiped on destruction.
template <std::size_t Size>
struct Secret {
  std::array<std::uint8_t, Size> bytes{};
  Secret() = default;
  Secret(const Secret&) = default;
  Secret& operator=(const Secret&) = default;
  ~Secret() {
    volatile std::uint8_t* p = bytes.data();
    for (std::size_t i = 0; i < Size; ++i) p[i] = 0;
  }
  BytesView view() const { return bytes; }
};

using SymmetricKey = Secret<32>;
using PublicKey = Id<struct PublicKeyTag, 32>;        // Ed25519
using Signature = Id<struct SignatureTag, 64>;        // Ed25519 (RFC 8032)
using BoxPublicKey = Id<struct BoxPublicKeyTag, 32>;  // X25519

/// An Ed25519 key pair. The seed is the whole secret.
class SigningKey {
 public:
  static SigningKey from_seed(const Secret<32>& seed);
  static SigningKey generate(Random& random);

  const PublicKey& public_key() const { return public_; }
  const Secret<32>& seed() const { return seed_; }
  /// Signs `context` and `message` together: a signature made for one purpose is worth nothing for another.
  Signature sign(std::string_view context, BytesView message) const;
  /// Opens what seal_to sealed to this key's public half. Errors: untrusted, malformed.
  Result<Bytes> open(BytesView sealed) const;

 private:
  Secret<32> seed_;
  Secret<64> secret_;
  PublicKey public_;
};

bool verify(const PublicKey& key, std::string_view context, BytesView message, const Signature& signature);

DeviceId device_id_of(const PublicKey& key);
DeploymentId deployment_id_of(const PublicKey& key);

/// An X25519 key pair that opens what was sealed to it.
class BoxKey {
 public:
  static BoxKey from_seed(const Secret<32>& seed);
  static BoxKey generate(Random& random);
  const BoxPublicKey& public_key() const { return public_; }
  const Secret<32>& seed() const { return seed_; }
  Result<Bytes> open(BytesView sealed) const;

 private:
  Secret<32> seed_;
  Secret<32> secret_;
  BoxPublicKey public_;
};
/// Anonymous sealed box (libsodium crypto_box_seal): only the recipient opens it.
Bytes seal_to(const BoxPublicKey& recipient, BytesView message);
/// To a device or to central, by the X25519 form of its Ed25519 key (RFC 7748, 4.1): certificates carry no second
/// one. Errors: untrusted, when the key is no point of the curve.
Result<Bytes> seal_to(const PublicKey& recipient, BytesView message);

/// XChaCha20-Poly1305: 24-byte nonce in front, tag behind.
Bytes encrypt(const SymmetricKey& key, BytesView message, BytesView associated, Random& random);
Result<Bytes> decrypt(const SymmetricKey& key, BytesView sealed, BytesView associated);

struct Argon2Parameters {
  std::uint64_t memory_bytes;
  std::uint32_t passes;
};
/// Argon2id (RFC 9106).
Result<SymmetricKey> derive_key(std::string_view passphrase, const std::array<std::uint8_t, 16>& salt,
                                const Argon2Parameters& parameters);

/// Overwrites a string that held a secret.
void wipe(std::string& secret);

}  // namespace fieldpost
