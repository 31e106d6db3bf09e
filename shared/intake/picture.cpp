#include "shared/intake/picture.h"

#include <png.h>
#include <turbojpeg.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <memory>

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

// Of 100: beyond it, files of photos grow faster than what one sees in them.
constexpr int jpeg_quality = 85;
// A progressive picture may claim thousands of scans, each as long to decode as a picture: libjpeg-turbo stops there.
constexpr int guarded_decoding = TJFLAG_LIMITSCANS;

Error unreadable(const std::string& why) {
  return {ErrorCode::malformed, "the picture cannot be read (" + why + "): take or copy it again"};
}
Error no_picture() {
  return {ErrorCode::malformed,
          "this file is neither a JPEG nor a PNG picture: save it as one of them and try again"};
}

/// Rows from the top, three bytes a pixel.
struct Pixels {
  std::size_t width = 0, height = 0;
  Bytes rgb;
  std::uint8_t* at(std::size_t x, std::size_t y) { return rgb.data() + 3 * (y * width + x); }
  const std::uint8_t* at(std::size_t x, std::size_t y) const { return rgb.data() + 3 * (y * width + x); }
};
Pixels empty_pixels(std::size_t width, std::size_t height) { return {width, height, Bytes(3 * width * height)}; }

struct CloseJpeg {
  void operator()(void* handle) const { tjDestroy(handle); }
};
using Jpeg = std::unique_ptr<void, CloseJpeg>;

struct JpegHeader {
  int width = 0, height = 0, subsampling = 0, colours = 0;
};
Result<JpegHeader> jpeg_header(const Jpeg& jpeg, BytesView file) {
  JpegHeader header;
  if (!jpeg || tjDecompressHeader3(jpeg.get(), file.data(), file.size(), &header.width, &header.height,
                                   &header.subsampling, &header.colours) != 0)
    return unreadable("its header");
  return header;
}

/// Of libjpeg's own steps, the smallest that leaves the longer edge at least as long as asked for.
tjscalingfactor jpeg_step(const JpegHeader& header, std::uint32_t pixels_max) {
  tjscalingfactor best{1, 1};
  int count = 0;
  const tjscalingfactor* steps = tjGetScalingFactors(&count);
  const int longer = std::max(header.width, header.height);
  for (int i = 0; pixels_max > 0 && i < count; ++i) {
    const tjscalingfactor& step = steps[i];
    const bool smaller = step.num * best.denom < best.num * step.denom;
    if (smaller && TJSCALED(longer, step) >= static_cast<int>(pixels_max)) best = step;
  }
  return best;
}

Result<Pixels> decode_jpeg(BytesView file, std::uint32_t pixels_max, int& subsampling) {
  const Jpeg jpeg(tjInitDecompress());
  const Result<JpegHeader> header = jpeg_header(jpeg, file);
  if (!header) return header.error();
  const tjscalingfactor step = jpeg_step(*header, pixels_max);
  const int width = TJSCALED(header->width, step), height = TJSCALED(header->height, step);
  Pixels pixels = empty_pixels(static_cast<std::size_t>(width), static_cast<std::size_t>(height));
  if (tjDecompress2(jpeg.get(), file.data(), file.size(), pixels.rgb.data(), width, 0, height, TJPF_RGB,
                    guarded_decoding) != 0) {
    // Cameras write small oddities that libjpeg warns of; a picture that ends too early has lost a part.
    const std::string why = tjGetErrorStr2(jpeg.get());
    if (tjGetErrorCode(jpeg.get()) == TJERR_FATAL || why.find("remature end") != std::string::npos)
      return unreadable("it is cut short or damaged");
  }
  subsampling = header->subsampling;
  return pixels;
}

Result<Bytes> encode_jpeg(const Pixels& pixels, int subsampling) {
  const Jpeg jpeg(tjInitCompress());
  const int kept = subsampling == TJSAMP_GRAY || subsampling == TJSAMP_444 ? subsampling : TJSAMP_420;
  unsigned char* written = nullptr;
  unsigned long size = 0;
  const int failed = jpeg ? tjCompress2(jpeg.get(), pixels.rgb.data(), static_cast<int>(pixels.width), 0,
                                        static_cast<int>(pixels.height), TJPF_RGB, &written, &size, kept,
                                        jpeg_quality, TJFLAG_ACCURATEDCT)
                          : -1;
  Bytes out;
  if (failed == 0) out.assign(written, written + size);
  tjFree(written);
  if (failed != 0) return unreadable("it cannot be written anew");
  return out;
}

