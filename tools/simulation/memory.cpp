#include "tools/simulation/memory.h"

#include <algorithm>
#include <array>
#include <bitset>
#include <cstring>
#include <iterator>
#include <unordered_map>

#include "shared/model/merge.h"
#include "shared/model/segment.h"
#include "tools/simulation/world.h"

namespace fieldpost::simulation {

namespace {

constexpr std::size_t changes_max = 256, records_max = 4, laptops_max = 9;
constexpr std::uint32_t row_number = 10, row_text = 11;
constexpr std::int64_t year_ms = 365LL * 24 * 3600 * 1000;

using Place = std::uint16_t;  // of a change in the order of all saves
using Places = std::bitset<changes_max>;

struct IdHash {
  std::size_t operator()(const ChangeId& id) const {
    std::size_t out;
    std::memcpy(&out, id.bytes.data(), sizeof out);
    return out;
  }
};

/// What a replica holds.
struct Replica {
  Places present;
  std::vector<Place> order;  // as they came
  std::array<RecordHeads, records_max> heads;
};

/// One epoch of a laptop's own journal.
struct Run {
  EpochId epoch;
  std::vector<Place> places;
  std::vector<Digest> chain;  // chain(0) …
  std::size_t answered = 0;   // so many have central's receipt
};

struct OpenForm {
  std::size_t record = 0;
  RecordHeads heads;  // what the author has in front of them
  Places sight;
};

struct Device : Replica {
  DeviceId id;
  UserId author;
  std::int64_t clock_ms = 0;
  std::vector<Run> runs;  // the current one last
  std::size_t cursor = 0;
  std::uint64_t incarnation = 0;
  Places carried;  // handed over by colleagues, not offered to central yet
  bool must_offer = false;
  std::vector<OpenForm> forms;
};

struct Central : Replica {
  std::uint64_t incarnation = 1;
  std::map<EpochId, Run> known;
};

/// A page on its way.
struct Page {
  EpochId epoch;
  std::size_t first = 0;
  std::vector<Place> places;
  std::vector<Digest> chain;  // before the first, then after each
};

class MemoryHistory {
 public:
  MemoryHistory(std::uint64_t seed, const Options& options)
      : random_(seed * 0x9e3779b97f4a7c15u + 2), options_(options) {
    all_.reserve(changes_max);
    for (std::size_t i = 0; i < records_max; ++i) {
      records_[i] = random_id<RecordId>(random_);
      for (EntityId& row : rows_[i]) row = random_id<EntityId>(random_);
    }
    const std::size_t many = 3 + random_.below(4);
    for (std::size_t i = 0; i < many; ++i) {
      Device& device = devices_.emplace_back();
      device.id = random_id<DeviceId>(random_);
      device.author = random_id<UserId>(random_);
      device.clock_ms = 1'762'000'000'000;
      if (options.clocks && chance(30)) device.clock_ms += (chance(50) ? 10 : -10) * year_ms;
      begin_run(device);
    }
  }

  void run();
  std::uint64_t trace() const { return trace_; }
  std::map<std::string, std::int64_t> counters() const {
    std::map<std::string, std::int64_t> out;
    for (const auto& [name, count] : counters_) out[name] = count;
    return out;
  }

 private:
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
  Device& any() { return devices_[random_.below(devices_.size())]; }
  void note(const char* what) {
    for (auto& [name, count] : counters_)
      if (name == what) {
        ++count;
        return;
      }
    counters_.emplace_back(what, 1);
  }

  void begin_run(Device& device);
  void take(Replica& replica, Place place);
  void open_form(Device& device);
  void save_form(Device& device);
  void keep(Device& device, Change change, const Places& sight);
  void settle(Device& device);
  void decide_alone(Device& device);
  bool exchange(Device& device);
  bool push(Device& device, Run& run, bool is_current);
  void receive(const Page& page);
  void hand_over();
  void step();
  void check();
  FieldState state_of(const FieldRef& field, const std::vector<ChangeId>& heads) const;

