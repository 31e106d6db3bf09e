// Bytes and their text, ids, decimals, dates, compression, the log.
#include <doctest/doctest.h>

#include <cstdio>
#include <memory>
#include <set>

#include "shared/foundation/civil_date.h"
#include "shared/foundation/compress.h"
#include "shared/foundation/decimal.h"
#include "shared/foundation/ids.h"
#include "shared/foundation/log.h"

using namespace fieldpost;

namespace {

class FixedClock final : public WallClock {
 public:
  explicit FixedClock(std::int64_t ms) : ms_(ms) {}
  std::int64_t now_ms() const override { return ms_; }

 private:
  std::int64_t ms_;
};

Bytes hex(std::string_view text) { return *from_hex(text); }
Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

std::string decimal_or_fault(std::string_view text) {
  const Result<Decimal> number = parse_decimal(text);
  return number ? decimal_text(*number) : code_name(number.error().code);
}

}  // namespace

TEST_CASE("hex and base64url come back as the bytes they were written from") {
  SeededRandom random(1);
  for (std::size_t size = 0; size < 70; ++size) {
    Bytes bytes(size);
    random.fill(bytes);
    CHECK(*from_hex(to_hex(bytes)) == bytes);
    CHECK(*from_base64url(to_base64url(bytes)) == bytes);
  }
  CHECK(to_hex(hex("00ff1a")) == "00ff1a");
  // RFC 4648 §10, without padding; §5 for the two signs.
  CHECK(to_base64url(bytes_of("foob")) == "Zm9vYg");
  CHECK(to_base64url(hex("fbff")) == "-_8");
}

TEST_CASE("text that is not hex or not base64url is refused") {
  for (const char* text : {"0", "0g", "00 ", " 00", "0x00", "00:11"}) CHECK(!from_hex(text));
  for (const char* text : {"Zm9vYg==", "Zm9v Yg", "Zm9vY", "Zm9vYh", "+/8", "Z"}) CHECK(!from_base64url(text));
}

TEST_CASE("a new UUIDv7 carries its time, version and variant, and its text comes back") {
  const FixedClock clock(1645557742000);  // RFC 9562 A.6
  SeededRandom random(7);
  const auto id = new_uuid<EntityId>(clock, random);
  const std::string uuid = text(id);
  CHECK(uuid.substr(0, 15) == "017f22e2-79b0-7");
  CHECK(std::string("89ab").find(uuid[19]) != std::string::npos);
  CHECK(*parse_entity_id(uuid) == id);
}

TEST_CASE("ids made later sort later, and two of one moment differ") {
  SeededRandom random(7);
  const auto early = new_uuid<EntityId>(FixedClock(1000), random);
  CHECK(early < new_uuid<EntityId>(FixedClock(1001), random));
  std::set<EntityId> made;
  for (int i = 0; i < 1000; ++i) made.insert(new_uuid<EntityId>(FixedClock(1000), random));
  CHECK(made.size() == 1000);
}

TEST_CASE("a clock before 1970 or far ahead still gives ids") {
  SeededRandom random(7);
  for (std::int64_t ms : {INT64_MIN, std::int64_t{-1}, INT64_MAX}) {
    const auto id = new_uuid<EntityId>(FixedClock(ms), random);
    CHECK(text(id)[14] == '7');
  }
}

TEST_CASE("text that is no id is refused") {
  for (const char* bad : {"", "017f22e2-79b0-7cc3-98c4-dc0c0c07398", "017f22e279b0-7cc3-98c4-dc0c0c07398f-",
                          "017f22e2-79b0-7cc3-98c4-dc0c0c07398g", "017f22e2-79b0-7cc3-98c4_dc0c0c07398f"})
    CHECK(!parse_entity_id(bad));
  CHECK(!parse_hex_id<EpochId>("00112233445566"));
  CHECK(parse_hex_id<EpochId>("0011223344556677"));
}

TEST_CASE("the seeded generator repeats itself for a seed and for no other") {
  SeededRandom a(5), b(5), c(6);
  const std::uint64_t first = a.next();
  CHECK(first == b.next());
  CHECK(first != c.next());
  CHECK(a.next() != first);
}

TEST_CASE("equal numbers are equal members, however they were typed") {
  for (const char* text : {"1.5", "1.50", "01.5", "1.5000000000000000000000000000"}) {
    CAPTURE(text);
    const Decimal number = *parse_decimal(text);
    CHECK(number.mantissa == 15);
    CHECK(number.exponent == -1);
  }
  CHECK(*parse_decimal("1500") == *Decimal::make(15, 2));
  CHECK(*parse_decimal("-0.00") == Decimal{});
  CHECK(*Decimal::make(0, 12) == Decimal{});
  CHECK(*Decimal::make(-1200, -3) == *parse_decimal("-1.2"));
  CHECK(Decimal::from_integer(INT64_MIN).mantissa == INT64_MIN);
}

