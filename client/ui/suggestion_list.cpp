#include "client/ui/suggestion_list.h"

#include <imgui_internal.h>

#include <algorithm>

namespace fieldpost::ui {

std::optional<std::size_t> suggestion_list(std::string_view name, const Rect& field,
                                           const std::vector<SuggestionLine>& lines, int at, std::string_view title,
                                           std::string_view keys) {
  std::optional<std::size_t> taken;
  const auto size_of = [](std::string_view words) {
    return ImGui::CalcTextSize(words.data(), words.data() + words.size());
  };
  const float inset = px(10), gap = px(24), row = ImGui::GetTextLineHeight() + px(12);
  const float small = ImGui::GetTextLineHeight() + px(8);
  float name_width = px(160), detail_width = 0;
  for (const SuggestionLine& line : lines) {
    name_width =
        std::max(name_width, fonts().bold->CalcTextSizeA(fonts().bold->FontSize, FLT_MAX, 0, line.text.c_str()).x);
    const float remark = line.remark.empty() ? 0 : size_of(line.remark).x + gap;
    detail_width = std::max(detail_width, size_of(line.detail).x + remark);
  }
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float words_width = std::max(size_of(title).x + gap + size_of(keys).x, name_width + gap + detail_width);
  const float width = std::min(words_width + 2 * inset + px(8), screen.x - px(16));
  const float height = small + row * static_cast<float>(lines.size()) + px(10);
  // Below the field, where the eye goes next; above it where there is no room.
  const bool below = field.max.y + height + px(4) < screen.y || field.min.y < height;
  ImGui::SetNextWindowPos({std::clamp(field.min.x, px(4), std::max(px(4), screen.x - width - px(4))),
                           below ? field.max.y + px(3) : field.min.y - height - px(3)});
  ImGui::SetNextWindowSize({width, height});
  const bool hovered =
      begin_floating_list("###suggestions", ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImU32 quiet = ImGui::GetColorU32(tone_text(Tone::quiet)), ink = ImGui::GetColorU32(ImGuiCol_Text);
  const auto write = [&](ImVec2 place, ImU32 colour, std::string_view words) {
    draw.AddText(place, colour, words.data(), words.data() + words.size());
  };
  const ImVec2 top = ImGui::GetCursorScreenPos();
  const float right = top.x + ImGui::GetContentRegionAvail().x;
  write({top.x + inset, top.y + px(3)}, quiet, title);
  write({right - inset - size_of(keys).x, top.y + px(3)}, quiet, keys);
  ImGui::Dummy({right - top.x, small});
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const SuggestionLine& line = lines[i];
    const ImVec2 min = ImGui::GetCursorScreenPos(), max{right, min.y + row};
    const bool chosen = static_cast<int>(i) == at, under = hovered && ImGui::IsMouseHoveringRect(min, max);
    if (chosen || under)
      draw.AddRectFilled(min, max, ImGui::GetColorU32(chosen ? ImGuiCol_Header : ImGuiCol_HeaderHovered), px(4));
    const float y = min.y + px(6);
    draw.AddText(fonts().bold, fonts().bold->FontSize, {min.x + inset, y}, ink, line.text.c_str());
    const float details = min.x + inset + name_width + gap;
    write({details, y}, ink, line.detail);
    if (!line.remark.empty())
      write({details + size_of(line.detail).x + gap, y}, ImGui::GetColorU32(tone_text(Tone::warning)), line.remark);
    ImGui::Dummy({max.x - min.x, row});
    note_item(std::string(name) + "/" + std::to_string(i), false, false);
    // The press counts: at the release the field has lost the keyboard and the list is gone.
    if (under && ImGui::IsMouseClicked(0)) taken = i;
  }
  end_floating_list();
  return taken;
}

}  // namespace fieldpost::ui
