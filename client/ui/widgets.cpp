#include "client/ui/widgets.h"

#include <GLFW/glfw3.h>
#include <imgui_internal.h>

#include <algorithm>

#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost::ui {
namespace {

State* current_state = nullptr;

bool continues_letter(char byte) { return (static_cast<unsigned char>(byte) & 0xc0) == 0x80; }

const char* end_of(std::string_view words) { return words.data() + words.size(); }

/// What a field's callback works on.
struct Editing {
  std::string& text;
  bool composes = false;
  bool pasting = false;  // ImGui has asked for the clipboard: what follows is no typing
  std::string pasted;    // what it let in of it
};

/// A piece of a spreadsheet: in one cell it would be a long word, so a grid gets it instead.
bool is_table(std::string_view text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.remove_suffix(1);
  return text.find_first_of("\t\n") != std::string_view::npos;
}

/// Tells typing from pasting, which ImGui's callback does not: the first thing a paste does is to ask for the
/// clipboard, and typed characters come before it.
class ClipboardWatch {
 public:
  explicit ClipboardWatch(Editing& editing)
      : editing_(editing),
        io_(ImGui::GetIO()),
        get_(io_.GetClipboardTextFn),
        set_(io_.SetClipboardTextFn),
        data_(io_.ClipboardUserData) {
    io_.ClipboardUserData = this;
    io_.GetClipboardTextFn = [](void* self) -> const char* {
      auto& watch = *static_cast<ClipboardWatch*>(self);
      watch.editing_.pasting = true;
      const char* text = watch.get_ != nullptr ? watch.get_(watch.data_) : nullptr;
      if (text == nullptr || !state().takes_tables || !is_table(text)) return text;
      state().pasted_table = text;
      return "";
    };
    io_.SetClipboardTextFn = [](void* self, const char* text) {
      const auto& watch = *static_cast<ClipboardWatch*>(self);
      if (watch.set_ != nullptr) watch.set_(watch.data_, text);
    };
  }
  ~ClipboardWatch() {
    io_.GetClipboardTextFn = get_;
    io_.SetClipboardTextFn = set_;
    io_.ClipboardUserData = data_;
  }
  ClipboardWatch(const ClipboardWatch&) = delete;
  ClipboardWatch& operator=(const ClipboardWatch&) = delete;

