// One answer, exactly as given: what was typed is what arrives, byte for byte, on every replica.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <variant>

#include "shared/foundation/cbor.h"
#include "shared/foundation/civil_date.h"
#include "shared/foundation/decimal.h"
#include "shared/foundation/ids.h"

namespace fieldpost {

/// The author emptied the field. Not the same as never having answered it, which has no value at all.
using Cleared = std::monostate;

/// A file by its content. Two with equal digests and sizes are one file, whatever they are called.
struct AttachmentId {
  Digest digest;            // SHA-256 of the bytes
  std::uint64_t bytes = 0;  // how many there are: never none, for an empty file is a copy that failed
  auto operator<=>(const AttachmentId&) const = default;
};

/// The answer to a question of type image or file. The bytes lie beside the store (storage/attachment_store), travel
/// apart from the change that names them, and may come later or never.
struct Attachment {
  AttachmentId id;
  std::string type;  // "image/jpeg", as RFC 6838 writes it
  std::string name;  // what the file was called, without folders; empty for pictures, whose names tell when and how
  auto operator<=>(const Attachment&) const = default;
};

/// Texts, option codes, times (`08:15`) and places (`code@scheme`) are strings; a reference to another record is its
/// id. The form says which it is. Multi-selects have one boolean field an option and one for "answered".
using Value = std::variant<Cleared, bool, std::int64_t, Decimal, std::string, CivilDate, EntityId, Attachment>;

inline bool is_cleared(const Value& value) { return std::holds_alternative<Cleared>(value); }

/// Text as it may be stored: NFC, no control characters but tab and newline, at most text_bytes_max.
/// Errors: malformed (not UTF-8, NUL or another control character), out_of_bounds.
Result<std::string> storable_text(std::string_view typed);
/// It has that form already.
bool is_storable_text(std::string_view text);
/// Text in that form, a date that exists, a decimal without trailing zeros, an attachment within its bounds: what
/// read_value takes.
bool is_storable(const Value& value);

// Canonical form:
//   cleared   null
//   boolean   true | false
//   integer   int
//   decimal   tag 4 [exponent, mantissa]            (RFC 8949 §3.4.4), no trailing zeros
//   text      text string, NFC
//   date      [year] | [year, month] | [year, month, day]
//   reference byte string of 16
//   attachment [digest: bytes32, bytes: uint, type: text, name: text]
//             type/subtype of at most 100 of a-z 0-9 + - . _, name of at most 200 bytes without / and line ends
void write_value(CborWriter& out, const Value& value);
/// Fails on anything not in the form above.
Value read_value(CborReader& in);

/// A short text for logs of tests and JSON: never for the window, which formats by the question's type.
std::string plain_text(const Value& value);

}  // namespace fieldpost