TEST_CASE("a decimal is written in plain digits and comes back the same") {
  for (const char* text :
       {"0", "12", "-12.5", "0.05", "-0.000000000000000001", "1000000000000000000", "123.456", "9223372036854775807",
        "-9223372036854775808", "-9.223372036854775808", "15000000000000000000", "0.9223372036854775807"}) {
    CAPTURE(text);
    CHECK(decimal_or_fault(text) == (std::string_view(text) == "0.9223372036854775807" ? "out_of_bounds" : text));
  }
  SeededRandom random(3);
  for (int round = 0; round < 10'000; ++round) {
    const auto mantissa = static_cast<std::int64_t>(random.next() >> random.below(64)) * (round % 2 == 0 ? 1 : -1);
    const Result<Decimal> number = Decimal::make(mantissa, static_cast<std::int32_t>(random.below(37)) - 18);
    if (!number) continue;
    REQUIRE(*parse_decimal(decimal_text(*number)) == *number);
  }
}

TEST_CASE("a decimal beyond 64 bits or 18 places is refused") {
  CHECK(decimal_or_fault("9223372036854775808") == "out_of_bounds");
  CHECK(decimal_or_fault("-9223372036854775809") == "out_of_bounds");
  CHECK(decimal_or_fault("0.0000000000000000001") == "out_of_bounds");
  CHECK(decimal_or_fault("10000000000000000000") == "out_of_bounds");
  CHECK(decimal_or_fault("1000000000000000000") == "1000000000000000000");
  CHECK(!Decimal::make(1, 19));
  CHECK(!Decimal::make(1, -19));
  CHECK(!Decimal::make(10, INT32_MAX));
  CHECK(!Decimal::make(1, INT32_MIN));
  CHECK(*Decimal::make(10, -19) == *Decimal::make(1, -18));
}

TEST_CASE("text that is no decimal is refused") {
  for (const char* text :
       {"", "-", ".", ".5", "5.", "1,5", "1e3", "+1", "--1", "1.2.3", " 1", "1 ", "0x10", "1-", "NaN", "-.5"}) {
    CAPTURE(text);
    CHECK(decimal_or_fault(text) == "invalid_argument");
  }
}

TEST_CASE("a date keeps its precision: a year, a month or a day") {
  for (const char* text : {"2025", "2025-03", "2025-03-14", "0001-01-01", "9999-12-31"})
    CHECK(iso_text(*parse_iso_date(text)) == text);
  CHECK(!parse_iso_date("2025")->has_month());
  CHECK(!parse_iso_date("2025-03")->has_day());
  CHECK(*parse_iso_date("2025") < *parse_iso_date("2025-01"));
}

TEST_CASE("a date that is in no calendar is refused") {
  for (const char* text : {"", "0000", "2025-00", "2025-13", "2025-03-00", "2025-02-29", "1900-02-29", "2025-04-31",
                           "2025-3-14", "25-03-14", "2025/03/14", "2025-03-1a", "2025-0314", "-025", "2025-03-14T"}) {
    CAPTURE(text);
    CHECK(!parse_iso_date(text));
  }
  CHECK(parse_iso_date("2024-02-29"));
  CHECK(parse_iso_date("2000-02-29"));
  CHECK(!is_real({2025, 0, 3}));
}

TEST_CASE("a date without a day stands for its first to its last day") {
  CHECK(iso_text(first_day({2024, 0, 0})) == "2024-01-01");
  CHECK(iso_text(last_day({2024, 0, 0})) == "2024-12-31");
  CHECK(iso_text(first_day({2024, 2, 0})) == "2024-02-01");
  CHECK(iso_text(last_day({2024, 2, 0})) == "2024-02-29");
  CHECK(iso_text(last_day({2025, 2, 0})) == "2025-02-28");
  CHECK(iso_text(last_day({2025, 2, 3})) == "2025-02-03");
}

TEST_CASE("days are counted from 1970 and come back, within the years 1 to 9999") {
  CHECK(day_number({1970, 1, 1}) == 0);
  CHECK(day_number({2000, 3, 1}) == 11017);
  CHECK(day_number({2025, 3, 0}) == day_number({2025, 3, 1}));
  for (std::int64_t day :
       {std::int64_t{-719162}, std::int64_t{-1}, std::int64_t{0}, std::int64_t{20000}, std::int64_t{2932896}})
    CHECK(day_number(from_day_number(day)) == day);
  CHECK(from_day_number(INT64_MAX) == CivilDate{9999, 12, 31});
  CHECK(from_day_number(INT64_MIN) == CivilDate{1, 1, 1});
}

