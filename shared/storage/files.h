// Files that must be whole or absent after a power cut: written beside their name, synced, renamed. And what is set
// aside instead of deleted.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string_view>

#include "shared/foundation/bytes.h"

namespace fieldpost {

/// An open file, readable by the owner alone; closed with its owner.
class PrivateFile {
 public:
  enum class Use {
    read,
    add,  // made where it lacks; nobody else adds to it meanwhile
    make  // must not be there
  };
  /// Errors: not_found, already_exists, disk_full, io.
  static Result<PrivateFile> open(const std::filesystem::path& path, Use use);
  PrivateFile(PrivateFile&& other) noexcept;
  PrivateFile& operator=(PrivateFile&&) = delete;
  ~PrivateFile();

  Result<std::uint64_t> size() const;
  /// Fewer than `bytes` at the end of the file. Errors: io.
  Result<Bytes> read(std::uint64_t offset, std::size_t bytes) const;
  /// At the end. Errors: disk_full, io.
  Result<void> add(BytesView content);
  /// What lies behind the first `bytes` goes.
  Result<void> cut(std::uint64_t bytes);
  Result<void> make_durable();

 private:
  PrivateFile(std::filesystem::path path, int descriptor) : path_(std::move(path)), descriptor_(descriptor) {}
  std::filesystem::path path_;  // for messages: its last part alone
  int descriptor_;
};

/// Readable by the owner alone. Durable when it returns. Errors: disk_full, io.
Result<void> write_durably(const std::filesystem::path& path, BytesView content);
/// The same onto a stick that may lie about its size: read back from the medium and compared before it returns; what
/// does not match is removed. Safe to remove then. Errors: disk_full, io, not_found (no such folder).
Result<void> write_verified(const std::filesystem::path& path, BytesView content);
/// Errors: not_found, out_of_bounds (more than `bytes_max`), io.
Result<Bytes> read_small_file(const std::filesystem::path& path, std::size_t bytes_max);
/// Makes renames and new names in a folder durable.
Result<void> sync_folder(const std::filesystem::path& folder);

/// An empty file, readable by the owner alone. Errors: already_exists, disk_full, io.
Result<void> create_private(const std::filesystem::path& path);
/// A copy of any size, readable by the owner alone; durable when it returns. What a failure leaves of it is removed.
/// Errors: not_found, already_exists (`to`), disk_full, io.
Result<void> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to);
/// Makes a finished file's content durable, then gives it its name, never over another file. Errors: already_exists,
/// disk_full, io.
Result<void> name_durably(const std::filesystem::path& from, const std::filesystem::path& to);

/// `FILE.WHY-20250314T081530Z`, or with a later second where that is taken. `utc_ms` is the moment.
std::filesystem::path dated_path(const std::filesystem::path& file, std::string_view why, std::int64_t utc_ms);
/// A second name for a file, or a copy where the file system has no second names. Errors: disk_full, io.
Result<void> also_name(const std::filesystem::path& file, const std::filesystem::path& name);

}  // namespace fieldpost
