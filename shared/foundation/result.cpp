#include "shared/foundation/result.h"

namespace fieldpost {

const char* code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::invalid_argument: return "invalid_argument";
    case ErrorCode::malformed: return "malformed";
    case ErrorCode::out_of_bounds: return "out_of_bounds";
    case ErrorCode::not_found: return "not_found";
    case ErrorCode::already_exists: return "already_exists";
    case ErrorCode::wrong_passphrase: return "wrong_passphrase";
    case ErrorCode::damaged: return "damaged";
    case ErrorCode::disk_full: return "disk_full";
    case ErrorCode::io: return "io";
    case ErrorCode::busy: return "busy";
    case ErrorCode::unreachable: return "unreachable";
    case ErrorCode::not_central: return "not_central";
    case ErrorCode::untrusted: return "untrusted";
    case ErrorCode::ticket_expired: return "ticket_expired";
    case ErrorCode::ticket_used: return "ticket_used";
    case ErrorCode::waiting_approval: return "waiting_approval";
    case ErrorCode::forbidden: return "forbidden";
    case ErrorCode::interrupted: return "interrupted";
  }
  return "unknown";
}

}  // namespace fieldpost
