#include "shared/model/segment.h"

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {
constexpr std::string_view segment_context = "fieldpost segment";
constexpr std::string_view receipt_context = "fieldpost receipt";
constexpr std::uint64_t receipt_exceptions_max = limits::segment_entries_max * 64;

Bytes receipt_body(const Receipt& receipt) {
  CborWriter out;
  out.array(9).bytes(receipt.deployment.view()).bytes(receipt.incarnation.view());
  out.bytes(receipt.device.view()).bytes(receipt.epoch.view()).uint(receipt.first).uint(receipt.last);
  out.bytes(receipt.chain.view()).array(receipt.exceptions.size());
  for (const Receipt::Exception& exception : receipt.exceptions)
    out.array(3)
        .uint(exception.n)
        .uint(static_cast<std::uint64_t>(exception.outcome))
        .uint(static_cast<std::uint64_t>(exception.reason));
  out.integer(receipt.at);
  return std::move(out).result();
}

/// The chain alone says which journal it belongs to only to those who have all of it from its start.
Bytes signed_bytes(const Segment& segment) {
  const Digest chain = segment.end();
  Bytes out(segment.device.bytes.begin(), segment.device.bytes.end());
  out.insert(out.end(), segment.epoch.bytes.begin(), segment.epoch.bytes.end());
  out.insert(out.end(), chain.bytes.begin(), chain.bytes.end());
  return out;
}
}  // namespace

Digest chain_start(const DeploymentId& deployment, const DeviceId& device, const EpochId& epoch) {
  return Sha256().update(deployment.view()).update(device.view()).update(epoch.view()).finish();
}

Digest chain_next(const Digest& previous, std::uint64_t n, const ChangeId& change) {
  std::array<std::uint8_t, 32 + 8 + 32> bytes;
  std::copy(previous.bytes.begin(), previous.bytes.end(), bytes.begin());
  for (std::size_t i = 0; i < 8; ++i) bytes[32 + i] = static_cast<std::uint8_t>(n >> (56 - 8 * i));
  std::copy(change.bytes.begin(), change.bytes.end(), bytes.begin() + 40);
  return sha256(bytes);
}

Digest Segment::end() const {
  Digest chain = start;
  for (std::size_t i = 0; i < entries.size(); ++i) chain = chain_next(chain, first + i, entries[i].id);
  return chain;
}

void sign_segment(Segment& segment, const SigningKey& device_key) {
  segment.signature = device_key.sign(segment_context, signed_bytes(segment));
}
bool verify_segment(const Segment& segment, const PublicKey& device_key) {
  return verify(device_key, segment_context, signed_bytes(segment), segment.signature);
}

void write_segment(CborWriter& out, const Segment& segment) {
  out.array(6)
      .bytes(segment.device.view())
      .bytes(segment.epoch.view())
      .uint(segment.first)
      .bytes(segment.start.view());
  out.array(segment.entries.size());
  for (const SegmentEntry& entry : segment.entries) {
    if (!entry.stored.empty())
      out.raw(entry.stored);
    else if (entry.change)
      out.raw(encode_change(*entry.change));
    else
      out.bytes(entry.id.view());
  }
  out.bytes(segment.signature.view());
}

Segment read_segment(CborReader& in) {
  Segment segment;
  in.array_of(6);
  segment.device = in.id<DeviceId>();
  segment.epoch = in.id<EpochId>();
  segment.first = in.uint();
  segment.start = in.id<Digest>();
  const std::size_t entries = in.array();
  if (segment.first == 0 || segment.first > segment_place_max) in.fail("a place in a journal beyond its bound");
  if (entries == 0 || entries > limits::segment_entries_max) in.fail("a segment with no entry or too many");
  for (std::size_t i = 0; i < entries && in.ok(); ++i) {
    SegmentEntry& entry = segment.entries.emplace_back();
    if (in.peek() == CborReader::Kind::bytes) {
      entry.id = in.id<ChangeId>();
      continue;
    }
    const BytesView stored = in.raw();
    if (!in.ok()) break;
    Result<Change> change = decode_change(stored);
    if (!change) {
      in.fail("a change that cannot be read");
      break;
    }
    entry.id = change->id;
    entry.change = *std::move(change);
    entry.stored.assign(stored.begin(), stored.end());
  }
  segment.signature = in.id<Signature>();
  return segment;
}

const char* outcome_name(Outcome outcome) {
  switch (outcome) {
    case Outcome::committed: return "committed";
    case Outcome::duplicate: return "duplicate";
    case Outcome::held: return "held";
    case Outcome::refused: return "refused";
  }
  return "unknown";
}

const char* reason_name(Reason reason) {
  switch (reason) {
    case Reason::none: return "none";
    case Reason::unknown_form: return "unknown_form";
    case Reason::outside_write_scope: return "outside_write_scope";
    case Reason::record_delayed: return "record_delayed";
    case Reason::revoked: return "revoked";
    case Reason::malformed: return "malformed";
    case Reason::bad_signature: return "bad_signature";
    case Reason::unknown_device: return "unknown_device";
    case Reason::missing: return "missing";
  }
  return "unknown";
}

void sign_receipt(Receipt& receipt, const SigningKey& receipt_key) {
  receipt.signature = receipt_key.sign(receipt_context, receipt_body(receipt));
}
bool verify_receipt(const Receipt& receipt, const PublicKey& receipt_key) {
  return verify(receipt_key, receipt_context, receipt_body(receipt), receipt.signature);
}
Bytes encode_receipt(const Receipt& receipt) {
  CborWriter out;
  out.array(2).raw(receipt_body(receipt)).bytes(receipt.signature.view());
  return std::move(out).result();
}
Result<Receipt> decode_receipt(BytesView bytes) {
  CborReader in(bytes);
  Receipt receipt;
  in.array_of(2);
  in.array_of(9);
  receipt.deployment = in.id<DeploymentId>();
  receipt.incarnation = in.id<Incarnation>();
  receipt.device = in.id<DeviceId>();
  receipt.epoch = in.id<EpochId>();
  receipt.first = in.uint();
  receipt.last = in.uint();
  receipt.chain = in.id<Digest>();
  const std::size_t exceptions = in.array();
  if (receipt.first == 0 || receipt.last < receipt.first) in.fail("a run that cannot be");
  if (exceptions > receipt_exceptions_max) in.fail("more exceptions than a receipt may name");
  for (std::size_t i = 0; i < exceptions && in.ok(); ++i) {
    in.array_of(3);
    Receipt::Exception exception;
    exception.n = in.uint();
    const std::uint64_t outcome = in.uint();
    const std::uint64_t reason = in.uint();
    // A reason may be one that a later central knows; what it means for the change is in the outcome.
    if (outcome < static_cast<std::uint64_t>(Outcome::held) ||
        outcome > static_cast<std::uint64_t>(Outcome::refused) || reason > 255)
      in.fail("an outcome that is not known");
    const std::uint64_t least = receipt.exceptions.empty() ? receipt.first : receipt.exceptions.back().n + 1;
    if (exception.n < least || exception.n > receipt.last) in.fail("exceptions out of order or beside the run");
    exception.outcome = static_cast<Outcome>(outcome);
    exception.reason = static_cast<Reason>(reason);
    receipt.exceptions.push_back(exception);
  }
  receipt.at = in.integer();
  receipt.signature = in.id<Signature>();
  if (Result<void> whole = in.finish("a receipt"); !whole) return whole.error();
  return receipt;
}

}  // namespace fieldpost
