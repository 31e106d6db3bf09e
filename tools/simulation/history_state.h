// Inside of one history, shared by its .cpp files and nobody else: who takes part, what the oracle knows, and what is
// counted.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "shared/storage/data_state.h"
#include "tools/simulation/history.h"
#include "tools/simulation/world.h"

namespace fieldpost::simulation {

inline constexpr std::int64_t epoch_ms = 1'762'000'000'000;  // 2025-11-01
inline constexpr std::int64_t year_ms = 365LL * 24 * 3600 * 1000;
inline constexpr std::uint32_t title = 1, note = 2, difficulties = 3, co_hosts = 4, headcount = 5, topics = 6,
                               roster = 10, full_name = 11, hamlet = 12;
inline constexpr const char* team = "team";
inline constexpr const char* other_team = "other";
inline constexpr const char* station = "post";

/// What can go wrong, by the name under which it is counted.
namespace fault {
inline constexpr const char* requests_lost = "requests lost";
inline constexpr const char* answers_lost = "answers lost";
inline constexpr const char* repeats = "repeats";
inline constexpr const char* late_repeats = "late repeats";
inline constexpr const char* laptop_crashes = "laptop crashes";
inline constexpr const char* central_crashes = "central crashes";
inline constexpr const char* laptop_restores = "laptop restores";
inline constexpr const char* clones = "clones";
inline constexpr const char* central_restores = "central restores";
inline constexpr const char* clock_jumps = "clock jumps";
inline constexpr const char* bundles_cut = "bundles cut";
}  // namespace fault

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
  /// Something went wrong: counted, also after everything that had gone wrong before in this history.
  void note_fault(const char* kind);
  void note_held(Laptop& laptop);
  void note_rivals(const FieldRef& field, const std::vector<const Value*>& values);

  void enrol_all();
  void connect(Laptop& laptop);
  void step();
  void open_form(Laptop& laptop);
  void save_form(Laptop& laptop);
  Edit random_edit(const OpenForm& form);
  Value random_text(const RecordId& record, bool visible_to_partner);
  void settle_conflict(Laptop& laptop);
  void restore_central();
  void desk_step();
  void decide(Laptop& clerk, const char* about, std::vector<RecordId> known, std::size_t subjects);
  void accept(Laptop& clerk);
  void close(Laptop& clerk);
  void check_closed_windows();
  void check_register();
  void keep_truth(Laptop& laptop, const RecordId& record, const ChangeId& change, std::set<ChangeId> sight);
  std::set<ChangeId> sight_of(Laptop& laptop, const RecordId& record);
  void advance(Laptop& laptop, bool to_the_end);
  bool run_exchange(Laptop& laptop);
  void drain();
  void check_nobody_waits();
  void carry(const Bytes& file);
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
  /// A window closed by a clerk, and what its figures were made of.
  struct Closed {
    std::string by;
    DataState state;
    std::string figures;
  };
  std::vector<Closed> closed_;
  std::vector<std::size_t> clerks_;  // which laptops are the office's
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
  std::set<const char*> faults_met_;
};

}  // namespace fieldpost::simulation
