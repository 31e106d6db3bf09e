// The roads of a history: exchanges over a bad network, bundles on sticks.
#include "sync/bundle.h"
#include "sync/messages.h"
#include "sync/stick.h"
#include "tools/simulation/history_state.h"

namespace fieldpost::simulation {

namespace {

/// The page of a pull, or the first one that comes with a handshake.
std::optional<PullAnswer> pulled_with(const Request& request, const Response& response) {
  if (response.status != 200) return std::nullopt;
  if (request.path == path::pull) return must(decode_pull_answer(response.body));
  if (request.path == path::handshake) return must(decode_handshake_answer(response.body)).pull;
  return std::nullopt;
}

}  // namespace

void History::connect(Laptop& laptop) {
  laptop.link = std::make_unique<Link>(central_, [this](const Request& request) {
    Fate fate;
    if (options_.control == Control::ack_before_commit && request.path == path::push) before_push_ = central_.image();
    if (!faults_) return fate;
    fate.lose_request = random_.below(100) < loss_;
    fate.lose_answer = random_.below(100) < loss_;
    fate.repeat = random_.below(100) < loss_;
    if (fate.lose_request)
      note_fault(fault::requests_lost);
    else if (fate.lose_answer)
      note_fault(fault::answers_lost);
    if (fate.repeat && !fate.lose_request) note_fault(fault::repeats);
    return fate;
  });
  laptop.link->stray = &stray_;
  Laptop* self = &laptop;
  laptop.link->on_answer = [this, self](const Request& request, Response& response) {
    const std::optional<PullAnswer> pulled = pulled_with(request, response);
    if (self->role == Role::partner && pulled) {
      for (const Segment& segment : must(decode_page(pulled->page)).segments)
        for (const SegmentEntry& entry : segment.entries)
          if (entry.change && text_of(encode_change(*entry.change)).find(canary) != std::string_view::npos)
            partner_traffic_fault_ = "central sent the station a value out of its scope";
    }
    if (options_.control == Control::cursor_first && pulled) {
      must(self->store().take_segments({}, pulled->cursor));
      if (faults_ && chance(15)) response.status = 0;  // as a power cut right after would have it
    }
    if (options_.control == Control::device_sequence_id && response.status == 200)
      central_.believe_numbers(request, response, self->store());
    if (request.path != path::push || response.status != 200 || !faults_) return;
    if (options_.control == Control::ack_before_commit && before_push_ && chance(15)) {
      central_.put_back(*before_push_);
      central_lost_power_ = true;
    } else if (options_.crashes && chance(3)) {
      central_.crash(random_);
      central_lost_power_ = true;
    }
  };
}

// ---- Exchanges
// -----------------------------------------------------------------------------------------------------

void History::after_exchange(Laptop& laptop) {
  const bool deletes = options_.control == Control::delete_wins;
  if (options_.control != Control::last_writer_wins && !deletes) return;
  for (const Rivals& rivals : must(laptop.store().conflicts())) {
    const RecordId record = rivals.conflict.record;
    const FieldRef& field = rivals.conflict.field;
    if (deletes && (field.entity != record || field.field.number != record_presence)) continue;
    const Value decided = deletes ? Value{false} : rivals.state.shown;
    const Result<Saved> saved = laptop.store().resolve(record, field, decided, "");
    if (saved) keep_truth(laptop, record, saved->change, {});  // nobody looked
  }
}

void History::advance(Laptop& laptop, bool to_the_end) {
  if (!laptop.exchange) {
    laptop.exchange = std::make_unique<Exchange>(laptop.store(), *laptop.link);
    note_step("exchanges");
  }
  while (true) {
    const Result<Exchange::Step> done = laptop.exchange->step();
    if (central_lost_power_) {
      central_lost_power_ = false;
      note_fault(fault::central_crashes);
      check_receipts();
    }
    if (!done) {
      if (done.error().code != ErrorCode::unreachable && done.error().code != ErrorCode::untrusted)
        throw Broken{"an exchange failed otherwise than by the network: " + done.error().message};
      laptop.exchange.reset();
      note_step("exchanges cut");
      return;
    }
    if (*done == Exchange::Step::done) {
      const ExchangeReport& report = laptop.exchange->report();
      counters_["new epochs"] += report.new_epoch;
      counters_["new incarnations met"] += report.new_incarnation;
      counters_["held"] += report.held;
      if (report.held > 0) note_held(laptop);
      laptop.exchange.reset();
      after_exchange(laptop);
      return;
    }
    if (!to_the_end) return;
  }
}

// ---- The stick
// -----------------------------------------------------------------------------------------------------

void History::use_stick() {
  if (stick_.empty() || chance(45)) return write_to_stick();
  const Bytes& file = stick_[random_.below(stick_.size())];
  if (chance(10)) {
    // Pulled out too early, or half copied.
    const Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(random_.below(file.size())));
    for (const auto& laptop : laptops_)
      if (read_bundle(laptop->store(), part)) throw Broken{"a part of a bundle was taken in"};
    if (central_.read_bundle(part)) throw Broken{"a part of a bundle was taken in by central"};
    note_fault(fault::bundles_cut);
    return;
  }
  read_from_stick(file);
}

