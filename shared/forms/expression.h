// XLSForm's expression language: parsed once, evaluated often. Pure: the answers, today's date and the code lists
// come in through the context.
//
//   expression := or        or  := and ('or' and)*        and := comparison ('and' comparison)*
//   comparison := sum (('=' | '!=' | '<' | '<=' | '>' | '>=') sum)?
//   sum        := product (('+' | '-') product)*          product := unary (('*' | 'div' | 'mod') unary)*
//   unary      := '-' unary | primary
//   primary    := number | 'text' | "text" | ${question} | . | column | function '(' arguments ')' | '(' expression
//   ')'
//
// A bare name is a column of the option under test (choice_filter), and an error anywhere else.
// Functions: not, selected, count-selected, if, coalesce, regex, string-length, concat, today, date,
// add-working-days, int, round, count, sum, true, false. An unanswered question is empty: '' in text, absent in
// arithmetic (the result is absent), false in conditions and in comparisons by size. Dates compare and subtract in
// days, by the first day they may mean; a date plus a number is that many days later; add-working-days(date, n) is
// the n-th working day after it (n at most 366), absent where the day is not known. Numbers are exact decimals; `div`
// rounds half away from zero at 6 places; a result beyond 18 digits is absent, as is a division by zero. regex()
// takes a literal pattern (pattern.h), which the whole text must match. count() and sum() take a question and leave
// out rows without an answer.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/result.h"
#include "shared/model/value.h"

namespace fieldpost {

/// What an expression asks of its surroundings.
class ExpressionContext {
 public:
  virtual ~ExpressionContext() = default;
  /// The answer to a question, as seen from where the expression stands: inside a row its own questions come first.
  /// Cleared when unanswered.
  virtual Value answer(std::string_view question) const = 0;
  /// The codes chosen in a multi-select.
  virtual std::vector<std::string> chosen(std::string_view question) const = 0;
  /// The answers to a question in every row of its repeat; for count(), the repeat's own name gives one entry a row.
  virtual std::vector<Value> each_row(std::string_view question) const = 0;
  /// The value of the question the expression belongs to: `.`
  virtual Value self() const = 0;
  /// A column of the option under test, for choice_filter; empty text when it has none.
  virtual std::string option_column(std::string_view column) const = 0;
  virtual CivilDate today() const = 0;
  /// Whether offices work on that day, for add-working-days().
  virtual bool is_working_day(const CivilDate& day) const = 0;
};

class Expression {
 public:
  struct Node;

  /// `known_question` tells which names may stand in ${}; column names are allowed only when `columns_allowed`.
  /// Errors: invalid_argument, with the column of the fault.
  static Result<Expression> parse(std::string_view source,
                                  const std::function<bool(std::string_view)>& known_question,
                                  bool columns_allowed = false);

  Value evaluate(const ExpressionContext& context) const;
  /// The value as a condition: true, a number other than 0, a text that is not empty.
  bool holds(const ExpressionContext& context) const;

  const std::string& source() const { return source_; }
  /// The questions it reads one answer of, and those it reads in every row, by count() and sum().
  const std::set<std::string, std::less<>>& questions() const { return questions_; }
  const std::set<std::string, std::less<>>& questions_of_rows() const { return questions_of_rows_; }

 private:
  std::string source_;
  std::shared_ptr<const Node> root_;
  std::set<std::string, std::less<>> questions_, questions_of_rows_;
};

}  // namespace fieldpost
