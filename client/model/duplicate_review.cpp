#include "client/model/duplicate_review.h"

#include <algorithm>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

bool is_shown(const Question& question) {
  switch (question.type) {
    case QuestionType::note:
    case QuestionType::calculate:
    case QuestionType::group:
    case QuestionType::repeat: return false;
    default: return question.number != 0;
  }
}

std::string answer_text(const Question& question, const Answers& answers, const Catalogue& catalogue,
                        const Names& names) {
  if (question.type == QuestionType::select_multiple) return chosen_text(question, answers.fields, catalogue);
  const auto held = answers.fields.find({question.number, {}});
  return held == answers.fields.end() ? std::string() : value_text(question, held->second, catalogue, names);
}

std::size_t answered(const PairAtHand& pair, std::size_t side) {
  return static_cast<std::size_t>(std::count_if(
      pair.lines.begin(), pair.lines.end(), [&](const PairAtHand::Line& line) { return !line.text[side].empty(); }));
}

/// The same with its marks, which the one that was typed in a hurry lacks; or the same and more: a day beside its
/// year.
bool says_more(const std::string& text, const std::string& than) {
  if (than.empty()) return !text.empty();
  const bool plain = std::all_of(than.begin(), than.end(), [](char c) { return (c & 0x80) == 0; });
  if (plain && text.size() > than.size() && vietnamese::fold(text) == vietnamese::fold(than)) return true;
  return text.size() > than.size() && text.find(than) != std::string::npos;
}

/// The leader's answer, or the other's where that says more.
void follow_leader(PairAtHand& pair) {
  for (PairAtHand::Line& line : pair.lines) {
    const auto& by_hand = pair.taken_by_hand;
    if (std::find(by_hand.begin(), by_hand.end(), line.question) != by_hand.end()) continue;
    const std::size_t other = 1 - pair.leader;
    line.taken = says_more(line.text[other], line.text[pair.leader]) ? other : pair.leader;
  }
}

}  // namespace

SameAnswer PairAtHand::same() const {
  SameAnswer answer{SameDecision::Decided::same, sides[leader].record, {}};
  for (const Line& line : lines)
    if (line.differs && line.taken != leader) answer.taken.push_back(line.question);
  return answer;
}

std::optional<PairKey> DuplicateReview::key_at_hand() const {
  return at_hand ? std::optional(at_hand->key()) : std::nullopt;
}

void arrange(DuplicateReview& review) {
  review.lines.clear();
  for (const bool put_off : {false, true})
    for (std::size_t i = 0; i < review.rows.size(); ++i) {
      const DuplicateRow& row = review.rows[i];
      if (review.put_off.contains(row.key()) != put_off) continue;
      if (review.form.empty() || review.form == row.pair.form) review.lines.push_back(i);
    }
}

void take_pairs(DuplicateReview& review, std::vector<DuplicateRow> rows, const Catalogue& catalogue) {
  std::erase_if(rows, [&](const DuplicateRow& row) { return review.decided_here.contains(row.key()); });
  review.rows = std::move(rows);
  review.forms.clear();
  for (const DuplicateRow& row : review.rows) {
    auto known = std::find_if(review.forms.begin(), review.forms.end(),
                              [&](const DuplicateReview::FormCount& one) { return one.form == row.pair.form; });
    if (known == review.forms.end()) {
      const Form* form = catalogue.form(row.pair.form);
      known = review.forms.insert(known, {row.pair.form, form ? form->label.in(language()) : row.pair.form, 0});
    }
    ++known->count;
  }
  if (std::none_of(review.forms.begin(), review.forms.end(),
                   [&](const DuplicateReview::FormCount& one) { return one.form == review.form; }))
    review.form.clear();
  arrange(review);
}

std::optional<PairKey> pair_after(const DuplicateReview& review, int steps) {
  if (review.lines.empty()) return std::nullopt;
  const auto here = review.key_at_hand();
  const auto at = std::find_if(review.lines.begin(), review.lines.end(),
                               [&](std::size_t row) { return here && review.rows[row].key() == *here; });
  const auto last = static_cast<std::ptrdiff_t>(review.lines.size()) - 1;
  const std::ptrdiff_t from = at == review.lines.end() ? 0 : at - review.lines.begin() + steps;
  return review.rows[review.lines[static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(from, 0, last))]].key();
}

std::optional<PairKey> pair_to_follow(const DuplicateReview& review) {
  const auto next = pair_after(review, 1);
  if (next != review.key_at_hand()) return next;
  const auto before = pair_after(review, -1);
  return before != review.key_at_hand() ? before : std::nullopt;
}

