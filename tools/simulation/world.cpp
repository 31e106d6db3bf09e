#include "tools/simulation/world.h"

#include "shared/forms/form_loader.h"
#include "sync/central/commit.h"
#include "sync/enrolment.h"
#include "sync/messages.h"

namespace fieldpost::simulation {

namespace {

constexpr std::string_view visit_form = R"({
  "name": "visit", "version": 1, "class": "session", "label::vi": "Buổi", "label::en": "Visit", "title": "{title}",
  "questions": [
    {"type": "text", "name": "title", "number": 1, "partner": true, "label::vi": "a", "label::en": "a"},
    {"type": "text", "name": "note", "number": 2, "partner": true, "label::vi": "b", "label::en": "b"},
    {"type": "text", "name": "difficulties", "number": 3, "label::vi": "c", "label::en": "c"},
    {"type": "text", "name": "co_hosts", "number": 4, "partner": true, "label::vi": "d", "label::en": "d"},
    {"type": "integer", "name": "headcount", "number": 5, "partner": true, "label::vi": "e", "label::en": "e"},
    {"type": "select_multiple", "name": "topics", "number": 6, "list": "topics", "partner": true, "label::vi": "f", "label::en": "f"},
    {"type": "repeat", "name": "roster", "number": 10, "label::vi": "g", "label::en": "g", "questions": [
      {"type": "text", "name": "full_name", "number": 11, "label::vi": "h", "label::en": "h"},
      {"type": "text", "name": "hamlet", "number": 12, "label::vi": "i", "label::en": "i"}]}]})";
constexpr std::string_view secret_form = R"({
  "name": "secret", "version": 1, "class": "consultation", "label::vi": "Việc", "label::en": "Matter", "title": "{full_name}",
  "register": {"entry": "book", "when": "${accepted_on} != ''", "date": "accepted_on"},
  "questions": [
    {"type": "text", "name": "full_name", "number": 1, "label::vi": "a", "label::en": "a"},
    {"type": "text", "name": "advice", "number": 2, "label::vi": "b", "label::en": "b"},
    {"type": "date", "name": "accepted_on", "number": 3, "label::vi": "c", "label::en": "c"}]})";
constexpr std::string_view pair_form = R"({
  "name": "pair", "version": 1, "class": "person", "label::vi": "Trùng", "label::en": "Pair", "about": ["one", "other"],
  "questions": [
    {"type": "record", "name": "one", "number": 1, "label::vi": "a", "label::en": "a"},
    {"type": "record", "name": "other", "number": 2, "label::vi": "b", "label::en": "b"},
    {"type": "text", "name": "decision", "number": 3, "label::vi": "c", "label::en": "c"}]})";
constexpr std::string_view review_form = R"({
  "name": "review", "version": 1, "class": "case", "label::vi": "Duyệt", "label::en": "Review", "about": ["subject"],
  "questions": [
    {"type": "record", "name": "subject", "number": 1, "label::vi": "a", "label::en": "a"},
    {"type": "text", "name": "office", "number": 3, "writers": ["reconciler"], "label::vi": "b", "label::en": "b"}]})";
constexpr std::string_view book_form = R"({
  "name": "book", "version": 1, "class": "case", "label::vi": "Sổ", "label::en": "Book", "about": ["subject"],
  "writers": [], "questions": [
    {"type": "record", "name": "subject", "number": 1, "label::vi": "a", "label::en": "a"},
    {"type": "text", "name": "register", "number": 2, "label::vi": "b", "label::en": "b"},
    {"type": "integer", "name": "year", "number": 3, "label::vi": "c", "label::en": "c"},
    {"type": "integer", "name": "number", "number": 4, "label::vi": "d", "label::en": "d"}]})";
constexpr std::string_view late_form = R"({
  "name": "late", "version": 1, "class": "session", "label::vi": "Mới", "label::en": "Late", "title": "{title}",
  "questions": [
    {"type": "text", "name": "title", "number": 1, "label::vi": "a", "label::en": "a"},
    {"type": "text", "name": "note", "number": 2, "label::vi": "b", "label::en": "b"}]})";

Catalogue make_catalogue(bool with_late) {
  Catalogue catalogue;
  catalogue.lists["topics"] = must(load_code_list("topics", "code,vi,en\nA,a,a\nB,b,b\nC,c,c\n"));
  for (const std::string_view source : {visit_form, secret_form, late_form, pair_form, review_form, book_form}) {
    if (source == late_form && !with_late) continue;
    auto form = load_form(source, {"topics"});
    if (!std::holds_alternative<Form>(form))
      throw Broken{"a form of the simulation does not load: " + std::get<1>(form).front().message};
    Form& loaded = std::get<Form>(form);
    catalogue.forms[loaded.name][loaded.version] = std::move(loaded);
  }
  return catalogue;
}

}  // namespace

