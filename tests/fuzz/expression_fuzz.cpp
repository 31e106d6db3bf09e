// No text crashes the expression parser, and what it takes can be evaluated whatever was answered.
#include "shared/forms/expression.h"

#include <array>

#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

namespace {

/// Answers of every kind: which one, the name decides.
class AnyAnswers final : public ExpressionContext {
 public:
  Value answer(std::string_view question) const override {
    static const std::array<Value, 8> values = {Value{},
                                                Value{true},
                                                Value{INT64_MIN},
                                                Value{INT64_MAX},
                                                Value{*Decimal::make(-125, -1)},
                                                Value{std::string("Đường Lê Lợi")},
                                                Value{CivilDate{2025, 2, 0}},
                                                Value{EntityId{}}};
    std::size_t sum = question.size();
    for (const char c : question) sum += static_cast<unsigned char>(c);
    return values[sum % values.size()];
  }
  std::vector<std::string> chosen(std::string_view) const override { return {"DAT", "HON"}; }
  std::vector<Value> each_row(std::string_view question) const override {
    return {answer(question), std::int64_t{3}, *Decimal::make(5, -1)};
  }
  Value self() const override { return std::string("09121 345"); }
  std::string option_column(std::string_view) const override { return "96"; }
  CivilDate today() const override { return {2025, 11, 14}; }
  bool is_working_day(const CivilDate& day) const override { return day.day % 7 < 5; }
};

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view source = text_of({data, size});
  for (const bool columns : {true, false}) {
    const Result<Expression> parsed = Expression::parse(
        source, [](std::string_view) { return true; }, columns);
    if (!parsed) continue;
    (void)parsed->evaluate(AnyAnswers{});
    (void)parsed->holds(AnyAnswers{});
  }
  return 0;
}
