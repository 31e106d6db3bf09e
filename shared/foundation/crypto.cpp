#include "shared/foundation/crypto.h"

#include <openssl/evp.h>
#include <sodium.h>

namespace fieldpost {

namespace {

const bool sodium_ready = [] {
  ensure(sodium_init() >= 0, "libsodium starts");
  return true;
}();

/// One digest context a thread: making one costs more than hashing a change.
EVP_MD_CTX* thread_context() {
  struct Holder {
    EVP_MD_CTX* context = EVP_MD_CTX_new();
    ~Holder() { EVP_MD_CTX_free(context); }
  };
  thread_local Holder holder;
  return holder.context;
}
const EVP_MD* sha256_method() {
  static const EVP_MD* method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

Bytes with_context(std::string_view context, BytesView message) {
  Bytes both;
  both.reserve(context.size() + 1 + message.size());
  both.insert(both.end(), context.begin(), context.end());
  both.push_back(0);
  both.insert(both.end(), message.begin(), message.end());
  return both;
}

}  // namespace

Digest sha256(BytesView bytes) {
  Digest digest;
  EVP_MD_CTX* context = thread_context();
  ensure(EVP_DigestInit_ex(context, sha256_method(), nullptr) == 1 &&
             EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1 &&
             EVP_DigestFinal_ex(context, digest.bytes.data(), nullptr) == 1,
         "SHA-256 computes");
  return digest;
}

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  ensure(EVP_DigestInit_ex(static_cast<EVP_MD_CTX*>(context_), sha256_method(), nullptr) == 1, "SHA-256 starts");
}
Sha256::~Sha256() { EVP_MD_CTX_free(static_cast<EVP_MD_CTX*>(context_)); }
Sha256& Sha256::update(BytesView bytes) {
  EVP_DigestUpdate(static_cast<EVP_MD_CTX*>(context_), bytes.data(), bytes.size());
  return *this;
}
Digest Sha256::finish() {
  Digest digest;
  EVP_DigestFinal_ex(static_cast<EVP_MD_CTX*>(context_), digest.bytes.data(), nullptr);
  return digest;
}

Digest hmac_sha256(BytesView key, BytesView message) {
  Digest digest;
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, message.data(), message.size());
  crypto_auth_hmacsha256_final(&state, digest.bytes.data());
  sodium_memzero(&state, sizeof(state));
  return digest;
}

SigningKey SigningKey::from_seed(const Secret<32>& seed) {
  SigningKey key;
  key.seed_ = seed;
  crypto_sign_seed_keypair(key.public_.bytes.data(), key.secret_.bytes.data(), seed.bytes.data());
  return key;
}
SigningKey SigningKey::generate(Random& random) {
  Secret<32> seed;
  random.fill(seed.bytes);
  return from_seed(seed);
}
Signature SigningKey::sign(std::string_view context, BytesView message) const {
  const Bytes both = with_context(context, message);
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, both.data(), both.size(), secret_.bytes.data());
  return signature;
}

bool verify(const PublicKey& key, std::string_view context, BytesView message, const Signature& signature) {
  const Bytes both = with_context(context, message);
  return crypto_sign_verify_detached(signature.bytes.data(), both.data(), both.size(), key.bytes.data()) == 0;
}

DeviceId device_id_of(const PublicKey& key) {
  const Digest digest = sha256(key.view());
  return *DeviceId::from_bytes(digest.view().first(DeviceId::size));
}
DeploymentId deployment_id_of(const PublicKey& key) {
  const Digest digest = sha256(key.view());
  return *DeploymentId::from_bytes(digest.view().first(DeploymentId::size));
}

