// Deterministic CBOR (RFC 8949 §4.2.1): shortest lengths, definite sizes, no floats. The writer can write nothing
// else; the reader takes nothing else, so that equal content always has equal bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "shared/foundation/bytes.h"

namespace fieldpost {

class CborWriter {
 public:
  CborWriter& uint(std::uint64_t value);
  CborWriter& integer(std::int64_t value);
  CborWriter& bytes(BytesView value);
  CborWriter& text(std::string_view value);
  CborWriter& array(std::size_t items);
  CborWriter& tag(std::uint64_t number);
  CborWriter& boolean(bool value);
  CborWriter& null();
  /// Bytes that are one encoded item already.
  CborWriter& raw(BytesView item);

  const Bytes& result() const& { return out_; }
  Bytes result() && { return std::move(out_); }
  std::size_t size() const { return out_.size(); }
  void reserve(std::size_t bytes) { out_.reserve(bytes); }

 private:
  void head(std::uint8_t major, std::uint64_t value);
  Bytes out_;
};

/// Reads one item after the other. The first fault stops it: every later read returns zero or empty and `error()`
/// says where it was, so that a codec reads straight through and asks once at the end.
class CborReader {
 public:
  enum class Kind { unsigned_integer, negative_integer, bytes, text, array, tag, boolean, null, end, fault };

  explicit CborReader(BytesView from) : from_(from) {}

  Kind peek() const;
  std::uint64_t uint();
  std::int64_t integer();
  BytesView bytes();
  /// Valid UTF-8, checked.
  std::string_view text();
  std::size_t array();
  /// An array of exactly this many items.
  void array_of(std::size_t items);
  std::uint64_t tag();
  bool boolean();
  void null();
  bool try_null();
  /// Reads over one whole item and returns its bytes. Texts inside are checked by whoever reads them as texts.
  BytesView raw();

  template <class AnyId>
  AnyId id() {
    AnyId id;
    BytesView value = bytes();
    if (value.size() != AnyId::size) {
      fail("an id of the wrong length");
      return id;
    }
    std::copy(value.begin(), value.end(), id.bytes.begin());
    return id;
  }

  void fail(const char* what);
  bool ok() const { return !fault_; }
  bool at_end() const { return at_ == from_.size(); }
  std::size_t position() const { return at_; }
  /// Fails unless everything was read. `what` names the thing for the message.
  Result<void> finish(const char* what);

 private:
  std::string_view unchecked_text();
  std::uint64_t head(std::uint8_t major);
  BytesView from_;
  std::size_t at_ = 0;
  const char* fault_ = nullptr;
};

bool is_valid_utf8(std::string_view text);

}  // namespace fieldpost
