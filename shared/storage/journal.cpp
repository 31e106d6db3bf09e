#include "shared/storage/journal.h"

#include <algorithm>

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

[[noreturn]] void damaged(const char* what) { throw SqlError(Error{ErrorCode::damaged, what}); }

std::optional<Outcome> outcome_in(const Statement& statement, int column) {
  if (statement.is_null(column)) return std::nullopt;
  return static_cast<Outcome>(statement.integer(column));
}

/// From the columns n, change, id, outcome, reason.
Journal::Entry entry_in(const Statement& statement) {
  Journal::Entry entry;
  entry.n = static_cast<std::uint64_t>(statement.integer(0));
  if (!statement.is_null(1)) entry.change = statement.integer(1);
  entry.id = statement.id<ChangeId>(2);
  entry.outcome = outcome_in(statement, 3);
  entry.reason = static_cast<Reason>(statement.integer(4));
  return entry;
}

}  // namespace

void Journal::create_tables(Database& database) {
  // change.counts: 0 while held; only counting changes are in the heads. Looked up by (record, id): a record's
  // changes lie together, and new records come at the end of the index, since their ids are ordered by time.
  database.execute(R"(
    CREATE TABLE IF NOT EXISTS change (
      number INTEGER PRIMARY KEY, record BLOB NOT NULL, id BLOB NOT NULL, counts INTEGER NOT NULL, stored BLOB NOT NULL);
    CREATE UNIQUE INDEX IF NOT EXISTS change_by_id ON change (record, id);
    CREATE TABLE IF NOT EXISTS heads (record BLOB PRIMARY KEY, heads BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS epoch (
      number INTEGER PRIMARY KEY, device BLOB NOT NULL, epoch BLOB NOT NULL, UNIQUE (device, epoch));
    CREATE TABLE IF NOT EXISTS segment (
      epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL, start BLOB NOT NULL,
      signature BLOB NOT NULL, PRIMARY KEY (epoch, first)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS entry (
      epoch INTEGER NOT NULL, n INTEGER NOT NULL, change INTEGER, id BLOB, outcome INTEGER, reason INTEGER NOT NULL DEFAULT 0,
      PRIMARY KEY (epoch, n)) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS entry_open ON entry (change) WHERE outcome IS NULL OR outcome >= 2;
    CREATE TABLE IF NOT EXISTS attachment (
      change INTEGER NOT NULL, record BLOB NOT NULL, entity BLOB NOT NULL, field INTEGER NOT NULL,
      digest BLOB NOT NULL, bytes INTEGER NOT NULL, device BLOB NOT NULL,
      PRIMARY KEY (change, entity, field)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS unplaced (change INTEGER PRIMARY KEY);
    CREATE INDEX IF NOT EXISTS attachment_by_digest ON attachment (digest);
    CREATE INDEX IF NOT EXISTS attachment_by_record ON attachment (record);
    CREATE INDEX IF NOT EXISTS entry_unsettled ON entry (epoch, n)
      WHERE change IS NULL OR outcome IS NULL OR outcome >= 1;
  )");
}

std::optional<ChangeNumber> Journal::find(const RecordId& record, const ChangeId& id) {
  return database_.integer("SELECT number FROM change WHERE record = ? AND id = ?", record, id);
}

ChangeNumber Journal::add(const Change& change, BytesView stored, Counted* counted) {
  database_.run("INSERT INTO change (record, id, counts, stored) VALUES (?, ?, 1, ?)", change.record, change.id,
                stored);
  const ChangeNumber number = database_.last_rowid();
  note_attachments(number, change);
  Counted now = count(change);
  if (counted) *counted = std::move(now);
  return number;
}

ChangeNumber Journal::add_held(const Change& change, BytesView stored) {
  database_.run("INSERT INTO change (record, id, counts, stored) VALUES (?, ?, 0, ?)", change.record, change.id,
                stored);
  const ChangeNumber number = database_.last_rowid();
  note_attachments(number, change);
  return number;
}

void Journal::note_attachments(ChangeNumber number, const Change& change) {
  for (std::size_t i = 0; i < change.values.size(); ++i)
    if (const auto* attachment = std::get_if<Attachment>(&change.values[i]))
      database_.run(
          "INSERT OR IGNORE INTO attachment (change, record, entity, field, digest, bytes, device)"
          " VALUES (?, ?, ?, ?, ?, ?, ?)",
          number, change.record, change.writes[i].entity, change.writes[i].field.number, attachment->id.digest,
          attachment->id.bytes, change.device);
}

void Journal::rebuild_attachments() {
  database_.execute("DELETE FROM attachment");
  Statement statement = database_.prepare("SELECT number, stored FROM change ORDER BY number");
  while (statement.step())
    if (const Result<Change> change = decode_change(statement.blob(1)))
      note_attachments(statement.integer(0), *change);
}

namespace {
constexpr std::string_view select_attachments =
    "SELECT a.digest, a.bytes, a.change, c.id, a.record, a.entity, a.field, a.device, c.counts FROM attachment a"
    " JOIN change c ON c.number = a.change";
}

std::vector<Journal::NamedAttachment> Journal::named(Statement statement) {
  std::vector<NamedAttachment> out;
  while (statement.step())
    out.push_back({{statement.id<Digest>(0), static_cast<std::uint64_t>(statement.integer(1))},
                   statement.integer(2),
                   statement.id<ChangeId>(3),
                   statement.id<RecordId>(4),
                   {statement.id<EntityId>(5), {static_cast<std::uint32_t>(statement.integer(6)), ""}},
                   statement.id<DeviceId>(7),
                   statement.integer(8) != 0});
  return out;
}

std::vector<Journal::NamedAttachment> Journal::attachments(const Digest& digest) {
  Statement statement = database_.prepare(std::string(select_attachments) + " WHERE a.digest = ? ORDER BY a.change");
  statement.bind(digest);
  return named(std::move(statement));
}

std::vector<Journal::NamedAttachment> Journal::attachments_of(const RecordId& record) {
  Statement statement = database_.prepare(std::string(select_attachments) + " WHERE a.record = ? ORDER BY a.change");
  statement.bind(record);
  return named(std::move(statement));
}

std::vector<Journal::NamedAttachment> Journal::attachments() {
  return named(database_.prepare(std::string(select_attachments) + " ORDER BY a.change"));
}

std::vector<AttachmentId> Journal::attachments_at(std::int64_t epoch, std::uint64_t first, std::uint64_t last) {
  std::vector<AttachmentId> out;
  Statement statement = database_.prepare(
      "SELECT DISTINCT a.digest, a.bytes FROM entry e JOIN attachment a ON a.change = e.change"
      " WHERE e.epoch = ? AND e.n BETWEEN ? AND ? ORDER BY e.n");
  statement.bind(epoch, first, last);
  while (statement.step()) out.push_back({statement.id<Digest>(0), static_cast<std::uint64_t>(statement.integer(1))});
  return out;
}

void Journal::release(ChangeNumber number, const Change& change) {
  database_.run("UPDATE change SET counts = 1 WHERE number = ?", number);
  count(change);
}

bool Journal::counts(const RecordId& record, const ChangeId& id) {
  return database_.integer("SELECT counts FROM change WHERE record = ? AND id = ?", record, id).value_or(0) != 0;
}

Journal::Counted Journal::count(const Change& change) {
  Counted counted;
  counted.heads = heads(change.record);
  counted.is_first = counted.heads.empty();
  counted.heads.apply(change, [&](const ChangeId& id) { return counts(change.record, id); });
  database_.run(
      "INSERT INTO heads (record, heads) VALUES (?, ?) ON CONFLICT (record) DO UPDATE SET heads = excluded.heads",
      change.record, counted.heads.encode());
  return counted;
}

Change Journal::read(ChangeNumber number) {
  Result<Change> change = decode_change(read_stored(number));
  if (!change) damaged("a change in the journal cannot be read");
  return *std::move(change);
}

Bytes Journal::read_stored(ChangeNumber number) {
  Statement statement = database_.prepare("SELECT stored FROM change WHERE number = ?");
  statement.bind(number);
  if (!statement.step()) damaged("a change that the journal names is not there");
  const BytesView stored = statement.blob(0);
  return {stored.begin(), stored.end()};
}

std::optional<Change> Journal::read(const RecordId& record, const ChangeId& id) {
  Statement statement = database_.prepare("SELECT stored FROM change WHERE record = ? AND id = ?");
  statement.bind(record, id);
  if (!statement.step()) return std::nullopt;
  Result<Change> change = decode_change(statement.blob(0));
  if (!change) damaged("a change in the journal cannot be read");
  return *std::move(change);
}

std::vector<Change> Journal::changes_of(const RecordId& record) {
  std::vector<Change> out;
  Statement statement =
      database_.prepare("SELECT stored FROM change WHERE record = ? AND counts = 1 ORDER BY number");
  statement.bind(record);
  while (statement.step()) {
    Result<Change> change = decode_change(statement.blob(0));
    if (!change) damaged("a change in the journal cannot be read");
    out.push_back(*std::move(change));
  }
  return out;
}

std::int64_t Journal::change_count() { return database_.integer("SELECT count(*) FROM change").value_or(0); }

RecordHeads Journal::heads(const RecordId& record) {
  Statement statement = database_.prepare("SELECT heads FROM heads WHERE record = ?");
  statement.bind(record);
  if (!statement.step()) return {};
  Result<RecordHeads> heads = RecordHeads::decode(statement.blob(0));
  if (!heads) damaged("the heads of a record cannot be read");
  return *std::move(heads);
}

void Journal::each_record(const std::function<void(const RecordId&, const RecordHeads&)>& visit) {
  Statement statement = database_.prepare("SELECT record, heads FROM heads ORDER BY record");
  while (statement.step()) {
    Result<RecordHeads> heads = RecordHeads::decode(statement.blob(1));
    if (!heads) damaged("the heads of a record cannot be read");
    visit(statement.id<RecordId>(0), *heads);
  }
}

Digest Journal::digest(const InsteadOf& instead) {
  Sha256 hash;
  each_record([&](const RecordId& record, const RecordHeads& heads) {
    const std::optional<RecordHeads> other = instead ? instead(record) : std::nullopt;
    if (other && other->empty()) return;
    const Bytes bytes = (other ? *other : heads).digest_bytes();
    hash.update(record.view()).update(sha256(bytes).view());
  });
  return hash.finish();
}

void Journal::rebuild_heads() {
  database_.execute("DELETE FROM heads");
  std::vector<RecordId> records;
  {
    Statement statement = database_.prepare("SELECT DISTINCT record FROM change WHERE counts = 1");
    while (statement.step()) records.push_back(statement.id<RecordId>(0));
  }
  for (const RecordId& record : records)
    database_.run("INSERT INTO heads (record, heads) VALUES (?, ?)", record, heads_from_changes(record).encode());
}

RecordHeads Journal::heads_from_changes(const RecordId& record) {
  RecordHeads heads;
  std::set<ChangeId> applied;
  for (const Change& change : changes_of(record)) {
    heads.apply(change, [&](const ChangeId& id) { return applied.contains(id); });
    applied.insert(change.id);
  }
  return heads;
}

std::int64_t Journal::epoch_number(const DeviceId& device, const EpochId& epoch) {
  if (const auto number = database_.integer("SELECT number FROM epoch WHERE device = ? AND epoch = ?", device, epoch))
    return *number;
  database_.run("INSERT INTO epoch (device, epoch) VALUES (?, ?)", device, epoch);
  return database_.last_rowid();
}

std::vector<Journal::EpochRow> Journal::epochs() {
  std::vector<EpochRow> out;
  Statement statement = database_.prepare("SELECT number, device, epoch FROM epoch ORDER BY number");
  while (statement.step()) out.push_back({statement.integer(0), statement.id<DeviceId>(1), statement.id<EpochId>(2)});
  return out;
}

void Journal::place(std::int64_t epoch, std::uint64_t n, ChangeNumber change, std::optional<Outcome> outcome,
                    Reason reason) {
  database_.run(
      "INSERT INTO entry (epoch, n, change, outcome, reason) VALUES (?, ?, ?, ?, ?)"
      " ON CONFLICT (epoch, n) DO UPDATE SET change = excluded.change, id = NULL, outcome = excluded.outcome,"
      " reason = excluded.reason",
      epoch, n, change, outcome, reason);
}

void Journal::place_id(std::int64_t epoch, std::uint64_t n, const ChangeId& id, Outcome outcome, Reason reason) {
  database_.run(
      "INSERT INTO entry (epoch, n, id, outcome, reason) VALUES (?, ?, ?, ?, ?) ON CONFLICT (epoch, n) DO NOTHING",
      epoch, n, id, outcome, reason);
}

void Journal::note_unplaced(ChangeNumber change) {
  database_.run("INSERT OR IGNORE INTO unplaced (change) VALUES (?)", change);
}

void Journal::rebuild_unplaced() {
  database_.execute(
      "DELETE FROM unplaced; INSERT INTO unplaced (change) SELECT number FROM change WHERE counts = 1"
      " AND number NOT IN (SELECT change FROM entry WHERE change IS NOT NULL)");
}

void Journal::replace_with_id(std::int64_t epoch, std::uint64_t n, const ChangeId& id) {
  database_.run("DELETE FROM entry WHERE epoch = ? AND n = ?", epoch, n);
  place_id(epoch, n, id);
}

void Journal::set_outcome(std::int64_t epoch, std::uint64_t n, std::optional<Outcome> outcome, Reason reason) {
  database_.run("UPDATE entry SET outcome = ?, reason = ? WHERE epoch = ? AND n = ?", outcome, reason, epoch, n);
}

std::optional<Journal::Entry> Journal::entry(std::int64_t epoch, std::uint64_t n) {
  std::vector<Entry> found = entries(epoch, n, n);
  if (found.empty()) return std::nullopt;
  return found.front();
}

std::vector<Journal::Entry> Journal::entries(std::int64_t epoch, std::uint64_t first, std::uint64_t last) {
  std::vector<Entry> out;
  Statement statement = database_.prepare(
      "SELECT e.n, e.change, coalesce(e.id, c.id), e.outcome, e.reason FROM entry e LEFT JOIN change c ON c.number = "
      "e.change"
      " WHERE e.epoch = ? AND e.n BETWEEN ? AND ? ORDER BY e.n");
  statement.bind(epoch, first, last);
  while (statement.step()) out.push_back(entry_in(statement));
  return out;
}

void Journal::keep_segment(std::int64_t epoch, const SegmentRow& segment) {
  // A copied laptop may have signed a shorter run from the same place: the longer one says all that it said.
  database_.run(
      "INSERT INTO segment (epoch, first, last, start, signature) VALUES (?, ?, ?, ?, ?)"
      " ON CONFLICT (epoch, first) DO UPDATE SET last = excluded.last, signature = excluded.signature"
      " WHERE excluded.last > segment.last",
      epoch, segment.first, segment.last, segment.start, segment.signature);
}

void Journal::forget_segments(std::int64_t epoch, std::uint64_t from_n) {
  database_.run("DELETE FROM segment WHERE epoch = ? AND last >= ?", epoch, from_n);
}

namespace {
Journal::SegmentRow segment_in(const Statement& statement) {
  return {static_cast<std::uint64_t>(statement.integer(0)), static_cast<std::uint64_t>(statement.integer(1)),
          statement.id<Digest>(2), statement.id<Signature>(3)};
}
}  // namespace

std::vector<Journal::SegmentRow> Journal::segments(std::int64_t epoch, std::uint64_t from_n) {
  std::vector<SegmentRow> out;
  Statement statement = database_.prepare(
      "SELECT first, last, start, signature FROM segment WHERE epoch = ? AND last >= ? ORDER BY first");
  statement.bind(epoch, from_n);
  while (statement.step()) out.push_back(segment_in(statement));
  return out;
}

std::optional<Journal::SegmentRow> Journal::segment_at(std::int64_t epoch, std::uint64_t n) {
  Statement statement = database_.prepare(
      "SELECT first, last, start, signature FROM segment WHERE epoch = ? AND first <= ? AND last >= ?"
      " ORDER BY first DESC LIMIT 1");
  statement.bind(epoch, n, n);
  if (!statement.step()) return std::nullopt;
  return segment_in(statement);
}

Segment Journal::read_segment(const EpochRow& epoch, const SegmentRow& segment,
                              const std::function<bool(const Entry&)>& include) {
  Segment out;
  out.device = epoch.device;
  out.epoch = epoch.epoch;
  out.first = segment.first;
  out.start = segment.start;
  out.signature = segment.signature;
  Statement statement = database_.prepare(
      "SELECT e.n, e.change, coalesce(e.id, c.id), e.outcome, e.reason, c.stored FROM entry e"
      " LEFT JOIN change c ON c.number = e.change WHERE e.epoch = ? AND e.n BETWEEN ? AND ? ORDER BY e.n");
  statement.bind(epoch.number, segment.first, segment.last);
  while (statement.step()) {
    const Entry entry = entry_in(statement);
    SegmentEntry& added = out.entries.emplace_back();
    added.id = entry.id;
    if (!entry.change || !include(entry)) continue;
    const BytesView stored = statement.blob(5);
    if (stored.empty()) damaged("a change that the journal names is not there");
    added.stored.assign(stored.begin(), stored.end());
  }
  if (out.last() != segment.last) damaged("a segment in the journal lacks entries");
  return out;
}

std::uint64_t Journal::covered(std::int64_t epoch) {
  std::uint64_t n = 0;
  Statement statement = database_.prepare("SELECT first, last FROM segment WHERE epoch = ? ORDER BY first");
  statement.bind(epoch);
  while (statement.step() && static_cast<std::uint64_t>(statement.integer(0)) <= n + 1)
    n = std::max(n, static_cast<std::uint64_t>(statement.integer(1)));
  return n;
}

JournalPosition Journal::position(const DeploymentId& deployment, const EpochRow& epoch) {
  std::uint64_t n = covered(epoch.number);
  if (const auto unfilled = database_.integer(
          "SELECT min(n) FROM entry INDEXED BY entry_unsettled WHERE epoch = ? AND n <= ? AND change IS NULL"
          " AND (change IS NULL OR outcome IS NULL OR outcome >= 1)",
          epoch.number, n)) {
    n = static_cast<std::uint64_t>(*unfilled) - 1;
  } else {
    Statement after =
        database_.prepare("SELECT n, change IS NOT NULL FROM entry WHERE epoch = ? AND n > ? ORDER BY n");
    after.bind(epoch.number, n);
    while (after.step() && static_cast<std::uint64_t>(after.integer(0)) == n + 1 && after.integer(1) != 0) ++n;
  }
  const auto chain = chain_at(deployment, epoch, n);
  if (!chain) return {epoch.epoch, 0, chain_start(deployment, epoch.device, epoch.epoch)};
  return {epoch.epoch, n, *chain};
}

std::optional<Digest> Journal::chain_at(const DeploymentId& deployment, const EpochRow& epoch, std::uint64_t n) {
  Digest chain = chain_start(deployment, epoch.device, epoch.epoch);
  std::uint64_t next = 1;
  if (n == 0) return chain;
  // Start from the nearest segment: never more than a page of hashing, but for a laptop's unsigned tail.
  Statement nearest = database_.prepare(
      "SELECT first, last, start, signature FROM segment WHERE epoch = ? AND first <= ? ORDER BY first DESC LIMIT 1");
  nearest.bind(epoch.number, n);
  if (nearest.step()) {
    const SegmentRow segment = segment_in(nearest);
    chain = segment.start;
    next = segment.first;
  }
  for (const Entry& entry : entries(epoch.number, next, n)) {
    if (entry.n != next) return std::nullopt;
    chain = chain_next(chain, next, entry.id);
    ++next;
  }
  if (next != n + 1) return std::nullopt;
  return chain;
}

bool Journal::is_other_line(const DeploymentId& deployment, const EpochRow& epoch, const Segment& segment) {
  const std::optional<Digest> before = chain_at(deployment, epoch, segment.first - 1);
  if (before && *before != segment.start) return true;
  for (const Entry& there : entries(epoch.number, segment.first, segment.last()))
    if (there.id != segment.entries[static_cast<std::size_t>(there.n - segment.first)].id) return true;
  // Pages overtake each other: what follows may have come first, after a gap that this one fills.
  Digest chain = segment.start;
  std::uint64_t next = segment.first;
  for (const SegmentRow& kept : segments(epoch.number, segment.first)) {
    if (kept.first > segment.last() + 1) break;
    for (; next < kept.first; ++next) chain = chain_next(chain, next, segment.entries[next - segment.first].id);
    if (kept.first == next && kept.start != chain) return true;
  }
  return false;
}

}  // namespace fieldpost
