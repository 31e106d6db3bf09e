// The simulator from the command line: any range of seeds, every kind of fault, every known-bad variant.
#include <cstdio>
#include <thread>

#include "tools/fieldpostctl/commands.h"
#include "tools/simulation/simulate.h"

namespace fieldpost::ctl {

namespace {

constexpr unsigned jobs_max = 256;

}  // namespace

Reply simulate_seeds(const Context& context) {
  const Arguments& arguments = context.arguments;
  const auto seeds = arguments.value("--seeds");
  if (!seeds) return wrong_usage("simulate: cần --seeds A..B (is needed)");
  const std::optional<simulation::Range> range = simulation::parse_range(*seeds);
  if (!range || range->last < range->first)
    return wrong_usage("--seeds " + *seeds + ": A..B, tính cả hai đầu (both ends included)");
  simulation::Options options;
  if (const auto faults = arguments.value("--faults")) {
    const std::optional<simulation::Options> parsed = simulation::parse_faults(*faults);
    if (!parsed)
      return wrong_usage("--faults " + *faults + ": all, none, network, crashes, restores, clocks, sticks");
    options = *parsed;
  }
  options.memory = arguments.has("--memory");
  options.wide = arguments.has("--wide");
  options.desk = arguments.has("--desk");
  if (const auto name = arguments.value("--control")) {
    const std::optional<simulation::Control> control = simulation::parse_control(*name);
    if (!control)
      return wrong_usage("--control " + *name +
                         ": device-sequence-id, base-at-save, no-incarnation, last-writer-wins, ack-before-commit, "
                         "cursor-first, wal-normal, delete-wins; with --desk numbers-at-once, live-figures");
    options.control = *control;
  }
  unsigned jobs = std::max(1u, std::thread::hardware_concurrency());
  if (const auto wish = arguments.value("--jobs")) {
    char* end = nullptr;
    const long number = std::strtol(wish->c_str(), &end, 10);
    if (wish->empty() || *end != '\0' || number < 1 || number > static_cast<long>(jobs_max))
      return wrong_usage("--jobs " + *wish + ": một số từ 1 (a number from 1)");
    jobs = static_cast<unsigned>(number);
  }
  const simulation::Summary summary =
      simulation::simulate(*range, options, jobs, arguments.has("--stop-at-first"), [](std::int64_t done) {
        std::fprintf(stderr, "fieldpostctl: %lld lịch sử đã chạy (histories run)\n", static_cast<long long>(done));
      });
  Reply reply;
  for (const auto& [name, number] : summary.counters) reply.json[name] = number;
  reply.json["histories"] = summary.histories;
  reply.json["broken"] = summary.broken;
  reply.json["trace"] = summary.trace;
  reply.json["broken_seeds"] = nlohmann::json::array();
  for (const auto& [seed, what] : summary.broken_seeds) {
    reply.json["broken_seeds"].push_back({{"seed", seed}, {"broken", what}});
    reply.notes.push_back("seed " + std::to_string(seed) + ": " + what);
  }
  reply.text = "lịch sử (histories): " + std::to_string(summary.histories) +
               "\nsai (broken): " + std::to_string(summary.broken) + "\n";
  for (const auto& [name, number] : summary.counters) reply.text += name + ": " + std::to_string(number) + "\n";
  if (summary.broken > 0) reply.exit = exit_failed;
  return reply;
}

}  // namespace fieldpost::ctl
