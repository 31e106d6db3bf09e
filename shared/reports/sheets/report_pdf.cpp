// The page follows NĐ 30/2020/NĐ-CP, appendix I, as far as it speaks of tables of figures: who reports on the left,
// the national words on the right, the form's basis under the title, and room to sign.
#include <algorithm>

#include "shared/paper/canvas.h"
#include "shared/reports/sheets/report_sheets.h"

namespace fieldpost {

namespace {

constexpr double margin_left_mm = 20, margin_mm = 12, pad_mm = 0.9, rule_pt = 0.5;
constexpr double number_width_mm = 12;
constexpr std::size_t columns_upright_max = 7, columns_on_page_max = 15;

class Printer {
 public:
  Printer(const Report& report, const SheetWords& words)
      : report_(report),
        words_(words),
        english_(words.language == "en"),
        across_(std::any_of(report.tables.begin(), report.tables.end(),
                            [&](const ReportTable& table) {
                              return report_head(table, words.language).shown.size() > columns_upright_max;
                            })),
        width_mm_((across_ ? page_height_mm : page_width_mm) - margin_left_mm - margin_mm),
        bottom_mm_((across_ ? page_width_mm : page_height_mm) - margin_mm),
        canvas_(report.definition->label.vi, report.window.to, across_ ? PageSide::across : PageSide::upright) {}

  Result<Bytes> print() {
    letterhead();
    for (const ReportTable& table : report_.tables) {
      const ReportHead head = report_head(table, words_.language);
      if (report_.tables.size() > 1)
        paragraph(table.definition->label.in(words_.language), bold(11, TextStyle::Align::left));
      // What does not fit beside each other stands below each other, the lines' names repeated.
      for (std::size_t first = 0; first == 0 || first < head.shown.size(); first += columns_on_page_max) {
        const std::size_t last = std::min(first + columns_on_page_max, head.shown.size());
        print_table(table,
                    std::vector(head.shown.begin() + static_cast<std::ptrdiff_t>(first),
                                head.shown.begin() + static_cast<std::ptrdiff_t>(last)),
                    head.proposes && last == head.shown.size());
        y_ += 4;
      }
      print_notes(table);
    }
    signatures();
    return canvas_.finish();
  }

 private:
  static TextStyle style(double size, TextStyle::Align align) {
    TextStyle out;
    out.size_pt = size;
    out.align = align;
    return out;
  }
  static TextStyle bold(double size, TextStyle::Align align) {
    TextStyle out = style(size, align);
    out.bold = true;
    return out;
  }

  void room(double height) {
    if (y_ + height <= bottom_mm_) return;
    canvas_.next_page();
    y_ = margin_mm;
  }

  void paragraph(const std::string& text, const TextStyle& text_style) {
    const TextBox box = canvas_.lay_out(text, text_style, width_mm_);
    for (std::size_t line = 0; line < box.lines(); ++line) {
      room(box.line_height_mm(line));
      canvas_.draw(box, line, 1, margin_left_mm, y_);
      y_ += box.line_height_mm(line);
    }
    y_ += 1;
  }

  void letterhead() {
    const double left = width_mm_ * 0.4, right = width_mm_ * 0.6;
    const TextBox issuer =
        canvas_.lay_out(words_.above + (words_.above.empty() ? "" : "\n") +
                            (words_.issuer.empty() ? "......................................." : words_.issuer),
                        bold(11, TextStyle::Align::centre), left);
    const TextBox nation = canvas_.lay_out("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM\nĐộc lập - Tự do - Hạnh phúc",
                                           bold(11, TextStyle::Align::centre), right);
    canvas_.draw(issuer, margin_left_mm, y_);
    canvas_.draw(nation, margin_left_mm + left, y_);
    y_ += std::max(issuer.height_mm(), nation.height_mm());
    const double middle = margin_left_mm + left + right / 2;
    canvas_.line(middle - 25, y_ + 0.8, middle + 25, y_ + 0.8, rule_pt);
    y_ += 6;
    const ReportDefinition& definition = *report_.definition;
    paragraph(definition.label.in(words_.language), bold(14, TextStyle::Align::centre));
    TextStyle basis = style(10, TextStyle::Align::centre);
    basis.italic = true;
    if (!definition.basis.empty()) paragraph("(" + definition.basis + ")", basis);
    paragraph((english_ ? "Figures " : "Số liệu ") + window_text(report_.window, words_.language), basis);
    if (!report_.state.empty()) paragraph(state_text(report_.state, words_.language), basis);
    if (definition.by_place)
      paragraph(english_ ? (report_.todays_places ? "In today's communes" : "In the communes of the time")
                         : (report_.todays_places ? "Theo đơn vị hành chính hiện nay"
                                                  : "Theo đơn vị hành chính tại thời điểm đó"),
                basis);
    y_ += 2;
  }

  // ---- Tables

  struct Grid {
    std::vector<double> x;  // left edges, and the right edge of the last
    double size_pt = 9;
  };

