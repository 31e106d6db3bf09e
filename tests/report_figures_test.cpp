// The shipped reports over generated records: every figure is counted a second time here, the plain way, from the
// same answers; and the traps of the statistics by hand (domain 2.3, 4.3, 5.3).
#include <map>
#include <set>

#include "shared/foundation/csv.h"
#include "shared/reports/report.h"
#include "shared/reports/sheets/report_sheets.h"
#include "tests/support/laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;
using Json = nlohmann::json;

namespace {

CivilDate day(const char* iso) { return *parse_iso_date(iso); }
const ReportWindow year_2025{{2025, 1, 1}, {2025, 12, 31}, {}};

Report made(LaptopStore& laptop, const char* name, const ReportWindow& window = year_2025,
            ReportOptions options = {}) {
  const ReportDefinition* definition = find_report(name);
  REQUIRE(definition != nullptr);
  Result<Report> report = make_report(laptop.store->database(), laptop.catalogue, *definition, window, options);
  REQUIRE_MESSAGE(report, (report ? "" : report.error().message));
  return *report;
}

/// In thousandths; the figure must be known.
std::int64_t figure(const Report& report, std::size_t table, const std::string& line, const char* column) {
  const ReportTable& of = report.tables[table];
  const ReportLine* found = of.line(line);
  REQUIRE_MESSAGE(found != nullptr, line);
  const auto at = of.column(column);
  REQUIRE_MESSAGE(at.has_value(), column);
  REQUIRE_MESSAGE(found->cells[*at].figure.has_value(), column);
  return *found->cells[*at].figure;
}
std::int64_t figure(const Report& report, const std::string& line, const char* column) {
  return figure(report, 0, line, column);
}

std::vector<RecordId> behind(LaptopStore& laptop, const char* name, const char* line, const char* column) {
  const ReportDefinition* definition = find_report(name);
  auto records = records_behind(laptop.store->database(), laptop.catalogue, *definition, year_2025, {},
                                definition->tables[0].name, line, column);
  REQUIRE_MESSAGE(records, (records ? "" : records.error().message));
  return *records;
}

Json case_of(const char* accepted, const char* sex, Json eligibility, const char* used, const char* field,
             const char* form) {
  Json out = {{"date", accepted},
              {"full_name", "Người"},
              {"sex", sex},
              {"eligibility", std::move(eligibility)},
              {"legal_field", field},
              {"service_form", form},
              {"place", "32059@post-2025-07"}};
  if (*used != '\0') out["used_category"] = used;
  return out;
}
Json by(const char* type, const char* share) { return {{"provider_type", type}, {"share", share}}; }

/// What the statistics call the fields.
std::string group_of(const std::string& field) {
  if (field == "HS") return "1";
  if (field == "DS" || field == "HNGD") return "2";
  if (field == "HC" || field == "HT" || field == "BGB") return "3";
  return "4";
}

/// Two hundred cases of every sort, the same for the same seed.
struct ManyCases {
  LaptopStore laptop{shipped_catalogue()};
  std::vector<Json> cases;
  std::vector<RecordId> records;

  ManyCases() {
    const std::vector<std::string> sexes = {"male", "female"}, forms = {"TV", "TGTT", "DDNTT"},
                                   fields = {"HS", "DS", "HNGD", "HC", "HT", "LD", "KHAC", "DD"},
                                   types = {"TGVPL", "LS_HD", "LS_TCHD", "LS_TCDK", "TVV_TCHD", "TVV_TCDK", "CTV"};
    const std::vector<std::pair<Json, std::string>> categories = {
        {{"HN"}, ""},         {{"DTTS"}, "DTTS"}, {{"HN", "DTTS"}, "HN"},  {{"HN", "DTTS"}, ""},
        {{"TE", "HN"}, "TE"}, {{"NCT"}, ""},      {{"NKT", "NCT"}, "NKT"}, {{"NCC"}, "NCC"},
        {{"BLGD"}, ""},       {{"HIV"}, ""},      {{"TNLS"}, ""}};
    std::uint64_t seed = 20250101;
    const auto draw = [&](std::size_t below) {
      seed = seed * 6364136223846793005ULL + 1442695040888963407ULL;
      return static_cast<std::size_t>((seed >> 33) % below);
    };
    for (int i = 0; i < 200; ++i) {
      const auto& [eligibility, used] = categories[draw(categories.size())];
      const std::string month = std::to_string(draw(12) + 1);
      const std::string accepted =
          (draw(4) == 0 ? "2024-" : "2025-") + std::string(month.size() == 1 ? "0" : "") + month + "-10";
      Json one = case_of(accepted.c_str(), sexes[draw(2)].c_str(), eligibility, used.c_str(),
                         fields[draw(fields.size())].c_str(), forms[draw(3)].c_str());
      const std::size_t first = draw(types.size()), second = draw(types.size());
      if (draw(3) == 0 && first != second)
        one["providers"] = {by(types[first].c_str(), "0.5"), by(types[second].c_str(), "0.5")};
      else
        one["providers"] = {by(types[first].c_str(), "1")};
      const std::size_t end = draw(4);
      if (end != 0) {
        one["result"] = end == 1 ? "stopped" : "done";
        one["ended_on"] = draw(5) == 0 ? "2026-01-15" : "2025-12-20";
        if (accepted < "2025" && draw(2) == 0) one["ended_on"] = "2024-12-30";
      }
      cases.push_back(one);
      records.push_back(laptop.keep("case", one));
    }
  }
};

}  // namespace

