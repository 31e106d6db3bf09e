#include "shared/reports/closing.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <set>

namespace fieldpost {

namespace {

bool lies_within(const ReportWindow& inner, const ReportWindow& outer) {
  return outer.from <= inner.from && inner.to <= outer.to;
}

bool is_same(const ReportWindow& a, const ReportWindow& b) { return a.from == b.from && a.to == b.to; }

/// Without the office's own decisions and locks: what they change in figures shows in the records they are about.
std::set<RecordId> dated_within(Database& view, const Catalogue& catalogue, const std::vector<RecordId>& records,
                                const ReportWindow& window) {
  std::set<RecordId> out;
  for (const RecordId& record : records) {
    Statement row = view.prepare("SELECT own_date, form FROM record WHERE record = ? AND present");
    row.bind(record);
    if (!row.step()) continue;
    const Form* form = catalogue.form(row.text(1));
    if (!form || !form->about.empty() || form->name == "report_lock") continue;
    const Result<CivilDate> date = parse_iso_date(row.text_view(0));
    if (date && window.from <= first_day(*date) && first_day(*date) <= window.to) out.insert(record);
  }
  return out;
}

}  // namespace

Result<std::vector<ReportLock>> locks(Database& view) {
  return guarded([&] {
    std::vector<ReportLock> out;
    Statement row = view.prepare(
        "SELECT l.record, l.\"from\", l.\"to\", l.state, r.first_author, r.first_at, o.reopened FROM "
        "form_report_lock l"
        " JOIN record r ON r.record = l.record LEFT JOIN form_lock_reopening o ON o.lock = l.record"
        " ORDER BY l.\"to\", l.\"from\", l.record");
    while (row.step()) {
      ReportLock& lock = out.emplace_back();
      lock.record = row.id<RecordId>(0);
      lock.by = row.id<UserId>(4);
      lock.at = row.integer(5);
      lock.reopened = row.text_view(6) == "yes";
      const Result<CivilDate> from = parse_iso_date(row.text_view(1)), to = parse_iso_date(row.text_view(2));
      Result<DataState> state = DataState::parse(row.text_view(3));
      lock.is_whole = from && to && state && !state->parts.empty();
      if (!lock.is_whole) continue;
      lock.window = {first_day(*from), last_day(*to), {}};
      lock.state = *std::move(state);
    }
    return out;
  });
}

const ReportLock* lock_of(const std::vector<ReportLock>& locks, const ReportWindow& window) {
  const auto found = std::find_if(locks.begin(), locks.end(), [&](const ReportLock& lock) {
    return lock.is_whole && !lock.reopened && is_same(lock.window, window);
  });
  return found == locks.end() ? nullptr : &*found;
}

std::vector<const ReportLock*> locks_within(const std::vector<ReportLock>& locks, const ReportWindow& window) {
  std::vector<const ReportLock*> out;
  for (const ReportLock& lock : locks)
    if (lock.is_whole && !lock.reopened && lies_within(lock.window, window) && !is_same(lock.window, window) &&
        lock_of(locks, lock.window) == &lock)
      out.push_back(&lock);
  return out;
}

Result<RecordId> close_window(Store& store, const ReportWindow& window, std::string_view reason) {
  const Result<std::vector<ReportLock>> known = locks(store.database());
  if (!known) return known.error();
  if (const ReportLock* lock = lock_of(*known, window))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("this window is closed already, by {}; the director may reopen it", text(lock->record))};
  const Result<std::optional<Identity>> self = store.identity();
  if (!self) return self.error();
  if (!*self) return Error{ErrorCode::not_found, "only an enrolled laptop closes a window"};
  const Form* form = store.catalogue().form("report_lock");
  if (!form) return Error{ErrorCode::not_found, "the form 'report_lock' is not known on this laptop"};
  const Result<DataState> state = guarded([&] { return data_state(store.database(), (*self)->deployment()); });
  if (!state) return state.error();
  if (state->parts.empty()) return Error{ErrorCode::invalid_argument, "there is nothing here yet to close"};
  Edit edit;
  const auto set = [&](std::string_view question, Value value) {
    edit.fields[{form->find_in(nullptr, question)->number, ""}] = std::move(value);
  };
  set("from", window.from);
  set("to", window.to);
  set("state", state->text());
  Seen seen = store.start(*form);
  const Result<Saved> saved = store.save(seen, edit, std::string(reason));
  if (!saved) return saved.error();
  return saved->record;
}

