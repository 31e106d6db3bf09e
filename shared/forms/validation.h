// Answers against a form: problems in questionnaire order, relevance, calculations, choice filters. A problem marks a
// record incomplete; it never refuses a save (design 6).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "shared/forms/answers.h"
#include "shared/forms/code_list.h"
#include "shared/forms/form.h"

namespace fieldpost {

struct Problem {
  enum class Kind {
    required,        // an answer is missing
    constraint,      // the form's own rule
    wrong_type,      // the stored value is not of the question's type (another version, another program)
    unknown_code,    // not in the list, or filtered out; a warning for places, whose lists on a laptop grow old
    not_valid_then,  // in the list, but not on the record's own date; a warning for places: papers keep old addresses
    suspicious,      // a citizen number that does not fit, a name without any mark, a phone: worth a look, never more
  };
  Kind kind = Kind::required;
  Severity severity = Severity::error;
  EntityId entity;  // the record or the row
  std::string question;
  Label message;  // what is wrong and what to do
};

/// The answer to a question of the record itself; null where there is none, or no such question.
const Value* answer_to(const Form& form, const Answers& answers, std::string_view question);
/// The same where it is a text, a code or a place; empty where it is not.
std::string text_answer_to(const Form& form, const Answers& answers, std::string_view question);

/// The record's own date: the form's `date` question, else `today`. Code lists are judged on it.
CivilDate own_date(const Form& form, const Answers& answers, const CivilDate& today);

/// In questionnaire order, rows in their own order. Questions that are not relevant have no problems. Appearances
/// that are looked at: `citizen_number` (against `sex` and `birth_date` of the same record or row), `person_name`,
/// `phone`.
std::vector<Problem> validate(const Form& form, const Answers& answers, const Catalogue& catalogue,
                              const CivilDate& today);
/// Any problem of severity error.
bool is_incomplete(const std::vector<Problem>& problems);

/// Evaluates the parts of one form over one record's answers; keeps nothing. An answer whose question is not relevant
/// is kept and hidden: to every expression it is empty.
class FormLogic {
 public:
  FormLogic(const Form& form, const Answers& answers, const Catalogue& catalogue, const CivilDate& today)
      : form_(form), answers_(answers), catalogue_(catalogue), today_(today) {}

  /// `row` is null for questions of the record itself. A question inside an irrelevant group is irrelevant.
  bool relevant(const Question& question, const Row* row) const;
  bool required(const Question& question, const Row* row) const;
  /// The value of a calculate question; Cleared when there is none.
  Value calculated(const Question& question, const Row* row) const;
  /// What an unanswered question starts with; Cleared when there is none. For a multi-select, codes joined by spaces.
  Value default_of(const Question& question, const Row* row) const;
  /// The options that may be chosen: valid on the record's own date and passing the filter, in list order.
  std::vector<const Option*> choices(const Question& question, const Row* row) const;
  bool passes_filter(const Question& question, const Option& option, const Row* row) const;
  /// Whether the record leads to it as it stands.
  bool offered(const FollowUp& follow_up) const;
  /// Whether it is to get its official number as it stands.
  bool due(const Register& numbering) const;
  /// Whether an answer keeps the form's own rule; for a repeat, `.` is the number of its rows.
  bool keeps_constraint(const Question& question, const Row* row) const;

 private:
  friend class LogicContext;
  const Form& form_;
  const Answers& answers_;
  const Catalogue& catalogue_;
  CivilDate today_;
};

/// Codes chosen in a multi-select, ascending.
std::vector<std::string> chosen_codes(const Fields& fields, std::uint32_t number);

}  // namespace fieldpost
