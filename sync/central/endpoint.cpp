#include "sync/central/endpoint.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/foundation/compress.h"
#include "shared/foundation/limits.h"
#include "sync/central/commit.h"
#include "sync/central/scope.h"

namespace fieldpost {

namespace {

constexpr std::string_view challenge_label = "challenge";
constexpr std::string_view token_label = "token";
constexpr std::string_view colleagues_feed = "colleagues";  // in a cursor: the newest certificate told, its issued_at
constexpr std::size_t feed_rows_at_once = 512;
// Raw bytes of one pull page: compressed they stay under the page's bound; a single larger segment goes alone.
constexpr std::size_t pull_raw_bytes = 110 << 10;

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::malformed:
    case ErrorCode::invalid_argument: return 400;
    case ErrorCode::untrusted: return 401;
    case ErrorCode::forbidden:
    case ErrorCode::ticket_expired:
    case ErrorCode::ticket_used: return 403;
    case ErrorCode::not_found: return 404;
    case ErrorCode::already_exists: return 409;
    case ErrorCode::out_of_bounds: return 413;
    case ErrorCode::busy: return 503;
    case ErrorCode::disk_full: return 507;
    default: return 500;
  }
}

/// cursor = [ incarnation: bytes8, [ [ feed: text, position: int ] … ] ]: where this laptop stands in each feed.
struct Cursor {
  Incarnation incarnation;
  std::map<std::string, std::int64_t> positions;
};
Bytes encode_cursor(const Cursor& cursor) {
  CborWriter out;
  out.array(2).bytes(cursor.incarnation.view()).array(cursor.positions.size());
  for (const auto& [feed, position] : cursor.positions) out.array(2).text(feed).integer(position);
  return std::move(out).result();
}
Cursor decode_cursor(BytesView bytes) {
  CborReader in(bytes);
  Cursor cursor;
  in.array_of(2);
  cursor.incarnation = in.id<Incarnation>();
  const std::size_t feeds = in.array();
  for (std::size_t i = 0; i < feeds && in.ok(); ++i) {
    in.array_of(2);
    const std::string feed(in.text());
    cursor.positions[feed] = in.integer();
  }
  // An unreadable cursor starts from the beginning: repeating is harmless.
  if (!in.finish("a cursor")) return {};
  return cursor;
}

}  // namespace

Response Endpoint::handle(const Request& request) {
  Result<Bytes> answer = Error{ErrorCode::not_found, "no such request"};
  if (request.path == path::hello)
    answer = hello();
  else if (request.path == path::enrol)
    answer = enrol(request.body);
  else if (request.path == path::handshake)
    answer = handshake(request.body);
  else if (request.path == path::push)
    answer = push(request);
  else if (request.path == path::pull)
    answer = pull(request);
  else if (request.path == path::attachments)
    answer = tell_positions(request);
  else if (request.path == path::attachment_put)
    answer = put_chunk(request);
  else if (request.path == path::attachment_fetch)
    answer = fetch_chunk(request);
  if (answer) return {200, *std::move(answer), 0};
  const Error& error = answer.error();
  const int status = status_of(error.code);
  return {status, encode(Refusal{code_name(error.code), error.message}), status == 503 ? 5 : 0};
}

Incarnation Endpoint::incarnation(Tx& tx) {
  const auto kept = tx.meta(incarnation_key);
  ensure(kept && kept->size() == Incarnation::size, "central has an incarnation");
  return *Incarnation::from_bytes(*kept);
}

// ---- Hello and enrolment ------------------------------------------------------------------------------------------

Result<Bytes> Endpoint::hello() {
  HelloAnswer answer;
  answer.deployment = deployment_id_of(keys_.deployment.public_key());
  answer.time = clock_.now_ms();
  CborWriter challenge;
  challenge.array(2).text(challenge_label).integer(answer.time + limits::token_life_ms);
  answer.challenge = encrypt(keys_.token, challenge.result(), {}, random_);
  const Result<void> done = backend_.read([&](Tx& tx) -> Result<void> {
    answer.incarnation = incarnation(tx);
    return {};
  });
  if (!done) return done.error();
  return encode(answer);
}

