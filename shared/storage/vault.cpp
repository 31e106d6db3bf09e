#include "shared/storage/vault.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <optional>
#include <thread>

#include "shared/foundation/cbor.h"
#include "shared/foundation/limits.h"
#include "shared/foundation/vietnamese.h"
#include "shared/storage/files.h"

namespace fieldpost {
namespace {

// A vault that asks for more is not ours: opening it would only take the laptop's memory away.
constexpr std::uint64_t argon2_memory_bytes_max = 1ULL << 30;
constexpr std::uint64_t argon2_passes_max = 32;

struct Slot {
  std::string name;
  std::array<std::uint8_t, 16> salt{};
  Argon2Parameters parameters{};
  Bytes wrapped;
};

struct Slots {
  std::vector<Slot> slots;
  std::optional<Bytes> recovery;
};

std::filesystem::path vault_path(const std::filesystem::path& home) { return home / "vault"; }
std::filesystem::path copy_path(const std::filesystem::path& home) { return home / "vault.copy"; }

/// One passphrase or name has one form, whichever keyboard typed it.
std::string normalised(std::string_view typed) {
  Result<std::string> text = vietnamese::nfc(typed);
  return text ? std::move(*text) : std::string(typed);
}

Bytes encode(const Slots& vault) {
  CborWriter out;
  out.array(3).uint(1).array(vault.slots.size());
  for (const Slot& slot : vault.slots)
    out.array(5)
        .text(slot.name)
        .bytes(slot.salt)
        .uint(slot.parameters.memory_bytes)
        .uint(slot.parameters.passes)
        .bytes(slot.wrapped);
  if (vault.recovery)
    out.bytes(*vault.recovery);
  else
    out.null();
  Bytes bytes = std::move(out).result();
  const Digest digest = sha256(bytes);
  bytes.insert(bytes.end(), digest.bytes.begin(), digest.bytes.end());
  return bytes;
}

Result<Slots> decode(BytesView bytes) {
  const Error damaged{ErrorCode::damaged, "vault: not as it was written"};
  if (bytes.size() < Digest::size) return damaged;
  const BytesView content = bytes.first(bytes.size() - Digest::size);
  const BytesView digest = bytes.last(Digest::size);
  if (std::memcmp(sha256(content).bytes.data(), digest.data(), Digest::size) != 0) return damaged;

  CborReader in(content);
  in.array_of(3);
  if (in.uint() != 1) in.fail("an unknown version");
  Slots vault;
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
    Slot slot;
    in.array_of(5);
    slot.name = in.text();
    const BytesView salt = in.bytes();
    if (salt.size() == slot.salt.size())
      std::copy(salt.begin(), salt.end(), slot.salt.begin());
    else
      in.fail("a salt of the wrong length");
    slot.parameters.memory_bytes = in.uint();
    const std::uint64_t passes = in.uint();
    if (slot.parameters.memory_bytes > argon2_memory_bytes_max || passes > argon2_passes_max)
      in.fail("a slot that asks for too much memory");
    else
      slot.parameters.passes = static_cast<std::uint32_t>(passes);
    const BytesView wrapped = in.bytes();
    slot.wrapped.assign(wrapped.begin(), wrapped.end());
    vault.slots.push_back(std::move(slot));
  }
  if (!in.try_null()) {
    const BytesView recovery = in.bytes();
    vault.recovery = Bytes(recovery.begin(), recovery.end());
  }
  if (const Result<void> whole = in.finish("vault"); !whole) return Error{ErrorCode::damaged, whole.error().message};
  return vault;
}

/// The vault, or its copy where the vault is gone or damaged.
Result<Slots> read(const std::filesystem::path& home) {
  std::optional<Error> first;
  for (const std::filesystem::path& path : {vault_path(home), copy_path(home)}) {
    const Result<Bytes> bytes = read_small_file(path, vault_bytes_max);
    const Result<Slots> vault = bytes ? decode(*bytes) : Result<Slots>(bytes.error());
    if (vault) return vault;
    // What is there and damaged says more than what is not there.
    if (!first || first->code == ErrorCode::not_found) first = vault.error();
  }
  return *first;
}

Result<void> write(const std::filesystem::path& home, const Slots& vault) {
  const Bytes bytes = encode(vault);
  if (const Result<void> written = write_durably(vault_path(home), bytes); !written) return written;
  return write_durably(copy_path(home), bytes);
}

/// Completes what a write cut short left: the vault or its copy missing, older or half written. A disk that refuses
/// does not matter: the next opening tries again.
void mend(const std::filesystem::path& home, const Slots& vault) {
  const Bytes bytes = encode(vault);
  for (const std::filesystem::path& path : {vault_path(home), copy_path(home)}) {
    const Result<Bytes> there = read_small_file(path, vault_bytes_max);
    const std::filesystem::path unfinished = path.string() + ".new";
    std::error_code ignored;
    if (!there || *there != bytes)
      static_cast<void>(write_durably(path, bytes));
    else if (std::filesystem::exists(unfinished, ignored))
      std::filesystem::remove(unfinished, ignored);
  }
}

Result<SymmetricKey> key_of(BytesView bytes) {
  SymmetricKey key;
  if (bytes.size() != key.bytes.size()) return Error{ErrorCode::damaged, "vault: a key of the wrong length"};
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

void wipe_bytes(Bytes& secret) {
  volatile std::uint8_t* at = secret.data();
  for (std::size_t i = 0; i < secret.size(); ++i) at[i] = 0;
}

Result<Slot> make_slot(const SymmetricKey& key, std::string_view user, std::string_view passphrase, Random& random,
                       const Argon2Parameters& parameters) {
  Slot slot;
  slot.name = normalised(user);
  slot.parameters = parameters;
  random.fill(slot.salt);
  std::string secret = normalised(passphrase);
  const Result<SymmetricKey> wrapping = derive_key(secret, slot.salt, parameters);
  wipe(secret);
  if (!wrapping) return wrapping.error();
  slot.wrapped = encrypt(*wrapping, key.view(), view_of(slot.name), random);
  return slot;
}

Result<SymmetricKey> open_slot(const Slot& slot, std::string_view passphrase) {
  const Result<SymmetricKey> wrapping = derive_key(passphrase, slot.salt, slot.parameters);
  if (!wrapping) return wrapping.error();
  Result<Bytes> opened = decrypt(*wrapping, slot.wrapped, view_of(slot.name));
  if (!opened) return Error{ErrorCode::wrong_passphrase, "vault: this passphrase opens nothing"};
  Result<SymmetricKey> key = key_of(*opened);
  wipe_bytes(*opened);
  return key;
}

void put_slot(Slots& vault, Slot slot) {
  std::erase_if(vault.slots, [&](const Slot& old) { return old.name == slot.name; });
  vault.slots.push_back(std::move(slot));
}

}  // namespace

bool Vault::exists(const std::filesystem::path& home) {
  std::error_code ignored;
  return std::filesystem::exists(vault_path(home), ignored) || std::filesystem::exists(copy_path(home), ignored);
}

Result<SymmetricKey> Vault::create(const std::filesystem::path& home, std::string_view user,
                                   std::string_view passphrase, Random& random, const Argon2Parameters& parameters) {
  if (exists(home)) return Error{ErrorCode::already_exists, "vault: there is one already"};
  std::error_code failed;
  if (!std::filesystem::exists(home, failed)) {
    std::filesystem::create_directories(home, failed);
    if (failed) return Error{ErrorCode::io, "home: cannot create: " + failed.message()};
    std::filesystem::permissions(home, std::filesystem::perms::owner_all, failed);
  }
  SymmetricKey key;
  random.fill(key.bytes);
  if (const Result<void> added = [&]() -> Result<void> {
        Result<Slot> slot = make_slot(key, user, passphrase, random, parameters);
        if (!slot) return slot.error();
        Slots vault;
        put_slot(vault, std::move(*slot));
        return write(home, vault);
      }();
      !added)
    return added.error();
  return key;
}

Result<SymmetricKey> Vault::open(const std::filesystem::path& home, std::string_view user,
                                 std::string_view passphrase) {
  const Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  const std::string name = normalised(user);
  std::string secret = normalised(passphrase);
  Result<SymmetricKey> key = Error{ErrorCode::not_found, "vault: no slot of this name"};
  for (const Slot& slot : vault->slots) {
    if (!name.empty() && slot.name != name) continue;
    key = open_slot(slot, secret);
    if (key) break;
  }
  wipe(secret);
  // Proven by its key: only now may it stand for the other one.
  if (key) mend(home, *vault);
  return key;
}

Result<void> Vault::add_slot(const std::filesystem::path& home, const SymmetricKey& key, std::string_view user,
                             std::string_view passphrase, Random& random, const Argon2Parameters& parameters) {
  Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  Result<Slot> slot = make_slot(key, user, passphrase, random, parameters);
  if (!slot) return slot.error();
  put_slot(*vault, std::move(*slot));
  return write(home, *vault);
}

Result<void> Vault::drop_slot(const std::filesystem::path& home, std::string_view user) {
  Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  const std::string name = normalised(user);
  const auto found =
      std::find_if(vault->slots.begin(), vault->slots.end(), [&](const Slot& s) { return s.name == name; });
  if (found == vault->slots.end()) return Error{ErrorCode::not_found, "vault: no slot of this name"};
  if (vault->slots.size() == 1) return Error{ErrorCode::invalid_argument, "vault: the last slot stays"};
  vault->slots.erase(found);
  return write(home, *vault);
}

Result<std::vector<std::string>> Vault::users(const std::filesystem::path& home) {
  const Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  std::vector<std::string> names;
  for (const Slot& slot : vault->slots) names.push_back(slot.name);
  return names;
}

Result<void> Vault::seal_for_recovery(const std::filesystem::path& home, const SymmetricKey& key,
                                      const BoxPublicKey& recovery) {
  Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  vault->recovery = seal_to(recovery, key.view());
  return write(home, *vault);
}

Result<SymmetricKey> Vault::recover(const std::filesystem::path& home, const BoxKey& recovery) {
  const Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  if (!vault->recovery) return Error{ErrorCode::not_found, "vault: was never sealed to an office"};
  Result<Bytes> opened = recovery.open(*vault->recovery);
  if (!opened) return Error{ErrorCode::wrong_passphrase, "vault: sealed to another office's recovery key"};
  Result<SymmetricKey> key = key_of(*opened);
  wipe_bytes(*opened);
  return key;
}

Result<Bytes> Vault::packed(const std::filesystem::path& home) {
  const Result<Slots> vault = read(home);
  if (!vault) return vault.error();
  return encode(*vault);
}

Result<void> Vault::unpack(const std::filesystem::path& home, BytesView packed) {
  const Result<Slots> vault = decode(packed);
  if (!vault) return vault.error();
  return write(home, *vault);
}

Argon2Parameters vault_parameters() {
  const char* wish = std::getenv("FIELDPOST_TEST_KDF");
  if (wish != nullptr && std::string_view(wish) == "fast") return {64 << 10, 1};
  return {limits::argon2_memory_bytes, limits::argon2_passes};
}

namespace {

/// The descriptor of the locked file. `kind` is LOCK_SH or LOCK_EX. Errors: busy after `wait_ms`, io.
Result<int> lock_file(const std::filesystem::path& path, int kind, int wait_ms) {
  std::error_code failed;
  std::filesystem::create_directories(path.parent_path(), failed);
  // Not inherited by programs we start: a helper that outlives us would hold the store.
  const int descriptor = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (descriptor < 0) return Error{ErrorCode::io, std::string("lock: cannot open: ") + std::strerror(errno)};
  using Clock = std::chrono::steady_clock;
  const Clock::time_point deadline = Clock::now() + std::chrono::milliseconds(wait_ms);
  while (::flock(descriptor, kind | LOCK_NB) != 0) {
    const int cause = errno;
    const bool taken = cause == EWOULDBLOCK || cause == EINTR;
    if (taken && Clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      continue;
    }
    ::close(descriptor);
    if (taken) return Error{ErrorCode::busy, "lock: held by another program"};
    return Error{ErrorCode::io, std::string("lock: cannot lock: ") + std::strerror(cause)};
  }
  return descriptor;
}

}  // namespace

Result<std::unique_ptr<StoreLock>> StoreLock::take(const std::filesystem::path& home, std::string_view program,
                                                   int wait_ms) {
  const std::filesystem::path path = home / "lock";
  const Result<int> descriptor = lock_file(path, LOCK_EX, wait_ms);
  if (!descriptor && descriptor.error().code == ErrorCode::busy) {
    const Result<Bytes> holder = read_small_file(path, 1 << 10);
    const std::string name = holder && !holder->empty() ? std::string(text_of(*holder)) : "another program";
    return Error{ErrorCode::busy, "the store is held by " + name};
  }
  if (!descriptor) return descriptor.error();
  std::unique_ptr<StoreLock> lock(new StoreLock(*descriptor));
  const std::string holder = std::string(program) + " " + std::to_string(::getpid());
  // For the one who waits; the lock itself is the kernel's, so what the file says after a crash does not matter.
  if (::ftruncate(*descriptor, 0) != 0 || ::pwrite(*descriptor, holder.data(), holder.size(), 0) < 0) {
    // A full disk must not keep anyone from reading and sending what is there.
  }
  return lock;
}

Result<std::unique_ptr<StoreLock>> StoreLock::share_use(const std::filesystem::path& home, int wait_ms) {
  const Result<int> descriptor = lock_file(home / "in_use", LOCK_SH, wait_ms);
  if (descriptor) return std::unique_ptr<StoreLock>(new StoreLock(*descriptor));
  if (descriptor.error().code != ErrorCode::busy) return descriptor.error();
  return Error{ErrorCode::busy, "central's store is just being restored: try again when that is done"};
}

Result<std::unique_ptr<StoreLock>> StoreLock::stop_use(const std::filesystem::path& home, int wait_ms) {
  const Result<int> descriptor = lock_file(home / "in_use", LOCK_EX, wait_ms);
  if (descriptor) return std::unique_ptr<StoreLock>(new StoreLock(*descriptor));
  if (descriptor.error().code != ErrorCode::busy) return descriptor.error();
  return Error{ErrorCode::busy,
               "central's store is open in its server, or in a command beside it: stop the server first"};
}

StoreLock::~StoreLock() { ::close(descriptor_); }

}  // namespace fieldpost
