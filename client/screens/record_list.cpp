// The list of records as a table, with what it is filtered by always in sight.
#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/choice_field.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

std::optional<Action> draw_kinds(RecordList& list) {
  std::optional<Action> action;
  const auto filter = [&](const std::string& name, const std::string& label, bool first) {
    if (!first) beside(label);
    if (ui::button("filter/" + name, label, list.form == name ? ui::ButtonLook::primary : ui::ButtonLook::normal))
      action = ShowList{name};
  };
  filter("", tr("list.all"), true);
  for (const FormChoice& form : list.forms)
    filter(form.name, form.label + " " + vietnamese::number_text(form.count), false);
  return action;
}

/// A word before a field, in one line with it; and with what stands before where there is so much room.
void before_field(const std::string& words, float room) {
  if (ImGui::GetItemRectMax().x - ImGui::GetWindowPos().x + room < ImGui::GetWindowContentRegionMax().x)
    ImGui::SameLine();
  ImGui::AlignTextToFramePadding();
  ui::text(words, ui::Tone::quiet);
  ImGui::SameLine();
}

bool draw_day(const char* name, std::string& typed) {
  ui::FieldOptions options;
  options.width = ui::px(128);
  options.plain = true;
  options.select_all = true;
  options.hint = tr("list.day_hint");
  if (unreadable_day(typed)) options.tone = ui::Tone::attention;
  return ui::text_field(name, typed, options).edited;
}

/// True when another list is asked for.
bool draw_filters(RecordList& list) {
  bool changed = false;
  const std::vector<std::string> states = {tr("list.any_state"),    tr("status.on_this_laptop"),
                                           tr("status.at_central"), tr("status.needs_attention"),
                                           tr("list.incomplete"),   tr("list.in_conflict")};
  if (const auto pressed = draw_options("state", states, static_cast<std::size_t>(list.state))) {
    list.state = static_cast<RecordList::State>(*pressed);
    changed = true;
  }
  ui::FieldOptions options;
  options.width = ui::px(190);
  options.hint = tr("list.any_place");
  // All in one line where there is room.
  beside(std::string(50, 'x'));
  ImGui::AlignTextToFramePadding();
  ui::text(tr("list.place"), ui::Tone::quiet);
  ImGui::SameLine();
  const ui::ChoiceResult place = ui::choice_field(
      "place", list.place_text,
      [&](std::string_view typed) {
        std::vector<ui::ChoiceOption> found;
        for (const RecordList::PlaceChoice& one : list.find_places(typed))
          found.push_back({one.key, one.text, one.detail});
        return found;
      },
      options, tr("form.not_in_list"));
  if (place.chosen) {
    list.place = place.chosen->code;
    list.place_text = place.chosen->text;
    changed = true;
  } else if (place.cleared) {
    list.place.clear();
    list.place_text.clear();
    changed = true;
  }
  before_field(tr("list.from"), ui::px(360));
  changed = draw_day("from", list.from_text) || changed;
  before_field(tr("list.to"), 0);
  changed = draw_day("to", list.to_text) || changed;
  if (is_filtered(list)) {
    beside(tr("list.clear"));
    if (ui::button("filters/clear", tr("list.clear"), ui::ButtonLook::quiet)) {
      clear_filters(list);
      changed = true;
    }
  }
  return changed;
}

std::optional<Action> draw_column_choice(const RecordList& list) {
  std::optional<Action> action;
  ui::begin_card();
  ui::text(tr("list.columns_hint"), ui::Tone::quiet);
  for (std::size_t i = 0; i < list.offered.size(); ++i) {
    const ListColumn& column = list.offered[i];
    if (column.kind == ListColumn::Kind::title) continue;
    bool on = std::any_of(list.columns.begin(), list.columns.end(),
                          [&](const ListColumn& shown) { return shown.name == column.name; });
    const std::string label = shortened(column.label);
    if (i > 0) beside(label + "XXXX");  // and the box before it
    if (ui::checkbox("column/" + column.name, label, on)) action = ChooseColumn{column.name, on};
  }
  ui::end_card();
  return action;
}

