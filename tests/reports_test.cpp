// Reports against figures written by hand: what each record below adds to which line can be counted on paper.
#include "shared/foundation/csv.h"
#include "shared/reports/report.h"
#include "tests/support/laptop.h"

using namespace fieldpost;
using namespace fieldpost::test;
using Json = nlohmann::json;

namespace {

Json person(const char* name, const char* sex, const char* ethnicity) {
  Json row = {{"full_name", name}};
  if (*sex != '\0') row["sex"] = sex;
  if (*ethnicity != '\0') row["ethnicity"] = ethnicity;
  return row;
}

/// The records of one spring, as two communes would have them.
struct Spring {
  LaptopStore laptop{shipped_catalogue()};
  RecordId with_roster, estimated, deleted;

  Spring() {
    // Two programmes, one of them pays. Five rows, one of them taken out again: 4 lượt.
    with_roster = laptop.keep(
        "outreach_session",
        {{"title", "Buổi một"},
         {"date", "2025-03-14"},
         {"headcount_total", 60},  // not counted: there is a roster
         {"programmes", {"MTQG_NTM_2125", "MTQG_GN_2125"}},
         {"programme_payer", "MTQG_NTM_2125"},
         {"roster",
          {person("Trần Thị Bưởi", "female", "05"), person("Lý Mận", "female", "01"), person("Phạm Cam", "male", ""),
           person("John", "other", "55"), person("Ghi nhầm", "male", "01")}}});
    const auto seen = laptop.store->see(with_roster);
    REQUIRE(seen);
    laptop.edit(with_roster, {{"roster", {{{"_row", text(seen->answers.rows[4].id)}, {"_deleted", true}}}}});
    // A headcount alone.
    estimated = laptop.keep("outreach_session", {{"title", "Buổi hai"},
                                                 {"date", "2025-03"},
                                                 {"headcount_total", 52},
                                                 {"headcount_female", 30},
                                                 {"headcount_minority", 7},
                                                 {"programmes", {"MTQG_NTM_2125"}}});
    // No programme, no figures.
    laptop.keep("outreach_session", {{"title", "Buổi ba"}, {"date", "2025-03-31"}});
    // Outside of March, and taken back.
    laptop.keep("outreach_session",
                {{"title", "Tháng tư"}, {"date", "2025-04-01"}, {"programmes", {"MTQG_NTM_2125"}}});
    deleted = laptop.keep("outreach_session",
                          {{"title", "Xóa"}, {"date", "2025-03-10"}, {"programmes", {"MTQG_NTM_2125"}}});
    laptop.edit(deleted, {{"_deleted", true}});

    const RecordId provider = laptop.keep("provider", {{"full_name", "Lê Bình"}, {"provider_type", "TGVPL"}});
    const auto learner = [](const char* name, const char* type, const char* hours) {
      return Json{
          {"full_name", name}, {"sex", "male"}, {"role", "learner"}, {"provider_type", type}, {"hours", hours}};
    };
    Json by_record = {{"full_name", "Le Binh"}, {"role", "learner"}, {"provider", text(provider)}, {"hours", "3.5"}};
    Json trainer = learner("Thầy Năm", "TGVPL", "8");
    trainer["role"] = "trainer";
    // Four learners, three of them providers by law; the trainer learns nothing.
    laptop.keep("training_class", {{"title", "Lớp một"},
                                   {"date", "2025-03-05"},
                                   {"programmes", {"MTQG_GN_2125"}},
                                   {"programme_payer", "MTQG_GN_2125"},
                                   {"roster",
                                    {by_record, learner("Võ Tư", "LS_HD", "4"), learner("Đỗ Sáu", "CTV", "4.25"),
                                     learner("Bộ đội Bảy", "BP", "4"), trainer}}});
    // The same two people again, in another class and another spelling: distinct providers stay three.
    laptop.keep("training_class", {{"title", "Lớp hai"},
                                   {"date", "2025-03-20"},
                                   {"programmes", {"MTQG_NTM_2125"}},
                                   {"roster", {by_record, learner("VÕ TƯ", "LS_HD", "4")}}});

    const auto consultation = [&](Json values) {
      values["date"] = "2025-03-14";
      laptop.keep("consultation", values);
    };
    consultation({{"full_name", "A"},
                  {"legal_field", "DD"},
                  {"eligibility", {"HN", "DTTS"}},
                  {"used_category", "HN"},
                  {"programmes", {"MTQG_NTM_2125"}},
                  {"programme_payer", "MTQG_NTM_2125"}});
    consultation({{"full_name", "B"}, {"legal_field", "DD"}, {"eligibility", {"DTTS"}}});
    consultation({{"full_name", "C"}, {"legal_field", "HNGD"}, {"eligibility", {"HN", "NCT"}}});
    // The payer stayed behind when its programme was unchosen.
    consultation({{"full_name", "D"}, {"programme_payer", "MTQG_NTM_2125"}});
  }

