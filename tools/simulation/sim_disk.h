// A virtual disk under SQLite: an SQLite VFS in memory that knows what was synced. At a power cut the synced bytes
// stay and of the rest a random part, torn at sectors of 512 bytes (as LazyFS and SQLite's own crash tests do).
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "shared/foundation/bytes.h"
#include "shared/foundation/clock.h"

namespace fieldpost::simulation {

/// Registered under this name; one thread.
inline constexpr const char* vfs_name = "fieldpost-simulation";
void register_vfs();

class SimDisk {
 public:
  /// The content of a disk at one moment: what a backup or a clone takes.
  using Image = std::map<std::string, Bytes>;

  SimDisk();
  ~SimDisk();
  SimDisk(const SimDisk&) = delete;
  SimDisk& operator=(const SimDisk&) = delete;

  /// The folder under which SQLite finds it.
  const std::string& folder() const { return folder_; }
  Image image() const;
  void replace(const Image& image);
  /// The power goes: every later read and write fails until `recover`.
  void cut_power() { dead_ = true; }
  /// What is left after the cut.
  void recover(Random& random);
  /// Whether any byte ever written and still there holds this text: files whole, freed pages included.
  bool contains(std::string_view text) const;
  std::uint64_t syncs() const { return syncs_; }

 private:
  friend struct VfsFile;
  friend struct Vfs;
  struct File {
    Bytes synced;
    Bytes now;
    struct Write {
      std::size_t offset;
      Bytes bytes;
    };
    std::vector<Write> unsynced;
    std::vector<Bytes> shared_memory;
  };
  std::string folder_;
  std::map<std::string, File> files_;
  bool dead_ = false;
  std::uint64_t syncs_ = 0;
};

}  // namespace fieldpost::simulation
