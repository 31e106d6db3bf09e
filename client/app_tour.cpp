// The tour: goes to the screen each card speaks of, and leaves everything as it found it.
#include "client/app.h"
#include "client/model/tour.h"
#include "shared/storage/files.h"

namespace fieldpost {

namespace {
constexpr const char* toured_form = "outreach_session";
}  // namespace

void App::show_tour(std::size_t step) {
  if (step >= tour_steps.size()) return end_tour();
  if (screen_ == Screen::help) close_help();
  tour_ = step;
  const Screen screen = tour_steps[step].screen;
  if (screen == Screen::form) {
    if (!entry_ || entry_->form().name != toured_form) {
      new_record(toured_form);
      tour_form_ = entry_ != nullptr;
    }
    if (entry_) screen_ = Screen::form;
  } else {
    leave_tour_form();
    if (screen_ != screen) go_to(screen);
  }
  ui::point_at(tour_steps[step].place);
  ui::focus("tour/next");
}

// A form that was opened to be shown is gone as it came; one in which somebody has begun to write stays.
void App::leave_tour_form() {
  if (tour_form_ && entry_ && entry_->revision() == 0) {
    close_form();
    if (screen_ == Screen::form) go_to(Screen::home);
  }
  tour_form_ = false;
}

void App::begin_first_tour() {
  if (settings_.toured) return;
  // Remembered now: whoever is called away in the middle is not greeted with it again.
  settings_.toured = true;
  Settings kept = settings_of(options_.home);
  kept.toured = true;
  static_cast<void>(worked(write_durably(options_.home / settings_file, view_of(settings_json(kept)))));
  show_tour(0);
}

void App::end_tour() {
  if (!tour_) return;
  tour_.reset();
  ui::point_at("");
  leave_tour_form();
}

}  // namespace fieldpost
