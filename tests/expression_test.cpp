#include "shared/forms/expression.h"
#include "shared/forms/code_list.h"

#include <doctest/doctest.h>

#include <map>
#include <random>

#include "shared/forms/arithmetic.h"
#include "shared/forms/pattern.h"

using namespace fieldpost;

namespace {

struct Surroundings final : ExpressionContext {
  std::map<std::string, Value, std::less<>> answers;
  std::map<std::string, std::vector<std::string>, std::less<>> lists;
  std::map<std::string, std::vector<Value>, std::less<>> rows;
  std::map<std::string, std::string, std::less<>> columns;
  Value own;

  Value answer(std::string_view question) const override {
    const auto found = answers.find(question);
    return found == answers.end() ? Value{} : found->second;
  }
  std::vector<std::string> chosen(std::string_view question) const override {
    const auto found = lists.find(question);
    return found == lists.end() ? std::vector<std::string>{} : found->second;
  }
  std::vector<Value> each_row(std::string_view question) const override {
    const auto found = rows.find(question);
    return found == rows.end() ? std::vector<Value>{} : found->second;
  }
  Value self() const override { return own; }
  std::string option_column(std::string_view column) const override {
    const auto found = columns.find(column);
    return found == columns.end() ? std::string() : found->second;
  }
  CivilDate today() const override { return {2025, 3, 14}; }
  bool is_working_day(const CivilDate& day) const override {
    return fieldpost::is_working_day(shipped_catalogue(), day);
  }
};

bool any_name(std::string_view) { return true; }

/// The value as text, with `absent` for nothing, so that a case is one line.
std::string worth(const std::string& source, const Surroundings& around = {}) {
  const Result<Expression> expression = Expression::parse(source, any_name, true);
  if (!expression) return "fault: " + expression.error().message;
  const Value value = expression->evaluate(around);
  return is_cleared(value) ? "absent" : arithmetic::text_of(value);
}

std::string fault_of(const std::string& source, bool columns = false) {
  const auto known = [](std::string_view name) { return name == "age" || name == "hours"; };
  const Result<Expression> expression = Expression::parse(source, known, columns);
  return expression ? "none" : expression.error().message;
}

}  // namespace

TEST_CASE(
    "working days are counted from the day after, over weekends and holidays, and are absent where no day is known") {
  CHECK(worth("add-working-days(date('2026-11-20'), 1)") == "2026-11-23");
  CHECK(worth("add-working-days(date('2026-04-29'), 1)") == "2026-05-04");
  CHECK(worth("add-working-days(date('2026-04-29'), 0)") == "2026-04-29");
  CHECK(worth("add-working-days(date('2026-04'), 3)") == "absent");
  CHECK(worth("add-working-days(date('2026-04-29'), -1)") == "absent");
  CHECK(worth("add-working-days(date('2026-04-29'), 367)") == "absent");
  CHECK(worth("add-working-days(date('2026-04-29'), 'x')") == "absent");
}

TEST_CASE("arithmetic is exact and binds as in school") {
  CHECK(worth("1 + 2 * 3") == "7");
  CHECK(worth("(1 + 2) * 3") == "9");
  CHECK(worth("0.1 + 0.2") == "0.3");
  CHECK(worth("0.1 + 0.2 = 0.3") == "true");
  CHECK(worth("10 - 2 - 3") == "5");
  CHECK(worth("-2 * -3") == "6");
  CHECK(worth("7 mod 3") == "1");
  CHECK(worth("-7 mod 3") == "-1");
  CHECK(worth("1 div 3") == "0.333333");
  CHECK(worth("2 div 3") == "0.666667");
  CHECK(worth("-2 div 3") == "-0.666667");
  CHECK(worth("1 div 8") == "0.125");
  CHECK(worth("7.5 + 0.5") == "8");
  CHECK(worth("9223372036854775807 - 1") == "9223372036854775806");
}

TEST_CASE("a result that is no number of at most 18 digits is absent, never wrong") {
  CHECK(worth("1 div 0") == "absent");
  CHECK(worth("1 mod 0") == "absent");
  CHECK(worth("9223372036854775807 * 9223372036854775807") == "absent");
  CHECK(worth("'mười' + 1") == "absent");
  CHECK(worth("${unanswered} + 1") == "absent");
  CHECK(worth("9223372036854775807 > 0.000000000000000001") == "true");
  CHECK(worth("-9223372036854775807 < 0.000000000000000001") == "true");
}

