// What can be shown to somebody without a store: that central holds a record's changes. And what a journal lacks.
#include "shared/model/proof.h"

#include "shared/storage/prove.h"
#include "tests/support/fleet.h"
#include "tests/support/programs.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

nlohmann::json session(const std::string& title) {
  return {{"title", title}, {"date", "2025-03-14"}, {"headcount_total", 12}};
}

ErrorCode fault(const Result<void>& result) {
  REQUIRE(!result);
  return result.error().code;
}

using Ranges = std::vector<JournalGaps::Range>;

JournalGaps only(const Result<std::vector<JournalGaps>>& all) {
  REQUIRE(all);
  REQUIRE(all->size() == 1);
  return all->front();
}

}  // namespace

TEST_CASE("the proof of a record's changes holds without any store, and names nobody") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  an.create("outreach_session", session("Buổi khác"));
  const RecordId record = an.create("outreach_session", session("Tên buổi kín"));
  an.create("outreach_session", session("Buổi khác nữa"));
  const ChangeId edit = an.edit(record, {{"title", "Tên đã sửa"}});
  an.sync();
  const std::string document = proof_text(must(prove(an.store(), record)));
  const Proof proof = must(parse_proof(document));
  must(verify_proof(proof));
  CHECK(proof.record == record);
  CHECK(proof.device() == must(an.store().identity())->device());
  CHECK(proof.central.deployment_id() == fleet.office().deployment());
  CHECK(proof.without_receipt.empty());
  REQUIRE(proof.changes.size() == 2);
  CHECK(proof.changes[0].n == 2);
  CHECK(proof.changes[1].change == edit);
  CHECK(proof.changes[1].n == 4);
  CHECK(proof.changes[1].outcome == Outcome::committed);
  // One receipt covers both; the run begins where it is needed.
  REQUIRE(proof.runs.size() == 1);
  CHECK(proof.runs[0].start_n == 2);
  CHECK(proof.runs[0].ids.size() == 3);
  for (const char* word : {"Nguyễn", "CM1", "Tên", "outreach"}) CHECK(document.find(word) == std::string::npos);
  CHECK(proof_text(proof) == document);
  // As a mail program may hand it on.
  must(parse_proof(nlohmann::json::parse(document).dump()));
}

TEST_CASE("a proof with any one byte altered is refused") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  const RecordId record = an.create("outreach_session", session("Buổi"));
  an.edit(record, {{"title", "Buổi sửa"}});
  an.sync();
  an.edit(record, {{"title", "Chưa gửi"}});
  const std::string document = proof_text(must(prove(an.store(), record)));
  for (std::size_t at = 0; at < document.size(); ++at)
    for (const char bit : {'\x01', '\x02', '\x40'}) {
      std::string altered = document;
      altered[at] = static_cast<char>(altered[at] ^ bit);
      const Result<Proof> proof = parse_proof(altered);
      if (!proof || !verify_proof(*proof)) continue;
      CAPTURE(at);
      FAIL_CHECK("accepted: " << altered.substr(at, 20));
    }
  // A second member of the same name is shown by one program and skipped by another.
  CHECK(!parse_proof("{\"record\": \"x\", " + document.substr(1)));
  CHECK(!parse_proof(document.substr(0, document.size() / 2)));
  CHECK(!parse_proof(""));
  CHECK(!parse_proof("[]"));
  CHECK(!parse_proof("{\"receipts\": [1], \"changes\": [[]], \"record\": {}}"));
}

