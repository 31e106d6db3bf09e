#include "shared/storage/data_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <sstream>

#include "shared/foundation/crypto.h"
#include "shared/storage/view.h"

namespace fieldpost {

namespace {

using Runs = std::vector<std::pair<std::uint64_t, std::uint64_t>>;

std::string runs_text(const Runs& runs) {
  std::string out;
  for (const auto& [first, last] : runs) {
    if (!out.empty()) out += ',';
    out += first == last ? fmt::format("{}", first) : fmt::format("{}-{}", first, last);
  }
  return out;
}

std::optional<std::uint64_t> number(std::string_view text) {
  std::uint64_t value = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (fault != std::errc{} || end != text.data() + text.size() || value == 0 || value > segment_place_max)
    return std::nullopt;
  return value;
}

std::optional<Runs> parse_runs(std::string_view text) {
  Runs out;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find(','), text.size());
    const std::string_view run = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t dash = run.find('-');
    const auto first = number(run.substr(0, dash));
    const auto last = dash == std::string_view::npos ? first : number(run.substr(dash + 1));
    if (!first || !last || *last < *first || (!out.empty() && *first <= out.back().second)) return std::nullopt;
    out.emplace_back(*first, *last);
  }
  return out;
}

/// Places up to n whose change is not here, or does not count; those that central holds back too where a state is
/// named: what it holds back is nobody else's yet. In one that was named before it stays.
enum class Held { left_out, as_named };
Runs places_without(Database& database, std::int64_t epoch, std::uint64_t n, Held held) {
  Runs found;
  const auto add = [&](Statement& runs) {
    while (runs.step())
      found.emplace_back(static_cast<std::uint64_t>(runs.integer(0)), static_cast<std::uint64_t>(runs.integer(1)));
  };
  Statement unsettled = database.prepare(
      "SELECT e.n, e.n FROM entry e INDEXED BY entry_unsettled WHERE e.epoch = ? AND e.n <= ?"
      " AND (e.change IS NULL OR e.outcome IS NULL OR e.outcome >= 1)"
      " AND (e.change IS NULL OR (e.outcome >= 2"
      " AND (? OR (SELECT c.counts FROM change c WHERE c.number = e.change) = 0)))");
  unsettled.bind(epoch, n, held == Held::left_out);
  add(unsettled);
  // What nobody sent here, not even its id: a page that central held back whole.
  if (database.integer("SELECT count(*) FROM entry WHERE epoch = ? AND n <= ?", epoch, n) !=
      static_cast<std::int64_t>(n)) {
    Statement gaps = database.prepare(
        "SELECT before + 1, n - 1 FROM (SELECT n, lag(n, 1, 0) OVER (ORDER BY n) AS before FROM entry"
        " WHERE epoch = ? AND n <= ?) WHERE n - before > 1");
    gaps.bind(epoch, n);
    add(gaps);
  }
  std::sort(found.begin(), found.end());
  Runs out;
  for (const auto& [first, last] : found) {
    if (!out.empty() && out.back().second + 1 >= first)
      out.back().second = std::max(out.back().second, last);
    else
      out.emplace_back(first, last);
  }
  return out;
}

bool something_counts(Database& database, std::int64_t epoch) {
  return database
      .integer(
          "SELECT 1 FROM entry e JOIN change c ON c.number = e.change WHERE e.epoch = ? AND c.counts = 1 LIMIT 1",
          epoch)
      .has_value();
}

/// Whether what stands up to n is one line: each segment begins where what stands before it ends. After a laptop was
/// copied, one line may have taken the first places here and the other the next.
bool is_one_line(Journal& journal, const DeploymentId& deployment, const Journal::EpochRow& epoch, std::uint64_t n) {
  for (const Journal::SegmentRow& segment : journal.segments(epoch.number, 1)) {
    if (segment.first > n) break;
    const std::optional<Digest> before = journal.chain_at(deployment, epoch, segment.first - 1);
    if (before && *before != segment.start) return false;
  }
  return true;
}

bool covers(const Runs& outer, const Runs& inner) {
  for (const auto& [first, last] : inner) {
    const auto run = std::find_if(outer.begin(), outer.end(), [&, first = first](const auto& each) {
      return each.first <= first && first <= each.second;
    });
    if (run == outer.end() || run->second < last) return false;
  }
  return true;
}

