// Photos and files of records: kept sealed, never half, never lost; sent after everything else; on every road.
#include "shared/storage/attachment_store.h"

#include <fstream>

#include "shared/forms/form_loader.h"
#include "shared/foundation/limits.h"
#include "sync/stick.h"
#include "tests/support/fleet.h"
#include "tests/support/scratch.h"

using namespace fieldpost;
using namespace fieldpost::test;
using nlohmann::json;

namespace {

constexpr std::size_t chunk = limits::attachment_chunk_bytes;

/// Bytes that no compression shortens, the same for the same seed.
Bytes content_of(std::size_t bytes, std::uint64_t seed = 1) {
  Bytes out(bytes);
  SeededRandom random(seed);
  random.fill(out);
  return out;
}

AttachmentId id_of(BytesView content) { return {sha256(content), content.size()}; }

json named(const AttachmentId& id) {
  return {{"digest", text(id.digest)}, {"size", id.bytes}, {"type", "application/pdf"}, {"name", "Biên bản.pdf"}};
}

/// A session with a scan of its minutes.
RecordId session_with(Laptop& laptop, BytesView content, const std::string& title = "Buổi có biên bản") {
  const AttachmentId id = must(laptop.store().attachments().put(content));
  json values = session_values(title);
  values["minutes_scan"] = named(id);
  return laptop.create("outreach_session", values);
}

bool holds(Laptop& laptop, BytesView content) {
  const AttachmentId id = id_of(content);
  return laptop.store().attachments().holds(id) &&
         must(laptop.store().attachments().read(id)) == Bytes(content.begin(), content.end());
}
bool central_holds(Fleet& fleet, BytesView content) { return fleet.attachments().holds(id_of(content)); }

DeviceId device(Laptop& laptop) { return must(laptop.store().identity())->device(); }

struct Folder {
  ScratchFolder home;
  SymmetricKey key;
  SeededRandom random{3};
  AttachmentStore store;
  Folder() : key(filled()), store(home / "attachments", key, random) {}
  static SymmetricKey filled() {
    SymmetricKey key;
    key.bytes.fill(5);
    return key;
  }
  std::size_t files() const {
    std::size_t count = 0;
    std::error_code none;
    for (const auto& entry : std::filesystem::directory_iterator(store.folder(), none))
      count += entry.is_regular_file();
    return count;
  }
};

/// Hands a file over chunk by chunk, as sync does, up to a place.
void hand_over(AttachmentStore& to, const DeviceId& from, BytesView content, std::size_t until) {
  const AttachmentId id = id_of(content);
  for (std::uint64_t at = to.position(id, from); at < until; at = to.position(id, from))
    must(to.add(id, from, at, content.subspan(at, std::min<std::size_t>(chunk, content.size() - at))));
}

const DeviceId an_device = *DeviceId::from_bytes(Bytes(16, 1)), binh_device = *DeviceId::from_bytes(Bytes(16, 2));

}  // namespace

// ---- On the disk --------------------------------------------------------------------------------------------------

TEST_CASE("a file comes back as it was put in, whatever its size") {
  Folder folder;
  for (const std::size_t bytes :
       {std::size_t{1}, std::size_t{1000}, chunk - 1, chunk, chunk + 1, 3 * chunk, 3 * chunk + 7}) {
    CAPTURE(bytes);
    const Bytes content = content_of(bytes, bytes);
    const AttachmentId id = must(folder.store.put(content));
    CHECK(id == id_of(content));
    CHECK(folder.store.holds(id));
    CHECK(must(folder.store.read(id)) == content);
    CHECK(must(folder.store.put(content)) == id);  // again: the same file
    folder.store.settle(id);
  }
  CHECK(folder.files() == 7);
  CHECK(folder.store.put({}).error().code == ErrorCode::out_of_bounds);
}

