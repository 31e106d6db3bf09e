// What two texts of people, places and sessions are compared by.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/code_list.h"

namespace fieldpost {

/// FNV-1a; never 0, which stands for nothing. For comparing within one run, never stored.
std::uint64_t hash_of(std::string_view text);
/// The folded words of a name in the order of their letters, a space between them.
std::string words_sorted(std::string_view folded_name);
/// The words of a place that tell it from others, folded, each once, ascending: without "ấp", "xã", "nhà văn hóa" and
/// the like; numbers without leading zeros.
std::vector<std::string> place_words(std::string_view text);
/// A hash of a hamlet's name without "ấp", "khóm" and the like, so that "ấp 07" is "Ấp 7"; 0 when there is none.
std::uint64_t hamlet_key(std::string_view hamlet);
/// The words of a title or of presenters that not every session has, in the same way.
std::vector<std::string> telling_words(std::string_view text);
/// The communes of today that an old one went into, each as a hash of its key, ascending; a key that the gazetteer
/// does not know stands for itself.
std::vector<std::uint64_t> units_today(const std::string& key, const Gazetteer& places);
/// How many two such lists share.
std::size_t shared_words(const std::vector<std::string>& a, const std::vector<std::string>& b);

}  // namespace fieldpost
