#include "tools/simulation/history.h"

#include <fmt/format.h>

#include <algorithm>

#include "sync/bundle.h"
#include "sync/central/scope.h"
#include "sync/enrolment.h"
#include "sync/messages.h"
#include "sync/stick.h"
#include "tools/simulation/world.h"

namespace fieldpost::simulation {

std::optional<Control> parse_control(std::string_view name) {
  if (name == "device-sequence-id") return Control::device_sequence_id;
  if (name == "base-at-save") return Control::base_at_save;
  if (name == "no-incarnation") return Control::no_incarnation;
  if (name == "last-writer-wins") return Control::last_writer_wins;
  if (name == "ack-before-commit") return Control::ack_before_commit;
  if (name == "cursor-first") return Control::cursor_first;
  if (name == "wal-normal") return Control::wal_normal;
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

namespace {

constexpr std::int64_t epoch_ms = 1'762'000'000'000;  // 2025-11-01
constexpr std::int64_t year_ms = 365LL * 24 * 3600 * 1000;
constexpr std::uint32_t title = 1, note = 2, difficulties = 3, co_hosts = 4, headcount = 5, topics = 6, roster = 10,
                        full_name = 11, hamlet = 12;
constexpr const char* team = "team";
constexpr const char* other_team = "other";
constexpr const char* station = "post";

/// What the oracle knows of one save: what it wrote, and all its author had seen of that record.
struct Truth {
  RecordId record;
  std::vector<FieldRef> writes;
  std::set<ChangeId> sight;
};

class History {
 public:
  History(std::uint64_t seed, const Options& options)
      : random_(seed * 0x9e3779b97f4a7c15u + 1), options_(options), central_(random_, epoch_ms) {
    loss_ = options.network_faults ? random_.below(25) : 0;
    enrol_all();
  }

  void run();
  std::uint64_t trace() const { return trace_; }
  std::map<std::string, std::int64_t>& counters() { return counters_; }

 private:
  bool chance(std::uint64_t percent) { return random_.below(100) < percent; }
  Laptop& any() { return *laptops_[random_.below(laptops_.size())]; }
  void note_step(std::string_view what, std::uint64_t detail = 0) {
    for (const char c : what) trace_ = (trace_ ^ static_cast<std::uint8_t>(c)) * 0x100000001b3u;
    trace_ = (trace_ ^ detail) * 0x100000001b3u;
    ++counters_[std::string(what)];
  }

  void enrol_all();
  void connect(Laptop& laptop);
  void step();
  void open_form(Laptop& laptop);
  void save_form(Laptop& laptop);
  Edit random_edit(const OpenForm& form);
  Value random_text(const RecordId& record, bool visible_to_partner);
  void settle_conflict(Laptop& laptop);
  void keep_truth(Laptop& laptop, const RecordId& record, const ChangeId& change, std::set<ChangeId> sight);
  std::set<ChangeId> sight_of(Laptop& laptop, const RecordId& record);
  void advance(Laptop& laptop, bool to_the_end);
  bool run_exchange(Laptop& laptop);
  void after_exchange(Laptop& laptop);
  void use_stick();
  void write_to_stick();
  void read_from_stick(const Bytes& file);
  void crash(Laptop& laptop);
  void check_receipts();
  void check_at_rest();
  void check_live_values();
  void check_stores();
  void check_partner(Laptop& laptop);
  std::map<RecordId, RecordHeads> central_heads();

  SeededRandom random_;
  Options options_;
  Central central_;
  std::vector<std::unique_ptr<Laptop>> laptops_;
  std::map<ChangeId, Truth> truths_;
  std::map<RecordId, bool> shared_;  // made to be seen by the station
  std::set<RecordId> made_by_station_;
  std::deque<Request> stray_;
  std::deque<Bytes> stick_;  // bundles, for whoever
  std::vector<std::pair<Laptop*, SimDisk::Image>> backups_;
  std::optional<SimDisk::Image> central_backup_;
  std::optional<SimDisk::Image> before_push_;  // ack_before_commit
  std::string partner_traffic_fault_;
  bool central_lost_power_ = false;
  bool faults_ = true;
  std::uint64_t loss_ = 0;  // percent
  std::uint64_t next_value_ = 0;
  int clones_ = 0;
  std::uint64_t trace_ = 0xcbf29ce484222325u;
  std::map<std::string, std::int64_t> counters_;
};

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
}

/// The page of a pull, or the first one that comes with a handshake.
std::optional<PullAnswer> pulled_with(const Request& request, const Response& response) {
  if (response.status != 200) return std::nullopt;
  if (request.path == path::pull) return must(decode_pull_answer(response.body));
  if (request.path == path::handshake) return must(decode_handshake_answer(response.body)).pull;
  return std::nullopt;
}

void History::connect(Laptop& laptop) {
  laptop.link = std::make_unique<Link>(central_, [this](const Request& request) {
    Fate fate;
    if (options_.control == Control::ack_before_commit && request.path == path::push) before_push_ = central_.image();
    if (!faults_) return fate;
    fate.lose_request = random_.below(100) < loss_;
    fate.lose_answer = random_.below(100) < loss_;
    fate.repeat = random_.below(100) < loss_;
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

// ---- What people do -----------------------------------------------------------------------------------------------

std::set<ChangeId> History::sight_of(Laptop& laptop, const RecordId& record) {
  std::set<ChangeId> sight;
  for (const Change& change : must(laptop.store().history(record))) sight.insert(change.id);
  return sight;
}

void History::open_form(Laptop& laptop) {
  if (laptop.forms.size() >= 3) return;
  std::vector<RecordId> known;
  must(guarded([&] {
    Statement statement = laptop.store().database().prepare("SELECT record FROM heads ORDER BY record");
    while (statement.step()) known.push_back(statement.id<RecordId>(0));
  }));
  OpenForm form;
  if (known.empty() || chance(25)) {
    const std::uint64_t dice = random_.below(100);
    const char* name = laptop.role == Role::partner || dice < 65 ? "visit" : dice < 85 ? "secret" : "late";
    form.seen = laptop.store().start(*laptop_catalogue().form(name));
    if (laptop.role == Role::partner) made_by_station_.insert(form.seen.record);
    shared_[form.seen.record] = name == std::string_view("visit") && (laptop.role == Role::partner || chance(50));
  } else {
    const RecordId record = known[random_.below(known.size())];
    if (laptop.role == Role::partner && !made_by_station_.contains(record) && !chance(20)) return;
    form.seen = must(laptop.store().see(record));
    form.sight = sight_of(laptop, record);
  }
  laptop.forms.push_back(std::move(form));
  note_step("forms opened");
}

Value History::random_text(const RecordId& record, bool visible_to_partner) {
  const bool in_scope = made_by_station_.contains(record) || (shared_[record] && visible_to_partner);
  const std::string value = chance(20) ? "giống nhau" : "v" + std::to_string(++next_value_);
  return in_scope ? value : value + std::string(canary);
}

Edit History::random_edit(const OpenForm& form) {
  Edit edit;
  const RecordId record = form.seen.record;
  if (!form.seen.is_new && chance(8)) {
    edit.deleted = true;
    return edit;
  }
  if (form.seen.form != "visit") {
    edit.fields[{chance(50) ? 1u : 2u, ""}] = random_text(record, false);
    return edit;
  }
  if (form.seen.is_new && shared_[record] && !made_by_station_.contains(record))
    edit.fields[{co_hosts, ""}] = std::string(chance(30) ? "post, other" : "post");
  for (std::uint64_t i = 0, many = 1 + random_.below(3); i < many; ++i) {
    switch (random_.below(7)) {
      case 0: edit.fields[{title, ""}] = random_text(record, true); break;
      case 1: edit.fields[{note, ""}] = chance(15) ? Value{} : random_text(record, true); break;
      case 2: edit.fields[{difficulties, ""}] = random_text(record, false); break;
      case 3: edit.fields[{headcount, ""}] = static_cast<std::int64_t>(random_.below(100)); break;
      case 4:
        edit.fields[{topics, ""}] = true;
        edit.fields[{topics, std::string(1, static_cast<char>('A' + random_.below(3)))}] = chance(70);
        break;
      case 5: {
        Edit::RowEdit row;
        row.repeat = roster;
        row.fields[{full_name, ""}] = random_text(record, false);
        edit.rows.push_back(std::move(row));
        break;
      }
      case 6: {
        if (form.seen.answers.rows.empty()) break;
        Edit::RowEdit row;
        row.repeat = roster;
        row.row = form.seen.answers.rows[random_.below(form.seen.answers.rows.size())].id;
        for (const Edit::RowEdit& other : edit.rows)
          if (other.row == row.row) return edit;
        if (chance(30))
          row.deleted = true;
        else
          row.fields[{hamlet, ""}] = random_text(record, false);
        edit.rows.push_back(std::move(row));
        break;
      }
    }
  }
  return edit;
}

void History::keep_truth(Laptop& laptop, const RecordId& record, const ChangeId& id, std::set<ChangeId> sight) {
  for (const Change& change : must(laptop.store().history(record)))
    if (change.id == id) truths_[id] = {record, change.writes, std::move(sight)};
  note_step("saves", id.bytes[0]);
}

void History::save_form(Laptop& laptop) {
  if (laptop.forms.empty()) return;
  const std::size_t at = random_.below(laptop.forms.size());
  OpenForm& form = laptop.forms[at];
  const Edit edit = random_edit(form);
  Seen seen = form.seen;
  if (options_.control == Control::base_at_save && !seen.is_new) {
    // The form never noticed what arrived meanwhile, but the save pretends that its author did.
    Result<Seen> now = laptop.store().see(seen.record);
    if (now) seen.heads = now->heads;
  }
  const Saved saved = must(laptop.store().save(seen, edit));
  form.seen = seen;
  if (!saved.change.is_nil()) {
    keep_truth(laptop, seen.record, saved.change, form.sight);
    form.sight.insert(saved.change);
  }
  if (chance(60)) laptop.forms.erase(laptop.forms.begin() + static_cast<std::ptrdiff_t>(at));
}

void History::settle_conflict(Laptop& laptop) {
  const std::vector<Rivals> conflicts = must(laptop.store().conflicts());
  if (conflicts.empty()) return;
  const Rivals& rivals = conflicts[random_.below(conflicts.size())];
  const RecordId record = rivals.conflict.record;
  if (laptop.role == Role::partner && !made_by_station_.contains(record)) return;
  const Value value = rivals.state.heads[random_.below(rivals.state.heads.size())].value;
  std::set<ChangeId> sight = sight_of(laptop, record);
  const Saved saved = must(laptop.store().resolve(record, rivals.conflict.field, value, "đã hỏi"));
  keep_truth(laptop, record, saved.change, std::move(sight));
  note_step("conflicts settled");
}

// ---- Exchanges ----------------------------------------------------------------------------------------------------

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
      note_step("central crashes");
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
      laptop.exchange.reset();
      after_exchange(laptop);
      return;
    }
    if (!to_the_end) return;
  }
}

// ---- The stick ----------------------------------------------------------------------------------------------------

void History::use_stick() {
  if (stick_.empty() || chance(45)) return write_to_stick();
  const Bytes& file = stick_[random_.below(stick_.size())];
  if (chance(10)) {
    // Pulled out too early, or half copied.
    const Bytes part(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(random_.below(file.size())));
    for (const auto& laptop : laptops_)
      if (read_bundle(laptop->store(), part)) throw Broken{"a part of a bundle was taken in"};
    if (central_.read_bundle(part)) throw Broken{"a part of a bundle was taken in by central"};
    note_step("bundles cut");
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

void History::read_from_stick(const Bytes& file) {
  const DeviceId recipient = must(bundle_header(file)).recipient;
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
    note_step("bundles read", static_cast<std::uint64_t>(read->received));
    if (chance(50)) return;  // a copied laptop may read it as well, or not
  }
  if (found) return;
  const Result<BundleTaken> taken = central_.read_bundle(file);
  if (!taken) throw Broken{"a bundle was refused by central: " + taken.error().message};
  note_step("bundles read by central", static_cast<std::uint64_t>(taken->changes));
}

// ---- What goes wrong ----------------------------------------------------------------------------------------------

void History::crash(Laptop& laptop) {
  const auto before = laptop.held_changes();
  laptop.crash(random_);
  const auto after = laptop.held_changes();
  if (!std::includes(after.begin(), after.end(), before.begin(), before.end()))
    throw Broken{"a power cut took a save that had returned"};
  note_step("laptop crashes");
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

void History::step() {
  for (const auto& laptop : laptops_) {
    laptop->clock.ms += 1000 + static_cast<std::int64_t>(random_.below(600'000));
    if (options_.clocks && chance(1)) {
      laptop->clock.ms = chance(50) ? 0 : static_cast<std::int64_t>(random_.below(140)) * year_ms;  // 1970 … 2109
      note_step("clock jumps");
    }
  }
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
      note_step("late repeats");
    }
  } else if (dice < 91) {
    if (options_.crashes) crash(any());
  } else if (dice < 92) {
    if (options_.crashes) {
      central_.crash(random_);
      note_step("central crashes");
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
      note_step("laptop restores");
    }
  } else if (dice < 97) {
    if (clones_ < 2) {
      ++clones_;
      laptops_.push_back(std::make_unique<Laptop>(any(), "clone" + std::to_string(clones_), random_.next()));
      connect(*laptops_.back());
      note_step("clones");
    }
  } else if (dice < 98) {
    central_backup_ = central_.backup();
  } else if (dice < 99) {
    if (central_backup_) {
      central_.restore(*central_backup_, options_.control != Control::no_incarnation);
      note_step("central restores");
    }
  } else {
    central_.learn_forms();
    note_step("forms learnt");
  }
}

// ---- At the end ---------------------------------------------------------------------------------------------------

bool History::run_exchange(Laptop& laptop) {
  laptop.exchange.reset();
  Exchange exchange(laptop.store(), *laptop.link);
  const Result<ExchangeReport> report = exchange.run();
  if (!report) throw Broken{"an exchange without faults failed: " + report.error().message};
  after_exchange(laptop);
  return report->sent > 0 || report->received > 0 || report->new_epoch || report->new_incarnation;
}

void History::run() {
  const std::uint64_t steps = 20 + random_.below(100);
  for (std::uint64_t i = 0; i < steps; ++i) step();

  faults_ = false;
  central_.learn_forms();
  for (const Request& request : stray_) central_.handle(request);
  for (const Bytes& file : stick_) read_from_stick(file);
  std::set<std::pair<RecordId, ChangeId>> somewhere;
  for (const auto& laptop : laptops_) somewhere.merge(laptop->held_changes());
  int rounds = 0;
  for (bool busy = true; busy; ++rounds) {
    if (rounds > 3) throw Broken{"not quiet after three rounds without a fault"};
    busy = false;
    for (const auto& laptop : laptops_) busy = run_exchange(*laptop) || busy;
  }
  counters_["rounds"] += rounds;
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
}

void History::check_live_values() {
  for (const auto& [record, heads] : central_heads()) {
    const std::vector<Change> changes =
        must(guarded([&] { return Journal(central_.database()).changes_of(record); }));
    std::map<FieldRef, std::vector<ChangeId>> live;
    for (const Change& change : changes) {
      for (const FieldRef& field : change.writes) {
        const bool written_over = std::any_of(changes.begin(), changes.end(), [&](const Change& other) {
          const Truth& truth = truths_.at(other.id);
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
    for (const auto& [field, ids] : live) counters_["fields with rivals"] += ids.size() > 1;
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
    if (there->answers.fields != expected || there->present != state.present)
      throw Broken{"what the station sees of a shared session is not what central shows"};
  }
}

}  // namespace

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
