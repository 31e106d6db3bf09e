// Who holds what, and which session a team still owes.
#include <algorithm>
#include <array>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

std::string number(std::int64_t value) { return vietnamese::number_text(value); }

std::int64_t records_in(const FleetLaptop& laptop, std::initializer_list<ReviewState> states) {
  std::int64_t sum = 0;
  for (const ReviewState state : states)
    if (const auto found = laptop.records.find(state); found != laptop.records.end()) sum += found->second;
  return sum;
}

void cell(const std::string& words, ui::Tone tone = ui::Tone::neutral) {
  ImGui::TableNextColumn();
  ui::wrapped(words, tone);
}

void draw_laptops(const FleetModel& fleet) {
  constexpr std::array<const char*, 7> headings = {"fleet.who",           "fleet.last_word", "fleet.came",
                                                   "fleet.not_handed_in", "fleet.submitted", "fleet.accepted",
                                                   "fleet.state"};
  constexpr ImGuiTableFlags flags = ImGuiTableFlags_BordersOuter | ImGuiTableFlags_BordersInnerH |
                                    ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_NoSavedSettings;
  if (!ImGui::BeginTable("fleet/laptops", static_cast<int>(headings.size()), flags)) return;
  constexpr std::array<float, 7> weights = {2.4f, 1.7f, 1.0f, 1.0f, 1.0f, 1.0f, 2.6f};
  for (std::size_t i = 0; i < headings.size(); ++i)
    ImGui::TableSetupColumn(headings[i], ImGuiTableColumnFlags_WidthStretch, weights[i]);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  for (const char* heading : headings) cell(tr(heading), ui::Tone::quiet);
  for (const FleetLaptop& laptop : fleet.laptops) {
    ImGui::TableNextRow();
    cell(laptop.user + " · " + laptop.unit);
    const bool silent = is_silent(laptop, fleet.now_ms);
    cell(laptop.is_own           ? tr("fleet.this_laptop")
         : laptop.last_word == 0 ? tr("fleet.never")
                                 : moment_text(laptop.last_word, fleet.today),
         silent ? ui::Tone::warning : ui::Tone::neutral);
    cell(number(laptop.changes));
    cell(number(records_in(laptop, {ReviewState::incomplete, ReviewState::to_hand_in})));
    cell(number(records_in(laptop, {ReviewState::submitted, ReviewState::edited_since})));
    cell(number(records_in(laptop, {ReviewState::accepted})));
    ImGui::TableNextColumn();
    bool said = false;
    const auto say = [&](ui::Tone tone, const std::string& words) {
      ui::wrapped(words, tone);
      said = true;
    };
    if (laptop.missing > 0) say(ui::Tone::attention, tr_with("fleet.missing", {number(laptop.missing)}));
    if (silent && !laptop.is_own)
      say(ui::Tone::warning,
          tr_with("fleet.silent", {number(day_number(fleet.today) - day_number(vietnam_day(laptop.last_word)))}));
    if (laptop.unanswered > 0)
      say(ui::Tone::waiting, tr_with(laptop.is_own ? "fleet.unsent" : "fleet.carried", {number(laptop.unanswered)}));
    const std::int64_t back = records_in(laptop, {ReviewState::returned_by_office, ReviewState::returned_by_team});
    if (back > 0) say(ui::Tone::waiting, tr_with("fleet.returned", {number(back)}));
    if (!laptop.old_forms.empty())
      say(ui::Tone::warning,
          tr_with("fleet.old_forms", {number(static_cast<std::int64_t>(laptop.old_forms.size()))}));
    if (!said) ui::text(tr("fleet.fine"), ui::Tone::good);
  }
  ImGui::EndTable();
}

std::optional<Action> draw_trip(const FleetModel& fleet, const Trip& trip) {
  std::optional<Action> action;
  ui::begin_card();
  std::string users;
  for (const std::string& user : trip.users) users += (users.empty() ? "" : ", ") + user;
  const std::string first = vietnamese::date_text(trip.sessions.front().day),
                    last = vietnamese::date_text(trip.sessions.back().day);
  ui::bold((first == last ? first : first + " – " + last) + " · " +
           (trip.unit.empty() ? tr("fleet.unknown_unit") : trip.unit) + (users.empty() ? "" : " · " + users));
  if (const std::size_t owed = trip.owed(fleet.today); owed > 0)
    ui::mark(ui::Tone::warning, tr_with("fleet.owed", {number(static_cast<std::int64_t>(owed)),
                                                       number(static_cast<std::int64_t>(trip.sessions.size()))}));
  else
    ui::mark(ui::Tone::good, tr("fleet.nothing_owed"));
  for (const OwedSession& session : trip.sessions) {
    ui::line();
    const float height = ImGui::GetTextLineHeight() + ui::px(8);
    const ImVec2 at = ImGui::GetCursorPos();
    if (ui::row_button("fleet/session/" + text(session.record), height)) action = OpenRecord{session.record};
    const ImVec2 after = ImGui::GetCursorPos();
    const std::string state = session.day > fleet.today && !session.reported ? tr("fleet.planned")
                              : !session.reported                            ? tr("fleet.not_reported")
                                                                             : review_state_text(session.state);
    const bool owes =
        session.day <= fleet.today &&
        (!session.reported || session.state == ReviewState::incomplete || session.state == ReviewState::to_hand_in ||
         session.state == ReviewState::returned_by_office || session.state == ReviewState::returned_by_team);
    ImGui::SetCursorPos({at.x + ui::px(6), at.y + ui::px(4)});
    ui::text(session.title.empty() ? tr("list.untitled") : session.title);
    ImGui::SameLine();
    ui::text(tr_with("fleet.consultations", {number(session.consultations)}), ui::Tone::quiet);
    const float right = ImGui::GetWindowContentRegionMax().x - ui::mark_width(state) - ui::px(20);
    ImGui::SameLine(right);
    ui::mark(owes ? ui::Tone::warning : ui::Tone::quiet, state);
    ImGui::SetCursorPos(after);
  }
  ui::end_card();
  return action;
}

}  // namespace

std::optional<Action> draw_fleet(const FleetModel& fleet) {
  std::optional<Action> action;
  begin_column("fleet/column", 1240);
  if (ui::button("fleet/back", tr("fleet.back"), ui::ButtonLook::quiet)) action = GoTo{Screen::inbox};
  ui::title(tr("fleet.title"));
  // What no laptop can know is said, and where it is known.
  ui::wrapped(tr("fleet.what_central_knows"), ui::Tone::quiet);
  if (!fleet.read) {
    ui::wrapped(tr("inbox.reading"), ui::Tone::quiet);
  } else {
    draw_laptops(fleet);
    ui::gap(8);
    ui::bold(tr("fleet.trips"));
    if (fleet.trips.empty()) ui::wrapped(tr("fleet.no_trips"), ui::Tone::quiet);
    for (const Trip& trip : fleet.trips)
      if (auto asked = draw_trip(fleet, trip)) action = std::move(asked);
  }
  end_column();
  return action;
}

}  // namespace fieldpost
