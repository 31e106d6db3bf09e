#include "client/model/tour.h"

#include <GLFW/glfw3.h>
#include <imgui_internal.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"
#include "client/ui/widgets.h"

namespace fieldpost {
namespace {

/// Below its place, above it where there is no room below; at the lower edge while the place is out of sight.
ImVec2 card_place(const std::optional<ui::Rect>& place, ImVec2 size) {
  const ImVec2 screen = ImGui::GetIO().DisplaySize;
  const float edge = ui::px(12);
  ImVec2 at{(screen.x - size.x) / 2, screen.y - size.y - edge};
  if (place) {
    const bool below = place->max.y + size.y + 2 * edge < screen.y || place->min.y < size.y + 2 * edge;
    at = {place->min.x, below ? place->max.y + edge : place->min.y - size.y - edge};
  }
  return {std::clamp(at.x, edge, std::max(edge, screen.x - size.x - edge)),
          std::clamp(at.y, edge, std::max(edge, screen.y - size.y - edge))};
}

}  // namespace

std::optional<Action> draw_tour(std::size_t at) {
  std::optional<Action> action;
  const TourStep& step = tour_steps[at];
  const bool last = at + 1 == tour_steps.size();
  const float width = std::min(ui::px(400), ImGui::GetIO().DisplaySize.x - ui::px(24));
  ImGui::PushStyleColor(ImGuiCol_WindowBg, ui::surface());
  ImGui::PushStyleColor(ImGuiCol_Border, ui::accent().mark);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, ui::px(2));
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, ui::px(8));
  ImGui::SetNextWindowSizeConstraints({width, 0}, {width, FLT_MAX});
  constexpr ImGuiWindowFlags flags = ImGuiWindowFlags_NoDecoration | ImGuiWindowFlags_AlwaysAutoResize |
                                     ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                                     ImGuiWindowFlags_NoFocusOnAppearing;
  ImGui::Begin("###tour", nullptr, flags);
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  ImGui::BringWindowToDisplayFront(window);
  ui::text(tr_with("tour.count", {std::to_string(at + 1), std::to_string(tour_steps.size())}), ui::Tone::quiet);
  ImGui::SameLine();
  ui::bold(tr(step.title));
  ui::wrapped(tr(step.words));
  if (ui::button("tour/next", tr(last ? "tour.done" : "tour.next"), ui::ButtonLook::primary))
    action = ShowTour{at + 1};
  if (at > 0) {
    ImGui::SameLine();
    if (ui::button("tour/back", tr("tour.previous"))) action = ShowTour{at - 1};
  }
  if (!last) {
    ImGui::SameLine();
    if (ui::button("tour/skip", tr("tour.skip"), ui::ButtonLook::quiet)) action = EndTour{};
  }
  if (ui::key_pressed(GLFW_KEY_ESCAPE)) action = EndTour{};
  const ImVec2 size = window->Size;
  ImGui::End();
  ImGui::PopStyleVar(2);
  ImGui::PopStyleColor(2);

  const std::optional<ui::Rect> place = ui::pointed_rect();
  ImGui::SetWindowPos("###tour", card_place(place, size));
  if (place) {
    const float around = ui::px(4);
    ImGui::GetForegroundDrawList()->AddRect({place->min.x - around, place->min.y - around},
                                            {place->max.x + around, place->max.y + around},
                                            ImGui::GetColorU32(ui::accent().mark), ui::px(8), 0, ui::px(3));
  }
  return action;
}

}  // namespace fieldpost
