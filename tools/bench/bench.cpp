#include "tools/bench/bench.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <optional>
#include <variant>
#include <vector>

#include "tools/bench/core.h"
#include "tools/bench/fleet.h"
#include "tools/bench/link.h"
#include "tools/bench/matching.h"
#include "tools/bench/measure.h"

namespace fieldpost {

namespace {

using namespace bench;

constexpr const char* usage =
    "usage: bench [--records N] [--large N]\n"
    "       bench link [--records N] [--rate KBIT] [--delay MS] [--loss PERCENT]\n"
    "       bench fleet [--laptops N] [--records N] [--units N]\n"
    "       bench matching [--people N]\n"
    "each with [--quick] [--json]";

/// `--name NUMBER`, and where the number goes.
struct NumberOption {
  std::string_view name;
  std::variant<std::size_t*, double*> into;
  double least = 1, most = 1'000'000;
};

bool read_number(const std::string& text, const NumberOption& option) {
  return std::visit(
      [&](auto* into) {
        std::remove_pointer_t<decltype(into)> value{};
        const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), value);
        if (fault != std::errc() || end != text.data() + text.size()) return false;
        if (static_cast<double>(value) < option.least || static_cast<double>(value) > option.most) return false;
        *into = value;
        return true;
      },
      option.into);
}

struct Asked {
  bool json = false;
};

/// --quick is read first, so that it may stand anywhere and a size that is named holds.
template <class Options>
std::optional<Asked> read(std::span<const std::string> arguments, Options& options, const Options& quick,
                          const std::vector<NumberOption>& numbers) {
  Asked asked;
  for (const std::string& argument : arguments)
    if (argument == "--quick") options = quick;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    if (arguments[i] == "--quick") continue;
    if (arguments[i] == "--json") {
      asked.json = true;
      continue;
    }
    const auto option = std::find_if(numbers.begin(), numbers.end(),
                                     [&](const NumberOption& one) { return one.name == arguments[i]; });
    if (option == numbers.end() || ++i == arguments.size() || !read_number(arguments[i], *option))
      return std::nullopt;
  }
  return asked;
}

int print(const Figures& figures, const Asked& asked) {
  fmt::print("{}\n", asked.json ? figures.json() : figures.table());
  return 0;
}

int wrong_usage() {
  fmt::print(stderr, "{}\n", usage);
  return 2;
}

int bench_core(std::span<const std::string> arguments) {
  CoreOptions options;
  const auto asked = read(arguments, options, {1'000, 10'000, 100, 5},
                          {{"--records", &options.records}, {"--large", &options.large}});
  return asked ? print(measure_core(options), *asked) : wrong_usage();
}

int bench_link(std::span<const std::string> arguments) {
  LinkOptions options;
  LinkOptions quick;
  quick.records = 500;
  const auto asked = read(arguments, options, quick,
                          {{"--records", &options.records},
                           {"--rate", &options.shape.kilobits_per_second, 1, 1e6},
                           {"--delay", &options.shape.round_trip_ms, 0, 10'000},
                           {"--loss", &options.shape.loss_percent, 0, 50}});
  return asked ? print(measure_link(options), *asked) : wrong_usage();
}

int bench_fleet(std::span<const std::string> arguments) {
  FleetOptions options;
  const auto asked = read(arguments, options, {50, 20, 5, 20, 50},
                          {{"--laptops", &options.laptops, 1, 1'500},
                           {"--records", &options.records},
                           {"--units", &options.units, 1, 1'500}});
  return asked ? print(measure_fleet(options), *asked) : wrong_usage();
}

int bench_matching(std::span<const std::string> arguments) {
  MatchingOptions options;
  const auto asked = read(arguments, options, {5'000, 100}, {{"--people", &options.people, 100}});
  return asked ? print(measure_matching(options), *asked) : wrong_usage();
}

}  // namespace

int run_bench(std::span<const std::string> arguments) {
  try {
    if (!arguments.empty() && arguments[0] == "link") return bench_link(arguments.subspan(1));
    if (!arguments.empty() && arguments[0] == "fleet") return bench_fleet(arguments.subspan(1));
    if (!arguments.empty() && arguments[0] == "matching") return bench_matching(arguments.subspan(1));
    return bench_core(arguments);
  } catch (const Stop& stop) {
    say(stop.error.message);
    return 1;
  }
}

}  // namespace fieldpost
