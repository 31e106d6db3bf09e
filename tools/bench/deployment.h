// A central behind real HTTP and TLS, and laptops with encrypted stores, in folders that the caller takes away.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "shared/storage/store.h"
#include "sync/central/endpoint.h"
#include "sync/central/http_server.h"
#include "sync/central/sqlite_backend.h"
#include "sync/exchange.h"
#include "tools/bench/wire_meter.h"

namespace fieldpost::bench {

// Everything below throws Stop where it fails.

/// What fieldpost-central serves, without its folder's lock and vault.
class Central {
 public:
  /// `listen`: host:port; port 0 takes a free one.
  Central(const std::filesystem::path& folder, const Catalogue& catalogue, const std::string& listen = "127.0.0.1:0");
  int port() const { return server_->port(); }
  /// One ticket for a recorder's laptop.
  std::string ticket(const std::string& unit, const std::string& name);
  /// Any thread.
  Response handle(const Request& request) { return endpoint_->handle(request); }

 private:
  SystemClock clock_;
  SystemRandom random_;
  std::unique_ptr<SqliteBackend> backend_;
  std::unique_ptr<CentralOffice> office_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<HttpServer> server_;
};

struct Laptop {
  Store::Options options;
  std::unique_ptr<Store> store;
};
/// A vault as a person's, or a key drawn for this run: Argon2id would be most of what a fleet does.
enum class Key { vault, raw };
inline constexpr std::string_view passphrase = "một mật khẩu của nhân viên trợ giúp";
/// A laptop in a folder of its own below `folder`, enrolled over the wire.
Laptop enrol(const std::filesystem::path& folder, const std::string& name, const std::string& url,
             const std::string& ticket, const Environment& environment, Key key);
/// The road to central that the laptop's enrolment names, or another one to the same central.
std::unique_ptr<Transport> road_of(Laptop& laptop, const std::string& url = {});

/// Central and a wire meter before it on loopback.
class Deployment {
 public:
  Deployment(const std::filesystem::path& folder, const Catalogue& catalogue);

  /// With a vault that opens with `passphrase`.
  Laptop enrol(const std::string& name, const std::string& unit = "hg");

  /// One exchange of a laptop with central over a connection of its own.
  struct Synced {
    ExchangeReport report;
    double seconds = 0;
    std::int64_t wire_up = 0, wire_down = 0;
  };
  Synced sync(Laptop& laptop);
  /// The same over a road of the caller's.
  Synced sync(Laptop& laptop, Transport& road);

  const Environment& environment() const { return environment_; }

 private:
  std::filesystem::path folder_;
  SystemClock clock_;
  SystemRandom random_;
  const Catalogue& catalogue_;
  Environment environment_{clock_, random_, catalogue_};
  Central central_;
  WireMeter meter_;
  std::string url_;
};

/// Saves each row of JSON values as a new record of `form`, as `fieldpostctl import` does.
void import_rows(Store& store, const Form& form, std::span<const std::string> rows);

}  // namespace fieldpost::bench
