#include "sync/messages.h"

#include "shared/foundation/limits.h"

namespace fieldpost {

namespace {

constexpr std::string_view enrol_context = "fieldpost enrol";
constexpr std::string_view handshake_context = "fieldpost handshake";
constexpr std::string_view pull_context = "fieldpost page";
constexpr std::size_t list_max = 10'000;  // epochs and segments named in one message

Bytes copy(BytesView bytes) { return {bytes.begin(), bytes.end()}; }

std::size_t bounded_array(CborReader& in) {
  const std::size_t items = in.array();
  if (items > list_max) in.fail("a list beyond its bound");
  return in.ok() ? items : 0;
}

void write_positions(CborWriter& out, const std::vector<JournalPosition>& positions) {
  out.array(positions.size());
  for (const JournalPosition& position : positions)
    out.array(3).bytes(position.epoch.view()).uint(position.n).bytes(position.chain.view());
}
std::vector<JournalPosition> read_positions(CborReader& in) {
  std::vector<JournalPosition> out(bounded_array(in));
  for (JournalPosition& position : out) {
    in.array_of(3);
    position.epoch = in.id<EpochId>();
    position.n = in.uint();
    position.chain = in.id<Digest>();
  }
  return out;
}

void write_foreign(CborWriter& out, const std::vector<ForeignPosition>& positions) {
  out.array(positions.size());
  for (const ForeignPosition& position : positions)
    out.array(4)
        .bytes(position.device.view())
        .bytes(position.epoch.view())
        .uint(position.n)
        .bytes(position.chain.view());
}
std::vector<ForeignPosition> read_foreign(CborReader& in) {
  std::vector<ForeignPosition> out(bounded_array(in));
  for (ForeignPosition& position : out) {
    in.array_of(4);
    position.device = in.id<DeviceId>();
    position.epoch = in.id<EpochId>();
    position.n = in.uint();
    position.chain = in.id<Digest>();
  }
  return out;
}

void write_receipts(CborWriter& out, const std::vector<Receipt>& receipts) {
  out.array(receipts.size());
  for (const Receipt& receipt : receipts) out.bytes(encode_receipt(receipt));
}
std::vector<Receipt> read_receipts(CborReader& in) {
  std::vector<Receipt> out(bounded_array(in));
  for (Receipt& receipt : out) {
    Result<Receipt> read = decode_receipt(in.bytes());
    if (read)
      receipt = *std::move(read);
    else
      in.fail("a receipt that cannot be read");
  }
  return out;
}

void read_certificate(CborReader& in, Certificate& certificate) {
  Result<Certificate> read = decode_certificate(in.bytes());
  if (read)
    certificate = *std::move(read);
  else
    in.fail("a certificate that cannot be read");
}

/// The message when it was read whole, else where it broke.
template <class Message>
Result<Message> finished(CborReader& in, Message message, const char* what) {
  if (Result<void> whole = in.finish(what); !whole) return whole.error();
  return message;
}

/// A message within another, as a byte string.
template <class T>
void read_within(CborReader& in, T& message, Result<T> (*decode)(BytesView)) {
  Result<T> inner = decode(in.bytes());
  if (inner)
    message = *std::move(inner);
  else
    in.fail("a message within that cannot be read");
}

Bytes handshake_body(const HandshakeRequest& message) {
  CborWriter out;
  out.array(6).bytes(message.device.view()).bytes(message.challenge);
  write_positions(out, message.own);
  write_foreign(out, message.foreign);
  out.integer(message.time).bytes(encode(message.pull));
  return std::move(out).result();
}

Bytes pull_body(const PullAnswer& message) {
  CborWriter out;
  out.array(5).bytes(message.page).bytes(message.cursor).uint(message.left);
  write_file_answers(out, message.files);
  write_attachment_ids(out, message.lacking);
  return std::move(out).result();
}

}  // namespace

Bytes encode(const HelloAnswer& message) {
  CborWriter out;
  out.array(4).bytes(message.deployment.view()).bytes(message.incarnation.view()).bytes(message.challenge);
  out.integer(message.time);
  return std::move(out).result();
}
Result<HelloAnswer> decode_hello_answer(BytesView bytes) {
  CborReader in(bytes);
  HelloAnswer message;
  in.array_of(4);
  message.deployment = in.id<DeploymentId>();
  message.incarnation = in.id<Incarnation>();
  message.challenge = copy(in.bytes());
  message.time = in.integer();
  return finished(in, std::move(message), "a hello");
}

void sign_enrol(EnrolRequest& request, const SigningKey& key) {
  request.proof = key.sign(enrol_context, request.secret);
}
bool verify_enrol(const EnrolRequest& request) {
  return verify(request.key, enrol_context, request.secret, request.proof);
}
Bytes encode(const EnrolRequest& message) {
  CborWriter out;
  out.array(3).bytes(message.secret).bytes(message.key.view()).bytes(message.proof.view());
  return std::move(out).result();
}
Result<EnrolRequest> decode_enrol_request(BytesView bytes) {
  CborReader in(bytes);
  EnrolRequest message;
  in.array_of(3);
  const BytesView secret = in.bytes();
  if (secret.size() != message.secret.size())
    in.fail("a ticket's secret of 16 bytes was expected");
  else
    std::copy(secret.begin(), secret.end(), message.secret.begin());
  message.key = in.id<PublicKey>();
  message.proof = in.id<Signature>();
  return finished(in, message, "an enrolment");
}

Bytes encode(const EnrolAnswer& message) {
  CborWriter out;
  out.array(2).bytes(encode_statement(message.statement));
  if (message.certificate)
    out.bytes(encode_certificate(*message.certificate));
  else
    out.null();
  return std::move(out).result();
}
Result<EnrolAnswer> decode_enrol_answer(BytesView bytes) {
  CborReader in(bytes);
  EnrolAnswer message;
  in.array_of(2);
  Result<CentralStatement> statement = decode_statement(in.bytes());
  if (statement)
    message.statement = *std::move(statement);
  else
    in.fail("a statement that cannot be read");
  if (!in.try_null()) read_certificate(in, message.certificate.emplace());
  return finished(in, std::move(message), "an answer to an enrolment");
}

namespace {

void write_holds(CborWriter& out, const std::vector<HeldJournal>& holds) {
  out.array(holds.size());
  for (const HeldJournal& journal : holds) {
    out.array(4).bytes(journal.epoch.view()).uint(journal.n).bytes(journal.chain.view());
    out.array(journal.exceptions.size());
    for (const std::uint64_t n : journal.exceptions) out.uint(n);
  }
}

std::vector<HeldJournal> read_holds(CborReader& in) {
  std::vector<HeldJournal> holds(bounded_array(in));
  for (HeldJournal& journal : holds) {
    in.array_of(4);
    journal.epoch = in.id<EpochId>();
    journal.n = in.uint();
    journal.chain = in.id<Digest>();
    journal.exceptions.resize(bounded_array(in));
    for (std::uint64_t& n : journal.exceptions) n = in.uint();
  }
  return holds;
}

}  // namespace

Bytes encode(const PullRequest& message) {
  CborWriter out;
  out.array(3).bytes(message.cursor);
  write_holds(out, message.holds);
  write_attachment_ids(out, message.waits_for);
  return std::move(out).result();
}
Result<PullRequest> decode_pull_request(BytesView bytes) {
  CborReader in(bytes);
  PullRequest message;
  in.array_of(3);
  message.cursor = copy(in.bytes());
  message.holds = read_holds(in);
  message.waits_for = read_attachment_ids(in);
  return finished(in, std::move(message), "a pull");
}

void sign_pull(PullAnswer& answer, const SigningKey& key) {
  answer.signature = key.sign(pull_context, pull_body(answer));
}
bool verify_pull(const PullAnswer& answer, const PublicKey& key) {
  return verify(key, pull_context, pull_body(answer), answer.signature);
}
Bytes encode(const PullAnswer& message) {
  CborWriter out;
  out.array(2).raw(pull_body(message)).bytes(message.signature.view());
  return std::move(out).result();
}
Result<PullAnswer> decode_pull_answer(BytesView bytes) {
  CborReader in(bytes);
  PullAnswer message;
  in.array_of(2);
  in.array_of(5);
  message.page = copy(in.bytes());
  message.cursor = copy(in.bytes());
  message.left = in.uint();
  message.files = read_file_answers(in);
  message.lacking = read_attachment_ids(in);
  message.signature = in.id<Signature>();
  return finished(in, std::move(message), "a page from central");
}

void sign_handshake(HandshakeRequest& request, const SigningKey& key) {
  request.signature = key.sign(handshake_context, handshake_body(request));
}
bool verify_handshake(const HandshakeRequest& request, const PublicKey& key) {
  return verify(key, handshake_context, handshake_body(request), request.signature);
}
Bytes encode(const HandshakeRequest& message) {
  CborWriter out;
  out.array(2).raw(handshake_body(message)).bytes(message.signature.view());
  return std::move(out).result();
}
Result<HandshakeRequest> decode_handshake_request(BytesView bytes) {
  CborReader in(bytes);
  HandshakeRequest message;
  in.array_of(2);
  in.array_of(6);
  message.device = in.id<DeviceId>();
  message.challenge = copy(in.bytes());
  message.own = read_positions(in);
  message.foreign = read_foreign(in);
  message.time = in.integer();
  read_within(in, message.pull, decode_pull_request);
  message.signature = in.id<Signature>();
  return finished(in, std::move(message), "a handshake");
}

Bytes encode(const HandshakeAnswer& message) {
  CborWriter out;
  out.array(8).text(message.token).bytes(message.incarnation.view()).bytes(encode_certificate(message.certificate));
  write_positions(out, message.known);
  write_foreign(out, message.foreign);
  write_receipts(out, message.receipts);
  out.integer(message.time).bytes(encode(message.pull));
  return std::move(out).result();
}
Result<HandshakeAnswer> decode_handshake_answer(BytesView bytes) {
  CborReader in(bytes);
  HandshakeAnswer message;
  in.array_of(8);
  message.token = std::string(in.text());
  message.incarnation = in.id<Incarnation>();
  read_certificate(in, message.certificate);
  message.known = read_positions(in);
  message.foreign = read_foreign(in);
  message.receipts = read_receipts(in);
  message.time = in.integer();
  read_within(in, message.pull, decode_pull_answer);
  return finished(in, std::move(message), "an answer to a handshake");
}

Bytes encode(const PushAnswer& message) {
  CborWriter out;
  out.array(2);
  write_receipts(out, message.receipts);
  out.boolean(message.fork);
  return std::move(out).result();
}
Result<PushAnswer> decode_push_answer(BytesView bytes) {
  CborReader in(bytes);
  PushAnswer message;
  in.array_of(2);
  message.receipts = read_receipts(in);
  message.fork = in.boolean();
  return finished(in, std::move(message), "an answer to a push");
}

Bytes encode(const StickState& message) {
  CborWriter out;
  out.array(4);
  write_positions(out, message.own);
  write_foreign(out, message.journals);
  out.bytes(encode(message.pull));
  write_file_positions(out, message.files);
  return std::move(out).result();
}
Result<StickState> decode_stick_state(BytesView bytes) {
  CborReader in(bytes);
  StickState message;
  in.array_of(4);
  message.own = read_positions(in);
  message.journals = read_foreign(in);
  read_within(in, message.pull, decode_pull_request);
  message.files = read_file_positions(in);
  return finished(in, std::move(message), "where a laptop stands");
}

Bytes encode(const StickAnswer& message) {
  CborWriter out;
  out.array(7).bytes(message.incarnation.view()).bytes(encode_certificate(message.certificate));
  write_positions(out, message.known);
  write_receipts(out, message.receipts);
  out.integer(message.time);
  write_file_positions(out, message.files);
  write_attachment_ids(out, message.lacking);
  return std::move(out).result();
}
Result<StickAnswer> decode_stick_answer(BytesView bytes) {
  CborReader in(bytes);
  StickAnswer message;
  in.array_of(7);
  message.incarnation = in.id<Incarnation>();
  read_certificate(in, message.certificate);
  message.known = read_positions(in);
  message.receipts = read_receipts(in);
  message.time = in.integer();
  message.files = read_file_positions(in);
  message.lacking = read_attachment_ids(in);
  return finished(in, std::move(message), "central's answer");
}

Bytes encode(const StickPull& message) {
  CborWriter out;
  out.array(3).bytes(message.base);
  write_holds(out, message.holds);
  out.bytes(encode(message.answer));
  return std::move(out).result();
}
Result<StickPull> decode_stick_pull(BytesView bytes) {
  CborReader in(bytes);
  StickPull message;
  in.array_of(3);
  message.base = copy(in.bytes());
  message.holds = read_holds(in);
  read_within(in, message.answer, decode_pull_answer);
  return finished(in, std::move(message), "a page of a bundle");
}

Bytes encode(const Refusal& message) {
  CborWriter out;
  out.array(2).text(message.code).text(message.message);
  return std::move(out).result();
}
Result<Refusal> decode_refusal(BytesView bytes) {
  CborReader in(bytes);
  Refusal message;
  in.array_of(2);
  message.code = std::string(in.text());
  message.message = std::string(in.text());
  return finished(in, std::move(message), "a refusal");
}

}  // namespace fieldpost
