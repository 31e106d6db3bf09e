// The end of a history: all that must hold once it is quiet.
#include <algorithm>

#include "tools/simulation/history_state.h"

namespace fieldpost::simulation {

bool History::run_exchange(Laptop& laptop) {
  laptop.exchange.reset();
  Exchange exchange(laptop.store(), *laptop.link);
  const Result<ExchangeReport> report = exchange.run();
  if (!report) throw Broken{"an exchange without faults failed: " + report.error().message};
  after_exchange(laptop);
  return report->sent > 0 || report->received > 0 || report->new_epoch || report->new_incarnation;
}

void History::drain() {
  int rounds = 0;
  for (bool busy = true; busy; ++rounds) {
    if (rounds > 3) throw Broken{"not quiet after three rounds without a fault"};
    busy = false;
    for (const auto& laptop : laptops_) busy = run_exchange(*laptop) || busy;
  }
  counters_["rounds"] += rounds;
}

/// What central holds stays held here, for it does not learn the form yet: all else must drain in three rounds, and
/// everybody must agree on what counts.
void History::check_nobody_waits() {
  drain();
  for (const auto& laptop : laptops_) {
    const StoreStatus status = must(laptop->store().status());
    if (status.unsent != 0) throw Broken{"something waits behind what central holds on " + laptop->name};
    if (status.held > 0) {
      note_step("laptops with something held at rest");
      note_held(*laptop);
    }
  }
  check_stores();
}

void History::run() {
  const std::uint64_t steps = options_.desk ? 60 + random_.below(120) : 20 + random_.below(100);
  for (std::uint64_t i = 0; i < steps; ++i) step();

  faults_ = false;
  if (options_.wide) check_nobody_waits();
  central_.learn_forms();
  for (const Request& request : stray_) central_.handle(request);
  for (const Bytes& file : stick_) read_from_stick(file);
  std::set<std::pair<RecordId, ChangeId>> somewhere;
  for (const auto& laptop : laptops_) somewhere.merge(laptop->held_changes());
  drain();
  if (options_.desk) {
    central_.resume_register();
    drain();
  }
  for (const auto& [record, change] : somewhere)
    if (!central_.holds(record, change)) throw Broken{"a change that lay on a laptop's disk never reached central"};
  check_at_rest();
}

std::map<RecordId, RecordHeads> History::central_heads() {
  std::map<RecordId, RecordHeads> out;
  must(guarded([&] {
    Journal(central_.database()).each_record([&](const RecordId& record, const RecordHeads& heads) {
      out[record] = heads;
    });
  }));
  return out;
}

void History::check_at_rest() {
  check_receipts();
  for (const auto& laptop : laptops_)
    if (must(laptop->store().status()).unsent != 0) throw Broken{"something is left unsent on " + laptop->name};
  check_live_values();
  check_stores();
  if (!options_.desk) return;
  check_register();
  check_closed_windows();
}

void History::check_live_values() {
  for (const auto& [record, heads] : central_heads()) {
    const std::vector<Change> changes =
        must(guarded([&] { return Journal(central_.database()).changes_of(record); }));
    std::map<FieldRef, std::vector<ChangeId>> live;
    for (const Change& change : changes) {
      for (const FieldRef& field : change.writes) {
        const bool written_over = std::any_of(changes.begin(), changes.end(), [&](const Change& other) {
          const auto known = truths_.find(other.id);
          if (known == truths_.end()) {
            if (other.form != "book") throw Broken{"a change that nobody saved"};
            return false;  // central's own word, said once
          }
          const Truth& truth = known->second;
          return truth.sight.contains(change.id) &&
                 std::binary_search(truth.writes.begin(), truth.writes.end(), field);
        });
        if (!written_over)
          live[field].push_back(change.id);
        else
          live[field];
      }
    }
    for (auto& [field, ids] : live) std::sort(ids.begin(), ids.end());
    if (live != heads.fields())
      throw Broken{"the live values of a record are not those that nobody has written over in sight of them"};
    for (const auto& [field, ids] : live) {
      if (ids.size() < 2) continue;
      ++counters_["fields with rivals"];
      std::vector<const Value*> values;
      for (const Change& change : changes)
        if (std::binary_search(ids.begin(), ids.end(), change.id)) values.push_back(change.value_of(field));
      note_rivals(field, values);
    }
  }
}

void History::check_stores() {
  const std::map<RecordId, RecordHeads> office = central_heads();
  std::map<std::string, std::pair<std::string, std::string>> digests;  // by grant
  for (const auto& laptop : laptops_) {
    if (laptop->role == Role::partner) {
      check_partner(*laptop);
    } else {
      const bool everything = laptop->role == Role::reconciler;
      for (const auto& [record, heads] : office) {
        if (!everything && !central_.in_feed_of(record, laptop->unit)) continue;
        if (must(laptop->store().counting_heads(record)).digest_bytes() != heads.digest_bytes())
          throw Broken{"the heads of a record differ between central and " + laptop->name};
      }
    }
    const Verification verified = must(laptop->store().verify());
    if (!verified.ok) throw Broken{laptop->name + " does not verify: " + verified.faults.front()};
    const auto [at, first] = digests.try_emplace(laptop->unit, text(verified.digest), laptop->name);
    if (!first && at->second.first != text(verified.digest))
      throw Broken{"equal grants, different digests: " + at->second.second + " and " + laptop->name};
    trace_ = (trace_ ^ verified.digest.bytes[0]) * 0x100000001b3u;
  }
}

void History::check_partner(Laptop& laptop) {
  if (!partner_traffic_fault_.empty()) throw Broken{partner_traffic_fault_};
  if (laptop.on_disk(canary)) throw Broken{"a value out of the station's scope is on its disk"};
  for (const auto& [record, heads] : central_heads()) {
    if (made_by_station_.contains(record)) {
      if (must(laptop.store().counting_heads(record)).digest_bytes() != heads.digest_bytes())
        throw Broken{"the station's own record differs from central's"};
      continue;
    }
    const std::optional<RecordState> there = must(laptop.store().counting_state(record));
    if (!central_.shared_with(record, station)) {
      if (there) throw Broken{"the station holds a record that was never shared with it"};
      continue;
    }
    if (!there) throw Broken{"the station lacks a session shared with it"};
    counters_["sessions shared"] += 1;
    if (!there->conflicts.empty()) throw Broken{"the station sees a conflict inside what central tells it"};
    const RecordState state = central_.state(record);
    Fields expected;
    for (const auto& [field, value] : state.answers.fields) {
      const Question* question = laptop_catalogue().form("visit")->find(field.number);
      if (question && question->partner) expected[field] = value;
    }
    // What was told and then taken back is there as cleared.
    Fields told = there->answers.fields;
    for (Fields* fields : {&told, &expected})
      std::erase_if(*fields, [](const auto& answer) { return is_cleared(answer.second); });
    if (told != expected || there->present != state.present)
      throw Broken{"what the station sees of a shared session is not what central shows"};
  }
}

}  // namespace fieldpost::simulation
