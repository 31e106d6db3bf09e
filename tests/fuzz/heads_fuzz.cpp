// No bytes crash the reader of heads; what it reads is written and read again as the same heads.
#include "shared/model/merge.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<RecordHeads> heads = RecordHeads::decode({data, size});
  if (!heads) return 0;
  const Result<RecordHeads> again = RecordHeads::decode(heads->encode());
  ensure(again && *again == *heads, "heads come back from their bytes");
  (void)heads->digest_bytes();
  (void)heads->seen(heads->entities());
  return 0;
}
