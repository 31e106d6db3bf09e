// The command line as scripts see it (design 8): real programs, real HTTP. What is tested here is the contract: exit
// codes, one JSON document on standard output, messages on standard error, and what is left behind after a refusal.
#include <arpa/inet.h>
#include <sys/socket.h>

#include <set>
#include <thread>

#include "shared/foundation/limits.h"
#include "shared/model/certificate.h"
#include "tests/support/programs.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

/// One laptop as its person uses it.
struct Laptop {
  std::string home;

  Finished run(Words words, const std::string& input = "", const Environs& more = {}) const {
    words.insert(words.end(), {"--home", home, "--json"});
    return ctl(words, input, more);
  }
  Json done(Words words, const std::string& input = "") const {
    const Finished finished = run(std::move(words), input);
    REQUIRE_MESSAGE((finished.exit == 0 || finished.exit == 3), finished.err, finished.out);
    return finished.json();
  }
  std::string create(const std::string& form, const Json& values) const {
    return done({"new", form, "--values", "-"}, values.dump())["record"];
  }
  std::string edit(const std::string& record, const Json& values, const Words& more = {}) const {
    Words words = {"edit", record, "--values", "-"};
    words.insert(words.end(), more.begin(), more.end());
    const Json json = done(words, values.dump());
    return json["change"].is_null() ? "" : json["change"].get<std::string>();
  }
  Json show(const std::string& record) const { return done({"show", record, "--history"}); }
  Json sync() const { return done({"sync"}); }
  Json status() const { return done({"status"}); }
  std::string digest() const {
    const Json verified = done({"verify"});
    CHECK(verified["ok"] == true);
    return verified["digest"];
  }
};

Laptop enrolled(const ScratchFolder& folder, const Central& central, const std::string& role, const std::string& unit,
                const std::string& name) {
  const Laptop laptop{(folder / name).string()};
  const Finished done =
      ctl({"enrol", central.url(), ticket(central.home(), role, unit, name), "--home", laptop.home, "--json"});
  REQUIRE_MESSAGE(done.exit == 0, done.err);
  return laptop;
}

Json session_values() {
  return {{"title", "Buổi truyền thông"},
          {"date", "2025-03-14"},
          {"place", "32155@post-2025-07"},
          {"format", "TOADAM"},
          {"co_hosts", "DBP-KHANH-HOI"},
          {"programmes", {"MTQG_NTM_2125"}},
          {"topic_note", "đất đai"},
          {"headcount_total", 40},
          {"hamlet", "ấp 1"},
          {"roster", {{{"full_name", "Trần Thị Bưởi"}, {"sex", "female"}, {"ethnicity", "05"}}}}};
}

void check_error(const Finished& finished, int exit, const std::string& code) {
  CHECK(finished.exit == exit);
  CHECK(finished.json()["error"]["code"] == code);
  CHECK(!finished.json()["error"]["message"].get<std::string>().empty());
  CHECK(!finished.err.empty());
}

/// Answers every connection with one page, as a network does that wants a person to sign in first.
class CaptivePortal {
 public:
  CaptivePortal() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ensure(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) == 0 && ::listen(socket_, 8) == 0,
           "a portal");
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] {
      for (int client = 0; (client = ::accept(socket_, nullptr, nullptr)) >= 0; ::close(client)) {
        char request[4096];
        if (::read(client, request, sizeof request) <= 0) continue;
        const std::string page =
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 19\r\nConnection: close\r\n\r\n<html>Sign "
            "in</html>";
        if (::write(client, page.data(), page.size()) < 0) continue;
      }
    });
  }
  ~CaptivePortal() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

 private:
  int socket_;
  int port_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("two laptops and a partner's station live through a day over pinned TLS") {
  ScratchFolder folder;
  Central central(folder / "central");
  CHECK(central.url().starts_with("https://127.0.0.1:"));
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "Nguyễn An");
  const Laptop binh = enrolled(folder, central, "recorder", "CM1", "Lê Bình");
  const Laptop station = enrolled(folder, central, "partner", "DBP-KHANH-HOI", "Đồn Khánh Hội");
  CHECK(an.status()["unit"] == "CM1");
  CHECK(an.status()["last_sync"].is_null());

  const std::string session = an.create("outreach_session", session_values());
  CHECK(an.show(session)["status"] == "on_this_laptop");
  CHECK(an.status()["unsent"] == 1);
  const Json sent = an.sync();
  CHECK(sent["sent"] == 1);
  CHECK(sent["held"] == 0);
  CHECK(sent["refused"] == 0);
  CHECK(an.show(session)["status"] == "at_central");
  CHECK(binh.sync()["received"] == 1);
  CHECK(station.sync()["received"] == 1);

  // Offline both write the same field, and each a row.
  an.edit(session, {{"topic_note", "đất ở"},
                    {"start_time", "08:00"},
                    {"roster", {{{"full_name", "Lý Thị Mận"}, {"sex", "female"}}}}});
  binh.edit(session, {{"topic_note", "đất rừng"},
                      {"place", "31999@post-2025-07"},
                      {"roster", {{{"full_name", "Phạm Văn Cam"}, {"sex", "male"}}}}});
  const std::string consultation = an.create("consultation", {{"date", "2025-03-14"},
                                                              {"place", "32155@post-2025-07"},
                                                              {"full_name", "Trần Thị Bưởi"},
                                                              {"sex", "female"},
                                                              {"legal_field", "DD"},
                                                              {"summary", "Lấn ranh"},
                                                              {"outcome", "answered"}});
  for (const Laptop* laptop : {&an, &binh, &an, &station}) laptop->sync();
  CHECK(an.digest() == binh.digest());

  const Json shown = binh.show(session);
  CHECK(shown["status"] == "needs_attention");
  CHECK(shown["values"]["start_time"] == "08:00");
  CHECK(shown["values"]["place"] == "31999@post-2025-07");
  CHECK(shown["values"]["roster"].size() == 3);
  REQUIRE(shown["conflicts"].size() == 1);
  const Json& conflict = shown["conflicts"][0];
  CHECK(conflict["field"] == "topic_note");
  std::set<std::string> rivals, authors;
  for (const Json& value : conflict["values"]) {
    rivals.insert(value["value"]);
    authors.insert(value["author"]);
    CHECK(value["device"].get<std::string>().size() == 32);
    CHECK(value["at"].get<std::string>().ends_with("Z"));
    CHECK(value["change"].get<std::string>().size() == 64);
  }
  CHECK(rivals == std::set<std::string>{"đất ở", "đất rừng"});
  CHECK(authors == std::set<std::string>{"Nguyễn An", "Lê Bình"});
  CHECK(an.done({"conflicts"})["conflicts"][0]["id"] == conflict["id"]);
  // It prints, and says that nobody should sign it yet.
  const Finished printed = an.run({"paper", "minutes", "--record", session, "-o", (folder / "minutes.pdf").string()});
  CHECK(printed.exit == 3);
  CHECK(printed.json()["conflicts"] == 1);

  const Finished settled =
      binh.run({"resolve", session, "topic_note", "--value", "đất ở, đất rừng", "--reason", "cả hai đều được nói"});
  REQUIRE_MESSAGE(settled.exit == 0, settled.err);
  binh.sync();
  an.sync();
  CHECK(an.done({"conflicts"})["conflicts"].empty());
  const Json after = an.show(session);
  CHECK(after["values"]["topic_note"] == "đất ở, đất rừng");
  CHECK(after["history"].size() == 4);
  CHECK(after["history"][3]["reason"] == "cả hai đều được nói");
  CHECK(after["history"][3]["base"].size() >= 2);
  bool named = false;
  for (const Json& write : after["history"][3]["writes"]) named = named || write["field"] == "topic_note";
  CHECK(named);

  // The station sees the shared session without its roster, and never a consultation.
  station.sync();
  const Json seen = station.show(session);
  CHECK(seen["values"]["title"] == "Buổi truyền thông");
  CHECK(seen["values"]["roster"].empty());
  CHECK(station.done({"list", "consultation"})["records"].empty());
  check_error(station.run({"show", consultation}), 1, "not_found");

  // Beside the running server the office reads all of it.
  const Laptop office{central.home()};
  CHECK(office.digest() == an.digest());
  CHECK(office.done({"list", "consultation"})["total"] == 1);
  CHECK(office.show(session)["history"].size() == 4);
  CHECK(office.show(session)["history"][3]["author"] == "Lê Bình");
  const Json report = office.done({"report", "programmes", "--from", "2025-03", "--to", "2025-03"});
  CHECK(report["total"]["sessions"] == 1);
  CHECK(report["total"]["participants"]["roster"]["total"] == 3);
  CHECK(report["total"]["consultations"]["by_field"]["DD"] == 1);
  CHECK(central.stop() == 0);
}

