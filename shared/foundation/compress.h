// zstd with a bound on what comes out.
#pragma once

#include "shared/foundation/bytes.h"

namespace fieldpost {

Bytes compress(BytesView plain, int level);
/// Fails when the bytes are not one zstd frame or would expand beyond `expanded_max` bytes.
Result<Bytes> decompress(BytesView packed, std::size_t expanded_max);

}  // namespace fieldpost