TEST_CASE("a laptop that signs a false proof itself is found out") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  test::Laptop& binh = fleet.enrol("Lê Bình", Role::recorder, "CM1");
  const RecordId record = an.create("outreach_session", session("Buổi"));
  an.create("outreach_session", session("Buổi khác"));
  an.sync();
  const RecordId other = binh.create("outreach_session", session("Của Bình"));
  binh.sync();
  const SigningKey key = must(an.store().device_key());
  const Proof honest = must(prove(an.store(), record));
  const auto verdict = [&](const std::function<void(Proof&)>& lie) {
    Proof proof = honest;
    lie(proof);
    sign_proof(proof, key);
    return fault(verify_proof(must(parse_proof(proof_text(proof)))));
  };
  const SigningKey stranger = SigningKey::generate(fleet.random);
  CHECK(verdict([](Proof& proof) { proof.runs[0].ids[1].bytes[0] ^= 1; }) == ErrorCode::untrusted);
  CHECK(verdict([](Proof& proof) { proof.runs[0].start.bytes[0] ^= 1; }) == ErrorCode::untrusted);
  CHECK(verdict([](Proof& proof) { proof.changes[0].change.bytes[0] ^= 1; }) == ErrorCode::untrusted);
  CHECK(verdict([](Proof& proof) { proof.changes[0].n = 2; }) == ErrorCode::untrusted);
  CHECK(verdict([](Proof& proof) { proof.changes[0].n = 3; }) == ErrorCode::untrusted);
  CHECK(verdict([](Proof& proof) { proof.runs[0].start_n = 2; }) == ErrorCode::untrusted);
  CHECK(verdict([](Proof& proof) { proof.runs[0].receipt.at += 1; }) == ErrorCode::untrusted);
  CHECK(verdict([&](Proof& proof) { sign_receipt(proof.runs[0].receipt, stranger); }) == ErrorCode::untrusted);
  CHECK(verdict([&](Proof& proof) {
          proof.central.receipts = stranger.public_key();
          sign_receipt(proof.runs[0].receipt, stranger);
        }) == ErrorCode::untrusted);
  CHECK(verdict([&](Proof& proof) { sign_statement(proof.central, stranger); }) == ErrorCode::untrusted);
  // Another deployment's word on the same receipt key.
  CHECK(verdict([&](Proof& proof) {
          proof.central.deployment = stranger.public_key();
          sign_statement(proof.central, stranger);
        }) == ErrorCode::untrusted);
  // A colleague's receipt is not this laptop's.
  CHECK(verdict([&](Proof& proof) { proof.runs = must(prove(binh.store(), other)).runs; }) == ErrorCode::untrusted);
  Proof unsigned_record = honest;
  unsigned_record.record.bytes[0] ^= 1;
  CHECK(fault(verify_proof(unsigned_record)) == ErrorCode::untrusted);
}

TEST_CASE("a change without a receipt is named and not proven, and so is all after central was restored") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  fleet.backup();
  const RecordId record = an.create("outreach_session", session("Buổi"));
  CHECK(must(prove(an.store(), record)).without_receipt.size() == 1);
  an.sync();
  const ChangeId open = an.edit(record, {{"title", "Chưa gửi"}});
  const Proof proof = must(prove(an.store(), record));
  must(verify_proof(proof));
  CHECK(proof.changes.size() == 1);
  CHECK(proof.without_receipt == std::vector<ChangeId>{open});
  const Incarnation first = proof.runs[0].receipt.incarnation;
  fleet.restore();
  an.sync();
  const Proof after = must(prove(an.store(), record));
  must(verify_proof(after));
  CHECK(after.changes.size() == 2);
  CHECK(after.runs[0].receipt.incarnation != first);
}

TEST_CASE("a held change is proven as held, with its reason") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  must(fleet.office().revoke(must(an.store().identity())->device()));
  const RecordId record = an.create("outreach_session", session("Buổi"));
  an.sync();
  const Proof proof = must(parse_proof(proof_text(must(prove(an.store(), record)))));
  must(verify_proof(proof));
  REQUIRE(proof.changes.size() == 1);
  CHECK(proof.changes[0].outcome == Outcome::held);
  CHECK(proof.changes[0].reason == Reason::revoked);
  Proof prettier = proof;
  prettier.changes[0].outcome = Outcome::committed;
  CHECK(fault(verify_proof(prettier)) == ErrorCode::untrusted);
}

TEST_CASE("a change that a restored laptop placed again is proven in its new epoch") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  an.create("outreach_session", session("Buổi"));
  an.sync();
  an.keep_copy();
  an.create("outreach_session", session("Mất ở đây, còn ở trung tâm"));
  an.sync();
  an.go_back_to_copy();
  const RecordId record = an.create("outreach_session", session("Sau khi khôi phục"));
  CHECK(an.sync().new_epoch);
  const Proof proof = must(prove(an.store(), record));
  must(verify_proof(proof));
  CHECK(proof.changes.size() == 1);
  CHECK(proof.without_receipt.empty());
}

