// No bytes crash the reader of pages, packed or not, and a page that is read can be written and read again.
#include <algorithm>

#include "shared/foundation/compress.h"
#include "sync/messages.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

namespace {

void read(BytesView packed) {
  const Result<Page> page = decode_page(packed);
  if (!page) return;
  for (const Segment& segment : page->segments) {
    (void)segment.end();
    (void)verify_segment(segment, PublicKey{});
  }
  const Bytes again = encode_page(*page);
  const Result<Page> twice = decode_page(again);
  ensure(twice && encode_page(*twice) == again, "a page that was read can be forwarded");
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  read(input);
  // Hardly a mutation survives zstd's own checks: what lies inside is tried as well.
  if (size <= 1u << 16) read(compress(input, 1));
  return 0;
}
