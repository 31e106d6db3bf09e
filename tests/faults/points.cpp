#include "tests/faults/points.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "shared/foundation/clock.h"
#include "tests/faults/allocations.h"

namespace fieldpost::test {

namespace fs = std::filesystem;

namespace {

constexpr int generations = 4;
constexpr unsigned seconds_max = 600;  // a step that hangs is broken; on a busy machine one may take a minute

fs::path place() {
  if (const char* wish = std::getenv("FIELDPOST_POINTS_FOLDER"); wish != nullptr && *wish != '\0') return wish;
  return ::access("/dev/shm", W_OK) == 0 ? fs::path("/dev/shm") : fs::temp_directory_path();
}

void send(int to, const std::string& line) {
  const std::string whole = line + "\n";
  for (std::size_t at = 0; at < whole.size();) {
    const ssize_t size = ::write(to, whole.data() + at, whole.size() - at);
    if (size <= 0) ::_exit(1);
    at += static_cast<std::size_t>(size);
  }
}

}  // namespace

Points::Points(Until until, Day::Control control)
    : until_(until),
      control_(control),
      scratch_(place()),
      folder_(scratch_ / "day"),
      attic_(scratch_ / "attic"),
      outside_(scratch_ / "outside") {
  for (const fs::path& path : {folder_, attic_, outside_}) fs::create_directories(path);
  Day::prepare(outside_);
  Told told;
  for (std::size_t step = 0; step < Day::steps(); ++step) {
    fs::copy(folder_, before(step), fs::copy_options::recursive);
    starts_.push_back({told, 0, 0});
    for (const bool reads : {true, false}) {
      go_to(step);
      told = starts_[step].told;
      Task task;
      task.steps = 1;
      task.plan = plan(IoFault::none, 0, 0);
      task.plan->reads = reads;
      const Ended ended = run(told, task);
      ensure(ended.broken.empty() && !ended.killed, ("the day without faults: " + ended.broken).c_str());
      (reads ? starts_[step].calls_with_reads : starts_[step].calls) = ended.calls;
    }
  }
}

fs::path Points::before(std::size_t step) const { return scratch_ / ("before-" + std::to_string(step)); }

std::uint64_t Points::calls_of(std::size_t step, bool reads) const {
  return reads ? starts_[step].calls_with_reads : starts_[step].calls;
}

void Points::go_to(std::size_t step) {
  for (const fs::path& path : {folder_, attic_}) fs::remove_all(path);
  fs::create_directories(attic_);
  fs::copy(before(step), folder_, fs::copy_options::recursive);
}

IoPlan Points::plan(IoFault fault, std::uint64_t at, std::uint64_t seed) const {
  IoPlan out;
  out.folder = folder_.string();
  out.attic = attic_.string();
  out.fault = fault;
  out.at = at;
  out.seed = seed;
  return out;
}

Points::Ended Points::run(Told& told, const Task& task) {
  int ends[2];
  ensure(::pipe(ends) == 0, "a pipe");
  const std::uint64_t seed = ++processes_;
  const pid_t process = ::fork();
  ensure(process >= 0, "a process");
  if (process == 0) {
    ::close(ends[0]);
    ::alarm(seconds_max);
    // SQLCipher says there what it thinks of its memory.
    const int nowhere = ::open("/dev/null", O_WRONLY);
    ::dup2(nowhere, STDERR_FILENO);
    const auto say = [&](const std::string& line) { send(ends[1], line); };
    std::string broken;
    if (task.plan && task.checks_are_struck) arm(*task.plan);
    try {
      Day day(folder_, outside_, told, seed, say, control_);
      if (task.check_first) day.check();
      if (task.plan && !task.checks_are_struck) arm(*task.plan);
      if (task.allocation > 0) fail_allocation(task.allocation, task.allocations_last);
      for (std::size_t step = told.steps(), left = task.steps; left > 0 && step < Day::steps(); ++step, --left)
        day.run(step);
      fail_no_allocation();
      const IoPause pause;
      day.check();
      if (told.steps() + task.steps >= Day::steps()) day.check_end();
    } catch (const Refused& refused) {
      if (!io_failed() && !allocation_failed()) broken = "refused: " + refused.what;
    } catch (const Broken& found) {
      broken = found.what;
    } catch (const std::exception& thrown) {
      broken = std::string("an exception left the program: ") + thrown.what();
    }
    say("calls " + std::to_string(io_calls()));
    if (io_failed() || allocation_failed()) say("failed");
    if (!broken.empty()) say("broken " + broken);
    ::_exit(0);
  }
  ::close(ends[1]);
  std::string heard;
  char part[4096];
  for (ssize_t size = 0; (size = ::read(ends[0], part, sizeof part)) > 0;)
    heard.append(part, static_cast<std::size_t>(size));
  ::close(ends[0]);
  int status = 0;
  ::waitpid(process, &status, 0);
  Ended ended;
  ended.killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
  if (WIFSIGNALED(status) && !ended.killed) ended.broken = "died of signal " + std::to_string(WTERMSIG(status));
  while (!heard.empty()) {
    const std::size_t end = heard.find('\n');
    const std::string line = heard.substr(0, end);
    heard.erase(0, end == std::string::npos ? end : end + 1);
    if (line.starts_with("calls "))
      ended.calls = std::stoull(line.substr(6));
    else if (line == "failed")
      ended.failed = true;
    else if (line.starts_with("broken "))
      ended.broken = line.substr(7);
    else
      told.hear(line);
  }
  strikes_ += ended.killed || ended.failed;
  return ended;
}

std::string Points::struck(std::size_t step, std::uint64_t n, IoFault fault, std::uint64_t seed,
                           bool syncs_are_lies) {
  go_to(step);
  Told told = starts_[step].told;
  SeededRandom random(seed);
  for (int generation = 1; generation <= generations; ++generation) {
    Task task;
    task.check_first = generation > 1;
    const bool to_the_end = until_ == Until::end_of_day || seed % 16 == 0;
    task.steps = to_the_end ? Day::steps() - told.steps() : std::max(step + 2, told.steps() + 1) - told.steps();
    if (generation < generations) {
      // Half of the later ones die while they recover, the others in what they go on with.
      const std::uint64_t at = generation == 1 ? n : 1 + random.below(random.below(2) == 0 ? 60 : 1500);
      task.plan = plan(fault, at, random.next());
      task.plan->syncs_are_lies = syncs_are_lies;
    }
    const Ended ended = run(told, task);
    if (!ended.broken.empty())
      return std::string(Day::name_of(step)) + ", call " + std::to_string(n) + ", generation " +
             std::to_string(generation) + ": " + ended.broken;
    if (!ended.killed) break;  // it came to the end
  }
  return {};
}

std::string Points::failed(std::size_t step, std::uint64_t n, IoFault fault, bool lasting, std::uint64_t seed) {
  go_to(step);
  Told told = starts_[step].told;
  SeededRandom random(seed);
  const auto described = [&](const char* when, const std::string& what) {
    return std::string(Day::name_of(step)) + ", call " + std::to_string(n) + ", " + when + ": " + what;
  };
  for (const char* when : {"first", "again"}) {
    Task task;
    task.steps = 1;
    const bool is_first = told.steps() == step && when[0] == 'f';
    if (told.steps() > step) break;
    task.check_first = !is_first;
    task.checks_are_struck = false;
    task.plan = plan(fault, is_first ? n : 1 + random.below(80), seed);
    task.plan->reads = true;
    task.plan->lasting = lasting;
    const Ended ended = run(told, task);
    if (ended.killed) return described(when, "died");
    if (!ended.broken.empty()) return described(when, ended.broken);
  }
  Task task;
  task.check_first = true;
  task.steps = told.steps() > step ? 0 : 1;
  const Ended ended = run(told, task);
  return ended.broken.empty() ? std::string() : described("after it", ended.broken);
}

std::string Points::out_of_memory(std::size_t step, std::uint64_t n, bool lasting, bool& tried) {
  go_to(step);
  Told told = starts_[step].told;
  Task task;
  task.steps = 1;
  task.allocation = n;
  task.allocations_last = lasting;
  const Ended ended = run(told, task);
  tried = ended.failed;
  std::string broken = ended.broken;
  if (broken.empty()) {
    Task after;
    after.check_first = true;
    after.steps = told.steps() > step ? 0 : 1;
    broken = run(told, after).broken;
  }
  if (broken.empty()) return {};
  return std::string(Day::name_of(step)) + ", allocation " + std::to_string(n) + ": " + broken;
}

}  // namespace fieldpost::test
