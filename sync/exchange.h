// One meeting of a laptop with central as a state machine: hello, handshake, then push and pull in turn until both
// are quiet, then attachments. No thread and no clock of its own: `step()` takes one answer, so that one test runs
// many replicas through a bad month. While an answer is awaited or taken in, the next request is on its way already.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include "shared/storage/store.h"
#include "sync/messages.h"
#include "sync/transport.h"

namespace fieldpost {

struct ExchangeProgress {
  enum class Phase { connecting, sending, receiving, files, done };
  Phase phase = Phase::connecting;
  std::int64_t sent = 0, to_send = 0;  // changes
  // Changes. What central still has to send is known from the first page on; some of it may be here already.
  std::int64_t received = 0, to_receive = 0;
  std::int64_t bytes_out = 0, bytes_in = 0;
};

struct ExchangeReport {
  std::int64_t sent = 0;      // changes central answered for
  std::int64_t received = 0;  // changes new to this laptop
  std::int64_t held = 0;
  std::int64_t refused = 0;
  std::int64_t files_sent = 0;      // attachments central now holds whole
  std::int64_t files_received = 0;  // attachments that are whole here now
  std::int64_t bytes_out = 0, bytes_in = 0;
  std::int64_t requests = 0;
  bool new_epoch = false;            // this laptop was restored or copied; its journal goes on in a new epoch
  bool new_incarnation = false;      // central was restored; laptops offer again what they hold
  std::int64_t clock_offset_ms = 0;  // laptop minus central
  int retry_after_s = 0;             // what central asked for when it was too busy; 0: nothing
};

/// How an own epoch stands to what central knows of it.
enum class Meeting {
  rests,        // nothing to send
  goes_on,      // send what follows central's place
  needs_epoch,  // the lines part: this laptop was restored or copied, and goes on in a new epoch
};
Result<Meeting> meet(Store& store, const DeviceId& self, const JournalPosition& mine, const JournalPosition& theirs,
                     bool is_current);

/// What need not come back in a pull.
Result<std::vector<HeldJournal>> holds_of(Store& store, const DeviceId& self);

/// Whether the same exchange may go through a little later: nobody answered, or central asked to wait.
inline bool may_pass(const Error& error) {
  return error.code == ErrorCode::unreachable || error.code == ErrorCode::busy;
}

class Exchange {
 public:
  Exchange(Store& store, Transport& transport);
  ~Exchange();

  enum class Step { more, done };
  /// One answer and what follows from it. An error leaves everything consistent; a new Exchange goes on from
  /// there.
  Result<Step> step();
  /// Steps to the end.
  Result<ExchangeReport> run();

  const ExchangeProgress& progress() const { return progress_; }
  const ExchangeReport& report() const { return report_; }

 private:
  struct State;
  void send(const char* path, Bytes body);
  Result<Response> receive();
  Result<Response> ask(const char* path, Bytes body);
  Result<Step> say_hello();
  Result<Step> shake_hands();
  Result<Step> begin_epoch();
  Result<Step> transfer();
  Result<void> launch();
  Result<void> launch_push();
  Result<Step> take_push_answer(const Response& response, bool own);
  Result<Step> take_pull_answer(const Response& response);
  Result<void> take_page(const PullAnswer& answer);
  void give_up();
  Result<Step> end_transfer();
  Result<Step> exchange_files();
  /// Where the token ran out, or central was restored meanwhile: shakes hands again, a few times.
  Result<Step> begin_again_or(const Error& error);

  Store& store_;
  Transport& transport_;
  std::unique_ptr<State> state_;
  ExchangeProgress progress_;
  ExchangeReport report_;
};

}  // namespace fieldpost
