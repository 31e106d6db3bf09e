#include "shared/storage/prove.h"

namespace fieldpost {

namespace {

/// Where an own change stands, and the receipt that covers the place.
struct Covered {
  ChangeId change;
  Journal::EpochRow epoch;
  std::uint64_t n = 0;
  Receipt receipt;
};

std::vector<Receipt> receipts_over(Database& database, std::int64_t epoch, std::uint64_t n) {
  std::vector<Receipt> out;
  // The shortest way from the place to a receipt first.
  Statement statement = database.prepare("SELECT stored FROM receipt WHERE epoch = ? AND last >= ? ORDER BY last");
  statement.bind(epoch, n);
  while (statement.step()) {
    Result<Receipt> receipt = decode_receipt(statement.blob(0));
    if (!receipt) throw SqlError(Error{ErrorCode::damaged, "a receipt in the store is damaged"});
    if (receipt->first <= n) out.push_back(*std::move(receipt));
  }
  return out;
}

/// The run from place n to the receipt's end; nothing where the journal has gone another way since.
std::optional<Proof::Run> run_to(Journal& journal, const Journal::EpochRow& epoch, std::uint64_t n,
                                 const Receipt& receipt) {
  const std::optional<Digest> start = journal.chain_at(receipt.deployment, epoch, n - 1);
  if (!start) return std::nullopt;
  Proof::Run run;
  run.receipt = receipt;
  run.start_n = n;
  run.start = *start;
  for (const Journal::Entry& entry : journal.entries(epoch.number, n, receipt.last)) run.ids.push_back(entry.id);
  if (run.ids.size() != receipt.last - n + 1 || end_of(run) != receipt.chain) return std::nullopt;
  return run;
}

void extend(std::vector<JournalGaps::Range>& ranges, std::uint64_t n) {
  if (!ranges.empty() && ranges.back().second + 1 == n)
    ranges.back().second = n;
  else
    ranges.emplace_back(n, n);
}

JournalGaps gaps_of(Database& database, const Journal::EpochRow& epoch) {
  JournalGaps gaps;
  gaps.device = epoch.device;
  gaps.epoch = epoch.epoch;
  Statement statement =
      database.prepare("SELECT n, change IS NOT NULL, outcome, reason FROM entry WHERE epoch = ? ORDER BY n");
  statement.bind(epoch.number);
  while (statement.step()) {
    const auto n = static_cast<std::uint64_t>(statement.integer(0));
    const bool is_here = statement.integer(1) != 0;
    if (n > gaps.last + 1) gaps.missing.emplace_back(gaps.last + 1, n - 1);
    gaps.last = n;
    extend(is_here ? gaps.here : gaps.by_id, n);
    if (statement.is_null(2)) {
      extend(gaps.unreceipted, n);
      continue;
    }
    const auto outcome = static_cast<Outcome>(statement.integer(2));
    extend(outcome == Outcome::duplicate ? gaps.placed_again : gaps.receipted, n);
    if (is_here && (outcome == Outcome::held || outcome == Outcome::refused))
      ++gaps.exceptions[{outcome, static_cast<Reason>(statement.integer(3))}];
  }
  return gaps;
}

}  // namespace

Result<Proof> prove(Store& store, const RecordId& record) {
  const Result<std::optional<Identity>> identity = store.identity();
  if (!identity) return identity.error();
  if (!*identity)
    return Error{ErrorCode::invalid_argument,
                 "this laptop is not enrolled yet: ask the office for a ticket, then enrol"};
  const Identity& self = **identity;
  const Result<SigningKey> key = store.device_key();
  if (!key) return key.error();
  return guarded([&]() -> Result<Proof> {
    Database& database = store.database();
    Journal journal(database);
    if (journal.heads(record).empty()) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    std::vector<std::pair<ChangeId, std::vector<std::pair<Journal::EpochRow, std::uint64_t>>>> own;
    {
      Statement statement = database.prepare(
          "SELECT c.id, p.number, p.epoch, e.n FROM change c JOIN entry e ON e.change = c.number"
          " JOIN epoch p ON p.number = e.epoch WHERE c.record = ? AND p.device = ? ORDER BY c.number, p.number, e.n");
      statement.bind(record, self.device());
      while (statement.step()) {
        const auto id = statement.id<ChangeId>(0);
        if (own.empty() || own.back().first != id) own.emplace_back(id, 0);
        own.back().second.emplace_back(
            Journal::EpochRow{statement.integer(1), self.device(), statement.id<EpochId>(2)},
            static_cast<std::uint64_t>(statement.integer(3)));
      }
    }
    if (own.empty())
      return Error{ErrorCode::not_found, "this laptop saved no change of this record: ask the one that did"};

    Proof proof;
    proof.record = record;
    proof.central = self.central;
    std::vector<Covered> covered;
    for (const auto& [change, places] : own) {
      std::optional<Covered> found;
      // A change that was placed again stands in several epochs; the receipt is for one of them.
      for (const auto& [epoch, n] : places)
        for (const Receipt& receipt : receipts_over(database, epoch.number, n))
          if (!found && run_to(journal, epoch, n, receipt)) found = Covered{change, epoch, n, receipt};
      if (found)
        covered.push_back(*std::move(found));
      else
        proof.without_receipt.push_back(change);
    }
    // One run a receipt, from the first place that is needed.
    std::map<std::pair<std::int64_t, std::uint64_t>, std::size_t> run_at;
    std::map<std::pair<std::int64_t, std::uint64_t>, std::uint64_t> first_at;
    for (const Covered& each : covered) {
      const auto [at, is_new] = first_at.try_emplace({each.epoch.number, each.receipt.last}, each.n);
      if (!is_new) at->second = std::min(at->second, each.n);
    }
    for (const Covered& each : covered) {
      const std::pair at{each.epoch.number, each.receipt.last};
      const auto [run, is_new] = run_at.try_emplace(at, proof.runs.size());
      if (is_new)
        proof.runs.push_back(run_to(journal, each.epoch, first_at[at], each.receipt).value_or(Proof::Run{}));
      const auto [outcome, reason] = said_of(each.receipt, each.n);
      proof.changes.push_back({each.change, run->second, each.n, outcome, reason});
    }
    sign_proof(proof, *key);
    // What is handed out holds, or it is not handed out.
    if (const Result<void> holds = verify_proof(proof); !holds)
      return Error{ErrorCode::damaged,
                   "the receipts on this laptop do not fit its journal: " + holds.error().message};
    return proof;
  });
}

Result<std::vector<JournalGaps>> journal_gaps(Database& database, const std::optional<DeviceId>& device) {
  return guarded([&] {
    std::vector<JournalGaps> out;
    for (const Journal::EpochRow& epoch : Journal(database).epochs())
      if (!device || epoch.device == *device) out.push_back(gaps_of(database, epoch));
    return out;
  });
}

}  // namespace fieldpost
