// The road without a network: bundles on a stick between laptops and central, and between colleagues.
#include "shared/foundation/limits.h"
#include "shared/storage/files.h"
#include "sync/bundle.h"
#include "sync/stick_folder.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

DeviceId device(Laptop& laptop) { return must(laptop.store().identity())->device(); }
Bytes for_central(Laptop& laptop) { return must(bundle_for_central(laptop.store())).file; }
Bytes for_laptop(Fleet& fleet, Laptop& laptop) { return must(fleet.endpoint().write_bundle(device(laptop))).file; }
BundleRead read(Laptop& laptop, BytesView file) { return must(read_bundle(laptop.store(), file)); }

/// To central and back, by stick.
BundleRead round_trip(Fleet& fleet, Laptop& laptop) {
  must(fleet.endpoint().read_bundle(for_central(laptop)));
  return read(laptop, for_laptop(fleet, laptop));
}

}  // namespace

TEST_CASE("a laptop that never sees a network lives on sticks alone") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Quyền được trợ giúp pháp lý"));
  const BundleTaken taken = must(fleet.endpoint().read_bundle(for_central(an)));
  CHECK(taken.changes == 1);
  CHECK(taken.committed == 1);
  CHECK(must(an.store().status_of(record)) == RecordStatus::on_this_laptop);
  const BundleRead back = read(an, for_laptop(fleet, an));
  CHECK(back.receipted == 1);
  CHECK(must(an.store().status_of(record)) == RecordStatus::at_central);
  round_trip(fleet, binh);
  CHECK(binh.values(record) == an.values(record));

  an.edit(record, {{"title", "Đất đai"}});
  binh.edit(record, {{"title", "Nhà ở"}});
  round_trip(fleet, an);
  round_trip(fleet, binh);
  round_trip(fleet, an);
  const std::vector<Rivals> conflicts = must(binh.store().conflicts());
  REQUIRE(conflicts.size() == 1);
  must(binh.store().resolve(record, conflicts[0].conflict.field, std::string("Đất đai, nhà ở"), "hai phần"));
  round_trip(fleet, binh);
  round_trip(fleet, an);
  CHECK(an.digest() == binh.digest());
  CHECK(an.digest() == fleet.central_digest());
  for (Laptop* laptop : {&an, &binh}) {
    CHECK(must(laptop->store().verify()).ok);
    CHECK(must(laptop->store().status()).unsent == 0);
    CHECK(must(laptop->store().conflicts()).empty());
  }
}

TEST_CASE("two laptops and a stick, without central, converge") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::provider, "hg");
  an.sync();
  binh.sync();  // each has heard of the other; from here on nobody meets central
  an.sync();
  const RecordId one = an.create("outreach_session", session_values("Một"));
  const RecordId two = binh.create("consultation", {{"full_name", "Lê Thị Hai"}, {"date", "2025-10-31"}});
  read(binh, must(bundle_for(an.store(), device(binh))).file);
  binh.edit(one, {{"headcount_total", 61}});
  read(an, must(bundle_for(binh.store(), device(an))).file);
  CHECK(an.values(one)["headcount_total"] == 61);
  CHECK(an.values(two) == binh.values(two));
  CHECK(an.digest() == binh.digest());
  for (Laptop* laptop : {&an, &binh}) CHECK(must(laptop->store().verify()).ok);

  // What one knows that the other holds is not written again.
  an.edit(two, {{"address", "Xóm 3"}});
  const BundleBytes next = must(bundle_for(an.store(), device(binh)));
  CHECK(next.changes == 1);
  read(binh, next.file);
  CHECK(an.digest() == binh.digest());
}

TEST_CASE("a colleague's changes reach central through the laptop that meets it first, and count once") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  an.sync();
  binh.sync();
  an.sync();
  const RecordId record = an.create("outreach_session", session_values("Ở lại bản"));
  read(binh, must(bundle_for(an.store(), device(binh))).file);
  CHECK(must(binh.store().status()).carried == 1);
  CHECK(must(binh.store().status_of(record)) == RecordStatus::on_this_laptop);
  binh.sync();
  CHECK(must(binh.store().status()).carried == 0);
  CHECK(must(binh.store().status_of(record)) == RecordStatus::at_central);
  CHECK(fleet.central_digest() == an.digest());
  an.sync();
  CHECK(must(an.store().status()).unsent == 0);
  CHECK(an.digest() == fleet.central_digest());
  CHECK(binh.sync().requests == an.sync().requests);  // and nothing is offered again
}

