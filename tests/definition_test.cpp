// Forms, code lists and places that central publishes: how they reach every laptop, what stays readable, and what
// happens between programs and laptops of different ages.
#include "shared/forms/definition.h"

#include "shared/forms/assets.h"
#include "tests/support/fleet.h"

using namespace fieldpost;
using namespace fieldpost::test;
using nlohmann::json;

namespace {

/// The shipped sessions, one version on, with one more question.
json next_session_form() {
  json form = json::parse(*find_asset("forms/outreach_session.json"));
  form["version"] = form["version"].get<int>() + 1;
  form["questions"].push_back({{"type", "text"},
                               {"name", "boat_name"},
                               {"number", 9001},
                               {"label::vi", "Tên tàu"},
                               {"label::en", "Name of the boat"}});
  return form;
}

Definition session_definition(const json& form = next_session_form()) {
  return must(read_definition("outreach_session.json", form.dump(), shipped_catalogue()));
}

Endpoint::Published publish(Fleet& fleet, const Definition& definition) {
  return must(fleet.endpoint().publish(definition));
}

json* question_in(json& questions, std::string_view name) {
  for (json& question : questions) {
    if (question.value("name", "") == name) return &question;
    if (question.contains("questions"))
      if (json* found = question_in(question["questions"], name)) return found;
  }
  return nullptr;
}

std::string fault_of(const std::string& file, const std::string& content) {
  const Result<Definition> read = read_definition(file, content, shipped_catalogue());
  return read ? std::string("none") : read.error().message;
}

RecordId create_with(Laptop& laptop, const Form& form, const json& values) {
  Seen seen = laptop.store().start(form);
  must(laptop.store().save(seen, must(edit_from_json(form, values))));
  return seen.record;
}

}  // namespace

TEST_CASE("a form that central publishes is on every laptop after its next sync, the station's too") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& station = fleet.enrol("Đồn", Role::partner, "bdbp");
  const RecordId before = an.create("outreach_session", session_values("Trước"));
  an.sync();
  const Endpoint::Published published = publish(fleet, session_definition());
  CHECK(published.is_new);
  for (Laptop* laptop : {&an, &station}) {
    laptop->sync();
    const Form* form = laptop->store().catalogue().form("outreach_session");
    REQUIRE(form);
    CHECK(form->version == published.version);
    CHECK(form->find("boat_name"));
  }
  // What was written under the older version reads as before; new records have the new question.
  CHECK(an.values(before)["title"] == "Trước");
  json values = session_values("Sau");
  values["boat_name"] = "KG-91234";
  const RecordId after = create_with(an, *an.store().catalogue().form("outreach_session"), values);
  an.sync();
  CHECK(must(an.store().status()).held == 0);
  CHECK(must(an.store().verify()).ok);
  View::Query query;
  query.search = "KG-91234";
  REQUIRE(must(an.store().list(query)).size() == 1);
  CHECK(must(an.store().list(query)).front().record == after);
  // A definition is no record that a list shows.
  CHECK(must(an.store().count({})) == 2);
  CHECK(an.digest() == fleet.central_digest());
}

TEST_CASE("published forms outlive the program: a store that is opened again knows them at once") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  publish(fleet, session_definition());
  an.sync();
  an.reopen();
  CHECK(an.store().catalogue().form("outreach_session")->find("boat_name"));
  CHECK(must(an.store().verify()).ok);
}

TEST_CASE("a second store on the same folder takes new forms over when it is asked, or before its next save") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Store::Options options;
  options.home = an.folder.path;
  options.key.bytes.fill(7);
  const std::unique_ptr<Store> window = must(Store::open(options, {an.clock, an.random, shipped_catalogue()}));
  const Form* open_form = window->catalogue().form("outreach_session");
  Seen seen = window->start(*open_form);
  publish(fleet, session_definition());
  an.sync();
  CHECK_FALSE(window->catalogue().form("outreach_session")->find("boat_name"));
  // The form that was open when the new one came is saved under its own version.
  must(window->save(seen, must(edit_from_json(*open_form, session_values("Đang gõ")))));
  CHECK(window->catalogue().form("outreach_session")->find("boat_name"));
  CHECK(must(window->state(seen.record))->form_version == open_form->version);
  CHECK(must(window->verify()).ok);
}

