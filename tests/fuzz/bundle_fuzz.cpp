// No bytes crash the reader of bundles, outside or in: the file as it lies on a stick, and the messages in one, which
// a laptop of the deployment may have written with any content. What goes in sealed comes out as it was.
#include <algorithm>

#include "sync/bundle.h"
#include "sync/messages.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

namespace {

/// A deployment on fixed keys, so that a corpus stays valid.
struct Deployment {
  SigningKey deployment = key(1), central = key(2), laptop = key(3);
  CentralStatement statement;
  Certificate certificate;

  Deployment() {
    statement.deployment = deployment.public_key();
    statement.receipts = central.public_key();
    sign_statement(statement, deployment);
    certificate.key = laptop.public_key();
    certificate.unit = "hg";
    certificate.user_name = "An";
    sign_certificate(certificate, deployment);
  }
  static SigningKey key(std::uint8_t which) {
    Secret<32> seed;
    seed.bytes.fill(which);
    return SigningKey::from_seed(seed);
  }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Deployment deployment;
  const BytesView input(data, size);
  (void)bundle_header(input);
  (void)open_bundle(input, deployment.central, deployment.statement);

  if (const Result<StickState> state = decode_stick_state(input)) {
    const Bytes again = encode(*state);
    ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()), "a laptop's place has one spelling");
  }
  if (const Result<Chunk> chunk = decode_chunk(input)) {
    const Bytes again = encode(*chunk);
    ensure(std::equal(again.begin(), again.end(), input.begin(), input.end()), "a chunk has one spelling");
  }
  (void)decode_positions(input);
  (void)decode_positions_request(input);
  (void)decode_stick_answer(input);
  (void)decode_stick_pull(input);

  SeededRandom random(size);
  Result<BundleWriter> writer =
      BundleWriter::begin(deployment.statement.deployment_id(), deployment.central.public_key(),
                          {deployment.certificate, size, 0}, random);
  ensure(writer.has_value(), "a bundle begins");
  writer->add(FrameKind::page, input);
  writer->add(FrameKind::state, input);
  const Result<Bundle> opened =
      open_bundle(writer->finish(deployment.laptop), deployment.central, deployment.statement);
  ensure(opened && opened->frames.size() == 2 && opened->sender.number == size, "a bundle opens as it was written");
  for (const BundleFrame& frame : opened->frames)
    ensure(std::equal(frame.content.begin(), frame.content.end(), input.begin(), input.end()),
           "what went in comes out");
  return 0;
}
