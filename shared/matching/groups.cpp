#include "shared/matching/groups.h"

#include <algorithm>
#include <iterator>
#include <tuple>

#include "shared/matching/attendance.h"

namespace fieldpost {
namespace {

std::pair<RecordId, RecordId> ordered(const RecordId& a, const RecordId& b) {
  return a < b ? std::pair(a, b) : std::pair(b, a);
}

std::vector<std::string> words_in(std::string_view text) {
  std::vector<std::string> words;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find_first_of(" \t\n,;"), text.size());
    if (end > 0) words.emplace_back(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return words;
}

/// Who points to whom: union-find, the smaller id on top.
class Union {
 public:
  RecordId top(RecordId record) {
    for (;;) {
      const auto above = above_.find(record);
      if (above == above_.end() || above->second == record) return record;
      record = above->second;
    }
  }
  void join(const RecordId& a, const RecordId& b) {
    above_.try_emplace(a, a);
    above_.try_emplace(b, b);
    const auto [upper, lower] = ordered(top(a), top(b));
    above_[lower] = upper;
  }
  std::vector<RecordId> known() const {
    std::vector<RecordId> records;
    for (const auto& [record, above] : above_) records.push_back(record);
    return records;
  }

 private:
  std::map<RecordId, RecordId> above_;
};

}  // namespace

std::vector<SameDecision> read_same_decisions(Database& view) {
  std::vector<SameDecision> decisions;
  // A store whose catalogue lacks the form has no such decisions.
  if (!view.integer("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'form_same_as'")) return decisions;
  Statement row = view.prepare(
      "SELECT f.record, f.one, f.other, f.decision, f.kept, f.taken, EXISTS (SELECT 1 FROM conflict c WHERE c.record "
      "="
      " f.record) FROM form_same_as f JOIN record r ON r.record = f.record WHERE r.present AND f.one IS NOT NULL AND"
      " f.other IS NOT NULL ORDER BY f.one, f.other");
  while (row.step()) {
    SameDecision decision;
    decision.record = row.id<RecordId>(0);
    std::tie(decision.one, decision.other) = ordered(row.id<RecordId>(1), row.id<RecordId>(2));
    if (decision.one == decision.other) continue;
    decision.in_conflict = row.integer(6) != 0;
    if (!decision.in_conflict && row.text_view(3) == "same") decision.decided = SameDecision::Decided::same;
    if (!decision.in_conflict && row.text_view(3) == "not_same") decision.decided = SameDecision::Decided::not_same;
    if (!row.is_null(4)) {
      const RecordId kept = row.id<RecordId>(4);
      if (kept == decision.one || kept == decision.other) decision.kept = kept;
    }
    decision.taken = words_in(row.text_view(5));
    decisions.push_back(std::move(decision));
  }
  return decisions;
}

SameGroups::SameGroups(std::vector<SameDecision> decisions) {
  Union joined;
  std::set<RecordId> kept, given_up;
  for (SameDecision& decision : decisions) {
    if (decision.decided == SameDecision::Decided::same) {
      joined.join(decision.one, decision.other);
      if (decision.kept) {
        kept.insert(*decision.kept);
        given_up.insert(*decision.kept == decision.one ? decision.other : decision.one);
      }
    }
    const std::pair key(decision.one, decision.other);
    decisions_.emplace(key, std::move(decision));
  }
  std::map<RecordId, std::vector<RecordId>> by_top;
  for (const RecordId& record : joined.known()) by_top[joined.top(record)].push_back(record);
  for (auto& [top, members] : by_top) {
    std::sort(members.begin(), members.end());
    const auto rank = [&](const RecordId& record) { return !kept.contains(record) ? 2 : given_up.contains(record); };
    const auto first = std::min_element(members.begin(), members.end(), [&](const RecordId& a, const RecordId& b) {
      return std::pair(rank(a), a) < std::pair(rank(b), b);
    });
    const RecordId leader = *first;
    std::rotate(members.begin(), first, first + 1);
    std::sort(members.begin() + 1, members.end());
    for (const RecordId& member : members) leaders_[member] = leader;
    groups_[leader] = std::move(members);
  }
  for (const auto& [pair, decision] : decisions_) {
    if (decision.decided != SameDecision::Decided::not_same) continue;
    const RecordId a = leader(pair.first), b = leader(pair.second);
    if (a == b)
      contradictions_.push_back(decision);
    else
      apart_.insert(ordered(a, b));
  }
}

RecordId SameGroups::leader(const RecordId& record) const {
  const auto found = leaders_.find(record);
  return found == leaders_.end() ? record : found->second;
}

std::vector<RecordId> SameGroups::members(const RecordId& record) const {
  const auto found = groups_.find(leader(record));
  return found == groups_.end() ? std::vector<RecordId>{record} : found->second;
}

std::vector<RecordId> SameGroups::leaders() const {
  std::vector<RecordId> out;
  for (const auto& [leader, members] : groups_) out.push_back(leader);
  return out;
}

SameDecision::Decided SameGroups::decided(const RecordId& a, const RecordId& b) const {
  const RecordId one = leader(a), other = leader(b);
  if (one == other) return SameDecision::Decided::same;
  return apart_.contains(ordered(one, other)) ? SameDecision::Decided::not_same : SameDecision::Decided::undecided;
}

const SameDecision* SameGroups::decision(const RecordId& a, const RecordId& b) const {
  const auto found = decisions_.find(ordered(a, b));
  return found == decisions_.end() ? nullptr : &found->second;
}

std::vector<SameGroups::Held> SameGroups::holding(const RecordId& leader) const {
  std::vector<Held> out;
  std::set<RecordId> reached = {leader};
  std::vector<RecordId> from = {leader};
  const std::vector<RecordId> all = members(leader);
  for (std::size_t i = 0; i < from.size(); ++i) {
    const RecordId near = from[i];
    for (const RecordId& next : all) {
      const SameDecision* held = reached.contains(next) ? nullptr : decision(near, next);
      if (held == nullptr || held->decided != SameDecision::Decided::same) continue;
      reached.insert(next);
      from.push_back(next);
      const RecordId kept = held->kept.value_or(near);
      out.push_back({held, kept, kept == near ? next : near});
    }
  }
  return out;
}

namespace {

void take(Answers& into, const Answers& from, const Form& form, const std::string& name) {
  for (const Question* repeat : form.repeats()) {
    if (repeat->name != name) continue;
    std::erase_if(into.rows, [&](const Row& row) { return row.repeat == repeat->number; });
    std::copy_if(from.rows.begin(), from.rows.end(), std::back_inserter(into.rows),
                 [&](const Row& row) { return row.repeat == repeat->number; });
    return;
  }
  const Question* question = form.find_in(nullptr, name);
  if (question == nullptr || question->number == 0) return;
  std::erase_if(into.fields, [&](const auto& field) { return field.first.number == question->number; });
  for (const auto& [key, value] : from.fields)
    if (key.number == question->number) into.fields[key] = value;
}

}  // namespace

std::optional<Answers> answers_of_group(const SameGroups& groups, const RecordId& record, const Form& form,
                                        const std::function<std::optional<Answers>(const RecordId&)>& answers_of) {
  const RecordId leader = groups.leader(record);
  std::map<RecordId, std::optional<Answers>> shown;
  for (const RecordId& member : groups.members(record)) shown[member] = answers_of(member);
  // From the far end towards the leader, so that what came from a third record comes along.
  std::vector<SameGroups::Held> holding = groups.holding(leader);
  std::reverse(holding.begin(), holding.end());
  for (const SameGroups::Held& held : holding) {
    if (!shown[held.kept] || !shown[held.other]) continue;
    for (const std::string& name : held.decision->taken) take(*shown[held.kept], *shown[held.other], form, name);
  }
  // A leader that was deleted leads no more.
  for (const RecordId& member : groups.members(record))
    if (shown[member]) return shown[member];
  return std::nullopt;
}

void create_same_record_table(Database& view, const Catalogue& catalogue) {
  view.execute(
      "DROP TABLE IF EXISTS temp.same_record;"
      "CREATE TEMP TABLE same_record (record BLOB PRIMARY KEY, leader BLOB NOT NULL, official INTEGER NOT NULL)"
      " WITHOUT ROWID");
  const SameGroups groups(read_same_decisions(view));
  for (const RecordId& leader : groups.leaders()) {
    std::vector<RecordId> here;
    for (const RecordId& member : groups.members(leader))
      if (view.integer("SELECT present FROM record WHERE record = ?", member).value_or(0) != 0)
        here.push_back(member);
    if (here.size() < 2) continue;
    // A leader that was deleted leads no more.
    const RecordId shown = here.front();
    const RecordId official = official_report(view, catalogue, here).value_or(shown);
    for (const RecordId& member : here)
      view.run("INSERT INTO temp.same_record VALUES (?, ?, ?)", member, shown, member == official ? 1 : 0);
  }
}

}  // namespace fieldpost
