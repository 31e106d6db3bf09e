// What the law wants by when of a request or a consultation, from its answers and the list of days off. Pure. The
// rules are those of domain 3.4: Luật Trợ giúp pháp lý 2017 (Điều 30, 31, 32, 33), TT 08/2017/TT-BTP and TT
// 12/2018/TT-BTP as amended, TTLT 01/2012 (Điều 6) for the appointment slip. A deadline in working days does not
// count the day it begins on (Bộ luật Dân sự 2015, Điều 147, khoản 2).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "shared/forms/code_list.h"

namespace fieldpost {

enum class DeadlineKind {
  papers,           // to be brought after a request: 5 working days, 10 in an extremely difficult area
  promised_papers,  // on the day that the person promised
  appointment,      // of a provider: 3 working days, 12 hours where somebody is arrested or held
  written_answer,   // 10 days from acceptance, 30 where the matter is complex
  slip_answer,      // to an appointment slip: on the day it says, 10 working days at most
  file_handover,    // of the case file after the end of the case: 30 days
};
const char* deadline_name(DeadlineKind kind);

struct Deadline {
  DeadlineKind kind = DeadlineKind::papers;
  CivilDate due;                       // the last day, included
  std::optional<std::int64_t> due_ms;  // the last moment, UTC ms, where it is counted in hours
};

/// The answers that deadlines depend on, codes as in the lists; nothing where nobody answered.
struct Matter {
  enum class Kind { request, consultation } kind = Kind::request;
  std::optional<CivilDate> date;  // received, or held
  std::int64_t written_at = 0;    // when the record was first saved, by its laptop's clock, UTC ms
  std::string proof_state;
  std::optional<CivilDate> proof_promised_on;
  // Of a request.
  bool hard_area = false, urgent = false, held = false, complex = false;
  std::string decision, service_form;
  std::optional<CivilDate> accepted_on, appointed_on, answered_on, ended_on, file_handed_on;
  // Of a consultation.
  bool has_slip = false;
  std::optional<CivilDate> answer_due;
};

/// The deadlines that run and are not met yet, soonest first. A date without its day begins with the first day it may
/// mean, so that no deadline is said to be later than it is.
std::vector<Deadline> deadlines_of(const Matter& matter, const Catalogue& catalogue);

enum class Urgency { later, soon, overdue };
/// `soon`: today, or within two working days. An hour's deadline is overdue to the minute.
Urgency urgency_of(const Deadline& deadline, std::int64_t now_ms, const Catalogue& catalogue);

}  // namespace fieldpost
