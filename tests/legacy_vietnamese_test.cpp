// Names and sentences are written in the old codes, pasted, recognised and read back. The tables here are those of
// the codes' publications, letter by letter, and know nothing of the reader's.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "shared/foundation/legacy_vietnamese.h"
#include "shared/foundation/vietnamese.h"

using namespace fieldpost::vietnamese;

namespace {

// Communes and districts of Cà Mau and Ninh Thuận, the provinces of before July 2025, and people.
const char* const name_list =
    "Thành phố Cà Mau|Tỉnh Cà Mau|Phường Tân Xuyên|Xã An Xuyên|Phường Tân Thành|Xã Tân Thành|Xã Tắc Vân|"
    "Xã Lý Văn Lâm|Xã Định Bình|Xã Hòa Thành|Xã Hòa Tân|Thị trấn U Minh|Huyện U Minh|Xã Khánh Hòa|"
    "Xã Khánh Thuận|Xã Khánh Tiến|Xã Nguyễn Phích|Xã Khánh Lâm|Xã Khánh An|Xã Khánh Hội|Thị trấn Thới Bình|"
    "Huyện Thới Bình|Xã Biển Bạch|Xã Tân Bằng|Xã Trí Phải|Xã Trí Lực|Xã Biển Bạch Đông|Xã Thới Bình|Xã Tân Phú|"
    "Xã Tân Lộc Bắc|Xã Tân Lộc|Xã Tân Lộc Đông|Xã Hồ Thị Kỷ|Thị trấn Trần Văn Thời|Huyện Trần Văn Thời|"
    "Thị trấn Sông Đốc|Xã Khánh Bình Tây Bắc|Xã Khánh Bình Tây|Xã Trần Hợi|Xã Khánh Lộc|Xã Khánh Bình|"
    "Xã Khánh Hưng|Xã Khánh Bình Đông|Xã Khánh Hải|Xã Lợi An|Xã Phong Điền|Xã Phong Lạc|Thị trấn Cái Nước|"
    "Huyện Cái Nước|Xã Thạnh Phú|Xã Lương Thế Trân|Xã Phú Hưng|Xã Tân Hưng|Xã Hưng Mỹ|Xã Hoà Mỹ|Xã Đông Hưng|"
    "Xã Đông Thới|Xã Tân Hưng Đông|Xã Trần Thới|Thị trấn Đầm Dơi|Huyện Đầm Dơi|Xã Tạ An Khương|"
    "Xã Tạ An Khương Đông|Xã Trần Phán|Xã Tân Trung|Xã Tân Đức|Xã Tân Thuận|Xã Tạ An Khương Nam|Xã Tân Duyệt|"
    "Xã Tân Dân|Xã Tân Tiến|Xã Quách Phẩm Bắc|Xã Quách Phẩm|Xã Thanh Tùng|Xã Ngọc Chánh|Xã Nguyễn Huân|"
    "Thị trấn Năm Căn|Huyện Năm Căn|Xã Hàm Rồng|Xã Hiệp Tùng|Xã Đất Mới|Xã Lâm Hải|Xã Hàng Vịnh|Xã Tam Giang|"
    "Xã Tam Giang Đông|Thị trấn Cái Đôi Vàm|Huyện Phú Tân|Xã Phú Thuận|Xã Phú Mỹ|Xã Phú Tân|Xã Tân Hải|"
    "Xã Việt Thắng|Xã Tân Hưng Tây|Xã Rạch Chèo|Xã Nguyễn Việt Khái|Xã Tam Giang Tây|Huyện Ngọc Hiển|"
    "Xã Tân Ân Tây|Xã Viên An Đông|Xã Viên An|Thị trấn Rạch Gốc|Xã Tân Ân|Xã Đất Mũi|Thành phố Bạc Liêu|"
    "Tỉnh Bạc Liêu|Phường Nhà Mát|Xã Vĩnh Trạch|Xã Vĩnh Trạch Đông|Xã Hiệp Thành|Thị trấn Ngan Dừa|"
    "Huyện Hồng Dân|Xã Ninh Quới|Xã Ninh Quới A|Xã Ninh Hòa|Xã Lộc Ninh|Xã Vĩnh Lộc|Xã Vĩnh Lộc A|"
    "Xã Ninh Thạnh Lợi A|Xã Ninh Thạnh Lợi|Thị trấn Phước Long|Huyện Phước Long|Xã Vĩnh Phú Đông|"
    "Xã Vĩnh Phú Tây|Xã Phước Long|Xã Hưng Phú|Xã Vĩnh Thanh|Xã Phong Thạnh Tây A|Xã Phong Thạnh Tây B|"
    "Thị trấn Hòa Bình|Huyện Hoà Bình|Xã Vĩnh Hưng|Huyện Vĩnh Lợi|Xã Vĩnh Hưng A|Thị trấn Châu Hưng|"
    "Xã Châu Hưng A|Xã Hưng Thành|Xã Hưng Hội|Xã Châu Thới|Xã Minh Diệu|Xã Vĩnh Bình|Xã Long Thạnh|Xã Vĩnh Mỹ B|"
    "Xã Vĩnh Hậu|Xã Vĩnh Hậu A|Xã Vĩnh Mỹ A|Xã Vĩnh Thịnh|Thị xã Giá Rai|Phường Hộ Phòng|Xã Phong Thạnh Đông|"
    "Phường Láng Tròn|Xã Phong Tân|Xã Tân Phong|Xã Phong Thạnh|Xã Phong Thạnh A|Xã Phong Thạnh Tây|Xã Tân Thạnh|"
    "Thị trấn Gành Hào|Huyện Đông Hải|Xã Long Điền Đông|Xã Long Điền Đông A|Xã Long Điền|Xã Long Điền Tây|"
    "Xã Điền Hải|Xã An Trạch|Xã An Trạch A|Xã An Phúc|Xã Định Thành|Xã Định Thành A|Phường Bạc Liêu|"
    "Phường Vĩnh Trạch|Phường Hiệp Thành|Xã Hồng Dân|Xã Vĩnh Phước|Xã Phong Hiệp|Xã Hòa Bình|Xã Vĩnh Lợi|"
    "Xã Vĩnh Mỹ|Phường Giá Rai|Xã Gành Hào|Xã Đông Hải|Phường An Xuyên|Phường Lý Văn Lâm|Phường Hòa Thành|"
    "Xã U Minh|Xã Trần Văn Thời|Xã Sông Đốc|Xã Đá Bạc|Xã Cái Nước|Xã Đầm Dơi|Xã Năm Căn|Xã Cái Đôi Vàm|"
    "Xã Phan Ngọc Hiển|Phường Đô Vinh|Thành phố Phan Rang-Tháp Chàm|Tỉnh Ninh Thuận|Phường Phước Mỹ|"
    "Phường Bảo An|Phường Phủ Hà|Phường Kinh Dinh|Phường Đạo Long|Phường Đài Sơn|Phường Đông Hải|Phường Mỹ Đông|"
    "Xã Thành Hải|Phường Văn Hải|Phường Mỹ Bình|Phường Mỹ Hải|Xã Phước Bình|Huyện Bác Ái|Xã Phước Hòa|"
    "Xã Phước Tân|Xã Phước Tiến|Xã Phước Thắng|Xã Phước Thành|Xã Phước Đại|Xã Phước Chính|Xã Phước Trung|"
    "Thị trấn Tân Sơn|Huyện Ninh Sơn|Xã Lâm Sơn|Xã Lương Sơn|Xã Quảng Sơn|Xã Mỹ Sơn|Xã Hòa Sơn|Xã Ma Nới|"
    "Xã Nhơn Sơn|Thị trấn Khánh Hải|Huyện Ninh Hải|Xã Phước Chiến|Huyện Thuận Bắc|Xã Công Hải|Xã Phước Kháng|"
    "Xã Vĩnh Hải|Xã Lợi Hải|Xã Phương Hải|Xã Bắc Sơn|Xã Bắc Phong|Xã Xuân Hải|Xã Hộ Hải|Xã Tri Hải|Xã Nhơn Hải|"
    "Xã Thanh Hải|Thị trấn Phước Dân|Huyện Ninh Phước|Xã Phước Sơn|Xã Phước Thái|Xã Phước Hậu|Xã Phước Thuận|"
    "Xã Phước Hà|Huyện Thuận Nam|Xã An Hải|Xã Phước Hữu|Xã Phước Hải|Xã Phước Nam|Xã Phước Ninh|Xã Nhị Hà|"
    "Xã Phước Dinh|Xã Phước Minh|Xã Phước Diêm|Xã Cà Ná|Xã Phước Vinh|Tỉnh Khánh Hòa|Phường Phan Rang|"
    "Xã Bác Ái Tây|Xã Bác Ái|Xã Bác Ái Đông|Xã Ninh Sơn|Xã Anh Dũng|Phường Ninh Chử|Xã Thuận Bắc|Xã Ninh Hải|"
    "Xã Ninh Phước|Xã Thuận Nam|Tỉnh An Giang|Tỉnh Bà Rịa - Vũng Tàu|Tỉnh Bắc Giang|Tỉnh Bắc Kạn|Tỉnh Bắc Ninh|"
    "Tỉnh Bến Tre|Tỉnh Bình Định|Tỉnh Bình Dương|Tỉnh Bình Phước|Tỉnh Bình Thuận|Thành phố Cần Thơ|"
    "Tỉnh Cao Bằng|Thành phố Đà Nẵng|Tỉnh Đắk Lắk|Tỉnh Đắk Nông|Tỉnh Điện Biên|Tỉnh Đồng Nai|Tỉnh Đồng Tháp|"
    "Tỉnh Gia Lai|Tỉnh Hà Giang|Tỉnh Hà Nam|Thành phố Hà Nội|Tỉnh Hà Tĩnh|Tỉnh Hải Dương|Thành phố Hải Phòng|"
    "Tỉnh Hậu Giang|Tỉnh Hưng Yên|Tỉnh Kiên Giang|Tỉnh Kon Tum|Tỉnh Lai Châu|Tỉnh Lâm Đồng|Tỉnh Lạng Sơn|"
    "Tỉnh Lào Cai|Tỉnh Long An|Tỉnh Nam Định|Tỉnh Nghệ An|Tỉnh Ninh Bình|Tỉnh Phú Thọ|Tỉnh Phú Yên|"
    "Tỉnh Quảng Bình|Tỉnh Quảng Nam|Tỉnh Quảng Ngãi|Tỉnh Quảng Ninh|Tỉnh Quảng Trị|Tỉnh Sóc Trăng|Tỉnh Sơn La|"
    "Tỉnh Tây Ninh|Tỉnh Thái Bình|Tỉnh Thái Nguyên|Tỉnh Thanh Hóa|Tỉnh Thừa Thiên Huế|Tỉnh Tiền Giang|"
    "Thành phố Hồ Chí Minh|Tỉnh Trà Vinh|Tỉnh Tuyên Quang|Tỉnh Vĩnh Long|Tỉnh Vĩnh Phúc|Tỉnh Yên Bái|"
    "Nguyễn Văn An|Trần Thị Bưởi|Lê Hoàng Phúc|Phạm Thị Ước Mơ|Huỳnh Quốc Việt|Phan Thị Ngọc Ánh|Vũ Đức Thắng|"
    "Võ Thị Kim Ngân|Đặng Hữu Nghĩa|Bùi Thị Tuyết|Đỗ Thị Hường|Hồ Văn Lợi|Ngô Thị Diễm|Dương Quý Khánh|"
    "Lý Thị Én|Nguyễn Thị Lành|Trần Công Chiến|Lê Thị Sáu|Phạm Văn Bảy|Nguyễn Thị Thu Thủy|Trương Mỹ Hạnh|"
    "Châu Thị Mẫn|Thạch Sóc Kha|Kim Thị Hạnh|Danh Thị Út|Sơn Thị Chane|Lâm Tấn Phát|Mai Xuân Trường|"
    "Đinh Thị Liễu|Cao Tiến Dũng|Tạ Thị Bích Loan|Hà Thị Nhung|Quách Ngọc Ẩn|Từ Thị Khuê|Lưu Bội Ngọc|"
    "Tô Hiến Thành|La Văn Cầu|Kiều Thị Oanh|Nông Đức Mạnh|Vi Văn Định";
const char* const sentences[] = {
    "Bà Nguyễn Thị Lành, sinh năm 1958, hộ nghèo, khóm 3, thị trấn Cái Nước.",
    "Người được trợ giúp pháp lý yêu cầu tư vấn về thừa kế quyền sử dụng đất.",
    "Trợ giúp viên đã giải thích quy định của Luật Đất đai năm 2024 và hướng dẫn hòa giải tại xã.",
    "Đương sự không đồng ý với quyết định của UBND huyện và muốn khiếu nại lần hai.",
    "Vụ việc hôn nhân và gia đình: ly hôn, nuôi con, chia tài sản chung của vợ chồng.",
    "Buổi truyền thông có 45 người tham dự, trong đó 20 phụ nữ và 12 người dân tộc thiểu số.",
    "Hẹn gặp lại ngày 14/03/2025 lúc 8 giờ tại Nhà văn hóa ấp Tân Thành.",
    "Chồng bà mất năm 2019, không để lại di chúc; ba người con đều ở xa.",
    "Ủy ban nhân dân xã xác nhận gia đình thuộc diện cận nghèo.",
    "Luật sư bào chữa cho bị cáo là người dưới 18 tuổi.",
    "Cộng hòa xã hội chủ nghĩa Việt Nam, Độc lập - Tự do - Hạnh phúc",
    "Ông Ẩn ở ấp Ở Đợ, ý kiến: “ừ, được”.",
};

std::vector<std::string> samples() {
  std::vector<std::string> all;
  const std::string names = name_list;
  for (std::size_t from = 0; from <= names.size();) {
    const std::size_t to = std::min(names.find('|', from), names.size());
    all.push_back(names.substr(from, to - from));
    from = to + 1;
  }
  all.insert(all.end(), std::begin(sentences), std::end(sentences));
  return all;
}

std::vector<std::string> letters_of(std::string_view text) {
  std::vector<std::string> letters;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xc0) == 0x80)
      letters.back() += c;
    else
      letters.emplace_back(1, c);
  }
  return letters;
}

