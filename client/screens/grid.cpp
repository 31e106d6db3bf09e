#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/pasted_table.h"
#include "client/model/presence.h"
#include "client/model/translation.h"
#include "client/screens/form_parts.h"
#include "client/screens/grid_parts.h"
#include "client/screens/parts.h"
#include "client/ui/input_queue.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

float column_width(const Question& question) {
  if (is_by_day(question)) return 130;
  if (question.appearance == "person_name") return 240;
  switch (question.type) {
    case QuestionType::date: return 165;
    case QuestionType::time: return 90;
    case QuestionType::integer:
    case QuestionType::decimal: return 100;
    case QuestionType::select_one: return question.list == "sexes" ? 90 : 150;
    case QuestionType::select_multiple: return 220;
    case QuestionType::place:
    case QuestionType::record: return 220;
    default: return question.appearance == "citizen_number" ? 160 : 150;
  }
}

/// One question, or one day of it.
struct Column {
  const Question* question = nullptr;
  std::string day;  // the day's code
  std::string label;
};

std::vector<Column> columns_of(FormEntry& entry, const Question& repeat) {
  std::vector<Column> columns;
  for (const Question* question : entry.columns(repeat)) {
    const std::string& label = question->label.in(language());
    if (question->type == QuestionType::calculate && label.empty()) continue;
    if (!is_by_day(*question)) {
      columns.push_back({question, {}, label});
      continue;
    }
    for (const DayColumn& day : day_columns(entry, repeat, *question))
      columns.push_back({question, day.code, tr_with("grid.day", {day.label, std::to_string(day.present)})});
  }
  return columns;
}

/// `row`: the place among the rows in the order in which they came, whatever the order in which they are shown.
std::string cell_name(const Question& repeat, int row, const Column& column) {
  return "cell/" + repeat.name + "/" + std::to_string(row) + "/" + column.question->name +
         (column.day.empty() ? "" : "/" + column.day);
}

/// A day of one person: Space or a click ticks it, Ctrl+Space ticks it for everybody. True: Enter.
bool draw_day_cell(const std::string& name, FormEntry& entry, const Question& repeat, const EntityId& row,
                   const Column& column, RowHistory& history) {
  bool on = entry.is_chosen(row, *column.question, column.day);
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ui::px(8));
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 1);  // a day that is not ticked is a box, not nothing
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui::px(4), ui::px(4)});
  ImGui::SetCursorPosY(ImGui::GetCursorPosY() + ui::px(3));
  const bool changed = ui::checkbox(name, "", on);
  ImGui::PopStyleVar(2);
  const bool focused = ui::state().focused == name;
  if (focused && ImGui::GetIO().KeyCtrl && ui::key_pressed(GLFW_KEY_SPACE)) {
    history.begin(RowHistory::Deed::column_marked);
    mark_day(entry, repeat, *column.question, column.day);
  } else if (changed && !(ImGui::GetIO().KeyCtrl && focused)) {
    entry.toggle(row, *column.question, column.day, on);
  }
  return ui::state().entered == name;
}

// A cell of a multi-select shows what is chosen and opens the options over the grid.
void draw_multiple_cell(const std::string& name, FormEntry& entry, const EntityId& row, const Question& question,
                        float width) {
  const std::string chosen = entry.answer_text(row, question);
  if (ui::button(name, chosen.empty() ? "…" : chosen, ui::ButtonLook::quiet, width)) ImGui::OpenPopup(name.c_str());
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, ui::px(420)});
  if (ImGui::BeginPopup(name.c_str())) {
    ui::bold(question.label.in(language()));
    for (const Choice& choice : entry.choices(row, question, "")) {
      bool on = entry.is_chosen(row, question, choice.code);
      if (ui::checkbox(name + "/" + choice.code, choice.text, on)) entry.toggle(row, question, choice.code, on);
    }
    if (ui::button(name + "/done", tr("form.done"), ui::ButtonLook::primary)) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
}

