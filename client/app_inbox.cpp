// The office's inbox: read beside the window, looked at here, and decided one save a frame.
#include <algorithm>

#include "client/app.h"
#include "client/model/translation.h"
#include "shared/desk/claims.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

/// More hits of a search than anybody looks through.
constexpr std::size_t found_max = 2'000;

std::string counted(std::size_t count) { return vietnamese::number_text(static_cast<std::int64_t>(count)); }

}  // namespace

void App::watch_desk() {
  if (!desk_) return;
  if (!to_decide_.empty()) return write_next_decision();
  if (screen_ == Screen::fleet)
    desk_->want(DeskReader::Wanted::fleet);
  else if (screen_ == Screen::inbox || screen_ == Screen::home)
    desk_->want(is_office() || screen_ == Screen::inbox ? DeskReader::Wanted::office : DeskReader::Wanted::field);
  std::shared_ptr<const DeskNews> news = desk_->news();
  if (!news || news == news_) return;
  news_ = std::move(news);
  take_news(*news_);
}

void App::take_news(const DeskNews& news) {
  inbox_.now_ms = fleet_.now_ms = clock_.now_ms();
  inbox_.look_up = [this](const InboxItem& item) { return inbox_line(item); };
  take_items(inbox_, news.items);
  if (is_office()) header_.inbox = static_cast<std::int64_t>(news.items.size());
  // What is at hand stays as it was shown while it waits: nobody accepts what changed under their eyes.
  const InboxItem* here = inbox_.item_at_hand();
  const bool same = here && inbox_.at_hand && here->records == inbox_.at_hand->item.records &&
                    here->kind == inbox_.at_hand->item.kind && here->device == inbox_.at_hand->item.device;
  if (!same) {
    look_at_hand();
  } else {
    // Who works on it is no part of what is decided.
    inbox_.at_hand->item.holders = here->holders;
    inbox_.at_hand->owner = inbox_line(*here).owner;
  }
  fleet_.today = today();
  if (!news.laptops.empty()) {
    fleet_.read = true;
    fleet_.laptops = news.laptops;
    fleet_.trips = news.trips;
    for (Trip& trip : fleet_.trips)
      for (OwedSession& session : trip.sessions) session.title = shown_title("outreach_session", session.title);
  }
  take_returned(news);
}

InboxLine App::inbox_line(const InboxItem& item) {
  InboxLine line;
  for (const RecordId& record : item.records) {
    const auto summary = summary_of(*store_, record);
    if (!summary) continue;
    const Form* form = catalogue().form(summary->form);
    if (form && !form->about.empty()) continue;  // the decision itself: what it is about was named before it
    const std::string title = shown_title(summary->form, summary->title);
    line.title += (line.title.empty() ? "" : "  ↔  ") + (title.empty() ? tr("list.untitled") : title);
    if (line.about.empty() && form) line.about = form->label.in(language());
  }
  if (item.records.empty() && item.device) line.title = store_->device_name(*item.device);
  line.about = item_text(item) + (line.about.empty() ? "" : " · " + line.about);
  for (const UserId& holder : item.holders)
    line.owner += (line.owner.empty() ? "" : ", ") + store_->author_name(holder);
  line.age = age_text(item, inbox_.now_ms);
  line.due = due_text(item, inbox_.now_ms);
  return line;
}

void App::arrange_inbox() {
  inbox_.found.reset();
  if (!inbox_.search.empty()) {
    View::Query query;
    query.search = inbox_.search;
    query.limit = found_max;
    const auto found = store_->list(query);
    if (!worked(found)) return;
    inbox_.found.emplace();
    for (const RecordSummary& record : *found) inbox_.found->insert(record.record);
  }
  arrange(inbox_);
  look_at_hand();
}

void App::look_at_inbox(std::size_t at) {
  if (inbox_.shown.empty()) return;
  inbox_.at = std::min(at, inbox_.shown.size() - 1);
  inbox_.moved = true;
  inbox_.proposal.reset();
  look_at_hand();
}

void App::look_at_hand() {
  inbox_.at_hand.reset();
  const InboxItem* item = inbox_.item_at_hand();
  if (!item) return;
  InboxAtHand here;
  here.item = *item;
  const InboxLine line = inbox_line(*item);
  here.title = line.title;
  here.about = item_text(*item);
  here.owner = line.owner;
  here.due = line.due;
  if (!item->records.empty()) {
    const RecordId& record = item->records.front();
    const auto glance = glance_at(*store_, record);
    if (!glance) return;  // gone meanwhile; the next reading says so
    const RecordSummary& summary = glance->summary;
    here.changed = tr_with("list.changed", {store_->author_name(summary.author), moment_text(summary.at, today())});
    here.incomplete = summary.incomplete;
    here.in_conflict = summary.conflicts > 0;
    if (const Form* form = catalogue().form(summary.form)) {
      here.form_label = form->label.in(language());
      here.answers = answers_text(*form, *glance, catalogue(), names());
      if (settings_.veil)
        for (InboxAtHand::Answer& answer : here.answers)
          if (answer.personal) answer.text = veiled_text();
    }
    if (auto review = review_of(*store_, record)) {
      here.review = *std::move(review);
      for (Remark& remark : here.review->remarks) {
        const Form* form = catalogue().form(summary.form);
        remark.question = form ? remark_label(*form, remark.question, {}) : std::string();
        if (settings_.veil) remark.text = veiled_text();
      }
    }
  }
  inbox_.at_hand = std::move(here);
}

