// What laptops and central say to each other: each message a struct with its codec (CBOR arrays, cbor.h). One
// request, one answer; the path names the request.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/model/certificate.h"
#include "shared/model/segment.h"
#include "sync/attachment_messages.h"

namespace fieldpost {

namespace path {
inline constexpr const char* hello = "/v1/hello";
inline constexpr const char* enrol = "/v1/enrol";
inline constexpr const char* handshake = "/v1/handshake";
inline constexpr const char* push = "/v1/push";
inline constexpr const char* pull = "/v1/pull";
}  // namespace path

/// Segments on their way, with the certificates of the devices they name. On the wire one zstd frame, the values of
/// all changes field by field:
//   page   = zstd( [ [ segment … ], salts: bytes, 16 a change, [ column … ] ascending by field,
//                    [ certificate: bytes … ] ] )
//   segment, but for its entries, as in segment.h
//   entry  = [ header: array of 9, [ reason: text | null ] ] | [ header: array of 10, null ] erased
//          | id: bytes32 where scope leaves the change out
//   column = [ field, [ value … ] in the order of the changes that write it ]
struct Page {
  std::vector<Segment> segments;
  std::vector<Certificate> certificates;
};
inline constexpr std::size_t page_list_max = 10'000;  // segments, certificates
Bytes encode_page(const Page& page);
Result<Page> decode_page(BytesView packed);

/// The answer to an empty hello: whom one talks to, and a challenge that proves the laptop's key fresh.
struct HelloAnswer {
  DeploymentId deployment;
  Incarnation incarnation;
  Bytes challenge;
  std::int64_t time = 0;  // central's clock, UTC ms
};
Bytes encode(const HelloAnswer& message);
Result<HelloAnswer> decode_hello_answer(BytesView bytes);

struct EnrolRequest {
  std::array<std::uint8_t, 16> secret{};  // of the ticket
  PublicKey key;
  Signature proof;  // by `key`, over the secret
};
void sign_enrol(EnrolRequest& request, const SigningKey& key);
bool verify_enrol(const EnrolRequest& request);
Bytes encode(const EnrolRequest& message);
Result<EnrolRequest> decode_enrol_request(BytesView bytes);

struct EnrolAnswer {
  CentralStatement statement;
  std::optional<Certificate> certificate;  // none: a person at the office has to approve the fingerprint first
};
Bytes encode(const EnrolAnswer& message);
Result<EnrolAnswer> decode_enrol_answer(BytesView bytes);

struct ForeignPosition {
  DeviceId device;
  EpochId epoch;
  std::uint64_t n = 0;
  Digest chain;  // chain(n)
};

/// An own journal as far as receipts say without a gap: it need not come back, but for what was held. Not by its
/// number alone: a copy of this laptop may have handed in another line of the same epoch.
struct HeldJournal {
  EpochId epoch;
  std::uint64_t n = 0;
  Digest chain;                           // chain(n)
  std::vector<std::uint64_t> exceptions;  // ascending
};

struct PullRequest {
  Bytes cursor;  // empty: from the beginning
  std::vector<HeldJournal> holds;
  std::vector<AttachmentId> waits_for;  // files that central lacked: at most attachment_waiting_max
};
Bytes encode(const PullRequest& message);
Result<PullRequest> decode_pull_request(BytesView bytes);

struct PullAnswer {
  Bytes page;  // packed, decode_page
  Bytes cursor;
  std::uint64_t left = 0;  // places of the feeds after this page: at most so many changes are still to come
  Positions files;         // for each that the laptop waits for, as in a PositionsRequest
  std::vector<AttachmentId> lacking;  // files that central had and lost: whoever holds them sends them again
  Signature signature;                // by the receipt key, over all above
};
void sign_pull(PullAnswer& answer, const SigningKey& key);
bool verify_pull(const PullAnswer& answer, const PublicKey& key);
Bytes encode(const PullAnswer& message);
Result<PullAnswer> decode_pull_answer(BytesView bytes);

struct HandshakeRequest {
  DeviceId device;
  Bytes challenge;
  std::vector<JournalPosition> own;      // current epoch last
  std::vector<ForeignPosition> foreign;  // after a new incarnation only: what this laptop could hand back
  std::int64_t time = 0;                 // the laptop's clock, UTC ms
  PullRequest pull;                      // its first page comes with the answer: where nothing is new, that is all
  Signature signature;                   // by the device key, over all above
};
void sign_handshake(HandshakeRequest& request, const SigningKey& key);
bool verify_handshake(const HandshakeRequest& request, const PublicKey& key);
Bytes encode(const HandshakeRequest& message);
Result<HandshakeRequest> decode_handshake_request(BytesView bytes);

struct HandshakeAnswer {
  std::string token;
  Incarnation incarnation;
  Certificate certificate;               // as it stands now
  std::vector<JournalPosition> known;    // for each of `own`: the last place that central holds without a gap
  std::vector<ForeignPosition> foreign;  // for each of `foreign`: up to where central holds the same
  std::vector<Receipt> receipts;         // for what is known, as it stands now: held ones may be released
  std::int64_t time = 0;                 // central's clock, UTC ms
  PullAnswer pull;
};
Bytes encode(const HandshakeAnswer& message);
Result<HandshakeAnswer> decode_handshake_answer(BytesView bytes);

struct PushAnswer {
  std::vector<Receipt> receipts;  // one for each segment taken in
  bool fork = false;              // a place of this journal is taken by another change: the laptop was
                                  // restored or copied, and goes on in a new epoch
};
Bytes encode(const PushAnswer& message);
Result<PushAnswer> decode_push_answer(BytesView bytes);

// ---- By stick (sync/stick): the same, said once for all ----------------------------------------------------------

/// Where a laptop stands, in its bundles.
struct StickState {
  std::vector<JournalPosition> own;       // current epoch last
  std::vector<ForeignPosition> journals;  // others' that it holds
  PullRequest pull;                       // what it would ask central for
  // Files it lacks, with how far it has them from the recipient, and whole ones of which it does not know whether
  // central holds them.
  std::vector<FilePosition> files;
};
Bytes encode(const StickState& message);
Result<StickState> decode_stick_state(BytesView bytes);

/// What central answers in its bundles.
struct StickAnswer {
  Incarnation incarnation;
  Certificate certificate;             // the recipient's, as it stands now
  std::vector<JournalPosition> known;  // for each epoch of the recipient, as in a handshake
  std::vector<Receipt> receipts;
  std::int64_t time = 0;              // central's clock, UTC ms
  std::vector<FilePosition> files;    // how far central holds those that the recipient has whole
  std::vector<AttachmentId> lacking;  // as in a PullAnswer
};
Bytes encode(const StickAnswer& message);
Result<StickAnswer> decode_stick_answer(BytesView bytes);

/// A page of the recipient's feeds. It moves the cursor of whoever stands at `base` and has of its own what the page
/// left out for that: a laptop that was restored since, or another copy of it, may not.
struct StickPull {
  Bytes base;
  std::vector<HeldJournal> holds;
  PullAnswer answer;
};
Bytes encode(const StickPull& message);
Result<StickPull> decode_stick_pull(BytesView bytes);

/// The body of every answer that is not 200.
struct Refusal {
  std::string code;  // code_name() of the laptop's Error
  std::string message;
};
Bytes encode(const Refusal& message);
Result<Refusal> decode_refusal(BytesView bytes);

}  // namespace fieldpost
