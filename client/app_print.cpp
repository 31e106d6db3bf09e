// Papers from the window: the record's, filled or blank, as a PDF. Set beside the window's thread.
#include <chrono>

#include "client/app.h"
#include "client/desktop.h"
#include "client/model/translation.h"
#include "shared/paper/issuer.h"
#include "shared/paper/print.h"
#include "shared/storage/files.h"

namespace fieldpost {

namespace {

Result<PrintedFile> printed_file(const Paper& paper, const Form& form, const std::optional<Answers>& answers,
                                 const Catalogue& catalogue, const PaperContext& about,
                                 const std::filesystem::path& folder, const std::string& stem) {
  // Names the paper and the day, never a person.
  std::optional<std::filesystem::path> path = free_file_name(folder, stem, "pdf");
  if (!path) return Error{ErrorCode::io, "the folder is full of papers of this name"};
  const Result<Printed> printed = print_paper(paper, form, answers ? &*answers : nullptr, catalogue, about);
  if (!printed) return printed.error();
  if (Result<void> written = write_durably(*path, printed->pdf); !written) return written.error();
  return PrintedFile{*std::move(path), printed->letters_missing};
}

}  // namespace

void App::offer_papers() {
  if (!entry_) return;
  if (entry_->printing) {
    entry_->printing.reset();
    return;
  }
  FormEntry::Printing offered;
  for (const std::string& name : shipped_paper_names())
    if (const Result<Paper> paper = shipped_paper(name); paper && paper->form == entry_->form().name)
      offered.papers.push_back({name, paper->label.in(language())});
  offered.folder = documents_folder().string();
  entry_->printing = std::move(offered);
}

void App::print_paper(const PrintPaper& asked) {
  if (!entry_ || !entry_->printing || printing_) return;
  FormEntry::Printing& shown = *entry_->printing;
  shown.done.clear();
  shown.problem.clear();
  shown.warnings.clear();
  Result<Paper> paper = shipped_paper(asked.paper);
  if (!paper) {
    shown.problem = error_text(paper.error());
    return;
  }
  PaperContext about;
  about.today = today();
  const auto identity = store_->identity();
  const auto organisations = store_->all_answers("organisation");
  if (!worked(identity) || !worked(organisations)) return;
  learn_issuer(about, catalogue(), *identity ? (*identity)->certificate.unit : std::string(), *organisations);
  // What is not saved is not on a paper that somebody signs.
  std::optional<Answers> answers;
  if (!asked.blank) {
    const auto state = store_->state(entry_->record());
    if (!worked(state)) return;
    if (!*state || entry_->dirty()) {
      shown.problem = tr("print.save_first");
      return;
    }
    if (!(*state)->conflicts.empty()) shown.warnings.push_back(tr("print.conflicts"));
    answers = (*state)->answers;
  }
  const std::filesystem::path folder = shown.folder;
  const std::string stem = asked.paper + "-" + iso_text(today());
  auto work = [paper = *std::move(paper), form = entry_->form(), answers = std::move(answers), about, folder, stem,
               &known = catalogue(), wake = options_.wake] {
    Result<PrintedFile> file = printed_file(paper, form, answers, known, about, folder, stem);
    if (wake) wake();
    return file;
  };
  shown.running = true;
  printing_ = Printing{entry_->record(), std::async(std::launch::async, std::move(work))};
}

void App::take_printed() {
  if (!printing_ || printing_->file.wait_for(std::chrono::seconds(0)) != std::future_status::ready) return;
  const RecordId record = printing_->record;
  const Result<PrintedFile> file = printing_->file.get();
  printing_.reset();
  if (!entry_ || entry_->record() != record || !entry_->printing) return;
  FormEntry::Printing& shown = *entry_->printing;
  shown.running = false;
  if (file) {
    shown.file = file->path.string();
    shown.done = tr_with("print.done", {shown.file});
    if (file->letters_missing > 0) shown.warnings.push_back(tr("print.letters_missing"));
  } else {
    shown.problem = error_text(file.error());
  }
}

void App::open_printed() {
  if (!entry_ || !entry_->printing || entry_->printing->file.empty()) return;
  if (!open_with_desktop(entry_->printing->file)) entry_->printing->problem = tr("print.no_viewer");
}

}  // namespace fieldpost