/// Frees what libpng holds, however reading ended.
struct Png {
  png_image image{};
  Png() { image.version = PNG_IMAGE_VERSION; }
  ~Png() { png_image_free(&image); }
  Png(const Png&) = delete;
  Png& operator=(const Png&) = delete;
};

Result<Pixels> decode_png(BytesView file) {
  Png png;
  if (png_image_begin_read_from_memory(&png.image, file.data(), file.size()) == 0) return unreadable("its header");
  png.image.format = PNG_FORMAT_RGB;
  Pixels pixels = empty_pixels(png.image.width, png.image.height);
  const png_color paper{255, 255, 255};  // behind what is transparent
  if (png_image_finish_read(&png.image, &paper, pixels.rgb.data(), 0, nullptr) == 0)
    return unreadable("it is cut short or damaged");
  return pixels;
}

Result<Bytes> encode_png(const Pixels& pixels) {
  Png png;
  png.image.width = static_cast<png_uint_32>(pixels.width);
  png.image.height = static_cast<png_uint_32>(pixels.height);
  png.image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(png.image);
  Bytes out(size);
  if (png_image_write_to_memory(&png.image, out.data(), &size, 0, pixels.rgb.data(), 0, nullptr) == 0)
    return unreadable("it cannot be written anew");
  out.resize(size);
  return out;
}

/// Scaled to this width and turned over its diagonal, so that doing it twice scales both ways. Each pixel is the mean
/// of what it covers: nothing of a thin line is left out.
Pixels narrowed_and_turned(const Pixels& from, std::size_t width) {
  Pixels out = empty_pixels(from.height, width);
  const double step = static_cast<double>(from.width) / static_cast<double>(width);
  for (std::size_t x = 0; x < width; ++x) {
    const double begin = static_cast<double>(x) * step, end = std::min(begin + step, static_cast<double>(from.width));
    const auto first = static_cast<std::size_t>(begin);
    const std::size_t last = std::min(static_cast<std::size_t>(std::ceil(end)), from.width);
    for (std::size_t y = 0; y < from.height; ++y) {
      double sums[3] = {}, covered = 0;
      for (std::size_t column = first; column < last; ++column) {
        const double share =
            std::min(end, static_cast<double>(column + 1)) - std::max(begin, static_cast<double>(column));
        for (std::size_t part = 0; part < 3; ++part) sums[part] += share * from.at(column, y)[part];
        covered += share;
      }
      for (std::size_t part = 0; part < 3; ++part)
        out.at(y, x)[part] = static_cast<std::uint8_t>(std::lround(sums[part] / covered));
    }
  }
  return out;
}

Pixels fitted(Pixels pixels, std::uint32_t pixels_max) {
  const std::size_t longer = std::max(pixels.width, pixels.height);
  if (pixels_max == 0 || longer <= pixels_max) return pixels;
  const auto scaled = [&](std::size_t edge) {
    return std::max<std::size_t>(1, (edge * pixels_max + longer / 2) / longer);
  };
  const std::size_t width = scaled(pixels.width), height = scaled(pixels.height);
  return narrowed_and_turned(narrowed_and_turned(pixels, width), height);
}

/// As it was seen when the picture was taken, by the eight ways of EXIF.
Pixels upright(Pixels pixels, int orientation) {
  if (orientation <= 1) return pixels;
  const bool turned = orientation >= 5;
  Pixels out = turned ? empty_pixels(pixels.height, pixels.width) : empty_pixels(pixels.width, pixels.height);
  const bool flip_x = orientation == 2 || orientation == 3 || orientation == 6 || orientation == 7;
  const bool flip_y = orientation == 3 || orientation == 4 || orientation == 7 || orientation == 8;
  for (std::size_t y = 0; y < pixels.height; ++y)
    for (std::size_t x = 0; x < pixels.width; ++x) {
      const std::size_t to_x = turned ? y : x, to_y = turned ? x : y;
      std::memcpy(out.at(flip_x ? out.width - 1 - to_x : to_x, flip_y ? out.height - 1 - to_y : to_y),
                  pixels.at(x, y), 3);
    }
  return out;
}