  Report report(const char* from, const char* to) {
    const Result<Report> made = make_report(laptop.store->database(), laptop.catalogue, *find_report("programmes"),
                                            {*parse_iso_date(from), *parse_iso_date(to), {}}, {});
    REQUIRE_MESSAGE(made, (made ? "" : made.error().message));
    return *made;
  }
};

Json line_of(const Json& report, const char* programme) {
  for (const Json& line : report["programmes"])
    if (line["programme"] == programme) return line;
  FAIL("no line ", programme);
  return {};
}

}  // namespace

TEST_CASE("results per programme equal what the records of one month add up to on paper") {
  Spring spring;
  const Json report = report_json(spring.report("2025-03-01", "2025-03-31"));
  CHECK(report["report"] == "programmes");
  CHECK(report["from"] == "2025-03-01");

  const Json ntm = line_of(report, "MTQG_NTM_2125");
  CHECK(ntm["sessions"] == 2);
  CHECK(ntm["sessions_with_roster"] == 1);
  CHECK(ntm["sessions_estimated"] == 1);
  CHECK(ntm["participants"]["roster"]["total"] == 4);
  CHECK(ntm["participants"]["roster"]["female"] == 2);
  CHECK(ntm["participants"]["roster"]["male"] == 1);
  CHECK(ntm["participants"]["roster"]["other"] == 1);
  CHECK(ntm["participants"]["roster"]["unknown"] == 0);
  CHECK(ntm["participants"]["roster"]["kinh"] == 1);
  CHECK(ntm["participants"]["roster"]["minority"] == 1);
  CHECK(ntm["participants"]["roster"]["foreign"] == 1);
  CHECK(ntm["participants"]["roster"]["ethnicity_unknown"] == 1);
  CHECK(ntm["participants"]["roster"]["by_ethnicity"] == Json{{"01", 1}, {"05", 1}, {"55", 1}});
  CHECK(ntm["participants"]["estimated"] == Json{{"total", 52}, {"female", 30}, {"minority", 7}});
  CHECK(ntm["classes"] == 1);
  CHECK(ntm["class_participants"] == 2);
  CHECK(ntm["providers_trained"] == 2);
  CHECK(ntm["provider_hours"] == 7.5);
  CHECK(ntm["consultations"]["total"] == 1);
  CHECK(ntm["paid"] == Json{{"sessions", 1}, {"classes", 0}, {"consultations", 1}});

  const Json poverty = line_of(report, "MTQG_GN_2125");
  CHECK(poverty["sessions"] == 1);
  CHECK(poverty["classes"] == 1);
  CHECK(poverty["class_participants"] == 4);
  CHECK(poverty["providers_trained"] == 3);
  CHECK(poverty["provider_hours"] == 11.75);
  CHECK(poverty["paid"] == Json{{"sessions", 0}, {"classes", 1}, {"consultations", 0}});

  const Json none = line_of(report, "none");
  CHECK(none["sessions"] == 1);
  CHECK(none["sessions_estimated"] == 0);
  CHECK(none["consultations"]["total"] == 3);
  CHECK(none["paid"]["consultations"] == 0);

  // Each activity once, though one session stands in two lines; a provider of two classes is one person.
  const Json& total = report["total"];
  CHECK(total["sessions"] == 3);
  CHECK(total["participants"]["roster"]["total"] == 4);
  CHECK(total["classes"] == 2);
  CHECK(total["providers_trained"] == 3);
  CHECK(total["provider_hours"] == 19.25);
  CHECK(total["consultations"]["total"] == 4);
  CHECK(total["consultations"]["by_field"] == Json{{"DD", 2}, {"HNGD", 1}, {"unknown", 1}});
  CHECK(total["consultations"]["by_category"] == Json{{"HN", 1}, {"DTTS", 1}, {"unknown", 2}});
  CHECK(total["paid"] == Json{{"sessions", 1}, {"classes", 1}, {"consultations", 1}});
}

