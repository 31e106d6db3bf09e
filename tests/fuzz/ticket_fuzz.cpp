// No text crashes the reader of tickets, and a ticket that is read is written as the same ticket.
#include "shared/foundation/bytes.h"
#include "shared/model/certificate.h"
#include "tests/fuzz/fuzz.h"

using namespace fieldpost;

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Result<Ticket> ticket = parse_ticket(text_of({data, size}));
  if (!ticket) return 0;
  const Result<Ticket> again = parse_ticket(ticket_text(*ticket));
  ensure(again && again->secret == ticket->secret && again->deployment == ticket->deployment &&
             again->tls_pin == ticket->tls_pin,
         "a ticket comes back from its text");
  return 0;
}