/// Into temp.later: the changes that stand in no place of the state; into temp.late_record: their records.
void find_later(Database& database, const DeploymentId& deployment, const DataState& state) {
  database.execute(
      "CREATE TEMP TABLE IF NOT EXISTS part (epoch INTEGER PRIMARY KEY, n INTEGER NOT NULL);"
      "CREATE TEMP TABLE IF NOT EXISTS part_without (epoch INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER "
      "NOT "
      "NULL);"
      "CREATE TEMP TABLE IF NOT EXISTS later (change INTEGER PRIMARY KEY);"
      "CREATE TEMP TABLE IF NOT EXISTS late_record (record BLOB PRIMARY KEY) WITHOUT ROWID;"
      "DELETE FROM temp.part; DELETE FROM temp.part_without; DELETE FROM temp.later; DELETE FROM temp.late_record");
  Journal journal(database);
  std::map<std::pair<DeviceId, EpochId>, Journal::EpochRow> epochs;
  for (const Journal::EpochRow& row : journal.epochs()) epochs[{row.device, row.epoch}] = row;
  const bool has_forks = database.integer("SELECT 1 FROM unplaced LIMIT 1").has_value();
  for (const DataState::Part& part : state.parts) {
    const auto found = epochs.find({part.device, part.epoch});
    const std::optional<Digest> chain =
        found == epochs.end() ? std::nullopt : journal.chain_at(deployment, found->second, part.n);
    if (!chain || *chain != part.chain || (has_forks && !is_one_line(journal, deployment, found->second, part.n)) ||
        !covers(part.without, places_without(database, found->second.number, part.n, Held::as_named)))
      throw SqlError(
          Error{ErrorCode::not_found,
                fmt::format("the state names the journal of device {} up to {}, which is not here as it was "
                            "then: sync first",
                            fieldpost::text(part.device), part.n)});
    database.run("INSERT INTO temp.part (epoch, n) VALUES (?, ?)", found->second.number, part.n);
    for (const auto& [first, last] : part.without)
      database.run("INSERT INTO temp.part_without (epoch, first, last) VALUES (?, ?, ?)", found->second.number, first,
                   last);
    epochs.erase(found);
  }
  for (const auto& [record, id] : state.also)
    if (!database.integer("SELECT number FROM change WHERE record = ? AND id = ? AND counts = 1", record, id))
      throw SqlError(Error{ErrorCode::not_found, "the state names a change that is not here: sync first"});
  for (const auto& [name, row] : epochs)  // journals that the state does not know
    database.run("INSERT INTO temp.part (epoch, n) VALUES (?, 0)", row.number);
  database.execute(
      "INSERT OR IGNORE INTO temp.later SELECT e.change FROM temp.part p JOIN entry e ON e.epoch = p.epoch AND e.n > "
      "p.n"
      " JOIN change c ON c.number = e.change WHERE c.counts = 1;"
      "INSERT OR IGNORE INTO temp.later SELECT e.change FROM temp.part_without w JOIN entry e ON e.epoch = w.epoch"
      " AND e.n BETWEEN w.first AND w.last JOIN change c ON c.number = e.change WHERE c.counts = 1");
  database.execute(
      "INSERT OR IGNORE INTO temp.later SELECT u.change FROM unplaced u JOIN change c ON c.number = u.change"
      " WHERE c.counts = 1");
  // A change may stand in a second place: moved to a new epoch, or handed in by a colleague.
  if (database.integer("SELECT 1 FROM temp.later"))
    database.execute(
        "DELETE FROM temp.later WHERE change IN (SELECT e.change FROM temp.part p JOIN entry e ON e.epoch = p.epoch"
        " AND e.n <= p.n WHERE e.change IN (SELECT change FROM temp.later) AND NOT EXISTS (SELECT 1 FROM"
        " temp.part_without w WHERE w.epoch = e.epoch AND e.n BETWEEN w.first AND w.last))");
  for (const auto& [record, id] : state.also)
    database.run("DELETE FROM temp.later WHERE change = (SELECT number FROM change WHERE record = ? AND id = ?)",
                 record, id);
  database.execute(
      "INSERT OR IGNORE INTO temp.late_record SELECT c.record FROM temp.later l JOIN change c ON c.number = "
      "l.change");
}

std::vector<RecordId> late_records(Database& database) {
  std::vector<RecordId> out;
  Statement statement = database.prepare("SELECT record FROM temp.late_record ORDER BY record");
  while (statement.step()) out.push_back(statement.id<RecordId>(0));
  return out;
}

}  // namespace

