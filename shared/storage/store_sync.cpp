// The side of Store that sync talks to: segments out and in, receipts, cursor, incarnation.
#include <fmt/format.h>

#include "shared/foundation/limits.h"
#include "shared/storage/definitions.h"
#include "shared/storage/store_state.h"

namespace fieldpost {

namespace {

/// The change of an entry that was passed on undecoded.
Change change_in(const SegmentEntry& entry) {
  Result<Change> change = decode_change(entry.stored);
  if (!change || change->id != entry.id)
    throw SqlError(Error{ErrorCode::malformed, "a change whose bytes are not what its id says"});
  return *std::move(change);
}

}  // namespace

Result<std::vector<JournalPosition>> Store::own_positions() {
  return guarded([&] {
    const Identity self = state_->enrolled();
    std::vector<JournalPosition> out;
    const State::Tail tail = state_->tail(self);
    JournalPosition current{tail.epoch, tail.n, tail.chain};
    Statement statement = state_->database->prepare(
        "SELECT p.number, p.epoch, (SELECT max(n) FROM entry e WHERE e.epoch = p.number) FROM epoch p WHERE p.device "
        "= ?"
        " ORDER BY p.number");
    statement.bind(self.device());
    while (statement.step()) {
      const Journal::EpochRow epoch{statement.integer(0), self.device(), statement.id<EpochId>(1)};
      const std::uint64_t n = statement.is_null(2) ? 0 : static_cast<std::uint64_t>(statement.integer(2));
      const auto chain = state_->journal.chain_at(self.deployment(), epoch, n);
      if (epoch.epoch != tail.epoch) {
        if (n > 0 && chain) out.push_back({epoch.epoch, n, *chain});
      } else if (n > tail.n && chain) {
        current = {epoch.epoch, n, *chain};  // this laptop was restored, and others gave back what it wrote since
      }
    }
    out.push_back(current);
    return out;
  });
}

Result<std::vector<Store::Receipted>> Store::receipted() {
  return guarded([&] {
    const Identity self = state_->enrolled();
    std::vector<Receipted> out;
    for (const Journal::EpochRow& epoch : state_->journal.epochs()) {
      if (epoch.device != self.device()) continue;
      // Without a gap: after a restore, own entries come back feed by feed, later places before earlier ones.
      Receipted& held = out.emplace_back();
      held.epoch = epoch.epoch;
      const std::uint64_t covered = state_->journal.covered(epoch.number);
      held.n = covered;
      {
        Statement unsettled = state_->database->prepare(
            "SELECT n, change IS NOT NULL AND outcome >= 2 FROM entry INDEXED BY entry_unsettled"
            " WHERE epoch = ? AND n <= ?"
            " AND (change IS NULL OR outcome IS NULL OR outcome >= 1) ORDER BY n");
        unsettled.bind(epoch.number, covered);
        while (held.n == covered && unsettled.step()) {
          const auto n = static_cast<std::uint64_t>(unsettled.integer(0));
          if (unsettled.integer(1) != 0)
            held.exceptions.push_back(n);
          else
            held.n = n - 1;
        }
      }
      if (held.n < covered) continue;
      Statement statement = state_->database->prepare(
          "SELECT n, change IS NOT NULL AND outcome IS NOT NULL AND outcome <> 1, outcome >= 2 FROM entry WHERE "
          "epoch = ? AND n > ? ORDER BY n");
      statement.bind(epoch.number, covered);
      while (statement.step() && static_cast<std::uint64_t>(statement.integer(0)) == held.n + 1 &&
             statement.integer(1) != 0) {
        ++held.n;
        if (statement.integer(2) != 0) held.exceptions.push_back(held.n);
      }
    }
    return out;
  });
}

Result<bool> Store::has_open_entries(const EpochId& epoch) {
  return guarded([&] {
    const Identity self = state_->enrolled();
    return state_->database
        ->integer(
            "SELECT 1 FROM entry INDEXED BY entry_unsettled WHERE epoch = ? AND outcome IS NULL"
            " AND (change IS NULL OR outcome IS NULL OR outcome >= 1) LIMIT 1",
            state_->journal.epoch_number(self.device(), epoch))
        .has_value();
  });
}

Result<bool> Store::holds_own_change(const EpochId& epoch, std::uint64_t n) {
  return guarded([&] {
    const Identity self = state_->enrolled();
    const auto entry = state_->journal.entry(state_->journal.epoch_number(self.device(), epoch), n);
    return entry && entry->change && entry->outcome != Outcome::duplicate;
  });
}

Result<std::optional<Digest>> Store::chain_at(const DeviceId& device, const EpochId& epoch, std::uint64_t n) {
  return guarded([&] {
    const Identity self = state_->enrolled();
    const std::int64_t number = state_->journal.epoch_number(device, epoch);
    return state_->journal.chain_at(self.deployment(), {number, device, epoch}, n);
  });
}

Result<std::vector<Store::ForeignJournal>> Store::foreign_journals(Foreign which) {
  return guarded([&] {
    const Identity self = state_->enrolled();
    std::vector<ForeignJournal> out;
    Statement statement = state_->database->prepare(
        "SELECT p.number, p.device, p.epoch, max(s.last), (SELECT min(e.n) FROM entry e INDEXED BY entry_unsettled "
        "WHERE e.epoch = p.number"
        " AND e.outcome IS NULL AND e.change IS NOT NULL"
        " AND (e.change IS NULL OR e.outcome IS NULL OR e.outcome >= 1)) FROM epoch p JOIN segment s ON s.epoch = "
        "p.number"
        " WHERE p.device <> ? AND (? OR EXISTS"
        " (SELECT 1 FROM entry e INDEXED BY entry_unsettled WHERE e.epoch = p.number AND e.outcome IS NULL AND "
        "e.change IS NOT NULL"
        " AND (e.change IS NULL OR e.outcome IS NULL OR e.outcome >= 1)))"
        " GROUP BY p.number ORDER BY p.number");
    statement.bind(self.device(), which == Foreign::all);
    while (statement.step()) {
      const Journal::EpochRow epoch{statement.integer(0), statement.id<DeviceId>(1), statement.id<EpochId>(2)};
      const auto n = static_cast<std::uint64_t>(statement.integer(3));
      const auto chain = state_->journal.chain_at(self.deployment(), epoch, n);
      const auto first_open = statement.is_null(4) ? n + 1 : static_cast<std::uint64_t>(statement.integer(4));
      out.push_back({epoch.device, epoch.epoch, n, chain.value_or(Digest{}), first_open});
    }
    return out;
  });
}

Result<std::optional<Segment>> Store::next_segment(const DeviceId& device, const EpochId& epoch_id,
                                                   std::uint64_t after_n, const PackedBytes& packed) {
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
    if (!start)
      throw SqlError(Error{ErrorCode::damaged, "this laptop's journal lacks entries before the unsent ones"});
    Segment segment;
    segment.device = device;
    segment.epoch = epoch_id;
    segment.first = next;
    segment.start = *start;
    const double share = packed ? state_->packed_share : 1.0;
    {
      Statement entry = state_->database->prepare(
          "SELECT e.n, c.id, c.stored FROM entry e JOIN change c ON c.number = e.change"
          " WHERE e.epoch = ? AND e.n BETWEEN ? AND ? ORDER BY e.n");
      entry.bind(epoch.number, next, after_n + limits::segment_entries_max);
      double estimate = 0;
      std::size_t plain = 0;
      while (entry.step() && static_cast<std::uint64_t>(entry.integer(0)) == next + segment.entries.size()) {
        const BytesView stored = entry.blob(2);
        estimate += share * static_cast<double>(stored.size());
        plain += stored.size();
        const bool fits = estimate <= double{limits::page_bytes_max} && plain <= limits::page_expanded_bytes_max / 2;
        if (!segment.entries.empty() && !fits) break;
        segment.entries.push_back({entry.id<ChangeId>(1), std::nullopt, Bytes(stored.begin(), stored.end())});
      }
    }
    if (segment.entries.empty()) return std::nullopt;
    for (;;) {
      sign_segment(segment, state_->device_key());
      if (!packed) break;
      std::size_t plain = 0;
      for (const SegmentEntry& entry : segment.entries) plain += entry.stored.size();
      const std::size_t size = packed(segment);
      // A little more than this page took, so that the next one seldom has to be packed twice.
      state_->packed_share = 1.02 * static_cast<double>(size) / static_cast<double>(plain);
      if (size <= limits::page_bytes_max || segment.entries.size() == 1) break;
      const std::size_t fits = segment.entries.size() * limits::page_bytes_max / size;
      segment.entries.resize(std::clamp<std::size_t>(fits, 1, segment.entries.size() - 1));
    }
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
      Statement statement = state_->database->prepare(
          "SELECT n FROM entry WHERE epoch = ? AND outcome IS NULL AND change IS NOT NULL ORDER BY n");
      statement.bind(epoch.number);
      std::vector<std::uint64_t> places;
      while (statement.step()) places.push_back(static_cast<std::uint64_t>(statement.integer(0)));
      for (const std::uint64_t n : places) open.emplace_back(epoch.number, *state_->journal.entry(epoch.number, n));
    }
    State::Tail tail = state_->open_epoch(self);
    for (const auto& [epoch, entry] : open) {
      state_->append(tail, *entry.change, entry.id);
      state_->journal.set_outcome(epoch, entry.n, Outcome::duplicate);  // it stands in the new epoch now
    }
    state_->keep_tail(tail);
    transaction.commit();
  });
}

