// The office's inbox: left what waits, right what is at hand, or what is about to be written. Its keys work wherever
// the keyboard is, but for those that write letters or move a caret.
#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

/// More titles than this are counted.
constexpr std::size_t titles_max = 12;

std::string number(std::size_t value) { return vietnamese::number_text(static_cast<std::int64_t>(value)); }

float row_height() { return 2 * ImGui::GetTextLineHeight() + ui::px(16); }

void row_text(ImVec2 at, float right, const std::string& words, ui::Tone tone, ImFont* font) {
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.PushClipRect({at.x, at.y - ui::px(4)}, {right, at.y + row_height()}, true);
  draw.AddText(font, font->FontSize, at, ImGui::GetColorU32(ui::tone_text(tone)), words.data(),
               words.data() + words.size());
  draw.PopClipRect();
}

ui::Tone urgency_tone(const InboxItem& item) {
  return item.urgency == Urgency::overdue ? ui::Tone::attention
         : item.urgency == Urgency::soon  ? ui::Tone::warning
                                          : ui::Tone::quiet;
}

const InboxLine& line_of(InboxModel& inbox, std::size_t item) {
  const auto found = inbox.lines.find(item);
  if (found != inbox.lines.end()) return found->second;
  return inbox.lines[item] = inbox.look_up ? inbox.look_up(inbox.items[item]) : InboxLine{};
}

/// A tick at the left of a row that can be accepted with others.
void draw_tick(ImVec2 at, bool on) {
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const float size = ui::px(16);
  const ImVec2 end{at.x + size, at.y + size};
  if (on) draw.AddRectFilled(at, end, ImGui::GetColorU32(ui::accent().mark), ui::px(3));
  draw.AddRect(at, end, ImGui::GetColorU32(ui::tone_text(ui::Tone::quiet)), ui::px(3));
  if (!on) return;
  const ImU32 white = ImGui::GetColorU32(ui::surface());
  draw.AddLine({at.x + size * 0.22f, at.y + size * 0.52f}, {at.x + size * 0.43f, at.y + size * 0.74f}, white,
               ui::px(2));
  draw.AddLine({at.x + size * 0.43f, at.y + size * 0.74f}, {at.x + size * 0.80f, at.y + size * 0.28f}, white,
               ui::px(2));
}

void toggle_tick(InboxModel& inbox, const InboxItem& item) {
  if (!can_be_ticked(item)) return;
  const RecordId& record = item.records.front();
  if (inbox.ticked.erase(record) == 0) inbox.ticked.insert(record);
}

std::optional<Action> draw_row(InboxModel& inbox, std::size_t place) {
  std::optional<Action> action;
  const std::size_t index = inbox.shown[place];
  const InboxItem& item = inbox.items[index];
  const InboxLine& line = line_of(inbox, index);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, right = at.x + width - ui::px(6);
  const bool here = place == inbox.at;
  if (ui::list_row("inbox/" + std::to_string(place), row_height(), here)) {
    // A click on the tick ticks; anywhere else it looks.
    if (ImGui::GetIO().MousePos.x < at.x + ui::px(34)) toggle_tick(inbox, item);
    action = LookAtInbox{place};
  }
  if (here)
    ImGui::GetWindowDrawList()->AddRectFilled(at, {at.x + ui::px(4), at.y + row_height()},
                                              ImGui::GetColorU32(ui::accent().mark));
  if (can_be_ticked(item))
    draw_tick({at.x + ui::px(11), at.y + ui::px(8)}, inbox.ticked.contains(item.records.front()));
  const float left = at.x + ui::px(36), top = at.y + ui::px(6), below = top + ImGui::GetTextLineHeight() + ui::px(3);
  const std::string& when = line.due.empty() ? line.age : line.due;
  const float when_left = right - ImGui::CalcTextSize(when.c_str()).x;
  const float owner_left = right - ImGui::CalcTextSize(line.owner.c_str()).x;
  row_text({left, top}, when_left - ui::px(10), line.title, ui::Tone::neutral, ui::fonts().bold);
  row_text({when_left, top}, right + ui::px(6), when, urgency_tone(item), ui::fonts().regular);
  row_text({left, below}, owner_left - ui::px(10), line.about, ui::Tone::quiet, ui::fonts().regular);
  row_text({owner_left, below}, right + ui::px(6), line.owner,
           item.holders.size() > 1 ? ui::Tone::attention : ui::Tone::waiting, ui::fonts().regular);
  return action;
}

