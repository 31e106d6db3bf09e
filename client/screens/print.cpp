// The papers of the open record, while they are offered.
#include <GLFW/glfw3.h>

#include "client/model/translation.h"
#include "client/screens/form_parts.h"
#include "client/screens/parts.h"
#include "client/ui/input_queue.h"

namespace fieldpost {

std::optional<Action> draw_print_button(const FormEntry& entry) {
  const bool by_key = ImGui::GetIO().KeyCtrl && !ImGui::GetIO().KeyShift && ui::key_pressed(GLFW_KEY_P);
  const bool pressed =
      ui::button("form/print", tr("print.offer"), entry.printing ? ui::ButtonLook::chosen : ui::ButtonLook::quiet);
  if (pressed || by_key) return OfferPapers{};
  return std::nullopt;
}

std::optional<Action> draw_papers(FormEntry::Printing& printing) {
  std::optional<Action> action;
  ui::begin_card();
  if (printing.papers.empty()) ui::wrapped(tr("print.none"), ui::Tone::quiet);
  for (const FormEntry::Printing::Choice& paper : printing.papers) {
    ui::wrapped(paper.label);
    if (ui::button("print/" + paper.name, tr("print.filled"))) action = PrintPaper{paper.name, false};
    beside(tr("print.blank"));
    if (ui::button("print/" + paper.name + "/blank", tr("print.blank"))) action = PrintPaper{paper.name, true};
    ui::line();
  }
  if (!printing.papers.empty()) {
    ui::text(tr("print.folder"), ui::Tone::quiet);
    ui::FieldOptions options;
    options.plain = true;
    ui::text_field("print/folder", printing.folder, options);
  }
  if (printing.running) ui::wrapped(tr("print.running"), ui::Tone::waiting);
  if (!printing.problem.empty()) ui::wrapped(printing.problem, ui::Tone::attention);
  if (!printing.done.empty()) {
    ui::wrapped(printing.done, ui::Tone::good);
    ui::wrapped(tr("print.in_the_clear"), ui::Tone::warning);
    for (const std::string& warning : printing.warnings) ui::wrapped(warning, ui::Tone::attention);
    if (ui::button("print/open", tr("print.open"), ui::ButtonLook::primary)) action = OpenPrinted{};
  }
  ui::end_card();
  return action;
}

}  // namespace fieldpost
