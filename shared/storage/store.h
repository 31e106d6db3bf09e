// A laptop's store: journal, view, drafts, receipts and cursors in one encrypted database. A save is one durable
// transaction over journal and view (design 3). One thread at a time; the window and the worker each have their own
// Store object on the same folder.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "shared/forms/json_values.h"
#include "shared/foundation/clock.h"
#include "shared/model/certificate.h"
#include "shared/storage/attachment_store.h"
#include "shared/storage/journal.h"
#include "shared/storage/view.h"

namespace fieldpost {

/// What is outside and must come in: time, chance, forms.
struct Environment {
  const WallClock& clock;
  Random& random;
  const Catalogue& catalogue;
};

/// What an author has in front of them: the record as it stood when the form opened, with their own saves since.
/// This is the base; it is never computed again at a save (design 2).
struct Seen {
  RecordId record;
  std::string form;
  std::uint32_t form_version = 0;
  bool is_new = false;
  RecordHeads heads;
  Answers answers;
};

enum class RecordStatus { on_this_laptop, in_a_bundle, at_central, needs_attention };
const char* status_name(RecordStatus status);

struct Saved {
  RecordId record;
  ChangeId change;
  std::vector<EntityId> new_rows;  // in the order of the edit's new rows
  bool incomplete = false;
};

/// A file that a record's answers name.
struct RecordFile {
  FieldRef field;
  Attachment attachment;
  DeviceId device;  // on which it was attached
  bool here = false;
  bool at_central = false;  // central said so, in its present incarnation
};

/// A form left open: kept at each pause of the keyboard, pinned to its form version for ever.
struct Draft {
  EntityId id;
  Seen seen;
  Edit edit;
  std::int64_t at = 0;
  std::string writer = {};  // the vault's user who typed it; empty: nobody said
};

struct StoreStatus {
  std::int64_t changes = 0;    // held in the journal
  std::int64_t unsent = 0;     // own, without a receipt
  std::int64_t receipted = 0;  // own, at central
  std::int64_t held = 0;
  std::int64_t refused = 0;
  std::int64_t conflicts = 0;
  std::int64_t carried = 0;         // of colleagues, handed over on a stick, central has not answered for them yet
  std::int64_t files = 0;           // attachments of records, here or not
  std::int64_t files_to_send = 0;   // here, and central has not said that it holds them
  std::int64_t files_to_fetch = 0;  // of records as they stand now, not here
};

struct AttentionItem {
  RecordId record;
  std::string form, title;
  Outcome outcome = Outcome::held;
  Reason reason = Reason::none;
  std::int64_t at = 0;  // of the save that waits, by its laptop's clock, UTC ms
  DeviceId device;      // whose journal it stands in: who can do something about it
};

/// The value that a field is settled on.
struct Settlement {
  FieldRef field;
  Value value;
};

/// A value to be put back among the rivals of a field, and why.
struct RevivedValue {
  FieldRef field;
  Value value;
  std::string reason;
};

struct Rivals {
  OpenConflict conflict;
  FieldState state;
};

struct Verification {
  bool ok = false;
  std::int64_t changes = 0;
  std::int64_t files = 0;  // attachments that are here, each compared with its digest
  Digest digest;
  std::vector<std::string> faults;  // what is wrong, by place; no personal data
};

/// Who this laptop is, after enrolment.
struct Identity {
  std::string url;
  Certificate certificate;
  CentralStatement central;
  DeviceId device() const { return certificate.device(); }
  DeploymentId deployment() const { return central.deployment_id(); }
};

class Store {
 public:
  struct Options {
    std::filesystem::path home;
    SymmetricKey key;
    bool encrypted = true;  // false in simulation only
    std::string vfs;
  };
  /// Opens or creates store.db. A damaged database is not opened: see salvage.h.
  static Result<std::unique_ptr<Store>> open(const Options& options, const Environment& environment);
  ~Store();

  // Identity.
  /// The device's key pair: made at first use, never leaves the store.
  Result<SigningKey> device_key();
  /// Nothing before enrolment.
  Result<std::optional<Identity>> identity();
  Result<void> set_identity(const Identity& identity);
  /// The author of what is saved now: the certificate's user.
  Result<UserId> author();
  Result<void> keep_certificates(const std::vector<Certificate>& certificates);
  Result<std::optional<Certificate>> certificate(const DeviceId& device);
  /// The laptops a bundle may be written for (role.h: may_hand_over), as far as this one has heard of them; by name.
  Result<std::vector<Certificate>> colleagues();
  /// For display: the name on the certificate of a device's user, or the id's text.
  std::string author_name(const UserId& user);
  std::string device_name(const DeviceId& device);

