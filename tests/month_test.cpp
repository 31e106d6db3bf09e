// A month at the office's desk, by one person and mostly without a network: received, cleaned, accepted, numbered,
// closed and reported; then a boat comes in late.
#include "shared/storage/files.h"
#include "tests/support/programs.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

// 2025-10-01, 08:00 in Vietnam.
Environs at(int day, int hour) {
  return {{"FIELDPOST_TEST_NOW_MS", std::to_string(1'759'280'400'000 + (day * 24 + hour) * std::int64_t{3'600'000})}};
}

struct Home {
  std::string path;
  Environs when = at(0, 0);
  Json done(Words words, const std::string& input = "") const {
    words.insert(words.end(), {"--home", path, "--json"});
    const Finished finished = ctl(words, input, when);
    REQUIRE_MESSAGE((finished.exit == 0 || finished.exit == 3), words[0], ": ", finished.err);
    return finished.json();
  }
  int exit_of(Words words) const {
    words.insert(words.end(), {"--home", path, "--json"});
    return ctl(words, "", when).exit;
  }
  std::string create(const char* form, const Json& values) const {
    return done({"new", form, "--values", "-"}, values.dump())["record"];
  }
  void edit(const std::string& record, const Json& values) const {
    done({"edit", record, "--values", "-"}, values.dump());
  }
  Json september(const char* name) const {
    return done({"report", name, "--from", "2025-09-01", "--to", "2025-09-30"});
  }
  std::size_t waiting() const { return done({"inbox"})["items"].size(); }
};

Json session(const char* title, const char* day, const char* start, int headcount) {
  return {{"title", title},
          {"date", day},
          {"start_time", start},
          {"place", "32059@post-2025-07"},
          {"venue", "Nhà văn hóa ấp 7"},
          {"format", "TGPL_LD"},
          {"headcount_total", headcount},
          {"programmes", {"MTQG_NTM_2125"}}};
}

}  // namespace

TEST_CASE("one person receives, cleans, accepts, numbers, closes and reports a month; a late laptop moves nothing") {
  ScratchFolder folder;
  const auto home = [&](const char* name) { return Home{(folder / name).string()}; };
  auto central = std::make_unique<Central>(folder / "central", Words{"--plain-http"});
  const std::string port = central->port();
  const auto enrol = [&](const char* name, const char* role, const char* unit) {
    const Home laptop = home(name);
    laptop.done({"enrol", central->url(), ticket(central->home(), role, unit, name)});
    return laptop;
  };
  const Home boat = enrol("boat", "recorder", "HG"), late_boat = enrol("late", "recorder", "HG"),
             office = enrol("office", "reconciler", "TT"), other_office = enrol("other", "reconciler", "TT"),
             director = enrol("director", "director", "TT");

  // Out in the communes.
  const std::string ours =
      boat.create("outreach_session", session("Trợ giúp pháp lý lưu động", "2025-09-12", "08:00", 52));
  const std::string told_twice =
      late_boat.create("outreach_session", session("Truyền thông tại Nhà văn hóa ấp 7", "2025-09-12", "08:15", 60));
  const Json tam = {
      {"full_name", "Nguyễn Thị Tám"}, {"sex", "female"}, {"birth_date", "1961"}, {"citizen_number", "096161001234"}};
  const std::string one = boat.create("person", tam), other = late_boat.create("person", tam);
  const std::string request = boat.create("request", {{"full_name", "Nguyễn Thị Tám"},
                                                      {"date", "2025-09-12"},
                                                      {"sex", "female"},
                                                      {"place", "32059@post-2025-07"},
                                                      {"requester_is", "self"},
                                                      {"legal_field", "DD"},
                                                      {"summary", "Ranh đất"},
                                                      {"service_form", "TV"},
                                                      {"decision", "waiting"}});
  boat.done({"review", ours, "submit"});
  boat.done({"sync"});
  late_boat.done({"sync"});
  office.done({"sync"});
  CHECK(central->stop() == 0);  // the line is down for the rest of the month

  // Received and cleaned.
  CHECK(office.waiting() > 0);
  const Json pairs = office.done({"duplicates"})["pairs"];
  REQUIRE(pairs.size() == 2);
  for (const Json& pair : pairs) {
    const bool people = pair["form"] == "person";
    CHECK(pair["certain"] == people);
    office.done({"same", pair["one"], pair["other"], "--keep", people ? one : ours, "--reason", "đã đối chiếu"});
  }
  CHECK(office.done({"duplicates"})["pairs"].empty());
  office.done({"review", ours, "accept"});
  office.edit(request, {{"decision", "accepted"}, {"accepted_on", "2025-09-15"}});

  // Closed and reported, still without a line.
  const Json lock = office.done({"lock", "--from", "2025-09-01", "--to", "2025-09-30", "--reason", "hết tháng"});
  const Json closed = office.september("programmes");
  CHECK(closed["lock"] == lock["lock"]);
  CHECK(closed["state"] == lock["state"]);
  CHECK(closed["total"]["sessions"] == 1);  // told twice, held once
  CHECK(closed["total"]["participants"]["estimated"]["total"] == 52);
  CHECK(office.exit_of({"lock", "--from", "2025-09-01", "--to", "2025-09-30", "--reason", "lần nữa"}) == 1);

  // The line is back: the number is drawn, and the director's laptop makes the same report.
  central = std::make_unique<Central>(folder / "central", Words{"--plain-http", "--listen", "127.0.0.1:" + port});
  office.done({"sync"});
  office.done({"sync"});
  const Json entries = office.done({"list", "register_entry"})["records"];
  REQUIRE(entries.size() == 1);
  CHECK(office.done({"show", entries[0]["record"]})["values"]["code"] == "HG.TV.01.2025");
  other_office.done({"sync"});
  CHECK(other_office.september("programmes") == closed);

  // A boat that was away comes in.
  const std::string late = late_boat.create("outreach_session", session("Buổi ở ấp 9", "2025-09-20", "08:00", 31));
  late_boat.done({"sync"});
  office.done({"sync"});
  CHECK(office.september("programmes") == closed);
  const Json live = office.done({"report", "programmes", "--from", "2025-09-01", "--to", "2025-09-30", "--live"});
  CHECK(live["total"]["sessions"] == 2);
  CHECK(office.done({"lock", "--late", lock["lock"]})["late"] == Json{late});
  const Json quarter = office.done({"report", "programmes", "--from", "2025-07-01", "--to", "2025-09-30"});
  REQUIRE(quarter["adjustments"].size() == 1);
  CHECK(quarter["adjustments"][0]["late"] == Json{late});
  CHECK(quarter["total"]["sessions"] == 2);

  // Only the director opens the month again; then the figures take it in.
  office.done({"lock", "--reopen", lock["lock"], "--reason", "thiếu một buổi"});
  office.done({"sync"});
  director.done({"sync"});
  CHECK(director.september("programmes")["total"]["sessions"] == 1);
  director.done({"lock", "--reopen", lock["lock"], "--reason", "thiếu một buổi"});
  CHECK(director.september("programmes")["total"]["sessions"] == 2);

  // And a decision is taken back exactly.
  for (const Json& pair : pairs) office.done({"undecided", pair["one"], pair["other"], "--reason", "nhầm"});
  CHECK(office.done({"duplicates"})["pairs"] == pairs);
  CHECK(office.done({"verify"})["ok"] == true);
  static_cast<void>(told_twice);
  static_cast<void>(other);
}
