// Results per national programme: what appendix 1 of the plans asks each programme's line to say (domain 2.1, A11 to
// A15).
#pragma once

#include "shared/reports/report.h"

namespace fieldpost {

// The figures of one line, over records whose own date lies in the window (a date of a month or a year: its first
// day):
//
//   sessions, sessions_with_roster, sessions_estimated
//       outreach sessions; those with rows in the roster; those that have a headcount alone
//   participants.roster.*
//       lượt: one for each row, by sex (an empty one is unknown), by ethnicity (kinh, minority, foreign, and unknown
//       where nobody said), and by group
//   participants.roster.probably_same
//       rows of the total that repeat another one of the same session: folded name, birth year and sex agree. A hint
//       to look: both rows count until a person decides
//   participants.estimated.*
//       headcounts of sessions without a roster; never added to the rows
//   classes, class_participants
//       training classes; their learners, as rows
//   providers_trained, provider_hours
//       learners who are providers by law (domain 3.5), each counted once: by the record they refer to, else by
//       folded name and birth date; hours of all their rows
//   consultations.total, .by_field.*, .by_category.*
//       việc; the category used for it, else the only one named
//   paid.*
//       activities this programme pays for
//
// An activity of two programmes stands in the line of each; the total counts it once. Activities that name none stand
// in the line `none`. Deleted records and rows never count.
Result<Report> programmes_report(Database& view, const Catalogue& catalogue, const ReportWindow& window);

}  // namespace fieldpost
