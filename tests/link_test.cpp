// A link that is cut: after any byte of a push and of a pull, in either direction, over real HTTP. Nothing may be
// lost, nothing half done, nothing stall; the next exchange goes on and repeats at most one page.
//
// FIELDPOST_CUT_EVERY=1 cuts after every byte (hours); the default takes a step that finds each stage of each
// message.
#include <cstdlib>

#include "shared/foundation/limits.h"
#include "sync/central/http_server.h"
#include "sync/http_transport.h"
#include "tests/support/fleet.h"
#include "tests/support/recording_proxy.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

constexpr int records = 300;                 // more than three pages
constexpr std::size_t step_default = 1'999;  // a prime: it meets other places of each page

std::size_t step() {
  const char* wish = std::getenv("FIELDPOST_CUT_EVERY");
  return wish ? std::max(1UL, std::strtoul(wish, nullptr, 10)) : step_default;
}

enum class Direction { up, down };  // to central, to the laptop

/// A fleet behind real HTTP and a road that can be cut.
struct Link {
  Fleet fleet;
  std::mutex one;  // handler and rewinding: central may still be at work when the laptop knows of the cut
  RecordingProxy road;
  std::unique_ptr<HttpServer> server;
  std::unique_ptr<Transport> transport;

  Link() {
    ServerOptions options;
    options.listen = "127.0.0.1:0";
    options.plain_http = true;
    server = must(HttpServer::start(options, [this](const Request& request) {
      const std::lock_guard guard(one);
      return fleet.endpoint().handle(request);
    }));
    road.lead_to(std::to_string(server->port()));
    reconnect();
  }
  void reconnect() {
    HttpOptions options;
    options.url = "http://" + road.address();
    options.request_timeout_s = 10;
    transport = must(make_http_transport(options));
  }
  Result<ExchangeReport> exchange(Laptop& laptop) { return Exchange(laptop.store(), *transport).run(); }
  void rewind() {
    const std::lock_guard guard(one);
    fleet.rewind();
  }
  /// What has gone both ways since the last time.
  std::size_t bytes() {
    std::size_t sum = 0;
    for (const std::string& way : road.take()) sum += way.size();
    return sum;
  }
  /// What has gone in one direction since the last time.
  std::size_t bytes(Direction direction) {
    std::size_t sum = 0;
    const std::vector<std::string> taken = road.take();
    for (std::size_t i = 0; i < taken.size(); ++i)
      if ((i % 2 == 0) == (direction == Direction::up)) sum += taken[i].size();
    return sum;
  }
};

void fill(Laptop& laptop) {
  const Form& form = *shipped_catalogue().form("consultation");
  for (std::uint64_t i = 1; i <= records; ++i)
    laptop.create("consultation", sample_values(form, shipped_catalogue(), i, {2025, 11, 1}));
}

/// Cuts the laptop's exchange after every step-th byte of one direction, each time from the same moment.
void cut_everywhere(
    Link& link, Laptop& laptop, Direction direction, const std::function<void()>& rewind_files = [] {}) {
  laptop.keep_copy();
  link.fleet.backup();
  link.reconnect();
  link.road.take();
  must(link.exchange(laptop));
  const std::string digest = link.fleet.central_digest();
  const std::size_t whole = link.bytes(direction);
  REQUIRE(whole > 64'000);
  std::size_t cuts = 0, felt = 0, worst = 0;
  for (std::size_t at = 1; at < whole; at += step()) {
    CAPTURE(at);
    laptop.go_back_to_copy();
    link.rewind();
    rewind_files();
    link.reconnect();
    link.road.take();
    const bool up = direction == Direction::up;
    link.road.cut_after(up ? std::optional(at) : std::nullopt, up ? std::nullopt : std::optional(at));
    const Result<ExchangeReport> cut = link.exchange(laptop);
    ++cuts;
    felt += cut ? 0 : 1;
    if (!cut) REQUIRE_MESSAGE(cut.error().code == ErrorCode::unreachable, cut.error().message);
    link.road.cut_after(std::nullopt, std::nullopt);
    link.reconnect();
    const std::size_t first = link.bytes(direction);
    const Result<ExchangeReport> then = link.exchange(laptop);
    REQUIRE_MESSAGE(then, then.error().message);
    const std::size_t both = first + link.bytes(direction);
    worst = std::max(worst, both > whole ? both - whole : 0);
    const StoreStatus status = must(laptop.store().status());
    REQUIRE(status.unsent == 0);
    REQUIRE(status.refused + status.held == 0);
    REQUIRE(link.fleet.central_digest() == digest);
    if (cuts % 20 == 0) REQUIRE(laptop.digest() == digest);
  }
  CHECK(felt == cuts);
  CHECK(worst <= 64 * 1024);
  MESSAGE(cuts << " cuts, at most " << worst << " bytes went twice");
}

}  // namespace

TEST_CASE("a push that is cut after any byte goes on at the next meeting and repeats at most a page") {
  Link link;
  Laptop& an = link.fleet.enrol("An", Role::recorder, "hg");
  fill(an);
  cut_everywhere(link, an, Direction::up);
}

TEST_CASE("a pull that is cut after any byte goes on at the next meeting and repeats at most a page") {
  Link link;
  Laptop& an = link.fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = link.fleet.enrol("Bình", Role::recorder, "hg");
  fill(binh);
  must(link.exchange(binh));
  an.create("consultation", {{"full_name", "Lê Thị Hai"}, {"date", "2025-10-31"}});
  cut_everywhere(link, an, Direction::down);
}

TEST_CASE("a sync with nothing new costs two requests and less than 2 KB, HTTP and all") {
  Link link;
  Laptop& an = link.fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = link.fleet.enrol("Bình", Role::recorder, "hg");
  fill(an);
  must(link.exchange(an));
  must(link.exchange(binh));
  for (Laptop* laptop : {&an, &binh}) {
    must(link.exchange(*laptop));
    link.reconnect();
    link.bytes();
    const ExchangeReport report = must(link.exchange(*laptop));
    CHECK(report.requests == 2);
    const std::size_t bytes = link.bytes();
    MESSAGE(bytes << " bytes");
    CHECK(bytes > 0);
    CHECK(bytes <= 2048);
  }
}

TEST_CASE("attachments that are cut after any byte, up or down, go on at their chunk and repeat at most that") {
  Link link;
  Laptop& an = link.fleet.enrol("An", Role::recorder, "hg");
  Laptop& binh = link.fleet.enrol("Bình", Role::recorder, "hg");
  Bytes content(150'000);
  an.random.fill(content);
  const AttachmentId id = must(an.store().attachments().put(content));
  nlohmann::json values = session_values("Có biên bản");
  values["minutes_scan"] = {{"digest", text(id.digest)}, {"size", id.bytes}, {"type", "application/pdf"}};
  an.create("outreach_session", values);
  const auto forget = [](const std::filesystem::path& folder) { std::filesystem::remove_all(folder); };
  cut_everywhere(link, an, Direction::up, [&] { forget(link.fleet.attachments().folder()); });
  CHECK(must(link.fleet.attachments().read(id)) == content);
  cut_everywhere(link, binh, Direction::down, [&] { forget(binh.store().attachments().folder()); });
  CHECK(must(binh.store().attachments().read(id)) == content);
}
