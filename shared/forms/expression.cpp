#include "shared/forms/expression.h"

#include <array>
#include <optional>

#include "shared/forms/arithmetic.h"
#include "shared/forms/pattern.h"
#include "shared/forms/working_days.h"
#include "shared/foundation/cbor.h"

namespace fieldpost {

namespace {

// A page of logic is more than any form needs; the tree is walked by recursion, so its depth must have an end.
constexpr std::size_t source_bytes_max = 1024;
constexpr int depth_max = 48;

enum class Operation {
  literal,
  question,
  self,
  column,  // leaves
  negate,
  or_,
  and_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,  // signs and words between
  add,
  subtract,
  multiply,
  divide,
  modulo,
  not_,
  selected,
  count_selected,
  if_,
  coalesce,
  regex,
  string_length,
  concat,
  today,
  date,
  add_working_days,
  int_,
  round,
  count,
  sum,
  true_,
  false_,
};

struct FunctionRule {
  std::string_view name;
  Operation operation;
  std::size_t least, most;
};
constexpr std::size_t any_number = 64;
constexpr std::array<FunctionRule, 17> functions = {{
    {"not", Operation::not_, 1, 1},
    {"selected", Operation::selected, 2, 2},
    {"count-selected", Operation::count_selected, 1, 1},
    {"if", Operation::if_, 3, 3},
    {"coalesce", Operation::coalesce, 1, any_number},
    {"regex", Operation::regex, 2, 2},
    {"string-length", Operation::string_length, 1, 1},
    {"concat", Operation::concat, 1, any_number},
    {"today", Operation::today, 0, 0},
    {"date", Operation::date, 1, 1},
    {"add-working-days", Operation::add_working_days, 2, 2},
    {"int", Operation::int_, 1, 1},
    {"round", Operation::round, 1, 2},
    {"count", Operation::count, 1, 1},
    {"sum", Operation::sum, 1, 1},
    {"true", Operation::true_, 0, 0},
    {"false", Operation::false_, 0, 0},
}};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

struct Expression::Node {
  Operation operation = Operation::literal;
  Value value;                                     // literal
  std::string name;                                // question, column
  std::vector<std::shared_ptr<const Node>> parts;  // operands and arguments
  std::shared_ptr<const Pattern> pattern;          // regex
};

namespace {

using NodePtr = std::shared_ptr<const Expression::Node>;

class Parser {
 public:
  Parser(std::string_view source, const std::function<bool(std::string_view)>& known_question, bool columns_allowed)
      : source_(source), known_question_(known_question), columns_allowed_(columns_allowed) {}

  NodePtr parse() {
    NodePtr root = alternatives();
    skip_space();
    if (!fault_ && at_ < source_.size()) fail(at_, "something is left over here");
    return root;
  }

  std::optional<Error> fault_;
  std::set<std::string, std::less<>> questions_, questions_of_rows_;

 private:
  void fail(std::size_t where, const std::string& what) {
    if (fault_) return;
    std::size_t column = 1;
    for (std::size_t i = 0; i < where && i < source_.size(); ++i)
      if ((static_cast<unsigned char>(source_[i]) & 0xC0) != 0x80) ++column;
    fault_ = Error{ErrorCode::invalid_argument, "column " + std::to_string(column) + ": " + what};
  }

  void skip_space() {
    while (at_ < source_.size() && is_space(source_[at_])) ++at_;
  }
  bool take(std::string_view sign) {
    skip_space();
    if (source_.substr(at_, sign.size()) != sign) return false;
    at_ += sign.size();
    return true;
  }
  /// A name with hyphens inside, as functions have.
  std::string_view peek_name() {
    skip_space();
    std::size_t end = at_;
    if (end >= source_.size() || !is_letter(source_[end])) return {};
    while (end < source_.size() && (is_letter(source_[end]) || is_digit(source_[end]) ||
                                    (source_[end] == '-' && end + 1 < source_.size() && is_letter(source_[end + 1]))))
      ++end;
    return source_.substr(at_, end - at_);
  }
  bool take_word(std::string_view word) {
    if (peek_name() != word) return false;
    at_ += word.size();
    return true;
  }

  static NodePtr node(Operation operation, std::vector<NodePtr> parts) {
    auto out = std::make_shared<Expression::Node>();
    out->operation = operation;
    out->parts = std::move(parts);
    return out;
  }
  static NodePtr literal(Value value) {
    auto out = std::make_shared<Expression::Node>();
    out->value = std::move(value);
    return out;
  }

