#include "sync/enrolment.h"

#include "sync/messages.h"

namespace fieldpost {

Result<Identity> enrol(Store& store, Transport& transport, std::string_view url, const Ticket& ticket) {
  const Result<std::optional<Identity>> before = store.identity();
  if (!before) return before.error();
  if (*before && (*before)->central.deployment != ticket.deployment)
    return Error{ErrorCode::already_exists,
                 "this laptop belongs to another deployment: use another home for this one"};
  const Result<SigningKey> key = store.device_key();
  if (!key) return key.error();
  EnrolRequest request;
  request.secret = ticket.secret;
  request.key = key->public_key();
  sign_enrol(request, *key);
  const Result<Response> response = transport.exchange({path::enrol, "", encode(request)});
  if (!response) return response.error();
  if (response->status != 200) {
    const Result<Refusal> refusal = decode_refusal(response->body);
    if (!refusal) return Error{ErrorCode::not_central, "the answer is not from a Fieldpost central"};
    const ErrorCode code = refusal->code == code_name(ErrorCode::ticket_used)      ? ErrorCode::ticket_used
                           : refusal->code == code_name(ErrorCode::ticket_expired) ? ErrorCode::ticket_expired
                           : response->status >= 500                               ? ErrorCode::unreachable
                                                                                   : ErrorCode::forbidden;
    return Error{code, refusal->message};
  }
  const Result<EnrolAnswer> answer = decode_enrol_answer(response->body);
  if (!answer) return Error{ErrorCode::not_central, "the answer is not from a Fieldpost central"};
  if (!verify_statement(answer->statement, ticket.deployment))
    return Error{ErrorCode::not_central,
                 "this central is not the one that issued the ticket: nothing was sent but the ticket"};
  if (!answer->certificate)
    return Error{
        ErrorCode::waiting_approval,
        "read this fingerprint to the office, and enrol again with the same ticket once it has approved it: " +
            fingerprint(request.key)};
  if (!verify_certificate(*answer->certificate, ticket.deployment) || answer->certificate->key != request.key)
    return Error{ErrorCode::untrusted, "central answered with a certificate that is not this laptop's"};
  Identity identity{std::string(url), *answer->certificate, answer->statement};
  if (Result<void> kept = store.set_identity(identity); !kept) return kept.error();
  return identity;
}

}  // namespace fieldpost
