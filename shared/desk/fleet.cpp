#include "shared/desk/fleet.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <unordered_map>

#include "shared/desk/reviewed_records.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {
namespace {

constexpr std::int64_t day_ms = 24LL * 3600 * 1000;
/// What a laptop wrote lately, as far as the versions of its forms are asked for.
constexpr int late_changes = 20;
/// After three days at home the next session begins another trip (as on the first page of a laptop).
constexpr std::int64_t days_between_max = 3;

bool may_write(Role role) { return role != Role::department && role != Role::administrator; }

/// Places of an epoch that its segments leave out between them, and how far it is here without a gap.
struct Places {
  std::int64_t covered = 0, missing = 0;
};
Places places_of(Database& database, std::int64_t epoch) {
  Places places;
  std::int64_t reached = 0;
  Statement row = database.prepare("SELECT first, last FROM segment WHERE epoch = ? ORDER BY first");
  row.bind(epoch);
  while (row.step()) {
    if (row.integer(0) > reached + 1) places.missing += row.integer(0) - reached - 1;
    if (places.missing == 0) places.covered = std::max(places.covered, row.integer(1));
    reached = std::max(reached, row.integer(1));
  }
  return places;
}

/// The newest changes of an epoch, decoded.
std::vector<Change> newest(Database& database, std::int64_t epoch, int count) {
  std::vector<Change> out;
  Statement row = database.prepare(
      "SELECT c.stored FROM entry e JOIN change c ON c.number = e.change WHERE e.epoch = ? ORDER BY e.n DESC LIMIT "
      "?");
  row.bind(epoch, count);
  while (row.step())
    if (auto change = decode_change(row.blob(0))) out.push_back(*std::move(change));
  return out;
}

void look_at_journals(Store& store, FleetLaptop& laptop) {
  Database& database = store.database();
  for (const Journal::EpochRow& epoch : Journal(database).epochs()) {
    if (epoch.device != laptop.device) continue;
    if (laptop.is_own) {
      laptop.changes += database.integer("SELECT max(n) FROM entry WHERE epoch = ?", epoch.number).value_or(0);
    } else {
      const Places places = places_of(database, epoch.number);
      laptop.changes += places.covered;
      laptop.missing += places.missing;
    }
    laptop.unanswered += database
                             .integer(
                                 "SELECT count(*) FROM entry INDEXED BY entry_unsettled WHERE epoch = ? AND outcome"
                                 " IS NULL AND (change IS NULL OR outcome IS NULL OR outcome >= 1)",
                                 epoch.number)
                             .value_or(0);
    for (const Change& change : newest(database, epoch.number, 1))
      laptop.last_word = std::max(laptop.last_word, change.at);
  }
}

void look_at_forms(Store& store, FleetLaptop& laptop) {
  std::set<std::string> old;
  for (const Journal::EpochRow& epoch : Journal(store.database()).epochs()) {
    if (epoch.device != laptop.device) continue;
    for (const Change& change : newest(store.database(), epoch.number, late_changes)) {
      const Form* form = store.catalogue().form(change.form);
      if (form != nullptr && change.form_version < form->version) old.insert(change.form);
    }
  }
  laptop.old_forms.assign(old.begin(), old.end());
}

std::optional<CivilDate> date_in(const Statement& row, int at) {
  const Result<CivilDate> date = parse_iso_date(row.text_view(at));
  return date ? std::optional(*date) : std::nullopt;
}

}  // namespace

Result<std::vector<FleetLaptop>> read_laptops(Store& store) {
  return guarded([&]() -> Result<std::vector<FleetLaptop>> {
    std::vector<FleetLaptop> out;
    std::set<DeviceId> known;
    const auto add = [&](const Certificate& certificate, bool own) {
      if (!may_write(certificate.role) || !known.insert(certificate.device()).second) return;
      FleetLaptop& laptop = out.emplace_back();
      laptop.device = certificate.device();
      laptop.user = certificate.user_name;
      laptop.unit = certificate.unit;
      laptop.role = certificate.role;
      laptop.is_own = own;
    };
    const auto identity = store.identity();
    if (!identity) return identity.error();
    if (*identity) add((*identity)->certificate, true);
    {
      Statement row = store.database().prepare("SELECT stored FROM certificate ORDER BY device");
      while (row.step())
        if (const auto certificate = decode_certificate(row.blob(0))) add(*certificate, false);
    }
    for (FleetLaptop& laptop : out) look_at_journals(store, laptop);
    std::sort(out.begin(), out.end(), [](const FleetLaptop& a, const FleetLaptop& b) {
      return std::tie(a.unit, a.user, a.device) < std::tie(b.unit, b.user, b.device);
    });
    return out;
  });
}

