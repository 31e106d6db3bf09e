// The inhabitants of a history: central, laptops, the network between them. They do as they are told; history.cpp
// decides.
#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "shared/storage/store.h"
#include "sync/central/endpoint.h"
#include "sync/central/sqlite_backend.h"
#include "sync/exchange.h"
#include "tools/simulation/sim_disk.h"

namespace fieldpost::simulation {

struct SimClock final : WallClock {
  std::int64_t ms = 0;
  std::int64_t now_ms() const override { return ms; }
};

/// The forms of the simulated world: `visit` (sessions with a roster, shared with partners), `secret` (consultations)
/// and `late`, which central learns of only later.
const Catalogue& laptop_catalogue();
const Catalogue& old_central_catalogue();

/// Every value that no partner may see holds this. Long enough that no id or salt holds it by chance.
inline constexpr std::string_view canary = "\xE2\x98\xA0\xE2\x98\xA0\xE2\x98\xA0";  // ☠☠☠

class Central {
 public:
  Central(Random& random, std::int64_t now_ms);
  Response handle(const Request& request);
  /// Power cut and start.
  void crash(Random& random);
  SimDisk::Image backup();
  void restore(const SimDisk::Image& image, bool new_incarnation);
  /// Central learns every form.
  void learn_forms();
  std::string ticket(Role role, const std::string& unit, const std::string& name);
  Result<BundleTaken> read_bundle(BytesView file);
  Result<Bytes> write_bundle(const DeviceId& recipient);
  Database& database() { return backend_->database(); }
  Incarnation incarnation();
  bool holds(const RecordId& record, const ChangeId& change);
  bool in_feed_of(const RecordId& record, const std::string& unit);
  bool shared_with(const RecordId& record, const std::string& unit);
  bool knows(const RecordId& record);
  /// The office: all numbers given before a restore are known again.
  void resume_register();
  RecordState state(const RecordId& record);
  /// For the control device_sequence_id: answers as a central gives them that knows changes by (device, number)
  /// alone.
  void believe_numbers(const Request& request, Response& response, Store& store);
  /// Any moment back: what ack-before-commit undoes.
  SimDisk::Image image() const { return disk_.image(); }
  void put_back(const SimDisk::Image& image);

 private:
  void start();
  void stop();
  SimDisk disk_;
  SimClock clock_;
  Random& random_;
  const Catalogue* catalogue_;
  std::unique_ptr<SqliteBackend> backend_;
  std::unique_ptr<CentralOffice> office_;
  std::unique_ptr<Endpoint> endpoint_;
};

/// What a link does to one request.
struct Fate {
  bool lose_request = false;
  bool lose_answer = false;
  bool repeat = false;
};

class Link final : public SerialTransport {
 public:
  Link(Central& central, std::function<Fate(const Request&)> fate) : central_(central), fate_(std::move(fate)) {}
  Result<Response> receive() override;
  void abandon() override;
  /// Sees every answer that reaches the laptop; the controls alter some, or lose them: status 0.
  std::function<void(const Request&, Response&)> on_answer;
  /// Requests that went astray and may still arrive.
  std::deque<Request>* stray = nullptr;

 private:
  Result<Response> answer(const Request& request) override;
  Central& central_;
  std::function<Fate(const Request&)> fate_;
  std::optional<Result<Response>> early_;  // of the second of two, carried before the first
};

/// A form somebody has open, and what they truly saw when they opened it.
struct OpenForm {
  Seen seen;
  std::set<ChangeId> sight;
};

class Laptop {
 public:
  /// Unless it is `durable`, its commits wait for no disk: a known-bad variant.
  Laptop(std::string name, Role role, std::string unit, std::uint64_t seed, std::int64_t now_ms, bool durable);
  /// A second laptop with the same disk, key and all.
  Laptop(const Laptop& original, std::string name, std::uint64_t seed);

  Store& store() { return *store_; }
  void crash(Random& random);
  SimDisk::Image backup() const { return disk_.image(); }
  void restore(const SimDisk::Image& image);
  /// The store as it is now, to look into: this disk takes one connection.
  struct Copy {
    std::unique_ptr<SimDisk> disk;
    std::unique_ptr<Database> database;
  };
  Copy copy() const;
  bool on_disk(std::string_view text) const { return disk_.contains(text); }
  /// Every change this laptop holds that a person wrote, with its record.
  std::set<std::pair<RecordId, ChangeId>> held_changes();

  const std::string name;
  const Role role;
  const std::string unit;
  SimClock clock;
  std::vector<OpenForm> forms;
  std::unique_ptr<Link> link;
  std::unique_ptr<Exchange> exchange;  // one under way

 private:
  void start();
  void stop();
  bool durable_;
  SeededRandom random_;
  SimDisk disk_;
  std::unique_ptr<Store> store_;
};

/// For tests of the real thing: stops with what went wrong.
struct Broken {
  std::string what;
};
template <class T>
T must(Result<T> result) {
  if (!result) throw Broken{"a step that cannot fail failed: " + result.error().message};
  return *std::move(result);
}
inline void must(const Result<void>& result) {
  if (!result) throw Broken{"a step that cannot fail failed: " + result.error().message};
}

}  // namespace fieldpost::simulation