TEST_CASE("neither what is in a file nor its digest can be read on the disk") {
  Folder folder;
  const std::string words = "Trần Văn Đạo Quang, tranh chấp đất thừa kế";
  Bytes content(words.begin(), words.end());
  content.resize(2 * chunk + 5, 'x');
  const AttachmentId id = must(folder.store.put(content));
  hand_over(folder.store, an_device, content_of(2 * chunk, 9), chunk);
  CHECK_FALSE(any_file_contains(folder.home.path(), words));
  CHECK_FALSE(any_file_contains(folder.home.path(), "xxxxxxxxxxxxxxxx"));
  CHECK_FALSE(any_file_contains(folder.home.path(), text_of(id.digest.view())));
  for (const auto& entry : std::filesystem::directory_iterator(folder.store.folder())) {
    CHECK(entry.path().filename().string().find(text(id.digest).substr(0, 16)) == std::string::npos);
    CHECK((entry.status().permissions() & std::filesystem::perms(0077)) == std::filesystem::perms::none);
  }
}

TEST_CASE("a file that comes in chunks counts as here only when it is whole, and goes on where it was cut") {
  Folder folder;
  const Bytes content = content_of(3 * chunk + 100);
  const AttachmentId id = id_of(content);
  hand_over(folder.store, an_device, content, 2 * chunk);
  CHECK_FALSE(folder.store.holds(id));
  CHECK(folder.store.position(id, an_device) == 2 * chunk);
  CHECK(folder.store.position(id, binh_device) == 0);
  CHECK(folder.store.read(id).error().code == ErrorCode::not_found);
  // Again, or too far ahead: nothing changes.
  CHECK(must(folder.store.add(id, an_device, 0, BytesView(content).first(chunk))) == 2 * chunk);
  CHECK(must(folder.store.add(id, an_device, 3 * chunk, BytesView(content).subspan(3 * chunk))) == 2 * chunk);
  CHECK(folder.store.add(id, an_device, 2 * chunk, BytesView(content).subspan(2 * chunk, 5)).error().code ==
        ErrorCode::malformed);
  // A power cut tears the last chunk: what was whole before it stays.
  const std::filesystem::path part = folder.store.path_of(id).string() + "." + text(an_device) + ".part";
  std::filesystem::resize_file(part, std::filesystem::file_size(part) - 10);
  CHECK(folder.store.position(id, an_device) == chunk);
  hand_over(folder.store, an_device, content, content.size());
  CHECK(folder.store.holds(id));
  CHECK(must(folder.store.read(id)) == content);
  CHECK(folder.files() == 1);
}

TEST_CASE("whoever sends wrong bytes is refused and harms nobody else's part") {
  Folder folder;
  const Bytes content = content_of(2 * chunk + 9);
  Bytes wrong = content;
  wrong[chunk + 3] ^= 1;
  const AttachmentId id = id_of(content);
  hand_over(folder.store, an_device, content, 2 * chunk);
  for (std::uint64_t at = 0; at < 2 * chunk; at += chunk)
    must(folder.store.add(id, binh_device, at, BytesView(wrong).subspan(at, chunk)));
  const auto refused = folder.store.add(id, binh_device, 2 * chunk, BytesView(wrong).subspan(2 * chunk));
  REQUIRE_FALSE(refused);
  CHECK(refused.error().code == ErrorCode::untrusted);
  CHECK_FALSE(folder.store.holds(id));
  CHECK(folder.store.position(id, binh_device) == 0);
  CHECK(folder.store.position(id, an_device) == 2 * chunk);
  hand_over(folder.store, an_device, content, content.size());
  CHECK(must(folder.store.read(id)) == content);
}

TEST_CASE("a file that is cut short, altered or swapped on the disk is noticed and set aside") {
  const Bytes content = content_of(2 * chunk + 50), other = content_of(2 * chunk + 50, 2);
  const auto damage = [&](auto&& how) {
    Folder folder;
    const AttachmentId id = must(folder.store.put(content));
    must(folder.store.put(other));
    how(folder, folder.store.path_of(id));
    const Result<Bytes> read = folder.store.read(id);
    REQUIRE_FALSE(read);
    CHECK_FALSE(folder.store.holds(id));
    must(folder.store.put(content));
    CHECK(must(folder.store.read(id)) == content);
    CHECK(must(folder.store.read(id_of(other))) == other);
  };
  for (const std::size_t at : {std::size_t{0}, std::size_t{30}, chunk + 60, 2 * chunk + 100})
    damage([&](Folder&, const std::filesystem::path& file) { flip_byte(file, at); });
  damage([&](Folder&, const auto& file) { std::filesystem::resize_file(file, 2 * chunk); });
  damage([&](Folder&, const auto& file) { std::filesystem::resize_file(file, 0); });
  damage([&](Folder& folder, const auto& file) {
    std::filesystem::copy_file(folder.store.path_of(id_of(other)), file,
                               std::filesystem::copy_options::overwrite_existing);
  });
  damage([&](Folder&, const auto& file) {  // two chunks in each other's place
    const std::string bytes = file_content(file);
    const std::size_t sealed = chunk + 40;
    write_file(file, bytes.substr(sealed, sealed) + bytes.substr(0, sealed) + bytes.substr(2 * sealed));
  });
}

