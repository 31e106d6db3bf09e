#include "client/screens/parts.h"

#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/ui/input_queue.h"

namespace fieldpost {

ui::Tone status_tone(RecordStatus status) {
  switch (status) {
    case RecordStatus::on_this_laptop:
    case RecordStatus::in_a_bundle: return ui::Tone::waiting;
    case RecordStatus::at_central: return ui::Tone::good;
    case RecordStatus::needs_attention: return ui::Tone::attention;
  }
  return ui::Tone::neutral;
}

bool draw_record_row(const std::string& name, const ListedRecord& record, bool with_form) {
  const float line = ImGui::GetTextLineHeight();
  const float height = 2 * line + ui::px(18);
  const ImVec2 start = ImGui::GetCursorPos();
  const bool pressed = ui::row_button(name, height);
  const ImVec2 after = ImGui::GetCursorPos();
  const float right = start.x + ImGui::GetContentRegionAvail().x;

  // Marks stand at the right edge, so that the eye runs down one column.
  const std::string& status = status_text(record.status);
  float x = right - ui::mark_width(status) - ui::px(8);
  const float marks_y = start.y + (height - line - ui::px(6)) / 2;
  ImGui::SetCursorPos({x, marks_y});
  ui::mark(status_tone(record.status), status);
  const auto mark_left = [&](ui::Tone tone, const std::string& words) {
    x -= ui::mark_width(words) + ui::px(6);
    ImGui::SetCursorPos({x, marks_y});
    ui::mark(tone, words);
  };
  if (record.conflicts > 0)
    mark_left(ui::Tone::attention, tr_with("list.conflicts", {std::to_string(record.conflicts)}));
  if (record.incomplete) mark_left(ui::Tone::warning, tr("list.incomplete"));

  const ImVec2 origin = ImGui::GetWindowPos();
  const float scroll = ImGui::GetScrollY();
  const ImVec2 clip_min{origin.x + start.x, origin.y + start.y - scroll};
  ImGui::PushClipRect(clip_min, {origin.x + x - ui::px(8), clip_min.y + height}, true);
  ImGui::SetCursorPos({start.x + ui::px(8), start.y + ui::px(5)});
  ImGui::PushFont(ui::fonts().bold);
  ui::text(record.title.empty() ? tr("list.untitled") : record.title);
  ImGui::PopFont();
  ImGui::SetCursorPos({start.x + ui::px(8), start.y + line + ui::px(9)});
  // Most titles begin with the record's own date already.
  std::string below = record.title.find(record.date) == std::string::npos ? record.date : std::string();
  if (with_form) below = below.empty() ? record.form_label : record.form_label + " · " + below;
  if (!record.changed.empty()) below += (below.empty() ? "" : " · ") + record.changed;
  ui::text(below, ui::Tone::quiet);
  ImGui::PopClipRect();
  ImGui::SetCursorPos(after);
  ui::line();
  return pressed;
}

std::optional<std::size_t> draw_rivals(const std::string& name, const ConflictView& conflict, std::string& reason,
                                       bool veiled) {
  std::optional<std::size_t> taken;
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ui::tone_fill(ui::Tone::attention));
  ui::begin_card();
  ImGui::PopStyleColor();
  ui::bold(tr("conflict.in_field"), ui::Tone::attention);
  for (std::size_t i = 0; i < conflict.rivals.size(); ++i) {
    const RivalView& rival = conflict.rivals[i];
    ui::line();
    const bool hidden = veiled && conflict.personal;
    ui::bold(hidden ? veiled_text() : rival.text);
    ui::wrapped(tr_with("conflict.by", {rival.author, rival.device, rival.when}), ui::Tone::quiet);
    if (!hidden && ui::button("take/" + name + "/" + std::to_string(i), tr("conflict.take"))) taken = i;
  }
  ui::line();
  ui::text(tr("conflict.reason"), ui::Tone::quiet);
  ui::FieldOptions options;
  options.hint = tr("conflict.reason_hint");
  if (veiled)
    ui::veiled_field("reason/" + name, reason.empty() ? "" : veiled_text(), -1);
  else
    ui::text_field("reason/" + name, reason, options);
  ui::end_card();
  return taken;
}

bool is_small_screen() {
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  return size.x < ui::px(900) || size.y < ui::px(560);
}