std::optional<Action> draw_rows(InboxModel& inbox, float width) {
  std::optional<Action> action;
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {ImGui::GetStyle().ItemSpacing.x, 0});
  float room = part_height();
  if (room == 0 && is_small_screen()) room = -2 * ImGui::GetFrameHeightWithSpacing();  // for what stands below
  ImGui::BeginChild("inbox/rows", {width, room}, true, ImGuiWindowFlags_NavFlattened);
  if (inbox.shown.empty())
    ui::wrapped(!inbox.read           ? tr("inbox.reading")
                : inbox.items.empty() ? tr("inbox.empty")
                                      : tr("inbox.nothing_shown"),
                ui::Tone::quiet);
  const float height = row_height();
  if (std::exchange(inbox.moved, false)) {
    const float top = height * static_cast<float>(inbox.at), bottom = top + height, seen = ImGui::GetWindowHeight();
    if (top < ImGui::GetScrollY())
      ImGui::SetScrollY(top);
    else if (bottom + height > ImGui::GetScrollY() + seen)
      ImGui::SetScrollY(bottom + height - seen);
  }
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(inbox.shown.size()), height);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      if (auto asked = draw_row(inbox, static_cast<std::size_t>(i))) action = std::move(asked);
  ImGui::EndChild();
  ImGui::PopStyleVar();
  return action;
}

std::optional<Action> draw_proposal(const InboxModel::Proposal& proposal) {
  std::optional<Action> action;
  ui::begin_card();
  ui::bold(tr_with("inbox.will_accept", {number(proposal.accepts.size())}), ui::Tone::waiting);
  for (std::size_t i = 0; i < std::min(proposal.accepts.size(), titles_max); ++i)
    ui::wrapped("– " + proposal.accepts[i].title);
  if (proposal.accepts.size() > titles_max)
    ui::text(tr_with("inbox.and_more", {number(proposal.accepts.size() - titles_max)}), ui::Tone::quiet);
  if (proposal.left_out > 0) ui::wrapped(tr_with("inbox.left_out", {number(proposal.left_out)}), ui::Tone::warning);
  ui::wrapped(tr("inbox.accept_means"), ui::Tone::quiet);
  if (ui::button("inbox/write", tr("inbox.write"), ui::ButtonLook::primary)) action = WriteProposal{};
  ImGui::SameLine();
  const bool dropped = ui::button("inbox/drop", tr("inbox.drop"), ui::ButtonLook::quiet);
  if (dropped || ui::key_pressed(GLFW_KEY_ESCAPE)) action = DropProposal{};
  ui::end_card();
  return action;
}

/// How to settle what is no review.
const char* advice_key(InboxKind kind) {
  switch (kind) {
    case InboxKind::conflict:
    case InboxKind::decision: return "inbox.how_conflict";
    case InboxKind::same_session:
    case InboxKind::same_person: return "inbox.how_twins";
    case InboxKind::held:
    case InboxKind::refused: return "inbox.how_stopped";
    case InboxKind::deadline:
    case InboxKind::missing_papers: return "inbox.how_due";
    case InboxKind::silent: return "inbox.how_silent";
    case InboxKind::gap: return "inbox.how_gap";
    case InboxKind::returned: return "inbox.how_returned";
    case InboxKind::not_handed_in: return "inbox.how_not_handed_in";
    case InboxKind::submitted:
    case InboxKind::edited_since: break;
  }
  return nullptr;
}

std::optional<Action> draw_buttons(const InboxModel& inbox, const InboxAtHand& here) {
  std::optional<Action> action;
  if (ui::button("inbox/open", tr("inbox.open"))) action = OpenInboxItem{};
  if (!inbox.can_decide || here.item.records.empty()) return action;
  if (here.review && here.review->state != ReviewState::accepted) {
    beside(tr("inbox.accept"));
    // What is looked at for another reason may be accepted too, but that is not what one came for.
    const bool is_due = group_of(here.item.kind) == InboxGroup::fresh;
    if (ui::button("inbox/accept", tr("inbox.accept"), is_due ? ui::ButtonLook::primary : ui::ButtonLook::normal))
      action = ProposeAccept{};
  }
  const bool mine = here.item.holders == std::vector<UserId>{inbox.me};
  const std::string& words = tr(mine ? "inbox.release" : "inbox.claim");
  beside(words);
  if (ui::button("inbox/claim", words, ui::ButtonLook::quiet)) action = ClaimInbox{};
  return action;
}

