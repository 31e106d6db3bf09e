// The review of the open record: its remarks, the ones being written, the step that is asked for; and handing in what
// a trip has brought.
#include <algorithm>
#include <set>

#include "client/app.h"
#include "client/model/translation.h"
#include "shared/desk/claims.h"
#include "shared/forms/about.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

std::vector<Remark> typed_remarks(const ReviewView& view) {
  std::vector<Remark> remarks;
  for (const ReviewView::Writing& one : view.writing)
    if (!one.text.empty()) remarks.push_back({{}, one.question, one.text, false});
  return remarks;
}

std::string all_of(const ReviewView& view) {
  std::string all = view.reason;
  for (const ReviewView::Writing& one : view.writing) all += "\n" + one.question + "\n" + one.text;
  return all;
}

FieldKey row_field(const Form& review, std::string_view question) {
  return {review.find_in(review.find("remarks"), question)->number, ""};
}

}  // namespace

std::string App::remark_label(const Form& form, const std::string& path, const Answers& answers) const {
  const std::size_t first = path.find('/');
  if (path.empty()) return tr("review.whole_record");
  if (first == std::string::npos) {
    const Question* question = form.find_in(nullptr, path);
    return question ? question->label.in(language()) : path;
  }
  const std::size_t second = path.find('/', first + 1);
  const Question* repeat = form.find(path.substr(0, first));
  if (second == std::string::npos || !repeat) return path;
  const Question* question = form.find_in(repeat, path.substr(second + 1));
  const auto row = parse_entity_id(path.substr(first + 1, second - first - 1));
  std::int64_t line = 0;
  bool found = false;
  for (const Row& one : answers.rows) {
    if (one.repeat != repeat->number || found) continue;
    ++line;
    found = row && one.id == *row;
  }
  const std::string what = question ? question->label.in(language()) : std::string();
  return found ? tr_with("review.at_row", {repeat->label.in(language()), vietnamese::number_text(line), what})
               : repeat->label.in(language()) + " · " + what;
}

void App::load_review(FormEntry& entry) {
  if (entry.seen().is_new || !reviewer_) return entry.review.reset();
  auto review = review_of(*store_, entry.record());
  if (!review) return entry.review.reset();
  const bool first = !entry.review;
  if (first) entry.review.emplace();
  ReviewView& view = *entry.review;
  view.who = *reviewer_;
  // What is accepted is what the form shows: where others have changed it since, that is another state.
  view.review = *std::move(review);
  view.review.mark = heads_mark(entry.seen().heads);
  view.remarks.clear();
  for (const Remark& remark : view.review.remarks)
    view.remarks.push_back({remark.row, remark.question, remark_label(entry.form(), remark.question, entry.answers()),
                            remark.text, remark.mended});
  if (!first) return;
  const RecordId about = record_about("review", {entry.record()});
  const Form* form = catalogue().form("review");
  const auto drafts = own_drafts();
  if (!drafts || !form) return;
  for (const Draft& draft : *drafts) {
    if (draft.seen.record != about) continue;
    view.draft = draft.id;
    for (const Edit::RowEdit& row : draft.edit.rows) {
      const auto text_of = [&](std::string_view question) {
        const auto value = row.fields.find(row_field(*form, question));
        const auto* text = value == row.fields.end() ? nullptr : std::get_if<std::string>(&value->second);
        return text ? *text : std::string();
      };
      const std::string question = text_of("question");
      view.writing.push_back({question, remark_label(entry.form(), question, entry.answers()), text_of("remark")});
    }
  }
  view.kept = all_of(view);
}