  Grid grid_of(const ReportTable& table, const std::vector<std::size_t>& shown, bool proposes) const {
    Grid grid;
    grid.size_pt = shown.size() > 12 ? 7 : shown.size() > 8 ? 8 : 9;
    double shares = shown.empty() ? 3 : shown.size() > 10 ? 2.6 : 3;
    const auto share = [&](std::size_t i) { return table.columns[i].kind == ReportColumn::Kind::text ? 1.8 : 1.0; };
    for (const std::size_t i : shown) shares += share(i);
    if (proposes) shares += 1;
    const double one = (width_mm_ - number_width_mm) / shares;
    const double label = shown.size() > 10 ? 2.6 * one : 3 * one;
    grid.x = {margin_left_mm, margin_left_mm + number_width_mm, margin_left_mm + number_width_mm + label};
    for (const std::size_t i : shown) grid.x.push_back(grid.x.back() + one * share(i));
    if (proposes) grid.x.push_back(grid.x.back() + one);
    return grid;
  }

  /// The head of the columns that are shown in this part.
  static ReportHead head_of(const ReportTable& table, const std::vector<std::size_t>& shown, bool proposes,
                            const std::string& language) {
    ReportTable part;
    TableDefinition definition = *table.definition;
    if (!proposes) definition.propose = 0;
    part.definition = &definition;
    for (const std::size_t i : shown) {
      part.columns.push_back(table.columns[i]);
      part.columns.back().only_if_any = false;
    }
    return report_head(part, language);
  }

  void print_table(const ReportTable& table, const std::vector<std::size_t>& shown, bool proposes) {
    const Grid grid = grid_of(table, shown, proposes);
    const ReportHead head = head_of(table, shown, proposes, words_.language);
    print_head(table, shown, head, grid);
    std::size_t count = 0;
    const auto line = [&](const ReportLine& each, bool is_total) {
      ++count;
      print_line(table, shown, each, grid, head, is_total, count, proposes);
    };
    for (const ReportLine& each : table.lines) line(each, false);
    if (table.total) line(*table.total, true);
  }

  void print_head(const ReportTable& table, const std::vector<std::size_t>& shown, const ReportHead& head,
                  const Grid& grid) {
    std::vector<TextBox> boxes;
    std::vector<double> heights(head.rows, 4);
    for (const HeadCell& cell : head.cells)
      boxes.push_back(canvas_.lay_out(cell.text, bold(grid.size_pt, TextStyle::Align::centre),
                                      grid.x[cell.column + cell.columns] - grid.x[cell.column] - 2 * pad_mm));
    for (std::size_t pass = 1; pass <= head.rows; ++pass)
      for (std::size_t i = 0; i < boxes.size(); ++i) {
        const HeadCell& cell = head.cells[i];
        if (cell.rows != pass) continue;
        double there = 0;
        for (std::size_t row = cell.row; row < cell.row + cell.rows; ++row) there += heights[row];
        const double missing = boxes[i].height_mm() + 2 * pad_mm - there;
        if (missing > 0) heights[cell.row + cell.rows - 1] += missing;
      }
    double height = head.numbered ? 5 : 0;
    for (const double each : heights) height += each;
    room(height + 20);
    std::vector<double> y = {y_};
    for (const double each : heights) y.push_back(y.back() + each);
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      const HeadCell& cell = head.cells[i];
      const double top = y[cell.row], bottom = y[cell.row + cell.rows];
      frame(grid.x[cell.column], top, grid.x[cell.column + cell.columns], bottom);
      canvas_.draw(boxes[i], grid.x[cell.column] + pad_mm, top + (bottom - top - boxes[i].height_mm()) / 2);
    }
    y_ = y.back();
    if (!head.numbered) return;
    std::vector<std::string> numbers = {"A", "B"};
    for (const std::size_t i : shown) numbers.push_back(table.columns[i].number);
    if (numbers.size() + 1 < grid.x.size()) numbers.emplace_back();
    cells(numbers, std::vector(numbers.size(), style(7, TextStyle::Align::centre)), grid);
  }