  NodePtr alternatives() {
    // Deep brackets end here: every level of them comes through this function.
    if (++depth_ > depth_max) fail(at_, "brackets nested too deeply");
    NodePtr left = fault_ ? nullptr : conditions();
    while (!fault_ && take_word("or")) left = node(Operation::or_, {left, conditions()});
    --depth_;
    return left;
  }

  NodePtr conditions() {
    NodePtr left = comparison();
    while (!fault_ && take_word("and")) left = node(Operation::and_, {left, comparison()});
    return left;
  }

  NodePtr comparison() {
    NodePtr left = terms();
    if (fault_) return left;
    // Longer signs first: `<=` begins like `<`.
    constexpr std::array<std::pair<std::string_view, Operation>, 6> signs = {{{"!=", Operation::not_equal},
                                                                              {"<=", Operation::less_equal},
                                                                              {">=", Operation::greater_equal},
                                                                              {"=", Operation::equal},
                                                                              {"<", Operation::less},
                                                                              {">", Operation::greater}}};
    for (const auto& [sign, operation] : signs)
      if (take(sign)) return node(operation, {left, terms()});
    return left;
  }

  NodePtr terms() {
    NodePtr left = factors();
    while (!fault_) {
      if (take("+"))
        left = node(Operation::add, {left, factors()});
      else if (take("-"))
        left = node(Operation::subtract, {left, factors()});
      else
        break;
    }
    return left;
  }

  NodePtr factors() {
    NodePtr left = unary();
    while (!fault_) {
      if (take("*"))
        left = node(Operation::multiply, {left, unary()});
      else if (take_word("div"))
        left = node(Operation::divide, {left, unary()});
      else if (take_word("mod"))
        left = node(Operation::modulo, {left, unary()});
      else
        break;
    }
    return left;
  }

  NodePtr unary() {
    if (!take("-")) return primary();
    if (++depth_ > depth_max) fail(at_, "signs nested too deeply");
    NodePtr out = fault_ ? nullptr : node(Operation::negate, {unary()});
    --depth_;
    return out;
  }

  NodePtr primary() {
    skip_space();
    const std::size_t start = at_;
    if (at_ >= source_.size()) {
      fail(start, "the expression ends too early");
      return nullptr;
    }
    const char c = source_[at_];
    if (is_digit(c)) return number();
    if (c == '\'' || c == '"') return text();
    if (take("${")) return question(start);
    if (c == '.') {
      ++at_;
      return node(Operation::self, {});
    }
    if (take("(")) {
      NodePtr inside = alternatives();
      if (!fault_ && !take(")")) fail(at_, "a ) is missing");
      return inside;
    }
    const std::string_view name = peek_name();
    if (name.empty()) {
      fail(start, "an expression cannot begin like this");
      return nullptr;
    }
    at_ += name.size();
    if (take("(")) return call(start, name);
    if (!columns_allowed_) {
      fail(start, "a bare name: questions are written ${" + std::string(name) + "}, texts in quotes");
      return nullptr;
    }
    auto out = std::make_shared<Expression::Node>();
    out->operation = Operation::column;
    out->name = name;
    return out;
  }

  NodePtr number() {
    const std::size_t start = at_;
    while (at_ < source_.size() && (is_digit(source_[at_]) || source_[at_] == '.')) ++at_;
    const Result<Decimal> value = parse_decimal(source_.substr(start, at_ - start));
    if (!value) {
      fail(start, "not a number: it has the form 12.5");
      return nullptr;
    }
    return literal(arithmetic::value_of(*value));
  }

  NodePtr text() {
    const std::size_t start = at_;
    const std::size_t end = source_.find(source_[start], start + 1);
    if (end == std::string_view::npos) {
      fail(start, "a text without its closing quote");
      return nullptr;
    }
    at_ = end + 1;
    return literal(std::string(source_.substr(start + 1, end - start - 1)));
  }

  NodePtr question(std::size_t start) {
    const std::size_t end = source_.find('}', at_);
    if (end == std::string_view::npos) {
      fail(start, "a ${ without its }");
      return nullptr;
    }
    const std::string_view name = source_.substr(at_, end - at_);
    at_ = end + 1;
    if (!known_question_(name)) {
      fail(start, "no question has the name in ${" + std::string(name) + "}");
      return nullptr;
    }
    questions_.emplace(name);
    auto out = std::make_shared<Expression::Node>();
    out->operation = Operation::question;
    out->name = name;
    return out;
  }

