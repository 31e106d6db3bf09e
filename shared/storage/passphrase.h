// The passphrase of a store, as programs without a window get it: FIELDPOST_PASSPHRASE, or typed at the terminal
// without being shown.
#pragma once

#include <string>

#include "shared/foundation/result.h"

namespace fieldpost {

/// `is_new`: typed twice, for nobody can look it up later. Errors: wrong_passphrase (there is none and no terminal to
/// ask at; the two differ; it is empty).
Result<std::string> ask_passphrase(bool is_new);

}  // namespace fieldpost
