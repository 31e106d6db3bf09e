#include "shared/storage/store.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/forms/about.h"
#include "shared/foundation/limits.h"
#include "shared/storage/definitions.h"
#include "shared/storage/store_state.h"

namespace fieldpost {

namespace {

constexpr std::string_view schema = R"(
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS certificate (device BLOB PRIMARY KEY, user BLOB NOT NULL, name TEXT NOT NULL,
                                          stored BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS receipt (epoch INTEGER NOT NULL, last INTEGER NOT NULL, stored BLOB NOT NULL,
                                      PRIMARY KEY (epoch, last)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS bundled (epoch INTEGER PRIMARY KEY, last INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS attachment_at_central (digest BLOB NOT NULL, bytes INTEGER NOT NULL, state INTEGER NOT NULL,
                                                    sent INTEGER NOT NULL, PRIMARY KEY (digest, bytes)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS draft (id BLOB PRIMARY KEY, at INTEGER NOT NULL, stored BLOB NOT NULL) WITHOUT ROWID;
)";

[[noreturn]] void fail(ErrorCode code, std::string what) { throw SqlError(Error{code, std::move(what)}); }

}  // namespace

const char* status_name(RecordStatus status) {
  switch (status) {
    case RecordStatus::on_this_laptop: return "on_this_laptop";
    case RecordStatus::in_a_bundle: return "in_a_bundle";
    case RecordStatus::at_central: return "at_central";
    case RecordStatus::needs_attention: return "needs_attention";
  }
  return "unknown";
}

// ---- State --------------------------------------------------------------------------------------------------------

std::optional<Bytes> Store::State::meta(std::string_view key) {
  Statement statement = database->prepare("SELECT value FROM meta WHERE key = ?");
  statement.bind(key);
  if (!statement.step()) return std::nullopt;
  const BytesView value = statement.blob(0);
  return Bytes(value.begin(), value.end());
}

void Store::State::set_meta(std::string_view key, BytesView value) {
  database->run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                key, value);
}

void Store::State::drop_meta(std::string_view key) { database->run("DELETE FROM meta WHERE key = ?", key); }

SigningKey Store::State::device_key() {
  Secret<32> seed;
  if (const auto kept = meta("device_seed")) {
    if (kept->size() != seed.bytes.size()) fail(ErrorCode::damaged, "the device key in the store is damaged");
    std::copy(kept->begin(), kept->end(), seed.bytes.begin());
    return SigningKey::from_seed(seed);
  }
  SigningKey key = SigningKey::generate(environment.random);
  set_meta("device_seed", key.seed().view());
  return key;
}

std::optional<Identity> Store::State::identity() {
  const auto url = meta("url");
  const auto stored_certificate = meta("certificate");
  const auto stored_statement = meta("central");
  if (!url || !stored_certificate || !stored_statement) return std::nullopt;
  Result<Certificate> own = decode_certificate(*stored_certificate);
  Result<CentralStatement> central = decode_statement(*stored_statement);
  if (!own || !central) fail(ErrorCode::damaged, "this laptop's identity in the store is damaged");
  return Identity{std::string(text_of(*url)), *std::move(own), *std::move(central)};
}

Identity Store::State::enrolled() {
  std::optional<Identity> found = identity();
  if (!found)
    fail(ErrorCode::invalid_argument, "this laptop is not enrolled yet: ask the office for a ticket, then enrol");
  return *std::move(found);
}

std::optional<Certificate> Store::State::certificate(const DeviceId& device) {
  Statement statement = database->prepare("SELECT stored FROM certificate WHERE device = ?");
  statement.bind(device);
  if (!statement.step()) return std::nullopt;
  Result<Certificate> found = decode_certificate(statement.blob(0));
  if (!found) fail(ErrorCode::damaged, "a certificate in the store is damaged");
  return *std::move(found);
}

Store::State::Tail Store::State::tail(const Identity& identity) {
  const auto kept = meta("tail");
  if (!kept) return open_epoch(identity);
  CborReader in(*kept);
  Tail tail;
  in.array_of(3);
  tail.epoch = in.id<EpochId>();
  tail.n = in.uint();
  tail.chain = in.id<Digest>();
  if (!in.finish("the tail of the journal")) fail(ErrorCode::damaged, "the end of this laptop's journal is damaged");
  tail.epoch_number = journal.epoch_number(identity.device(), tail.epoch);
  return tail;
}

Store::State::Tail Store::State::free_tail(const Identity& identity) {
  const Tail at = tail(identity);
  // A place that is taken already: a copy of this laptop wrote there, and others have told us. Go on beside it.
  return journal.entry(at.epoch_number, at.n + 1) ? open_epoch(identity) : at;
}

Store::State::Tail Store::State::open_epoch(const Identity& identity) {
  Tail tail;
  tail.epoch = random_id<EpochId>(environment.random);
  tail.epoch_number = journal.epoch_number(identity.device(), tail.epoch);
  tail.chain = chain_start(identity.deployment(), identity.device(), tail.epoch);
  keep_tail(tail);
  return tail;
}

void Store::State::append(Tail& tail, ChangeNumber number, const ChangeId& id) {
  ++tail.n;
  tail.chain = chain_next(tail.chain, tail.n, id);
  journal.place(tail.epoch_number, tail.n, number, std::nullopt);
}

void Store::State::keep_tail(const Tail& tail) {
  CborWriter out;
  out.array(3).bytes(tail.epoch.view()).uint(tail.n).bytes(tail.chain.view());
  set_meta("tail", out.result());
}

void Store::State::take_definitions() {
  std::optional<Bytes> mark = meta(definitions_key);
  if (!mark || *mark == definitions_taken) return;
  std::optional<DeviceId> central;
  if (const std::optional<Identity> self = identity()) central = device_id_of(self->central.receipts);
  if (std::shared_ptr<const Catalogue> now =
          catalogue_with(definitions_in(*database, central), environment.catalogue))
    published.push_back(std::move(now));
  definitions_taken = *std::move(mark);
  view = std::make_unique<View>(*database, catalogue());
  if (!view->create_tables()) view->rebuild(journal);
}

const Form& Store::State::form_of(const std::string& name, std::uint32_t version) {
  const Form* form = catalogue().form(name, version);
  if (!form) form = catalogue().form(name);
  if (!form) fail(ErrorCode::not_found, fmt::format("the form '{}' is not known on this laptop", name));
  return *form;
}

Answers Store::State::answers_of(const RecordId& record, const RecordHeads& heads, const Form& form) {
  std::map<ChangeId, Change> read;
  const FindChange find = [&](const ChangeId& id) -> const Change* {
    auto at = read.find(id);
    if (at == read.end()) {
      std::optional<Change> change = journal.read(record, id);
      if (!change) return nullptr;
      at = read.emplace(id, *std::move(change)).first;
    }
    return &at->second;
  };
  return record_state(record, heads, find, &form).answers;
}

Change Store::State::keep_own(Change change) {
  const Identity self = enrolled();
  change.author = self.certificate.user;
  change.device = self.device();
  change.at = environment.clock.now_ms();
  environment.random.fill(change.salt);
  Result<Change> sealed = seal(std::move(change));
  if (!sealed) throw SqlError(sealed.error());
  Tail at = free_tail(self);
  Journal::Counted counted;
  append(at, journal.add(*sealed, encode_change(*sealed), &counted), sealed->id);
  keep_tail(at);
  if (counted.is_first)
    view->apply_first(*sealed, counted.heads);
  else
    view->apply(sealed->record, journal);
  return *std::move(sealed);
}

RecordHeads Store::State::counting_heads(const RecordId& record) {
  std::set<ChangeId> held;
  Statement statement = database->prepare(
      "SELECT c.id FROM change c JOIN entry e ON e.change = c.number WHERE c.record = ?"
      " AND (e.outcome IS NULL OR e.outcome >= 2) AND e.outcome >= 2");
  statement.bind(record);
  while (statement.step()) held.insert(statement.id<ChangeId>(0));
  if (held.empty()) return journal.heads(record);
  RecordHeads heads;
  std::set<ChangeId> applied;
  for (const Change& change : journal.changes_of(record)) {
    if (held.contains(change.id)) continue;
    heads.apply(change, [&](const ChangeId& id) { return applied.contains(id); });
    applied.insert(change.id);
  }
  return heads;
}

Digest Store::State::digest() {
  std::set<RecordId> with_held;
  {
    Statement statement = database->prepare(
        "SELECT DISTINCT c.record FROM entry e JOIN change c ON c.number = e.change WHERE e.outcome >= 2");
    while (statement.step()) with_held.insert(statement.id<RecordId>(0));
  }
  return journal.digest([&](const RecordId& record) -> std::optional<RecordHeads> {
    if (!with_held.contains(record)) return std::nullopt;
    return counting_heads(record);
  });
}

// ---- Opening ------------------------------------------------------------------------------------------------------

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const Options& options, const Environment& environment) {
  // A salvage that a power cut ended after its new store was in place left its workshop; whoever opens the store
  // knows that none is running.
  std::error_code ignored;
  if (options.vfs.empty()) std::filesystem::remove_all(options.home / "salvage", ignored);
  Database::Options database;
  database.path = (options.home / "store.db").string();
  if (options.encrypted) database.key = options.key;
  database.vfs = options.vfs;
  Result<std::unique_ptr<Database>> opened = Database::open(database);
  if (!opened) return opened.error();
  return guarded([&]() -> Result<std::unique_ptr<Store>> {
    auto state = std::make_unique<State>(*std::move(opened), environment, options.home, options.key);
    Transaction transaction(*state->database);
    state->database->execute(schema);
    Journal::create_tables(*state->database);
    state->take_definitions();
    // A newer form has columns the rows lack.
    if (!state->view->create_tables()) state->view->rebuild(state->journal);
    transaction.commit();
    return std::unique_ptr<Store>(new Store(std::move(state)));
  });
}

Database& Store::database() { return *state_->database; }
const Environment& Store::environment() const { return state_->environment; }
const Catalogue& Store::catalogue() const { return state_->catalogue(); }

Result<void> Store::refresh() {
  return guarded([&] {
    Transaction transaction(*state_->database);
    state_->take_definitions();
    transaction.commit();
  });
}

// ---- Identity -----------------------------------------------------------------------------------------------------

Result<SigningKey> Store::device_key() {
  return guarded([&] {
    Transaction transaction(*state_->database);
    SigningKey key = state_->device_key();
    transaction.commit();
    return key;
  });
}

Result<std::optional<Identity>> Store::identity() {
  return guarded([&] { return state_->identity(); });
}

Result<void> Store::set_identity(const Identity& identity) {
  return guarded([&] {
    Transaction transaction(*state_->database);
    state_->set_meta("url", view_of(identity.url));
    state_->set_meta("certificate", encode_certificate(identity.certificate));
    state_->set_meta("central", encode_statement(identity.central));
    transaction.commit();
  });
}

Result<UserId> Store::author() {
  return guarded([&] { return state_->enrolled().certificate.user; });
}

Result<void> Store::keep_certificates(const std::vector<Certificate>& certificates) {
  return guarded([&]() -> Result<void> {
    // Every page brings its certificates along; most are here already.
    std::vector<Certificate> fresh;
    for (const Certificate& certificate : certificates) {
      const auto kept = state_->certificate(certificate.device());
      if (!kept || encode_certificate(*kept) != encode_certificate(certificate)) fresh.push_back(certificate);
    }
    if (fresh.empty()) return {};
    const Identity self = state_->enrolled();
    Transaction transaction(*state_->database);
    for (const Certificate& certificate : fresh) {
      if (!verify_certificate(certificate, self.central.deployment))
        return Error{ErrorCode::untrusted, "a certificate that the deployment key did not sign"};
      state_->database->run(
          "INSERT INTO certificate (device, user, name, stored) VALUES (?, ?, ?, ?) ON CONFLICT (device) DO UPDATE "
          "SET"
          " user = excluded.user, name = excluded.name, stored = excluded.stored",
          certificate.device(), certificate.user, certificate.user_name, encode_certificate(certificate));
    }
    transaction.commit();
    return {};
  });
}

Result<std::optional<Certificate>> Store::certificate(const DeviceId& device) {
  return guarded([&] { return state_->certificate(device); });
}

Result<std::vector<Certificate>> Store::colleagues() {
  return guarded([&] {
    const Certificate own = state_->enrolled().certificate;
    std::vector<Certificate> out;
    Statement statement = state_->database->prepare("SELECT stored FROM certificate ORDER BY name, device");
    while (statement.step()) {
      Result<Certificate> other = decode_certificate(statement.blob(0));
      if (!other) fail(ErrorCode::damaged, "a certificate in the store is damaged");
      if (other->device() != own.device() && may_hand_over(own.role, own.unit, other->role, other->unit))
        out.push_back(*std::move(other));
    }
    return out;
  });
}

std::string Store::author_name(const UserId& user) {
  // A projection has no author: central says it, and keeps who wrote what it is made of to itself.
  if (user.is_nil()) return "Trung tâm";
  const Result<std::string> name = guarded([&]() -> std::string {
    const std::optional<Identity> self = state_->identity();
    if (self && self->certificate.user == user) return self->certificate.user_name;
    Statement statement = state_->database->prepare("SELECT name FROM certificate WHERE user = ?");
    statement.bind(user);
    return statement.step() ? statement.text(0) : text(user);
  });
  return name ? *name : text(user);
}

std::string Store::device_name(const DeviceId& device) {
  // Two laptops of one person are told apart by the first letters of the device's id.
  const std::string short_id = text(device).substr(0, 4);
  const Result<std::string> name = guarded([&]() -> std::string {
    const std::optional<Identity> self = state_->identity();
    if (self && self->device() == device) return self->certificate.user_name + " · " + short_id;
    const std::optional<Certificate> certificate = state_->certificate(device);
    return certificate ? certificate->user_name + " · " + short_id : short_id;
  });
  return name ? *name : short_id;
}

// ---- Records ------------------------------------------------------------------------------------------------------

Seen Store::start(const Form& form) {
  Seen seen;
  seen.record = new_uuid<RecordId>(state_->environment.clock, state_->environment.random);
  seen.form = form.name;
  seen.form_version = form.version;
  seen.is_new = true;
  seen.answers.record = seen.record;
  return seen;
}

Result<Seen> Store::see(const RecordId& record) {
  return guarded([&]() -> Result<Seen> {
    Seen seen;
    seen.record = record;
    seen.heads = state_->journal.heads(record);
    if (seen.heads.empty()) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    const std::optional<RecordState> state = state_->view->state(record, state_->journal);
    const Form* form = state_->catalogue().form(state->form);
    if (!form)
      return Error{ErrorCode::not_found, fmt::format("the form '{}' is not known on this laptop", state->form)};
    seen.form = form->name;
    seen.form_version = form->version;
    seen.answers = state->answers;
    return seen;
  });
}

Result<Saved> Store::decide(const Form& form, const std::vector<RecordId>& subjects, const Fields& answers,
                            std::optional<std::string> reason, std::vector<Edit::RowEdit> rows) {
  if (form.about.empty() || form.about.size() != subjects.size())
    return Error{ErrorCode::not_found, fmt::format("the form '{}' is about other subjects", form.name)};
  const RecordId record = record_about(form.name, subjects);
  Result<Seen> seen = see(record);
  Edit edit;
  edit.fields = answers;
  edit.rows = std::move(rows);
  if (!seen) {
    if (seen.error().code != ErrorCode::not_found) return seen.error();
    seen = start(form);
    seen->record = seen->answers.record = record;
    std::vector<RecordId> ordered = subjects;
    std::sort(ordered.begin(), ordered.end());  // so that two who make it name the same one first
    for (std::size_t i = 0; i < ordered.size(); ++i)
      edit.fields[{form.find_in(nullptr, form.about[i])->number, ""}] = ordered[i];
  }
  return save(*seen, edit, std::move(reason));
}

Result<Seen> Store::see_at(const RecordId& record, const std::vector<ChangeId>& changes) {
  Result<Seen> now = see(record);
  if (!now) return now;
  return guarded([&]() -> Result<Seen> {
    std::map<ChangeId, Change> all;
    std::vector<ChangeId> order;
    for (Change& change : state_->journal.changes_of(record)) {
      order.push_back(change.id);
      all.emplace(change.id, std::move(change));
    }
    // What somebody saw who saw these: they, and all that they stand on.
    std::set<ChangeId> known;
    std::vector<ChangeId> open = changes;
    while (!open.empty()) {
      const ChangeId id = open.back();
      open.pop_back();
      const auto at = all.find(id);
      if (at == all.end()) {
        if (std::find(changes.begin(), changes.end(), id) != changes.end())
          return Error{ErrorCode::not_found, "a base that is no change of this record on this laptop"};
        continue;
      }
      if (known.insert(id).second) open.insert(open.end(), at->second.base.begin(), at->second.base.end());
    }
    Seen seen = *std::move(now);
    seen.heads = RecordHeads();
    std::set<ChangeId> applied;
    for (const ChangeId& id : order) {
      if (!known.contains(id)) continue;
      seen.heads.apply(all.at(id), [&](const ChangeId& other) { return applied.contains(other); });
      applied.insert(id);
    }
    seen.answers = state_->answers_of(record, seen.heads, state_->form_of(seen.form, seen.form_version));
    return seen;
  });
}

Saved Store::State::save(const Seen& seen, const Edit& edit, std::optional<std::string> reason,
                         std::optional<Change>& kept) {
  const Form& form = form_of(seen.form, seen.form_version);
  const Edit fresh = without_unchanged(form, edit, seen.answers);

  Saved saved;
  saved.record = seen.record;
  Change change;
  change.record = seen.record;
  change.form = form.name;
  change.form_version = form.version;
  change.reason = std::move(reason);
  std::vector<EntityId> entities = {seen.record};
  const auto write = [&](const EntityId& entity, const FieldKey& field, const Value& value) {
    change.writes.push_back({entity, field});
    change.values.push_back(value);
  };
  write(seen.record, {record_presence, ""}, !fresh.deleted);
  if (!fresh.deleted) {
    for (const auto& [field, value] : fresh.fields) write(seen.record, field, value);
    // Rows show in the order of their ids. Ids of one millisecond are random among themselves, so they are drawn
    // first and given out ascending: a roster typed in one go keeps the order in which it was typed.
    for (const Edit::RowEdit& row : fresh.rows)
      if (!row.row) saved.new_rows.push_back(new_uuid<EntityId>(environment.clock, environment.random));
    std::sort(saved.new_rows.begin(), saved.new_rows.end());
    std::size_t next_new = 0;
    const std::vector<EntityId> known = seen.heads.entities();
    for (const Edit::RowEdit& row : fresh.rows) {
      if (row.row && !std::binary_search(known.begin(), known.end(), *row.row))
        throw SqlError(Error{ErrorCode::invalid_argument, "a row that is not in this record: nothing was saved"});
      const EntityId id = row.row ? *row.row : saved.new_rows[next_new++];
      entities.push_back(id);
      write(id, {row.repeat, ""}, !row.deleted);
      if (row.deleted) continue;
      for (const auto& [field, value] : row.fields) write(id, field, value);
    }
  }
  if (change.writes.size() == 1 && !fresh.deleted && !seen.is_new) return saved;  // nothing new: nothing to write
  change.base = seen.heads.seen(entities);
  check_files(change);
  kept = keep_own(std::move(change));
  saved.change = kept->id;
  saved.incomplete =
      database->integer("SELECT incomplete FROM record WHERE record = ?", seen.record).value_or(0) != 0;
  return saved;
}

Result<Saved> Store::save(Seen& seen, const Edit& edit, std::optional<std::string> reason) {
  if (reason) {
    Result<std::string> why = storable_text(*reason);
    if (!why) return why.error();
    reason = *std::move(why);
  }
  return guarded([&]() -> Result<Saved> {
    Transaction transaction(*state_->database);
    state_->take_definitions();
    std::optional<Change> kept;
    Saved saved = state_->save(seen, edit, std::move(reason), kept);
    if (!kept) return saved;
    transaction.commit();
    state_->settle_files(*kept);
    seen.is_new = false;
    seen.heads.apply(*kept, [](const ChangeId&) { return true; });
    seen.answers = state_->answers_of(seen.record, seen.heads, state_->form_of(seen.form, seen.form_version));
    return saved;
  });
}

Result<std::vector<Saved>> Store::save_all(const Form& form, const std::vector<Edit>& edits) {
  return guarded([&] {
    Transaction transaction(*state_->database);
    state_->take_definitions();
    std::vector<Saved> out;
    out.reserve(edits.size());
    std::optional<Change> kept;
    for (const Edit& edit : edits) out.push_back(state_->save(start(form), edit, std::nullopt, kept));
    transaction.commit();
    return out;
  });
}

namespace {

/// Adds what a change of these fields says besides: whoever settles a field keeps what it belongs to, unless it is
/// its presence that is settled. Returns the entities that its author has in front of them.
std::vector<EntityId> keep_present(Change& change, const Form& form, const RecordHeads& heads) {
  const RecordId& record = change.record;
  std::vector<EntityId> entities = {record};
  const std::vector<FieldRef> settled = change.writes;
  const auto keep = [&](const FieldRef& presence) {
    if (std::find(change.writes.begin(), change.writes.end(), presence) != change.writes.end()) return;
    change.writes.push_back(presence);
    change.values.emplace_back(true);
  };
  keep({record, {record_presence, ""}});
  for (const FieldRef& field : settled) {
    if (field.entity == record || field.entity == entities.back()) continue;
    entities.push_back(field.entity);
    for (const Question* repeat : form.repeats()) {
      const FieldRef row_present{field.entity, {repeat->number, ""}};
      if (heads.fields().contains(row_present)) keep(row_present);
    }
  }
  return entities;
}

}  // namespace

Result<Saved> Store::resolve(const RecordId& record, const FieldRef& field, const Value& value,
                             std::string_view reason) {
  return resolve(record, {{field, value}}, reason);
}

Result<Saved> Store::resolve(const RecordId& record, const std::vector<Settlement>& settled,
                             std::string_view reason) {
  Result<std::string> why = storable_text(reason);
  if (!why) return why.error();
  return guarded([&]() -> Result<Saved> {
    Transaction transaction(*state_->database);
    state_->take_definitions();
    const RecordHeads heads = state_->journal.heads(record);
    const std::optional<RecordState> state = state_->view->state(record, state_->journal);
    if (!state) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    const Form& form = state_->form_of(state->form, state->form_version);
    Change change;
    change.record = record;
    change.form = form.name;
    change.form_version = form.version;
    change.reason = *std::move(why);
    for (const Settlement& one : settled) {
      if (!state->conflicts.contains(one.field))
        return Error{ErrorCode::not_found, "no conflict stands in this field: it may be settled already"};
      change.writes.push_back(one.field);
      change.values.push_back(one.value);
    }
    change.base = heads.seen(keep_present(change, form, heads));
    const Change kept = state_->keep_own(std::move(change));
    transaction.commit();
    state_->settle_files(kept);
    return Saved{record, kept.id, {}, false};
  });
}

Result<void> Store::reopen(const RecordId& record, const ChangeId& settlement,
                           const std::vector<RevivedValue>& values) {
  return guarded([&]() -> Result<void> {
    Transaction transaction(*state_->database);
    state_->take_definitions();
    const RecordHeads heads = state_->journal.heads(record);
    const std::optional<RecordState> state = state_->view->state(record, state_->journal);
    if (!state) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    const Form& form = state_->form_of(state->form, state->form_version);
    // The first rivals of all fields go into one change, the second ones into the next.
    std::vector<Change> rivals;
    std::map<FieldRef, std::size_t> taken;
    for (const RevivedValue& one : values) {
      if (heads.of(one.field) != std::vector<ChangeId>{settlement})
        return Error{ErrorCode::not_found, "this field was changed since it was settled"};
      Result<std::string> why = storable_text(one.reason);
      if (!why) return why.error();
      const std::size_t at = taken[one.field]++;
      if (at == rivals.size()) {
        Change& change = rivals.emplace_back();
        change.record = record;
        change.form = form.name;
        change.form_version = form.version;
        change.reason = *std::move(why);
      }
      rivals[at].writes.push_back(one.field);
      rivals[at].values.push_back(one.value);
    }
    std::vector<Change> kept;
    for (Change& change : rivals) {
      change.base = heads.seen(keep_present(change, form, heads));
      kept.push_back(state_->keep_own(std::move(change)));
    }
    transaction.commit();
    for (const Change& change : kept) state_->settle_files(change);
    return {};
  });
}

Result<std::optional<RecordState>> Store::state(const RecordId& record) {
  return guarded([&] { return state_->view->state(record, state_->journal); });
}

Result<RecordHeads> Store::counting_heads(const RecordId& record) {
  return guarded([&] { return state_->counting_heads(record); });
}

Result<std::optional<RecordState>> Store::counting_state(const RecordId& record) {
  return guarded([&]() -> std::optional<RecordState> {
    const RecordHeads heads = state_->counting_heads(record);
    if (heads.empty()) return std::nullopt;
    std::map<ChangeId, Change> changes;
    const Form* form = nullptr;
    for (Change& change : state_->journal.changes_of(record)) {
      form = state_->catalogue().form(change.form);
      changes.emplace(change.id, std::move(change));
    }
    const FindChange find = [&](const ChangeId& id) -> const Change* {
      const auto at = changes.find(id);
      return at == changes.end() ? nullptr : &at->second;
    };
    return record_state(record, heads, find, form);
  });
}

Result<std::vector<Problem>> Store::problems(const RecordId& record) {
  return guarded([&]() -> Result<std::vector<Problem>> {
    const std::optional<RecordState> state = state_->view->state(record, state_->journal);
    if (!state) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    const Form& form = state_->form_of(state->form, state->form_version);
    return validate(form, state->answers, state_->catalogue(), vietnam_day(state_->environment.clock.now_ms()));
  });
}

Result<std::vector<Change>> Store::history(const RecordId& record) {
  return guarded([&] {
    std::vector<Change> changes = state_->journal.changes_of(record);
    std::sort(changes.begin(), changes.end(),
              [](const Change& a, const Change& b) { return std::tie(a.at, a.id) < std::tie(b.at, b.id); });
    return changes;
  });
}

Result<RecordStatus> Store::status_of(const RecordId& record) {
  return guarded([&] {
    bool unsent = false;
    Statement statement = state_->database->prepare(
        "SELECT e.outcome, coalesce(e.n <= b.last, 0) FROM change c JOIN entry e ON e.change = c.number"
        " LEFT JOIN bundled b ON b.epoch = e.epoch WHERE c.record = ? AND (e.outcome IS NULL OR e.outcome >= 2)");
    statement.bind(record);
    bool all_bundled = true;
    while (statement.step()) {
      if (!statement.is_null(0)) return RecordStatus::needs_attention;
      unsent = true;
      all_bundled = all_bundled && statement.integer(1) != 0;
    }
    if (state_->database->integer("SELECT 1 FROM conflict WHERE record = ?", record))
      return RecordStatus::needs_attention;
    if (unsent) return all_bundled ? RecordStatus::in_a_bundle : RecordStatus::on_this_laptop;
    return RecordStatus::at_central;
  });
}

Result<std::vector<RecordSummary>> Store::list(const View::Query& query) {
  return guarded([&] { return state_->view->list(query); });
}
Result<std::vector<Answers>> Store::all_answers(const std::string& form) {
  return guarded([&] {
    std::vector<Answers> out;
    View::Query query;
    query.form = form;
    query.limit = 500;
    for (;; query.offset += query.limit) {
      const std::vector<RecordSummary> page = state_->view->list(query);
      for (const RecordSummary& record : page)
        if (std::optional<RecordState> state = state_->view->state(record.record, state_->journal))
          out.push_back(std::move(state->answers));
      if (page.size() < query.limit) return out;
    }
  });
}
Result<std::vector<RecordSummary>> Store::linked(std::string_view form, std::string_view link,
                                                 const RecordId& record) {
  return guarded([&] { return state_->view->linked(form, link, record); });
}
Result<std::int64_t> Store::count(const View::Query& query) {
  return guarded([&] { return state_->view->count(query); });
}

Result<std::map<std::string, std::int64_t>> Store::counts() {
  return guarded([&] { return state_->view->counts(); });
}
Result<std::vector<std::int64_t>> Store::order(const View::Query& query) {
  return guarded([&] { return state_->view->order(query); });
}
Result<std::vector<RecordSummary>> Store::rows(std::span<const std::int64_t> numbers) {
  return guarded([&] { return state_->view->rows(numbers); });
}
Result<Fields> Store::answers(const RecordId& record, std::string_view form,
                              std::span<const std::uint32_t> questions) {
  return guarded([&] { return state_->view->answers(record, form, questions); });
}

Result<std::vector<Rivals>> Store::conflicts() {
  return guarded([&] {
    std::vector<Rivals> out;
    for (OpenConflict& conflict : state_->view->conflicts()) {
      const std::optional<RecordState> state = state_->view->state(conflict.record, state_->journal);
      if (!state) continue;
      const auto at = state->conflicts.find(conflict.field);
      if (at != state->conflicts.end()) out.push_back({std::move(conflict), at->second});
    }
    return out;
  });
}

Result<std::vector<OpenConflict>> Store::open_conflicts() {
  return guarded([&] { return state_->view->conflicts(); });
}

Result<std::vector<AttentionItem>> Store::attention() {
  return guarded([&] {
    std::vector<AttentionItem> out;
    Statement statement = state_->database->prepare(
        "SELECT c.record, coalesce(r.form, ''), coalesce(r.title, ''), e.outcome, e.reason, c.stored, p.device"
        " FROM entry e JOIN change c ON c.number = e.change JOIN epoch p ON p.number = e.epoch"
        " LEFT JOIN record r ON r.record = c.record WHERE e.outcome >= 2 GROUP BY c.number ORDER BY c.number");
    while (statement.step()) {
      const Result<Change> change = decode_change(statement.blob(5));
      out.push_back({statement.id<RecordId>(0), statement.text(1), statement.text(2),
                     static_cast<Outcome>(statement.integer(3)), static_cast<Reason>(statement.integer(4)),
                     change ? change->at : 0, statement.id<DeviceId>(6)});
    }
    return out;
  });
}

Result<StoreStatus> Store::status() {
  return guarded([&] {
    StoreStatus status;
    status.changes = state_->journal.change_count();
    status.conflicts = state_->view->conflict_count();
    state_->count_files(status);
    const std::optional<Identity> self = state_->identity();
    if (!self) return status;
    Statement statement = state_->database->prepare(
        "SELECT outcome, count(*) FROM entry WHERE change IS NOT NULL AND epoch IN"
        " (SELECT number FROM epoch WHERE device = ?) GROUP BY outcome");
    statement.bind(self->device());
    while (statement.step()) {
      const std::int64_t number = statement.integer(1);
      if (statement.is_null(0))
        status.unsent = number;
      else if (statement.integer(0) == static_cast<std::int64_t>(Outcome::committed))
        status.receipted = number;
      else if (statement.integer(0) == static_cast<std::int64_t>(Outcome::held))
        status.held = number;
      else if (statement.integer(0) == static_cast<std::int64_t>(Outcome::refused))
        status.refused = number;
    }
    status.carried = state_->database
                         ->integer(
                             "SELECT count(*) FROM entry WHERE change IS NOT NULL AND outcome IS NULL AND epoch IN"
                             " (SELECT number FROM epoch WHERE device <> ?)",
                             self->device())
                         .value_or(0);
    return status;
  });
}

Result<Verification> Store::verify() {
  return guarded([&] {
    Verification out;
    Database& database = *state_->database;
    if (const std::string faults = database.integrity_faults(); !faults.empty())
      out.faults.push_back("pages: " + faults);
    {
      Statement statement = database.prepare("SELECT number, record, id, stored FROM change ORDER BY number");
      while (statement.step()) {
        ++out.changes;
        const Result<Change> change = decode_change(statement.blob(3));
        if (!change || change->id != statement.id<ChangeId>(2) || change->record != statement.id<RecordId>(1))
          out.faults.push_back(fmt::format("change {}: its bytes are not what its id says", statement.integer(0)));
      }
    }
    state_->journal.each_record([&](const RecordId& record, const RecordHeads& heads) {
      if (state_->journal.heads_from_changes(record) != heads)
        out.faults.push_back(fmt::format("record {}: its heads are not what its changes add up to", text(record)));
    });
    if (const std::optional<Identity> self = state_->identity()) {
      for (const Journal::EpochRow& epoch : state_->journal.epochs()) {
        for (const Journal::SegmentRow& row : state_->journal.segments(epoch.number, 1)) {
          const Segment segment = state_->journal.read_segment(epoch, row, [](const auto&) { return false; });
          std::optional<PublicKey> key;
          if (epoch.device == self->device())
            key = self->certificate.key;
          else if (epoch.device == device_id_of(self->central.receipts))
            key = self->central.receipts;
          else if (const auto certificate = state_->certificate(epoch.device))
            key = certificate->key;
          if (!key || !verify_segment(segment, *key))
            out.faults.push_back(fmt::format("journal of {}, places {} to {}: its signature does not verify",
                                             text(epoch.device), row.first, row.last));
        }
      }
      const State::Tail tail = state_->tail(*self);
      const auto chain =
          state_->journal.chain_at(self->deployment(), {tail.epoch_number, self->device(), tail.epoch}, tail.n);
      if (!chain || *chain != tail.chain) out.faults.push_back("this laptop's own journal: its chain is broken");
    }
    for (const std::string& table : state_->view->differences(state_->journal))
      out.faults.push_back("view " + table + ": not what the journal adds up to");
    std::set<AttachmentId> checked;
    for (const Journal::NamedAttachment& named : state_->journal.attachments()) {
      if (!checked.insert(named.id).second || !state_->attachments.holds(named.id)) continue;
      ++out.files;
      if (const Result<void> whole = state_->attachments.verify(named.id); !whole)
        out.faults.push_back(fmt::format("record {}: {}", text(named.record), whole.error().message));
    }
    out.digest = state_->digest();
    out.ok = out.faults.empty();
    return out;
  });
}

Result<void> Store::rebuild_view() {
  return guarded([&] {
    Transaction transaction(*state_->database);
    state_->journal.rebuild_heads();
    state_->journal.rebuild_attachments();
    state_->journal.rebuild_unplaced();
    state_->view->rebuild(state_->journal);
    transaction.commit();
  });
}

}  // namespace fieldpost