Result<Bytes> Endpoint::enrol(BytesView body) {
  const Result<EnrolRequest> request = decode_enrol_request(body);
  if (!request) return request.error();
  if (!verify_enrol(*request)) return Error{ErrorCode::untrusted, "the laptop did not prove its key"};
  EnrolAnswer answer;
  answer.statement = keys_.statement();
  const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
    std::optional<TicketRow> ticket = tx.ticket(sha256(request->secret));
    if (!ticket) return Error{ErrorCode::forbidden, "this ticket is not known here: ask the office for a new one"};
    const DeviceId id = device_id_of(request->key);
    if (ticket->used_by && *ticket->used_by != id)
      return Error{ErrorCode::ticket_used,
                   "this ticket has enrolled another laptop already: ask the office for a new one"};
    if (ticket->used_by) {
      // The answer was lost on its way, or a person has approved meanwhile: say the same again.
      const std::optional<DeviceRow> device = tx.device(id);
      if (device && !device->waiting) answer.certificate = device->certificate;
      return {};
    }
    if (clock_.now_ms() > ticket->expires_at)
      return Error{ErrorCode::ticket_expired, "this ticket was valid for one day: ask the office for a new one"};
    DeviceRow device;
    device.certificate.key = request->key;
    device.certificate.unit = ticket->unit;
    device.certificate.role = ticket->role;
    // One person stays one author on every laptop they are given.
    for (const DeviceRow& other : tx.devices())
      if (other.certificate.user_name == ticket->name && other.certificate.unit == ticket->unit)
        device.certificate.user = other.certificate.user;
    if (device.certificate.user.is_nil()) device.certificate.user = new_uuid<UserId>(clock_, random_);
    device.certificate.user_name = ticket->name;
    device.certificate.issued_at = clock_.now_ms();
    device.waiting = ticket->needs_approval;
    if (!device.waiting) {
      sign_certificate(device.certificate, keys_.deployment);
      answer.certificate = device.certificate;
    }
    tx.put_device(device);
    ticket->used_by = id;
    tx.put_ticket(*ticket);
    if (ticket->role == Role::partner) Committer(tx, keys_, *catalogue(tx)).introduce_partner(ticket->unit);
    return {};
  });
  if (!done) return done.error();
  return encode(answer);
}

// ---- Handshake ----------------------------------------------------------------------------------------------------

std::string Endpoint::make_token(Tx& tx, const DeviceId& device, std::int64_t clock_offset_ms) {
  CborWriter token;
  token.array(5).text(token_label).bytes(device.view()).bytes(incarnation(tx).view());
  token.integer(clock_.now_ms() + limits::token_life_ms).integer(clock_offset_ms);
  return to_base64url(encrypt(keys_.token, token.result(), {}, random_));
}

Result<Endpoint::Caller> Endpoint::caller(Tx& tx, std::string_view token) {
  const Error stale{ErrorCode::untrusted, "the handshake is too old: begin the exchange anew"};
  const Result<Bytes> sealed = from_base64url(token);
  if (!sealed) return stale;
  const Result<Bytes> plain = decrypt(keys_.token, *sealed, {});
  if (!plain) return stale;
  CborReader in(*plain);
  in.array_of(5);
  if (in.text() != token_label) in.fail("another kind of token");
  const DeviceId id = in.id<DeviceId>();
  const Incarnation then = in.id<Incarnation>();
  const std::int64_t until = in.integer(), clock_offset_ms = in.integer();
  if (!in.finish("a token") || then != incarnation(tx) || clock_.now_ms() > until) return stale;
  std::optional<DeviceRow> device = tx.device(id);
  if (!device) return stale;
  return Caller{*std::move(device), id, clock_offset_ms};
}