const std::vector<std::string> unicode = letters_of(
    "àảãáạăằẳẵắặâầẩẫấậèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵđ"
    "ÀẢÃÁẠĂẰẲẴẮẶÂẦẨẪẤẬÈẺẼÉẸÊỀỂỄẾỆÌỈĨÍỊÒỎÕÓỌÔỒỔỖỐỘƠỜỞỠỚỢÙỦŨÚỤƯỪỬỮỨỰỲỶỸÝỴĐ");
// The ABC fonts keep codes for seven capitals; the others are the small letters in a font of capitals.
const std::vector<std::string> tcvn3 = letters_of(
    "µ¶·¸¹¨»¼½¾Æ©ÇÈÉÊËÌÎÏÐÑªÒÓÔÕÖ×ØÜÝÞßáâãä«åæçèé¬êëìíîïñòóô­õö÷øùúûüýþ®"
    "µ¶·¸¹¡»¼½¾Æ¢ÇÈÉÊËÌÎÏÐÑ£ÒÓÔÕÖ×ØÜÝÞßáâãä¤åæçèé¥êëìíîïñòóô¦õö÷øùúûüýþ§");
const std::vector<std::string> vni = {
    "aø", "aû", "aõ", "aù", "aï", "aê", "aè", "aú", "aü", "aé", "aë", "aâ", "aà", "aå", "aã", "aá", "aä",
    "eø", "eû", "eõ", "eù", "eï", "eâ", "eà", "eå", "eã", "eá", "eä", "ì",  "æ",  "ó",  "í",  "ò",  "oø",
    "oû", "oõ", "où", "oï", "oâ", "oà", "oå", "oã", "oá", "oä", "ô",  "ôø", "ôû", "ôõ", "ôù", "ôï", "uø",
    "uû", "uõ", "uù", "uï", "ö",  "öø", "öû", "öõ", "öù", "öï", "yø", "yû", "yõ", "yù", "î",  "ñ",  "AØ",
    "AÛ", "AÕ", "AÙ", "AÏ", "AÊ", "AÈ", "AÚ", "AÜ", "AÉ", "AË", "AÂ", "AÀ", "AÅ", "AÃ", "AÁ", "AÄ", "EØ",
    "EÛ", "EÕ", "EÙ", "EÏ", "EÂ", "EÀ", "EÅ", "EÃ", "EÁ", "EÄ", "Ì",  "Æ",  "Ó",  "Í",  "Ò",  "OØ", "OÛ",
    "OÕ", "OÙ", "OÏ", "OÂ", "OÀ", "OÅ", "OÃ", "OÁ", "OÄ", "Ô",  "ÔØ", "ÔÛ", "ÔÕ", "ÔÙ", "ÔÏ", "UØ", "UÛ",
    "UÕ", "UÙ", "UÏ", "Ö",  "ÖØ", "ÖÛ", "ÖÕ", "ÖÙ", "ÖÏ", "YØ", "YÛ", "YÕ", "YÙ", "Î",  "Ñ"};

