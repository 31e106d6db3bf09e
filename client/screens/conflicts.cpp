#include "client/model/translation.h"
#include "client/screens/parts.h"
#include "client/screens/screens.h"

namespace fieldpost {

std::optional<Action> draw_conflicts(ConflictReview& review) {
  std::optional<Action> action;
  begin_column("conflicts/column", 900);
  ui::title(tr("conflict.title"));
  ui::wrapped(review.cards.empty() ? tr("conflict.none") : tr("conflict.what"), ui::Tone::quiet);
  for (std::size_t i = 0; i < review.cards.size(); ++i) {
    ConflictCard& card = review.cards[i];
    const std::string name = std::to_string(i);
    ui::begin_card();
    ui::bold(card.form_label + " · " + card.title);
    ui::wrapped(card.conflict.label);
    if (const auto taken = draw_rivals(name, card.conflict, card.reason, card.veiled))
      action = SettleConflict{card.record, card.conflict.field, card.conflict.rivals[*taken].value, card.reason};
    if (ui::button("conflict/open/" + name, tr("conflict.open_record"), ui::ButtonLook::quiet))
      action = OpenRecord{card.record};
    ui::end_card();
  }
  end_column();
  return action;
}

}  // namespace fieldpost
