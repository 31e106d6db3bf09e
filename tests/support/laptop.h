// One enrolled laptop's store, without a network.
#pragma once

#include "shared/storage/store.h"
#include "tests/support/changes.h"
#include "tests/support/scratch.h"

namespace fieldpost::test {

struct LaptopStore {
  explicit LaptopStore(const Catalogue& forms, std::uint64_t seed = 1, bool encrypted = true)
      : random(seed), catalogue(forms), environment{clock, random, forms} {
    random.fill(options.key.bytes);
    options.home = folder.path();
    options.encrypted = encrypted;
    open();
    const SigningKey deployment = SigningKey::generate(random);
    receipts = SigningKey::generate(random);
    Identity identity;
    identity.url = "https://office.example";
    identity.certificate.key = store->device_key()->public_key();
    identity.certificate.unit = "CM-01";
    identity.certificate.user = random_id<UserId>(random);
    identity.certificate.user_name = "An";
    sign_certificate(identity.certificate, deployment);
    identity.central.deployment = deployment.public_key();
    identity.central.receipts = receipts.public_key();
    identity.central.recovery = BoxKey::generate(random).public_key();
    sign_statement(identity.central, deployment);
    REQUIRE(store->set_identity(identity));
  }

  void open() {
    auto opened = Store::open(options, environment);
    REQUIRE_MESSAGE(opened, (opened ? "" : opened.error().message));
    store = std::move(*opened);
  }
  void close() { store.reset(); }

  /// A new record of the form.
  RecordId keep(std::string_view form, const nlohmann::json& values) {
    const Form& known = *catalogue.form(form);
    Seen seen = store->start(known);
    const auto edit = edit_from_json(known, values);
    REQUIRE_MESSAGE(edit, (edit ? "" : edit.error().message));
    const auto saved = store->save(seen, *edit);
    REQUIRE_MESSAGE(saved, (saved ? "" : saved.error().message));
    return saved->record;
  }
  void edit(const RecordId& record, const nlohmann::json& values) {
    auto seen = store->see(record);
    REQUIRE(seen);
    const auto patch = edit_from_json(*catalogue.form(seen->form), values);
    REQUIRE(patch);
    REQUIRE(store->save(*seen, *patch));
  }

  ScratchFolder folder;
  FakeClock clock;
  SeededRandom random;
  const Catalogue& catalogue;
  Environment environment;
  Store::Options options;
  SigningKey receipts = SigningKey::from_seed({});
  std::unique_ptr<Store> store;
};

}  // namespace fieldpost::test