std::string pasted(std::string_view text, Legacy legacy) {
  const std::vector<std::string>& code = legacy == Legacy::tcvn3 ? tcvn3 : vni;
  std::string out;
  for (const std::string& letter : letters_of(text)) {
    const auto found = std::find(unicode.begin(), unicode.end(), letter);
    out += found == unicode.end() ? letter : code[static_cast<std::size_t>(found - unicode.begin())];
  }
  return out;
}

}  // namespace

TEST_CASE("pasted text of both old codes is read as it was meant") {
  REQUIRE(tcvn3.size() == unicode.size());
  REQUIRE(vni.size() == unicode.size());
  CHECK(looks_like("NguyÔn V¨n A") == Legacy::tcvn3);
  CHECK(convert("NguyÔn V¨n A", Legacy::tcvn3) == "Nguyễn Văn A");
  CHECK(looks_like("Nguyeãn Vaên A") == Legacy::vni);
  CHECK(convert("Nguyeãn Vaên A", Legacy::vni) == "Nguyễn Văn A");
  CHECK(convert("§éc lËp - Tù do - H¹nh phóc", Legacy::tcvn3) == "Độc lập - Tự do - Hạnh phúc");
  CHECK(convert("Ñoäc laäp - Töï do - Haïnh phuùc", Legacy::vni) == "Độc lập - Tự do - Hạnh phúc");
  CHECK(convert("COÄNG HOØA XAÕ HOÄI CHUÛ NGHÓA VIEÄT NAM", Legacy::vni) == "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM");
}

