#include "shared/storage/files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

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
  const ErrorCode code = full ? ErrorCode::disk_full : cause == ENOENT ? ErrorCode::not_found : ErrorCode::io;
  return Error{code, path.filename().string() + ": cannot " + what + ": " + std::strerror(cause)};
}

}  // namespace

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
    while (!content.empty()) {
      const ssize_t written = ::write(descriptor.number(), content.data(), content.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) return give_up("write");
      content = content.subspan(static_cast<std::size_t>(written));
    }
    if (::fsync(descriptor.number()) != 0) return give_up("sync");
  }
  if (::rename(beside.c_str(), path.c_str()) != 0) return give_up("rename");
  return sync_folder(path.has_parent_path() ? path.parent_path() : std::filesystem::path("."));
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

}  // namespace fieldpost
