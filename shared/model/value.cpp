#include "shared/model/value.h"

#include <algorithm>

#include "shared/foundation/limits.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {
constexpr std::uint64_t decimal_tag = 4;

bool has_control(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if ((c < 0x20 && c != '\t' && c != '\n') || c == 0x7f) return true;
    // C1 controls are two bytes: C2 80 … C2 9F.
    if (c == 0xc2 && i + 1 < text.size() && static_cast<unsigned char>(text[i + 1]) < 0xa0) return true;
  }
  return false;
}

bool is_type_name(std::string_view type) {
  const std::size_t slash = type.find('/');
  return type.size() <= 100 && slash != std::string_view::npos && slash > 0 && slash + 1 < type.size() &&
         std::all_of(type.begin(), type.end(),
                     [](char c) {
                       return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '-' || c == '.' ||
                              c == '_' || c == '/';
                     }) &&
         type.find('/', slash + 1) == std::string_view::npos;
}

bool is_file_name(std::string_view name) {
  return name.size() <= 200 && name.find_first_of("/\n\t") == std::string_view::npos && is_storable_text(name);
}
}  // namespace

Result<std::string> storable_text(std::string_view typed) {
  if (typed.size() > limits::text_bytes_max)
    return Error{ErrorCode::out_of_bounds,
                 "a text of more than " + std::to_string(limits::text_bytes_max) + " bytes"};
  Result<std::string> text = vietnamese::nfc(typed);
  if (!text) return text;
  if (has_control(*text)) return Error{ErrorCode::malformed, "a text with control characters"};
  return text;
}

bool is_storable_text(std::string_view text) {
  // Most texts on the wire are codes and digits; normalising is for the rest.
  if (std::all_of(text.begin(), text.end(), [](char c) { return c == '\t' || c == '\n' || (c >= 0x20 && c < 0x7f); }))
    return text.size() <= limits::text_bytes_max;
  return text.size() <= limits::text_bytes_max && vietnamese::is_nfc(text) && !has_control(text);
}

bool is_storable(const Value& value) {
  if (const auto* text = std::get_if<std::string>(&value)) return is_storable_text(*text);
  if (const auto* date = std::get_if<CivilDate>(&value)) return is_real(*date);
  if (const auto* decimal = std::get_if<Decimal>(&value)) {
    const Result<Decimal> normal = Decimal::make(decimal->mantissa, decimal->exponent);
    return normal && *normal == *decimal;
  }
  if (const auto* attachment = std::get_if<Attachment>(&value))
    return attachment->id.bytes > 0 && attachment->id.bytes <= limits::attachment_bytes_max &&
           is_type_name(attachment->type) && is_file_name(attachment->name);
  return true;
}

void write_value(CborWriter& out, const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) {
    out.boolean(*boolean);
  } else if (const auto* integer = std::get_if<std::int64_t>(&value)) {
    out.integer(*integer);
  } else if (const auto* decimal = std::get_if<Decimal>(&value)) {
    out.tag(decimal_tag).array(2).integer(decimal->exponent).integer(decimal->mantissa);
  } else if (const auto* text = std::get_if<std::string>(&value)) {
    out.text(*text);
  } else if (const auto* date = std::get_if<CivilDate>(&value)) {
    out.array(date->has_day() ? 3 : date->has_month() ? 2 : 1).integer(date->year);
    if (date->has_month()) out.uint(date->month);
    if (date->has_day()) out.uint(date->day);
  } else if (const auto* reference = std::get_if<EntityId>(&value)) {
    out.bytes(reference->view());
  } else if (const auto* attachment = std::get_if<Attachment>(&value)) {
    out.array(4).bytes(attachment->id.digest.view()).uint(attachment->id.bytes);
    out.text(attachment->type).text(attachment->name);
  } else {
    out.null();
  }
}

Value read_value(CborReader& in) {
  using Kind = CborReader::Kind;
  switch (in.peek()) {
    case Kind::null: in.null(); return Cleared{};
    case Kind::boolean: return in.boolean();
    case Kind::unsigned_integer:
    case Kind::negative_integer: return in.integer();
    case Kind::text: {
      const std::string_view text = in.text();
      // Canonical means NFC too: two spellings of one answer must not be two values.
      if (!is_storable_text(text)) in.fail("text that is too long, not NFC or has control characters");
      return std::string(text);
    }
    case Kind::tag: {
      if (in.tag() != decimal_tag) in.fail("an unknown tag");
      in.array_of(2);
      const std::int64_t exponent = in.integer();
      const std::int64_t mantissa = in.integer();
      if (exponent < -18 || exponent > 18) in.fail("a decimal beyond its bound");
      if (!in.ok()) return Cleared{};
      Decimal decimal;
      decimal.mantissa = mantissa;
      decimal.exponent = static_cast<std::int32_t>(exponent);
      if (!is_storable(decimal)) in.fail("a decimal with trailing zeros");
      return decimal;
    }
    case Kind::array: {
      const std::size_t parts = in.array();
      if (parts == 4) {
        Attachment attachment;
        attachment.id.digest = in.id<Digest>();
        attachment.id.bytes = in.uint();
        attachment.type = std::string(in.text());
        attachment.name = std::string(in.text());
        if (in.ok() && !is_storable(attachment)) in.fail("an attachment beyond its bounds");
        return attachment;
      }
      if (parts < 1 || parts > 3) in.fail("a date of one to three parts or an attachment of four was expected");
      const std::int64_t year = in.integer();
      const std::uint64_t month = parts > 1 ? in.uint() : 0;
      const std::uint64_t day = parts > 2 ? in.uint() : 0;
      if (year < 1 || year > 9999 || (parts > 1 && (month < 1 || month > 12)) || (parts > 2 && (day < 1 || day > 31)))
        in.fail("a date that does not exist");
      if (!in.ok()) return Cleared{};
      const CivilDate date{static_cast<std::int16_t>(year), static_cast<std::uint8_t>(month),
                           static_cast<std::uint8_t>(day)};
      if (!is_real(date)) in.fail("a date that does not exist");
      return date;
    }
    case Kind::bytes: return in.id<EntityId>();
    case Kind::end: in.fail("the bytes end too early"); return Cleared{};
    case Kind::fault: break;
  }
  in.fail("a value of a kind that is not used here");
  return Cleared{};
}

std::string plain_text(const Value& value) {
  if (const auto* boolean = std::get_if<bool>(&value)) return *boolean ? "true" : "false";
  if (const auto* integer = std::get_if<std::int64_t>(&value)) return std::to_string(*integer);
  if (const auto* decimal = std::get_if<Decimal>(&value)) return decimal_text(*decimal);
  if (const auto* string = std::get_if<std::string>(&value)) return *string;
  if (const auto* date = std::get_if<CivilDate>(&value)) return iso_text(*date);
  if (const auto* reference = std::get_if<EntityId>(&value)) return text(*reference);
  if (const auto* attachment = std::get_if<Attachment>(&value)) return text(attachment->id.digest);
  return "";
}

}  // namespace fieldpost
