// What somebody without a store, a key or a network can check: that central said, under its signature, that it holds
// these changes of a record. No names and no answers are in it: a change is its id, which whoever holds the change
// can compute from it.
//
// A JSON object in one text form (blanks between its parts aside); hex in lower case, the rest as base64url:
//   format            "fieldpost-proof-1"
//   record            the UUID; that the changes are of this record is the laptop's word, under `signature`
//   device            hex16, the laptop; first 16 bytes of the SHA-256 of device_key
//   device_key        base64url, Ed25519
//   deployment        hex16; first 16 bytes of the SHA-256 of the deployment key
//   deployment_key    what two people compare, certificate.h's fingerprint
//   central           base64url of a statement (certificate.h): the deployment key's word on the receipt key
//   receipts          [ { receipt: base64url (segment.h), incarnation, epoch, first, last, chain, at_ms: as it says,
//                         start_n, start: hex32 = chain(start_n - 1), ids: [ hex32, of start_n..last ] } ]
//   changes           [ { change: hex32, receipt: which of the above, from 0, n, outcome, reason: as it says } ]
//   without_receipt   [ hex32 ]: central has not answered for them, or again after a restore
//   signature         base64url, by device_key over the CBOR array of all above but format: see proof.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/model/certificate.h"
#include "shared/model/segment.h"

namespace fieldpost {

struct Proof {
  RecordId record;
  PublicKey device_key;
  CentralStatement central;
  struct Run {
    Receipt receipt;
    std::uint64_t start_n = 1;
    Digest start;               // chain(start_n - 1)
    std::vector<ChangeId> ids;  // of start_n..receipt.last
  };
  std::vector<Run> runs;
  struct Line {
    ChangeId change;
    std::size_t run = 0;
    std::uint64_t n = 0;
    Outcome outcome = Outcome::committed;
    Reason reason = Reason::none;
  };
  std::vector<Line> changes;
  std::vector<ChangeId> without_receipt;
  Signature signature;

  DeviceId device() const { return device_id_of(device_key); }
};

/// What a receipt says of one place of its run.
std::pair<Outcome, Reason> said_of(const Receipt& receipt, std::uint64_t n);
/// chain(receipt.last) as the run's ids give it.
Digest end_of(const Proof::Run& run);

void sign_proof(Proof& proof, const SigningKey& device_key);
/// The deployment key signed the receipt key, this the receipts, the device key the whole, and each change stands at
/// its place of a receipt's run. Who holds the deployment key is for a person to compare. Errors: untrusted, with
/// what does not verify.
Result<void> verify_proof(const Proof& proof);

std::string proof_text(const Proof& proof);
/// Errors: malformed, also when a single letter is not as proof_text writes it; what it says is not verified.
Result<Proof> parse_proof(std::string_view text);
inline constexpr std::size_t proof_bytes_max = 64u << 20;  // some 900,000 ids

}  // namespace fieldpost