TEST_CASE("the same bundle five times, in any order, before and after a sync, changes nothing") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Một"));
  const Bytes first = for_central(an);
  an.edit(record, {{"title", "Một, sửa"}});
  const Bytes second = for_central(an);
  must(fleet.endpoint().read_bundle(second));
  must(fleet.endpoint().read_bundle(first));
  const Bytes answer = for_laptop(fleet, an);
  an.sync();
  const std::string digest = fleet.central_digest();
  for (int i = 0; i < 5; ++i) {
    const BundleTaken again = must(fleet.endpoint().read_bundle(i % 2 ? first : second));
    CHECK(again.committed == 0);
    CHECK(again.changes == (i % 2 ? 1 : 2));
    read(an, answer);
  }
  CHECK(fleet.central_digest() == digest);
  CHECK(an.digest() == digest);
  CHECK(must(an.store().status()).unsent == 0);
  binh.sync();
  const Bytes old = for_laptop(fleet, binh);
  an.edit(record, {{"title", "Một, sửa lần nữa"}});
  an.sync();
  round_trip(fleet, binh);
  // The older one after the newer: repeated, and the cursor stays where it is.
  const Bytes cursor = must(binh.store().cursor());
  CHECK(read(binh, old).received == 0);
  CHECK(must(binh.store().cursor()) == cursor);
  CHECK(binh.digest() == fleet.central_digest());
}

TEST_CASE("a bundle that is cut, altered, joined or of somebody else is refused with nothing taken in") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  for (int i = 0; i < 30; ++i) an.create("outreach_session", session_values("Buổi " + std::to_string(i)));
  const Bytes whole = for_central(an);
  const std::string before = fleet.central_digest();
  const auto code_of = [&](BytesView file) {
    const Result<BundleTaken> taken = fleet.endpoint().read_bundle(file);
    return taken ? std::string("ok") : std::string(code_name(taken.error().code));
  };
  CHECK(code_of({}) == "malformed");
  CHECK(code_of(view_of("khong phai goi")) == "malformed");
  for (std::size_t cut = 0; cut < whole.size(); cut += 1 + cut / 40)
    REQUIRE_MESSAGE(code_of(BytesView(whole).first(cut)) == "malformed", cut);
  for (std::size_t at = 0; at < whole.size(); at += 1 + at / 40) {
    Bytes altered = whole;
    altered[at] ^= 1;
    REQUIRE_MESSAGE(code_of(altered) != "ok", at);
  }
  Bytes longer = whole;
  longer.push_back(0);
  CHECK(code_of(longer) == "malformed");
  Bytes twice = whole;
  twice.insert(twice.end(), whole.begin(), whole.end());
  CHECK(code_of(twice) == "malformed");
  CHECK(fleet.central_digest() == before);

  const Result<BundleRead> not_mine = read_bundle(binh.store(), whole);
  REQUIRE_FALSE(not_mine);
  CHECK(not_mine.error().code == ErrorCode::forbidden);
  Fleet other(2);
  const Result<BundleTaken> elsewhere = other.endpoint().read_bundle(whole);
  REQUIRE_FALSE(elsewhere);
  CHECK(elsewhere.error().code == ErrorCode::not_central);
  CHECK(code_of(whole) == "ok");
}

TEST_CASE("who carries a bundle learns its size and for whom it is, and nothing else") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.create("consultation", {{"full_name", "Nguyễn Văn Đước"}, {"date", "2025-10-31"}});
  const Bytes file = for_central(an);
  CHECK(must(bundle_header(file)).recipient == device_id_of(fleet.office().keys().receipts.public_key()));
  const std::string bytes(file.begin(), file.end());
  for (const char* word : {"Đước", "consultation", "hg", "An"}) CHECK(bytes.find(word) == std::string::npos);
  const DeviceId id = device(an);
  CHECK(bytes.find(std::string(id.bytes.begin(), id.bytes.end())) == std::string::npos);
  // The same content twice gives other bytes.
  CHECK(file != for_central(an));
}

