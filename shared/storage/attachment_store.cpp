#include "shared/storage/attachment_store.h"

#include <algorithm>

#include "shared/foundation/cbor.h"
#include "shared/foundation/limits.h"
#include "shared/storage/files.h"

namespace fieldpost {

namespace {

constexpr std::size_t chunk_bytes = limits::attachment_chunk_bytes;
constexpr std::size_t seal_bytes = 24 + 16;  // nonce and tag
constexpr std::size_t sealed_chunk_bytes = chunk_bytes + seal_bytes;
constexpr const char* part_ending = ".part";
constexpr const char* damaged_ending = ".damaged";
constexpr const char* new_ending = ".new";

SymmetricKey derived(const SymmetricKey& from, std::string_view purpose) {
  SymmetricKey key;
  const Digest drawn = hmac_sha256(from.view(), view_of(purpose));
  std::copy(drawn.bytes.begin(), drawn.bytes.end(), key.bytes.begin());
  return key;
}

std::uint64_t sealed_bytes(std::uint64_t plain) {
  const std::uint64_t chunks = (plain + chunk_bytes - 1) / chunk_bytes;
  return plain + chunks * seal_bytes;
}

std::uint64_t sealed_offset(std::uint64_t offset) { return offset / chunk_bytes * sealed_chunk_bytes; }

/// How far a part of `sealed` bytes goes: in whole chunks, for a power cut may have torn the last one, and never to
/// the end, for then it would be no part.
std::uint64_t begun(const AttachmentId& id, std::uint64_t sealed) {
  const std::uint64_t last = (id.bytes - 1) / chunk_bytes * chunk_bytes;
  return std::min(last, sealed / sealed_chunk_bytes * chunk_bytes);
}

Bytes bound_to(const AttachmentId& id, std::uint64_t offset) {
  CborWriter out;
  out.array(3).bytes(id.digest.view()).uint(id.bytes).uint(offset);
  return std::move(out).result();
}

/// A file that goes away unless it was given its name.
struct Unfinished {
  std::filesystem::path path;
  ~Unfinished() {
    std::error_code ignored;
    std::filesystem::remove(path, ignored);
  }
};

}  // namespace

std::optional<std::size_t> chunk_bytes_at(const AttachmentId& id, std::uint64_t offset) {
  if (offset % chunk_bytes != 0 || offset >= id.bytes) return std::nullopt;
  return static_cast<std::size_t>(std::min<std::uint64_t>(chunk_bytes, id.bytes - offset));
}

AttachmentStore::AttachmentStore(std::filesystem::path folder, const SymmetricKey& store_key, Random& random)
    : folder_(std::move(folder)),
      content_key_(derived(store_key, "fieldpost attachments")),
      name_key_(derived(store_key, "fieldpost attachment names")),
      random_(&random) {}

std::filesystem::path AttachmentStore::path_of(const AttachmentId& id) const {
  Bytes words(id.digest.bytes.begin(), id.digest.bytes.end());
  for (int shift = 56; shift >= 0; shift -= 8) words.push_back(static_cast<std::uint8_t>(id.bytes >> shift));
  return folder_ / text(hmac_sha256(name_key_.view(), words));
}

std::filesystem::path AttachmentStore::part_of(const AttachmentId& id, const DeviceId& source) const {
  std::filesystem::path part = path_of(id);
  part += "." + text(source) + part_ending;
  return part;
}

Result<void> AttachmentStore::make_folder() {
  std::error_code failed;
  if (!std::filesystem::create_directories(folder_, failed) && !failed) return {};
  if (!failed) std::filesystem::permissions(folder_, std::filesystem::perms::owner_all, failed);
  if (failed) return Error{ErrorCode::io, "attachments: cannot make the folder: " + failed.message()};
  return sync_folder(folder_.parent_path());
}

Bytes AttachmentStore::seal(const AttachmentId& id, std::uint64_t offset, BytesView chunk) const {
  return encrypt(content_key_, chunk, bound_to(id, offset), *random_);
}

Result<AttachmentId> AttachmentStore::put(BytesView content) {
  if (content.empty() || content.size() > limits::attachment_bytes_max)
    return Error{ErrorCode::out_of_bounds, "an attachment has 1 byte to 64 MiB: this file was not taken in"};
  const AttachmentId id{sha256(content), content.size()};
  if (holds(id) && verify(id)) return id;
  if (Result<void> made = make_folder(); !made) return made.error();
  const Unfinished fresh{part_of(id, random_id<DeviceId>(*random_))};
  Result<PrivateFile> file = PrivateFile::open(fresh.path, PrivateFile::Use::make);
  if (!file) return file.error();
  for (std::uint64_t offset = 0; offset < id.bytes;) {
    const std::size_t length = *chunk_bytes_at(id, offset);
    if (Result<void> added = file->add(seal(id, offset, content.subspan(offset, length))); !added)
      return added.error();
    offset += length;
  }
  // First the mark, then the name: cut short in between, the mark is beside nothing and goes.
  std::filesystem::path mark = path_of(id);
  mark += new_ending;
  if (Result<void> marked = create_private(mark); !marked && marked.error().code != ErrorCode::already_exists)
    return marked.error();
  // Whoever took in the same file at the same moment has cleared ours away.
  if (Result<void> named = finish(id, fresh.path); !named && !holds(id)) return named.error();
  return id;
}

bool AttachmentStore::holds(const AttachmentId& id) const {
  std::error_code failed;
  const std::uintmax_t size = std::filesystem::file_size(path_of(id), failed);
  return !failed && size == sealed_bytes(id.bytes);
}

std::uint64_t AttachmentStore::position(const AttachmentId& id, const DeviceId& source) const {
  if (holds(id)) return id.bytes;
  const Result<PrivateFile> part = PrivateFile::open(part_of(id, source), PrivateFile::Use::read);
  if (!part) return 0;
  const Result<std::uint64_t> size = part->size();
  return size ? begun(id, *size) : 0;
}

Result<std::uint64_t> AttachmentStore::add(const AttachmentId& id, const DeviceId& source, std::uint64_t offset,
                                           BytesView chunk) {
  const std::optional<std::size_t> length = chunk_bytes_at(id, offset);
  if (!length || *length != chunk.size())
    return Error{ErrorCode::malformed, "a chunk of an attachment in the wrong place or of the wrong length"};
  if (holds(id)) return id.bytes;
  if (Result<void> made = make_folder(); !made) return made.error();
  const std::filesystem::path path = part_of(id, source);
  {
    Result<PrivateFile> part = PrivateFile::open(path, PrivateFile::Use::add);
    if (!part) return part.error();
    const Result<std::uint64_t> size = part->size();
    if (!size) return size.error();
    if (const std::uint64_t here = begun(id, *size); here != offset) return here;
    if (Result<void> cut = part->cut(sealed_offset(offset)); !cut) return cut.error();
    if (Result<void> added = part->add(seal(id, offset, chunk)); !added) return added.error();
  }
  if (offset + chunk.size() < id.bytes) return offset + chunk.size();
  if (Result<void> done = finish(id, path); !done) {
    std::error_code ignored;
    if (done.error().code == ErrorCode::untrusted) std::filesystem::remove(path, ignored);
    return done.error();
  }
  return id.bytes;
}

Result<Digest> AttachmentStore::digest_of(const std::filesystem::path& path, const AttachmentId& id) const {
  const Result<PrivateFile> file = PrivateFile::open(path, PrivateFile::Use::read);
  if (!file) return file.error();
  Sha256 digest;
  for (std::uint64_t offset = 0; offset < id.bytes;) {
    const std::size_t length = *chunk_bytes_at(id, offset);
    const Result<Bytes> sealed = file->read(sealed_offset(offset), length + seal_bytes);
    if (!sealed) return sealed.error();
    const Result<Bytes> plain = decrypt(content_key_, *sealed, bound_to(id, offset));
    if (!plain || plain->size() != length) return Error{ErrorCode::damaged, "a chunk that does not open"};
    digest.update(*plain);
    offset += length;
  }
  return digest.finish();
}

Result<void> AttachmentStore::finish(const AttachmentId& id, const std::filesystem::path& part) {
  const Result<Digest> digest = digest_of(part, id);
  if (!digest && digest.error().code != ErrorCode::damaged) return digest.error();
  if (!digest || *digest != id.digest)
    return Error{ErrorCode::untrusted,
                 "the bytes of an attachment are not what its digest says: they were not taken in"};
  if (Result<void> named = name_durably(part, path_of(id)); !named) {
    // Another road brought it meanwhile, or what bears the name is too short to be it.
    if (named.error().code != ErrorCode::already_exists) return named;
    if (!holds(id)) {
      if (Error aside = set_aside(id); aside.code != ErrorCode::damaged) return aside;
      if (named = name_durably(part, path_of(id)); !named) return named;
    }
  }
  // What others had begun to send of it is of no use any more.
  const std::string name = path_of(id).filename().string();
  std::error_code ignored;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, ignored)) {
    const std::string other = entry.path().filename().string();
    if (other.starts_with(name + ".") && other.ends_with(part_ending)) std::filesystem::remove(entry.path(), ignored);
  }
  return {};
}

