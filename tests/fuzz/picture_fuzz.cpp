// No file crashes the intake of pictures: it gives a picture that is read again and fits, or an error that says why.
#include "shared/foundation/limits.h"
#include "shared/intake/picture.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView file(data, size);
  const int orientation = exif_orientation(file);
  ensure(orientation >= 1 && orientation <= 8, "a camera is held in one of eight ways");
  // Larger ones are right as well, and would take the fuzzer's time.
  const Result<PictureSize> claimed = picture_size(file);
  if (!claimed) {
    ensure(!claimed.error().message.empty(), "a refusal says why");
    return 0;
  }
  if (std::uint64_t{claimed->width} * claimed->height > 1u << 20) return 0;
  const Result<Bytes> fit = fit_picture(file, 64);
  if (!fit) return 0;
  const Result<PictureSize> made = picture_size(*fit);
  ensure(made && made->width <= 64 && made->height <= 64, "what is made is a picture, and fits");
  return 0;
}