TEST_CASE("a stick carries the day to a colleague and to the office and its answer back, with nobody on a network") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "Nguyễn An");
  const Laptop binh = enrolled(folder, central, "recorder", "CM1", "Lê Bình");
  an.sync();
  binh.sync();
  an.sync();
  const Laptop office{central.home()};
  const std::string stick = (folder / "usb.fpb").string();
  const std::string session = an.create("outreach_session", session_values());
  const std::string to_binh = binh.status()["device"], to_an = an.status()["device"];

  // The evening: An's day goes to Bình.
  const Json handed = an.done({"bundle", "write", stick, "--for", to_binh});
  CHECK(handed["changes"] == 1);
  CHECK(handed["bytes"] == std::filesystem::file_size(stick));
  CHECK(binh.done({"bundle", "read", stick})["received"] == 1);
  CHECK(binh.show(session)["values"]["title"] == "Buổi truyền thông");
  binh.edit(session, {{"headcount_total", 41}});
  check_error(an.run({"bundle", "read", stick}), 1, "forbidden");  // it is for Bình

  // Bình's stick reaches the office beside the running server, with An's day in it.
  CHECK(binh.done({"bundle", "write", stick})["changes"] == 2);
  CHECK(binh.show(session)["status"] == "in_a_bundle");
  const Json taken = office.done({"bundle", "read", stick});
  CHECK(taken["committed"] == 2);
  CHECK(taken["from"] == to_binh);
  const Json again = office.done({"bundle", "read", stick});
  CHECK(again["committed"] == 0);
  CHECK(again["duplicates"] == 2);
  CHECK(office.done({"bundle", "write", stick, "--for", to_binh})["for"] == to_binh);
  CHECK(binh.done({"bundle", "read", stick})["receipted"] == 1);
  CHECK(binh.status()["unsent"] == 0);

  // An's own bundle is a repetition to central; its answer brings the receipts and Bình's edit.
  CHECK(an.done({"bundle", "write", stick, "--for", "central"})["changes"] == 1);
  CHECK(an.show(session)["status"] == "in_a_bundle");
  CHECK(office.done({"bundle", "read", stick})["duplicates"] == 1);
  office.done({"bundle", "write", stick, "--for", to_an});
  CHECK(an.done({"bundle", "read", stick})["received"] == 1);
  CHECK(an.show(session)["status"] == "at_central");
  CHECK(an.show(session)["values"]["headcount_total"] == 41);
  CHECK(an.digest() == binh.digest());

  // What is no bundle, half of one, or nowhere, says so and changes nothing.
  const std::string half = (folder / "half.fpb").string();
  std::filesystem::copy_file(stick, half);
  std::filesystem::resize_file(half, std::filesystem::file_size(half) / 2);
  check_error(an.run({"bundle", "read", half}), 1, "malformed");
  check_error(an.run({"bundle", "read", (folder / "nothing").string()}), 1, "not_found");
  check_error(an.run({"bundle", "write", (folder / "no" / "folder").string()}), 1, "not_found");
  check_error(an.run({"bundle", "shake", stick}), 2, "wrong_usage");
  check_error(an.run({"bundle", "write", stick, "--for", "Bình"}), 2, "wrong_usage");
  check_error(office.run({"bundle", "write", stick}), 2, "wrong_usage");
  check_error(office.run({"bundle", "write", stick, "--for", std::string(32, '0')}), 1, "not_found");
  // Nothing half written stays on the stick.
  for (const auto& file : std::filesystem::directory_iterator(folder.path()))
    CHECK(file.path().extension() != ".new");
}

