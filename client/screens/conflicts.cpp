// The page where conflicts are settled: left what is open, right the one at hand. Its keys work wherever the keyboard
// is: PageUp and PageDown go from one to the next, Alt and a digit takes a value. Up, Down, Left, Right and Enter do
// the same while nobody types.
#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

constexpr std::size_t chords_max = 9;

std::string chord(std::size_t rival) { return "Alt+" + std::to_string(rival + 1); }

float row_height() { return ImGui::GetTextLineHeight() + ui::px(14); }

void draw_line(ConflictReview& review, const ConflictReview::Line& line, std::size_t number,
               std::optional<Action>& action) {
  ConflictRow& row = review.rows[line.row];
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x - ui::px(6);
  const float top = at.y + ui::px(7);
  if (line.of_record > 0) {
    ImGui::Dummy({0, row_height()});
    const std::string& title = row.conflict.title.empty() ? tr("list.untitled") : row.conflict.title;
    row_text({at.x + ui::px(4), top}, right, row_height(), title, ui::Tone::neutral, ui::fonts().bold);
    return;
  }
  if (row.label.empty() && review.look_up) review.look_up(row);
  const bool here = review.key_at_hand() == ConflictReview::Key{row.conflict.record, row.conflict.field};
  if (ui::list_row("conflict/" + std::to_string(number), row_height(), here))
    action = LookAtConflict{row.conflict.record, row.conflict.field};
  if (here)
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + ui::px(5), at.y + row_height()},
                                              ImGui::GetColorU32(ui::accent().mark));
  const std::string count = tr_with("conflict.rivals", {std::to_string(row.rivals)});
  const float count_left = right - ImGui::CalcTextSize(count.c_str()).x;
  row_text({at.x + ui::px(18), top}, count_left - ui::px(8), row_height(), row.label, ui::Tone::neutral,
           ui::fonts().regular);
  row_text({count_left, top}, right + ui::px(6), row_height(), count, ui::Tone::quiet, ui::fonts().regular);
}

std::optional<Action> draw_list(ConflictReview& review, float width) {
  std::optional<Action> action;
  begin_part("conflicts/left", width);
  ui::FieldOptions options;
  options.hint = tr("conflict.search_hint");
  options.claims_arrows = true;
  if (ui::text_field("conflict/search", review.search, options).edited) arrange(review);
  if (review.forms.size() > 1) {
    std::vector<std::string> kinds = {tr("list.all")};
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < review.forms.size(); ++i) {
      kinds.push_back(review.forms[i].label + " " + std::to_string(review.forms[i].count));
      if (review.forms[i].form == review.form) chosen = i + 1;
    }
    if (const auto pressed = draw_options("conflict/kind", kinds, chosen)) {
      review.form = *pressed == 0 ? std::string() : review.forms[*pressed - 1].form;
      arrange(review);
    }
  }
  const std::size_t order = review.order == ConflictReview::Order::newest ? 0 : 1;
  if (const auto pressed =
          draw_options("conflict/order", {tr("conflict.newest_first"), tr("conflict.by_record")}, order)) {
    review.order = *pressed == 0 ? ConflictReview::Order::newest : ConflictReview::Order::by_record;
    arrange(review);
  }
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 0});
  ImGui::BeginChild("conflicts/rows", {0, 0}, true, ImGuiWindowFlags_NavFlattened);
  if (review.lines.empty()) ui::wrapped(tr("list.nothing_found"), ui::Tone::quiet);
  const float height = row_height();
  if (review.moved_on) {
    review.moved_on = false;
    const auto key = review.key_at_hand();
    for (std::size_t i = 0; key && i < review.lines.size(); ++i) {
      const OpenConflict& conflict = review.rows[review.lines[i].row].conflict;
      if (review.lines[i].of_record > 0 || conflict.record != key->first || conflict.field != key->second) continue;
      // With the heading above it, and with what comes next below it.
      const float top = height * static_cast<float>(i > 0 ? i - 1 : 0), bottom = height * static_cast<float>(i + 3);
      const float seen = ImGui::GetWindowHeight();
      if (top < ImGui::GetScrollY())
        ImGui::SetScrollY(top);
      else if (bottom > ImGui::GetScrollY() + seen)
        ImGui::SetScrollY(bottom - seen);
    }
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(review.lines.size()), height);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      draw_line(review, review.lines[static_cast<std::size_t>(i)], static_cast<std::size_t>(i), action);
  ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::EndChild();
  return action;
}