TEST_CASE("only who saved a record proves it, and only once enrolled") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  test::Laptop& binh = fleet.enrol("Lê Bình", Role::recorder, "CM1");
  const RecordId record = an.create("outreach_session", session("Buổi"));
  an.sync();
  binh.sync();
  const auto code = [](const Result<Proof>& result) {
    REQUIRE(!result);
    return result.error().code;
  };
  CHECK(code(prove(binh.store(), record)) == ErrorCode::not_found);
  CHECK(code(prove(an.store(), new_uuid<RecordId>(fleet.clock, fleet.random))) == ErrorCode::not_found);
  test::Laptop stranger(fleet, "Chưa đăng ký");
  CHECK(code(prove(stranger.store(), record)) == ErrorCode::invalid_argument);
}

TEST_CASE("both sides say which places are there, which are not and which wait") {
  Fleet fleet;
  test::Laptop& an = fleet.enrol("Nguyễn An", Role::recorder, "CM1");
  for (int i = 0; i < 5; ++i) an.create("outreach_session", session("Buổi"));
  an.sync();
  an.create("outreach_session", session("Chưa gửi"));
  const DeviceId device = must(an.store().identity())->device();
  const JournalGaps own = only(journal_gaps(an.store().database(), device));
  CHECK(own.receipted == Ranges{{1, 5}});
  CHECK(own.unreceipted == Ranges{{6, 6}});
  CHECK(own.here == Ranges{{1, 6}});
  CHECK(own.missing.empty());

  const JournalGaps whole = only(journal_gaps(fleet.backend().database(), std::nullopt));
  CHECK(whole.device == device);
  CHECK(whole.here == Ranges{{1, 5}});
  CHECK(whole.missing.empty());
  CHECK(whole.by_id.empty());
  // As after a restore: colleagues handed back a segment that scope had thinned, and nobody what came before it.
  must(fleet.backend().write([&](BackendTransaction& tx) -> Result<void> {
    for (const std::uint64_t n : {8, 9, 12}) tx.place_id(device, own.epoch, n, ChangeId{});
    return {};
  }));
  const JournalGaps gaps = only(journal_gaps(fleet.backend().database(), device));
  CHECK(gaps.here == Ranges{{1, 5}});
  CHECK(gaps.missing == Ranges{{6, 7}, {10, 11}});
  CHECK(gaps.by_id == Ranges{{8, 9}, {12, 12}});
  CHECK(gaps.last == 12);
  CHECK(gaps.exceptions.empty());

  must(fleet.office().revoke(device));
  test::Laptop& binh = fleet.enrol("Lê Bình", Role::recorder, "CM1");
  must(fleet.office().revoke(must(binh.store().identity())->device()));
  binh.create("outreach_session", session("Sau khi thu hồi"));
  binh.sync();
  const JournalGaps held = only(journal_gaps(binh.store().database(), must(binh.store().identity())->device()));
  CHECK(held.receipted == Ranges{{1, 1}});
  CHECK(held.exceptions.at({Outcome::held, Reason::revoked}) == 1);
}

// ---- The command line ---------------------------------------------------------------------------------------------