TEST_CASE("files that no record and no draft names go, and only they") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Bytes saved = content_of(100, 1), drafted = content_of(100, 2), forgotten = content_of(100, 3);
  const RecordId record = session_with(an, saved);
  must(an.store().attachments().put(forgotten));
  Draft draft;
  draft.id = new_uuid<EntityId>(an.clock, an.random);
  draft.seen = an.open(record);
  draft.edit = must(edit_from_json(*fleet.catalogue().form("outreach_session"),
                                   {{"minutes_scan", named(must(an.store().attachments().put(drafted)))}}));
  must(an.store().keep_draft(draft));
  CHECK(must(an.store().drop_unnamed_files()) == 1);
  CHECK(holds(an, saved));
  CHECK(holds(an, drafted));
  CHECK_FALSE(holds(an, forgotten));
}

TEST_CASE(
    "a file outlives its change where the store is brought back from before: others may bring the change again") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  an.sync();
  an.keep_copy();
  const Bytes content = content_of(2 * chunk);
  const RecordId record = session_with(an, content);
  an.transport->on_request = [](const Request& request) -> std::optional<Error> {
    if (request.path == path::attachment_put) return Error{ErrorCode::unreachable, "cut"};
    return std::nullopt;
  };
  CHECK_FALSE(Exchange(an.store(), *an.transport).run());
  an.transport->on_request = nullptr;
  an.go_back_to_copy();
  CHECK(must(an.store().status()).changes == 0);
  CHECK(must(an.store().drop_unnamed_files()) == 0);
  an.sync();
  CHECK(must(an.store().files_of(record)).at(0).here);
  an.sync();
  CHECK(central_holds(fleet, content));
}

TEST_CASE("no change is saved that names a file which is not there") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Form& form = *fleet.catalogue().form("outreach_session");
  json values = session_values("Không có tệp");
  values["minutes_scan"] = named(id_of(content_of(10)));
  Seen seen = an.store().start(form);
  const Result<Saved> saved = an.store().save(seen, must(edit_from_json(form, values)));
  REQUIRE_FALSE(saved);
  CHECK(saved.error().code == ErrorCode::not_found);
  CHECK(must(an.store().status()).changes == 0);
}

// ---- By network ---------------------------------------------------------------------------------------------------

TEST_CASE("a photo reaches central and a colleague, after the change that names it") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const Bytes content = content_of(5 * chunk + 77);
  const RecordId record = session_with(an, content);
  CHECK(must(an.store().status()).files_to_send == 1);
  const ExchangeReport sent = an.sync();
  CHECK(sent.sent == 1);
  CHECK(sent.files_sent == 1);
  CHECK(central_holds(fleet, content));
  CHECK(must(an.store().status()).files_to_send == 0);

  const ExchangeReport received = binh.sync();
  CHECK(received.received == 1);
  CHECK(received.files_received == 1);
  CHECK(holds(binh, content));
  const std::vector<RecordFile> files = must(binh.store().files_of(record));
  REQUIRE(files.size() == 1);
  CHECK(files[0].here);
  CHECK(files[0].at_central);
  CHECK(files[0].device == device(an));
  CHECK(must(binh.store().verify()).files == 1);
}

