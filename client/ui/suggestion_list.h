// A short list below a field that goes on taking what is typed: it offers, and takes the keyboard from nobody.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/ui/widgets.h"

namespace fieldpost::ui {

struct SuggestionLine {
  std::string text;
  std::string detail;
  std::string remark;  // why perhaps not this one
};

/// Draws the list, with its lines `NAME/0` …; `at` is highlighted, none when negative. `title` and `keys` stand above
/// the lines. Returns the line that was clicked; which keys move `at` and take a line is the caller's to say.
std::optional<std::size_t> suggestion_list(std::string_view name, const Rect& field,
                                           const std::vector<SuggestionLine>& lines, int at, std::string_view title,
                                           std::string_view keys);

}  // namespace fieldpost::ui
