// Request -> Response against a Backend: hello, enrolment, handshake, push, pull, attachments. Knows no HTTP and no
// SQL; holds no state between requests, so that several may run beside each other. Any thread.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "shared/forms/definition.h"
#include "shared/foundation/clock.h"
#include "shared/storage/attachment_store.h"
#include "sync/central/backend.h"
#include "sync/messages.h"
#include "sync/transport.h"

namespace fieldpost {

class BundleWriter;

/// Central's keys. The deployment key is the root of trust; a copy leaves central once and is kept offline.
struct CentralKeys {
  SigningKey deployment;
  SigningKey receipts;
  BoxKey recovery;
  SymmetricKey token;  // seals challenges and tokens, and draws the salts of projections
  CentralStatement statement() const;
  Digest tls_pin;
};

/// What an operator may do at central, beside the server.
class CentralOffice {
 public:
  /// First start: draws keys and an incarnation. Later starts read them. A changed TLS pin is signed anew.
  static Result<std::unique_ptr<CentralOffice>> open(Backend& backend, const WallClock& clock, Random& random,
                                                     const Digest& tls_pin);

  Result<std::string> issue_ticket(Role role, std::string_view unit, std::string_view name, bool needs_approval);
  /// Errors: not_found when no device with this fingerprint waits.
  Result<DeviceId> approve(std::string_view fingerprint);
  Result<void> revoke(const DeviceId& device);
  /// Central's store was brought back from a copy: a new incarnation tells every laptop.
  Result<void> restored();

  const CentralKeys& keys() const { return keys_; }
  DeploymentId deployment() const { return deployment_id_of(keys_.deployment.public_key()); }

 private:
  CentralOffice(Backend& backend, const WallClock& clock, Random& random)
      : backend_(backend), clock_(clock), random_(random) {}
  Backend& backend_;
  const WallClock& clock_;
  Random& random_;
  CentralKeys keys_;
};

/// What came of a bundle at central.
struct BundleTaken {
  DeviceId sender;
  std::uint64_t number = 0;    // the sender's count of its bundles
  std::int64_t changes = 0;    // in it
  std::int64_t committed = 0;  // new here
  std::int64_t held = 0;
  std::int64_t refused = 0;
  std::int64_t files = 0;  // attachments that are whole here now
};
struct BundleGiven {
  Bytes file;
  std::int64_t changes = 0;
  std::int64_t files = 0;  // attachments of which it holds chunks
  bool more = false;
};

class Endpoint {
 public:
  /// Without a place for attachments (simulation) it says of every file that it does not know it.
  Endpoint(Backend& backend, const CentralKeys& keys, const Catalogue& catalogue, const WallClock& clock,
           Random& random, AttachmentStore* attachments = nullptr)
      : backend_(backend),
        keys_(keys),
        shipped_(catalogue),
        clock_(clock),
        random_(random),
        attachments_(attachments) {}

  Response handle(const Request& request);
  /// A bundle from a laptop, whoever brought it: the same as a push, a page a transaction. A sender that central has
  /// forgotten is known again by its certificate. Errors: those of open_bundle; invalid_argument, when central wrote
  /// it.
  Result<BundleTaken> read_bundle(BytesView file);
  /// For one laptop: receipts, what is new in its feeds since its last bundle, where its journal stands. As much as
  /// one bundle holds; `more` says that the next one, after its answer, brings the rest. Errors: not_found.
  Result<BundleGiven> write_bundle(const DeviceId& recipient);
  /// Says a form, code list or file of places to every laptop, and looks again at what is held. A list or file of
  /// places gets the next version of its name. Errors: those of seal(), out_of_bounds for one.
  struct Published {
    std::uint32_t version = 0;
    bool is_new = false;  // false: it was published already, word for word
    std::int64_t released = 0;
  };
  Result<Published> publish(Definition definition);
  /// The forms, lists and places with everything published.
  Result<std::shared_ptr<const Catalogue>> catalogue();
  struct Registers {
    struct Book {
      std::string unit;
      std::int64_t year = 0, last = 0;
    };
    std::vector<Book> books;
    bool waits = false;         // since a restore: no number is given
    std::int64_t numbered = 0;  // by this call
  };
  /// The register's books. `resume`: the numbers that were given before a restore are known again, and whatever is
  /// due gets its own now.
  Result<Registers> registers(bool resume);
  /// Looks again at everything held: forms may have arrived, grants been restored. Returns how many were released.
  Result<std::int64_t> reconsider_held();

