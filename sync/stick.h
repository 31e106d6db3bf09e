// A laptop's side of the stick: what it hands to central or to a colleague in a bundle, and what it takes from one.
// The same segments, receipts and pages as by network; only a receipt makes anything "at central" (design 4).
#pragma once

#include <vector>

#include "shared/storage/store.h"

namespace fieldpost {

/// A bundle as bytes; where they go is the caller's (shared/storage/files: write_verified).
struct BundleBytes {
  Bytes file;
  std::int64_t changes = 0;
  std::int64_t files = 0;                       // attachments of which it holds chunks
  bool more = false;                            // it is full: write another once this one has been read
  bool more_files = false;                      // all changes are in it, but not all attachments
  std::vector<Store::ForeignJournal> journals;  // for central: own and carried ones, up to where they are in it
};
/// Everything central has not answered for: this laptop's, and what colleagues handed over; then the attachments that
/// central is not known to hold, from where it last said it had them. Errors: invalid_argument
/// (not enrolled).
Result<BundleBytes> bundle_for_central(Store& store);
/// Everything this laptop holds that the colleague's has not said it holds; then the attachments that it said it
/// lacks or that these changes name. Errors: not_found (no certificate of that device here: it must have synced once,
/// or read a bundle of theirs), forbidden (only central may tell that laptop).
Result<BundleBytes> bundle_for(Store& store, const DeviceId& colleague);
/// Once a bundle for central lies on the medium and was read back: its records say "in a bundle".
Result<void> bundle_is_written(Store& store, const BundleBytes& bundle);

struct BundleRead {
  bool from_central = false;
  DeviceId sender;
  std::uint64_t number = 0;
  std::int64_t received = 0;   // changes new to this laptop
  std::int64_t receipted = 0;  // own changes that central now answers for
  std::int64_t held = 0;
  std::int64_t refused = 0;
  std::int64_t files = 0;  // attachments that are whole here now
  bool new_epoch = false;
  bool new_incarnation = false;
  bool is_old = false;  // from before central was restored: its receipts say nothing any more
};
/// Verified as a whole before anything is taken in; reading it again, or an older one later, changes nothing. Errors:
/// those of open_bundle, forbidden (a colleague's bundle that central alone may hand out), not_found, io.
Result<BundleRead> read_bundle(Store& store, BytesView file);

}  // namespace fieldpost
