#include "shared/forms/code_list.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include "shared/forms/assets.h"

using namespace fieldpost;

namespace {

constexpr CivilDate before_reform{2025, 6, 30}, after_reform{2025, 7, 1};

std::vector<std::string> codes(const std::vector<const Option*>& options) {
  std::vector<std::string> out;
  for (const Option* option : options) out.push_back(option->code);
  return out;
}

std::vector<std::string> keys(const std::vector<const Place*>& places) {
  std::vector<std::string> out;
  for (const Place* place : places) out.push_back(place->key());
  return out;
}

std::string fault_of(std::string_view csv) {
  const Result<CodeList> list = load_code_list("test", csv);
  return list ? "none" : list.error().message;
}

constexpr const char* place_header =
    "code,name,unit_type,scheme,province_code,province_name,district_code,district_name,valid_from,valid_to,"
    "successor_codes,predecessor_codes,is_split,decree\n";

}  // namespace

TEST_CASE("every shipped list loads, and every option has a label in both languages") {
  const Catalogue& shipped = shipped_catalogue();
  CHECK(shipped.lists.size() >= 20);
  for (const auto& [name, list] : shipped.lists) {
    CAPTURE(name);
    CHECK(list.name == name);
    for (const Option& option : list.options) {
      CHECK_FALSE(option.label.vi.empty());
      CHECK_FALSE(option.label.en.empty());
    }
  }
  REQUIRE(shipped.list("ethnic_groups"));
  CHECK(shipped.list("ethnic_groups")->find("05")->label.vi == "Khơ-me");
  CHECK(shipped.list("no_such_list") == nullptr);
}

TEST_CASE("the shipped lists do not carry the columns that say how sure a row is") {
  for (const auto& [name, list] : shipped_catalogue().lists)
    for (const Option& option : list.options)
      for (const char* column : {"evidence", "source", "note"}) CHECK(option.columns.count(column) == 0);
}

TEST_CASE("an option counts on its own days, both ends included") {
  const CodeList& list = *shipped_catalogue().list("eligibility_categories");
  const Option& old = *list.find("BT1618");
  CHECK(old.valid_on({2018, 1, 1}));
  CHECK(old.valid_on({2025, 12, 31}));
  CHECK_FALSE(old.valid_on({2026, 1, 1}));
  CHECK_FALSE(old.valid_on({2017, 12, 31}));
  const Option& trafficked = *list.find("MBN");
  CHECK_FALSE(trafficked.valid_on({2025, 6, 30}));
  CHECK(trafficked.valid_on({2025, 7, 1}));
  CHECK(list.find("NCTN_BH")->parent == "NCTN");
}

TEST_CASE("a list is searched without marks, by label, code or alias, on a day") {
  const Catalogue& shipped = shipped_catalogue();
  CHECK(codes(shipped.list("ethnic_groups")->search("khmer", after_reform)) == std::vector<std::string>{"05"});
  CHECK(codes(shipped.list("ethnic_groups")->search("ra glai", after_reform)).front() == "21");
  CHECK(codes(shipped.list("legal_fields")->search("dat dai", after_reform)) == std::vector<std::string>{"DD"});
  CHECK(codes(shipped.list("legal_fields")->search("HS", after_reform)).front() == "HS");
  const auto old = shipped.list("eligibility_categories")->search("mua ban nguoi", before_reform);
  CHECK(codes(old) == std::vector<std::string>{"MBN7"});
  CHECK(shipped.list("sexes")->search("", after_reform).size() == 3);
}

TEST_CASE("a bad list tells every fault with its line, and nothing of it is loaded") {
  CHECK(fault_of("code,vi\nA,Một\n") == "line 1: the column en is missing");
  const std::string faults = fault_of(
      "code,vi,en,valid_from,valid_to,parent\n"
      "A,Một,One,,,\n"
      "A,Hai,Two,,,\n"
      ",Ba,Three,,,\n"
      "D,,Four,,,\n"
      "E,Năm,Five,01/02/2025,,\n"
      "F,Sáu,Six,2025-02-01,2025-01-01,\n"
      "G,Bảy,Seven,,,Z\n"
      "H I,Tám,Eight,,,\n");
  CHECK(faults.find("line 3: the code A stands in line 2 too") != std::string::npos);
  CHECK(faults.find("line 4: the code is empty") != std::string::npos);
  CHECK(faults.find("line 5: the label vi is empty") != std::string::npos);
  CHECK(faults.find("line 6: valid_from is no day") != std::string::npos);
  CHECK(faults.find("line 7: valid_from lies after valid_to") != std::string::npos);
  CHECK(faults.find("line 8: the parent Z is not in the list") != std::string::npos);
  CHECK(faults.find("line 9: the code is empty or no plain word") != std::string::npos);
  CHECK(fault_of("code,vi,en\n").find("no option") != std::string::npos);
  CHECK(fault_of("code,vi,en\nA,\xff,One\n") != "none");
}