TEST_CASE("an unanswered question is empty in text, false in conditions and has no size") {
  CHECK(worth("${unanswered} = ''") == "true");
  CHECK(worth("${unanswered} != ''") == "false");
  CHECK(worth("concat('a', ${unanswered}, 'b')") == "ab");
  CHECK(worth("${unanswered} < 5") == "false");
  CHECK(worth("${unanswered} >= 5") == "false");
  CHECK(worth("not(${unanswered})") == "true");
  CHECK(worth("${unanswered} or 1 = 1") == "true");
}

TEST_CASE("numbers compare by size, codes as text, dates by day") {
  CHECK(worth("10 > 9") == "true");
  CHECK(worth("'01' = '1'") == "false");
  CHECK(worth("1.50 = 1.5") == "true");
  CHECK(worth("'08:15' < '10:00'") == "true");
  CHECK(worth("date('2025-03-14') = today()") == "true");
  CHECK(worth("date('2025-03-14') > '2025-03-13'") == "true");
  CHECK(worth("today() - date('2025-03-01')") == "13");
  CHECK(worth("today() + 20") == "2025-04-03");
  CHECK(worth("today() - 14") == "2025-02-28");
  CHECK(worth("date('2025') = date('2025-01-01')") == "true");
  CHECK(worth("date('hôm nay')") == "absent");
  CHECK(worth("int((today() - date('1990-05-20')) div 365.25)") == "34");
}

TEST_CASE("conditions, choices and functions follow XLSForm") {
  Surroundings around;
  around.answers["age"] = std::int64_t{17};
  around.answers["sex"] = std::string("female");
  around.lists["topics"] = {"DD", "HNGD"};
  around.lists["sex"] = {"female"};
  around.own = std::string("DD HNGD");
  CHECK(worth("${age} >= 18 and selected(${topics}, 'DD')", around) == "false");
  CHECK(worth("${age} >= 18 or selected(${topics}, 'DD')", around) == "true");
  CHECK(worth("selected(${topics}, 'D')", around) == "false");
  CHECK(worth("selected(${sex}, 'female')", around) == "true");
  CHECK(worth("selected(., 'HNGD')", around) == "true");
  CHECK(worth("count-selected(${topics})", around) == "2");
  CHECK(worth("if(${age} < 16, 'TE', 'lớn')", around) == "lớn");
  CHECK(worth("coalesce(${unanswered}, '', 'sau')", around) == "sau");
  CHECK(worth("string-length('Đường')", around) == "5");
  CHECK(worth("round(2.5)") == "3");
  CHECK(worth("round(-2.5)") == "-3");
  CHECK(worth("round(2.345, 2)") == "2.35");
  CHECK(worth("int(-2.9)") == "-2");
  CHECK(worth("true() and not(false())") == "true");
}

TEST_CASE("count and sum run over the rows of a repeat and leave out what is not answered") {
  Surroundings around;
  around.rows["roster"] = {true, true, true};
  around.rows["hours"] = {std::int64_t{16}, Cleared{}, *parse_decimal("7.5")};
  CHECK(worth("count(${roster})", around) == "3");
  CHECK(worth("count(${hours})", around) == "2");
  CHECK(worth("sum(${hours})", around) == "23.5");
  CHECK(worth("sum(${nobody})", around) == "0");
}

TEST_CASE("a choice filter reads the columns of the option, other expressions have none") {
  Surroundings around;
  around.columns["kind"] = "session";
  CHECK(worth("kind = 'session'", around) == "true");
  CHECK(worth("missing = ''", around) == "true");
  CHECK(fault_of("kind = 'session'", true) == "none");
  CHECK(fault_of("kind = 'session'").find("column 1: a bare name") == 0);
}

TEST_CASE("a fault in an expression names its column, counted in letters") {
  CHECK(fault_of("") == "column 1: the expression ends too early");
  CHECK(fault_of("${age} >=") == "column 10: the expression ends too early");
  CHECK(fault_of("'Đường' = ${agee}").find("column 11:") == 0);
  CHECK(fault_of("(1 + 2").find("column 7: a ) is missing") == 0);
  CHECK(fault_of("1 2").find("column 3: something is left over") == 0);
  CHECK(fault_of("'open").find("column 1: a text without") == 0);
  CHECK(fault_of("${age").find("column 1: a ${ without") == 0);
  CHECK(fault_of("frob(1)").find("no function is named frob") != std::string::npos);
  CHECK(fault_of("not(1, 2)") == "column 1: not() takes 1 argument");
  CHECK(fault_of("1.2.3").find("not a number") != std::string::npos);
  CHECK(fault_of("sum(1)").find("takes one question") != std::string::npos);
  CHECK(fault_of("regex(., ${age})").find("takes its pattern as a text") != std::string::npos);
  CHECK(fault_of("regex(., '(')").find("a ( without its )") != std::string::npos);
  CHECK(fault_of("1 < 2 < 3").find("something is left over") != std::string::npos);
  CHECK(fault_of(std::string("1 \xff")).find("not UTF-8") != std::string::npos);
}