std::string DataState::text() const {
  std::string out;
  for (const Part& part : parts) {
    out += fmt::format("{} {} {} {}", fieldpost::text(part.device), fieldpost::text(part.epoch), part.n,
                       fieldpost::text(part.chain));
    if (!part.without.empty()) out += " " + runs_text(part.without);
    out += '\n';
  }
  for (const auto& [record, id] : also)
    out += fmt::format("also {} {}\n", fieldpost::text(record), fieldpost::text(id));
  return out;
}

Result<DataState> DataState::parse(std::string_view text) {
  DataState state;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int at = 1; std::getline(lines, line); ++at) {
    if (line.empty()) continue;
    std::istringstream words(line);
    std::string device, epoch, n, chain, without;
    words >> device >> epoch >> n >> chain >> without;
    if (device == "also") {
      const auto record = parse_entity_id(epoch);
      const auto id = parse_hex_id<ChangeId>(n);
      if (!record || !id) return Error{ErrorCode::malformed, fmt::format("line {} of the state names no change", at)};
      state.also.emplace_back(*record, *id);
      continue;
    }
    const auto device_id = parse_hex_id<DeviceId>(device);
    const auto epoch_id = parse_hex_id<EpochId>(epoch);
    const auto digest = parse_hex_id<Digest>(chain);
    const auto place = number(n);
    std::optional<Runs> runs = parse_runs(without);
    if (!device_id || !epoch_id || !digest || !place || !runs)
      return Error{ErrorCode::malformed,
                   fmt::format("line {} of the state is none: device, epoch, place, chain", at)};
    state.parts.push_back({*device_id, *epoch_id, *place, *digest, *std::move(runs)});
  }
  return state;
}

Digest DataState::id() const { return sha256(view_of(text())); }

DataState data_state(Database& database, const DeploymentId& deployment) {
  Journal journal(database);
  DataState state;
  for (const Journal::EpochRow& row : journal.epochs()) {
    if (!something_counts(database, row.number)) continue;
    const auto last = static_cast<std::uint64_t>(
        database.integer("SELECT max(n) FROM entry WHERE epoch = ?", row.number).value_or(0));
    const std::optional<Digest> chain = journal.chain_at(deployment, row, last);
    const JournalPosition at = chain ? JournalPosition{row.epoch, last, *chain} : journal.position(deployment, row);
    if (at.n > 0)
      state.parts.push_back(
          {row.device, row.epoch, at.n, at.chain, places_without(database, row.number, at.n, Held::left_out)});
  }
  Statement unplaced = database.prepare(
      "SELECT c.record, c.id FROM unplaced u JOIN change c ON c.number = u.change WHERE c.counts = 1 AND NOT EXISTS"
      " (SELECT 1 FROM entry e WHERE e.change = u.change) ORDER BY c.record, c.id");
  while (unplaced.step()) state.also.emplace_back(unplaced.id<RecordId>(0), unplaced.id<ChangeId>(1));
  std::sort(state.parts.begin(), state.parts.end(), [](const DataState::Part& a, const DataState::Part& b) {
    return std::tie(a.device, a.epoch) < std::tie(b.device, b.epoch);
  });
  return state;
}

Result<std::int64_t> show_as_of(Database& database, const Catalogue& catalogue, const DeploymentId& deployment,
                                const DataState& state) {
  return guarded([&]() -> std::int64_t {
    show_now(database);
    find_later(database, deployment, state);
    const std::vector<RecordId> late = late_records(database);
    if (late.empty()) return 0;
    View::shadow(database, catalogue, late, [&](const RecordId& record) {
      std::vector<Change> then;
      Statement numbers = database.prepare(
          "SELECT number FROM change WHERE record = ? AND counts = 1 AND number NOT IN (SELECT change FROM "
          "temp.later)"
          " ORDER BY number");
      numbers.bind(record);
      Journal journal(database);
      while (numbers.step()) then.push_back(journal.read(numbers.integer(0)));
      return then;
    });
    return static_cast<std::int64_t>(late.size());
  });
}

void show_now(Database& database) { View::unshadow(database); }

Result<std::vector<RecordId>> touched_since(Database& database, const DeploymentId& deployment,
                                            const DataState& state) {
  return guarded([&] {
    find_later(database, deployment, state);
    return late_records(database);
  });
}

}  // namespace fieldpost
