// How a laptop gets its identity: its key is made on it and never leaves; a ticket from the office is exchanged for a
// certificate (design 5).
#pragma once

#include <string>

#include "shared/storage/store.h"
#include "sync/transport.h"

namespace fieldpost {

/// Enrols this store with the ticket. Lost answers are harmless: the same ticket from the same laptop gets the same
/// certificate again. Errors: ticket_used, ticket_expired, forbidden (unknown ticket), not_central (another
/// deployment than the ticket's), waiting_approval (the message holds the fingerprint to read to the office; enrol
/// again after), already_exists (this laptop belongs to another deployment).
Result<Identity> enrol(Store& store, Transport& transport, std::string_view url, const Ticket& ticket);

}  // namespace fieldpost
