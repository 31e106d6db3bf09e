// Central's view follows its journal behind a stored position.
#include "sync/central/central_view.h"
#include "tests/support/changes.h"
#include "tests/support/scratch.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

struct Office {
  ScratchFolder folder;
  FakeClock clock;
  SeededRandom random{1};
  Catalogue catalogue = small_catalogue();
  std::unique_ptr<Database> database = open();
  Journal journal{*database};
  CentralView view{*database, catalogue};
  Author an{clock, random};

  std::unique_ptr<Database> open() {
    Database::Options options;
    options.path = (folder / "store.db").string();
    auto opened = Database::open(options);
    REQUIRE(opened);
    Journal::create_tables(**opened);
    return *std::move(opened);
  }
  Change visit(const char* title) {
    return an.save(*catalogue.form("visit"), new_uuid<RecordId>(clock, random), {}, {{"title", title}});
  }
  ChangeNumber add(const Change& change, bool counts = true) {
    Transaction transaction(*database);
    const Bytes stored = encode_change(change);
    const ChangeNumber number = counts ? journal.add(change, stored) : journal.add_held(change, stored);
    transaction.commit();
    return number;
  }
  std::int64_t records() {
    View::Query query;
    query.form = "visit";
    return View(*database, catalogue).count(query);
  }
  void look() {
    REQUIRE(view.begin());
    CHECK(View(*database, catalogue).differences(journal).empty());
    view.end();
  }
};

}  // namespace

TEST_CASE("the view takes in what came since it was last asked, in any number") {
  Office office;
  REQUIRE(office.view.create());
  office.look();
  CHECK(office.records() == 0);
  for (int i = 0; i < 250; ++i) office.add(office.visit("một"));
  CHECK(office.records() == 0);
  office.look();
  CHECK(office.records() == 250);
  office.add(office.visit("hai"));
  office.look();
  CHECK(office.records() == 251);
}

TEST_CASE("a held change counts in the view once it is released, however long after") {
  Office office;
  REQUIRE(office.view.create());
  const Change held = office.visit("giữ lại");
  const ChangeNumber number = office.add(held, false);
  office.add(office.visit("sau"));
  office.look();
  CHECK(office.records() == 1);
  for (int i = 0; i < 3; ++i) office.look();
  {
    Transaction transaction(*office.database);
    office.journal.release(number, held);
    transaction.commit();
  }
  office.look();
  CHECK(office.records() == 2);
}

TEST_CASE("a look is of one moment: what another connection commits meanwhile is seen by the next one") {
  Office office;
  office.add(office.visit("một"));  // a journal older than its view
  REQUIRE(office.view.begin());
  CHECK(office.records() == 1);
  const auto beside = office.open();
  {
    Journal other(*beside);
    Transaction transaction(*beside);
    const Change change = office.visit("hai");
    other.add(change, encode_change(change));
    transaction.commit();
  }
  CHECK(View(*office.database, office.catalogue).differences(office.journal).empty());
  CHECK(office.records() == 1);
  office.view.end();
  office.look();
  CHECK(office.records() == 2);
}