 private:
  Editing& editing_;
  ImGuiIO& io_;
  const char* (*get_)(void*);
  void (*set_)(void*, const char*);
  void* data_;
};

// Longer than any word or address that decides about a letter.
constexpr int composed_from_max = 200;

/// Puts the typed character in with what it changes before the caret. That is selected and typed over, from the first
/// letter that changes: so ImGui's own undo knows every step. False when the character goes in as any other.
bool compose_typed(ImWchar typed) {
  ImGuiInputTextState& field = ImGui::GetCurrentContext()->InputTextState;
  State& s = state();
  int caret = field.Stb.cursor, end = caret;
  if (field.HasSelection()) {
    caret = std::min(field.Stb.select_start, field.Stb.select_end);
    end = std::max(field.Stb.select_start, field.Stb.select_end);
  }
  const int from = std::max(0, caret - composed_from_max);
  std::string before(static_cast<std::size_t>(caret - from) * 4 + 1, '\0');
  before.resize(static_cast<std::size_t>(ImTextStrToUtf8(before.data(), static_cast<int>(before.size()),
                                                         field.TextW.Data + from, field.TextW.Data + caret)));
  const std::optional<vietnamese::Composition> made =
      vietnamese::compose(before, typed, s.typing, s.tone_place, &s.typed_word);
  if (!made) return false;

  const std::string_view old = std::string_view(before).substr(before.size() - made->replaced);
  std::size_t same = 0;
  for (std::size_t i = 0; i < std::min(old.size(), made->word.size()) && old[i] == made->word[i]; ++i) same = i + 1;
  while (same > 0 && ((same < old.size() && continues_letter(old[same])) ||
                      (same < made->word.size() && continues_letter(made->word[same]))))
    --same;
  const std::string_view gone = old.substr(same);
  const auto letters_gone =
      gone.size() - static_cast<std::size_t>(std::count_if(gone.begin(), gone.end(), continues_letter));
  const char* const fresh_end = made->word.data() + made->word.size();
  const char* fresh = made->word.data() + same;
  if (fresh == fresh_end) return false;
  field.Stb.select_start = caret - static_cast<int>(letters_gone);
  field.Stb.select_end = field.Stb.cursor = end;
  while (fresh < fresh_end) {
    unsigned letter = 0;
    fresh += ImTextCharFromUtf8(&letter, fresh, fresh_end);
    field.OnKeyPressed(static_cast<int>(letter));
  }
  return true;
}

// Keeps std::string and ImGui's buffer one, and the text NFC at every edit: a pasted or composed text may come apart
// into letters and marks, and ImGui draws no marks.
int edit_callback(ImGuiInputTextCallbackData* data) {
  auto& editing = *static_cast<Editing*>(data->UserData);
  if (data->EventFlag == ImGuiInputTextFlags_CallbackResize) {
    editing.text.resize(static_cast<std::size_t>(data->BufTextLen));
    data->Buf = editing.text.data();
    return 0;
  }
  if (data->EventFlag == ImGuiInputTextFlags_CallbackCharFilter) {
    if (!editing.pasting) return editing.composes && compose_typed(data->EventChar) ? 1 : 0;
    char bytes[5] = {};
    editing.pasted += ImTextCharToUtf8(bytes, data->EventChar);
    return 0;
  }
  if (data->EventFlag == ImGuiInputTextFlags_CallbackEdit) {
    const std::string_view typed(data->Buf, static_cast<std::size_t>(data->BufTextLen));
    const Result<std::string> composed = vietnamese::nfc(typed);
    if (!composed || *composed == typed) return 0;
    const std::string_view before = typed.substr(0, static_cast<std::size_t>(data->CursorPos));
    const Result<std::string> composed_before = vietnamese::nfc(before);
    const int cursor = composed_before ? static_cast<int>(composed_before->size()) : data->CursorPos;
    const std::string whole = *composed;
    data->DeleteChars(0, data->BufTextLen);
    data->InsertChars(0, whole.c_str());
    data->CursorPos = data->SelectionStart = data->SelectionEnd = std::min(cursor, data->BufTextLen);
  }
  return 0;
}

bool nav_focused() { return ImGui::IsItemFocused() && !ImGui::GetCurrentContext()->NavDisableHighlight; }

// Gives the keyboard to a widget that is not a text field, and shows that it has it.
void focus_item() {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  ImGui::ClearActiveID();  // the field before would go on taking keys
  ImGui::FocusWindow(window);
  ImGui::SetFocusID(ImGui::GetItemID(), window);
  ImGuiContext& context = *ImGui::GetCurrentContext();
  context.NavDisableHighlight = false;
  context.NavInitResultId = 0;  // a window that appears would give it to its first item in the next frame
  scroll_to_item();
}

bool after_button(std::string_view name, bool pressed) {
  const bool wants = takes_focus(name);
  if (wants) focus_item();
  const bool focused = nav_focused();
  if (focused) state().focused = name;
  note_item(name, true, false);
  if (focused && !wants && (key_pressed(GLFW_KEY_ENTER) || key_pressed(GLFW_KEY_KP_ENTER))) return true;
  return pressed;
}

}  // namespace

State& state() { return *current_state; }
void set_state(State& state) { current_state = &state; }

bool person_acts() {
  const ImGuiIO& io = ImGui::GetIO();
  const bool mouse = io.MouseDelta.x != 0 || io.MouseDelta.y != 0 || io.MouseWheel != 0 || ImGui::IsAnyMouseDown();
  return mouse || io.InputQueueCharacters.Size > 0 || any_key_down();
}

Key pressed_key() {
  if (key_pressed(GLFW_KEY_F1)) return Key::help;
  if (key_pressed(GLFW_KEY_F12)) return Key::lock;
  if (!ImGui::GetIO().KeyCtrl) return Key::none;
  if (ImGui::GetIO().KeyShift && key_pressed(GLFW_KEY_P)) return Key::veil;
  if (key_pressed(GLFW_KEY_EQUAL) || key_pressed(GLFW_KEY_KP_ADD)) return Key::larger;
  if (key_pressed(GLFW_KEY_MINUS) || key_pressed(GLFW_KEY_KP_SUBTRACT)) return Key::smaller;
  if (key_pressed(GLFW_KEY_TAB)) return ImGui::GetIO().KeyShift ? Key::previous : Key::next;
  if (key_pressed(GLFW_KEY_W)) return Key::close;
  return Key::none;
}

void set_typing(Typing typing, vietnamese::TonePlace place) {
  state().typing = typing;
  state().tone_place = place;
}

