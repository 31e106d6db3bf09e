// One program run to its end: fork and exec, its standard streams on pipes.
#pragma once

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "shared/foundation/result.h"
#include "tests/support/scratch.h"

namespace fieldpost::test {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

/// What a finished program left.
struct Finished {
  int exit = -1;
  std::string out, err;
  /// The one document on standard output.
  Json json() const {
    Json parsed = Json::parse(out, nullptr, false);
    REQUIRE_MESSAGE(!parsed.is_discarded(), "not one JSON document: ", out, err);
    return parsed;
  }
};

using Environs = std::map<std::string, std::string>;  // variables to set; an empty value unsets

/// A child with its standard streams on pipes.
class Process {
 public:
  Process(const Words& words, const Environs& environs) {
    int in[2], out[2], err[2];
    ensure(pipe(in) == 0 && pipe(out) == 0 && pipe(err) == 0, "pipes");
    process_ = fork();
    ensure(process_ >= 0, "a process");
    if (process_ == 0) {
      dup2(in[0], 0);
      dup2(out[1], 1);
      dup2(err[1], 2);
      for (const int descriptor : {in[0], in[1], out[0], out[1], err[0], err[1]}) close(descriptor);
      setsid();  // no terminal: a prompt must say so instead of waiting
      for (const auto& [name, value] : environs)
        value.empty() ? unsetenv(name.c_str()) : setenv(name.c_str(), value.c_str(), 1);
      std::vector<char*> arguments;
      for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
      arguments.push_back(nullptr);
      execvp(arguments[0], arguments.data());
      _exit(127);
    }
    close(in[0]);
    close(out[1]);
    close(err[1]);
    in_ = in[1];
    out_ = out[0];
    err_ = err[0];
    for (const int descriptor : {in_, out_, err_}) fcntl(descriptor, F_SETFD, FD_CLOEXEC);
  }
  ~Process() {
    if (!ended_) {
      kill(process_, SIGKILL);
      wait();
    }
    for (const int descriptor : {in_, out_, err_})
      if (descriptor >= 0) close(descriptor);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  void signal(int number) const { kill(process_, number); }
  /// The exit code, or 128 and the signal it died of.
  int wait() {
    if (ended_) return exit_;
    int status = 0;
    waitpid(process_, &status, 0);
    ended_ = true;
    exit_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    return exit_;
  }
  /// Writes `input` and reads both outputs to their ends.
  Finished finish(const std::string& input) {
    Finished finished;
    std::size_t written = 0;
    if (input.empty()) close_input();
    fcntl(in_, F_SETFL, O_NONBLOCK);
    bool out_open = true, err_open = true;
    while (out_open || err_open) {
      pollfd each[3] = {{out_open ? out_ : -1, POLLIN, 0}, {err_open ? err_ : -1, POLLIN, 0}, {in_, POLLOUT, 0}};
      poll(each, 3, -1);
      if (each[0].revents != 0) out_open = take(out_, finished.out);
      if (each[1].revents != 0) err_open = take(err_, finished.err);
      if (in_ >= 0 && each[2].revents != 0) {
        const ssize_t count = write(in_, input.data() + written, input.size() - written);
        if (count > 0) written += static_cast<std::size_t>(count);
        if (count < 0 || written == input.size()) close_input();
      }
    }
    finished.exit = wait();
    return finished;
  }
  /// One line of its standard output; empty at the end of it.
  std::string read_line() const {
    std::string line;
    for (char c = 0; read(out_, &c, 1) == 1 && c != '\n';) line += c;
    return line;
  }

 private:
  static bool take(int from, std::string& into) {
    char part[1 << 14];
    const ssize_t count = read(from, part, sizeof part);
    if (count > 0) into.append(part, static_cast<std::size_t>(count));
    return count > 0;
  }
  void close_input() {
    if (in_ >= 0) close(in_);
    in_ = -1;
  }

  pid_t process_ = -1;
  int in_ = -1, out_ = -1, err_ = -1;
  bool ended_ = false;
  int exit_ = -1;
};

}  // namespace fieldpost::test