TEST_CASE("form 24 equals a count of the same cases one by one, and every time falls in exactly one category") {
  ManyCases many;
  const Report report = made(many.laptop, "stat24");
  const std::map<std::string, std::string> columns = {{"HN", "poor"},
                                                      {"DTTS", "minority"},
                                                      {"TE", "children"},
                                                      {"NCT", "elderly"},
                                                      {"NKT", "disabled"},
                                                      {"NCC", "meritorious"},
                                                      {"BLGD", "domestic_violence"},
                                                      {"HIV", "hiv"},
                                                      {"TNLS", "martyrs"}};
  std::map<std::pair<std::string, std::string>, std::int64_t> expected;
  for (const Json& one : many.cases) {
    if (one["date"].get<std::string>() < "2025") continue;
    const Json& named = one["eligibility"];
    std::string used = one.value("used_category", std::string());
    const bool both = named == Json{"HN", "DTTS"};
    if (used.empty()) used = named[0];
    const std::string column = both && (used == "HN" || used == "DTTS") ? "poor_minority" : columns.at(used);
    const std::string field = group_of(one["legal_field"]), form = one["service_form"];
    for (const std::string& row : {std::string("all"), field, field + "." + form, form})
      for (const std::string& each : {std::string("total"), one["sex"].get<std::string>(), column})
        expected[{row, each}] += 1000;
  }
  for (const ReportLine& line : report.tables[0].lines)
    for (std::size_t i = 0; i < report.tables[0].columns.size(); ++i) {
      CAPTURE(line.code);
      CAPTURE(report.tables[0].columns[i].name);
      CHECK(line.cells[i].figure == expected[{line.code, report.tables[0].columns[i].name}]);
    }
  CHECK(figure(report, "all", "total") > 100'000);
  for (const ReportTable::Broken& broken : report.tables[0].broken) FAIL_CHECK(broken.label.vi, broken.line);
}

TEST_CASE("who is both poor and of a minority counts in column 7 alone, unless another category was used") {
  LaptopStore laptop{shipped_catalogue()};
  laptop.keep("case", case_of("2025-02-01", "female", {"HN", "DTTS"}, "HN", "HS", "TV"));
  laptop.keep("case", case_of("2025-02-01", "male", {"HN", "DTTS", "TE"}, "TE", "HS", "TV"));
  const Report report = made(laptop, "stat24");
  CHECK(figure(report, "all", "total") == 2000);
  CHECK(figure(report, "all", "poor_minority") == 1000);
  CHECK(figure(report, "all", "poor") == 0);
  CHECK(figure(report, "all", "minority") == 0);
  CHECK(figure(report, "all", "children") == 1000);
  CHECK(report.tables[0].broken.empty());
}

TEST_CASE("a time that no column can take is told by the check, with its line, and opens its record") {
  LaptopStore laptop{shipped_catalogue()};
  laptop.keep("case", case_of("2025-02-01", "female", {"HN"}, "", "HC", "TV"));
  const RecordId lost = laptop.keep("case", case_of("2025-02-01", "male", {"TE", "HN"}, "", "HC", "TV"));
  const Report report = made(laptop, "stat24");
  REQUIRE(!report.tables[0].broken.empty());
  const ReportTable::Broken& broken = report.tables[0].broken.front();
  CHECK(broken.line == "all");
  CHECK(broken.left == 2000);
  CHECK(broken.right == 1000);
  const std::vector<RecordId> men = behind(laptop, "stat24", "3", "male");
  CHECK(men == std::vector<RecordId>{lost});
}

TEST_CASE("form 25 equals a count of the same cases one by one, half cases included") {
  ManyCases many;
  const Report report = made(many.laptop, "stat25");
  const std::map<std::string, std::string> columns = {{"TGVPL", "tgvpl"},
                                                      {"LS_HD", "lawyers_centre"},
                                                      {"LS_TCHD", "lawyers_contracted"},
                                                      {"LS_TCDK", "lawyers_registered"},
                                                      {"TVV_TCHD", "advisers_contracted"},
                                                      {"TVV_TCDK", "advisers_registered"},
                                                      {"CTV", "collaborators"}};
  std::map<std::pair<std::string, std::string>, std::int64_t> expected;
  for (const Json& one : many.cases) {
    const std::string accepted = one["date"], ended = one.value("ended_on", std::string());
    const std::string field = group_of(one["legal_field"]), form = one["service_form"];
    for (const std::string& row : {std::string("all"), field, field + "." + form, form}) {
      if (accepted >= "2025" || ended.empty() || ended >= "2025")
        expected[{row, accepted < "2025" ? "carried_over" : "accepted"}] += 1000;
      if (ended < "2025" || ended > "2025-12-31") continue;
      expected[{row, "ended"}] += 1000;
      for (const Json& provider : one["providers"])
        expected[{row, columns.at(provider["provider_type"])}] += provider["share"] == "0.5" ? 500 : 1000;
    }
  }
  bool halves = false;
  for (const ReportLine& line : report.tables[0].lines)
    for (std::size_t i = 0; i < report.tables[0].columns.size(); ++i) {
      if (report.tables[0].columns[i].kind == ReportColumn::Kind::sum) continue;
      CAPTURE(line.code);
      CAPTURE(report.tables[0].columns[i].name);
      CHECK(line.cells[i].figure == expected[{line.code, report.tables[0].columns[i].name}]);
      halves = halves || *line.cells[i].figure % 1000 == 500;
    }
  CHECK(halves);
  CHECK(report.tables[0].broken.empty());
}

TEST_CASE("shares of a case that do not make one are told by form 25") {
  LaptopStore laptop{shipped_catalogue()};
  Json one = case_of("2025-02-01", "male", {"HN"}, "", "HS", "TGTT");
  one["providers"] = {by("TGVPL", "0.5"), by("LS_HD", "0.25")};
  one["result"] = "done";
  one["ended_on"] = "2025-05-01";
  laptop.keep("case", one);
  const Report report = made(laptop, "stat25");
  REQUIRE(!report.tables[0].broken.empty());
  CHECK(report.tables[0].broken.front().left == 1000);
  CHECK(report.tables[0].broken.front().right == 750);
}

TEST_CASE("statistics of six months take what was done to 31 May and say what June is likely to add") {
  LaptopStore laptop{shipped_catalogue()};
  for (const char* accepted : {"2025-01-05", "2025-03-05", "2025-05-31", "2025-06-01"})
    laptop.keep("case", case_of(accepted, "male", {"HN"}, "", "HS", "TV"));
  const ReportWindow window = find_preset("statistics_half_year")->around(day("2025-04-01"));
  CHECK(window.actual_to == day("2025-05-31"));
  const Report report = made(laptop, "stat24", window);
  CHECK(figure(report, "all", "total") == 3000);  // 1 June is not in the actual part
  // 3 in 151 days, 30 days left: 0.6, as a whole 1.
  CHECK(report.tables[0].line("all")->estimated[*report.tables[0].column("total")] == 1000);
}

TEST_CASE("estimates of form 24 keep its check sums within each line") {
  ManyCases many;
  const Report report = made(many.laptop, "stat24", find_preset("statistics_year")->around(day("2025-04-01")));
  const ReportTable& table = report.tables[0];
  const auto estimated = [&](const ReportLine& line, std::size_t first, std::size_t last) {
    std::int64_t sum = 0;
    for (std::size_t i = first; i <= last; ++i) sum += line.estimated[i].value_or(0);
    return sum;
  };
  for (const ReportLine& line : table.lines) {
    CAPTURE(line.code);
    CHECK(estimated(line, 0, 0) == estimated(line, 1, 2));
    CHECK(estimated(line, 0, 0) == estimated(line, 3, 17));
  }
  CHECK(estimated(*table.line("all"), 0, 0) > 0);
}

TEST_CASE("administrative periods run from the 15th to the 14th, also over the new year") {
  const auto window = [](const char* preset, const char* on) {
    const ReportWindow made = find_preset(preset)->around(day(on));
    return iso_text(made.from) + " " + iso_text(made.to);
  };
  CHECK(window("administrative_month", "2025-03-14") == "2025-02-15 2025-03-14");
  CHECK(window("administrative_month", "2025-03-15") == "2025-03-15 2025-04-14");
  CHECK(window("administrative_month", "2025-12-20") == "2025-12-15 2026-01-14");
  CHECK(window("administrative_quarter", "2025-05-01") == "2025-03-15 2025-06-14");
  CHECK(window("administrative_half_year", "2025-05-01") == "2024-12-15 2025-06-14");
  CHECK(window("administrative_year", "2025-12-15") == "2025-12-15 2026-12-14");
  CHECK(window("statistics_year", "2025-08-01") == "2025-01-01 2025-12-31");
  CHECK(window("movement", "2025-08-01") == "2025-01-01 2025-09-30");
  CHECK(window("phase", "2025-08-01") == "2021-01-01 2025-12-31");
}

TEST_CASE(
    "without a denominator there is no share, neither 0 % nor 100 %; people count once however often they come") {
  LaptopStore laptop{shipped_catalogue()};
  const char* place = "32059@post-2025-07";
  const char* other = "32062@post-2025-07";
  for (const char* each : {place, other})
    laptop.keep("commune_baseline",
                {{"place", each}, {"year", 2024}, {"ntm_status", "advanced"}, {"ntm_from", "2024-05-01"}});
  laptop.keep("commune_baseline", {{"place", place}, {"year", 2025}, {"eligible_people", 4}, {"source", "CV 12"}});
  const auto person = [](const char* name, const char* birth) {
    return Json{{"full_name", name}, {"sex", "female"}, {"birth_date", birth}, {"eligibility", {"HN"}}};
  };
  const auto session = [&](const char* where, Json roster) {
    laptop.keep("outreach_session",
                {{"title", "Buổi"}, {"date", "2025-08-01"}, {"place", where}, {"roster", std::move(roster)}});
  };
  Json not_eligible = person("Bà Không", "1960");
  not_eligible.erase("eligibility");
  session(place, {person("Thạch Thị Sa", "1960"), person("Lý Mận", "1970"), not_eligible});
  session(place, {person("THẠCH THỊ SA", "1960-03-02")});  // 2 lượt, 1 người
  session(other, {person("Trần Bưởi", "1980")});
  laptop.keep("outreach_session",
              {{"title", "Đếm"}, {"date", "2025-08-02"}, {"place", place}, {"headcount_total", 52}});
  Json consulted = {{"date", "2025-09-01"}, {"full_name", "Phạm Cam"}, {"sex", "male"},  {"eligibility", {"DTTS"}},
                    {"place", place},       {"legal_field", "DD"},     {"summary", "x"}, {"outcome", "answered"}};
  laptop.keep("consultation", consulted);
  const Report report = made(laptop, "kpi");
  CHECK(figure(report, place, "reached") == 3000);
  CHECK(figure(report, place, "eligible") == 4000);
  CHECK(figure(report, place, "share") == 75'000);  // 75 %
  CHECK(figure(report, place, "estimated_reach") == 52'000);
  const ReportTable& kpi1 = report.tables[0];
  const ReportCell& share = kpi1.line(other)->cells[*kpi1.column("share")];
  CHECK(!share.figure.has_value());
  CHECK(figure_text(kpi1.columns[*kpi1.column("share")], share, "vi") == "không có mẫu số");
  // Nor has the sum of all communes one while one of them lacks its own.
  CHECK(!kpi1.total->cells[*kpi1.column("share")].figure.has_value());
  const Json json = report_json(report);
  for (const Json& line : json["tables"][0]["communes"])
    if (line["commune"] == other) CHECK(line["share"].is_null());
}

TEST_CASE("quality counts assessed cases alone, and a forbidden act fails whatever the points") {
  LaptopStore laptop{shipped_catalogue()};
  const auto assessed = [&](const char* form, Json scores, const char* breach) {
    Json one = case_of("2025-01-02", "male", {"HN"}, "", "HS", form);
    one["providers"] = {by("TGVPL", "0.5"), by("LS_HD", "0.5")};
    one["assessed_on"] = "2025-06-01";
    one["score_responsibility"] = scores[0];
    one["score_performance"] = scores[1];
    if (!scores[2].is_null()) one["score_satisfaction"] = scores[2];
    one["breach"] = breach;
    laptop.keep("case", one);
  };
  assessed("TGTT", {30, 50, 10}, "no");       // 90: tốt
  assessed("TGTT", {"29.9", 50, 10}, "no");   // 89,9: khá
  assessed("DDNTT", {20, 40, 9}, "no");       // 69: đạt
  assessed("TGTT", {30, 60, 10}, "yes");      // 100, không đạt
  assessed("TV", {30, 60, 10}, "no");         // advice is not assessed by the authority
  assessed("TGTT", {30, 60, nullptr}, "no");  // not all points
  laptop.keep("case", case_of("2025-01-02", "male", {"HN"}, "", "HS", "TGTT"));
  const Report report = made(laptop, "kpi");
  CHECK(figure(report, 2, "total", "assessed") == 4000);
  CHECK(figure(report, 2, "total", "good") == 1000);
  CHECK(figure(report, 2, "total", "fair") == 1000);
  CHECK(figure(report, 2, "total", "passed") == 1000);
  CHECK(figure(report, 2, "total", "failed") == 1000);
  CHECK(figure(report, 2, "total", "unrated") == 1000);
  CHECK(figure(report, 2, "total", "share") == 50'000);
  CHECK(figure(report, 2, "LS_HD", "assessed") == 4000);  // stands in the line of each of its providers
}

TEST_CASE("providers trained and officers' cases are those of active providers, with bands by seniority") {
  LaptopStore laptop{shipped_catalogue()};
  const RecordId an =
      laptop.keep("provider", {{"full_name", "Lê An"}, {"provider_type", "TGVPL"}, {"appointed_on", "2012-05-01"}});
  laptop.keep("provider", {{"full_name", "Võ Bê"}, {"provider_type", "TGVPL"}, {"appointed_on", "2021-01-01"}});
  laptop.keep("provider", {{"full_name", "Đỗ Cê"}, {"provider_type", "LS_HD"}, {"ended_on", "2020-01-01"}});
  laptop.keep("provider", {{"full_name", "Bộ đội Dê"}, {"provider_type", "BP"}});
  laptop.keep(
      "training_class",
      {{"title", "Lớp"},
       {"date", "2022-03-05"},
       {"roster",
        {{{"full_name", "LE AN"}, {"sex", "male"}, {"role", "learner"}, {"provider", text(an)}, {"hours", "7.5"}},
         {{"full_name", "Đỗ Cê"}, {"sex", "male"}, {"role", "learner"}, {"hours", 4}}}}});
  for (int i = 0; i < 14; ++i) {
    Json one = case_of("2022-01-02", "male", {"HN"}, "", "HS", "TGTT");
    one["providers"] = {{{"provider", text(an)}, {"share", i == 13 ? "0.5" : "1"}}};
    one["result"] = "done";
    one["ended_on"] = "2022-06-01";
    laptop.keep("case", one);
  }
  const ReportWindow year_2022{{2022, 1, 1}, {2022, 12, 31}, {}};
  ReportOptions names;
  names.names = true;
  const Report report = made(laptop, "kpi", year_2022, names);
  CHECK(figure(report, 3, "total", "active") == 2000);
  CHECK(figure(report, 3, "total", "trained") == 1000);
  CHECK(figure(report, 3, "total", "share") == 50'000);
  const ReportTable& kpi4 = report.tables[4];
  REQUIRE(kpi4.lines.size() == 2);
  CHECK(kpi4.lines[0].label.vi == "Lê An");
  CHECK(kpi4.lines[0].cells[*kpi4.column("cases")].figure == 13'500);  // half a case is exact
  CHECK(kpi4.lines[0].cells[*kpi4.column("grade")].text == "Đạt");     // 13 to 20 from 5 years on
  CHECK(kpi4.lines[1].cells[*kpi4.column("grade")].text == "Chưa đạt");
  // 2025 has no bands: nobody is graded.
  const Report later = made(laptop, "kpi");
  CHECK(later.tables[4].lines[0].cells[*kpi4.column("grade")].text.empty());
  // Without names persons have a number.
  CHECK(later.tables[4].lines[0].label.vi == "Số thứ tự 1");

  const Report hours = made(laptop, "training_hours", year_2022, names);
  CHECK(hours.tables[0].lines[0].cells[*hours.tables[0].column("hours")].figure == 7500);
  CHECK(hours.tables[0].lines[0].cells[*hours.tables[0].column("fulfilled")].text == "Chưa đủ");
  REQUIRE(hours.tables[1].lines.size() == 1);
  CHECK(hours.tables[1].lines[0].cells[*hours.tables[1].column("title")].text == "Lớp");
}

TEST_CASE("plan against result has the appendix's columns, and activities of no task their own line") {
  LaptopStore laptop{shipped_catalogue()};
  const RecordId task = laptop.keep("plan_task", {{"number", "II.1"},
                                                  {"title", "Truyền thông ở xã khó khăn"},
                                                  {"lead_organisation", "Trung tâm"},
                                                  {"partners", "UBND xã"},
                                                  {"period", "yearly"},
                                                  {"product", "Buổi truyền thông"},
                                                  {"target", 4}});
  laptop.keep("plan_task", {{"number", "II.2"}, {"title", "Đường dây nóng"}, {"period", "regular"}});
  for (int i = 0; i < 3; ++i)
    laptop.keep("outreach_session", {{"title", "Buổi"}, {"date", "2025-03-01"}, {"plan_task", text(task)}});
  laptop.keep("media_product", {{"title", "Pa-nô"}, {"date", "2025-03-01"}, {"format", "PANO"}, {"quantity", 5}});
  const Report report = made(laptop, "plan_result");
  const ReportTable& table = report.tables[0];
  REQUIRE(table.lines.size() == 3);
  CHECK(table.lines[0].number == "II.1");
  CHECK(table.lines[0].cells[*table.column("lead")].text == "Trung tâm");
  CHECK(table.lines[0].cells[*table.column("timing")].text == "Hằng năm");
  CHECK(table.lines[0].cells[*table.column("done")].figure == 3000);
  CHECK(table.lines[0].cells[*table.column("share")].figure == 75'000);
  CHECK(!table.lines[1].cells[*table.column("target")].figure.has_value());
  CHECK(!table.lines[1].cells[*table.column("share")].figure.has_value());
  CHECK(figure(report, "none", "products") == 5000);
  CHECK(!table.line("none")->cells[*table.column("target")].figure.has_value());
  CHECK(behind(laptop, "plan_result", table.lines[0].code.c_str(), "done").size() == 3);
}

TEST_CASE("at most 15 collectives and 20 individuals are proposed, and equals at the end are left to the council") {
  LaptopStore laptop{shipped_catalogue()};
  for (int agency = 0; agency < 17; ++agency)
    for (int i = 0; i <= (agency < 3 ? 0 : agency); ++i)  // three have one act each
      laptop.keep("referral", {{"direction", "in"},
                               {"date", "2025-04-01"},
                               {"full_name", "A"},
                               {"source", "UBX"},
                               {"form", "GGT13"},
                               {"from_organisation", "UBND xã " + std::to_string(agency + 100)},
                               {"officer", "Cán bộ " + std::to_string(agency + 100)}});
  laptop.keep("referral", {{"direction", "in"},
                           {"date", "2025-10-01"},
                           {"full_name", "A"},
                           {"source", "TA"},
                           {"from_organisation", "Tòa án"}});
  const ReportWindow window = find_preset("movement")->around(day("2025-06-01"));
  const Report report = made(laptop, "movement", window);
  const ReportTable& collectives = report.tables[0];
  CHECK(collectives.lines.size() == 17);  // October is after the cut
  CHECK(collectives.lines[0].code == "UBND xã 116");
  CHECK(collectives.lines[0].rank == 1);
  std::size_t proposed = 0;
  for (const ReportLine& line : collectives.lines) proposed += line.proposed ? 1 : 0;
  CHECK(proposed == 14);  // the 15th has as much as the 16th and 17th
  CHECK(collectives.tie_at_the_end);
  std::size_t individuals = 0;
  for (const ReportLine& line : report.tables[1].lines) individuals += line.proposed ? 1 : 0;
  CHECK(individuals == 17);
  CHECK(!report.tables[1].tie_at_the_end);
  // No name without being asked for.
  CHECK(report_json(report).dump().find("Cán bộ") == std::string::npos);
}

TEST_CASE("the border guard's recap counts shared sessions alone and holds no name and no consultation") {
  LaptopStore laptop{shipped_catalogue()};
  laptop.keep("organisation",
              {{"full_name", "Đồn Biên phòng Khánh Hội"}, {"unit_code", "DBP-KHANHHOI"}, {"kind", "BP"}});
  laptop.keep("outreach_session",
              {{"title", "Buổi"},
               {"date", "2025-03-01"},
               {"co_hosts", "dbp-khanhhoi, UBND-KA"},
               {"leaflets", 40},
               {"roster", {{{"full_name", "Trần Thị Tên"}, {"sex", "female"}, {"ethnicity", "05"}}}}});
  laptop.keep("outreach_session", {{"title", "Đồn"},
                                   {"date", "2025-03-02"},
                                   {"format", "BPPH"},
                                   {"headcount_total", 60},
                                   {"headcount_female", 20}});
  laptop.keep("outreach_session", {{"title", "Riêng"}, {"date", "2025-03-03"}, {"headcount_total", 10}});
  const Report report = made(laptop, "border_guard_recap");
  CHECK(figure(report, "DBP-KHANHHOI", "sessions") == 1000);
  CHECK(figure(report, "DBP-KHANHHOI", "listed_women") == 1000);
  CHECK(figure(report, "none", "headcount") == 60'000);
  CHECK(figure(report, "total", "sessions") == 2000);
  CHECK(report_json(report).dump().find("Trần Thị Tên") == std::string::npos);
}

TEST_CASE(
    "figures stand in the communes of the time or in today's, and split ones without a hamlet are undetermined") {
  LaptopStore laptop{shipped_catalogue()};
  const auto request = [&](const char* place) {
    laptop.keep("request", {{"date", "2025-03-01"},
                            {"place", place},
                            {"full_name", "A"},
                            {"sex", "male"},
                            {"eligibility", {"HN"}},
                            {"legal_field", "DS"},
                            {"decision", "accepted"},
                            {"accepted_on", "2025-03-02"}});
  };
  request("32023@pre-2025-07");  // Xã An Xuyên, today phường An Xuyên
  request("32002@pre-2025-07");  // Phường 2, the same today
  request("32053@pre-2025-07");  // Xã Nguyễn Phích, split among three
  const Report then = made(laptop, "kpi");
  CHECK(figure(then, 1, "32023@pre-2025-07", "requests") == 1000);
  CHECK(figure(then, 1, "32053@pre-2025-07", "requests") == 1000);
  ReportOptions today;
  today.todays_places = true;
  const Report now = made(laptop, "kpi", year_2025, today);
  CHECK(figure(now, 1, "32002@post-2025-07", "requests") == 2000);
  CHECK(figure(now, 1, "undetermined", "requests") == 1000);
  CHECK(now.tables[1].line("32023@pre-2025-07") == nullptr);
  CHECK(figure(now, 1, "total", "requests") == 3000);
}

TEST_CASE("what was found to be the same counts once, by the report with the signed roster") {
  LaptopStore laptop{shipped_catalogue()};
  const RecordId ours =
      laptop.keep("outreach_session", {{"title", "Trung tâm"}, {"date", "2025-03-01"}, {"headcount_total", 52}});
  const RecordId theirs =
      laptop.keep("outreach_session",
                  {{"title", "Đồn"},
                   {"date", "2025-03-01"},
                   {"headcount_total", 60},
                   {"paper_roster_signed", "yes"},
                   {"roster", {{{"full_name", "A"}, {"sex", "female"}}, {{"full_name", "B"}, {"sex", "male"}}}}});
  CHECK(figure(made(laptop, "programmes"), "total", "sessions") == 2000);
  const Form& same_as = *laptop.catalogue.form("same_as");
  const auto decide = [&](const char* decision) {
    const Fields answers = {{{same_as.find("decision")->number, ""}, std::string(decision)},
                            {{same_as.find("kept")->number, ""}, ours}};
    REQUIRE(laptop.store->decide(same_as, {ours, theirs}, answers, "cùng một buổi"));
  };
  decide("same");
  const Report report = made(laptop, "programmes");
  CHECK(figure(report, "total", "sessions") == 1000);
  CHECK(figure(report, "total", "participants.roster.total") == 2000);
  CHECK(figure(report, "total", "participants.estimated.total") == 0);
  decide("undecided");
  CHECK(figure(made(laptop, "programmes"), "total", "sessions") == 2000);
}

TEST_CASE("a report of the same records is the same to the byte, and stops when asked to") {
  ManyCases many;
  for (const ReportDefinition& definition : shipped_reports()) {
    CAPTURE(definition.name);
    const std::string one = report_json(made(many.laptop, definition.name.c_str())).dump();
    CHECK(one == report_json(made(many.laptop, definition.name.c_str())).dump());
  }
  ReportOptions stopped;
  stopped.goes_on = [] { return false; };
  const auto report =
      make_report(many.laptop.store->database(), many.laptop.catalogue, *find_report("stat24"), year_2025, stopped);
  REQUIRE(!report);
  CHECK(report.error().code == ErrorCode::interrupted);
  made(many.laptop, "stat24");  // and works again
}

TEST_CASE("a definition with faults is refused with every fault by its place, and cannot write or look elsewhere") {
  const auto faults = [](const char* changed, const char* by) {
    std::string json =
        R"({"name": "own", "label::vi": "Của ta", "label::en": "Ours", "line": "row", "line::vi": "Dòng",
      "line::en": "Row", "rows": {"found": true}, "columns": [{"name": "number", "label::vi": "Số", "label::en": "Number"}],
      "facts": ["SELECT record, form AS row, 1 AS number FROM counted"]})";
    if (*changed != '\0') json.replace(json.find(changed), std::string_view(changed).size(), by);
    const auto loaded = load_report(json, shipped_catalogue());
    return loaded ? std::string() : loaded.error().message;
  };
  CHECK(faults("", "").empty());
  CHECK(faults("FROM counted", "FROM countde").find("facts[0]: no such table: countde") != std::string::npos);
  CHECK(faults("1 AS number", "1 AS nummer").find("facts[0]: answers 'nummer', which is no column") !=
        std::string::npos);
  CHECK(faults("SELECT record, form AS row, 1 AS number FROM counted", "DELETE FROM record")
            .find("facts[0]: not authorized") != std::string::npos);
  CHECK(faults("FROM counted", "FROM counted; SELECT 1").find("facts[0]: more than one statement") !=
        std::string::npos);
  CHECK(!faults("FROM counted", "FROM changes").empty());  // the journal is nobody's to read
  CHECK(!faults("FROM counted", "FROM sqlite_master").empty());
  CHECK(faults("1 AS number", ":form AS number").find("no parameter is called ':form'") != std::string::npos);
  CHECK(faults("\"line\"", "\"lien\"").find("lien: an unknown member") != std::string::npos);
  CHECK(faults("{\"found\": true}", "{\"list\": \"nowhere\"}").find("rows.list: no code list is called 'nowhere'") !=
        std::string::npos);
  CHECK(faults("\"name\": \"own\"", "\"presets\": [\"moon\"], \"name\": \"own\"")
            .find("presets: no preset is called 'moon'") != std::string::npos);
  CHECK(!load_report("{", shipped_catalogue()));
}

TEST_CASE("heads merge over the columns below them, and CSV for a spreadsheet runs no cell") {
  LaptopStore laptop{shipped_catalogue()};
  const Report report = made(laptop, "stat25");
  const ReportHead head = report_head(report.tables[0], "vi");
  CHECK(head.rows == 3);
  const auto cell = [&](const char* text) {
    for (const HeadCell& each : head.cells)
      if (each.text == text) return each;
    FAIL("no head ", text);
    return HeadCell{};
  };
  CHECK(cell("Vụ việc thực hiện trong kỳ").columns == 3);
  CHECK(cell("Vụ việc kết thúc trong kỳ").columns == 10);
  CHECK(cell("Luật sư").columns == 4);
  CHECK(cell("Luật sư").row == 1);
  CHECK(cell("Lĩnh vực, hình thức").rows == 3);
  laptop.keep("referral", {{"direction", "in"},
                           {"date", "2025-04-01"},
                           {"full_name", "A"},
                           {"source", "UBX"},
                           {"from_organisation", "=HYPERLINK(\"x\")"}});
  const std::string csv = report_csv(made(laptop, "movement"), true);
  CHECK(csv.find("'=HYPERLINK") != std::string::npos);
  CHECK(csv.find(";=") == std::string::npos);
}

TEST_CASE("XLSX and PDF are made of every report, and a workbook that cannot be written leaves nothing") {
  ManyCases many;
  ScratchFolder folder;
  const Report report = made(many.laptop, "stat24");
  for (const ReportDefinition& definition : shipped_reports()) {
    CAPTURE(definition.name);
    const std::string path = (folder.path() / (definition.name + ".xlsx")).string();
    const auto written =
        write_report_xlsx(many.laptop.store->database(), many.laptop.catalogue, definition, year_2025, {}, {}, path);
    CHECK_MESSAGE(written, (written ? "" : written.error().message));
    CHECK(std::filesystem::file_size(path) > 4'000);
    const auto pdf = report_pdf(made(many.laptop, definition.name.c_str()), {});
    REQUIRE(pdf);
    CHECK(pdf->size() > 4'000);
  }
  const std::size_t files =
      static_cast<std::size_t>(std::distance(std::filesystem::directory_iterator(folder.path()), {}));
  CHECK(files == shipped_reports().size());
  const auto nowhere = write_report_xlsx(many.laptop.store->database(), many.laptop.catalogue, *find_report("stat24"),
                                         year_2025, {}, {}, (folder.path() / "none" / "x.xlsx").string());
  CHECK(!nowhere);
}