void begin_frame() {
  State& s = state();
  s.rects.clear();
  s.hovered.clear();
  s.pointed_rect.reset();
  s.order.clear();
  s.focused_before = std::move(s.focused);
  s.focused.clear();
  s.entered.clear();
}

void end_frame() {
  State& s = state();
  // Nothing of what was typed or pasted is kept here longer than it is of use.
  if (s.focused != s.focused_before) s.typed_word = {};
  const auto drawn = [&](const std::string& name) {
    return std::any_of(s.order.begin(), s.order.end(), [&](const State::Stop& stop) { return stop.name == name; });
  };
  if (s.legacy_paste && !drawn(s.legacy_paste->field)) s.legacy_paste.reset();
  if (!s.wanted.empty() && ++s.wanted_frames > 3) s.wanted.clear();
  if (!s.wanted.empty() || s.order.empty()) return;
  const bool shift = ImGui::GetIO().KeyShift;
  const bool tab = key_pressed(GLFW_KEY_TAB) && !ImGui::GetIO().KeyCtrl;
  if (!tab && s.entered.empty()) return;
  const std::string from = s.entered.empty() ? s.focused : s.entered;
  const auto count = static_cast<int>(s.order.size());
  const auto found =
      std::find_if(s.order.begin(), s.order.end(), [&](const auto& stop) { return stop.name == from; });
  const bool known = found != s.order.end();
  const int at = known ? static_cast<int>(found - s.order.begin()) : (shift ? 0 : -1);
  const int step = tab && shift ? -1 : 1;
  for (int i = 1; i <= count; ++i) {
    const State::Stop& stop = s.order[static_cast<std::size_t>(((at + step * i) % count + count) % count)];
    // Enter goes from field to field, and to a button only where no field follows: usually "save".
    const bool wraps = at + step * i >= count;
    if (tab || stop.field || wraps) {
      if (!tab && wraps) {
        for (int j = at + 1; j < count; ++j)
          if (!s.order[static_cast<std::size_t>(j)].field) return focus(s.order[static_cast<std::size_t>(j)].name);
      }
      return focus(stop.name);
    }
  }
}

void focus(std::string_view name) {
  state().wanted = name;
  state().wanted_frames = 0;
  // ImGui would move by the same arrow to what it finds nearest.
  if (ImGui::GetCurrentContext() != nullptr) ImGui::NavMoveRequestCancel();
}

bool begin_floating_list(const char* id, ImGuiWindowFlags more) {
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, {px(4), px(4)});
  ImGui::PushStyleVar(ImGuiStyleVar_WindowBorderSize, 1);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowRounding, px(6));
  ImGui::PushStyleVar(ImGuiStyleVar_ItemSpacing, {0, 0});
  ImGui::PushStyleColor(ImGuiCol_WindowBg, surface());
  ImGui::Begin(id, nullptr,
               more | ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoMove | ImGuiWindowFlags_NoResize |
                   ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoFocusOnAppearing | ImGuiWindowFlags_NoNav);
  ImGui::BringWindowToDisplayFront(ImGui::GetCurrentWindow());
  return ImGui::IsWindowHovered(ImGuiHoveredFlags_AllowWhenBlockedByActiveItem);
}

void end_floating_list() {
  ImGui::End();
  ImGui::PopStyleColor();
  ImGui::PopStyleVar(4);
}

bool leave_field() {
  ImGuiContext& context = *ImGui::GetCurrentContext();
  const bool had_one = context.ActiveId != 0 && context.ActiveId == context.InputTextState.ID;
  if (had_one) ImGui::ClearActiveID();
  context.InputTextState.ID = 0;
  return had_one;
}

void focus_nothing() {
  state().wanted.clear();
  state().focused.clear();
  state().focused_before.clear();
  state().choice_open.clear();
  ImGui::ClearActiveID();
  ImGui::GetCurrentContext()->NavDisableHighlight = true;
  // A field of the same name may be drawn next for something else: neither the text that is being edited nor its undo
  // steps belong there.
  ImGui::GetCurrentContext()->InputTextState.ID = 0;
}

void claim_keys() {
  ImGuiContext& context = *ImGui::GetCurrentContext();
  ImGui::NavMoveRequestCancel();
  context.NavInitRequest = false;
  context.NavWindowingToggleLayer = false;  // Alt alone would go to the menu
  // An arrow with nothing to start from would give the keyboard to the first widget there is.
  if (state().focused_before.empty() && state().focused.empty() && state().wanted.empty())
    context.NavDisableHighlight = true;
}

