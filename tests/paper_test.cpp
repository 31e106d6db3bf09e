// Papers as a person holds them: printed, and read back with the programs of another project (poppler).
#include <algorithm>
#include <cstdio>
#include <sstream>

#include "shared/forms/assets.h"
#include "shared/foundation/vietnamese.h"
#include "shared/paper/print.h"
#include "tests/support/laptop.h"
#include "tests/support/process.h"

using namespace fieldpost;
using namespace fieldpost::test;

#ifdef __SANITIZE_ADDRESS__
// fontconfig keeps what it has of a font behind offsets instead of pointers, which the leak check cannot follow.
extern "C" const char* __lsan_default_suppressions() { return "leak:libfontconfig.so"; }
#endif

namespace {

// Every letter that Vietnamese adds to ASCII.
constexpr const char* all_letters =
    "àáảãạ ăằắẳẵặ âầấẩẫậ èéẻẽẹ êềếểễệ ìíỉĩị òóỏõọ ôồốổỗộ ơờớởỡợ ùúủũụ ưừứửữự ỳýỷỹỵ đ "
    "ÀÁẢÃẠ ĂẰẮẲẴẶ ÂẦẤẨẪẬ ÈÉẺẼẸ ÊỀẾỂỄỆ ÌÍỈĨỊ ÒÓỎÕỌ ÔỒỐỔỖỘ ƠỜỚỞỠỢ ÙÚỦŨỤ ƯỪỨỬỮỰ ỲÝỶỸỴ Đ";

PaperContext centre() {
  PaperContext context;
  context.unit = "Trung tâm Trợ giúp pháp lý nhà nước tỉnh Cà Mau";
  context.unit_above = "Sở Tư pháp tỉnh Cà Mau";
  context.place = "Cà Mau";
  context.unit_names = {{"DBP-KHANHHOI", "Đồn Biên phòng Khánh Hội"}};
  context.today = {2026, 3, 14};
  return context;
}

std::size_t count_of(std::string_view text, std::string_view part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string_view::npos; at = text.find(part, at + part.size()))
    ++count;
  return count;
}
bool says(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }
/// The lines with something on them, without the blanks around it.
std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find_first_not_of(' ');
    if (first != std::string::npos) out.push_back(line.substr(first, line.find_last_not_of(' ') + 1 - first));
  }
  return out;
}
bool has_line(const std::string& text, const std::string& line) {
  const std::vector<std::string> lines = lines_of(text);
  return std::find(lines.begin(), lines.end(), line) != lines.end();
}

/// A printed paper, and what other programs say of it.
class Sheets {
 public:
  explicit Sheets(Printed printed) : printed_(std::move(printed)) {
    write_file(folder_ / "paper.pdf", text_of(printed_.pdf));
    text_ = run("pdftotext", {"-layout", "-enc", "UTF-8", file(), "-"});
    // Each page ends in a form feed.
    for (std::size_t from = 0, end; (end = text_.find('\f', from)) != std::string::npos; from = end + 1)
      pages_.push_back(text_.substr(from, end - from));
  }

  const std::string& text() const { return text_; }
  /// In one line, runs of blanks as one: for sentences that were broken.
  std::string words() const {
    std::string out;
    std::istringstream in(text_);
    for (std::string word; in >> word;) out += (out.empty() ? "" : " ") + word;
    return out;
  }
  const std::vector<std::string>& pages() const { return pages_; }
  std::string info() const { return run("pdfinfo", {file()}); }
  std::string fonts() const { return run("pdffonts", {file()}); }
  const Printed& printed() const { return printed_; }

