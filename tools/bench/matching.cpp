#include "tools/bench/matching.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/matching/duplicates.h"
#include "tools/bench/deployment.h"
#include "tools/bench/floor.h"
#include "tools/bench/invented_people.h"
#include "tools/bench/measure.h"

namespace fieldpost::bench {

namespace {

std::string row_of(const PersonWords& person) {
  nlohmann::json values = {{"full_name", person.name}, {"place", person.place}};
  const auto add = [&](const char* question, const std::string& answer) {
    if (!answer.empty()) values[question] = answer;
  };
  add("sex", person.sex);
  add("hamlet", person.hamlet);
  add("phone", person.phone);
  add("citizen_number", person.citizen_number);
  if (person.birth_date) values["birth_date"] = iso_text(*person.birth_date);
  return values.dump();
}

}  // namespace

Figures measure_matching(const MatchingOptions& options) {
  Figures figures;
  figures.title = fmt::format("who is recorded twice among {} people", options.people);
  figures.sizes = {{"people", options.people}};
  const Catalogue& catalogue = shipped_catalogue();
  WorkFolder folder;
  Deployment deployment(folder.path(), catalogue);
  Laptop laptop = deployment.enrol("An");

  say("inventing people");
  InventedProvince province;
  province.records = options.people;
  const std::vector<InventedPerson> people = invent_people(province);
  std::vector<std::string> rows;
  rows.reserve(people.size());
  for (const InventedPerson& each : people) rows.push_back(row_of(each.words));

  say("the floor: plain SQLite, one scan");
  PlainTable plain(folder.path() / "plain.db");
  plain.insert(rows, rows_in_a_page);
  std::vector<double> scans;
  for (int i = 0; i < 3; ++i) scans.push_back(plain.scan_for("không có ở đây"));
  const double scan_ms = percentile(scans, 0.5);

  say("filling the store");
  constexpr std::size_t rows_at_once = 1'000;
  for (std::size_t at = 0; at < rows.size(); at += rows_at_once)
    import_rows(*laptop.store, *catalogue.form("person"),
                std::span(rows).subspan(at, std::min(rows_at_once, rows.size() - at)));
  rows = {};

  say("looking for duplicates");
  forget_peak_memory();
  const Stopwatch all;
  const Duplicates duplicates(laptop.store->database(), catalogue);
  const double read = all.seconds();
  const std::size_t proposed = duplicates.pairs().size();
  const double seconds = all.seconds();
  expect(duplicates.size() == options.people, "not everybody was read");
  expect(proposed > 0, "nobody was found twice");
  figures.add("duplicates.all", fmt::format("duplicates of all {} people", options.people), seconds, "s",
              scan_ms / 1000, at_most(10));
  figures.add("duplicates.read", "of it: reading everybody, making the index", read, "s", scan_ms / 1000);
  figures.add("duplicates.pairs", "pairs proposed", static_cast<double>(proposed), "pairs");

  std::vector<double> durations;
  for (std::size_t i = 0; i < std::min(options.typed, people.size()); ++i) {
    PersonWords typed = people[i].words;
    typed.citizen_number.clear();  // with it, it would be one look
    const Stopwatch one;
    (void)duplicates.like(typed, RecordId{});
    durations.push_back(one.milliseconds());
  }
  figures.add("duplicates.typing.p50", "duplicates of one while typing, median", percentile(durations, 0.5), "ms",
              scan_ms);
  figures.add("duplicates.typing.p99", "duplicates of one while typing, 99 of 100 within",
              percentile(durations, 0.99), "ms", scan_ms, at_most(20));
  figures.add("memory.duplicates", "peak memory", static_cast<double>(peak_memory_bytes()) / 1e6, "MB");
  return figures;
}

}  // namespace fieldpost::bench
