// The deployment key's word on devices and on central, and the ticket that begins it all.
#include "shared/model/certificate.h"

#include <doctest/doctest.h>

#include <set>

using namespace fieldpost;

namespace {

struct Office {
  SeededRandom random{21};
  SigningKey deployment = SigningKey::generate(random);
  SigningKey other = SigningKey::generate(random);
  SigningKey device = SigningKey::generate(random);

  Certificate certificate() {
    Certificate out;
    out.key = device.public_key();
    out.unit = "HG-03";
    out.role = Role::provider;
    out.user = random_id<UserId>(random);
    out.user_name = "Nguyễn Thị Ánh";
    out.issued_at = 1'741'000'000'000;
    out.predecessors = {random_id<DeviceId>(random), random_id<DeviceId>(random)};
    sign_certificate(out, deployment);
    return out;
  }
  CentralStatement statement() {
    CentralStatement out;
    out.deployment = deployment.public_key();
    out.receipts = random_id<PublicKey>(random);
    out.recovery = random_id<BoxPublicKey>(random);
    out.tls_pin = random_id<Digest>(random);
    sign_statement(out, deployment);
    return out;
  }
  Ticket ticket() {
    Ticket out;
    random.fill(out.secret);
    out.deployment = deployment.public_key();
    out.tls_pin = random_id<Digest>(random);
    return out;
  }
};

/// `accepted` over the bytes with each of their bits flipped in turn: how many of these are taken for good.
template <class Accepted>
int flips_not_noticed(Bytes bytes, Accepted accepted) {
  int out = 0;
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
    out += accepted(bytes);
    bytes[bit / 8] ^= static_cast<std::uint8_t>(1u << (bit % 8));
  }
  return out;
}

}  // namespace

TEST_CASE("a certificate comes back from its bytes as it was, and verifies with the deployment key alone") {
  Office office;
  const Certificate certificate = office.certificate();
  const Bytes bytes = encode_certificate(certificate);
  const Result<Certificate> read = decode_certificate(bytes);
  REQUIRE(read);
  CHECK(verify_certificate(*read, office.deployment.public_key()));
  CHECK_FALSE(verify_certificate(*read, office.other.public_key()));
  CHECK(read->device() == device_id_of(office.device.public_key()));
  CHECK(read->unit == "HG-03");
  CHECK(read->role == Role::provider);
  CHECK(read->user_name == "Nguyễn Thị Ánh");
  CHECK(read->predecessors == certificate.predecessors);
  CHECK(encode_certificate(*read) == bytes);
}

TEST_CASE("every role there is can be certified, and no other") {
  Office office;
  for (const std::string_view name : role_names) {
    Certificate certificate = office.certificate();
    certificate.role = *parse_role(name);
    sign_certificate(certificate, office.deployment);
    const Result<Certificate> read = decode_certificate(encode_certificate(certificate));
    REQUIRE(read);
    CHECK(role_name(read->role) == name);
  }
  CHECK_FALSE(parse_role("Recorder"));
  CHECK_FALSE(parse_role(""));
  std::string bytes(text_of(encode_certificate(office.certificate())));
  bytes.replace(bytes.find("provider"), 8, "superman");
  CHECK_FALSE(decode_certificate(view_of(bytes)));
}

TEST_CASE("no bit of a certificate can be flipped, and none of its bytes left out, without notice") {
  Office office;
  const Bytes bytes = encode_certificate(office.certificate());
  CHECK(flips_not_noticed(bytes, [&](const Bytes& flipped) {
          const Result<Certificate> read = decode_certificate(flipped);
          return read && verify_certificate(*read, office.deployment.public_key());
        }) == 0);
  for (std::size_t size = 0; size < bytes.size(); ++size)
    CHECK_FALSE(decode_certificate(BytesView(bytes).first(size)));
  Bytes longer = bytes;
  longer.push_back(0xf6);
  CHECK_FALSE(decode_certificate(longer));
}

TEST_CASE("a certificate keeps its bounds: unit, name and predecessors") {
  Office office;
  const auto readable = [&](auto spoil) {
    Certificate certificate = office.certificate();
    spoil(certificate);
    sign_certificate(certificate, office.deployment);
    return decode_certificate(encode_certificate(certificate)).has_value();
  };
  CHECK(readable([](Certificate& c) { c.unit = std::string(64, 'u'), c.user_name = std::string(200, 'n'); }));
  CHECK_FALSE(readable([](Certificate& c) { c.unit = std::string(65, 'u'); }));
  CHECK_FALSE(readable([](Certificate& c) { c.user_name = std::string(201, 'n'); }));
  CHECK(readable([](Certificate& c) { c.predecessors.assign(64, {}); }));
  CHECK_FALSE(readable([](Certificate& c) { c.predecessors.assign(65, {}); }));
  // The name is shown as the author's on every laptop.
  CHECK_FALSE(readable([](Certificate& c) { c.user_name = "An\rBình"; }));
  CHECK_FALSE(readable([](Certificate& c) { c.user_name = "A\u0302n"; }));
  CHECK_FALSE(readable([](Certificate& c) { c.unit = std::string("HG\0", 3); }));
}