SettleConflict take(const ConflictReview& review, const ConflictReview::Typed& typed, std::size_t rival) {
  const ConflictAtHand& at_hand = *review.at_hand;
  return {at_hand.conflict.record, {{at_hand.conflict.field, at_hand.rivals[rival].view.value}}, typed.reason};
}

/// The rivals side by side, as many as fit.
std::optional<Action> draw_rival_cards(ConflictReview& review, const ConflictReview::Typed& typed) {
  std::optional<Action> action;
  const ConflictAtHand& at_hand = *review.at_hand;
  const auto fitting = static_cast<std::size_t>(ImGui::GetContentRegionAvail().x / ui::px(250));
  const std::size_t columns = std::clamp<std::size_t>(at_hand.rivals.size(), 1, std::max<std::size_t>(1, fitting));
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {ui::px(12), ui::px(8)});
  if (ImGui::BeginTable("rivals", static_cast<int>(columns),
                        ImGuiTableFlags_Borders | ImGuiTableFlags_SizingStretchSame)) {
    for (std::size_t i = 0; i < at_hand.rivals.size(); ++i) {
      const ConflictAtHand::RivalCard& rival = at_hand.rivals[i];
      ImGui::TableNextColumn();
      const bool chosen = review.chosen == i;
      ImGui::TableSetBgColor(ImGuiTableBgTarget_CellBg,
                             ImGui::GetColorU32(chosen ? ui::tone_fill(ui::Tone::waiting) : ui::surface()));
      if (chosen) ui::mark(ui::Tone::waiting, tr("conflict.enter_takes"));
      draw_pieces(rival.text);
      ui::wrapped(rival.view.author, ui::Tone::neutral);
      ui::wrapped(tr_with("conflict.machine", {rival.view.device, rival.view.when}), ui::Tone::quiet);
      if (!rival.besides.empty()) ui::wrapped(tr_with("conflict.besides", {rival.besides}), ui::Tone::quiet);
      if (!rival.reason.empty()) ui::wrapped(tr_with("history.reason", {rival.reason}), ui::Tone::quiet);
      std::string words = tr("conflict.take");
      if (i < chords_max) words += " (" + chord(i) + ")";
      if (ui::button("take/" + std::to_string(i), words, ui::ButtonLook::primary)) action = take(review, typed, i);
    }
    ImGui::EndTable();
  }
  ImGui::PopStyleVar();
  return action;
}

/// A value by hand, where the answer is one that is typed.
std::optional<Action> draw_third_value(ConflictReview& review, ConflictReview::Typed& typed) {
  const ConflictAtHand& at_hand = *review.at_hand;
  if (!at_hand.question) {
    ImGui::NewLine();
    return std::nullopt;
  }
  const bool asked = ui::button("conflict/write", tr("conflict.write"), ui::ButtonLook::quiet);
  if (asked || ui::alt_pressed(GLFW_KEY_S)) {
    if (!typed.writing && typed.value.empty()) {
      // From what is there: a third value is mostly both of them put together.
      const std::size_t from = review.chosen.value_or(at_hand.rivals.size() - 1);
      typed.value = at_hand.rivals[from].view.value == Value(Cleared{}) ? "" : at_hand.rivals[from].view.text;
    }
    typed.writing = true;
    ui::focus("conflict/value");
  }
  if (!typed.writing) return std::nullopt;
  std::optional<Action> action;
  ui::FieldOptions options;
  options.plain = at_hand.question->type != QuestionType::text;
  options.lines = at_hand.question->type == QuestionType::text && typed.value.size() > 60 ? 3 : 1;
  options.claims_arrows = true;
  const Result<Value> value = typed_settlement(at_hand, typed.value);
  if (!value) options.tone = ui::Tone::attention;
  ui::text_field("conflict/value", typed.value, options);
  if (!value) {
    ui::wrapped(tr_with("form.cannot_read", {typing_hint(at_hand.question->type)}), ui::Tone::attention);
    return std::nullopt;
  }
  const bool by_key =
      ImGui::GetIO().KeyCtrl && (ui::key_pressed(GLFW_KEY_ENTER) || ui::key_pressed(GLFW_KEY_KP_ENTER));
  if (ui::button("conflict/take_typed", tr("conflict.take_typed"), ui::ButtonLook::primary) || by_key)
    action = SettleConflict{at_hand.conflict.record, {{at_hand.conflict.field, *value}}, typed.reason};
  return action;
}

