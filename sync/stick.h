// A laptop's side of the stick: what it hands to central or to a colleague in a bundle, and what it takes from one.
// The same segments, receipts and pages as by network; only a receipt makes anything "at central" (design 4).
#pragma once

#include <filesystem>

#include "shared/storage/store.h"

namespace fieldpost {

struct BundleWritten {
  std::int64_t changes = 0;
  std::size_t bytes = 0;
  bool more = false;  // the bundle is full: write another once this one has been read
};
/// Everything central has not answered for: this laptop's, and what colleagues handed over. Written beside its name,
/// synced, renamed, then read back from the medium and verified: safe to remove when it returns. Errors: disk_full,
/// io (also when the medium gives back something else than was written), invalid_argument (not enrolled).
Result<BundleWritten> write_bundle_for_central(Store& store, const std::filesystem::path& file);
/// Everything this laptop holds that the colleague's has not said it holds. Errors: not_found (no certificate of that
/// device here: it must have synced once, or read a bundle of theirs), forbidden (only central may tell that laptop).
Result<BundleWritten> write_bundle_for(Store& store, const DeviceId& colleague, const std::filesystem::path& file);

struct BundleRead {
  bool from_central = false;
  DeviceId sender;
  std::uint64_t number = 0;
  std::int64_t received = 0;   // changes new to this laptop
  std::int64_t receipted = 0;  // own changes that central now answers for
  std::int64_t held = 0;
  std::int64_t refused = 0;
  bool new_epoch = false;
  bool new_incarnation = false;
  bool is_old = false;  // from before central was restored: its receipts say nothing any more
};
/// Verified as a whole before anything is taken in; reading it again, or an older one later, changes nothing. Errors:
/// those of open_bundle, forbidden (a colleague's bundle that central alone may hand out), not_found, io.
Result<BundleRead> read_bundle(Store& store, BytesView file);

/// As the above from a file. Errors: not_found, out_of_bounds, io.
Result<Bytes> read_bundle_file(const std::filesystem::path& file);

/// The same without files: for tests and the simulation.
struct BundleBytes {
  Bytes file;
  std::int64_t changes = 0;
  bool more = false;
  std::vector<Store::ForeignJournal> journals;  // for central: own and carried ones, up to where they are in it
};
Result<BundleBytes> bundle_for_central(Store& store);
Result<BundleBytes> bundle_for(Store& store, const DeviceId& colleague);

/// Durable and read back: what was written is what the medium gives. Shared with central's side.
Result<void> write_stick_file(const std::filesystem::path& file, BytesView content);

}  // namespace fieldpost
