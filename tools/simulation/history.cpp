#include "tools/simulation/history.h"

#include "sync/enrolment.h"
#include "sync/messages.h"
#include "tools/simulation/history_state.h"

namespace fieldpost::simulation {

std::optional<Control> parse_control(std::string_view name) {
  if (name == "device-sequence-id") return Control::device_sequence_id;
  if (name == "base-at-save") return Control::base_at_save;
  if (name == "no-incarnation") return Control::no_incarnation;
  if (name == "last-writer-wins") return Control::last_writer_wins;
  if (name == "ack-before-commit") return Control::ack_before_commit;
  if (name == "cursor-first") return Control::cursor_first;
  if (name == "wal-normal") return Control::wal_normal;
  if (name == "numbers-at-once") return Control::numbers_at_once;
  if (name == "live-figures") return Control::live_figures;
  if (name == "delete-wins") return Control::delete_wins;
  return std::nullopt;
}

std::optional<Options> parse_faults(std::string_view faults) {
  Options options;
  if (faults == "all") return options;
  options.network_faults = options.crashes = options.restores = options.clocks = options.sticks = false;
  if (faults == "none") return options;
  while (!faults.empty()) {
    const std::size_t comma = faults.find(',');
    const std::string_view one = faults.substr(0, comma);
    if (one == "network")
      options.network_faults = true;
    else if (one == "crashes")
      options.crashes = true;
    else if (one == "restores")
      options.restores = true;
    else if (one == "clocks")
      options.clocks = true;
    else if (one == "sticks")
      options.sticks = true;
    else
      return std::nullopt;
    faults.remove_prefix(comma == std::string_view::npos ? faults.size() : comma + 1);
  }
  return options;
}

void History::enrol_all() {
  const auto add = [&](const char* name, Role role, const char* unit) {
    std::int64_t now = epoch_ms;
    if (options_.clocks && chance(30)) now += (chance(50) ? 10 : -10) * year_ms;
    auto laptop =
        std::make_unique<Laptop>(name, role, unit, random_.next(), now, options_.control != Control::wal_normal);
    connect(*laptop);
    const bool faults = std::exchange(faults_, false);
    const Ticket ticket = must(parse_ticket(central_.ticket(role, unit, name)));
    must(enrol(laptop->store(), *laptop->link, "sim", ticket));
    // Enrolled for good: what wal-normal loses is a save, not a laptop.
    must(guarded([&] { laptop->store().database().execute("PRAGMA wal_checkpoint(TRUNCATE)"); }));
    faults_ = faults;
    laptops_.push_back(std::move(laptop));
  };
  add("an", Role::recorder, team);
  add("binh", Role::recorder, team);
  add("post", Role::partner, station);
  if (chance(60)) add("office", Role::reconciler, "office");
  if (chance(40)) add("chi", Role::provider, team);
  if (chance(30)) add("dung", Role::recorder, other_team);
  if (chance(20)) add("post2", Role::partner, station);
  if (options_.desk) {
    while (laptops_.size() < 7) add(("field" + std::to_string(laptops_.size())).c_str(), Role::recorder, team);
    for (const char* name : {"clerk1", "clerk2", "clerk3"}) add(name, Role::reconciler, "office");
    for (std::size_t i = 0; i < laptops_.size(); ++i)
      if (laptops_[i]->role == Role::reconciler) clerks_.push_back(i);
  }
  if (!options_.wide) return;
  for (const char* name : {"reconciler2", "reconciler3"})
    if (chance(70)) add(name, Role::reconciler, "office");
  for (std::uint64_t i = random_.below(4); i > 0; --i)
    add(("colleague" + std::to_string(i)).c_str(), Role::recorder, team);
}

// ---- What goes wrong
// -----------------------------------------------------------------------------------------------

void History::crash(Laptop& laptop) {
  const auto before = laptop.held_changes();
  laptop.crash(random_);
  const auto after = laptop.held_changes();
  if (!std::includes(after.begin(), after.end(), before.begin(), before.end()))
    throw Broken{"a power cut took a save that had returned"};
  note_fault(fault::laptop_crashes);
}

void History::check_receipts() {
  for (const auto& laptop : laptops_) {
    const Identity self = *must(laptop->store().identity());
    const std::optional<Incarnation> known = must(laptop->store().incarnation());
    if (!known || known != central_.incarnation()) continue;
    must(guarded([&] {
      Statement statement = laptop->store().database().prepare(
          "SELECT c.record, c.id FROM entry e JOIN epoch p ON p.number = e.epoch JOIN change c ON c.number = e.change"
          " WHERE p.device = ? AND e.outcome = 0");
      statement.bind(self.device());
      while (statement.step())
        if (!central_.holds(statement.id<RecordId>(0), statement.id<ChangeId>(1)))
          throw Broken{"central lost a change that it had given a receipt for"};
    }));
  }
}

void History::restore_central() {
  central_.restore(*central_backup_, options_.control != Control::no_incarnation);
  if (options_.control == Control::numbers_at_once) central_.resume_register();
  note_fault(fault::central_restores);
}

void History::step() {
  for (const auto& laptop : laptops_) {
    laptop->clock.ms += 1000 + static_cast<std::int64_t>(random_.below(600'000));
    if (options_.clocks && chance(1)) {
      laptop->clock.ms = chance(50) ? 0 : static_cast<std::int64_t>(random_.below(140)) * year_ms;  // 1970 … 2109
      note_fault(fault::clock_jumps);
    }
  }
  if (options_.desk && chance(30)) return desk_step();
  if (options_.sticks && chance(12)) return use_stick();
  const std::uint64_t dice = random_.below(100);
  if (dice < 25)
    open_form(any());
  else if (dice < 55)
    save_form(any());
  else if (dice < 80)
    advance(any(), chance(60));
  else if (dice < 85)
    settle_conflict(any());
  else if (dice < 88) {
    if (options_.network_faults && !stray_.empty()) {
      // Something that went astray arrives after all, long after.
      central_.handle(stray_.front());
      stray_.pop_front();
      note_fault(fault::late_repeats);
    }
  } else if (dice < 91) {
    if (options_.crashes) crash(any());
  } else if (dice < 92) {
    if (options_.crashes) {
      central_.crash(random_);
      note_fault(fault::central_crashes);
      check_receipts();
    }
  } else if (!options_.restores) {
    return;
  } else if (dice < 94) {
    Laptop& laptop = any();
    if (backups_.size() < 4) backups_.emplace_back(&laptop, laptop.backup());
  } else if (dice < 96) {
    if (!backups_.empty()) {
      const auto& [laptop, image] = backups_[random_.below(backups_.size())];
      laptop->restore(image);
      note_fault(fault::laptop_restores);
    }
  } else if (dice < 97) {
    if (clones_ < 2) {
      ++clones_;
      laptops_.push_back(std::make_unique<Laptop>(any(), "clone" + std::to_string(clones_), random_.next()));
      connect(*laptops_.back());
      note_fault(fault::clones);
    }
  } else if (dice < 98) {
    central_backup_ = central_.backup();
  } else if (dice < 99) {
    if (central_backup_) restore_central();
  } else {
    central_.learn_forms();
    note_step("forms learnt");
  }
}

simulation::Outcome run_history(std::uint64_t seed, const Options& options) {
  register_vfs();
  simulation::Outcome outcome;
  // Where a history broke, its trace and counters so far help to find why.
  std::optional<History> history;
  try {
    history.emplace(seed, options);
    history->run();
  } catch (const Broken& broken) {
    outcome.broken = broken.what;
  }
  if (history) {
    outcome.trace = history->trace();
    outcome.counters = history->counters();
  }
  return outcome;
}

}  // namespace fieldpost::simulation
