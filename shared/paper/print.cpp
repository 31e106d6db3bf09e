#include "shared/paper/print.h"

#include <algorithm>

#include "shared/paper/canvas.h"

namespace fieldpost {

namespace {

using Align = TextStyle::Align;
using Kind = PaperBlock::Kind;
using Column = PaperBlock::Column;

// Appendix I, part I, II.1 (national words), II.2 (issuer), II.5 (title), II.6 (body), II.9 (recipients): letters in
// points.
constexpr double nation_pt = 12, motto_pt = 13, issuer_pt = 12, body_pt = 13, title_pt = 14;
constexpr double table_pt = 12, recipients_pt = 11, note_pt = 11;
constexpr const char* nation = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
constexpr const char* motto = "Độc lập - Tự do - Hạnh phúc";

constexpr double bottom_mm = page_height_mm - margin_bottom_mm;
constexpr double right_mm = page_width_mm - margin_right_mm;
constexpr double page_number_mm = 10;  // in the upper margin, from page 2 on (I.7)
constexpr double issuer_width_mm = 66, nation_width_mm = text_width_mm - issuer_width_mm;
constexpr double first_indent_mm = 10, body_spacing = 1.12, paragraph_gap_mm = 1.4;
// Dotted lines are for a hand that writes on a knee.
constexpr double dotted_spacing = 1.35;
constexpr double gutter_mm = 4;  // between columns side by side
// A row must take a signature or a thumb, filled in or not.
constexpr double row_min_mm = 9, cell_pad_mm = 1.2, after_table_mm = 3;
constexpr double signature_gap_mm = 25, signature_date_mm = 85;
constexpr double rule_pt = 0.6, rule_part = 0.4;  // under the issuer and the title: a third to a half of their length
// A cell holds a name or an address; a text that somebody pasted into one must not push the row off its page.
constexpr std::size_t cell_lines_max = 8, signature_lines_max = 4, letterhead_lines_max = 6;

class Typesetter {
 public:
  Typesetter(const Paper& paper, const Filler& filler)
      : filler_(filler), canvas_(paper.label.vi, filler.context().today) {}

  void set(const std::vector<PaperBlock>& blocks) {
    std::vector<const PaperBlock*> shown;
    for (const PaperBlock& block : blocks)
      if ((block.when.empty() || filler_.holds(block.when)) && (block.unless.empty() || !filler_.holds(block.unless)))
        shown.push_back(&block);
    for (std::size_t i = 0; i < shown.size(); ++i) {
      keep_together(shown, i);
      set(*shown[i]);
    }
  }

  Result<Printed> finish() {
    Printed out;
    out.pages = canvas_.page();
    out.letters_missing = canvas_.letters_missing();
    Result<Bytes> pdf = canvas_.finish();
    if (!pdf) return pdf.error();
    out.pdf = *std::move(pdf);
    return out;
  }

 private:
  void set(const PaperBlock& block) {
    switch (block.kind) {
      case Kind::letterhead: letterhead(block); break;
      case Kind::title: title(block); break;
      case Kind::heading: heading(block); break;
      case Kind::text: text(block); break;
      case Kind::row: row(block); break;
      case Kind::table: table(block); break;
      case Kind::note: note(block); break;
      case Kind::signatures: signatures(block); break;
    }
  }

  /// Nobody signs an empty page: what stands above the signatures goes over to the next page with them.
  void keep_together(const std::vector<const PaperBlock*>& blocks, std::size_t from) {
    to_signatures_mm_ = 0;
    if (blocks[from]->kind == Kind::signatures) return;
    if (blocks[from]->kind == Kind::table) {
      to_signatures_mm_ = height_to_signatures(blocks, from + 1);
      return;
    }
    const double height = height_to_signatures(blocks, from);
    if (height > 0) make_room(height);
  }
  /// From this block to the end of the signatures, where no more than one text and a note lie between and it is less
  /// than half a page; else 0.
  double height_to_signatures(const std::vector<const PaperBlock*>& blocks, std::size_t from) {
    double height = 0;
    std::size_t texts = 0;
    for (std::size_t i = from; i < blocks.size() && height < text_height_mm / 2; ++i) {
      const PaperBlock& block = *blocks[i];
      if (block.kind == Kind::signatures) {
        height += lay_out_signatures(block).height_mm;
        return height < text_height_mm / 2 ? height : 0;
      }
      if (block.kind == Kind::note)
        height += note_box(block).height_mm() + paragraph_gap_mm + 1;
      else if (block.kind == Kind::text && ++texts == 1)
        height += text_box(block).height_mm() + paragraph_gap_mm;
      else
        return 0;
    }
    return 0;
  }