  NodePtr call(std::size_t start, std::string_view name) {
    const FunctionRule* rule = nullptr;
    for (const FunctionRule& each : functions)
      if (each.name == name) rule = &each;
    if (!rule) {
      fail(start, "no function is named " + std::string(name));
      return nullptr;
    }
    // The argument of count() and sum() is read in every row, not where the expression stands.
    const bool of_rows = rule->operation == Operation::count || rule->operation == Operation::sum;
    const auto questions_before = questions_;
    std::vector<NodePtr> parts;
    if (!take(")")) {
      do parts.push_back(alternatives());
      while (!fault_ && parts.size() < any_number && take(","));
      if (!fault_ && !take(")")) fail(at_, "a ) is missing");
    }
    if (fault_) return nullptr;
    if (parts.size() < rule->least || parts.size() > rule->most) {
      fail(start, std::string(name) + "() takes " + std::to_string(rule->least) +
                      (rule->most == rule->least  ? ""
                       : rule->most == any_number ? " or more"
                                                  : " or 2") +
                      (rule->most == 1 ? " argument" : " arguments"));
      return nullptr;
    }
    auto out = std::make_shared<Expression::Node>();
    out->operation = rule->operation;
    out->parts = std::move(parts);
    if (of_rows) {
      if (out->parts[0]->operation != Operation::question) {
        fail(start, std::string(name) + "() takes one question, as in " + std::string(name) + "(${hours})");
        return nullptr;
      }
      questions_ = questions_before;
      questions_of_rows_.insert(out->parts[0]->name);
    }
    if (rule->operation == Operation::regex) {
      const auto* pattern = std::get_if<std::string>(&out->parts[1]->value);
      if (out->parts[1]->operation != Operation::literal || !pattern) {
        fail(start, "regex() takes its pattern as a text in quotes");
        return nullptr;
      }
      Result<Pattern> compiled = Pattern::compile(*pattern);
      if (!compiled) {
        fail(start, compiled.error().message);
        return nullptr;
      }
      out->pattern = std::make_shared<const Pattern>(std::move(*compiled));
    }
    return out;
  }