TEST_CASE("where nothing is new no attachment costs a request, also while one is waited for") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const std::int64_t plain = an.sync().requests;
  const Bytes content = content_of(2 * chunk);
  session_with(an, content);
  an.transport->on_request = [](const Request& request) -> std::optional<Error> {
    if (request.path == path::attachment_put) return Error{ErrorCode::unreachable, "cut"};
    return std::nullopt;
  };
  CHECK_FALSE(Exchange(an.store(), *an.transport).run());
  binh.sync();
  CHECK(must(binh.store().status()).files_to_fetch == 1);
  const ExchangeReport waiting = binh.sync();
  CHECK(waiting.requests == plain);
  CHECK(waiting.bytes_out + waiting.bytes_in < 2048);
  an.transport->on_request = nullptr;
  an.sync();
  CHECK(an.sync().requests == plain);
  CHECK(binh.sync().files_received == 1);  // central says so in the pull that is made anyway
  CHECK(binh.sync().requests == plain);
}

TEST_CASE("an exchange that is cut at any chunk goes on from there, in both directions") {
  const Bytes content = content_of(6 * chunk + 1);
  for (int after = 0; after < 8; ++after) {
    CAPTURE(after);
    Fleet fleet;
    Laptop& an = fleet.enrol("An", Role::recorder, "hg");
    Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
    session_with(an, content);
    std::size_t chunks = 0;
    int left = after;
    const auto cut = [&](const char* path) {
      return [&, path](const Request& request) -> std::optional<Error> {
        if (request.path != path) return std::nullopt;
        if (left-- == 0) return Error{ErrorCode::unreachable, "cut"};
        ++chunks;
        return std::nullopt;
      };
    };
    an.transport->on_request = cut(path::attachment_put);
    (void)Exchange(an.store(), *an.transport).run();
    left = 100;
    an.sync();
    CHECK(chunks == 7);
    CHECK(central_holds(fleet, content));
    chunks = 0;
    left = after;
    binh.transport->on_request = cut(path::attachment_fetch);
    (void)Exchange(binh.store(), *binh.transport).run();
    left = 100;
    binh.sync();
    CHECK(chunks == 7);
    CHECK(holds(binh, content));
  }
}

TEST_CASE("an answer that is lost costs one chunk and no more") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Bytes content = content_of(4 * chunk);
  session_with(an, content);
  int puts = 0;
  an.transport->on_response = [&](const Request& request, const Response&) -> std::optional<Error> {
    if (request.path == path::attachment_put && ++puts == 2) return Error{ErrorCode::unreachable, "cut"};
    return std::nullopt;
  };
  CHECK_FALSE(Exchange(an.store(), *an.transport).run());
  an.sync();
  CHECK(puts == 4);
  CHECK(central_holds(fleet, content));
}

TEST_CASE("a photo of a record that another edits stays, and both of two rivals are fetched") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  Laptop& chi = fleet.enrol("Chi", Role::recorder, "hg");
  const RecordId record = an.create("outreach_session", session_values("Hai bản chụp"));
  an.sync();
  binh.sync();
  const Bytes one = content_of(chunk + 1, 1), two = content_of(chunk + 2, 2);
  an.edit(record, {{"minutes_scan", named(must(an.store().attachments().put(one)))}});
  binh.edit(record, {{"minutes_scan", named(must(binh.store().attachments().put(two)))}});
  an.sync();
  binh.sync();
  chi.sync();
  CHECK(holds(chi, one));
  CHECK(holds(chi, two));
  CHECK(must(chi.store().files_of(record)).size() == 2);
  const std::vector<Rivals> conflicts = must(chi.store().conflicts());
  REQUIRE(conflicts.size() == 1);
  must(chi.store().resolve(record, conflicts[0].conflict.field, conflicts[0].state.heads[0].value, "bản rõ hơn"));
  CHECK(must(chi.store().files_of(record)).size() == 1);
  // Without the value that lost, a laptop that comes later has no need of its file.
  chi.sync();
  Laptop& dung = fleet.enrol("Dung", Role::recorder, "hg");
  dung.sync();
  CHECK(must(dung.store().status()).files == 1);
  CHECK(holds(dung, one) != holds(dung, two));
}

// ---- Scope --------------------------------------------------------------------------------------------------------