TEST_CASE("every small letter of both codes, and every capital of VNI, comes back") {
  for (std::size_t i = 0; i < unicode.size(); ++i) {
    CAPTURE(unicode[i]);
    CHECK(convert(vni[i], Legacy::vni) == unicode[i]);
    if (i < unicode.size() / 2) CHECK(convert(tcvn3[i], Legacy::tcvn3) == unicode[i]);
  }
}

TEST_CASE("the capitals of a font of capitals come back when the rest of the word is in capitals") {
  CHECK(convert("NGUYÔN V¡N §¤", Legacy::tcvn3) == "NGUYỄN VĂN ĐÔ");
  CHECK(convert("CéNG HßA", Legacy::tcvn3) == "CỘNG HÒA");
  CHECK(convert("Lª ThÞ Ên", Legacy::tcvn3) == "Lê Thị ấn");
}

TEST_CASE("more than 99 of 100 names and sentences are recognised in the right code and come back whole") {
  const std::vector<std::string> all = samples();
  for (const Legacy legacy : {Legacy::tcvn3, Legacy::vni}) {
    int marked = 0, right = 0;
    for (const std::string& text : all) {
      const std::string paste = pasted(text, legacy);
      if (paste == text) continue;  // nothing to recognise
      ++marked;
      CAPTURE(paste);
      const std::string back = convert(paste, legacy);
      // In .VnTime a capital such as Ấ at the head of a word is another font's small letter.
      const bool whole = legacy == Legacy::vni ? back == text : fold(back) == fold(text);
      CHECK(whole);
      const bool known = looks_like(paste) == legacy;
      WARN_MESSAGE(known, paste);
      right += whole && known;
    }
    MESSAGE(right << " of " << marked);
    CHECK(marked > 300);
    CHECK(right * 100 > marked * 99);
  }
}