  /// What stands outside the margins, but for page numbers: each word with its place in millimetres.
  std::vector<std::string> outside() const {
    std::vector<std::string> out;
    const std::string boxes = run("pdftotext", {"-bbox", file(), "-"});
    std::size_t page = 0;
    std::istringstream lines(boxes);
    for (std::string line; std::getline(lines, line);) {
      if (says(line, "<page ")) ++page;
      double left = 0, top = 0, right = 0, bottom = 0;  // points
      if (std::sscanf(line.c_str(), " <word xMin=\"%lf\" yMin=\"%lf\" xMax=\"%lf\" yMax=\"%lf\">", &left, &top,
                      &right, &bottom) != 4)
        continue;
      for (double* each : {&left, &top, &right, &bottom}) *each *= 25.4 / 72;
      const std::size_t begin = line.find('>') + 1;
      const std::string text = line.substr(begin, line.find("</word>") - begin);
      if (page > 1 && text == std::to_string(page) && bottom < margin_top_mm) continue;
      // A letter's box is a little larger than the letter.
      if (left < 29.5 || right > 190.5 || top < 19 || bottom > 278)
        out.push_back(text + " at " + std::to_string(left) + ", " + std::to_string(top));
    }
    REQUIRE(page == printed_.pages);
    return out;
  }

 private:
  std::string file() const { return (folder_ / "paper.pdf").string(); }
  static std::string run(const std::string& program, Words words) {
    words.insert(words.begin(), "/usr/bin/" + program);
    Finished finished = Process(words, {}).finish("");
    REQUIRE_MESSAGE(finished.exit == 0, program, " (poppler-utils): ", finished.err);
    return std::move(finished.out);
  }

  ScratchFolder folder_;
  Printed printed_;
  std::string text_;
  std::vector<std::string> pages_;
};

Paper paper(std::string_view name) {
  Result<Paper> loaded = shipped_paper(name);
  REQUIRE_MESSAGE(loaded, (loaded ? "" : loaded.error().message));
  return *std::move(loaded);
}

Sheets blank(std::string_view name, const PaperContext& context = centre()) {
  const Paper one = paper(name);
  Result<Printed> printed =
      print_paper(one, *shipped_catalogue().form(one.form), nullptr, shipped_catalogue(), context);
  REQUIRE(printed);
  return Sheets(*std::move(printed));
}

/// The record that a laptop makes of these values.
Answers answers_of(std::string_view form, const nlohmann::json& values) {
  LaptopStore laptop(shipped_catalogue());
  const auto state = laptop.store->state(laptop.keep(form, values));
  REQUIRE(state);
  return (*state)->answers;
}

Sheets filled(std::string_view name, const Answers& answers, const PaperContext& context = centre()) {
  const Paper one = paper(name);
  Result<Printed> printed =
      print_paper(one, *shipped_catalogue().form(one.form), &answers, shipped_catalogue(), context);
  REQUIRE(printed);
  return Sheets(*std::move(printed));
}
Sheets filled(std::string_view name, const nlohmann::json& values, const PaperContext& context = centre()) {
  return filled(name, answers_of(paper(name).form, values), context);
}

nlohmann::json session(std::size_t people) {
  nlohmann::json values = {
      {"title", "Truyền thông tại ấp 7"}, {"date", "2026-03-08"},        {"start_time", "08:15"},
      {"place", "32059@post-2025-07"},    {"venue", "Nhà văn hóa ấp 7"}, {"roster", nlohmann::json::array()}};
  for (std::size_t i = 1; i <= people; ++i)
    values["roster"].push_back({{"full_name", "Lê Quý Q" + std::to_string(1000 + i)},
                                {"sex", i % 5 == 0   ? "other"
                                        : i % 2 == 0 ? "male"
                                                     : "female"},
                                {"birth_date", "1960"}});
  return values;
}

/// The message of the fault in a paper made of these blocks.
std::string fault_in(const std::string& blocks) {
  const Result<Paper> loaded = load_paper(
      R"({"name": "x", "label::vi": "x", "label::en": "x", "form": "outreach_session", "blocks": [)" + blocks + "]}",
      shipped_catalogue());
  REQUIRE(!loaded);
  CHECK(loaded.error().code == ErrorCode::malformed);
  return loaded.error().message;
}

}  // namespace

