#include "shared/desk/reviewed_records.h"

#include <unordered_map>

#include "shared/storage/sqlite.h"

namespace fieldpost {
namespace {

// The conditions are those of the index (view_tables.cpp).
constexpr std::string_view of_form =
    " FROM record INDEXED BY record_by_form WHERE form = ? AND present AND class NOT IN ('', 'open', 'person')";

struct Said {
  ReviewSteps steps;
  std::int64_t at = 0;
};

std::unordered_map<RecordId, Said> what_was_said(Database& database) {
  std::unordered_map<RecordId, std::int64_t> changed_at;
  {
    Statement row = database.prepare(std::string("SELECT record, at").append(of_form));
    row.bind("review");
    while (row.step()) changed_at[row.id<RecordId>(0)] = row.integer(1);
  }
  std::unordered_map<RecordId, Said> said;
  Statement row = database.prepare(
      "SELECT record, subject, team, office, handed_in, answers_to, looked_at FROM form_review"
      " WHERE subject IS NOT NULL");
  while (row.step()) {
    Said& one = said[row.id<RecordId>(1)];
    using Team = ReviewSteps::Team;
    using Office = ReviewSteps::Office;
    const std::string_view team = row.text_view(2), office = row.text_view(3);
    one.steps.team = team == "submitted" ? Team::submitted : team == "returned" ? Team::returned : Team::none;
    one.steps.office = office == "accepted"   ? Office::accepted
                       : office == "returned" ? Office::returned
                                              : Office::none;
    one.steps.handed_in = row.integer(4);
    one.steps.answers_to = row.integer(5);
    one.steps.looked_at = row.text(6);
    if (const auto at = changed_at.find(row.id<RecordId>(0)); at != changed_at.end()) one.at = at->second;
  }
  return said;
}

}  // namespace

Result<std::vector<ReviewedRecord>> reviewed_records(Store& store) {
  return guarded([&] {
    std::vector<ReviewedRecord> out;
    Database& database = store.database();
    const Catalogue& catalogue = store.catalogue();
    const std::unordered_map<RecordId, Said> said =
        catalogue.form("review") != nullptr ? what_was_said(database) : std::unordered_map<RecordId, Said>();
    for (const auto& [name, versions] : catalogue.forms) {
      if (versions.empty() || !is_reviewed(versions.rbegin()->second)) continue;
      Statement row =
          database.prepare(std::string("SELECT record, heads_mark, incomplete, conflicts, first_device, first_at, at")
                               .append(of_form));
      row.bind(name);
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
        const auto found = said.find(one.record);
        if (found == said.end()) {
          one.state = one.incomplete ? ReviewState::incomplete : ReviewState::to_hand_in;
          continue;
        }
        one.state = review_state(found->second.steps, one.mark, one.incomplete);
        one.team = found->second.steps.team;
        one.decided_at = found->second.at;
      }
    }
    return out;
  });
}

}  // namespace fieldpost
