#include "sync/exchange.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/foundation/limits.h"
#include "sync/attachment_exchange.h"
#include "sync/messages.h"

namespace fieldpost {

namespace {

/// What an answer that is not 200 means to a laptop.
Error refusal_error(const Response& response) {
  const Result<Refusal> refusal = decode_refusal(response.body);
  const std::string said =
      refusal ? refusal->message : fmt::format("central answered with status {}", response.status);
  switch (response.status) {
    case 401: return {ErrorCode::untrusted, said};
    case 403: return {ErrorCode::forbidden, said};
    case 404: return {ErrorCode::not_found, said};
    case 413: return {ErrorCode::out_of_bounds, said};
    case 429:
    case 503: return {ErrorCode::busy, said};
    case 507: return {ErrorCode::disk_full, "central's disk is full: what was sent is kept here; tell the office"};
    default: return {response.status >= 500 ? ErrorCode::unreachable : ErrorCode::malformed, said};
  }
}

}  // namespace

Result<Meeting> meet(Store& store, const DeviceId& self, const JournalPosition& mine, const JournalPosition& theirs,
                     bool is_current) {
  const Result<bool> open = store.has_open_entries(mine.epoch);
  if (!open) return open.error();
  bool agree = theirs.n <= mine.n;
  if (agree) {
    const Result<std::optional<Digest>> chain = store.chain_at(self, mine.epoch, theirs.n);
    if (!chain) return chain.error();
    agree = *chain && **chain == theirs.chain;
  }
  if (!agree) return is_current || *open ? Meeting::needs_epoch : Meeting::rests;
  if (mine.n == theirs.n) return Meeting::rests;
  // An own place that came back as an id alone cannot be filled from here, and what was moved to another epoch goes
  // with that: what follows them is sent once.
  const Result<bool> next = store.holds_own_change(mine.epoch, theirs.n + 1);
  if (!next) return next.error();
  return *next || *open ? Meeting::goes_on : Meeting::rests;
}

Result<std::vector<HeldJournal>> holds_of(Store& store, const DeviceId& self) {
  const Result<std::vector<Store::Receipted>> receipted = store.receipted();
  if (!receipted) return receipted.error();
  std::vector<HeldJournal> holds;
  for (const Store::Receipted& journal : *receipted) {
    const Result<std::optional<Digest>> chain = store.chain_at(self, journal.epoch, journal.n);
    if (!chain) return chain.error();
    if (*chain) holds.push_back({journal.epoch, journal.n, **chain, journal.exceptions});
  }
  return holds;
}

struct Exchange::State {
  enum class Stage { hello, handshake, transfer, files, done };
  Stage stage = Stage::hello;
  HelloAnswer hello;
  std::string token;
  Identity self;