  // Records.
  Seen start(const Form& form);              // a new record, nothing seen
  Result<Seen> see(const RecordId& record);  // what the store shows now
  /// What somebody saw who had only these changes and what they stand on. Errors: not_found.
  Result<Seen> see_at(const RecordId& record, const std::vector<ChangeId>& changes);
  /// One transaction; durable when it returns. `seen` then includes this save. Nothing to write: `change` is nil.
  Result<Saved> save(Seen& seen, const Edit& edit, std::optional<std::string> reason = std::nullopt);
  /// New records of one form, all of them in one transaction or none: for imports, while no window waits.
  Result<std::vector<Saved>> save_all(const Form& form, const std::vector<Edit>& edits);
  /// Settles one conflict by a change whose base names the rivals.
  Result<Saved> resolve(const RecordId& record, const FieldRef& field, const Value& value, std::string_view reason);
  /// The same for several fields of one record, in one change. Errors: not_found, when one of them stands in no
  /// conflict; then nothing is settled.
  Result<Saved> resolve(const RecordId& record, const std::vector<Settlement>& settled, std::string_view reason);
  /// Takes a settlement back: its rivals are written anew, side by side, so that the conflict stands again wherever
  /// the settlement is known. Rivals that follow each other in `values` go into changes of their own, in that order,
  /// which know nothing of each other but all saw the settlement. Errors: not_found, when somebody has changed one of
  /// the fields since; then nothing is written.
  Result<void> reopen(const RecordId& record, const ChangeId& settlement, const std::vector<RevivedValue>& values);

  /// One save of the record of `form` about these subjects (`record_about`), which is made where it is not here yet:
  /// a decision of the office. `answers` are of the record itself, `rows` go with them; what the store shows now is
  /// what was seen. Errors: not_found, when the form does not say what it is about.
  Result<Saved> decide(const Form& form, const std::vector<RecordId>& subjects, const Fields& answers,
                       std::optional<std::string> reason = std::nullopt, std::vector<Edit::RowEdit> rows = {});

  Result<std::optional<RecordState>> state(const RecordId& record);
  /// The heads and the state without what central holds back or refused: what digests cover, and all others see.
  Result<RecordHeads> counting_heads(const RecordId& record);
  Result<std::optional<RecordState>> counting_state(const RecordId& record);
  Result<std::vector<Problem>> problems(const RecordId& record);
  /// Every change of the record, ascending by (at, id).
  Result<std::vector<Change>> history(const RecordId& record);
  Result<RecordStatus> status_of(const RecordId& record);
  Result<std::vector<RecordSummary>> list(const View::Query& query);
  Result<std::int64_t> count(const View::Query& query);
  /// Of every present record of a form: of one that has few, as the organisations.
  Result<std::vector<Answers>> all_answers(const std::string& form);
  Result<std::vector<RecordSummary>> linked(std::string_view form, std::string_view link, const RecordId& record);
  Result<std::map<std::string, std::int64_t>> counts();
  Result<std::vector<std::int64_t>> order(const View::Query& query);
  Result<std::vector<RecordSummary>> rows(std::span<const std::int64_t> numbers);
  Result<Fields> answers(const RecordId& record, std::string_view form, std::span<const std::uint32_t> questions);
  Result<std::vector<Rivals>> conflicts();
  /// The same without the values: what a list of many needs, at the cost of one query.
  Result<std::vector<OpenConflict>> open_conflicts();
  /// What central holds back or refused, one a change, oldest first; at central, of every laptop.
  Result<std::vector<AttentionItem>> attention();
  Result<StoreStatus> status();
  Result<Verification> verify();
  Result<void> rebuild_view();

  // Drafts.
  Result<void> keep_draft(const Draft& draft);
  Result<void> drop_draft(const EntityId& draft);
  Result<std::vector<Draft>> drafts();

  // Attachments. Their files are written first, and the change that names them is saved after: `save` refuses one
  // that names a file which is neither here nor in what was seen.
  AttachmentStore& attachments();
  /// What a record's answers name now, rivals included, ascending by field.
  Result<std::vector<RecordFile>> files_of(const RecordId& record);
  /// Removes files that were attached and that no change and no draft names: their form was never saved. Only while
  /// no form is open anywhere on this store. Returns how many.
  Result<std::int64_t> drop_unnamed_files();

  // For sync: attachments go last.
  /// What this laptop knows of a file at central.
  enum class AtCentral { unknown, lacks, holds };
  struct FileState {
    AttachmentId id;
    AtCentral central = AtCentral::unknown;
    std::uint64_t sent = 0;  // bytes that central said by stick to hold of it
  };
  /// Here, and not known to be at central; in the order in which they were named. By network only those whose change
  /// central has answered for.
  enum class Naming { answered, any };
  Result<std::vector<FileState>> files_to_send(Naming naming);
  /// Named by the answers of records as they stand, and not here.
  Result<std::vector<FileState>> files_to_fetch();
  Result<void> note_at_central(const AttachmentId& id, AtCentral central, std::uint64_t sent = 0);
  /// The files that changes of this run name, each once.
  Result<std::vector<AttachmentId>> files_in(const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                                             std::uint64_t last);
  /// A change that is here names it.
  Result<bool> is_named(const AttachmentId& id);

