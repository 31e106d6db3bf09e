// Laptops and central, in one process, over a loopback: what sync promises.
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;

TEST_CASE("what one laptop saves arrives on another of its unit, and both agree") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Quyền được trợ giúp pháp lý"));
  CHECK(must(an.store().status_of(record)) == RecordStatus::on_this_laptop);
  const ExchangeReport sent = an.sync();
  CHECK(sent.sent == 1);
  CHECK(must(an.store().status_of(record)) == RecordStatus::at_central);
  CHECK(binh.sync().received == 1);
  CHECK(binh.values(record) == an.values(record));
  CHECK(an.digest() == binh.digest());
  CHECK(an.digest() == fleet.central_digest());
  CHECK(must(binh.store().verify()).ok);
}

TEST_CASE(
    "two laptops that change one field offline both see the conflict, and settling it on one closes it everywhere") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Đất đai"));
  an.sync();
  binh.sync();
  an.edit(record, {{"title", "Đất đai và thừa kế"}, {"headcount_total", 61}});
  binh.edit(record, {{"title", "Đất đai, nhà ở"}});
  an.sync();
  binh.sync();
  an.sync();
  const std::vector<Rivals> at_an = must(an.store().conflicts());
  const std::vector<Rivals> at_binh = must(binh.store().conflicts());
  REQUIRE(at_an.size() == 1);
  REQUIRE(at_binh.size() == 1);
  CHECK(at_an[0].conflict.id == at_binh[0].conflict.id);
  CHECK(at_an[0].state.heads.size() == 2);
  CHECK(an.values(record)["headcount_total"] == 61);
  CHECK(an.digest() == binh.digest());
  must(binh.store().resolve(record, at_binh[0].conflict.field, std::string("Đất đai, nhà ở và thừa kế"),
                            "hai phần của một buổi"));
  binh.sync();
  an.sync();
  CHECK(must(an.store().conflicts()).empty());
  CHECK(an.values(record)["title"] == "Đất đai, nhà ở và thừa kế");
  CHECK(an.digest() == binh.digest());
}

TEST_CASE("a settlement that is taken back stands as a conflict everywhere again, and tells who had written what") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Đất đai"));
  an.sync();
  binh.sync();
  an.edit(record, {{"title", "Đất đai, thừa kế"}, {"headcount_total", 61}});
  binh.edit(record, {{"title", "Đất đai, nhà ở"}, {"headcount_total", 62}});
  an.sync();
  binh.sync();
  std::vector<Settlement> settled;
  std::vector<RevivedValue> rivals;
  for (const Rivals& conflict : must(binh.store().conflicts())) {
    settled.push_back({conflict.conflict.field, conflict.state.heads.front().value});
    for (const Rival& rival : conflict.state.heads)
      rivals.push_back({conflict.conflict.field, rival.value, "giá trị cũ"});
  }
  REQUIRE(settled.size() == 2);
  const std::int64_t before = must(binh.store().status()).changes;
  const Saved saved = must(binh.store().resolve(record, settled, "đã hỏi"));
  CHECK(must(binh.store().status()).changes == before + 1);  // both fields in one change
  CHECK(!binh.store().resolve(record, settled, ""));         // nothing to settle any more
  binh.sync();
  an.sync();
  CHECK(must(an.store().conflicts()).empty());

  must(binh.store().reopen(record, saved.change, rivals));
  CHECK(must(binh.store().status()).changes == before + 3);
  binh.sync();
  an.sync();
  const std::vector<Rivals> again = must(an.store().conflicts());
  REQUIRE(again.size() == 2);
  for (const Rivals& conflict : again) {
    CHECK(conflict.state.heads.size() == 2);
    CHECK(conflict.state.heads.front().reason == "giá trị cũ");
  }
  CHECK(an.digest() == binh.digest());
  // Whoever changed the field since is not overruled: neither by the same wish again, nor after a new settlement.
  CHECK(!binh.store().reopen(record, saved.change, rivals));
  const Saved other = must(an.store().resolve(record, settled, ""));
  an.edit(record, {{"title", "Đất đai"}});
  const auto refused = an.store().reopen(record, other.change, rivals);
  REQUIRE(!refused);
  CHECK(refused.error().code == ErrorCode::not_found);
  CHECK(must(an.store().conflicts()).empty());
  an.sync();
  binh.sync();
  CHECK(an.digest() == binh.digest());
}