  std::string filled(const Wording& wording) const { return filler_.fill(wording).text; }
  /// The text with dots to the end of its line where its last slot is empty.
  TextBox box_of(const Wording& wording, TextStyle style, double width_mm, std::size_t lines = 1) {
    const Filled text = filler_.fill(wording);
    if (!text.to_line_end) return canvas_.lay_out(text.text, style, width_mm);
    style.align = Align::left;
    if (lines > 1) style.line_spacing = dotted_spacing;
    return canvas_.lay_out_dotted(text.text, style, width_mm, lines);
  }

  bool fits(double height_mm) const { return y_ + height_mm <= bottom_mm + 0.01; }
  void next_page() {
    canvas_.next_page();
    y_ = margin_top_mm;
    const TextBox number =
        canvas_.lay_out(std::to_string(canvas_.page()), {.size_pt = body_pt, .align = Align::centre}, text_width_mm);
    canvas_.draw(number, margin_left_mm, page_number_mm);
  }
  void make_room(double height_mm) {
    if (!fits(height_mm) && y_ > margin_top_mm) next_page();
  }

  /// Down the page and over to the next ones.
  void flow(const TextBox& box) {
    for (std::size_t first = 0; first < box.lines();) {
      std::size_t count = 0;
      double height = 0;
      while (first + count < box.lines() && fits(height + box.line_height_mm(first + count)))
        height += box.line_height_mm(first + count++);
      if (count == 0) {
        next_page();
        continue;
      }
      canvas_.draw(box, first, count, margin_left_mm, y_);
      y_ += height;
      first += count;
    }
    y_ += paragraph_gap_mm;
  }

  /// A line under the middle of a text: its whole length, or a part of it.
  void rule_under(const TextBox& box, double x_mm, double width_mm, double y_mm, double part) {
    const double length = box.longest_line_mm() * part;
    const double middle = x_mm + width_mm / 2;
    canvas_.line(middle - length / 2, y_mm, middle + length / 2, y_mm, rule_pt);
  }

  /// Draws a text in a column and returns where it ends.
  double put(const std::string& words, const TextStyle& style, double x_mm, double width_mm, double y_mm) {
    const TextBox box = canvas_.lay_out(words, style, width_mm);
    canvas_.draw(box, x_mm, y_mm);
    return y_mm + box.height_mm();
  }

