#include "tools/simulation/sim_disk.h"

#include <sqlcipher/sqlite3.h>

#include <algorithm>
#include <cstring>
#include <memory>

namespace fieldpost::simulation {

namespace {

constexpr std::size_t sector_bytes = 512;

std::map<std::string, SimDisk*, std::less<>>& disks() {
  static std::map<std::string, SimDisk*, std::less<>> all;
  return all;
}

SimDisk* disk_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return nullptr;
  const auto found = disks().find(path.substr(0, slash));
  return found == disks().end() ? nullptr : found->second;
}
std::string name_of(std::string_view path) { return std::string(path.substr(path.rfind('/') + 1)); }

void write_into(Bytes& content, std::size_t offset, BytesView bytes) {
  if (content.size() < offset + bytes.size()) content.resize(offset + bytes.size());
  std::copy(bytes.begin(), bytes.end(), content.begin() + static_cast<std::ptrdiff_t>(offset));
}

}  // namespace

// What SQLite holds of an open file.
struct VfsFile {
  sqlite3_file base;
  SimDisk* disk;
  const std::string* name;  // key of the file's entry: entries outlive handles

  static VfsFile* of(sqlite3_file* file) { return reinterpret_cast<VfsFile*>(file); }
  SimDisk::File* content() const {
    if (disk->dead_) return nullptr;
    const auto found = disk->files_.find(*name);
    return found == disk->files_.end() ? nullptr : &found->second;
  }

  static int close(sqlite3_file* file) {
    delete of(file)->name;
    return SQLITE_OK;
  }
  static int read(sqlite3_file* file, void* out, int size, sqlite3_int64 offset) {
    const SimDisk::File* content = of(file)->content();
    if (!content) return SQLITE_IOERR_READ;
    const auto start = static_cast<std::size_t>(offset);
    const std::size_t wanted = static_cast<std::size_t>(size);
    const std::size_t there = start >= content->now.size() ? 0 : std::min(wanted, content->now.size() - start);
    if (there > 0) std::memcpy(out, content->now.data() + start, there);
    if (there == wanted) return SQLITE_OK;
    std::memset(static_cast<char*>(out) + there, 0, wanted - there);
    return SQLITE_IOERR_SHORT_READ;
  }
  static int write(sqlite3_file* file, const void* in, int size, sqlite3_int64 offset) {
    SimDisk::File* content = of(file)->content();
    if (!content) return SQLITE_IOERR_WRITE;
    const BytesView bytes(static_cast<const std::uint8_t*>(in), static_cast<std::size_t>(size));
    write_into(content->now, static_cast<std::size_t>(offset), bytes);
    content->unsynced.push_back({static_cast<std::size_t>(offset), Bytes(bytes.begin(), bytes.end())});
    return SQLITE_OK;
  }
  static int truncate(sqlite3_file* file, sqlite3_int64 size) {
    SimDisk::File* content = of(file)->content();
    if (!content) return SQLITE_IOERR_TRUNCATE;
    content->now.resize(static_cast<std::size_t>(size));
    // File systems journal a truncation with their metadata: it is taken as durable, with what it kept.
    content->synced = content->now;
    content->unsynced.clear();
    return SQLITE_OK;
  }
  static int sync(sqlite3_file* file, int) {
    SimDisk::File* content = of(file)->content();
    if (!content) return SQLITE_IOERR_FSYNC;
    for (const SimDisk::File::Write& write : content->unsynced)
      write_into(content->synced, write.offset, write.bytes);
    content->unsynced.clear();
    ++of(file)->disk->syncs_;
    return SQLITE_OK;
  }
  static int size(sqlite3_file* file, sqlite3_int64* out) {
    const SimDisk::File* content = of(file)->content();
    if (!content) return SQLITE_IOERR_FSTAT;
    *out = static_cast<sqlite3_int64>(content->now.size());
    return SQLITE_OK;
  }
  // One connection a store: nobody to lock out.
  static int lock(sqlite3_file*, int) { return SQLITE_OK; }
  static int reserved(sqlite3_file*, int* out) { return *out = 0, SQLITE_OK; }
  static int control(sqlite3_file*, int, void*) { return SQLITE_NOTFOUND; }
  static int sector(sqlite3_file*) { return static_cast<int>(sector_bytes); }
  static int characteristics(sqlite3_file*) { return SQLITE_IOCAP_POWERSAFE_OVERWRITE; }
  static int shm_map(sqlite3_file* file, int region, int size, int extend, void volatile** out) {
    SimDisk::File* content = of(file)->content();
    if (!content) return SQLITE_IOERR_SHMMAP;
    auto& regions = content->shared_memory;
    if (regions.size() <= static_cast<std::size_t>(region)) {
      if (!extend) return *out = nullptr, SQLITE_OK;
      regions.reserve(64);  // addresses handed out must stay
      while (regions.size() <= static_cast<std::size_t>(region)) regions.emplace_back(static_cast<std::size_t>(size));
    }
    *out = regions[static_cast<std::size_t>(region)].data();
    return SQLITE_OK;
  }
  static int shm_lock(sqlite3_file*, int, int, int) { return SQLITE_OK; }
  static void shm_barrier(sqlite3_file*) {}
  static int shm_unmap(sqlite3_file* file, int) {
    if (SimDisk::File* content = of(file)->content()) content->shared_memory.clear();
    return SQLITE_OK;
  }
};

