#include "tools/bench/deployment.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/foundation/limits.h"
#include "shared/storage/vault.h"
#include "sync/enrolment.h"
#include "sync/http_transport.h"
#include "tools/bench/measure.h"

namespace fieldpost::bench {

Central::Central(const std::filesystem::path& folder, const Catalogue& catalogue, const std::string& listen) {
  Database::Options database;
  database.cache_kib = SqliteBackend::cache_kib;
  database.path = (folder / "central.db").string();
  random_.fill(database.key.emplace().bytes);
  backend_ = must(SqliteBackend::open(must(Database::open(database))));
  const TlsIdentity tls = must(make_tls_identity());
  office_ = must(CentralOffice::open(*backend_, clock_, random_, must(tls_pin_of(tls.certificate_pem))));
  endpoint_ = std::make_unique<Endpoint>(*backend_, office_->keys(), catalogue, clock_, random_);
  ServerOptions server;
  server.listen = listen;
  server.tls_certificate_pem = tls.certificate_pem;
  server.tls_key_pem = tls.key_pem;
  server_ = must(HttpServer::start(server, [this](const Request& request) { return handle(request); }));
}

std::string Central::ticket(const std::string& unit, const std::string& name) {
  return must(office_->issue_ticket(Role::recorder, unit, name, false));
}

Laptop enrol(const std::filesystem::path& folder, const std::string& name, const std::string& url,
             const std::string& ticket, const Environment& environment, Key key) {
  Laptop laptop;
  laptop.options.home = folder / name;
  if (key == Key::vault) {
    laptop.options.key = must(Vault::create(laptop.options.home, name, passphrase, environment.random,
                                            {limits::argon2_memory_bytes, limits::argon2_passes}));
  } else {
    std::filesystem::create_directories(laptop.options.home);
    environment.random.fill(laptop.options.key.bytes);
  }
  laptop.store = must(Store::open(laptop.options, environment));
  const Ticket parsed = must(parse_ticket(ticket));
  HttpOptions http;
  http.url = url;
  http.tls_pin = parsed.tls_pin;
  const std::unique_ptr<Transport> transport = must(make_http_transport(http));
  must(fieldpost::enrol(*laptop.store, *transport, url, parsed));
  return laptop;
}

std::unique_ptr<Transport> road_of(Laptop& laptop, const std::string& url) {
  const Identity identity = *must(laptop.store->identity());
  HttpOptions http;
  http.url = url.empty() ? identity.url : url;
  http.tls_pin = identity.central.tls_pin;
  return must(make_http_transport(http));
}

Deployment::Deployment(const std::filesystem::path& folder, const Catalogue& catalogue)
    : folder_(folder),
      catalogue_(catalogue),
      central_(folder, catalogue),
      meter_(central_.port()),
      url_("https://127.0.0.1:" + std::to_string(meter_.port())) {}

Laptop Deployment::enrol(const std::string& name, const std::string& unit) {
  return bench::enrol(folder_, name, url_, central_.ticket(unit, name), environment_, Key::vault);
}

Deployment::Synced Deployment::sync(Laptop& laptop) {
  const std::unique_ptr<Transport> road = road_of(laptop);
  return sync(laptop, *road);
}

Deployment::Synced Deployment::sync(Laptop& laptop, Transport& road) {
  const std::int64_t up = meter_.bytes_up(), down = meter_.bytes_down();
  const Stopwatch time;
  Synced synced;
  synced.report = must(Exchange(*laptop.store, road).run());
  synced.seconds = time.seconds();
  synced.wire_up = meter_.bytes_up() - up;
  synced.wire_down = meter_.bytes_down() - down;
  return synced;
}

void import_rows(Store& store, const Form& form, std::span<const std::string> rows) {
  // A part of the file at a time, so that a long one does not fill memory.
  constexpr std::size_t rows_at_once = 500;
  for (std::size_t at = 0; at < rows.size(); at += rows_at_once) {
    std::vector<Edit> edits;
    for (const std::string& row : rows.subspan(at, std::min(rows_at_once, rows.size() - at)))
      edits.push_back(must(edit_from_json(form, nlohmann::json::parse(row))));
    must(store.save_all(form, edits));
  }
}

}  // namespace fieldpost::bench
