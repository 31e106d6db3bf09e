#include "shared/foundation/compress.h"

#include <zstd.h>

#include <algorithm>
#include <array>
#include <memory>

namespace fieldpost {

namespace {

/// ZSTD_decompress also takes skippable frames and several frames in a row; a page is exactly one.
bool is_one_frame(BytesView packed) {
  constexpr std::array<std::uint8_t, 4> magic = {0x28, 0xb5, 0x2f, 0xfd};  // RFC 8878 §3.1.1
  return packed.size() >= magic.size() && std::equal(magic.begin(), magic.end(), packed.begin()) &&
         ZSTD_findFrameCompressedSize(packed.data(), packed.size()) == packed.size();
}

}  // namespace

Bytes compress(BytesView plain, int level) {
  // A context a thread: making one at a high level costs more than a page.
  thread_local const std::unique_ptr<ZSTD_CCtx, decltype(&ZSTD_freeCCtx)> context(ZSTD_createCCtx(), ZSTD_freeCCtx);
  Bytes out(ZSTD_compressBound(plain.size()));
  const std::size_t size =
      ZSTD_compressCCtx(context.get(), out.data(), out.size(), plain.data(), plain.size(), level);
  ensure(!ZSTD_isError(size), "zstd compresses");
  out.resize(size);
  return out;
}

Result<Bytes> decompress(BytesView packed, std::size_t expanded_max) {
  if (!is_one_frame(packed)) return Error{ErrorCode::malformed, "not one whole zstd frame"};
  const unsigned long long claimed = ZSTD_getFrameContentSize(packed.data(), packed.size());
  if (claimed == ZSTD_CONTENTSIZE_ERROR || claimed == ZSTD_CONTENTSIZE_UNKNOWN)
    return Error{ErrorCode::malformed, "a zstd frame that does not say its size"};
  if (claimed > expanded_max) return Error{ErrorCode::out_of_bounds, "a page that expands beyond its bound"};
  Bytes out(static_cast<std::size_t>(claimed));
  const std::size_t size = ZSTD_decompress(out.data(), out.size(), packed.data(), packed.size());
  if (ZSTD_isError(size) || size != out.size()) return Error{ErrorCode::malformed, "a damaged zstd frame"};
  return out;
}

}  // namespace fieldpost