/// Days and marks are read whole or not at all; the rest shares what is left.
void set_up_column(const ListColumn& column) {
  const auto fixed = [&](float width) {
    ImGui::TableSetupColumn(column.name.c_str(), ImGuiTableColumnFlags_WidthFixed, width);
  };
  const auto share = [&](float weight) {
    ImGui::TableSetupColumn(column.name.c_str(), ImGuiTableColumnFlags_WidthStretch, weight);
  };
  switch (column.kind) {
    case ListColumn::Kind::date: return fixed(ImGui::CalcTextSize("00/00/0000").x + ui::px(14));
    case ListColumn::Kind::status:
      return fixed(ui::mark_width(tr("list.incomplete") + ", " + tr("status.on_this_laptop")) + ui::px(6));
    case ListColumn::Kind::title: return share(3.2f);
    case ListColumn::Kind::place:
    case ListColumn::Kind::changed: return share(2.0f);
    case ListColumn::Kind::question: return share(1.6f);
  }
}

/// The columns that are drawn, by their places: on a small screen those without which a record cannot be told.
std::vector<std::size_t> columns_drawn(const RecordList& list) {
  std::vector<std::size_t> drawn;
  for (std::size_t i = 0; i < list.columns.size(); ++i) {
    const ListColumn::Kind kind = list.columns[i].kind;
    const bool can_wait = kind == ListColumn::Kind::place || kind == ListColumn::Kind::changed;
    if (!can_wait || !is_small_screen()) drawn.push_back(i);
  }
  return drawn;
}

bool draw_heading(const RecordList& list, const ListColumn& column) {
  using Order = View::Query::Order;
  const Order order = column.kind == ListColumn::Kind::date      ? Order::date
                      : column.kind == ListColumn::Kind::title   ? Order::title
                      : column.kind == ListColumn::Kind::changed ? Order::changed
                                                                 : Order::natural;
  const bool too_many = order == Order::title && list.rows.size() > titles_sorted_max;
  if (order == Order::natural || too_many) {
    ImGui::AlignTextToFramePadding();
    ui::text(column.label, ui::Tone::quiet);
    return false;
  }
  const bool pressed = ui::button("sort/" + column.name, column.label, ui::ButtonLook::quiet);
  if (list.order == order) {
    // The arrow points to where the greater ones are.
    const float x = ImGui::GetItemRectMax().x, y = (ImGui::GetItemRectMin().y + ImGui::GetItemRectMax().y) / 2;
    const float up = list.ascending ? ui::px(4) : -ui::px(4);
    ImGui::GetWindowDrawList()->AddTriangleFilled({x - ui::px(4), y - up / 2}, {x + ui::px(6), y - up / 2},
                                                  {x + ui::px(1), y + up}, ImGui::GetColorU32(ui::accent().mark));
  }
  return pressed;
}

/// Most titles begin with the record's own date, which has a column.
std::string title_beside_date(const RecordList& list, const ListedRecord& record) {
  const bool has_date = list.columns.front().kind == ListColumn::Kind::date;
  std::string title = record.title;
  if (has_date && !record.date.empty() && title.starts_with(record.date)) title.erase(0, record.date.size() + 1);
  return title.empty() ? tr("list.untitled") : title;
}

void draw_status(const ListedRecord& record) {
  // What needs a person comes first; one mark a row is what the eye can take in.
  if (record.conflicts > 0)
    ui::mark(ui::Tone::attention, tr_with("list.conflicts", {std::to_string(record.conflicts)}));
  else if (record.incomplete && record.status != RecordStatus::needs_attention)
    ui::mark(ui::Tone::warning, tr("list.incomplete") + ", " + status_text(record.status));
  else
    ui::mark(status_tone(record.status), status_text(record.status));
}

std::optional<Action> draw_row(const RecordList& list, const std::vector<std::size_t>& drawn,
                               const ListedRecord* record, float height) {
  std::optional<Action> action;
  ImGui::TableNextRow(ImGuiTableRowFlags_None, height);
  ImGui::TableSetColumnIndex(0);
  if (!record) {
    ImGui::Dummy({0, height});
    return action;
  }
  if (ui::row_button("open/" + text(record->record), height)) action = OpenRecord{record->record};
  const float down = (height - ImGui::GetTextLineHeight()) / 2;
  int at = 0;
  for (const std::size_t i : drawn) {
    const ListColumn& column = list.columns[i];
    ImGui::TableSetColumnIndex(at++);
    if (at == 1) ImGui::SameLine(ui::px(6));
    const bool is_mark = column.kind == ListColumn::Kind::status;
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + down - (is_mark ? ui::px(3) : 0));
    switch (column.kind) {
      case ListColumn::Kind::date: ui::text(record->date); break;
      case ListColumn::Kind::title:
        ImGui::PushFont(ui::fonts().bold);
        ui::text(title_beside_date(list, *record));
        ImGui::PopFont();
        break;
      case ListColumn::Kind::changed: ui::text(record->changed, ui::Tone::quiet); break;
      case ListColumn::Kind::status: draw_status(*record); break;
      case ListColumn::Kind::place:
      case ListColumn::Kind::question: ui::text(record->cells[i]); break;
    }
  }
  return action;
}

