// No bytes crash the reader of changes, and what it reads has one spelling only: the one it came in.
#include <algorithm>

#include "shared/model/change.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  const Result<Change> change = decode_change(input);
  if (!change) return 0;
  const Bytes again = encode_change(*change);
  ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()), "a change has one spelling");
  ensure(sha256(canonical_header(*change)).bytes == change->id.bytes, "the id is the digest of the header");
  if (change->erased) return 0;
  const Result<Change> sealed = seal(*change);
  ensure(sealed && sealed->id == change->id, "what can be read can be sealed, to the same id");
  return 0;
}
