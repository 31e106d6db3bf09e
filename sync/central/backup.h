// Central's SQLite store as one file, and back, with its attachments in a folder beside it, FILE.attachments: the
// same sealed files under the same names, each compared with its digest. The file is an encrypted database like
// store.db, of one moment, under the same key; it carries everything: journal, devices, feeds, the office's keys and
// its TLS identity. Without FIELDPOST_KEY_FILE the key's slots lie in `vault`, and a copy of them is put beside it as
// FILE.vault. A machine that is built anew needs the file, and the key file or the file's .vault with its passphrase.
#pragma once

#include <filesystem>
#include <string>

#include "sync/central/central_home.h"

namespace fieldpost {

/// Attachments that the store names: in the backup or back in place; not at central yet; damaged, and left out.
struct BackupFiles {
  std::int64_t taken = 0, lacking = 0, damaged = 0;
};

struct BackupReport {
  std::int64_t bytes = 0;
  std::int64_t changes = 0, devices = 0;
  BackupFiles files;
  DeploymentId deployment;
  Incarnation incarnation;
  std::filesystem::path key_slots;  // FILE.vault; empty when the key comes from a file
};

/// Beside the running server. `file` bears its name only once it is whole on the disk and was opened and verified:
/// every page, the structure, and every table's number of rows. Errors: not_found (no central, no key),
/// already_exists
/// (`file`, FILE.attachments, or FILE.new of an attempt that was cut short), wrong_passphrase, damaged (central's
/// store: then nothing is written), disk_full, io.
Result<BackupReport> back_up(const CentralHome::Options& options, const std::filesystem::path& file, Random& random);
/// The same for a store that is open here; `key` is its key. FILE.vault is the caller's.
Result<BackupReport> back_up_store(Database& store, const SymmetricKey& key, const std::filesystem::path& file,
                                   AttachmentStore* attachments = nullptr);

/// Nothing where this is no central's store: then it has no deployment key of its own. Throws SqlError.
std::optional<DeploymentId> deployment_of(Database& database);

struct RestoreReport {
  std::filesystem::path set_aside;  // the old store; empty where there was none
  std::int64_t changes = 0, devices = 0;
  BackupFiles files;  // those that lack or are damaged come again from the laptops that hold them
  DeploymentId deployment;
  Incarnation incarnation;  // the new one: laptops offer again what they hold
};

/// Puts a backup in central's place, which may be an empty folder. What the backup says is verified in a copy before
/// anything is changed, so that a refusal leaves the old store as it was; cut short at any moment, it can be run
/// again. Errors: busy (a server or a command has the store open), not_found (`file`, or no key to open it with),
/// already_exists (a laptop's folder), wrong_passphrase, damaged (`file`: altered, or of another key),
/// invalid_argument (`file` is no central's store, or of another deployment), disk_full, io.
Result<RestoreReport> restore(const CentralHome::Options& options, const std::filesystem::path& file,
                              const WallClock& clock, Random& random);
/// The same where the caller holds the locks and knows the key.
Result<RestoreReport> restore_store(const std::filesystem::path& home, const SymmetricKey& key,
                                    const std::filesystem::path& file, const WallClock& clock, Random& random);

}  // namespace fieldpost
