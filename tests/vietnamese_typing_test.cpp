// Words typed key by key, the way a person does: the keys are made from the words, in the orders people use.
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <string>
#include <vector>

#include "shared/foundation/vietnamese.h"
#include "shared/foundation/vietnamese_typing.h"

using namespace fieldpost::vietnamese;

namespace {

/// What stands in a field after these keys. '<' is Backspace.
std::string typed(std::string_view keys, Typing typing, TonePlace place = TonePlace::old_style,
                  std::string text = {}) {
  TypedWord word;
  for (const char key : keys) {
    if (static_cast<unsigned char>(key) >= 0x80) {  // from elsewhere
      text += key;
      continue;
    }
    if (key == '<') {
      while (!text.empty() && (static_cast<unsigned char>(text.back()) & 0xc0) == 0x80) text.pop_back();
      if (!text.empty()) text.pop_back();
    } else if (const auto made = compose(text, static_cast<unsigned char>(key), typing, place, &word)) {
      REQUIRE(made->replaced <= text.size());
      text.replace(text.size() - made->replaced, made->replaced, made->word);
    } else {
      text += key;
    }
  }
  return text;
}
std::string telex(std::string_view keys, TonePlace place = TonePlace::old_style) {
  return typed(keys, Typing::telex, place);
}
std::string vni(std::string_view keys, TonePlace place = TonePlace::old_style) {
  return typed(keys, Typing::vni, place);
}

/// A letter as base, shape key and tone key of both methods.
struct Taken {
  std::string base, telex_shape, vni_shape;
  char telex_tone = 0, vni_tone = 0;
};
/// Letters of composed text taken apart by their decomposition, so that these tests know nothing of the tables.
std::vector<Taken> take_apart(std::string_view word) {
  std::vector<Taken> letters;
  static const std::string vowels = "aăâeêioôơuưy",
                           toned[] = {"àằầèềìòồờùừỳ", "ảẳẩẻểỉỏổởủửỷ", "ãẵẫẽễĩõỗỡũữỹ", "áắấéếíóốớúứý", "ạặậẹệịọộợụựỵ"};
  const auto points = [](std::string_view text) {
    std::vector<std::string> out;
    for (const char c : text) {
      if ((static_cast<unsigned char>(c) & 0xc0) == 0x80)
        out.back() += c;
      else
        out.emplace_back(1, c);
    }
    return out;
  };
  const auto small_vowels = points(vowels);
  const auto find = [](const std::vector<std::string>& in, const std::string& what) {
    for (std::size_t i = 0; i < in.size(); ++i)
      if (in[i] == what) return static_cast<int>(i);
    return -1;
  };
  for (std::string letter : points(word)) {
    Taken taken;
    bool capital = false;
    const auto try_letter = [&](const auto& cased) {
      for (int tone = 0; tone < 5; ++tone)
        if (const int at = find(points(cased(toned[tone])), letter); at >= 0) {
          taken.telex_tone = "frxsj"[tone];
          taken.vni_tone = "23415"[tone];
          letter = small_vowels[static_cast<std::size_t>(at)];
          return true;
        }
      if (const int at = find(points(cased(vowels + "đ")), letter); at >= 0) {
        letter = at == 12 ? "đ" : small_vowels[static_cast<std::size_t>(at)];
        return true;
      }
      return false;
    };
    if (!try_letter([](const std::string& text) { return text; }))
      capital = try_letter([](const std::string& text) { return upper_case(text); });
    static const struct {
      const char *letter, *base, *telex, *vni;
    } shapes[] = {{"ă", "a", "w", "8"}, {"â", "a", "a", "6"}, {"ê", "e", "e", "6"}, {"ô", "o", "o", "6"},
                  {"ơ", "o", "w", "7"}, {"ư", "u", "w", "7"}, {"đ", "d", "d", "9"}};
    taken.base = letter;
    for (const auto& shape : shapes)
      if (letter == shape.letter) {
        taken.base = shape.base;
        taken.telex_shape = shape.telex;
        taken.vni_shape = shape.vni;
      }
    if (capital) taken.base = upper_case(taken.base);
    letters.push_back(taken);
  }
  return letters;
}

enum class Order {
  tone_at_once,     // tieesng, d9u7o71ng
  tone_at_end,      // tieengs
  marks_at_end,     // tienges: shapes, then the tone
  horn_once,        // tuowngf: the w or 7 after uo makes both
  tone_then_shape,  // tieseng
};
std::string keys_for(std::string_view word, Typing typing, Order order) {
  std::string keys, tone, late;
  const bool is_telex = typing == Typing::telex;
  const std::vector<Taken> letters = take_apart(word);
  for (std::size_t i = 0; i < letters.size(); ++i) {
    const Taken& letter = letters[i];
    const std::string shape = is_telex ? letter.telex_shape : letter.vni_shape;
    const char tone_key = is_telex ? letter.telex_tone : letter.vni_tone;
    const bool before_horn = i + 1 < letters.size() && letter.base.find_first_of("uU") == 0 && !shape.empty() &&
                             letters[i + 1].base.find_first_of("oO") == 0 && letters[i + 1].vni_shape == "7";
    keys += letter.base;
    if (order == Order::tone_then_shape && tone_key != 0) keys += tone_key;
    if (order == Order::marks_at_end && !before_horn)
      late += shape;
    else if (!(order == Order::horn_once && before_horn) && order != Order::marks_at_end)
      keys += shape;
    if (tone_key != 0 && order == Order::tone_at_once) keys += tone_key;
    if (tone_key != 0 && order != Order::tone_at_once && order != Order::tone_then_shape) tone = tone_key;
  }
  return keys + late + tone;
}

// Common words and names, picked so that every vowel group, onset, final and tone is among them.
const std::vector<std::string> words = [] {
  std::vector<std::string> list;
  const std::string text =
      "Nguyễn Trần Lê Phạm Hoàng Huỳnh Phan Vũ Võ Đặng Bùi Đỗ Hồ Ngô Dương Lý An Ánh Ân Bảo Bích Bình Cẩm Châu Chiến "
      "Cường Danh Diễm Diệp Dung Dũng Duyên Đào Đạt Điệp Đình Đoàn Đông Đức Giang Hà Hải Hạnh Hào Hậu Hiền Hiếu Hiệp "
      "Hoa Hòa Hoài Hồng Huệ Hùng Huy Huyền Hương Hường Hữu Khánh Khoa Khôi Kiên Kiều Kim Lan Lành Lâm Liên Liễu "
      "Linh "
      "Loan Long Lộc Lợi Luân Lụa Lương Ly Mai Mạnh Mẫn Minh Mỹ Nam Nga Ngân Nghĩa Nghiêm Ngọc Nguyệt Nhàn Nhân Nhi "
      "Nhung Như Oanh Phát Phong Phú Phúc Phước Phương Phượng Quang Quân Quế Quốc Quý Quyên Quyền Quyết Quỳnh Sang "
      "Sáng Sơn Sương Tài Tâm Tân Tấn Thạch Thái Thanh Thành Thảo Thắm Thắng Thiện Thịnh Thọ Thoa Thơ Thu Thuận Thúy "
      "Thủy Thư Thương Tiên Tiến Toàn Trang Trà Trâm Trí Triều Trinh Trọng Trúc Trung Trường Tuấn Tuệ Tùng Tuyết "
      "Tường Tú Tư Uyên Vân Văn Viên Việt Vinh Vĩnh Vương Vy Xuân Xuyến Yên Yến Ý "
      "người nước trợ giúp pháp lý tư vấn luật sư tố tụng hòa giải viên xã phường huyện tỉnh thành phố ấp thôn bản "
      "khóm buôn làng tổ dân đất đai nhà cửa hôn nhân gia đình thừa kế hình sự hành chính lao động bảo hiểm khiếu "
      "nại "
      "tố cáo trẻ em phụ nữ khuyết tật nghèo cận già yếu bệnh đau khỏe mạnh giữa giường giếng giặt giỗ giũ gìn giết "
      "quả quần quét quên quê quyển quở quấy quây quý quốc gì ghế ghi nghe nghiêng nghỉ nghĩ khuya khuỷu khuấy "
      "khuyên thuở thuê thuế thuần hươu rượu bưởi tuổi chuối muỗi cuối nuôi đuôi tiếng chiều yêu biểu khoai "
      "ngoái xoay xoáy ngoáy ngoèo khoét xoèn hoẵng khoắn xoắn hoặc ngoặc loét toét huýt tuýp suýt "
      "mía của múa mưa cưa vừa nữa được bước trước lưng chừng gửi ngửi cứu hưu sưu mừng như lẽ dễ để kể kệ bếp xếp "
      "chết hết lệch ếch chích thích lịch ngạch sách bánh cành chênh vênh huếch hoạch oách đây đấy thấy lấy vậy mấy "
      "cậu câu đâu sâu trâu hậu bao báo cháo kéo mèo trẻo lều nếu kêu thêu líu ríu chịu dịu hỏi nói tròi cối gối lỗi "
      "chơi mới lời đợi cúi mùi tụi lửi ái ải ạ ơi ừ ừm ồ ôi uống ướt ước uốn áo ấm ăn ẩn ớt ủy oan ức yếm ít ỉu "
      "kỳ kỹ kỷ mỹ tỷ lũy thụy hủy tùy chùa thùa bùa lúa sữa đũa phở mở nở vỡ sợ đỡ đò đỏ đọ rõ rồi rỗi rỗng trống "
      "không sống sông bóng nóng lòng vòng tròn trộn trốn ngừng ngưng từng vẫn vẩn vặn chặt chắc chất nhất nhật mật "
      "phẩm phạm đẹp đép gặp gấp cấp cặp chóp chộp lớp lợp túp cụp kịp tiếp hợp gượng gướm cưỡi lưới dưới tươi cười "
      "Krông Đắk Lắk Pắk Búk Ksor Kpă Kđăm Mlô Mnông Hmông Hrê Bhăm Brâu Đrắk Prông Xtiêng Niê Nuôl Êban Chăm Ê";
  std::set<std::string> seen;
  std::string::size_type from = 0;
  while (from < text.size()) {
    const auto to = std::min(text.find(' ', from), text.size());
    if (to > from && seen.insert(text.substr(from, to - from)).second) list.push_back(text.substr(from, to - from));
    from = to + 1;
  }
  return list;
}();

}  // namespace

