// The page where two records are decided to be one or not: left the pairs, right the one at hand, side by side. Its
// keys work wherever the keyboard is: PageUp and PageDown go from pair to pair, Alt and a digit decides. The arrows
// go through the answers that differ and choose whose is shown, while nobody types.
#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

float row_height() { return 2 * ImGui::GetTextLineHeight() + ui::px(14); }

const std::string& shown(const std::string& title) { return title.empty() ? tr("list.untitled") : title; }

std::string certainty_words(const DuplicatePair& pair) {
  if (pair.match.certainty == Certainty::certain) return tr("duplicate.certain");
  if (pair.match.reasons == std::vector<MatchReason>{MatchReason::contradicted}) return tr("duplicate.contradicted");
  return tr_with("duplicate.likely", {std::to_string(static_cast<int>(pair.match.score + 0.5))});
}

ui::Tone certainty_tone(const DuplicatePair& pair) {
  if (pair.match.certainty == Certainty::certain) return ui::Tone::good;
  return pair.match.score > 0 ? ui::Tone::waiting : ui::Tone::attention;
}

void draw_row(const DuplicateReview& review, std::size_t line, std::optional<Action>& action) {
  const DuplicateRow& row = review.rows[review.lines[line]];
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float right = at.x + ImGui::GetContentRegionAvail().x - ui::px(6);
  const float text = ImGui::GetTextLineHeight(), height = row_height();
  const bool here = review.key_at_hand() == row.key();
  if (ui::list_row("duplicate/" + std::to_string(line), height, here))
    action = LookAtPair{row.pair.one, row.pair.other};
  if (here)
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + ui::px(5), at.y + height},
                                              ImGui::GetColorU32(ui::accent().mark));
  const bool put_off = review.put_off.contains(row.key());
  const std::string mark = put_off ? tr("duplicate.put_off") : certainty_words(row.pair);
  const float mark_left = right - ImGui::CalcTextSize(mark.c_str()).x;
  const float left = at.x + ui::px(14);
  row_text({left, at.y + ui::px(5)}, mark_left - ui::px(8), height, shown(row.titles[0]), ui::Tone::neutral,
           ui::fonts().regular);
  row_text({mark_left, at.y + ui::px(5)}, right + ui::px(6), height, mark,
           put_off ? ui::Tone::quiet : certainty_tone(row.pair), ui::fonts().regular);
  row_text({left, at.y + ui::px(5) + text}, right, height - text, shown(row.titles[1]), ui::Tone::neutral,
           ui::fonts().regular);
}

