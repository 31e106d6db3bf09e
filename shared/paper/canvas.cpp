#include "shared/paper/canvas.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

#include <algorithm>
#include <cmath>

namespace fieldpost {

namespace {

constexpr double points_per_mm = 72.0 / 25.4;
// Tinos (Debian: fonts-croscore) has Times New Roman's measures and every Vietnamese letter; Liberation Serif lacks
// U+1E00 to U+1EFF. The others where it is missing.
constexpr const char* family = "Tinos, Times New Roman, Noto Serif, DejaVu Serif, serif";
// Between lines of one paragraph: no indent, no space.
constexpr const char* line_separator = "\u2028";

template <class T, void (*release)(T*)>
struct Releaser {
  void operator()(T* object) const { release(object); }
};
void unref(void* object) { g_object_unref(object); }

double mm_of(int pango_units) { return pango_units / static_cast<double>(PANGO_SCALE) / points_per_mm; }
int pango_of(double mm) { return static_cast<int>(std::lround(mm * points_per_mm * PANGO_SCALE)); }

cairo_status_t append(void* closure, const unsigned char* data, unsigned int length) {
  auto* bytes = static_cast<Bytes*>(closure);
  bytes->insert(bytes->end(), data, data + length);
  return CAIRO_STATUS_SUCCESS;
}

/// Ends the text in … where it has more lines. Pango's own ellipsis would carry what it hides into the file, where
/// whoever copies the text finds it.
void cut(PangoLayout* layout, const std::string& text, int lines_max) {
  if (pango_layout_get_line_count(layout) <= lines_max) return;
  auto end = static_cast<std::size_t>(pango_layout_get_line_readonly(layout, lines_max)->start_index);
  while (end > 0 && pango_layout_get_line_count(layout) > lines_max) {
    do --end;
    while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80);
    const std::string shorter = text.substr(0, end) + "…";
    pango_layout_set_text(layout, shorter.data(), static_cast<int>(shorter.size()));
  }
}

std::string moment_of(const CivilDate& day) { return iso_text(first_day(day)) + "T00:00:00+07:00"; }

}  // namespace

struct TextBox::Layout {
  std::unique_ptr<PangoLayout, Releaser<void, unref>> pango;
};

TextBox::TextBox() : layout_(std::make_unique<Layout>()) {}
TextBox::TextBox(TextBox&&) noexcept = default;
TextBox& TextBox::operator=(TextBox&&) noexcept = default;
TextBox::~TextBox() = default;

double TextBox::height_mm() const {
  double height = 0;
  for (const double line : line_heights_mm_) height += line;
  return height;
}

struct Canvas::State {
  Bytes bytes;
  std::unique_ptr<cairo_surface_t, Releaser<cairo_surface_t, cairo_surface_destroy>> surface;
  std::unique_ptr<cairo_t, Releaser<cairo_t, cairo_destroy>> cairo;
  std::unique_ptr<PangoFontMap, Releaser<void, unref>> fonts;
  std::unique_ptr<PangoContext, Releaser<void, unref>> context;
};

Canvas::Canvas(const std::string& title, const CivilDate& day, PageSide side) : state_(std::make_unique<State>()) {
  State& state = *state_;
  const double width_mm = side == PageSide::upright ? page_width_mm : page_height_mm;
  const double height_mm = side == PageSide::upright ? page_height_mm : page_width_mm;
  state.surface.reset(
      cairo_pdf_surface_create_for_stream(append, &state.bytes, width_mm * points_per_mm, height_mm * points_per_mm));
  cairo_pdf_surface_set_metadata(state.surface.get(), CAIRO_PDF_METADATA_TITLE, title.c_str());
  cairo_pdf_surface_set_metadata(state.surface.get(), CAIRO_PDF_METADATA_CREATOR, "Fieldpost");
  // Without it cairo asks the machine's clock, and one record would print as two files.
  cairo_pdf_surface_set_metadata(state.surface.get(), CAIRO_PDF_METADATA_CREATE_DATE, moment_of(day).c_str());
  state.cairo.reset(cairo_create(state.surface.get()));
  state.fonts.reset(pango_cairo_font_map_new_for_font_type(CAIRO_FONT_TYPE_FT));
  state.context.reset(pango_font_map_create_context(state.fonts.get()));
  // Positions as the font has them, not rounded to a screen's pixels.
  cairo_font_options_t* options = cairo_font_options_create();
  cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
  cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
  pango_cairo_context_set_font_options(state.context.get(), options);
  cairo_font_options_destroy(options);
  pango_context_set_round_glyph_positions(state.context.get(), FALSE);
  pango_context_set_language(state.context.get(), pango_language_from_string("vi"));
}

Canvas::~Canvas() = default;