TEST_CASE("central's statement verifies for its own deployment alone") {
  Office office;
  const CentralStatement statement = office.statement();
  const Bytes bytes = encode_statement(statement);
  const Result<CentralStatement> read = decode_statement(bytes);
  REQUIRE(read);
  CHECK(verify_statement(*read, office.deployment.public_key()));
  CHECK_FALSE(verify_statement(*read, office.other.public_key()));
  CHECK(encode_statement(*read) == bytes);
  CHECK(read->deployment_id() == deployment_id_of(office.deployment.public_key()));
  // Another deployment cannot speak for this one, and this one's key not for another.
  CentralStatement foreign = statement;
  sign_statement(foreign, office.other);
  CHECK_FALSE(verify_statement(foreign, office.deployment.public_key()));
  foreign.deployment = office.other.public_key();
  sign_statement(foreign, office.deployment);
  CHECK_FALSE(verify_statement(foreign, office.deployment.public_key()));
}

TEST_CASE("no bit of central's statement can be flipped, and none of its bytes left out, without notice") {
  Office office;
  const Bytes bytes = encode_statement(office.statement());
  CHECK(flips_not_noticed(bytes, [&](const Bytes& flipped) {
          const Result<CentralStatement> read = decode_statement(flipped);
          return read && verify_statement(*read, office.deployment.public_key());
        }) == 0);
  for (std::size_t size = 0; size < bytes.size(); ++size) CHECK_FALSE(decode_statement(BytesView(bytes).first(size)));
}

TEST_CASE("the deployment key's signature on a certificate is no signature on a statement, nor the other way") {
  Office office;
  Certificate certificate = office.certificate();
  CentralStatement statement = office.statement();
  std::swap(certificate.signature, statement.signature);
  CHECK_FALSE(verify_certificate(certificate, office.deployment.public_key()));
  CHECK_FALSE(verify_statement(statement, office.deployment.public_key()));
  // The same bytes, signed under the other name.
  const Bytes whole = encode_statement(statement);
  const BytesView body = BytesView(whole).subspan(1, whole.size() - 67);
  statement.signature = office.deployment.sign("fieldpost central", body);
  CHECK(verify_statement(statement, office.deployment.public_key()));
  statement.signature = office.deployment.sign("fieldpost certificate", body);
  CHECK_FALSE(verify_statement(statement, office.deployment.public_key()));
}

TEST_CASE("a ticket comes back from its text, with the blanks of a copied line around it") {
  Office office;
  const Ticket ticket = office.ticket();
  const std::string written = ticket_text(ticket);
  CHECK(written.starts_with("FP1"));
  for (const std::string& copied : {written, written + "\n", written + "  \r\n", " \t" + written}) {
    const Result<Ticket> read = parse_ticket(copied);
    REQUIRE(read);
    CHECK(read->secret == ticket.secret);
    CHECK(read->deployment == ticket.deployment);
    CHECK(read->tls_pin == ticket.tls_pin);
  }
}

TEST_CASE("a slip in any letter of a ticket is found before it is sent") {
  Office office;
  const std::string written = ticket_text(office.ticket());
  for (std::size_t i = 0; i < written.size(); ++i) {
    CAPTURE(i);
    std::string slip = written;
    slip[i] = slip[i] == 'x' ? 'y' : 'x';
    CHECK_FALSE(parse_ticket(slip));
    CHECK_FALSE(parse_ticket(std::string(written).erase(i, 1)));
    CHECK_FALSE(parse_ticket(std::string(written).insert(i, 1, 'A')));
    CHECK_FALSE(parse_ticket(std::string_view(written).substr(0, i)));
  }
  for (const char* other : {"", "FP1", "FP1AAAA", "FP2AAAAAAAA", "--help", "không phải vé"}) {
    const Result<Ticket> read = parse_ticket(other);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::invalid_argument);
  }
}

TEST_CASE("a fingerprint is four groups of four letters without look-alikes, one for each key") {
  SeededRandom random(5);
  std::set<std::string> seen;
  for (int i = 0; i < 1'000; ++i) {
    const std::string letters = fingerprint(random_id<PublicKey>(random));
    REQUIRE(letters.size() == 19);
    for (std::size_t at = 0; at < letters.size(); ++at)
      if (at % 5 == 4)
        CHECK(letters[at] == '-');
      else
        CHECK(std::string_view("ABCDEFGHJKLMNPQRSTUVWXYZ23456789").find(letters[at]) != std::string_view::npos);
    seen.insert(letters);
  }
  CHECK(seen.size() == 1'000);
}
