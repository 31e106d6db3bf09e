// The bad link of the bench carries what it is given, and nothing once it is cut. How fast is the bench's to say.
#include <doctest/doctest.h>

#include <memory>

#include "sync/enrolment.h"
#include "sync/http_transport.h"
#include "tools/bench/consultations.h"
#include "tools/bench/deployment.h"
#include "tools/bench/measure.h"
#include "tools/bench/shaped_link.h"

using namespace fieldpost;
using namespace fieldpost::bench;

TEST_CASE("a laptop syncs over a shaped link, reaches nobody once it is cut, and goes on when it is mended") {
  constexpr std::size_t records = 20;
  std::unique_ptr<ShapedLink> link;
  try {
    link = std::make_unique<ShapedLink>(LinkShape{20'000, 20, 0, 100, 1});
  } catch (const Stop& stop) {
    MESSAGE("not run: " << stop.error.message);
    CHECK(stop.error.code == ErrorCode::forbidden);
    return;
  }
  const WorkFolder folder;
  std::unique_ptr<Central> central;
  link->at_far_end([&] {
    central =
        std::make_unique<Central>(folder.path(), shipped_catalogue(), std::string(ShapedLink::far_address) + ":0");
  });
  const SystemClock clock;
  SystemRandom random;
  const Environment environment{clock, random, shipped_catalogue()};
  const std::string url = "https://" + std::string(ShapedLink::far_address) + ":" + std::to_string(central->port());
  Laptop laptop = enrol(folder.path(), "An", url, central->ticket("hg", "An"), environment, Key::raw);
  Consultations consultations(shipped_catalogue());
  import_rows(*laptop.store, consultations.form(), consultations.next(records));

  HttpOptions options;
  options.url = url;
  options.tls_pin = must(laptop.store->identity())->central.tls_pin;
  options.connect_timeout_s = 1;
  const auto exchange = [&] {
    const std::unique_ptr<Transport> road = must(make_http_transport(options));
    return Exchange(*laptop.store, *road).run();
  };
  link->cut();
  const Result<ExchangeReport> cut = exchange();
  REQUIRE_FALSE(cut);
  CHECK(cut.error().code == ErrorCode::unreachable);
  link->mend();
  const std::int64_t before = link->up().bytes;
  CHECK(must(exchange()).sent == records);
  CHECK(link->up().bytes - before > 2'000);
  CHECK(link->up().lost + link->down().lost == 0);
  CHECK(must(laptop.store->status()).unsent == 0);
}
