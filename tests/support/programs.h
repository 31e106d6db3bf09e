// The real programs, run as a person or a script runs them: real processes, real HTTP on loopback.
#pragma once

#include <algorithm>
#include <memory>
#include <string>

#include "tests/support/process.h"

namespace fieldpost::test {

/// Passphrases of tests are cheap to derive from, and nothing of the caller's environment leaks in.
inline Environs test_environs() {
  return {{"FIELDPOST_TEST_KDF", "fast"},
          {"FIELDPOST_PASSPHRASE", "mật khẩu thử"},
          {"FIELDPOST_KEY_FILE", ""},
          {"FIELDPOST_TEST_NOW_MS", ""},
          {"http_proxy", ""},
          {"https_proxy", ""},
          {"HTTPS_PROXY", ""},
          {"ALL_PROXY", ""},
          {"LD_PRELOAD", ""}};
}

/// fieldpostctl with these words.
inline Finished ctl(Words words, const std::string& input = "", const Environs& more = {}) {
  // A child that refuses its input closes the pipe; the test reads its words instead of dying of the signal.
  ::signal(SIGPIPE, SIG_IGN);
  words.insert(words.begin(), FIELDPOST_CTL);
  Environs environs = test_environs();
  for (const auto& [name, value] : more) environs[name] = value;
  return Process(words, environs).finish(input);
}

/// A running fieldpost-central on a port of its own; stopped by SIGTERM at the end.
class Central {
 public:
  explicit Central(const std::filesystem::path& home, const Words& options = {}, const Environs& more = {})
      : home_(home) {
    Words words = {FIELDPOST_CENTRAL, "--home", home.string()};
    if (std::find(options.begin(), options.end(), "--listen") == options.end())
      words.insert(words.end(), {"--listen", "127.0.0.1:0"});
    words.insert(words.end(), options.begin(), options.end());
    Environs environs = test_environs();
    for (const auto& [name, value] : more) environs[name] = value;
    process_ = std::make_unique<Process>(words, environs);
    const std::string line = process_->read_line();
    const std::string ready = "listening on ";
    REQUIRE_MESSAGE(line.starts_with(ready), "central says: ", line);
    url_ = line.substr(ready.size());
  }
  ~Central() { stop(); }
  const std::string& url() const { return url_; }
  std::string port() const { return url_.substr(url_.rfind(':') + 1); }
  std::string home() const { return home_.string(); }
  /// Its exit code.
  int stop() {
    process_->signal(SIGTERM);
    return process_->wait();
  }
  /// As a power cut does it.
  void cut() {
    process_->signal(SIGKILL);
    process_->wait();
  }

 private:
  std::filesystem::path home_;
  std::unique_ptr<Process> process_;
  std::string url_;
};

inline std::string ticket(const std::string& home, const std::string& role, const std::string& unit,
                          const std::string& name, const Words& more = {}, const Environs& environs = {}) {
  Words words = {"ticket", "--home", home, "--role", role, "--unit", unit, "--name", name, "--json"};
  words.insert(words.end(), more.begin(), more.end());
  const Finished issued = ctl(words, "", environs);
  REQUIRE_MESSAGE(issued.exit == 0, issued.err);
  return issued.json()["ticket"];
}

}  // namespace fieldpost::test
