// What somebody had in front of them who looked at a record, in a few letters.
#pragma once

#include <array>
#include <string>

#include "shared/model/merge.h"

namespace fieldpost {

/// The first half of the SHA-256 of what digests cover of a record (RecordHeads::digest_bytes): the same on every
/// replica that holds the same heads, and another one after any edit. No clock has a part in it.
using HeadsMark = Id<struct HeadsMarkTag, 16>;
HeadsMark heads_mark(const RecordHeads& heads);

}  // namespace fieldpost
