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
  void publish(const DeviceRow& from, const Place& place, const Change& change);
  /// False where the record was shared with this unit already.
  bool share(const RecordId& record, RecordClass record_class, std::string_view unit);
  void join_feed(const RecordId& record, std::string_view feed);
  void project(const RecordId& record, const Form& form, std::string_view partner);
  bool is_partner_unit(std::string_view unit);
  void take_back_definition(const Place& place, const Change& change, BytesView stored);
  void add_definition_place(const Place& place, CommitNumber number, const ChangeId& id);
  void take_back_projection(std::string_view partner, const Place& place, const Change& change);
  /// Central's own journal: an epoch for each partner it tells of records, one, "", for what it adopted, and one,
  /// "*", for what it publishes.
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
inline constexpr std::string_view partner_units_key = "partner_units";  // unit codes, separated by spaces
inline constexpr std::string_view incarnation_key = "incarnation";      // 8 bytes

}  // namespace fieldpost
