#include "client/model/conflict_review.h"

#include <algorithm>
#include <set>

#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"
#include "shared/model/ancestry.h"

namespace fieldpost {
namespace {

constexpr std::size_t reasons_max = 4;
// A save can write a whole form; a few names tell what it was about.
constexpr std::size_t besides_max = 4;

bool is_presence(const Form& form, const FieldRef& field, const RecordId& record) {
  if (!field.field.option.empty()) return false;
  if (field.entity == record) return field.field.number == record_presence;
  const Question* question = form.find(field.field.number);
  return question && question->type == QuestionType::repeat;
}

/// By what a person knows a row: its first answer that is typed.
std::string row_name(const Form& form, const Row& row, const Catalogue& catalogue, const Names& names) {
  for (const Question* question : form.questions_of(form.find(row.repeat))) {
    if (!holds_text(question->type)) continue;
    const auto answer = row.fields.find({question->number, {}});
    if (answer != row.fields.end() && !is_cleared(answer->second))
      return value_text(*question, answer->second, catalogue, names);
  }
  return {};
}

/// What else the author of a rival wrote in the same save.
std::string written_besides(const Form& form, const Change& change, const FieldRef& presence,
                            const Catalogue& catalogue) {
  std::vector<std::string> labels;
  for (const FieldRef& field : change.writes) {
    if (is_presence(form, field, change.record) || field.entity != presence.entity) continue;
    std::string label = field_text(form, field, change.record, catalogue);
    if (std::find(labels.begin(), labels.end(), label) == labels.end()) labels.push_back(std::move(label));
  }
  std::string text;
  for (std::size_t i = 0; i < std::min(labels.size(), besides_max); ++i) text += (i == 0 ? "" : ", ") + labels[i];
  if (labels.size() > besides_max) text += " …";
  return text;
}

bool fits(const ConflictReview& review, const ConflictRow& row, const std::vector<std::string>& words) {
  if (!review.form.empty() && row.conflict.form != review.form) return false;
  if (words.empty()) return true;
  const std::string folded = vietnamese::fold(row.conflict.title + " " + row.question);
  return std::all_of(words.begin(), words.end(),
                     [&](const std::string& word) { return folded.find(word) != std::string::npos; });
}

/// Where the one at hand stands among the lines, or the first that would come after it.
std::size_t line_at_hand(const ConflictReview& review) {
  const auto key = review.key_at_hand();
  if (!key) return 0;
  for (std::size_t i = 0; i < review.lines.size(); ++i) {
    const OpenConflict& conflict = review.rows[review.lines[i].row].conflict;
    if (review.lines[i].of_record == 0 && conflict.record == key->first && conflict.field >= key->second) return i;
  }
  return 0;
}

ConflictReview::Key key_of(const OpenConflict& conflict) { return {conflict.record, conflict.field}; }

}  // namespace

ConflictReview::Typed& ConflictReview::typed_here() { return typed[key_at_hand().value_or(Key{})]; }

std::optional<ConflictReview::Key> ConflictReview::key_at_hand() const {
  if (!at_hand) return std::nullopt;
  return key_of(at_hand->conflict);
}

void take_rows(ConflictReview& review, std::vector<OpenConflict> open, const Catalogue& catalogue) {
  std::map<ConflictId, ConflictRow*> known;
  for (ConflictRow& row : review.rows) known[row.conflict.id] = &row;
  std::vector<ConflictRow> rows;
  std::map<std::string, std::size_t> counts;
  for (OpenConflict& conflict : open) {
    ConflictRow row;
    if (const auto before = known.find(conflict.id); before != known.end()) row = std::move(*before->second);
    row.conflict = std::move(conflict);
    const Form* form = catalogue.form(row.conflict.form);
    row.question = form ? field_text(*form, row.conflict.field, row.conflict.record, catalogue) : tr("field.unknown");
    ++counts[row.conflict.form];
    rows.push_back(std::move(row));
  }
  review.rows = std::move(rows);
  review.forms.clear();
  for (const auto& [name, count] : counts) {
    const Form* form = catalogue.form(name);
    review.forms.push_back({name, form ? form->label.in(language()) : name, count});
  }
  // The last of a kind may have been settled.
  if (!counts.contains(review.form)) review.form.clear();
  arrange(review);
}

void arrange(ConflictReview& review) {
  const std::vector<std::string> words = vietnamese::folded_words(review.search);
  struct Group {
    std::size_t first = 0;
    std::vector<std::size_t> rows;
    std::string title;
  };
  std::vector<Group> groups;
  review.fitting = 0;
  for (std::size_t i = 0; i < review.rows.size(); ++i) {
    const ConflictRow& row = review.rows[i];
    if (!fits(review, row, words)) continue;
    ++review.fitting;
    if (groups.empty() || review.rows[groups.back().first].conflict.record != row.conflict.record)
      groups.push_back({i, {}, vietnamese::sort_key(row.conflict.title)});
    groups.back().rows.push_back(i);
  }
  std::stable_sort(groups.begin(), groups.end(), [&](const Group& a, const Group& b) {
    if (review.order == ConflictReview::Order::by_record) return a.title < b.title;
    return review.rows[a.first].conflict.at > review.rows[b.first].conflict.at;
  });
  review.lines.clear();
  for (const Group& group : groups) {
    review.lines.push_back({group.first, group.rows.size()});
    for (const std::size_t row : group.rows) review.lines.push_back({row, 0});
  }
}

std::optional<ConflictReview::Key> conflict_after(const ConflictReview& review, int steps) {
  std::vector<std::size_t> places;  // of conflicts among the lines
  std::size_t at = 0;
  const std::size_t here = line_at_hand(review);
  for (std::size_t i = 0; i < review.lines.size(); ++i) {
    if (review.lines[i].of_record != 0) continue;
    if (i <= here) at = places.size();
    places.push_back(i);
  }
  if (places.empty()) return std::nullopt;
  const auto last = static_cast<int>(places.size()) - 1;
  const int to = std::clamp(static_cast<int>(at) + steps, 0, last);
  return key_of(review.rows[review.lines[places[static_cast<std::size_t>(to)]].row].conflict);
}

std::optional<ConflictReview::Key> conflict_to_follow(const ConflictReview& review,
                                                      const std::vector<FieldRef>& settled) {
  const auto here = review.key_at_hand();
  std::optional<ConflictReview::Key> before;
  bool passed = false;
  for (const ConflictReview::Line& line : review.lines) {
    if (line.of_record != 0) continue;
    const ConflictReview::Key key = key_of(review.rows[line.row].conflict);
    if (here && key == *here) {
      passed = true;
      continue;
    }
    const bool gone =
        here && key.first == here->first && std::find(settled.begin(), settled.end(), key.second) != settled.end();
    if (gone) continue;
    if (passed) return key;
    before = key;
  }
  return before;
}

std::string conflict_label(const Form& form, const RecordState& state, const FieldRef& field,
                           const Catalogue& catalogue, const Names& names) {
  std::string label = field_text(form, field, state.record, catalogue);
  for (const Row& row : state.answers.rows)
    if (row.id == field.entity)
      if (const std::string name = row_name(form, row, catalogue, names); !name.empty()) label += " · " + name;
  return label;
}

std::optional<ConflictAtHand> conflict_at_hand(const Form& form, const OpenConflict& conflict,
                                               const RecordState& state, const std::vector<Change>& history,
                                               const Catalogue& catalogue, const Names& names,
                                               const CivilDate& today) {
  const auto standing = state.conflicts.find(conflict.field);
  if (standing == state.conflicts.end()) return std::nullopt;
  std::map<ChangeId, const Change*> by_id;
  for (const Change& change : history) by_id[change.id] = &change;
  const FindChange find = [&](const ChangeId& id) {
    const auto found = by_id.find(id);
    return found == by_id.end() ? nullptr : found->second;
  };
  const bool presence = is_presence(form, conflict.field, conflict.record);

  ConflictAtHand at_hand;
  at_hand.conflict = conflict;
  at_hand.form_label = form.label.in(language());
  at_hand.label = conflict_label(form, state, conflict.field, catalogue, names);
  for (const auto& [field, rivals] : state.conflicts)
    for (const Rival& rival : rivals.heads) at_hand.shown[field].push_back(rival.change);

  const ConflictView view =
      conflict_view(form, conflict.field, standing->second, conflict.record, catalogue, names, today);
  std::vector<std::string> texts;
  for (std::size_t i = 0; i < view.rivals.size(); ++i) {
    ConflictAtHand::RivalCard card;
    card.view = view.rivals[i];
    card.reason = standing->second.heads[i].reason.value_or("");
    const Change* change = find(card.view.change);
    if (presence) {
      const bool kept = card.view.value == Value(true);
      card.view.text =
          tr(conflict.field.entity == conflict.record ? (kept ? "conflict.keep_record" : "conflict.delete_record")
                                                      : (kept ? "conflict.keep_row" : "conflict.delete_row"));
      if (kept && change) card.besides = written_besides(form, *change, conflict.field, catalogue);
    }
    texts.push_back(card.view.text);
    at_hand.rivals.push_back(std::move(card));
  }
  std::vector<std::vector<TextPiece>> marked = marked_differences(texts);
  for (std::size_t i = 0; i < texts.size(); ++i)
    at_hand.rivals[i].text = presence ? std::vector<TextPiece>{{texts[i], false}} : std::move(marked[i]);

  if (presence) {
    at_hand.in_words =
        tr(conflict.field.entity == conflict.record ? "conflict.record_presence" : "conflict.row_presence");
  } else if (const auto before = value_before(conflict.field, at_hand.shown[conflict.field], find)) {
    at_hand.before = is_cleared(*before) ? tr("conflict.nothing_before")
                                         : field_value_text(form, conflict.field, *before, catalogue, names);
  }
  const Question* question = form.find(conflict.field.field.number);
  if (!presence && question && holds_text(question->type)) at_hand.question = question;

  // Which laptop has a say in which conflicts. One that stands against itself, after a settlement was taken back,
  // has no side there.
  std::map<DeviceId, ConflictAtHand::Side> sides;
  for (const auto& [field, rivals] : state.conflicts) {
    std::map<DeviceId, std::size_t> voices;
    for (const Rival& rival : rivals.heads) ++voices[rival.device];
    for (const Rival& rival : rivals.heads) {
      if (voices[rival.device] != 1) continue;
      ConflictAtHand::Side& side = sides[rival.device];
      side.device = names.device ? names.device(rival.device) : std::string();
      side.fields.push_back({conflict_label(form, state, field, catalogue, names),
                             field_value_text(form, field, rival.value, catalogue, names),
                             {field, rival.value}});
    }
  }
  for (auto& [device, side] : sides)
    if (side.fields.size() > 1) at_hand.sides.push_back(std::move(side));
  return at_hand;
}

Result<Value> typed_settlement(const ConflictAtHand& conflict, std::string_view typed) {
  if (!conflict.question) return Error{ErrorCode::invalid_argument, "this answer is not typed"};
  return typed_value(*conflict.question, typed);
}

void use_reason(std::vector<std::string>& reasons, const std::string& reason) {
  if (reason.empty()) return;
  std::erase(reasons, reason);
  reasons.insert(reasons.begin(), reason);
  if (reasons.size() > reasons_max) reasons.pop_back();
}

std::vector<RevivedValue> rivals_to_revive(const std::vector<Settlement>& settled, const RecordState& state,
                                           const Names& names) {
  std::vector<RevivedValue> values;
  for (const Settlement& one : settled) {
    const auto rivals = state.conflicts.find(one.field);
    if (rivals == state.conflicts.end()) continue;
    for (const Rival& rival : rivals->second.heads)
      values.push_back({one.field, rival.value,
                        tr_with("conflict.revived",
                                {names.author ? names.author(rival.author) : std::string(),
                                 names.device ? names.device(rival.device) : std::string(), moment_text(rival.at)})});
  }
  return values;
}

}  // namespace fieldpost
