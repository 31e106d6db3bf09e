#include "client/ui/chart.h"

#include <algorithm>

#include "client/ui/widgets.h"

namespace fieldpost::ui {

void bar_chart(const std::vector<Bar>& bars, const std::optional<double>& target, const std::string& target_words) {
  double longest = target.value_or(0);
  float values = 0;
  for (const Bar& bar : bars) {
    longest = std::max(longest, bar.length);
    values = std::max(values, ImGui::CalcTextSize(bar.value.c_str()).x);
  }
  if (longest <= 0) longest = 1;
  const float width = ImGui::GetContentRegionAvail().x;
  const float label_width = std::min(px(320), width * 0.4f), gap = px(8);
  const float room = std::max(px(40), width - label_width - values - 3 * gap);
  const float height = ImGui::GetTextLineHeight() + px(6);
  ImDrawList* draw = ImGui::GetWindowDrawList();
  const ImVec2 first = ImGui::GetCursorScreenPos();
  for (const Bar& bar : bars) {
    const ImVec2 at = ImGui::GetCursorScreenPos();
    const float text_y = at.y + px(3);
    draw->PushClipRect(at, {at.x + label_width, at.y + height}, true);
    draw->AddText({at.x, text_y}, ImGui::GetColorU32(ImGuiCol_Text), bar.label.c_str());
    draw->PopClipRect();
    const float left = at.x + label_width + gap;
    const float length = static_cast<float>(std::max(0.0, bar.length) / longest) * room;
    const bool reached = !target || bar.length >= *target;
    draw->AddRectFilled({left, at.y + px(2)}, {left + std::max(length, px(2)), at.y + height - px(2)},
                        ImGui::GetColorU32(reached ? accent().fill : tone_text(Tone::warning)), px(3));
    draw->AddText({left + length + gap, text_y}, ImGui::GetColorU32(ImGuiCol_Text), bar.value.c_str());
    ImGui::Dummy({width, height});
    if (ImGui::IsItemHovered()) ImGui::SetTooltip("%s: %s", bar.label.c_str(), bar.value.c_str());
  }
  if (!target || bars.empty()) return;
  const float x = first.x + label_width + gap + static_cast<float>(*target / longest) * room;
  draw->AddLine({x, first.y}, {x, ImGui::GetCursorScreenPos().y}, ImGui::GetColorU32(tone_text(Tone::attention)),
                px(2));
  text(target_words, Tone::quiet);
}

}  // namespace fieldpost::ui
