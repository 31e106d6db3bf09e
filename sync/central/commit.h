// What happens to one change when it reaches central: committed, duplicate, held or refused; which feeds it joins;
// what partners are told of it. Runs inside the endpoint's transaction.
#pragma once

#include "shared/forms/code_list.h"
#include "sync/central/backend.h"
#include "sync/central/endpoint.h"

namespace fieldpost {

class Committer {
 public:
  Committer(BackendTransaction& tx, const CentralKeys& keys, const Catalogue& catalogue)
      : tx_(tx), keys_(keys), catalogue_(catalogue) {}

  struct Standing {
    Outcome outcome = Outcome::committed;
    Reason reason = Reason::none;
  };
  /// Places one change of a verified segment, whose place is free. `stored` are its bytes as they came.
  Standing take(const DeviceRow& from, const EpochId& epoch, std::uint64_t n, const Change& change, BytesView stored);
  /// Judges a held change again; releases it when its reason is gone.
  bool reconsider(const HeldRow& held);
  /// A partner's laptop hands back central's own words after a restore of central (design 4: the fleet rebuilds it).
  void take_back(std::string_view partner, const EpochId& epoch, std::uint64_t n, const Change& change);
  /// Tells a partner unit of every record shared with it: at the enrolment of its first laptop.
  void introduce_partner(std::string_view unit);

 private:
  Standing judge(const DeviceRow& from, const Change& change);
  /// After a change counts: the record's unit, its feeds, its sharers, its projections.
  void publish(const DeviceRow& from, const EpochId& epoch, std::uint64_t n, const Change& change);
  void share(const RecordId& record, RecordClass record_class, std::string_view unit);
  void join_feed(const RecordId& record, std::string_view feed);
  void project(const RecordId& record, const Form& form, std::string_view partner);
  bool is_partner_unit(std::string_view unit);
  EpochId projection_epoch(std::string_view partner);

  BackendTransaction& tx_;
  const CentralKeys& keys_;
  const Catalogue& catalogue_;
  std::optional<std::set<std::string>> partner_units_;  // read once
};

// Keys in the store's meta.
inline constexpr std::string_view partner_units_key = "partner_units";  // unit codes, separated by spaces
inline constexpr std::string_view incarnation_key = "incarnation";      // 8 bytes

}  // namespace fieldpost
