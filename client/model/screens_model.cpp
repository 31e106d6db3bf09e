#include "client/model/screens_model.h"

#include <algorithm>
#include <cmath>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {
/// The same failure means another thing where it is a stick's: not this laptop's disk is full.
std::string stick_error_text(const Error& error) {
  const std::string key = std::string("stick.error_") + code_name(error.code);
  return has_text(key) ? tr(key) : error_text(error);
}
}  // namespace

void take_event(StickModel& stick, const StickWritten& written) {
  const auto number = [](std::int64_t value) { return vietnamese::number_text(value); };
  stick.running = false;
  stick.problem.clear();
  stick.done = tr_with("stick.written",
                       {number(written.changes), written.file, bytes_text(static_cast<std::int64_t>(written.bytes))});
  stick.notes = {tr("stick.safe")};
  if (written.files > 0) stick.notes.push_back(tr_with("stick.files", {number(written.files)}));
  if (written.more) stick.notes.push_back(tr("stick.more"));
}

void take_event(StickModel& stick, const StickRead& read) {
  const auto number = [](std::int64_t value) { return vietnamese::number_text(value); };
  stick.running = false;
  stick.problem.clear();
  stick.done.clear();
  stick.notes.clear();
  if (read.bundles > 0)
    stick.done = tr_with("stick.read", {number(read.bundles), number(read.sum.received), number(read.sum.receipted)});
  else if (read.faults.empty())
    stick.problem = read.for_others > 0 ? tr("stick.only_others") : tr("stick.none");
  if (read.for_others > 0) stick.notes.push_back(tr_with("stick.others", {number(read.for_others)}));
  for (const StickRead::Fault& fault : read.faults)
    stick.notes.push_back(tr_with("stick.fault", {fault.file, stick_error_text(fault.error)}));
  if (read.sum.held > 0) stick.notes.push_back(tr_with("sync.report_held", {number(read.sum.held)}));
  if (read.sum.refused > 0) stick.notes.push_back(tr_with("sync.report_refused", {number(read.sum.refused)}));
  if (read.sum.is_old) stick.notes.push_back(tr("stick.old"));
  if (read.sum.new_epoch) stick.notes.push_back(tr("sync.new_epoch"));
  if (read.sum.new_incarnation) stick.notes.push_back(tr("sync.new_incarnation"));
}

void take_drives(StickModel& stick, std::vector<StickModel::Place> drives) {
  const auto is_chosen = [&](const StickModel::Place& drive) { return drive.path == stick.path; };
  const bool was_drive = std::any_of(stick.drives.begin(), stick.drives.end(), is_chosen);
  const bool is_gone = was_drive && std::none_of(drives.begin(), drives.end(), is_chosen);
  stick.drives = std::move(drives);
  if (is_gone) stick.path.clear();
  if (stick.path.empty() && !stick.drives.empty()) stick.path = stick.drives.front().path;
}

void take_event(SyncStatus& sync, const Event& event) {
  if (std::holds_alternative<SyncStarted>(event)) {
    sync.running = true;
    sync.progress = {};
    sync.elapsed = {};
    sync.problem.clear();
    sync.kept.clear();
    sync.report.reset();
  } else if (const auto* progressed = std::get_if<SyncProgressed>(&event)) {
    sync.running = true;
    sync.progress = progressed->progress;
    sync.elapsed = progressed->elapsed;
  } else if (const auto* finished = std::get_if<SyncFinished>(&event)) {
    sync.running = false;
    sync.report = finished->report;
  } else if (const auto* written = std::get_if<StickWritten>(&event)) {
    take_event(sync.stick, *written);
  } else if (const auto* read = std::get_if<StickRead>(&event)) {
    take_event(sync.stick, *read);
  } else if (const auto* stuck = std::get_if<StickFailed>(&event)) {
    sync.stick.running = false;
    sync.stick.problem = stick_error_text(stuck->error);
    sync.stick.notes = {tr("stick.kept")};
  } else if (const auto* failed = std::get_if<SyncFailed>(&event)) {
    sync.running = false;
    sync.report = failed->report;
    sync.problem = error_text(failed->error);
    sync.kept = tr("sync.kept");
    if (failed->retry_in) {
      const std::int64_t seconds = (failed->retry_in->count() + 999) / 1'000;
      sync.kept += " " + (seconds < 120 ? tr_with("sync.retry_seconds", {vietnamese::number_text(seconds)})
                                        : tr_with("sync.retry_minutes", {vietnamese::number_text(seconds / 60)}));
    }
  }
}