bool alt_pressed(int key) {
  const ImGuiIO& io = ImGui::GetIO();
  return io.KeyAlt && !io.KeyCtrl && key_pressed(key);
}

void point_at(std::string_view name) { state().pointed = name; }
const std::optional<Rect>& pointed_rect() { return state().pointed_rect; }

bool takes_focus(std::string_view name) {
  if (state().wanted != name || name.empty()) return false;
  state().wanted.clear();
  return true;
}

void scroll_to_item() {
  const ImRect rect = ImGui::GetCurrentContext()->LastItemData.Rect;
  scroll_to({rect.Min, rect.Max});
}

void scroll_to(const Rect& place) {
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  ImRect rect(place.min, place.max);
  rect.Expand(px(24));
  if (!window->InnerClipRect.Contains(rect)) ImGui::ScrollToRect(window, rect, ImGuiScrollFlags_KeepVisibleEdgeY);
}

void note_item(std::string_view name, bool stop, bool field) {
  State& s = state();
  if (stop) s.order.push_back({std::string(name), field});
  const Rect rect{ImGui::GetItemRectMin(), ImGui::GetItemRectMax()};
  if (!s.pointed.empty() && s.pointed == name) s.pointed_rect = rect;
  if (!s.keep_rects) return;
  s.rects[std::string(name)] = rect;
  if (ImGui::IsItemHovered()) s.hovered = name;
}

std::string label(std::string_view text, std::string_view name) {
  return std::string(text) + "###" + std::string(name);
}

FieldResult text_field(std::string_view name, std::string& text, const FieldOptions& options) {
  FieldResult result;
  const bool coloured = options.tone == Tone::attention || options.tone == Tone::warning;
  if (coloured) {
    ImGui::PushStyleColor(ImGuiCol_Border, tone_text(options.tone));
    ImGui::PushStyleColor(ImGuiCol_FrameBg, tone_fill(options.tone));
  }
  const bool wanted = takes_focus(name);
  if (wanted) ImGui::SetKeyboardFocusHere();
  ImGuiInputTextFlags flags =
      ImGuiInputTextFlags_CallbackResize | ImGuiInputTextFlags_CallbackEdit | ImGuiInputTextFlags_CallbackCharFilter;
  Editing editing{text, !options.plain && !options.password && state().typing != Typing::off, false, {}};
  std::optional<ClipboardWatch> watch(std::in_place, editing);
  if (options.password) flags |= ImGuiInputTextFlags_Password;
  const std::string id = label("", name);
  std::string before = text;
  if (options.lines > 1) {
    // ImGui's editor does not wrap lines. While nobody types in it the text is drawn here instead, wrapped, so that
    // all of it can be read.
    const ImVec2 padding = ImGui::GetStyle().FramePadding;
    const float width = options.width < 0 ? ImGui::GetContentRegionAvail().x : options.width;
    const float line_height = ImGui::GetTextLineHeight(), wrap = width - 2 * padding.x;
    const float wrapped_height = ImGui::CalcTextSize(text.data(), end_of(text), false, wrap).y;
    const float height =
        std::clamp(wrapped_height, line_height * static_cast<float>(options.lines), line_height * 12) + 2 * padding.y;
    const bool in_editor = ImGui::GetActiveID() == ImGui::GetID(id.c_str());
    if (!in_editor) {
      const ImVec2 at = ImGui::GetCursorScreenPos(), end{at.x + width, at.y + height};
      ImDrawList& draw = *ImGui::GetWindowDrawList();
      draw.AddRectFilled(at, end, ImGui::GetColorU32(ImGuiCol_FrameBg), ImGui::GetStyle().FrameRounding);
      draw.PushClipRect(at, end, true);
      draw.AddText(ImGui::GetFont(), ImGui::GetFontSize(), {at.x + padding.x, at.y + padding.y},
                   ImGui::GetColorU32(ImGuiCol_Text), text.data(), end_of(text), wrap);
      draw.PopClipRect();
      ImGui::PushStyleColor(ImGuiCol_FrameBg, ImVec4{0, 0, 0, 0});
      ImGui::PushStyleColor(ImGuiCol_Text, ImVec4{0, 0, 0, 0});
    }
    ImGui::InputTextMultiline(id.c_str(), text.data(), text.capacity() + 1, {width, height}, flags, edit_callback,
                              &editing);
    if (!in_editor) ImGui::PopStyleColor(2);
  } else {
    ImGui::SetNextItemWidth(options.width < 0 ? -FLT_MIN : options.width);
    if (options.select_all) flags |= ImGuiInputTextFlags_AutoSelectAll;
    if (options.claims_arrows) flags |= ImGuiInputTextFlags_CallbackHistory;
    result.submitted =
        ImGui::InputTextWithHint(id.c_str(), options.hint.c_str(), text.data(), text.capacity() + 1,
                                 flags | ImGuiInputTextFlags_EnterReturnsTrue, edit_callback, &editing);
  }
  watch.reset();
  // ImGui's Escape takes back everything since the field was entered; here nothing typed is lost by one key.
  if (text != before && !ImGui::IsItemActive() && key_pressed(GLFW_KEY_ESCAPE)) text = before;
  result.edited = text != before;
  result.active = ImGui::IsItemActive();
  result.left = ImGui::IsItemDeactivated();
  if (result.edited && !editing.pasted.empty() && !options.password) {
    const Result<std::string> pasted = vietnamese::nfc(editing.pasted);
    if (pasted) result.legacy = vietnamese::looks_like(*pasted);
    if (result.legacy) state().legacy_paste = {std::string(name), *pasted, *result.legacy};
  }
  if (coloured) ImGui::PopStyleColor(2);
  if (wanted) scroll_to_item();
  if (result.active || (result.left && state().focused.empty())) state().focused = name;
  if (result.submitted) state().entered = name;
  note_item(name, true, true);
  return result;
}

