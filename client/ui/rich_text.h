// Lines of words in several looks, wrapped as one text: plain, bold, and the names of keys and buttons in a frame.
#pragma once

#include <string>
#include <vector>

namespace fieldpost::ui {

struct RichPiece {
  enum class Look { words, bold, key };
  Look look = Look::words;
  std::string text;
};

/// From the cursor to the right edge; a name in a frame is not broken unless it is wider than the line.
void rich_text(const std::vector<RichPiece>& pieces);

}  // namespace fieldpost::ui