TEST_CASE("what an expression reads is known, rows apart") {
  const Result<Expression> expression = Expression::parse("${age} + sum(${hours})", any_name);
  REQUIRE(expression);
  CHECK(expression->questions() == std::set<std::string, std::less<>>{"age"});
  CHECK(expression->questions_of_rows() == std::set<std::string, std::less<>>{"hours"});
}

TEST_CASE("nesting and length have an end, whatever comes in") {
  CHECK(fault_of(std::string(900, '(')).find("nested too deeply") != std::string::npos);
  CHECK(fault_of(std::string(900, '-') + "1").find("nested too deeply") != std::string::npos);
  CHECK(fault_of(std::string(5000, '1')).find("longer than") != std::string::npos);
  std::string chain = "1";
  while (chain.size() < 1000) chain += "+1";
  CHECK(worth(chain) == std::to_string((chain.size() + 1) / 2));
}

TEST_CASE("no random text crashes the parser, and what parses evaluates") {
  std::mt19937 random(20250314);
  const std::vector<std::string> parts = {"${age}", "1", "'a'",  "(", ")",  "+", "-", "and ",   "or ",      "not(",
                                          "if(",    ",", ".",    "=", "<",  "$", "{", "regex(", "'[a",      "div ",
                                          "date(",  "Đ", "sum(", " ", "\"", "}", "*", "0.5",    "selected("};
  int parsed = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string source;
    for (std::size_t i = random() % 12; i > 0; --i) source += parts[random() % parts.size()];
    CAPTURE(source);
    const Result<Expression> expression = Expression::parse(source, any_name, true);
    if (!expression) continue;
    ++parsed;
    (void)expression->evaluate(Surroundings{});
  }
  CHECK(parsed > 100);
}

TEST_CASE("a pattern matches the whole text, by letters of any script") {
  const auto matches = [](std::string_view pattern, std::string_view text) {
    const Result<Pattern> compiled = Pattern::compile(pattern);
    REQUIRE(compiled);
    return compiled->matches(text);
  };
  CHECK(matches("[0-9]{12}", "096091000001"));
  CHECK_FALSE(matches("[0-9]{12}", "09609100000"));
  CHECK_FALSE(matches("[0-9]{12}", "0960910000011"));
  CHECK(matches("^\\d+/[A-ZĐ]+(-[A-ZĐ]+)*$", "613/KH-HĐPHLN"));
  CHECK(matches("ấ(p|P) \\d{1,2}", "ấp 13"));
  CHECK(matches("\\w+", "Đường"));
  CHECK_FALSE(matches("\\w+", "Đường số"));
  CHECK(matches("[^,]*", "không có dấu phẩy"));
  CHECK(matches("a.c", "ađc"));
  CHECK(matches("", ""));
  CHECK_FALSE(matches("", "a"));
  CHECK(matches("a|b|", ""));
  CHECK(matches("(ab){2,}", "ababab"));
  CHECK_FALSE(matches("(ab){2,}", "ab"));
  CHECK(matches("x?y*", "xyyy"));
}

TEST_CASE("a pattern that makes other matchers hang is answered at once") {
  const Result<Pattern> evil = Pattern::compile("((a+)+)+b");
  REQUIRE(evil);
  CHECK_FALSE(evil->matches(std::string(20'000, 'a')));
  CHECK_FALSE(Pattern::compile("(((a{100}){100}){100}){100}"));
  CHECK_FALSE(Pattern::compile("(((((){999}){999}){999}){999}){999}"));
  CHECK_FALSE(Pattern::compile(std::string(1000, '(')));
  for (const char* broken : {"(", ")", "[", "a{", "a{2", "a{3,1}", "*", "a**", "[z-a]", "\\", "\\q", "{2}"})
    CHECK_FALSE(Pattern::compile(broken));
}