TEST_CASE(
    "an answer lost on its way is harmless: the same page is a duplicate, and the receipt comes at the next "
    "handshake") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.create("outreach_session", session_values("Hộ tịch"));
  an.transport->on_response = [](const Request& request, const Response&) -> std::optional<Error> {
    if (request.path == "/v1/push") return Error{ErrorCode::unreachable, "cut"};
    return std::nullopt;
  };
  CHECK_FALSE(Exchange(an.store(), *an.transport).run());
  CHECK(must(an.store().status()).unsent == 1);
  an.transport->on_response = nullptr;
  an.sync();
  CHECK(must(an.store().status()).unsent == 0);
  CHECK(must(an.store().status()).receipted == 1);
}

TEST_CASE("a laptop knows from the first page on how much is still to come") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  for (int i = 0; i < 300; ++i) {
    nlohmann::json values = session_values("Buổi " + std::to_string(i));
    values["difficulties"] = std::string(1'500, 'x');
    an.create("outreach_session", values);
  }
  an.sync();
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  Exchange exchange(binh.store(), *binh.transport);
  int pages = 0;
  for (std::int64_t received = 0; must(exchange.step()) != Exchange::Step::done;) {
    if (exchange.progress().received == received) continue;
    received = exchange.progress().received;
    ++pages;
    CHECK(exchange.progress().to_receive == 300);
  }
  CHECK(pages > 1);
  CHECK(exchange.progress().received == 300);
}

TEST_CASE(
    "the station receives the permitted fields of a shared session, its own report, and not one byte of roster or "
    "consultation") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& station = fleet.enrol("Đồn", Role::partner, "bdbp");
  nlohmann::json shared = session_values("Buổi chung với đồn");
  shared["co_hosts"] = "bdbp";
  shared["roster"] = {{{"full_name", "Canary Trần Thị Bưởi"}, {"sex", "female"}}};
  const RecordId session_id = an.create("outreach_session", shared);
  an.create("outreach_session", session_values("Canary buổi không chung"));
  an.create("consultation", {{"full_name", "Canary Nguyễn Văn Đước"}, {"date", "2025-10-31"}});
  an.sync();
  const RecordId own = station.create("outreach_session", session_values("Báo cáo của đồn"));
  std::string traffic;
  station.transport->on_response = [&](const Request& request, const Response& response) -> std::optional<Error> {
    if (request.path == path::handshake || request.path == path::pull) {
      const PullAnswer answer = request.path == path::pull ? must(decode_pull_answer(response.body))
                                                           : must(decode_handshake_answer(response.body)).pull;
      const Result<Page> page = decode_page(answer.page);
      for (const Segment& segment : page->segments)
        for (const SegmentEntry& entry : segment.entries)
          if (entry.change) traffic += std::string(text_of(encode_change(*entry.change)));
    }
    return std::nullopt;
  };
  station.sync();
  CHECK(station.values(session_id)["title"] == "Buổi chung với đồn");
  CHECK(station.values(session_id).value("roster", nlohmann::json::array()).empty());
  CHECK(must(station.store().list({})).size() == 2);
  CHECK(traffic.find("Canary") == std::string::npos);
  CHECK(traffic.find("Buổi chung") != std::string::npos);

  // An edit of the roster alone says nothing to the station; one of the title does.
  traffic.clear();
  an.edit(session_id, {{"roster", {{{"full_name", "Canary hai"}}}}});
  an.sync();
  CHECK(station.sync().received == 0);
  an.edit(session_id, {{"title", "Buổi chung, sửa tên"}});
  an.sync();
  CHECK(station.sync().received == 1);
  CHECK(station.values(session_id)["title"] == "Buổi chung, sửa tên");
  CHECK(must(station.store().conflicts()).empty());
  CHECK(traffic.find("Canary") == std::string::npos);

  // What the station does to a session that is not its own waits, kept and explained.
  station.edit(session_id, {{"title", "Đồn sửa"}});
  const ExchangeReport report = station.sync();
  CHECK(report.held == 1);
  CHECK(must(station.store().attention()).front().reason == Reason::outside_write_scope);
  CHECK(must(station.store().status_of(own)) == RecordStatus::at_central);
  CHECK(must(station.store().verify()).ok);
}

