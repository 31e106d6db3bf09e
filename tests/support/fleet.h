// A deployment in one process: central on SQLite, laptops, a loopback between them; clock and chance from a seed.
// Tests speak the domain through it: an.save(...), fleet.sync(an).
#pragma once

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "shared/forms/json_values.h"
#include "shared/storage/store.h"
#include "sync/central/endpoint.h"
#include "sync/central/sqlite_backend.h"
#include "sync/enrolment.h"
#include "sync/exchange.h"

namespace fieldpost::test {

struct FakeClock final : WallClock {
  std::int64_t ms = 1'762'000'000'000;  // 2025-11-01
  std::int64_t now_ms() const override { return ms; }
};

/// A folder that goes away with its owner.
struct TempFolder {
  std::filesystem::path path;
  TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "fieldpost-test-XXXXXX").string();
    REQUIRE(::mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path, ignored);
  }
  TempFolder(const TempFolder&) = delete;
  TempFolder& operator=(const TempFolder&) = delete;
};

template <class T>
T must(Result<T> result) {
  REQUIRE_MESSAGE(result.has_value(), (result ? std::string() : result.error().message));
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  REQUIRE_MESSAGE(result.has_value(), (result ? std::string() : result.error().message));
}

/// Requests straight into the endpoint; `on_request` may look at the traffic or refuse to carry it.
class Loopback final : public SerialTransport {
 public:
  explicit Loopback(Endpoint& endpoint) : endpoint_(&endpoint) {}
  Result<Response> answer(const Request& request) override {
    if (on_request)
      if (std::optional<Error> error = on_request(request)) return *error;
    Response response = endpoint_->handle(request);
    if (on_response)
      if (std::optional<Error> error = on_response(request, response)) return *error;
    return response;
  }
  void connect_to(Endpoint& endpoint) { endpoint_ = &endpoint; }
  std::function<std::optional<Error>(const Request&)> on_request;
  std::function<std::optional<Error>(const Request&, const Response&)> on_response;

 private:
  Endpoint* endpoint_;
};

/// Of two requests on their way, the second arrives first.
class OvertakingLoopback final : public SerialTransport {
 public:
  explicit OvertakingLoopback(Endpoint& endpoint) : endpoint_(endpoint) {}
  Result<Response> receive() override {
    if (early_) {
      sent_.pop_front();
      return *std::exchange(early_, std::nullopt);
    }
    if (sent_.size() == in_flight_max) early_ = endpoint_.handle(sent_.back());
    return SerialTransport::receive();
  }

 private:
  Result<Response> answer(const Request& request) override { return endpoint_.handle(request); }
  Endpoint& endpoint_;
  std::optional<Response> early_;
};

/// An outreach session of one afternoon, as tests want one that says nothing else.
inline nlohmann::json session_values(const std::string& title) {
  return {{"title", title}, {"date", "2025-10-31"}, {"headcount_total", 60}};
}

class Fleet;

class Laptop {
 public:
  Laptop(Fleet& fleet, std::string name);
  Store& store() { return *store_; }
  void reopen();
  void close() { store_.reset(); }
  /// The disk as it is now, and back to it: what a restored laptop finds.
  void keep_copy();
  void go_back_to_copy();
  RecordId create(std::string_view form, const nlohmann::json& values);
  /// An edit of what the store shows now.
  ChangeId edit(const RecordId& record, const nlohmann::json& values);
  /// A form left open: what its author sees until they save.
  Seen open(const RecordId& record) { return must(store_->see(record)); }
  ChangeId save(Seen& seen, const nlohmann::json& values);
  nlohmann::json values(const RecordId& record);
  ExchangeReport sync();
  std::string digest() { return text(must(store_->verify()).digest); }

  const std::string name;
  FakeClock clock;
  SeededRandom random;
  TempFolder folder;
  std::unique_ptr<Loopback> transport;

 private:
  Fleet& fleet_;
  std::unique_ptr<Store> store_;
};

class Fleet {
 public:
  explicit Fleet(std::uint64_t seed = 1);
  Laptop& enrol(const std::string& name, Role role, const std::string& unit);
  const Catalogue& catalogue() const { return *catalogue_; }
  void use_catalogue(const Catalogue& catalogue);
  Endpoint& endpoint() { return *endpoint_; }
  CentralOffice& office() { return *office_; }
  SqliteBackend& backend() { return *backend_; }
  AttachmentStore& attachments() { return *attachments_; }
  /// Central's store as it is now, and back to it: as a new incarnation, the way `restore` does it.
  void backup();
  void restore();
  /// Back to the copy as if nothing had happened since: to try the same moment again.
  void rewind();
  void open_central();
  /// Nobody has its store open until open_central.
  void close_central();
  std::string central_digest();

  FakeClock clock;
  SeededRandom random;
  TempFolder folder;