// The row's number, and beside it the way to delete the row or take it back.
void draw_row_head(FormEntry& entry, const Question& repeat, int index, const EntityId& row, bool blank,
                   bool deleted) {
  const std::string name = "row/" + repeat.name + "/" + std::to_string(index);
  if (deleted) {
    if (!entry.veiled && ui::button(name + "/restore", tr("grid.restore"))) entry.restore_row(row);
    return;
  }
  ImGui::AlignTextToFramePadding();
  ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ui::px(6));
  ui::text(blank ? "+" : std::to_string(index + 1), ui::Tone::quiet);
  if (blank || entry.veiled) return;
  ImGui::SameLine(ImGui::GetColumnWidth() - ui::px(26));
  if (ui::button(name + "/delete", "×", ui::ButtonLook::quiet)) entry.delete_row(row);
}

// What was pasted, before it is taken over: which column becomes what, and what cannot be read.
void draw_pasted(FormEntry& entry) {
  constexpr std::size_t rows_shown = 4, faults_shown = 3;
  const PastedTable& table = *entry.pasted;
  const auto number = [](std::size_t value) { return vietnamese::number_text(static_cast<std::int64_t>(value)); };
  ui::begin_card();
  ui::bold(tr_with("paste.title", {number(table.rows.size())}));
  ui::wrapped(table.headers.empty() ? tr("paste.no_heads") : tr("paste.heads"), ui::Tone::quiet);
  if (table.rows_left_out > 0)
    ui::wrapped(tr_with("paste.too_many", {number(table.rows_left_out)}), ui::Tone::attention);
  const float line = ImGui::GetTextLineHeight() + 2 * ImGui::GetStyle().CellPadding.y;
  const auto lines = static_cast<float>(std::min(rows_shown, table.rows.size()) + 1);  // and the heads
  const float height = line * lines + ImGui::GetStyle().ScrollbarSize;
  if (!table.columns.empty() &&
      ImGui::BeginTable("paste", static_cast<int>(table.columns.size()),
                        ImGuiTableFlags_Borders | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_ScrollX,
                        {0, height})) {
    for (const Question* column : table.columns)
      ImGui::TableSetupColumn(column ? column->label.in(language()).c_str() : tr("paste.left_out").c_str());
    ImGui::TableHeadersRow();
    for (std::size_t r = 0; r < std::min(rows_shown, table.rows.size()); ++r) {
      ImGui::TableNextRow();
      for (std::size_t c = 0; c < table.columns.size(); ++c) {
        ImGui::TableNextColumn();
        ui::text(table.rows[r][c], table.columns[c] ? ui::Tone::neutral : ui::Tone::quiet);
      }
    }
    ImGui::EndTable();
  }
  if (!table.faults.empty()) ui::wrapped(tr_with("paste.faults", {number(table.faults.size())}), ui::Tone::attention);
  for (std::size_t i = 0; i < std::min(faults_shown, table.faults.size()); ++i) {
    const PastedTable::Fault& fault = table.faults[i];
    ui::wrapped(tr_with("paste.fault", {number(fault.row + 1), fault.column->label.in(language()), fault.text}));
  }
  if (ui::button("paste/add", tr_with("paste.add", {number(table.rows.size())}), ui::ButtonLook::primary)) {
    entry.grid(*table.repeat).history.begin(RowHistory::Deed::pasted);
    add_rows(entry, table);
    entry.pasted.reset();
  }
  beside(tr("paste.drop"));
  if (ui::button("paste/drop", tr("paste.drop"))) entry.pasted.reset();
  ui::end_card();
}

struct Cell {
  int row = 0;
  std::size_t column = 0;
};

}  // namespace