TEST_CASE("the office reads beside the running server, and a revoked laptop's work is held and explained") {
  ScratchFolder folder;
  const Laptop office{(folder / "central").string()};
  Central central(folder / "central", {"--plain-http"});
  CHECK(central.url().starts_with("http://127.0.0.1:"));
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  an.create("consultation", {{"full_name", "A"}});
  an.sync();
  CHECK(office.done({"list", "consultation"})["total"] == 1);
  an.create("consultation", {{"full_name", "B"}});
  an.sync();
  CHECK(office.done({"list", "consultation"})["total"] == 2);
  CHECK(office.digest() == an.digest());

  REQUIRE(ctl({"revoke", an.status()["device"], "--home", office.home}).exit == 0);
  const std::string late = an.create("consultation", {{"full_name", "C"}});
  const Finished held = an.run({"sync"});
  CHECK(held.exit == 3);
  CHECK(held.json()["held"] == 1);
  CHECK(an.show(late)["status"] == "needs_attention");
  CHECK(an.status()["held"] == 1);
  CHECK(an.status()["attention"][0]["reason"] == "revoked");
  CHECK(office.done({"list", "consultation"})["total"] == 2);
  CHECK(office.status()["held"] == 1);
  CHECK(office.done({"verify"})["ok"] == true);
}

TEST_CASE("what is wrong with the words is exit 2, and with --json one document says so") {
  ScratchFolder folder;
  const std::string home = (folder / "home").string();
  for (const Words& words :
       {Words{},
        {"nonsense"},
        {"list"},
        {"list", "person"},
        {"list", "person", "--home"},
        {"list", "person", "--nonsense", "--home", home},
        {"new", "person", "--home", home},
        {"list", "person", "--limit", "0", "--home", home},
        {"form", "nonsense"},
        {"ticket", "--home", home, "--role", "king", "--unit", "A", "--name", "B"},
        {"report", "programmes", "--home", home, "--from", "2025", "--to", "2024"},
        {"report", "programmes", "--home", home, "--from", "2025", "--to", "2025", "--format", "pdf"},
        {"simulate", "--seeds", "x"}}) {
    Words with_json = words;
    with_json.insert(with_json.begin(), "--json");
    const Finished finished = ctl(with_json);
    CAPTURE(finished.err);
    check_error(finished, 2, "wrong_usage");
    const Finished plain = ctl(words);
    CHECK(plain.exit == 2);
    CHECK(plain.out.empty());
    CHECK(!plain.err.empty());
  }
  CHECK(!std::filesystem::exists(home));
  CHECK(ctl({"--help"}).exit == 0);
  CHECK(ctl({"--help"}).out.find("fieldpostctl") != std::string::npos);
  CHECK(
      Process({FIELDPOST_CENTRAL, "--home", home, "--database", "postgresql://x"}, test_environs()).finish("").exit ==
      2);
  CHECK(Process({FIELDPOST_CENTRAL}, test_environs()).finish("").exit == 2);
}

TEST_CASE("options stand anywhere, and a value may begin with a dash") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const Finished made = ctl({"--json", "--home", an.home, "new", "--values=-", "person"}, R"({"full_name": "-An"})");
  CHECK(made.exit == 3);
  const Finished found = ctl({"--home=" + an.home, "list", "--json", "person", "--search", "-An"});
  CHECK(found.exit == 0);
  CHECK(found.json()["records"].size() == 1);
  const Finished words = ctl({"list", "person", "--home", an.home});
  CHECK(words.exit == 0);
  CHECK(words.out.find("-An") != std::string::npos);
}

TEST_CASE("an incomplete record is saved with exit 3 and says what it lacks") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const Finished made = an.run({"new", "outreach_session", "--values", "-"}, R"({"title": "Nửa chừng"})");
  CHECK(made.exit == 3);
  std::set<std::string> lacking;
  const Json made_json = made.json();
  for (const Json& problem : made_json["problems"]) lacking.insert(problem["field"]);
  CHECK(lacking.contains("date"));
  CHECK(made.err.find("date") != std::string::npos);
  const std::string record = made.json()["record"];
  CHECK(an.done({"list", "outreach_session"})["records"][0]["incomplete"] == true);
  Json values = session_values();
  values["date"] = "2025-08-14";
  values["place"] = "32059@post-2025-07";
  const Finished whole = an.run({"edit", record, "--values", "-"}, values.dump());
  CHECK(whole.exit == 0);
  CHECK(whole.json()["problems"].empty());
  CHECK(an.show(record)["incomplete"] == false);
}

TEST_CASE("an edit is a patch: what is not named stays, null clears, equal values are not written") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const std::string record = an.create("outreach_session", session_values());
  const std::string row = an.show(record)["values"]["roster"][0]["_row"];
  CHECK(an.edit(record, {{"title", "Buổi truyền thông"}}).empty());
  const Finished nothing = an.run({"edit", record, "--values", "-"}, "{}");
  CHECK(nothing.exit == 0);
  CHECK(nothing.json()["change"].is_null());
  CHECK(!nothing.err.empty());

  an.edit(record, {{"hamlet", nullptr},
                   {"roster", {{{"_row", row}, {"note", "đến muộn"}}, {{"full_name", "Hai"}, {"sex", "male"}}}}});
  Json values = an.show(record)["values"];
  CHECK(!values.contains("hamlet"));
  CHECK(values["topic_note"] == "đất đai");
  REQUIRE(values["roster"].size() == 2);
  CHECK(values["roster"][0]["note"] == "đến muộn");
  CHECK(values["roster"][0]["full_name"] == "Trần Thị Bưởi");
  an.edit(record, {{"roster", {{{"_row", row}, {"_deleted", true}}}}});
  values = an.show(record)["values"];
  REQUIRE(values["roster"].size() == 1);
  CHECK(values["roster"][0]["full_name"] == "Hai");

  const std::string nowhere = "01a20090-3855-7d87-b516-cd383f3adc83";
  check_error(
      an.run({"edit", record, "--values", "-"}, R"({"roster": [{"_row": ")" + nowhere + R"(", "note": "x"}]})"), 1,
      "not_found");
  check_error(an.run({"edit", nowhere, "--values", "-"}, "{}"), 1, "not_found");
  an.edit(record, {{"_deleted", true}});
  CHECK(an.show(record)["deleted"] == true);
  CHECK(an.done({"list", "outreach_session"})["records"].empty());
}

