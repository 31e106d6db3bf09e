#include "client/model/inbox.h"

#include <algorithm>
#include <cstdlib>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

constexpr std::int64_t hour_ms = 3'600'000, day_ms = 24 * hour_ms;

std::string number(std::int64_t value) { return vietnamese::number_text(value); }

const char* kind_key(InboxKind kind) {
  switch (kind) {
    case InboxKind::deadline: return "inbox.kind_deadline";
    case InboxKind::missing_papers: return "inbox.kind_papers";
    case InboxKind::held: return "inbox.kind_held";
    case InboxKind::refused: return "inbox.kind_refused";
    case InboxKind::conflict: return "inbox.kind_conflict";
    case InboxKind::decision: return "inbox.kind_decision";
    case InboxKind::same_session: return "inbox.kind_same_session";
    case InboxKind::same_person: return "inbox.kind_same_person";
    case InboxKind::edited_since: return "inbox.kind_edited_since";
    case InboxKind::submitted: return "inbox.kind_submitted";
    case InboxKind::returned: return "inbox.kind_returned";
    case InboxKind::not_handed_in: return "inbox.kind_not_handed_in";
    case InboxKind::silent: return "inbox.kind_silent";
    case InboxKind::gap: return "inbox.kind_gap";
  }
  return "";
}

const char* deadline_key(DeadlineKind kind) {
  switch (kind) {
    case DeadlineKind::papers: return "deadline.papers";
    case DeadlineKind::promised_papers: return "deadline.promised_papers";
    case DeadlineKind::appointment: return "deadline.appointment";
    case DeadlineKind::written_answer: return "deadline.written_answer";
    case DeadlineKind::slip_answer: return "deadline.slip_answer";
    case DeadlineKind::file_handover: return "deadline.file_handover";
  }
  return "";
}

bool is_in_review(InboxKind kind) {
  return kind == InboxKind::submitted || kind == InboxKind::edited_since || kind == InboxKind::not_handed_in ||
         kind == InboxKind::returned;
}

/// What an item is told by when it is read anew.
bool same_item(const InboxItem& a, const InboxItem& b) {
  return group_of(a.kind) == group_of(b.kind) && a.records == b.records && a.device == b.device;
}

}  // namespace

InboxGroup group_of(InboxKind kind) {
  switch (kind) {
    case InboxKind::submitted:
    case InboxKind::edited_since: return InboxGroup::fresh;
    case InboxKind::deadline:
    case InboxKind::missing_papers: return InboxGroup::due;
    case InboxKind::conflict:
    case InboxKind::decision: return InboxGroup::conflicts;
    case InboxKind::same_session:
    case InboxKind::same_person: return InboxGroup::twins;
    case InboxKind::held:
    case InboxKind::refused: return InboxGroup::stopped;
    case InboxKind::returned: return InboxGroup::returned;
    case InboxKind::not_handed_in: return InboxGroup::not_handed_in;
    case InboxKind::silent:
    case InboxKind::gap: return InboxGroup::laptops;
  }
  return InboxGroup::all;
}

const std::string& group_text(InboxGroup group) {
  static constexpr std::array<const char*, inbox_groups> keys = {
      "inbox.all",     "inbox.fresh",    "inbox.due",           "inbox.conflicts", "inbox.twins",
      "inbox.stopped", "inbox.returned", "inbox.not_handed_in", "inbox.laptops"};
  return tr(keys[static_cast<std::size_t>(group)]);
}

std::string item_text(const InboxItem& item) {
  switch (item.kind) {
    case InboxKind::deadline:
    case InboxKind::missing_papers:
      return tr(item.deadline ? deadline_key(item.deadline->kind) : kind_key(item.kind));
    case InboxKind::held:
    case InboxKind::refused: {
      const std::string key = std::string("reason.") + reason_name(item.reason);
      return tr(kind_key(item.kind)) + (item.reason != Reason::none && has_text(key) ? ": " + tr(key) : "");
    }
    case InboxKind::conflict:
    case InboxKind::gap: return tr_with(kind_key(item.kind), {number(item.count)});
    default: return tr(kind_key(item.kind));
  }
}

std::string due_text(const InboxItem& item, std::int64_t now_ms) {
  if (!item.deadline) return {};
  const Deadline& deadline = *item.deadline;
  if (deadline.due_ms && std::llabs(*deadline.due_ms - now_ms) < 2 * day_ms) {
    const std::int64_t hours = (std::llabs(*deadline.due_ms - now_ms) + hour_ms - 1) / hour_ms;
    return tr_with(*deadline.due_ms < now_ms ? "inbox.hours_late" : "inbox.hours_left", {number(hours)});
  }
  const std::int64_t days = day_number(deadline.due) - day_number(vietnam_day(now_ms));
  if (days == 0) return tr("inbox.due_today");
  return tr_with(days < 0 ? "inbox.days_late" : "inbox.days_left",
                 {number(std::llabs(days)), vietnamese::date_text(deadline.due)});
}

std::string age_text(const InboxItem& item, std::int64_t now_ms) {
  if (item.since <= 0) return {};
  const std::int64_t days = day_number(vietnam_day(now_ms)) - day_number(vietnam_day(item.since));
  return days <= 0 ? tr("inbox.age_today") : tr_with("inbox.age", {number(days)});
}