  void letterhead(const PaperBlock& block) {
    if (!block.form_number.empty()) {
      y_ = put(filled(block.form_number),
               {.size_pt = recipients_pt, .italic = true, .align = Align::right, .lines_max = letterhead_lines_max},
               margin_left_mm, text_width_mm, y_) +
           2;
    }
    const bool alone = block.issuer.empty();
    const double nation_x = alone ? margin_left_mm : right_mm - nation_width_mm;
    const double nation_width = alone ? text_width_mm : nation_width_mm;
    double right_y =
        put(nation, {.size_pt = nation_pt, .bold = true, .align = Align::centre}, nation_x, nation_width, y_);
    const TextBox words =
        canvas_.lay_out(motto, {.size_pt = motto_pt, .bold = true, .align = Align::centre}, nation_width);
    right_y += 0.4;
    canvas_.draw(words, nation_x, right_y);
    right_y += words.height_mm() + 0.6;
    rule_under(words, nation_x, nation_width, right_y, 1);
    right_y += 1;

    double left_y = y_;
    const TextStyle small{.size_pt = issuer_pt, .align = Align::centre, .lines_max = letterhead_lines_max};
    if (const std::string above = filled_above(block); !above.empty())
      left_y = put(above, small, margin_left_mm, issuer_width_mm, left_y);
    if (!alone) {
      TextStyle bold = small;
      bold.bold = true;
      const Filled said = filler_.fill(block.issuer);
      const TextBox issuer =
          canvas_.lay_out(said.to_line_end ? said.text + std::string(40, '.') : said.text, bold, issuer_width_mm);
      canvas_.draw(issuer, margin_left_mm, left_y);
      left_y += issuer.height_mm() + 0.6;
      if (said.has_answer) rule_under(issuer, margin_left_mm, issuer_width_mm, left_y, rule_part);
      left_y += 1;
    }
    // Number and date stand on one line (appendix I, boxes 3 and 4).
    const double y = std::max(left_y, right_y) + 1.5;
    double end = std::max(left_y, right_y);
    if (!block.number.empty())
      end = put(filled(block.number), {.size_pt = body_pt, .align = Align::centre, .lines_max = 2}, margin_left_mm,
                issuer_width_mm, y);
    if (!block.place_and_date.empty())
      end = std::max(
          end, put(filled(block.place_and_date),
                   {.size_pt = body_pt, .italic = true, .align = Align::centre, .lines_max = letterhead_lines_max},
                   nation_x, nation_width, y));
    y_ = end + 5;
  }
  /// The body above is left out where there is none: a commune's committee stands alone.
  std::string filled_above(const PaperBlock& block) const {
    const Filled above = filler_.fill(block.above);
    return above.has_answer ? above.text : std::string();
  }

  void title(const PaperBlock& block) {
    const TextStyle bold{
        .size_pt = title_pt, .bold = true, .align = Align::centre, .lines_max = letterhead_lines_max};
    y_ = put(filled(block.text), bold, margin_left_mm, text_width_mm, y_);
    if (!block.about.empty()) {
      const TextBox about = canvas_.lay_out(filled(block.about), bold, text_width_mm);
      y_ += 0.8;
      canvas_.draw(about, margin_left_mm, y_);
      y_ += about.height_mm() + 1;
      rule_under(about, margin_left_mm, text_width_mm, y_, rule_part);
    }
    y_ += 5;
  }

  void heading(const PaperBlock& block) {
    const TextBox box = canvas_.lay_out(
        filled(block.text), {.size_pt = body_pt, .bold = true, .line_spacing = body_spacing}, text_width_mm);
    // Never the last line of a page.
    make_room(box.height_mm() + 15);
    y_ += 0.8;
    flow(box);
  }

  TextBox text_box(const PaperBlock& block) {
    return box_of(block.text,
                  {.size_pt = body_pt,
                   .align = Align::justified,
                   .first_indent_mm = first_indent_mm,
                   .line_spacing = body_spacing},
                  text_width_mm, block.lines);
  }
  void text(const PaperBlock& block) { flow(text_box(block)); }

  TextBox note_box(const PaperBlock& block) {
    return canvas_.lay_out(filled(block.text), {.size_pt = note_pt, .italic = true, .align = Align::justified},
                           text_width_mm);
  }
  void note(const PaperBlock& block) {
    const TextBox box = note_box(block);
    y_ += 1;
    make_room(std::min(box.height_mm(), text_height_mm));
    flow(box);
  }

  /// Left edge and width of each column.
  static std::vector<std::pair<double, double>> places(const std::vector<Column>& columns, double between_mm) {
    double left = text_width_mm - between_mm * static_cast<double>(columns.size() - 1);
    std::size_t sharing = 0;
    for (const Column& column : columns) {
      left -= column.width_mm;
      if (column.width_mm == 0) ++sharing;
    }
    std::vector<std::pair<double, double>> out;
    double x = margin_left_mm;
    for (const Column& column : columns) {
      const double width = column.width_mm > 0 ? column.width_mm : left / static_cast<double>(sharing);
      out.emplace_back(x, width);
      x += width + between_mm;
    }
    return out;
  }

