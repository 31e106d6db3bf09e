#include "shared/desk/deadlines.h"

#include <algorithm>

#include "shared/forms/working_days.h"

namespace fieldpost {
namespace {

constexpr std::int64_t papers_days = 5, papers_days_in_hard_area = 10;  // Luật Đ30 k3, TTLT 01/2012
constexpr std::int64_t appointment_days = 3;                            // Luật Đ31, Đ33
constexpr std::int64_t appointment_hours_if_held = 12;
constexpr std::int64_t answer_days = 10, answer_days_if_complex = 30;  // Luật Đ32
constexpr std::int64_t slip_days = 10;                                 // TTLT 01/2012 Đ6
constexpr std::int64_t handover_days = 30;
constexpr std::int64_t soon_days = 2;

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms, vietnam_ms = 7 * hour_ms;

CivilDate days_after(const CivilDate& from, std::int64_t days) { return from_day_number(day_number(from) + days); }

bool is_shown(const std::string& proof_state) {
  return proof_state == "original_seen" || proof_state == "certified_copy";
}

Deadline appointment_of(const Matter& matter, const CivilDate& accepted, const Catalogue& catalogue) {
  if (!matter.held)
    return {DeadlineKind::appointment, after_working_days(catalogue, accepted, appointment_days), std::nullopt};
  // The hour is known where the record was made on the day of acceptance; otherwise the day itself begins it.
  const std::int64_t start =
      vietnam_day(matter.written_at) == accepted ? matter.written_at : day_number(accepted) * day_ms - vietnam_ms;
  const std::int64_t due_ms = start + appointment_hours_if_held * hour_ms;
  return {DeadlineKind::appointment, vietnam_day(due_ms), due_ms};
}

void add_request(const Matter& matter, const Catalogue& catalogue, std::vector<Deadline>& out) {
  if (matter.decision != "" && matter.decision != "waiting" && matter.decision != "accepted") return;
  if (matter.date && !matter.ended_on && !is_shown(matter.proof_state) &&
      (matter.urgent || matter.proof_state == "promised" || matter.proof_state == "none"))
    out.push_back({DeadlineKind::papers,
                   after_working_days(catalogue, first_day(*matter.date),
                                      matter.hard_area ? papers_days_in_hard_area : papers_days),
                   std::nullopt});
  if (matter.decision != "accepted" || !matter.accepted_on) return;
  const CivilDate accepted = first_day(*matter.accepted_on);
  const bool in_proceedings = matter.service_form == "TGTT" || matter.service_form == "DDNTT";
  if (in_proceedings && !matter.appointed_on && !matter.ended_on)
    out.push_back(appointment_of(matter, accepted, catalogue));
  if (matter.service_form == "TV" && !matter.answered_on && !matter.ended_on)
    out.push_back({DeadlineKind::written_answer,
                   days_after(accepted, matter.complex ? answer_days_if_complex : answer_days), std::nullopt});
  if (matter.ended_on && !matter.file_handed_on)
    out.push_back(
        {DeadlineKind::file_handover, days_after(first_day(*matter.ended_on), handover_days), std::nullopt});
}

}  // namespace

const char* deadline_name(DeadlineKind kind) {
  switch (kind) {
    case DeadlineKind::papers: return "papers";
    case DeadlineKind::promised_papers: return "promised_papers";
    case DeadlineKind::appointment: return "appointment";
    case DeadlineKind::written_answer: return "written_answer";
    case DeadlineKind::slip_answer: return "slip_answer";
    case DeadlineKind::file_handover: return "file_handover";
  }
  return "unknown";
}

std::vector<Deadline> deadlines_of(const Matter& matter, const Catalogue& catalogue) {
  std::vector<Deadline> out;
  const bool is_open = matter.decision.empty() || matter.decision == "waiting" || matter.decision == "accepted";
  if (matter.proof_state == "promised" && matter.proof_promised_on && is_open && !matter.ended_on)
    out.push_back({DeadlineKind::promised_papers, first_day(*matter.proof_promised_on), std::nullopt});
  if (matter.kind == Matter::Kind::request) add_request(matter, catalogue, out);
  if (matter.kind == Matter::Kind::consultation && matter.has_slip && !matter.answered_on && matter.date) {
    CivilDate due = after_working_days(catalogue, first_day(*matter.date), slip_days);
    if (matter.answer_due) due = std::min(due, first_day(*matter.answer_due));
    out.push_back({DeadlineKind::slip_answer, due, std::nullopt});
  }
  std::stable_sort(out.begin(), out.end(), [](const Deadline& a, const Deadline& b) { return a.due < b.due; });
  return out;
}

Urgency urgency_of(const Deadline& deadline, std::int64_t now_ms, const Catalogue& catalogue) {
  const CivilDate today = vietnam_day(now_ms);
  if (deadline.due_ms ? *deadline.due_ms < now_ms : deadline.due < today) return Urgency::overdue;
  return deadline.due <= after_working_days(catalogue, today, soon_days) ? Urgency::soon : Urgency::later;
}

}  // namespace fieldpost