Result<void> Store::take_receipt(const Receipt& receipt) {
  return guarded([&]() -> Result<void> {
    const Identity self = state_->enrolled();
    const Error untrusted{ErrorCode::untrusted, "a receipt that central did not sign, or for another journal"};
    if (!verify_receipt(receipt, self.central.receipts) || receipt.deployment != self.deployment() ||
        receipt.first == 0 || receipt.first > receipt.last)
      return untrusted;
    Transaction transaction(*state_->database);
    const auto incarnation = state_->meta("incarnation");
    if (!incarnation || BytesView(*incarnation).size() != Incarnation::size ||
        *Incarnation::from_bytes(*incarnation) != receipt.incarnation)
      return Error{ErrorCode::untrusted, "a receipt of another incarnation of central"};
    const Journal::EpochRow epoch{state_->journal.epoch_number(receipt.device, receipt.epoch), receipt.device,
                                  receipt.epoch};
    const auto chain = state_->journal.chain_at(self.deployment(), epoch, receipt.last);
    if (!chain || *chain != receipt.chain) return untrusted;
    state_->database->run(
        "UPDATE entry INDEXED BY entry_unsettled SET outcome = 0, reason = 0 WHERE epoch = ? AND n BETWEEN ? AND ? "
        "AND outcome IS NOT 1"
        " AND outcome IS NOT 0 AND (change IS NULL OR outcome IS NULL OR outcome >= 1)",
        epoch.number, receipt.first, receipt.last);
    for (const Receipt::Exception& exception : receipt.exceptions)
      if (exception.n >= receipt.first && exception.n <= receipt.last)
        state_->journal.set_outcome(epoch.number, exception.n, exception.outcome, exception.reason);
    // A receipt for a longer run says all that the shorter ones inside it said.
    state_->database->run("DELETE FROM receipt WHERE epoch = ? AND last >= ? AND last <= ?", epoch.number,
                          receipt.first, receipt.last);
    state_->database->run("INSERT INTO receipt (epoch, last, stored) VALUES (?, ?, ?)", epoch.number, receipt.last,
                          encode_receipt(receipt));
    transaction.commit();
    return {};
  });
}