TEST_CASE(
    "pages that overtake each other on their way lead to the same: a change is delayed only by what came before it") {
  Fleet fleet;
  Laptop& station = fleet.enrol("Đồn", Role::partner, "bdbp");
  fleet.backup();
  const RecordId report = station.create("outreach_session", session_values("Báo cáo của đồn"));
  station.sync();
  station.edit(report, {{"title", "Báo cáo, sửa lại"}});
  station.sync();
  fleet.restore();
  OvertakingLoopback road(fleet.endpoint());
  must(Exchange(station.store(), road).run());
  station.sync();  // the second page was answered before the first came: by now that has passed
  CHECK(must(station.store().status()).held == 0);
  CHECK(must(station.store().status()).receipted == 2);
  CHECK(station.digest() == fleet.central_digest());
}

TEST_CASE("a central restored from an old copy gets everything back from the laptops, others' changes included") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  Laptop& station = fleet.enrol("Đồn", Role::partner, "bdbp");
  an.create("outreach_session", session_values("Một"));
  an.sync();
  fleet.backup();
  nlohmann::json shared = session_values("Hai");
  shared["co_hosts"] = "bdbp";
  const RecordId two = an.create("outreach_session", shared);
  an.sync();
  binh.create("consultation", {{"full_name", "Lê Thị Hai"}, {"date", "2025-10-31"}});
  binh.sync();
  station.sync();
  const std::string before = fleet.central_digest();
  fleet.restore();
  CHECK(fleet.central_digest() != before);
  // An's laptop is lost; Bình hands back An's work beside their own.
  const ExchangeReport report = binh.sync();
  CHECK(report.new_incarnation);
  CHECK(fleet.central_digest() == before);
  CHECK(must(binh.store().status()).unsent == 0);
  station.sync();
  binh.edit(two, {{"title", "Hai, sửa"}});
  binh.sync();
  station.sync();
  station.sync();
  CHECK(station.values(two)["title"] == "Hai, sửa");
  CHECK(must(station.store().conflicts()).empty());
}

TEST_CASE("a laptop restored from a copy goes on in a new epoch and loses nothing") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.create("outreach_session", session_values("Một"));
  an.sync();
  an.keep_copy();
  const RecordId two = an.create("outreach_session", session_values("Hai"));
  an.sync();
  const std::string before = fleet.central_digest();
  // Restored, and writes before the first contact.
  an.go_back_to_copy();
  const RecordId three = an.create("outreach_session", session_values("Ba"));
  const ExchangeReport report = an.sync();
  CHECK(report.new_epoch);
  CHECK(an.values(two)["title"] == "Hai");
  CHECK(an.values(three)["title"] == "Ba");
  CHECK(must(an.store().status()).unsent == 0);
  CHECK(an.digest() == fleet.central_digest());
  CHECK(fleet.central_digest() != before);
  CHECK(must(an.store().verify()).ok);
}

TEST_CASE("an exchange ends though its laptop goes on saving, and the next one takes that along") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.create("outreach_session", session_values("Một"));
  int pushes = 0;
  an.transport->on_response = [&](const Request& request, const Response&) -> std::optional<Error> {
    if (request.path == "/v1/push" && ++pushes < 10)
      an.create("outreach_session", session_values("Lưu trong khi gửi"));
    return std::nullopt;
  };
  CHECK(an.sync().sent == 1);
  an.transport->on_response = nullptr;
  CHECK(must(an.store().status()).unsent == 1);
  CHECK(an.sync().sent == 1);
  CHECK(must(an.store().status()).unsent == 0);
}

TEST_CASE("whoever made a record owns it, even where another unit's edit reaches a restored central first") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& office = fleet.enrol("Phòng", Role::reconciler, "tt");
  fleet.backup();
  const RecordId record = an.create("outreach_session", session_values("Một"));
  an.sync();
  office.sync();
  office.edit(record, {{"title", "Một, phòng sửa"}});
  office.sync();
  const std::string before = fleet.central_digest();
  fleet.restore();
  // An office laptop sends its own edit first, then what it holds of An's.
  office.sync();
  CHECK(fleet.central_digest() == before);
  an.sync();
  CHECK(an.values(record)["title"] == "Một, phòng sửa");
  an.edit(record, {{"title", "Một, An sửa"}});
  CHECK(an.sync().held == 0);
}