TEST_CASE("a text whose every word is Vietnamese as it stands is left alone, whatever it was meant to be") {
  CHECK(!looks_like("An Phóc"));  // TCVN3 for An Phúc
  CHECK(!looks_like("Sôn La"));   // VNI for Sơn La
  CHECK(looks_like("X· An Phóc") == Legacy::tcvn3);
  CHECK(looks_like("Tænh Sôn La") == Legacy::vni);
}

TEST_CASE("good Vietnamese is never taken for an old code, in either style of tones") {
  for (const std::string& text : samples()) {
    CHECK_MESSAGE(!looks_like(text), text);
    CHECK_MESSAGE(!looks_like(upper_case(text)), text);
    // Word by word there is less to go by: "Lê", "Hà", "Tú" have letters of Latin-1 only.
    for (std::size_t from = 0; from <= text.size();) {
      const std::size_t to = std::min(text.find(' ', from), text.size());
      CHECK_MESSAGE(!looks_like(text.substr(from, to - from)), text.substr(from, to - from));
      from = to + 1;
    }
  }
  for (const char* text :
       {"hoà", "Thuý", "khoẻ", "Hoà Lê", "Tô Thanh Tú", "Lê Hà", "bà ý, cô Ý", "Êban", "Êñuôl", "Ayun", "Siêu", "Ô"})
    CHECK_MESSAGE(!looks_like(text), text);
}