/// TIFF inside of EXIF: numbers of either byte order, nothing read beyond the end.
class TiffReader {
 public:
  explicit TiffReader(BytesView bytes) : bytes_(bytes), big_(bytes.size() > 1 && bytes[0] == 'M') {}
  std::optional<std::uint32_t> number(std::size_t at, std::size_t length) const {
    if (at > bytes_.size() || bytes_.size() - at < length) return std::nullopt;
    std::uint32_t value = 0;
    for (std::size_t i = 0; i < length; ++i) value = value << 8 | bytes_[at + (big_ ? i : length - 1 - i)];
    return value;
  }

 private:
  BytesView bytes_;
  bool big_;
};

int orientation_in(BytesView tiff) {
  constexpr std::uint32_t orientation_tag = 0x0112;
  const TiffReader in(tiff);
  const auto directory = in.number(4, 4);
  const auto entries = directory ? in.number(*directory, 2) : std::nullopt;
  for (std::uint32_t i = 0; entries && i < *entries; ++i) {
    const std::size_t entry = std::size_t{*directory} + 2 + std::size_t{12} * i;
    const auto tag = in.number(entry, 2), value = in.number(entry + 8, 2);
    if (!tag || !value) break;
    if (*tag == orientation_tag) return *value >= 1 && *value <= 8 ? static_cast<int>(*value) : 1;
  }
  return 1;
}

}  // namespace

std::optional<PictureFormat> picture_format(BytesView file) {
  if (text_of(file).starts_with("\xFF\xD8\xFF")) return PictureFormat::jpeg;
  if (text_of(file).starts_with("\x89PNG\r\n\x1A\n")) return PictureFormat::png;
  return std::nullopt;
}

Result<PictureSize> picture_size(BytesView file) {
  const std::optional<PictureFormat> format = picture_format(file);
  if (!format) return no_picture();
  PictureSize size;
  if (*format == PictureFormat::jpeg) {
    const Result<JpegHeader> header = jpeg_header(Jpeg(tjInitDecompress()), file);
    if (!header) return header.error();
    size = {static_cast<std::uint32_t>(header->width), static_cast<std::uint32_t>(header->height)};
  } else {
    Png png;
    if (png_image_begin_read_from_memory(&png.image, file.data(), file.size()) == 0) return unreadable("its header");
    size = {png.image.width, png.image.height};
  }
  if (std::uint64_t{size.width} * size.height > limits::image_pixels_max)
    return Error{ErrorCode::out_of_bounds, "the picture claims " + std::to_string(size.width) + " × " +
                                               std::to_string(size.height) +
                                               " pixels, more than can be opened here: save it smaller"};
  if (size.width == 0 || size.height == 0) return unreadable("its header");
  return size;
}

int exif_orientation(BytesView jpeg) {
  std::size_t at = 2;
  while (jpeg.size() > at + 4 && jpeg[at] == 0xFF) {
    const std::uint8_t marker = jpeg[at + 1];
    const std::size_t length = std::size_t{jpeg[at + 2]} << 8 | jpeg[at + 3];
    if (marker == 0xDA || length < 2 || jpeg.size() - at - 2 < length) break;
    const BytesView segment = jpeg.subspan(at + 4, length - 2);
    constexpr std::string_view exif("Exif\0\0", 6);
    if (marker == 0xE1 && text_of(segment).starts_with(exif)) return orientation_in(segment.subspan(exif.size()));
    at += 2 + length;
  }
  return 1;
}

Result<Bytes> fit_picture(BytesView file, std::uint32_t pixels_max) {
  const Result<PictureSize> size = picture_size(file);
  if (!size) return size.error();
  if (picture_format(file) == PictureFormat::png) {
    Result<Pixels> pixels = decode_png(file);
    if (!pixels) return pixels.error();
    return encode_png(fitted(*std::move(pixels), pixels_max));
  }
  int subsampling = 0;
  Result<Pixels> pixels = decode_jpeg(file, pixels_max, subsampling);
  if (!pixels) return pixels.error();
  return encode_jpeg(upright(fitted(*std::move(pixels), pixels_max), exif_orientation(file)), subsampling);
}

}  // namespace fieldpost