namespace {
/// Changes done and to do, both ways.
std::pair<std::int64_t, std::int64_t> moved(const ExchangeProgress& progress) {
  return {progress.sent + progress.received,
          std::max(progress.sent, progress.to_send) + std::max(progress.received, progress.to_receive)};
}

/// Nothing where a guess would only be wrong: too early, or too little left to be worth a word.
std::string remaining_text(const SyncStatus& sync) {
  constexpr std::chrono::seconds too_early{3};
  const auto [done, all] = moved(sync.progress);
  if (sync.elapsed < too_early || done == 0 || all == done) return {};
  const double seconds =
      static_cast<double>(sync.elapsed.count()) / 1'000 * static_cast<double>(all - done) / static_cast<double>(done);
  if (seconds < 1) return {};
  const auto whole = [](double value) {
    return vietnamese::number_text(static_cast<std::int64_t>(std::ceil(value)));
  };
  return " · " + (seconds < 90 ? tr_with("sync.left_seconds", {whole(seconds)})
                               : tr_with("sync.left_minutes", {whole(seconds / 60)}));
}
}  // namespace

float sync_fraction(const ExchangeProgress& progress) {
  if (progress.phase == ExchangeProgress::Phase::done) return 1.0f;
  if (progress.phase == ExchangeProgress::Phase::connecting) return 0.02f;
  const auto [done, all] = moved(progress);
  const float changes = all > 0 ? static_cast<float>(done) / static_cast<float>(all) : 1.0f;
  return 0.05f + 0.9f * changes;
}

std::string sync_progress_text(const SyncStatus& sync) {
  const ExchangeProgress& progress = sync.progress;
  const auto number = [](std::int64_t value) { return vietnamese::number_text(value); };
  const std::string bytes = tr_with("sync.bytes", {bytes_text(progress.bytes_out), bytes_text(progress.bytes_in)});
  switch (progress.phase) {
    case ExchangeProgress::Phase::connecting: return tr("sync.connecting");
    case ExchangeProgress::Phase::sending:
    case ExchangeProgress::Phase::receiving:
      return tr_with("sync.moving",
                     {number(progress.sent), number(std::max(progress.sent, progress.to_send)),
                      number(progress.received), number(std::max(progress.received, progress.to_receive))}) +
             " · " + bytes + remaining_text(sync);
    case ExchangeProgress::Phase::files: return tr("sync.files") + " · " + bytes;
    case ExchangeProgress::Phase::done: return tr("sync.done") + " · " + bytes;
  }
  return {};
}

std::string sync_report_text(const ExchangeReport& report) {
  const auto number = [](std::int64_t value) { return vietnamese::number_text(value); };
  std::string text = tr_with("sync.report", {number(report.sent), number(report.received)}) + " · " +
                     tr_with("sync.bytes", {bytes_text(report.bytes_out), bytes_text(report.bytes_in)});
  if (report.held > 0) text += "\n" + tr_with("sync.report_held", {number(report.held)});
  if (report.refused > 0) text += "\n" + tr_with("sync.report_refused", {number(report.refused)});
  if (report.new_epoch) text += "\n" + tr("sync.new_epoch");
  if (report.new_incarnation) text += "\n" + tr("sync.new_incarnation");
  constexpr std::int64_t minute = 60'000;
  if (std::abs(report.clock_offset_ms) > 5 * minute)
    text += "\n" + tr_with("sync.clock_off", {number(std::abs(report.clock_offset_ms) / minute)});
  return text;
}

