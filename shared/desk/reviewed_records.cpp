#include "shared/desk/reviewed_records.h"

#include "shared/storage/sqlite.h"

namespace fieldpost {
namespace {

// The conditions are those of the index (view_tables.cpp).
constexpr std::string_view of_form =
    " FROM record INDEXED BY record_by_form WHERE form = ? AND present AND class NOT IN ('', 'open', 'person')";

struct Said {
  RecordId subject, review;
  ReviewSteps steps;
};

/// What was said of each record, ascending by its id: over the index that `prepare_inbox` makes, where it is there.
std::vector<Said> what_was_said(Database& database) {
  std::vector<Said> said;
  Statement row = database.prepare(
      "SELECT subject, record, team, office, handed_in, answers_to, looked_at FROM form_review"
      " WHERE subject IS NOT NULL ORDER BY subject");
  using Team = ReviewSteps::Team;
  using Office = ReviewSteps::Office;
  while (row.step()) {
    Said& one = said.emplace_back();
    one.subject = row.id<RecordId>(0);
    one.review = row.id<RecordId>(1);
    const std::string_view team = row.text_view(2), office = row.text_view(3);
    one.steps.team = team == "submitted" ? Team::submitted : team == "returned" ? Team::returned : Team::none;
    one.steps.office = office == "accepted"   ? Office::accepted
                       : office == "returned" ? Office::returned
                                              : Office::none;
    one.steps.handed_in = row.integer(4);
    one.steps.answers_to = row.integer(5);
    one.steps.looked_at = row.text(6);
  }
  return said;
}

}  // namespace

Result<std::vector<ReviewedRecord>> reviewed_records(Store& store) {
  return guarded([&] {
    std::vector<ReviewedRecord> out;
    Database& database = store.database();
    const Catalogue& catalogue = store.catalogue();
    const std::vector<Said> said =
        catalogue.form("review") != nullptr ? what_was_said(database) : std::vector<Said>();
    for (const auto& [name, versions] : catalogue.forms) {
      if (versions.empty() || !is_reviewed(versions.rbegin()->second)) continue;
      Statement row =
          database.prepare(std::string("SELECT record, heads_mark, incomplete, conflicts, first_device, first_at, at")
                               .append(of_form));
      row.bind(name);
      // Both ascend by the record's id: one walk beside the other.
      auto found = said.begin();
      while (row.step()) {
        ReviewedRecord& one = out.emplace_back();
        one.record = row.id<RecordId>(0);
        one.form = name;
        one.mark = row.id<HeadsMark>(1);
        one.incomplete = row.integer(2) != 0;
        one.in_conflict = row.integer(3) != 0;
        one.maker = row.id<DeviceId>(4);
        one.first_at = row.integer(5);
        one.at = row.integer(6);
        while (found != said.end() && found->subject < one.record) ++found;
        if (found == said.end() || found->subject != one.record) {
          one.state = one.incomplete ? ReviewState::incomplete : ReviewState::to_hand_in;
          continue;
        }
        one.state = review_state(found->steps, one.mark, one.incomplete);
        one.team = found->steps.team;
        // Of the few that wait it is asked how long.
        if (one.state != ReviewState::accepted)
          one.decided_at = database.integer("SELECT at FROM record WHERE record = ?", found->review).value_or(0);
      }
    }
    return out;
  });
}

}  // namespace fieldpost