TEST_CASE("a co-host's change that comes in before the one that names it counts once that arrives") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& dung = fleet.enrol("Dũng", Role::recorder, "cm");
  const RecordId record = an.create("outreach_session", session_values("Chung"));
  an.sync();
  fleet.backup();
  an.edit(record, {{"co_hosts", "cm"}});
  an.sync();
  dung.sync();
  dung.edit(record, {{"headcount_total", 71}});
  dung.sync();
  const std::string before = fleet.central_digest();
  fleet.restore();
  dung.sync();
  CHECK(fleet.central_digest() == before);
  dung.sync();
  CHECK(must(dung.store().status()).held == 0);
  an.sync();
  CHECK(an.values(record)["headcount_total"] == 71);
}

TEST_CASE("what a partner adds to another unit's record never makes it the partner's, even at a restored central") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& station = fleet.enrol("Đồn", Role::partner, "bdbp");
  fleet.backup();
  nlohmann::json shared = session_values("Chung với đồn");
  shared["co_hosts"] = "bdbp";
  shared["roster"] = {{{"full_name", "Trần Thị Bưởi"}, {"sex", "female"}}};
  const RecordId record = an.create("outreach_session", shared);
  an.sync();
  station.sync();
  station.edit(record, {{"title", "Đồn sửa"}});
  station.sync();
  fleet.restore();
  CHECK(station.sync().held == 1);
  CHECK(must(station.store().attention()).front().reason == Reason::outside_write_scope);
  an.sync();
  station.sync();
  CHECK(station.values(record).value("roster", nlohmann::json::array()).empty());
  CHECK(must(station.store().attention()).size() == 1);
}

TEST_CASE("what a partner was told out of a change that is lost everywhere, it is told no longer") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& station = fleet.enrol("Đồn Khánh Hội", Role::partner, "bp");
  nlohmann::json values = session_values("Luật Biên phòng");
  values["co_hosts"] = "bp";
  const RecordId record = an.create("outreach_session", values);
  an.sync();
  an.keep_copy();
  fleet.backup();
  an.edit(record, {{"venue", "Nhà văn hóa ấp 3"}});
  an.sync();
  station.sync();
  CHECK(station.values(record)["venue"] == "Nhà văn hóa ấp 3");
  an.go_back_to_copy();
  fleet.restore();
  an.sync();
  station.sync();
  station.sync();
  CHECK_FALSE(station.values(record).contains("venue"));
  CHECK(station.values(record)["title"] == "Luật Biên phòng");
  CHECK(must(station.store().verify()).ok);
}

TEST_CASE("a change that only a colleague still holds is adopted, though a restored laptop wrote over its place") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  an.create("outreach_session", session_values("Một"));
  an.sync();
  fleet.backup();
  an.keep_copy();
  const RecordId lost = an.create("outreach_session", session_values("Hai, chỉ còn ở máy Bình"));
  an.sync();
  binh.sync();
  // Both central and An's laptop come back from copies; An writes at the place that Bình holds otherwise.
  fleet.restore();
  an.go_back_to_copy();
  const RecordId written_over = an.create("outreach_session", session_values("Ba"));
  an.sync();
  binh.sync();
  an.sync();
  CHECK(an.values(lost)["title"] == "Hai, chỉ còn ở máy Bình");
  CHECK(binh.values(written_over)["title"] == "Ba");
  CHECK(an.digest() == fleet.central_digest());
  CHECK(binh.digest() == fleet.central_digest());
  for (Laptop* laptop : {&an, &binh}) CHECK(must(laptop->store().verify()).ok);

  // What central adopted survives its next restore: it lies in central's own journal on every laptop that holds it.
  const std::string before = fleet.central_digest();
  fleet.restore();
  binh.sync();
  an.sync();
  binh.sync();
  CHECK(fleet.central_digest() == before);
}

TEST_CASE("an own place that came back as an id alone gets no receipt, and is sent once, not for ever") {
  Fleet fleet;
  Catalogue old = shipped_catalogue();
  old.forms.erase("referral");
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.create("outreach_session", session_values("Một"));
  an.sync();
  fleet.use_catalogue(old);
  fleet.backup();
  an.keep_copy();
  // Central holds the referral back and so never hands it out: after the restores its id is all that is left.
  const Form* form = shipped_catalogue().form("referral");
  Seen seen = an.store().start(*form);
  must(an.store().save(seen, must(edit_from_json(*form, {{"date", "2025-10-31"}}))));
  const RecordId two = an.create("outreach_session", session_values("Hai"));
  an.sync();
  an.go_back_to_copy();
  an.sync();
  CHECK(an.values(two)["title"] == "Hai");
  fleet.restore();
  an.sync();
  CHECK(an.sync().sent == 0);
  CHECK(must(an.store().status()).unsent == 0);
  CHECK(an.digest() == fleet.central_digest());
  bool receipted = true;
  must(fleet.backend().read([&](BackendTransaction& tx) -> Result<void> {
    const Result<std::vector<JournalPosition>> own = an.store().own_positions();
    for (const JournalPosition& epoch : *own)
      for (const EntryRow& entry : tx.exceptions(must(an.store().identity())->device(), epoch.epoch, 1, epoch.n))
        if (entry.reason == Reason::missing) receipted = false;
    return {};
  }));
  CHECK_FALSE(receipted);
}

