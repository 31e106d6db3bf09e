// The journal: changes, segments and their places, as they were written, and the heads they add up to. Laptops and
// central keep the same tables; what differs (receipts, drafts; feeds, held) lies beside it.
//
// All functions run inside the caller's transaction and throw SqlError.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "shared/model/merge.h"
#include "shared/model/segment.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {

/// Central and laptops number the changes they hold as they come; the number means nothing outside one store.
using ChangeNumber = std::int64_t;

class Journal {
 public:
  explicit Journal(Database& database) : database_(database) {}
  static void create_tables(Database& database);

  // Changes.
  std::optional<ChangeNumber> find(const RecordId& record, const ChangeId& id);
  /// What a record's heads are with a change just added.
  struct Counted {
    RecordHeads heads;
    bool is_first = false;  // no other change of the record counts
  };
  /// Adds a change and its writes to the heads of its record. The change must not be there yet.
  ChangeNumber add(const Change& change, BytesView stored, Counted* counted = nullptr);
  /// Adds the change without letting it count: held by central. `release` lets it count later.
  ChangeNumber add_held(const Change& change, BytesView stored);
  void release(ChangeNumber number, const Change& change);
  Change read(ChangeNumber number);
  std::optional<Change> read(const RecordId& record, const ChangeId& id);
  Bytes read_stored(ChangeNumber number);
  /// The changes of a record that count, in the order they came.
  std::vector<Change> changes_of(const RecordId& record);
  std::int64_t change_count();

  // Attachments that changes name.
  struct NamedAttachment {
    AttachmentId id;
    ChangeNumber change = 0;
    ChangeId change_id;
    RecordId record;
    FieldRef field;
    DeviceId device;  // that wrote the change
    bool counts = false;
  };
  /// Every naming of this file, of this record's files, of any; in the order the changes came.
  std::vector<NamedAttachment> attachments(const Digest& digest);
  std::vector<NamedAttachment> attachments_of(const RecordId& record);
  std::vector<NamedAttachment> attachments();
  /// The files that changes of a run of places name, each once.
  std::vector<AttachmentId> attachments_at(std::int64_t epoch, std::uint64_t first, std::uint64_t last);
  /// Collected anew from the changes: after a salvage.
  void rebuild_attachments();

  // Heads.
  RecordHeads heads(const RecordId& record);
  /// Every record that has heads, ascending by id.
  void each_record(const std::function<void(const RecordId&, const RecordHeads&)>& visit);
  /// SHA-256 over the sorted (entity, field, heads) of every record. `instead` may give other heads for a record, and
  /// a record without any is left out.
  using InsteadOf = std::function<std::optional<RecordHeads>(const RecordId&)>;
  Digest digest(const InsteadOf& instead = nullptr);
  /// Computed anew from the changes that count: what the kept heads must equal.
  RecordHeads heads_from_changes(const RecordId& record);
  void rebuild_heads();

  // Places. Epochs are named by a small number inside the store.
  std::int64_t epoch_number(const DeviceId& device, const EpochId& epoch);
  struct EpochRow {
    std::int64_t number = 0;
    DeviceId device;
    EpochId epoch;
  };
  std::vector<EpochRow> epochs();
  /// Puts a change at place n. `outcome` is empty for a laptop's own entry that has no receipt yet.
  void place(std::int64_t epoch, std::uint64_t n, ChangeNumber change, std::optional<Outcome> outcome,
             Reason reason = Reason::none);
  /// Keeps the id of an entry whose change scope left out.
  void place_id(std::int64_t epoch, std::uint64_t n, const ChangeId& id, Outcome outcome = Outcome::committed,
                Reason reason = Reason::none);
  void replace_with_id(std::int64_t epoch, std::uint64_t n, const ChangeId& id);
  /// Notes that a change counts without a place here: another line of its journal, of a copied or restored laptop,
  /// has taken it.
  void note_unplaced(ChangeNumber change);
  /// Found anew: after a salvage.
  void rebuild_unplaced();
  void set_outcome(std::int64_t epoch, std::uint64_t n, std::optional<Outcome> outcome, Reason reason = Reason::none);
  struct Entry {
    std::uint64_t n = 0;
    std::optional<ChangeNumber> change;
    ChangeId id;
    std::optional<Outcome> outcome;
    Reason reason = Reason::none;
  };
  std::optional<Entry> entry(std::int64_t epoch, std::uint64_t n);
  /// Entries first..last, ascending; those that are there.
  std::vector<Entry> entries(std::int64_t epoch, std::uint64_t first, std::uint64_t last);

  // Segments.
  struct SegmentRow {
    std::uint64_t first = 0, last = 0;
    Digest start;
    Signature signature;
  };
  void keep_segment(std::int64_t epoch, const SegmentRow& segment);
  /// Drops the segments that end at or after n: their entries are about to be replaced by central's.
  void forget_segments(std::int64_t epoch, std::uint64_t from_n);
  /// Ascending by first; those that end at or after n.
  std::vector<SegmentRow> segments(std::int64_t epoch, std::uint64_t from_n);
  std::optional<SegmentRow> segment_at(std::int64_t epoch, std::uint64_t n);
  /// The whole segment with its changes where `include` says so, as stored bytes, else their ids.
  Segment read_segment(const EpochRow& epoch, const SegmentRow& segment,
                       const std::function<bool(const Entry&)>& include);

  /// The greatest n such that segments hold 1..n between them: then something stands in each of these places, a
  /// change or an id. So nobody has to look through a journal to know where it stands, for what is unlike most of it
  /// (an id alone, unanswered, held, refused, moved) is in an index of its own, entry_unsettled.
  std::uint64_t covered(std::int64_t epoch);
  /// The greatest n such that places 1..n are all filled, and the chain there; {epoch, 0, chain(0)} when none is.
  JournalPosition position(const DeploymentId& deployment, const EpochRow& epoch);
  /// chain(n), computed from the segment that holds it; nothing when a place before it is missing.
  std::optional<Digest> chain_at(const DeploymentId& deployment, const EpochRow& epoch, std::uint64_t n);
  /// Whether a segment of this epoch belongs to another line than what is here, a copied or restored laptop's: it
  /// begins on another chain, has another change in a taken place, or ends on another chain than what follows it.
  bool is_other_line(const DeploymentId& deployment, const EpochRow& epoch, const Segment& segment);

 private:
  void note_attachments(ChangeNumber number, const Change& change);
  std::vector<NamedAttachment> named(Statement statement);
  bool counts(const RecordId& record, const ChangeId& id);
  Counted count(const Change& change);

  Database& database_;
};

}  // namespace fieldpost
