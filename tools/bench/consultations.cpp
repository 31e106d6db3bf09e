#include "tools/bench/consultations.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "shared/forms/json_values.h"
#include "shared/foundation/clock.h"

namespace fieldpost::bench {

namespace {

/// The same words in another order, the same for the same seed. Invented texts are made of a few sentences, which
/// packs far better than what people write; mixed words pack a little worse, so that sizes on the wire are no
/// flattery.
std::string mixed_words(const std::string& text, Random& random) {
  std::vector<std::string_view> words;
  for (std::string_view rest = text; !rest.empty();) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    words.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(end + 1, rest.size()));
  }
  std::string mixed;
  for (std::size_t left = words.size(); left > 0; --left) {
    std::swap(words[random.below(left)], words[left - 1]);
    mixed.append(mixed.empty() ? "" : " ").append(words[left - 1]);
  }
  return mixed;
}

}  // namespace

std::vector<std::string> Consultations::next(std::size_t count) {
  std::vector<std::string> rows;
  rows.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    nlohmann::json values = sample_values(form_, catalogue_, ++seed_, {2025, 11, 1});
    SeededRandom random(seed_);
    for (const char* text : {"summary", "advice"})
      if (values.contains(text)) values[text] = mixed_words(values[text], random);
    rows.push_back(values.dump());
  }
  return rows;
}

}  // namespace fieldpost::bench
