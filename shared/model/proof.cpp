#include "shared/model/proof.h"

#include <nlohmann/json.hpp>

#include <algorithm>

#include "shared/foundation/cbor.h"

namespace fieldpost {

namespace {

using Json = nlohmann::json;

constexpr std::string_view proof_context = "fieldpost proof";
constexpr std::string_view proof_format = "fieldpost-proof-1";

// body = [ record: bytes16, central: bytes, [ [ receipt: bytes, start_n: uint, start: bytes32, [ bytes32 … ] ] … ],
//          [ [ change: bytes32, receipt: uint, n: uint, outcome: uint, reason: uint ] … ], [ bytes32 … ] ]
Bytes body_of(const Proof& proof) {
  CborWriter out;
  out.array(5).bytes(proof.record.view()).bytes(encode_statement(proof.central)).array(proof.runs.size());
  for (const Proof::Run& run : proof.runs) {
    out.array(4).bytes(encode_receipt(run.receipt)).uint(run.start_n).bytes(run.start.view()).array(run.ids.size());
    for (const ChangeId& id : run.ids) out.bytes(id.view());
  }
  out.array(proof.changes.size());
  for (const Proof::Line& line : proof.changes)
    out.array(5)
        .bytes(line.change.view())
        .uint(line.run)
        .uint(line.n)
        .uint(static_cast<std::uint64_t>(line.outcome))
        .uint(static_cast<std::uint64_t>(line.reason));
  out.array(proof.without_receipt.size());
  for (const ChangeId& id : proof.without_receipt) out.bytes(id.view());
  return std::move(out).result();
}

/// Reads a JSON object member by member; the first that is not what it should be is a fault, and all later ones are
/// empty.
class Reader {
 public:
  explicit Reader(const Json& json, bool* ok) : json_(json), ok_(ok) {}
  std::string text(const char* name) const {
    const Json* found = find(name);
    if (found && found->is_string()) return found->get<std::string>();
    *ok_ = false;
    return {};
  }
  std::uint64_t number(const char* name) const {
    const Json* found = find(name);
    if (found && found->is_number_unsigned()) return found->get<std::uint64_t>();
    *ok_ = false;
    return 0;
  }
  const Json& array(const char* name) const {
    static const Json none = Json::array();
    const Json* found = find(name);
    if (found && found->is_array()) return *found;
    *ok_ = false;
    return none;
  }
  Bytes bytes(const char* name) const { return taken(from_base64url(text(name))); }
  template <class AnyId>
  AnyId hex(const char* name) const {
    return taken(parse_hex_id<AnyId>(text(name)));
  }
  template <class T>
  T taken(Result<T> result) const {
    if (result) return *std::move(result);
    *ok_ = false;
    return T{};
  }