TEST_CASE("--base says what the author had in front of them, and makes rivals of two edits on one laptop") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const Json made = an.done({"new", "outreach_session", "--values", "-"}, session_values().dump());
  const std::string record = made["record"], first = made["change"];
  const std::string second = an.edit(record, {{"topic_note", "một"}});
  const std::string third = an.edit(record, {{"topic_note", "hai"}}, {"--base", first});
  CHECK(an.show(record)["conflicts"].size() == 1);
  CHECK(an.edit(record, {{"topic_note", "ba"}}, {"--base", second, "--base", third}).size() == 64);
  CHECK(an.show(record)["conflicts"].empty());
  CHECK(an.show(record)["values"]["topic_note"] == "ba");
  check_error(an.run({"edit", record, "--values", "-", "--base", std::string(64, 'a')}, R"({"topic_note": "x"})"), 1,
              "not_found");
  check_error(an.run({"edit", record, "--values", "-", "--base", "xyz"}, R"({"topic_note": "x"})"), 1,
              "invalid_argument");
}

TEST_CASE("rivals inside a row and about its being there are named, shown and settled by their path") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const Json made = an.done({"new", "outreach_session", "--values", "-"}, session_values().dump());
  const std::string record = made["record"], first = made["change"];
  const std::string row = an.show(record)["values"]["roster"][0]["_row"];
  const auto edit_row = [&](Json values) {
    values["_row"] = row;
    an.edit(record, {{"roster", {values}}}, {"--base", first});
  };
  edit_row({{"note", "một"}});
  edit_row({{"note", "hai"}});
  Json conflicts = an.show(record)["conflicts"];
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts[0]["field"] == "roster/" + row + "/note");
  CHECK(an.run({"resolve", record, "roster/" + row + "/note", "--value", "hai", "--reason", "đúng"}).exit == 0);
  CHECK(an.show(record)["conflicts"].empty());
  edit_row({{"_deleted", true}});
  conflicts = an.show(record)["conflicts"];
  REQUIRE(conflicts.size() == 1);
  CHECK(conflicts[0]["field"] == "roster/" + row + "/_present");
  check_error(an.run({"resolve", record, "roster/" + row + "/_present", "--value", "maybe", "--reason", "x"}), 1,
              "invalid_argument");
  CHECK(an.run({"resolve", record, "roster/" + row + "/_present", "--value", "true", "--reason", "có đến"}).exit ==
        0);
  CHECK(an.show(record)["conflicts"].empty());
  CHECK(an.show(record)["values"]["roster"].size() == 1);
  check_error(an.run({"resolve", record, "topic_note", "--value", "x", "--reason", "x"}), 1, "not_found");
  check_error(an.run({"resolve", record, "nonsense", "--value", "x", "--reason", "x"}), 1, "invalid_argument");
}

TEST_CASE("input that cannot be kept is refused with its place, and nothing of it is saved") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const auto refused = [&](const std::string& values, const std::string& code, const std::string& place = "") {
    CAPTURE(values.substr(0, 200));
    const Finished finished = an.run({"new", "outreach_session", "--values", "-"}, values);
    check_error(finished, 1, code);
    CHECK(finished.json()["error"]["message"].get<std::string>().find(place) != std::string::npos);
  };
  refused(R"({"titel": "x"})", "invalid_argument", "titel");
  refused(R"({"headcount_total": "many"})", "invalid_argument", "headcount_total");
  refused(R"({"headcount_total": 1.5})", "invalid_argument", "headcount_total");
  refused(R"({"date": "14/3/2025"})", "invalid_argument", "date");
  refused(R"({"roster": [{"sex": 1}]})", "invalid_argument", "roster[0].sex");
  refused(R"({"roster": {"sex": "male"}})", "invalid_argument", "roster");
  refused("{\"title\": \"" + std::string(10 << 20, 'x') + "\"}", "out_of_bounds", "title");
  refused(R"({"title": "a\u0000b"})", "malformed", "title");
  refused(std::string("{\"title\": \"a\0b\"}", 16), "malformed");
  refused("{\"title\": \"\xff\xfe\"}", "malformed");
  refused("{\"title\": \"x\"", "malformed");
  refused(R"({"title": "một", "title": "hai"})", "malformed", "title");
  refused("[]", "invalid_argument");
  refused("", "malformed");
  refused(R"({"_deleted": true})", "invalid_argument");
  check_error(an.run({"new", "nonsense", "--values", "-"}, "{}"), 1, "not_found");
  check_error(an.run({"new", "person", "--values", (folder / "none.json").string()}), 1, "not_found");
  check_error(an.run({"show", "nonsense"}), 1, "invalid_argument");
  CHECK(an.status()["changes"] == 0);
}

TEST_CASE("a wrong passphrase, no passphrase and no store are told apart, and nothing is made") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  check_error(an.run({"status"}, "", {{"FIELDPOST_PASSPHRASE", "sai"}}), 1, "wrong_passphrase");
  check_error(an.run({"status"}, "", {{"FIELDPOST_PASSPHRASE", ""}}), 1, "wrong_passphrase");
  check_error(ctl({"status", "--home", an.home, "--user", "Ai đó", "--json"}), 1, "not_found");
  CHECK(ctl({"status", "--home", an.home, "--user", "An", "--json"}).exit == 0);
  const std::string nowhere = (folder / "nowhere").string();
  check_error(ctl({"status", "--home", nowhere, "--json"}), 1, "not_found");
  CHECK(!std::filesystem::exists(nowhere));
  check_error(Laptop{central.home()}.run({"list", "person"}, "", {{"FIELDPOST_PASSPHRASE", "sai"}}), 1,
              "wrong_passphrase");
}