struct Vfs {
  static int open(sqlite3_vfs*, const char* path, sqlite3_file* file, int flags, int* out_flags) {
    file->pMethods = nullptr;
    // A temporary file would be plain text on the disk: the store keeps its sorts in memory.
    if (!path) return SQLITE_CANTOPEN;
    SimDisk* disk = disk_of(path);
    if (!disk || disk->dead_) return SQLITE_CANTOPEN;
    const std::string name = name_of(path);
    if (!disk->files_.contains(name)) {
      if (!(flags & SQLITE_OPEN_CREATE)) return SQLITE_CANTOPEN;
      disk->files_[name];
    }
    static const sqlite3_io_methods methods = {2,
                                               VfsFile::close,
                                               VfsFile::read,
                                               VfsFile::write,
                                               VfsFile::truncate,
                                               VfsFile::sync,
                                               VfsFile::size,
                                               VfsFile::lock,
                                               VfsFile::lock,
                                               VfsFile::reserved,
                                               VfsFile::control,
                                               VfsFile::sector,
                                               VfsFile::characteristics,
                                               VfsFile::shm_map,
                                               VfsFile::shm_lock,
                                               VfsFile::shm_barrier,
                                               VfsFile::shm_unmap,
                                               nullptr,
                                               nullptr};
    VfsFile* opened = VfsFile::of(file);
    opened->base.pMethods = &methods;
    opened->disk = disk;
    opened->name = new std::string(name);
    if (out_flags) *out_flags = flags;
    return SQLITE_OK;
  }
  static int remove(sqlite3_vfs*, const char* path, int) {
    SimDisk* disk = disk_of(path);
    if (!disk || disk->dead_) return SQLITE_IOERR_DELETE;
    return disk->files_.erase(name_of(path)) ? SQLITE_OK : SQLITE_IOERR_DELETE_NOENT;
  }
  static int access(sqlite3_vfs*, const char* path, int, int* out) {
    const SimDisk* disk = disk_of(path);
    *out = disk && disk->files_.contains(name_of(path)) ? 1 : 0;
    return SQLITE_OK;
  }
  static int full_path(sqlite3_vfs*, const char* path, int size, char* out) {
    sqlite3_snprintf(size, out, "%s", path);
    return SQLITE_OK;
  }
  static int randomness(sqlite3_vfs*, int size, char* out) {
    static SeededRandom random(1);
    random.fill({reinterpret_cast<std::uint8_t*>(out), static_cast<std::size_t>(size)});
    return size;
  }
  static int sleep(sqlite3_vfs*, int microseconds) { return microseconds; }
  static int time(sqlite3_vfs*, double* out) { return *out = 2460000.5, SQLITE_OK; }
  static int last_error(sqlite3_vfs*, int, char*) { return 0; }
};

void register_vfs() {
  static sqlite3_vfs vfs{};
  if (vfs.zName) return;
  vfs.iVersion = 1;
  vfs.szOsFile = static_cast<int>(sizeof(VfsFile));
  vfs.mxPathname = 256;
  vfs.zName = vfs_name;
  vfs.xOpen = Vfs::open;
  vfs.xDelete = Vfs::remove;
  vfs.xAccess = Vfs::access;
  vfs.xFullPathname = Vfs::full_path;
  vfs.xRandomness = Vfs::randomness;
  vfs.xSleep = Vfs::sleep;
  vfs.xCurrentTime = Vfs::time;
  vfs.xGetLastError = Vfs::last_error;
  sqlite3_vfs_register(&vfs, 0);
}

SimDisk::SimDisk() {
  static std::uint64_t next = 0;
  folder_ = "/disk" + std::to_string(++next);
  disks()[folder_] = this;
}
SimDisk::~SimDisk() { disks().erase(folder_); }

SimDisk::Image SimDisk::image() const {
  Image image;
  for (const auto& [name, file] : files_) image[name] = file.now;
  return image;
}

void SimDisk::replace(const Image& image) {
  files_.clear();
  for (const auto& [name, content] : image) {
    files_[name].now = content;
    files_[name].synced = content;
  }
  dead_ = false;
}

void SimDisk::recover(Random& random) {
  for (auto& [name, file] : files_) {
    for (const File::Write& write : file.unsynced) {
      for (std::size_t at = 0; at < write.bytes.size(); at += sector_bytes) {
        if (random.below(2) == 0) continue;
        const std::size_t size = std::min(sector_bytes, write.bytes.size() - at);
        write_into(file.synced, write.offset + at, BytesView(write.bytes).subspan(at, size));
      }
    }
    file.unsynced.clear();
    file.shared_memory.clear();
    file.now = file.synced;
  }
  dead_ = false;
}

bool SimDisk::contains(std::string_view text) const {
  for (const auto& [name, file] : files_)
    if (std::search(file.now.begin(), file.now.end(), text.begin(), text.end()) != file.now.end()) return true;
  return false;
}

}  // namespace fieldpost::simulation