TEST_CASE("every word comes out of its keys, in Telex and VNI, whatever the order of the marks") {
  CHECK(words.size() > 400);
  for (const std::string& word : words)
    for (const Typing typing : {Typing::telex, Typing::vni})
      for (const Order order :
           {Order::tone_at_once, Order::tone_at_end, Order::marks_at_end, Order::horn_once, Order::tone_then_shape}) {
        // Words whose last letters are no Vietnamese final have to bear their marks before those come.
        const bool foreign_final =
            word == "Nuôl" || word == "Êban" || word == "Búk" || word == "Kđăm" || word == "Đrắk";
        if (foreign_final && order != Order::tone_at_once) continue;
        const std::string keys = keys_for(word, typing, order);
        CAPTURE(keys);
        const std::string result = typed(keys, typing);
        CHECK(result == word);
        CHECK(is_nfc(result));
      }
}

TEST_CASE("capitals: the whole word or its first letter, also with the keys of the marks held in capitals") {
  for (const std::string& word : words) {
    if (word == "Nuôl" || word == "Êban" || word == "Búk" || word == "Ksor") continue;
    CAPTURE(word);
    for (const Order order : {Order::tone_at_once, Order::tone_at_end}) {
      CHECK(telex(upper_case(keys_for(word, Typing::telex, order))) == upper_case(word));
      CHECK(vni(upper_case(keys_for(word, Typing::vni, order))) == upper_case(word));
    }
  }
  CHECK(telex("Nguyeenx") == "Nguyễn");
  CHECK(telex("DDoong") == "Đông");
  CHECK(telex("Ddoong") == "Đông");
  CHECK(telex("TRAANF") == "TRẦN");
  CHECK(vni("TRA6N2") == "TRẦN");
}