void beside(std::string_view next_text) {
  beside(ImGui::CalcTextSize(next_text.data(), next_text.data() + next_text.size()).x +
         2 * ImGui::GetStyle().FramePadding.x);
}

void beside(float next_width) {
  const float right = ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + ImGui::GetStyle().ItemSpacing.x;
  if (right + next_width < ImGui::GetWindowContentRegionMax().x) ImGui::SameLine();
}

std::optional<std::size_t> draw_options(const std::string& name, const std::vector<std::string>& options,
                                        std::size_t chosen) {
  std::optional<std::size_t> pressed;
  for (std::size_t i = 0; i < options.size(); ++i) {
    if (i > 0) beside(options[i]);
    const auto look = i == chosen ? ui::ButtonLook::chosen : ui::ButtonLook::normal;
    if (ui::button(name + "/" + std::to_string(i), options[i], look)) pressed = i;
  }
  return pressed;
}

float part_height() {
  const float least = ui::px(200);
  return ImGui::GetContentRegionAvail().y < least ? least : 0;
}

bool draw_noted(const std::string& name, const std::string& note, bool can_undo) {
  if (note.empty()) return false;
  ui::mark(ui::Tone::good, note);
  if (!can_undo) return false;
  beside(tr("conflict.undo"));
  return ui::button(name, tr("conflict.undo"));
}

int draw_steps(const std::string& page, const std::string& previous, const std::string& next) {
  int step = 0;
  if (ui::button(page + "/previous", previous)) step = -1;
  ImGui::SameLine();
  if (ui::button(page + "/next", next)) step = 1;
  return step;
}

void begin_part(const char* name, float width) {
  ImGui::PushStyleColor(ImGuiCol_ChildBg, ImVec4{0, 0, 0, 0});
  ImGui::BeginChild(name, {width, part_height()}, false, ImGuiWindowFlags_NavFlattened);
  ImGui::PopStyleColor();
}

void begin_column(const char* name, float width_at_100_percent) {
  const float available = ImGui::GetContentRegionAvail().x;
  const float width = std::min(available, ui::px(width_at_100_percent));
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + (available - width) / 2);
  begin_part(name, width);
}

void end_column() { ImGui::EndChild(); }

void row_text(ImVec2 at, float right, float height, const std::string& words, ui::Tone tone, ImFont* font) {
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.PushClipRect({at.x, at.y - ui::px(4)}, {right, at.y + height}, true);
  draw.AddText(font, font->FontSize, at, ImGui::GetColorU32(ui::tone_text(tone)), words.data(),
               words.data() + words.size());
  draw.PopClipRect();
}

void draw_pieces(const std::vector<TextPiece>& pieces) {
  std::vector<ui::Words> words;
  for (const TextPiece& piece : pieces) words.push_back({piece.text, piece.differs});
  ImGui::PushFont(ui::fonts().bold);
  ui::marked_text(words);
  ImGui::PopFont();
}

void draw_reason(const std::string& name, std::string& reason, const std::vector<std::string>& before) {
  ui::text(tr("conflict.reason_key"), ui::Tone::quiet);
  ui::FieldOptions options;
  options.hint = tr("conflict.reason_hint");
  options.claims_arrows = true;
  const ui::FieldResult field = ui::text_field(name, reason, options);
  if (ui::alt_pressed(GLFW_KEY_L)) ui::focus(name);
  for (std::size_t i = 0; i < before.size(); ++i) {
    const std::string words = shortened(before[i]);
    if (i > 0) beside(words);
    if (ui::button(name + "/" + std::to_string(i), words, ui::ButtonLook::quiet)) reason = before[i];
  }
  // In the field, Down goes to the reasons given before.
  if (!field.active || before.empty()) return;
  const int step = ui::key_pressed(GLFW_KEY_DOWN) ? 1 : ui::key_pressed(GLFW_KEY_UP) ? -1 : 0;
  if (step == 0) return;
  const auto found = std::find(before.begin(), before.end(), reason);
  const int count = static_cast<int>(before.size());
  const int at = found == before.end() ? (step > 0 ? -1 : count) : static_cast<int>(found - before.begin());
  reason = before[static_cast<std::size_t>(std::clamp(at + step, 0, count - 1))];
  // The field keeps its own copy while it has the keyboard.
  ui::focus_nothing();
  ui::focus(name);
}

}  // namespace fieldpost
