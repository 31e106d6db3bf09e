#include "client/ui/rich_text.h"

#include <imgui.h>

#include "client/ui/theme.h"

namespace fieldpost::ui {
namespace {

struct Word {
  RichPiece::Look look = RichPiece::Look::words;
  std::string text;
  bool after_space = false;
};

std::vector<Word> words_of(const std::vector<RichPiece>& pieces, float line_width) {
  std::vector<Word> words;
  bool space = false;
  for (const RichPiece& piece : pieces) {
    const bool fits =
        fonts().regular->CalcTextSizeA(fonts().regular->FontSize, FLT_MAX, 0, piece.text.c_str()).x + px(12) <
        line_width;
    if (piece.look == RichPiece::Look::key && fits) {
      words.push_back({piece.look, piece.text, space});
      space = false;
      continue;
    }
    const RichPiece::Look look = piece.look == RichPiece::Look::key ? RichPiece::Look::bold : piece.look;
    std::string word;
    const auto end_word = [&] {
      if (word.empty()) return;
      words.push_back({look, std::move(word), space});
      word.clear();
      space = false;
    };
    for (const char letter : piece.text) {
      if (letter != ' ') {
        word += letter;
        continue;
      }
      end_word();
      space = true;
    }
    end_word();
  }
  return words;
}

}  // namespace

void rich_text(const std::vector<RichPiece>& pieces) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, inset = px(6);
  const float size = fonts().regular->FontSize, line = size + px(8);
  const float blank = fonts().regular->CalcTextSizeA(size, FLT_MAX, 0, " ").x;
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  float x = 0, y = 0;
  for (const Word& word : words_of(pieces, width)) {
    ImFont* font = word.look == RichPiece::Look::bold ? fonts().bold : fonts().regular;
    const bool key = word.look == RichPiece::Look::key;
    const float word_width = font->CalcTextSizeA(size, FLT_MAX, 0, word.text.c_str()).x + (key ? 2 * inset : 0);
    if (word.after_space && x > 0) x += blank;
    if (x > 0 && x + word_width > width) {
      x = 0;
      y += line;
    }
    const ImVec2 at{start.x + x, start.y + y};
    if (key) {
      const ImVec2 end{at.x + word_width, at.y + size + px(4)};
      draw.AddRectFilled({at.x, at.y}, end, ImGui::GetColorU32(ImGuiCol_Button), px(4));
      draw.AddRect({at.x, at.y}, end, ImGui::GetColorU32(ImGuiCol_Border), px(4));
    }
    draw.AddText(font, size, {at.x + (key ? inset : 0), at.y + px(1)}, ImGui::GetColorU32(ImGuiCol_Text),
                 word.text.c_str());
    x += word_width;
  }
  ImGui::Dummy({width, y + line});
}

}  // namespace fieldpost::ui
