// The one canonical form of everything that is hashed, signed or sent.
#include "shared/foundation/cbor.h"

#include <doctest/doctest.h>

#include "shared/foundation/ids.h"
#include "shared/foundation/limits.h"

using namespace fieldpost;

namespace {

Bytes hex(std::string_view text) { return *from_hex(text); }

template <class Write>
std::string written(Write write) {
  CborWriter writer;
  write(writer);
  return to_hex(writer.result());
}

/// What a reader that reads one item with `read` says about these bytes: "ok" or the fault.
template <class Read>
std::string fault_of(std::string_view hex_text, Read read) {
  const Bytes from = hex(hex_text);
  CborReader reader(from);
  read(reader);
  const Result<void> end = reader.finish("item");
  return end ? "ok" : end.error().message;
}
const auto read_uint = [](CborReader& reader) { reader.uint(); };
const auto read_integer = [](CborReader& reader) { reader.integer(); };
const auto read_text = [](CborReader& reader) { reader.text(); };
const auto read_bytes = [](CborReader& reader) { reader.bytes(); };
const auto read_array = [](CborReader& reader) { reader.array(); };
const auto read_raw = [](CborReader& reader) { reader.raw(); };

bool contains(const std::string& text, const char* part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("CBOR is written as RFC 8949 Appendix A shows it") {
  const std::pair<std::uint64_t, const char*> numbers[] = {{0, "00"},
                                                           {1, "01"},
                                                           {10, "0a"},
                                                           {23, "17"},
                                                           {24, "1818"},
                                                           {25, "1819"},
                                                           {100, "1864"},
                                                           {1000, "1903e8"},
                                                           {1000000, "1a000f4240"},
                                                           {255, "18ff"},
                                                           {256, "190100"},
                                                           {65535, "19ffff"},
                                                           {65536, "1a00010000"},
                                                           {4294967295, "1affffffff"},
                                                           {4294967296, "1b0000000100000000"},
                                                           {1000000000000, "1b000000e8d4a51000"},
                                                           {UINT64_MAX, "1bffffffffffffffff"}};
  for (const auto& [number, golden] : numbers) {
    CAPTURE(number);
    CHECK(written([&, n = number](CborWriter& w) { w.uint(n); }) == golden);
    const Bytes from = hex(golden);
    CborReader reader(from);
    CHECK(reader.uint() == number);
    CHECK(reader.finish("number"));
  }
  const std::pair<std::int64_t, const char*> signed_numbers[] = {{-1, "20"},
                                                                 {-10, "29"},
                                                                 {-100, "3863"},
                                                                 {-1000, "3903e7"},
                                                                 {INT64_MIN, "3b7fffffffffffffff"},
                                                                 {INT64_MAX, "1b7fffffffffffffff"}};
  for (const auto& [number, golden] : signed_numbers) {
    CAPTURE(number);
    CHECK(written([&, n = number](CborWriter& w) { w.integer(n); }) == golden);
    const Bytes from = hex(golden);
    CborReader reader(from);
    CHECK(reader.integer() == number);
    CHECK(reader.finish("number"));
  }
  const std::pair<const char*, const char*> texts[] = {{"", "60"},         {"a", "6161"},   {"IETF", "6449455446"},
                                                       {"\"\\", "62225c"}, {"ü", "62c3bc"}, {"水", "63e6b0b4"},
                                                       {"𐅑", "64f0908591"}};
  for (const auto& [value, golden] : texts) {
    CHECK(written([&, v = value](CborWriter& w) { w.text(v); }) == golden);
    const Bytes from = hex(golden);
    CborReader reader(from);
    CHECK(reader.text() == value);
    CHECK(reader.finish("text"));
  }
  CHECK(written([](CborWriter& w) { w.bytes({}); }) == "40");
  CHECK(written([](CborWriter& w) { w.bytes(hex("01020304")); }) == "4401020304");
  CHECK(written([](CborWriter& w) { w.array(0); }) == "80");
  CHECK(written([](CborWriter& w) { w.array(3).uint(1).array(2).uint(2).uint(3).array(2).uint(4).uint(5); }) ==
        "8301820203820405");
  CHECK(written([](CborWriter& w) {
          w.array(25);
          for (std::uint64_t i = 1; i <= 25; ++i) w.uint(i);
        }) == "98190102030405060708090a0b0c0d0e0f101112131415161718181819");
  CHECK(written([](CborWriter& w) { w.tag(1).uint(1363896240); }) == "c11a514b67b0");
  CHECK(written([](CborWriter& w) { w.boolean(false).boolean(true).null(); }) == "f4f5f6");
}

TEST_CASE("a codec reads straight through what a codec wrote") {
  const Bytes from =
      hex("85"
          "6161"
          "4101"
          "f5"
          "f6"
          "c1"
          "20");
  CborReader reader(from);
  reader.array_of(5);
  CHECK(reader.peek() == CborReader::Kind::text);
  CHECK(reader.text() == "a");
  CHECK(to_hex(reader.bytes()) == "01");
  CHECK(!reader.try_null());
  CHECK(reader.boolean());
  CHECK(reader.try_null());
  CHECK(reader.peek() == CborReader::Kind::tag);
  CHECK(reader.tag() == 1);
  CHECK(reader.peek() == CborReader::Kind::negative_integer);
  CHECK(reader.integer() == -1);
  CHECK(reader.peek() == CborReader::Kind::end);
  CHECK(reader.finish("all"));
}

TEST_CASE("CBOR numbers and lengths that are not in their shortest form are refused") {
  for (const char* number :
       {"1800", "1817", "190000", "1900ff", "1a00000000", "1a0000ffff", "1b0000000000000000", "1b00000000ffffffff"}) {
    CAPTURE(number);
    CHECK(contains(fault_of(number, read_uint), "shortest"));
  }
  CHECK(contains(fault_of("3800", read_integer), "shortest"));
  CHECK(contains(fault_of("580161", read_bytes), "shortest"));
  CHECK(contains(fault_of("780161", read_text), "shortest"));
  CHECK(contains(fault_of("980101", read_array), "shortest"));
  CHECK(contains(fault_of("d80101", read_raw), "shortest"));
}

TEST_CASE("CBOR of indefinite length, floats, maps and other simple values are refused") {
  CHECK(contains(fault_of("5f4101ff", read_bytes), "indefinite"));
  CHECK(contains(fault_of("7f6161ff", read_text), "indefinite"));
  CHECK(contains(fault_of("9f01ff", read_array), "indefinite"));
  for (const char* item : {"f90000", "fa47c35000", "fb3ff199999999999a", "a0", "a10102", "bf00ff", "f7", "f0", "f8ff",
                           "ff", "f814", "1c", "5d", "fc"}) {
    CAPTURE(item);
    CHECK(fault_of(item, read_raw) != "ok");
    CHECK(fault_of("81" + std::string(item), read_raw) != "ok");
    CHECK(fault_of(item, read_integer) != "ok");
  }
}

TEST_CASE("CBOR cut short anywhere is refused, and so are bytes after its end") {
  const std::string whole = written([](CborWriter& w) {
    w.array(4).text("Đường").bytes(hex("0102030405")).integer(-70000).tag(4).array(2).integer(-1).uint(UINT64_MAX);
  });
  CHECK(fault_of(whole, read_raw) == "ok");
  for (std::size_t cut = 0; cut < whole.size(); cut += 2) {
    CAPTURE(cut);
    CHECK(fault_of(whole.substr(0, cut), read_raw) != "ok");
  }
  CHECK(contains(fault_of(whole + "00", read_raw), "after the end"));
}

TEST_CASE("a huge length that nothing follows is refused without taking memory") {
  for (const char* length :
       {"5bffffffffffffffff", "7bffffffffffffffff", "9bffffffffffffffff", "9a7fffffff0101", "5a7fffffff01"}) {
    CAPTURE(length);
    CHECK(fault_of(length, read_raw) != "ok");
  }
  CHECK(fault_of("5bffffffffffffffff", read_bytes) != "ok");
  CHECK(fault_of("9bffffffffffffffff", read_array) != "ok");
}

TEST_CASE("CBOR text that is not UTF-8 is refused") {
  for (const char* item : {"61ff", "62c080", "63eda080", "64f4908080", "61c3", "62c328"}) {
    CAPTURE(item);
    CHECK(contains(fault_of(item, read_text), "UTF-8"));
    // Read over, it is for whoever reads it as text to refuse.
    CHECK(fault_of(item, read_raw) == "ok");
  }
}

TEST_CASE("numbers beyond 64 signed bits are refused where a signed number is read") {
  CHECK(contains(fault_of("1b8000000000000000", read_integer), "64 bits"));
  CHECK(contains(fault_of("3b8000000000000000", read_integer), "64 bits"));
}

TEST_CASE("items nested deeper than the bound are refused, long lists of tagged items are not") {
  const auto nested = [](std::size_t levels) {
    CborWriter w;
    for (std::size_t i = 0; i < levels; ++i) w.array(1);
    w.null();
    return to_hex(w.result());
  };
  CHECK(fault_of(nested(limits::cbor_depth_max), read_raw) == "ok");
  CHECK(contains(fault_of(nested(limits::cbor_depth_max + 1), read_raw), "deeply"));
  CHECK(contains(fault_of(nested(100'000), read_raw), "deeply"));
  CHECK(fault_of(written([](CborWriter& w) {
                   w.array(200);
                   for (int i = 0; i < 200; ++i) w.tag(4).array(2).integer(-1).integer(i);
                 }),
                 read_raw) == "ok");
}

TEST_CASE("the first fault stops a reader and is the one that is told") {
  const Bytes from = hex("0102");
  CborReader reader(from);
  reader.text();
  reader.uint();
  CHECK(!reader.ok());
  CHECK(reader.peek() == CborReader::Kind::fault);
  CHECK(reader.uint() == 0);
  CHECK(reader.bytes().empty());
  CHECK(reader.array() == 0);
  const Result<void> end = reader.finish("request");
  REQUIRE(!end);
  CHECK(end.error().code == ErrorCode::malformed);
  CHECK(end.error().message == "request: another type of item than expected at byte 0");
}

TEST_CASE("an id of the wrong length and an array of another length are refused") {
  CHECK(fault_of("4101", [](CborReader& r) { r.id<EpochId>(); }) != "ok");
  CHECK(fault_of("480102030405060708", [](CborReader& r) { r.id<EpochId>(); }) == "ok");
  CHECK(fault_of("8101", [](CborReader& r) { r.array_of(2); }) != "ok");
}

TEST_CASE("no bytes make the reader read outside them") {
  SeededRandom random(11);
  for (int round = 0; round < 20'000; ++round) {
    Bytes noise(random.below(40));
    random.fill(noise);
    CborReader reader(noise);
    const BytesView item = reader.raw();
    REQUIRE(reader.position() <= noise.size());
    if (reader.ok()) REQUIRE(item.size() == reader.position());
  }
}