void App::keep_review_draft(FormEntry& entry) {
  if (!entry.review || all_of(*entry.review) == entry.review->kept) return;
  ReviewView& view = *entry.review;
  view.kept = all_of(view);
  if (!view.has_writing()) {
    drop_draft(view.draft);
    view.draft = {};
    return;
  }
  const Form* form = catalogue().form("review");
  if (!form) return;
  Draft draft;
  const RecordId about = record_about("review", {entry.record()});
  Edit edit;
  if (auto seen = store_->see(about)) {
    draft.seen = *std::move(seen);
  } else {
    draft.seen = store_->start(*form);
    draft.seen.record = draft.seen.answers.record = about;
    edit.fields[{form->find_in(nullptr, form->about.front())->number, ""}] = entry.record();
  }
  std::vector<Remark> remarks = typed_remarks(view);
  if (!view.reason.empty()) remarks.push_back({{}, "", view.reason, false});
  for (const Remark& remark : remarks) {
    Edit::RowEdit& row = edit.rows.emplace_back();
    row.repeat = form->find("remarks")->number;
    if (!remark.question.empty()) row.fields[row_field(*form, "question")] = remark.question;
    row.fields[row_field(*form, "remark")] = remark.text;
  }
  if (view.draft.is_nil()) view.draft = new_uuid<EntityId>(clock_, random_);
  draft.id = view.draft;
  draft.edit = std::move(edit);
  draft.at = clock_.now_ms();
  draft.writer = unlock_.user;
  static_cast<void>(worked(store_->keep_draft(draft)));
}

bool App::remarks_are_typed() const {
  return entry_ && entry_->review && all_of(*entry_->review) != entry_->review->kept;
}

std::optional<RecordId> App::subject_of_remarks(const Draft& draft) const {
  const Form* form = catalogue().form("review");
  if (!form || draft.seen.form != form->name) return std::nullopt;
  const FieldKey field{form->find_in(nullptr, form->about.front())->number, ""};
  for (const Fields* fields : {&draft.edit.fields, &draft.seen.answers.fields})
    if (const auto found = fields->find(field); found != fields->end())
      if (const auto* subject = std::get_if<EntityId>(&found->second)) return *subject;
  return std::nullopt;
}

void App::add_remark(const std::string& question) {
  if (!entry_ || !entry_->review) return;
  auto& writing = entry_->review->writing;
  const auto known = std::find_if(writing.begin(), writing.end(),
                                  [&](const ReviewView::Writing& one) { return one.question == question; });
  const auto at = static_cast<std::size_t>(known - writing.begin());
  if (known == writing.end())
    writing.push_back({question, remark_label(entry_->form(), question, entry_->answers()), ""});
  entry_->review->asked = ReviewView::Asked::none;
  ui::focus("review/writing/" + std::to_string(at));
}

void App::mark_remark(const MarkMended& asked) {
  if (!entry_ || !entry_->review) return;
  if (!worked(mark_mended(*store_, entry_->record(), asked.remark, asked.mended))) return;
  load_review(*entry_);
  refresh();
}

void App::ask_review(ReviewView::Asked step) {
  if (!entry_ || !entry_->review) return;
  ReviewView& view = *entry_->review;
  view.asked = ReviewView::Asked::none;
  if (step == ReviewView::Asked::none) return;
  if (step == ReviewView::Asked::hand_in && entry_->dirty()) save();
  if (entry_->dirty() || entry_->typing_fault_count() > 0) {
    problem_ = tr("review.save_first");
    return;
  }
  load_review(*entry_);
  const auto cannot = [&]() -> const char* {
    switch (step) {
      case ReviewView::Asked::hand_in:
        if (view.review.incomplete) return "review.lacks";
        if (view.review.state == ReviewState::submitted || view.review.state == ReviewState::accepted)
          return "review.nothing_to_hand_in";
        return nullptr;
      case ReviewView::Asked::accept:
        if (entry_->others_changed) return "review.changed";
        if (view.review.record_in_conflict) return "review.in_conflict";
        if (view.review.state == ReviewState::accepted && !view.review.in_conflict) return "review.accepted_already";
        return nullptr;
      case ReviewView::Asked::give_back:
      case ReviewView::Asked::reopen:
      case ReviewView::Asked::none: return nullptr;
    }
    return nullptr;
  }();
  if (cannot) {
    problem_ = tr(cannot);
    return;
  }
  problem_.clear();
  view.asked = step;
  const bool needs_words = (step == ReviewView::Asked::give_back && typed_remarks(view).empty()) ||
                           (step == ReviewView::Asked::accept && view.review.incomplete);
  ui::focus(needs_words ? "review/reason" : "review/write");
}