std::optional<Action> draw_sides(ConflictReview& review, const ConflictReview::Typed& typed) {
  const ConflictAtHand& at_hand = *review.at_hand;
  if (at_hand.sides.empty()) return std::nullopt;
  if (!review.side) {
    for (std::size_t i = 0; i < at_hand.sides.size(); ++i) {
      const std::string words =
          tr_with("conflict.take_all",
                  {at_hand.sides[i].device, std::to_string(at_hand.sides[i].fields.size()), std::to_string(i + 1)});
      if (i > 0) beside(words);
      if (ui::button("side/" + std::to_string(i), words)) review.side = i;
    }
    if (review.side) ui::focus("side/write");
    return std::nullopt;
  }
  std::optional<Action> action;
  const ConflictAtHand::Side& side = at_hand.sides[*review.side];
  ui::begin_card();
  ui::bold(tr_with("conflict.all_of", {side.device, std::to_string(side.fields.size())}));
  for (const ConflictAtHand::Side::Taken& taken : side.fields) {
    ui::wrapped(taken.label, ui::Tone::quiet);
    ui::wrapped(shortened(taken.text));
  }
  if (ui::button("side/write", tr("conflict.write_all"), ui::ButtonLook::primary)) {
    SettleConflict settle{at_hand.conflict.record, {}, typed.reason};
    for (const ConflictAtHand::Side::Taken& taken : side.fields) settle.settled.push_back(taken.settlement);
    action = std::move(settle);
  }
  ImGui::SameLine();
  const bool dropped = ui::button("side/drop", tr("conflict.not_all"), ui::ButtonLook::quiet);
  if (dropped || ui::key_pressed(GLFW_KEY_ESCAPE)) review.side.reset();
  ui::end_card();
  return action;
}

std::optional<Action> draw_at_hand(ConflictReview& review) {
  std::optional<Action> action;
  const auto ask = [&](std::optional<Action> asked) {
    if (asked) action = std::move(asked);
  };
  begin_part("conflicts/right", 0);
  const ConflictAtHand& at_hand = *review.at_hand;
  ConflictReview::Typed& typed = review.typed_here();
  ui::wrapped(
      at_hand.form_label + " · " + (at_hand.conflict.title.empty() ? tr("list.untitled") : at_hand.conflict.title),
      ui::Tone::quiet);
  // On a small or enlarged screen the room belongs to the values.
  if (is_small_screen())
    ui::bold(at_hand.label);
  else
    ui::title(at_hand.label);
  if (!at_hand.in_words.empty()) ui::notice("conflict/presence", ui::Tone::attention, at_hand.in_words);
  if (at_hand.before) ui::wrapped(tr_with("conflict.before", {*at_hand.before}), ui::Tone::quiet);
  ask(draw_rival_cards(review, typed));
  ask(draw_sides(review, typed));
  draw_reason("conflict/reason", typed.reason, review.reasons);
  if (ui::button("conflict/open", tr("conflict.open_record"), ui::ButtonLook::quiet))
    action = OpenRecord{at_hand.conflict.record};
  ImGui::SameLine();
  ask(draw_third_value(review, typed));
  ImGui::EndChild();
  return action;
}