TEST_CASE("a sentence is typed as it is spoken, with its numbers and stops") {
  CHECK(telex("Truwowngf hopwj naof cungx dduwowcj, 3 nguwowif.") == "Trường hợp nào cũng được, 3 người.");
  CHECK(vni("Tru7o7ng2 ho7p5 na2o cu4ng d9u7o75c, ") == "Trường hợp nào cũng được, ");
  CHECK(telex("aaps Tana Thanhf") == "ấp Tân Thành");
  CHECK(telex("(Hoaf Binhf)/TP.Ddaf Nawngx") == "(Hòa Bình)/TP.Đà Nẵng");
  CHECK(telex("M'Ddrawks") == "M'Đrắk");
}

TEST_CASE("the tone moves when letters come after it") {
  CHECK(telex("hoaf") == "hòa");
  CHECK(telex("hoafn") == "hoàn");
  CHECK(telex("toasn") == "toán");
  CHECK(telex("giaf") == "già");
  CHECK(telex("gif") == "gì");
  CHECK(telex("gifa") == "già");
  CHECK(telex("quas") == "quá");
  CHECK(telex("quys") == "quý");
  CHECK(telex("thuyr") == "thủy");
  CHECK(telex("thuyrs") == "thúy");
  CHECK(telex("thuyeefn") == "thuyền");
  CHECK(telex("tuoir") == "tuỏi");
  CHECK(telex("tuoiro") == "tuổi");
  CHECK(vni("hoa2n") == "hoàn");
  CHECK(vni("hue61") == "huế");
}

