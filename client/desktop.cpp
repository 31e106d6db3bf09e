#include "client/desktop.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <thread>

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

bool open_with_desktop(const std::filesystem::path& file) {
  std::string program = "xdg-open", path = file.string();
  std::array<char*, 3> arguments = {program.data(), path.data(), nullptr};
  posix_spawn_file_actions_t quiet;
  ::posix_spawn_file_actions_init(&quiet);
  ::posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  ::posix_spawn_file_actions_addopen(&quiet, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  pid_t child = 0;
  const bool began = ::posix_spawnp(&child, program.c_str(), &quiet, nullptr, arguments.data(), environ) == 0;
  ::posix_spawn_file_actions_destroy(&quiet);
  // Somebody has to hear of its end.
  if (began) std::thread([child] { ::waitpid(child, nullptr, 0); }).detach();
  return began;
}

std::filesystem::path documents_folder() {
  const char* home = std::getenv("HOME");
  if (home == nullptr) return std::filesystem::temp_directory_path();
  for (const char* name : {"Documents", "Tài liệu", "Desktop"})
    if (std::filesystem::is_directory(std::filesystem::path(home) / name)) return std::filesystem::path(home) / name;
  return home;
}

std::optional<std::filesystem::path> free_file_name(const std::filesystem::path& folder, const std::string& stem,
                                                    const std::string& ending) {
  constexpr int names_tried_max = 1'000;
  for (int i = 1; i <= names_tried_max; ++i) {
    std::filesystem::path path = folder / (stem + (i == 1 ? "" : "-" + std::to_string(i)) + "." + ending);
    std::error_code ignored;
    if (!std::filesystem::exists(path, ignored)) return path;
  }
  return std::nullopt;
}

}  // namespace fieldpost