Receipt Endpoint::receipt_for(Tx& tx, const DeviceId& device, const EpochId& epoch, std::uint64_t first,
                              std::uint64_t last) {
  Receipt receipt;
  receipt.deployment = deployment_id_of(keys_.deployment.public_key());
  receipt.incarnation = incarnation(tx);
  receipt.device = device;
  receipt.epoch = epoch;
  receipt.first = first;
  receipt.last = last;
  receipt.chain = tx.chain_at(receipt.deployment, device, epoch, last).value_or(Digest{});
  for (const EntryRow& entry : tx.exceptions(device, epoch, first, last))
    receipt.exceptions.push_back({entry.n, entry.outcome, entry.reason});
  receipt.at = clock_.now_ms();
  sign_receipt(receipt, keys_.receipts);
  return receipt;
}

Receipt Endpoint::receipt_for_adopted(Tx& tx, const Segment& segment) {
  // Central's own line of this epoch is another one: the receipt names the chain of the one that came.
  Receipt receipt = receipt_for(tx, segment.device, segment.epoch, segment.first, segment.last());
  receipt.chain = segment.end();
  receipt.exceptions.clear();
  for (std::size_t i = 0; i < segment.entries.size(); ++i) {
    const SegmentEntry& entry = segment.entries[i];
    const std::uint64_t n = segment.first + i;
    if (!entry.change) {
      receipt.exceptions.push_back({n, Outcome::held, Reason::missing});
      continue;
    }
    const std::optional<CommitNumber> number = tx.find(entry.change->record, entry.id);
    if (number && tx.counts(*number)) continue;
    Reason reason = Reason::record_delayed;
    for (const HeldRow& held : tx.held(entry.change->record))
      if (number && held.number == *number) reason = held.reason;
    receipt.exceptions.push_back({n, Outcome::held, reason});
  }
  sign_receipt(receipt, keys_.receipts);
  return receipt;
}

Result<Bytes> Endpoint::handshake(BytesView body) {
  const Result<HandshakeRequest> request = decode_handshake_request(body);
  if (!request) return request.error();
  const Result<Bytes> challenge = decrypt(keys_.token, request->challenge, {});
  const Error stale{ErrorCode::untrusted, "the challenge is too old: begin the exchange anew"};
  if (!challenge) return stale;
  CborReader in(*challenge);
  in.array_of(2);
  if (in.text() != challenge_label) in.fail("another kind of token");
  const std::int64_t until = in.integer();
  if (!in.finish("a challenge") || clock_.now_ms() > until) return stale;

  HandshakeAnswer answer;
  std::optional<DeviceRow> caller;
  answer.time = clock_.now_ms();
  const DeploymentId deployment = deployment_id_of(keys_.deployment.public_key());
  const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
    std::optional<DeviceRow> device = tx.device(request->device);
    if (!device)
      return Error{ErrorCode::forbidden, "central does not know this laptop: it was rebuilt, or this is another one"};
    if (!verify_handshake(*request, device->certificate.key))
      return Error{ErrorCode::untrusted, "the laptop did not prove its key"};
    if (device->waiting)
      return Error{ErrorCode::forbidden, "this laptop waits for approval: read its fingerprint to the office"};
    device->last_seen = clock_.now_ms();
    tx.put_device(*device);
    answer.token = make_token(tx, request->device, request->time - answer.time);
    answer.incarnation = incarnation(tx);
    answer.certificate = device->certificate;
    tell_known(tx, request->device, request->own, answer.known, answer.receipts);
    for (const ForeignPosition& foreign : request->foreign) {
      // Where central's line has gone on further, it must still be the same line: a copied laptop may have another.
      JournalPosition known = tx.position(deployment, foreign.device, foreign.epoch);
      if (known.n >= foreign.n) {
        const bool same = tx.chain_at(deployment, foreign.device, foreign.epoch, foreign.n) == foreign.chain;
        known =
            same ? JournalPosition{foreign.epoch, foreign.n, foreign.chain} : JournalPosition{foreign.epoch, 0, {}};
      }
      answer.foreign.push_back({foreign.device, foreign.epoch, known.n, known.chain});
    }
    caller = *std::move(device);
    return {};
  });
  if (!done) return done.error();
  NextPage next;
  const Result<void> read = backend_.read([&](Tx& tx) -> Result<void> {
    Result<NextPage> page = next_page(tx, *caller, request->pull);
    if (!page) return page.error();
    next = *std::move(page);
    return {};
  });
  if (!read) return read.error();
  answer.pull = pack(std::move(next));
  return encode(answer);
}

