// No bytes crash the reader of receipts, alone or in the answer to a push; what it reads has one spelling.
#include <algorithm>

#include "sync/messages.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  if (const Result<Receipt> receipt = decode_receipt(input)) {
    const Bytes again = encode_receipt(*receipt);
    ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()), "a receipt has one spelling");
    for (const Receipt::Exception& exception : receipt->exceptions) {
      (void)outcome_name(exception.outcome);
      (void)reason_name(exception.reason);
    }
  }
  (void)decode_push_answer(input);
  (void)decode_handshake_answer(input);
  return 0;
}