namespace {

/// What central answers when a laptop asks for a file outside of its usual course.
struct Probe {
  Fleet& fleet;
  Laptop& laptop;
  std::string token;
  Probe(Fleet& of, Laptop& who) : fleet(of), laptop(who) {
    laptop.transport->on_response = [&](const Request& request, const Response& response) -> std::optional<Error> {
      if (request.path == path::handshake) token = must(decode_handshake_answer(response.body)).token;
      return std::nullopt;
    };
    laptop.sync();
    laptop.transport->on_response = nullptr;
  }
  Response ask(const char* path, const Bytes& body) { return fleet.endpoint().handle({path, token, body}); }
  std::optional<std::uint64_t> position(const AttachmentId& id) {
    const Response response = ask(path::attachments, encode(PositionsRequest{{id}}));
    REQUIRE(response.status == 200);
    return must(decode_positions(response.body)).at(0);
  }
};

}  // namespace

TEST_CASE("a file out of scope cannot be told from one that does not exist") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& other = fleet.enrol("Khác", Role::recorder, "cm");
  const Bytes content = content_of(chunk + 5);
  session_with(an, content);
  an.sync();
  REQUIRE(central_holds(fleet, content));
  Probe probe(fleet, other);
  const AttachmentId real = id_of(content), invented = id_of(content_of(chunk + 5, 99));
  CHECK_FALSE(probe.position(real));
  CHECK_FALSE(probe.position(invented));
  const Response a = probe.ask(path::attachment_fetch, encode(FilePosition{real, 0}));
  const Response b = probe.ask(path::attachment_fetch, encode(FilePosition{invented, 0}));
  CHECK(a.status == 404);
  CHECK(a.status == b.status);
  CHECK(a.body == b.body);
  const Chunk first{real, 0, Bytes(content.begin(), content.begin() + chunk)};
  const Response c = probe.ask(path::attachment_put, encode(first));
  const Response d = probe.ask(path::attachment_put, encode(Chunk{invented, 0, first.content}));
  CHECK(c.status == 404);
  CHECK(c.body == d.body);
  CHECK(central_holds(fleet, content));

  Probe own(fleet, an);
  CHECK(own.position(real) == real.bytes);
  // A right digest with another size is another file, which nobody named.
  CHECK_FALSE(own.position({real.digest, real.bytes + 1}));
  must(fleet.office().revoke(device(other)));
  CHECK(probe.ask(path::attachment_fetch, encode(FilePosition{real, 0})).status == 404);
}

TEST_CASE("a reconciler sees the files of every unit, the department those of no session") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& office = fleet.enrol("Văn phòng", Role::reconciler, "tt");
  Laptop& department = fleet.enrol("Sở", Role::department, "so");
  const Bytes content = content_of(500);
  session_with(an, content);
  an.sync();
  office.sync();
  department.sync();
  CHECK(holds(office, content));
  CHECK_FALSE(holds(department, content));
  CHECK_FALSE(Probe(fleet, department).position(id_of(content)));
}

TEST_CASE("a partner fetches what its projection names, and nothing else of the session") {
  const Catalogue& shipped = shipped_catalogue();
  Catalogue catalogue = shipped;
  std::string definition;
  {
    // The shipped session, with its minutes shown to partners and a second paper that is not.
    std::ifstream in(std::string(FIELDPOST_SOURCE_DIR) + "/assets/forms/outreach_session.json");
    json form = json::parse(in);
    for (json& group : form["questions"])
      for (json& question : group["questions"])
        if (question["name"] == "minutes_scan") question["partner"] = true;
    json own = {
        {"type", "file"}, {"name", "own_paper"}, {"number", 990}, {"label::vi", "Giấy"}, {"label::en", "Paper"}};
    form["questions"].push_back(own);
    definition = form.dump();
  }
  std::set<std::string, std::less<>> lists;
  for (const auto& [name, list] : shipped.lists) lists.insert(name);
  auto loaded = load_form(definition, lists);
  REQUIRE(std::holds_alternative<Form>(loaded));
  std::map<std::uint32_t, Form>& versions = catalogue.forms["outreach_session"];
  versions[versions.rbegin()->first] = std::get<Form>(std::move(loaded));
  Fleet fleet;
  fleet.use_catalogue(catalogue);
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& post = fleet.enrol("Đồn", Role::partner, "bp");
  const Bytes shown = content_of(chunk + 1, 1), kept = content_of(chunk + 1, 2);
  json values = session_values("Buổi chung");
  values["co_hosts"] = "bp";
  values["minutes_scan"] = named(must(an.store().attachments().put(shown)));
  values["own_paper"] = named(must(an.store().attachments().put(kept)));
  an.create("outreach_session", values);
  an.sync();
  post.sync();
  CHECK(holds(post, shown));
  CHECK_FALSE(holds(post, kept));
  CHECK(must(post.store().status()).files == 1);
  Probe probe(fleet, post);
  CHECK(probe.position(id_of(shown)) == shown.size());
  CHECK_FALSE(probe.position(id_of(kept)));
}

