// The side of Store that sync talks to: segments out and in, receipts, cursor, incarnation.
#include <fmt/format.h>

#include "shared/foundation/compress.h"
#include "shared/foundation/limits.h"
#include "shared/storage/store_state.h"

namespace fieldpost {

namespace {

/// A segment over these entries that fits a page when compressed; `entries` holds one at least.
Segment fitting_segment(Segment segment) {
  if (segment.entries.size() > limits::segment_entries_max) segment.entries.resize(limits::segment_entries_max);
  while (segment.entries.size() > 1) {
    CborWriter out;
    write_segment(out, segment);
    const std::size_t size = compress(out.result(), page_compression_level).size();
    if (size + page_frame_bytes <= limits::page_bytes_max) break;
    // Changes of one journal are much alike: the share that fits is close to the share of the bytes.
    const std::size_t fits = segment.entries.size() * (limits::page_bytes_max - page_frame_bytes) / size;
    segment.entries.resize(std::clamp<std::size_t>(fits, 1, segment.entries.size() - 1));
  }
  return segment;
}

}  // namespace

Result<std::vector<JournalPosition>> Store::own_positions() {
  return guarded([&] {
    const Identity self = state_->enrolled();
    std::vector<JournalPosition> out;
    const State::Tail tail = state_->tail(self);
    Statement statement = state_->database->prepare(
        "SELECT p.number, p.epoch, (SELECT max(n) FROM entry e WHERE e.epoch = p.number) FROM epoch p WHERE p.device = ?"
        " ORDER BY p.number");
    statement.bind(self.device());
    while (statement.step()) {
      const Journal::EpochRow epoch{statement.integer(0), self.device(), statement.id<EpochId>(1)};
      if (epoch.epoch == tail.epoch) continue;
      const std::uint64_t n = statement.is_null(2) ? 0 : static_cast<std::uint64_t>(statement.integer(2));
      const auto chain = state_->journal.chain_at(self.deployment(), epoch, n);
      if (n > 0 && chain) out.push_back({epoch.epoch, n, *chain});
    }
    out.push_back({tail.epoch, tail.n, tail.chain});
    return out;
  });
}

Result<std::vector<JournalPosition>> Store::receipted_positions() {
  return guarded([&] {
    const Identity self = state_->enrolled();
    std::vector<JournalPosition> out;
    Statement statement = state_->database->prepare(
        "SELECT p.epoch, coalesce((SELECT min(n) - 1 FROM entry e WHERE e.epoch = p.number AND (e.outcome IS NULL OR e.outcome = 1)),"
        " (SELECT max(n) FROM entry e WHERE e.epoch = p.number), 0) FROM epoch p WHERE p.device = ? ORDER BY p.number");
    statement.bind(self.device());
    while (statement.step())
      out.push_back({statement.id<EpochId>(0), static_cast<std::uint64_t>(statement.integer(1)), {}});
    return out;
  });
}

Result<bool> Store::has_open_entries(const EpochId& epoch) {
  return guarded([&] {
    const Identity self = state_->enrolled();
    return state_->database
        ->integer("SELECT 1 FROM entry WHERE epoch = ? AND outcome IS NULL LIMIT 1",
                  state_->journal.epoch_number(self.device(), epoch))
        .has_value();
  });
}

Result<std::optional<Digest>> Store::own_chain_at(const EpochId& epoch, std::uint64_t n) {
  return guarded([&] {
    const Identity self = state_->enrolled();
    const std::int64_t number = state_->journal.epoch_number(self.device(), epoch);
    return state_->journal.chain_at(self.deployment(), {number, self.device(), epoch}, n);
  });
}

Result<std::vector<Store::ForeignJournal>> Store::foreign_journals() {
  return guarded([&] {
    const Identity self = state_->enrolled();
    std::vector<ForeignJournal> out;
    Statement statement = state_->database->prepare(
        "SELECT p.device, p.epoch, max(s.last) FROM epoch p JOIN segment s ON s.epoch = p.number"
        " WHERE p.device <> ? GROUP BY p.number ORDER BY p.number");
    statement.bind(self.device());
    while (statement.step())
      out.push_back({statement.id<DeviceId>(0), statement.id<EpochId>(1), static_cast<std::uint64_t>(statement.integer(2))});
    return out;
  });
}

Result<std::optional<Segment>> Store::next_segment(const DeviceId& device, const EpochId& epoch_id,
                                                   std::uint64_t after_n) {
  return guarded([&]() -> std::optional<Segment> {
    const Identity self = state_->enrolled();
    const auto all = [](const Journal::Entry&) { return true; };
    Transaction transaction(*state_->database);
    Journal& journal = state_->journal;
    const Journal::EpochRow epoch{journal.epoch_number(device, epoch_id), device, epoch_id};
    const std::uint64_t next = after_n + 1;
    if (const auto kept = journal.segment_at(epoch.number, next)) return journal.read_segment(epoch, *kept, all);
    if (device != self.device()) {
      const std::vector<Journal::SegmentRow> later = journal.segments(epoch.number, next);
      if (later.empty()) return std::nullopt;
      return journal.read_segment(epoch, later.front(), all);
    }
    const auto start = journal.chain_at(self.deployment(), epoch, after_n);
    if (!start) throw SqlError(Error{ErrorCode::damaged, "this laptop's journal lacks entries before the unsent ones"});
    Segment segment;
    segment.device = device;
    segment.epoch = epoch_id;
    segment.first = next;
    segment.start = *start;
    std::size_t bytes = 0;
    for (const Journal::Entry& entry : journal.entries(epoch.number, next, after_n + limits::segment_entries_max)) {
      if (entry.n != segment.first + segment.entries.size()) break;
      const Bytes stored = journal.read_stored(*entry.change);
      bytes += stored.size();
      // No page holds more than this, however well it compresses.
      if (!segment.entries.empty() && bytes > limits::page_expanded_bytes_max / 2) break;
      Result<Change> change = decode_change(stored);
      if (!change) throw SqlError(Error{ErrorCode::damaged, "a change in the journal cannot be read"});
      segment.entries.push_back({entry.id, *std::move(change)});
    }
    if (segment.entries.empty()) return std::nullopt;
    segment = fitting_segment(std::move(segment));
    sign_segment(segment, state_->device_key());
    journal.keep_segment(epoch.number, {segment.first, segment.last(), segment.start, segment.signature});
    transaction.commit();
    return segment;
  });
}

Result<void> Store::start_epoch() {
  return guarded([&] {
    const Identity self = state_->enrolled();
    Transaction transaction(*state_->database);
    std::vector<std::pair<std::int64_t, Journal::Entry>> open;
    for (const Journal::EpochRow& epoch : state_->journal.epochs()) {
      if (epoch.device != self.device()) continue;
      Statement statement =
          state_->database->prepare("SELECT n FROM entry WHERE epoch = ? AND outcome IS NULL ORDER BY n");
      statement.bind(epoch.number);
      std::vector<std::uint64_t> places;
      while (statement.step()) places.push_back(static_cast<std::uint64_t>(statement.integer(0)));
      for (const std::uint64_t n : places) open.emplace_back(epoch.number, *state_->journal.entry(epoch.number, n));
    }
    State::Tail tail = state_->open_epoch(self);
    for (const auto& [epoch, entry] : open) {
      state_->append(tail, *entry.change, entry.id);
      state_->journal.set_outcome(epoch, entry.n, Outcome::duplicate);   // it stands in the new epoch now
    }
    state_->keep_tail(tail);
    transaction.commit();
  });
}

Result<void> Store::take_receipt(const Receipt& receipt) {
  return guarded([&]() -> Result<void> {
    const Identity self = state_->enrolled();
    const Error untrusted{ErrorCode::untrusted, "a receipt that central did not sign, or for another laptop"};
    if (!verify_receipt(receipt, self.central.receipts) || receipt.deployment != self.deployment() ||
        receipt.device != self.device() || receipt.first == 0 || receipt.first > receipt.last)
      return untrusted;
    Transaction transaction(*state_->database);
    const auto incarnation = state_->meta("incarnation");
    if (!incarnation || BytesView(*incarnation).size() != Incarnation::size ||
        *Incarnation::from_bytes(*incarnation) != receipt.incarnation)
      return Error{ErrorCode::untrusted, "a receipt of another incarnation of central"};
    const Journal::EpochRow epoch{state_->journal.epoch_number(self.device(), receipt.epoch), self.device(), receipt.epoch};
    const auto chain = state_->journal.chain_at(self.deployment(), epoch, receipt.last);
    if (!chain || *chain != receipt.chain) return untrusted;
    state_->database->run(
        "UPDATE entry SET outcome = 0, reason = 0 WHERE epoch = ? AND n BETWEEN ? AND ? AND outcome IS NOT 1"
        " AND outcome IS NOT 0",
        epoch.number, receipt.first, receipt.last);
    for (const Receipt::Exception& exception : receipt.exceptions)
      if (exception.n >= receipt.first && exception.n <= receipt.last)
        state_->journal.set_outcome(epoch.number, exception.n, exception.outcome, exception.reason);
    // A receipt for a longer run says all that the shorter ones inside it said.
    state_->database->run("DELETE FROM receipt WHERE epoch = ? AND last >= ? AND last <= ?", epoch.number, receipt.first,
                          receipt.last);
    state_->database->run("INSERT INTO receipt (epoch, last, stored) VALUES (?, ?, ?)", epoch.number, receipt.last,
                          encode_receipt(receipt));
    transaction.commit();
    return {};
  });
}

Result<std::int64_t> Store::take_segments(const std::vector<Segment>& segments, BytesView cursor) {
  return guarded([&]() -> Result<std::int64_t> {
    const Identity self = state_->enrolled();
    for (const Segment& segment : segments) {
      std::optional<PublicKey> key;
      if (segment.device == self.device()) key = self.certificate.key;
      else if (segment.device == device_id_of(self.central.receipts)) key = self.central.receipts;
      else if (const auto certificate = state_->certificate(segment.device)) key = certificate->key;
      if (!key || !verify_segment(segment, *key))
        return Error{ErrorCode::untrusted,
                     fmt::format("a segment of device {} whose signature does not verify: the page was not taken in",
                                 text(segment.device))};
    }
    std::int64_t added = 0;
    std::size_t in_transaction = 0;
    std::optional<Transaction> transaction;
    std::set<RecordId> touched;
    transaction.emplace(*state_->database);
    const auto close = [&] {
      for (const RecordId& record : touched) state_->view.apply(record, state_->journal);
      touched.clear();
      in_transaction = 0;
    };
    for (const Segment& segment : segments) {
      const std::int64_t epoch = state_->journal.epoch_number(segment.device, segment.epoch);
      const bool own = segment.device == self.device();
      for (std::size_t i = 0; i < segment.entries.size(); ++i) {
        const SegmentEntry& entry = segment.entries[i];
        const std::uint64_t n = segment.first + i;
        if (!entry.change) {
          state_->journal.place_id(epoch, n, entry.id);
          continue;
        }
        if (in_transaction == limits::apply_changes_max) {
          close();
          transaction->commit();
          transaction.emplace(*state_->database);
        }
        std::optional<ChangeNumber> number = state_->journal.find(entry.change->record, entry.id);
        if (!number) {
          number = state_->journal.add(*entry.change, encode_change(*entry.change));
          touched.insert(entry.change->record);
          ++added;
          ++in_transaction;
        }
        const std::optional<Journal::Entry> there = state_->journal.entry(epoch, n);
        // Central only hands out what it has committed; an own change that comes back is one that was lost here.
        const bool other = there && there->id != entry.id;
        if (!there || !there->change || (own && other && there->outcome == Outcome::duplicate)) {
          if (other) state_->journal.forget_segments(epoch, n);   // own entries that were moved to a new epoch
          state_->journal.place(epoch, n, *number, Outcome::committed);
        } else if (own && !other && there->outcome != Outcome::committed) {
          state_->journal.set_outcome(epoch, n, Outcome::committed);
        }
      }
      state_->journal.keep_segment(epoch, {segment.first, segment.last(), segment.start, segment.signature});
    }
    close();
    if (!cursor.empty()) state_->set_meta("cursor", cursor);
    transaction->commit();
    return added;
  });
}

Result<Bytes> Store::cursor() {
  return guarded([&] { return state_->meta("cursor").value_or(Bytes{}); });
}

Result<std::optional<Incarnation>> Store::incarnation() {
  return guarded([&]() -> std::optional<Incarnation> {
    const auto kept = state_->meta("incarnation");
    if (!kept) return std::nullopt;
    const Result<Incarnation> incarnation = Incarnation::from_bytes(*kept);
    if (!incarnation) throw SqlError(incarnation.error());
    return *incarnation;
  });
}

Result<void> Store::set_incarnation(const Incarnation& incarnation) {
  return guarded([&] {
    Transaction transaction(*state_->database);
    const bool first = !state_->meta("incarnation");
    state_->set_meta("incarnation", incarnation.view());
    if (!first) {
      const Identity self = state_->enrolled();
      state_->drop_meta("cursor");
      state_->database->run(
          "UPDATE entry SET outcome = NULL, reason = 0 WHERE outcome IS NOT 1 AND epoch IN"
          " (SELECT number FROM epoch WHERE device = ?)",
          self.device());
      state_->database->execute("DELETE FROM receipt");
      state_->set_meta("must_offer", view_of("1"));
    }
    transaction.commit();
  });
}

Result<bool> Store::must_offer() {
  return guarded([&] { return state_->meta("must_offer").has_value(); });
}
Result<void> Store::offered_all() {
  return guarded([&] { state_->drop_meta("must_offer"); });
}

Result<std::optional<Store::LastSync>> Store::last_sync() {
  return guarded([&]() -> std::optional<LastSync> {
    const auto kept = state_->meta("last_sync");
    if (!kept) return std::nullopt;
    CborReader in(*kept);
    LastSync sync;
    in.array_of(2);
    sync.at = in.integer();
    sync.clock_offset_ms = in.integer();
    return sync;
  });
}

Result<void> Store::set_last_sync(const LastSync& sync) {
  return guarded([&] {
    CborWriter out;
    out.array(2).integer(sync.at).integer(sync.clock_offset_ms);
    state_->set_meta("last_sync", out.result());
  });
}

}  // namespace fieldpost