  SeededRandom random_;
  Options options_;
  std::array<RecordId, records_max> records_;
  std::array<std::array<EntityId, 2>, records_max> rows_;
  std::vector<Change> all_;
  std::vector<std::size_t> record_of_;
  std::vector<Places> sights_;
  std::unordered_map<ChangeId, Place, IdHash> place_of_;
  std::vector<Device> devices_;
  Central central_;
  std::vector<std::pair<std::size_t, Device>> copies_;
  std::optional<Central> central_copy_;
  std::vector<Page> stray_;
  bool faults_ = true;
  int clones_ = 0;
  std::uint64_t trace_ = 0xcbf29ce484222325u;
  std::vector<std::pair<const char*, std::int64_t>> counters_;
};

void MemoryHistory::begin_run(Device& device) {
  Run run;
  run.epoch = random_id<EpochId>(random_);
  run.chain.push_back(chain_start({}, device.id, run.epoch));
  device.runs.push_back(std::move(run));
}

void append(Run& run, Place place, const ChangeId& id) {
  run.places.push_back(place);
  run.chain.push_back(chain_next(run.chain.back(), run.places.size(), id));
}

void MemoryHistory::take(Replica& replica, Place place) {
  if (replica.present[place]) return;
  const auto is_present = [&](const ChangeId& id) {
    const auto at = place_of_.find(id);
    return at != place_of_.end() && replica.present[at->second];
  };
  replica.heads[record_of_[place]].apply(all_[place], is_present);
  replica.present.set(place);
  replica.order.push_back(place);
}

// ---- What people do ----------------------------------------------------------------------------------------------

void MemoryHistory::open_form(Device& device) {
  if (device.forms.size() >= 3) return;
  OpenForm form;
  form.record = random_.below(records_max);
  form.heads = device.heads[form.record];
  for (const Place place : device.order)
    if (record_of_[place] == form.record) form.sight.set(place);
  device.forms.push_back(std::move(form));
}

void MemoryHistory::keep(Device& device, Change change, const Places& sight) {
  const std::size_t record =
      static_cast<std::size_t>(std::find(records_.begin(), records_.end(), change.record) - records_.begin());
  change.form = "visit";
  change.form_version = 1;
  change.author = device.author;
  change.device = device.id;
  change.at = device.clock_ms;
  random_.fill(change.salt);
  const auto place = static_cast<Place>(all_.size());
  all_.push_back(must(seal(std::move(change))));
  place_of_[all_.back().id] = place;
  record_of_.push_back(record);
  sights_.push_back(sight);
  take(device, place);
  append(device.runs.back(), place, all_.back().id);
  trace_ = (trace_ ^ all_.back().id.bytes[0]) * 0x100000001b3u;
  note("saves");
}

void MemoryHistory::save_form(Device& device) {
  if (device.forms.empty() || all_.size() + 1 >= changes_max) return;
  const std::size_t at = random_.below(device.forms.size());
  OpenForm& form = device.forms[at];
  Change change;
  change.record = records_[form.record];
  std::vector<EntityId> entities = {change.record};
  const auto write = [&](const EntityId& entity, std::uint32_t number, Value value) {
    change.writes.push_back({entity, {number, ""}});
    change.values.push_back(std::move(value));
  };
  const bool deleted = !form.heads.empty() && chance(8);
  write(change.record, record_presence, !deleted);
  if (!deleted) {
    const std::uint64_t fields = 1 + random_.below(3);
    if (fields & 1) write(change.record, 1, static_cast<std::int64_t>(random_.below(5)));
    if (fields & 2) write(change.record, 2, static_cast<std::int64_t>(random_.below(5)));
    if (chance(30)) {
      const EntityId& row = rows_[form.record][random_.below(2)];
      entities.push_back(row);
      const bool stays = chance(80);
      write(row, row_number, stays);
      if (stays) write(row, row_text, static_cast<std::int64_t>(random_.below(5)));
    }
  }
  if (options_.control == Control::base_at_save) form.heads = device.heads[form.record];
  change.base = form.heads.seen(entities);
  const Places sight = form.sight;
  keep(device, std::move(change), sight);
  const auto place = static_cast<Place>(all_.size() - 1);
  form.heads.apply(all_[place], [](const ChangeId&) { return true; });
  form.sight.set(place);
  if (chance(60)) device.forms.erase(device.forms.begin() + static_cast<std::ptrdiff_t>(at));
}

FieldState MemoryHistory::state_of(const FieldRef& field, const std::vector<ChangeId>& heads) const {
  return field_state(field, heads, [&](const ChangeId& id) { return &all_[place_of_.at(id)]; });
}

/// Somebody looks at a conflict and settles it, as Store::resolve does.
void MemoryHistory::settle(Device& device) {
  if (all_.size() + 1 >= changes_max) return;
  const std::size_t record = random_.below(records_max);
  for (const auto& [field, heads] : device.heads[record].fields()) {
    if (heads.size() < 2 || !state_of(field, heads).conflict) continue;
    Change change;
    change.record = records_[record];
    // The rival that was saved first: neither clock nor id decides here what happens next.
    Place chosen = place_of_.at(heads.front());
    for (const ChangeId& head : heads) chosen = std::min(chosen, place_of_.at(head));
    std::vector<EntityId> entities = {change.record};
    const FieldRef present{change.record, {record_presence, ""}};
    std::map<FieldRef, Value> writes;
    if (field != present) writes[present] = true;
    if (field.entity != change.record) {
      entities.push_back(field.entity);
      writes[{field.entity, {row_number, ""}}] = true;
    }
    writes[field] = *all_[chosen].value_of(field);
    for (auto& [to, value] : writes) {
      change.writes.push_back(to);
      change.values.push_back(value);
    }
    change.base = device.heads[record].seen(entities);
    Places sight;
    for (const Place place : device.order)
      if (record_of_[place] == record) sight.set(place);
    keep(device, std::move(change), sight);
    note("conflicts settled");
    return;
  }
}

/// The known-bad variants that settle what nobody looked at.
void MemoryHistory::decide_alone(Device& device) {
  const bool deletes = options_.control == Control::delete_wins;
  if (options_.control != Control::last_writer_wins && !deletes) return;
  for (std::size_t record = 0; record < records_max; ++record) {
    const auto fields = device.heads[record].fields();
    for (const auto& [field, heads] : fields) {
      if (heads.size() < 2 || all_.size() + 1 >= changes_max) continue;
      if (deletes && field != FieldRef{records_[record], {record_presence, ""}}) continue;
      const FieldState state = state_of(field, heads);
      if (!state.conflict) continue;
      Change change;
      change.record = records_[record];
      change.writes = {field};
      change.values = {deletes ? Value{false} : state.shown};
      change.base = heads;
      keep(device, std::move(change), {});
    }
  }
}

// ---- Roads -------------------------------------------------------------------------------------------------------

void MemoryHistory::receive(const Page& page) {
  Run& known = central_.known[page.epoch];
  for (const Place place : page.places) take(central_, place);
  if (known.chain.empty()) known.chain.push_back(page.chain.front());
  // What parts from the line that central knows counts, but has no place there; what it knows comes again.
  if (page.first > known.places.size() || known.chain[page.first] != page.chain.front()) return;
  for (std::size_t i = 0; i < page.places.size(); ++i) {
    const std::size_t n = page.first + i;
    if (n < known.places.size()) {
      if (known.places[n] != page.places[i]) return;
      continue;
    }
    known.places.push_back(page.places[i]);
    known.chain.push_back(page.chain[i + 1]);
  }
}

/// One run towards central; true when anything was sent.
bool MemoryHistory::push(Device& device, Run& run, bool is_current) {
  const auto known = central_.known.find(run.epoch);
  const std::size_t there = known == central_.known.end() ? 0 : known->second.places.size();
  const bool believes_numbers = options_.control == Control::device_sequence_id;
  const bool parts = there > run.places.size() || (there > 0 && known->second.chain[there] != run.chain[there]);
  if (parts && !believes_numbers) {
    // This laptop was restored or copied: what has no receipt gets a place in a new epoch, under the same ids.
    std::vector<Place> open(run.places.begin() + static_cast<std::ptrdiff_t>(run.answered), run.places.end());
    run.answered = run.places.size();
    if (!is_current && open.empty()) return false;
    begin_run(device);
    for (const Place place : open) append(device.runs.back(), place, all_[place].id);
    note("new epochs");
    return true;
  }
  run.answered = std::max(run.answered, std::min(there, run.places.size()));
  std::size_t from = believes_numbers ? std::min(there, run.places.size()) : run.answered;
  bool sent = false;
  while (from < run.places.size()) {
    Page page;
    page.epoch = run.epoch;
    page.first = from;
    const std::size_t to = std::min(run.places.size(), from + 1 + random_.below(8));
    page.places.assign(run.places.begin() + static_cast<std::ptrdiff_t>(from),
                       run.places.begin() + static_cast<std::ptrdiff_t>(to));
    page.chain.assign(run.chain.begin() + static_cast<std::ptrdiff_t>(from),
                      run.chain.begin() + static_cast<std::ptrdiff_t>(to) + 1);
    sent = true;
    if (faults_ && options_.network_faults) {
      const std::uint64_t dice = random_.below(100);
      if (dice < 20 && stray_.size() < 8) stray_.push_back(page);
      if (dice < 10) {
        note("requests lost");
        return true;
      }
      receive(page);
      if (dice >= 90) receive(page), note("repeats");
      if (dice >= 10 && dice < 20) {
        note("answers lost");
        return true;
      }
    } else {
      receive(page);
    }
    run.answered = from = to;
  }
  return sent;
}

/// True when anything moved.
bool MemoryHistory::exchange(Device& device) {
  note("exchanges");
  bool moved = false;
  if (device.incarnation != central_.incarnation) {
    moved = device.incarnation != 0;
    // A restored central: cursors and receipts are void, everything held is offered.
    if (device.incarnation != 0 && options_.control != Control::no_incarnation) {
      device.cursor = 0;
      for (Run& run : device.runs) run.answered = 0;
      device.must_offer = true;
    }
    device.incarnation = central_.incarnation;
  }
  // A run that has to begin anew is at the end, and is sent at once.
  for (std::size_t i = 0, runs = device.runs.size(); i < device.runs.size(); ++i)
    moved = push(device, device.runs[i], i + 1 == runs) || moved;
  for (const Place place : device.order) {
    if (!device.must_offer && !device.carried[place]) continue;
    if (faults_ && options_.network_faults && chance(2)) return true;
    moved = moved || !central_.present[place];
    take(central_, place);
    device.carried.reset(place);
  }
  device.must_offer = false;
  device.cursor = std::min(device.cursor, central_.order.size());
  while (device.cursor < central_.order.size()) {
    const std::size_t to = std::min(central_.order.size(), device.cursor + 1 + random_.below(12));
    std::vector<Place> page(central_.order.begin() + static_cast<std::ptrdiff_t>(device.cursor),
                            central_.order.begin() + static_cast<std::ptrdiff_t>(to));
    if (faults_ && options_.network_faults && chance(8)) return true;
    for (std::size_t i = page.size(); i > 1; --i) std::swap(page[i - 1], page[random_.below(i)]);
    for (const Place place : page) {
      moved = moved || !device.present[place];
      take(device, place);
    }
    device.cursor = to;
  }
  decide_alone(device);
  return moved;
}

/// A stick: some of what one holds, to another or to central, in any order.
void MemoryHistory::hand_over() {
  const Device& from = any();
  Device* laptop = chance(30) ? nullptr : &any();
  Replica& to = laptop ? static_cast<Replica&>(*laptop) : central_;
  std::vector<Place> some;
  const std::uint64_t share = 1 + random_.below(100);
  for (const Place place : from.order)
    if (random_.below(100) < share) some.push_back(place);
  for (std::size_t i = some.size(); i > 1; --i) std::swap(some[i - 1], some[random_.below(i)]);
  for (const Place place : some) {
    if (laptop && !laptop->present[place]) laptop->carried.set(place);
    take(to, place);
  }
  if (chance(20))
    for (const Place place : some) take(to, place);
  note("sticks");
}

void MemoryHistory::step() {
  for (Device& device : devices_) {
    device.clock_ms += 1000 + static_cast<std::int64_t>(random_.below(600'000));
    if (options_.clocks && chance(1)) device.clock_ms = static_cast<std::int64_t>(random_.below(140)) * year_ms;
  }
  if (options_.sticks && chance(8)) return hand_over();
  const std::uint64_t dice = random_.below(100);
  if (dice < 25)
    open_form(any());
  else if (dice < 57)
    save_form(any());
  else if (dice < 82)
    exchange(any());
  else if (dice < 87)
    settle(any());
  else if (dice < 90) {
    if (!stray_.empty()) {
      const std::size_t at = random_.below(stray_.size());
      receive(stray_[at]);
      stray_.erase(stray_.begin() + static_cast<std::ptrdiff_t>(at));
      note("late repeats");
    }
  } else if (!options_.restores) {
    return;
  } else if (dice < 93) {
    const std::size_t at = random_.below(devices_.size());
    if (copies_.size() < 4) copies_.emplace_back(at, devices_[at]);
  } else if (dice < 95) {
    if (copies_.empty()) return;
    const auto& [at, copy] = copies_[random_.below(copies_.size())];
    devices_[at] = copy;
    devices_[at].forms.clear();
    note("laptop restores");
  } else if (dice < 96) {
    if (clones_ >= 2 || devices_.size() >= laptops_max) return;
    ++clones_;
    Device copy = any();
    copy.forms.clear();
    devices_.push_back(std::move(copy));
    note("clones");
  } else if (dice < 98) {
    central_copy_ = central_;
  } else if (central_copy_) {
    const std::uint64_t next = central_.incarnation + 1;
    central_ = *central_copy_;
    central_.incarnation = options_.control == Control::no_incarnation ? central_.incarnation : next;
    note("central restores");
  }
}

// ---- At the end --------------------------------------------------------------------------------------------------

void MemoryHistory::run() {
  for (std::uint64_t steps = 30 + random_.below(120); steps > 0; --steps) step();
  faults_ = false;
  for (const Page& page : stray_) receive(page);
  Places somewhere;
  for (const Device& device : devices_) somewhere |= device.present;
  int rounds = 0;
  for (bool busy = true; busy; ++rounds) {
    if (rounds > 3) throw Broken{"not quiet after three rounds without a fault"};
    busy = false;
    for (Device& device : devices_) busy = exchange(device) || busy;
  }
  if ((somewhere & ~central_.present).any()) throw Broken{"a change that lay on a laptop never reached central"};
  check();
}

void MemoryHistory::check() {
  for (std::size_t record = 0; record < records_max; ++record) {
    std::vector<Change> changes;
    std::vector<Place> places;
    for (const Place place : central_.order)
      if (record_of_[place] == record) {
        changes.push_back(all_[place]);
        places.push_back(place);
      }
    if (central_.heads[record].fields() != heads_by_definition(changes))
      throw Broken{"central's heads are not those of the definition"};
    const Bytes digest = central_.heads[record].digest_bytes();
    for (const Device& device : devices_)
      if (device.heads[record].digest_bytes() != digest)
        throw Broken{"the heads of a record differ between central and a laptop"};
    std::map<FieldRef, std::vector<ChangeId>> live;
    for (std::size_t i = 0; i < changes.size(); ++i)
      for (const FieldRef& field : changes[i].writes) {
        const bool written_over = std::any_of(places.begin(), places.end(), [&](Place other) {
          const std::vector<FieldRef>& writes = all_[other].writes;
          return sights_[other][places[i]] && std::binary_search(writes.begin(), writes.end(), field);
        });
        std::vector<ChangeId>& at = live[field];
        if (!written_over) at.push_back(changes[i].id);
      }
    for (auto& [field, ids] : live) {
      std::sort(ids.begin(), ids.end());
      if (ids.size() > 1) note("fields with rivals");
    }
    // Where a part of a stick outlived what it stands on, whose only holder was destroyed, a value that was written
    // over in sight may stand again as a rival; none may go.
    const bool is_whole = std::all_of(changes.begin(), changes.end(), [&](const Change& change) {
      return std::all_of(change.base.begin(), change.base.end(),
                         [&](const ChangeId& id) { return central_.present[place_of_.at(id)]; });
    });
    if (!is_whole) {
      note("records that stand on what is gone");
      for (auto& [field, ids] : live) {
        const std::vector<ChangeId>& heads = central_.heads[record].of(field);
        std::vector<ChangeId> both;
        std::set_union(ids.begin(), ids.end(), heads.begin(), heads.end(), std::back_inserter(both));
        ids = both;
      }
    }
    if (live != central_.heads[record].fields())
      throw Broken{"the live values of a record are not those that nobody has written over in sight of them"};
    trace_ = (trace_ ^ (digest.empty() ? 0 : sha256(digest).bytes[0])) * 0x100000001b3u;
  }
}

}  // namespace

Outcome run_memory_history(std::uint64_t seed, const Options& options) {
  Outcome outcome;
  MemoryHistory history(seed, options);
  try {
    history.run();
  } catch (const Broken& broken) {
    outcome.broken = broken.what;
  }
  outcome.trace = history.trace();
  outcome.counters = history.counters();
  return outcome;
}

}  // namespace fieldpost::simulation