Error AttachmentStore::set_aside(const AttachmentId& id) {
  const std::filesystem::path file = path_of(id);
  std::filesystem::path aside = file;
  aside += damaged_ending;
  std::error_code failed;
  std::filesystem::rename(file, aside, failed);
  if (failed && failed != std::errc::no_such_file_or_directory)
    return {ErrorCode::io, "a damaged attachment cannot be set aside: " + failed.message()};
  return {ErrorCode::damaged,
          "an attachment is damaged on the disk: it was set aside, and is fetched again from whoever holds it"};
}

Result<Bytes> AttachmentStore::chunk(const AttachmentId& id, std::uint64_t offset) {
  const std::optional<std::size_t> length = chunk_bytes_at(id, offset);
  if (!length) return Error{ErrorCode::malformed, "no chunk of this attachment begins there"};
  const Result<PrivateFile> file = PrivateFile::open(path_of(id), PrivateFile::Use::read);
  if (!file) return file.error();
  const Result<Bytes> sealed = file->read(sealed_offset(offset), *length + seal_bytes);
  if (!sealed) return sealed.error();
  Result<Bytes> plain = decrypt(content_key_, *sealed, bound_to(id, offset));
  if (!plain || plain->size() != *length) return set_aside(id);
  return plain;
}

Result<Bytes> AttachmentStore::read(const AttachmentId& id) {
  Bytes content;
  content.reserve(static_cast<std::size_t>(std::min<std::uint64_t>(id.bytes, limits::attachment_bytes_max)));
  while (content.size() < id.bytes) {
    const Result<Bytes> next = chunk(id, content.size());
    if (!next) return next.error();
    content.insert(content.end(), next->begin(), next->end());
  }
  if (sha256(content) != id.digest) return set_aside(id);
  return content;
}

