// The review of the open record: a card above its questions, and the remarks at the questions they belong to.
#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/form_parts.h"
#include "client/screens/parts.h"
#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

using Asked = ReviewView::Asked;

ui::Tone state_tone(ReviewState state) {
  switch (state) {
    case ReviewState::accepted: return ui::Tone::good;
    case ReviewState::submitted: return ui::Tone::waiting;
    case ReviewState::returned_by_office:
    case ReviewState::returned_by_team: return ui::Tone::attention;
    case ReviewState::edited_since:
    case ReviewState::incomplete: return ui::Tone::warning;
    case ReviewState::to_hand_in: return ui::Tone::quiet;
  }
  return ui::Tone::quiet;
}

/// The question whose field has the keyboard, as a review names it; empty: none has.
std::string question_at_hand(FormEntry& entry) {
  const std::string& focused = ui::state().focused.empty() ? ui::state().focused_before : ui::state().focused;
  if (focused.starts_with("f/")) {
    const std::string name = focused.substr(2, focused.find('/', 2) - 2);
    return entry.form().find_in(nullptr, name) ? name : std::string();
  }
  if (!focused.starts_with("cell/")) return {};
  const std::size_t row_at = focused.find('/', 5), question_at = focused.find('/', row_at + 1);
  if (row_at == std::string::npos || question_at == std::string::npos) return {};
  const Question* repeat = entry.form().find(focused.substr(5, row_at - 5));
  if (!repeat || repeat->type != QuestionType::repeat) return {};
  const std::vector<EntityId> rows = entry.rows(*repeat);
  const std::string typed = focused.substr(row_at + 1, question_at - row_at - 1);
  const auto row = static_cast<std::size_t>(std::strtoul(typed.c_str(), nullptr, 10));
  const std::vector<EntityId> saved = entry.seen().heads.entities();
  if (row >= rows.size() || !std::binary_search(saved.begin(), saved.end(), rows[row])) return {};
  return repeat->name + "/" + text(rows[row]) + "/" + focused.substr(question_at + 1);
}

std::optional<Action> draw_remark(const ReviewView& view, const ReviewView::Shown& remark, bool with_label) {
  std::optional<Action> action;
  if (with_label) {
    ui::bold(remark.label, remark.mended ? ui::Tone::quiet : ui::Tone::attention);
    ui::wrapped(remark.text, remark.mended ? ui::Tone::quiet : ui::Tone::neutral);
  } else {
    ui::wrapped(tr_with("review.remark", {remark.text}), remark.mended ? ui::Tone::quiet : ui::Tone::attention);
  }
  if (view.who == Reviewer::team && view.is_returned()) {
    bool mended = remark.mended;
    const std::string name = (with_label ? "review/mended/" : "review/mended_at/") + text(remark.row);
    if (ui::checkbox(name, tr("review.mended"), mended)) action = MarkMended{remark.row, mended};
  } else if (remark.mended) {
    ui::text(tr("review.is_mended"), ui::Tone::good);
  }
  return action;
}

std::optional<Action> draw_writing(ReviewView& view) {
  std::optional<std::size_t> gone;
  for (std::size_t i = 0; i < view.writing.size(); ++i) {
    ReviewView::Writing& one = view.writing[i];
    const std::string number = std::to_string(i);
    ui::text(tr_with("review.writing", {one.label}), ui::Tone::waiting);
    ui::FieldOptions options;
    options.hint = tr("review.remark_hint");
    options.width = ImGui::GetContentRegionAvail().x - ui::px(90);
    ui::text_field("review/writing/" + number, one.text, options);
    ImGui::SameLine();
    if (ui::button("review/drop_writing/" + number, tr("review.drop_remark"), ui::ButtonLook::quiet)) gone = i;
  }
  if (gone) {
    view.writing.erase(view.writing.begin() + static_cast<std::ptrdiff_t>(*gone));
    ui::focus_nothing();
  }
  return std::nullopt;
}

const std::string& asked_text(Asked asked) {
  switch (asked) {
    case Asked::hand_in: return tr("review.will_hand_in");
    case Asked::give_back: return tr("review.will_return");
    case Asked::accept: return tr("review.will_accept");
    case Asked::reopen:
    case Asked::none: break;
  }
  return tr("review.will_reopen");
}

