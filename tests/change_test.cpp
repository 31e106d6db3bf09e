// A change: its bytes, its id, and what may call itself a change. The golden bytes were put together by hand from the
// drawing in change.h, their digests by sha256sum.
#include "shared/model/change.h"

#include <doctest/doctest.h>

#include "shared/foundation/limits.h"
#include "tests/support/generated_changes.h"

using namespace fieldpost;
using namespace fieldpost::test;

namespace {

std::string many(std::string_view hex_byte, int times) {
  std::string out;
  for (int i = 0; i < times; ++i) out += hex_byte;
  return out;
}

template <class AnyId>
AnyId all(std::uint8_t byte) {
  AnyId id;
  id.bytes.fill(byte);
  return id;
}

// ---- The golden change, item by item ------------------------------------------------------------------------------

// clang-format off
const std::string record_hex = "50" + many("11", 16);
const std::string row_hex = "50" + many("55", 16);
const std::string golden_head = "01" +                 // format version
                                record_hex +           //
                                "65" "7669736974" +    // form "visit"
                                "03" +                 // form version
                                "50" + many("22", 16) +  // author
                                "50" + many("33", 16) +  // device
                                "1b" "000001955bafc200";  // at: 1741000000000
const std::string golden_base = "82" "5820" + many("aa", 32) + "5820" + many("bb", 32);
const std::string golden_writes = "82"                                       // two entities
                                  "82" + record_hex + "8e"                   // the record, 14 fields
                                  "00" "01" "02" "03" "04" "05" "06" "07"    //
                                  "08" "82" "08" "63" "444154"               // 8 "answered", 8 with option DAT
                                  "09" "0a" "181e" "1a000186a0"              // 9, 10, 30, 100000
                                  "82" + row_hex + "82" "14" "15";           // a row: its presence, field 21
const std::string golden_body = "83" "50" + many("44", 16) + "90"            // salt, 16 values
                                "f5"                                         // present
                                "7821" "5472e1bba3206769c3ba70207068c3a170206cc3bd20e1bb9f20e1baa57020340a"
                                "3818"                                       // -25
                                "c4" "82" "20" "1904d3"                      // 1235 × 10^-1
                                "81" "1907e9"                                // 2025
                                "82" "1907e9" "03"                           // 2025-03
                                "83" "1907e9" "03" "0e"                      // 2025-03-14
                                "f4" "f5" "f5"                               // no; answered; DAT
                                "50" + many("66", 16) +                      // another record
                                "f6"                                         // cleared
                                "3b7fffffffffffffff" "1b7fffffffffffffff"    // the limits of 64 bits
                                "f5" "63" "c3826e"                           // the row: present, "Ân"
                                "6f" "53e1bbad61207468656f2073e1bb95";       // reason "Sửa theo sổ"
// sha256sum of the body, and of the header that ends in it.
const std::string golden_commitment = "f282ad9ff238026faabeb97a035577b47c35e3408a23fd275f220bda3fb870f1";
const std::string golden_id = "3d1e5dae4b35d235ab585513d82b02afa611ba8e9f444e854cdc41ec1735ce90";

const std::string golden_header = "8a" + golden_head + golden_base + golden_writes + "5820" + golden_commitment;
const std::string golden_stored = "8289" + golden_head + golden_base + golden_writes + golden_body;
// clang-format on

Change golden_to_seal() {
  Change change;
  change.record = all<RecordId>(0x11);
  change.form = "visit";
  change.form_version = 3;
  change.author = all<UserId>(0x22);
  change.device = all<DeviceId>(0x33);
  change.at = 1'741'000'000'000;
  change.salt.fill(0x44);
  change.reason = "Sửa theo sổ";
  // Neither the base nor the fields in order: sealing sorts them.
  change.base = {all<ChangeId>(0xbb), all<ChangeId>(0xaa)};
  const auto write = [&](const EntityId& entity, FieldKey field, Value value) {
    change.writes.push_back({entity, std::move(field)});
    change.values.push_back(std::move(value));
  };
  const EntityId row = all<EntityId>(0x55);
  write(row, {21, ""}, std::string("Ân"));
  write(row, {20, ""}, true);
  write(change.record, {100'000, ""}, INT64_MAX);
  write(change.record, {30, ""}, INT64_MIN);
  write(change.record, {10, ""}, Cleared{});
  write(change.record, {9, ""}, all<EntityId>(0x66));
  write(change.record, {8, "DAT"}, true);
  write(change.record, {8, ""}, true);
  write(change.record, {7, ""}, false);
  write(change.record, {6, ""}, CivilDate{2025, 3, 14});
  write(change.record, {5, ""}, CivilDate{2025, 3, 0});
  write(change.record, {4, ""}, CivilDate{2025, 0, 0});
  write(change.record, {3, ""}, *Decimal::make(12350, -2));
  write(change.record, {2, ""}, std::int64_t{-25});
  write(change.record, {1, ""}, std::string("Trợ giúp pháp lý ở ấp 4\n"));
  write(change.record, {record_presence, ""}, true);
  return change;
}

// ---- Changes put together from parts, right or wrong
// ----------------------------------------------------------------

/// A small change of one field, as hex; each test replaces the part it is about.
struct Parts {
  std::string version = "01";
  std::string record = "50" + many("11", 16);
  std::string form = "657669736974";
  std::string form_version = "03";
  std::string author = "50" + many("22", 16);
  std::string device = "50" + many("33", 16);
  std::string at = "00";
  std::string base = "80";
  std::string writes = "8182" + record_hex + "8101";
  std::string salt = "50" + many("44", 16);
  std::string values = "8101";
  std::string reason = "f6";
  std::string end;

  std::string hex() const {
    return "8289" + version + record + form + form_version + author + device + at + base + writes + "83" + salt +
           values + reason + end;
  }
};

Result<Change> decode_hex(const std::string& hex) {
  const Result<Bytes> bytes = from_hex(hex);
  REQUIRE_MESSAGE(bytes, hex);
  return decode_change(*bytes);
}
bool readable(const Parts& parts) { return decode_hex(parts.hex()).has_value(); }
/// One value, as hex, in an otherwise good change.
bool readable_value(const std::string& hex) {
  Parts parts;
  parts.values = "81" + hex;
  return readable(parts);
}

Change one_field(Value value) {
  Change change = golden_to_seal();
  change.writes = {{change.record, {1, ""}}};
  change.values = {std::move(value)};
  return change;
}

ErrorCode fault_of(Change change) {
  const Result<Change> sealed = seal(std::move(change));
  REQUIRE_FALSE(sealed);
  return sealed.error().code;
}

}  // namespace

TEST_CASE("a change has these bytes and this id, on every laptop and for ever") {
  const Result<Change> sealed = seal(golden_to_seal());
  REQUIRE(sealed);
  CHECK(to_hex(canonical_body(*sealed)) == golden_body);
  CHECK(to_hex(canonical_header(*sealed)) == golden_header);
  CHECK(text(sealed->commitment) == golden_commitment);
  CHECK(text(sealed->id) == golden_id);
  CHECK(to_hex(encode_change(*sealed)) == golden_stored);
}

TEST_CASE("the golden bytes are read back as the change they came from") {
  const Result<Change> read = decode_hex(golden_stored);
  REQUIRE_MESSAGE(read, (read ? "" : read.error().message));
  CHECK(same(*read, *seal(golden_to_seal())));
  CHECK(*read->value_of({read->record, {8, "DAT"}}) == Value{true});
  CHECK(*read->value_of({all<EntityId>(0x55), {21, ""}}) == Value{std::string("Ân")});
  CHECK(read->value_of({read->record, {21, ""}}) == nullptr);
  CHECK(read->value_of({read->record, {8, "HON"}}) == nullptr);
}

TEST_CASE("a change without its values keeps its header, its id and its heads") {
  const Change whole = *seal(golden_to_seal());
  const Change gone = erased(whole);
  CHECK(to_hex(encode_change(gone)) == "82" + golden_header + "f6");
  const Result<Change> read = decode_change(encode_change(gone));
  REQUIRE(read);
  CHECK(same(*read, gone));
  CHECK(text(read->id) == golden_id);
  CHECK(read->writes == whole.writes);
  CHECK(read->value_of(whole.writes.front()) == nullptr);
  CHECK(canonical_header(*read) == canonical_header(whole));
}

TEST_CASE("any other value, salt or reason is another commitment and another change") {
  const Change golden = *seal(golden_to_seal());
  Change value = golden_to_seal(), salt = golden_to_seal(), reason = golden_to_seal(), no_reason = golden_to_seal();
  value.values.front() = std::string("An");
  salt.salt[15] ^= 1;
  reason.reason = "Sửa theo Sổ";
  no_reason.reason.reset();
  for (const Change& other : {*seal(value), *seal(salt), *seal(reason), *seal(no_reason)}) {
    CHECK(other.commitment != golden.commitment);
    CHECK(other.id != golden.id);
  }
  // What stands above the line moves the id and leaves the commitment.
  Change later = golden_to_seal();
  later.at += 1;
  CHECK(seal(later)->commitment == golden.commitment);
  CHECK(seal(later)->id != golden.id);
}

TEST_CASE("100,000 changes of every kind come back from their bytes as they were") {
  SeededRandom random(20251114);
  std::size_t broken = 0;
  for (int i = 0; i < 100'000; ++i) {
    const Change change = generated_change(random);
    const Bytes stored = encode_change(change);
    const Result<Change> read = decode_change(stored);
    if (!read || !same(*read, change) || encode_change(*read) != stored) ++broken;
    if (i % 10 == 0) {
      const Result<Change> header = decode_change(encode_change(erased(change)));
      if (!header || header->id != change.id) ++broken;
    }
  }
  CHECK(broken == 0);
}

TEST_CASE("the order in which a form hands over its fields makes no difference") {
  SeededRandom random(7);
  for (int i = 0; i < 200; ++i) {
    Change change = generated_change_to_seal(random);
    const ChangeId id = seal(change)->id;
    std::reverse(change.writes.begin(), change.writes.end());
    std::reverse(change.values.begin(), change.values.end());
    std::reverse(change.base.begin(), change.base.end());
    CHECK(seal(change)->id == id);
  }
}

TEST_CASE("a base named twice counts once; a field written twice is refused") {
  Change change = golden_to_seal();
  change.base.push_back(change.base.front());
  CHECK(text(seal(change)->id) == golden_id);
  change.writes.push_back(change.writes.front());
  change.values.push_back(change.values.front());
  CHECK(fault_of(change) == ErrorCode::invalid_argument);
  change.writes.clear();
  change.values.clear();
  CHECK(fault_of(change) == ErrorCode::invalid_argument);
}

TEST_CASE("a change cut off anywhere, or with bytes after it, is no change") {
  const Bytes stored = *from_hex(golden_stored);
  for (std::size_t size = 0; size < stored.size(); ++size) {
    CAPTURE(size);
    CHECK_FALSE(decode_change(BytesView(stored).first(size)));
  }
  CHECK_FALSE(decode_hex(golden_stored + "00"));
  CHECK_FALSE(decode_hex(golden_stored + golden_stored));
  const Bytes gone = encode_change(erased(*seal(golden_to_seal())));
  for (std::size_t size = 0; size < gone.size(); ++size) CHECK_FALSE(decode_change(BytesView(gone).first(size)));
}

TEST_CASE("no bit of a change can be flipped without its id showing it") {
  SeededRandom random(3);
  std::vector<Change> changes = {*seal(golden_to_seal()), erased(*seal(golden_to_seal()))};
  for (int i = 0; i < 20; ++i) changes.push_back(generated_change(random));
  for (const Change& change : changes) {
    Bytes stored = encode_change(change);
    for (std::size_t bit = 0; bit < stored.size() * 8; ++bit) {
      const auto mask = static_cast<std::uint8_t>(1u << (bit % 8));
      stored[bit / 8] ^= mask;
      const Result<Change> read = decode_change(stored);
      const bool noticed = !read || read->id != change.id;
      CHECK_MESSAGE(noticed, "bit " << bit << " of " << to_hex(stored));
      // Whatever is read has one spelling only.
      if (read) CHECK(encode_change(*read) == stored);
      stored[bit / 8] ^= mask;
    }
  }
}

TEST_CASE("only canonical bytes are a change") {
  CHECK(readable(Parts{}));
  const auto refused = [](auto spoil) {
    Parts parts;
    spoil(parts);
    return !readable(parts);
  };
  const std::string a = "5820" + many("aa", 32), b = "5820" + many("bb", 32);
  SUBCASE("another format version, or a number that is not in its shortest form") {
    CHECK(refused([](Parts& p) { p.version = "02"; }));
    CHECK(refused([](Parts& p) { p.version = "00"; }));
    CHECK(refused([](Parts& p) { p.version = "1801"; }));
    CHECK(refused([](Parts& p) { p.form_version = "1803"; }));
    CHECK(refused([](Parts& p) { p.form_version = "1b0000000100000000"; }));
    CHECK(refused([](Parts& p) { p.at = "1b8000000000000000"; }));
    CHECK(refused([](Parts& p) { p.at = "f90000"; }));
  }
  SUBCASE("a base out of order or named twice") {
    CHECK_FALSE(refused([&](Parts& p) { p.base = "82" + a + b; }));
    CHECK(refused([&](Parts& p) { p.base = "82" + b + a; }));
    CHECK(refused([&](Parts& p) { p.base = "82" + a + a; }));
    CHECK(refused([&](Parts& p) { p.base = "9f" + a + "ff"; }));
    CHECK(refused([&](Parts& p) {
      p.base =
          "81"
          "50" +
          many("aa", 16);
    }));
  }
  SUBCASE("fields out of order, named twice, or none") {
    CHECK_FALSE(refused([](Parts& p) { p.writes = "8182" + record_hex + "820102", p.values = "820101"; }));
    CHECK(refused([](Parts& p) { p.writes = "8182" + record_hex + "820201", p.values = "820101"; }));
    CHECK(refused([](Parts& p) { p.writes = "8182" + record_hex + "820101", p.values = "820101"; }));
    CHECK(refused([](Parts& p) { p.writes = "80", p.values = "80"; }));
    CHECK(refused([](Parts& p) { p.writes = "8182" + record_hex + "80", p.values = "80"; }));
    CHECK(refused([](Parts& p) { p.writes = "8182" + record_hex + "811b0000000100000000"; }));
  }
  SUBCASE("options out of order, empty or longer than a code") {
    const auto with_fields = [](const std::string& fields, const std::string& values) {
      Parts parts;
      parts.writes = "8182" + record_hex + fields;
      parts.values = values;
      return parts;
    };
    CHECK(
        readable(with_fields("8201"
                             "82016141",
                             "820101")));
    CHECK_FALSE(
        readable(with_fields("82"
                             "82016141"
                             "01",
                             "820101")));
    CHECK_FALSE(
        readable(with_fields("81"
                             "820160",
                             "8101")));
    CHECK_FALSE(
        readable(with_fields("81"
                             "8201"
                             "7841" +
                                 many("61", 65),
                             "8101")));
    CHECK_FALSE(
        readable(with_fields("81"
                             "8101",
                             "8101")));
    CHECK_FALSE(
        readable(with_fields("81"
                             "8201"
                             "61"
                             "00",
                             "8101")));
    CHECK_FALSE(
        readable(with_fields("81"
                             "8201"
                             "63"
                             "61cc81",
                             "8101")));
  }
  SUBCASE("entities out of order, or one entity in two places") {
    const auto entity = [](const std::string& id, const std::string& field) { return "82" + id + "81" + field; };
    const auto with_entities = [](const std::string& entities) {
      Parts parts;
      parts.writes = "82" + entities;
      parts.values = "820101";
      return parts;
    };
    CHECK(readable(with_entities(entity(record_hex, "01") + entity(row_hex, "01"))));
    CHECK_FALSE(readable(with_entities(entity(row_hex, "01") + entity(record_hex, "01"))));
    CHECK_FALSE(readable(with_entities(entity(record_hex, "01") + entity(record_hex, "02"))));
  }
  SUBCASE("a value too few or too many, a salt of another length") {
    CHECK(refused([](Parts& p) { p.values = "80"; }));
    CHECK(refused([](Parts& p) { p.values = "820101"; }));
    CHECK(refused([](Parts& p) { p.salt = "4f" + many("44", 15); }));
    CHECK(refused([](Parts& p) { p.salt = "5811" + many("44", 17); }));
    CHECK(refused([](Parts& p) { p.record = "4f" + many("11", 15); }));
    CHECK(refused([](Parts& p) { p.end = "f6"; }));
  }
  SUBCASE("a form without a name, or with one that is no name") {
    CHECK(refused([](Parts& p) { p.form = "60"; }));
    CHECK(refused([](Parts& p) { p.form = "7841" + many("61", 65); }));
    CHECK(refused([](Parts& p) { p.form = "6100"; }));
    CHECK(refused([](Parts& p) { p.form = "61ff"; }));
    CHECK(refused([](Parts& p) { p.form = "6361cc81"; }));
  }
  SUBCASE("a reason that is not text as it may be stored") {
    CHECK_FALSE(refused([](Parts& p) { p.reason = "62c3a1"; }));
    CHECK(refused([](Parts& p) { p.reason = "6361cc81"; }));  // a + combining acute: not NFC
    CHECK(refused([](Parts& p) { p.reason = "6100"; }));
    CHECK(refused([](Parts& p) { p.reason = "610d"; }));
    CHECK(refused([](Parts& p) { p.reason = "f5"; }));
    CHECK(refused([](Parts& p) { p.reason = "7a00010001" + many("61", 65'537); }));
  }
}

TEST_CASE("a value has one spelling only") {
  SUBCASE("numbers") {
    CHECK(readable_value("00"));
    CHECK(readable_value("1b7fffffffffffffff"));
    CHECK_FALSE(readable_value("1b8000000000000000"));
    CHECK_FALSE(readable_value("3b8000000000000000"));
    CHECK_FALSE(readable_value("1800"));
    CHECK_FALSE(readable_value("190018"));
    CHECK_FALSE(readable_value("fb3ff8000000000000"));  // no binary floats
  }
  SUBCASE("decimals") {
    CHECK(
        readable_value("c4822018"
                       "7b"));  // 12.3
    CHECK(readable_value("c4820001"));
    CHECK(
        readable_value("c48200"
                       "00"));
    CHECK_FALSE(readable_value("c482200a"));  // 1.0
    CHECK_FALSE(
        readable_value("c48220"
                       "00"));  // 0.0
    CHECK_FALSE(
        readable_value("c48200"
                       "0a"));                // 10 is 1 × 10^1
    CHECK_FALSE(readable_value("c4821301"));  // 10^19
    CHECK_FALSE(readable_value("c4823201"));  // 10^-19
    CHECK_FALSE(
        readable_value("c48301"
                       "0101"));
    CHECK_FALSE(readable_value("c5822001"));  // a binary fraction
    CHECK_FALSE(
        readable_value("c4"
                       "01"));
  }
  SUBCASE("dates of three precisions") {
    CHECK(readable_value("811907e9"));
    CHECK(readable_value("821907e902"));
    CHECK(
        readable_value("831907e8021"
                       "81d"));                     // 29 February 2024
    CHECK_FALSE(readable_value("831907e902181d"));  // 29 February 2025
    CHECK_FALSE(readable_value("821907e900"));
    CHECK_FALSE(readable_value("821907e90d"));
    CHECK_FALSE(readable_value("831907e90300"));
    CHECK_FALSE(readable_value("8100"));
    CHECK_FALSE(readable_value("81192710"));  // the year 10000
    CHECK_FALSE(readable_value("8120"));
    CHECK_FALSE(readable_value("80"));
    CHECK_FALSE(readable_value("841907e9030e00"));
  }
  SUBCASE("texts: NFC, no control characters but tab and newline") {
    CHECK(readable_value("60"));
    CHECK(readable_value("62090a"));
    CHECK(readable_value("63e1baa5"));  // ấ
    CHECK_FALSE(
        readable_value("65c3a2cc81"
                       "61"));  // â + combining acute
    CHECK_FALSE(
        readable_value("65"
                       "61cc82cc81"));
    CHECK_FALSE(readable_value("6100"));
    CHECK_FALSE(readable_value("610d"));
    CHECK_FALSE(readable_value("611b"));
    CHECK_FALSE(readable_value("617f"));
    CHECK_FALSE(readable_value("62c285"));  // next line, a C1 control
    CHECK_FALSE(readable_value("61ff"));
    CHECK_FALSE(readable_value("62c080"));    // an overlong NUL
    CHECK_FALSE(readable_value("63eda080"));  // half a surrogate pair
  }
  SUBCASE("attachments: digest, size, type and name, and none that is empty or beyond its bound") {
    const std::string digest =
        "84"
        "5820" +
        many("ab", 32);
    CHECK(readable_value(digest + "19012c"
                                  "69"
                                  "696d6167652f706e67"
                                  "60"));  // 300 bytes, image/png, no name
    CHECK(readable_value(digest + "1a04000000"
                                  "63"
                                  "782f79"
                                  "63"
                                  "612e62"));  // 64 MiB, x/y, a.b
    CHECK_FALSE(readable_value(digest + "00"
                                        "63"
                                        "782f79"
                                        "60"));
    CHECK_FALSE(readable_value(digest + "1a04000001"
                                        "63"
                                        "782f79"
                                        "60"));
    CHECK_FALSE(readable_value(digest + "01"
                                        "62"
                                        "7879"
                                        "60"));  // no type
    CHECK_FALSE(readable_value(digest + "01"
                                        "63"
                                        "582f79"
                                        "60"));  // X/y
    CHECK_FALSE(readable_value(digest + "01"
                                        "63"
                                        "782f79"
                                        "63"
                                        "612f62"));  // a/b
    CHECK_FALSE(readable_value(digest + "01"
                                        "63"
                                        "782f79"
                                        "62"
                                        "610a"));  // a line end
    CHECK_FALSE(
        readable_value("84"
                       "581f" +
                       many("ab", 31) +
                       "01"
                       "63"
                       "782f79"
                       "60"));
  }
  SUBCASE("other kinds of item") {
    CHECK(readable_value("50" + many("66", 16)));
    CHECK_FALSE(readable_value("4f" + many("66", 15)));
    CHECK_FALSE(readable_value("a0"));
    CHECK_FALSE(readable_value("f7"));
    CHECK_FALSE(readable_value("e0"));
    CHECK_FALSE(readable_value("7fff"));
  }
}

TEST_CASE("a save holds at most 10,000 values, 4,096 changes seen and 1 MiB") {
  Change change = golden_to_seal();
  change.writes.clear();
  change.values.clear();
  for (std::uint32_t i = 0; i < limits::change_values_max; ++i) {
    change.writes.push_back({change.record, {i, ""}});
    change.values.push_back(true);
  }
  REQUIRE(seal(change));
  CHECK(decode_change(encode_change(*seal(change))));
  change.writes.push_back({change.record, {10'000, ""}});
  change.values.push_back(true);
  CHECK(fault_of(change) == ErrorCode::out_of_bounds);

  change = golden_to_seal();
  change.base.clear();
  for (std::size_t i = 0; i < limits::change_base_max; ++i) {
    ChangeId id;
    id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(i);
    change.base.push_back(id);
  }
  REQUIRE(seal(change));
  CHECK(decode_change(encode_change(*seal(change))));
  change.base.push_back(all<ChangeId>(0xff));
  CHECK(fault_of(change) == ErrorCode::out_of_bounds);

  change = golden_to_seal();
  change.writes.clear();
  change.values.clear();
  for (std::uint32_t i = 0; i < 17; ++i) {
    change.writes.push_back({change.record, {i, ""}});
    change.values.push_back(std::string(60'000, 'a'));
  }
  REQUIRE(seal(change));
  CHECK(decode_change(encode_change(*seal(change))));
  change.writes.push_back({change.record, {17, ""}});
  change.values.push_back(std::string(60'000, 'a'));
  CHECK(fault_of(change) == ErrorCode::out_of_bounds);
}

TEST_CASE("the bounds hold for what arrives as well") {
  const auto array_head = [](std::size_t items) {
    CborWriter out;
    return to_hex(out.array(items).result());
  };
  Parts values;
  values.writes = "8182" + record_hex + array_head(10'001);
  for (std::uint64_t i = 0; i < 10'001; ++i) {
    CborWriter out;
    values.writes += to_hex(out.uint(i).result());
  }
  values.values = array_head(10'001) + many("f5", 10'001);
  CHECK_FALSE(readable(values));

  Parts base;
  base.base = array_head(4'097);
  for (std::size_t i = 0; i < 4'097; ++i) {
    ChangeId id;
    id.bytes[0] = static_cast<std::uint8_t>(i >> 8);
    id.bytes[1] = static_cast<std::uint8_t>(i);
    base.base += "5820" + text(id);
  }
  CHECK_FALSE(readable(base));

  Parts texts;
  texts.writes = "8182" + record_hex +
                 "92"
                 "000102030405060708090a0b0c0d0e0f1011";
  texts.values = "92";
  for (int i = 0; i < 18; ++i) texts.values += "79ea60" + many("61", 60'000);
  CHECK_FALSE(readable(texts));
}

TEST_CASE("what can be sealed can be read: nothing is saved that another laptop would refuse") {
  const auto refused = [](Value value) { return !seal(one_field(std::move(value))); };
  CHECK_FALSE(refused(std::string("hòa giải")));
  CHECK(refused(std::string("ho\u0300a")));
  CHECK(refused(std::string("a\0b", 3)));
  CHECK(refused(std::string("a\rb")));
  CHECK(refused(std::string("\xff")));
  CHECK(refused(std::string(limits::text_bytes_max + 1, 'a')));
  CHECK_FALSE(refused(std::string(limits::text_bytes_max, 'a')));
  CHECK(refused(CivilDate{2025, 2, 29}));
  CHECK(refused(CivilDate{0, 0, 0}));
  CHECK(refused(CivilDate{2025, 0, 3}));
  Decimal zeros;
  zeros.mantissa = 10;
  CHECK(refused(zeros));

  Change change = one_field(true);
  change.reason = "a\rb";
  CHECK_FALSE(seal(change));
  change = one_field(true);
  change.writes.front().field.option = std::string(65, 'a');
  CHECK_FALSE(seal(change));
  change = one_field(true);
  change.form = "vi\rsit";
  CHECK_FALSE(seal(change));
}