/// The keys of the page. Those that write letters or move a caret are left to a field that has the keyboard.
std::optional<Action> pressed_keys(ConflictReview& review) {
  if (ui::alt_pressed(GLFW_KEY_Z)) return ReopenConflict{};
  if (!review.at_hand) return std::nullopt;
  const ImGuiIO& io = ImGui::GetIO();
  const std::size_t count = review.at_hand->rivals.size();
  const ConflictReview::Typed& typed = review.typed_here();
  if (!review.side) {
    for (std::size_t i = 0; i < std::min(count, chords_max); ++i)
      if (!io.KeyShift && ui::alt_pressed(GLFW_KEY_1 + static_cast<int>(i))) return take(review, typed, i);
    for (std::size_t i = 0; i < std::min(review.at_hand->sides.size(), chords_max); ++i)
      if (io.KeyShift && ui::alt_pressed(GLFW_KEY_1 + static_cast<int>(i))) {
        review.side = i;
        ui::focus("side/write");
        return std::nullopt;
      }
  }
  if (io.KeyAlt || io.KeyCtrl) return std::nullopt;
  const bool typing = io.WantTextInput;
  int steps = 0;
  if (ui::key_pressed(GLFW_KEY_PAGE_DOWN) || (!typing && ui::key_pressed(GLFW_KEY_DOWN))) steps = 1;
  if (ui::key_pressed(GLFW_KEY_PAGE_UP) || (!typing && ui::key_pressed(GLFW_KEY_UP))) steps = -1;
  if (steps != 0) {
    const auto to = conflict_after(review, steps);
    if (to && to != review.key_at_hand()) return LookAtConflict{to->first, to->second};
    return std::nullopt;
  }
  if (typing) return std::nullopt;
  if (ui::key_pressed(GLFW_KEY_RIGHT)) review.chosen = review.chosen ? std::min(*review.chosen + 1, count - 1) : 0;
  if (ui::key_pressed(GLFW_KEY_LEFT))
    review.chosen = review.chosen.value_or(1) == 0 ? 0 : review.chosen.value_or(1) - 1;
  // Where a button has the keyboard, Enter presses it.
  const bool enter = ui::key_pressed(GLFW_KEY_ENTER) || ui::key_pressed(GLFW_KEY_KP_ENTER);
  if (enter && review.chosen && ui::state().focused_before.empty()) return take(review, typed, *review.chosen);
  return std::nullopt;
}

}  // namespace

std::optional<Action> draw_conflicts(ConflictReview& review) {
  if (review.veiled) {
    ui::title(tr("conflict.title"));
    ui::wrapped(tr("veil.conflicts"), ui::Tone::quiet);
    return std::nullopt;
  }
  ui::claim_keys();
  std::optional<Action> action = pressed_keys(review);
  const auto ask = [&](std::optional<Action> asked) {
    if (asked && !action) action = std::move(asked);
  };
  const std::size_t all = review.rows.size() + review.settled;
  if (review.rows.empty()) {
    ui::title(tr("conflict.title"));
    ui::wrapped(tr(review.settled > 0 ? "conflict.all_done" : "conflict.none"), ui::Tone::quiet);
  } else {
    ui::bold(tr_with("conflict.left", {vietnamese::number_text(static_cast<std::int64_t>(review.rows.size())),
                                       vietnamese::number_text(static_cast<std::int64_t>(all))}));
    if (!is_small_screen()) {
      ImGui::SameLine();
      ui::text(tr("conflict.keys"), ui::Tone::quiet);
    }
  }
  if (draw_noted("conflict/undo", review.note, !review.done.empty())) ask(ReopenConflict{});
  if (review.rows.empty()) return action;

  if (is_small_screen()) {
    // The keys that walk the list need no list: two buttons stand for it.
    if (const int step = draw_steps("conflict", tr("conflict.previous"), tr("conflict.next")))
      if (const auto to = conflict_after(review, step)) ask(LookAtConflict{to->first, to->second});
  } else {
    ask(draw_list(review, ImGui::GetContentRegionAvail().x * 0.34f));
    ImGui::SameLine();
  }
  if (review.at_hand) ask(draw_at_hand(review));
  return action;
}

}  // namespace fieldpost