std::string review_state_text(ReviewState state) {
  switch (state) {
    case ReviewState::incomplete: return tr("review.incomplete");
    case ReviewState::to_hand_in: return tr("review.to_hand_in");
    case ReviewState::submitted: return tr("review.submitted");
    case ReviewState::returned_by_team: return tr("review.returned_by_team");
    case ReviewState::returned_by_office: return tr("review.returned_by_office");
    case ReviewState::accepted: return tr("review.accepted");
    case ReviewState::edited_since: return tr("review.edited_since");
  }
  return {};
}

std::vector<InboxAtHand::Answer> answers_text(const Form& form, const RecordGlance& glance,
                                              const Catalogue& catalogue, const Names& names) {
  std::vector<InboxAtHand::Answer> out;
  for (const Question* question : form.questions_of(nullptr)) {
    if (question->number == 0) continue;
    std::string text;
    if (question->type == QuestionType::select_multiple) {
      text = chosen_text(*question, glance.answers, catalogue);
    } else if (const auto value = glance.answers.find({question->number, ""}); value != glance.answers.end()) {
      text = value_text(*question, value->second, catalogue, names);
    }
    if (!text.empty()) out.push_back({question->label.in(language()), std::move(text), is_personal(*question)});
  }
  for (const Question* repeat : form.repeats())
    if (const auto rows = glance.rows.find(repeat->number); rows != glance.rows.end())
      out.push_back({repeat->label.in(language()), tr_with("inbox.rows", {number(rows->second)}), false});
  return out;
}

bool can_be_ticked(const InboxItem& item) {
  return (item.kind == InboxKind::submitted || item.kind == InboxKind::edited_since ||
          item.kind == InboxKind::not_handed_in) &&
         !item.contradicted;
}

void take_items(InboxModel& model, std::vector<InboxItem> items) {
  std::optional<InboxItem> here;
  if (const InboxItem* item = model.item_at_hand()) here = *item;
  model.items = std::move(items);
  model.read = true;
  model.lines.clear();
  model.counts = {};
  model.counts[0] = static_cast<std::int64_t>(model.items.size());
  std::set<RecordId> still;
  for (const InboxItem& item : model.items) {
    ++model.counts[static_cast<std::size_t>(group_of(item.kind))];
    if (can_be_ticked(item) && model.ticked.contains(item.records.front())) still.insert(item.records.front());
  }
  model.ticked = std::move(still);
  const std::size_t before = model.at;
  arrange(model);
  model.at = std::min(before, model.shown.empty() ? 0 : model.shown.size() - 1);
  if (!here) return;
  const auto found = std::find_if(model.shown.begin(), model.shown.end(),
                                  [&](std::size_t one) { return same_item(model.items[one], *here); });
  if (found != model.shown.end()) model.at = static_cast<std::size_t>(found - model.shown.begin());
}

void arrange(InboxModel& model) {
  model.shown.clear();
  model.at = 0;
  model.moved = true;
  for (std::size_t i = 0; i < model.items.size(); ++i) {
    const InboxItem& item = model.items[i];
    if (model.group != InboxGroup::all && group_of(item.kind) != model.group) continue;
    const bool mine = std::find(item.holders.begin(), item.holders.end(), model.me) != item.holders.end();
    if (model.whose == InboxModel::Whose::mine && !mine) continue;
    if (model.whose == InboxModel::Whose::nobodys && !item.holders.empty()) continue;
    if (model.found && std::none_of(item.records.begin(), item.records.end(),
                                    [&](const RecordId& record) { return model.found->contains(record); }))
      continue;
    model.shown.push_back(i);
  }
}

void tick_all(InboxModel& model) {
  std::set<RecordId> all;
  for (const std::size_t one : model.shown)
    if (can_be_ticked(model.items[one])) all.insert(model.items[one].records.front());
  if (all == model.ticked)
    model.ticked.clear();
  else
    model.ticked = std::move(all);
}

InboxModel::Proposal proposal_of(const InboxModel& model) {
  InboxModel::Proposal proposal;
  if (model.ticked.empty()) {
    // One record, after a look at it: only what cannot be accepted at all is left out.
    if (!model.at_hand || !model.at_hand->review) return proposal;
    const InboxAtHand& here = *model.at_hand;
    if (here.in_conflict || here.incomplete || here.review->state == ReviewState::accepted)
      ++proposal.left_out;
    else
      proposal.accepts.push_back({here.review->record, here.review->mark, here.title});
    return proposal;
  }
  for (std::size_t i = 0; i < model.items.size(); ++i) {
    const InboxItem& item = model.items[i];
    if (item.records.empty() || !is_in_review(item.kind) || !model.ticked.contains(item.records.front())) continue;
    if (!can_be_ticked(item)) {
      ++proposal.left_out;
      continue;
    }
    const auto line = model.lines.find(i);
    std::string title = line != model.lines.end() ? line->second.title
                        : model.look_up           ? model.look_up(item).title
                                                  : std::string();
    proposal.accepts.push_back({item.records.front(), item.mark, std::move(title)});
  }
  return proposal;
}

void drop_record(InboxModel& model, const RecordId& record, InboxGroup group) {
  std::vector<InboxItem> left;
  for (InboxItem& item : model.items) {
    const bool gone = !item.records.empty() && item.records.front() == record && is_in_review(item.kind) &&
                      (group == InboxGroup::all || group_of(item.kind) == group);
    if (!gone) left.push_back(std::move(item));
  }
  const std::size_t at = model.at;
  model.shown.clear();  // it points into what was moved away
  take_items(model, std::move(left));
  model.at = std::min(at, model.shown.empty() ? 0 : model.shown.size() - 1);
}

}  // namespace fieldpost
