#include "tools/fieldpostctl/home.h"

#include "shared/foundation/limits.h"
#include "shared/storage/passphrase.h"
#include "sync/central/backup.h"
#include "tools/fieldpostctl/fields.h"

namespace fieldpost::ctl {

namespace {

Error no_store() {
  return {ErrorCode::not_found, "there is no store in this folder: enrol this laptop first, or check --home"};
}

}  // namespace

CentralHome::Options central_options(const Context& context, bool may_create) {
  CentralHome::Options options;
  options.path = context.arguments.home;
  options.user = context.arguments.user;
  options.may_create = may_create;
  return options;
}

Result<Laptop> open_laptop(const Context& context, bool may_create) {
  Laptop laptop;
  laptop.path = context.arguments.home;
  if (CentralHome::is_at(laptop.path))
    return Error{ErrorCode::invalid_argument, "this is central's folder: records are written on laptops"};
  const bool is_new = !Vault::exists(laptop.path);
  if (is_new && !may_create) return no_store();
  Result<std::unique_ptr<StoreLock>> lock = StoreLock::take(laptop.path, "fieldpostctl", limits::store_wait_ms);
  if (!lock) return lock.error();
  laptop.lock = *std::move(lock);
  Result<std::string> passphrase = ask_passphrase(is_new);
  if (!passphrase) return passphrase.error();
  laptop.passphrase = *std::move(passphrase);
  const std::string& user = context.arguments.user;
  Result<SymmetricKey> key = is_new ? Vault::create(laptop.path, user.empty() ? first_slot : user, laptop.passphrase,
                                                    context.random, vault_parameters())
                                    : Vault::open(laptop.path, user, laptop.passphrase);
  if (!key) return key.error();
  laptop.key = *key;
  Result<std::unique_ptr<Store>> store = Store::open({laptop.path, laptop.key, true, ""}, context.environment());
  if (!store) return store.error();
  laptop.store = *std::move(store);
  // The store is this command's alone: what an earlier one attached and did not save is nobody's. Where that cannot
  // be told it stays, and the command says what is wrong.
  (void)laptop.store->drop_unnamed_files();
  return laptop;
}

Result<std::unique_ptr<Reading>> Reading::open(const Context& context) {
  std::unique_ptr<Reading> reading(new Reading());
  if (!CentralHome::is_at(context.arguments.home)) {
    Result<Laptop> laptop = open_laptop(context);
    if (!laptop) return laptop.error();
    reading->lock_ = std::move(laptop->lock);
    reading->store_ = std::move(laptop->store);
    return reading;
  }
  const CentralHome::Options options = central_options(context, false);
  Result<std::unique_ptr<StoreLock>> in_use = StoreLock::share_use(options.path, limits::store_wait_ms);
  if (!in_use) return in_use.error();
  reading->lock_ = *std::move(in_use);
  const Result<SymmetricKey> key = CentralHome::open_key(options, context.random);
  if (!key) return key.error();
  Result<std::unique_ptr<Store>> store = Store::open({options.path, *key, true, ""}, context.environment());
  if (!store) return store.error();
  reading->store_ = *std::move(store);
  reading->view_ = std::make_unique<CentralView>(reading->database(), reading->store_->catalogue());
  if (const Result<void> begun = reading->view_->begin(); !begun) return begun.error();
  return reading;
}

Reading::~Reading() {
  if (view_) view_->end();
}

std::optional<Certificate> Reading::central_certificate(const DeviceId& device) {
  Result<std::optional<Certificate>> found = guarded([&]() -> std::optional<Certificate> {
    Statement statement = database().prepare("SELECT certificate FROM device WHERE device = ?");
    statement.bind(device);
    if (!statement.step()) return std::nullopt;
    Result<Certificate> certificate = decode_certificate(statement.blob(0));
    if (!certificate) return std::nullopt;
    return *std::move(certificate);
  });
  return found ? *std::move(found) : std::nullopt;
}

nlohmann::json Reading::clock_doubt(const RecordId& record, const ChangeId& change) {
  if (!is_central()) return nullptr;
  const Result<nlohmann::json> found = guarded([&]() -> nlohmann::json {
    Statement statement = database().prepare(
        "SELECT n.corrected_at FROM clock_note n JOIN change c ON c.number = n.change WHERE c.record = ? AND c.id = "
        "?");
    statement.bind(record, change);
    if (!statement.step()) return nullptr;
    return {
        {"corrected_at", statement.is_null(0) ? nlohmann::json() : nlohmann::json(utc_text(statement.integer(0)))}};
  });
  return found ? *found : nlohmann::json();
}

Result<DeploymentId> Reading::deployment() {
  if (is_central())
    return guarded([&]() -> Result<DeploymentId> {
      if (const std::optional<DeploymentId> own = deployment_of(database())) return *own;
      return Error{ErrorCode::damaged, "central's store has lost its deployment key"};
    });
  const Result<std::optional<Identity>> self = store_->identity();
  if (!self) return self.error();
  if (!*self) return Error{ErrorCode::not_found, "this laptop is not enrolled yet"};
  return (*self)->deployment();
}

std::string Reading::author_name(const UserId& user) {
  if (!is_central()) return store_->author_name(user);
  const Result<std::string> name = guarded([&] {
    Statement statement = database().prepare("SELECT certificate FROM device");
    while (statement.step()) {
      const Result<Certificate> certificate = decode_certificate(statement.blob(0));
      if (certificate && certificate->user == user) return certificate->user_name;
    }
    return text(user);
  });
  return name ? *name : text(user);
}

std::string Reading::device_name(const DeviceId& device) {
  if (!is_central()) return store_->device_name(device);
  const std::string short_id = text(device).substr(0, 4);
  const std::optional<Certificate> certificate = central_certificate(device);
  return certificate ? certificate->user_name + " · " + short_id : short_id;
}

Result<std::unique_ptr<CentralHome>> open_central(const Context& context, bool may_create) {
  return CentralHome::open(central_options(context, may_create), context.clock, context.random, context.catalogue);
}

}  // namespace fieldpost::ctl
