// A field that takes one of many: type a few letters, marks not needed, Enter takes the first that fits. The same for
// three sexes and for 3,000 communes.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "client/ui/widgets.h"

namespace fieldpost::ui {

struct ChoiceOption {
  std::string code;
  std::string text;
  std::string detail;  // a second, quieter line: the district of a commune, its successor
};

/// The options that fit what was typed, best first; everything for an empty text. Called when the text changes.
using FindOptions = std::function<std::vector<ChoiceOption>(std::string_view typed)>;

struct ChoiceResult {
  std::optional<ChoiceOption> chosen;
  bool cleared = false;    // the text was emptied
  bool unknown = false;    // left with a text that fits nothing; the old choice stays
  bool submitted = false;  // Enter: after the choice, the keyboard goes on
  bool active = false;
  bool left = false;
};

/// `shown` is the text of the present choice.
ChoiceResult choice_field(std::string_view name, const std::string& shown, const FindOptions& find,
                          const FieldOptions& options = {}, std::string_view nothing_found = "");

}  // namespace fieldpost::ui