BoxKey BoxKey::from_seed(const Secret<32>& seed) {
  BoxKey key;
  key.seed_ = seed;
  crypto_box_seed_keypair(key.public_.bytes.data(), key.secret_.bytes.data(), seed.bytes.data());
  return key;
}
BoxKey BoxKey::generate(Random& random) {
  Secret<32> seed;
  random.fill(seed.bytes);
  return from_seed(seed);
}
Result<Bytes> BoxKey::open(BytesView sealed) const {
  if (sealed.size() < crypto_box_SEALBYTES) return Error{ErrorCode::malformed, "too short to be sealed"};
  Bytes plain(sealed.size() - crypto_box_SEALBYTES);
  if (crypto_box_seal_open(plain.data(), sealed.data(), sealed.size(), public_.bytes.data(), secret_.bytes.data()) !=
      0)
    return Error{ErrorCode::untrusted, "sealed to another key, or altered"};
  return plain;
}
Bytes seal_to(const BoxPublicKey& recipient, BytesView message) {
  Bytes sealed(message.size() + crypto_box_SEALBYTES);
  ensure(crypto_box_seal(sealed.data(), message.data(), message.size(), recipient.bytes.data()) == 0,
         "sealing works");
  return sealed;
}

Result<Bytes> seal_to(const PublicKey& recipient, BytesView message) {
  BoxPublicKey box;
  if (crypto_sign_ed25519_pk_to_curve25519(box.bytes.data(), recipient.bytes.data()) != 0)
    return Error{ErrorCode::untrusted, "a public key that nothing can be sealed to"};
  return seal_to(box, message);
}
Result<Bytes> SigningKey::open(BytesView sealed) const {
  if (sealed.size() < crypto_box_SEALBYTES) return Error{ErrorCode::malformed, "too short to be sealed"};
  BoxPublicKey box;
  Secret<32> secret;
  ensure(crypto_sign_ed25519_pk_to_curve25519(box.bytes.data(), public_.bytes.data()) == 0 &&
             crypto_sign_ed25519_sk_to_curve25519(secret.bytes.data(), secret_.bytes.data()) == 0,
         "an own key has its X25519 form");
  Bytes plain(sealed.size() - crypto_box_SEALBYTES);
  if (crypto_box_seal_open(plain.data(), sealed.data(), sealed.size(), box.bytes.data(), secret.bytes.data()) != 0)
    return Error{ErrorCode::untrusted, "sealed to another key, or altered"};
  return plain;
}

Bytes encrypt(const SymmetricKey& key, BytesView message, BytesView associated, Random& random) {
  constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  Bytes out(nonce_size + message.size() + crypto_aead_xchacha20poly1305_ietf_ABYTES);
  random.fill(std::span(out).first(nonce_size));
  crypto_aead_xchacha20poly1305_ietf_encrypt(out.data() + nonce_size, nullptr, message.data(), message.size(),
                                             associated.data(), associated.size(), nullptr, out.data(),
                                             key.bytes.data());
  return out;
}

Result<Bytes> decrypt(const SymmetricKey& key, BytesView sealed, BytesView associated) {
  constexpr std::size_t nonce_size = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
  constexpr std::size_t overhead = nonce_size + crypto_aead_xchacha20poly1305_ietf_ABYTES;
  if (sealed.size() < overhead) return Error{ErrorCode::malformed, "too short to be sealed"};
  Bytes plain(sealed.size() - overhead);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(plain.data(), nullptr, nullptr, sealed.data() + nonce_size,
                                                 sealed.size() - nonce_size, associated.data(), associated.size(),
                                                 sealed.data(), key.bytes.data()) != 0)
    return Error{ErrorCode::untrusted, "another key, or altered"};
  return plain;
}

Result<SymmetricKey> derive_key(std::string_view passphrase, const std::array<std::uint8_t, 16>& salt,
                                const Argon2Parameters& parameters) {
  SymmetricKey key;
  if (crypto_pwhash(key.bytes.data(), key.bytes.size(), passphrase.data(), passphrase.size(), salt.data(),
                    parameters.passes, static_cast<std::size_t>(parameters.memory_bytes),
                    crypto_pwhash_ALG_ARGON2ID13) != 0)
    return Error{ErrorCode::out_of_bounds, "not enough memory to derive the key"};
  return key;
}

void wipe(std::string& secret) {
  sodium_memzero(secret.data(), secret.size());
  secret.clear();
}

}  // namespace fieldpost
