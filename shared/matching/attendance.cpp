#include "shared/matching/attendance.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "shared/foundation/vietnamese.h"
#include "shared/storage/view_tables.h"

namespace fieldpost {

std::int64_t Attendance::people() const {
  if (roster_signed && roster > 0) return roster;
  return headcount.value_or(roster);
}

const Attendance& official(const std::vector<Attendance>& reports) {
  const auto on_paper = std::find_if(reports.begin(), reports.end(),
                                     [](const Attendance& one) { return one.roster_signed && one.people() > 0; });
  if (on_paper != reports.end()) return *on_paper;
  const auto counted =
      std::find_if(reports.begin(), reports.end(), [](const Attendance& one) { return one.people() > 0; });
  return counted != reports.end() ? *counted : reports.front();
}

namespace {

/// The table of the form that a record has; null where the form has no roster.
const FormTables* session_tables(Database& view, const ViewTables& tables, const RecordId& record) {
  Statement row = view.prepare("SELECT form FROM record WHERE record = ?");
  row.bind(record);
  const FormTables* form = row.step() ? tables.of(row.text(0)) : nullptr;
  return form != nullptr && form->form->record_class == RecordClass::session ? form : nullptr;
}

std::string answer(const ViewTable& table, std::string_view question) {
  return table.column(question) != nullptr ? fmt::format("\"{}\"", question) : std::string("NULL");
}

}  // namespace

std::vector<Attendance> attendances(Database& view, const Catalogue& catalogue,
                                    const std::vector<RecordId>& reports) {
  const ViewTables tables(catalogue);
  std::vector<Attendance> out;
  for (const RecordId& report : reports) {
    const FormTables* form = session_tables(view, tables, report);
    const Question* roster = form ? form->form->find("roster") : nullptr;
    const ViewTable* lines = roster ? form->repeat(roster->number) : nullptr;
    if (lines == nullptr) return {};
    Statement row =
        view.prepare(fmt::format("SELECT {}, {}, (SELECT COUNT(*) FROM \"{}\" l WHERE l.record = f.record)"
                                 " FROM \"{}\" f WHERE f.record = ?",
                                 answer(form->main, "paper_roster_signed"), answer(form->main, "headcount_total"),
                                 lines->name, form->main.name));
    row.bind(report);
    Attendance& one = out.emplace_back();
    one.report = report;
    if (!row.step()) continue;
    one.roster_signed = row.text_view(0) == "yes";
    if (!row.is_null(1)) one.headcount = row.integer(1);
    one.roster = row.integer(2);
  }
  return out;
}

std::optional<RecordId> official_report(Database& view, const Catalogue& catalogue,
                                        const std::vector<RecordId>& reports) {
  const std::vector<Attendance> all = attendances(view, catalogue, reports);
  return all.empty() ? std::nullopt : std::optional(official(all).report);
}

std::vector<std::string> credited_bodies(Database& view, const Catalogue& catalogue,
                                         const std::vector<RecordId>& reports) {
  const ViewTables tables(catalogue);
  std::vector<std::string> bodies;
  std::set<std::string> known;
  for (const RecordId& report : reports) {
    const FormTables* form = session_tables(view, tables, report);
    if (form == nullptr) continue;
    Statement row = view.prepare(fmt::format("SELECT {}, {}, {} FROM \"{}\" WHERE record = ?",
                                             answer(form->main, "lead_organisation"), answer(form->main, "co_hosts"),
                                             answer(form->main, "partners"), form->main.name));
    row.bind(report);
    if (!row.step()) continue;
    for (int column = 0; column < 3; ++column) {
      const std::string named = row.text(column);
      for (std::string_view rest = named; !rest.empty();) {
        const std::size_t end = std::min(rest.find_first_of(",;\n"), rest.size());
        std::string_view body = rest.substr(0, end);
        rest.remove_prefix(std::min(end + 1, rest.size()));
        while (!body.empty() && body.front() == ' ') body.remove_prefix(1);
        while (!body.empty() && body.back() == ' ') body.remove_suffix(1);
        if (!body.empty() && known.insert(vietnamese::fold(body)).second) bodies.emplace_back(body);
      }
    }
  }
  return bodies;
}

}  // namespace fieldpost
