// The tour of one minute after the first unlock: a few cards, each beside the place of the window it speaks of.
#pragma once

#include <array>
#include <string_view>

#include "client/model/action.h"

namespace fieldpost {

struct TourStep {
  Screen screen = Screen::home;   // where its place is; a form is a new session
  std::string_view place;         // the widget it points at
  std::string_view title, words;  // keys of texts
};

inline constexpr std::array<TourStep, 6> tour_steps = {{
    {Screen::home, "new/outreach_session", "tour.start_title", "tour.start"},
    {Screen::form, "page/1", "tour.roster_title", "tour.roster"},
    {Screen::form, "form/save", "tour.save_title", "tour.save"},
    {Screen::home, "tab/sync", "tour.sync_title", "tour.sync"},
    {Screen::home, "lock", "tour.lock_title", "tour.lock"},
    {Screen::home, "tab/help", "tour.help_title", "tour.help"},
}};

}  // namespace fieldpost