TEST_CASE("the command line makes a proof, and verifies it with neither a home nor a passphrase") {
  ScratchFolder folder;
  const Central central(folder / "central");
  const std::string home = (folder / "laptop").string(), file = (folder / "proof.json").string();
  const std::string issued = ticket(central.home(), "recorder", "CM1", "Nguyễn An");
  REQUIRE(ctl({"enrol", central.url(), issued, "--home", home}).exit == 0);
  const auto saved =
      ctl({"new", "outreach_session", "--values", "-", "--home", home, "--json"}, session("Tên buổi kín").dump());
  const std::string record = saved.json()["record"], change = saved.json()["change"];

  const Finished open = ctl({"proof", record, "--home", home});
  CHECK(open.exit == 3);
  CHECK(open.err.find(change) != std::string::npos);
  REQUIRE(ctl({"sync", "--home", home}).exit == 0);
  const Finished made = ctl({"proof", record, "--home", home, "-o", file, "--json"});
  REQUIRE_MESSAGE(made.exit == 0, made.err);
  CHECK(made.json()["changes"] == 1);
  for (const char* word : {"Nguyễn", "Tên buổi", "CM1"}) CHECK(file_content(file).find(word) == std::string::npos);
  CHECK(ctl({"proof", record, "--home", home}).out == file_content(file));

  const Environs nothing = {{"FIELDPOST_PASSPHRASE", ""}};
  const Finished valid = ctl({"proof", "--verify", file, "--json"}, "", nothing);
  REQUIRE_MESSAGE(valid.exit == 0, valid.err);
  CHECK(valid.json()["valid"] == true);
  CHECK(valid.json()["record"] == record);
  CHECK(valid.json()["changes"][0]["change"] == change);
  CHECK(valid.json()["changes"][0]["outcome"] == "committed");
  const std::string as_json = (folder / "other.json").string();
  write_file(as_json, ctl({"proof", record, "--home", home, "--json"}).out);
  CHECK(ctl({"proof", "--verify", as_json}, "", nothing).exit == 0);

  std::string altered = file_content(file);
  const std::size_t at = altered.find(change);
  altered[at] = altered[at] == '0' ? '1' : '0';
  write_file(file, altered);
  const Finished refused = ctl({"proof", "--verify", file, "--json"}, "", nothing);
  CHECK(refused.exit == 1);
  CHECK(refused.json()["error"]["code"] == "untrusted");
  CHECK(!refused.err.empty());
  CHECK(ctl({"proof", "--verify", (folder / "none").string()}).exit == 1);
  CHECK(ctl({"proof", record}).exit == 2);
  CHECK(ctl({"proof", record, "--verify", file}).exit == 2);
}

TEST_CASE("the gap report speaks of each laptop by name, at central and at the laptop itself") {
  ScratchFolder folder;
  const Central central(folder / "central");
  const std::string home = (folder / "laptop").string();
  const std::string issued = ticket(central.home(), "recorder", "CM1", "Nguyễn An");
  REQUIRE(ctl({"enrol", central.url(), issued, "--home", home}).exit == 0);
  for (int i = 0; i < 3; ++i)
    ctl({"new", "outreach_session", "--values", "-", "--home", home}, session("Buổi").dump());
  Finished own = ctl({"gaps", "--home", home, "--json"});
  CHECK(own.exit == 0);
  CHECK(own.json()["journals"][0]["unreceipted"] == Json::parse("[[1, 3]]"));
  REQUIRE(ctl({"sync", "--home", home}).exit == 0);
  own = ctl({"gaps", "--home", home, "--json"});
  CHECK(own.json()["journals"][0]["receipted"] == Json::parse("[[1, 3]]"));

  const Finished office = ctl({"gaps", "--home", central.home(), "--json"});
  CHECK(office.exit == 0);
  REQUIRE(office.json()["journals"].size() == 1);
  const Json journal = office.json()["journals"][0];
  CHECK(journal["name"] == "Nguyễn An");
  CHECK(journal["unit"] == "CM1");
  CHECK(journal["here"] == Json::parse("[[1, 3]]"));
  CHECK(journal["missing"].empty());
  CHECK(journal["last_seen"].is_string());
  const std::string words = ctl({"gaps", "--home", central.home()}).out;
  CHECK(words.find("Nguyễn An · " + journal["device"].get<std::string>().substr(0, 4) + ": 1–3 có đủ (held)") !=
        std::string::npos);

  // From a revoked laptop everything is kept and nothing counts: somebody has to look at it.
  REQUIRE(ctl({"revoke", journal["device"], "--home", central.home()}).exit == 0);
  ctl({"new", "outreach_session", "--values", "-", "--home", home}, session("Buổi").dump());
  CHECK(ctl({"sync", "--home", home}).exit == 3);
  const Finished after = ctl({"gaps", "--home", central.home(), "--json"});
  CHECK(after.exit == 3);
  CHECK(after.json()["journals"][0]["held"]["revoked"] == 1);
  CHECK(ctl({"gaps", "--home", home}).exit == 3);
}
