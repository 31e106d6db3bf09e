// Vietnamese of before Unicode, as it comes out of old documents by the clipboard: the bytes of TCVN3 (ABC fonts,
// .VnTime; TCVN 5712:1993, VN3) or VNI-Windows, read as Windows-1252. `NguyÔn V¨n A`, `Nguyeãn Vaên A`. Recognises
// and converts; whether to convert is a person's decision. VIQR, which is plain ASCII, is only guessed at on import
// (vietnamese.h).
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fieldpost::vietnamese {

enum class Legacy { tcvn3, vni };

/// The code in which more of the words are Vietnamese than are not. Empty for Vietnamese in Unicode, plain ASCII and
/// other languages, and when in doubt. Looks at the first few thousand bytes.
std::optional<Legacy> looks_like(std::string_view text);

/// NFC. What is not in the code stays as it is. The capitals of .VnTimeH are small letters in another font: a vowel
/// becomes a capital when the rest of its word is in capitals.
std::string convert(std::string_view text, Legacy legacy);

}  // namespace fieldpost::vietnamese
