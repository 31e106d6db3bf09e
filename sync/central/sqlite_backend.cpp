#include "sync/central/sqlite_backend.h"

namespace fieldpost {

namespace {

constexpr std::string_view schema = R"(
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS ticket (secret_digest BLOB PRIMARY KEY, role TEXT NOT NULL, unit TEXT NOT NULL,
    name TEXT NOT NULL, expires_at INTEGER NOT NULL, needs_approval INTEGER NOT NULL, used_by BLOB) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS device (device BLOB PRIMARY KEY, certificate BLOB NOT NULL, waiting INTEGER NOT NULL,
    revoked INTEGER NOT NULL, last_seen INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS record_scope (record BLOB PRIMARY KEY, form TEXT NOT NULL, unit TEXT NOT NULL,
    certain INTEGER NOT NULL) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS entry_by_change ON entry (change);
  CREATE INDEX IF NOT EXISTS entry_exception ON entry (epoch, n) WHERE outcome >= 2;
  CREATE TABLE IF NOT EXISTS refused (number INTEGER PRIMARY KEY, device BLOB NOT NULL, bytes BLOB NOT NULL,
    reason INTEGER NOT NULL, at INTEGER NOT NULL);
  CREATE TABLE IF NOT EXISTS feed_counter (feed TEXT PRIMARY KEY, last INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS feed (feed TEXT NOT NULL, position INTEGER NOT NULL, epoch INTEGER NOT NULL,
    n INTEGER NOT NULL, PRIMARY KEY (feed, position)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS record_feed (record BLOB NOT NULL, feed TEXT NOT NULL, PRIMARY KEY (record, feed)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS shared_record (unit TEXT NOT NULL, record BLOB NOT NULL, PRIMARY KEY (unit, record)) WITHOUT ROWID;
  CREATE INDEX IF NOT EXISTS shared_record_by_record ON shared_record (record);
  CREATE TABLE IF NOT EXISTS about (subject BLOB NOT NULL, record BLOB NOT NULL, PRIMARY KEY (subject, record)) WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS clock_note (change INTEGER PRIMARY KEY, corrected_at INTEGER);
  CREATE TABLE IF NOT EXISTS projection (record BLOB NOT NULL, partner TEXT NOT NULL, heads BLOB NOT NULL, fields BLOB NOT NULL,
    PRIMARY KEY (record, partner)) WITHOUT ROWID;
)";

[[noreturn]] void damaged(const char* what) { throw SqlError(Error{ErrorCode::damaged, what}); }

class SqliteTransaction final : public BackendTransaction {
 public:
  explicit SqliteTransaction(Database& database) : db_(database), journal_(database) {}

  std::optional<Bytes> meta(std::string_view key) override {
    Statement statement = db_.prepare("SELECT value FROM meta WHERE key = ?");
    statement.bind(key);
    if (!statement.step()) return std::nullopt;
    const BytesView value = statement.blob(0);
    return Bytes(value.begin(), value.end());
  }
  void set_meta(std::string_view key, BytesView value) override {
    db_.run("INSERT INTO meta (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value", key,
            value);
  }

  void put_ticket(const TicketRow& ticket) override {
    db_.run(
        "INSERT INTO ticket (secret_digest, role, unit, name, expires_at, needs_approval, used_by)"
        " VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT (secret_digest) DO UPDATE SET used_by = excluded.used_by",
        ticket.secret_digest, role_name(ticket.role), ticket.unit, ticket.name, ticket.expires_at,
        ticket.needs_approval, ticket.used_by);
  }
  std::optional<TicketRow> ticket(const Digest& secret_digest) override {
    Statement statement = db_.prepare(
        "SELECT role, unit, name, expires_at, needs_approval, used_by FROM ticket WHERE secret_digest = ?");
    statement.bind(secret_digest);
    if (!statement.step()) return std::nullopt;
    TicketRow row;
    row.secret_digest = secret_digest;
    const std::optional<Role> role = parse_role(statement.text_view(0));
    if (!role) damaged("a ticket in the store is damaged");
    row.role = *role;
    row.unit = statement.text(1);
    row.name = statement.text(2);
    row.expires_at = statement.integer(3);
    row.needs_approval = statement.integer(4) != 0;
    if (!statement.is_null(5)) row.used_by = statement.id<DeviceId>(5);
    return row;
  }

  void put_device(const DeviceRow& device) override {
    db_.run(
        "INSERT INTO device (device, certificate, waiting, revoked, last_seen) VALUES (?, ?, ?, ?, ?)"
        " ON CONFLICT (device) DO UPDATE SET certificate = excluded.certificate, waiting = excluded.waiting,"
        " revoked = excluded.revoked, last_seen = excluded.last_seen",
        device.certificate.device(), encode_certificate(device.certificate), device.waiting, device.revoked,
        device.last_seen);
  }
  std::optional<DeviceRow> device(const DeviceId& id) override {
    Statement statement = db_.prepare("SELECT certificate, waiting, revoked, last_seen FROM device WHERE device = ?");
    statement.bind(id);
    if (!statement.step()) return std::nullopt;
    return device_in(statement);
  }
  std::vector<DeviceRow> devices() override {
    std::vector<DeviceRow> out;
    Statement statement = db_.prepare("SELECT certificate, waiting, revoked, last_seen FROM device ORDER BY device");
    while (statement.step()) out.push_back(device_in(statement));
    return out;
  }

  std::optional<RecordRow> record(const RecordId& record) override {
    Statement statement = db_.prepare("SELECT form, unit, certain FROM record_scope WHERE record = ?");
    statement.bind(record);
    if (!statement.step()) return std::nullopt;
    return RecordRow{statement.text(0), statement.text(1), statement.integer(2) != 0};
  }
  void put_record(const RecordId& record, const RecordRow& row) override {
    db_.run(
        "INSERT INTO record_scope (record, form, unit, certain) VALUES (?, ?, ?, ?) ON CONFLICT (record) DO UPDATE "
        "SET"
        " unit = excluded.unit, certain = excluded.certain",
        record, row.form, row.unit, row.unit_is_certain);
  }
  RecordHeads heads(const RecordId& record) override { return journal_.heads(record); }
  std::vector<Change> changes_of(const RecordId& record) override { return journal_.changes_of(record); }

  std::optional<CommitNumber> find(const RecordId& record, const ChangeId& id) override {
    return journal_.find(record, id);
  }
  std::optional<Change> read(const RecordId& record, const ChangeId& id) override {
    return journal_.read(record, id);
  }
  Change read(CommitNumber number) override { return journal_.read(number); }
  CommitNumber add(const Change& change, BytesView stored, bool counts) override {
    return counts ? journal_.add(change, stored) : journal_.add_held(change, stored);
  }
  void note_clock(CommitNumber number, std::optional<std::int64_t> corrected_at) override {
    db_.run("INSERT INTO clock_note (change, corrected_at) VALUES (?, ?) ON CONFLICT DO NOTHING", number,
            corrected_at);
  }
  void release(CommitNumber number, const Change& change) override { journal_.release(number, change); }
  bool counts(CommitNumber number) override {
    return db_.integer("SELECT counts FROM change WHERE number = ?", number).value_or(0) != 0;
  }

  void place(const DeviceId& device, const EpochId& epoch, std::uint64_t n, CommitNumber change, Outcome outcome,
             Reason reason) override {
    journal_.place(number_of(device, epoch), n, change, outcome, reason);
  }
  void place_id(const DeviceId& device, const EpochId& epoch, std::uint64_t n, const ChangeId& id) override {
    // Central gives no receipt for what it knows by id alone.
    journal_.place_id(number_of(device, epoch), n, id, Outcome::held, Reason::missing);
  }
  std::vector<EntryRow> entries(const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                                std::uint64_t last) override {
    std::vector<EntryRow> out;
    for (const Journal::Entry& found : journal_.entries(number_of(device, epoch), first, last))
      out.push_back({found.n, found.change, found.id, found.outcome.value_or(Outcome::committed), found.reason});
    return out;
  }
  void keep_segment(const Segment& segment) override {
    journal_.keep_segment(number_of(segment.device, segment.epoch),
                          {segment.first, segment.last(), segment.start, segment.signature});
  }
  JournalPosition position(const DeploymentId& deployment, const DeviceId& device, const EpochId& epoch) override {
    return journal_.position(deployment, row_of(device, epoch));
  }
  std::uint64_t last_place(const DeviceId& device, const EpochId& epoch) override {
    return static_cast<std::uint64_t>(
        db_.integer("SELECT max(n) FROM entry WHERE epoch = ?", number_of(device, epoch)).value_or(0));
  }
  std::optional<Digest> chain_at(const DeploymentId& deployment, const DeviceId& device, const EpochId& epoch,
                                 std::uint64_t n) override {
    return journal_.chain_at(deployment, row_of(device, epoch), n);
  }
  bool is_other_line(const DeploymentId& deployment, const Segment& segment) override {
    return journal_.is_other_line(deployment, row_of(segment.device, segment.epoch), segment);
  }
  std::vector<EntryRow> exceptions(const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                                   std::uint64_t last) override {
    std::vector<EntryRow> out;
    Statement statement = db_.prepare(
        "SELECT e.n, e.outcome, e.reason FROM entry e WHERE e.epoch = ? AND e.n BETWEEN ? AND ? AND e.outcome >= 2"
        " ORDER BY e.n");
    statement.bind(number_of(device, epoch), first, last);
    while (statement.step())
      out.push_back({static_cast<std::uint64_t>(statement.integer(0)),
                     std::nullopt,
                     {},
                     static_cast<Outcome>(statement.integer(1)),
                     static_cast<Reason>(statement.integer(2))});
    return out;
  }
  std::optional<Extent> extent(const DeviceId& device, const EpochId& epoch, std::uint64_t n) override {
    const std::int64_t number = number_of(device, epoch);
    const auto segment = journal_.segment_at(number, n);
    if (!segment) return std::nullopt;
    const std::int64_t bytes = db_.integer(
                                      "SELECT sum(length(c.stored)) FROM entry e JOIN change c ON c.number = e.change"
                                      " WHERE e.epoch = ? AND e.n BETWEEN ? AND ?",
                                      number, segment->first, segment->last)
                                   .value_or(0);
    return Extent{segment->first, segment->last, static_cast<std::size_t>(bytes)};
  }
  std::optional<Segment> segment_with(const DeviceId& device, const EpochId& epoch, std::uint64_t n,
                                      const std::function<bool(std::uint64_t)>& include) override {
    const Journal::EpochRow row = row_of(device, epoch);
    const auto segment = journal_.segment_at(row.number, n);
    if (!segment) return std::nullopt;
    return journal_.read_segment(row, *segment, [&](const Journal::Entry& entry) { return include(entry.n); });
  }
  std::vector<FeedRow> places_of(const RecordId& record) override {
    return feed_rows(
        "SELECT 0, p.device, p.epoch, e.n FROM change c JOIN entry e ON e.change = c.number"
        " JOIN epoch p ON p.number = e.epoch WHERE c.record = ? AND c.counts = 1 ORDER BY c.number, e.epoch, e.n",
        record);
  }
  std::vector<AttachmentRow> attachments(const Digest& digest) override {
    std::vector<AttachmentRow> out;
    for (const Journal::NamedAttachment& named : journal_.attachments(digest))
      out.push_back({named.id, named.record, named.device, named.counts});
    return out;
  }
  std::vector<HeldRow> held(const std::optional<RecordId>& record) override {
    std::vector<HeldRow> out;
    Statement statement = db_.prepare(
        record ? "SELECT c.number, p.device, p.epoch, e.n, e.reason FROM change c JOIN entry e ON e.change = c.number"
                 " JOIN epoch p ON p.number = e.epoch WHERE e.outcome = 2 AND c.record = ? ORDER BY c.number"
               : "SELECT c.number, p.device, p.epoch, e.n, e.reason FROM entry e INDEXED BY entry_exception"
                 " JOIN change c ON c.number = e.change JOIN epoch p ON p.number = e.epoch"
                 " WHERE e.outcome >= 2 AND e.outcome = 2 ORDER BY c.number");
    if (record) statement.bind(*record);
    while (statement.step())
      out.push_back({statement.integer(0), statement.id<DeviceId>(1), statement.id<EpochId>(2),
                     static_cast<std::uint64_t>(statement.integer(3)), static_cast<Reason>(statement.integer(4))});
    return out;
  }
  void keep_refused(const DeviceId& from, BytesView bytes, Reason reason, std::int64_t at) override {
    db_.run("INSERT INTO refused (device, bytes, reason, at) VALUES (?, ?, ?, ?)", from, bytes, reason, at);
  }

  void append(std::string_view feed, const DeviceId& device, const EpochId& epoch, std::uint64_t n) override {
    auto last = feed_ends_.find(feed);
    if (last == feed_ends_.end()) {
      db_.run("INSERT INTO feed_counter (feed, last) VALUES (?, 0) ON CONFLICT DO NOTHING", feed);
      const std::int64_t end = db_.integer("SELECT last FROM feed_counter WHERE feed = ?", feed).value_or(0);
      last = feed_ends_.emplace(feed, end).first;
    }
    db_.run("INSERT INTO feed (feed, position, epoch, n) VALUES (?, ?, ?, ?)", feed, ++last->second,
            number_of(device, epoch), n);
  }
  /// Writes the counter rows once a transaction instead of once a place.
  void finish() {
    for (const auto& [feed, last] : feed_ends_)
      db_.run("UPDATE feed_counter SET last = ? WHERE feed = ?", last, feed);
  }
  std::vector<FeedRow> feed(std::string_view feed, std::int64_t after, std::size_t limit) override {
    return feed_rows(
        "SELECT f.position, p.device, p.epoch, f.n FROM feed f JOIN epoch p ON p.number = f.epoch"
        " WHERE f.feed = ? AND f.position > ? ORDER BY f.position LIMIT ?",
        feed, after, limit);
  }
  std::int64_t feed_end(std::string_view feed) override {
    return db_.integer("SELECT last FROM feed_counter WHERE feed = ?", feed).value_or(0);
  }
  std::vector<std::string> feeds() override { return texts("SELECT feed FROM feed_counter ORDER BY feed"); }
  std::set<std::string> feeds_of(const RecordId& record) override {
    const auto found = texts("SELECT feed FROM record_feed WHERE record = ?", record);
    return {found.begin(), found.end()};
  }
  void put_feed_of(const RecordId& record, std::string_view feed) override {
    db_.run("INSERT INTO record_feed (record, feed) VALUES (?, ?) ON CONFLICT DO NOTHING", record, feed);
  }
  std::vector<RecordId> shared_with(std::string_view unit) override {
    return ids("SELECT record FROM shared_record WHERE unit = ? ORDER BY record", unit);
  }
  void put_shared(const RecordId& record, std::string_view unit) override {
    db_.run("INSERT INTO shared_record (unit, record) VALUES (?, ?) ON CONFLICT DO NOTHING", unit, record);
  }
  std::set<std::string> sharers_of(const RecordId& record) override {
    const auto found = texts("SELECT unit FROM shared_record WHERE record = ?", record);
    return {found.begin(), found.end()};
  }

  void put_about(const RecordId& subject, const RecordId& record) override {
    db_.run("INSERT INTO about (subject, record) VALUES (?, ?) ON CONFLICT DO NOTHING", subject, record);
  }
  std::vector<RecordId> about(const RecordId& subject) override {
    return ids("SELECT record FROM about WHERE subject = ? ORDER BY record", subject);
  }
  std::vector<RecordId> records_of(std::string_view form) override {
    return ids(
        "SELECT s.record FROM record_scope s JOIN change c ON c.record = s.record WHERE s.form = ?"
        " GROUP BY s.record ORDER BY min(c.number)",
        form);
  }

  // fields = [ [ number: uint, option: text, value ] … ]
  std::optional<ProjectionRow> projection(const RecordId& record, std::string_view partner) override {
    Statement statement = db_.prepare("SELECT heads, fields FROM projection WHERE record = ? AND partner = ?");
    statement.bind(record, partner);
    if (!statement.step()) return std::nullopt;
    ProjectionRow row;
    Result<RecordHeads> heads = RecordHeads::decode(statement.blob(0));
    if (!heads) damaged("a projection in the store is damaged");
    row.heads = *std::move(heads);
    CborReader in(statement.blob(1));
    const std::size_t fields = in.array();
    for (std::size_t i = 0; i < fields && in.ok(); ++i) {
      in.array_of(3);
      FieldKey field;
      field.number = static_cast<std::uint32_t>(in.uint());
      field.option = std::string(in.text());
      row.values[field] = read_value(in);
    }
    if (!in.finish("a projection")) damaged("a projection in the store is damaged");
    return row;
  }
  void put_projection(const RecordId& record, std::string_view partner, const ProjectionRow& row) override {
    CborWriter fields;
    fields.array(row.values.size());
    for (const auto& [field, value] : row.values) {
      fields.array(3).uint(field.number).text(field.option);
      write_value(fields, value);
    }
    db_.run(
        "INSERT INTO projection (record, partner, heads, fields) VALUES (?, ?, ?, ?) ON CONFLICT (record, partner)"
        " DO UPDATE SET heads = excluded.heads, fields = excluded.fields",
        record, partner, row.heads.encode(), fields.result());
  }

 private:
  static DeviceRow device_in(const Statement& statement) {
    Result<Certificate> certificate = decode_certificate(statement.blob(0));
    if (!certificate) damaged("a device in the store is damaged");
    return {*std::move(certificate), statement.integer(1) != 0, statement.integer(2) != 0, statement.integer(3)};
  }
  std::int64_t number_of(const DeviceId& device, const EpochId& epoch) {
    // A push touches one epoch: remembering the last one saves a look-up an entry.
    if (last_number_ == 0 || last_device_ != device || last_epoch_ != epoch) {
      last_number_ = journal_.epoch_number(device, epoch);
      last_device_ = device;
      last_epoch_ = epoch;
    }
    return last_number_;
  }
  Journal::EpochRow row_of(const DeviceId& device, const EpochId& epoch) {
    return {number_of(device, epoch), device, epoch};
  }
  template <class... Values>
  std::vector<FeedRow> feed_rows(std::string_view sql, const Values&... values) {
    std::vector<FeedRow> out;
    Statement statement = db_.prepare(sql);
    statement.bind(values...);
    while (statement.step())
      out.push_back({statement.integer(0), statement.id<DeviceId>(1), statement.id<EpochId>(2),
                     static_cast<std::uint64_t>(statement.integer(3))});
    return out;
  }
  template <class... Values>
  std::vector<RecordId> ids(std::string_view sql, const Values&... values) {
    std::vector<RecordId> out;
    Statement statement = db_.prepare(sql);
    statement.bind(values...);
    while (statement.step()) out.push_back(statement.id<RecordId>(0));
    return out;
  }
  template <class... Values>
  std::vector<std::string> texts(std::string_view sql, const Values&... values) {
    std::vector<std::string> out;
    Statement statement = db_.prepare(sql);
    statement.bind(values...);
    while (statement.step()) out.push_back(statement.text(0));
    return out;
  }

  Database& db_;
  Journal journal_;
  std::int64_t last_number_ = 0;
  DeviceId last_device_;
  EpochId last_epoch_;
  std::map<std::string, std::int64_t, std::less<>> feed_ends_;  // of the feeds this transaction appends to
};

}  // namespace

Result<std::unique_ptr<SqliteBackend>> SqliteBackend::open(std::unique_ptr<Database> database) {
  return guarded([&]() -> Result<std::unique_ptr<SqliteBackend>> {
    Transaction transaction(*database);
    Journal::create_tables(*database);
    database->execute(schema);
    transaction.commit();
    return std::unique_ptr<SqliteBackend>(new SqliteBackend(std::move(database)));
  });
}

Result<void> SqliteBackend::write(const Work& work) {
  const std::lock_guard lock(mutex_);
  return guarded([&]() -> Result<void> {
    Transaction transaction(*database_);
    SqliteTransaction tables(*database_);
    Result<void> done = work(tables);
    if (!done) return done;
    tables.finish();
    transaction.commit();
    return done;
  });
}

// Readers write an epoch's number at worst, and central's pulls are short: one kind of transaction serves both.
Result<void> SqliteBackend::read(const Work& work) { return write(work); }

}  // namespace fieldpost