TEST_CASE("other languages, signs and plain text are not taken for an old code") {
  for (const char* text : {"",
                           "Nguyen Van An",
                           "HG-03",
                           "nam@example.vn",
                           "The meeting is at 8:15",
                           "5 µm",
                           "28 °C",
                           "© 2025",
                           "§ 5",
                           "1ª",
                           "« bonjour »",
                           "«oui»",
                           "3×4",
                           "½",
                           "café",
                           "été",
                           "élève",
                           "hôtel",
                           "forêt",
                           "fenêtre",
                           "naïve",
                           "maïs",
                           "Noël",
                           "Zoé",
                           "Chloé",
                           "François",
                           "garçon",
                           "leçon",
                           "français",
                           "château",
                           "gâteau",
                           "tête",
                           "même",
                           "être",
                           "crêpe",
                           "pâte",
                           "rôle",
                           "côté",
                           "mère",
                           "père",
                           "frère",
                           "siècle",
                           "procès",
                           "après",
                           "très",
                           "déjà",
                           "voilà",
                           "où",
                           "là",
                           "ça",
                           "sœur",
                           "cœur",
                           "hors-d'œuvre",
                           "Citroën",
                           "Moët",
                           "Haïti",
                           "thaï",
                           "cuisine thaï",
                           "République française",
                           "Médecins sans frontières",
                           "Médecins du Monde",
                           "Agence française de développement",
                           "résumé",
                           "cliché",
                           "façade",
                           "coöperate",
                           "Brontë",
                           "Müller",
                           "für",
                           "über",
                           "schön",
                           "Köln",
                           "München",
                           "Zürich",
                           "größe",
                           "Straße",
                           "Österreich",
                           "Bär",
                           "Tür",
                           "hören",
                           "können",
                           "Gesellschaft für Technik",
                           "niño",
                           "señor",
                           "mañana",
                           "España",
                           "Muñoz",
                           "Núñez",
                           "São Paulo",
                           "João",
                           "não",
                           "coração",
                           "Ærø",
                           "Malmö",
                           "Ångström",
                           "Jönköping",
                           "Dvořák",
                           "Łódź",
                           "Zoë Müller",
                           "naïveté",
                           "vis-à-vis",
                           "à la carte",
                           "Beyoncé",
                           "El Niño",
                           "jalapeño",
                           "piñata",
                           "crème brûlée",
                           "O'Neill",
                           "PDF © 2025 Müller",
                           "Việt Nam – pháp",
                           "日本語",
                           "Привет"})
    CHECK_MESSAGE(!looks_like(text), std::string(text));
}

TEST_CASE("a long paste is judged by its beginning, wherever a letter ends there") {
  std::string many;
  for (int i = 0; i < 2'000; ++i) many += "V¨n ";
  for (int shift = 0; shift < 5; ++shift)
    CHECK(looks_like(std::string(static_cast<std::size_t>(shift), '.') + many) == Legacy::tcvn3);
}

TEST_CASE("text that is not in the code stays, and no bytes make it fail") {
  CHECK(convert("HG-03, 14/03/2025 (UBND)", Legacy::tcvn3) == "HG-03, 14/03/2025 (UBND)");
  CHECK(convert("HG-03, 14/03/2025 (UBND)", Legacy::vni) == "HG-03, 14/03/2025 (UBND)");
  CHECK(convert("\xff\xfe", Legacy::vni) == "\xff\xfe");
  CHECK(!looks_like("\xff V¨n"));
  CHECK(looks_like(std::string(100'000, ' ') + "V¨n") == std::nullopt);
}