Result<void> reopen_window(Store& store, const RecordId& lock, std::string_view reason, const CivilDate& today) {
  const Result<std::vector<ReportLock>> known = locks(store.database());
  if (!known) return known.error();
  const auto found =
      std::find_if(known->begin(), known->end(), [&](const ReportLock& each) { return each.record == lock; });
  if (found == known->end()) return Error{ErrorCode::not_found, "no window was closed by this record"};
  if (!found->is_whole) return Error{ErrorCode::invalid_argument, "this lock closes nothing"};
  if (found->reopened) return Error{ErrorCode::invalid_argument, "this window is open already"};
  const Form* form = store.catalogue().form("lock_reopening");
  if (!form) return Error{ErrorCode::not_found, "the form 'lock_reopening' is not known on this laptop"};
  const Fields answers = {{{form->find_in(nullptr, "reopened")->number, ""}, std::string("yes")},
                          {{form->find_in(nullptr, "reopened_on")->number, ""}, today}};
  const Result<Saved> saved = store.decide(*form, {lock}, answers, std::string(reason));
  if (!saved) return saved.error();
  return {};
}

Result<std::optional<ReportLock>> show_lock_of(Database& view, const Catalogue& catalogue,
                                               const DeploymentId& deployment, const ReportWindow& window) {
  const Result<std::vector<ReportLock>> known = locks(view);
  if (!known) return known.error();
  const ReportLock* lock = lock_of(*known, window);
  if (!lock) return std::optional<ReportLock>();
  const Result<std::int64_t> shown = show_as_of(view, catalogue, deployment, lock->state);
  if (!shown) return shown.error();
  return std::optional(*lock);
}

Result<std::vector<RecordId>> late_records(Database& view, const Catalogue& catalogue, const DeploymentId& deployment,
                                           const ReportLock& lock) {
  const Result<std::vector<RecordId>> touched = touched_since(view, deployment, lock.state);
  if (!touched) return touched.error();
  return guarded([&]() -> Result<std::vector<RecordId>> {
    std::set<RecordId> late = dated_within(view, catalogue, *touched, lock.window);
    if (const Result<std::int64_t> shown = show_as_of(view, catalogue, deployment, lock.state); !shown)
      return shown.error();
    late.merge(dated_within(view, catalogue, *touched, lock.window));
    show_now(view);
    return std::vector<RecordId>(late.begin(), late.end());
  });
}

namespace {

using Figures = std::map<std::array<std::string, 3>, std::int64_t>;  // by table, line, column

Figures figures_of(const Report& report) {
  Figures out;
  for (const ReportTable& table : report.tables) {
    const auto add = [&](const std::string& code, const ReportLine& line) {
      for (std::size_t i = 0; i < line.cells.size() && i < table.columns.size(); ++i)
        if (line.cells[i].figure.value_or(0) != 0)
          out[{table.definition->name, code, table.columns[i].name}] = *line.cells[i].figure;
    };
    for (const ReportLine& line : table.lines) add(line.code, line);
    if (table.total) add("total", *table.total);
  }
  return out;
}

}  // namespace

Result<std::vector<Adjustment>> adjustments(Database& view, const Catalogue& catalogue,
                                            const DeploymentId& deployment, const ReportDefinition& definition,
                                            const ReportWindow& window, const ReportOptions& options,
                                            const std::vector<ReportLock>& locks) {
  std::vector<Adjustment> out;
  for (const ReportLock* lock : locks_within(locks, window)) {
    Result<std::vector<RecordId>> late = late_records(view, catalogue, deployment, *lock);
    if (!late) return late.error();
    if (late->empty()) continue;
    const Result<Report> now = make_report(view, catalogue, definition, lock->window, options);
    if (!now) return now.error();
    if (const Result<std::int64_t> shown = show_as_of(view, catalogue, deployment, lock->state); !shown)
      return shown.error();
    const Result<Report> closed = make_report(view, catalogue, definition, lock->window, options);
    if (!closed) return closed.error();
    if (const Result<void> back = guarded([&] { show_now(view); }); !back) return back.error();
    Adjustment& adjustment = out.emplace_back();
    adjustment.lock = lock;
    adjustment.late = *std::move(late);
    const Figures before = figures_of(*closed);
    Figures after = figures_of(*now);
    for (const auto& [name, figure] : before) after.try_emplace(name, 0);
    for (const auto& [name, figure] : after) {
      const auto found = before.find(name);
      const std::int64_t then = found == before.end() ? 0 : found->second;
      if (then != figure) adjustment.figures.push_back({name[0], name[1], name[2], then, figure});
    }
  }
  return out;
}

}  // namespace fieldpost