TEST_CASE("only central hands anything to or from a border-guard station, and to another unit") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& station = fleet.enrol("Đồn", Role::partner, "bdbp");
  Laptop& second = fleet.enrol("Đồn hai", Role::partner, "bdbp");
  Laptop& dung = fleet.enrol("Dũng", Role::recorder, "cm");
  Laptop& office = fleet.enrol("Phòng", Role::reconciler, "tt");
  for (Laptop* laptop : {&an, &station, &second, &dung, &office}) laptop->sync();
  an.create("outreach_session", session_values("Riêng"));
  std::vector<Certificate> all;
  for (Laptop* laptop : {&an, &station, &second, &dung, &office})
    all.push_back(must(laptop->store().identity())->certificate);
  for (Laptop* laptop : {&an, &station, &second, &dung, &office}) must(laptop->store().keep_certificates(all));
  const auto refused = [](Laptop& from, Laptop& to) {
    const Result<BundleBytes> bundle = bundle_for(from.store(), device(to));
    return !bundle && bundle.error().code == ErrorCode::forbidden;
  };
  CHECK(refused(an, station));
  CHECK(refused(station, an));
  CHECK(refused(station, office));
  CHECK(refused(an, dung));
  CHECK(refused(office, an));
  CHECK_FALSE(refused(an, office));
  CHECK_FALSE(refused(station, second));
  const Result<BundleBytes> stranger = bundle_for(an.store(), DeviceId{});
  REQUIRE_FALSE(stranger);
  CHECK(stranger.error().code == ErrorCode::not_found);

  // A laptop that writes one all the same is not believed.
  BundleWriter writer =
      must(BundleWriter::begin(fleet.office().deployment(), must(station.store().identity())->certificate.key,
                               {must(an.store().identity())->certificate, 1, 0}, an.random));
  const Result<BundleRead> read = read_bundle(station.store(), writer.finish(must(an.store().device_key())));
  REQUIRE_FALSE(read);
  CHECK(read.error().code == ErrorCode::forbidden);
}

TEST_CASE("a record is in a bundle once that was written and read back, and at central only on a receipt") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  TempFolder stick;
  const RecordId record = an.create("outreach_session", session_values("Một"));
  const std::filesystem::path file = stick.path / "goi.fpb";
  const BundleBytes bundle = must(bundle_for_central(an.store()));
  CHECK(must(an.store().status_of(record)) == RecordStatus::on_this_laptop);
  must(write_verified(file, bundle.file));
  must(bundle_is_written(an.store(), bundle));
  CHECK(must(an.store().status_of(record)) == RecordStatus::in_a_bundle);
  CHECK(std::filesystem::file_size(file) == bundle.file.size());
  an.edit(record, {{"title", "Một, sửa"}});
  CHECK(must(an.store().status_of(record)) == RecordStatus::on_this_laptop);
  // The stick was read, the edit was not in it: the newer bundle overwrites the file as a whole.
  must(fleet.endpoint().read_bundle(must(read_small_file(file, limits::bundle_bytes_max))));
  must(write_verified(file, for_central(an)));
  must(fleet.endpoint().read_bundle(must(read_small_file(file, limits::bundle_bytes_max))));
  read(an, for_laptop(fleet, an));
  CHECK(must(an.store().status_of(record)) == RecordStatus::at_central);
  const Result<void> nowhere = write_verified(stick.path / "khong" / "co", bundle.file);
  REQUIRE_FALSE(nowhere);
  CHECK(nowhere.error().code == ErrorCode::not_found);
}

TEST_CASE("a restored laptop that writes over its own places loses nothing, though it only ever meets a stick") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.create("outreach_session", session_values("Một"));
  round_trip(fleet, an);
  an.keep_copy();
  const RecordId two = an.create("outreach_session", session_values("Hai"));
  round_trip(fleet, an);
  an.go_back_to_copy();
  const RecordId three = an.create("outreach_session", session_values("Ba"));
  must(fleet.endpoint().read_bundle(for_central(an)));
  const BundleRead back = read(an, for_laptop(fleet, an));
  CHECK(back.new_epoch);
  CHECK(an.values(two)["title"] == "Hai");
  round_trip(fleet, an);
  CHECK(an.values(three)["title"] == "Ba");
  CHECK(must(an.store().status()).unsent == 0);
  CHECK(an.digest() == fleet.central_digest());
  CHECK(must(an.store().verify()).ok);
}

TEST_CASE("a bundle from before central was restored makes nothing \"at central\" again") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  fleet.backup();
  const RecordId record = an.create("outreach_session", session_values("Một"));
  must(fleet.endpoint().read_bundle(for_central(an)));
  const Bytes old = for_laptop(fleet, an);
  read(an, old);
  CHECK(must(an.store().status_of(record)) == RecordStatus::at_central);
  fleet.restore();
  const BundleRead fresh = read(an, for_laptop(fleet, an));
  CHECK(fresh.new_incarnation);
  CHECK(must(an.store().status_of(record)) == RecordStatus::on_this_laptop);
  const BundleRead late = read(an, old);
  CHECK(late.is_old);
  CHECK(late.receipted == 0);
  CHECK(must(an.store().status_of(record)) == RecordStatus::on_this_laptop);
  round_trip(fleet, an);
  CHECK(must(an.store().status_of(record)) == RecordStatus::at_central);
  CHECK(an.digest() == fleet.central_digest());
}

