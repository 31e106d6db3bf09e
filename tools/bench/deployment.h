// A central behind real HTTP and TLS, and laptops with encrypted stores, in one process and one folder.
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

struct Laptop {
  Store::Options options;
  std::unique_ptr<Store> store;
};

class Deployment {
 public:
  Deployment(const std::filesystem::path& folder, const Catalogue& catalogue);

  /// A laptop of the same unit as all others, with a vault that opens with `passphrase`, enrolled over the wire.
  Laptop enrol(const std::string& name);
  static constexpr std::string_view passphrase = "một mật khẩu của nhân viên trợ giúp";

  /// One exchange of a laptop with central, over HTTP and TLS.
  struct Synced {
    ExchangeReport report;
    double seconds = 0;
    std::int64_t wire_up = 0, wire_down = 0;
  };
  Synced sync(Laptop& laptop);

  const Environment& environment() const { return environment_; }

 private:
  std::filesystem::path folder_;
  SystemClock clock_;
  SystemRandom random_;
  const Catalogue& catalogue_;
  Environment environment_{clock_, random_, catalogue_};
  std::unique_ptr<SqliteBackend> backend_;
  std::unique_ptr<CentralOffice> office_;
  std::unique_ptr<Endpoint> endpoint_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<WireMeter> meter_;
  std::string url_;
};

/// Saves each row of JSON values as a new record of `form`, as `fieldpostctl import` does.
void import_rows(Store& store, const Form& form, std::span<const std::string> rows);

}  // namespace fieldpost::bench
