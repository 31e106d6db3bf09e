#include "shared/storage/passphrase.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <string_view>

#include "shared/foundation/crypto.h"

namespace fieldpost {
namespace {

// The terminal itself, not standard input: values may be piped in there.
class Terminal {
 public:
  Terminal() : descriptor_(::open("/dev/tty", O_RDWR | O_CLOEXEC)) {
    if (descriptor_ < 0 || ::tcgetattr(descriptor_, &before_) != 0) return;
    termios silent = before_;
    silent.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silenced_ = ::tcsetattr(descriptor_, TCSAFLUSH, &silent) == 0;
  }
  ~Terminal() {
    if (silenced_) ::tcsetattr(descriptor_, TCSAFLUSH, &before_);
    if (descriptor_ >= 0) ::close(descriptor_);
  }
  Terminal(const Terminal&) = delete;
  Terminal& operator=(const Terminal&) = delete;

  bool can_ask() const { return silenced_; }
  std::string ask(std::string_view question) {
    say(question);
    std::string line;
    for (char c = 0; ::read(descriptor_, &c, 1) == 1 && c != '\n';) line += c;
    say("\n");
    return line;
  }

 private:
  void say(std::string_view text) {
    // A terminal that does not take the question gets no answer either: the empty line says so.
    if (::write(descriptor_, text.data(), text.size()) < 0) return;
  }

  int descriptor_;
  termios before_{};
  bool silenced_ = false;
};

}  // namespace

Result<std::string> ask_passphrase(bool is_new) {
  if (const char* given = std::getenv("FIELDPOST_PASSPHRASE"); given != nullptr && *given != '\0')
    return std::string(given);
  Terminal terminal;
  if (!terminal.can_ask())
    return Error{ErrorCode::wrong_passphrase,
                 "no passphrase: set FIELDPOST_PASSPHRASE, or start the command at a terminal to be asked for it"};
  std::string typed = terminal.ask(is_new ? "Mật khẩu mới (new passphrase): " : "Mật khẩu (passphrase): ");
  if (typed.empty()) return Error{ErrorCode::wrong_passphrase, "an empty passphrase opens nothing"};
  if (is_new) {
    std::string again = terminal.ask("Nhập lại mật khẩu (once more): ");
    const bool same = again == typed;
    wipe(again);
    if (!same) {
      wipe(typed);
      return Error{ErrorCode::wrong_passphrase, "the two passphrases differ: nothing was made"};
    }
  }
  return typed;
}

}  // namespace fieldpost