TEST_CASE("every shipped paper is sound and bears the name of its file") {
  const std::vector<std::string> names = shipped_paper_names();
  CHECK(names == std::vector<std::string>{"advice", "case_request", "class_roster", "leaflets", "minutes", "referral",
                                          "request", "roster", "slip"});
  for (const std::string& name : names) CHECK(paper(name).name == name);
}

TEST_CASE("a paper that is not there is refused with the names of those that are") {
  const Result<Paper> none = shipped_paper("rota");
  REQUIRE(!none);
  CHECK(none.error().code == ErrorCode::not_found);
  CHECK(says(none.error().message, "'rota'"));
  CHECK(says(none.error().message, "leaflets, minutes, referral, request, roster, slip"));
  CHECK(!shipped_paper("../forms/person"));
}

TEST_CASE("each fault of a paper is named with its place, all in one go") {
  CHECK(says(fault_in(R"({"block": "text", "text": "{titel}"})"), "blocks[0].text: no question is called 'titel'"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{title"})"), "blocks[0].text: a { without its }"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{title|words}"})"), "does not suit 'title'"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{date|fancy}"})"), "no style is called 'fancy'"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{minutes_scan}"})"), "has no words on paper"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{@boss}"})"), "no '@boss' is known"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{#people}"})"), "no repeat is called 'people'"));
  CHECK(says(fault_in(R"({"block": "text", "text": "{#roster.sex=man}"})"), "has no option 'man'"));
  CHECK(says(fault_in(R"({"block": "text", "text": "a", "size": 20})"), "blocks[0].size: an unknown member"));
  CHECK(says(fault_in(R"({"block": "text"})"), "blocks[0].text: is missing"));
  CHECK(says(fault_in(R"({"block": "text", "text": "a", "lines": 0})"), "blocks[0].lines: must be a whole number"));
  CHECK(says(fault_in(R"({"block": "picture"})"), "blocks[0].block: no block is called 'picture'"));
  CHECK(says(fault_in(R"({"block": "note", "text": "a", "when": "nobody"})"), "blocks[0].when: no question"));
  CHECK(says(fault_in(R"({"block": "note", "text": "a", "when": "format=none"})"), "has no option 'none'"));
  CHECK(says(fault_in(R"({"block": "table", "repeat": "roster", "columns": [{"text": "{title}"}]})"),
             "blocks[0].columns[0].text: no question is called 'title' in roster"));
  CHECK(says(
      fault_in(R"({"block": "row", "columns": [{"text": "a", "width_mm": 100}, {"text": "b", "width_mm": 61}]})"),
      "blocks[0].columns: the columns are wider than the page's 160 mm"));
  const std::string two = fault_in(R"({"block": "text", "text": "{a}"}, {"block": "text", "text": "{b}"})");
  CHECK(says(two, "blocks[0].text"));
  CHECK(says(two, "blocks[1].text"));
  CHECK(!load_paper("{", shipped_catalogue()));
  CHECK(!load_paper(R"({"form": "nothing"})", shipped_catalogue()));
}

TEST_CASE("what is printed reads back letter by letter, with every mark") {
  const Sheets sheets = filled("minutes", {{"title", "Buổi"}, {"date", "2026-03-08"}, {"topic_note", all_letters}});
  CHECK(sheets.printed().letters_missing == 0);
  // A letter of no script at all stands for one that the fonts of a machine lack.
  CHECK(filled("minutes", {{"title", "Buổi \U000F1234"}, {"date", "2026-03-08"}}).printed().letters_missing == 1);
  const std::string read = *vietnamese::nfc(sheets.words());
  std::istringstream letters(all_letters);
  for (std::string each; letters >> each;) CHECK_MESSAGE(says(read, each), each);
  CHECK(says(read, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"));
  CHECK(says(read, "Độc lập - Tự do - Hạnh phúc"));
  CHECK(says(read, "SỞ TƯ PHÁP TỈNH CÀ MAU"));
}

TEST_CASE("every paper is A4 with its fonts embedded, and nothing stands outside the margins") {
  for (const std::string& name : shipped_paper_names()) {
    CAPTURE(name);
    const Sheets sheets = blank(name);
    CHECK(sheets.printed().letters_missing == 0);
    CHECK(says(sheets.info(), "A4"));
    CHECK(sheets.outside() == std::vector<std::string>{});
    std::istringstream fonts(sheets.fonts());
    std::string line;
    std::getline(fonts, line);
    const std::size_t embedded = line.find("emb");
    std::getline(fonts, line);
    std::size_t count = 0;
    for (; std::getline(fonts, line); ++count) {
      CHECK(line.substr(embedded, 3) == "yes");
      CHECK_MESSAGE(says(line, "+Tinos"), line);
    }
    CHECK(count > 0);
  }
}

TEST_CASE("a word longer than its line is broken, not cut and not pushed out of the page") {
  nlohmann::json values = session(2);
  const std::string word(300, 'W');
  values["title"] = word;
  values["venue"] = word;
  values["roster"][0]["full_name"] = std::string(90, 'J');
  const Sheets roster = filled("roster", values);
  CHECK(roster.outside() == std::vector<std::string>{});
  CHECK(count_of(roster.text(), "W") == 600);
  CHECK(count_of(roster.text(), "J") == 90);
  PaperContext context = centre();
  context.unit = word;
  context.place = word;
  const Sheets referral =
      filled("referral",
             {{"full_name", word}, {"direction", "out"}, {"date", "2026-03-08"}, {"document_number", word}}, context);
  CHECK(referral.outside() == std::vector<std::string>{});
}

TEST_CASE("a text of many pages goes on from page to page, and what is pasted into a cell does not") {
  std::string summary;
  for (int i = 0; i < 9'000; ++i) summary += "tranh ";
  summary += "CUỐI";
  const Sheets request =
      filled("request", {{"date", "2026-03-08"}, {"full_name", "Lê Thị Mận"}, {"summary", summary}});
  CHECK(request.printed().pages > 10);
  CHECK(count_of(request.words(), "tranh ") == 9'000);
  CHECK(says(request.text(), "CUỐI"));
  CHECK(request.outside() == std::vector<std::string>{});
  nlohmann::json values = session(3);
  values["roster"][1]["full_name"] = summary;
  const Sheets roster = filled("roster", values);
  CHECK(roster.printed().pages <= 2);
  CHECK(roster.outside() == std::vector<std::string>{});
}

TEST_CASE("a roster of 500 has every name once, in order, with the header on every page and the totals at the end") {
  const Sheets sheets = filled("roster", session(500));
  std::size_t last = 0;
  for (std::size_t i = 1; i <= 500; ++i) {
    const std::string name = "Lê Quý Q" + std::to_string(1000 + i);
    REQUIRE_MESSAGE(count_of(sheets.text(), name) == 1, name);
    const std::size_t at = sheets.text().find(name);
    CHECK(at > last);
    last = at;
    const std::size_t line = sheets.text().rfind('\n', at) + 1;
    CHECK(std::stoul(sheets.text().substr(line)) == i);
  }
  CHECK(sheets.pages().size() == sheets.printed().pages);
  for (std::size_t page = 0; page < sheets.pages().size(); ++page) {
    CHECK(says(sheets.pages()[page], "Họ và tên"));
    CHECK(says(sheets.pages()[page], "Ký nhận"));
    const bool numbered = lines_of(sheets.pages()[page]).front() == std::to_string(page + 1);
    CHECK(numbered == (page > 0));
  }
  CHECK(says(sheets.words(), "Tổng số: 500 người; trong đó: nam 200, nữ 200, khác hoặc chưa ghi 100."));
  CHECK(sheets.outside() == std::vector<std::string>{});
}

TEST_CASE("whatever the length of a roster, its last people stand on the page that is signed") {
  for (std::size_t people = 1; people <= 40; ++people) {
    CAPTURE(people);
    const Sheets sheets = filled("roster", session(people));
    CHECK(says(sheets.pages().back(), "NGƯỜI LẬP DANH SÁCH"));
    CHECK(says(sheets.pages().back(), "Q" + std::to_string(1000 + people)));
    for (std::size_t page = 0; page + 1 < sheets.pages().size(); ++page)
      CHECK(count_of(sheets.pages()[page], "Lê Quý") > 5);
  }
}

TEST_CASE("a blank form has dots where answers go and as many empty rows as were asked for") {
  for (const std::string& name : shipped_paper_names()) CHECK_MESSAGE(says(blank(name).text(), "..........."), name);
  const Sheets roster = blank("roster");
  CHECK(says(roster.words(), "Tổng số: ...... người; trong đó: nam ......, nữ ......"));
  CHECK(says(roster.words(), "....... giờ ....... phút, ngày ....... tháng ....... năm"));
  CHECK(has_line(roster.text(), "40"));
  CHECK(!has_line(roster.text(), "41"));
  PaperContext context = centre();
  context.empty_rows = 55;
  CHECK(has_line(blank("roster", context).text(), "55"));
}

TEST_CASE("empty rows below a filled roster go on counting, for those who come late") {
  PaperContext context = centre();
  context.empty_rows = 3;
  const Sheets sheets = filled("roster", session(4), context);
  CHECK(has_line(sheets.text(), "7"));
  CHECK(!has_line(sheets.text(), "8"));
  CHECK(says(sheets.words(), "Tổng số: 4 người"));
}

TEST_CASE("a question without an answer is dotted beside answers that are printed") {
  const Sheets sheets =
      filled("request", {{"date", "2026-03-08"}, {"full_name", "Thạch Thị Sà Rươn"}, {"sex", "female"}});
  CHECK(says(sheets.words(), "Họ và tên: Thạch Thị Sà Rươn"));
  CHECK(says(sheets.words(), "Giới tính: Nữ"));
  CHECK(says(sheets.words(), "Điện thoại: ......"));
  CHECK(says(sheets.words(), "Tóm tắt nội dung vụ việc: ......"));
}

TEST_CASE("answers read as papers write them: dates in words, places and options by name, units by their names") {
  nlohmann::json values = session(0);
  values["co_hosts"] = "DBP-KHANHHOI, XYZ";
  values["languages"] = {"vi", "km"};
  values["end_time"] = "10:00";
  values["headcount_total"] = 1234;
  const std::string words = filled("minutes", values).words();
  CHECK(says(words, "08 giờ 15 phút, ngày 08 tháng 3 năm 2026"));
  CHECK(says(words, "xã Khánh An, tỉnh Cà Mau"));
  CHECK(says(words, "Đồn Biên phòng Khánh Hội; XYZ"));
  CHECK(says(words, "Tiếng Việt; Tiếng Khơ-me"));
  CHECK(says(words, "1.234 người (đếm tại chỗ)"));
  values["date"] = "2026-03";
  values["place"] = "32248@pre-2025-07";
  const std::string early = filled("roster", values).words();
  CHECK(says(early, "Đất Mũi, tháng 3 năm 2026"));
  CHECK(says(early, "xã Đất Mũi, huyện Ngọc Hiển, tỉnh Cà Mau"));
  PaperContext signed_later = centre();
  signed_later.date = CivilDate{2026, 4, 1};
  CHECK(says(filled("roster", values, signed_later).words(), "Đất Mũi, ngày 01 tháng 4 năm 2026"));
  const std::string slip =
      filled("slip",
             {{"date", "2026-03-08"}, {"full_name", "Lý Mận"}, {"phone", "0912345678"}, {"birth_date", "1950-02"}})
          .words();
  CHECK(says(slip, "0912 345 678"));
  CHECK(says(slip, "Năm sinh: 1950"));
}

TEST_CASE("an answer whose question is no longer relevant is not printed") {
  const nlohmann::json values = {{"date", "2026-03-08"}, {"full_name", "Lý Mận"}, {"answer_due", "2026-03-20"}};
  nlohmann::json promised = values;
  promised["outcome"] = "appointment";
  CHECK(says(filled("slip", promised).words(), "Nhận kết quả trả lời: ngày 20 tháng 3 năm 2026"));
  promised["outcome"] = "answered";
  CHECK(says(filled("slip", promised).words(), "Nhận kết quả trả lời: ngày ....... tháng"));
}

TEST_CASE("minutes count the roster where there is one, and the heads where there is none") {
  nlohmann::json values = session(3);
  values["headcount_total"] = 52;
  const std::string with = filled("minutes", values).words();
  CHECK(says(with, "3 người theo danh sách ký nhận kèm theo; trong đó: nam 1, nữ 2"));
  CHECK(!says(with, "đếm tại chỗ"));
  values["roster"] = nlohmann::json::array();
  const std::string without = filled("minutes", values).words();
  CHECK(says(without, "52 người (đếm tại chỗ)"));
}

TEST_CASE("a letter that comes in bears the commune's name and form 13, one that goes out bears the centre's") {
  nlohmann::json values = {{"date", "2026-03-08"},
                           {"full_name", "Lý Mận"},
                           {"direction", "in"},
                           {"from_organisation", "UBND xã Khánh An"},
                           {"place", "32059@post-2025-07"}};
  const std::string in = filled("referral", values).words();
  CHECK(says(in, "Mẫu số 13-TP-TGPL"));
  CHECK(says(in, "UBND XÃ KHÁNH AN"));
  CHECK(says(in, "Khánh An, ngày 08 tháng 3 năm 2026"));
  values["direction"] = "out";
  const std::string out = filled("referral", values).words();
  CHECK(!says(out, "Mẫu số 13"));
  CHECK(says(out, "SỞ TƯ PHÁP TỈNH CÀ MAU"));
  CHECK(says(out, "Cà Mau, ngày 08 tháng 3 năm 2026"));
}

TEST_CASE("the slip that a person takes home does not say what the matter is") {
  const Sheets slip = filled("slip", {{"date", "2026-03-08"},
                                      {"full_name", "Lý Mận"},
                                      {"legal_field", "HNGD"},
                                      {"summary", "bị chồng đánh"},
                                      {"eligibility", {"BLGD"}}});
  CHECK(!says(slip.words(), "đánh"));
  CHECK(!says(slip.words(), "Hôn nhân"));
  CHECK(!says(slip.words(), "bạo lực"));
}

TEST_CASE("the same values print as the same bytes, and the file's properties name nobody") {
  const Answers answers = answers_of("consultation", {{"date", "2026-03-08"}, {"full_name", "Thạch Thị Sà Rươn"}});
  const Sheets once = filled("request", answers), again = filled("request", answers);
  CHECK(once.printed().pdf == again.printed().pdf);
  CHECK(!says(once.info(), "Rươn"));
  CHECK(says(once.info(), "2026"));
}

TEST_CASE("a record of a form that lacks a question leaves dots in its place") {
  const Paper minutes = paper("minutes");
  const auto loaded = load_form(
      R"({"name": "outreach_session", "version": 2, "class": "session", "label::vi": "B", "label::en": "S",
          "questions": [{"type": "text", "name": "title", "number": 1, "label::vi": "T", "label::en": "T"}]})",
      shipped_catalogue().list_names());
  const Form* form = std::get_if<Form>(&loaded);
  REQUIRE(form);
  Answers answers;
  answers.fields[{1, ""}] = std::string("Buổi mới");
  const PaperContext context = centre();
  Result<Printed> printed = print_paper(minutes, *form, &answers, shipped_catalogue(), context);
  REQUIRE(printed);
  CHECK(says(Sheets(*std::move(printed)).words(), "Tên buổi truyền thông: Buổi mới"));
}