  // For sync/exchange.
  /// Where this device's own journal stands; its current epoch last.
  Result<std::vector<JournalPosition>> own_positions();
  /// As far as receipts go without a gap, for each own epoch; the held and refused among them may be released later.
  struct Receipted {
    EpochId epoch;
    std::uint64_t n = 0;
    std::vector<std::uint64_t> exceptions;  // ascending
  };
  Result<std::vector<Receipted>> receipted();
  /// Own entries of this epoch that have no receipt and were not moved to another.
  Result<bool> has_open_entries(const EpochId& epoch);
  /// Whether the change at an own place is here, not its id alone, and was not moved to another epoch.
  Result<bool> holds_own_change(const EpochId& epoch, std::uint64_t n);
  /// Nothing where entries before n are not here.
  Result<std::optional<Digest>> chain_at(const DeviceId& device, const EpochId& epoch, std::uint64_t n);
  /// The journals of others held here, with the last place known: what a central that was restored may ask for.
  struct ForeignJournal {
    DeviceId device;
    EpochId epoch;
    std::uint64_t n = 0;
    Digest chain;                  // chain(n)
    std::uint64_t first_open = 1;  // the first place that central has not answered for
  };
  /// All of them, or those with changes that a colleague handed over and central has not answered for.
  enum class Foreign { all, open };
  Result<std::vector<ForeignJournal>> foreign_journals(Foreign which);
  /// Packs a segment as it will travel and says how many bytes that is.
  using PackedBytes = std::function<std::size_t(const Segment&)>;
  /// The next run of an epoch after n as a signed segment of at most one page, its changes undecoded; nothing when
  /// there is no more. Own entries are signed here for the first time; the same call gives the same segment again.
  /// `packed` is asked for each attempt at a new segment, the last time for the one that is returned; without it the
  /// segment stays small enough for any packing.
  Result<std::optional<Segment>> next_segment(const DeviceId& device, const EpochId& epoch, std::uint64_t after_n,
                                              const PackedBytes& packed = nullptr);
  /// Closes the current epoch and starts another; what has no receipt is placed in the new one under the same ids.
  Result<void> start_epoch();
  /// For an own journal, or for a colleague's that was handed over here.
  Result<void> take_receipt(const Receipt& receipt);
  /// By which road segments came: central hands out what it has committed, a colleague what they have.
  enum class Road { central, colleague };
  /// Each segment is verified, then applied in short transactions; `cursor` is kept in the last one unless it is
  /// empty. Returns how many changes were new here.
  Result<std::int64_t> take_segments(const std::vector<Segment>& segments, BytesView cursor,
                                     Road road = Road::central);
  Result<Bytes> cursor();
  Result<std::optional<Incarnation>> incarnation();
  /// One that was given up for another: what central said then binds nobody any more.
  Result<bool> is_past_incarnation(const Incarnation& incarnation);
  /// A new incarnation voids cursor and receipts, never data; from then on foreign journals are offered until
  /// `offered_all`.
  Result<void> set_incarnation(const Incarnation& incarnation);
  Result<bool> must_offer();
  Result<void> offered_all();
  /// When central was last reached, UTC ms by this laptop's clock, and how far that clock was off then.
  struct LastSync {
    std::int64_t at = 0;
    std::int64_t clock_offset_ms = 0;
  };
  Result<std::optional<LastSync>> last_sync();
  Result<void> set_last_sync(const LastSync& sync);

  // For sync/stick.
  /// Counts this laptop's bundles, from 1.
  Result<std::uint64_t> next_bundle_number();
  /// A verified bundle for central holds these journals, own and carried ones, up to these places.
  Result<void> mark_bundled(const std::vector<ForeignJournal>& up_to);
  /// How far a colleague's laptop said that it holds each journal, in its last bundle.
  Result<void> keep_holdings(const DeviceId& colleague, const std::vector<ForeignJournal>& holdings);
  Result<std::vector<ForeignJournal>> holdings(const DeviceId& colleague);
  /// How far a colleague's laptop said that it holds the files it lacks, in its last bundle.
  Result<void> keep_wanted(const DeviceId& colleague, const std::vector<FilePosition>& files);
  Result<std::vector<FilePosition>> wanted(const DeviceId& colleague);

  Database& database();
  const Environment& environment() const;
  /// The shipped forms, lists and places with what central has published. What was found in it stays for the life of
  /// the store, also when newer ones come.
  const Catalogue& catalogue() const;
  /// Takes over what another Store on this folder has received since.
  Result<void> refresh();

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace fieldpost