TEST_CASE("the tone stands in the old place, or the new one for those who want it") {
  const struct {
    const char *keys, *before, *now;
  } rows[] = {{"hoaf", "hòa", "hoà"},       {"khoer", "khỏe", "khoẻ"}, {"thuys", "thúy", "thuý"},
              {"uyr", "ủy", "uỷ"},          {"hoafn", "hoàn", "hoàn"}, {"quys", "quý", "quý"},
              {"muas", "múa", "múa"},       {"mias", "mía", "mía"},    {"tuyeets", "tuyết", "tuyết"},
              {"ngoais", "ngoái", "ngoái"}, {"cuar", "của", "của"}};
  for (const auto& row : rows) {
    CHECK(telex(row.keys) == row.before);
    CHECK(telex(row.keys, TonePlace::new_style) == row.now);
  }
}

TEST_CASE("a key typed again takes its mark off and stays as a letter") {
  const struct {
    const char *keys, *text;
  } rows[] = {{"ass", "as"},       {"asss", "ass"}, {"aaa", "aa"},     {"ddd", "dd"},     {"eee", "ee"},
              {"hoaff", "hoaf"},   {"uww", "w"},    {"w", "ư"},        {"ww", "w"},       {"www", "ww"},
              {"WW", "W"},         {"oww", "ow"},   {"duoww", "duow"}, {"tuww", "tuw"},   {"xooong", "xoong"},
              {"tooool", "toool"}, {"ddad", "dad"}, {"nawmw", "namw"}, {"ddaats", "đất"}, {"Boss", "Bos"},
              {"dass<<", "d"},     {"ddood", "dôd"}};
  for (const auto& row : rows) {
    CAPTURE(row.keys);
    CHECK(telex(row.keys) == row.text);
  }
  CHECK(vni("a11") == "a1");
  CHECK(vni("a112") == "a12");
  CHECK(vni("a66") == "a6");
  CHECK(vni("d99") == "d9");
  CHECK(vni("u77") == "u7");
}