  void row(const PaperBlock& block) {
    const auto columns = places(block.columns, gutter_mm);
    std::vector<TextBox> boxes;
    double height = 0;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      boxes.push_back(
          box_of(block.columns[i].text,
                 {.size_pt = body_pt, .first_indent_mm = i == 0 ? first_indent_mm : 0, .line_spacing = body_spacing},
                 columns[i].second));
      height = std::max(height, boxes.back().height_mm());
    }
    // An answer longer than a page cannot stand side by side with others.
    if (height > text_height_mm / 2) {
      for (const Column& column : block.columns)
        flow(box_of(column.text, {.size_pt = body_pt, .line_spacing = body_spacing}, text_width_mm));
      return;
    }
    make_room(height);
    for (std::size_t i = 0; i < columns.size(); ++i) canvas_.draw(boxes[i], columns[i].first, y_);
    y_ += height + paragraph_gap_mm;
  }

  struct TableRow {
    std::vector<TextBox> cells;
    double height_mm = row_min_mm;
  };
  TableRow lay_out_row(const std::vector<std::string>& cells, const PaperBlock& block,
                       const std::vector<std::pair<double, double>>& columns, bool is_heading) {
    TableRow out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const Column& column = block.columns[i];
      out.cells.push_back(
          canvas_.lay_out(cells[i],
                          {.size_pt = table_pt,
                           .bold = is_heading,
                           .align = is_heading || column.centred || column.counts ? Align::centre : Align::left,
                           .lines_max = cell_lines_max},
                          columns[i].second - 2 * cell_pad_mm));
      out.height_mm = std::max(out.height_mm, out.cells.back().height_mm() + 2 * cell_pad_mm);
    }
    return out;
  }
  void draw_row(const TableRow& row, const std::vector<std::pair<double, double>>& columns) {
    canvas_.line(margin_left_mm, y_ + row.height_mm, right_mm, y_ + row.height_mm, rule_pt);
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto [x, width] = columns[i];
      canvas_.line(x, y_, x, y_ + row.height_mm, rule_pt);
      canvas_.draw(row.cells[i], x + cell_pad_mm, y_ + (row.height_mm - row.cells[i].height_mm()) / 2);
    }
    canvas_.line(right_mm, y_, right_mm, y_ + row.height_mm, rule_pt);
    y_ += row.height_mm;
  }

  void table(const PaperBlock& block) {
    const auto columns = places(block.columns, 0);
    std::vector<std::string> cells;
    for (const Column& column : block.columns) cells.push_back(filled(column.heading));
    const TableRow heading = lay_out_row(cells, block, columns, true);
    const auto begin = [&] {
      canvas_.line(margin_left_mm, y_, right_mm, y_, rule_pt);
      draw_row(heading, columns);
    };
    const std::vector<const Row*> rows = filler_.rows(block.repeat);
    std::size_t empty = filler_.context().empty_rows;
    if (empty == 0 && filler_.is_blank()) empty = block.blank_rows;
    y_ += 1.5;
    make_room(heading.height_mm + 3 * row_min_mm);
    begin();
    const std::size_t count = rows.size() + empty;
    const std::size_t kept = std::min<std::size_t>(2, count);  // rows that stand over the signatures at least
    std::size_t on_page = 0;
    std::vector<TableRow> last;
    const auto break_page = [&] {
      next_page();
      begin();
      on_page = 0;
    };
    for (std::size_t i = 0; i < count; ++i) {
      for (std::size_t k = 0; k < columns.size(); ++k) {
        const Column& column = block.columns[k];
        cells[k] = column.counts     ? std::to_string(i + 1)
                   : i < rows.size() ? filler_.cell(column.text, *rows[i])
                                     : std::string();
      }
      TableRow row = lay_out_row(cells, block, columns, false);
      if (i + kept >= count) {
        last.push_back(std::move(row));
        continue;
      }
      if (!fits(row.height_mm)) break_page();
      draw_row(row, columns);
      ++on_page;
    }
    double last_mm = after_table_mm + to_signatures_mm_;
    for (const TableRow& row : last) last_mm += row.height_mm;
    if (on_page > 0 && to_signatures_mm_ > 0 && last_mm < text_height_mm - heading.height_mm && !fits(last_mm))
      break_page();
    for (const TableRow& row : last) {
      if (!fits(row.height_mm)) break_page();
      draw_row(row, columns);
    }
    y_ += after_table_mm;
  }

  struct Signatures {
    struct One {
      TextBox role, note, name;
    };
    std::vector<One> each;
    TextBox date;
    double date_mm = 0, top_mm = 0, bottom_mm = 0;  // the date; roles and notes, the highest; names, the highest
    double height_mm = 0;
  };
  Signatures lay_out_signatures(const PaperBlock& block) {
    const auto columns = places(block.columns, 0);
    const auto centred = [](double size_pt, bool bold, bool italic) {
      return TextStyle{.size_pt = size_pt,
                       .bold = bold,
                       .italic = italic,
                       .align = Align::centre,
                       .lines_max = signature_lines_max};
    };
    Signatures out{{},
                   canvas_.lay_out(filled(block.place_and_date), centred(body_pt, false, true), signature_date_mm)};
    if (!block.place_and_date.empty()) out.date_mm = out.date.height_mm() + 1;
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const Column& column = block.columns[i];
      const double width = columns[i].second;
      const Filled name = filler_.fill(column.text);
      out.each.push_back({canvas_.lay_out(filled(column.heading), centred(body_pt, true, false), width),
                          canvas_.lay_out(filled(column.note), centred(body_pt - 1, false, true), width),
                          canvas_.lay_out(name.has_answer ? name.text : "", centred(body_pt, true, false), width)});
      const Signatures::One& one = out.each.back();
      out.top_mm = std::max(out.top_mm, one.role.height_mm() + one.note.height_mm());
      if (name.has_answer) out.bottom_mm = std::max(out.bottom_mm, one.name.height_mm());
    }
    out.height_mm = 3 + out.date_mm + out.top_mm + signature_gap_mm + out.bottom_mm;
    return out;
  }

  void signatures(const PaperBlock& block) {
    const auto columns = places(block.columns, 0);
    const Signatures laid = lay_out_signatures(block);
    make_room(laid.height_mm);
    y_ += 3;
    if (laid.date_mm > 0) {
      // Over the column that is dated, but wider than it, for the date stays on one line.
      const double middle = columns.back().first + columns.back().second / 2;
      canvas_.draw(laid.date, std::min(middle - signature_date_mm / 2, right_mm - signature_date_mm), y_);
      y_ += laid.date_mm;
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const auto [x, width] = columns[i];
      if (!block.columns[i].recipients.empty()) {
        recipients(block.columns[i], x, width);
        continue;
      }
      const Signatures::One& one = laid.each[i];
      canvas_.draw(one.role, x, y_);
      canvas_.draw(one.note, x, y_ + one.role.height_mm());
      canvas_.draw(one.name, x, y_ + laid.top_mm + signature_gap_mm);
    }
    y_ += laid.top_mm + signature_gap_mm + laid.bottom_mm;
  }

  void recipients(const Column& column, double x_mm, double width_mm) {
    double y = put("Nơi nhận:", {.size_pt = issuer_pt, .bold = true, .italic = true}, x_mm, width_mm, y_);
    for (const Wording& each : column.recipients)
      y = put(filled(each), {.size_pt = recipients_pt, .lines_max = 3}, x_mm, width_mm, y);
  }

  const Filler& filler_;
  Canvas canvas_;
  double y_ = margin_top_mm;
  double to_signatures_mm_ = 0;  // from below the table that is being set; 0: they do not follow it
};

}  // namespace

Result<Printed> print_paper(const Paper& paper, const Form& form, const Answers* answers, const Catalogue& catalogue,
                            const PaperContext& context) {
  const Filler filler(form, answers, catalogue, context);
  Typesetter typesetter(paper, filler);
  typesetter.set(paper.blocks);
  return typesetter.finish();
}

}  // namespace fieldpost