Result<std::vector<FleetLaptop>> read_fleet(Store& store) {
  auto laptops = read_laptops(store);
  if (!laptops) return laptops;
  const auto records = reviewed_records(store);
  if (!records) return records.error();
  return guarded([&] {
    std::map<DeviceId, FleetLaptop*> by_device;
    for (FleetLaptop& laptop : *laptops) {
      look_at_forms(store, laptop);
      by_device[laptop.device] = &laptop;
    }
    for (const ReviewedRecord& record : *records)
      if (const auto laptop = by_device.find(record.maker); laptop != by_device.end())
        ++laptop->second->records[record.state];
    return *std::move(laptops);
  });
}

bool is_silent(const FleetLaptop& laptop, std::int64_t now_ms) {
  return laptop.last_word != 0 && now_ms - laptop.last_word > silent_after_days * day_ms;
}

std::size_t Trip::owed(const CivilDate& today) const {
  return static_cast<std::size_t>(std::count_if(sessions.begin(), sessions.end(), [&](const OwedSession& session) {
    return session.day <= today && session.state != ReviewState::submitted &&
           session.state != ReviewState::accepted && session.state != ReviewState::edited_since;
  }));
}

Result<std::vector<Trip>> read_trips(Store& store, const CivilDate& from) {
  return guarded([&]() -> Result<std::vector<Trip>> {
    std::vector<Trip> out;
    if (store.catalogue().form("outreach_session") == nullptr) return out;
    std::map<DeviceId, std::pair<std::string, std::string>> makers;  // unit, user
    const auto laptops = read_laptops(store);
    if (!laptops) return laptops.error();
    for (const FleetLaptop& laptop : *laptops) makers[laptop.device] = {laptop.unit, laptop.user};
    struct Found {
      OwedSession session;
      std::string unit, user;
    };
    std::vector<Found> found;
    Database& database = store.database();
    Statement row = database.prepare(
        "SELECT r.record, r.title, r.own_date, r.first_device, f.headcount_total IS NOT NULL OR EXISTS"
        " (SELECT 1 FROM form_outreach_session__roster l WHERE l.record = r.record) FROM record r"
        " JOIN form_outreach_session f ON f.record = r.record"
        " WHERE r.present AND r.own_date >= ? AND r.form = 'outreach_session' ORDER BY r.own_date, r.record");
    row.bind(iso_text(from));
    while (row.step()) {
      const auto day = date_in(row, 2);
      if (!day) continue;
      Found& one = found.emplace_back();
      one.session.record = row.id<RecordId>(0);
      one.session.title = row.text(1);
      one.session.day = first_day(*day);
      one.session.reported = row.integer(4) != 0;
      if (const auto maker = makers.find(row.id<DeviceId>(3)); maker != makers.end())
        std::tie(one.unit, one.user) = maker->second;
    }
    std::map<std::string, std::size_t> open;  // the trip that is being gathered, by unit
    for (Found& one : found) {
      if (const auto review = review_of(store, one.session.record)) one.session.state = review->state;
      if (const auto held = store.linked("consultation", "session", one.session.record))
        one.session.consultations = static_cast<std::int64_t>(held->size());
      const auto last = open.find(one.unit);
      const bool goes_on =
          last != open.end() &&
          day_number(one.session.day) - day_number(out[last->second].sessions.back().day) <= days_between_max;
      if (!goes_on) {
        open[one.unit] = out.size();
        out.emplace_back().unit = one.unit;
      }
      Trip& trip = out[open[one.unit]];
      if (!one.user.empty() && std::find(trip.users.begin(), trip.users.end(), one.user) == trip.users.end())
        trip.users.push_back(one.user);
      trip.sessions.push_back(std::move(one.session));
    }
    std::stable_sort(out.begin(), out.end(),
                     [](const Trip& a, const Trip& b) { return a.sessions.back().day > b.sessions.back().day; });
    return out;
  });
}

}  // namespace fieldpost
