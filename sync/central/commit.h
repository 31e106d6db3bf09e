// What happens to one change when it reaches central: committed, duplicate, held or refused; which feeds it joins;
// what partners are told of it. Runs inside the endpoint's transaction.
#pragma once

#include "shared/forms/definition.h"
#include "sync/central/backend.h"
#include "sync/central/clock_doubt.h"
#include "sync/central/endpoint.h"

namespace fieldpost {

class Committer {
 public:
  Committer(BackendTransaction& tx, const CentralKeys& keys, const Catalogue& catalogue)
      : tx_(tx), keys_(keys), catalogue_(catalogue) {}

  /// What is known about the clock of the laptop that hands in what follows; without it no time is doubted.
  void witness(const ClockWitness& witness) { witness_ = witness; }

  /// Where a change stands in a journal.
  struct Place {
    DeviceId device;
    EpochId epoch;
    std::uint64_t n = 0;
    bool operator==(const Place&) const = default;
  };
  struct Standing {
    Outcome outcome = Outcome::committed;
    Reason reason = Reason::none;
  };
  /// Puts one change of a verified segment at its place, which is free. `from` wrote the segment; `stored` are the
  /// change's bytes as they came.
  Standing take(const DeviceRow& from, const Place& place, const Change& change, BytesView stored);
  /// A change of a verified segment whose places other changes have taken: its author's laptop was restored or
  /// copied, and a colleague's is the last to hold it. Central passes it on in its own journal.
  void adopt(const DeviceRow& writer, const Change& change, BytesView stored);
  /// Judges a held change again; releases it when its reason is gone.
  bool reconsider(const HeldRow& held);
  /// A laptop hands back central's own words after a restore of central (design 4: the fleet rebuilds it).
  void take_back(const DeviceRow& from, const Place& place, const Change& change, BytesView stored);
  /// Says a definition to everybody, in central's own journal. False where it was said before.
  bool publish(const Definition& definition, std::int64_t at, Random& random);
  /// Gives every record that is due its official number, in the order in which they were committed. Returns how many.
  std::int64_t number_all();
  /// Tells a partner unit of every record shared with it: at the enrolment of its first laptop.
  void introduce_partner(std::string_view unit);

 private:
  Standing judge(const DeviceRow& from, const Change& change);
  void put(const Place& place, CommitNumber number, Standing standing);
  void append(std::string_view feed, const Place& place);
  std::vector<Place> places_of(const RecordId& record);
  /// A change that counts has come under another place too.
  void place_again(const Place& place, CommitNumber number, const RecordId& record);
  /// After a change counts: the record's unit, its feeds, its sharers, its projections.
  void publish(std::string_view author_unit, const Place& place, const Change& change);
  /// The unit of a record that `author_unit` makes: what is about another record belongs where that one belongs. A
  /// partner's records are its own, so what is said of them stays with whoever says it.
  std::string unit_for(std::string_view author_unit, const Form& form, const Change& change, bool& is_certain);
  /// Into the feeds of what it is about, also of what is not here yet.
  void follow_subjects(const Form& form, const Change& change);
  /// What is about a record that is new here, or new in a feed, goes there too.
  void lead_followers(const RecordId& subject, const RecordRow& row);
  /// A number of the register for a record that is due one (Form::numbering). Never while it stands in a conflict,
  /// and not between a restore and the office's word that all numbers given before are known again.
  bool number(const RecordId& record, const Form& form);
  /// False where the record was shared with this unit already.
  bool share(const RecordId& record, RecordClass record_class, std::string_view unit);
  void join_feed(const RecordId& record, std::string_view feed);
  void project(const RecordId& record, const Form& form, std::string_view partner);
  bool is_partner_unit(std::string_view unit);
  void take_back_definition(const Place& place, const Change& change, BytesView stored);
  void add_definition_place(const Place& place, CommitNumber number, const ChangeId& id);
  void take_back_entry(const Place& place, const Change& change, BytesView stored);
  void take_back_projection(std::string_view partner, const Place& place, const Change& change);
  /// Central's own journal: an epoch for each partner it tells of records, one, "", for what it adopted, and one,
  /// "*", for what it publishes, and one, "#", for the numbers it gives.
  EpochId own_epoch(std::string_view listener);
  /// The next place there, signed; the change is put at it afterwards.
  Place say(const EpochId& epoch, const ChangeId& id);

  BackendTransaction& tx_;
  const CentralKeys& keys_;
  const Catalogue& catalogue_;
  std::optional<std::set<std::string>> partner_units_;  // read once
  std::optional<ClockWitness> witness_;
};

// Keys in the store's meta.
inline constexpr std::string_view partner_units_key = "partner_units";      // unit codes, separated by spaces
inline constexpr std::string_view incarnation_key = "incarnation";          // 8 bytes
inline constexpr std::string_view registers_key = "registers";              // RegisterBooks as text
inline constexpr std::string_view numbering_waits_key = "numbering_waits";  // not empty: no number is given

/// The last number given in each book, a book for each unit and year.
using RegisterBooks = std::map<std::pair<std::string, std::int64_t>, std::int64_t>;
RegisterBooks register_books(BackendTransaction& tx);
/// Since a restore, until the office says that the numbers given before it are known again.
bool numbering_waits(BackendTransaction& tx);

}  // namespace fieldpost
