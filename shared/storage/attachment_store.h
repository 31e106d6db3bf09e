// Photos and scans beside the store's database: one file of sealed chunks each, in the folder `attachments`. Nothing
// of them ever lies on the disk in the clear, and a file's name does not tell what is in it.
//
//   HOME/attachments/NAME              a whole file; NAME = hex of HMAC-SHA-256(name key, digest ‖ size, 8 bytes)
//   HOME/attachments/NAME.SOURCE.part  what has come of it from one device so far
//   HOME/attachments/NAME.new          beside a file that was attached and whose change is not saved yet; empty
//   HOME/attachments/NAME.damaged      set aside: its bytes were not what they should be
//
//   file  = chunk …
//   chunk = XChaCha20-Poly1305 of attachment_chunk_bytes (the last: of what is left), nonce in front, bound to
//   digest,
//           size and place, so that no chunk can stand for another
//
// What one device sends wrongly cannot harm what another sends: their parts lie apart, and a file counts as here only
// after its SHA-256 was compared. Keys are derived from the store's own. Any thread, any number of processes.
#pragma once

#include <filesystem>
#include <optional>
#include <set>
#include <vector>

#include "shared/foundation/clock.h"
#include "shared/foundation/crypto.h"
#include "shared/model/value.h"

namespace fieldpost {

/// The first `held` bytes of a file are there; all of them: it is whole, and was compared with its digest.
struct FilePosition {
  AttachmentId id;
  std::uint64_t held = 0;
  bool is_whole() const { return held == id.bytes; }
  bool operator==(const FilePosition&) const = default;
};
class AttachmentStore {
 public:
  /// Makes no folder before something is put into it.
  AttachmentStore(std::filesystem::path folder, const SymmetricKey& store_key, Random& random);

  /// Takes a file in; durable when it returns, and the same when it is here already. Errors: out_of_bounds
  /// (empty, or too large), disk_full, io.
  Result<AttachmentId> put(BytesView content);
  /// Whole and verified when it came; whether it still is, only reading tells.
  bool holds(const AttachmentId& id) const;
  /// How many of its first bytes are here: all where it is whole, else what `source` has sent.
  std::uint64_t position(const AttachmentId& id, const DeviceId& source) const;
  /// Adds what follows at `offset`, and says up to where it is here then. A chunk that is here already, or for which
  /// those before it lack, changes nothing. Durable only once it is whole. Errors: malformed (of another length than
  /// the chunk there has), untrusted (the last chunk came and the bytes are not what the digest says: all that
  /// `source` sent is dropped), disk_full, io.
  Result<std::uint64_t> add(const AttachmentId& id, const DeviceId& source, std::uint64_t offset, BytesView chunk);

  /// The chunk that begins at `offset`. Errors: not_found, malformed (no chunk begins there), damaged (the file was
  /// set aside, and is fetched again), io.
  Result<Bytes> chunk(const AttachmentId& id, std::uint64_t offset);
  /// All of it, compared with its digest. Errors: not_found, damaged, io.
  Result<Bytes> read(const AttachmentId& id);
  /// The same without keeping it.
  Result<void> verify(const AttachmentId& id);

  /// A copy, sealed as it is, under its name in another folder, which is there: durable, and compared with its digest
  /// where it lies then. Nothing where it is there already. Errors: not_found, damaged, disk_full, io.
  Result<void> copy_to(const AttachmentId& id, const std::filesystem::path& other);
  /// Such a copy back; nothing where the file is here. Errors: not_found, damaged (the copy), disk_full, io.
  Result<void> take_copy(const AttachmentId& id, const std::filesystem::path& other);

  /// The change that names it is saved: it stays, whatever becomes of the database.
  void settle(const AttachmentId& id);
  /// Removes what was attached and is none of these, and parts of others. A whole file that came otherwise stays even
  /// when nobody names it: the database may be an older one that was brought back, or have been salvaged, and the
  /// change that names it may come back from others. Only for whoever has the store to themselves: a form that is
  /// open elsewhere may have taken in a file that nobody names yet. Returns how many whole files went.
  Result<std::int64_t> drop_unnamed(const std::set<AttachmentId>& named);

  const std::filesystem::path& folder() const { return folder_; }
  std::filesystem::path path_of(const AttachmentId& id) const;

 private:
  std::filesystem::path part_of(const AttachmentId& id, const DeviceId& source) const;
  Result<void> make_folder();
  /// What there is to say of it: damaged, or io where it could not be set aside.
  Error set_aside(const AttachmentId& id);
  Result<Digest> digest_of(const std::filesystem::path& file, const AttachmentId& id) const;
  Result<void> finish(const AttachmentId& id, const std::filesystem::path& part);
  Bytes seal(const AttachmentId& id, std::uint64_t offset, BytesView chunk) const;

  std::filesystem::path folder_;
  SymmetricKey content_key_, name_key_;
  Random* random_;
};

/// The length of the chunk that begins at `offset`; nothing where none does.
std::optional<std::size_t> chunk_bytes_at(const AttachmentId& id, std::uint64_t offset);

}  // namespace fieldpost