std::optional<Action> draw_grid(FormEntry& entry, const Question& repeat) {
  std::optional<Action> action;
  GridView& view = entry.grid(repeat);
  const std::string cells = "cell/" + repeat.name + "/", heads = "row/" + repeat.name + "/";
  view.history.look(entry, repeat, ui::state().focused_before);
  take_offer_keys(view);
  const ImGuiIO& io = ImGui::GetIO();
  const bool with_control = io.KeyCtrl && !io.KeyAlt;
  // While a cell has letters of its own to take back, the keys are its own.
  bool undo = with_control && !io.KeyShift && ui::key_pressed(GLFW_KEY_Z) && !ui::field_can_undo();
  bool redo = with_control && !ui::field_can_redo() &&
              (ui::key_pressed(GLFW_KEY_Y) || (io.KeyShift && ui::key_pressed(GLFW_KEY_Z)));
  if (ui::key_pressed(GLFW_KEY_F4) && name_column(entry, repeat))
    view.order.choose(view.order.by() == LineOrder::By::name ? LineOrder::By::arrival : LineOrder::By::name);
  if (entry.pasted && entry.pasted->repeat == &repeat && !entry.veiled) draw_pasted(entry);
  const std::string& hint = repeat.hint.in(language());
  if (!hint.empty() && entry.rows(repeat).empty()) ui::wrapped(hint, ui::Tone::quiet);
  const TopAsked asked = draw_grid_top(entry, repeat, view);
  undo = undo || asked.undo;
  redo = redo || asked.redo;
  if ((undo || redo) && !entry.veiled) {
    const std::optional<RowHistory::Back> back =
        undo ? view.history.undo(entry, repeat) : view.history.redo(entry, repeat);
    view.said = back ? back->words : tr(undo ? "undo.nothing" : "undo.nothing_more");
    view.said_at = entry.revision();
    if (back) {
      ui::release_field();
      const std::vector<EntityId> rows = entry.rows(repeat);
      const auto at = std::find(rows.begin(), rows.end(), back->row);
      const Question* column = back->column ? back->column : name_column(entry, repeat);
      if (column && !is_by_day(*column))
        ui::focus(cell_name(repeat, static_cast<int>(at - rows.begin()), {column, {}, {}}));
    }
  }

  const std::vector<Column> columns = columns_of(entry, repeat);
  const std::vector<EntityId> rows = entry.rows(repeat);
  const int row_count = static_cast<int>(rows.size());
  const std::vector<std::size_t>& lines = view.order.lines(entry, repeat, rows);
  std::vector<int> line_of(rows.size());
  for (std::size_t i = 0; i < lines.size(); ++i) line_of[lines[i]] = static_cast<int>(i);
  // The blank line, and one that is made in this frame, come last in every order.
  const auto line_at = [&](int row) { return row < row_count ? line_of[static_cast<std::size_t>(row)] : row; };
  const auto row_at = [&](int line) {
    return line < row_count ? static_cast<int>(lines[static_cast<std::size_t>(line)]) : line;
  };

  // What stands in conflict or is wrong in the row the keyboard is in is said in words below the grid.
  static constexpr int below_lines = 2;
  float below = ImGui::GetTextLineHeightWithSpacing() * below_lines;
  const std::string pasted_into = ui::legacy_paste_field();
  const bool offers = pasted_into.starts_with(cells);
  if (offers) below += ImGui::GetTextLineHeightWithSpacing() * 2 + ImGui::GetFrameHeightWithSpacing() + ui::px(30);
  // Where little room is left the whole page scrolls; a grid of one line would be none.
  const float height = std::max(ImGui::GetContentRegionAvail().y - below, ui::px(260));
  const ImGuiTableFlags flags = ImGuiTableFlags_ScrollX | ImGuiTableFlags_ScrollY | ImGuiTableFlags_Borders |
                                ImGuiTableFlags_RowBg | ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_Resizable;
  ImGui::PushStyleVar(ImGuiStyleVar_CellPadding, {ui::px(2), ui::px(1)});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, {ui::px(7), ui::px(7)});
  ImGui::PushStyleVar(ImGuiStyleVar_FrameBorderSize, 0);  // the grid's own lines are enough
  ImGui::PushStyleVar(ImGuiStyleVar_FrameRounding, 0);
  ImGui::PushStyleVar(ImGuiStyleVar_ButtonTextAlign, {0, 0.5f});
  ImGui::PushStyleColor(ImGuiCol_FrameBg, ImVec4{0, 0, 0, 0});
  ImGui::PushStyleColor(ImGuiCol_FrameBgActive, ui::tone_fill(ui::Tone::waiting));
  // ImGui keeps a column's width by its place: another form, or another day of the class, is another table.
  const std::string table = "grid/" + entry.form().name + "/" + repeat.name + "/" + std::to_string(columns.size());
  ui::state().takes_tables = true;
  std::optional<Cell> at, go;
  std::optional<NameTyped> typed;
  const ImVec2 corner = ImGui::GetCursorScreenPos();
  const float room = ImGui::GetContentRegionAvail().x;
  bool row_added = false;
  if (ImGui::BeginTable(table.c_str(), static_cast<int>(columns.size()) + 1, flags, {0, height})) {
    // The name stays in sight beside the others, unless it would take their room.
    ImGui::TableSetupScrollFreeze(room > ui::px(640) ? 2 : 1, 1);
    ImGui::TableSetupColumn("##number", ImGuiTableColumnFlags_NoResize, ui::px(84));
    for (const Column& column : columns)
      ImGui::TableSetupColumn(column.label.c_str(), 0, ui::px(column_width(*column.question)));
    ImGui::TableNextRow(ImGuiTableRowFlags_Headers);
    for (int c = 0; c < static_cast<int>(columns.size()) + 1; ++c) {
      ImGui::TableSetColumnIndex(c);
      ImGui::SetCursorPosX(ImGui::GetCursorPosX() + (c == 0 ? 0 : ui::px(5)));  // above the words of the cells
      ImGui::TableHeader(ImGui::TableGetColumnName(c));
    }
    const float row_height = ImGui::GetFrameHeight() + ui::px(2);
    ImGuiListClipper clipper;
    clipper.Begin(row_count + 1, row_height);
    // The row the keyboard goes to is drawn even when it is out of sight, so that the focus arrives.
    for (const std::string* held : {&ui::state().wanted, &ui::state().focused_before}) {
      const std::string& names = held->starts_with(cells) ? cells : heads;
      if (!held->starts_with(names)) continue;
      const int row = std::atoi(held->c_str() + names.size());
      if (row >= 0 && row <= row_count) clipper.ForceDisplayRangeByIndices(line_at(row), line_at(row) + 1);
    }
    while (clipper.Step()) {
      for (int line = clipper.DisplayStart; line < clipper.DisplayEnd; ++line) {
        const int i = row_at(line);
        ImGui::TableNextRow(0, row_height);
        ImGui::TableNextColumn();
        const bool blank = i == row_count;
        const EntityId row = blank ? EntityId{} : rows[static_cast<std::size_t>(i)];
        const bool deleted = !blank && entry.is_deleted(row);
        draw_row_head(entry, repeat, i, row, blank, deleted);
        for (std::size_t c = 0; c < columns.size(); ++c) {
          ImGui::TableNextColumn();
          const Question& question = *columns[c].question;
          const std::string name = cell_name(repeat, i, columns[c]);
          if (deleted) {
            ImGui::AlignTextToFramePadding();
            if (columns[c].day.empty())
              ui::text(entry.hides(question) ? veiled_text() : entry.answer_text(row, question), ui::Tone::quiet);
            continue;
          }
          if (blank) {
            if (entry.hides(question)) {
              ui::veiled_field(name, "", -1);
              continue;
            }
            // The last line is no row yet: typing or choosing in it makes one.
            std::string text;
            EntityId made;
            if (holds_text(question.type)) {
              ui::FieldOptions options;
              if (c == 0) options.hint = tr("grid.new_row");
              options.claims_arrows = true;
              options.plain = is_plain(question);
              const ui::FieldResult field = ui::text_field(name, text, options);
              if (field.active) at = Cell{i, c};
              if (field.edited && !text.empty()) {
                made = entry.add_row(repeat);
                row_added = true;
                entry.text(made, question) = text;
                entry.text_changed(made, question);
                if (question.appearance == "person_name" && field.active)
                  typed = NameTyped{name, made, true, {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()}};
              }
              if (field.submitted) go = Cell{i, c};
            } else if (question.type != QuestionType::select_multiple && question.type != QuestionType::calculate) {
              ui::FieldOptions options;
              const auto find = [&](std::string_view words) {
                std::vector<ui::ChoiceOption> found;
                for (Choice& choice : entry.choices(EntityId{}, question, words))
                  found.push_back({choice.code, choice.text, choice.detail});
                return found;
              };
              const ui::ChoiceResult result = ui::choice_field(name, "", find, options, tr("form.not_in_list"));
              if (result.active) at = Cell{i, c};
              if (result.chosen) {
                made = entry.add_row(repeat);
                row_added = true;
                entry.choose(made, question, result.chosen->code);
              }
              if (result.submitted) go = Cell{i, c};
            }
            continue;
          }
          if (!entry.relevant(row, question)) {
            ImGui::AlignTextToFramePadding();
            ui::text("–", ui::Tone::quiet);
            continue;
          }
          if (question.type == QuestionType::calculate) {
            ImGui::AlignTextToFramePadding();
            ImGui::SetCursorPosX(ImGui::GetCursorPosX() + ui::px(7));
            ui::text(entry.hides(question) ? veiled_text() : entry.answer_text(row, question));
          } else if (!columns[c].day.empty()) {
            if (draw_day_cell(name, entry, repeat, row, columns[c], view.history)) go = Cell{i, c};
            if (ui::state().focused == name) at = Cell{i, c};
          } else if (question.type == QuestionType::select_multiple && !entry.hides(question)) {
            draw_multiple_cell(name, entry, row, question, -FLT_MIN);
            if (ui::state().focused == name) at = Cell{i, c};
          } else {
            const InputResult input = draw_input(name, entry, row, question, -1);
            if (input.active) at = Cell{i, c};
            if (input.submitted) go = Cell{i, c};
            if (input.active && question.appearance == "person_name")
              typed = NameTyped{name, row, input.edited, {ImGui::GetItemRectMin(), ImGui::GetItemRectMax()}};
          }
        }
      }
    }
    ImGui::EndTable();
  } else {
    // All of it is out of sight, and ImGui draws nothing: the keyboard finds its way in all the same.
    ui::note_item(cell_name(repeat, 0, columns.front()), true, true);
    const std::string& wanted = ui::state().wanted;
    if (wanted.starts_with(cells) || wanted.starts_with(heads))
      ui::scroll_to({corner, {corner.x + 1, corner.y + ui::px(120)}});
  }
  ui::state().takes_tables = false;
  ImGui::PopStyleColor(2);
  ImGui::PopStyleVar(5);
  if (const std::string pasted = std::exchange(ui::state().pasted_table, {}); !pasted.empty() && at) {
    entry.pasted = std::make_shared<PastedTable>(read_table(pasted, entry, repeat, *columns[at->column].question));
    ui::focus("paste/add");
  }

  const int last_row = row_count + (row_added ? 1 : 0);
  const auto can_hold_keyboard = [&](int row, std::size_t column, bool also_multiple) {
    const Question& question = *columns[column].question;
    if (question.type == QuestionType::calculate || entry.hides(question)) return false;
    if (question.type == QuestionType::select_multiple && !also_multiple) return false;
    if (row >= row_count) return question.type != QuestionType::select_multiple;
    const EntityId& id = rows[static_cast<std::size_t>(row)];
    return !entry.is_deleted(id) && entry.relevant(id, question);
  };
  // The next cell that can be filled in this direction; after the last one the first of the next row.
  const auto walk = [&](Cell from, int step, bool also_multiple) -> std::optional<Cell> {
    const int width = static_cast<int>(columns.size());
    int place = line_at(from.row) * width + static_cast<int>(from.column);
    for (int tries = 0; tries < 10 * width; ++tries) {
      place += step;
      if (place < 0) return std::nullopt;
      if (place / width > last_row) place = last_row * width;
      const Cell cell{row_at(place / width), static_cast<std::size_t>(place % width)};
      if (can_hold_keyboard(cell.row, cell.column, also_multiple)) return cell;
    }
    return std::nullopt;
  };
  const auto line_beside = [&](Cell from, int step) -> std::optional<Cell> {
    const int line = line_at(from.row) + step;
    if (line < 0 || line > last_row) return std::nullopt;
    return Cell{row_at(line), from.column};
  };
  std::optional<Cell> next;
  const bool submits_name = go && cell_name(repeat, go->row, columns[go->column]) == view.offer.cell;
  const bool arrows_choose = offers_people(view);
  if (at && at->row < row_count && !entry.veiled && io.KeyCtrl && ui::key_pressed(GLFW_KEY_DELETE))
    entry.delete_row(rows[static_cast<std::size_t>(at->row)]);
  const EntityId offered_row = view.offer.row;
  if (draw_offer(entry, repeat, view, typed, submits_name)) {
    // On to what is still empty of this person; where nothing is, to the next one.
    const std::vector<EntityId> now = entry.rows(repeat);
    const auto found = std::find(now.begin(), now.end(), offered_row);
    const int row = static_cast<int>(found - now.begin());
    for (std::size_t c = 0; c < columns.size() && !next; ++c)
      if (can_hold_keyboard(row, c, false) && entry.holds_nothing_own(offered_row, *columns[c].question))
        next = Cell{row, c};
    if (!next) next = line_beside({row, 0}, 1);
    view.offer = {};
  } else if (go && io.KeyCtrl) {
    next = Cell{row_at(std::min(line_at(go->row) + 1, last_row)), 0};
  } else if (go && !columns[go->column].day.empty()) {
    next = line_beside(*go, 1);
    if (next && !can_hold_keyboard(next->row, next->column, true)) next = Cell{next->row, 0};
  } else if (go) {
    next = walk(*go, 1, false);
  } else if (at && !io.KeyCtrl && ui::key_pressed(GLFW_KEY_TAB)) {
    next = walk(*at, io.KeyShift ? -1 : 1, true);
  } else if (at && ui::state().choice_open.empty() && !arrows_choose) {
    const int step = ui::key_pressed(GLFW_KEY_DOWN) ? 1 : ui::key_pressed(GLFW_KEY_UP) ? -1 : 0;
    if (step != 0) next = line_beside(*at, step);
    const bool by_day = !columns[at->column].day.empty();  // in other cells they move the caret
    const int aside = ui::key_pressed(GLFW_KEY_RIGHT) ? 1 : ui::key_pressed(GLFW_KEY_LEFT) ? -1 : 0;
    if (by_day && aside != 0) next = walk(*at, aside, true);
  }
  if (next) {
    ui::focus(cell_name(repeat, next->row, columns[next->column]));
    ui::state().entered.clear();
  }
  view.history.look(entry, repeat, ui::state().focused);

  // The click on the offer takes the keyboard out of the cell, so it is found by the paste and not by the keyboard.
  if (offers) {
    const int row = std::atoi(pasted_into.c_str() + cells.size());
    for (const Column& column : columns)
      if (row < row_count && !entry.hides(*column.question) && pasted_into == cell_name(repeat, row, column))
        draw_legacy_offer(pasted_into, entry, rows[static_cast<std::size_t>(row)], *column.question);
  }

  if (at && at->row < row_count) {
    const EntityId& row = rows[static_cast<std::size_t>(at->row)];
    const Question& question = *columns[at->column].question;
    if (const auto other = entry.same_person(repeat, row))
      ui::wrapped(tr_with("grid.same_person", {std::to_string(*other)}), ui::Tone::warning);
    if (const auto fault = entry.typing_fault(row, question))
      ui::wrapped(tr_with("form.cannot_read", {*fault}), ui::Tone::attention);
    for (const Problem* problem : entry.problems_at(row, question))
      ui::wrapped(problem->message.in(language()),
                  problem->severity == Severity::error ? ui::Tone::attention : ui::Tone::warning);
    if (entry.typing_fault(row, question) == std::nullopt && !question.hint.in(language()).empty())
      ui::wrapped(question.hint.in(language()), ui::Tone::quiet);
  }
  return action;
}

}  // namespace fieldpost