TEST_CASE("central refuses wrong bytes, and takes the right ones from the same laptop afterwards") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const Bytes content = content_of(chunk + 5);
  session_with(an, content);
  an.transport->on_request = [](const Request& request) -> std::optional<Error> {
    if (request.path == path::attachment_put) return Error{ErrorCode::unreachable, "cut"};
    return std::nullopt;
  };
  CHECK_FALSE(Exchange(an.store(), *an.transport).run());
  an.transport->on_request = nullptr;
  Probe liar(fleet, binh);  // may bring it: it sees the record
  const AttachmentId id = id_of(content);
  CHECK(liar.position(id) == 0);
  Bytes wrong = content;
  wrong[7] ^= 1;
  CHECK(liar.ask(path::attachment_put, encode(Chunk{id, 0, Bytes(wrong.begin(), wrong.begin() + chunk)})).status ==
        200);
  const Response refused =
      liar.ask(path::attachment_put, encode(Chunk{id, chunk, Bytes(wrong.begin() + chunk, wrong.end())}));
  CHECK(refused.status == 400);
  CHECK_FALSE(fleet.attachments().holds(id));
  CHECK(liar.position(id) == 0);
  an.sync();
  CHECK(central_holds(fleet, content));
  binh.sync();
  CHECK(holds(binh, content));
}

// ---- Damage and restores ------------------------------------------------------------------------------------------

TEST_CASE("a file that is damaged on a laptop is fetched again at the next meeting") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Bytes content = content_of(2 * chunk);
  session_with(an, content);
  an.sync();
  const AttachmentId id = id_of(content);
  flip_byte(an.store().attachments().path_of(id), chunk + 99);
  const Verification seen = must(an.store().verify());
  CHECK_FALSE(seen.ok);
  CHECK(must(an.store().status()).files_to_fetch == 1);
  CHECK(an.sync().files_received == 1);
  CHECK(holds(an, content));
  CHECK(must(an.store().verify()).ok);
}

TEST_CASE("a file that is damaged at central comes back from whoever holds it") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const Bytes content = content_of(2 * chunk);
  session_with(an, content);
  an.sync();
  flip_byte(fleet.attachments().path_of(id_of(content)), 99);
  binh.sync();
  CHECK_FALSE(holds(binh, content));
  CHECK_FALSE(central_holds(fleet, content));
  CHECK(an.sync().files_sent == 1);
  CHECK(central_holds(fleet, content));
  CHECK(binh.sync().files_received == 1);
  CHECK(holds(binh, content));
  CHECK(an.sync().requests == binh.sync().requests);  // and central asks for nothing more
}

TEST_CASE("a central restored from before gets the file again, from its author or from a colleague") {
  for (const bool author_comes : {true, false}) {
    CAPTURE(author_comes);
    Fleet fleet;
    Laptop& an = fleet.enrol("An", Role::recorder, "hg");
    Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
    an.sync();
    binh.sync();
    fleet.backup();
    const Bytes content = content_of(3 * chunk);
    session_with(an, content);
    an.sync();
    binh.sync();
    REQUIRE(holds(binh, content));
    fleet.restore();
    std::filesystem::remove_all(fleet.attachments().folder());
    const ExchangeReport report = (author_comes ? an : binh).sync();
    CHECK(report.new_incarnation);
    CHECK(report.files_sent == 1);
    CHECK(central_holds(fleet, content));
  }
}

TEST_CASE(
    "a kill between the file and the change leaves a store without fault, and the file goes at the next start") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Bytes content = content_of(100);
  must(an.store().attachments().put(content));
  an.reopen();
  CHECK(must(an.store().verify()).ok);
  CHECK(must(an.store().status()).files == 0);
  CHECK(must(an.store().drop_unnamed_files()) == 1);
}

// ---- By stick -----------------------------------------------------------------------------------------------------

