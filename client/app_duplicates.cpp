// Deciding whether two records are one: the pairs that were found beside the window, the one at hand, what is written
// when somebody decides, and how it is taken back.
#include <algorithm>

#include "client/app.h"
#include "client/model/translation.h"

namespace fieldpost {

void App::look_for_duplicates() {
  if (!duplicates_reader_) return;
  duplicates_reader_->want();
  duplicates_.veiled = settings_.veil;
  duplicates_.reading = duplicates_reader_->reading();
}

void App::take_duplicates() {
  if (!duplicates_reader_) return;
  std::shared_ptr<const FoundDuplicates> found = duplicates_reader_->found();
  duplicates_.reading = duplicates_reader_->reading();
  if (found && found != duplicates_found_) {
    duplicates_found_ = std::move(found);
    take_pairs(duplicates_, duplicates_found_->rows, catalogue());
    propose_pairs();
  }
  home_.duplicates = duplicates_.rows.size();
  if (screen_ != Screen::duplicates || duplicates_.at_hand || duplicates_.veiled) return;
  if (const auto first = pair_after(duplicates_, 0)) look_at_pair(*first);
}

void App::propose_pairs() {
  std::vector<CandidatePair> pairs;
  for (const DuplicateRow& row : duplicates_.rows) {
    const Form* form = catalogue().form(row.pair.form);
    pairs.push_back({row.pair.one, row.pair.other, form && form->record_class == RecordClass::session});
  }
  proposed_pairs_->set(std::move(pairs));
  desk_->stale();
}

void App::look_at_pair(const PairKey& key) {
  duplicates_.at_hand.reset();
  duplicates_.line = 0;
  duplicates_.moved_on = true;
  ui::focus_nothing();
  const auto row = std::find_if(duplicates_.rows.begin(), duplicates_.rows.end(),
                                [&](const DuplicateRow& one) { return one.key() == key; });
  if (row == duplicates_.rows.end()) return;
  const Form* form = catalogue().form(row->pair.form);
  const auto one = store_->state(key.first), other = store_->state(key.second);
  const auto decided = same_answer(*store_, key.first, key.second);
  if (!worked(one) || !worked(other) || !worked(decided)) return;
  if (!form || !*one || !*other || !(*one)->present || !(*other)->present) {
    // Deleted since it was found: nothing is left to decide.
    take_out(duplicates_, key);
    return;
  }
  duplicates_.at_hand = pair_at_hand(row->pair, *form, {**one, **other}, *decided, catalogue(), names());
}

void App::decide_pair(const DecidePair& asked) {
  if (!duplicates_.at_hand) return;
  const PairKey key = duplicates_.at_hand->key();
  const auto row = std::find_if(duplicates_.rows.begin(), duplicates_.rows.end(),
                                [&](const DuplicateRow& one) { return one.key() == key; });
  const auto before = same_answer(*store_, key.first, key.second);
  if (!worked(before) || row == duplicates_.rows.end()) return;
  duplicates_.note.clear();
  if (*before != duplicates_.at_hand->decided) {
    problem_ = tr("duplicate.moved");
    look_at_pair(key);
    return;
  }
  const std::optional<std::string> reason = asked.reason.empty() ? std::nullopt : std::optional(asked.reason);
  if (!worked(decide_same(*store_, key.first, key.second, asked.answer, reason))) return;
  problem_.clear();
  const bool same = asked.answer.decided == SameDecision::Decided::same;
  const std::string& leader = duplicates_.at_hand->sides[duplicates_.at_hand->leader].title;
  duplicates_.note = tr_with(same ? "duplicate.noted_same" : "duplicate.noted_not_same",
                             {leader.empty() ? tr("list.untitled") : leader});
  duplicates_.done.push_back({*row, *before, asked.answer});
  ++duplicates_.decided;
  use_reason(duplicates_.reasons, asked.reason);
  duplicates_.typed.erase(key);
  duplicates_reader_->stale();
  const auto next = pair_to_follow(duplicates_);
  take_out(duplicates_, key);
  refresh_sync();
  if (next)
    look_at_pair(*next);
  else
    duplicates_.at_hand.reset();
}

void App::undo_pair() {
  if (duplicates_.done.empty()) return;
  const DuplicateReview::Done last = std::move(duplicates_.done.back());
  duplicates_.done.pop_back();
  const PairKey key = last.row.key();
  const auto now = same_answer(*store_, key.first, key.second);
  if (!worked(now)) return;
  if (*now != last.after) {
    duplicates_.note = tr("duplicate.cannot_undo");
    return;
  }
  if (!worked(decide_same(*store_, key.first, key.second, last.before, tr("duplicate.undone_reason")))) {
    duplicates_.done.push_back(last);
    return;
  }
  duplicates_.note = tr("duplicate.undone");
  duplicates_.decided -= std::min<std::size_t>(duplicates_.decided, 1);
  duplicates_reader_->stale();
  put_back(duplicates_, last.row);
  refresh_sync();
  look_at_pair(key);
}

}  // namespace fieldpost
