// The store's key: a random 32-byte key, wrapped once for each user by Argon2id of the passphrase, and sealed to the
// office's recovery key (design 3). One small file, `vault`, beside store.db, and a second `vault.copy`, for without
// it the store is lost; neither holds a secret that is not wrapped.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "shared/foundation/crypto.h"

namespace fieldpost {

// vault = [ 1, [ [ name: text, salt: bytes16, memory_bytes: uint, passes: uint, wrapped: bytes ] … ],
//           recovery: bytes | null ]
//       ‖ SHA-256 of it, so that a damaged vault is not taken for a wrong passphrase
// wrapped = XChaCha20-Poly1305 of the store key, associated data: the slot's name.
class Vault {
 public:
  static bool exists(const std::filesystem::path& home);
  /// Makes a new store key and its first slot, and the folder where it lacks. Written to a temporary name, synced,
  /// renamed. Names and passphrases are taken in NFC, so that one typed on another keyboard is the same.
  /// Errors: already_exists, disk_full, io.
  static Result<SymmetricKey> create(const std::filesystem::path& home, std::string_view user,
                                     std::string_view passphrase, Random& random, const Argon2Parameters& parameters);
  /// Tries the named slot, or every slot when `user` is empty. Errors: wrong_passphrase, not_found (no such user, or
  /// no vault), damaged.
  static Result<SymmetricKey> open(const std::filesystem::path& home, std::string_view user,
                                   std::string_view passphrase);
  /// A slot of the same name is replaced: that is how a passphrase changes.
  static Result<void> add_slot(const std::filesystem::path& home, const SymmetricKey& key, std::string_view user,
                               std::string_view passphrase, Random& random, const Argon2Parameters& parameters);
  /// The last slot stays: without one nobody opens the store. Errors: not_found, invalid_argument (the last one).
  static Result<void> drop_slot(const std::filesystem::path& home, std::string_view user);
  /// The names of the slots, for the unlock screen.
  static Result<std::vector<std::string>> users(const std::filesystem::path& home);

  /// Seals the key once more to the office, which can then rescue unsent work of a forgotten passphrase.
  static Result<void> seal_for_recovery(const std::filesystem::path& home, const SymmetricKey& key,
                                        const BoxPublicKey& recovery);
  static Result<SymmetricKey> recover(const std::filesystem::path& home, const BoxKey& recovery);

  /// The whole vault as bytes, to lie beside a backup, and back into a folder that exists; a vault there is replaced.
  /// Errors: not_found, damaged, disk_full, io.
  static Result<Bytes> packed(const std::filesystem::path& home);
  static Result<void> unpack(const std::filesystem::path& home, BytesView packed);
};
inline constexpr std::size_t vault_bytes_max = 64 << 10;  // a hundred users fill a fifth of it

/// 64 MiB and 3 passes, or what FIELDPOST_TEST_KDF=fast asks for in tests.
Argon2Parameters vault_parameters();

/// The kernel's lock on a store, freed at death. A laptop's has one holder, the window or one command. Central's is
/// taken for moments, while a server or a command opens it; then each of them shares its use, as long as it is open.
class StoreLock {
 public:
  /// Waits up to `wait_ms`, then fails with busy and who holds it (program name and process id).
  static Result<std::unique_ptr<StoreLock>> take(const std::filesystem::path& home, std::string_view program,
                                                 int wait_ms);
  /// Central's store is open here: many at once. Errors: busy (its file is being replaced), io.
  static Result<std::unique_ptr<StoreLock>> share_use(const std::filesystem::path& home, int wait_ms);
  /// Nobody has central's store open, and nobody opens it. Errors: busy (a server or a command has it open), io.
  static Result<std::unique_ptr<StoreLock>> stop_use(const std::filesystem::path& home, int wait_ms);
  ~StoreLock();
  StoreLock(const StoreLock&) = delete;
  StoreLock& operator=(const StoreLock&) = delete;

 private:
  explicit StoreLock(int descriptor) : descriptor_(descriptor) {}
  int descriptor_;
};

}  // namespace fieldpost
