// The day, end to end: three laptops record without a network, sync in every order, and the office reads the result.
// Real programs, real HTTP, every byte on the roads kept and looked through.
#include <algorithm>
#include <set>

#include "shared/foundation/vietnamese.h"
#include "shared/storage/sqlite.h"
#include "shared/storage/vault.h"
#include "tests/support/field_day.h"
#include "tests/support/programs.h"
#include "tests/support/recording_proxy.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

Environs at(int hour, int minute) {
  return {{"FIELDPOST_TEST_NOW_MS", std::to_string(field_day::morning_ms + (hour * 60 + minute) * 60'000)}};
}

/// A store as its person, or the office, uses it.
struct Home {
  std::string path;
  Json done(Words words, const std::string& input = "", const Environs& when = at(10, 0)) const {
    words.insert(words.end(), {"--home", path, "--json"});
    const Finished finished = ctl(words, input, when);
    REQUIRE_MESSAGE((finished.exit == 0 || finished.exit == 3), words[0], ": ", finished.err);
    return finished.json();
  }
  std::string create(const char* form, const Json& values, const Environs& when) const {
    return done({"new", form, "--values", "-"}, values.dump(), when)["record"];
  }
  void edit(const std::string& record, const Json& values, const Environs& when) const {
    done({"edit", record, "--values", "-"}, values.dump(), when);
  }
  Json show(const std::string& record) const { return done({"show", record, "--history"}); }
  std::string digest() const {
    const Json verified = done({"verify"});
    CHECK(verified["ok"] == true);
    return verified["digest"];
  }
  std::size_t open_conflicts() const { return done({"conflicts"})["conflicts"].size(); }
};

/// What one record must hold in the end: `values`, or more.
struct Written {
  std::string record;
  Json values;
};

/// The day up to the evening: everything is written, nothing of it has left its laptop. Central's folder and three
/// laptops' lie ready to be copied; their roads lead through proxies whose addresses outlive each central.
struct Evening {
  explicit Evening(bool tls) : options(tls ? Words{} : Words{"--plain-http"}) {
    Central central(folder / "central", options, at(0, 0));
    enrol(central, "a", "provider", "TT-CM", "Nguyễn Thu Hà", tls);
    enrol(central, "b", "recorder", "TT-CM", "Trần Hoàng Phúc", tls);
    enrol(central, "c", "partner", "DBP-KH", "Lê Quốc Toản", tls);
    const Home a{home("a")}, b{home("b")}, c{home("c")};

    session = a.create("outreach_session", field_day::session_as_written(), at(0, 10));
    for (const char* laptop : {"a", "b", "c"}) Home{home(laptop)}.done({"sync"}, "", at(0, 20));
    REQUIRE(c.show(session)["values"]["headcount_total"] == 75);
    // From here on nobody has a network.
    a.edit(session, field_day::session_edit_of_a(), at(2, 30));
    b.edit(session, field_day::session_edit_of_b(), at(3, 10));
    for (const Json& values : field_day::consultations())
      by_team.push_back({a.create("consultation", values, at(4, 0)), values});
    by_team.push_back(
        {b.create("training_class", field_day::training_class(), at(8, 0)), field_day::training_class()});
    by_team.push_back({session, field_day::session_in_the_evening()});
    by_station = {c.create("outreach_session", field_day::session_of_the_station(), at(7, 30)),
                  field_day::session_of_the_station()};
    CHECK(central.stop() == 0);
    for (auto& [laptop, road] : roads) road.take();
  }
  std::string home(const std::string& name) const { return (folder / name).string(); }

  ScratchFolder folder;
  const Words options;
  std::map<std::string, RecordingProxy> roads;
  std::string session;
  std::vector<Written> by_team;
  Written by_station;

 private:
  void enrol(const Central& central, const std::string& laptop, const char* role, const char* unit, const char* name,
             bool tls) {
    RecordingProxy& road = roads[laptop];
    road.lead_to(central.port());
    const std::string given = ticket(central.home(), role, unit, name, {}, at(0, 0));
    const Finished finished =
        ctl({"enrol", (tls ? "https://" : "http://") + road.address(), given, "--home", home(laptop)}, "", at(0, 5));
    REQUIRE_MESSAGE(finished.exit == 0, finished.err);
  }
};

/// The evening's folders once more, with a central of their own.
class Replay {
 public:
  Replay(Evening& evening, const std::string& name) : evening_(evening), folder_(evening.folder / name) {
    std::filesystem::create_directory(folder_);
    for (const char* home : {"central", "a", "b", "c"})
      std::filesystem::copy(evening.folder / home, folder_ / home, std::filesystem::copy_options::recursive);
    central_ = std::make_unique<Central>(folder_ / "central", evening.options, at(10, 0));
    for (auto& [laptop, road] : evening.roads) road.lead_to(central_->port());
  }
  Home home(const std::string& name) const { return {(folder_ / name).string()}; }
  const std::filesystem::path& folder() const { return folder_; }
  /// Every laptop syncs, in this order, again and again until nothing moves.
  void sync_until_quiet(const std::string& order) const {
    for (int round = 1; round <= 3; ++round) {
      int moved = 0;
      for (const char laptop : order) {
        const Json report = home(std::string(1, laptop)).done({"sync"});
        CHECK(report["held"] == 0);
        CHECK(report["refused"] == 0);
        moved += report["sent"].get<int>() + report["received"].get<int>();
      }
      if (moved == 0) return;
    }
    FAIL_CHECK("after three rounds something still moves");
  }
  /// Everything that has passed on this laptop's road, compressed or not. `frames` counts what was expanded.
  std::string traffic(const std::string& laptop, std::size_t& frames) const {
    std::string all;
    for (const std::string& each : evening_.roads.at(laptop).take()) all += expanded(each, frames);
    return all;
  }

 private:
  Evening& evening_;
  std::filesystem::path folder_;
  std::unique_ptr<Central> central_;
};

// ---- Nothing typed is missing
// --------------------------------------------------------------------------------------

/// What was typed and is not shown, by name; rows are the same row when each answer typed in it is there.
std::vector<std::string> missing(const Json& typed, const Json& shown) {
  std::vector<std::string> out;
  for (const auto& [name, value] : typed.items()) {
    if (name != "roster") {
      if (shown.value(name, Json()) != value) out.push_back(name + " " + value.dump());
      continue;
    }
    std::vector<Json> rows = shown.value(name, Json::array());
    for (const Json& row : value) {
      const auto found = std::find_if(rows.begin(), rows.end(), [&](const Json& each) {
        return std::all_of(row.items().begin(), row.items().end(),
                           [&](const auto& answer) { return each.value(answer.key(), Json()) == answer.value(); });
      });
      if (found == rows.end())
        out.push_back("row " + row.dump());
      else
        rows.erase(found);
    }
    for (const Json& row : rows) out.push_back("a row that nobody wrote: " + row.dump());
  }
  return out;
}

void check_holds(const Home& home, const Written& written) {
  const Json shown = home.show(written.record);
  const std::vector<std::string> gone = missing(written.values, shown["values"]);
  CHECK_MESSAGE(gone.empty(), home.path, ": ", gone.size(), " missing, first ", (gone.empty() ? "" : gone[0]));
}

/// First writings that a later one replaced stay in the history.
void check_history(const Home& home, const std::string& session) {
  const Json shown = home.show(session);
  std::set<std::string> typed;
  for (const Json& change : shown["history"])
    for (const Json& write : change["writes"])
      typed.insert(write["field"].get<std::string>() + "=" + write["value"].dump());
  for (const char* first : {"headcount_total=75", "start_time=\"08:00\"", "place=\"32062@post-2025-07\""})
    CHECK_MESSAGE(typed.contains(first), first);
}

void check_export(const Home& home, const std::filesystem::path& file) {
  home.done({"export", "outreach_session", "--repeat", "roster", "-o", file.string()});
  const std::string csv = file_content(file);
  for (const Json& rows : {field_day::roster_of_a(), field_day::roster_of_b()})
    for (const Json& row : rows) {
      CHECK(csv.find(row["full_name"].get<std::string>()) != std::string::npos);
      CHECK(csv.find(row["note"].get<std::string>()) != std::string::npos);
    }
  std::filesystem::remove(file);
}

// ---- The conflict
// --------------------------------------------------------------------------------------------------

void check_conflict(const Home& home, const std::string& session, const Home& a, const Home& b) {
  const Json open = home.done({"conflicts"})["conflicts"];
  REQUIRE(open.size() == 1);
  CHECK(open[0]["record"] == session);
  CHECK(open[0]["field"] == "topic_note");
  REQUIRE(open[0]["values"].size() == 2);
  struct Expected {
    const Home& laptop;
    std::string value, author, minute;
  };
  for (const Expected& expected : {Expected{a, field_day::note_of_a, "Nguyễn Thu Hà", "2025-10-15T02:30:"},
                                   Expected{b, field_day::note_of_b, "Trần Hoàng Phúc", "2025-10-15T03:10:"}}) {
    const auto rival = std::find_if(open[0]["values"].begin(), open[0]["values"].end(),
                                    [&](const Json& each) { return each["value"] == expected.value; });
    REQUIRE_MESSAGE(rival != open[0]["values"].end(), expected.value);
    CHECK((*rival)["author"] == expected.author);
    CHECK((*rival)["device"] == expected.laptop.done({"status"})["device"]);
    CHECK((*rival)["device_name"].get<std::string>().starts_with(expected.author));
    CHECK((*rival)["at"].get<std::string>().starts_with(expected.minute));
  }
}

// ---- What the station must never hold
// ------------------------------------------------------------------------------

/// Texts, each as typed, folded and in capitals; and ids, each as its bytes and as its digits.
struct Secrets {
  std::vector<std::string> texts, ids, users;

  void add_text(const Json& value) {
    const std::string text = value;
    for (const std::string& form : {text, vietnamese::fold(text), vietnamese::upper_case(text)})
      texts.push_back(form);
  }
  void add_id(std::string id) {
    ids.push_back(id);
    std::erase(id, '-');
    ids.push_back(id);
    ids.emplace_back(text_of(*from_hex(id)));
  }
};

/// Of the consultations, the class and the team's roster; with the ids of the records, rows, changes, people and
/// laptops behind them.
Secrets secrets_of(const Evening& evening, const Home& a, const Home& b) {
  Secrets secrets;
  const auto rows = [&](const Json& roster) {
    for (const Json& row : roster)
      for (const char* name : {"full_name", "note", "hamlet", "workplace"})
        if (row.contains(name)) secrets.add_text(row[name]);
  };
  for (const Written& written : evening.by_team) {
    const Json& values = written.values;
    if (values.contains("roster")) rows(values["roster"]);
    const Json shown = a.show(written.record);
    for (const Json& row : shown["values"].value("roster", Json::array())) secrets.add_id(row["_row"]);
    for (const Json& change : shown["history"]) secrets.add_id(change["id"]);
    if (written.record == evening.session) continue;
    secrets.add_id(written.record);
    for (const char* name : {"full_name", "address", "citizen_number", "summary", "advice"})
      if (values.contains(name)) secrets.add_text(values[name]);
    if (values.contains("title")) secrets.add_text(values["title"]);
  }
  for (const Home& laptop : {a, b}) {
    secrets.add_id(laptop.done({"status"})["device"]);
    secrets.users.push_back(laptop.done({"status"})["user"]);
  }
  for (const Json& change : a.show(evening.session)["history"])
    if (std::find(secrets.ids.begin(), secrets.ids.end(), change["author_id"]) == secrets.ids.end())
      secrets.add_id(change["author_id"]);
  return secrets;
}

std::size_t count_in(const std::string& bytes, const std::vector<std::string>& needles) {
  return static_cast<std::size_t>(std::count_if(needles.begin(), needles.end(), [&](const std::string& needle) {
    return bytes.find(needle) != std::string::npos;
  }));
}

/// Every cell of every table, compressed ones expanded: what the owner of the laptop could read with the passphrase.
std::string store_content(const std::filesystem::path& home) {
  const Result<SymmetricKey> key = Vault::open(home, "", test_environs()["FIELDPOST_PASSPHRASE"]);
  REQUIRE(key);
  Database::Options options;
  options.path = (home / "store.db").string();
  options.key = *key;
  options.create = false;
  const Result<std::unique_ptr<Database>> database = Database::open(options);
  REQUIRE(database);
  std::string all;
  const Result<void> read = guarded([&] {
    std::vector<std::string> tables;
    Statement named = (*database)->prepare("SELECT name FROM sqlite_master WHERE type = 'table'");
    while (named.step()) tables.push_back(named.text(0));
    REQUIRE(tables.size() > 10);
    std::size_t frames = 0;
    for (const std::string& table : tables) {
      Statement row = (*database)->prepare("SELECT * FROM \"" + table + "\"");
      while (row.step())
        for (int column = 0; column < row.columns(); ++column)
          if (!row.is_null(column)) all += expanded(text_of(row.blob(column)), frames) + "\n";
    }
  });
  REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
  return all;
}

std::string files_content(const std::filesystem::path& folder) {
  std::string all;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) all += file_content(entry.path());
  return all;
}

void check_station(const Replay& replay, const Evening& evening, const Secrets& secrets, const std::string& traffic) {
  const Home c = replay.home("c");
  check_holds(c, {evening.session, field_day::session_for_the_station()});
  check_holds(c, evening.by_station);
  const Json shared = c.show(evening.session);
  CHECK(shared["values"]["roster"].empty());
  CHECK_FALSE(shared["values"].contains("programmes"));
  CHECK(c.done({"list", "outreach_session"})["total"] == 2);
  for (const char* form : {"consultation", "training_class"}) CHECK(c.done({"list", form})["records"].empty());
  for (const char* search : {"buoi", "Thạch", "ranh", "Hoc Vien"})
    CHECK(c.done({"list", "outreach_session", "--search", search})["records"].empty());

  const std::string store = store_content(replay.folder() / "c"), files = files_content(replay.folder() / "c");
  for (const std::string* held : {&traffic, &store, &files}) {
    CHECK(count_in(*held, secrets.texts) == 0);
    CHECK(count_in(*held, secrets.ids) == 0);
    CHECK(count_in(*held, secrets.users) == 0);
  }
}

/// Finds what it looks for where it may be: else finding nothing at the station would prove nothing.
void check_search_sees(const Replay& replay, const Secrets& secrets, const std::string& team_traffic) {
  const std::string store = store_content(replay.folder() / "a");
  for (std::size_t at = 0; at < secrets.texts.size(); at += 3) {  // as typed, not folded
    CHECK(store.find(secrets.texts[at]) != std::string::npos);
    CHECK(team_traffic.find(secrets.texts[at]) != std::string::npos);
  }
  CHECK(count_in(team_traffic, secrets.ids) > secrets.ids.size() / 5);
  for (const char* home : {"a", "b", "central"})
    CHECK(count_in(files_content(replay.folder() / home), secrets.texts) == 0);
}

// ---- The office
// ----------------------------------------------------------------------------------------------------

void check_report(const Home& central) {
  const Json report = central.done({"report", "programmes", "--from", "2025-10-01", "--to", "2025-10-31"});
  const Json on_paper = field_day::figures();
  for (const auto& [code, expected] : on_paper.items()) {
    Json line = report["total"];
    for (const Json& each : report["programmes"])
      if (each["programme"] == code) line = each;
    for (const auto& [name, figure] : expected.items())
      CHECK_MESSAGE(line[name] == figure, code, " ", name, ": ", line[name].dump());
  }
}

/// Returns the digests of team and office: the same for every order.
std::pair<std::string, std::string> sync_and_check(Evening& evening, const std::string& order, bool readable) {
  CAPTURE(order);
  const Replay replay(evening, order);
  const Home a = replay.home("a"), b = replay.home("b"), c = replay.home("c"), central = replay.home("central");
  replay.sync_until_quiet(order);

  const std::string digest = a.digest(), central_digest = central.digest();
  CHECK(b.digest() == digest);
  for (const Home& home : {a, b, central}) {
    for (const Written& written : evening.by_team) check_holds(home, written);
    check_history(home, evening.session);
    check_export(home, replay.folder() / "roster.csv");
    check_conflict(home, evening.session, a, b);
    const Json status = home.done({"status"});
    for (const char* name : {"unsent", "held", "refused"}) CHECK(status[name] == 0);
  }
  check_holds(central, evening.by_station);
  CHECK(a.done({"list", "outreach_session"})["total"] == 1);
  check_report(central);

  b.done(
      {"resolve", evening.session, "topic_note", "--value", field_day::note_agreed, "--reason", "hai bàn cùng nói"});
  replay.sync_until_quiet(order);
  for (const Home& home : {a, b, c, central}) {
    CHECK(home.open_conflicts() == 0);
    CHECK(home.show(evening.session)["values"]["topic_note"] == field_day::note_agreed);
  }
  CHECK(a.digest() == b.digest());
  check_report(central);

  const Secrets secrets = secrets_of(evening, a, b);
  std::size_t station_frames = 0, team_frames = 0;
  const std::string station = replay.traffic("c", station_frames);
  const std::string team = replay.traffic("a", team_frames) + replay.traffic("b", team_frames);
  check_station(replay, evening, secrets, station);
  if (readable) {
    CHECK(station_frames > 0);
    CHECK(station.find(field_day::note_agreed) != std::string::npos);
    check_search_sees(replay, secrets, team);
  } else {
    CHECK(station_frames + team_frames == 0);
    CHECK(count_in(team, secrets.texts) == 0);
    CHECK(count_in(station, {field_day::note_agreed}) == 0);
  }
  return {digest, central_digest};
}

}  // namespace

TEST_CASE("the day comes out the same in every order of syncing: nothing typed is lost, one conflict, true figures") {
  Evening evening(false);
  std::set<std::pair<std::string, std::string>> digests;
  for (const char* order : {"abc", "acb", "bac", "bca", "cab", "cba"})
    digests.insert(sync_and_check(evening, order, true));
  CHECK(digests.size() == 1);
}

TEST_CASE("over TLS the day comes out as well, and who listens on the road reads nothing") {
  Evening evening(true);
  sync_and_check(evening, "cab", false);
}
