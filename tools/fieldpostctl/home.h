// Opening a home: a laptop's store, alone; or central's, beside its server, to read.
#pragma once

#include <memory>

#include "shared/storage/store.h"
#include "shared/storage/vault.h"
#include "sync/central/central_home.h"
#include "sync/central/central_view.h"
#include "tools/fieldpostctl/args.h"
#include "tools/fieldpostctl/reply.h"

namespace fieldpost::ctl {

/// What every command gets.
struct Context {
  const Arguments& arguments;
  const WallClock& clock;
  Random& random;
  const Catalogue& catalogue;

  Environment environment() const { return {clock, random, catalogue}; }
};

/// A laptop's store, held until the end of the command.
struct Laptop {
  std::filesystem::path path;
  SymmetricKey key;
  std::string passphrase;  // kept for enrolment, which names the slot anew
  std::unique_ptr<StoreLock> lock;
  std::unique_ptr<Store> store;
  ~Laptop() { wipe(passphrase); }
  Laptop() = default;
  Laptop(Laptop&&) = default;
  Laptop& operator=(Laptop&&) = delete;
};

/// The slot a new store has until its ticket's user is known.
inline constexpr const char* first_slot = "enrolment";

/// Errors: not_found (no store there and `may_create` is not set), wrong_passphrase, busy, damaged, and
/// invalid_argument for central's folder.
Result<Laptop> open_laptop(const Context& context, bool may_create = false);

/// Any home, to read: on central one consistent look at everything committed, beside the running server.
class Reading {
 public:
  static Result<std::unique_ptr<Reading>> open(const Context& context);
  ~Reading();
  Reading(const Reading&) = delete;
  Reading& operator=(const Reading&) = delete;

  Store& store() { return *store_; }
  Database& database() { return store_->database(); }
  bool is_central() const { return view_ != nullptr; }
  /// Errors: not_found, on a laptop that is not enrolled.
  Result<DeploymentId> deployment();
  std::string author_name(const UserId& user);
  std::string device_name(const DeviceId& device);
  /// Central's doubt about the time of a change, as JSON; null where there is none, and on a laptop.
  nlohmann::json clock_doubt(const RecordId& record, const ChangeId& change);
  /// Central knows who is who from its devices; nothing on a laptop.
  std::optional<Certificate> central_certificate(const DeviceId& device);

 private:
  Reading() = default;

  std::unique_ptr<StoreLock> lock_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<CentralView> view_;
};

CentralHome::Options central_options(const Context& context, bool may_create);
/// Central's folder with its office, for tickets and approvals.
Result<std::unique_ptr<CentralHome>> open_central(const Context& context, bool may_create);

}  // namespace fieldpost::ctl
