#include "shared/model/heads_mark.h"

namespace fieldpost {

HeadsMark heads_mark(const RecordHeads& heads) {
  const Digest digest = sha256(heads.digest_bytes());
  HeadsMark mark;
  std::copy_n(digest.bytes.begin(), mark.bytes.size(), mark.bytes.begin());
  return mark;
}

}  // namespace fieldpost