TEST_CASE("a commune is known by code and scheme: the same code is two units") {
  const Gazetteer& places = shipped_catalogue().places;
  REQUIRE(places.find("22795@pre-2025-07"));
  REQUIRE(places.find("22795@post-2025-07"));
  CHECK(places.find("22795@pre-2025-07")->name == "Xã Phước Thắng");
  CHECK(places.find("22795@post-2025-07")->name == "Xã Bác Ái");
  CHECK(places.find("22795") == nullptr);
}

TEST_CASE("an old commune leads to the units of today, one or several") {
  const Gazetteer& places = shipped_catalogue().places;
  CHECK(keys(places.today(*places.find("32053@pre-2025-07"))) ==
        std::vector<std::string>{"32044@post-2025-07", "32059@post-2025-07", "32062@post-2025-07"});
  CHECK(keys(places.today(*places.find("32059@pre-2025-07"))) == std::vector<std::string>{"32059@post-2025-07"});
  CHECK(keys(places.today(*places.find("32059@post-2025-07"))) == std::vector<std::string>{"32059@post-2025-07"});
}

TEST_CASE("a place is found by its old name too, units of the day first") {
  const Gazetteer& places = shipped_catalogue().places;
  const auto now = keys(places.search("nguyen phich", after_reform, 10));
  REQUIRE(now.size() == 2);
  CHECK(now[0] == "32044@post-2025-07");
  const auto then = keys(places.search("nguyen phich", before_reform, 10));
  CHECK(then[0] == "32053@pre-2025-07");
  CHECK(keys(places.search("khanh hoi", after_reform, 10)) == std::vector<std::string>{"32062@pre-2025-07"});
  CHECK(keys(places.search("phuoc thang bac ai", after_reform, 10)) == std::vector<std::string>{"22795@pre-2025-07"});
  CHECK(places.search("", after_reform, 5).size() == 5);
  CHECK(places.search("không có ở đâu", after_reform, 5).empty());
}

TEST_CASE("loading the same places again changes nothing") {
  Gazetteer places;
  const std::string_view csv = *find_asset("lists/places_demo.csv");
  const Result<std::size_t> once = places.load(csv);
  REQUIRE(once);
  CHECK(*once == places.size());
  REQUIRE(places.load(csv));
  CHECK(*once == places.size());
}

TEST_CASE("a bad commune file tells every fault with its line, and adds nothing") {
  Gazetteer places;
  const Result<std::size_t> loaded = places.load(std::string(place_header) +
                                                 "1234,Xã A,Xã,post-2025-07,96,Tỉnh Cà Mau,,,2025-07-01,,,,,\n"
                                                 "32059,,Xã,post-2025-07,96,Tỉnh Cà Mau,,,2025-07-01,,,,,\n"
                                                 "32062,Xã B,Xã,Post,9,Tỉnh Cà Mau,,,2025,,,,,\n"
                                                 "32065,Xã C,Xã,post-2025-07,96,Tỉnh Cà Mau,,,,,320;59,,,\n"
                                                 "32068,Xã D,Xã,post-2025-07,96,Tỉnh Cà Mau,,,,,,,,\n"
                                                 "32068,Xã D,Xã,post-2025-07,96,Tỉnh Cà Mau,,,,,,,,\n");
  REQUIRE_FALSE(loaded);
  const std::string& faults = loaded.error().message;
  for (const char* expected :
       {"line 2: the code is not 5 digits", "line 3: name is empty", "line 4: the scheme", "line 4: province_code",
        "line 4: valid_from", "line 5: successor_codes", "line 7: 32068@post-2025-07 stands in the file twice"})
    CHECK_MESSAGE(faults.find(expected) != std::string::npos, expected);
  CHECK(places.size() == 0);
  CHECK_FALSE(places.load("code,name\n1,2\n"));
}

TEST_CASE("the official commune files load whole, and every old unit leads to a unit of today") {
  const char* folder = std::getenv("FIELDPOST_COMMUNES");
  if (!folder) {
    MESSAGE("SKIPPED: set FIELDPOST_COMMUNES to the folder of the commune files to run this");
    return;
  }
  Gazetteer places;
  std::size_t expected = 0;
  for (const auto& [file, count] : {std::pair{"communes_ca_mau.csv", 228u}, {"communes_ninh_thuan.csv", 86u}}) {
    std::ifstream in(std::string(folder) + "/" + file);
    std::stringstream content;
    content << in.rdbuf();
    const Result<std::size_t> loaded = places.load(content.str());
    REQUIRE_MESSAGE(loaded, (loaded ? "" : loaded.error().message));
    CHECK(*loaded == count);
    expected += count;
  }
  CHECK(places.size() == expected);
  std::size_t split = 0;
  for (const auto& [key, place] : places.places()) {
    if (place.scheme != "pre-2025-07") continue;
    const auto now = places.today(place);
    CAPTURE(key);
    CHECK(now.size() == place.successors.size());
    for (const Place* each : now) {
      CHECK(each->scheme == "post-2025-07");
      CHECK(std::count(each->predecessors.begin(), each->predecessors.end(), place.code) == 1);
    }
    if (now.size() > 1) ++split;
  }
  CHECK(split == 20);
}