void History::write_to_stick() {
  Laptop& laptop = any();
  Result<Bytes> file = Error{ErrorCode::not_found, ""};
  const std::uint64_t dice = random_.below(100);
  if (dice < 40) {
    file = must(bundle_for_central(laptop.store())).file;
    note_step("bundles for central");
  } else if (dice < 70) {
    file = must(central_.write_bundle(must(laptop.store().identity())->device()));
    note_step("bundles of central");
  } else {
    for (int i = 0; i < 4 && !file; ++i) {
      const Result<BundleBytes> bundle = bundle_for(laptop.store(), must(any().store().identity())->device());
      if (!bundle && bundle.error().code != ErrorCode::not_found && bundle.error().code != ErrorCode::forbidden)
        throw Broken{"a bundle for a colleague failed: " + bundle.error().message};
      if (bundle) file = bundle->file;
    }
    if (!file) return;
    note_step("bundles for colleagues");
  }
  stick_.push_back(*std::move(file));
  if (stick_.size() > 8) stick_.pop_front();
}

/// A colleague or a courier takes the stick along: it can copy the file, and not read it.
void History::carry(const Bytes& file) {
  Laptop& courier = any();
  const DeviceId recipient = must(bundle_header(file)).recipient;
  if (must(courier.store().identity())->device() == recipient) return;
  const std::int64_t before = must(courier.store().status()).changes;
  const Result<BundleRead> read = read_bundle(courier.store(), file);
  if (read || must(courier.store().status()).changes != before)
    throw Broken{"a bundle was read by somebody whom it is not for"};
  note_step("bundles relayed");
}

void History::read_from_stick(const Bytes& file) {
  const DeviceId recipient = must(bundle_header(file)).recipient;
  if (options_.wide && faults_ && chance(40)) carry(file);
  bool found = false;
  for (const auto& laptop : laptops_) {
    if (must(laptop->store().identity())->device() != recipient) continue;
    found = true;
    laptop->exchange.reset();  // one command at a time holds the store
    const Result<BundleRead> read = read_bundle(laptop->store(), file);
    if (!read) throw Broken{"a bundle was refused by " + laptop->name + ": " + read.error().message};
    counters_["new epochs"] += read->new_epoch;
    counters_["new incarnations met"] += read->new_incarnation;
    counters_["old bundles"] += read->is_old;
    if (read->held > 0) note_held(*laptop);
    note_step("bundles read", static_cast<std::uint64_t>(read->received));
    if (chance(50)) return;  // a copied laptop may read it as well, or not
  }
  if (found) return;
  const Result<BundleTaken> taken = central_.read_bundle(file);
  if (!taken) throw Broken{"a bundle was refused by central: " + taken.error().message};
  note_step("bundles read by central", static_cast<std::uint64_t>(taken->changes));
}

}  // namespace fieldpost::simulation