TEST_CASE("another tone key replaces the tone, z or 0 takes it away") {
  CHECK(telex("hoafs") == "hóa");
  CHECK(telex("hoafz") == "hoa");
  CHECK(telex("tieengsz") == "tiêng");
  CHECK(telex("zoo") == "zoo");
  CHECK(vni("hoa21") == "hóa");
  CHECK(vni("hoa20") == "hoa");
  CHECK(vni("hoa0") == "hoa0");
}

TEST_CASE("another shape key replaces the shape") {
  CHECK(telex("aaw") == "ă");
  CHECK(telex("awa") == "â");
  CHECK(telex("oow") == "ơ");
  CHECK(telex("owo") == "ô");
  CHECK(telex("muoonsw") == "mướn");
  CHECK(vni("a68") == "ă");
}

TEST_CASE("uo with a horn is ươ, but for thuở and its like until another letter comes") {
  CHECK(telex("duowng") == "dương");
  CHECK(telex("duongw") == "dương");
  CHECK(telex("dwowng") == "dương");
  CHECK(telex("dwong") == "dương");
  CHECK(telex("thuowr") == "thuở");
  CHECK(telex("thuowng") == "thương");
  CHECK(telex("huowu") == "hươu");
  CHECK(telex("quow") == "quơ");
  CHECK(telex("tw") == "tư");
  CHECK(telex("giwax") == "giữa");
  CHECK(vni("du7o7ng") == "dương");
  CHECK(vni("duo7ng") == "dương");
  CHECK(vni("duong7") == "dương");
}

TEST_CASE("words that cannot be Vietnamese are left alone") {
  for (const char* word : {"windows",
                           "Windows",
                           "Facebook",
                           "Zalo",
                           "Google",
                           "Wifi",
                           "web",
                           "card",
                           "text",
                           "part",
                           "sort",
                           "book",
                           "look",
                           "tool",
                           "cool",
                           "power",
                           "tower",
                           "flower",
                           "forward",
                           "press",
                           "dress",
                           "free",
                           "school",
                           "street",
                           "speed",
                           "Skype",
                           "Gmail",
                           "Telegram",
                           "Zoom",
                           "Word",
                           "word",
                           "server",
                           "meeting",
                           "need",
                           "view",
                           "week",
                           "lawyer",
                           "wisdom",
                           "program",
                           "project",
                           "format",
                           "hard",
                           "mask",
                           "Smith",
                           "Johnson",
                           "Schwarz",
                           "wood",
                           "Peter",
                           "person",
                           "version",
                           "Samsung",
                           "HG-03",
                           "CNF-4",
                           "ISO-9001",
                           "A4",
                           "H2O",
                           "nam@ddd.vn",
                           "a@aacfs.org",
                           "http://ddaw.vn/aas",
                           "C:\\dduw\\aa"}) {
    CAPTURE(word);
    CHECK(telex(word) == word);
  }
  for (const char* text : {"2025", "14/03/2025", "0912345678", "HG-03", "HG03", "Q1", "P5", "TP5", "B52", "nam@x1.vn",
                           "3 người 15 tuổi", "số 12", "kg1", "12a1"}) {
    CAPTURE(text);
    CHECK(vni(text) == text);
  }
}

TEST_CASE("a foreign word gets back its keys, and without knowing them the keys its letters stand for") {
  const auto without_memory = [](std::string_view keys) {
    std::string text;
    for (const char key : keys) {
      if (const auto made = compose(text, static_cast<unsigned char>(key), Typing::telex))
        text.replace(text.size() - made->replaced, made->replaced, made->word);
      else
        text += key;
    }
    return text;
  };
  for (const char* word : {"windows", "book", "CARD", "text", "tower", "mask", "server"})
    CHECK(without_memory(word) == word);
  CHECK(without_memory("person") == "peosn");
  CHECK(telex("person") == "person");
  CHECK(telex("PERSON") == "PERSON");
  // A deletion makes the memory worthless, not wrong.
  CHECK(telex("pers<eson") == "peosn");
  CHECK(telex("book<<ok") == "book");
}

