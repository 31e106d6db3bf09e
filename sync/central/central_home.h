// Central's folder, opened by its server or by a command beside it: the key, the store, the office's keys, the TLS
// identity. Whoever comes first makes what lacks.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "shared/storage/vault.h"
#include "sync/central/endpoint.h"
#include "sync/central/http_server.h"
#include "sync/central/sqlite_backend.h"

namespace fieldpost {

// HOME/central    marks the folder as central's, so that no laptop enrols into it
// HOME/store.db   as on a laptop (design 3); its meta also keeps tls_certificate and tls_key, in PEM
// HOME/attachments   photos and scans (storage/attachment_store)
// HOME/vault      only without FIELDPOST_KEY_FILE
// HOME/lock       held while a program opens the store; HOME/in_use is shared by all who have it open
class CentralHome {
 public:
  struct Options {
    std::filesystem::path path;
    std::string user;  // the slot of the vault; empty: any, or `central` for a new one
    bool may_create = false;
    /// The server's own certificate; without it central's self-signed one, made at first need.
    std::optional<TlsIdentity> certificate;
    /// Only the server says which key it shows: tickets of commands beside it carry the pin of its last start.
    bool serves = false;
  };

  static bool is_at(const std::filesystem::path& path);
  /// Durable when it returns. Errors: disk_full, io.
  static Result<void> mark(const std::filesystem::path& path);
  /// The key in the file named by FIELDPOST_KEY_FILE; nothing when none is named. Errors: not_found, malformed, io.
  static Result<std::optional<SymmetricKey>> key_from_environment();
  /// The store's key: 32 bytes or 64 hex digits in the file named by FIELDPOST_KEY_FILE, else the vault's.
  /// Errors: not_found, wrong_passphrase, malformed (the key file), already_exists (a laptop's folder).
  static Result<SymmetricKey> open_key(const Options& options, Random& random);
  static Result<std::unique_ptr<CentralHome>> open(const Options& options, const WallClock& clock, Random& random,
                                                   const Catalogue& catalogue);

  SqliteBackend& backend() { return *backend_; }
  CentralOffice& office() { return *office_; }
  AttachmentStore& attachments() { return *attachments_; }
  const TlsIdentity& certificate() const { return certificate_; }

 private:
  CentralHome() = default;
  std::unique_ptr<StoreLock> in_use_;  // the last to go
  std::unique_ptr<SqliteBackend> backend_;
  std::unique_ptr<CentralOffice> office_;
  std::unique_ptr<AttachmentStore> attachments_;
  TlsIdentity certificate_;
};

}  // namespace fieldpost