TEST_CASE(
    "what central told a station before it was restored, read late from a stick, does not outlive what it says now") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& post = fleet.enrol("Đồn Khánh Hội", Role::partner, "bp");
  nlohmann::json values = session_values("Một");
  values["co_hosts"] = "bp";
  const RecordId record = an.create("outreach_session", values);
  an.sync();
  post.sync();
  fleet.backup();
  an.keep_copy();
  an.edit(record, {{"title", "Hai"}});
  an.sync();
  const Bytes old = for_laptop(fleet, post);
  fleet.restore();
  an.go_back_to_copy();
  post.sync();
  const BundleRead late = read(post, old);
  CHECK(late.is_old);
  CHECK(post.values(record)["title"] == "Hai");
  post.sync();  // hands it back
  CHECK(must(post.store().status()).carried == 0);
  post.sync();
  CHECK(post.values(record)["title"] == "Một");
  CHECK(must(post.store().conflicts()).empty());
}

TEST_CASE("the end of a restored laptop's other line is not taken for a part of this one across a gap") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.sync();
  an.keep_copy();
  an.create("outreach_session", session_values("Một"));
  an.create("outreach_session", session_values("Hai"));
  for_central(an);  // signs both as one segment
  an.create("outreach_session", session_values("Ba"));
  const Bytes other_line = for_central(an);
  an.go_back_to_copy();
  an.create("outreach_session", session_values("Bốn"));
  an.sync();
  must(fleet.endpoint().read_bundle(other_line));  // its first segment parts from this line, its second leaves a gap
  const RecordId five = an.create("outreach_session", session_values("Năm"));
  CHECK(an.sync().new_epoch);
  CHECK(must(an.store().status_of(five)) == RecordStatus::at_central);
  an.sync();
  CHECK(must(an.store().status()).unsent == 0);
  CHECK(must(an.store().verify()).ok);
  CHECK(an.digest() == fleet.central_digest());
}

TEST_CASE(
    "a copied laptop gets what its other copy wrote in the same places, though central forgot its own line there") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.sync();
  fleet.backup();
  an.create("outreach_session", session_values("Của cả hai"));
  an.sync();
  an.keep_copy();
  const RecordId of_the_copy = an.create("outreach_session", session_values("Của bản sao"));
  const Bytes stick_of_the_copy = for_central(an);
  an.go_back_to_copy();
  an.create("outreach_session", session_values("Của máy này"));
  an.sync();
  fleet.restore();
  must(fleet.endpoint().read_bundle(stick_of_the_copy));  // behind a gap: central forgot what both had
  an.sync();                                              // it says at first that central has answered for the places
  CHECK(an.values(of_the_copy)["title"] == "Của bản sao");
  an.sync();
  CHECK(an.digest() == fleet.central_digest());
  CHECK(must(an.store().verify()).ok);
}

TEST_CASE("a bundle that central wrote for one copy of a laptop takes nothing from the other") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.sync();
  an.keep_copy();
  const RecordId one = an.create("outreach_session", session_values("Một"));
  an.sync();  // nothing is left to pull: the cursor stays, the place is answered for
  REQUIRE(must(an.store().status_of(one)) == RecordStatus::at_central);
  const RecordId two = an.create("outreach_session", session_values("Hai"));
  must(fleet.endpoint().read_bundle(for_central(an)));
  const Bytes without_one = for_laptop(fleet, an);
  an.go_back_to_copy();
  read(an, without_one);
  CHECK(an.values(two)["title"] == "Hai");
  round_trip(fleet, an);
  CHECK(an.values(one)["title"] == "Một");
  CHECK(an.digest() == fleet.central_digest());
}

TEST_CASE("what a restored laptop gets back of its own from a colleague goes to a restored central again") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  for (Laptop* laptop : {&an, &binh, &an}) laptop->sync();
  an.create("outreach_session", session_values("Một"));
  an.sync();
  fleet.backup();
  an.keep_copy();
  const RecordId two = an.create("outreach_session", session_values("Hai"));
  an.sync();
  binh.sync();
  an.go_back_to_copy();
  read(an, must(bundle_for(binh.store(), device(an))).file);
  CHECK(an.values(two)["title"] == "Hai");
  fleet.restore();
  CHECK(an.sync().sent == 1);  // which central forgot
  CHECK(an.digest() == fleet.central_digest());
  const RecordId three = an.create("outreach_session", session_values("Ba"));
  an.sync();
  binh.sync();
  CHECK(binh.values(three)["title"] == "Ba");
  CHECK(binh.digest() == fleet.central_digest());
}