void draw_answers(const InboxAtHand& here) {
  if (here.answers.empty()) return;
  ui::gap(4);
  if (!ImGui::BeginTable("inbox/answers", 2, ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_NoSavedSettings))
    return;
  ImGui::TableSetupColumn("label", ImGuiTableColumnFlags_WidthStretch, 0.42f);
  ImGui::TableSetupColumn("answer", ImGuiTableColumnFlags_WidthStretch, 0.58f);
  for (const InboxAtHand::Answer& answer : here.answers) {
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ui::wrapped(answer.label, ui::Tone::quiet);
    ImGui::TableNextColumn();
    ui::wrapped(answer.text);
  }
  ImGui::EndTable();
}

std::optional<Action> draw_at_hand(const InboxModel& inbox) {
  const InboxAtHand& here = *inbox.at_hand;
  ui::bold(here.title.empty() ? tr("list.untitled") : here.title);
  ui::wrapped(here.form_label.empty() ? here.changed : here.form_label + " · " + here.changed, ui::Tone::quiet);
  ui::mark(urgency_tone(here.item) == ui::Tone::quiet ? ui::Tone::waiting : urgency_tone(here.item),
           here.due.empty() ? here.about : here.about + " · " + here.due);
  const auto also = [](ui::Tone tone, const std::string& words) {
    beside(ui::mark_width(words));
    ui::mark(tone, words);
  };
  if (here.review) also(ui::Tone::quiet, review_state_text(here.review->state));
  if (here.in_conflict) also(ui::Tone::attention, tr("inbox.is_in_conflict"));
  if (here.incomplete) also(ui::Tone::warning, tr("list.incomplete"));
  if (!here.owner.empty())
    ui::wrapped(tr_with(here.item.holders.size() > 1 ? "inbox.held_by_many" : "inbox.held_by", {here.owner}),
                here.item.holders.size() > 1 ? ui::Tone::attention : ui::Tone::waiting);
  std::optional<Action> action = draw_buttons(inbox, here);
  if (const char* key = advice_key(here.item.kind)) ui::wrapped(tr(key), ui::Tone::quiet);
  if (here.review)
    for (const Remark& remark : here.review->remarks)
      ui::wrapped(remark.question + ": " + remark.text + (remark.mended ? " — " + tr("review.is_mended") : ""),
                  remark.mended ? ui::Tone::quiet : ui::Tone::attention);
  draw_answers(here);
  return action;
}

/// True when another list is asked for.
bool draw_groups(InboxModel& inbox) {
  bool changed = false;
  std::vector<std::string> words;
  std::vector<InboxGroup> groups;
  std::size_t chosen = 0;
  for (std::size_t i = 0; i < inbox_groups; ++i) {
    const auto group = static_cast<InboxGroup>(i);
    if (i > 0 && inbox.counts[i] == 0 && inbox.group != group) continue;
    if (inbox.group == group) chosen = groups.size();
    groups.push_back(group);
    words.push_back(group_text(group) + " " + vietnamese::number_text(inbox.counts[i]));
  }
  if (const auto pressed = draw_options("inbox/group", words, chosen)) {
    inbox.group = groups[*pressed];
    changed = true;
  }
  return changed;
}

/// Whose it is, and the search. True when another list is asked for.
bool draw_narrowing(InboxModel& inbox) {
  bool changed = false;
  const std::vector<std::string> owners = {tr("inbox.anybodys"), tr("inbox.mine"), tr("inbox.nobodys")};
  if (const auto pressed = draw_options("inbox/whose", owners, static_cast<std::size_t>(inbox.whose))) {
    inbox.whose = static_cast<InboxModel::Whose>(*pressed);
    changed = true;
  }
  beside(ui::px(260));
  ui::FieldOptions options;
  options.hint = tr("inbox.search_hint");
  options.width = ui::px(260);
  options.password = inbox.veiled;
  const ui::FieldResult field = ui::text_field("inbox/search", inbox.search, options);
  if (field.submitted) ui::focus_nothing();
  return changed || field.edited;
}