TEST_CASE("a newer laptop is ahead of central: its records wait, kept, and count as soon as the form is published") {
  Fleet fleet;
  Catalogue newer = shipped_catalogue();
  const Definition definition = session_definition();
  must(add_definition(newer, definition));
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Store::Options options;
  options.home = an.folder.path;
  options.key.bytes.fill(7);
  an.close();
  {
    const std::unique_ptr<Store> store = must(Store::open(options, {an.clock, an.random, newer}));
    Seen seen = store->start(*newer.form("outreach_session"));
    must(store->save(seen, must(edit_from_json(*newer.form("outreach_session"), session_values("Mẫu mới")))));
    CHECK(must(Exchange(*store, *an.transport).run()).held == 1);
    CHECK(must(store->attention()).front().reason == Reason::unknown_form);
    CHECK(publish(fleet, definition).released == 1);
    must(Exchange(*store, *an.transport).run());
    CHECK(must(store->status()).held == 0);
  }
}

TEST_CASE("what waits for a form is let go whole, in whatever order it came") {
  Fleet fleet;
  Catalogue newer = shipped_catalogue();
  const Definition definition = session_definition();
  must(add_definition(newer, definition));
  const Form& form = *newer.form("outreach_session");
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  fleet.backup();
  Store::Options options;
  options.home = an.folder.path;
  options.key.bytes.fill(7);
  an.close();
  const std::unique_ptr<Store> store = must(Store::open(options, {an.clock, an.random, newer}));
  Seen seen = store->start(form);
  for (const char* title : {"Một", "Hai", "Ba"}) {
    must(store->save(seen, must(edit_from_json(form, session_values(title)))));
    an.transport->connect_to(fleet.endpoint());
    must(Exchange(*store, *an.transport).run());  // each save a page of its own
  }
  fleet.restore();
  OvertakingLoopback road(fleet.endpoint());
  must(Exchange(*store, road).run());
  CHECK(must(store->status()).held == 3);
  CHECK(publish(fleet, definition).released == 3);
  an.transport->connect_to(fleet.endpoint());
  must(Exchange(*store, *an.transport).run());
  CHECK(must(store->status()).held == 0);
  CHECK(text(must(store->verify()).digest) == fleet.central_digest());
}

TEST_CASE("an older laptop carries answers to questions it does not know, and its edits leave them as they are") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& old = fleet.enrol("Bình", Role::recorder, "hg");
  publish(fleet, session_definition());
  an.sync();
  json values = session_values("Mẫu mới");
  values["boat_name"] = "KG-91234";
  const RecordId record = create_with(an, *an.store().catalogue().form("outreach_session"), values);
  an.sync();
  // A program that cannot read what central published goes on with what it was shipped with.
  old.sync();
  must(guarded([&] { old.store().database().run("DELETE FROM meta WHERE key = ?", std::string("definitions")); }));
  old.reopen();
  CHECK_FALSE(old.store().catalogue().form("outreach_session")->find("boat_name"));
  CHECK(old.values(record)["title"] == "Mẫu mới");
  old.edit(record, {{"title", "Sửa trên máy cũ"}});
  must(Exchange(old.store(), *old.transport).run());
  an.sync();
  const std::optional<RecordState> state = must(an.store().state(record));
  const json now = values_to_json(*an.store().catalogue().form("outreach_session"), state->answers);
  CHECK(now["title"] == "Sửa trên máy cũ");
  CHECK(now["boat_name"] == "KG-91234");
  CHECK(state->conflicts.empty());
}

TEST_CASE("a draft is pinned to the form it was begun under, whatever is published meanwhile") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const Form* begun = an.store().catalogue().form("outreach_session");
  const Seen seen = an.store().start(*begun);
  must(an.store().keep_draft({seen.record, seen, must(edit_from_json(*begun, session_values("Nháp"))), an.clock.ms}));
  publish(fleet, session_definition());
  an.sync();
  const std::vector<Draft> drafts = must(an.store().drafts());
  REQUIRE(drafts.size() == 1);
  CHECK(drafts.front().seen.form_version == begun->version);
  CHECK(an.store().catalogue().form("outreach_session", begun->version));
}