TextBox Canvas::lay_out(const std::string& text, const TextStyle& style, double width_mm) {
  TextBox box;
  PangoLayout* layout = pango_layout_new(state_->context.get());
  box.layout_->pango.reset(layout);
  PangoFontDescription* font = pango_font_description_new();
  pango_font_description_set_family(font, family);
  pango_font_description_set_absolute_size(font, style.size_pt * PANGO_SCALE);
  pango_font_description_set_weight(font, style.bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
  pango_font_description_set_style(font, style.italic ? PANGO_STYLE_ITALIC : PANGO_STYLE_NORMAL);
  pango_layout_set_font_description(layout, font);
  pango_font_description_free(font);
  pango_layout_set_width(layout, pango_of(width_mm));
  pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
  pango_layout_set_indent(layout, pango_of(style.first_indent_mm));
  // A word too long for its line is a name, an address: broken, it must not gain a hyphen that it does not have.
  PangoAttrList* attributes = pango_attr_list_new();
  pango_attr_list_insert(attributes, pango_attr_insert_hyphens_new(FALSE));
  pango_layout_set_attributes(layout, attributes);
  pango_attr_list_unref(attributes);
  pango_layout_set_justify(layout, style.align == TextStyle::Align::justified);
  pango_layout_set_alignment(layout, style.align == TextStyle::Align::centre  ? PANGO_ALIGN_CENTER
                                     : style.align == TextStyle::Align::right ? PANGO_ALIGN_RIGHT
                                                                              : PANGO_ALIGN_LEFT);
  pango_layout_set_text(layout, text.data(), static_cast<int>(text.size()));
  if (style.lines_max > 0) cut(layout, text, static_cast<int>(style.lines_max));
  box.letters_missing_ = static_cast<std::size_t>(std::max(0, pango_layout_get_unknown_glyphs_count(layout)));
  const int lines = pango_layout_get_line_count(layout);
  for (int i = 0; i < lines; ++i) {
    PangoRectangle logical;
    pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, i), nullptr, &logical);
    box.longest_line_mm_ = std::max(box.longest_line_mm_, mm_of(logical.width));
    box.line_heights_mm_.push_back(mm_of(logical.height) * style.line_spacing);
  }
  return box;
}

TextBox Canvas::lay_out_dotted(const std::string& text, const TextStyle& style, double width_mm, std::size_t lines) {
  // A hundred dots are measured, for one alone is too short to be measured well.
  const double dot_mm = lay_out(std::string(100, '.'), style, 1000).longest_line_mm() / 100;
  const auto whole_line = static_cast<std::size_t>((width_mm - 0.2) / dot_mm);
  TextBox box = lay_out(text, style, width_mm);
  PangoLayout* layout = box.layout_->pango.get();
  const int last = pango_layout_get_line_count(layout) - 1;
  int end = 0;
  PangoLayoutLine* line = pango_layout_get_line_readonly(layout, last);
  pango_layout_line_index_to_x(line, line->start_index + line->length, FALSE, &end);
  const double used_mm = mm_of(end) + (line->is_paragraph_start ? style.first_indent_mm : 0);
  std::string dotted = text;
  const double left_mm = width_mm - used_mm - 0.2;
  if (left_mm > dot_mm) dotted += std::string(static_cast<std::size_t>(left_mm / dot_mm), '.');
  for (std::size_t i = static_cast<std::size_t>(last) + 1; i < lines; ++i)
    dotted += line_separator + std::string(whole_line, '.');
  return lay_out(dotted, style, width_mm);
}

void Canvas::draw(const TextBox& box, std::size_t first, std::size_t count, double x_mm, double y_mm) {
  PangoLayout* layout = box.layout_->pango.get();
  if (first == 0) letters_missing_ += box.letters_missing_;
  PangoLayoutIter* at = pango_layout_get_iter(layout);
  double y = y_mm;
  for (std::size_t i = 0; i < first + count; ++i) {
    if (i >= first) {
      PangoRectangle logical;
      pango_layout_iter_get_line_extents(at, nullptr, &logical);
      const int baseline = pango_layout_iter_get_baseline(at);
      cairo_move_to(state_->cairo.get(), x_mm * points_per_mm + logical.x / static_cast<double>(PANGO_SCALE),
                    (y + mm_of(baseline - logical.y)) * points_per_mm);
      pango_cairo_show_layout_line(state_->cairo.get(), pango_layout_iter_get_line_readonly(at));
      y += box.line_heights_mm_[i];
    }
    pango_layout_iter_next_line(at);
  }
  pango_layout_iter_free(at);
}

void Canvas::line(double x1_mm, double y1_mm, double x2_mm, double y2_mm, double width_pt) {
  cairo_t* cairo = state_->cairo.get();
  cairo_set_line_width(cairo, width_pt);
  cairo_set_line_cap(cairo, CAIRO_LINE_CAP_SQUARE);  // so that lines meet in a table's corners
  cairo_move_to(cairo, x1_mm * points_per_mm, y1_mm * points_per_mm);
  cairo_line_to(cairo, x2_mm * points_per_mm, y2_mm * points_per_mm);
  cairo_stroke(cairo);
}

void Canvas::next_page() {
  cairo_show_page(state_->cairo.get());
  ++page_;
}

Result<Bytes> Canvas::finish() {
  cairo_show_page(state_->cairo.get());
  state_->cairo.reset();
  cairo_surface_finish(state_->surface.get());
  const cairo_status_t status = cairo_surface_status(state_->surface.get());
  if (status != CAIRO_STATUS_SUCCESS)
    return Error{ErrorCode::io, std::string("the PDF could not be made: ") + cairo_status_to_string(status)};
  return std::move(state_->bytes);
}

}  // namespace fieldpost