std::optional<Action> draw_list(DuplicateReview& review, float width) {
  std::optional<Action> action;
  begin_part("duplicates/left", width);
  if (review.forms.size() > 1) {
    std::vector<std::string> kinds = {tr("list.all")};
    std::size_t chosen = 0;
    for (std::size_t i = 0; i < review.forms.size(); ++i) {
      kinds.push_back(review.forms[i].label + " " + std::to_string(review.forms[i].count));
      if (review.forms[i].form == review.form) chosen = i + 1;
    }
    if (const auto pressed = draw_options("duplicate/kind", kinds, chosen)) {
      review.form = *pressed == 0 ? std::string() : review.forms[*pressed - 1].form;
      arrange(review);
    }
  }
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 0});
  ImGui::BeginChild("duplicates/rows", {0, 0}, true, ImGuiWindowFlags_NavFlattened);
  const float height = row_height();
  if (review.moved_on) {
    review.moved_on = false;
    for (std::size_t i = 0; i < review.lines.size(); ++i) {
      if (review.key_at_hand() != review.rows[review.lines[i]].key()) continue;
      const float top = height * static_cast<float>(i), bottom = top + 2 * height, seen = ImGui::GetWindowHeight();
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
      draw_row(review, static_cast<std::size_t>(i), action);
  ImGui::EndChild();
  ImGui::PopStyleVar();
  ImGui::EndChild();
  return action;
}

void draw_reasons(const DuplicatePair& pair, const std::string& form_label, const Catalogue& catalogue) {
  ui::mark(certainty_tone(pair), certainty_words(pair));
  beside(form_label);
  ui::text(form_label, ui::Tone::quiet);
  std::string words_for, words_against;
  for (const MatchReason reason : pair.match.reasons) {
    std::string& words = speaks_for(reason) ? words_for : words_against;
    words += (words.empty() ? "" : " · ") + reason_words(reason, catalogue);
  }
  if (!words_for.empty()) ui::wrapped("+ " + words_for);
  if (!words_against.empty()) ui::wrapped("− " + words_against, ui::Tone::warning);
}

/// By lines: not every font has the sign.
void draw_tick(ImVec2 left_middle) {
  const ImU32 ink = ImGui::GetColorU32(ui::tone_text(ui::Tone::waiting));
  const ImVec2 corner{left_middle.x + ui::px(4), left_middle.y + ui::px(4)};
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddLine(left_middle, corner, ink, ui::px(2));
  draw.AddLine(corner, {corner.x + ui::px(6), corner.y - ui::px(9)}, ink, ui::px(2));
}

/// An answer of one record; the one that shall be shown has a ground and a tick.
void draw_answer(PairAtHand& pair, std::size_t at, std::size_t side, bool here) {
  PairAtHand::Line& line = pair.lines[at];
  const std::string& text = line.text[side].empty() ? tr("duplicate.no_answer") : line.text[side];
  if (!line.differs) return ui::wrapped(text, ui::Tone::quiet);
  const bool taken = line.taken == side;
  const float tick = ui::px(20), width = std::max(ImGui::GetContentRegionAvail().x - tick, ui::px(40));
  const float height = ImGui::CalcTextSize(text.c_str(), nullptr, false, width * 0.9f).y + ui::px(6);
  const ImVec2 start = ImGui::GetCursorScreenPos();
  if (taken)
    ImGui::GetWindowDrawList()->AddRectFilled(start, {start.x + width + tick, start.y + height},
                                              ImGui::GetColorU32(ui::tone_fill(ui::Tone::waiting)));
  if (ui::list_row("answer/" + std::to_string(at) + "/" + std::to_string(side), height, false))
    take_answer(pair, at, side);
  if (here && taken)
    ImGui::GetWindowDrawList()->AddRect(start, {start.x + width + tick, start.y + height},
                                        ImGui::GetColorU32(ui::accent().mark), 0, 0, ui::px(2));
  if (taken) draw_tick({start.x + ui::px(4), start.y + height / 2});
  ImGui::SetCursorScreenPos({start.x + tick, start.y + ui::px(3)});
  if (line.text[side].empty())
    ui::wrapped(text, ui::Tone::quiet);
  else
    draw_pieces(line.pieces[side]);
  ImGui::SetCursorScreenPos({start.x, start.y + height});
  ImGui::Dummy({1, 1});
  const bool walked = ui::key_pressed(GLFW_KEY_DOWN) || ui::key_pressed(GLFW_KEY_UP);
  if (here && taken && walked && !ImGui::GetIO().WantTextInput)
    ui::scroll_to({start, {start.x + width, start.y + height}});
}

std::optional<Action> draw_side_by_side(DuplicateReview& review) {
  std::optional<Action> action;
  PairAtHand& pair = *review.at_hand;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {ui::px(8), ui::px(4)});
  if (ImGui::BeginTable("sides", 3, ImGuiTableFlags_Borders | ImGuiTableFlags_SizingStretchProp)) {
    ImGui::TableSetupColumn("question", ImGuiTableColumnFlags_WidthStretch, 0.5f);
    ImGui::TableSetupColumn("one", ImGuiTableColumnFlags_WidthStretch, 1);
    ImGui::TableSetupColumn("other", ImGuiTableColumnFlags_WidthStretch, 1);
    // A row each, so that both columns stand level.
    ImGui::TableNextColumn();
    for (std::size_t side = 0; side < 2; ++side) {
      ImGui::TableNextColumn();
      ui::bold(shown(pair.sides[side].title));
      ui::wrapped(pair.sides[side].written, ui::Tone::quiet);
    }
    ImGui::TableNextColumn();
    ui::wrapped(tr_with("duplicate.differing", {std::to_string(pair.differing)}), ui::Tone::quiet);
    for (std::size_t side = 0; side < 2; ++side) {
      ImGui::TableNextColumn();
      const std::string number = std::to_string(side);
      const bool leads = pair.leader == side;
      if (ui::button("leader/" + number, tr(leads ? "duplicate.leads" : "duplicate.let_lead"),
                     leads ? ui::ButtonLook::chosen : ui::ButtonLook::normal) &&
          !leads)
        exchange_leader(pair);
      beside(tr("conflict.open_record"));
      if (ui::button("open/" + number, tr("conflict.open_record"), ui::ButtonLook::quiet))
        action = OpenRecord{pair.sides[side].record};
    }
    for (std::size_t i = 0; i < pair.lines.size(); ++i) {
      ImGui::TableNextRow();
      ImGui::TableNextColumn();
      const bool here = pair.lines[i].differs && review.line == i;
      ui::wrapped(pair.lines[i].label, pair.lines[i].differs ? ui::Tone::neutral : ui::Tone::quiet);
      for (std::size_t side = 0; side < 2; ++side) {
        ImGui::TableNextColumn();
        draw_answer(pair, i, side, here);
      }
    }
    ImGui::EndTable();
  }
  ImGui::PopStyleVar();
  return action;
}

std::optional<Action> put_off(DuplicateReview& review) {
  const auto next = pair_to_follow(review);
  review.put_off.insert(*review.key_at_hand());
  arrange(review);
  if (!next) return std::nullopt;
  return LookAtPair{next->first, next->second};
}

