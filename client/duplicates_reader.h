// Looks for records of one person or session away from the window's thread: 100,000 people take a second.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>

#include "client/model/duplicate_review.h"

namespace fieldpost {

/// What one reading found.
struct FoundDuplicates {
  std::unique_ptr<const Duplicates> duplicates;
  std::vector<DuplicateRow> rows;
};

class DuplicatesReader {
 public:
  /// `wake` is called on the reading thread when it is done. `catalogue` outlives this.
  DuplicatesReader(Store::Options store, const Catalogue& catalogue, std::function<void()> wake);
  /// Ends a reading that is under way; it stops soon.
  ~DuplicatesReader();

  /// Something was saved or came in since.
  void stale() { stale_ = true; }
  /// Reads when nothing was read since the last change. No two readings at a time.
  void want();
  bool reading() const { return reading_.valid(); }
  /// What was read last; null before the first reading is done. Asked every frame.
  std::shared_ptr<const FoundDuplicates> found();

 private:
  using Found = std::shared_ptr<const FoundDuplicates>;
  Found read() const;

  Store::Options store_;
  const Catalogue& catalogue_;
  std::function<void()> wake_;
  bool stale_ = true;
  Found found_;
  std::atomic<bool> ending_{false};
  std::future<Found> reading_;  // last: it ends first
};

}  // namespace fieldpost