const Catalogue& laptop_catalogue() {
  static const Catalogue catalogue = make_catalogue(true);
  return catalogue;
}
const Catalogue& old_central_catalogue() {
  static const Catalogue catalogue = make_catalogue(false);
  return catalogue;
}

// ---- Central ------------------------------------------------------------------------------------------------------

Central::Central(Random& random, std::int64_t now_ms) : random_(random), catalogue_(&old_central_catalogue()) {
  clock_.ms = now_ms;
  static const SimDisk::Image fresh = [] {
    SimDisk disk;
    Database::Options options;
    options.path = disk.folder() + "/store.db";
    options.vfs = vfs_name;
    must(SqliteBackend::open(must(Database::open(options))));
    return disk.image();
  }();
  disk_.replace(fresh);
  start();
}

void Central::start() {
  Database::Options options;
  options.path = disk_.folder() + "/store.db";
  options.vfs = vfs_name;
  backend_ = must(SqliteBackend::open(must(Database::open(options))));
  office_ = must(CentralOffice::open(*backend_, clock_, random_, Digest{}));
  endpoint_ = std::make_unique<Endpoint>(*backend_, office_->keys(), *catalogue_, clock_, random_);
}
void Central::stop() {
  endpoint_.reset();
  office_.reset();
  backend_.reset();
}

Response Central::handle(const Request& request) {
  clock_.ms += 50;
  return endpoint_->handle(request);
}

Result<BundleTaken> Central::read_bundle(BytesView file) {
  clock_.ms += 50;
  return endpoint_->read_bundle(file);
}

Result<Bytes> Central::write_bundle(const DeviceId& recipient) {
  clock_.ms += 50;
  Result<BundleGiven> given = endpoint_->write_bundle(recipient);
  if (!given) return given.error();
  return std::move(given->file);
}

void Central::crash(Random& random) {
  disk_.cut_power();
  stop();
  disk_.recover(random);
  start();
}

SimDisk::Image Central::backup() { return disk_.image(); }

void Central::put_back(const SimDisk::Image& image) {
  disk_.cut_power();
  stop();
  disk_.replace(image);
  start();
}

void Central::restore(const SimDisk::Image& image, bool new_incarnation) {
  put_back(image);
  if (new_incarnation) must(office_->restored());
}

void Central::learn_forms() {
  catalogue_ = &laptop_catalogue();
  endpoint_ = std::make_unique<Endpoint>(*backend_, office_->keys(), *catalogue_, clock_, random_);
  must(endpoint_->reconsider_held());
}

std::string Central::ticket(Role role, const std::string& unit, const std::string& name) {
  return must(office_->issue_ticket(role, unit, name, false));
}

Incarnation Central::incarnation() {
  Incarnation out;
  must(backend_->read([&](BackendTransaction& tx) -> Result<void> {
    out = *Incarnation::from_bytes(*tx.meta(incarnation_key));
    return {};
  }));
  return out;
}

bool Central::holds(const RecordId& record, const ChangeId& change) {
  bool found = false;
  must(backend_->read([&](BackendTransaction& tx) -> Result<void> {
    found = tx.find(record, change).has_value();
    return {};
  }));
  return found;
}

bool Central::in_feed_of(const RecordId& record, const std::string& unit) {
  bool found = false;
  must(backend_->read([&](BackendTransaction& tx) -> Result<void> {
    for (const std::string& feed : tx.feeds_of(record)) found = found || feed.ends_with(":" + unit);
    return {};
  }));
  return found;
}

bool Central::shared_with(const RecordId& record, const std::string& unit) {
  bool found = false;
  must(backend_->read([&](BackendTransaction& tx) -> Result<void> {
    found = tx.sharers_of(record).contains(unit);
    return {};
  }));
  return found;
}

bool Central::knows(const RecordId& record) {
  bool known = false;
  must(backend_->read([&](BackendTransaction& tx) -> Result<void> {
    known = tx.record(record).has_value();
    return {};
  }));
  return known;
}

void Central::resume_register() { must(endpoint_->registers(true)); }

RecordState Central::state(const RecordId& record) {
  return must(guarded([&] {
    Journal journal(backend_->database());
    std::map<ChangeId, Change> changes;
    for (Change& change : journal.changes_of(record)) changes.emplace(change.id, std::move(change));
    const FindChange find = [&](const ChangeId& id) -> const Change* {
      const auto at = changes.find(id);
      return at == changes.end() ? nullptr : &at->second;
    };
    return record_state(record, journal.heads(record), find, laptop_catalogue().form(changes.begin()->second.form));
  }));
}

