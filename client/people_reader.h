// Reads who is known on this laptop away from the window's thread: 100,000 lines take most of a second.
#pragma once

#include <atomic>
#include <functional>
#include <future>
#include <memory>

#include "client/model/known_people.h"

namespace fieldpost {

class PeopleReader {
 public:
  /// `wake` is called on the reading thread when it is done. `catalogue` outlives this.
  PeopleReader(Store::Options store, Consultations consultations, std::function<void()> wake);
  /// Ends a reading that is under way; it stops at the next person.
  ~PeopleReader();

  /// Something was saved or came in since.
  void stale() { stale_ = true; }
  /// Somebody is about to type names: reads when nothing was read since the last change. No two readings at a time.
  void want(const Catalogue& catalogue);
  /// What was read last; null before the first reading is done. Asked every frame.
  std::shared_ptr<const KnownPeople> known();

 private:
  using People = std::shared_ptr<const KnownPeople>;
  Store::Options store_;
  Consultations consultations_;
  std::function<void()> wake_;
  bool stale_ = true;
  People known_;
  std::atomic<bool> ending_{false};
  std::future<People> reading_;  // last: it ends first
};

}  // namespace fieldpost
