// Digests, signatures, seals and keys: what holds, and that one altered bit is refused.
#include "shared/foundation/crypto.h"

#include <doctest/doctest.h>

using namespace fieldpost;

namespace {

Bytes hex(std::string_view text) { return *from_hex(text); }
Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

}  // namespace

TEST_CASE("digests are those of the standards") {
  CHECK(text(sha256(bytes_of("abc"))) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  CHECK(text(sha256({})) == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  CHECK(Sha256().update(bytes_of("a")).update({}).update(bytes_of("bc")).finish() == sha256(bytes_of("abc")));
  // RFC 4231 §4.3
  CHECK(text(hmac_sha256(bytes_of("Jefe"), bytes_of("what do ya want for nothing?"))) ==
        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
}

TEST_CASE("a signature holds for its key, its purpose and its message, and for nothing else") {
  Secret<32> seed;
  const Bytes rfc8032 = hex("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60");
  std::copy(rfc8032.begin(), rfc8032.end(), seed.bytes.begin());
  const SigningKey key = SigningKey::from_seed(seed);
  CHECK(text(key.public_key()) == "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");

  const Bytes message = bytes_of("một thay đổi");
  const Signature signature = key.sign("segment", message);
  CHECK(signature == key.sign("segment", message));
  CHECK(verify(key.public_key(), "segment", message, signature));
  CHECK(!verify(key.public_key(), "receipt", message, signature));
  CHECK(!verify(key.public_key(), "segmen", bytes_of("tmột thay đổi"), signature));
  SeededRandom random(2);
  CHECK(!verify(SigningKey::generate(random).public_key(), "segment", message, signature));
  for (std::size_t i = 0; i < message.size(); ++i) {
    Bytes altered = message;
    altered[i] ^= 1;
    CHECK(!verify(key.public_key(), "segment", altered, signature));
  }
  for (std::size_t i = 0; i < Signature::size; ++i) {
    Signature altered = signature;
    altered.bytes[i] ^= 0x10;
    CHECK(!verify(key.public_key(), "segment", message, altered));
  }
  CHECK(!verify(PublicKey{}, "segment", message, Signature{}));
}

TEST_CASE("ids of devices and deployments are the first half of their key's digest") {
  SeededRandom random(2);
  const SigningKey key = SigningKey::generate(random);
  const std::string digest = text(sha256(key.public_key().view()));
  CHECK(text(device_id_of(key.public_key())) == digest.substr(0, 32));
  CHECK(text(deployment_id_of(key.public_key())) == digest.substr(0, 32));
}

TEST_CASE("only the key it was sealed to opens a sealed box") {
  SeededRandom random(4);
  const BoxKey an = BoxKey::generate(random), binh = BoxKey::generate(random);
  const Bytes message = bytes_of("hồ sơ");
  Bytes sealed = seal_to(an.public_key(), message);
  CHECK(*an.open(sealed) == message);
  CHECK(*BoxKey::from_seed(an.seed()).open(sealed) == message);
  CHECK(binh.open(sealed).error().code == ErrorCode::untrusted);
  CHECK(*an.open(seal_to(an.public_key(), {})) == Bytes{});
  CHECK(an.open(BytesView(sealed).first(20)).error().code == ErrorCode::malformed);
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    sealed[i] ^= 0x80;
    // The top bit of an X25519 key carries nothing, but the seal's nonce is made from it.
    CHECK(!an.open(sealed));
    sealed[i] ^= 0x80;
  }
}

TEST_CASE("what was encrypted is refused with another key, another purpose or one altered bit") {
  SeededRandom random(5);
  SymmetricKey key, other;
  random.fill(key.bytes);
  random.fill(other.bytes);
  const Bytes message = bytes_of("nội dung"), purpose = bytes_of("slot 1");
  Bytes sealed = encrypt(key, message, purpose, random);
  CHECK(*decrypt(key, sealed, purpose) == message);
  CHECK(encrypt(key, message, purpose, random) != sealed);
  CHECK(decrypt(other, sealed, purpose).error().code == ErrorCode::untrusted);
  CHECK(decrypt(key, sealed, bytes_of("slot 2")).error().code == ErrorCode::untrusted);
  CHECK(*decrypt(key, encrypt(key, {}, {}, random), {}) == Bytes{});
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    sealed[i] ^= 1;
    CHECK(decrypt(key, sealed, purpose).error().code == ErrorCode::untrusted);
    sealed[i] ^= 1;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size)
    CHECK(!decrypt(key, BytesView(sealed).first(size), purpose));
}

TEST_CASE("a passphrase gives the same key again, with its own salt and cost only") {
  const Argon2Parameters cheap{64 << 10, 1};  // a test must not take 64 MiB and a second
  std::array<std::uint8_t, 16> salt{}, other_salt{};
  other_salt[0] = 1;
  const auto key = [](const Result<SymmetricKey>& derived) { return to_hex(derived->view()); };
  const std::string derived = key(derive_key("mật khẩu", salt, cheap));
  CHECK(derived == key(derive_key("mật khẩu", salt, cheap)));
  CHECK(derived != key(derive_key("mật khẩu ", salt, cheap)));
  CHECK(derived != key(derive_key("mật khẩu", other_salt, cheap)));
  CHECK(derived != key(derive_key("mật khẩu", salt, {64 << 10, 2})));
  CHECK(!derive_key("mật khẩu", salt, {1, 1}));
  CHECK(!derive_key("mật khẩu", salt, {std::uint64_t{1} << 60, 1}));
}

TEST_CASE("a wiped string holds nothing") {
  std::string secret = "mật khẩu";
  wipe(secret);
  CHECK(secret.empty());
}
