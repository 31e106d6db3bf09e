#include "sync/central/central_home.h"

#include <cstdlib>

#include "shared/foundation/limits.h"
#include "shared/storage/definitions.h"
#include "shared/storage/files.h"
#include "shared/storage/passphrase.h"
#include "shared/storage/vault.h"
#include "sync/central/central_view.h"

namespace fieldpost {

namespace {

constexpr std::string_view certificate_key = "tls_certificate";
constexpr std::string_view private_key_key = "tls_key";
constexpr std::string_view pin_key = "tls_pin";

std::filesystem::path mark_of(const std::filesystem::path& home) { return home / "central"; }

Result<SymmetricKey> key_from_file(const std::filesystem::path& path) {
  const Error bad{ErrorCode::malformed,
                  "FIELDPOST_KEY_FILE names a file that holds neither 32 bytes nor 64 hex digits"};
  Result<Bytes> content = read_small_file(path, 1 << 10);
  if (!content)
    return Error{content.error().code,
                 "the file named by FIELDPOST_KEY_FILE cannot be read: " + content.error().message};
  SymmetricKey key;
  if (content->size() != key.bytes.size()) {
    std::string digits(text_of(*content));
    while (!digits.empty() && (digits.back() == '\n' || digits.back() == '\r' || digits.back() == ' '))
      digits.pop_back();
    Result<Bytes> raw = from_hex(digits);
    wipe(digits);
    if (!raw || raw->size() != key.bytes.size()) return bad;
    content = std::move(raw);
  }
  std::copy(content->begin(), content->end(), key.bytes.begin());
  return key;
}

/// Central's own certificate, made at first need and kept in the encrypted store.
Result<TlsIdentity> kept_certificate(Backend& backend) {
  // Made outside the transaction: drawing a key takes longer than a writer should wait.
  std::optional<TlsIdentity> fresh;
  TlsIdentity identity;
  const auto look = [&](BackendTransaction& tx) -> Result<void> {
    const auto certificate = tx.meta(certificate_key);
    const auto key = tx.meta(private_key_key);
    if (certificate && key) {
      identity = {std::string(text_of(*certificate)), std::string(text_of(*key))};
    } else if (fresh) {
      tx.set_meta(certificate_key, view_of(fresh->certificate_pem));
      tx.set_meta(private_key_key, view_of(fresh->key_pem));
      identity = *fresh;
    }
    return {};
  };
  if (const Result<void> read = backend.read(look); !read) return read.error();
  if (!identity.key_pem.empty()) return identity;
  Result<TlsIdentity> made = make_tls_identity();
  if (!made) return made.error();
  fresh = *std::move(made);
  if (const Result<void> written = backend.write(look); !written) return written.error();
  return identity;
}

}  // namespace

bool CentralHome::is_at(const std::filesystem::path& path) {
  std::error_code ignored;
  return std::filesystem::exists(mark_of(path), ignored);
}

Result<void> CentralHome::mark(const std::filesystem::path& path) {
  return write_durably(mark_of(path), view_of("1\n"));
}

Result<std::optional<SymmetricKey>> CentralHome::key_from_environment() {
  const char* file = std::getenv("FIELDPOST_KEY_FILE");
  if (file == nullptr || *file == '\0') return std::optional<SymmetricKey>();
  const Result<SymmetricKey> key = key_from_file(file);
  if (!key) return key.error();
  return std::optional<SymmetricKey>(*key);
}

Result<SymmetricKey> CentralHome::open_key(const Options& options, Random& random) {
  std::error_code ignored;
  if (!is_at(options.path)) {
    if (Vault::exists(options.path) || std::filesystem::exists(options.path / "store.db", ignored))
      return Error{ErrorCode::already_exists,
                   "this folder holds a laptop's store: central needs a folder of its own"};
    if (!options.may_create) return Error{ErrorCode::not_found, "there is no central in this folder"};
    std::error_code failed;
    std::filesystem::create_directories(options.path, failed);
    if (failed) return Error{ErrorCode::io, "home: cannot create: " + failed.message()};
    std::filesystem::permissions(options.path, std::filesystem::perms::owner_all, ignored);
    if (const Result<void> marked = mark(options.path); !marked) return marked.error();
  }
  const Result<std::optional<SymmetricKey>> named = key_from_environment();
  if (!named) return named.error();
  if (*named) return **named;
  const bool is_new = !Vault::exists(options.path);
  if (is_new && std::filesystem::exists(options.path / "store.db", ignored))
    return Error{ErrorCode::not_found, "this central was made with a key file: name it in FIELDPOST_KEY_FILE"};
  Result<std::string> passphrase = ask_passphrase(is_new);
  if (!passphrase) return passphrase.error();
  Result<SymmetricKey> key = is_new ? Vault::create(options.path, options.user.empty() ? "central" : options.user,
                                                    *passphrase, random, vault_parameters())
                                    : Vault::open(options.path, options.user, *passphrase);
  wipe(*passphrase);
  return key;
}

Result<std::unique_ptr<CentralHome>> CentralHome::open(const Options& options, const WallClock& clock, Random& random,
                                                       const Catalogue& catalogue) {
  // Two that come first at the same moment would each make a key: one after the other, then.
  std::error_code ignored;
  std::unique_ptr<StoreLock> lock, in_use;
  if (options.may_create || is_at(options.path)) {
    Result<std::unique_ptr<StoreLock>> taken =
        StoreLock::take(options.path, "fieldpost-central", limits::store_wait_ms);
    if (!taken) return taken.error();
    lock = *std::move(taken);
    // A restore holds the same lock: what one left that was cut short is worth nothing.
    for (const char* left : {"restoring", "restoring-key"}) std::filesystem::remove_all(options.path / left, ignored);
    Result<std::unique_ptr<StoreLock>> shared = StoreLock::share_use(options.path, limits::store_wait_ms);
    if (!shared) return shared.error();
    in_use = *std::move(shared);
  }
  const Result<SymmetricKey> key = open_key(options, random);
  if (!key) return key.error();
  Database::Options database;
  database.cache_kib = SqliteBackend::cache_kib;
  database.path = (options.path / "store.db").string();
  database.key = *key;
  Result<std::unique_ptr<Database>> opened = Database::open(database);
  if (!opened) return opened.error();
  // While the journal is short, so that no later command has to derive everything at once beside the server.
  const Result<std::shared_ptr<const Catalogue>> published = guarded([&] {
    Journal::create_tables(**opened);
    return catalogue_with(definitions_in(**opened, std::nullopt), catalogue);
  });
  if (!published) return published.error();
  const Catalogue& current = *published ? **published : catalogue;
  if (const Result<void> made = CentralView(**opened, current).create(); !made) return made.error();
  Result<std::unique_ptr<SqliteBackend>> backend = SqliteBackend::open(*std::move(opened));
  if (!backend) return backend.error();

  std::unique_ptr<CentralHome> home(new CentralHome());
  home->in_use_ = std::move(in_use);
  home->backend_ = *std::move(backend);
  home->attachments_ = std::make_unique<AttachmentStore>(options.path / "attachments", *key, random);
  if (options.certificate) {
    home->certificate_ = *options.certificate;
  } else {
    Result<TlsIdentity> own = kept_certificate(*home->backend_);
    if (!own) return own.error();
    home->certificate_ = *std::move(own);
  }
  bool pin_is_known = false;
  const Result<void> looked = home->backend_->read([&](BackendTransaction& tx) -> Result<void> {
    pin_is_known = tx.meta(pin_key).has_value();
    return {};
  });
  if (!looked) return looked.error();
  Digest pin;
  if (options.serves || !pin_is_known) {
    const Result<Digest> own = tls_pin_of(home->certificate_.certificate_pem);
    if (!own) return own.error();
    pin = *own;
  }
  Result<std::unique_ptr<CentralOffice>> office = CentralOffice::open(*home->backend_, clock, random, pin);
  if (!office) return office.error();
  home->office_ = *std::move(office);
  return home;
}

}  // namespace fieldpost
