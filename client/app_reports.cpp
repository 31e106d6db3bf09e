// The page of reports: what is asked for goes to the report maker, what it has done comes back here.
#include <algorithm>
#include <utility>

#include "client/app.h"
#include "client/desktop.h"
#include "client/model/translation.h"
#include "shared/foundation/log.h"
#include "shared/foundation/vietnamese.h"
#include "shared/paper/issuer.h"

namespace fieldpost {

namespace {

template <class... Cases>
struct Overloaded : Cases... {
  using Cases::operator()...;
};
template <class... Cases>
Overloaded(Cases...) -> Overloaded<Cases...>;

}  // namespace

void App::show_reports() {
  if (reports_.choices.empty()) report_maker_->load();
  if (reports_.folder.empty()) reports_.folder = documents_folder().string();
  const auto identity = store_->identity();
  reports_.may_see_names = identity && *identity && may_see_names((*identity)->certificate.role);
  reports_.may_close = identity && *identity && sees_every_unit((*identity)->certificate.role);
  reports_.names = reports_.names && reports_.may_see_names;
}

void App::fill_report_choices() {
  const std::size_t chosen = reports_.chosen;
  const bool fresh = reports_.choices.empty();
  reports_.choices.clear();
  // Case by case is for who holds all cases.
  for (const ReportDefinition& report : shipped_reports())
    if (!report.of_cases || reports_.may_see_names)
      reports_.choices.push_back({&report, report.label.in(language())});
  if (fresh)
    choose_report(reports_, 0, today());
  else
    reports_.chosen = chosen;
}

void App::close_report_window(const std::string& reason) {
  const auto asked = asked_report();
  if (!asked) return;
  reports_.problem.clear();
  const Result<RecordId> closed = close_window(*store_, asked->window, reason);
  if (!closed) {
    reports_.problem = closed.error().code == ErrorCode::invalid_argument ? tr("reports.closed_already")
                                                                          : error_text(closed.error());
    return;
  }
  reports_.closing.reset();
  reports_.made.reset();
  reports_.done = tr("reports.closed_now");
  reports_.file.clear();
  refresh_sync();
}

std::optional<ReportMaker::Asked> App::asked_report() {
  const std::optional<ReportWindow> window = window_of(reports_);
  reports_.problem = window ? std::string() : tr("reports.unreadable_days");
  reports_.done.clear();
  if (!window || !reports_.report()) return std::nullopt;
  return ReportMaker::Asked{reports_.report(), *window, reports_.todays_places,
                            reports_.names && !settings_.veil && reports_.may_see_names};
}

std::map<std::string, std::string> App::device_names(const ReportDefinition& report) {
  std::map<std::string, std::string> out;
  static_cast<void>(worked(guarded([&] {
    out = devices_of(store_->database(), report, [&](const DeviceId& device) { return store_->device_name(device); });
  })));
  return out;
}

void App::make_chosen_report() {
  if (report_maker_->busy()) return;
  const auto asked = asked_report();
  if (!asked) return;
  reports_.behind.reset();
  reports_.running = true;
  report_maker_->make(catalogue(), *asked, device_names(*asked->report));
}

void App::open_figure(const OpenFigure& figure) {
  if (report_maker_->busy() || !reports_.made) return;
  reports_.running = true;
  const Report& report = *reports_.made;
  report_maker_->find(catalogue(), {report.definition, report.window, report.todays_places, reports_.names_are_shown},
                      figure.table, figure.line, figure.column, figure.title);
}

void App::export_report(const std::string& format) {
  if (report_maker_->busy()) return;
  const auto asked = asked_report();
  if (!asked) return;
  const auto file = free_file_name(reports_.folder, asked->report->name + "-" + iso_text(asked->window.to), format);
  if (!file) {
    reports_.problem = tr("reports.folder_full");
    return;
  }
  PaperContext about;
  const auto identity = store_->identity();
  const auto organisations = store_->all_answers("organisation");
  if (!worked(identity) || !worked(organisations)) return;
  learn_issuer(about, catalogue(), *identity ? (*identity)->certificate.unit : std::string(), *organisations);
  reports_.running = true;
  report_maker_->write(catalogue(), *asked, device_names(*asked->report), format,
                       {about.unit_above, about.unit, language()}, *file);
}

void App::step_report(int steps) {
  const std::optional<ReportWindow> window = window_of(reports_);
  if (!window) return;
  // The window before begins the day before this one does; the one after it, the day after it ends.
  const std::int64_t length = day_number(window->to) - day_number(window->from) + 1;
  const CivilDate inside = from_day_number(steps < 0 ? day_number(window->from) - 1 : day_number(window->to) + 1);
  if (!reports_.preset.empty()) return choose_preset(reports_, reports_.preset, inside);
  reports_.from_text = vietnamese::date_text(from_day_number(day_number(window->from) + steps * length));
  reports_.to_text = vietnamese::date_text(from_day_number(day_number(window->to) + steps * length));
}

void App::take_report() {
  if (!report_maker_) return;
  auto done = report_maker_->take();
  if (!done) return;
  reports_.running = false;
  std::visit(Overloaded{[&](const ReportMaker::Loaded&) { fill_report_choices(); },
                        [&](const ReportMaker::Made& made) {
                          if (made.asked.report != reports_.report()) return;  // another was chosen meanwhile
                          if (!made.report) {
                            reports_.problem = made.report.error().code == ErrorCode::interrupted
                                                   ? tr("reports.stopped")
                                                   : error_text(made.report.error());
                            return;
                          }
                          reports_.made = *made.report;
                          reports_.is_closed = made.is_closed;
                          reports_.names_are_shown = made.asked.names;
                          reports_.problem.clear();
                        },
                        [&](const ReportMaker::Found& found) {
                          if (!found.records) {
                            reports_.problem = error_text(found.records.error());
                            return;
                          }
                          ReportsModel::Behind behind{found.title, found.records->size(), {}};
                          std::vector<std::int64_t> numbers;
                          const auto numbered = guarded([&] {
                            for (const RecordId& record : *found.records) {
                              if (numbers.size() == records_listed_max) break;
                              if (const auto number = store_->database().integer(
                                      "SELECT number FROM record WHERE record = ?", record))
                                numbers.push_back(*number);
                            }
                          });
                          const auto rows = store_->rows(numbers);
                          if (!worked(numbered) || !worked(rows)) return;
                          for (const RecordSummary& summary : *rows) behind.records.push_back(listed(summary));
                          reports_.behind = std::move(behind);
                        },
                        [&](const ReportMaker::Written& written) {
                          if (!written.file) {
                            reports_.problem = written.file.error().code == ErrorCode::interrupted
                                                   ? tr("reports.stopped")
                                                   : error_text(written.file.error());
                            return;
                          }
                          const auto author = store_->author();
                          log_report_export(Log(clock_), *written.asked.report, written.asked.window, written.format,
                                            written.asked.names, author ? *author : UserId{});
                          reports_.file = written.file->string();
                          reports_.done = tr_with("print.done", {reports_.file});
                        }},
             *done);
}

bool App::carried_out_on_reports(const Action& action) {
  if (const auto* chosen = std::get_if<ChooseReport>(&action))
    choose_report(reports_, chosen->report, today());
  else if (const auto* preset = std::get_if<ChoosePreset>(&action))
    choose_preset(reports_, preset->preset, today());
  else if (const auto* step = std::get_if<StepReport>(&action))
    step_report(step->steps);
  else if (const auto* closing = std::get_if<CloseWindow>(&action))
    close_report_window(closing->reason);
  else if (std::get_if<MakeReport>(&action))
    make_chosen_report();
  else if (std::get_if<StopReport>(&action))
    report_maker_->stop();
  else if (const auto* figure = std::get_if<OpenFigure>(&action))
    open_figure(*figure);
  else if (const auto* file = std::get_if<ExportReport>(&action))
    export_report(file->format);
  else if (std::get_if<OpenReportFile>(&action))
    open_report_file();
  else
    return false;
  return true;
}

/// Before others' eyes: what was made with names goes.
void App::veil_reports() {
  reports_.behind.reset();
  if (std::exchange(reports_.names_are_shown, false)) reports_.made.reset();
}

void App::open_report_file() {
  if (!reports_.file.empty() && !open_with_desktop(reports_.file)) reports_.problem = tr("print.no_viewer");
}

}  // namespace fieldpost
