// The window that fills the display, and the line on top of it.
#include <algorithm>
#include <vector>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"

namespace fieldpost {

void begin_screen(const char* name) {
  const ImGuiIO& io = ImGui::GetIO();
  ImGui::SetNextWindowPos({0, 0});
  ImGui::SetNextWindowSize(io.DisplaySize);
  // Where the line on top takes half of the height, everything scrolls, that line too.
  const bool low = io.DisplaySize.y < ui::px(400);
  ImGui::Begin(name, nullptr,
               ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoCollapse |
                   ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoSavedSettings |
                   ImGuiWindowFlags_NoBringToFrontOnFocus |
                   (low ? 0 : ImGuiWindowFlags_NoScrollbar | ImGuiWindowFlags_NoScrollWithMouse));
}

void end_screen() { ImGui::End(); }

namespace {

/// One button a record, and one to close it. A single record that is on the screen needs no strip.
std::optional<Action> draw_tabs(const Header& header) {
  const std::vector<Header::Tab>& tabs = header.tabs;
  if (tabs.empty() || (tabs.size() == 1 && tabs.front().shown)) return std::nullopt;
  std::optional<Action> action;
  const std::string close = "×";
  const ImGuiStyle& style = ImGui::GetStyle();
  const float padding = 2 * style.FramePadding.x;
  const float room = ImGui::GetContentRegionAvail().x / static_cast<float>(tabs.size());
  const float width =
      std::min(room - style.ItemSpacing.x - ImGui::CalcTextSize(close.c_str()).x - padding - ui::px(2), ui::px(240));
  for (std::size_t i = 0; i < tabs.size(); ++i) {
    if (i > 0) ImGui::SameLine();
    std::string title = tabs[i].title.empty() ? tr("list.untitled") : tabs[i].title;
    if (tabs[i].unsaved) title = "• " + title;
    const std::string number = std::to_string(i);
    ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, {0, 0.5f});
    if (ui::button("tabs/" + number, title, tabs[i].shown ? ui::ButtonLook::chosen : ui::ButtonLook::normal, width))
      action = ShowTab{i};
    ImGui::PopStyleVar();
    ImGui::SameLine(0, ui::px(2));
    if (ui::button("tabs/close/" + number, close, ui::ButtonLook::quiet)) action = CloseTab{i};
  }
  ImGui::Separator();
  return action;
}

}  // namespace

std::optional<Action> draw_header(const Header& header) {
  std::optional<Action> action;
  struct Tab {
    const char* name;
    std::string words;
    bool chosen;
    Action asked;
  };
  const auto counted = [](const std::string& text, std::int64_t count) {
    return count > 0 ? text + " (" + std::to_string(count) + ")" : text;
  };
  std::vector<Tab> pages = {
      {"tab/home", tr("tab.home"), header.current == Screen::home, GoTo{Screen::home}},
      {"tab/list", tr("tab.list"), header.current == Screen::list, ShowList{}},
      {"tab/conflicts", counted(tr("tab.conflicts"), header.attention), header.current == Screen::conflicts,
       GoTo{Screen::conflicts}},
      {"tab/reports", tr("tab.reports"), header.current == Screen::reports, GoTo{Screen::reports}},
      {"tab/sync", header.syncing ? tr("tab.syncing") : counted(tr("tab.sync"), header.unsent),
       header.current == Screen::sync, GoTo{Screen::sync}}};
  if (header.inbox)
    pages.insert(pages.begin(),
                 {"tab/inbox", counted(tr("tab.inbox"), *header.inbox),
                  header.current == Screen::inbox || header.current == Screen::fleet, GoTo{Screen::inbox}});
  std::vector<Tab> others = {
      {"tab/settings", tr("tab.settings"), header.current == Screen::settings, GoTo{Screen::settings}},
      {"tab/help", tr("tab.help"), header.current == Screen::help, ShowHelp{}}};
  if (header.several_users) others.push_back({"tab/user", tr("tab.user"), false, ChangeUser{}});
  others.push_back({"lock", tr("tab.lock"), false, Lock{}});
  const auto draw = [&](const Tab& tab) {
    if (ui::button(tab.name, tab.words, tab.chosen ? ui::ButtonLook::chosen : ui::ButtonLook::quiet))
      action = tab.asked;
  };
  const ImGuiStyle& style = ImGui::GetStyle();
  const auto width = [&](const std::vector<Tab>& tabs) {
    float sum = 0;
    for (const Tab& tab : tabs)
      sum += ImGui::CalcTextSize(tab.words.c_str()).x + 2 * style.FramePadding.x + style.ItemSpacing.x;
    return sum;
  };
  // Where they need more than one line they stand closer: the page below needs the height.
  const bool closer = width(pages) + width(others) > ImGui::GetContentRegionAvail().x;
  if (closer) {
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {style.FramePadding.x * 0.5f, style.FramePadding.y * 0.6f});
    ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {style.ItemSpacing.x * 0.5f, style.ItemSpacing.y * 0.4f});
  }
  for (std::size_t i = 0; i < pages.size(); ++i) {
    if (i > 0) beside(pages[i].words);
    draw(pages[i]);
  }
  if (header.veiled) {
    beside(tr("veil.end"));
    if (ui::button("veil/end", tr("veil.end"))) action = Veil{false};
    beside(ui::mark_width(tr("veil.on")));
    ui::mark(ui::Tone::warning, tr("veil.on"));
  }
  const float buttons = width(others);
  const float who = ImGui::CalcTextSize(header.who.c_str()).x + style.ItemSpacing.x;
  const float left = ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + style.ItemSpacing.x;
  const float right = ImGui::GetWindowContentRegionMax().x + style.ItemSpacing.x;
  // On a narrow or enlarged window the name goes first: the tabs say enough.
  if (left + who + buttons < right) {
    ImGui::SameLine(right - who - buttons);
    ImGui::AlignTextToFramePadding();
    ui::text(header.who, ui::Tone::quiet);
    ImGui::SameLine();
  } else if (left + buttons < right) {
    ImGui::SameLine(right - buttons);
  }
  const bool in_one_line = left + buttons < right;
  for (std::size_t i = 0; i < others.size(); ++i) {
    if (i > 0 && in_one_line) ImGui::SameLine();
    if (!in_one_line) beside(others[i].words);
    draw(others[i]);
  }
  if (closer) ImGui::PopStyleVar(2);
  ImGui::Separator();
  if (auto asked = draw_tabs(header)) action = std::move(asked);
  return action;
}

}  // namespace fieldpost
