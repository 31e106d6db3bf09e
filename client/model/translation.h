// Key -> text in the chosen language, Vietnamese first. The texts are assets/translations/vi.json and en.json, built
// into the program; a test checks that both have the same keys and that every key used is there.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace fieldpost {

/// "vi" or "en"; anything else is Vietnamese. Broken texts are a build fault and stop the program.
void use_language(std::string_view language);
const std::string& language();

/// The text of a key; the key itself when it has none.
const std::string& tr(std::string_view key);
/// With {0}, {1} … replaced.
std::string tr_with(std::string_view key, std::initializer_list<std::string_view> parts);
bool has_text(std::string_view key);

}  // namespace fieldpost
