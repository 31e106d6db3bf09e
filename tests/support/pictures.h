// Pictures for tests: JPEGs as phones take them, with EXIF, and PNGs; four colours in four corners tell how one lies.
#pragma once

#include <doctest/doctest.h>
#include <png.h>
#include <turbojpeg.h>

#include <array>
#include <string>

#include "shared/foundation/bytes.h"

namespace fieldpost::test {

struct Colour {
  int red = 0, green = 0, blue = 0;
};
inline constexpr Colour red{220, 30, 30}, green{30, 200, 30}, blue{30, 30, 220}, white{245, 245, 245};

/// Rows from the top: red and green above, blue and white below.
inline Bytes four_corners(int width, int height) {
  Bytes rgb;
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const Colour& colour = y < height / 2 ? (x < width / 2 ? red : green) : (x < width / 2 ? blue : white);
      for (const int part : {colour.red, colour.green, colour.blue}) rgb.push_back(static_cast<std::uint8_t>(part));
    }
  return rgb;
}

inline constexpr std::string_view camera_words = "Secret Camera 9000 near 10.7N 106.6E";

/// EXIF with an orientation and a camera's own words, as an APP1 segment.
inline Bytes exif_segment(int orientation) {
  Bytes tiff = {
      'I', 'I', 42, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, static_cast<std::uint8_t>(orientation),
      0,   0,   0,  0, 0, 0, 0};
  tiff.insert(tiff.end(), camera_words.begin(), camera_words.end());
  const std::size_t length = 2 + 6 + tiff.size();
  Bytes out = {
      0xFF, 0xE1, static_cast<std::uint8_t>(length >> 8), static_cast<std::uint8_t>(length), 'E', 'x', 'i', 'f',
      0,    0};
  out.insert(out.end(), tiff.begin(), tiff.end());
  return out;
}

inline Bytes jpeg_of(int width, int height, int orientation = 1) {
  const Bytes rgb = four_corners(width, height);
  tjhandle jpeg = tjInitCompress();
  unsigned char* written = nullptr;
  unsigned long size = 0;
  REQUIRE(tjCompress2(jpeg, rgb.data(), width, 0, height, TJPF_RGB, &written, &size, TJSAMP_420, 90, 0) == 0);
  Bytes out(written, written + size);
  tjFree(written);
  tjDestroy(jpeg);
  const Bytes exif = exif_segment(orientation);
  out.insert(out.begin() + 2, exif.begin(), exif.end());
  return out;
}

inline Bytes png_of(int width, int height) {
  const Bytes rgb = four_corners(width, height);
  png_image image{};
  image.version = PNG_IMAGE_VERSION;
  image.width = static_cast<png_uint_32>(width);
  image.height = static_cast<png_uint_32>(height);
  image.format = PNG_FORMAT_RGB;
  png_alloc_size_t size = PNG_IMAGE_PNG_SIZE_MAX(image);
  Bytes out(size);
  REQUIRE(png_image_write_to_memory(&image, out.data(), &size, 0, rgb.data(), 0, nullptr) != 0);
  out.resize(size);
  return out;
}

/// A JPEG as pixels again.
struct Seen4 {
  int width = 0, height = 0;
  Bytes rgb;
  /// Which of the four colours stands in the middle of a quarter, from the left and from the top.
  std::string corner(bool right, bool below) const {
    const int x = width / 4 + (right ? width / 2 : 0), y = height / 4 + (below ? height / 2 : 0);
    const std::uint8_t* at = rgb.data() + 3 * (static_cast<std::size_t>(y) * static_cast<std::size_t>(width) +
                                               static_cast<std::size_t>(x));
    const auto near = [&](const Colour& colour) {
      return std::abs(at[0] - colour.red) < 25 && std::abs(at[1] - colour.green) < 25 &&
             std::abs(at[2] - colour.blue) < 25;
    };
    return near(red) ? "red" : near(green) ? "green" : near(blue) ? "blue" : near(white) ? "white" : "other";
  }
  std::string corners() const {
    return corner(false, false) + " " + corner(true, false) + " " + corner(false, true) + " " + corner(true, true);
  }
};
inline Seen4 look_at(BytesView jpeg) {
  Seen4 seen;
  tjhandle handle = tjInitDecompress();
  int subsampling = 0, colours = 0;
  REQUIRE(tjDecompressHeader3(handle, jpeg.data(), jpeg.size(), &seen.width, &seen.height, &subsampling, &colours) ==
          0);
  seen.rgb.resize(3 * static_cast<std::size_t>(seen.width) * static_cast<std::size_t>(seen.height));
  REQUIRE(tjDecompress2(handle, jpeg.data(), jpeg.size(), seen.rgb.data(), seen.width, 0, seen.height, TJPF_RGB, 0) ==
          0);
  tjDestroy(handle);
  return seen;
}

}  // namespace fieldpost::test
