// What a history has met: a simulator finds only what it generates, so all of it is counted.
#include <algorithm>
#include <array>

#include "tools/simulation/history_state.h"

namespace fieldpost::simulation {

namespace {

constexpr std::array all_faults = {fault::requests_lost,   fault::answers_lost,   fault::repeats,
                                   fault::late_repeats,    fault::laptop_crashes, fault::central_crashes,
                                   fault::laptop_restores, fault::clones,         fault::central_restores,
                                   fault::clock_jumps,     fault::bundles_cut};

std::string pair_name(const char* before, const char* after) { return std::string(before) + " > " + after; }
std::string held_name(Reason reason) { return std::string("held: ") + reason_name(reason); }
std::string rivals_name(std::string_view conflict_class) { return "rivals: " + std::string(conflict_class); }

}  // namespace

std::vector<std::string> situations() {
  std::vector<std::string> out;
  for (const char* before : all_faults) {
    out.emplace_back(before);
    for (const char* after : all_faults) out.push_back(pair_name(before, after));
  }
  for (const Reason reason : {Reason::unknown_form, Reason::outside_write_scope}) out.push_back(held_name(reason));
  for (const char* rivals : {"two values", "three values", "a record deleted", "the same value twice"})
    out.push_back(rivals_name(rivals));
  return out;
}

std::vector<std::string> rare_situations() {
  return {held_name(Reason::record_delayed), rivals_name("a value and none"), rivals_name("a row deleted"),
          rivals_name("an option")};
}

void History::note_fault(const char* kind) {
  note_step(kind);
  for (const char* before : faults_met_) ++counters_[pair_name(before, kind)];
  faults_met_.insert(kind);
}

void History::note_held(Laptop& laptop) {
  for (const AttentionItem& item : must(laptop.store().attention()))
    if (item.outcome == fieldpost::Outcome::held) ++counters_[held_name(item.reason)];
}

void History::note_rivals(const FieldRef& field, const std::vector<const Value*>& values) {
  std::vector<const Value*> distinct;
  for (const Value* value : values)
    if (value && std::none_of(distinct.begin(), distinct.end(), [&](const Value* other) { return *other == *value; }))
      distinct.push_back(value);
  const bool is_cleared_against =
      std::any_of(distinct.begin(), distinct.end(), [](const Value* value) { return is_cleared(*value); });
  const char* found = distinct.size() < 2                     ? "the same value twice"
                      : field.field.number == record_presence ? "a record deleted"
                      : field.field.number == roster          ? "a row deleted"
                      : !field.field.option.empty()           ? "an option"
                      : distinct.size() > 2                   ? "three values"
                      : is_cleared_against                    ? "a value and none"
                                                              : "two values";
  ++counters_[rivals_name(found)];
}

}  // namespace fieldpost::simulation
