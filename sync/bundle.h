// A bundle: messages of sync in one file, for the road without a network (design 4). Sealed to one recipient; whoever
// carries it can read its size and for whom it is.
//
//   file    = "FPBUNDLE" header frame …
//   header  = [ version: uint = 1, deployment: bytes16, recipient: bytes16, sealed key: bytes80 ]
//   frame   = bytes: XChaCha20-Poly1305 of [ kind: uint, content: bytes ], bound to header, place and being the last
//   first   = sender: [ certificate: bytes or null for central, number: uint, at: int ]
//   last    = [ digest: bytes32, signature: bytes64 by the sender over header and digest ]
//             digest(0) = 0, digest(i) = SHA-256(digest(i-1) ‖ frame i), over all frames before the last
//
// A truncated file ends in a frame that was not written as the last one, so nothing in it is believed.
#pragma once

#include <optional>
#include <vector>

#include "shared/foundation/crypto.h"
#include "shared/model/certificate.h"

namespace fieldpost {

enum class FrameKind : std::uint64_t {
  sender = 0,
  state = 1,     // StickState: where the sender stands
  page = 2,      // packed, decode_page
  answer = 3,    // StickAnswer: central's receipts and what it knows of the recipient
  pull = 4,      // StickPull: a page of the recipient's feeds
  manifest = 5,  // last
  chunk = 6,     // Chunk: a part of an attachment, behind the pages that name it
};

struct BundleFrame {
  FrameKind kind = FrameKind::page;
  Bytes content;
};

/// Who wrote a bundle: a laptop by its certificate, or central.
struct BundleSender {
  std::optional<Certificate> laptop;
  std::uint64_t number = 0;  // counts the sender's bundles, from 1
  std::int64_t at = 0;       // the sender's clock, UTC ms
};

class BundleWriter {
 public:
  /// Errors: untrusted, when nothing can be sealed to the recipient's key.
  static Result<BundleWriter> begin(const DeploymentId& deployment, const PublicKey& recipient,
                                    const BundleSender& sender, Random& random);
  void add(FrameKind kind, BytesView content);
  std::size_t size() const { return file_.size(); }
  /// The whole file, signed by the sender.
  Bytes finish(const SigningKey& sender);

 private:
  explicit BundleWriter(Random& random) : random_(&random) {}
  void frame(FrameKind kind, BytesView content, bool last);

  Random* random_;
  SymmetricKey key_;
  Digest header_;
  Digest frames_;  // chained over the frames so far
  std::uint64_t next_ = 0;
  Bytes file_;
};

/// What stands on the outside.
struct BundleHeader {
  DeploymentId deployment;
  DeviceId recipient;
};
/// Errors: malformed.
Result<BundleHeader> bundle_header(BytesView file);

struct Bundle {
  BundleSender sender;
  std::vector<BundleFrame> frames;  // between the sender and the manifest
};
/// Opens a bundle sealed to `recipient` and verifies all of it before anything is handed out. Errors: malformed (no
/// bundle, truncated, altered), not_central (of another deployment), forbidden (for somebody else), untrusted (its
/// sender is nobody of this deployment, or did not sign it).
Result<Bundle> open_bundle(BytesView file, const SigningKey& recipient, const CentralStatement& central);

}  // namespace fieldpost
