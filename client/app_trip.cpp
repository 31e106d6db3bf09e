// The trip at hand: the sessions that follow each other, of today and the days before, with what is still open in
// them.
#include <algorithm>

#include "client/app.h"
#include "client/machine.h"
#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {
// A team is out for days at a stretch; after three days at home the next session begins another trip.
constexpr std::int64_t days_between_max = 3;
constexpr std::size_t sessions_max = 30;
constexpr int battery_low_percent = 20;
constexpr std::uint64_t disk_low_bytes = 500'000'000;
}  // namespace

void App::refresh_trip() {
  View::Query query;
  query.form = "outreach_session";
  query.limit = sessions_max;
  const auto sessions = store_->list(query);
  if (!worked(sessions)) return;
  std::int64_t last_seen = day_number(today());
  std::optional<CivilDate> first, last;
  std::size_t matters = 0;
  for (const RecordSummary& session : *sessions) {  // newest own date first
    if (!session.own_date || *session.own_date > today()) continue;
    const std::int64_t day = day_number(*session.own_date);
    if (last_seen - day > days_between_max) break;
    last_seen = day;
    first = session.own_date;
    if (!last) last = session.own_date;
    ListedRecord row = listed(session);
    if (const auto held = store_->linked("consultation", "session", session.record); worked(held)) {
      matters += held->size();
      row.form_label =
          tr_with("trip.consultations", {vietnamese::number_text(static_cast<std::int64_t>(held->size()))});
    }
    home_.trip.sessions.push_back(std::move(row));
  }
  if (!first) return;
  home_.trip.title = tr_with(first == last ? "trip.day" : "trip.days",
                             {vietnamese::date_text(*first), vietnamese::date_text(*last),
                              std::to_string(home_.trip.sessions.size()), std::to_string(matters)});
}

void App::refresh_machine() {
  const Machine machine = machine_of(options_.home);
  if (machine.battery_percent && *machine.battery_percent <= battery_low_percent)
    home_.machine.push_back(tr_with("machine.battery", {std::to_string(*machine.battery_percent)}));
  if (machine.disk_free_bytes != 0 && machine.disk_free_bytes < disk_low_bytes)
    home_.machine.push_back(
        tr_with("machine.disk", {bytes_text(static_cast<std::int64_t>(machine.disk_free_bytes))}));
}

}  // namespace fieldpost
