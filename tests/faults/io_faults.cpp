#include "tests/faults/io_faults.h"

#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdarg>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "shared/foundation/bytes.h"
#include "shared/foundation/clock.h"

namespace fieldpost::test {

namespace {

constexpr std::size_t sector_bytes = 512;

/// The C library's function behind one of ours.
template <class Function>
Function real(const char* name) {
  return reinterpret_cast<Function>(::dlsym(RTLD_NEXT, name));
}
int real_open(const char* path, int flags, mode_t mode) {
  static const auto call = real<int (*)(const char*, int, ...)>("open64");
  return call(path, flags, mode);
}
ssize_t real_pread(int fd, void* out, std::size_t size, off_t offset) {
  static const auto call = real<ssize_t (*)(int, void*, std::size_t, off_t)>("pread64");
  return call(fd, out, size, offset);
}
ssize_t real_pwrite(int fd, const void* in, std::size_t size, off_t offset) {
  static const auto call = real<ssize_t (*)(int, const void*, std::size_t, off_t)>("pwrite64");
  return call(fd, in, size, offset);
}
ssize_t real_write(int fd, const void* in, std::size_t size) {
  static const auto call = real<ssize_t (*)(int, const void*, std::size_t)>("write");
  return call(fd, in, size);
}
int real_truncate(int fd, off_t size) {
  static const auto call = real<int (*)(int, off_t)>("ftruncate64");
  return call(fd, size);
}
int real_link(const char* from, const char* to) {
  static const auto call = real<int (*)(const char*, const char*)>("link");
  return call(from, to);
}
int real_rename(const char* from, const char* to) {
  static const auto call = real<int (*)(const char*, const char*)>("rename");
  return call(from, to);
}
int real_unlink(const char* path) {
  static const auto call = real<int (*)(const char*)>("unlink");
  return call(path);
}
int real_mkdir(const char* path, mode_t mode) {
  static const auto call = real<int (*)(const char*, mode_t)>("mkdir");
  return call(path, mode);
}
int real_rmdir(const char* path) {
  static const auto call = real<int (*)(const char*)>("rmdir");
  return call(path);
}

// ---- What the disk would forget ----------------------------------------------------------------------------------

/// One write or truncation since the file's last sync, with what it replaced.
struct Unsynced {
  off_t offset = 0;
  Bytes before, after;
  off_t size_before = 0, size_after = 0;
};
struct OpenFile {
  int handle = -1;  // of our own, for reading and undoing; lives as long as the process
  std::vector<Unsynced> writes;
};
/// One change of a name since its folder's last sync.
struct NameChange {
  enum class Kind { created, renamed, removed, made_folder, removed_folder } kind = Kind::created;
  std::string path;                 // the new, removed, or made one
  std::string from;                 // renamed
  std::optional<std::string> kept;  // in the attic: what `path` named before
  ino_t inode = 0;                  // created
};

struct State {
  IoPlan plan;
  bool armed = false;
  bool failed = false;
  bool full = false;  // the second half of a short write
  std::uint64_t calls = 0;
  std::map<int, std::string> paths;  // of open files under the folder
  std::map<ino_t, OpenFile> files;
  std::vector<NameChange> names;
  std::uint64_t kept = 0;
};
State& state() {
  static auto* const one = new State;  // outlives every static that still closes files
  return *one;
}

std::string absolute(const char* path, int folder = AT_FDCWD) {
  if (path[0] == '/') return path;
  char buffer[4096];
  const std::string link = "/proc/self/" + (folder == AT_FDCWD ? "cwd" : "fd/" + std::to_string(folder));
  const ssize_t size = ::readlink(link.c_str(), buffer, sizeof buffer);
  return size < 0 ? path : std::string(buffer, static_cast<std::size_t>(size)) + "/" + path;
}
bool is_ours(const std::string& path) {
  const std::string& folder = state().plan.folder;
  return state().armed && path.size() >= folder.size() && path.compare(0, folder.size(), folder) == 0 &&
         (path.size() == folder.size() || path[folder.size()] == '/');
}
std::string folder_of(const std::string& path) { return path.substr(0, path.rfind('/')); }
const std::string* path_of(int fd) {
  if (!state().armed) return nullptr;
  const auto found = state().paths.find(fd);
  return found == state().paths.end() ? nullptr : &found->second;
}
bool remembers() { return state().armed && state().plan.fault == IoFault::power_cut; }
std::optional<struct stat> stat_of(const std::string& path) {
  struct stat found {};
  if (::lstat(path.c_str(), &found) != 0) return std::nullopt;
  return found;
}

OpenFile& file_of(int fd) {
  struct stat found {};
  ::fstat(fd, &found);
  OpenFile& file = state().files[found.st_ino];
  if (file.handle < 0)
    file.handle = real_open(("/proc/self/fd/" + std::to_string(fd)).c_str(), O_RDWR | O_CLOEXEC, 0);
  return file;
}
off_t size_of(int fd) {
  struct stat found {};
  ::fstat(fd, &found);
  return found.st_size;
}
Bytes read_at(int fd, off_t offset, std::size_t size) {
  Bytes out(size);
  const ssize_t got = real_pread(fd, out.data(), size, offset);
  out.resize(got < 0 ? 0 : static_cast<std::size_t>(got));
  return out;
}
void remember_write(int fd, off_t offset, const void* in, std::size_t size) {
  if (!remembers()) return;
  OpenFile& file = file_of(fd);
  Unsynced write;
  write.offset = offset;
  write.before = read_at(file.handle, offset, size);
  write.after.assign(static_cast<const std::uint8_t*>(in), static_cast<const std::uint8_t*>(in) + size);
  write.size_before = size_of(fd);
  write.size_after = std::max(write.size_before, offset + static_cast<off_t>(size));
  file.writes.push_back(std::move(write));
}
void remember_size(int fd, off_t size) {
  if (!remembers()) return;
  OpenFile& file = file_of(fd);
  Unsynced cut;
  cut.size_before = size_of(fd);
  cut.size_after = size;
  cut.offset = std::min(size, cut.size_before);
  if (cut.size_before > size)
    cut.before = read_at(file.handle, size, static_cast<std::size_t>(cut.size_before - size));
  file.writes.push_back(std::move(cut));
}
void remember_sync(int fd) {
  if (!remembers() || state().plan.syncs_are_lies) return;
  struct stat found {};
  if (::fstat(fd, &found) != 0) return;
  std::vector<NameChange>& names = state().names;
  if (S_ISDIR(found.st_mode)) {
    const std::string folder = absolute(".", fd);
    const std::string path = folder.substr(0, folder.size() - 2);
    std::erase_if(names, [&](const NameChange& name) { return folder_of(name.path) == path; });
    return;
  }
  state().files[found.st_ino].writes.clear();
  // A file that is synced has its first name durably as well: so ext4, xfs and btrfs.
  std::erase_if(names, [&](const NameChange& name) {
    return name.kind == NameChange::Kind::created && name.inode == found.st_ino;
  });
}
/// A second name for what `path` names now, where nobody looks.
std::optional<std::string> keep(const std::string& path) {
  const auto found = stat_of(path);
  if (!found || S_ISDIR(found->st_mode)) return std::nullopt;
  std::string name = state().plan.attic + "/" + std::to_string(++state().kept);
  if (real_link(path.c_str(), name.c_str()) != 0) return std::nullopt;
  return name;
}
void remember_name(NameChange change) {
  if (remembers()) state().names.push_back(std::move(change));
}

void lose_writes(OpenFile& file, Random& random) {
  for (auto write = file.writes.rbegin(); write != file.writes.rend(); ++write) {
    if (write->size_after > write->size_before) {
      const int ignored = real_truncate(file.handle, write->size_before);
      static_cast<void>(ignored);
    }
    if (!write->before.empty()) real_pwrite(file.handle, write->before.data(), write->before.size(), write->offset);
  }
  for (const Unsynced& write : file.writes) {
    if (write.size_after < write.size_before) {
      if (random.below(2) == 0) {
        const int ignored = real_truncate(file.handle, write.size_after);
        static_cast<void>(ignored);
      }
      continue;
    }
    for (std::size_t at = 0; at < write.after.size(); at += sector_bytes) {
      if (random.below(2) == 0) continue;
      const std::size_t size = std::min(sector_bytes, write.after.size() - at);
      real_pwrite(file.handle, write.after.data() + at, size, write.offset + static_cast<off_t>(at));
    }
  }
}
void lose_names(Random& random) {
  std::vector<NameChange>& names = state().names;
  const std::size_t durable = random.below(names.size() + 1);
  while (names.size() > durable) {
    const NameChange& name = names.back();
    switch (name.kind) {
      case NameChange::Kind::created: real_unlink(name.path.c_str()); break;
      case NameChange::Kind::renamed:
        real_rename(name.path.c_str(), name.from.c_str());
        if (name.kept) real_link(name.kept->c_str(), name.path.c_str());
        break;
      case NameChange::Kind::removed:
        if (name.kept) real_link(name.kept->c_str(), name.path.c_str());
        break;
      case NameChange::Kind::made_folder: real_rmdir(name.path.c_str()); break;
      case NameChange::Kind::removed_folder: real_mkdir(name.path.c_str(), 0700); break;
    }
    names.pop_back();
  }
}
[[noreturn]] void die() {
  ::kill(::getpid(), SIGKILL);
  for (;;) ::pause();
}
[[noreturn]] void lose_power() {
  state().armed = false;
  SeededRandom random(state().plan.seed);
  for (auto& [inode, file] : state().files) lose_writes(file, random);
  lose_names(random);
  die();
}

// ---- One call ----------------------------------------------------------------------------------------------------

enum class Kind { write, read, other };

/// Counts a call under the folder; dies, or says with which errno it fails. `half` asks for half of a write.
int meets(Kind kind, bool* half = nullptr) {
  State& now = state();
  if (kind == Kind::read && !now.plan.reads) return 0;
  ++now.calls;
  const bool is_it = now.calls == now.plan.at;
  const bool later = now.plan.lasting && now.plan.at != 0 && now.calls > now.plan.at;
  switch (now.plan.fault) {
    case IoFault::none:
    case IoFault::kill_after: return 0;
    case IoFault::kill_before:
      if (is_it) die();
      return 0;
    case IoFault::power_cut:
      if (is_it) lose_power();
      return 0;
    case IoFault::eio:
      if (!is_it && !later) return 0;
      now.failed = true;
      return EIO;
    case IoFault::enospc:
      if ((!is_it && !later) || kind == Kind::read) return 0;
      now.failed = true;
      return ENOSPC;
    case IoFault::short_write:
      if (kind == Kind::write && std::exchange(now.full, false)) return ENOSPC;
      if ((!is_it && !later) || kind == Kind::read) return 0;
      now.failed = true;
      if (kind != Kind::write || later) return ENOSPC;
      now.full = *half = true;
      return 0;
  }
  return 0;
}
void made() {
  if (state().plan.fault == IoFault::kill_after && state().calls == state().plan.at) die();
}

/// `call` as one that counts: only where `ours`, and not at all where its time has come.
template <class Call>
auto counted(bool ours, Kind kind, const Call& call) -> decltype(call()) {
  if (!ours) return call();
  if (const int error = meets(kind)) {
    errno = error;
    return -1;
  }
  const auto out = call();
  const int error = errno;
  made();
  errno = error;
  return out;
}

int open_counted(const std::string& path, int flags, const std::function<int()>& call);

}  // namespace

void arm(const IoPlan& plan) {
  State& now = state();
  now = State();
  now.plan = plan;
  now.armed = true;
}
void disarm() { state().armed = false; }
IoPause::IoPause() : was_armed_(std::exchange(state().armed, false)) {}
IoPause::~IoPause() { state().armed = was_armed_; }
std::uint64_t io_calls() { return state().calls; }
bool io_failed() { return state().failed; }

namespace {

int open_counted(const std::string& path, int flags, const std::function<int()>& call) {
  if (!is_ours(path)) return call();
  const bool makes = (flags & O_CREAT) != 0 && !stat_of(path);
  const bool empties = (flags & O_TRUNC) != 0 && !makes;
  const int fd = counted(makes || empties, Kind::other, [&] {
    if (empties && remembers()) {
      const int before = real_open(path.c_str(), O_RDWR | O_CLOEXEC, 0);
      remember_size(before, 0);
      ::close(before);
    }
    const int opened = call();
    if (opened >= 0 && makes) {
      struct stat found {};
      ::fstat(opened, &found);
      remember_name({NameChange::Kind::created, path, "", std::nullopt, found.st_ino});
    }
    return opened;
  });
  if (fd >= 0) state().paths[fd] = path;
  return fd;
}

ssize_t write_counted(int fd, const void* in, std::size_t size, off_t offset, bool moves) {
  const auto call = [&](std::size_t bytes) {
    return moves ? real_write(fd, in, bytes) : real_pwrite(fd, in, bytes, offset);
  };
  if (!path_of(fd)) return call(size);
  bool half = false;
  if (const int error = meets(Kind::write, &half)) {
    errno = error;
    return -1;
  }
  if (half) size = std::max<std::size_t>(1, size / 2);
  remember_write(fd, moves ? ::lseek(fd, 0, SEEK_CUR) : offset, in, size);
  const ssize_t out = call(size);
  made();
  return out;
}

int sync_counted(int fd, const char* name) {
  const auto call = [&] {
    const int out = real<int (*)(int)>(name)(fd);
    if (out == 0) remember_sync(fd);
    return out;
  };
  if (!state().armed) return call();
  return counted(path_of(fd) != nullptr, Kind::other, call);
}

int truncate_counted(int fd, off_t size) {
  return counted(path_of(fd) != nullptr, Kind::other, [&] {
    if (path_of(fd)) remember_size(fd, size);
    return real_truncate(fd, size);
  });
}

int rename_counted(const std::string& from, const std::string& to, const std::function<int()>& call) {
  return counted(is_ours(to) || is_ours(from), Kind::other, [&] {
    NameChange change{NameChange::Kind::renamed, to, from, std::nullopt, 0};
    if (remembers()) change.kept = keep(to);
    const int out = call();
    if (out == 0 && is_ours(to)) remember_name(std::move(change));
    return out;
  });
}

int remove_counted(const std::string& path, const std::function<int()>& call) {
  const auto found = is_ours(path) ? stat_of(path) : std::nullopt;
  if (!found) return call();
  return counted(true, Kind::other, [&] {
    NameChange change{NameChange::Kind::removed, path, "", std::nullopt, 0};
    if (S_ISDIR(found->st_mode))
      change.kind = NameChange::Kind::removed_folder;
    else if (remembers())
      change.kept = keep(path);
    const int out = call();
    if (out == 0) remember_name(std::move(change));
    return out;
  });
}

int mkdir_counted(const std::string& path, const std::function<int()>& call) {
  return counted(is_ours(path) && !stat_of(path), Kind::other, [&] {
    const int out = call();
    if (out == 0 && is_ours(path)) remember_name({NameChange::Kind::made_folder, path, "", std::nullopt, 0});
    return out;
  });
}

mode_t mode_in(int flags, std::va_list& more) {
  return (flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(more, mode_t) : 0;
}

}  // namespace

}  // namespace fieldpost::test

// ---- Before the C library ----------------------------------------------------------------------------------------

using namespace fieldpost::test;

extern "C" {

int open(const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = mode_in(flags, more);
  va_end(more);
  return open_counted(absolute(path), flags, [&] { return real_open(path, flags, mode); });
}
int open64(const char* path, int flags, ...) {
  std::va_list more;
  va_start(more, flags);
  const mode_t mode = mode_in(flags, more);
  va_end(more);
  return open_counted(absolute(path), flags, [&] { return real_open(path, flags, mode); });
}
int close(int fd) {
  if (state().armed) state().paths.erase(fd);
  static const auto call = real<int (*)(int)>("close");
  return call(fd);
}
ssize_t write(int fd, const void* in, std::size_t size) { return write_counted(fd, in, size, 0, true); }
ssize_t pwrite(int fd, const void* in, std::size_t size, off_t offset) {
  return write_counted(fd, in, size, offset, false);
}
ssize_t pwrite64(int fd, const void* in, std::size_t size, off64_t offset) {
  return write_counted(fd, in, size, offset, false);
}
ssize_t read(int fd, void* out, std::size_t size) {
  static const auto call = real<ssize_t (*)(int, void*, std::size_t)>("read");
  return counted(path_of(fd) != nullptr, Kind::read, [&] { return call(fd, out, size); });
}
ssize_t pread64(int fd, void* out, std::size_t size, off64_t offset) {
  return counted(path_of(fd) != nullptr, Kind::read, [&] { return real_pread(fd, out, size, offset); });
}
int fsync(int fd) { return sync_counted(fd, "fsync"); }
int fdatasync(int fd) { return sync_counted(fd, "fdatasync"); }
int ftruncate(int fd, off_t size) noexcept { return truncate_counted(fd, size); }
int ftruncate64(int fd, off64_t size) noexcept { return truncate_counted(fd, size); }
int rename(const char* from, const char* to) noexcept {
  return rename_counted(absolute(from), absolute(to), [&] { return real_rename(from, to); });
}
int renameat2(int from_folder, const char* from, int to_folder, const char* to, unsigned int flags) noexcept {
  static const auto call = real<int (*)(int, const char*, int, const char*, unsigned int)>("renameat2");
  return rename_counted(absolute(from, from_folder), absolute(to, to_folder),
                        [&] { return call(from_folder, from, to_folder, to, flags); });
}
int link(const char* from, const char* to) noexcept {
  const std::string path = absolute(to);
  return counted(is_ours(path), Kind::other, [&] {
    const int out = real_link(from, to);
    if (out == 0) remember_name({NameChange::Kind::created, path, "", std::nullopt, 0});
    return out;
  });
}
int unlink(const char* path) noexcept {
  return remove_counted(absolute(path), [&] { return real_unlink(path); });
}
int rmdir(const char* path) noexcept {
  return remove_counted(absolute(path), [&] { return real_rmdir(path); });
}
int unlinkat(int folder, const char* path, int flags) noexcept {
  static const auto call = real<int (*)(int, const char*, int)>("unlinkat");
  return remove_counted(absolute(path, folder), [&] { return call(folder, path, flags); });
}
int remove(const char* path) noexcept {
  static const auto call = real<int (*)(const char*)>("remove");
  return remove_counted(absolute(path), [&] { return call(path); });
}
int mkdir(const char* path, mode_t mode) noexcept {
  return mkdir_counted(absolute(path), [&] { return real_mkdir(path, mode); });
}

}  // extern "C"