TEST_CASE("a ticket enrols one laptop, within a day, and the same laptop again") {
  ScratchFolder folder;
  Central central(folder / "central");
  const std::string once = ticket(central.home(), "recorder", "CM1", "An");
  CHECK(!once.starts_with("-"));
  const auto enrol = [&](const std::string& name, const std::string& with, const Environs& more = {}) {
    return ctl({"enrol", central.url(), with, "--home", (folder / "deep/er" / name).string(), "--json"}, "", more);
  };
  const Finished first = enrol("a", once);
  CHECK(first.exit == 0);
  CHECK(enrol("a", once).json()["device"] == first.json()["device"]);
  check_error(enrol("b", once), 1, "ticket_used");
  check_error(enrol("c", "FP1nonsense"), 1, "invalid_argument");
  CHECK(!std::filesystem::exists(folder / "deep/er/c"));

  // Issued two days ago, by the clock of the machine that central runs on.
  const auto now =
      std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count();
  const std::string old = ticket(central.home(), "recorder", "CM1", "An", {},
                                 {{"FIELDPOST_TEST_NOW_MS", std::to_string(now - 2 * limits::ticket_life_ms)}});
  check_error(enrol("d", old), 1, "ticket_expired");
  // A laptop's own clock has no say in it.
  const std::string fresh = ticket(central.home(), "recorder", "CM1", "An");
  CHECK(enrol("e", fresh, {{"FIELDPOST_TEST_NOW_MS", "0"}}).exit == 0);
}

TEST_CASE("a laptop that waits for approval gets in once a person has compared its fingerprint") {
  ScratchFolder folder;
  Central central(folder / "central");
  const std::string with = ticket(central.home(), "recorder", "CM1", "An", {"--approve"});
  const Words enrol = {"enrol", central.url(), with, "--home", (folder / "an").string(), "--json"};
  const Finished waits = ctl(enrol);
  CHECK(waits.exit == 3);
  const std::string shown = waits.json()["fingerprint"];
  CHECK(waits.err.find(shown) != std::string::npos);
  check_error(ctl({"sync", "--home", (folder / "an").string(), "--json"}), 1, "invalid_argument");
  check_error(ctl({"approve", "AAAA-BBBB-CCCC-DDDD", "--home", central.home(), "--json"}), 1, "not_found");
  const Finished approved = ctl({"approve", shown, "--home", central.home(), "--json"});
  CHECK(approved.exit == 0);
  const Finished in = ctl(enrol);
  CHECK(in.exit == 0);
  CHECK(in.json()["device"] == approved.json()["device"]);
  CHECK(ctl({"devices", "--home", central.home(), "--json"}).json()["devices"].size() == 1);
}

TEST_CASE("laptops trust the pinned key alone: another central, a portal and an unpinned http are not believed") {
  ScratchFolder folder;
  Central central(folder / "central");
  Central other(folder / "other");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const std::string foreign = ticket(other.home(), "recorder", "CM1", "An");
  check_error(ctl({"enrol", central.url(), foreign, "--home", (folder / "b").string(), "--json"}), 1, "not_central");
  CaptivePortal portal;
  check_error(ctl({"enrol", portal.url(), foreign, "--home", (folder / "b").string(), "--json"}), 1, "not_central");
  check_error(ctl({"enrol", "http://192.0.2.1:1", foreign, "--home", (folder / "d").string(), "--json"}), 1,
              "invalid_argument");
  CHECK(!std::filesystem::exists(folder / "d"));
  // The home made by the failed attempts enrols all the same.
  CHECK(ctl({"enrol", other.url(), foreign, "--home", (folder / "b").string(), "--json"}).exit == 0);
  // Another deployment's ticket does not move a laptop.
  const std::string moving = ticket(other.home(), "recorder", "CM1", "An");
  check_error(ctl({"enrol", other.url(), moving, "--home", an.home, "--json"}), 1, "already_exists");

  // The same address, answered by another central: wrong pin, nothing sent.
  an.create("person", {{"full_name", "Trần Thị Bưởi"}, {"sex", "female"}});
  const std::string port = central.port();
  central.stop();
  other.stop();
  Central impostor(folder / "impostor", {"--listen", "127.0.0.1:" + port});
  const Finished refused = an.run({"sync", "--wait", "0"});
  check_error(refused, 1, "not_central");
  CHECK(refused.json()["unsent"] == 1);
  CHECK(an.status()["unsent"] == 1);
}

TEST_CASE("a sync without central tries for a while, then says what is left and keeps it") {
  ScratchFolder folder;
  auto central = std::make_unique<Central>(folder / "central");
  const Laptop an = enrolled(folder, *central, "recorder", "CM1", "An");
  const std::string port = central->port();
  an.create("person", {{"full_name", "Trần Thị Bưởi"}, {"sex", "female"}});
  central->cut();
  const auto begun = std::chrono::steady_clock::now();
  const Finished lost = an.run({"sync", "--wait", "2"});
  CHECK(std::chrono::steady_clock::now() - begun >= std::chrono::seconds(1));
  check_error(lost, 1, "unreachable");
  CHECK(lost.json()["unsent"] == 1);
  CHECK(lost.json()["sent"] == 0);
  CHECK(lost.err.find("1") != std::string::npos);
  // It comes back on the same port while the next sync tries.
  std::unique_ptr<Central> back;
  std::thread restart([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));
    back = std::make_unique<Central>(folder / "central", Words{"--listen", "127.0.0.1:" + port});
  });
  const Finished sent = an.run({"sync"});
  restart.join();
  CHECK(sent.exit == 0);
  CHECK(sent.json()["sent"] == 1);
}

TEST_CASE("a laptop's store has one holder, and the second is told who that is") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  Environs environs = test_environs();
  // Holds the store while it tries to reach a central that is gone.
  central.stop();
  Process holder({FIELDPOST_CTL, "sync", "--wait", "20", "--home", an.home}, environs);
  std::this_thread::sleep_for(std::chrono::milliseconds(500));
  const Finished second = an.run({"new", "person", "--values", "-"}, R"({"full_name": "B"})");
  check_error(second, 1, "busy");
  CHECK(second.json()["error"]["message"].get<std::string>().find("fieldpostctl") != std::string::npos);
  holder.signal(SIGKILL);
  holder.wait();
  CHECK(an.run({"status"}).exit == 0);
}

