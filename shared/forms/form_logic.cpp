#include <algorithm>

#include "shared/forms/arithmetic.h"
#include "shared/forms/validation.h"

namespace fieldpost {

/// What an expression sees from its place: one question, in one row or in the record itself.
class LogicContext final : public ExpressionContext {
 public:
  LogicContext(const FormLogic& logic, const Question& question, const Row* row, const Option* option = nullptr)
      : logic_(logic),
        question_(question),
        row_(row),
        repeat_(row ? logic.form_.find(row->repeat) : nullptr),
        option_(option) {}

  Value answer(std::string_view name) const override {
    const auto [question, row] = resolve(name);
    return question ? answer_of(*question, row) : Value{};
  }

  std::vector<std::string> chosen(std::string_view name) const override {
    const auto [question, row] = resolve(name);
    if (!question || !logic_.relevant(*question, row)) return {};
    const Fields& fields = row ? row->fields : logic_.answers_.fields;
    if (question->type == QuestionType::select_multiple) return chosen_codes(fields, question->number);
    const std::string code = arithmetic::text_of(answer_of(*question, row));
    return code.empty() ? std::vector<std::string>{} : std::vector{code};
  }

  std::vector<Value> each_row(std::string_view name) const override {
    std::vector<Value> out;
    const Question* wanted = logic_.form_.find(name);
    const Question* only = wanted && wanted->type == QuestionType::repeat ? wanted : nullptr;
    for (const Question* repeat : logic_.form_.repeats()) {
      if (only && only != repeat) continue;
      const Question* question = only ? nullptr : logic_.form_.find_in(repeat, name);
      if (!only && !question) continue;
      if (!logic_.relevant(*repeat, nullptr)) continue;
      for (const Row& row : logic_.answers_.rows)
        if (row.repeat == repeat->number) out.push_back(only ? Value{true} : answer_of(*question, &row));
    }
    return out;
  }

  Value self() const override {
    if (question_.type == QuestionType::repeat) {
      const auto& rows = logic_.answers_.rows;
      return static_cast<std::int64_t>(
          std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.repeat == question_.number; }));
    }
    return stored(question_, row_);
  }

  std::string option_column(std::string_view column) const override {
    if (!option_) return {};
    if (column == "code") return option_->code;
    const auto found = option_->columns.find(column);
    return found == option_->columns.end() ? std::string() : found->second;
  }

  CivilDate today() const override { return logic_.today_; }
  bool is_working_day(const CivilDate& day) const override {
    return fieldpost::is_working_day(logic_.catalogue_, day);
  }

 private:
  std::pair<const Question*, const Row*> resolve(std::string_view name) const {
    if (repeat_)
      if (const Question* of_row = logic_.form_.find_in(repeat_, name)) return {of_row, row_};
    return {logic_.form_.find_in(nullptr, name), nullptr};
  }

  Value stored(const Question& question, const Row* row) const {
    const Fields& fields = row ? row->fields : logic_.answers_.fields;
    if (question.type == QuestionType::select_multiple) {
      std::string out;
      for (const std::string& code : chosen_codes(fields, question.number)) out += (out.empty() ? "" : " ") + code;
      return out.empty() ? Value{} : Value{out};
    }
    const auto found = fields.find(FieldKey{question.number, ""});
    return found == fields.end() ? Value{} : found->second;
  }

  Value answer_of(const Question& question, const Row* row) const {
    if (!logic_.relevant(question, row)) return Cleared{};
    if (question.type == QuestionType::calculate) return logic_.calculated(question, row);
    return stored(question, row);
  }

  const FormLogic& logic_;
  const Question& question_;
  const Row* row_;
  const Question* repeat_;
  const Option* option_;
};

bool FormLogic::relevant(const Question& question, const Row* row) const {
  // From the question outwards. A repeat and what stands around it belong to the record; its rows begin below it.
  const Row* here = form_.repeat_of(question) != nullptr ? row : nullptr;
  for (const Question* each = &question; each != nullptr; each = form_.parent_of(*each)) {
    if (each->type == QuestionType::repeat) here = nullptr;
    if (each->relevant && !each->relevant->holds(LogicContext(*this, *each, here))) return false;
  }
  return true;
}

bool FormLogic::required(const Question& question, const Row* row) const {
  return question.required && question.required->holds(LogicContext(*this, question, row));
}

Value FormLogic::calculated(const Question& question, const Row* row) const {
  if (!question.calculation) return Cleared{};
  return question.calculation->evaluate(LogicContext(*this, question, row));
}

Value FormLogic::default_of(const Question& question, const Row* row) const {
  if (!question.default_value) return Cleared{};
  return question.default_value->evaluate(LogicContext(*this, question, row));
}

std::vector<const Option*> FormLogic::choices(const Question& question, const Row* row) const {
  std::vector<const Option*> out;
  const CodeList* list = catalogue_.list(question.list);
  if (!list) return out;
  const CivilDate day = own_date(form_, answers_, today_);
  for (const Option& option : list->options)
    if (option.valid_on(day) && passes_filter(question, option, row)) out.push_back(&option);
  return out;
}

bool FormLogic::offered(const FollowUp& follow_up) const {
  static const Question the_record_itself;
  return !follow_up.when || follow_up.when->holds(LogicContext(*this, the_record_itself, nullptr));
}

bool FormLogic::due(const Register& numbering) const {
  static const Question the_record_itself;
  return numbering.when && numbering.when->holds(LogicContext(*this, the_record_itself, nullptr));
}

bool FormLogic::passes_filter(const Question& question, const Option& option, const Row* row) const {
  return !question.choice_filter || question.choice_filter->holds(LogicContext(*this, question, row, &option));
}

bool FormLogic::keeps_constraint(const Question& question, const Row* row) const {
  return !question.constraint || question.constraint->holds(LogicContext(*this, question, row));
}

const Value* answer_to(const Form& form, const Answers& answers, std::string_view name) {
  const Question* question = form.find_in(nullptr, name);
  if (question == nullptr) return nullptr;
  const auto found = answers.fields.find(FieldKey{question->number, ""});
  return found == answers.fields.end() ? nullptr : &found->second;
}

std::string text_answer_to(const Form& form, const Answers& answers, std::string_view name) {
  const Value* value = answer_to(form, answers, name);
  const auto* text = value ? std::get_if<std::string>(value) : nullptr;
  return text ? *text : std::string();
}

CivilDate own_date(const Form& form, const Answers& answers, const CivilDate& today) {
  const Value* value = form.date.empty() ? nullptr : answer_to(form, answers, form.date);
  const auto* date = value ? std::get_if<CivilDate>(value) : nullptr;
  return date ? first_day(*date) : today;
}

std::vector<std::string> chosen_codes(const Fields& fields, std::uint32_t number) {
  std::vector<std::string> out;
  for (auto at = fields.lower_bound(FieldKey{number, ""}); at != fields.end() && at->first.number == number; ++at) {
    const auto* chosen = std::get_if<bool>(&at->second);
    if (!at->first.option.empty() && chosen && *chosen) out.push_back(at->first.option);
  }
  return out;
}

}  // namespace fieldpost
