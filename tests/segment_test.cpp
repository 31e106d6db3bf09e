// A run of a journal under one signature, and central's signed word that it holds one.
#include "shared/model/segment.h"

#include <doctest/doctest.h>

#include "shared/foundation/limits.h"
#include "tests/support/generated_changes.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

template <class AnyId>
AnyId all(std::uint8_t byte) {
  AnyId id;
  id.bytes.fill(byte);
  return id;
}

/// A laptop with its key and the deployment it belongs to.
struct Laptop {
  SeededRandom random;
  SigningKey key;
  DeviceId device;
  DeploymentId deployment = all<DeploymentId>(0x11);
  EpochId epoch;

  explicit Laptop(std::uint64_t seed)
      : random(seed),
        key(SigningKey::generate(random)),
        device(device_id_of(key.public_key())),
        epoch(random_id<EpochId>(random)) {}

  /// The first `count` changes of its journal.
  Segment segment(int count) {
    Segment out;
    out.device = device;
    out.epoch = epoch;
    out.start = chain_start(deployment, device, epoch);
    for (int i = 0; i < count; ++i) {
      SegmentEntry& entry = out.entries.emplace_back();
      entry.change = generated_change(random);
      entry.id = entry.change->id;
    }
    sign_segment(out, key);
    return out;
  }
};

Bytes bytes_of(const Segment& segment) {
  CborWriter out;
  write_segment(out, segment);
  return std::move(out).result();
}

std::optional<Segment> read(BytesView bytes) {
  CborReader in(bytes);
  Segment segment = read_segment(in);
  if (!in.finish("a segment")) return std::nullopt;
  return segment;
}

/// Whether somebody who has the author's key takes these bytes for the author's.
bool accepted(BytesView bytes, const PublicKey& key) {
  const std::optional<Segment> segment = read(bytes);
  return segment && verify_segment(*segment, key);
}

Receipt some_receipt(const SigningKey& key) {
  Receipt receipt;
  receipt.deployment = all<DeploymentId>(0x11);
  receipt.incarnation = all<Incarnation>(0x22);
  receipt.device = all<DeviceId>(0x33);
  receipt.epoch = all<EpochId>(0x44);
  receipt.first = 17;
  receipt.last = 4'182;
  receipt.chain = all<Digest>(0x55);
  receipt.exceptions = {{18, Outcome::held, Reason::unknown_form}, {4'000, Outcome::refused, Reason::malformed}};
  receipt.at = -1;
  sign_receipt(receipt, key);
  return receipt;
}

}  // namespace

TEST_CASE("the chain of a journal has these values, worked out with sha256sum") {
  const Digest start = chain_start(all<DeploymentId>(0x11), all<DeviceId>(0x22), all<EpochId>(0x33));
  CHECK(text(start) == "ea56cc7f7444dfe4e53738c793569574aa814aef380d29ad0080f930d175157a");
  const Digest first = chain_next(start, 1, all<ChangeId>(0xaa));
  CHECK(text(first) == "4d5c8ec40c555986ba9c21609ff05261305357e9c146249f4a51a98ec2eb3b1a");
  CHECK(text(chain_next(first, 2, all<ChangeId>(0xbb))) ==
        "a3fce3421a225051fac1b9197ab63d8e727415f5d6afb612132fec59504a0926");
  // The place is eight bytes, the largest first.
  CHECK(text(chain_next(start, (std::uint64_t{1} << 40) + 258, all<ChangeId>(0xaa))) ==
        "a507a1d3e1deda294e8ad878fa3a94fee3bf73422cd631dba322df33223040fe");

  Segment segment;
  segment.start = start;
  segment.entries = {{all<ChangeId>(0xaa), {}, {}}, {all<ChangeId>(0xbb), {}, {}}};
  CHECK(text(segment.end()) == "a3fce3421a225051fac1b9197ab63d8e727415f5d6afb612132fec59504a0926");
  CHECK(segment.last() == 2);
}

TEST_CASE("a segment comes back from its bytes as it was, and verifies with its author's key alone") {
  Laptop an(1), binh(2);
  const Segment segment = an.segment(12);
  const Bytes bytes = bytes_of(segment);
  const std::optional<Segment> arrived = read(bytes);
  REQUIRE(arrived);
  CHECK(arrived->device == segment.device);
  CHECK(arrived->epoch == segment.epoch);
  CHECK(arrived->first == 1);
  CHECK(arrived->last() == 12);
  REQUIRE(arrived->entries.size() == 12);
  for (std::size_t i = 0; i < 12; ++i) CHECK(same(*arrived->entries[i].change, *segment.entries[i].change));
  CHECK(verify_segment(*arrived, an.key.public_key()));
  CHECK_FALSE(verify_segment(*arrived, binh.key.public_key()));
  CHECK(bytes_of(*arrived) == bytes);
}

TEST_CASE("a segment verifies on where scope leaves changes out or erasure drops their values") {
  Laptop an(3);
  Segment segment = an.segment(6);
  for (const std::size_t i : {0u, 3u, 5u}) segment.entries[i] = {segment.entries[i].id, {}, {}};
  segment.entries[1].change = erased(*segment.entries[1].change);
  const std::optional<Segment> forwarded = read(bytes_of(segment));
  REQUIRE(forwarded);
  CHECK(verify_segment(*forwarded, an.key.public_key()));
  CHECK_FALSE(forwarded->entries[0].change);
  CHECK(forwarded->entries[1].change->erased);
  CHECK(forwarded->entries[2].change);
  for (SegmentEntry& entry : segment.entries) entry = {entry.id, {}, {}};
  CHECK(accepted(bytes_of(segment), an.key.public_key()));
}

TEST_CASE("no bit of a segment can be flipped without its reader noticing") {
  Laptop an(4);
  Segment segment = an.segment(4);
  segment.entries[1] = {segment.entries[1].id, {}, {}};
  segment.entries[2].change = erased(*segment.entries[2].change);
  Bytes bytes = bytes_of(segment);
  REQUIRE(accepted(bytes, an.key.public_key()));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    CHECK_MESSAGE(!accepted(bytes, an.key.public_key()), "bit " << bit);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
  }
}