std::optional<Action> pressed_keys(InboxModel& inbox) {
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyAlt) return std::nullopt;
  const bool typing = io.WantTextInput;
  if (io.KeyCtrl) {
    if (!typing && ui::key_pressed(GLFW_KEY_A) && inbox.can_decide) tick_all(inbox);
    return std::nullopt;
  }
  if (ui::key_pressed(GLFW_KEY_F8)) return ProposeAccept{};
  if (ui::key_pressed(GLFW_KEY_F5)) return ClaimInbox{};
  if (inbox.proposal) return std::nullopt;
  int steps = 0;
  if (ui::key_pressed(GLFW_KEY_PAGE_DOWN)) steps = typing ? 1 : 10;
  if (ui::key_pressed(GLFW_KEY_PAGE_UP)) steps = typing ? -1 : -10;
  if (!typing && ui::key_pressed(GLFW_KEY_DOWN)) steps = 1;
  if (!typing && ui::key_pressed(GLFW_KEY_UP)) steps = -1;
  if (steps != 0 && !inbox.shown.empty()) {
    const auto last = static_cast<std::int64_t>(inbox.shown.size()) - 1;
    const std::int64_t to = std::clamp<std::int64_t>(static_cast<std::int64_t>(inbox.at) + steps, 0, last);
    if (static_cast<std::size_t>(to) != inbox.at) return LookAtInbox{static_cast<std::size_t>(to)};
    return std::nullopt;
  }
  if (typing) return std::nullopt;
  const int to_group = ui::key_pressed(GLFW_KEY_RIGHT) ? 1 : ui::key_pressed(GLFW_KEY_LEFT) ? -1 : 0;
  if (to_group != 0) {
    int group = static_cast<int>(inbox.group);
    do group += to_group;
    while (group > 0 && group < static_cast<int>(inbox_groups) && inbox.counts[static_cast<std::size_t>(group)] == 0);
    if (group < 0 || group >= static_cast<int>(inbox_groups)) return std::nullopt;
    inbox.group = static_cast<InboxGroup>(group);
    return ArrangeInbox{};
  }
  // Where a button has the keyboard, Enter and Space press it.
  if (!ui::state().focused_before.empty()) return std::nullopt;
  if (ui::key_pressed(GLFW_KEY_SPACE) && inbox.can_decide)
    if (const InboxItem* item = inbox.item_at_hand()) toggle_tick(inbox, *item);
  if (ui::key_pressed(GLFW_KEY_ENTER) || ui::key_pressed(GLFW_KEY_KP_ENTER)) return OpenInboxItem{};
  return std::nullopt;
}

}  // namespace

std::optional<Action> draw_inbox(InboxModel& inbox) {
  ui::claim_keys();
  std::optional<Action> action = pressed_keys(inbox);
  const auto ask = [&](std::optional<Action> asked) {
    if (asked && !action) action = std::move(asked);
  };
  const bool small = is_small_screen();
  ImGui::AlignTextToFramePadding();
  ui::bold(tr_with("inbox.title", {vietnamese::number_text(inbox.counts[0])}));
  if (!inbox.ticked.empty()) {
    const std::string words = tr_with("inbox.ticked", {number(inbox.ticked.size())});
    beside(ui::mark_width(words));
    ui::mark(ui::Tone::waiting, words);
  }
  beside(tr("inbox.fleet"));
  if (ui::button("inbox/fleet", tr("inbox.fleet"), ui::ButtonLook::quiet)) ask(GoTo{Screen::fleet});
  if (!small && inbox.can_decide) {
    beside(ImGui::CalcTextSize(tr("inbox.keys").c_str()).x);
    ImGui::AlignTextToFramePadding();
    ui::text(tr("inbox.keys"), ui::Tone::quiet);
  }
  if (draw_groups(inbox)) ask(ArrangeInbox{});
  if (!small && draw_narrowing(inbox)) ask(ArrangeInbox{});
  if (inbox.to_write > 0)
    ui::mark(ui::Tone::waiting, tr_with("inbox.writing", {number(inbox.written), number(inbox.to_write)}));
  else if (!inbox.note.empty())
    ui::mark(ui::Tone::good, inbox.note);
  if (small) {
    // The list keeps the room: what is at hand is one key away, and what narrows the list stands below it.
    if (inbox.proposal)
      ask(draw_proposal(*inbox.proposal));
    else
      ask(draw_rows(inbox, 0));
    if (draw_narrowing(inbox)) ask(ArrangeInbox{});
    return action;
  }
  ask(draw_rows(inbox, ImGui::GetContentRegionAvail().x * 0.54f));
  ImGui::SameLine();
  begin_part("inbox/right", 0);
  if (inbox.proposal)
    ask(draw_proposal(*inbox.proposal));
  else if (inbox.at_hand)
    ask(draw_at_hand(inbox));
  ImGui::EndChild();
  return action;
}

}  // namespace fieldpost