std::optional<Action> draw_table(RecordList& list) {
  std::optional<Action> action;
  const std::vector<std::size_t> drawn = columns_drawn(list);
  constexpr ImGuiTableFlags flags = ImGuiTableFlags_ScrollY | ImGuiTableFlags_BordersOuter |
                                    ImGuiTableFlags_BordersInnerH | ImGuiTableFlags_Resizable |
                                    ImGuiTableFlags_SizingStretchProp | ImGuiTableFlags_NoSavedSettings;
  // Another choice of columns is another table: widths are its own.
  std::string name = "list/rows/" + list.form;
  for (const std::size_t i : drawn) name += "/" + list.columns[i].name;
  if (!ImGui::BeginTable(name.c_str(), static_cast<int>(drawn.size()), flags)) return action;
  ImGui::TableSetupScrollFreeze(0, 1);
  for (const std::size_t i : drawn) set_up_column(list.columns[i]);
  ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
  for (const std::size_t i : drawn) {
    const ListColumn& column = list.columns[i];
    ImGui::TableNextColumn();
    if (draw_heading(list, column)) {
      sort_by(list, column.kind);
      action = SearchList{};
    }
  }
  if (std::exchange(list.moved, false)) ImGui::SetScrollY(0);
  const float height = ImGui::GetTextLineHeight() + ui::px(6);
  ImGuiListClipper clipper;
  clipper.Begin(static_cast<int>(list.rows.size()), height + 2 * ImGui::GetStyle().CellPadding.y);
  while (clipper.Step())
    for (int i = clipper.DisplayStart; i < clipper.DisplayEnd; ++i)
      if (auto asked = draw_row(list, drawn, list.rows.at(static_cast<std::size_t>(i)), height))
        action = std::move(asked);
  ImGui::EndTable();
  return action;
}

}  // namespace

std::optional<Action> draw_record_list(RecordList& list) {
  std::optional<Action> action;
  const auto ask = [&](std::optional<Action> asked) {
    if (asked) action = std::move(asked);
  };
  ui::FieldOptions options;
  options.hint = tr("list.search_hint");
  options.password = list.veiled;
  if (ui::text_field("search", list.search, options).edited) action = SearchList{};
  const bool small = is_small_screen();
  if (!small || list.choosing_filters) {
    ask(draw_kinds(list));
    if (draw_filters(list)) action = SearchList{};
  }
  const bool asks = !list.search.empty() || is_filtered(list);
  ImGui::AlignTextToFramePadding();
  ui::text(tr_with(asks ? "list.found" : "list.count",
                   {vietnamese::number_text(static_cast<std::int64_t>(list.rows.size()))}),
           ui::Tone::quiet);
  if (small) {
    beside(tr("list.filters"));
    // Where it hides records it says so.
    const bool narrowed = is_filtered(list) || !list.form.empty();
    if (ui::button("filters", tr(narrowed ? "list.filtered" : "list.filters"),
                   list.choosing_filters || narrowed ? ui::ButtonLook::chosen : ui::ButtonLook::normal))
      list.choosing_filters = !list.choosing_filters;
  }
  if (!list.form.empty()) {
    beside(tr("list.new"));
    if (ui::button("new/" + list.form, tr("list.new"), ui::ButtonLook::primary)) action = NewRecord{list.form};
    beside(tr("list.columns"));
    if (ui::button("columns", tr("list.columns"),
                   list.choosing_columns ? ui::ButtonLook::chosen : ui::ButtonLook::quiet))
      list.choosing_columns = !list.choosing_columns;
    if (list.choosing_columns) ask(draw_column_choice(list));
  }
  if (list.rows.size() == 0) {
    ui::gap(8);
    ui::wrapped(tr(asks ? "list.nothing_found" : "list.empty"), ui::Tone::quiet);
    return action;
  }
  ask(draw_table(list));
  return action;
}

}  // namespace fieldpost
