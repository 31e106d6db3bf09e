// Pictures as they come from phones and scanners, made fit to keep: upright, not larger than asked for, and without
// what a camera writes beside the picture (place, time, device, thumbnail), since all that is kept is made anew from
// the pixels. JPEG stays JPEG and PNG stays PNG: a scan's letters are not smeared.
//
// A file may be hostile: its size is read from its header and judged before anything is decoded.
#pragma once

#include <cstdint>
#include <optional>

#include "shared/foundation/bytes.h"

namespace fieldpost {

enum class PictureFormat { jpeg, png };
/// By its first bytes, whatever its name says; nothing where it is neither.
std::optional<PictureFormat> picture_format(BytesView file);

struct PictureSize {
  std::uint32_t width = 0, height = 0;  // pixels, as stored: before a camera's note that it was held upright
};
/// From the header alone. Errors: malformed, out_of_bounds (more than image_pixels_max).
Result<PictureSize> picture_size(BytesView file);

/// The picture anew, its longer edge at most `pixels_max` (0: as it is), never enlarged. Errors: malformed (no JPEG
/// or PNG, cut short, damaged), out_of_bounds (more than image_pixels_max).
Result<Bytes> fit_picture(BytesView file, std::uint32_t pixels_max);

/// What EXIF says of how the camera was held, 1 to 8 (CIPA DC-008, tag 0x0112); 1 where it says nothing.
int exif_orientation(BytesView jpeg);

}  // namespace fieldpost