void Endpoint::tell_known(Tx& tx, const DeviceId& device, const std::vector<JournalPosition>& own,
                          std::vector<JournalPosition>& known, std::vector<Receipt>& receipts) {
  const DeploymentId deployment = deployment_id_of(keys_.deployment.public_key());
  for (const JournalPosition& epoch : own) {
    known.push_back(tx.position(deployment, device, epoch.epoch));
    if (known.back().n > 0) receipts.push_back(receipt_for(tx, device, epoch.epoch, 1, known.back().n));
  }
}

// ---- Push ---------------------------------------------------------------------------------------------------------

Result<Bytes> Endpoint::push(const Request& request) {
  const Result<Page> page = decode_page(request.body);
  PushAnswer answer;
  const Result<void> done = backend_.write([&](Tx& tx) -> Result<void> {
    const Result<Caller> from = caller(tx, request.token);
    if (!from) return from.error();
    if (page)
      answer = take_page(tx, from->device, *page, Forks::refused, from->clock_offset_ms);
    else  // whatever it is, it is kept: refused data never falls into a hole
      tx.keep_refused(from->id, request.body, Reason::malformed, clock_.now_ms());
    return {};
  });
  if (!done) return done.error();
  if (!page) return page.error();
  return encode(answer);
}

PushAnswer Endpoint::take_page(Tx& tx, const DeviceRow& from, const Page& page, Forks own_forks,
                               std::optional<std::int64_t> clock_offset_ms) {
  PushAnswer answer;
  const DeploymentId deployment = deployment_id_of(keys_.deployment.public_key());
  const DeviceId central = device_id_of(keys_.receipts.public_key());
  const std::shared_ptr<const Catalogue> forms = catalogue(tx);
  Committer committer(tx, keys_, *forms);
  // A central that was rebuilt learns its laptops from each other: the deployment key vouches for them.
  for (const Certificate& certificate : page.certificates)
    if (!tx.device(certificate.device()) && verify_certificate(certificate, keys_.deployment.public_key()))
      tx.put_device({certificate, false, false, 0});
  for (const Segment& segment : page.segments) {
    const std::optional<DeviceRow> writer = tx.device(segment.device);
    const bool own_words = segment.device == central;
    Reason fault = Reason::none;
    if (!writer && !own_words)
      fault = Reason::unknown_device;
    else if (!verify_segment(segment, own_words ? keys_.receipts.public_key() : writer->certificate.key))
      fault = Reason::bad_signature;
    if (fault != Reason::none) {
      CborWriter whole;
      write_segment(whole, segment);
      tx.keep_refused(from.certificate.device(), whole.result(), fault, clock_.now_ms());
      Receipt refused = receipt_for(tx, segment.device, segment.epoch, segment.first, segment.last());
      refused.chain = segment.end();
      refused.exceptions.clear();
      for (std::uint64_t n = segment.first; n <= segment.last(); ++n)
        refused.exceptions.push_back({n, Outcome::refused, fault});
      sign_receipt(refused, keys_.receipts);
      answer.receipts.push_back(std::move(refused));
      continue;
    }
    if (own_words) {
      for (std::size_t i = 0; i < segment.entries.size(); ++i) {
        const SegmentEntry& entry = segment.entries[i];
        if (entry.change)
          committer.take_back(from, {segment.device, segment.epoch, segment.first + i}, *entry.change, entry.stored);
        else
          tx.place_id(segment.device, segment.epoch, segment.first + i, entry.id);
      }
      tx.keep_segment(segment);
      // Whoever handed them back knows by this that they need not be handed back again.
      Receipt taken_back = receipt_for(tx, segment.device, segment.epoch, segment.first, segment.last());
      taken_back.chain = segment.end();
      sign_receipt(taken_back, keys_.receipts);
      answer.receipts.push_back(std::move(taken_back));
      continue;
    }
    // Of a colleague's clock nothing is known but when that laptop was enrolled.
    const bool hands_in_own = segment.device == from.certificate.device();
    committer.witness(
        {clock_.now_ms(), writer->certificate.issued_at, hands_in_own ? clock_offset_ms : std::nullopt});
    // The laptop that hands in after its revocation is held as a whole, whoever wrote.
    DeviceRow standing = *writer;
    standing.revoked = standing.revoked || from.revoked;
    if (tx.is_other_line(deployment, segment)) {
      if (segment.device == from.certificate.device() && own_forks == Forks::refused) {
        answer.fork = true;  // it moves what it has not handed in to a new epoch
        continue;
      }
      for (const SegmentEntry& entry : segment.entries)
        if (entry.change) committer.adopt(standing, *entry.change, entry.stored);
      answer.receipts.push_back(receipt_for_adopted(tx, segment));
      continue;
    }
    std::vector<bool> taken(segment.entries.size());  // by a change that is here already
    for (const EntryRow& there : tx.entries(segment.device, segment.epoch, segment.first, segment.last()))
      taken[static_cast<std::size_t>(there.n - segment.first)] = there.change.has_value();
    // The segment first: a partner's projection of the first entries may already read the journal's chain.
    tx.keep_segment(segment);
    for (std::size_t i = 0; i < segment.entries.size(); ++i) {
      const SegmentEntry& entry = segment.entries[i];
      if (taken[i]) continue;
      if (entry.change)
        committer.take(standing, {segment.device, segment.epoch, segment.first + i}, *entry.change, entry.stored);
      else
        tx.place_id(segment.device, segment.epoch, segment.first + i, entry.id);
    }
    answer.receipts.push_back(receipt_for(tx, segment.device, segment.epoch, segment.first, segment.last()));
  }
  // Handed back after a restore of central, a form lets go what waited for it.
  if (catalogue(tx) != forms) release_held(tx);
  return answer;
}

