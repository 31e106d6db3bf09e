#include <algorithm>

#include "shared/reports/sheets/report_sheets.h"

namespace fieldpost {

namespace {

bool same(const Label& a, const Label& b) { return a.vi == b.vi && a.en == b.en; }

}  // namespace

ReportHead report_head(const ReportTable& table, std::string_view language) {
  ReportHead out;
  out.shown = shown_columns(table);
  out.proposes = table.definition->propose > 0;
  for (const std::size_t i : out.shown) {
    out.rows = std::max(out.rows, table.columns[i].heads.size() + 1);
    out.numbered = out.numbered || !table.columns[i].number.empty();
  }
  out.rows = std::max<std::size_t>(out.rows, 1);
  const bool english = language == "en";
  const bool ranked = !table.definition->rank_by.empty();
  out.cells.push_back({0, 0, out.rows, 1, ranked ? (english ? "Rank" : "Hạng") : (english ? "No." : "TT")});
  out.cells.push_back({0, 1, out.rows, 1, table.definition->line_label.in(language)});
  for (std::size_t level = 0; level < out.rows; ++level) {
    for (std::size_t at = 0; at < out.shown.size(); ++at) {
      const ReportColumn& column = table.columns[out.shown[at]];
      if (column.heads.size() == level)
        out.cells.push_back({level, at + 2, out.rows - level, 1, column.label.in(language)});
      if (column.heads.size() <= level) continue;
      std::size_t last = at;
      const auto under_same = [&](std::size_t other) {
        const ReportColumn& next = table.columns[out.shown[other]];
        if (next.heads.size() <= level) return false;
        for (std::size_t above = 0; above <= level; ++above)
          if (!same(next.heads[above], column.heads[above])) return false;
        return true;
      };
      while (last + 1 < out.shown.size() && under_same(last + 1)) ++last;
      out.cells.push_back({level, at + 2, 1, last - at + 1, column.heads[level].in(language)});
      at = last;
    }
  }
  if (out.proposes)
    out.cells.push_back({0, out.shown.size() + 2, out.rows, 1, english ? "Proposed" : "Đề nghị khen thưởng"});
  std::stable_sort(out.cells.begin(), out.cells.end(), [](const HeadCell& a, const HeadCell& b) {
    return std::pair(a.row, a.column) < std::pair(b.row, b.column);
  });
  return out;
}

}  // namespace fieldpost
