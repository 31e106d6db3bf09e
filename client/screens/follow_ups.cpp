// What a record leads to: the consultations of a session, the request that a consultation became.
#include "client/model/translation.h"
#include "client/screens/form_parts.h"
#include "client/screens/parts.h"

namespace fieldpost {

std::string page_label(const FormEntry::Linked& linked) {
  return tr_with("form.page_counted",
                 {linked.follow_up->label.in(language()), std::to_string(linked.records.size())});
}

std::optional<Action> draw_linked(FormEntry& entry, const FormEntry::Linked& linked) {
  std::optional<Action> action;
  const FollowUp& follow_up = *linked.follow_up;
  begin_part("form/linked", 0);
  ui::begin_card();
  if (entry.offers(follow_up) &&
      ui::button("follow_up/" + follow_up.form, "+ " + follow_up.label.in(language()), ui::ButtonLook::primary))
    action = BeginFollowUp{follow_up.form, follow_up.link};
  if (linked.records.empty()) ui::wrapped(tr_with("form.none_linked", {linked.label}), ui::Tone::quiet);
  for (const ListedRecord& record : linked.records)
    if (draw_record_row("linked/" + text(record.record), record, false)) action = OpenRecord{record.record};
  ui::end_card();
  ImGui::EndChild();
  return action;
}

}  // namespace fieldpost