TEST_CASE("clocks of 1970 and 2099 keep nobody from saving and syncing") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  for (const char* now : {"0", "4086000000000"}) {
    const Environs clock = {{"FIELDPOST_TEST_NOW_MS", now}};
    const Finished made =
        an.run({"new", "person", "--values", "-"}, R"({"full_name": "Trần Thị Bưởi", "sex": "female"})", clock);
    CHECK((made.exit == 0 || made.exit == 3));
    const Finished sent = an.run({"sync"}, "", clock);
    CHECK(sent.exit == 0);
    CHECK(sent.json()["sent"] == 1);
    CHECK(sent.json()["refused"] == 0);
    CHECK(!sent.err.empty());  // the clock is spoken of, once, and decides nothing
  }
  CHECK(Laptop{central.home()}.digest() == an.digest());
}

TEST_CASE("central's key comes from a file where one is named, and its folder and a laptop's are not mistaken") {
  ScratchFolder folder;
  write_file(folder / "key", std::string(64, '7') + "\n");
  const Environs keyed = {{"FIELDPOST_KEY_FILE", (folder / "key").string()}, {"FIELDPOST_PASSPHRASE", ""}};
  const std::string home = (folder / "central").string();
  const std::string with = ticket(home, "recorder", "CM1", "An", {}, keyed);  // before the server's first start
  Central central(home, {}, keyed);
  const Laptop an{(folder / "an").string()};
  CHECK(ctl({"enrol", central.url(), with, "--home", an.home, "--json"}).exit == 0);
  CHECK(!std::filesystem::exists(folder / "central/vault"));
  CHECK(ctl({"verify", "--home", home, "--json"}, "", keyed).exit == 0);
  check_error(ctl({"verify", "--home", home, "--json"}), 1, "not_found");  // no vault: the key file has to be named
  write_file(folder / "key", "short");
  check_error(ctl({"verify", "--home", home, "--json"}, "", keyed), 1, "malformed");

  check_error(ctl({"ticket", "--home", an.home, "--role", "recorder", "--unit", "A", "--name", "B", "--json"}), 1,
              "already_exists");
  check_error(ctl({"enrol", central.url(), with, "--home", home, "--json"}), 1, "invalid_argument");
  check_error(ctl({"new", "person", "--home", home, "--values", "-", "--json"}, "{}"), 1, "invalid_argument");
}

TEST_CASE("no byte of what was typed can be read in the folders of laptop and central") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "Nguyễn Văn An");
  an.create("person", {{"full_name", "Trần Thị Bưởi"}, {"sex", "female"}, {"phone", "0912345678"}});
  an.sync();
  Laptop{central.home()}.done({"report", "programmes", "--from", "2025", "--to", "2025"});
  for (const char* text : {"Trần Thị Bưởi", "tran thi buoi", "0912345678", "PRIVATE KEY"})
    CHECK(!any_file_contains(folder.path(), text));
}

TEST_CASE(
    "photos and files are attached by path, told of in show, brought by sync, and come out where they are asked "
    "for") {
  const ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "HG", "An");
  const Laptop binh = enrolled(folder, central, "recorder", "HG", "Bình");
  const std::string scan = "%PDF-1.4 biên bản của buổi truyền thông";
  write_file(folder / "biên bản.pdf", scan);
  write_file(folder / "empty.pdf", "");
  const std::string photo_file = std::string(FIELDPOST_SOURCE_DIR) + "/tests/fuzz/corpus/picture/jpeg_turned";
  Json values = session_values();
  values["minutes_scan"] = "@" + (folder / "biên bản.pdf").string();
  values["photos"] = {{{"photo", {{"file", photo_file}}}, {"caption", "Toàn cảnh"}}};
  const std::string record = an.create("outreach_session", values);
  const Json shown = an.show(record);
  CHECK(shown["files"]["here"] == 2);
  CHECK(shown["files"]["of"] == 2);
  CHECK(shown["values"]["minutes_scan"]["name"] == "biên bản.pdf");
  CHECK(shown["values"]["minutes_scan"]["size"] == scan.size());
  CHECK(shown["values"]["minutes_scan"]["here"] == true);
  CHECK(shown["values"]["photos"][0]["photo"]["type"] == "image/jpeg");
  CHECK(shown["status"] == "on_this_laptop");
  CHECK(an.status()["files"]["to_send"] == 2);
  // What show printed is what edit takes: nothing new.
  CHECK(an.edit(record, {{"minutes_scan", shown["values"]["minutes_scan"]}}).empty());

  check_error(ctl({"new", "outreach_session", "--home", an.home, "--values", "-", "--json"},
                  Json{{"title", "a"}, {"minutes_scan", "@" + (folder / "empty.pdf").string()}}.dump()),
              1, "malformed");
  check_error(ctl({"new", "outreach_session", "--home", an.home, "--values", "-", "--json"},
                  Json{{"title", "a"}, {"photos", {{{"photo", "@" + (folder / "biên bản.pdf").string()}}}}}.dump()),
              1, "malformed");
  check_error(ctl({"new", "outreach_session", "--home", an.home, "--values", "-", "--json"},
                  Json{{"title", "a"}, {"minutes_scan", "@nowhere.pdf"}}.dump()),
              1, "not_found");

  CHECK(an.sync()["files_sent"] == 2);
  CHECK(binh.sync()["files_received"] == 2);
  CHECK(binh.status()["files"]["to_fetch"] == 0);
  const std::string out = (folder / "out.pdf").string();
  const Json got = binh.done({"attachment", record, "minutes_scan", "-o", out});
  CHECK(got["digest"] == shown["values"]["minutes_scan"]["digest"]);
  CHECK(file_content(out) == scan);
  const std::string row = shown["values"]["photos"][0]["_row"];
  binh.done({"attachment", record, "photos/" + row + "/photo", "-o", (folder / "photo.jpg").string()});
  CHECK(file_content(folder / "photo.jpg").starts_with("\xFF\xD8"));
  const Finished at_central =
      ctl({"attachment", record, "minutes_scan", "-o", out, "--home", central.home(), "--json"});
  CHECK(at_central.exit == 0);
  check_error(ctl({"attachment", record, "title", "-o", out, "--home", an.home, "--json"}), 1, "not_found");
  for (const std::string& home : {an.home, binh.home, central.home()}) CHECK_FALSE(any_file_contains(home, scan));
  CHECK(binh.done({"verify"})["files"] == 2);
}