// ---- Pull ---------------------------------------------------------------------------------------------------------

Result<Bytes> Endpoint::pull(const Request& request) {
  const Result<PullRequest> asked = decode_pull_request(request.body);
  if (!asked) return asked.error();
  NextPage next;
  const Result<void> done = backend_.read([&](Tx& tx) -> Result<void> {
    const Result<Caller> from = caller(tx, request.token);
    if (!from) return from.error();
    Result<NextPage> page = next_page(tx, from->device, *asked);
    if (!page) return page.error();
    next = *std::move(page);
    return {};
  });
  if (!done) return done.error();
  return encode(pack(std::move(next)));
}

PullAnswer Endpoint::pack(NextPage next) const {
  PullAnswer answer;
  answer.page = encode_page(next.page);
  answer.cursor = std::move(next.cursor);
  answer.left = next.left;
  answer.files = std::move(next.files);
  answer.lacking = std::move(next.lacking);
  sign_pull(answer, keys_.receipts);
  return answer;
}

std::vector<std::string> Endpoint::feeds_of(Tx& tx, const DeviceRow& device) {
  const Certificate& certificate = device.certificate;
  std::vector<std::string> feeds;
  if (device.revoked) return feeds;
  feeds.push_back(std::string(definition_feed));  // before the records that need them
  const ReadScope scope = read_scope(certificate.role);
  if (scope.partner) {
    feeds.push_back(partner_feed(certificate.unit));
  } else if (scope.every_unit) {
    for (const std::string& feed : tx.feeds())
      for (const RecordClass record_class : scope.classes)
        if (is_unit_feed_of(feed, record_class)) feeds.push_back(feed);
  } else {
    for (const RecordClass record_class : scope.classes) feeds.push_back(unit_feed(certificate.unit, record_class));
  }
  return feeds;
}

