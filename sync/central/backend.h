// What the endpoint asks of a database: transactions over journal, heads, feeds, devices and tickets, and nothing of
// SQL. SQLite is the embedded default.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "shared/model/certificate.h"
#include "shared/model/merge.h"
#include "shared/model/segment.h"

namespace fieldpost {

/// Central numbers the changes it holds as they come; the number never leaves it.
using CommitNumber = std::int64_t;

struct TicketRow {
  Digest secret_digest;  // the secret itself is not kept
  Role role = Role::recorder;
  std::string unit;
  std::string name;
  std::int64_t expires_at = 0;  // UTC ms
  bool needs_approval = false;
  std::optional<DeviceId> used_by;
};

struct DeviceRow {
  Certificate certificate;  // unsigned while it waits
  bool waiting = false;     // for a person's approval
  bool revoked = false;
  std::int64_t last_seen = 0;  // UTC ms
};

/// What central knows of a record beside its heads.
struct RecordRow {
  std::string form;
  std::string unit;              // of its first committer
  bool unit_is_certain = false;  // that change was the one that made the record
};

struct FeedRow {
  std::int64_t position = 0;
  DeviceId device;
  EpochId epoch;
  std::uint64_t n = 0;
};

/// What a partner was last told about one record: heads in the partner's world, and the values.
struct ProjectionRow {
  RecordHeads heads;
  std::map<FieldKey, Value> values;
};

struct HeldRow {
  CommitNumber number = 0;
  DeviceId device;
  EpochId epoch;
  std::uint64_t n = 0;
  Reason reason = Reason::none;
};

/// A change that names a file.
struct AttachmentRow {
  AttachmentId id;
  RecordId record;
  DeviceId device;  // that wrote the change
  bool counts = false;
};

struct EntryRow {
  std::uint64_t n = 0;
  std::optional<CommitNumber> change;
  ChangeId id;
  Outcome outcome = Outcome::committed;
  Reason reason = Reason::none;
};

/// One serialisable transaction. All calls may throw SqlError inside the backend; `Backend::transact` turns it into a
/// Result, so the endpoint never sees it.
class BackendTransaction {
 public:
  virtual ~BackendTransaction() = default;

  virtual std::optional<Bytes> meta(std::string_view key) = 0;
  virtual void set_meta(std::string_view key, BytesView value) = 0;

  virtual void put_ticket(const TicketRow& ticket) = 0;
  virtual std::optional<TicketRow> ticket(const Digest& secret_digest) = 0;

  virtual void put_device(const DeviceRow& device) = 0;
  virtual std::optional<DeviceRow> device(const DeviceId& id) = 0;
  virtual std::vector<DeviceRow> devices() = 0;

  virtual std::optional<RecordRow> record(const RecordId& record) = 0;
  virtual void put_record(const RecordId& record, const RecordRow& row) = 0;
  virtual RecordHeads heads(const RecordId& record) = 0;
  virtual std::vector<Change> changes_of(const RecordId& record) = 0;

  virtual std::optional<CommitNumber> find(const RecordId& record, const ChangeId& id) = 0;
  virtual std::optional<Change> read(const RecordId& record, const ChangeId& id) = 0;
  virtual Change read(CommitNumber number) = 0;
  /// Into the journal and, when it counts, into the heads. `stored` are the change's bytes (encode_change).
  virtual CommitNumber add(const Change& change, BytesView stored, bool counts) = 0;
  virtual void release(CommitNumber number, const Change& change) = 0;
  /// A note beside a change that is there: its time is doubted, and by central's clock may be this one (UTC ms).
  virtual void note_clock(CommitNumber number, std::optional<std::int64_t> corrected_at) = 0;
  virtual bool counts(CommitNumber number) = 0;

