// One random history: laptops, a station and the office in one thread on one seed, with the real store, exchange and
// endpoint over a virtual clock, disk and network, and an oracle that knows what each author truly saw.
//
// Checked at the end, and where it says so on the way:
//   converged     equal grants hold equal heads; the office holds what central holds; every view is what its
//                 journal adds up to
//   kept          every change on any disk that was not destroyed is at central; a crash loses no save that
//                 returned; a receipt is never given for what central may still lose; a part of a bundle is
//                 taken in by nobody
//   not silent    the live values of every field are exactly those that nobody who saw them has written over
//   drained       after the last fault everything is quiet within three rounds; nothing is left unsent
//   confined      no byte out of a partner's scope in what central sent it or on its disk; it sees what it may
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace fieldpost::simulation {

/// Known-bad variants. The simulation must catch each: a rig that cannot fail proves nothing.
enum class Control {
  none,
  device_sequence_id,  // identity is (device, number): central takes a known place for a known change
  base_at_save,        // the base is what the store holds at the save, not what the author saw
  no_incarnation,      // central comes back from a copy as if nothing had happened
  last_writer_wins,    // the newest clock silently settles every conflict
  ack_before_commit,   // central's receipt leaves before the change is durable
  cursor_first,        // a pull's cursor is kept before its segments, in a transaction of its own
  wal_normal,          // laptops commit with synchronous=NORMAL
  numbers_at_once,     // a restored central goes on numbering before the laptops have given back what it gave before
  live_figures,        // a closed window is reported from what is here now
  delete_wins,         // a deletion silently overrules an edit that did not know of it
};
std::optional<Control> parse_control(std::string_view name);

struct Options {
  bool network_faults = true;  // lost requests and answers, repeats, late repeats
  bool crashes = true;         // power cuts of laptops and central
  bool restores = true;        // laptops and central brought back from copies, cloned disks
  bool clocks = true;          // wrong by years, jumping
  bool sticks = true;          // bundles between laptops and central and between colleagues: late, repeated, cut
  Control control = Control::none;
  /// Up to twelve laptops, up to three people who reconcile, fewer and busier records; carriers try to read what is
  /// not for them; before central learns every form, what it holds must have delayed nobody else.
  bool wide = false;
  /// Three clerks and seven laptops; the clerks decide on pairs, review, accept, and close windows. Checked besides:
  /// numbers are unique, without gap where central was never restored; a closed window's figures do not move.
  bool desk = false;
  bool memory = false;  // replicas in memory instead of whole programs: see memory.h
};
/// `all`, `none`, or a comma-separated choice of network, crashes, restores, clocks, sticks.
std::optional<Options> parse_faults(std::string_view faults);

struct Outcome {
  std::string broken;                            // empty, or what did not hold
  std::uint64_t trace = 0;                       // the same for the same seed
  std::map<std::string, std::int64_t> counters;  // saves, crashes, restores, conflicts, …
};

/// The names of all counters that a run of some hundred histories has to raise: every fault, every ordered pair of
/// faults (`A > B`: A had happened before B in one history), every reason to hold, every class of rivals.
std::vector<std::string> situations();
/// Those that thousands of histories have to raise: an option is in conflict only where somebody took back what they
/// had ticked themselves.
std::vector<std::string> rare_situations();

Outcome run_history(std::uint64_t seed, const Options& options);

}  // namespace fieldpost::simulation
