// A laptop's home with a day's work in it, a colleague's changes and one conflict: for tests of the window and for
// pictures.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "shared/forms/json_values.h"
#include "shared/storage/store.h"
#include "shared/storage/vault.h"
#include "tests/support/hand_over.h"

namespace fieldpost {

inline constexpr const char* demo_passphrase = "mot cum mat khau";

class DemoHome {
 public:
  /// Makes the home and leaves it closed. `rows`: people on the session's roster. `rivals`: consultations that both
  /// laptops have answered differently, in two questions each.
  DemoHome(const std::filesystem::path& home, const WallClock& clock, Random& random, int rows = 24, int rivals = 0)
      : environment_{clock, random, shipped_catalogue()}, deployment_(SigningKey::generate(random)) {
    central_.deployment = deployment_.public_key();
    central_.receipts = SigningKey::generate(random).public_key();
    sign_statement(central_, deployment_);
    std::filesystem::create_directories(home);
    const auto key = Vault::create(home, "An", demo_passphrase, random, vault_parameters());
    ensure(key.has_value(), "the demo vault is made");
    std::unique_ptr<Store> an = enrol(home, *key, "An"), binh;
    const std::filesystem::path other = home.string() + ".binh";
    SymmetricKey other_key;
    random.fill(other_key.bytes);
    binh = enrol(other, other_key, "Bình");
    ensure(an->keep_certificates({certificate_of(*binh)}).has_value(), "certificates are known");
    ensure(binh->keep_certificates({certificate_of(*an)}).has_value(), "certificates are known");

    const RecordId session = write_session(*an, rows);
    for (std::uint64_t seed = 1; seed <= 4; ++seed) sample(*an, "consultation", seed);
    sample(*an, "training_class", 1);
    sample(*an, "person", 1);
    sample(*an, "person", 2);
    std::vector<RecordId> answered_twice;
    for (int i = 0; i < rivals; ++i)
      answered_twice.push_back(save(*an, "consultation",
                                    {{"full_name", "Thạch Thị Lành " + std::to_string(i + 1)},
                                     {"summary", "Hỏi về đất đai tại ấp " + std::to_string(i + 1)}}));
    ensure(hand_over(*an, *binh), "what An wrote is taken");
    for (const RecordId& record : answered_twice) {
      edit(*an, record, {{"summary", "Hỏi về đất đai, thừa kế"}, {"hamlet", "Ấp 7"}});
      edit(*binh, record, {{"summary", "Hỏi về đất đai, hôn nhân"}, {"hamlet", "Ấp Rạch Gốc"}});
    }
    edit(*an, session,
         {{"topic_note", "Luật Đất đai 2024: điều kiện bồi thường, thời hiệu khiếu nại"}, {"start_time", "08:15"}});
    edit(*binh, session,
         {{"topic_note", "Luật Hôn nhân và gia đình; phòng, chống bạo lực gia đình"}, {"venue", "Nhà văn hóa ấp 7"}});
    ensure(hand_over(*binh, *an), "what Bình wrote is taken");
    Seen seen = an->start(*environment_.catalogue.form("consultation"));
    auto draft =
        edit_from_json(*environment_.catalogue.form("consultation"),
                       {{"full_name", "Danh Thị Út"}, {"summary", "Hỏi về giấy chứng nhận quyền sử dụng đất"}});
    ensure(draft.has_value(), "a draft is made");
    ensure(an->keep_draft({new_uuid<EntityId>(clock, random), seen, *draft, clock.now_ms()}).has_value(),
           "a draft is kept");
    an.reset();
    binh.reset();
    std::filesystem::remove_all(other);
  }

 private:
  std::unique_ptr<Store> enrol(const std::filesystem::path& home, const SymmetricKey& key, const std::string& name) {
    std::filesystem::create_directories(home);
    Store::Options options;
    options.home = home;
    options.key = key;
    auto store = Store::open(options, environment_);
    ensure(store.has_value(), "the demo store opens");
    Identity identity;
    identity.url = "https://127.0.0.1:8443";
    identity.certificate.key = (*store)->device_key()->public_key();
    identity.certificate.unit = "TT-CM";
    identity.certificate.user_name = name;
    identity.certificate.user = new_uuid<UserId>(environment_.clock, environment_.random);
    sign_certificate(identity.certificate, deployment_);
    identity.central = central_;
    ensure((*store)->set_identity(identity).has_value(), "the demo laptop is enrolled");
    return std::move(*store);
  }

  RecordId save(Store& store, const char* form, const nlohmann::json& values) {
    const Form& definition = *environment_.catalogue.form(form);
    const auto edit = edit_from_json(definition, values);
    ensure(edit.has_value(), "demo values fit the form");
    Seen seen = store.start(definition);
    ensure(store.save(seen, *edit).has_value(), "a demo record is saved");
    return seen.record;
  }

  void edit(Store& store, const RecordId& record, const nlohmann::json& values) {
    auto seen = store.see(record);
    ensure(seen.has_value(), "a demo record is seen");
    const auto edit = edit_from_json(*environment_.catalogue.form(seen->form), values);
    ensure(edit.has_value(), "demo values fit the form");
    ensure(store.save(*seen, *edit).has_value(), "a demo record is edited");
  }

  void sample(Store& store, const char* form, std::uint64_t seed) {
    const CivilDate today = vietnam_day(environment_.clock.now_ms());
    save(store, form, sample_values(*environment_.catalogue.form(form), environment_.catalogue, seed, today));
  }

  RecordId write_session(Store& store, int rows) {
    static constexpr const char* family[] = {"Nguyễn", "Trần", "Danh", "Lê", "Thạch", "Phạm", "Huỳnh"};
    static constexpr const char* middle[] = {"Văn", "Thị", "Thanh", "Hữu", "Ngọc"};
    static constexpr const char* given[] = {"Bưởi", "Đường", "Ú", "Phước", "Hường", "Sơn", "Lành", "Đạo"};
    const CivilDate today = vietnam_day(environment_.clock.now_ms());
    nlohmann::json values =
        sample_values(*environment_.catalogue.form("outreach_session"), environment_.catalogue, 7, today);
    values["title"] = "Truyền thông trợ giúp pháp lý tại ấp 7, xã Khánh An";
    values["date"] = iso_text(today);
    values["roster"] = nlohmann::json::array();
    for (int i = 0; i < rows; ++i) {
      const auto at = static_cast<std::size_t>(i);
      const bool woman = i % 3 == 0;
      values["roster"].push_back(
          {{"full_name", std::string(family[at % 7]) + " " + (woman ? "Thị" : middle[at % 5]) + " " + given[at % 8]},
           {"sex", woman ? "female" : "male"},
           {"birth_date", std::to_string(1948 + i % 50)},
           {"hamlet", i % 2 == 0 ? "Ấp 7" : "Ấp Rạch Gốc"}});
    }
    return save(store, "outreach_session", values);
  }

  Environment environment_;
  SigningKey deployment_;
  CentralStatement central_;
};

}  // namespace fieldpost