std::string error_text(const Error& error) {
  const std::string key = std::string("error.") + code_name(error.code);
  std::string text = has_text(key) ? tr(key) : error.message;
  // Who holds the store stands in the message; the other messages are for the log.
  if (error.code == ErrorCode::busy && !error.message.empty()) text += "\n" + error.message;
  return text;
}

std::string status_text(RecordStatus status) {
  switch (status) {
    case RecordStatus::on_this_laptop: return tr("status.on_this_laptop");
    case RecordStatus::in_a_bundle: return tr("status.in_a_bundle");
    case RecordStatus::at_central: return tr("status.at_central");
    case RecordStatus::needs_attention: return tr("status.needs_attention");
  }
  return {};
}

std::string outcome_text(const AttentionItem& item) {
  std::string text = item.outcome == Outcome::refused ? tr("attention.refused") : tr("attention.held");
  const std::string key = std::string("reason.") + reason_name(item.reason);
  if (item.reason != Reason::none && has_text(key)) text += " " + tr(key);
  return text;
}

void veil(RecordHistory& history, const Form* form) {
  if (!form || has_personal_title(*form)) history.title = veiled_text();
  for (HistoryEntry& entry : history.entries) {
    if (!entry.reason.empty()) entry.reason = veiled_text();
    for (HistoryEntry::Line& line : entry.lines)
      if (line.personal) line.value = veiled_text();
  }
}

RecordHistory record_history(const Form* form, const RecordId& record, const std::string& title,
                             const std::vector<Change>& changes, const Catalogue& catalogue, const Names& names) {
  RecordHistory history{record, title, {}};
  for (auto change = changes.rbegin(); change != changes.rend(); ++change) {
    HistoryEntry entry;
    entry.when = moment_text(change->at);
    entry.author = names.author ? names.author(change->author) : std::string();
    entry.device = names.device ? names.device(change->device) : std::string();
    entry.reason = change->reason.value_or("");
    EntityId row_of_last_line;
    for (std::size_t i = 0; i < change->writes.size(); ++i) {
      const FieldRef& field = change->writes[i];
      // Every write of a record says that it is present; only its deletion is news.
      const bool presence =
          field.field.number == record_presence ||
          (form && form->find(field.field.number) && form->find(field.field.number)->type == QuestionType::repeat);
      if (presence && !change->erased && change->values[i] == Value(true)) continue;
      // What one save writes in one row of a roster reads as one line.
      const Question* question = form && field.entity != record ? form->find(field.field.number) : nullptr;
      if (const Question* repeat = question ? form->repeat_of(*question) : nullptr; repeat && !change->erased) {
        std::string value = field_value_text(*form, field, change->values[i], catalogue, names);
        if (!field.field.option.empty())
          value = option_label(*question, field.field.option, catalogue) + ": " + value;
        else if (question->type == QuestionType::select_multiple)
          continue;
        else if (is_cleared(change->values[i]))
          value = question->label.in(language()) + ": " + value;
        const bool personal = is_personal(*question);
        if (row_of_last_line == field.entity) {
          entry.lines.back().personal = entry.lines.back().personal || personal;
          entry.lines.back().value += " · " + value;
        } else {
          entry.lines.push_back({repeat->label.in(language()), value, personal});
          row_of_last_line = field.entity;
        }
        continue;
      }
      HistoryEntry::Line line;
      line.field = form ? field_text(*form, field, record, catalogue) : tr("field.unknown");
      if (change->erased)
        line.value = tr("value.erased");
      else if (form)
        line.value = field_value_text(*form, field, change->values[i], catalogue, names);
      else
        line.value = plain_text(change->values[i]);
      line.personal = !change->erased && (!form || is_personal(*form, field, record));
      entry.lines.push_back(std::move(line));
    }
    history.entries.push_back(std::move(entry));
  }
  return history;
}

}  // namespace fieldpost
