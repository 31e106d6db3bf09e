#include "client/dialog.h"

#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

namespace fieldpost {
namespace {

bool ran(const std::array<const char*, 4>& words) {
  std::array<char*, 5> argv{};
  for (std::size_t i = 0; i < words.size(); ++i) argv[i] = const_cast<char*>(words[i]);
  pid_t child = 0;
  if (posix_spawnp(&child, argv[0], nullptr, nullptr, argv.data(), environ) != 0) return false;
  int status = 0;
  if (waitpid(child, &status, 0) != child || !WIFEXITED(status)) return false;
  // 127: there was no such program after all. Any other end means that somebody closed it.
  return WEXITSTATUS(status) != 127;
}

}  // namespace

bool show_dialog(const std::string& words) {
  const std::string text = "--text=" + words;
  return ran({"zenity", "--error", "--width=480", text.c_str()}) ||
         ran({"kdialog", "--error", words.c_str(), nullptr});
}

}  // namespace fieldpost