void Central::believe_numbers(const Request& request, Response& response, Store& store) {
  if (request.path == path::handshake) {
    HandshakeAnswer answer = must(decode_handshake_answer(response.body));
    const DeviceId device = must(store.identity())->device();
    const std::vector<JournalPosition> own = must(store.own_positions());
    for (std::size_t i = 0; i < answer.known.size() && i < own.size(); ++i) {
      answer.known[i].n = std::min(answer.known[i].n, own[i].n);
      answer.known[i].chain = must(store.chain_at(device, own[i].epoch, answer.known[i].n)).value_or(Digest{});
    }
    answer.receipts.clear();
    response.body = encode(answer);
  } else if (request.path == path::push) {
    PushAnswer answer = must(decode_push_answer(response.body));
    if (!answer.fork) return;
    answer.fork = false;
    const Page page = must(decode_page(request.body));
    for (const Segment& segment : page.segments) {
      Receipt receipt;
      receipt.deployment = office_->deployment();
      receipt.incarnation = incarnation();
      receipt.device = segment.device;
      receipt.epoch = segment.epoch;
      receipt.first = segment.first;
      receipt.last = segment.last();
      receipt.chain = segment.end();
      sign_receipt(receipt, office_->keys().receipts);
      answer.receipts.push_back(receipt);
    }
    response.body = encode(answer);
  }
}

// ---- The network --------------------------------------------------------------------------------------------------

Result<Response> Link::receive() {
  // Of two on their way the second may be the faster one.
  if (early_) {
    sent_.pop_front();
    return *std::exchange(early_, std::nullopt);
  }
  if (sent_.size() == 2 && sent_.back().body.size() % 2 == 1) early_ = answer(sent_.back());
  return SerialTransport::receive();
}

void Link::abandon() {
  SerialTransport::abandon();
  early_.reset();
}

Result<Response> Link::answer(const Request& request) {
  const Error lost{ErrorCode::unreachable, "lost on the way"};
  const Fate fate = fate_(request);
  if (fate.lose_request) {
    if (stray) stray->push_back(request);
    return lost;
  }
  Response response = central_.handle(request);
  if (fate.repeat) central_.handle(request);
  if (fate.lose_answer) {
    if (stray) stray->push_back(request);
    return lost;
  }
  if (on_answer) on_answer(request, response);
  if (response.status == 0) return lost;
  return response;
}

// ---- Laptops ------------------------------------------------------------------------------------------------------

Laptop::Laptop(std::string called, Role as, std::string of, std::uint64_t seed, std::int64_t now_ms, bool durable)
    : name(std::move(called)), role(as), unit(std::move(of)), durable_(durable), random_(seed) {
  clock.ms = now_ms;
  static const SimDisk::Image fresh = [] {
    SimDisk disk;
    SimClock stopped;
    SeededRandom random(0);
    Store::Options options;
    options.home = disk.folder();
    options.encrypted = false;
    options.vfs = vfs_name;
    must(Store::open(options, {stopped, random, laptop_catalogue()}));
    return disk.image();
  }();
  disk_.replace(fresh);
  start();
}

Laptop::Laptop(const Laptop& original, std::string called, std::uint64_t seed)
    : name(std::move(called)), role(original.role), unit(original.unit), durable_(original.durable_), random_(seed) {
  clock = original.clock;
  disk_.replace(original.disk_.image());
  start();
}

void Laptop::start() {
  Store::Options options;
  options.home = disk_.folder();
  options.encrypted = false;
  options.vfs = vfs_name;
  store_ = must(Store::open(options, {clock, random_, laptop_catalogue()}));
  if (!durable_) must(guarded([&] { store_->database().execute("PRAGMA synchronous = NORMAL"); }));
}

void Laptop::stop() {
  exchange.reset();
  forms.clear();
  store_.reset();
}

Laptop::Copy Laptop::copy() const {
  Copy out{std::make_unique<SimDisk>(), nullptr};
  out.disk->replace(disk_.image());
  Database::Options options;
  options.path = out.disk->folder() + "/store.db";
  options.vfs = vfs_name;
  out.database = must(Database::open(options));
  return out;
}

void Laptop::crash(Random& random) {
  disk_.cut_power();
  stop();
  disk_.recover(random);
  start();
}

void Laptop::restore(const SimDisk::Image& image) {
  disk_.cut_power();
  stop();
  disk_.replace(image);
  start();
}

std::set<std::pair<RecordId, ChangeId>> Laptop::held_changes() {
  const DeviceId central = device_id_of((*must(store_->identity())).central.receipts);
  return must(guarded([&] {
    std::set<std::pair<RecordId, ChangeId>> out;
    Statement statement = store_->database().prepare("SELECT stored FROM change");
    while (statement.step()) {
      const Change change = must(decode_change(statement.blob(0)));
      if (change.device != central) out.emplace(change.record, change.id);
    }
    return out;
  }));
}

}  // namespace fieldpost::simulation