TEST_CASE("samples are valid, and the same for the same seed") {
  for (const char* form : {"outreach_session", "training_class", "consultation", "person"}) {
    const Finished first = ctl({"form", "sample", form, "--seed", "7", "--count", "3", "--json"});
    CHECK(first.exit == 0);
    CHECK(first.json()["samples"].size() == 3);
    CHECK(first.out == ctl({"form", "sample", form, "--seed", "7", "--count", "3", "--json"}).out);
    CHECK(first.json()["samples"][0] == ctl({"form", "sample", form, "--seed", "7", "--json"}).json()["samples"][0]);
    CHECK(first.out != ctl({"form", "sample", form, "--seed", "8", "--count", "3", "--json"}).out);
  }
  CHECK(ctl({"form", "list", "--json"}).json()["forms"].size() >= 7);
  CHECK(ctl({"form", "show", "consultation", "--json"}).json()["name"] == "consultation");
  check_error(ctl({"form", "show", "nonsense", "--json"}), 1, "not_found");
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const Json samples = ctl({"form", "sample", "consultation", "--count", "5", "--json"}).json();
  for (const Json& sample : samples["samples"]) {
    const Finished made = an.run({"new", "consultation", "--values", "-"}, sample.dump());
    CHECK_MESSAGE(made.exit == 0, made.err);
  }
}

TEST_CASE("an import lists every bad line and takes none of a bad file unless told to") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  const std::string file = (folder / "people.csv").string();
  write_file(file,
             "\xEF\xBB\xBF"
             "full_name,sex,birth_date,citizen_number\r\n"
             "Trần Thị Bưởi,female,3/3/1961,\r\n"
             "Lý Mận,female,31/2/1961,\r\n"
             "ViÖt Nam,male,1970,\r\n"
             "Phạm Cam,male,1970-05,096070123456\r\n");
  const Finished dry = an.run({"import", "person", file, "--dry-run"});
  CHECK(dry.exit == 3);
  CHECK(dry.json()["imported"] == 0);
  REQUIRE(dry.json()["bad"].size() == 2);
  CHECK(dry.json()["bad"][0]["line"] == 3);
  CHECK(dry.json()["bad"][0]["column"] == "birth_date");
  CHECK(dry.json()["bad"][1]["line"] == 4);
  CHECK(dry.json()["bad"][1]["message"].get<std::string>().find("TCVN3") != std::string::npos);
  check_error(an.run({"import", "person", file}), 1, "malformed");
  CHECK(an.status()["changes"] == 0);
  const Finished taken = an.run({"import", "person", file, "--skip-bad"});
  CHECK(taken.exit == 3);
  CHECK(taken.json()["imported"] == 2);
  CHECK(an.done({"list", "person", "--search", "buoi"})["total"] == 1);

  const std::string out = (folder / "out.csv").string();
  const Finished exported = an.run({"export", "person", "-o", out});
  CHECK(exported.exit == 0);
  CHECK(exported.json()["lines"] == 2);
  CHECK(exported.err.find("personal data") != std::string::npos);
  CHECK(file_content(out).find(",1961-03-03,") != std::string::npos);
  check_error(an.run({"import", "person", out}), 1, "invalid_argument");  // those records are here already

  write_file(file, "full_name,nonsense\r\nA,b\r\n");
  check_error(an.run({"import", "person", file}), 1, "invalid_argument");
  write_file(file, "full_name\r\nTr\xc7n\r\n");
  const Finished old = an.run({"import", "person", file});
  check_error(old, 1, "malformed");
  CHECK(old.json()["error"]["message"].get<std::string>().find("Unicode") != std::string::npos);
  write_file(file, "full_name,sex\r\n=1+1,male\r\n");
  an.run({"import", "person", file});
  an.run({"export", "person", "-o", out, "--excel"});
  CHECK(file_content(out).find(";'=1+1;") != std::string::npos);
}