  virtual void place(const DeviceId& device, const EpochId& epoch, std::uint64_t n, CommitNumber change,
                     Outcome outcome, Reason reason) = 0;
  virtual void place_id(const DeviceId& device, const EpochId& epoch, std::uint64_t n, const ChangeId& id) = 0;
  /// Those of first..last that are there, ascending.
  virtual std::vector<EntryRow> entries(const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                                        std::uint64_t last) = 0;
  virtual void keep_segment(const Segment& segment) = 0;
  /// The last place without a gap, and the chain there.
  virtual JournalPosition position(const DeploymentId& deployment, const DeviceId& device, const EpochId& epoch) = 0;
  /// The greatest place known at all.
  virtual std::uint64_t last_place(const DeviceId& device, const EpochId& epoch) = 0;
  virtual std::optional<Digest> chain_at(const DeploymentId& deployment, const DeviceId& device, const EpochId& epoch,
                                         std::uint64_t n) = 0;
  virtual bool is_other_line(const DeploymentId& deployment, const Segment& segment) = 0;  // Journal::is_other_line
  /// Held and refused entries of first..last, ascending.
  virtual std::vector<EntryRow> exceptions(const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                                           std::uint64_t last) = 0;
  /// The run of the segment that holds this place, and the bytes of its changes.
  struct Extent {
    std::uint64_t first = 0, last = 0;
    std::size_t bytes = 0;
  };
  virtual std::optional<Extent> extent(const DeviceId& device, const EpochId& epoch, std::uint64_t n) = 0;
  /// The segment that holds this place, its changes (undecoded) where `include` says so.
  virtual std::optional<Segment> segment_with(const DeviceId& device, const EpochId& epoch, std::uint64_t n,
                                              const std::function<bool(std::uint64_t)>& include) = 0;
  /// Every place of a record's committed changes, in the order they were committed.
  virtual std::vector<FeedRow> places_of(const RecordId& record) = 0;
  /// Every change that names a file of this digest, oldest first.
  virtual std::vector<AttachmentRow> attachments(const Digest& digest) = 0;
  /// Held changes of this record, or of all when none is given, oldest first.
  virtual std::vector<HeldRow> held(const std::optional<RecordId>& record) = 0;
  /// Keeps what was refused, whole, with why.
  virtual void keep_refused(const DeviceId& from, BytesView bytes, Reason reason, std::int64_t at) = 0;

  /// Adds a place to the end of a feed. Positions are gapless: they come from a counter row in this transaction.
  virtual void append(std::string_view feed, const DeviceId& device, const EpochId& epoch, std::uint64_t n) = 0;
  virtual std::vector<FeedRow> feed(std::string_view feed, std::int64_t after, std::size_t limit) = 0;
  /// The position of its last place; 0: it is empty.
  virtual std::int64_t feed_end(std::string_view feed) = 0;
  virtual std::vector<std::string> feeds() = 0;
  virtual std::set<std::string> feeds_of(const RecordId& record) = 0;
  virtual void put_feed_of(const RecordId& record, std::string_view feed) = 0;
  /// Records of any unit that were ever shared with this unit.
  virtual std::vector<RecordId> shared_with(std::string_view unit) = 0;
  virtual void put_shared(const RecordId& record, std::string_view unit) = 0;
  virtual std::set<std::string> sharers_of(const RecordId& record) = 0;

  /// Notes that a record is about another one, which need not be here.
  virtual void put_about(const RecordId& subject, const RecordId& record) = 0;
  /// The records that are about this one.
  virtual std::vector<RecordId> about(const RecordId& subject) = 0;
  /// Every record of a form, in the order in which they were committed.
  virtual std::vector<RecordId> records_of(std::string_view form) = 0;

  virtual std::optional<ProjectionRow> projection(const RecordId& record, std::string_view partner) = 0;
  virtual void put_projection(const RecordId& record, std::string_view partner, const ProjectionRow& row) = 0;
};

class Backend {
 public:
  virtual ~Backend() = default;
  using Work = std::function<Result<void>(BackendTransaction&)>;
  /// Commits when `work` returns well, else rolls back and returns its error. Durable when it returns. Short: the
  /// database is shared with commands that work beside the server.
  virtual Result<void> write(const Work& work) = 0;
  /// A consistent look without writing.
  virtual Result<void> read(const Work& work) = 0;
};

}  // namespace fieldpost