void App::write_review() {
  if (!entry_ || !entry_->review) return;
  ReviewView& view = *entry_->review;
  const RecordId record = entry_->record();
  const std::optional<std::string> reason = view.reason.empty() ? std::nullopt : std::optional(view.reason);
  const auto done = [&]() -> Result<Saved> {
    switch (view.asked) {
      case ReviewView::Asked::hand_in: return submit(*store_, record);
      case ReviewView::Asked::give_back: return return_to_field(*store_, record, typed_remarks(view), reason);
      case ReviewView::Asked::accept: return accept(*store_, record, view.review.mark, reason);
      case ReviewView::Asked::reopen: return reopen(*store_, record, reason);
      case ReviewView::Asked::none: break;
    }
    return Saved{};
  }();
  if (!done && done.error().code == ErrorCode::invalid_argument) {
    problem_ = tr(view.asked == ReviewView::Asked::reopen ? "review.cannot_reopen" : "review.needs_words");
    return;
  }
  if (!worked(done)) return;
  const ReviewView::Asked step = view.asked;
  problem_.clear();
  drop_draft(view.draft);
  entry_->review.reset();
  load_review(*entry_);
  const bool answered = step == ReviewView::Asked::accept || step == ReviewView::Asked::give_back;
  if (answered && is_office()) static_cast<void>(worked(release(*store_, record)));
  if (before_form_ == Screen::inbox && answered) {
    drop_record(inbox_, record, InboxGroup::all);
    inbox_.note = tr(step == ReviewView::Asked::accept ? "inbox.one_accepted" : "inbox.one_returned");
    go_back();
  }
  refresh();
}

void App::take_returned(const DeskNews& news) {
  home_.returned.clear();
  for (const Returned& one : news.returned) {
    if (std::find(own_devices_.begin(), own_devices_.end(), one.device) == own_devices_.end()) continue;
    const auto summary = summary_of(*store_, one.record);
    const auto review = review_of(*store_, one.record);
    if (!summary || !review) continue;
    const Form* form = catalogue().form(summary->form);
    const std::string title = shown_title(summary->form, summary->title);
    home_.returned.push_back(
        {one.record, (form ? form->label.in(language()) + " · " : std::string()) + title,
         tr(one.by_office ? "review.returned_by_office" : "review.returned_by_team"),
         tr_with("home.remarks_open", {vietnamese::number_text(static_cast<std::int64_t>(review->open_remarks()))})});
  }
  // Those of the trip at hand, on whichever laptop of the team they were written, and all that was written here.
  std::set<RecordId> of_trip;
  for (const ListedRecord& session : home_.trip.sessions) {
    of_trip.insert(session.record);
    if (const auto held = store_->linked("consultation", "session", session.record))
      for (const RecordSummary& consultation : *held) of_trip.insert(consultation.record);
  }
  home_.ready.clear();
  if (reviewer_ == Reviewer::team)
    for (const DeskNews::Open& open : news.to_hand_in)
      if (of_trip.contains(open.record) ||
          std::find(own_devices_.begin(), own_devices_.end(), open.maker) != own_devices_.end())
        home_.ready.push_back(open.record);
}

void App::propose_hand_in() {
  home_.handed_in.clear();
  if (home_.ready.empty() || !to_decide_.empty()) return;
  Home::HandIn proposal;
  for (const RecordId& record : home_.ready) {
    const auto summary = summary_of(*store_, record);
    if (!summary) continue;
    const Form* form = catalogue().form(summary->form);
    proposal.records.push_back(record);
    proposal.titles.push_back((form ? form->label.in(language()) + " · " : std::string()) +
                              shown_title(summary->form, summary->title));
  }
  home_.hand_in = std::move(proposal);
  ui::focus("hand_in/write");
}

void App::write_hand_in() {
  if (!home_.hand_in) return;
  for (const RecordId& record : home_.hand_in->records) to_decide_.push_back({Decision::What::hand_in, record, {}});
  home_.hand_in.reset();
  home_.ready.clear();
}

}  // namespace fieldpost
