// Fields as the command line names them: `name`, `repeat/ROW/name`, with `:OPTION` for one option of a multi-select,
// and
// `_present` for whether the record or the row is there at all.
#pragma once

#include <nlohmann/json.hpp>

#include <string>

#include "shared/forms/form.h"
#include "tools/fieldpostctl/home.h"

namespace fieldpost::ctl {

struct NamedField {
  FieldRef ref;
  const Question* question = nullptr;  // null for presence
};

/// `form` may be null: the number then stands for the name.
std::string field_path(const Form* form, const RecordId& record, const FieldRef& field);
Result<NamedField> parse_field_path(const Form& form, const RecordId& record, std::string_view path);

/// The value as `new` and `edit` read it; null for cleared.
nlohmann::json value_json(const Value& value);
/// 2025-03-14T08:15:30.123Z
std::string utc_text(std::int64_t ms);
/// [{"value", "author", "author_id", "device", "device_name", "at", "change", "reason"}], ascending by (at, change).
nlohmann::json rivals_json(Reading& reading, const FieldState& state);

}  // namespace fieldpost::ctl
