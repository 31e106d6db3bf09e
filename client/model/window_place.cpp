#include "client/model/window_place.h"

#include <algorithm>

namespace fieldpost {
namespace {

constexpr int default_width = 1280, default_height = 760;

}  // namespace

WindowRect window_rect(const WindowPlace& kept, const std::vector<Monitor>& monitors, int title_height) {
  WindowRect rect{0, 0, kept.width > 0 ? kept.width : default_width, kept.height > 0 ? kept.height : default_height};
  if (monitors.empty()) return rect;
  const auto found = std::find_if(monitors.begin(), monitors.end(),
                                  [&](const Monitor& monitor) { return monitor.name == kept.monitor; });
  const bool known = !kept.monitor.empty() && kept.width > 0 && found != monitors.end();
  const Monitor& monitor = known ? *found : monitors.front();
  const int room = std::max(monitor.height - title_height, 1);
  rect.width = std::min(std::max(rect.width, window_width_least), monitor.width);
  rect.height = std::min(std::max(rect.height, window_height_least), room);
  const int x = known ? kept.x : (monitor.width - rect.width) / 2;
  const int y = known ? kept.y : title_height + (room - rect.height) / 2;
  rect.x = monitor.x + std::clamp(x, 0, monitor.width - rect.width);
  rect.y = monitor.y + std::clamp(y, title_height, title_height + room - rect.height);
  return rect;
}

WindowPlace window_place(const WindowRect& rect, bool maximised, const std::vector<Monitor>& monitors) {
  const auto shown = [&](const Monitor& monitor) {
    const int across = std::min(rect.x + rect.width, monitor.x + monitor.width) - std::max(rect.x, monitor.x);
    const int down = std::min(rect.y + rect.height, monitor.y + monitor.height) - std::max(rect.y, monitor.y);
    return static_cast<long long>(std::max(across, 0)) * std::max(down, 0);
  };
  const auto best = std::max_element(monitors.begin(), monitors.end(),
                                     [&](const Monitor& a, const Monitor& b) { return shown(a) < shown(b); });
  if (best == monitors.end()) return {{}, rect.x, rect.y, rect.width, rect.height, maximised};
  return {best->name, rect.x - best->x, rect.y - best->y, rect.width, rect.height, maximised};
}

}  // namespace fieldpost
