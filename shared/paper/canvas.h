// Pages of a PDF: text laid out and drawn, straight lines. The only part that knows cairo and Pango. Lengths are
// millimetres from the upper left corner of an A4 page, sizes of letters are points.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "shared/foundation/bytes.h"
#include "shared/foundation/civil_date.h"

namespace fieldpost {

inline constexpr double page_width_mm = 210, page_height_mm = 297;  // A4, upright (NĐ 30/2020, appendix I, 1)

struct TextStyle {
  enum class Align { left, centre, right, justified };
  double size_pt = 13;
  bool bold = false, italic = false;
  Align align = Align::left;
  double first_indent_mm = 0;
  double line_spacing = 1.0;
  std::size_t lines_max = 0;  // what does not fit ends in …; 0: no bound
};

/// A text in a box of a given width, broken into lines; words longer than a line are broken too.
class TextBox {
 public:
  TextBox(TextBox&&) noexcept;
  TextBox& operator=(TextBox&&) noexcept;
  ~TextBox();
  std::size_t lines() const { return line_heights_mm_.size(); }
  double line_height_mm(std::size_t line) const { return line_heights_mm_[line]; }
  double height_mm() const;
  /// Of the longest line.
  double longest_line_mm() const { return longest_line_mm_; }

 private:
  friend class Canvas;
  struct Layout;
  TextBox();
  std::unique_ptr<Layout> layout_;
  std::vector<double> line_heights_mm_;
  double longest_line_mm_ = 0;
  std::size_t letters_missing_ = 0;
};

enum class PageSide { upright, across };  // A4 as a letter, or turned for wide tables

class Canvas {
 public:
  /// `title` and `day` go into the file's properties: never a person's name.
  Canvas(const std::string& title, const CivilDate& day, PageSide side = PageSide::upright);
  ~Canvas();
  Canvas(const Canvas&) = delete;
  Canvas& operator=(const Canvas&) = delete;

  TextBox lay_out(const std::string& text, const TextStyle& style, double width_mm);
  /// The text, then dots to the end of its line and over further whole lines, `lines` in all at least.
  TextBox lay_out_dotted(const std::string& text, const TextStyle& style, double width_mm, std::size_t lines);
  /// `count` lines from `first`, the first of them with its upper edge at `y_mm`.
  void draw(const TextBox& box, std::size_t first, std::size_t count, double x_mm, double y_mm);
  void draw(const TextBox& box, double x_mm, double y_mm) { draw(box, 0, box.lines(), x_mm, y_mm); }
  void line(double x1_mm, double y1_mm, double x2_mm, double y2_mm, double width_pt);
  void next_page();
  std::size_t page() const { return page_; }  // from 1
  /// Letters that no font of this machine has, over all texts drawn.
  std::size_t letters_missing() const { return letters_missing_; }
  /// The file. Nothing can be drawn afterwards. Errors: io.
  Result<Bytes> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
  std::size_t page_ = 1;
  std::size_t letters_missing_ = 0;
};

}  // namespace fieldpost