DecidePair decision(const DuplicateReview& review, bool same) {
  const auto typed = review.typed.find(*review.key_at_hand());
  const std::string reason = typed == review.typed.end() ? std::string() : typed->second;
  return {same ? review.at_hand->same() : SameAnswer{SameDecision::Decided::not_same, {}, {}}, reason};
}

std::optional<Action> draw_at_hand(DuplicateReview& review, const Catalogue& catalogue) {
  std::optional<Action> action;
  begin_part("duplicates/right", 0);
  PairAtHand& pair = *review.at_hand;
  draw_reasons(pair.pair, pair.form_label, catalogue);
  const std::string same = tr("duplicate.same") + " (Alt+1)", other = tr("duplicate.not_same") + " (Alt+2)",
                    later = tr("duplicate.later") + " (Alt+3)";
  if (ui::button("decide/same", same, ui::ButtonLook::primary)) action = decision(review, true);
  beside(other);
  if (ui::button("decide/not_same", other)) action = decision(review, false);
  beside(later);
  if (ui::button("decide/later", later, ui::ButtonLook::quiet)) action = put_off(review);
  draw_reason("duplicate/reason", review.typed[pair.key()], review.reasons);
  if (auto asked = draw_side_by_side(review)) action = std::move(asked);
  ui::wrapped(tr("duplicate.kept_both"), ui::Tone::quiet);
  ImGui::EndChild();
  return action;
}

/// The keys of the page. Those that write letters or move a caret are left to a field that has the keyboard.
std::optional<Action> pressed_keys(DuplicateReview& review) {
  if (ui::alt_pressed(GLFW_KEY_Z)) return UndoPair{};
  if (!review.at_hand) return std::nullopt;
  if (ui::alt_pressed(GLFW_KEY_1)) return decision(review, true);
  if (ui::alt_pressed(GLFW_KEY_2)) return decision(review, false);
  if (ui::alt_pressed(GLFW_KEY_3)) return put_off(review);
  PairAtHand& pair = *review.at_hand;
  if (ui::alt_pressed(GLFW_KEY_D)) exchange_leader(pair);
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyAlt || io.KeyCtrl) return std::nullopt;
  const int steps = ui::key_pressed(GLFW_KEY_PAGE_DOWN) ? 1 : ui::key_pressed(GLFW_KEY_PAGE_UP) ? -1 : 0;
  if (steps != 0) {
    const auto to = pair_after(review, steps);
    if (to && to != review.key_at_hand()) return LookAtPair{to->first, to->second};
    return std::nullopt;
  }
  if (io.WantTextInput || pair.differing == 0) return std::nullopt;
  if (ui::key_pressed(GLFW_KEY_DOWN)) review.line = std::min(review.line + 1, pair.differing - 1);
  if (ui::key_pressed(GLFW_KEY_UP) && review.line > 0) --review.line;
  if (ui::key_pressed(GLFW_KEY_LEFT)) take_answer(pair, review.line, 0);
  if (ui::key_pressed(GLFW_KEY_RIGHT)) take_answer(pair, review.line, 1);
  return std::nullopt;
}

}  // namespace

std::optional<Action> draw_duplicates(DuplicateReview& review, const Catalogue& catalogue) {
  if (review.veiled) {
    ui::title(tr("duplicate.title"));
    ui::wrapped(tr("veil.duplicates"), ui::Tone::quiet);
    return std::nullopt;
  }
  ui::claim_keys();
  std::optional<Action> action = pressed_keys(review);
  const auto ask = [&](std::optional<Action> asked) {
    if (asked && !action) action = std::move(asked);
  };
  if (review.rows.empty()) {
    ui::title(tr("duplicate.title"));
    ui::wrapped(tr(review.reading       ? "duplicate.reading"
                   : review.decided > 0 ? "duplicate.all_done"
                                        : "duplicate.none"),
                ui::Tone::quiet);
  } else {
    ui::bold(tr_with("duplicate.left", {vietnamese::number_text(static_cast<std::int64_t>(review.rows.size())),
                                        vietnamese::number_text(static_cast<std::int64_t>(review.decided))}));
    if (!is_small_screen()) {
      ImGui::SameLine();
      ui::text(tr("duplicate.keys"), ui::Tone::quiet);
    }
  }
  if (draw_noted("duplicate/undo", review.note, !review.done.empty())) ask(UndoPair{});
  if (review.rows.empty()) return action;

  if (is_small_screen()) {
    // The keys that walk the list need no list: two buttons stand for it.
    if (const int step = draw_steps("duplicate", tr("duplicate.previous"), tr("duplicate.next")))
      if (const auto to = pair_after(review, step)) ask(LookAtPair{to->first, to->second});
  } else {
    ask(draw_list(review, ImGui::GetContentRegionAvail().x * 0.3f));
    ImGui::SameLine();
  }
  if (review.at_hand) ask(draw_at_hand(review, catalogue));
  return action;
}

}  // namespace fieldpost