bool field_can_undo() {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  return context.ActiveId != 0 && context.ActiveId == context.InputTextState.ID &&
         context.InputTextState.GetUndoAvailCount() > 0;
}

bool field_can_redo() {
  const ImGuiContext& context = *ImGui::GetCurrentContext();
  return context.ActiveId != 0 && context.ActiveId == context.InputTextState.ID &&
         context.InputTextState.GetRedoAvailCount() > 0;
}

void release_field() {
  ImGuiContext& context = *ImGui::GetCurrentContext();
  if (context.ActiveId != 0 && context.ActiveId == context.InputTextState.ID) ImGui::ClearActiveID();
  context.InputTextState.ID = 0;
  state().choice_open.clear();
  state().choice_filter.clear();
  state().choice_typed = state().choice_moved = false;
}

void veiled_field(std::string_view name, std::string_view words, float width) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), padding = ImGui::GetStyle().FramePadding;
  const ImVec2 size{width < 0 ? ImGui::GetContentRegionAvail().x : width, ImGui::GetFrameHeight()};
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, {at.x + size.x, at.y + size.y}, ImGui::GetColorU32(tone_fill(Tone::quiet)),
                     ImGui::GetStyle().FrameRounding);
  draw.AddText({at.x + padding.x, at.y + padding.y}, ImGui::GetColorU32(tone_text(Tone::quiet)), words.data(),
               end_of(words));
  ImGui::Dummy(size);
  note_item(name, false, false);
}

bool legacy_offer(std::string_view name, std::string& text, const LegacyWords& words) {
  std::optional<State::LegacyPaste>& paste = state().legacy_paste;
  if (!paste || paste->field != name) return false;
  const std::size_t at = text.find(paste->pasted);
  if (at == std::string::npos) {
    paste.reset();
    return false;
  }
  // As much as shows whether it reads well.
  constexpr std::size_t shown_bytes_max = 160;
  std::string_view beginning = paste->pasted;
  if (beginning.size() > shown_bytes_max) {
    std::size_t cut = shown_bytes_max;
    while (continues_letter(beginning[cut])) --cut;
    beginning = beginning.substr(0, cut);
  }
  const bool all = beginning.size() == paste->pasted.size();
  const std::string own_name = std::string(name) + "/legacy";
  notice(own_name, Tone::warning,
         std::string(words.what) + "\n" + vietnamese::convert(beginning, paste->legacy) + (all ? "" : " …"));
  const bool convert = button(own_name + "/convert", words.convert);
  ImGui::SameLine();
  const bool keep = button(own_name + "/keep", words.keep, ButtonLook::quiet);
  if (keep) paste.reset();
  if (keep || !convert) return false;
  text.replace(at, paste->pasted.size(), vietnamese::convert(paste->pasted, paste->legacy));
  // ImGui keeps the undo steps of the last field; they would not fit the new text.
  ImGui::GetCurrentContext()->InputTextState.ID = 0;
  paste.reset();
  return true;
}