TEST_CASE("a window takes both of its ends and nothing beside them") {
  Spring spring;
  CHECK(report_json(spring.report("2025-03-14", "2025-03-14"))["total"]["sessions"] == 1);
  CHECK(report_json(spring.report("2025-03-02", "2025-03-13"))["total"]["sessions"] == 0);
  CHECK(report_json(spring.report("2025-01-01", "2025-12-31"))["total"]["sessions"] == 4);
  // A date of a month alone stands for its first day.
  CHECK(report_json(spring.report("2025-03-01", "2025-03-01"))["total"]["sessions"] == 1);
  const Report empty = spring.report("2030-01-01", "2030-12-31");
  CHECK(report_json(empty)["total"]["sessions"] == 0);
  // Programmes that run in the window have their line, also when nothing was done; those that ended do not.
  bool merged = false, ended = false;
  for (const ReportLine& line : empty.tables.front().lines) {
    merged = merged || line.code == "MTQG_2635";
    ended = ended || line.code == "MTQG_NTM_2125";
  }
  CHECK(merged);
  CHECK(!ended);
}

TEST_CASE("hours follow from the days a provider was present, unless somebody wrote others") {
  LaptopStore laptop{shipped_catalogue()};
  const auto keep = [&](Json values) {
    values["title"] = "Lớp";
    values["programmes"] = {"MTQG_GN_2125"};
    laptop.keep("training_class", values);
  };
  const auto learner = [](const char* name, Json more) {
    more.update({{"full_name", name}, {"sex", "male"}, {"role", "learner"}, {"provider_type", "TGVPL"}});
    return more;
  };
  keep({{"date", "2025-03-05"},
        {"end_date", "2025-03-07"},
        {"hours_planned", 12},
        {"roster",
         {learner("Một", {{"days_present", {"1", "3"}}}), learner("Hai", {{"days_present", {"2"}}, {"hours", "2.5"}}),
          learner("Ba", Json::object())}}});
  keep({{"date", "2025-03-20"}, {"hours_per_day", "3.5"}, {"roster", {learner("Một", {{"days_present", {"1"}}})}}});
  const Result<Report> made = make_report(laptop.store->database(), laptop.catalogue, *find_report("programmes"),
                                          {*parse_iso_date("2025-01-01"), *parse_iso_date("2025-12-31"), {}}, {});
  REQUIRE(made);
  CHECK(report_json(*made)["total"]["provider_hours"] == 14);  // 8 + 2,5 + 3,5
}

TEST_CASE("CSV has one header with stable names, a line each and the total last") {
  Spring spring;
  const Report report = spring.report("2025-03-01", "2025-03-31");
  const auto table = read_csv(report_csv(report, false));
  REQUIRE(table);
  CHECK(table->header[0] == "programme");
  CHECK(table->lines.back().cells[0] == "total");
  const auto figure = [&](const CsvTable::Line& line, const char* column) {
    return line.cells[*table->column(column)];
  };
  CHECK(figure(table->lines.back(), "sessions") == "3");
  CHECK(figure(table->lines.back(), "participants_roster_female") == "2");
  CHECK(figure(table->lines.back(), "provider_hours") == "19.25");
  CHECK(figure(table->lines.back(), "consultations_by_field_DD") == "2");
  const std::string for_excel = report_csv(report, true);
  CHECK(for_excel.starts_with("\xEF\xBB\xBFprogramme;label;"));
  CHECK(for_excel.find(";19,25;") != std::string::npos);
}
