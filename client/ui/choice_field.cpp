#include "client/ui/choice_field.h"

#include <GLFW/glfw3.h>
#include <imgui_internal.h>

#include <algorithm>

#include "client/ui/input_queue.h"

namespace fieldpost::ui {
namespace {

constexpr int rows_shown_max = 9;

struct ListResult {
  std::optional<std::size_t> clicked;
  bool hovered = false;
};

ListResult draw_list(const std::vector<ChoiceOption>& found, const Rect& field, int at, bool moved,
                     std::string_view nothing_found) {
  ListResult result;
  const float row = ImGui::GetTextLineHeight() + px(12);
  const int rows = std::clamp(static_cast<int>(found.size()), 1, rows_shown_max);
  const float height = row * static_cast<float>(rows) + px(8);
  float width = std::max(field.max.x - field.min.x, px(260));
  for (std::size_t i = 0; i < std::min<std::size_t>(found.size(), 40); ++i)
    width = std::max(width, ImGui::CalcTextSize(found[i].text.c_str()).x +
                                ImGui::CalcTextSize(found[i].detail.c_str()).x + px(60));
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  width = std::min(width, screen.x - px(16));
  const bool below = field.max.y + height < screen.y || field.min.y < height;
  ImGui::SetNextWindowPos({std::clamp(field.min.x, px(4), screen.x - width - px(4)),
                           below ? field.max.y + px(2) : field.min.y - height - px(2)});
  ImGui::SetNextWindowSize({width, below ? std::min(height, screen.y - field.max.y - px(4)) : height});
  result.hovered = begin_floating_list("###options");
  if (found.empty()) text(nothing_found, Tone::quiet);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(found.size()), row);
  if (at >= 0 && at < static_cast<int>(found.size())) clipper.ForceDisplayRangeByIndices(at, at + 1);
  while (clipper.Step()) {
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i) {
      const ChoiceOption& option = found[static_cast<std::size_t>(i)];
      const ImVec2 min = ImGui::GetCursorScreenPos();
      const ImVec2 max{min.x + ImGui::GetContentRegionAvail().x, min.y + row};
      const bool hovered = result.hovered && ImGui::IsMouseHoveringRect(min, max);
      ImDrawList& draw = *ImGui::GetWindowDrawList();
      if (i == at || hovered)
        draw.AddRectFilled(min, max, ImGui::GetColorU32(i == at ? ImGuiCol_Header : ImGuiCol_HeaderHovered), px(4));
      const float top = min.y + px(6);
      draw.AddText({min.x + px(8), top}, ImGui::GetColorU32(ImGuiCol_Text), option.text.c_str());
      if (!option.detail.empty())
        draw.AddText({max.x - px(8) - ImGui::CalcTextSize(option.detail.c_str()).x, top},
                     ImGui::GetColorU32(tone_text(Tone::quiet)), option.detail.c_str());
      ImGui::Dummy({max.x - min.x, row});
      note_item("option/" + option.code, false, false);
      if (i == at && moved) ImGui::SetScrollHereY(0.5f);
      // The press counts: at the release the field has lost the keyboard and the list is gone.
      if (hovered && ImGui::IsMouseClicked(0)) result.clicked = static_cast<std::size_t>(i);
    }
  }
  end_floating_list();
  return result;
}

}  // namespace

ChoiceResult choice_field(std::string_view name, const std::string& shown, const FindOptions& find,
                          const FieldOptions& options, std::string_view nothing_found) {
  State& s = state();
  ChoiceResult result;
  const bool was_open = s.choice_open == name;
  std::string typed = was_open ? s.choice_filter : shown;
  FieldOptions field_options = options;
  field_options.claims_arrows = true;
  field_options.select_all = true;
  const FieldResult field = text_field(name, typed, field_options);
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  // A small arrow tells a field that chooses from one that takes any text.
  const ImVec2 arrow{rect.max.x - px(16), (rect.min.y + rect.max.y) / 2};
  ImGui::GetWindowDrawList()->AddTriangleFilled({arrow.x - px(5), arrow.y - px(2)},
                                                {arrow.x + px(5), arrow.y - px(2)}, {arrow.x, arrow.y + px(4)},
                                                ImGui::GetColorU32(tone_text(Tone::quiet)));
  result.active = field.active;
  result.submitted = field.submitted;
  if (!was_open && !field.active) return result;

  if (!was_open) {  // it has just got the keyboard
    s.choice_open = name;
    s.choice_typed = false;
    s.choice_at = -1;
  }
  s.choice_filter = typed;
  if (field.edited) {
    s.choice_typed = true;
    s.choice_at = 0;
  }
  const std::vector<ChoiceOption> found = find(s.choice_typed ? std::string_view(typed) : std::string_view());
  const int count = static_cast<int>(found.size());
  if (!s.choice_typed && s.choice_at < 0)
    for (int i = 0; i < count; ++i)
      if (found[static_cast<std::size_t>(i)].text == shown) s.choice_at = i;
  bool moved = !was_open;
  bool picked_by_arrow = false;
  if (field.active) {
    const int page = key_pressed(GLFW_KEY_PAGE_DOWN) ? rows_shown_max
                     : key_pressed(GLFW_KEY_PAGE_UP) ? -rows_shown_max
                                                     : 0;
    const int step = key_pressed(GLFW_KEY_DOWN) ? 1 : key_pressed(GLFW_KEY_UP) ? -1 : page;
    if (step != 0 && count > 0) {
      s.choice_at = std::clamp(s.choice_at + step, 0, count - 1);
      moved = picked_by_arrow = true;
    }
  }
  if (picked_by_arrow) s.choice_moved = true;
  if (!was_open) s.choice_moved = picked_by_arrow;

  const ListResult list = draw_list(found, rect, s.choice_at, moved, nothing_found);
  const bool cancelled = key_pressed(GLFW_KEY_ESCAPE);
  if (list.clicked) {
    result.chosen = found[*list.clicked];
    result.submitted = true;
    s.entered = name;
  } else if (field.active || (list.hovered && ImGui::IsMouseDown(0))) {
    return result;  // still choosing; a press in the list takes the keyboard away for a moment
  } else if (!cancelled && (s.choice_typed || s.choice_moved)) {
    if (s.choice_typed && typed.empty())
      result.cleared = true;
    else if (s.choice_at >= 0 && s.choice_at < count)
      result.chosen = found[static_cast<std::size_t>(s.choice_at)];
    else
      result.unknown = true;
  }
  result.left = true;
  s.choice_open.clear();
  s.choice_filter.clear();
  s.choice_typed = s.choice_moved = false;
  return result;
}

}  // namespace fieldpost::ui