const std::string& legacy_paste_field() {
  static const std::string none;
  return state().legacy_paste ? state().legacy_paste->field : none;
}

bool button(std::string_view name, std::string_view text, ButtonLook look, float width) {
  int colours = 0;
  const auto set = [&](ImGuiCol slot, ImVec4 value) {
    ImGui::PushStyleColor(slot, value);
    ++colours;
  };
  const ImVec4 main = tone_text(Tone::waiting), clear{0, 0, 0, 0};
  const Accent shades = accent();
  switch (look) {
    case ButtonLook::primary: {
      set(ImGuiCol_Button, shades.fill);
      set(ImGuiCol_ButtonHovered, shades.hovered);
      set(ImGuiCol_ButtonActive, shades.active);
      set(ImGuiCol_Text, shades.words);
      set(ImGuiCol_Border, shades.fill);
      break;
    }
    case ButtonLook::quiet:
      set(ImGuiCol_Button, clear);
      set(ImGuiCol_Border, clear);
      set(ImGuiCol_Text, main);
      break;
    case ButtonLook::danger:
      set(ImGuiCol_Text, tone_text(Tone::attention));
      set(ImGuiCol_Button, tone_fill(Tone::attention));
      break;
    case ButtonLook::chosen:
      set(ImGuiCol_Button, surface());
      set(ImGuiCol_Border, shades.mark);
      break;
    case ButtonLook::normal: break;
  }
  const bool pressed = ImGui::Button(label(text, name).c_str(), {width, 0});
  ImGui::PopStyleColor(colours);
  return after_button(name, pressed);
}

bool card_button(std::string_view name, std::string_view title_text, std::string_view explanation, ImVec2 size) {
  ImGui::PushStyleColor(ImGuiCol_Button, surface());
  const bool pressed = ImGui::Button(label("", name).c_str(), size);
  ImGui::PopStyleColor();
  const bool result = after_button(name, pressed);
  const ImVec2 min = ImGui::GetItemRectMin(), max = ImGui::GetItemRectMax();
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const float inset = px(16);
  draw.AddRectFilled({min.x, min.y}, {min.x + px(6), max.y}, ImGui::GetColorU32(accent().mark),
                     ImGui::GetStyle().FrameRounding, ImDrawFlags_RoundCornersLeft);
  draw.PushClipRect(min, max, true);
  const float wrap = max.x - min.x - 2 * inset;
  ImFont* heading = fonts().bold;
  const ImVec2 heading_size =
      heading->CalcTextSizeA(heading->FontSize, FLT_MAX, wrap, title_text.data(), end_of(title_text));
  const ImVec2 words_size = fonts().regular->CalcTextSizeA(fonts().regular->FontSize, FLT_MAX, wrap,
                                                           explanation.data(), end_of(explanation));
  const float top = min.y + std::max(px(6), (max.y - min.y - heading_size.y - px(4) - words_size.y) / 2);
  draw.AddText(heading, heading->FontSize, {min.x + inset, top}, ImGui::GetColorU32(ImGuiCol_Text), title_text.data(),
               end_of(title_text), wrap);
  draw.AddText(fonts().regular, fonts().regular->FontSize, {min.x + inset, top + heading_size.y + px(4)},
               ImGui::GetColorU32(tone_text(Tone::quiet)), explanation.data(), end_of(explanation), wrap);
  draw.PopClipRect();
  return result;
}

bool checkbox(std::string_view name, std::string_view text, bool& on) {
  const bool before = on;
  ImGui::Checkbox(label(text, name).c_str(), &on);
  const bool by_enter = after_button(name, false);
  // Enter goes on to the next field, as everywhere in a form; Space sets the mark.
  if (by_enter && on == before) state().entered = name;
  return on != before;
}

bool row_button(std::string_view name, float height) {
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);
  // In a table the row is all of its columns.
  ImGuiSelectableFlags flags = ImGuiSelectableFlags_AllowItemOverlap;
  if (ImGui::GetCurrentContext()->CurrentTable != nullptr) flags |= ImGuiSelectableFlags_SpanAllColumns;
  const bool pressed = ImGui::Selectable(label("", name).c_str(), false, flags, {0, height});
  ImGui::PopStyleVar();
  return after_button(name, pressed);
}

