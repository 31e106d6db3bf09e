#include "client/model/text_difference.h"

#include <algorithm>
#include <cstdint>

namespace fieldpost {
namespace {

// Beyond this many comparisons what lies between the common beginning and end counts as different: some 1,000 words
// against 1,000, which no form takes.
constexpr std::size_t comparisons_max = 1'000'000;

bool is_space(char c) { return c == ' ' || c == '\n' || c == '\t'; }

struct Word {
  std::string_view word, with_space;
};

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = at;
    while (end < text.size() && !is_space(text[end])) ++end;
    std::size_t next = end;
    while (next < text.size() && is_space(text[next])) ++next;
    words.push_back({text.substr(at, end - at), text.substr(at, next - at)});
    at = next;
  }
  return words;
}

/// Marks the words of `mine` that are not in the longest common run of both.
void mark(const std::vector<Word>& mine, const std::vector<Word>& other, std::vector<bool>& differs) {
  std::size_t start = 0, mine_end = mine.size(), other_end = other.size();
  while (start < mine_end && start < other_end && mine[start].word == other[start].word) ++start;
  while (mine_end > start && other_end > start && mine[mine_end - 1].word == other[other_end - 1].word) {
    --mine_end;
    --other_end;
  }
  const std::size_t rows = mine_end - start, columns = other_end - start;
  if (rows * columns > comparisons_max) {
    std::fill(differs.begin() + static_cast<std::ptrdiff_t>(start),
              differs.begin() + static_cast<std::ptrdiff_t>(mine_end), true);
    return;
  }
  // common[i][j]: the longest common run of what begins at i and j.
  std::vector<std::uint32_t> common((rows + 1) * (columns + 1), 0);
  const auto at = [&](std::size_t i, std::size_t j) -> std::uint32_t& { return common[i * (columns + 1) + j]; };
  for (std::size_t i = rows; i-- > 0;)
    for (std::size_t j = columns; j-- > 0;)
      at(i, j) =
          mine[start + i].word == other[start + j].word ? at(i + 1, j + 1) + 1 : std::max(at(i + 1, j), at(i, j + 1));
  std::size_t i = 0, j = 0;
  while (i < rows) {
    if (j < columns && mine[start + i].word == other[start + j].word) {
      ++i;
      ++j;
    } else if (j < columns && at(i, j + 1) >= at(i + 1, j)) {
      ++j;
    } else {
      differs[start + i++] = true;
    }
  }
}

}  // namespace

std::vector<std::vector<TextPiece>> marked_differences(const std::vector<std::string>& texts) {
  std::vector<std::vector<Word>> words;
  for (const std::string& text : texts) words.push_back(words_of(text));
  std::vector<std::vector<TextPiece>> marked(texts.size());
  for (std::size_t i = 0; i < texts.size(); ++i) {
    std::vector<bool> differs(words[i].size(), false);
    for (std::size_t j = 0; j < texts.size(); ++j)
      if (i != j) mark(words[i], words[j], differs);
    if (std::find(differs.begin(), differs.end(), false) == differs.end())
      std::fill(differs.begin(), differs.end(), false);
    for (std::size_t k = 0; k < words[i].size(); ++k) {
      if (marked[i].empty() || marked[i].back().differs != differs[k]) marked[i].push_back({"", differs[k]});
      marked[i].back().text += words[i][k].with_space;
    }
  }
  return marked;
}

}  // namespace fieldpost
