// No bytes crash the readers of certificates and of central's statement; what they read has one spelling.
#include "shared/model/certificate.h"

#include <algorithm>

#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const BytesView input(data, size);
  const auto same = [&](const Bytes& again) {
    ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()), "it has one spelling");
  };
  if (const Result<Certificate> certificate = decode_certificate(input)) same(encode_certificate(*certificate));
  if (const Result<CentralStatement> statement = decode_statement(input)) same(encode_statement(*statement));
  return 0;
}
