// What a person sees: one draw function a screen. Each draws its model and returns what was asked for in this frame,
// if anything; text fields are edited in the model in place, the ImGui way.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "client/model/action.h"
#include "client/model/help.h"
#include "client/model/reports.h"
#include "client/model/screens_model.h"

namespace fieldpost {

/// The line on top of every screen but unlock.
struct Header {
  Screen current = Screen::home;
  std::string who;
  std::int64_t unsent = 0, attention = 0;
  std::optional<std::int64_t> inbox;  // how much waits in it; nothing on laptops of the field
  bool syncing = false;
  bool several_users = false;
  bool veiled = false;
  /// The records that are open.
  struct Tab {
    std::string title;
    bool unsaved = false;
    bool shown = false;
  };
  std::vector<Tab> tabs;
};

/// Begins the one window that fills the display, and the part of it that scrolls.
void begin_screen(const char* name);
void end_screen();
std::optional<Action> draw_header(const Header& header);

std::optional<Action> draw_unlock(UnlockModel& unlock);
std::optional<Action> draw_home(const Home& home);
std::optional<Action> draw_record_list(RecordList& list);
std::optional<Action> draw_form(FormEntry& entry);
std::optional<Action> draw_sync(SyncStatus& sync);
std::optional<Action> draw_conflicts(ConflictReview& review);
std::optional<Action> draw_duplicates(DuplicateReview& review, const Catalogue& catalogue);
/// `form_open`: a record waits behind this page, as it was left.
std::optional<Action> draw_settings(const Settings& settings, bool form_open);
std::optional<Action> draw_help(HelpModel& help);
/// Over whatever is shown, beside the place it speaks of (tour.h); takes nothing away from it.
std::optional<Action> draw_tour(std::size_t step);
std::optional<Action> draw_reports(ReportsModel& model);
std::optional<Action> draw_history(const RecordHistory& history);
std::optional<Action> draw_inbox(InboxModel& inbox);
std::optional<Action> draw_fleet(const FleetModel& fleet);

}  // namespace fieldpost
