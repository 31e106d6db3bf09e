// Answers as people read and write them: dates 14/03/2025, numbers 1.234,5, options and places by their names.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/forms/form.h"

namespace fieldpost {

/// The names of what lies outside one record, as the store knows them.
struct Names {
  std::function<std::string(const UserId&)> author;
  std::function<std::string(const DeviceId&)> device;
  std::function<std::string(const RecordId&)> title;
};

/// The label of an option in the chosen language; the code itself when the list does not have it.
std::string option_label(const Question& question, const std::string& code, const Catalogue& catalogue);
/// A commune by its key: "Xã Khánh An, Cà Mau".
std::string place_text(const std::string& key, const Catalogue& catalogue);
/// How a value of this question reads; empty for a cleared one.
std::string value_text(const Question& question, const Value& value, const Catalogue& catalogue, const Names& names);
/// The chosen options of a multi-select, by their labels, in list order. "None" when answered with none.
std::string chosen_text(const Question& question, const Fields& fields, const Catalogue& catalogue);

/// A value from what a person typed into a text, number, date or time field; empty text is Cleared.
/// Errors: invalid_argument; what a person reads is `typing_hint`.
Result<Value> typed_value(const Question& question, std::string_view typed);
/// How to write an answer of this type: "3/3/2025 or 2025".
std::string typing_hint(QuestionType type);

/// How one field of a form is called: its question, with the option or the row where it has one.
std::string field_text(const Form& form, const FieldRef& field, const RecordId& record, const Catalogue& catalogue);
/// The value of any field of a form, also of presence and of options.
std::string field_value_text(const Form& form, const FieldRef& field, const Value& value, const Catalogue& catalogue,
                             const Names& names);

/// What a list calls a record: the form's title with the answers in it.
/// What a laptop before others' eyes must not show: answers marked so, and what another record is called.
bool is_personal(const Question& question);
/// The same of a field; of one that this form does not know, since nobody can tell.
bool is_personal(const Form& form, const FieldRef& field, const RecordId& record);
/// Whether a title of this form may hold such an answer.
bool has_personal_title(const Form& form);
/// What is shown instead; of one length, which tells nothing.
const std::string& veiled_text();
std::string record_title(const Form& form, const Answers& answers, const Catalogue& catalogue, const Names& names);

/// The beginning of a long text, in one line.
std::string shortened(std::string_view text);

/// 14:05 · 14/03/2025, in Vietnam's time.
std::string moment_text(std::int64_t utc_ms);
/// 14:05 today, 14:05 · 14/03/2025 on other days.
std::string moment_text(std::int64_t utc_ms, const CivilDate& today);
/// 12 kB, 1,4 MB.
std::string bytes_text(std::int64_t bytes);

}  // namespace fieldpost
