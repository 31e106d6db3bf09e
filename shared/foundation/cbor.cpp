#include "shared/foundation/cbor.h"

#include <utf8proc.h>

#include <fmt/format.h>

#include <array>

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {
constexpr std::uint8_t major_uint = 0, major_negative = 1, major_bytes = 2, major_text = 3, major_array = 4,
                       major_tag = 6;
constexpr std::uint8_t simple_false = 0xf4, simple_true = 0xf5, simple_null = 0xf6;
}  // namespace

void CborWriter::head(std::uint8_t major, std::uint64_t value) {
  const auto type = static_cast<std::uint8_t>(major << 5);
  if (value < 24) {
    out_.push_back(static_cast<std::uint8_t>(type | value));
    return;
  }
  int length = value <= 0xff ? 1 : value <= 0xffff ? 2 : value <= 0xffffffff ? 4 : 8;
  out_.push_back(static_cast<std::uint8_t>(type | (length == 1 ? 24 : length == 2 ? 25 : length == 4 ? 26 : 27)));
  for (int i = length - 1; i >= 0; --i) out_.push_back(static_cast<std::uint8_t>(value >> (8 * i)));
}

CborWriter& CborWriter::uint(std::uint64_t value) { return head(major_uint, value), *this; }
CborWriter& CborWriter::integer(std::int64_t value) {
  if (value >= 0)
    head(major_uint, static_cast<std::uint64_t>(value));
  else
    head(major_negative, ~static_cast<std::uint64_t>(value));  // -1 - value, without overflow
  return *this;
}
CborWriter& CborWriter::bytes(BytesView value) {
  head(major_bytes, value.size());
  return raw(value);
}
CborWriter& CborWriter::text(std::string_view value) {
  head(major_text, value.size());
  return raw(view_of(value));
}
CborWriter& CborWriter::array(std::size_t items) { return head(major_array, items), *this; }
CborWriter& CborWriter::tag(std::uint64_t number) { return head(major_tag, number), *this; }
CborWriter& CborWriter::boolean(bool value) { return out_.push_back(value ? simple_true : simple_false), *this; }
CborWriter& CborWriter::null() { return out_.push_back(simple_null), *this; }
CborWriter& CborWriter::raw(BytesView item) {
  out_.insert(out_.end(), item.begin(), item.end());
  return *this;
}

CborReader::Kind CborReader::peek() const {
  if (fault_) return Kind::fault;
  if (at_ >= from_.size()) return Kind::end;
  const std::uint8_t first = from_[at_];
  switch (first >> 5) {
    case major_uint: return Kind::unsigned_integer;
    case major_negative: return Kind::negative_integer;
    case major_bytes: return Kind::bytes;
    case major_text: return Kind::text;
    case major_array: return Kind::array;
    case major_tag: return Kind::tag;
    default: break;
  }
  if (first == simple_false || first == simple_true) return Kind::boolean;
  if (first == simple_null) return Kind::null;
  return Kind::fault;
}

std::uint64_t CborReader::head(std::uint8_t major) {
  if (fault_) return 0;
  if (at_ >= from_.size()) return fail("the bytes end too early"), 0;
  const std::uint8_t first = from_[at_];
  if (first >> 5 != major) return fail("another type of item than expected"), 0;
  const std::uint8_t low = first & 31;
  if (low < 24) {
    ++at_;
    return low;
  }
  if (low > 27) return fail("an item of indefinite length"), 0;
  const std::size_t length = std::size_t{1} << (low - 24);
  if (from_.size() - at_ - 1 < length) return fail("the bytes end too early"), 0;
  std::uint64_t value = 0;
  for (std::size_t i = 0; i < length; ++i) value = value << 8 | from_[at_ + 1 + i];
  const std::uint64_t smallest = length == 1 ? 24 : std::uint64_t{1} << (length * 4);
  if (value < smallest) return fail("a number that is not in its shortest form"), 0;
  at_ += 1 + length;
  return value;
}

std::uint64_t CborReader::uint() { return head(major_uint); }

std::int64_t CborReader::integer() {
  if (peek() == Kind::negative_integer) {
    const std::uint64_t value = head(major_negative);
    if (value > static_cast<std::uint64_t>(INT64_MAX)) return fail("a number beyond 64 bits"), 0;
    return static_cast<std::int64_t>(~value);
  }
  const std::uint64_t value = head(major_uint);
  if (value > static_cast<std::uint64_t>(INT64_MAX)) return fail("a number beyond 64 bits"), 0;
  return static_cast<std::int64_t>(value);
}

