// A paper set on A4 pages, as NĐ 30/2020/NĐ-CP, appendix I, asks: margins, letterhead, title, signatures, page
// numbers. Pure: what comes in as values goes out as the bytes of a PDF; nothing is read, written or logged, and the
// same values give the same bytes on one machine. The fonts are embedded.
#pragma once

#include "shared/foundation/bytes.h"
#include "shared/paper/paper.h"

namespace fieldpost {

/// Appendix I, 3: upper and lower 20 to 25 mm, left 30 to 35 mm, right 15 to 20 mm.
inline constexpr double margin_top_mm = 20, margin_bottom_mm = 20, margin_left_mm = 30, margin_right_mm = 20;
/// What the margins leave of an A4 page.
inline constexpr double text_width_mm = 160, text_height_mm = 257;

struct Printed {
  Bytes pdf;
  std::size_t pages = 0;
  std::size_t letters_missing = 0;  // that no font of this machine has: boxes stand in their place
};

/// `answers` null: the blank form, its slots dotted. `form` is the version the record was written under. Errors: io.
Result<Printed> print_paper(const Paper& paper, const Form& form, const Answers* answers, const Catalogue& catalogue,
                            const PaperContext& context);

}  // namespace fieldpost
