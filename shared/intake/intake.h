// What becomes of a file when somebody attaches it: judged and made fit by what its question asks for. Pure: reading
// the file and keeping what comes of it (storage/attachment_store) are the caller's. Only laptops link this.
#pragma once

#include <string>
#include <string_view>

#include "shared/forms/form.h"

namespace fieldpost {

struct TakenIn {
  Bytes content;
  std::string type;  // as in Attachment
  std::string name;
};

/// `name` is what the file is called, with or without its folders. A picture is made anew without metadata, unless
/// its question keeps them. Errors: malformed (empty, or no picture where one is asked for, or one that is damaged),
/// out_of_bounds (a picture of too many pixels; larger than the question takes).
Result<TakenIn> take_in(const Question& question, Bytes file, std::string_view name);

}  // namespace fieldpost