BytesView CborReader::bytes() {
  const std::uint64_t size = head(major_bytes);
  if (fault_) return {};
  if (size > from_.size() - at_) return fail("the bytes end too early"), BytesView{};
  BytesView out = from_.subspan(at_, static_cast<std::size_t>(size));
  at_ += static_cast<std::size_t>(size);
  return out;
}

std::string_view CborReader::text() {
  const std::string_view out = unchecked_text();
  if (!fault_ && !is_valid_utf8(out)) {
    at_ -= out.size();
    return fail("text that is not UTF-8"), std::string_view{};
  }
  return out;
}

std::string_view CborReader::unchecked_text() {
  const std::uint64_t size = head(major_text);
  if (fault_) return {};
  if (size > from_.size() - at_) return fail("the bytes end too early"), std::string_view{};
  const std::string_view out = text_of(from_.subspan(at_, static_cast<std::size_t>(size)));
  at_ += static_cast<std::size_t>(size);
  return out;
}

std::size_t CborReader::array() {
  const std::uint64_t items = head(major_array);
  // Every item takes a byte at least: a length that cannot be true must not become a large allocation.
  if (!fault_ && items > from_.size() - at_) return fail("an array longer than the bytes that follow"), 0;
  return static_cast<std::size_t>(items);
}
void CborReader::array_of(std::size_t items) {
  if (array() != items) fail("an array of another length than expected");
}
std::uint64_t CborReader::tag() { return head(major_tag); }

bool CborReader::boolean() {
  if (peek() != Kind::boolean) return fail("another type of item than expected"), false;
  return from_[at_++] == simple_true;
}
void CborReader::null() {
  if (!try_null()) fail("another type of item than expected");
}
bool CborReader::try_null() {
  if (peek() != Kind::null) return false;
  ++at_;
  return true;
}

BytesView CborReader::raw() {
  const std::size_t start = at_;
  // Items still to read at each level. A bound on the levels here lets callers decode what they get by recursion.
  std::array<std::size_t, limits::cbor_depth_max + 1> open{};
  std::size_t level = 0;
  open[0] = 1;
  const auto nest = [&](std::size_t items) {
    if (level + 1 == open.size()) return fail("items nested too deeply");
    open[++level] = items;
  };
  while (ok()) {
    while (level > 0 && open[level] == 0) --level;
    if (open[level] == 0) break;
    --open[level];
    switch (peek()) {
      case Kind::unsigned_integer: uint(); break;
      case Kind::negative_integer: integer(); break;
      case Kind::bytes: bytes(); break;
      case Kind::text: unchecked_text(); break;
      case Kind::array: nest(array()); break;
      case Kind::tag:
        tag();
        nest(1);
        break;
      case Kind::boolean: boolean(); break;
      case Kind::null: null(); break;
      case Kind::end: fail("the bytes end too early"); break;
      case Kind::fault: fail("an item of a kind that is not used here"); break;
    }
  }
  if (fault_) return {};
  return from_.subspan(start, at_ - start);
}

void CborReader::fail(const char* what) {
  if (!fault_) fault_ = what;
}

Result<void> CborReader::finish(const char* what) {
  if (!fault_ && !at_end()) fail("bytes after the end");
  if (fault_) return Error{ErrorCode::malformed, fmt::format("{}: {} at byte {}", what, fault_, at_)};
  return {};
}

bool is_valid_utf8(std::string_view text) {
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto left = static_cast<utf8proc_ssize_t>(text.size());
  while (left > 0) {
    if (*at < 0x80) {
      ++at, --left;
      continue;
    }
    // The letters of Vietnamese, without a call: two bytes, or three that are neither overlong nor surrogates.
    const auto follows = [&](int i) { return (at[i] & 0xc0) == 0x80; };
    if (*at >= 0xc2 && *at <= 0xdf && left >= 2 && follows(1)) {
      at += 2, left -= 2;
      continue;
    }
    if (*at >= 0xe1 && *at <= 0xec && left >= 3 && follows(1) && follows(2)) {
      at += 3, left -= 3;
      continue;
    }
    utf8proc_int32_t codepoint = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(at, left, &codepoint);
    if (used <= 0) return false;
    at += used;
    left -= used;
  }
  return true;
}

}  // namespace fieldpost