 private:
  using Tx = BackendTransaction;
  struct Caller {
    DeviceRow device;
    DeviceId id;
    std::int64_t clock_offset_ms = 0;  // laptop minus central, at the handshake
  };
  Result<Bytes> hello();
  Result<Bytes> enrol(BytesView body);
  Result<Bytes> handshake(BytesView body);
  Result<Bytes> push(const Request& request);
  Result<Bytes> pull(const Request& request);
  // endpoint_attachments.cpp
  Result<Bytes> tell_positions(const Request& request);
  Result<Bytes> put_chunk(const Request& request);
  Result<Bytes> fetch_chunk(const Request& request);

  /// A push of a line that parts from central's: by network the laptop is told and starts a new epoch; on a stick it
  /// may never come back, so that its changes are adopted at once.
  enum class Forks { refused, adopted };
  /// `clock_offset_ms`: of the laptop that hands it in; unknown on a stick.
  PushAnswer take_page(Tx& tx, const DeviceRow& from, const Page& page, Forks own_forks,
                       std::optional<std::int64_t> clock_offset_ms = std::nullopt);
  /// The feeds a device reads: from its grant alone.
  std::vector<std::string> feeds_of(Tx& tx, const DeviceRow& device);
  /// Named by an answer in a record that the device sees in full, or by what a partner was told.
  bool may_fetch(Tx& tx, const DeviceRow& device, const AttachmentId& id);
  /// The same, or named by a change of its own that central keeps, held or not.
  bool may_put(Tx& tx, const DeviceRow& device, const AttachmentId& id);
  /// How far central holds it, as this device may know; nothing where it may not.
  std::optional<std::uint64_t> position(Tx& tx, const DeviceRow& device, const AttachmentId& id);
  /// Runs inside a transaction of its own: puts what the device may put, and says up to where it is here then.
  Result<std::uint64_t> take_chunk(const DeviceId& device, const Chunk& chunk);
  Result<void> take_chunk_frame(BundleTaken& taken, BytesView content);
  /// Chunks of files that the recipient may fetch, each from a place on, until the bundle is full.
  void add_files(BundleWriter& writer, BundleGiven& given, const std::vector<FilePosition>& wanted);
  /// Files that were here and are damaged: whoever may put them is asked for them.
  std::vector<AttachmentId> lost_files(Tx& tx);
  std::vector<AttachmentId> lost_files_for(Tx& tx, const DeviceRow& device);
  void note_lost(const AttachmentId& id, bool lost);
  /// What a laptop has not had from its feeds. It is packed outside of the transaction, which all others wait for:
  /// that is most of a pull's work.
  struct NextPage {
    Page page;
    Bytes cursor;
    std::uint64_t left = 0;
    Positions files;  // this and the next as in PullAnswer
    std::vector<AttachmentId> lacking;
  };
  Result<NextPage> next_page(Tx& tx, const DeviceRow& from, const PullRequest& asked);
  PullAnswer pack(NextPage next) const;
  void tell_known(Tx& tx, const DeviceId& device, const std::vector<JournalPosition>& own,
                  std::vector<JournalPosition>& known, std::vector<Receipt>& receipts);
  Receipt receipt_for_adopted(Tx& tx, const Segment& segment);
  Result<Caller> caller(Tx& tx, std::string_view token);
  std::vector<Definition> definitions(Tx& tx);
  std::int64_t release_held(Tx& tx);
  std::shared_ptr<const Catalogue> catalogue(Tx& tx);
  std::string make_token(Tx& tx, const DeviceId& device, std::int64_t clock_offset_ms);
  Incarnation incarnation(Tx& tx);
  Receipt receipt_for(Tx& tx, const DeviceId& device, const EpochId& epoch, std::uint64_t first, std::uint64_t last);

  Backend& backend_;
  const CentralKeys& keys_;
  const Catalogue& shipped_;
  const WallClock& clock_;
  Random& random_;
  AttachmentStore* attachments_;
  std::mutex mutex_;  // over the two below
  std::shared_ptr<const Catalogue> published_;
  Bytes definitions_taken_;
};

}  // namespace fieldpost
