#include "shared/storage/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <utility>
#include <vector>

#include "shared/foundation/civil_date.h"

namespace fieldpost {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int number) : number_(number) {}
  ~Descriptor() {
    if (number_ >= 0) ::close(number_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return number_; }

 private:
  int number_;
};

Error failure(const std::filesystem::path& path, const char* what) {
  const int cause = errno;
  const bool full = cause == ENOSPC || cause == EDQUOT || cause == EFBIG;
  const ErrorCode code = full              ? ErrorCode::disk_full
                         : cause == ENOENT ? ErrorCode::not_found
                         : cause == EEXIST ? ErrorCode::already_exists
                                           : ErrorCode::io;
  return Error{code, path.filename().string() + ": cannot " + what + ": " + std::strerror(cause)};
}

std::filesystem::path folder_of(const std::filesystem::path& path) {
  return path.has_parent_path() ? path.parent_path() : std::filesystem::path(".");
}

bool write_all(int to, BytesView content) {
  while (!content.empty()) {
    const ssize_t written = ::write(to, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content = content.subspan(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<PrivateFile> PrivateFile::open(const std::filesystem::path& path, Use use) {
  const int how = use == Use::read  ? O_RDONLY
                  : use == Use::add ? O_RDWR | O_CREAT | O_APPEND
                                    : O_RDWR | O_CREAT | O_APPEND | O_EXCL;
  PrivateFile file(path, ::open(path.c_str(), how | O_CLOEXEC, 0600));
  if (file.descriptor_ < 0) return failure(path, use == Use::read ? "open" : "create");
  if (use == Use::add && ::flock(file.descriptor_, LOCK_EX) != 0) return failure(path, "lock");
  return file;
}

PrivateFile::PrivateFile(PrivateFile&& other) noexcept
    : path_(std::move(other.path_)), descriptor_(std::exchange(other.descriptor_, -1)) {}

PrivateFile::~PrivateFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

Result<std::uint64_t> PrivateFile::size() const {
  struct stat known {};
  if (::fstat(descriptor_, &known) != 0) return failure(path_, "look at");
  return static_cast<std::uint64_t>(known.st_size);
}

Result<Bytes> PrivateFile::read(std::uint64_t offset, std::size_t bytes) const {
  Bytes out(bytes);
  std::size_t filled = 0;
  while (filled < bytes) {
    const ssize_t got =
        ::pread(descriptor_, out.data() + filled, bytes - filled, static_cast<off_t>(offset + filled));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(path_, "read");
    if (got == 0) break;
    filled += static_cast<std::size_t>(got);
  }
  out.resize(filled);
  return out;
}

Result<void> PrivateFile::add(BytesView content) {
  if (!write_all(descriptor_, content)) return failure(path_, "write");
  return {};
}

Result<void> PrivateFile::cut(std::uint64_t bytes) {
  if (::ftruncate(descriptor_, static_cast<off_t>(bytes)) != 0) return failure(path_, "shorten");
  return {};
}

Result<void> PrivateFile::make_durable() {
  if (::fsync(descriptor_) != 0) return failure(path_, "sync");
  return {};
}

Result<void> sync_folder(const std::filesystem::path& folder) {
  const Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (descriptor.number() < 0) return failure(folder, "open");
  // Some file systems (a stick's) cannot sync a folder and say EINVAL; they have nothing better to offer.
  if (::fsync(descriptor.number()) != 0 && errno != EINVAL) return failure(folder, "sync");
  return {};
}

Result<void> write_durably(const std::filesystem::path& path, BytesView content) {
  std::filesystem::path beside = path;
  beside += ".new";
  const auto give_up = [&](const char* what) {
    const Error error = failure(path, what);
    ::unlink(beside.c_str());
    return error;
  };
  {
    const Descriptor descriptor(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (descriptor.number() < 0) return failure(path, "create");
    if (!write_all(descriptor.number(), content)) return give_up("write");
    if (::fsync(descriptor.number()) != 0) return give_up("sync");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return give_up("rename");
  return sync_folder(folder_of(path));
}

Result<void> write_verified(const std::filesystem::path& path, BytesView content) {
  if (Result<void> written = write_durably(path, content); !written) return written;
  {
    // Out of the page cache first: what is compared must come from the medium.
    const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.number() >= 0) ::posix_fadvise(descriptor.number(), 0, 0, POSIX_FADV_DONTNEED);
  }
  const Result<Bytes> back = read_small_file(path, content.size());
  if (back && std::equal(back->begin(), back->end(), content.begin(), content.end())) return {};
  ::unlink(path.c_str());
  return Error{ErrorCode::io,
               path.filename().string() +
                   ": the medium gave back something else than was written: nothing is lost here; use another stick"};
}

Result<Bytes> read_small_file(const std::filesystem::path& path, std::size_t bytes_max) {
  const Descriptor descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (descriptor.number() < 0) return failure(path, "open");
  Bytes content;
  std::uint8_t part[4096];
  for (;;) {
    const ssize_t got = ::read(descriptor.number(), part, sizeof part);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return failure(path, "read");
    if (got == 0) return content;
    content.insert(content.end(), part, part + got);
    if (content.size() > bytes_max)
      return Error{ErrorCode::out_of_bounds, path.filename().string() + ": too large to be ours"};
  }
}

Result<void> create_private(const std::filesystem::path& path) {
  const Descriptor descriptor(::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (descriptor.number() < 0) return failure(path, "create");
  return {};
}

Result<void> copy_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  const Descriptor source(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
  if (source.number() < 0) return failure(from, "open");
  const Descriptor target(::open(to.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (target.number() < 0) return failure(to, "create");
  const auto give_up = [&](const std::filesystem::path& path, const char* what) {
    const Error error = failure(path, what);
    ::unlink(to.c_str());
    return error;
  };
  std::vector<std::uint8_t> part(1 << 20);
  for (;;) {
    const ssize_t got = ::read(source.number(), part.data(), part.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return give_up(from, "read");
    if (got == 0) break;
    if (!write_all(target.number(), BytesView(part).first(static_cast<std::size_t>(got))))
      return give_up(to, "write");
  }
  if (::fsync(target.number()) != 0) return give_up(to, "sync");
  return sync_folder(folder_of(to));
}

Result<void> name_durably(const std::filesystem::path& from, const std::filesystem::path& to) {
  {
    const Descriptor descriptor(::open(from.c_str(), O_RDONLY | O_CLOEXEC));
    if (descriptor.number() < 0) return failure(from, "open");
    if (::fsync(descriptor.number()) != 0) return failure(from, "sync");
  }
  // A look before the rename would leave a moment in between; where the file system knows no other way, it must do.
  int done = ::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE);
  if (done != 0 && (errno == EINVAL || errno == ENOSYS)) {
    if (::access(to.c_str(), F_OK) == 0) {
      errno = EEXIST;
      return failure(to, "create");
    }
    done = ::rename(from.c_str(), to.c_str());
  }
  if (done != 0) return failure(to, "rename");
  return sync_folder(folder_of(to));
}

std::filesystem::path dated_path(const std::filesystem::path& file, std::string_view why, std::int64_t utc_ms) {
  for (std::int64_t seconds = utc_ms / 1000;; ++seconds) {
    const CivilDate day = from_day_number(seconds / 86'400);
    const std::int64_t rest = seconds % 86'400;
    std::filesystem::path dated = file;
    dated += fmt::format(".{}-{:04}{:02}{:02}T{:02}{:02}{:02}Z", why, day.year, day.month, day.day, rest / 3600,
                         rest / 60 % 60, rest % 60);
    std::error_code ignored;
    if (!std::filesystem::exists(dated, ignored)) return dated;
  }
}

Result<void> also_name(const std::filesystem::path& file, const std::filesystem::path& name) {
  std::error_code failed;
  std::filesystem::create_hard_link(file, name, failed);
  if (!failed) return {};
  return copy_durably(file, name);
}

}  // namespace fieldpost
