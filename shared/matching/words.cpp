#include "shared/matching/words.h"

#include <algorithm>
#include <array>
#include <iterator>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

// Kinds of settlement, and the houses sessions are held in: not what a place is called.
constexpr std::array<std::string_view, 11> settlement_kinds = {"ap",   "ban", "buon", "khom", "khu", "lang",
                                                               "phum", "pho", "soc",  "thon", "to"};
constexpr std::array<std::string_view, 20> building_words = {
    "cong", "dong", "hoa",  "hoat", "hoi", "nha", "phuong", "sinh", "so",  "tai",
    "the",  "thcs", "thpt", "tieu", "hoc", "tru", "truong", "ubnd", "van", "xa"};
// Of titles and lists of presenters: "Truyền thông trợ giúp pháp lý tại xã …", "Báo cáo viên: ông …".
constexpr std::array<std::string_view, 44> session_words = {
    "an",   "ba",  "bao",   "bo",     "buoi",  "can",  "cao",  "chi",  "cho",   "chuyen", "cua",
    "dan",  "don", "giup",  "hoc",    "huyen", "kien", "luat", "ly",   "nguoi", "nha",    "nhan",
    "nuoc", "ong", "phap",  "phuong", "quyen", "su",   "tai",  "tgpl", "tgvpl", "thong",  "thuc",
    "tinh", "tro", "trung", "truyen", "tuyen", "va",   "ve",   "vi",   "vien",  "vu",     "xa"};

template <std::size_t Count>
bool is_one_of(std::string_view word, const std::array<std::string_view, Count>& words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

void keep_each_once(std::vector<std::string>& words) {
  std::sort(words.begin(), words.end());
  words.erase(std::unique(words.begin(), words.end()), words.end());
}

}  // namespace

std::uint64_t hash_of(std::string_view text) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const char byte : text) {
    hash ^= static_cast<unsigned char>(byte);
    hash *= 0x100000001b3;
  }
  return hash == 0 ? 1 : hash;
}

namespace {

std::string_view without_zeros(std::string_view word) {
  while (word.size() > 1 && word.front() == '0') word.remove_prefix(1);
  return word;
}

}  // namespace

std::string words_sorted(std::string_view folded_name) {
  std::vector<std::string> words = vietnamese::folded_words(folded_name);
  std::sort(words.begin(), words.end());
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : " ").append(word);
  return out;
}

std::vector<std::string> place_words(std::string_view text) {
  std::vector<std::string> words;
  vietnamese::for_each_folded_word(text, [&](std::string_view word) {
    if (!is_one_of(word, settlement_kinds) && !is_one_of(word, building_words))
      words.emplace_back(without_zeros(word));
  });
  keep_each_once(words);
  return words;
}

std::uint64_t hamlet_key(std::string_view hamlet) {
  std::string name;
  vietnamese::for_each_folded_word(hamlet, [&](std::string_view word) {
    if (!is_one_of(word, settlement_kinds)) name.append(without_zeros(word)).append(" ");
  });
  if (name.empty()) name = vietnamese::fold(hamlet);
  return name.empty() ? 0 : hash_of(name);
}

std::vector<std::string> telling_words(std::string_view text) {
  std::vector<std::string> words;
  vietnamese::for_each_folded_word(text, [&](std::string_view word) {
    if (!is_one_of(word, settlement_kinds) && !is_one_of(word, session_words))
      words.emplace_back(without_zeros(word));
  });
  keep_each_once(words);
  return words;
}

std::vector<std::uint64_t> units_today(const std::string& key, const Gazetteer& places) {
  std::vector<std::uint64_t> units;
  if (key.empty()) return units;
  const Place* place = places.find(key);
  if (place == nullptr) return {hash_of(key)};
  for (const Place* unit : places.today(*place)) units.push_back(hash_of(unit->key()));
  std::sort(units.begin(), units.end());
  return units;
}

std::size_t shared_words(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  std::vector<std::string> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(both));
  return both.size();
}

}  // namespace fieldpost
