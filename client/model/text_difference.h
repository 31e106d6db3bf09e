// Which words of rival texts differ: what a person looks for in two long summaries that are nearly the same.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fieldpost {

/// A run of words, with the spaces after them.
struct TextPiece {
  std::string text;
  bool differs = false;
  bool operator==(const TextPiece&) const = default;
};

/// Each text in pieces; a word differs when one of the other texts does not have it at its place. A text that shares
/// no word with another stays unmarked: then all of it differs, and marks would only be in the way.
std::vector<std::vector<TextPiece>> marked_differences(const std::vector<std::string>& texts);

}  // namespace fieldpost
