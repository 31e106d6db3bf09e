// The office's inbox as a page: what was read, what of it is shown, what is at hand, and what is about to be written.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "client/model/value_text.h"
#include "shared/desk/fleet.h"
#include "shared/desk/inbox.h"

namespace fieldpost {

/// What is worked through together; the first is everything.
enum class InboxGroup { all, fresh, due, conflicts, twins, stopped, returned, not_handed_in, laptops };
inline constexpr std::size_t inbox_groups = static_cast<std::size_t>(InboxGroup::laptops) + 1;
InboxGroup group_of(InboxKind kind);
const std::string& group_text(InboxGroup group);
/// What an item is about, in a few words: with its deadline, how many answers are in conflict, why it is held.
std::string item_text(const InboxItem& item);
/// "quá hạn 3 ngày", "còn 5 giờ", "hôm nay"; empty without a deadline.
std::string due_text(const InboxItem& item, std::int64_t now_ms);
/// How long it has waited.
std::string age_text(const InboxItem& item, std::int64_t now_ms);
std::string review_state_text(ReviewState state);

/// A line of the list; its words are looked up when it comes into sight.
struct InboxLine {
  std::string title, about, owner, age, due;
};

/// The item that is looked at, as a person reads it.
struct InboxAtHand {
  InboxItem item;
  std::string title, form_label, about, owner, due, changed;
  std::optional<Review> review;  // of a record that is reviewed, as it stands in this look
  bool incomplete = false, in_conflict = false;
  struct Answer {
    std::string label, text;
    bool personal = false;
  };
  std::vector<Answer> answers;  // in questionnaire order, those that were given
};

/// The answers of a record in the order of its questions, rows counted.
std::vector<InboxAtHand::Answer> answers_text(const Form& form, const RecordGlance& glance,
                                              const Catalogue& catalogue, const Names& names);

struct InboxModel {
  bool veiled = false;
  bool read = false;        // something was read already
  bool can_decide = false;  // this laptop is the office's
  std::int64_t now_ms = 0;  // of the last look
  std::vector<InboxItem> items;
  std::array<std::int64_t, inbox_groups> counts{};

  InboxGroup group = InboxGroup::all;
  enum class Whose { all, mine, nobodys } whose = Whose::all;
  UserId me;
  std::string search;
  std::optional<std::set<RecordId>> found;  // by the search; none: nothing was typed

  std::vector<std::size_t> shown;  // of `items`
  std::size_t at = 0;              // of `shown`
  bool moved = false;              // bring the line at hand into sight
  std::set<RecordId> ticked;
  std::optional<InboxAtHand> at_hand;
  std::map<std::size_t, InboxLine> lines;                   // known ones, by their place in `items`
  std::function<InboxLine(const InboxItem& item)> look_up;  // app reads it off the store

  /// What will be written once it is confirmed.
  struct Proposal {
    struct Accept {
      RecordId record;
      HeadsMark looked_at;
      std::string title;
    };
    std::vector<Accept> accepts;
    std::size_t left_out = 0;  // ticked, but something stands against accepting them unseen
  };
  std::optional<Proposal> proposal;
  std::size_t to_write = 0, written = 0;  // of a proposal that is being written
  std::string note;                       // what was done last

  const InboxItem* item_at_hand() const { return at < shown.size() ? &items[shown[at]] : nullptr; }
};

/// Whether an item may be ticked: a record of which nothing stands against accepting it unseen.
bool can_be_ticked(const InboxItem& item);
/// Takes over what was read: the item at hand stays at hand, or the one that took its place.
void take_items(InboxModel& model, std::vector<InboxItem> items);
/// After a change of group, owner or search.
void arrange(InboxModel& model);
/// Ticks everything shown that can be, or nothing where all of it is ticked.
void tick_all(InboxModel& model);
/// Of what is ticked, or of the item at hand.
InboxModel::Proposal proposal_of(const InboxModel& model);
/// Takes a record that was decided out of the list, before it is read anew.
void drop_record(InboxModel& model, const RecordId& record, InboxGroup group);

/// The page of laptops and trips.
struct FleetModel {
  bool veiled = false;
  bool read = false;
  std::int64_t now_ms = 0;
  CivilDate today;
  std::vector<FleetLaptop> laptops;
  std::vector<Trip> trips;
};

}  // namespace fieldpost
