#include <GLFW/glfw3.h>

#include <algorithm>

#include "client/model/translation.h"
#include "client/screens/form_parts.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"
#include "client/ui/input_queue.h"

namespace fieldpost {
namespace {

std::optional<Action> draw_top(FormEntry& entry) {
  std::optional<Action> action;
  if (ui::button("form/back", tr("form.back"), ui::ButtonLook::quiet)) action = LeaveForm{};
  beside(tr("form.save"));
  if (ui::button("form/save", tr("form.save"), ui::ButtonLook::primary)) action = SaveRecord{};
  if (ImGui::GetIO().KeyCtrl && !ImGui::GetIO().KeyShift && ui::key_pressed(GLFW_KEY_S)) action = SaveRecord{};
  if (entry.origin) {
    beside(tr("form.save_and_next"));
    const bool by_key = ImGui::GetIO().KeyCtrl && ImGui::GetIO().KeyShift && ui::key_pressed(GLFW_KEY_S);
    if (ui::button("form/next", tr("form.save_and_next")) || by_key) action = SaveAndNext{};
  }
  const auto mark = [](ui::Tone tone, const std::string& words) {
    beside(ui::mark_width(words));
    ui::mark(tone, words);
  };
  if (entry.dirty())
    mark(ui::Tone::warning, tr("form.not_saved"));
  else if (!entry.saved_at.empty())
    mark(ui::Tone::good, tr_with("form.saved", {entry.saved_at}));
  else if (entry.seen().is_new)
    mark(ui::Tone::quiet, tr("form.empty"));
  else
    mark(ui::Tone::quiet, tr("form.unchanged"));
  if (!entry.seen().is_new) {
    beside(tr("form.history"));
    if (ui::button("form/history", tr("form.history"), ui::ButtonLook::quiet)) action = ShowHistory{entry.record()};
  }
  if (!entry.veiled) {
    beside(tr("print.offer"));
    if (const std::optional<Action> asked = draw_print_button(entry)) action = asked;
  }
  const bool hidden = entry.veiled && has_personal_title(entry.form());
  const std::string title = entry.seen().is_new ? std::string() : hidden ? veiled_text() : entry.title();
  // On a small or enlarged screen the room belongs to the answers.
  const bool low = ImGui::GetIO().DisplaySize.y < ui::px(600);
  if (low) {
    ui::bold(title.empty() ? entry.form().label.in(language()) : title);
  } else {
    ui::title(entry.form().label.in(language()));
    if (!title.empty()) ui::wrapped(title, ui::Tone::quiet);
  }
  return action;
}

// Gives the keyboard to the first answer that is missing or wrong, on whichever page it stands.
void go_to_first_problem(FormEntry& entry) {
  for (const Problem& problem : entry.problems()) {
    if (problem.severity != Severity::error) continue;
    const Question* question = entry.form().find(problem.question);
    if (!question) continue;
    const Question* repeat = entry.form().repeat_of(*question);
    if (!repeat) {
      entry.page = 0;
      return ui::focus("f/" + question->name);
    }
    const std::vector<const Question*> repeats = entry.form().repeats();
    const std::vector<EntityId> rows = entry.rows(*repeat);
    const auto row = std::find(rows.begin(), rows.end(), problem.entity);
    if (row == rows.end()) continue;
    entry.page = static_cast<std::size_t>(std::find(repeats.begin(), repeats.end(), repeat) - repeats.begin()) + 1;
    return ui::focus("cell/" + repeat->name + "/" + std::to_string(row - rows.begin()) + "/" + question->name);
  }
}

std::optional<Action> draw_notices(FormEntry& entry) {
  std::optional<Action> action;
  if (entry.leaving) {
    ui::notice("form/leaving", ui::Tone::warning, tr("form.leaving"));
    if (ui::button("form/keep_draft", tr("form.keep_draft"), ui::ButtonLook::primary)) action = LeaveForm{};
    beside(tr("form.discard"));
    if (ui::button("form/discard", tr("form.discard"), ui::ButtonLook::danger)) action = DiscardEdits{};
  }
  if (entry.others_changed) {
    ui::notice("form/others_changed", ui::Tone::waiting, tr("form.others_changed"));
    if (ui::button("form/take_in", tr("form.take_in"))) action = TakeInChanges{};
  }
  if (!entry.conflicts.empty() && entry.page == 0)
    ui::notice("form/conflicts", ui::Tone::attention,
               tr_with("form.conflicts", {std::to_string(entry.conflicts.size())}));
  if (!entry.matters.empty() && entry.page == 0 && !entry.veiled) {
    ui::notice("form/matters", ui::Tone::warning, tr_with("form.matters", {std::to_string(entry.matters.size())}));
    for (const ListedRecord& matter : entry.matters)
      if (draw_record_row("matter/" + text(matter.record), matter, true)) action = OpenRecord{matter.record};
  }
  if (!entry.saved_at.empty() && !entry.dirty()) {
    const std::size_t errors = entry.problem_count(Severity::error);
    if (errors > 0) {
      ui::notice("form/incomplete", ui::Tone::warning, tr_with("form.incomplete", {std::to_string(errors)}));
      if (ui::button("form/first_problem", tr("form.first_problem"))) go_to_first_problem(entry);
    }
  }
  if (entry.typing_fault_count() > 0)
    ui::notice("form/unreadable", ui::Tone::attention,
               tr_with("form.unreadable", {std::to_string(entry.typing_fault_count())}));
  return action;
}

// Conflicts that no field of the first page shows: the record's presence, and rows.
std::optional<Action> draw_other_conflicts(FormEntry& entry) {
  std::optional<Action> action;
  int index = 0;
  for (const auto& [field, conflict] : entry.conflicts) {
    const bool in_a_field = field.entity == entry.record() && field.field.number != record_presence;
    if (in_a_field) continue;
    const std::string name = "other/" + std::to_string(index++);
    ui::bold(conflict.label);
    if (const auto taken = draw_rivals(name, conflict, entry.reason, entry.veiled))
      action = SettleConflict{entry.record(), {{field, conflict.rivals[*taken].value}}, entry.reason};
  }
  return action;
}

std::optional<Action> draw_questions(FormEntry& entry) {
  std::optional<Action> action;
  const auto take = [&](std::optional<Action> asked) {
    if (asked) action = std::move(asked);
  };
  begin_part("form/questions", 0);
  take(draw_other_conflicts(entry));
  // A copy: drawing a field may change which questions are relevant.
  const std::vector<FormEntry::Item> items = entry.items();
  bool in_card = false;
  for (const FormEntry::Item& item : items) {
    const Question& question = *item.question;
    if (item.depth == 0 || !in_card) {
      const bool section = question.type == QuestionType::group;
      if (in_card && section) {
        ui::end_card();
        in_card = false;
      }
      if (!in_card) {
        ui::begin_card();
        in_card = true;
      }
    }
    if (question.type == QuestionType::group) {
      ui::bold(question.label.in(language()), ui::Tone::waiting);
    } else if (question.type == QuestionType::repeat) {
      ui::text(question.label.in(language()));
      ImGui::SameLine();
      ui::bold(tr_with("grid.count", {std::to_string(entry.row_count(question))}));
      if (ui::button("repeat/" + question.name, tr("form.open_rows"))) {
        const std::vector<const Question*> repeats = entry.form().repeats();
        for (std::size_t i = 0; i < repeats.size(); ++i)
          if (repeats[i] == &question) entry.page = i + 1;
      }
    } else {
      take(draw_question(entry, item));
    }
  }
  if (in_card) ui::end_card();
  ui::gap(120);  // the last field may open its list downwards
  ImGui::EndChild();
  return action;
}

// The pages behind the questions: first the repeats, then what the record leads to.
struct FormPage {
  const Question* repeat = nullptr;
  const FormEntry::Linked* linked = nullptr;
  std::string label;
};

std::vector<FormPage> pages_of(FormEntry& entry) {
  std::vector<FormPage> pages;
  for (const Question* repeat : entry.form().repeats())
    pages.push_back(
        {repeat, nullptr,
         tr_with("form.page_counted", {repeat->label.in(language()), std::to_string(entry.row_count(*repeat))})});
  for (const FormEntry::Linked& linked : entry.linked)
    if (entry.shows(linked)) pages.push_back({nullptr, &linked, page_label(linked)});
  return pages;
}

void draw_pages(FormEntry& entry, const std::vector<FormPage>& pages) {
  if (pages.empty()) return;
  const auto page = [&](std::size_t number, const std::string& text) {
    if (ui::button("page/" + std::to_string(number), text,
                   entry.page == number ? ui::ButtonLook::primary : ui::ButtonLook::normal))
      entry.page = number;
  };
  page(0, tr("form.page_questions"));
  for (std::size_t i = 0; i < pages.size(); ++i) {
    beside(pages[i].label);
    page(i + 1, pages[i].label);
  }
  const ImGuiIO& io = ImGui::GetIO();
  if (io.KeyCtrl && ui::key_pressed(GLFW_KEY_PAGE_DOWN)) entry.page = std::min(entry.page + 1, pages.size());
  if (io.KeyCtrl && ui::key_pressed(GLFW_KEY_PAGE_UP) && entry.page > 0) --entry.page;
}

}  // namespace

std::optional<Action> draw_form(FormEntry& entry) {
  std::optional<Action> action;
  const auto take = [&](std::optional<Action> asked) {
    if (asked) action = std::move(asked);
  };
  const std::vector<FormPage> pages = pages_of(entry);
  const FormPage* page = entry.page > 0 && entry.page <= pages.size() ? &pages[entry.page - 1] : nullptr;
  begin_column("form/column", page && page->repeat ? 4000 : 1040);
  take(draw_top(entry));
  if (entry.printing && !entry.veiled) take(draw_papers(*entry.printing));
  take(draw_notices(entry));
  take(draw_review(entry));
  draw_pages(entry, pages);
  if (page && page->repeat)
    take(draw_grid(entry, *page->repeat));
  else if (page)
    take(draw_linked(entry, *page->linked));
  else
    take(draw_questions(entry));
  end_column();
  return action;
}

}  // namespace fieldpost
