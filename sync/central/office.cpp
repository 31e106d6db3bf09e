// What an operator does at central beside the server: keys, tickets, approvals, revocation, restore.
#include <algorithm>

#include "shared/foundation/limits.h"
#include "shared/model/value.h"
#include "sync/central/commit.h"
#include "sync/central/endpoint.h"

namespace fieldpost {

namespace {

template <std::size_t Size>
Secret<Size> secret_in(BackendTransaction& tx, std::string_view key, Random& random) {
  Secret<Size> secret;
  if (const auto kept = tx.meta(key); kept && kept->size() == Size) {
    std::copy(kept->begin(), kept->end(), secret.bytes.begin());
  } else {
    random.fill(secret.bytes);
    tx.set_meta(key, secret.view());
  }
  return secret;
}

}  // namespace

CentralStatement CentralKeys::statement() const {
  CentralStatement statement;
  statement.deployment = deployment.public_key();
  statement.receipts = receipts.public_key();
  statement.recovery = recovery.public_key();
  statement.tls_pin = tls_pin;
  sign_statement(statement, deployment);
  return statement;
}

Result<std::unique_ptr<CentralOffice>> CentralOffice::open(Backend& backend, const WallClock& clock, Random& random,
                                                           const Digest& tls_pin) {
  std::unique_ptr<CentralOffice> office(new CentralOffice(backend, clock, random));
  const Result<void> done = backend.write([&](BackendTransaction& tx) -> Result<void> {
    office->keys_.deployment = SigningKey::from_seed(secret_in<32>(tx, "deployment_seed", random));
    office->keys_.receipts = SigningKey::from_seed(secret_in<32>(tx, "receipt_seed", random));
    office->keys_.recovery = BoxKey::from_seed(secret_in<32>(tx, "recovery_seed", random));
    office->keys_.token = secret_in<32>(tx, "token_key", random);
    if (!tx.meta(incarnation_key)) tx.set_meta(incarnation_key, random_id<Incarnation>(random).view());
    // Commands beside the server know no TLS key: they leave the pin of the last start.
    if (!tls_pin.is_nil()) tx.set_meta("tls_pin", tls_pin.view());
    if (const auto pin = tx.meta("tls_pin"); pin && pin->size() == Digest::size)
      office->keys_.tls_pin = *Digest::from_bytes(*pin);
    return {};
  });
  if (!done) return done.error();
  return office;
}

Result<std::string> CentralOffice::issue_ticket(Role role, std::string_view unit, std::string_view name,
                                                bool needs_approval) {
  const Result<std::string> unit_text = storable_text(unit);
  const Result<std::string> name_text = storable_text(name);
  if (!unit_text) return unit_text.error();
  if (!name_text) return name_text.error();
  if (unit_text->empty() || unit_text->size() > 64 || unit_text->find_first_of(" ,;:\t\n") != std::string::npos)
    return Error{ErrorCode::invalid_argument,
                 "a unit is named by a code of 1 to 64 bytes without spaces, commas or colons"};
  if (name_text->empty() || name_text->size() > 200)
    return Error{ErrorCode::invalid_argument, "a ticket names its user, in 1 to 200 bytes"};
  Ticket ticket;
  random_.fill(ticket.secret);
  ticket.deployment = keys_.deployment.public_key();
  ticket.tls_pin = keys_.tls_pin;
  TicketRow row;
  row.secret_digest = sha256(ticket.secret);
  row.role = role;
  row.unit = *unit_text;
  row.name = *name_text;
  row.expires_at = clock_.now_ms() + limits::ticket_life_ms;
  row.needs_approval = needs_approval;
  const Result<void> done = backend_.write([&](BackendTransaction& tx) -> Result<void> {
    tx.put_ticket(row);
    return {};
  });
  if (!done) return done.error();
  return ticket_text(ticket);
}

Result<DeviceId> CentralOffice::approve(std::string_view shown) {
  DeviceId approved;
  const Result<void> done = backend_.write([&](BackendTransaction& tx) -> Result<void> {
    for (DeviceRow& device : tx.devices()) {
      if (!device.waiting || fingerprint(device.certificate.key) != shown) continue;
      device.waiting = false;
      device.certificate.issued_at = clock_.now_ms();
      sign_certificate(device.certificate, keys_.deployment);
      tx.put_device(device);
      approved = device.certificate.device();
      return {};
    }
    return Error{ErrorCode::not_found,
                 "no laptop with this fingerprint waits: compare it again with the laptop's screen"};
  });
  if (!done) return done.error();
  return approved;
}

Result<void> CentralOffice::revoke(const DeviceId& id) {
  return backend_.write([&](BackendTransaction& tx) -> Result<void> {
    std::optional<DeviceRow> device = tx.device(id);
    if (!device) return Error{ErrorCode::not_found, "no such device"};
    device->revoked = true;
    tx.put_device(*device);
    return {};
  });
}

Result<void> CentralOffice::restored() {
  return backend_.write([&](BackendTransaction& tx) -> Result<void> {
    tx.set_meta(incarnation_key, random_id<Incarnation>(random_).view());
    // Numbers that were given since the copy was made are on laptops alone: until the office says that they are back,
    // the next one could be given twice.
    tx.set_meta(numbering_waits_key, view_of("restored"));
    return {};
  });
}

}  // namespace fieldpost
