// The office's desk in a history: decisions on pairs, reviews, acceptances that get numbers, and closed windows.
#include <algorithm>

#include "shared/forms/about.h"
#include "shared/storage/data_state.h"
#include "tools/simulation/history_state.h"

namespace fieldpost::simulation {

namespace {

std::vector<RecordId> records_of(Store& store, const std::string& form) {
  std::vector<RecordId> out;
  View::Query query;
  query.form = form;
  for (const RecordSummary& summary : must(store.list(query))) out.push_back(summary.record);
  std::sort(out.begin(), out.end());
  return out;
}

/// What a report would be made from: every row of the forms that count, in one order.
std::string figures(Database& view) {
  std::string out;
  for (const char* sql : {"SELECT record, title, headcount FROM form_visit ORDER BY record",
                          "SELECT record, row, full_name FROM form_visit__roster ORDER BY record, row",
                          "SELECT record, full_name, accepted_on FROM form_secret ORDER BY record"}) {
    Statement row = view.prepare(sql);
    while (row.step())
      out += to_hex(row.blob(0)) + "|" + std::string(row.text_view(1)) + "|" + std::string(row.text_view(2)) + "\n";
  }
  return text(sha256(view_of(out)));
}

}  // namespace

void History::desk_step() {
  Laptop& clerk = *laptops_[clerks_[random_.below(clerks_.size())]];
  if (chance(40)) return advance(clerk, true);
  const std::uint64_t dice = random_.below(100);
  // Numbers are lost where central is brought back from before it gave them.
  if (dice < 3) {
    if (options_.restores) central_backup_ = central_.backup();
  } else if (dice < 6) {
    if (central_backup_) restore_central();
  } else if (dice < 30)
    decide(clerk, "pair", records_of(clerk.store(), "visit"), 2);
  else if (dice < 60)
    decide(clerk, "review", records_of(clerk.store(), "visit"), 1);
  else if (dice < 90)
    accept(clerk);
  else
    close(clerk);
}

void History::decide(Laptop& clerk, const char* about, std::vector<RecordId> known, std::size_t subjects) {
  if (known.size() < subjects) return;
  std::vector<RecordId> chosen;
  while (chosen.size() < subjects) {
    const std::size_t at = random_.below(known.size());
    chosen.push_back(known[at]);
    known.erase(known.begin() + static_cast<std::ptrdiff_t>(at));
  }
  const Form& form = *laptop_catalogue().form(about);
  const RecordId record = record_about(about, chosen);
  std::set<ChangeId> sight = sight_of(clerk, record);
  static constexpr const char* answers[] = {"same", "not_same", "undecided"};
  // What a station reported is decided on too, but none of it is the station's to see.
  const Fields answer = {{{3, ""}, std::string(answers[random_.below(3)]) + std::string(canary)}};
  const Saved saved = must(clerk.store().decide(form, chosen, answer, "đã xem"));
  if (!saved.change.is_nil()) keep_truth(clerk, record, saved.change, std::move(sight));
  note_step("decisions");
}

void History::accept(Laptop& clerk) {
  const std::vector<RecordId> known = records_of(clerk.store(), "secret");
  Edit edit;
  Seen seen = clerk.store().start(*laptop_catalogue().form("secret"));
  if (known.empty() || chance(40))  // somebody came to the office
    edit.fields[{1, ""}] = random_text(seen.record, false);
  else
    seen = must(clerk.store().see(known[random_.below(known.size())]));
  const RecordId record = seen.record;
  std::set<ChangeId> sight = sight_of(clerk, record);
  edit.fields[{3, ""}] = must(parse_iso_date(chance(80) ? "2025-11-03" : "2026-01-05"));
  const Saved saved = must(clerk.store().save(seen, edit));
  if (!saved.change.is_nil()) keep_truth(clerk, record, saved.change, std::move(sight));
  note_step("acceptances");
}

void History::close(Laptop& clerk) {
  if (closed_.size() >= 6) return;
  const DeploymentId deployment = must(clerk.store().identity())->deployment();
  const DataState state = must(guarded([&] { return data_state(clerk.store().database(), deployment); }));
  // Without what central holds back of this clerk's own, which only this laptop's view shows.
  const Laptop::Copy view = clerk.copy();
  must(show_as_of(*view.database, laptop_catalogue(), deployment, state));
  closed_.push_back({clerk.name, state, must(guarded([&] { return figures(*view.database); }))});
  note_step("windows closed");
}

void History::check_closed_windows() {
  const bool nothing_was_restored = counters_[fault::laptop_restores] + counters_[fault::central_restores] +
                                        counters_[fault::clones] + counters_[fault::laptop_crashes] ==
                                    0;
  for (const auto& laptop : laptops_) {
    if (laptop->role != Role::reconciler) continue;
    const DeploymentId deployment = must(laptop->store().identity())->deployment();
    for (const Closed& closed : closed_) {
      const Laptop::Copy view = laptop->copy();
      const Result<std::int64_t> shown =
          options_.control == Control::live_figures
              ? Result<std::int64_t>(0)
              : show_as_of(*view.database, laptop_catalogue(), deployment, closed.state);
      if (!shown) {
        // A journal that was given up for another after a restore is not here as it was. Whoever closed the window
        // without any of that can always make its figures again.
        if (shown.error().code != ErrorCode::not_found) throw Broken{shown.error().message};
        if (laptop->name == closed.by && nothing_was_restored)
          throw Broken{"the state of a closed window is not all on the laptop that closed it"};
        note_step("closed windows not all there");
        continue;
      }
      if (must(guarded([&] { return figures(*view.database); })) != closed.figures)
        throw Broken{"the figures of a closed window moved on " + laptop->name};
      note_step("closed windows made again");
      if (*shown > 0) note_step("closed windows with late records");
    }
  }
}

void History::check_register() {
  const bool nothing_was_restored = counters_[fault::central_restores] == 0;
  must(guarded([&] {
    std::map<std::pair<std::string, std::int64_t>, std::set<std::int64_t>> books;
    std::int64_t entries = 0;
    for (const auto& [record, heads] : central_heads()) {
      const RecordState state = central_.state(record);
      if (state.form != "book") continue;
      ++entries;
      if (!state.conflicts.empty()) throw Broken{"an entry of the register has two numbers"};
      const auto& fields = state.answers.fields;
      const std::pair book(std::get<std::string>(fields.at({2, ""})), std::get<std::int64_t>(fields.at({3, ""})));
      if (!books[book].insert(std::get<std::int64_t>(fields.at({4, ""}))).second)
        throw Broken{"a number of the register was given twice"};
    }
    counters_["numbers given"] += entries;
    for (const auto& [book, numbers] : books)
      if (nothing_was_restored && *numbers.rbegin() != static_cast<std::int64_t>(numbers.size()))
        throw Broken{"the register has a gap"};
  }));
  for (const auto& [record, heads] : central_heads()) {
    const RecordState state = central_.state(record);
    if (state.form != "secret" || !state.present || !state.conflicts.empty()) continue;
    const auto accepted = state.answers.fields.find({3, ""});
    const bool is_due = accepted != state.answers.fields.end() && std::holds_alternative<CivilDate>(accepted->second);
    if (is_due && !central_.knows(record_about("book", {record}))) throw Broken{"an acceptance has no number"};
  }
}

}  // namespace fieldpost::simulation