TEST_CASE("a central restored from before a form was published gets it back from the laptops that have it") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  fleet.backup();
  const Endpoint::Published published = publish(fleet, session_definition());
  an.sync();
  const RecordId record =
      create_with(an, *an.store().catalogue().form("outreach_session"), session_values("Mẫu mới"));
  an.sync();
  fleet.restore();
  an.sync();
  an.sync();
  CHECK(must(an.store().status()).held == 0);
  binh.sync();
  CHECK(binh.store().catalogue().form("outreach_session")->version == published.version);
  CHECK(must(binh.store().state(record)).has_value());
  CHECK_FALSE(publish(fleet, session_definition()).is_new);
  CHECK(binh.digest() == fleet.central_digest());
}

TEST_CASE("a new code list replaces the old one everywhere; the same list again changes nothing") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const std::string more = std::string(*find_asset("lists/languages.csv")) + "klingon,Tiếng Klingon,Klingon\n";
  const Definition list = must(read_definition("languages.csv", more, shipped_catalogue()));
  CHECK(publish(fleet, list).version == 1);
  CHECK_FALSE(publish(fleet, list).is_new);
  an.sync();
  CHECK(an.store().catalogue().list("languages")->find("klingon"));
  const Definition again =
      must(read_definition("languages.csv", more + "elvish,Tiếng Tiên,Elvish\n", shipped_catalogue()));
  CHECK(publish(fleet, again).version == 2);
  an.sync();
  CHECK(an.store().catalogue().list("languages")->find("elvish"));
}

TEST_CASE("a file of thousands of places travels whole, though it is longer than any text answer") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  const std::string_view demo = *find_asset("lists/places_demo.csv");
  std::string csv(demo.substr(0, demo.find('\n') + 1));
  for (int i = 0; i < 3'000; ++i)
    csv += std::to_string(50'000 + i) + ",Xã Đường Thử " + std::to_string(i) +
           ",Xã,post-2025-07,96,Tỉnh Cà Mau,,,2025-07-01,,,,,\n";
  REQUIRE(csv.size() > 128 * 1024);
  publish(fleet, must(read_definition("places_ca_mau.csv", csv, shipped_catalogue())));
  an.sync();
  REQUIRE(an.store().catalogue().places.find("52999@post-2025-07"));
  CHECK(an.store().catalogue().places.find("52999@post-2025-07")->name == "Xã Đường Thử 2999");
}

TEST_CASE("what would make old records unreadable is refused, with every fault by its place") {
  json form = next_session_form();
  question_in(form["questions"], "title")->at("type") = "time";
  CHECK(fault_of("outreach_session.json", form.dump()).find("title: number") != std::string::npos);
  form = next_session_form();
  form["class"] = "consultation";
  CHECK(fault_of("outreach_session.json", form.dump()).find("class") != std::string::npos);
  form = next_session_form();
  form["version"] = form["version"].get<int>() - 1;
  CHECK(fault_of("outreach_session.json", form.dump()).find("raise the version") != std::string::npos);
  CHECK(fault_of("languages.csv", "code,vi,en\nxx,Một,One\n").find("records name it") != std::string::npos);
  CHECK(fault_of("form.json", "{\"name\": 1").find("line 1") != std::string::npos);
  CHECK(fault_of("form.txt", "x") != "none");
}

TEST_CASE("a definition that a laptop writes is held at central and believed by nobody") {
  Fleet fleet;
  Laptop& an = fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = fleet.enrol("Bình", Role::recorder, "hg");
  const Form* form = an.store().catalogue().form("outreach_session");
  Seen forged = an.store().start(*form);
  forged.record = definition_record(session_definition());
  forged.answers.record = forged.record;
  const Result<Saved> saved = an.store().save(forged, must(edit_from_json(*form, session_values("Giả"))));
  if (saved) CHECK(an.sync().held == 1);
  binh.sync();
  CHECK_FALSE(binh.store().catalogue().form("outreach_session")->find("boat_name"));
}
