#include "client/model/help.h"

#include <GLFW/glfw3.h>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"
#include "client/ui/rich_text.h"

namespace fieldpost {
namespace {

void draw_spans(const std::vector<HelpSpan>& spans) {
  std::vector<ui::RichPiece> pieces;
  for (const HelpSpan& span : spans) {
    switch (span.kind) {
      case HelpSpan::Kind::words: pieces.push_back({ui::RichPiece::Look::words, span.text}); break;
      case HelpSpan::Kind::bold: pieces.push_back({ui::RichPiece::Look::bold, span.text}); break;
      case HelpSpan::Kind::key: pieces.push_back({ui::RichPiece::Look::key, key_words(span.text)}); break;
    }
  }
  ui::rich_text(pieces);
}

void draw_block(const HelpBlock& block) {
  switch (block.kind) {
    case HelpBlock::Kind::heading: {
      std::string words;
      for (const HelpSpan& span : block.spans) words += span.text;
      ui::gap(6);
      ui::bold(words, ui::Tone::waiting);
      return;
    }
    case HelpBlock::Kind::paragraph: return draw_spans(block.spans);
    case HelpBlock::Kind::step:
    case HelpBlock::Kind::item: {
      const float left = ImGui::GetCursorPosX();
      ui::text(block.kind == HelpBlock::Kind::step ? std::to_string(block.number) + "." : "•", ui::Tone::quiet);
      ImGui::SameLine(left + ui::px(26));
      ImGui::BeginGroup();
      draw_spans(block.spans);
      ImGui::EndGroup();
      return;
    }
  }
}

void draw_page(const HelpPage& page) {
  // Each page begins at its top, whoever read the last one to its end.
  begin_part(("help/page/" + page.name).c_str(), 0);
  const float step = ImGui::GetWindowHeight() * 0.8f;
  if (ui::key_pressed(GLFW_KEY_PAGE_DOWN)) ImGui::SetScrollY(ImGui::GetScrollY() + step);
  if (ui::key_pressed(GLFW_KEY_PAGE_UP)) ImGui::SetScrollY(ImGui::GetScrollY() - step);
  ui::begin_card();
  ui::title(page.title);
  for (const HelpBlock& block : page.blocks) draw_block(block);
  ui::end_card();
  ImGui::EndChild();
}

void draw_list(HelpModel& help, const std::vector<std::string>& found) {
  for (const std::string& name : found)
    if (ui::button("help/" + name, help_page(name).title,
                   name == help.page ? ui::ButtonLook::chosen : ui::ButtonLook::quiet, -FLT_MIN)) {
      help.page = name;
      help.listing = false;
    }
  if (found.empty()) ui::wrapped(tr("help.nothing"), ui::Tone::quiet);
}

}  // namespace

std::optional<Action> draw_help(HelpModel& help) {
  std::optional<Action> action;
  begin_column("help/column", 1240);
  if (ui::button("help/back", tr("help.back"), ui::ButtonLook::quiet) || ui::key_pressed(GLFW_KEY_ESCAPE))
    action = CloseHelp{};
  if (help.has_tour) {
    beside(tr("help.tour"));
    if (ui::button("help/tour", tr("help.tour"), ui::ButtonLook::quiet)) action = ShowTour{};
  }
  const bool wide = ImGui::GetContentRegionAvail().x > ui::px(820);
  if (!wide) {
    beside(tr("help.all_pages"));
    if (ui::button("help/all_pages", tr("help.all_pages"), ui::ButtonLook::quiet)) help.listing = !help.listing;
  }
  const std::vector<std::string> found = find_help(help.search);
  ui::FieldOptions options;
  options.hint = tr("help.search");
  if (wide) options.width = ui::px(330);
  const ui::FieldResult field = ui::text_field("help/search", help.search, options);
  if (field.edited || field.submitted) {
    help.listing = !field.submitted;
    // The best page at once: whoever searches wants to read, not to choose.
    if (const std::vector<std::string> now = find_help(help.search); !help.search.empty() && !now.empty())
      help.page = now.front();
  }
  if (wide) {
    ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, {0, 0.5f});
    begin_part("help/list", ui::px(330));
    draw_list(help, found);
    ImGui::EndChild();
    ImGui::PopStyleVar();
    ImGui::SameLine();
    draw_page(help_page(help.page));
  } else {
    if (help.listing)
      draw_list(help, found);
    else
      draw_page(help_page(help.page));
  }
  end_column();
  return action;
}

}  // namespace fieldpost
