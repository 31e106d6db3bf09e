#include "tools/bench/central_process.h"

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <sstream>

#include "tools/bench/deployment.h"
#include "tools/bench/measure.h"

namespace fieldpost::bench {

namespace {

std::string read_line(std::FILE* from) {
  std::string line;
  for (int c = std::fgetc(from); c != EOF && c != '\n'; c = std::fgetc(from)) line.push_back(static_cast<char>(c));
  return line;
}

void write_line(std::FILE* to, const std::string& line) {
  std::fputs((line + "\n").c_str(), to);
  std::fflush(to);
}

// One line asked, one line answered, until the other side closes:
//   url · ticket UNIT NAME · use (bytes and seconds) · forget
int serve(const std::filesystem::path& folder, std::FILE* from, std::FILE* to) {
  try {
    Central central(folder, shipped_catalogue());
    for (std::string line = read_line(from); !line.empty(); line = read_line(from)) {
      std::istringstream words(line);
      std::string what, unit, name;
      words >> what >> unit >> name;
      if (what == "url") {
        write_line(to, fmt::format("https://127.0.0.1:{}", central.port()));
      } else if (what == "ticket") {
        write_line(to, central.ticket(unit, name));
      } else if (what == "use") {
        write_line(to, fmt::format("{} {}", peak_memory_bytes(), processor_seconds()));
      } else {
        forget_peak_memory();
        write_line(to, "forgotten");
      }
    }
    return 0;
  } catch (const Stop& stop) {
    say("central: " + stop.error.message);
    return 1;
  }
}

}  // namespace

CentralProcess::CentralProcess(const std::filesystem::path& folder) {
  std::array<int, 2> down{}, up{};
  if (::pipe(down.data()) != 0 || ::pipe(up.data()) != 0) throw Stop{{ErrorCode::io, "no pipe can be made"}};
  process_ = ::fork();
  if (process_ < 0) throw Stop{{ErrorCode::io, "central's process cannot be started"}};
  if (process_ == 0) {
    ::close(down[1]);
    ::close(up[0]);
    // Nothing of the parent's is to be destroyed here.
    ::_exit(serve(folder, ::fdopen(down[0], "r"), ::fdopen(up[1], "w")));
  }
  ::close(down[0]);
  ::close(up[1]);
  to_ = ::fdopen(down[1], "w");
  from_ = ::fdopen(up[0], "r");
  url_ = ask("url");
}

CentralProcess::~CentralProcess() {
  std::fclose(to_);
  std::fclose(from_);
  ::waitpid(process_, nullptr, 0);
}

std::string CentralProcess::ticket(const std::string& unit, const std::string& name) {
  return ask(fmt::format("ticket {} {}", unit, name));
}

CentralProcess::Use CentralProcess::use() {
  std::istringstream answer(ask("use"));
  Use use;
  answer >> use.peak_bytes >> use.processor_s;
  use.processor_s -= processor_before_s_;
  return use;
}

void CentralProcess::forget_peak_memory() {
  ask("forget");
  processor_before_s_ = 0;
  processor_before_s_ = use().processor_s;
}

std::string CentralProcess::ask(const std::string& line) {
  write_line(to_, line);
  std::string answer = read_line(from_);
  if (answer.empty()) throw Stop{{ErrorCode::io, "central's process has ended"}};
  return answer;
}

}  // namespace fieldpost::bench
