// A team's laptop and an office's, as homes that a window opens, with a way to exchange what they wrote: for tests
// and pictures of the office's pages.
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "shared/desk/review.h"
#include "shared/forms/json_values.h"
#include "shared/storage/store.h"
#include "shared/storage/vault.h"
#include "tests/support/demo_home.h"
#include "tests/support/hand_over.h"

namespace fieldpost {

class OfficeHomes {
 public:
  OfficeHomes(const std::filesystem::path& folder, const WallClock& clock, Random& random)
      : team(folder / "team"),
        office(folder / "office"),
        environment_{clock, random, shipped_catalogue()},
        deployment_(SigningKey::generate(random)) {
    central_.deployment = deployment_.public_key();
    central_.receipts = SigningKey::generate(random).public_key();
    sign_statement(central_, deployment_);
    team_key_ = enrol(team, "Nguyễn An", Role::recorder);
    office_key_ = enrol(office, "Lê Bình", Role::reconciler);
    const Opened opened = open();
    ensure(opened.team->keep_certificates({certificate_of(*opened.office)}).has_value(), "certificates are known");
    ensure(opened.office->keep_certificates({certificate_of(*opened.team)}).has_value(), "certificates are known");
  }

  /// A session of the team in which nothing is lacking. Nobody has the homes open.
  RecordId session(const std::string& title) {
    const CivilDate today = vietnam_day(environment_.clock.now_ms());
    nlohmann::json values =
        sample_values(*environment_.catalogue.form("outreach_session"), environment_.catalogue, 7, today, 3);
    values["title"] = title;
    // Each on a day of its own: two of one day and place could be one told twice.
    values["date"] = iso_text(from_day_number(day_number(today) - sessions_++));
    return save("outreach_session", values);
  }
  RecordId save(const char* form, const nlohmann::json& values) {
    const Opened opened = open();
    const auto edit = edit_from_json(*environment_.catalogue.form(form), values);
    ensure(edit.has_value(), "values fit the form");
    Seen seen = opened.team->start(*environment_.catalogue.form(form));
    ensure(opened.team->save(seen, *edit).has_value(), "a record is saved");
    return seen.record;
  }
  void hand_in(const RecordId& record) {
    const Opened opened = open();
    ensure(submit(*opened.team, record).has_value(), "a record is handed in");
  }
  ReviewState state_at_office(const RecordId& record) {
    const auto review = review_of(*open().office, record);
    ensure(review.has_value(), "a review is read");
    return review->state;
  }
  ReviewState state_at_team(const RecordId& record) {
    const auto review = review_of(*open().team, record);
    ensure(review.has_value(), "a review is read");
    return review->state;
  }
  /// What each has and the other has not goes over. Nobody has the homes open.
  void exchange() {
    const Opened opened = open();
    hand_over(*opened.team, *opened.office);
    hand_over(*opened.office, *opened.team);
  }

  const std::filesystem::path team, office;

 private:
  std::int64_t sessions_ = 0;
  struct Opened {
    std::unique_ptr<Store> team, office;
  };
  Opened open() const { return {open(team, team_key_), open(office, office_key_)}; }
  std::unique_ptr<Store> open(const std::filesystem::path& home, const SymmetricKey& key) const {
    Store::Options options;
    options.home = home;
    options.key = key;
    auto store = Store::open(options, environment_);
    ensure(store.has_value(), "a home opens");
    return std::move(*store);
  }
  SymmetricKey enrol(const std::filesystem::path& home, const std::string& name, Role role) {
    std::filesystem::create_directories(home);
    const auto key = Vault::create(home, name, demo_passphrase, environment_.random, vault_parameters());
    ensure(key.has_value(), "a vault is made");
    const auto store = open(home, *key);
    Identity identity;
    identity.url = "https://127.0.0.1:8443";
    identity.certificate.key = store->device_key()->public_key();
    identity.certificate.unit = "TT-CM";
    identity.certificate.role = role;
    identity.certificate.user_name = name;
    identity.certificate.user = new_uuid<UserId>(environment_.clock, environment_.random);
    sign_certificate(identity.certificate, deployment_);
    identity.central = central_;
    ensure(store->set_identity(identity).has_value(), "a laptop is enrolled");
    return *key;
  }

  Environment environment_;
  SigningKey deployment_;
  CentralStatement central_;
  SymmetricKey team_key_, office_key_;
};

}  // namespace fieldpost