void App::open_inbox_item() {
  const InboxItem* item = inbox_.item_at_hand();
  if (!item) return;
  switch (item->kind) {
    case InboxKind::silent:
    case InboxKind::gap: return go_to(Screen::fleet);
    case InboxKind::conflict:
    case InboxKind::decision: {
      const RecordId record = item->records.back();
      go_to(Screen::conflicts);
      for (const ConflictRow& row : conflicts_.rows)
        if (row.conflict.record == record) return look_at_conflict({row.conflict.record, row.conflict.field});
      return;
    }
    case InboxKind::same_session:
    case InboxKind::same_person:
      go_to(Screen::duplicates);
      return look_at_pair(std::minmax(item->records.front(), item->records.back()));
    default: return open_record(item->records.front());
  }
}

void App::claim_inbox() {
  std::vector<RecordId> records(inbox_.ticked.begin(), inbox_.ticked.end());
  const InboxItem* here = inbox_.item_at_hand();
  if (records.empty() && here && !here->records.empty()) records = {here->records.front()};
  if (records.empty() || !is_office()) return;
  const auto mine = [&](const RecordId& record) {
    return std::any_of(inbox_.items.begin(), inbox_.items.end(), [&](const InboxItem& item) {
      return !item.records.empty() && item.records.front() == record &&
             item.holders == std::vector<UserId>{inbox_.me};
    });
  };
  const bool let_go = std::all_of(records.begin(), records.end(), mine);
  for (const RecordId& record : records)
    to_decide_.push_back({let_go ? Decision::What::release : Decision::What::claim, record, {}});
}

void App::propose_accept() {
  if (!is_office() || !to_decide_.empty()) return;
  inbox_.note.clear();
  InboxModel::Proposal proposal = proposal_of(inbox_);
  if (proposal.accepts.empty()) {
    inbox_.proposal.reset();
    inbox_.note = tr(proposal.left_out > 0 ? "inbox.cannot_accept" : "inbox.nothing_to_accept");
    return;
  }
  inbox_.proposal = std::move(proposal);
  ui::focus("inbox/write");
}

void App::write_proposal() {
  if (!inbox_.proposal) return;
  for (const InboxModel::Proposal::Accept& one : inbox_.proposal->accepts)
    to_decide_.push_back({Decision::What::accept, one.record, one.looked_at});
  inbox_.to_write = to_decide_.size();
  inbox_.written = 0;
  inbox_.proposal.reset();
  ui::focus_nothing();
}

void App::write_next_decision() {
  const Decision next = to_decide_.front();
  to_decide_.pop_front();
  const auto done = [&]() -> Result<void> {
    const auto saved = [](const Result<Saved>& result) {
      return result ? Result<void>() : Result<void>(result.error());
    };
    switch (next.what) {
      case Decision::What::accept: return saved(accept(*store_, next.record, next.looked_at));
      case Decision::What::hand_in: return saved(submit(*store_, next.record));
      case Decision::What::claim: return saved(claim(*store_, next.record));
      case Decision::What::release: return release(*store_, next.record);
    }
    return {};
  }();
  // A record that changed since it was looked at is no fault: it stays, and is said. A full disk is one.
  const bool moved = !done && done.error().code == ErrorCode::invalid_argument;
  if (!done && !moved) {
    static_cast<void>(worked(done));
    to_decide_.clear();
  }
  ++(done ? decided_ : undecided_);
  ++inbox_.written;
  if (next.what == Decision::What::accept && done) {
    static_cast<void>(worked(release(*store_, next.record)));
    inbox_.ticked.erase(next.record);
    drop_record(inbox_, next.record, InboxGroup::all);
  }
  if (!to_decide_.empty()) return;
  switch (next.what) {
    case Decision::What::accept:
      inbox_.note = tr_with("inbox.accepted", {counted(decided_)});
      if (undecided_ > 0) inbox_.note += " " + tr_with("inbox.changed_meanwhile", {counted(undecided_)});
      look_at_hand();
      break;
    case Decision::What::hand_in:
      home_.handed_in = tr_with("home.handed_in", {counted(decided_)});
      if (undecided_ > 0) home_.handed_in += " " + tr_with("home.not_handed_in", {counted(undecided_)});
      break;
    case Decision::What::claim: inbox_.note = tr_with("inbox.claimed", {counted(decided_)}); break;
    case Decision::What::release: inbox_.note = tr_with("inbox.released", {counted(decided_)}); break;
  }
  decided_ = undecided_ = 0;
  inbox_.to_write = 0;
  refresh();
}

}  // namespace fieldpost