TEST_CASE(
    "a change under a form that central does not know waits, delays only its own record, and goes on when the form "
    "arrives") {
  Fleet fleet;
  Catalogue old = shipped_catalogue();
  old.forms.erase("referral");
  fleet.use_catalogue(old);
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  // The laptop is newer than central.
  fleet.use_catalogue(shipped_catalogue());
  an.reopen();
  fleet.use_catalogue(old);
  const Form* form = shipped_catalogue().form("referral");
  Seen seen = an.store().start(*form);
  must(an.store().save(seen, must(edit_from_json(*form, {{"date", "2025-10-31"}}))));
  an.create("outreach_session", session_values("Không liên quan"));
  const ExchangeReport report = an.sync();
  CHECK(report.held == 1);
  CHECK(must(an.store().attention()).front().reason == Reason::unknown_form);
  CHECK(must(an.store().status()).receipted == 1);
  fleet.use_catalogue(shipped_catalogue());
  an.sync();
  CHECK(must(an.store().status()).held == 0);
  CHECK(an.digest() == fleet.central_digest());
}

TEST_CASE("a ticket enrols one laptop, once, within a day, and another deployment's central is not spoken to") {
  Fleet fleet;
  Fleet other(2);
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop fresh(fleet, "Chi");
  const std::string ticket = must(fleet.office().issue_ticket(Role::recorder, "hg", "Chi", false));
  const Ticket parsed = must(parse_ticket(ticket));
  CHECK(ticket.front() != '-');
  Loopback wrong(other.endpoint());
  CHECK(enrol(fresh.store(), wrong, "http://127.0.0.1", parsed).error().code == ErrorCode::forbidden);
  CHECK(enrol(fresh.store(), *fresh.transport, "http://127.0.0.1", parsed));
  CHECK(enrol(fresh.store(), *fresh.transport, "http://127.0.0.1", parsed));  // the answer may have been lost
  Laptop second(fleet, "Dũng");
  CHECK(enrol(second.store(), *second.transport, "http://127.0.0.1", parsed).error().code == ErrorCode::ticket_used);
  const Ticket late = must(parse_ticket(must(fleet.office().issue_ticket(Role::recorder, "hg", "Dũng", false))));
  fleet.clock.ms += 25LL * 3600 * 1000;
  CHECK(enrol(second.store(), *second.transport, "http://127.0.0.1", late).error().code == ErrorCode::ticket_expired);
  an.transport->connect_to(other.endpoint());
  const Result<ExchangeReport> report = Exchange(an.store(), *an.transport).run();
  REQUIRE_FALSE(report);
  CHECK(report.error().code == ErrorCode::not_central);
  std::string typo = ticket;
  typo[10] = typo[10] == 'a' ? 'b' : 'a';
  CHECK(parse_ticket(typo).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("a laptop that waits for approval says its fingerprint and enrols once a person has compared it") {
  Fleet fleet;
  Laptop chi(fleet, "Chi");
  const Ticket ticket = must(parse_ticket(must(fleet.office().issue_ticket(Role::recorder, "hg", "Chi", true))));
  const Result<Identity> waiting = enrol(chi.store(), *chi.transport, "http://127.0.0.1", ticket);
  REQUIRE_FALSE(waiting);
  CHECK(waiting.error().code == ErrorCode::waiting_approval);
  const std::string shown = fingerprint(must(chi.store().device_key()).public_key());
  CHECK(waiting.error().message.find(shown) != std::string::npos);
  CHECK_FALSE(fleet.office().approve("AAAA-BBBB-CCCC-DDDD"));
  must(fleet.office().approve(shown));
  CHECK(enrol(chi.store(), *chi.transport, "http://127.0.0.1", ticket));
}