 private:
  const Json* find(const char* name) const {
    if (!json_.is_object()) return nullptr;
    const auto found = json_.find(name);
    return found == json_.end() ? nullptr : &*found;
  }
  const Json& json_;
  bool* ok_;
};

std::vector<ChangeId> ids_in(const Json& list, bool* ok) {
  std::vector<ChangeId> ids;
  for (const Json& item : list) {
    const Result<ChangeId> id = item.is_string() ? parse_hex_id<ChangeId>(item.get_ref<const std::string&>())
                                                 : Result<ChangeId>(Error{ErrorCode::malformed, "not an id"});
    if (id)
      ids.push_back(*id);
    else
      *ok = false;
  }
  return ids;
}

Json json_of(const Proof& proof) {
  Json receipts = Json::array(), changes = Json::array(), open = Json::array();
  for (const Proof::Run& run : proof.runs) {
    const Receipt& receipt = run.receipt;
    Json ids = Json::array();
    for (const ChangeId& id : run.ids) ids.push_back(text(id));
    receipts.push_back({{"receipt", to_base64url(encode_receipt(receipt))},
                        {"incarnation", text(receipt.incarnation)},
                        {"epoch", text(receipt.epoch)},
                        {"first", receipt.first},
                        {"last", receipt.last},
                        {"chain", text(receipt.chain)},
                        {"at_ms", receipt.at},
                        {"start_n", run.start_n},
                        {"start", text(run.start)},
                        {"ids", std::move(ids)}});
  }
  for (const Proof::Line& line : proof.changes)
    changes.push_back({{"change", text(line.change)},
                       {"receipt", line.run},
                       {"n", line.n},
                       {"outcome", outcome_name(line.outcome)},
                       {"reason", reason_name(line.reason)}});
  for (const ChangeId& id : proof.without_receipt) open.push_back(text(id));
  return {{"format", proof_format},
          {"record", text(proof.record)},
          {"device", text(proof.device())},
          {"device_key", to_base64url(proof.device_key.view())},
          {"deployment", text(proof.central.deployment_id())},
          {"deployment_key", fingerprint(proof.central.deployment)},
          {"central", to_base64url(encode_statement(proof.central))},
          {"receipts", std::move(receipts)},
          {"changes", std::move(changes)},
          {"without_receipt", std::move(open)},
          {"signature", to_base64url(proof.signature.view())}};
}

std::string without_blanks(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  std::copy_if(text.begin(), text.end(), std::back_inserter(out),
               [](char c) { return c != ' ' && c != '\n' && c != '\r' && c != '\t'; });
  return out;
}

}  // namespace

std::pair<Outcome, Reason> said_of(const Receipt& receipt, std::uint64_t n) {
  for (const Receipt::Exception& exception : receipt.exceptions)
    if (exception.n == n) return {exception.outcome, exception.reason};
  return {Outcome::committed, Reason::none};
}

Digest end_of(const Proof::Run& run) {
  Digest chain = run.start;
  for (std::size_t i = 0; i < run.ids.size(); ++i) chain = chain_next(chain, run.start_n + i, run.ids[i]);
  return chain;
}

void sign_proof(Proof& proof, const SigningKey& device_key) {
  proof.device_key = device_key.public_key();
  proof.signature = device_key.sign(proof_context, body_of(proof));
}

Result<void> verify_proof(const Proof& proof) {
  const auto untrusted = [](const char* what) {
    return Error{ErrorCode::untrusted, std::string("the proof does not hold: ") + what};
  };
  if (!verify_statement(proof.central, proof.central.deployment))
    return untrusted("the deployment key did not sign this receipt key");
  for (const Proof::Run& run : proof.runs) {
    const Receipt& receipt = run.receipt;
    if (!verify_receipt(receipt, proof.central.receipts))
      return untrusted("central's receipt key did not sign this receipt");
    if (receipt.deployment != proof.central.deployment_id() || receipt.device != proof.device())
      return untrusted("a receipt is for another deployment or laptop");
    if (run.start_n < receipt.first || run.start_n > receipt.last ||
        run.ids.size() != receipt.last - run.start_n + 1 || end_of(run) != receipt.chain)
      return untrusted("the changes of the run do not lead to the chain value that the receipt names");
  }
  for (const Proof::Line& line : proof.changes) {
    if (line.run >= proof.runs.size()) return untrusted("a change names a receipt that is not there");
    const Proof::Run& run = proof.runs[line.run];
    if (line.n < run.start_n || line.n > run.receipt.last || run.ids[line.n - run.start_n] != line.change)
      return untrusted("a change does not stand at its place in the run that the receipt covers");
    if (said_of(run.receipt, line.n) != std::pair(line.outcome, line.reason))
      return untrusted("the receipt says another outcome than the proof");
  }
  if (!verify(proof.device_key, proof_context, body_of(proof), proof.signature))
    return untrusted("the laptop did not sign it as it stands here");
  return {};
}

std::string proof_text(const Proof& proof) { return json_of(proof).dump(2) + "\n"; }

Result<Proof> parse_proof(std::string_view text) {
  const Error fault{ErrorCode::malformed, "this is no proof, or it was altered: it is not as it was written"};
  const Json json = Json::parse(text, nullptr, false);
  bool ok = !json.is_discarded();
  const Reader in(json, &ok);
  Proof proof;
  proof.record = in.taken(parse_entity_id(in.text("record")));
  proof.device_key = in.taken(PublicKey::from_bytes(in.bytes("device_key")));
  proof.central = in.taken(decode_statement(in.bytes("central")));
  proof.signature = in.taken(Signature::from_bytes(in.bytes("signature")));
  for (const Json& item : in.array("receipts")) {
    const Reader of(item, &ok);
    Proof::Run& run = proof.runs.emplace_back();
    run.receipt = of.taken(decode_receipt(of.bytes("receipt")));
    run.start_n = of.number("start_n");
    run.start = of.hex<Digest>("start");
    run.ids = ids_in(of.array("ids"), &ok);
  }
  for (const Json& item : in.array("changes")) {
    const Reader of(item, &ok);
    Proof::Line& line = proof.changes.emplace_back();
    line.change = of.hex<ChangeId>("change");
    line.run = of.number("receipt");
    line.n = of.number("n");
    // What the receipt says; that the document says the same is seen below.
    if (line.run < proof.runs.size())
      std::tie(line.outcome, line.reason) = said_of(proof.runs[line.run].receipt, line.n);
  }
  proof.without_receipt = ids_in(in.array("without_receipt"), &ok);
  // One meaning, one text: what is shown beside the signed parts cannot say something else than they do.
  if (!ok || without_blanks(text) != json_of(proof).dump()) return fault;
  return proof;
}

}  // namespace fieldpost
