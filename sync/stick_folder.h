// Bundles in a folder of a stick: what to call them, which of them are for this laptop, and what became of each. The
// bundles themselves are sync/stick's.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "sync/stick.h"

namespace fieldpost {

struct StickWritten {
  std::string file;  // its name in the folder `Fieldpost` of the stick
  std::int64_t changes = 0;
  std::int64_t files = 0;  // attachments of which it holds chunks
  std::uint64_t bytes = 0;
  bool more = false;  // it is full: write another once this one has been read
};
/// Writes what the recipient lacks (nothing: central), reads it back and compares; only then does it return, and the
/// stick may be pulled. `stick` is the drive's root or any folder. A file of that name is never written over. Errors:
/// those of bundle_for and bundle_for_central, disk_full, io, not_found (no such folder).
Result<StickWritten> write_to_stick(Store& store, const std::filesystem::path& stick,
                                    const std::optional<DeviceId>& recipient);

struct StickRead {
  int bundles = 0;     // read, for this laptop; again where they were read before, which changes nothing
  int for_others = 0;  // sealed to somebody else
  BundleRead sum;      // over those read; `sender` and `number` are the last one's
  struct Fault {
    std::string file;
    Error error;
  };
  std::vector<Fault> faults;  // damaged, cut off, of another deployment: nothing of them was taken in
};
/// Reads every bundle (*.fpb) in the folder and in its folder `Fieldpost`, in the order of their names. Errors:
/// not_found (no such folder), io. A bundle that cannot be read keeps none of the others from being read.
Result<StickRead> read_from_stick(Store& store, const std::filesystem::path& stick);

}  // namespace fieldpost