TEST_CASE("two laptops and a stick exchange a photo without central") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  an.sync();
  binh.sync();
  an.sync();
  const Bytes content = content_of(3 * chunk + 3);
  const RecordId record = session_with(an, content);
  const BundleBytes bundle = must(bundle_for(an.store(), device(binh)));
  CHECK(bundle.files == 1);
  const BundleRead read = must(read_bundle(binh.store(), bundle.file));
  CHECK(read.received == 1);
  CHECK(read.files == 1);
  CHECK(holds(binh, content));
  CHECK_FALSE(must(binh.store().files_of(record)).at(0).at_central);
  // Again: nothing. And once both said what they hold, it is not written again.
  CHECK(must(read_bundle(binh.store(), bundle.file)).files == 0);
  must(read_bundle(an.store(), must(bundle_for(binh.store(), device(an))).file));
  CHECK(must(bundle_for(an.store(), device(binh))).files == 0);
  // The colleague meets central first and brings both.
  const ExchangeReport report = binh.sync();
  CHECK(report.files_sent == 1);
  CHECK(central_holds(fleet, content));
}

TEST_CASE("a photo goes to central and from central to a colleague by stick alone") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const Bytes content = content_of(2 * chunk + 3);
  const RecordId record = session_with(an, content);
  const BundleTaken taken = must(fleet.endpoint().read_bundle(must(bundle_for_central(an.store())).file));
  CHECK(taken.files == 1);
  CHECK(central_holds(fleet, content));
  CHECK_FALSE(must(an.store().files_of(record)).at(0).at_central);
  must(read_bundle(an.store(), must(fleet.endpoint().write_bundle(device(an))).file));
  // Central answers for what the bundle before said: the file was in it, so the answer names it.
  CHECK(must(an.store().files_of(record)).at(0).at_central);
  CHECK(must(bundle_for_central(an.store())).files == 0);
  const BundleGiven given = must(fleet.endpoint().write_bundle(device(binh)));
  CHECK(given.files == 1);
  CHECK(must(read_bundle(binh.store(), given.file)).files == 1);
  CHECK(holds(binh, content));
}

TEST_CASE("files larger than a bundle go on in the next ones, each from where the last ended") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const Bytes content = content_of(limits::attachment_bytes_max);
  session_with(an, content);
  const BundleBytes first = must(bundle_for_central(an.store()));
  CHECK(first.more_files);
  CHECK_FALSE(first.more);
  CHECK(first.file.size() <= limits::bundle_bytes_max);
  must(fleet.endpoint().read_bundle(first.file));
  CHECK_FALSE(central_holds(fleet, content));
  must(read_bundle(an.store(), must(fleet.endpoint().write_bundle(device(an))).file));
  const BundleBytes second = must(bundle_for_central(an.store()));
  CHECK_FALSE(second.more_files);
  CHECK(second.file.size() < limits::attachment_bytes_max / 2);
  CHECK(must(fleet.endpoint().read_bundle(second.file)).files == 1);
  CHECK(central_holds(fleet, content));

  const BundleGiven down = must(fleet.endpoint().write_bundle(device(binh)));
  CHECK(down.more);
  CHECK(must(read_bundle(binh.store(), down.file)).files == 0);
  must(fleet.endpoint().read_bundle(must(bundle_for_central(binh.store())).file));
  const BundleGiven rest = must(fleet.endpoint().write_bundle(device(binh)));
  CHECK_FALSE(rest.more);
  CHECK(rest.file.size() < limits::attachment_bytes_max / 2);
  CHECK(must(read_bundle(binh.store(), rest.file)).files == 1);
  CHECK(holds(binh, content));
}

TEST_CASE("a bundle brings no file that nobody named, and central none that its sender may not see") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& other = fleet.enrol("Khác", Role::recorder, "cm");
  const Bytes content = content_of(chunk + 3);
  session_with(an, content);
  must(fleet.endpoint().read_bundle(must(bundle_for_central(an.store())).file));
  must(fleet.endpoint().read_bundle(must(bundle_for_central(other.store())).file));
  const BundleGiven given = must(fleet.endpoint().write_bundle(device(other)));
  CHECK(given.files == 0);
  must(read_bundle(other.store(), given.file));
  CHECK_FALSE(holds(other, content));
}