bool list_row(std::string_view name, float height, bool chosen) {
  const bool pressed =
      ImGui::Selectable(label("", name).c_str(), chosen, ImGuiSelectableFlags_AllowItemOverlap, {0, height});
  note_item(name, false, false);
  return pressed;
}

void text(std::string_view words, Tone tone) {
  ImGui::PushStyleColor(ImGuiCol_Text, tone_text(tone));
  ImGui::TextUnformatted(words.data(), end_of(words));
  ImGui::PopStyleColor();
}

void wrapped(std::string_view words, Tone tone) {
  ImGui::PushTextWrapPos(0);
  text(words, tone);
  ImGui::PopTextWrapPos();
}

void bold(std::string_view words, Tone tone) {
  ImGui::PushFont(fonts().bold);
  wrapped(words, tone);
  ImGui::PopFont();
}

void title(std::string_view words) {
  ImGui::PushFont(fonts().title);
  wrapped(words);
  ImGui::PopFont();
}

void marked_text(const std::vector<Words>& pieces) {
  const ImVec2 start = ImGui::GetCursorScreenPos();
  const float width = std::max(ImGui::GetContentRegionAvail().x, px(40));
  const float line_height = ImGui::GetTextLineHeight();
  const float space = ImGui::CalcTextSize(" ").x;
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImU32 ink = ImGui::GetColorU32(ImGuiCol_Text), ground = ImGui::GetColorU32(tone_fill(Tone::warning)),
              mark_ink = ImGui::GetColorU32(tone_text(Tone::warning));
  float x = 0, y = 0;
  bool marked_before = false;
  for (const Words& piece : pieces) {
    std::size_t at = 0;
    while (at < piece.words.size()) {
      const char c = piece.words[at];
      if (c == '\n') {
        x = 0;
        y += line_height;
        marked_before = false;
        ++at;
        continue;
      }
      if (c == ' ' || c == '\t') {
        x += space;
        ++at;
        continue;
      }
      const std::size_t end = std::min(piece.words.find_first_of(" \t\n", at), piece.words.size());
      std::string_view word = piece.words.substr(at, end - at);
      float word_width = ImGui::CalcTextSize(word.data(), end_of(word)).x;
      if (x > 0 && x + word_width > width) {
        x = 0;
        y += line_height;
        marked_before = false;
      }
      // A word longer than the line is cut: a link, a number pasted without spaces.
      while (word_width > width && word.size() > 1) {
        std::size_t fits = word.size();
        while (fits > 1 && (continues_letter(word[fits % word.size()]) ||
                            ImGui::CalcTextSize(word.data(), word.data() + fits).x > width))
          --fits;
        word = word.substr(0, fits);
        word_width = ImGui::CalcTextSize(word.data(), end_of(word)).x;
      }
      const ImVec2 from{start.x + x, start.y + y};
      if (piece.marked) {
        // One ground under neighbours.
        const float left = from.x - (marked_before ? space : px(1));
        draw.AddRectFilled({left, from.y}, {from.x + word_width + px(1), from.y + line_height}, ground);
        draw.AddLine({left, from.y + line_height - px(1)},
                     {from.x + word_width + px(1), from.y + line_height - px(1)}, mark_ink, px(2));
      }
      draw.AddText(from, piece.marked ? mark_ink : ink, word.data(), end_of(word));
      marked_before = piece.marked;
      x += word_width;
      at += word.size();
    }
  }
  ImGui::Dummy({width, y + line_height});
}

float mark_width(std::string_view words) { return ImGui::CalcTextSize(words.data(), end_of(words)).x + px(34); }

void mark(Tone tone, std::string_view words) {
  ImVec2 at = ImGui::GetCursorScreenPos();
  const float height = ImGui::GetTextLineHeight() + px(6), width = mark_width(words);
  // Beside a button it stands in the middle of the line.
  const ImGuiWindowTempData& line = ImGui::GetCurrentWindow()->DC;
  at.y += std::max(0.0f, (line.CurrLineSize.y - height) / 2);
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  const ImU32 ink = ImGui::GetColorU32(tone_text(tone));
  draw.AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(tone_fill(tone)), height / 2);
  const ImVec2 centre{at.x + px(14), at.y + height / 2};
  const float r = px(5);
  switch (tone) {
    case Tone::good:  // a tick
      draw.AddLine({centre.x - r, centre.y}, {centre.x - r / 4, centre.y + r * 0.8f}, ink, px(2));
      draw.AddLine({centre.x - r / 4, centre.y + r * 0.8f}, {centre.x + r, centre.y - r * 0.8f}, ink, px(2));
      break;
    case Tone::attention:
    case Tone::warning:  // a triangle
      draw.AddTriangleFilled({centre.x, centre.y - r}, {centre.x + r * 1.1f, centre.y + r},
                             {centre.x - r * 1.1f, centre.y + r}, ink);
      break;
    case Tone::waiting:  // a ring: still open
      draw.AddCircle(centre, r, ink, 0, px(2));
      break;
    case Tone::neutral:
    case Tone::quiet: draw.AddCircleFilled(centre, r * 0.7f, ink); break;
  }
  draw.AddText({at.x + px(24), at.y + px(3)}, ink, words.data(), end_of(words));
  ImGui::Dummy({width, height});
}

