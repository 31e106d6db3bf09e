// Central in a process of its own, so that its memory and its processor time are its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <string>

namespace fieldpost::bench {

class CentralProcess {
 public:
  /// Forks: to be called while the program has one thread. Throws Stop, here and below, where the process fails.
  explicit CentralProcess(const std::filesystem::path& folder);
  /// Ends it.
  ~CentralProcess();
  CentralProcess(const CentralProcess&) = delete;
  CentralProcess& operator=(const CentralProcess&) = delete;

  const std::string& url() const { return url_; }
  std::string ticket(const std::string& unit, const std::string& name);
  struct Use {
    std::int64_t peak_bytes = 0;  // resident
    double processor_s = 0;
  };
  /// Since its start or the last forget_peak_memory.
  Use use();
  void forget_peak_memory();

 private:
  std::string ask(const std::string& line);

  pid_t process_ = -1;
  std::FILE* to_ = nullptr;
  std::FILE* from_ = nullptr;
  std::string url_;
  double processor_before_s_ = 0;
};

}  // namespace fieldpost::bench