TEST_CASE("the day in Vietnam turns at 17:00 UTC") {
  const std::int64_t noon = (day_number({2025, 3, 14}) * 24 + 12) * 3600 * 1000;
  CHECK(vietnam_day(noon) == CivilDate{2025, 3, 14});
  CHECK(vietnam_day(noon + 5 * 3600 * 1000 - 1) == CivilDate{2025, 3, 14});
  CHECK(vietnam_day(noon + 5 * 3600 * 1000) == CivilDate{2025, 3, 15});
  CHECK(vietnam_day(0) == CivilDate{1970, 1, 1});
  CHECK(vietnam_day(-7 * 3600 * 1000) == CivilDate{1970, 1, 1});
  CHECK(vietnam_day(-7 * 3600 * 1000 - 1) == CivilDate{1969, 12, 31});
  CHECK(vietnam_day(INT64_MAX) == CivilDate{9999, 12, 31});
  CHECK(vietnam_day(INT64_MIN) == CivilDate{1, 1, 1});
}

TEST_CASE("what was compressed comes back") {
  SeededRandom random(6);
  for (std::size_t size : {0u, 1u, 100u, 100'000u}) {
    Bytes bytes(size);
    random.fill(bytes);
    CHECK(*decompress(compress(bytes, 3), size) == bytes);
  }
  const Bytes zeros(1 << 20);
  CHECK(compress(zeros, 3).size() < 1000);
}

TEST_CASE("a page that expands beyond its bound is refused before it takes memory") {
  const Bytes packed = compress(Bytes(1 << 20), 3);
  CHECK(decompress(packed, 1 << 20));
  CHECK(decompress(packed, (1 << 20) - 1).error().code == ErrorCode::out_of_bounds);
}

TEST_CASE("bytes that are not one whole zstd frame are refused") {
  const Bytes packed = compress(bytes_of("một trang, một trang, một trang"), 3);
  CHECK(decompress({}, 100).error().code == ErrorCode::malformed);
  CHECK(decompress(bytes_of("không phải zstd"), 100).error().code == ErrorCode::malformed);
  for (std::size_t size = 0; size < packed.size(); ++size) CHECK(!decompress(BytesView(packed).first(size), 100));
  Bytes twice = packed;
  const Bytes empty = compress({}, 3);
  twice.insert(twice.end(), empty.begin(), empty.end());
  CHECK(decompress(twice, 100).error().code == ErrorCode::malformed);
  CHECK(decompress(hex("502a4d1800000000"), 100).error().code == ErrorCode::malformed);  // a skippable frame
  // A frame that says it holds 2^62 bytes.
  CHECK(!decompress(hex("28b52ffdc000000000000000004000"), std::size_t{1} << 30));
}

namespace {

/// Everything the log writes within `use`.
template <class Use>
std::string logged(LogLevel least, Use use) {
  const std::unique_ptr<std::FILE, int (*)(std::FILE*)> file(std::tmpfile(), std::fclose);
  REQUIRE(file);
  const FixedClock clock(1741910400123);
  use(Log(clock, least, file.get()));
  std::rewind(file.get());
  std::string all;
  char part[256];
  while (const std::size_t read = std::fread(part, 1, sizeof(part), file.get())) all.append(part, read);
  return all;
}

}  // namespace

TEST_CASE("the log is one line an event, with ids, counts and codes") {
  const std::string line = logged(LogLevel::info, [](const Log& log) {
    log.write(LogLevel::warning, "page_refused",
              {{"epoch", *parse_hex_id<EpochId>("0011223344556677")},
               {"entries", 12},
               {"first", false},
               {"reason", ErrorCode::untrusted},
               {"side", "central"},
               LogField::code("form", "outreach_session")});
  });
  CHECK(line ==
        "2025-03-14T00:00:00.123Z warning page_refused epoch=0011223344556677 entries=12 first=no reason=untrusted "
        "side=central form=outreach_session\n");
}

TEST_CASE("the log leaves out what is below its level") {
  const std::string lines = logged(LogLevel::warning, [](const Log& log) {
    log.write(LogLevel::debug, "a");
    log.write(LogLevel::info, "b");
    log.write(LogLevel::warning, "c");
    log.write(LogLevel::error, "d");
  });
  CHECK(lines == "2025-03-14T00:00:00.123Z warning c\n2025-03-14T00:00:00.123Z error d\n");
}

TEST_CASE("what a person may have typed does not get into the log") {
  for (const char* typed : {"Nguyễn Văn An", "An", "a b", "x\ny", "", "k=v",
                            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"})
    CHECK(LogField::code("form", typed).text() == "form=?");
}