TEST_CASE("ten thousand lines are imported in seconds, all in one transaction") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "An");
  std::string csv = "date,place,full_name,sex,legal_field,summary,outcome\n";
  for (int i = 0; i < 10'000; ++i)
    csv += std::to_string(i % 28 + 1) + "/3/2025,32155@post-2025-07,Nguyễn Văn " + std::to_string(i) +
           ",male,DD,Lấn ranh,answered\n";
  write_file(folder / "many.csv", csv);
  const auto begun = std::chrono::steady_clock::now();
  const Finished done = an.run({"import", "consultation", (folder / "many.csv").string()});
  const auto took = std::chrono::steady_clock::now() - begun;
  REQUIRE_MESSAGE(done.exit == 0, done.err.substr(0, 500));
  CHECK(done.json()["imported"] == 10'000);
  MESSAGE("10,000 lines in ms: ", std::chrono::duration_cast<std::chrono::milliseconds>(took).count());
  CHECK(took < std::chrono::seconds(60));
  CHECK(an.status()["unsent"] == 10'000);
}

TEST_CASE("blank papers print without a home, a record's from its store, and what cannot be printed is refused") {
  ScratchFolder folder;
  const auto at = [&](const char* name) { return (folder / name).string(); };
  CHECK(ctl({"paper", "--list", "--json"}).json()["papers"].size() >= 5);
  const Finished blank = ctl({"paper", "roster", "--rows", "30", "-o", at("blank.pdf"), "--json"});
  REQUIRE_MESSAGE(blank.exit == 0, blank.err);
  CHECK(blank.json()["blank"] == true);
  CHECK(blank.json()["personal_data"] == false);
  CHECK(file_content(at("blank.pdf")).starts_with("%PDF-"));
  const Finished unknown = ctl({"paper", "rota", "-o", at("no.pdf"), "--json"});
  check_error(unknown, 1, "not_found");
  CHECK(unknown.json()["error"]["message"].get<std::string>().find("'rota'") != std::string::npos);
  check_error(ctl({"paper", "roster", "--json"}), 2, "wrong_usage");
  check_error(ctl({"paper", "-o", at("no.pdf"), "--json"}), 2, "wrong_usage");
  check_error(ctl({"paper", "roster", "--rows", "0", "-o", at("no.pdf"), "--json"}), 2, "wrong_usage");
  check_error(ctl({"paper", "roster", "--date", "hôm nay", "-o", at("no.pdf"), "--json"}), 2, "wrong_usage");
  check_error(ctl({"paper", "roster", "--record", "1", "-o", at("no.pdf"), "--json"}), 2, "wrong_usage");
  CHECK(ctl({"paper", "roster", "-o", at("none/no.pdf")}).exit == 1);

  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "reconciler", "TT-CM", "An");
  const std::string above = an.create("organisation", {{"full_name", "Sở Tư pháp tỉnh Cà Mau"}, {"kind", "STP"}});
  an.create("organisation", {{"full_name", "Trung tâm Trợ giúp pháp lý"},
                             {"kind", "TTTGPL"},
                             {"unit_code", "TT-CM"},
                             {"place", "32002@post-2025-07"},
                             {"parent", above}});
  const std::string session =
      an.create("outreach_session", {{"title", "Buổi một"},
                                     {"date", "2026-03-08"},
                                     {"roster", {{{"full_name", "Lê Quý Mận"}, {"sex", "female"}}}}});
  const Finished minutes = an.run({"paper", "minutes", "--record", session, "-o", at("minutes.pdf")});
  REQUIRE_MESSAGE(minutes.exit == 0, minutes.err);
  CHECK(minutes.json()["file"] == at("minutes.pdf"));
  CHECK(minutes.json()["personal_data"] == true);
  CHECK(minutes.err.find("personal data") != std::string::npos);
  // The unit's name and the one above it are what the laptop's organisations say.
  const std::string read = Process({"/usr/bin/pdftotext", at("minutes.pdf"), "-"}, {}).finish("").out;
  CHECK(read.find("SỞ TƯ PHÁP TỈNH CÀ MAU") != std::string::npos);
  CHECK(read.find("TRUNG TÂM TRỢ GIÚP") != std::string::npos);
  CHECK(an.run({"paper", "roster", "--record", session, "-o", at("roster.pdf")}).exit == 0);
  CHECK(!any_file_contains(an.home, "Lê Quý"));

  const Finished other = an.run({"paper", "request", "--record", session, "-o", at("no.pdf")});
  check_error(other, 1, "invalid_argument");
  CHECK(other.json()["error"]["message"].get<std::string>().find("'consultation'") != std::string::npos);
  check_error(an.run({"paper", "roster", "--record", "buổi 7", "-o", at("no.pdf")}), 1, "invalid_argument");
  check_error(an.run({"paper", "roster", "--record", "00000000-0000-4000-8000-000000000000", "-o", at("no.pdf")}), 1,
              "not_found");
  an.edit(session, {{"_deleted", true}});
  check_error(an.run({"paper", "roster", "--record", session, "-o", at("no.pdf")}), 1, "not_found");
  CHECK(!std::filesystem::exists(at("no.pdf")));
}

TEST_CASE(
    "a record is handed in, returned with a remark, handed in again and accepted, and the office's inbox follows") {
  ScratchFolder folder;
  Central central(folder / "central");
  const Laptop an = enrolled(folder, central, "recorder", "CM1", "Nguyễn An");
  const Laptop office = enrolled(folder, central, "reconciler", "CM1", "Lê Bình");
  const std::string session = an.create("outreach_session", session_values());
  const auto review = [&](const Laptop& laptop, Words more) {
    Words words = {"review", session, "--home", laptop.home, "--json"};
    words.insert(words.begin() + 2, more.begin(), more.end());
    return ctl(words);
  };
  CHECK(review(an, {}).json()["state"] == "to_hand_in");
  check_error(review(an, {"accept"}), 1, "forbidden");
  const Finished handed_in = review(an, {"submit"});
  CHECK(handed_in.exit == 0);
  CHECK(handed_in.json()["state"] == "submitted");
  an.sync();
  office.sync();

  const auto inbox = [&] { return ctl({"inbox", "--home", office.home, "--json"}).json(); };
  CHECK(inbox()["counts"]["submitted"] == 1);
  CHECK(inbox()["items"][0]["records"][0] == session);
  CHECK(inbox()["items"][0]["contradicted"] == false);
  CHECK(review(office, {"claim"}).exit == 0);
  CHECK(inbox()["items"][0]["holders"][0]["name"] == "Lê Bình");
  CHECK(review(office, {"release"}).exit == 0);
  CHECK(inbox()["items"][0]["holders"].empty());

  check_error(review(office, {"return"}), 1, "invalid_argument");
  check_error(review(office, {"return", "--remark", "no_such_question=x"}), 1, "invalid_argument");
  check_error(review(office, {"return", "--remark", "headcount_total"}), 1, "invalid_argument");
  const Finished returned = review(office, {"return", "--remark", "headcount_total=Biên bản ghi 52 người"});
  CHECK(returned.json()["state"] == "returned_by_office");
  office.sync();
  an.sync();
  CHECK(review(an, {}).json()["remarks"][0]["question"] == "headcount_total");
  const std::string looked_at = review(office, {}).json()["looked_at"];
  an.edit(session, {{"headcount_total", 52}});
  CHECK(review(an, {"submit"}).json()["state"] == "submitted");
  an.sync();
  office.sync();
  check_error(review(office, {"accept", "--looked-at", looked_at}), 1, "invalid_argument");
  CHECK(review(office, {"accept"}).json()["state"] == "accepted");
  CHECK(inbox()["items"].empty());
  CHECK(review(office, {"reopen", "--reason", "Nhầm"}).json()["state"] == "submitted");

  CHECK(review(office, {"forget"}).exit == 2);
  CHECK(review(office, {"accept", "--remark", "title=x"}).exit == 2);
  check_error(ctl({"review", "no-record", "--home", office.home, "--json"}), 1, "invalid_argument");
}