  // A journal to send, from its place after `after_n`. It ends where it stood at the handshake: whoever goes on
  // saving does not keep the exchange from ending; the next one takes that along.
  struct Outgoing {
    DeviceId device;
    EpochId epoch;
    std::uint64_t after_n = 0;
    std::uint64_t last_n = 0;
  };
  std::deque<Outgoing> outgoing;
  bool offering = false;  // foreign journals too, after central's restore
  bool pulled_all = false;
  Bytes cursor;  // of the last page that came: it is kept once that page is taken in
  std::map<EpochId, HeldJournal> holds;
  enum class InFlight { own_push, foreign_push, pull };
  std::deque<InFlight> in_flight;       // in the order they were sent
  std::vector<AttachmentId> waits_for;  // asked for with the handshake
  std::unique_ptr<AttachmentExchange> files;
  int new_epochs = 0;
  int handshakes = 0;
};

Exchange::Exchange(Store& store, Transport& transport)
    : store_(store), transport_(transport), state_(std::make_unique<State>()) {}
Exchange::~Exchange() { give_up(); }

void Exchange::give_up() {
  if (!state_->in_flight.empty()) transport_.abandon();
  state_->in_flight.clear();
}

void Exchange::send(const char* path, Bytes body) {
  ++report_.requests;
  report_.bytes_out += static_cast<std::int64_t>(body.size());
  transport_.send({path, state_->token, std::move(body)});
}

Result<Response> Exchange::receive() {
  Result<Response> response = transport_.receive();
  if (!response) return response;
  report_.bytes_in += static_cast<std::int64_t>(response->body.size());
  progress_.bytes_out = report_.bytes_out;
  progress_.bytes_in = report_.bytes_in;
  report_.retry_after_s = response->status == 200 ? 0 : response->retry_after_s;
  if (response->status != 200) return refusal_error(*response);
  return response;
}

Result<Response> Exchange::ask(const char* path, Bytes body) {
  send(path, std::move(body));
  return receive();
}

Result<Exchange::Step> Exchange::step() {
  Result<Step> done = Step::done;
  switch (state_->stage) {
    case State::Stage::hello: done = say_hello(); break;
    case State::Stage::handshake: done = shake_hands(); break;
    case State::Stage::transfer: done = transfer(); break;
    case State::Stage::files: done = exchange_files(); break;
    case State::Stage::done: break;
  }
  if (!done) give_up();
  return done;
}

Result<Exchange::Step> Exchange::transfer() {
  if (Result<void> launched = launch(); !launched) return launched.error();
  if (state_->in_flight.empty()) return end_transfer();
  const State::InFlight oldest = state_->in_flight.front();
  const Result<Response> response = receive();
  state_->in_flight.pop_front();
  if (!response) return begin_again_or(response.error());
  return oldest == State::InFlight::pull ? take_pull_answer(*response)
                                         : take_push_answer(*response, oldest == State::InFlight::own_push);
}

Result<Exchange::Step> Exchange::begin_again_or(const Error& error) {
  if (error.code != ErrorCode::untrusted || state_->handshakes >= 3) return error;
  give_up();
  state_->stage = State::Stage::hello;
  return Step::more;
}

Result<void> Exchange::launch() {
  // Push and pull travel beside each other: neither waits for the other.
  while (state_->in_flight.size() < in_flight_max) {
    const bool pulling = std::find(state_->in_flight.begin(), state_->in_flight.end(), State::InFlight::pull) !=
                         state_->in_flight.end();
    if (!state_->pulled_all && !pulling) {
      PullRequest request{state_->cursor, {}, {}};
      for (const auto& [epoch, journal] : state_->holds) request.holds.push_back(journal);
      send(path::pull, encode(request));
      state_->in_flight.push_back(State::InFlight::pull);
    } else if (!state_->outgoing.empty()) {
      if (Result<void> launched = launch_push(); !launched) return launched;
    } else {
      break;
    }
  }
  return {};
}

Result<ExchangeReport> Exchange::run() {
  while (true) {
    const Result<Step> done = step();
    if (!done) return done.error();
    if (*done == Step::done) return report_;
  }
}

Result<Exchange::Step> Exchange::say_hello() {
  progress_.phase = ExchangeProgress::Phase::connecting;
  const Result<std::optional<Identity>> identity = store_.identity();
  if (!identity) return identity.error();
  if (!*identity)
    return Error{ErrorCode::invalid_argument,
                 "this laptop is not enrolled yet: ask the office for a ticket, then enrol"};
  state_->self = **identity;
  Result<Response> response = ask(path::hello, {});
  if (!response) return response.error();
  Result<HelloAnswer> hello = decode_hello_answer(response->body);
  if (!hello)
    return Error{ErrorCode::not_central, "the answer is not from a Fieldpost central: " + hello.error().message};
  if (hello->deployment != state_->self.deployment())
    return Error{ErrorCode::not_central, "this is the central of another deployment: nothing was sent"};
  state_->hello = *std::move(hello);
  state_->stage = State::Stage::handshake;
  return Step::more;
}

Result<Exchange::Step> Exchange::shake_hands() {
  ++state_->handshakes;
  HandshakeRequest request;
  request.device = state_->self.device();
  request.challenge = state_->hello.challenge;
  const Result<std::vector<JournalPosition>> own = store_.own_positions();
  if (!own) return own.error();
  request.own = *own;
  // A new incarnation may be known from the hello already: then what others wrote is offered in the same breath.
  const Result<std::optional<Incarnation>> before = store_.incarnation();
  if (!before) return before.error();
  const bool restored = *before && **before != state_->hello.incarnation;
  const Result<bool> must_offer = store_.must_offer();
  if (!must_offer) return must_offer.error();
  state_->offering = restored || *must_offer;
  // What a colleague handed over on a stick is offered too, until central has answered for it.
  const Result<std::vector<Store::ForeignJournal>> foreign =
      store_.foreign_journals(state_->offering ? Store::Foreign::all : Store::Foreign::open);
  if (!foreign) return foreign.error();
  for (const Store::ForeignJournal& journal : *foreign)
    request.foreign.push_back({journal.device, journal.epoch, journal.n, journal.chain});
  const Result<Bytes> cursor = store_.cursor();
  if (!cursor) return cursor.error();
  const Result<std::vector<HeldJournal>> held = holds_of(store_, state_->self.device());
  if (!held) return held.error();
  request.time = store_.environment().clock.now_ms();
  Result<std::vector<AttachmentId>> waits_for = files_waited_for(store_);
  if (!waits_for) return waits_for.error();
  state_->waits_for = *std::move(waits_for);
  request.pull = {*cursor, *held, state_->waits_for};
  const Result<SigningKey> key = store_.device_key();
  if (!key) return key.error();
  sign_handshake(request, *key);
  Result<Response> response = ask(path::handshake, encode(request));
  if (!response) return response.error();
  Result<HandshakeAnswer> answer = decode_handshake_answer(response->body);
  if (!answer || answer->known.size() != request.own.size() || answer->foreign.size() != request.foreign.size())
    return Error{ErrorCode::not_central, "central's answer to the handshake cannot be read"};
  if (!verify_certificate(answer->certificate, state_->self.central.deployment) ||
      answer->certificate.key != state_->self.certificate.key)
    return Error{ErrorCode::untrusted, "central answered with a certificate that is not this laptop's"};
  if (answer->incarnation != state_->hello.incarnation) {
    state_->stage = State::Stage::hello;  // restored between two requests
    return state_->handshakes < 3 ? Result<Step>(Step::more)
                                  : Error{ErrorCode::unreachable, "central is being restored: try again later"};
  }
  report_.new_incarnation = report_.new_incarnation || restored;
  if (!*before || restored)
    if (Result<void> kept = store_.set_incarnation(answer->incarnation); !kept) return kept.error();
  if (answer->certificate.unit != state_->self.certificate.unit ||
      answer->certificate.role != state_->self.certificate.role) {
    state_->self.certificate = answer->certificate;
    if (Result<void> kept = store_.set_identity(state_->self); !kept) return kept.error();
  }
  report_.clock_offset_ms = store_.environment().clock.now_ms() - answer->time;
  state_->token = answer->token;

  bool needs_epoch = false;
  state_->outgoing.clear();
  for (std::size_t i = 0; i < request.own.size(); ++i) {
    const JournalPosition& mine = request.own[i];
    const JournalPosition& theirs = answer->known[i];
    const Result<Meeting> meeting = meet(store_, state_->self.device(), mine, theirs, i + 1 == request.own.size());
    if (!meeting) return meeting.error();
    if (*meeting == Meeting::goes_on)
      state_->outgoing.push_back({state_->self.device(), mine.epoch, theirs.n, mine.n});
    needs_epoch = needs_epoch || *meeting == Meeting::needs_epoch;
  }
  if (needs_epoch) return begin_epoch();
  for (const Receipt& receipt : answer->receipts)
    if (Result<void> taken = store_.take_receipt(receipt); !taken && taken.error().code != ErrorCode::untrusted)
      return taken.error();
  for (std::size_t i = 0; i < request.foreign.size(); ++i) {
    const ForeignPosition& here = request.foreign[i];
    const ForeignPosition& there = answer->foreign[i];
    if (there.n >= here.n && state_->offering) continue;
    // Where the lines part, or this laptop cannot tell, it offers all it has of this journal.
    const Result<std::optional<Digest>> chain = store_.chain_at(here.device, here.epoch, there.n);
    if (!chain) return chain.error();
    const bool same = *chain && **chain == there.chain;
    std::uint64_t after = same ? there.n : 0;
    // Central may hold a colleague's changes already: what lacks its answer goes once all the same, for the receipts.
    if (!state_->offering) after = std::min(after, (*foreign)[i].first_open - 1);
    state_->outgoing.push_back({here.device, here.epoch, after, here.n});
  }

  const Result<std::vector<HeldJournal>> holds = holds_of(store_, state_->self.device());
  if (!holds) return holds.error();
  state_->holds.clear();
  for (const HeldJournal& journal : *holds) state_->holds[journal.epoch] = journal;

  // Not by counting what has no receipt: that would look through the whole journal.
  progress_.to_send = 0;
  for (const State::Outgoing& journal : state_->outgoing)
    if (journal.device == state_->self.device())
      progress_.to_send += static_cast<std::int64_t>(journal.last_n - journal.after_n);
  state_->stage = State::Stage::transfer;
  if (Result<void> taken = take_page(answer->pull); !taken) return taken.error();
  return Step::more;
}

Result<Exchange::Step> Exchange::begin_epoch() {
  if (++state_->new_epochs > 2)
    return Error{ErrorCode::damaged,
                 "this laptop's journal and central's do not fit, even in a new epoch: tell the office"};
  report_.new_epoch = true;
  give_up();
  if (Result<void> started = store_.start_epoch(); !started) return started.error();
  state_->stage = State::Stage::hello;
  return Step::more;
}

Result<void> Exchange::launch_push() {
  State::Outgoing& next = state_->outgoing.front();
  // The segment is cut by what it takes on the wire; the last attempt's page is the one to send.
  Bytes packed;
  const auto pack = [&packed](const Segment& attempt) {
    packed = encode_page({{attempt}, {}});
    return packed.size();
  };
  Result<std::optional<Segment>> segment = std::optional<Segment>();
  if (next.after_n < next.last_n) segment = store_.next_segment(next.device, next.epoch, next.after_n, pack);
  if (!segment) return segment.error();
  if (!*segment) {
    state_->outgoing.pop_front();
    return {};
  }
  const bool own = next.device == state_->self.device();
  next.after_n = (*segment)->last();
  if (own) {
    // A pull that is sent after this need not bring it back: central has taken it in before it answers.
    HeldJournal& holds = state_->holds[next.epoch];
    holds.epoch = next.epoch;
    if ((*segment)->first <= holds.n + 1 && holds.n < next.after_n) {
      holds.n = next.after_n;
      holds.chain = (*segment)->end();
    }
  }
  Page page;
  if (packed.empty()) page.segments.push_back(**std::move(segment));  // signed before, or another's
  if (!own) {
    const Result<std::optional<Certificate>> certificate = store_.certificate(next.device);
    if (!certificate) return certificate.error();
    if (*certificate) page.certificates.push_back(**certificate);
  }
  send(path::push, packed.empty() ? encode_page(page) : std::move(packed));
  state_->in_flight.push_back(own ? State::InFlight::own_push : State::InFlight::foreign_push);
  return {};
}

Result<Exchange::Step> Exchange::take_push_answer(const Response& response, bool own) {
  progress_.phase = ExchangeProgress::Phase::sending;
  const Result<PushAnswer> answer = decode_push_answer(response.body);
  if (!answer)
    return Error{ErrorCode::not_central, "central's answer to a push cannot be read: " + answer.error().message};
  if (answer->fork) return begin_epoch();
  for (const Receipt& receipt : answer->receipts) {
    const Result<void> taken = store_.take_receipt(receipt);
    if (!taken && (own || taken.error().code != ErrorCode::untrusted)) return taken.error();
    if (own) {
      const auto entries = static_cast<std::int64_t>(receipt.last - receipt.first + 1);
      report_.sent += entries;
      progress_.sent += entries;
      for (const Receipt::Exception& exception : receipt.exceptions)
        (exception.outcome == Outcome::held ? report_.held : report_.refused) += 1;
    }
  }
  return Step::more;
}

Result<Exchange::Step> Exchange::take_pull_answer(const Response& response) {
  const Result<PullAnswer> answer = decode_pull_answer(response.body);
  if (!answer) return Error{ErrorCode::not_central, "a page from central cannot be read: " + answer.error().message};
  if (Result<void> taken = take_page(*answer); !taken) return taken.error();
  return Step::more;
}

Result<void> Exchange::take_page(const PullAnswer& answer) {
  progress_.phase = ExchangeProgress::Phase::receiving;
  if (!verify_pull(answer, state_->self.central.receipts))
    return Error{ErrorCode::untrusted, "a page that central did not sign: nothing of it was taken in"};
  const Result<Page> page = decode_page(answer.page);
  if (!page) return page.error();
  // Central packs the next page while this one is taken in. Should that fail, the next exchange begins at the cursor
  // that was kept.
  state_->cursor = answer.cursor;
  state_->pulled_all = answer.left == 0;
  if (Result<void> launched = launch(); !launched) return launched;
  if (Result<void> kept = store_.keep_certificates(page->certificates); !kept) return kept.error();
  const Result<std::int64_t> added = store_.take_segments(page->segments, answer.cursor);
  if (!added) return added.error();
  if (Result<void> taken = take_file_news(store_, state_->waits_for, answer.files, answer.lacking); !taken)
    return taken;
  report_.received += *added;
  progress_.received += *added;
  progress_.to_receive = progress_.received + static_cast<std::int64_t>(answer.left);
  return {};
}

Result<Exchange::Step> Exchange::end_transfer() {
  if (state_->offering)
    if (Result<void> offered = store_.offered_all(); !offered) return offered.error();
  if (Result<void> kept = store_.set_last_sync({store_.environment().clock.now_ms(), report_.clock_offset_ms}); !kept)
    return kept.error();
  state_->files = std::make_unique<AttachmentExchange>(
      store_, device_id_of(state_->self.central.receipts),
      [this](const char* path, Bytes body) { return ask(path, std::move(body)); });
  state_->stage = State::Stage::files;
  return exchange_files();
}

Result<Exchange::Step> Exchange::exchange_files() {
  progress_.phase = ExchangeProgress::Phase::files;
  const AttachmentCounts before = state_->files->counts();
  const Result<AttachmentExchange::Step> done = state_->files->step();
  if (!done) return begin_again_or(done.error());
  state_->handshakes = 1;  // what works is no reason to give up when the token runs out later
  report_.files_sent += state_->files->counts().sent - before.sent;
  report_.files_received += state_->files->counts().received - before.received;
  if (*done == AttachmentExchange::Step::more) return Step::more;
  state_->stage = State::Stage::done;
  progress_.phase = ExchangeProgress::Phase::done;
  return Step::done;
}

}  // namespace fieldpost