void notice(std::string_view name, Tone tone, std::string_view words) {
  const float padding = px(10);
  const float width = ImGui::GetContentRegionAvail().x;
  const ImVec2 size = ImGui::CalcTextSize(words.data(), end_of(words), false, width - 2 * padding - px(6));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const ImVec2 end{at.x + width, at.y + size.y + 2 * padding};
  ImDrawList& draw = *ImGui::GetWindowDrawList();
  draw.AddRectFilled(at, end, ImGui::GetColorU32(tone_fill(tone)), px(6));
  draw.AddRectFilled(at, {at.x + px(5), end.y}, ImGui::GetColorU32(tone_text(tone)), px(6),
                     ImDrawFlags_RoundCornersLeft);
  draw.AddText(ImGui::GetFont(), ImGui::GetFontSize(), {at.x + padding + px(6), at.y + padding},
               ImGui::GetColorU32(tone_text(tone)), words.data(), end_of(words), width - 2 * padding - px(6));
  ImGui::Dummy({width, end.y - at.y});
  note_item(name, false, false);
}

void progress(float fraction, std::string_view words) {
  ImGui::ProgressBar(fraction, {-FLT_MIN, px(18)}, "");
  wrapped(words, Tone::quiet);
}

void gap(float at_100_percent) { ImGui::Dummy({0, px(at_100_percent)}); }

void line() {
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x;
  ImGui::GetWindowDrawList()->AddLine(at, {at.x + width, at.y}, ImGui::GetColorU32(ImGuiCol_Separator));
  ImGui::Dummy({width, 1});
}

void begin_card() {
  State& s = state();
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImVec2 padding = ImGui::GetStyle().WindowPadding;
  // Its background is drawn under the content once its height is known.
  if (s.splitters.size() <= s.cards.size()) s.splitters.emplace_back();
  ImDrawListSplitter& splitter = s.splitters[s.cards.size()];
  splitter.Split(window->DrawList, 2);
  splitter.SetCurrentChannel(window->DrawList, 1);
  s.cards.push_back({ImGui::GetCursorScreenPos(), window->ContentRegionRect.Max.x, window->WorkRect.Max.x,
                     ImGui::GetColorU32(ImGuiCol_ChildBg)});
  window->ContentRegionRect.Max.x -= padding.x;
  window->WorkRect.Max.x -= padding.x;
  ImGui::SetCursorScreenPos({s.cards.back().start.x, s.cards.back().start.y + padding.y});
  ImGui::Indent(padding.x);
}

void end_card() {
  State& s = state();
  ImGuiWindow* window = ImGui::GetCurrentWindow();
  const ImGuiStyle& style = ImGui::GetStyle();
  const State::Card card = s.cards.back();
  s.cards.pop_back();
  ImGui::Unindent(style.WindowPadding.x);
  window->ContentRegionRect.Max.x = card.content_right;
  window->WorkRect.Max.x = card.work_right;
  const ImVec2 end{card.content_right, ImGui::GetCursorScreenPos().y - style.ItemSpacing.y + style.WindowPadding.y};
  ImDrawListSplitter& splitter = s.splitters[s.cards.size()];
  splitter.SetCurrentChannel(window->DrawList, 0);
  window->DrawList->AddRectFilled(card.start, end, card.fill, style.ChildRounding);
  window->DrawList->AddRect(card.start, end, ImGui::GetColorU32(ImGuiCol_Border), style.ChildRounding);
  splitter.Merge(window->DrawList);
  ImGui::SetCursorScreenPos(card.start);
  ImGui::Dummy({end.x - card.start.x, end.y - card.start.y});
}

}  // namespace fieldpost::ui
