// What becomes of a photo or file when somebody attaches it.
#include "shared/intake/intake.h"

#include "shared/foundation/limits.h"
#include "shared/intake/picture.h"
#include "tests/support/pictures.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

Question photo_question() {
  Question question;
  question.type = QuestionType::image;
  question.pixels_max = 200;
  question.bytes_max = 100'000;
  return question;
}

TakenIn taken(const Question& question, Bytes file, std::string_view name = "IMG_20250314_081530.jpg") {
  Result<TakenIn> in = take_in(question, std::move(file), name);
  REQUIRE_MESSAGE(in, (in ? std::string() : in.error().message));
  return *std::move(in);
}

ErrorCode refused(const Question& question, Bytes file) {
  const Result<TakenIn> in = take_in(question, std::move(file), "a");
  REQUIRE_FALSE(in);
  CHECK_FALSE(in.error().message.empty());
  return in.error().code;
}

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

/// A JPEG or PNG whose header claims another size than its few bytes could hold.
Bytes jpeg_claiming(int width, int height) {
  Bytes file = jpeg_of(16, 16);
  for (std::size_t at = 2; at + 9 < file.size(); ++at)
    if (file[at] == 0xFF && file[at + 1] == 0xC0) {
      file[at + 5] = static_cast<std::uint8_t>(height >> 8);
      file[at + 6] = static_cast<std::uint8_t>(height);
      file[at + 7] = static_cast<std::uint8_t>(width >> 8);
      file[at + 8] = static_cast<std::uint8_t>(width);
      return file;
    }
  FAIL("a JPEG has a frame header");
  return {};
}
Bytes png_claiming(std::uint32_t width, std::uint32_t height) {
  Bytes file = png_of(16, 16);
  for (int i = 0; i < 4; ++i) {
    file[16 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(width >> (24 - 8 * i));
    file[20 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(height >> (24 - 8 * i));
  }
  std::uint32_t crc = 0xFFFFFFFF;
  for (std::size_t i = 12; i < 29; ++i) {
    crc ^= file[i];
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ (0xEDB88320u & (0u - (crc & 1)));
  }
  for (int i = 0; i < 4; ++i)
    file[29 + static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(~crc >> (24 - 8 * i));
  return file;
}

}  // namespace

TEST_CASE("a photo is made smaller than its question allows, and keeps its shape") {
  const TakenIn photo = taken(photo_question(), jpeg_of(800, 600));
  const Seen4 seen = look_at(photo.content);
  CHECK(seen.width == 200);
  CHECK(seen.height == 150);
  CHECK(seen.corners() == "red green blue white");
  CHECK(photo.type == "image/jpeg");
  CHECK(look_at(taken(photo_question(), jpeg_of(120, 90)).content).width == 120);  // never enlarged
  const Seen4 odd = look_at(taken(photo_question(), jpeg_of(997, 331)).content);
  CHECK(odd.width == 200);
  CHECK(odd.height == 66);
}

TEST_CASE("nothing a camera wrote beside the picture stays in it: no place, no device, no name that tells the time") {
  const Bytes file = jpeg_of(320, 240);
  REQUIRE(text_of(file).find(camera_words) != std::string_view::npos);
  const TakenIn photo = taken(photo_question(), file);
  CHECK(text_of(photo.content).find(camera_words.substr(0, 6)) == std::string_view::npos);
  CHECK(text_of(photo.content).find("Exif") == std::string_view::npos);
  CHECK(photo.name.empty());
}

TEST_CASE("a question that keeps the metadata gets the file byte for byte, if it is a picture") {
  Question question = photo_question();
  question.pixels_max = 0;
  question.keeps_metadata = true;
  const Bytes file = jpeg_of(320, 240, 6);
  const TakenIn photo = taken(question, file, "/home/an/Ảnh hiện trường.jpg");
  CHECK(photo.content == file);
  CHECK(photo.name == "Ảnh hiện trường.jpg");
  CHECK(refused(question, Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(file.size() / 2))) ==
        ErrorCode::malformed);
}

TEST_CASE("a picture stands upright however the camera was held") {
  // Where red, green, blue and white come to lie, by the eight ways of EXIF.
  const std::array<std::string, 9> lies = {"",
                                           "red green blue white",
                                           "green red white blue",
                                           "white blue green red",
                                           "blue white red green",
                                           "red blue green white",
                                           "blue red white green",
                                           "white green blue red",
                                           "green white red blue"};
  for (int orientation = 1; orientation <= 8; ++orientation) {
    CAPTURE(orientation);
    const Bytes file = jpeg_of(160, 120, orientation);
    CHECK(exif_orientation(file) == orientation);
    const Seen4 seen = look_at(taken(photo_question(), file).content);
    CHECK(seen.corners() == lies[static_cast<std::size_t>(orientation)]);
    CHECK((seen.width < seen.height) == (orientation >= 5));
  }
  CHECK(exif_orientation(jpeg_of(16, 16, 9)) == 1);
  CHECK(exif_orientation(jpeg_of(16, 16, 0)) == 1);
}

TEST_CASE("a scan that is a PNG stays one") {
  const TakenIn scan = taken(photo_question(), png_of(600, 800));
  CHECK(scan.type == "image/png");
  const Result<PictureSize> size = picture_size(scan.content);
  REQUIRE(size);
  CHECK(size->width == 150);
  CHECK(size->height == 200);
}

TEST_CASE("a picture that claims more pixels than can be opened is refused before it is decoded") {
  CHECK(refused(photo_question(), jpeg_claiming(65'000, 65'000)) == ErrorCode::out_of_bounds);
  CHECK(refused(photo_question(), png_claiming(100'000, 100'000)) == ErrorCode::out_of_bounds);
  CHECK(refused(photo_question(), png_claiming(1'000'000, 100)) == ErrorCode::out_of_bounds);
  CHECK(refused(photo_question(), jpeg_claiming(0, 16)) == ErrorCode::malformed);
}

TEST_CASE("what is empty, no picture, cut short or too large is refused with a word on what to do") {
  const Question photo = photo_question();
  CHECK(refused(photo, {}) == ErrorCode::malformed);
  CHECK(refused(photo, bytes_of("%PDF-1.4 a scan")) == ErrorCode::malformed);
  CHECK(refused(photo, bytes_of("\xFF\xD8\xFF")) == ErrorCode::malformed);
  const Bytes file = jpeg_of(320, 240);
  for (const std::size_t end : {file.size() / 4, file.size() / 2, file.size() - 40})
    CHECK(refused(photo, Bytes(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(end))) ==
          ErrorCode::malformed);
  const Bytes png = png_of(320, 240);
  CHECK(refused(photo, Bytes(png.begin(), png.end() - 60)) == ErrorCode::malformed);
  Question narrow = photo;
  narrow.bytes_max = 500;
  CHECK(refused(narrow, file) == ErrorCode::out_of_bounds);
  Question paper;
  paper.type = QuestionType::file;
  paper.bytes_max = 10;
  CHECK(refused(paper, {}) == ErrorCode::malformed);
  CHECK(refused(paper, bytes_of("12345678901")) == ErrorCode::out_of_bounds);
}

TEST_CASE("a file is kept byte for byte under its own name, without the folders it lay in") {
  Question paper;
  paper.type = QuestionType::file;
  const TakenIn scan = taken(paper, bytes_of("%PDF-1.4 biên bản"), "C:\\Hồ sơ\\Biên bản số 3.pdf");
  CHECK(scan.content == bytes_of("%PDF-1.4 biên bản"));
  CHECK(scan.name == "Biên bản số 3.pdf");
  CHECK(scan.type == "application/pdf");
  CHECK(taken(paper, bytes_of("a"), "/tmp/danh sách.xlsx").type ==
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
  CHECK(taken(paper, jpeg_of(16, 16), "x").type == "image/jpeg");
  CHECK(taken(paper, bytes_of("?"), "lạ").type == "application/octet-stream");
  std::string long_name;
  for (int i = 0; i < 150; ++i) long_name += "ộ";
  const TakenIn cut = taken(paper, bytes_of("a"), long_name);
  CHECK(cut.name.size() <= 200);
  CHECK(is_storable(Attachment{{Digest{}, 1}, cut.type, cut.name}));
}