TEST_CASE("without a method, and for characters that are no key, nothing happens") {
  CHECK(typed("Nguyeenx", Typing::off) == "Nguyeenx");
  CHECK(!compose("a", U'ễ', Typing::telex));
  CHECK(!compose("a", U' ', Typing::telex));
  CHECK(!compose("a", U'1', Typing::telex));
  CHECK(!compose("", U's', Typing::telex));
}

TEST_CASE("it goes on with text that was there before, and after Backspace") {
  CHECK(typed("e", Typing::telex, TonePlace::old_style, "anh Nguyen") == "anh Nguyên");
  CHECK(typed("s", Typing::telex, TonePlace::old_style, "“toan") == "“toán");
  CHECK(telex("hoaf<") == "hò");
  CHECK(telex("hoaf<s") == "hó");
  CHECK(telex("Nguyeenx<<eex") == "Nguyễ");
  // Text that is not ours to change.
  for (const char* before : {"año", "Čes", "việtt", "\xff", "рус", "áá", "abcdefghijklmno"})
    CHECK(typed("s", Typing::telex, TonePlace::old_style, before) == std::string(before) + "s");
}

TEST_CASE("whatever the keys, the text stays composed and only the word before the caret changes") {
  std::uint32_t state = 7;
  const auto below = [&](std::size_t bound) {
    state = state * 1664525 + 1013904223;
    return (state >> 16) % bound;
  };
  for (const Typing typing : {Typing::telex, Typing::vni}) {
    const std::string_view keys =
        typing == Typing::telex ? "aaeeoouuiywwddsfrxjzntghcmpqkl AEOUWDS.<" : "aeouiyd0123456789ntghcmpqkl AEOUD.<";
    for (int round = 0; round < 3'000; ++round) {
      std::string sequence;
      for (int i = 0; i < 12; ++i) sequence += keys[below(keys.size())];
      CAPTURE(sequence);
      const std::string alone = typed(sequence, typing);
      REQUIRE(is_nfc(alone));
      // What stands before is no part of it.
      REQUIRE(typed(sequence, typing, TonePlace::old_style, "Đặng ")
                  .starts_with(sequence.find('<') == sequence.npos ? "Đặng " : ""));
    }
  }
}

TEST_CASE("every word of the official lists can be typed") {
  std::set<std::string> seen;
  for (const char* file : {"places_demo.csv", "ethnic_groups.csv", "topics.csv", "target_groups.csv"}) {
    std::ifstream in(std::string(FIELDPOST_SOURCE_DIR "/assets/lists/") + file);
    std::string line;
    while (std::getline(in, line)) {
      std::string word;
      for (std::string::size_type at; (at = line.find("’")) != line.npos;) line.replace(at, 3, "'");
      for (const char c : line + " ") {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x80 || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) {
          word += c;
        } else {
          if (!word.empty() && !lacks_all_marks(word + " " + word)) seen.insert(word);
          word.clear();
        }
      }
    }
  }
  CHECK(seen.size() > 100);
  // Other spellings of names of peoples, which no rule tells from "steel" or "cool".
  const std::set<std::string> beyond = {"LôLô", "Rađê", "Stiêng"};
  for (const std::string& word : seen) {
    if (beyond.contains(word)) continue;
    CAPTURE(word);
    CHECK(telex(keys_for(word, Typing::telex, Order::tone_at_once)) == word);
    CHECK(vni(keys_for(word, Typing::vni, Order::tone_at_once)) == word);
  }
}
