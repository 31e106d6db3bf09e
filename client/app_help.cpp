// Help at the place where one is: which page belongs to what is shown, and the way back to it.
#include "client/app.h"

namespace fieldpost {
void App::show_help() {
  if (screen_ == Screen::help) return;
  help_ = {};
  // What failed is said on top of the screen: then that is what one wants to know about.
  help_.page = problem_.empty() ? help_for(screen_, entry_) : "trouble";
  help_.has_tour = unlocked();
  before_help_ = screen_;
  // A click on the button took the keyboard out of the field a moment ago.
  focused_before_help_ = ui::state().focused.empty() ? ui::state().focused_before : ui::state().focused;
  screen_ = Screen::help;
  ui::focus("help/search");
}

void App::close_help() {
  if (screen_ != Screen::help) return;
  screen_ = before_help_;
  // A sync may have brought something meanwhile.
  if (unlocked()) refresh();
  if (!focused_before_help_.empty()) ui::focus(focused_before_help_);
}

}  // namespace fieldpost