Result<Endpoint::NextPage> Endpoint::next_page(Tx& tx, const DeviceRow& from, const PullRequest& asked) {
  const Certificate& certificate = from.certificate;
  // The cursor only says how far each feed was read.
  const std::vector<std::string> feeds = feeds_of(tx, from);
  Cursor cursor = decode_cursor(asked.cursor);
  const Incarnation now = incarnation(tx);
  if (cursor.incarnation != now) cursor = Cursor{now, {}};

  // What the laptop has of its own, where central stands on the same line: a copy of it may have handed in another.
  const DeploymentId deployment = deployment_id_of(keys_.deployment.public_key());
  std::map<EpochId, const HeldJournal*> same_line;  // of the epochs met so far; null: another line, or nothing
  const auto held_there = [&](const FeedRow& row) {
    if (row.device != certificate.device()) return false;
    const auto [found, is_new] = same_line.try_emplace(row.epoch, nullptr);
    if (is_new)
      for (const HeldJournal& holds : asked.holds)
        if (holds.epoch == row.epoch && tx.chain_at(deployment, row.device, row.epoch, holds.n) == holds.chain)
          found->second = &holds;
    const HeldJournal* holds = found->second;
    return holds != nullptr && row.n <= holds->n &&
           !std::binary_search(holds->exceptions.begin(), holds->exceptions.end(), row.n);
  };
  Page page;
  std::size_t raw = 0;
  bool full = false;
  std::set<DeviceId> devices;
  for (const std::string& feed : feeds) {
    std::int64_t& position = cursor.positions[feed];
    while (!full) {
      const std::vector<FeedRow> rows = tx.feed(feed, position, feed_rows_at_once);
      if (rows.empty()) break;
      std::size_t at = 0;
      while (at < rows.size()) {
        if (held_there(rows[at])) {
          position = rows[at++].position;
          continue;
        }
        // All rows of one segment that follow each other travel as one.
        std::set<std::uint64_t> wanted = {rows[at].n};
        const auto range = tx.extent(rows[at].device, rows[at].epoch, rows[at].n);
        if (!range) return Error{ErrorCode::damaged, "a segment that a feed names is not there"};
        // Asked before it is read: what does not fit any more is the next page's.
        if (!page.segments.empty() && raw + range->bytes > pull_raw_bytes) {
          full = true;
          break;
        }
        raw += range->bytes;
        std::size_t end = at + 1;
        while (end < rows.size() && rows[end].device == rows[at].device && rows[end].epoch == rows[at].epoch &&
               rows[end].n >= range->first && rows[end].n <= range->last)
          wanted.insert(rows[end++].n);
        std::optional<Segment> segment = tx.segment_with(rows[at].device, rows[at].epoch, rows[at].n,
                                                         [&](std::uint64_t n) { return wanted.contains(n); });
        if (!segment) return Error{ErrorCode::damaged, "a segment that a feed names is not there"};
        devices.insert(segment->device);
        page.segments.push_back(*std::move(segment));
        position = rows[end - 1].position;
        at = end;
      }
    }
    if (full) break;
  }
  if (!full && !from.revoked) {
    // Colleagues between whom a stick may go learn of each other before either has anything to tell.
    std::int64_t& told = cursor.positions[std::string(colleagues_feed)];
    std::int64_t newest = told;
    for (const DeviceRow& row : tx.devices()) {
      const Certificate& other = row.certificate;
      const bool near = may_hand_over(other.role, other.unit, certificate.role, certificate.unit) ||
                        may_hand_over(certificate.role, certificate.unit, other.role, other.unit);
      if (row.waiting || row.revoked || !near || other.issued_at <= told) continue;
      if (devices.size() < page_list_max) devices.insert(other.device());
      newest = std::max(newest, other.issued_at);
    }
    told = newest;
  }
  for (const DeviceId& device : devices)
    if (const std::optional<DeviceRow> row = tx.device(device)) page.certificates.push_back(row->certificate);
  std::uint64_t left = 0;
  if (full)
    for (const std::string& feed : feeds)
      left += static_cast<std::uint64_t>(tx.feed_end(feed) - cursor.positions[feed]);
  NextPage next{std::move(page), encode_cursor(cursor), left, {}, {}};
  for (const AttachmentId& id : asked.waits_for) next.files.push_back(position(tx, from, id));
  if (!full) next.lacking = lost_files_for(tx, from);
  return next;
}

}  // namespace fieldpost