TEST_CASE("a colleague's change that central held is at central here too once it is released") {
  Fleet fleet;
  Catalogue old = shipped_catalogue();
  old.forms.erase("referral");
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  for (Laptop* laptop : {&an, &binh, &an}) laptop->sync();
  fleet.use_catalogue(old);
  const Form* form = shipped_catalogue().form("referral");
  Seen seen = an.store().start(*form);
  must(an.store().save(seen, must(edit_from_json(*form, {{"date", "2025-10-31"}}))));
  read(binh, must(bundle_for(an.store(), device(binh))).file);
  binh.sync();
  CHECK(must(binh.store().status_of(seen.record)) == RecordStatus::needs_attention);
  fleet.use_catalogue(shipped_catalogue());
  binh.sync();
  CHECK(must(binh.store().status_of(seen.record)) == RecordStatus::at_central);
  CHECK(binh.digest() == fleet.central_digest());
}

TEST_CASE("an own change that only a colleague still holds is sent again, though its place was written over") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  for (Laptop* laptop : {&an, &binh, &an}) laptop->sync();
  an.create("outreach_session", session_values("Một"));
  an.sync();
  an.keep_copy();
  const RecordId only_binh = an.create("outreach_session", session_values("Hai, chỉ còn ở máy Bình"));
  const Bytes stick = must(bundle_for(an.store(), device(binh))).file;
  read(binh, stick);
  an.go_back_to_copy();
  an.create("outreach_session", session_values("Ba, ở chỗ của Hai"));
  an.sync();
  // By its own bundle Bình learns that An's laptop no longer stands where it said it stood.
  read(binh, must(bundle_for(an.store(), device(binh))).file);
  read(an, must(bundle_for(binh.store(), device(an))).file);
  CHECK(an.values(only_binh)["title"] == "Hai, chỉ còn ở máy Bình");
  CHECK(must(an.store().status_of(only_binh)) == RecordStatus::on_this_laptop);
  an.sync();
  CHECK(must(an.store().status_of(only_binh)) == RecordStatus::at_central);
  binh.sync();
  CHECK(an.digest() == fleet.central_digest());
  CHECK(binh.digest() == fleet.central_digest());
  for (Laptop* laptop : {&an, &binh}) CHECK(must(laptop->store().verify()).ok);
}

TEST_CASE("a stick carries bundles for several: each laptop reads its own, and says what it could not read") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  for (Laptop* laptop : {&an, &binh, &an}) laptop->sync();
  const TempFolder usb;
  const RecordId record = an.create("outreach_session", session_values("Một"));
  const StickWritten for_central = must(write_to_stick(an.store(), usb.path, std::nullopt));
  const StickWritten for_binh = must(write_to_stick(an.store(), usb.path, device(binh)));
  CHECK(must(an.store().status_of(record)) == RecordStatus::in_a_bundle);
  for (const StickWritten* written : {&for_central, &for_binh})
    CHECK(written->file.find("An") == std::string::npos);  // a lost stick names nobody
  const std::filesystem::path folder = usb.path / "Fieldpost";
  std::filesystem::copy_file(folder / for_binh.file, usb.path / "half.fpb");
  std::filesystem::resize_file(usb.path / "half.fpb", for_binh.bytes / 2);

  const StickRead read = must(read_from_stick(binh.store(), usb.path));
  CHECK(read.bundles == 1);
  CHECK(read.for_others == 1);
  CHECK(read.sum.received == 1);
  REQUIRE(read.faults.size() == 1);
  CHECK(read.faults.front().file == "half.fpb");
  CHECK(read.faults.front().error.code == ErrorCode::malformed);
  CHECK(binh.values(record) == an.values(record));
  CHECK(must(read_from_stick(binh.store(), usb.path)).sum.received == 0);  // and again: nothing changes

  // Two within a minute have names of their own.
  CHECK(must(write_to_stick(an.store(), usb.path, std::nullopt)).file != for_central.file);
  const Result<StickWritten> pulled = write_to_stick(an.store(), usb.path / "gone", std::nullopt);
  REQUIRE_FALSE(pulled);
  CHECK(pulled.error().code == ErrorCode::not_found);
  CHECK(read_from_stick(binh.store(), usb.path / "gone").error().code == ErrorCode::not_found);
}