Result<std::int64_t> Store::take_segments(const std::vector<Segment>& segments, BytesView cursor, Road road) {
  return guarded([&]() -> Result<std::int64_t> {
    const Identity self = state_->enrolled();
    for (const Segment& segment : segments) {
      std::optional<PublicKey> key;
      if (segment.device == self.device())
        key = self.certificate.key;
      else if (segment.device == device_id_of(self.central.receipts))
        key = self.central.receipts;
      else if (const auto certificate = state_->certificate(segment.device))
        key = certificate->key;
      if (!key || !verify_segment(segment, *key))
        return Error{ErrorCode::untrusted,
                     fmt::format("a segment of device {} whose signature does not verify: the page was not taken in",
                                 text(segment.device))};
    }
    std::int64_t added = 0;
    bool has_written = false;
    std::optional<Transaction> transaction;
    std::set<RecordId> touched;
    transaction.emplace(*state_->database);
    const auto close = [&] {
      for (const RecordId& record : touched) state_->view->apply(record, state_->journal);
      touched.clear();
      has_written = false;
    };
    for (const Segment& segment : segments) {
      const std::int64_t epoch = state_->journal.epoch_number(segment.device, segment.epoch);
      const bool own = segment.device == self.device();
      // What came by another road central may have forgotten in a restore, its own words too: it is handed back.
      const bool is_answered = road == Road::central;
      // A copied laptop's line of the same epoch may part from this one before the segment begins.
      const auto before =
          own ? state_->journal.chain_at(self.deployment(), {epoch, segment.device, segment.epoch}, segment.first - 1)
              : std::nullopt;
      bool fits = !before || *before == segment.start;
      for (std::size_t i = 0; i < segment.entries.size(); ++i) {
        const SegmentEntry& entry = segment.entries[i];
        const std::uint64_t n = segment.first + i;
        if (entry.left_out()) {
          const std::optional<Journal::Entry> there = state_->journal.entry(epoch, n);
          if (!there) {
            state_->journal.place_id(epoch, n, entry.id);
          } else if (there->id != entry.id) {
            // The line of a copied laptop again, as below; here scope keeps back what stands in it.
            if (own && there->outcome == Outcome::duplicate) {
              state_->journal.forget_segments(epoch, n);
              state_->journal.replace_with_id(epoch, n, entry.id);
            } else {
              fits = false;
            }
          }
          continue;
        }
        const std::optional<Change> decoded = entry.change ? std::nullopt : std::optional(change_in(entry));
        const Change& change = entry.change ? *entry.change : *decoded;
        // A save that waits goes first: it then waits for one change, not for a page.
        if (has_written && transaction->is_wanted()) {
          close();
          transaction->commit();
          transaction.emplace(*state_->database);
        }
        std::optional<ChangeNumber> number = state_->journal.find(change.record, entry.id);
        const bool is_new = !number;
        if (is_new) {
          Journal::Counted counted;
          number = state_->journal.add(change, entry.stored.empty() ? encode_change(change) : entry.stored, &counted);
          // A record that is new here needs nothing read back; one that more follows for is derived once, at the end.
          if (counted.is_first)
            state_->view->apply_first(change, counted.heads);
          else
            touched.insert(change.record);
          ++added;
          has_written = true;
          if (is_definition(change.record))
            state_->set_meta(definitions_key, next_definitions_mark(state_->meta(definitions_key), entry.id));
        }
        const std::optional<Journal::Entry> there = state_->journal.entry(epoch, n);
        // Central only hands out what it has committed; an own change that comes back is one that was lost here.
        const bool other = there && there->id != entry.id;
        if (!there || !there->change || (own && other && there->outcome == Outcome::duplicate)) {
          if (other) state_->journal.forget_segments(epoch, n);  // own entries that were moved to a new epoch
          state_->journal.place(epoch, n, *number, is_answered ? std::optional(Outcome::committed) : std::nullopt);
        } else if (other) {
          // A copied laptop's other line of the same epoch: the change counts, its place stays as it was.
          fits = false;
          // One of ours that only a colleague still had: it gets another place, for it must be sent again.
          if (own && !is_answered && is_new) {
            State::Tail tail = state_->free_tail(self);
            state_->append(tail, *number, entry.id);
            state_->keep_tail(tail);
          } else {
            state_->journal.note_unplaced(*number);
          }
        } else if (is_answered && there->outcome != Outcome::committed) {
          state_->journal.set_outcome(epoch, n, Outcome::committed);
        }
      }
      if (fits)
        state_->journal.keep_segment(epoch, {segment.first, segment.last(), segment.start, segment.signature});
    }
    close();
    state_->take_definitions();
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
    const std::optional<Bytes> kept = state_->meta("incarnation");
    const Result<Incarnation> before = Incarnation::from_bytes(kept.value_or(Bytes{}));
    state_->set_meta("incarnation", incarnation.view());
    if (kept && before && *before != incarnation) {
      const Identity self = state_->enrolled();
      state_->set_meta("past:" + text(*before), view_of("1"));
      state_->drop_meta("cursor");
      state_->database->run(
          "UPDATE entry SET outcome = NULL, reason = 0 WHERE outcome IS NOT 1 AND change IS NOT NULL AND epoch IN"
          " (SELECT number FROM epoch WHERE device = ?)",
          self.device());
      // Own changes without a place, whose place another line of a copied laptop has taken, central had by that line:
      // it may have forgotten them.
      std::vector<std::pair<ChangeNumber, ChangeId>> placeless;
      {
        Statement statement = state_->database->prepare(
            "SELECT number, id, stored FROM change WHERE number NOT IN"
            " (SELECT change FROM entry WHERE change IS NOT NULL) ORDER BY number");
        while (statement.step()) {
          const Result<Change> change = decode_change(statement.blob(2));
          if (change && change->device == self.device())
            placeless.emplace_back(statement.integer(0), statement.id<ChangeId>(1));
        }
      }
      if (!placeless.empty()) {
        State::Tail tail = state_->free_tail(self);
        for (const auto& [number, id] : placeless) state_->append(tail, number, id);
        state_->keep_tail(tail);
      }
      state_->database->execute("DELETE FROM attachment_at_central");
      state_->database->execute("DELETE FROM receipt");
      state_->database->execute("DELETE FROM bundled");
      state_->set_meta("must_offer", view_of("1"));
    }
    transaction.commit();
  });
}