TEST_CASE("a segment cut off anywhere is not read") {
  Laptop an(5);
  const Bytes bytes = bytes_of(an.segment(3));
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(read(BytesView(bytes).first(size)));
}

TEST_CASE("entries that were exchanged, left out, added or taken from elsewhere break the signature") {
  Laptop an(6);
  const Segment segment = an.segment(5);
  const PublicKey& key = an.key.public_key();
  const auto spoilt = [&](auto spoil) {
    Segment other = segment;
    spoil(other);
    return !verify_segment(other, key);
  };
  CHECK_FALSE(spoilt([](Segment&) {}));
  CHECK(spoilt([](Segment& s) { std::swap(s.entries[1], s.entries[2]); }));
  CHECK(spoilt([](Segment& s) { s.entries.erase(s.entries.begin()); }));
  CHECK(spoilt([](Segment& s) { s.entries.pop_back(); }));
  CHECK(spoilt([](Segment& s) { s.entries.push_back(s.entries.back()); }));
  CHECK(spoilt([&](Segment& s) { s.entries[4] = an.segment(1).entries[0]; }));
  CHECK(spoilt([](Segment& s) { s.first = 2; }));
  CHECK(spoilt([](Segment& s) { s.start.bytes[0] ^= 1; }));
  // In another epoch, or as another device's, the same run would claim places that its author never wrote.
  CHECK(spoilt([](Segment& s) { s.epoch.bytes[7] ^= 1; }));
  CHECK(spoilt([](Segment& s) { s.device.bytes[0] ^= 1; }));
}

TEST_CASE("a later segment goes on from the chain of the one before") {
  Laptop an(7);
  const Segment one = an.segment(3);
  Segment next = an.segment(2);
  next.first = one.last() + 1;
  next.start = one.end();
  sign_segment(next, an.key);
  CHECK(accepted(bytes_of(next), an.key.public_key()));
  Segment whole = one;
  whole.entries.insert(whole.entries.end(), next.entries.begin(), next.entries.end());
  CHECK(whole.end() == next.end());
  CHECK(whole.last() == next.last());
}

TEST_CASE("a segment without entries, with too many, or at a place that no journal has is not read") {
  Laptop an(8);
  Segment none = an.segment(1);
  none.entries.clear();
  CHECK_FALSE(read(bytes_of(none)));
  Segment many = an.segment(1);
  many.entries.assign(limits::segment_entries_max, {all<ChangeId>(1), {}, {}});
  CHECK(read(bytes_of(many)));
  many.entries.push_back(many.entries.back());
  CHECK_FALSE(read(bytes_of(many)));
  Segment zeroth = an.segment(1);
  zeroth.first = 0;
  CHECK_FALSE(read(bytes_of(zeroth)));
  zeroth.first = (std::uint64_t{1} << 48) + 1;
  CHECK_FALSE(read(bytes_of(zeroth)));
}

