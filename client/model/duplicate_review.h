// The page where two records are decided to be one or not, hundreds in one sitting: a light list of the pairs, and
// the one at hand side by side. Knows nothing of the store: app fills it and carries out what is decided.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "client/model/text_difference.h"
#include "client/model/value_text.h"
#include "shared/matching/decide.h"
#include "shared/matching/duplicates.h"

namespace fieldpost {

using PairKey = std::pair<RecordId, RecordId>;  // ascending

/// One line of the list, as it was read beside the window.
struct DuplicateRow {
  DuplicatePair pair;
  std::array<std::string, 2> titles;
  PairKey key() const { return {pair.one, pair.other}; }
};

struct PairAtHand {
  DuplicatePair pair;
  std::string form_label;
  SameAnswer decided;  // when it was shown; only that is decided anew
  struct Side {
    RecordId record;
    std::string title, written;  // who wrote it first, on which laptop, when
  };
  std::array<Side, 2> sides;

  /// One question, with both answers.
  struct Line {
    std::string question, label;
    std::array<std::string, 2> text;
    std::array<std::vector<TextPiece>, 2> pieces;  // the words that differ are marked
    bool differs = false;
    std::size_t taken = 0;  // whose answer shall be shown
  };
  std::vector<Line> lines;                 // those that differ first, each part in questionnaire order
  std::size_t differing = 0;               // how many of them
  std::size_t leader = 0;                  // whose answers are shown where nothing else is chosen
  std::vector<std::string> taken_by_hand;  // questions whose choice a new leader does not change

  PairKey key() const { return {pair.one, pair.other}; }
  /// `same` as it is chosen now.
  SameAnswer same() const;
};

struct DuplicateReview {
  bool veiled = false;             // personal data is hidden: nothing is compared, and nothing decided
  bool reading = false;            // the pairs are being looked for
  std::vector<DuplicateRow> rows;  // as they came: contradictions and certain pairs first
  std::string form;                // empty: all
  struct FormCount {
    std::string form, label;
    std::size_t count = 0;
  };
  std::vector<FormCount> forms;
  std::vector<std::size_t> lines;  // rows as they are shown: those put off last
  std::set<PairKey> put_off;       // in this sitting
  std::set<PairKey> decided_here;  // in this sitting, and not undone: a reading that began before knows nothing of it
  std::size_t decided = 0;         // in this sitting

  std::optional<PairAtHand> at_hand;
  std::size_t line = 0;   // of the one at hand: where the arrows stand
  bool moved_on = false;  // another one came to hand: bring it into sight

  std::map<PairKey, std::string> typed;  // reasons, kept while others are looked at
  std::vector<std::string> reasons;      // the last ones given, newest first

  /// What was decided, newest last: it can be taken back in this order.
  struct Done {
    DuplicateRow row;
    SameAnswer before, after;
  };
  std::vector<Done> done;
  std::string note;  // what became of the last action, in words

  std::optional<PairKey> key_at_hand() const;
};

/// Takes over what was found; pairs decided in this sitting stay away.
void take_pairs(DuplicateReview& review, std::vector<DuplicateRow> rows, const Catalogue& catalogue);
/// Makes the lines anew after a filter changed, or a pair was put off, decided or taken back.
void arrange(DuplicateReview& review);
/// The pair `steps` further down the list, or up, from the one at hand. Nothing when the list is empty.
std::optional<PairKey> pair_after(const DuplicateReview& review, int steps);
/// The one that comes next once the one at hand is decided or put off.
std::optional<PairKey> pair_to_follow(const DuplicateReview& review);
/// Takes a decided pair out of the list, or puts it back where it stood.
void take_out(DuplicateReview& review, const PairKey& key);
void put_back(DuplicateReview& review, const DuplicateRow& row);

/// Both records side by side. The one with more answers leads, and what the other says beyond it is taken, until a
/// person chooses.
PairAtHand pair_at_hand(const DuplicatePair& pair, const Form& form, const std::array<RecordState, 2>& states,
                        const SameAnswer& decided, const Catalogue& catalogue, const Names& names);
/// The other one leads; answers that were chosen by hand stay chosen.
void exchange_leader(PairAtHand& pair);
void take_answer(PairAtHand& pair, std::size_t line, std::size_t side);

/// The words of a reason, of the list `match_reasons`.
std::string reason_words(MatchReason reason, const Catalogue& catalogue);

}  // namespace fieldpost