namespace {

void count(DuplicateReview& review, const std::string& form, bool one_more) {
  for (DuplicateReview::FormCount& known : review.forms)
    if (known.form == form) one_more ? ++known.count : --known.count;
}

}  // namespace

void take_out(DuplicateReview& review, const PairKey& key) {
  review.decided_here.insert(key);
  const auto row =
      std::find_if(review.rows.begin(), review.rows.end(), [&](const DuplicateRow& one) { return one.key() == key; });
  if (row == review.rows.end()) return;
  count(review, row->pair.form, false);
  review.rows.erase(row);
  arrange(review);
}

void put_back(DuplicateReview& review, const DuplicateRow& row) {
  review.decided_here.erase(row.key());
  review.put_off.erase(row.key());
  if (std::any_of(review.rows.begin(), review.rows.end(),
                  [&](const DuplicateRow& one) { return one.key() == row.key(); }))
    return;
  count(review, row.pair.form, true);
  review.rows.insert(review.rows.begin(), row);
  arrange(review);
}

PairAtHand pair_at_hand(const DuplicatePair& pair, const Form& form, const std::array<RecordState, 2>& states,
                        const SameAnswer& decided, const Catalogue& catalogue, const Names& names) {
  PairAtHand at_hand;
  at_hand.pair = pair;
  at_hand.form_label = form.label.in(language());
  at_hand.decided = decided;
  for (std::size_t side = 0; side < 2; ++side) {
    const RecordState& state = states[side];
    const std::string author = names.author ? names.author(state.first_author) : std::string();
    const std::string device = names.device ? names.device(state.first_device) : std::string();
    at_hand.sides[side] = {state.record, record_title(form, state.answers, catalogue, names),
                           tr_with("duplicate.written", {author, device, moment_text(state.first_at)})};
  }
  const auto add = [&](const std::string& name, const std::string& label, std::array<std::string, 2> texts) {
    if (texts[0].empty() && texts[1].empty()) return;
    PairAtHand::Line line;
    line.question = name;
    line.label = label;
    line.differs = texts[0] != texts[1];
    std::vector<std::vector<TextPiece>> pieces = marked_differences({texts[0], texts[1]});
    for (std::size_t side = 0; side < 2; ++side) line.pieces[side] = std::move(pieces[side]);
    line.text = std::move(texts);
    at_hand.lines.push_back(std::move(line));
  };
  for (const Question* question : form.questions_of(nullptr))
    if (is_shown(*question))
      add(question->name, question->label.in(language()),
          {answer_text(*question, states[0].answers, catalogue, names),
           answer_text(*question, states[1].answers, catalogue, names)});
  for (const Question* repeat : form.repeats()) {
    std::array<std::string, 2> texts;
    for (std::size_t side = 0; side < 2; ++side) {
      const auto& rows = states[side].answers.rows;
      const auto lines =
          std::count_if(rows.begin(), rows.end(), [&](const Row& row) { return row.repeat == repeat->number; });
      if (lines > 0) texts[side] = tr_with("duplicate.rows", {std::to_string(lines)});
    }
    add(repeat->name, repeat->label.in(language()), texts);
  }
  std::stable_partition(at_hand.lines.begin(), at_hand.lines.end(),
                        [](const PairAtHand::Line& line) { return line.differs; });
  at_hand.differing = static_cast<std::size_t>(std::count_if(
      at_hand.lines.begin(), at_hand.lines.end(), [](const PairAtHand::Line& line) { return line.differs; }));
  if (decided.kept)
    at_hand.leader = *decided.kept == pair.one ? 0 : 1;
  else
    at_hand.leader = answered(at_hand, 1) > answered(at_hand, 0) ? 1 : 0;
  follow_leader(at_hand);
  return at_hand;
}

void exchange_leader(PairAtHand& pair) {
  pair.leader = 1 - pair.leader;
  follow_leader(pair);
}

void take_answer(PairAtHand& pair, std::size_t line, std::size_t side) {
  if (line >= pair.differing) return;
  PairAtHand::Line& chosen = pair.lines[line];
  chosen.taken = side;
  if (std::find(pair.taken_by_hand.begin(), pair.taken_by_hand.end(), chosen.question) == pair.taken_by_hand.end())
    pair.taken_by_hand.push_back(chosen.question);
}

std::string reason_words(MatchReason reason, const Catalogue& catalogue) {
  const CodeList* words = catalogue.list("match_reasons");
  const Option* option = words ? words->find(reason_code(reason)) : nullptr;
  return option ? option->label.in(language()) : reason_code(reason);
}

}  // namespace fieldpost
