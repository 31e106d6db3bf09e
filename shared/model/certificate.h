// Who is who: the deployment key's word on a device (certificate) and on central itself (statement). Anyone who pins
// the deployment key can check a change's author without a network (design 5).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "shared/foundation/crypto.h"
#include "shared/model/role.h"

namespace fieldpost {

// certificate = [ [ 1, key: bytes32, unit: text, role: text, user: bytes16, user_name: text, issued_at: int,
//                   predecessors: [ bytes16 … ] ], signature: bytes64 by the deployment key ]
struct Certificate {
  PublicKey key;
  std::string unit;
  Role role = Role::recorder;
  UserId user;
  std::string user_name;       // the name of the ticket; shown as the author
  std::int64_t issued_at = 0;  // central's clock, UTC ms
  std::vector<DeviceId> predecessors;
  Signature signature;

  DeviceId device() const { return device_id_of(key); }
};

void sign_certificate(Certificate& certificate, const SigningKey& deployment_key);
bool verify_certificate(const Certificate& certificate, const PublicKey& deployment_key);
Bytes encode_certificate(const Certificate& certificate);
Result<Certificate> decode_certificate(BytesView bytes);

// statement = [ [ 1, deployment: bytes32, receipts: bytes32, recovery: bytes32, tls_pin: bytes32 ], signature ]
struct CentralStatement {
  PublicKey deployment;
  PublicKey receipts;     // signs receipts, pages and projections
  BoxPublicKey recovery;  // every laptop's store key is sealed to it once
  Digest tls_pin;         // SHA-256 of the TLS certificate's public key (SPKI)
  Signature signature;

  DeploymentId deployment_id() const { return deployment_id_of(deployment); }
};

void sign_statement(CentralStatement& statement, const SigningKey& deployment_key);
/// Also checks that it speaks for this very deployment.
bool verify_statement(const CentralStatement& statement, const PublicKey& deployment_key);
Bytes encode_statement(const CentralStatement& statement);
Result<CentralStatement> decode_statement(BytesView bytes);

/// What enrols one laptop, once, within a day; typed, or carried on paper or a stick. Text: `FP1` and base64url, so
/// it never starts with '-'.
struct Ticket {
  std::array<std::uint8_t, 16> secret{};
  PublicKey deployment;
  Digest tls_pin;
};
std::string ticket_text(const Ticket& ticket);
Result<Ticket> parse_ticket(std::string_view text);

/// What two people compare before a laptop is approved: 16 letters in groups of four.
std::string fingerprint(const PublicKey& key);

}  // namespace fieldpost