TEST_CASE("a signature made for one purpose is worth nothing for another") {
  Laptop an(9);
  Segment segment = an.segment(2);
  Receipt receipt = some_receipt(an.key);
  // The same key, the bytes of a receipt: under the name of a segment they are no receipt.
  Bytes body = encode_receipt(receipt);
  body = Bytes(body.begin() + 1, body.end() - 66);  // without the array's head and the signature
  REQUIRE(verify(an.key.public_key(), "fieldpost receipt", body, receipt.signature));
  receipt.signature = an.key.sign("fieldpost segment", body);
  CHECK_FALSE(verify_receipt(receipt, an.key.public_key()));
  receipt.signature = segment.signature;
  CHECK_FALSE(verify_receipt(receipt, an.key.public_key()));
  segment.signature = some_receipt(an.key).signature;
  CHECK_FALSE(verify_segment(segment, an.key.public_key()));
}

TEST_CASE("a receipt comes back from its bytes as it was, and verifies with central's key alone") {
  SeededRandom random(10);
  const SigningKey central = SigningKey::generate(random), other = SigningKey::generate(random);
  const Receipt receipt = some_receipt(central);
  const Bytes bytes = encode_receipt(receipt);
  const Result<Receipt> arrived = decode_receipt(bytes);
  REQUIRE(arrived);
  CHECK(verify_receipt(*arrived, central.public_key()));
  CHECK_FALSE(verify_receipt(*arrived, other.public_key()));
  CHECK(encode_receipt(*arrived) == bytes);
  CHECK(arrived->first == 17);
  CHECK(arrived->last == 4'182);
  CHECK(arrived->at == -1);
  REQUIRE(arrived->exceptions.size() == 2);
  CHECK(arrived->exceptions[1].n == 4'000);
  CHECK(arrived->exceptions[1].outcome == Outcome::refused);
  CHECK(arrived->exceptions[1].reason == Reason::malformed);
}

TEST_CASE("no bit of a receipt can be flipped, and none of its bytes left out, without the laptop noticing") {
  SeededRandom random(11);
  const SigningKey central = SigningKey::generate(random);
  Bytes bytes = encode_receipt(some_receipt(central));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    const Result<Receipt> read_back = decode_receipt(bytes);
    const bool taken = read_back && verify_receipt(*read_back, central.public_key());
    CHECK_MESSAGE(!taken, "bit " << bit);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
  }
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_receipt(BytesView(bytes).first(size)));
  bytes.push_back(0);
  CHECK_FALSE(decode_receipt(bytes));
}

TEST_CASE("a receipt names a run that can be: exceptions inside it, in order, held or refused") {
  SeededRandom random(12);
  const SigningKey central = SigningKey::generate(random);
  const auto readable = [&](auto spoil) {
    Receipt receipt = some_receipt(central);
    spoil(receipt);
    sign_receipt(receipt, central);
    return decode_receipt(encode_receipt(receipt)).has_value();
  };
  CHECK(readable([](Receipt&) {}));
  CHECK(readable([](Receipt& r) { r.exceptions.clear(); }));
  CHECK_FALSE(readable([](Receipt& r) { std::swap(r.first, r.last); }));
  CHECK_FALSE(readable([](Receipt& r) { r.first = 0; }));
  CHECK_FALSE(readable([](Receipt& r) { std::swap(r.exceptions[0], r.exceptions[1]); }));
  CHECK_FALSE(readable([](Receipt& r) { r.exceptions[1].n = r.exceptions[0].n; }));
  CHECK_FALSE(readable([](Receipt& r) { r.exceptions[0].n = 16; }));
  CHECK_FALSE(readable([](Receipt& r) { r.exceptions[1].n = 4'183; }));
  CHECK_FALSE(readable([](Receipt& r) { r.exceptions[0].outcome = Outcome::committed; }));
}

TEST_CASE("every outcome and reason has a name of its own") {
  std::vector<std::string> names;
  for (const Outcome outcome : {Outcome::committed, Outcome::duplicate, Outcome::held, Outcome::refused})
    names.push_back(outcome_name(outcome));
  for (const Reason reason : {Reason::none, Reason::unknown_form, Reason::outside_write_scope, Reason::record_delayed,
                              Reason::revoked, Reason::malformed, Reason::bad_signature, Reason::unknown_device})
    names.push_back(reason_name(reason));
  std::sort(names.begin(), names.end());
  CHECK(std::adjacent_find(names.begin(), names.end()) == names.end());
  CHECK(std::find(names.begin(), names.end(), "unknown") == names.end());
}