/// What will be written, and whether to.
std::optional<Action> draw_asked(ReviewView& view) {
  std::optional<Action> action;
  ui::line();
  ui::bold(asked_text(view.asked), ui::Tone::waiting);
  if (view.asked == Asked::accept && view.review.incomplete)
    ui::wrapped(tr("review.accept_incomplete"), ui::Tone::warning);
  if (view.asked == Asked::accept && view.review.open_remarks() > 0)
    ui::wrapped(tr_with("review.open_remarks",
                        {vietnamese::number_text(static_cast<std::int64_t>(view.review.open_remarks()))}),
                ui::Tone::warning);
  if (view.asked == Asked::hand_in && view.is_returned() && view.review.open_remarks() > 0)
    ui::wrapped(tr_with("review.not_mended",
                        {vietnamese::number_text(static_cast<std::int64_t>(view.review.open_remarks()))}),
                ui::Tone::warning);
  if (view.asked != Asked::hand_in) {
    ui::FieldOptions options;
    options.hint = tr("review.reason_hint");
    if (ui::text_field("review/reason", view.reason, options).submitted) ui::focus("review/write");
  }
  if (ui::button("review/write", tr("review.write"), ui::ButtonLook::primary)) action = WriteReview{};
  ImGui::SameLine();
  const bool dropped = ui::button("review/drop", tr("review.drop"), ui::ButtonLook::quiet);
  if (dropped || ui::key_pressed(GLFW_KEY_ESCAPE)) action = AskReview{Asked::none};
  return action;
}

std::optional<Action> pressed_keys(FormEntry& entry, const ReviewView& view) {
  const bool office = view.who == Reviewer::office;
  if (ui::key_pressed(GLFW_KEY_F6)) return AddRemark{question_at_hand(entry)};
  if (ui::key_pressed(GLFW_KEY_F7)) return AskReview{Asked::give_back};
  if (office && ui::key_pressed(GLFW_KEY_F8)) return AskReview{Asked::accept};
  if (!office && ui::key_pressed(GLFW_KEY_F9)) return AskReview{Asked::hand_in};
  return std::nullopt;
}

std::optional<Action> draw_steps(const ReviewView& view) {
  std::optional<Action> action;
  const auto step = [&](const char* name, const std::string& words, ui::ButtonLook look, Action asked) {
    beside(words);
    if (ui::button(name, words, look)) action = std::move(asked);
  };
  const ReviewState state = view.review.state;
  if (view.who == Reviewer::office) {
    if (state != ReviewState::accepted || view.review.in_conflict)
      step("review/accept", tr("review.accept"), ui::ButtonLook::normal, AskReview{Asked::accept});
    step("review/return", tr("review.return"), ui::ButtonLook::normal, AskReview{Asked::give_back});
    if (state == ReviewState::accepted || state == ReviewState::returned_by_office)
      step("review/reopen", tr("review.reopen"), ui::ButtonLook::quiet, AskReview{Asked::reopen});
  } else {
    if (state != ReviewState::submitted && state != ReviewState::accepted)
      step("review/hand_in", tr(view.is_returned() ? "review.hand_in_again" : "review.hand_in"),
           view.is_returned() ? ui::ButtonLook::primary : ui::ButtonLook::normal, AskReview{Asked::hand_in});
    if (state == ReviewState::submitted)
      step("review/reopen", tr("review.reopen"), ui::ButtonLook::quiet, AskReview{Asked::reopen});
    if (state == ReviewState::submitted || state == ReviewState::to_hand_in || state == ReviewState::incomplete)
      step("review/return", tr("review.return"), ui::ButtonLook::quiet, AskReview{Asked::give_back});
  }
  step("review/remark", tr("review.add_remark"), ui::ButtonLook::quiet, AddRemark{});
  return action;
}

}  // namespace

std::optional<Action> draw_remarks_at(FormEntry& entry, const Question& question) {
  std::optional<Action> action;
  if (!entry.review || entry.veiled) return action;
  for (const ReviewView::Shown& remark : entry.review->remarks)
    if (remark.question == question.name)
      if (auto asked = draw_remark(*entry.review, remark, false)) action = std::move(asked);
  return action;
}

std::optional<Action> draw_review(FormEntry& entry) {
  if (!entry.review || entry.veiled) return std::nullopt;
  ReviewView& view = *entry.review;
  std::optional<Action> action = pressed_keys(entry, view);
  const auto ask = [&](std::optional<Action> asked) {
    if (asked && !action) action = std::move(asked);
  };
  const std::string state = review_state_text(view.review.state);
  ui::mark(state_tone(view.review.state), state);
  if (view.review.in_conflict) {
    beside(ui::mark_width(tr("review.in_dispute")));
    ui::mark(ui::Tone::attention, tr("review.in_dispute"));
  }
  ask(draw_steps(view));
  const bool shows_remarks =
      !view.remarks.empty() && (view.is_returned() || view.review.state == ReviewState::submitted);
  if (!shows_remarks && view.writing.empty() && view.asked == Asked::none) return action;
  ui::begin_card();
  if (shows_remarks) {
    ui::bold(tr("review.remarks"));
    for (const ReviewView::Shown& remark : view.remarks) ask(draw_remark(view, remark, true));
  }
  ask(draw_writing(view));
  if (view.asked != Asked::none)
    ask(draw_asked(view));
  else if (!view.writing.empty())
    ui::text(tr("review.then_return"), ui::Tone::quiet);
  ui::end_card();
  return action;
}

}  // namespace fieldpost
