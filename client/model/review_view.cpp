#include "client/model/review_view.h"

#include <algorithm>

namespace fieldpost {

bool ReviewView::has_writing() const {
  return !reason.empty() ||
         std::any_of(writing.begin(), writing.end(), [](const Writing& one) { return !one.text.empty(); });
}

}  // namespace fieldpost