Result<void> AttachmentStore::verify(const AttachmentId& id) {
  const Result<Digest> digest = digest_of(path_of(id), id);
  if (digest && *digest == id.digest && holds(id)) return {};
  if (!digest && digest.error().code != ErrorCode::damaged) return digest.error();
  return set_aside(id);
}

Result<void> AttachmentStore::copy_to(const AttachmentId& id, const std::filesystem::path& other) {
  if (!holds(id)) return Error{ErrorCode::not_found, "this attachment is not here"};
  const std::filesystem::path copy = other / path_of(id).filename();
  if (Result<void> copied = copy_durably(path_of(id), copy); !copied)
    return copied.error().code == ErrorCode::already_exists ? Result<void>() : copied;
  const Result<Digest> digest = digest_of(copy, id);
  if (digest && *digest == id.digest) return {};
  std::error_code ignored;
  std::filesystem::remove(copy, ignored);
  // Which of the two is damaged, the one here tells.
  if (Result<void> whole = verify(id); !whole) return whole;
  return Error{ErrorCode::io, "the copy of an attachment is not what was written: the medium may be faulty"};
}

Result<void> AttachmentStore::take_copy(const AttachmentId& id, const std::filesystem::path& other) {
  if (holds(id)) return {};
  const std::filesystem::path copy = other / path_of(id).filename();
  const Result<Digest> digest = digest_of(copy, id);
  if (!digest) return digest.error();
  if (*digest != id.digest) return Error{ErrorCode::damaged, "the copy of an attachment is damaged"};
  if (Result<void> made = make_folder(); !made) return made;
  const Unfinished fresh{part_of(id, random_id<DeviceId>(*random_))};
  if (Result<void> copied = copy_durably(copy, fresh.path); !copied) return copied;
  Result<void> named = finish(id, fresh.path);
  return named || !holds(id) ? named : Result<void>();
}

void AttachmentStore::settle(const AttachmentId& id) {
  std::filesystem::path mark = path_of(id);
  mark += new_ending;
  std::error_code ignored;  // one that stays goes at the next start
  std::filesystem::remove(mark, ignored);
}

Result<std::int64_t> AttachmentStore::drop_unnamed(const std::set<AttachmentId>& named) {
  std::error_code failed, ignored;
  if (!std::filesystem::exists(folder_, failed)) return std::int64_t{0};
  std::set<std::string> names;
  for (const AttachmentId& id : named) names.insert(path_of(id).filename().string());
  std::int64_t removed = 0;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
    const std::string name = entry.path().filename().string();
    const std::string whole = name.substr(0, name.find('.'));
    const bool is_named = names.contains(whole);
    if (name.ends_with(part_ending) && !is_named) std::filesystem::remove(entry.path(), ignored);
    if (!name.ends_with(new_ending)) continue;
    if (!is_named) removed += std::filesystem::remove(folder_ / whole, ignored) ? 1 : 0;
    std::filesystem::remove(entry.path(), ignored);
  }
  if (failed) return Error{ErrorCode::io, "attachments: the folder cannot be read: " + failed.message()};
  return removed;
}

}  // namespace fieldpost
