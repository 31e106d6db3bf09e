// Charts that are read from afar: bars with their figures beside them, never colour alone.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace fieldpost::ui {

struct Bar {
  std::string label, value;
  double length = 0;
};
/// Horizontal bars below each other, as many as there are; a line marks the target. Takes the width that is left.
void bar_chart(const std::vector<Bar>& bars, const std::optional<double>& target, const std::string& target_words);

}  // namespace fieldpost::ui