 private:
  const Catalogue* catalogue_ = &shipped_catalogue();
  std::unique_ptr<SqliteBackend> backend_;
  std::unique_ptr<CentralOffice> office_;
  std::unique_ptr<AttachmentStore> attachments_;
  std::unique_ptr<Endpoint> endpoint_;
  std::vector<std::unique_ptr<Laptop>> laptops_;
};

// ---- inline: the rig is linked into every test that speaks of several laptops ------------------------------------

inline Laptop::Laptop(Fleet& fleet, std::string called)
    : name(std::move(called)), random(std::hash<std::string>{}(name)), fleet_(fleet) {
  reopen();
  transport = std::make_unique<Loopback>(fleet.endpoint());
}

inline void Laptop::reopen() {
  store_.reset();
  Store::Options options;
  options.home = folder.path;
  options.key.bytes.fill(7);
  store_ = must(Store::open(options, {clock, random, fleet_.catalogue()}));
}

inline void Laptop::keep_copy() {
  must(guarded([&] { store_->database().execute("PRAGMA wal_checkpoint(TRUNCATE)"); }));
  std::filesystem::copy_file(folder.path / "store.db", folder.path / "copy",
                             std::filesystem::copy_options::overwrite_existing);
}

inline void Laptop::go_back_to_copy() {
  close();
  for (const char* beside : {"store.db-wal", "store.db-shm"}) std::filesystem::remove(folder.path / beside);
  std::filesystem::copy_file(folder.path / "copy", folder.path / "store.db",
                             std::filesystem::copy_options::overwrite_existing);
  reopen();
}

inline RecordId Laptop::create(std::string_view form_name, const nlohmann::json& values) {
  const Form* form = fleet_.catalogue().form(form_name);
  REQUIRE(form);
  Seen seen = store_->start(*form);
  must(store_->save(seen, must(edit_from_json(*form, values))));
  clock.ms += 1000;
  return seen.record;
}

inline ChangeId Laptop::save(Seen& seen, const nlohmann::json& values) {
  const Form* form = fleet_.catalogue().form(seen.form, seen.form_version);
  REQUIRE(form);
  const Saved saved = must(store_->save(seen, must(edit_from_json(*form, values))));
  clock.ms += 1000;
  return saved.change;
}

inline ChangeId Laptop::edit(const RecordId& record, const nlohmann::json& values) {
  Seen seen = open(record);
  return save(seen, values);
}

inline nlohmann::json Laptop::values(const RecordId& record) {
  const std::optional<RecordState> state = must(store_->state(record));
  REQUIRE(state);
  return values_to_json(*fleet_.catalogue().form(state->form), state->answers);
}

inline ExchangeReport Laptop::sync() {
  transport->connect_to(fleet_.endpoint());
  return must(Exchange(*store_, *transport).run());
}

inline Fleet::Fleet(std::uint64_t seed) : random(seed) { open_central(); }

inline void Fleet::close_central() {
  endpoint_.reset();
  office_.reset();
  backend_.reset();
}

inline void Fleet::open_central() {
  close_central();
  Database::Options options;
  options.path = (folder.path / "store.db").string();
  options.key.emplace().bytes.fill(9);
  backend_ = must(SqliteBackend::open(must(Database::open(options))));
  office_ = must(CentralOffice::open(*backend_, clock, random, Digest{}));
  attachments_ = std::make_unique<AttachmentStore>(folder.path / "attachments", *options.key, random);
  endpoint_ = std::make_unique<Endpoint>(*backend_, office_->keys(), *catalogue_, clock, random, attachments_.get());
}

inline void Fleet::use_catalogue(const Catalogue& catalogue) {
  catalogue_ = &catalogue;
  open_central();
  must(endpoint_->reconsider_held());
}

inline Laptop& Fleet::enrol(const std::string& name, Role role, const std::string& unit) {
  laptops_.push_back(std::make_unique<Laptop>(*this, name));
  Laptop& laptop = *laptops_.back();
  const std::string ticket = must(office_->issue_ticket(role, unit, name, false));
  must(fieldpost::enrol(laptop.store(), *laptop.transport, "http://127.0.0.1", must(parse_ticket(ticket))));
  return laptop;
}

inline void Fleet::backup() {
  backend_->database().execute("PRAGMA wal_checkpoint(TRUNCATE)");
  std::filesystem::copy_file(folder.path / "store.db", folder.path / "backup.db",
                             std::filesystem::copy_options::overwrite_existing);
}

inline void Fleet::restore() {
  rewind();
  must(office_->restored());
}

inline void Fleet::rewind() {
  close_central();
  for (const char* beside : {"store.db-wal", "store.db-shm"}) std::filesystem::remove(folder.path / beside);
  std::filesystem::copy_file(folder.path / "backup.db", folder.path / "store.db",
                             std::filesystem::copy_options::overwrite_existing);
  open_central();
}

inline std::string Fleet::central_digest() {
  std::string digest;
  must(backend_->read([&](BackendTransaction&) -> Result<void> {
    Journal journal(backend_->database());
    digest = text(journal.digest());
    return {};
  }));
  return digest;
}

}  // namespace fieldpost::test
