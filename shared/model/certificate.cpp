#include "shared/model/certificate.h"

#include <algorithm>

#include "shared/foundation/cbor.h"
#include "shared/model/value.h"

namespace fieldpost {

namespace {

constexpr std::string_view certificate_context = "fieldpost certificate";
constexpr std::string_view statement_context = "fieldpost central";
constexpr std::string_view ticket_prefix = "FP1";
constexpr std::size_t unit_bytes_max = 64, user_name_bytes_max = 200, predecessors_max = 64;

Bytes certificate_body(const Certificate& certificate) {
  CborWriter out;
  out.array(8).uint(1).bytes(certificate.key.view()).text(certificate.unit).text(role_name(certificate.role));
  out.bytes(certificate.user.view()).text(certificate.user_name).integer(certificate.issued_at);
  out.array(certificate.predecessors.size());
  for (const DeviceId& predecessor : certificate.predecessors) out.bytes(predecessor.view());
  return std::move(out).result();
}

Bytes statement_body(const CentralStatement& statement) {
  CborWriter out;
  out.array(5).uint(1).bytes(statement.deployment.view()).bytes(statement.receipts.view());
  out.bytes(statement.recovery.view()).bytes(statement.tls_pin.view());
  return std::move(out).result();
}

}  // namespace

void sign_certificate(Certificate& certificate, const SigningKey& deployment_key) {
  certificate.signature = deployment_key.sign(certificate_context, certificate_body(certificate));
}
bool verify_certificate(const Certificate& certificate, const PublicKey& deployment_key) {
  return verify(deployment_key, certificate_context, certificate_body(certificate), certificate.signature);
}
Bytes encode_certificate(const Certificate& certificate) {
  CborWriter out;
  out.array(2).raw(certificate_body(certificate)).bytes(certificate.signature.view());
  return std::move(out).result();
}
Result<Certificate> decode_certificate(BytesView bytes) {
  CborReader in(bytes);
  Certificate certificate;
  in.array_of(2);
  in.array_of(8);
  if (in.uint() != 1) in.fail("a certificate of another version");
  certificate.key = in.id<PublicKey>();
  certificate.unit = std::string(in.text());
  const std::optional<Role> role = parse_role(in.text());
  if (!role) in.fail("a role that is not known");
  certificate.role = role.value_or(Role::recorder);
  certificate.user = in.id<UserId>();
  certificate.user_name = std::string(in.text());
  certificate.issued_at = in.integer();
  const std::size_t predecessors = in.array();
  if (certificate.unit.size() > unit_bytes_max || certificate.user_name.size() > user_name_bytes_max ||
      predecessors > predecessors_max)
    in.fail("a certificate beyond its bounds");
  // Both are shown wherever an author is.
  if (!is_storable_text(certificate.unit) || !is_storable_text(certificate.user_name))
    in.fail("a unit or a name that is not NFC or has control characters");
  for (std::size_t i = 0; i < predecessors && in.ok(); ++i) certificate.predecessors.push_back(in.id<DeviceId>());
  certificate.signature = in.id<Signature>();
  if (Result<void> whole = in.finish("a certificate"); !whole) return whole.error();
  return certificate;
}

void sign_statement(CentralStatement& statement, const SigningKey& deployment_key) {
  statement.signature = deployment_key.sign(statement_context, statement_body(statement));
}
bool verify_statement(const CentralStatement& statement, const PublicKey& deployment_key) {
  return statement.deployment == deployment_key &&
         verify(deployment_key, statement_context, statement_body(statement), statement.signature);
}
Bytes encode_statement(const CentralStatement& statement) {
  CborWriter out;
  out.array(2).raw(statement_body(statement)).bytes(statement.signature.view());
  return std::move(out).result();
}
Result<CentralStatement> decode_statement(BytesView bytes) {
  CborReader in(bytes);
  CentralStatement statement;
  in.array_of(2);
  in.array_of(5);
  if (in.uint() != 1) in.fail("a statement of another version");
  statement.deployment = in.id<PublicKey>();
  statement.receipts = in.id<PublicKey>();
  statement.recovery = in.id<BoxPublicKey>();
  statement.tls_pin = in.id<Digest>();
  statement.signature = in.id<Signature>();
  if (Result<void> whole = in.finish("central's statement"); !whole) return whole.error();
  return statement;
}

std::string ticket_text(const Ticket& ticket) {
  CborWriter out;
  out.array(3).bytes(ticket.secret).bytes(ticket.deployment.view()).bytes(ticket.tls_pin.view());
  // A ticket is typed and read out: four bytes of its digest find a slip before it is sent.
  Bytes bytes = out.result();
  const Digest check = sha256(bytes);
  bytes.insert(bytes.end(), check.bytes.begin(), check.bytes.begin() + 4);
  return std::string(ticket_prefix) + to_base64url(bytes);
}

Result<Ticket> parse_ticket(std::string_view text) {
  // Blanks around it come with a copied line.
  const std::size_t first = std::min(text.find_first_not_of(" \t\r\n"), text.size());
  text = text.substr(first, text.find_last_not_of(" \t\r\n") + 1 - first);
  const Error fault{ErrorCode::invalid_argument, "not a ticket: it begins with FP1; copy it again, whole"};
  if (text.substr(0, ticket_prefix.size()) != ticket_prefix) return fault;
  const Result<Bytes> bytes = from_base64url(text.substr(ticket_prefix.size()));
  if (!bytes || bytes->size() < 4) return fault;
  const BytesView body = BytesView(*bytes).first(bytes->size() - 4);
  const Digest check = sha256(body);
  if (!std::equal(check.bytes.begin(), check.bytes.begin() + 4, bytes->end() - 4)) return fault;
  CborReader in(body);
  Ticket ticket;
  in.array_of(3);
  const BytesView secret = in.bytes();
  if (secret.size() != ticket.secret.size()) return fault;
  std::copy(secret.begin(), secret.end(), ticket.secret.begin());
  ticket.deployment = in.id<PublicKey>();
  ticket.tls_pin = in.id<Digest>();
  if (!in.finish("a ticket")) return fault;
  return ticket;
}

std::string fingerprint(const PublicKey& key) {
  // Letters without look-alikes: read over a bad telephone line.
  static constexpr char letters[] = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
  const Digest digest = sha256(key.view());
  std::string out;
  for (std::size_t i = 0; i < 16; ++i) {
    if (i > 0 && i % 4 == 0) out += '-';
    out += letters[digest.bytes[i] % 32];
  }
  return out;
}

}  // namespace fieldpost