Result<bool> Store::is_past_incarnation(const Incarnation& incarnation) {
  return guarded([&] { return state_->meta("past:" + text(incarnation)).has_value(); });
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

// ---- Bundles ------------------------------------------------------------------------------------------------------

Result<std::uint64_t> Store::next_bundle_number() {
  return guarded([&] {
    Transaction transaction(*state_->database);
    std::uint64_t number = 1;
    if (const auto kept = state_->meta("bundle_number")) number = CborReader(*kept).uint() + 1;
    CborWriter out;
    out.uint(number);
    state_->set_meta("bundle_number", out.result());
    transaction.commit();
    return number;
  });
}

Result<void> Store::mark_bundled(const std::vector<ForeignJournal>& up_to) {
  return guarded([&] {
    Transaction transaction(*state_->database);
    for (const ForeignJournal& journal : up_to)
      state_->database->run(
          "INSERT INTO bundled (epoch, last) VALUES (?, ?) ON CONFLICT (epoch) DO UPDATE SET last ="
          " max(last, excluded.last)",
          state_->journal.epoch_number(journal.device, journal.epoch), journal.n);
    transaction.commit();
  });
}

// holdings = [ [ device: bytes16, epoch: bytes8, n: uint, chain: bytes32 ] … ]
Result<void> Store::keep_holdings(const DeviceId& colleague, const std::vector<ForeignJournal>& holdings) {
  return guarded([&] {
    CborWriter out;
    out.array(holdings.size());
    for (const ForeignJournal& journal : holdings)
      out.array(4)
          .bytes(journal.device.view())
          .bytes(journal.epoch.view())
          .uint(journal.n)
          .bytes(journal.chain.view());
    state_->set_meta("holdings:" + text(colleague), out.result());
  });
}

Result<std::vector<Store::ForeignJournal>> Store::holdings(const DeviceId& colleague) {
  return guarded([&] {
    std::vector<ForeignJournal> out;
    const auto kept = state_->meta("holdings:" + text(colleague));
    if (!kept) return out;
    CborReader in(*kept);
    for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
      in.array_of(4);
      ForeignJournal& journal = out.emplace_back();
      journal.device = in.id<DeviceId>();
      journal.epoch = in.id<EpochId>();
      journal.n = in.uint();
      journal.chain = in.id<Digest>();
    }
    return out;
  });
}

}  // namespace fieldpost
