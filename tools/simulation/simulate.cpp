#include "tools/simulation/simulate.h"

#include <sys/wait.h>
#include <unistd.h>

#include <charconv>

#include "shared/foundation/cbor.h"
#include "tools/simulation/memory.h"

namespace fieldpost::simulation {

namespace {

constexpr std::size_t broken_shown_max = 1000;

void add(Summary& summary, std::uint64_t seed, const Outcome& outcome) {
  ++summary.histories;
  summary.trace = (summary.trace ^ outcome.trace) * 0x100000001b3u;
  for (const auto& [name, count] : outcome.counters) summary.counters[name] += count;
  if (outcome.broken.empty()) return;
  ++summary.broken;
  if (summary.broken_seeds.size() < broken_shown_max) summary.broken_seeds[seed] = outcome.broken;
}

void add(Summary& summary, const Summary& part) {
  summary.histories += part.histories;
  summary.broken += part.broken;
  summary.trace = (summary.trace ^ part.trace) * 0x100000001b3u;
  for (const auto& [name, count] : part.counters) summary.counters[name] += count;
  for (const auto& [seed, what] : part.broken_seeds)
    if (summary.broken_seeds.size() < broken_shown_max) summary.broken_seeds[seed] = what;
}

// summary = [ histories, broken, trace, [ [ name, count ] … ], [ [ seed, what ] … ] ], between our own processes.
Bytes encode(const Summary& summary) {
  CborWriter out;
  out.array(5).integer(summary.histories).integer(summary.broken).uint(summary.trace).array(summary.counters.size());
  for (const auto& [name, count] : summary.counters) out.array(2).text(name).integer(count);
  out.array(summary.broken_seeds.size());
  for (const auto& [seed, what] : summary.broken_seeds) out.array(2).uint(seed).text(what);
  return std::move(out).result();
}
Summary decode(BytesView bytes) {
  CborReader in(bytes);
  Summary summary;
  in.array_of(5);
  summary.histories = in.integer();
  summary.broken = in.integer();
  summary.trace = in.uint();
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
    in.array_of(2);
    const std::string name(in.text());
    summary.counters[name] = in.integer();
  }
  for (std::size_t left = in.array(); left > 0 && in.ok(); --left) {
    in.array_of(2);
    const std::uint64_t seed = in.uint();
    summary.broken_seeds[seed] = std::string(in.text());
  }
  if (!in.finish("a part of the simulation")) {
    // The process died: that is a finding, not an absence.
    summary = {};
    summary.broken = 1;
    summary.broken_seeds[0] = "a process of the simulation died; run its seeds with --jobs 1";
  }
  return summary;
}

Summary run(const Range& seeds, const Options& options, bool stop_at_first,
            const std::function<void(std::int64_t)>& progress) {
  Summary summary;
  for (std::uint64_t seed = seeds.first; seed <= seeds.last; ++seed) {
    add(summary, seed, options.memory ? run_memory_history(seed, options) : run_history(seed, options));
    if (progress && summary.histories % (options.memory ? 10'000 : 100) == 0) progress(summary.histories);
    if (stop_at_first && summary.broken > 0) break;
  }
  return summary;
}

}  // namespace

std::optional<Range> parse_range(std::string_view text) {
  const std::size_t dots = text.find("..");
  const std::string_view first = text.substr(0, dots);
  const std::string_view last = dots == std::string_view::npos ? first : text.substr(dots + 2);
  Range range;
  const auto whole = [](std::string_view digits, std::uint64_t& out) {
    const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), out);
    return error == std::errc{} && end == digits.data() + digits.size() && !digits.empty();
  };
  if (!whole(first, range.first) || !whole(last, range.last) || range.first > range.last) return std::nullopt;
  return range;
}

Summary simulate(const Range& seeds, const Options& options, unsigned jobs, bool stop_at_first,
                 const std::function<void(std::int64_t)>& progress) {
  const std::uint64_t many = seeds.last - seeds.first + 1;
  if (jobs <= 1 || many < jobs) return run(seeds, options, stop_at_first, progress);
  struct Part {
    pid_t process;
    int from;
  };
  std::vector<Part> parts;
  for (unsigned job = 0; job < jobs; ++job) {
    int ends[2];
    ensure(::pipe(ends) == 0, "a pipe opens");
    const Range part{seeds.first + many * job / jobs, seeds.first + many * (job + 1) / jobs - 1};
    const pid_t process = ::fork();
    ensure(process >= 0, "a process starts");
    if (process == 0) {
      ::close(ends[0]);
      const Bytes result = encode(run(part, options, stop_at_first, job == 0 ? progress : nullptr));
      std::size_t written = 0;
      while (written < result.size()) {
        const ssize_t size = ::write(ends[1], result.data() + written, result.size() - written);
        if (size <= 0) break;
        written += static_cast<std::size_t>(size);
      }
      ::_exit(0);
    }
    ::close(ends[1]);
    parts.push_back({process, ends[0]});
  }
  Summary summary;
  for (const Part& part : parts) {
    Bytes result;
    std::uint8_t buffer[4096];
    for (ssize_t size = 0; (size = ::read(part.from, buffer, sizeof(buffer))) > 0;)
      result.insert(result.end(), buffer, buffer + size);
    ::close(part.from);
    ::waitpid(part.process, nullptr, 0);
    add(summary, decode(result));
  }
  return summary;
}

}  // namespace fieldpost::simulation
