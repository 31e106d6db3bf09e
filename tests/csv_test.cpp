// CSV as spreadsheets write it, and as we write it for them.
#include "shared/foundation/csv.h"

#include <doctest/doctest.h>

#include "shared/foundation/clock.h"

using namespace fieldpost;

TEST_CASE("CSV is read with quotes, doubled quotes, CRLF or LF, and without its UTF-8 mark") {
  const Result<CsvTable> table =
      read_csv("\xEF\xBB\xBFname,note\r\n\"Lê, An\",\"nói \"\"vâng\"\"\"\nBình,\"hai\ndòng\"\r\nHoà,\n");
  REQUIRE(table);
  CHECK(table->header == std::vector<std::string>{"name", "note"});
  REQUIRE(table->lines.size() == 3);
  CHECK(table->lines[0].cells == std::vector<std::string>{"Lê, An", "nói \"vâng\""});
  CHECK(table->lines[1].cells == std::vector<std::string>{"Bình", "hai\ndòng"});
  CHECK(table->lines[2].cells == std::vector<std::string>{"Hoà", ""});
  CHECK(table->lines[1].number == 3);
  CHECK(table->lines[2].number == 5);
  CHECK(table->column("note") == 1);
  CHECK(!table->column("Note"));
}

TEST_CASE("a CSV of Excel in Vietnam, with semicolons, is read as such") {
  const Result<CsvTable> table = read_csv("tên; số tiền, đồng ;ghi chú\nAn;1.234,5;\n;;\n\nBình;2;x");
  REQUIRE(table);
  CHECK(table->header == std::vector<std::string>{"tên", "số tiền, đồng", "ghi chú"});
  REQUIRE(table->lines.size() == 2);
  CHECK(table->lines[0].cells == std::vector<std::string>{"An", "1.234,5", ""});
  CHECK(table->lines[1].number == 5);
}

TEST_CASE("a short CSV line has empty cells, a long one is refused") {
  CHECK(read_csv("a,b,c\n1\n")->lines[0].cells == std::vector<std::string>{"1", "", ""});
  CHECK(read_csv("a,b\n1,2\n1,2,3\n").error().message == "line 3: more cells than the first line names");
}

TEST_CASE("a CSV that cannot be right is refused with its line") {
  CHECK(read_csv("a,b\n1,\"2\n3,4\n").error().message == "line 2: a quote is opened and never closed");
  CHECK(read_csv("a,b\n\"1\"x,2\n").error().message == "line 2: text after a closing quote");
  CHECK(read_csv("a,b\n1,2\n\xff,2\n").error().message == "line 3: text that is not UTF-8");
  CHECK(read_csv("a,b\r1,2\r").error().code == ErrorCode::malformed);
  CHECK(read_csv("a,b,a\n").error().message == "line 1: column 3 has the name of an earlier one");
  CHECK(read_csv("").error().message == "line 1: no column names");
  CHECK(read_csv("a,b")->lines.empty());
}

TEST_CASE("CSV lines come back as they were written") {
  const std::vector<std::string> cells = {"Lê An", "", "a,b", "a;b", "\"", "hai\r\ndòng", " đầu", "=1+1", "x"};
  for (char separator : {',', ';'}) {
    const std::string header = csv_line({"1", "2", "3", "4", "5", "6", "7", "8", "9"}, separator);
    const Result<CsvTable> table = read_csv(header + csv_line(cells, separator));
    REQUIRE(table);
    REQUIRE(table->lines.size() == 1);
    CHECK(table->lines[0].cells == cells);
  }
  CHECK(csv_line({"a", "b c", "d,e"}) == "a,b c,\"d,e\"\r\n");
}

TEST_CASE("a spreadsheet gets no cell that it would run as a formula") {
  CHECK(csv_line({"=HYPERLINK(1)", "+84912", "-1+1", "@SUM(A1)", "\tx", "a=b"}, ';', true) ==
        "'=HYPERLINK(1);'+84912;'-1+1;'@SUM(A1);'\tx;a=b\r\n");
  CHECK(csv_line({"-12,5", "-3"}, ';', true) == "-12,5;-3\r\n");
  CHECK(csv_line({"=1"}, ',', false) == "=1\r\n");
}

TEST_CASE("no text makes the CSV reader fail otherwise than by saying so") {
  const std::string pieces[] = {"a", "\"", ",", ";", "\n", "\r\n", "\r", "\xff", "đ", " "};
  SeededRandom random(17);
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "a,b,c\n";
    for (std::uint64_t count = random.below(20); count > 0; --count) text += pieces[random.below(std::size(pieces))];
    const Result<CsvTable> table = read_csv(text);
    if (!table) {
      REQUIRE(table.error().code == ErrorCode::malformed);
      continue;
    }
    std::string again = csv_line(table->header);
    for (const CsvTable::Line& line : table->lines) again += csv_line(line.cells);
    const Result<CsvTable> same = read_csv(again);
    REQUIRE(same);
    REQUIRE(same->lines.size() == table->lines.size());
    for (std::size_t i = 0; i < same->lines.size(); ++i) REQUIRE(same->lines[i].cells == table->lines[i].cells);
  }
}

TEST_CASE(
    "a piece of a spreadsheet is read with its own separator, and with quotes as letters where they enclose "
    "nothing") {
  const auto cells = read_cells("Họ tên\tNăm sinh\n\"hai\ndòng\t\"\"\"\t1975\n\nba\n", '\t', CsvQuotes::enclose);
  REQUIRE(cells);
  REQUIRE(cells->size() == 3);
  CHECK((*cells)[1] == std::vector<std::string>{"hai\ndòng\t\"", "1975"});
  CHECK((*cells)[2] == std::vector<std::string>{"ba"});
  CHECK(read_cells("\"Ba\" Lý\tx", '\t', CsvQuotes::enclose).error().code == ErrorCode::malformed);
  const auto letters = read_cells("\"Ba\" Lý\tx", '\t', CsvQuotes::letters);
  REQUIRE(letters);
  CHECK((*letters)[0] == std::vector<std::string>{"\"Ba\" Lý", "x"});
}