  void print_line(const ReportTable& table, const std::vector<std::size_t>& shown, const ReportLine& line,
                  const Grid& grid, const ReportHead& head, bool is_total, std::size_t count, bool proposes) {
    const bool ranked = !table.definition->rank_by.empty();
    const bool numbered = table.definition->rows_are != TableDefinition::Rows::fixed && !is_total;
    std::vector<std::string> texts = {ranked                 ? (line.rank > 0 ? std::to_string(line.rank) : "")
                                      : !line.number.empty() ? line.number
                                      : numbered             ? std::to_string(count)
                                                             : "",
                                      line.label.in(words_.language)};
    std::vector<TextStyle> styles = {style(grid.size_pt, TextStyle::Align::centre),
                                     style(grid.size_pt, TextStyle::Align::left)};
    for (const std::size_t i : shown) {
      ReportCell cell = line.cells[i];
      if (cell.figure && !line.estimated.empty()) *cell.figure += line.estimated[i].value_or(0);
      texts.push_back(figure_text(table.columns[i], cell, words_.language));
      const bool words = table.columns[i].kind == ReportColumn::Kind::text ||
                         (!cell.figure && table.columns[i].kind == ReportColumn::Kind::ratio);
      styles.push_back(style(grid.size_pt, words ? TextStyle::Align::left : TextStyle::Align::right));
    }
    if (proposes) {
      texts.emplace_back(line.proposed ? "X" : "");
      styles.push_back(style(grid.size_pt, TextStyle::Align::centre));
    }
    if (is_total)
      for (TextStyle& each : styles) each.bold = true;
    row(table, shown, head, texts, styles, grid);
    if (line.estimated.empty()) return;
    texts = {"", english_ ? "of it estimated" : "trong đó ước tính"};
    for (const std::size_t i : shown)
      texts.push_back(line.estimated[i] ? figure_text(table.columns[i], {line.estimated[i], ""}, words_.language)
                                        : "");
    if (proposes) texts.emplace_back();
    for (TextStyle& each : styles) {
      each.italic = true;
      each.bold = false;
    }
    row(table, shown, head, texts, styles, grid);
  }

  /// On a new page the head stands again.
  void row(const ReportTable& table, const std::vector<std::size_t>& shown, const ReportHead& head,
           const std::vector<std::string>& texts, const std::vector<TextStyle>& styles, const Grid& grid) {
    double height = 0;
    for (std::size_t i = 0; i < texts.size(); ++i)
      height =
          std::max(height, canvas_.lay_out(texts[i], styles[i], grid.x[i + 1] - grid.x[i] - 2 * pad_mm).height_mm());
    if (y_ + height + 2 * pad_mm > bottom_mm_) {
      canvas_.next_page();
      y_ = margin_mm;
      print_head(table, shown, head, grid);
    }
    cells(texts, styles, grid);
  }

  void cells(const std::vector<std::string>& texts, const std::vector<TextStyle>& styles, const Grid& grid) {
    std::vector<TextBox> boxes;
    double height = 0;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      boxes.push_back(canvas_.lay_out(texts[i], styles[i], grid.x[i + 1] - grid.x[i] - 2 * pad_mm));
      height = std::max(height, boxes.back().height_mm());
    }
    height += 2 * pad_mm;
    for (std::size_t i = 0; i < boxes.size(); ++i) {
      frame(grid.x[i], y_, grid.x[i + 1], y_ + height);
      canvas_.draw(boxes[i], grid.x[i] + pad_mm, y_ + pad_mm);
    }
    y_ += height;
  }

  void frame(double left, double top, double right, double bottom) {
    canvas_.line(left, top, right, top, rule_pt);
    canvas_.line(left, bottom, right, bottom, rule_pt);
    canvas_.line(left, top, left, bottom, rule_pt);
    canvas_.line(right, top, right, bottom, rule_pt);
  }

  void print_notes(const ReportTable& table) {
    const TextStyle small = style(9, TextStyle::Align::left);
    for (const ReportTable::Broken& broken : table.broken)
      paragraph((english_ ? "CHECK: " : "CẦN KIỂM TRA: ") + broken_text(table, broken, words_.language),
                bold(9, TextStyle::Align::left));
    if (table.tie_at_the_end)
      paragraph(english_ ? "Equals stand at the end of the proposals: the council decides."
                         : "Có nơi bằng nhau ở cuối danh sách đề nghị: Hội đồng quyết định.",
                bold(9, TextStyle::Align::left));
    for (const Label& note : table.definition->notes) paragraph(note.in(words_.language), small);
    y_ += 2;
  }

  void signatures() {
    room(38);
    y_ += 4;
    const double half = width_mm_ / 2;
    const TextBox left =
        canvas_.lay_out(english_ ? "MADE BY\n(signature, full name)" : "NGƯỜI LẬP BIỂU\n(Ký, ghi rõ họ tên)",
                        bold(10, TextStyle::Align::centre), half);
    const TextBox right = canvas_.lay_out(
        english_ ? "........, day ..... month ..... year ......\nHEAD OF THE OFFICE\n(signature, full name, seal)"
                 : "........, ngày ..... tháng ..... năm ......\nTHỦ TRƯỞNG ĐƠN VỊ\n(Ký, ghi rõ họ tên, đóng dấu)",
        bold(10, TextStyle::Align::centre), half);
    canvas_.draw(left, margin_left_mm, y_ + right.height_mm() - left.height_mm());
    canvas_.draw(right, margin_left_mm + half, y_);
    y_ += right.height_mm();
  }

  const Report& report_;
  const SheetWords& words_;
  bool english_, across_;
  double width_mm_, bottom_mm_;
  Canvas canvas_;
  double y_ = margin_mm;
};

}  // namespace

Result<Bytes> report_pdf(const Report& report, const SheetWords& words) { return Printer(report, words).print(); }

}  // namespace fieldpost