  std::string_view source_;
  const std::function<bool(std::string_view)>& known_question_;
  bool columns_allowed_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

bool is_true(const Value& value) {
  if (is_cleared(value)) return false;
  if (const auto* yes = std::get_if<bool>(&value)) return *yes;
  if (const auto* whole = std::get_if<std::int64_t>(&value)) return *whole != 0;
  if (const auto* decimal = std::get_if<Decimal>(&value)) return decimal->mantissa != 0;
  if (const auto* text = std::get_if<std::string>(&value)) return !text->empty();
  return true;
}

std::vector<std::string> words_of(const std::string& text) {
  std::vector<std::string> out;
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find(' ', at), text.size());
    if (end > at) out.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return out;
}

Value evaluate_node(const Expression::Node& node, const ExpressionContext& context);

Value add_working_days(const Value& from, const Value& count, const ExpressionContext& context) {
  constexpr std::int64_t days_max = 366;
  const auto start = arithmetic::date_of(from);
  const auto* left = std::get_if<std::int64_t>(&count);
  if (!start || !start->has_day() || !left || *left < 0 || *left > days_max) return Cleared{};
  return after_working_days(*start, *left, [&](const CivilDate& day) { return context.is_working_day(day); });
}

std::vector<std::string> chosen_in(const Expression::Node& node, const ExpressionContext& context) {
  if (node.operation == Operation::question) return context.chosen(node.name);
  return words_of(arithmetic::text_of(evaluate_node(node, context)));
}

std::int64_t characters_in(const std::string& text) {
  std::int64_t count = 0;
  for (const char c : text) count += (static_cast<unsigned char>(c) & 0xC0) != 0x80 ? 1 : 0;
  return count;
}

Value evaluate_node(const Expression::Node& node, const ExpressionContext& context) {
  const auto part = [&](std::size_t index) { return evaluate_node(*node.parts[index], context); };
  const auto ordered = [&](auto&& accept) {
    const auto ordering = arithmetic::order(part(0), part(1));
    return ordering && accept(*ordering);
  };
  switch (node.operation) {
    case Operation::literal: return node.value;
    case Operation::question: return context.answer(node.name);
    case Operation::self: return context.self();
    case Operation::column: return context.option_column(node.name);
    case Operation::negate: return arithmetic::multiply(part(0), std::int64_t{-1});
    case Operation::or_: return is_true(part(0)) || is_true(part(1));
    case Operation::and_: return is_true(part(0)) && is_true(part(1));
    case Operation::equal: return arithmetic::equal(part(0), part(1));
    case Operation::not_equal: return !arithmetic::equal(part(0), part(1));
    case Operation::less: return ordered([](auto o) { return o < 0; });
    case Operation::less_equal: return ordered([](auto o) { return o <= 0; });
    case Operation::greater: return ordered([](auto o) { return o > 0; });
    case Operation::greater_equal: return ordered([](auto o) { return o >= 0; });
    case Operation::add: return arithmetic::add(part(0), part(1));
    case Operation::subtract: return arithmetic::subtract(part(0), part(1));
    case Operation::multiply: return arithmetic::multiply(part(0), part(1));
    case Operation::divide: return arithmetic::divide(part(0), part(1));
    case Operation::modulo: return arithmetic::modulo(part(0), part(1));
    case Operation::not_: return !is_true(part(0));
    case Operation::selected: {
      const std::string code = arithmetic::text_of(part(1));
      for (const std::string& chosen : chosen_in(*node.parts[0], context))
        if (chosen == code) return true;
      return false;
    }
    case Operation::count_selected: return static_cast<std::int64_t>(chosen_in(*node.parts[0], context).size());
    case Operation::if_: return is_true(part(0)) ? part(1) : part(2);
    case Operation::coalesce:
      for (std::size_t i = 0; i < node.parts.size(); ++i) {
        Value value = part(i);
        if (!arithmetic::text_of(value).empty()) return value;
      }
      return Cleared{};
    case Operation::regex: return node.pattern->matches(arithmetic::text_of(part(0)));
    case Operation::string_length: return characters_in(arithmetic::text_of(part(0)));
    case Operation::concat: {
      std::string out;
      for (std::size_t i = 0; i < node.parts.size(); ++i) out += arithmetic::text_of(part(i));
      return out;
    }
    case Operation::today: return context.today();
    case Operation::date: {
      const auto date = arithmetic::date_of(part(0));
      return date ? Value{*date} : Value{Cleared{}};
    }
    case Operation::add_working_days: return add_working_days(part(0), part(1), context);
    case Operation::int_: return arithmetic::truncate(part(0));
    case Operation::round: {
      if (node.parts.size() == 1) return arithmetic::round(part(0), 0);
      const Value places = part(1);
      const auto* whole = std::get_if<std::int64_t>(&places);
      if (!whole || *whole < 0 || *whole > 18) return Cleared{};
      return arithmetic::round(part(0), static_cast<std::int32_t>(*whole));
    }
    case Operation::count: {
      std::int64_t count = 0;
      for (const Value& value : context.each_row(node.parts[0]->name)) count += is_cleared(value) ? 0 : 1;
      return count;
    }
    case Operation::sum: {
      Value sum = std::int64_t{0};
      for (const Value& value : context.each_row(node.parts[0]->name))
        if (arithmetic::number_of(value)) sum = arithmetic::add(sum, value);
      return sum;
    }
    case Operation::true_: return true;
    case Operation::false_: return false;
  }
  return Cleared{};
}

}  // namespace

Result<Expression> Expression::parse(std::string_view source,
                                     const std::function<bool(std::string_view)>& known_question,
                                     bool columns_allowed) {
  if (source.size() > source_bytes_max)
    return Error{ErrorCode::out_of_bounds, "column 1: longer than " + std::to_string(source_bytes_max) + " bytes"};
  if (!is_valid_utf8(source)) return Error{ErrorCode::malformed, "column 1: not UTF-8"};
  Expression out;
  out.source_ = source;
  Parser parser(out.source_, known_question, columns_allowed);
  out.root_ = parser.parse();
  if (parser.fault_) return *parser.fault_;
  out.questions_ = std::move(parser.questions_);
  out.questions_of_rows_ = std::move(parser.questions_of_rows_);
  return out;
}

Value Expression::evaluate(const ExpressionContext& context) const { return evaluate_node(*root_, context); }

bool Expression::holds(const ExpressionContext& context) const { return is_true(evaluate(context)); }

}  // namespace fieldpost
