// Reads what waits at the office, and what waits to be handed in, away from the window's thread, through a store of
// its own: at 100,000 records that takes longer than a frame.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>
#include <vector>

#include "shared/desk/fleet.h"
#include "shared/desk/inbox.h"
#include "shared/storage/store.h"

namespace fieldpost {

/// One look at the store.
struct DeskNews {
  std::vector<InboxItem> items;    // at the office
  std::vector<Returned> returned;  // to be mended
  struct Open {
    RecordId record;
    DeviceId maker;
  };
  std::vector<Open> to_hand_in;      // complete, and nobody has handed them in
  std::vector<FleetLaptop> laptops;  // where they were asked for, as the trips
  std::vector<Trip> trips;
};

class DeskReader {
 public:
  /// `candidates` gives the pairs that may be one, over the reader's own store; null: there are none. `wake` is
  /// called on the reading thread when it is done. What `environment` points to outlives this.
  using Candidates = std::function<Result<std::vector<CandidatePair>>(Store&)>;
  DeskReader(Store::Options store, const Environment& environment, Candidates candidates, std::function<void()> wake);
  ~DeskReader();

  /// Something was saved or came in since.
  void stale() { stale_ = true; }
  enum class Wanted { field, office, fleet };
  /// Reads when nothing was read since the last change, or more is wanted than was read. No two readings at a time.
  void want(Wanted wanted);
  /// What was read last; null before the first reading is done. Asked every frame; another one at each reading.
  std::shared_ptr<const DeskNews> news();
  /// Until the reading under way is done: for pictures, never while a person waits.
  void wait();

 private:
  using News = std::shared_ptr<const DeskNews>;
  News read(Wanted wanted);

  Store::Options options_;
  Environment environment_;
  Candidates candidates_;
  std::function<void()> wake_;
  std::unique_ptr<Store> store_;  // the reading thread's
  bool stale_ = true;
  Wanted read_for_ = Wanted::field;
  News news_;
  std::future<News> reading_;  // last: it ends first
};

}  // namespace fieldpost
