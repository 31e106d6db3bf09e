#include "shared/reports/sheets/workbook.h"

#include <xlsxwriter.h>

#include <array>
#include <cstdio>
#include <set>

namespace fieldpost {

namespace {

constexpr std::size_t styles = 13;
constexpr std::size_t sheet_letters_max = 31;
constexpr const char* font = "Times New Roman";  // NĐ 30/2020/NĐ-CP, appendix I

/// Whole letters, none that a sheet's name may not have.
std::string sheet_name(const std::string& name, const std::set<std::string>& taken) {
  std::string out;
  std::size_t letters = 0;
  for (const char each : name) {
    const bool begins = (static_cast<unsigned char>(each) & 0xC0) != 0x80;
    if (begins && ++letters > sheet_letters_max - 3) break;
    out += std::string_view("[]:*?/\\'").find(each) == std::string_view::npos ? each : ' ';
  }
  std::string unique = out;
  for (int i = 2; taken.contains(unique); ++i) unique = out + " " + std::to_string(i);
  return unique;
}

}  // namespace

struct Workbook::State {
  std::string path, folder;
  lxw_workbook* book = nullptr;
  lxw_worksheet* sheet = nullptr;
  std::array<lxw_format*, styles> formats{};
  std::set<std::string> names;
  lxw_error failed = LXW_NO_ERROR;

  lxw_format* format(Style style) const { return formats[static_cast<std::size_t>(style)]; }
  void note(lxw_error error) {
    if (failed == LXW_NO_ERROR) failed = error;
  }
  lxw_format* add(bool bold, double size, const char* numbers, int align, bool border) const {
    lxw_format* out = workbook_add_format(book);
    format_set_font_name(out, font);
    format_set_font_size(out, size);
    if (bold) format_set_bold(out);
    if (numbers != nullptr) format_set_num_format(out, numbers);
    format_set_align(out, static_cast<std::uint8_t>(align));
    format_set_align(out, LXW_ALIGN_VERTICAL_CENTER);
    if (border) format_set_border(out, LXW_BORDER_THIN);
    if (numbers == nullptr && border) format_set_text_wrap(out);
    return out;
  }
};

Workbook::Workbook(const std::string& path) : state_(std::make_unique<State>()) {
  State& state = *state_;
  state.path = path;
  const std::size_t slash = path.rfind('/');
  state.folder = slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
  lxw_workbook_options options = {};
  options.constant_memory = LXW_TRUE;
  options.tmpdir = state.folder.data();
  state.book = workbook_new_opt(path.c_str(), &options);
  // The program that opens it puts the groups and commas of its own language: 1.234,5 in Vietnamese.
  constexpr const char* whole = "#,##0";
  constexpr const char* decimal = "#,##0.0##";
  constexpr const char* percent = "0.0%";
  state.formats = {
      state.add(true, 14, nullptr, LXW_ALIGN_CENTER, false), state.add(false, 12, nullptr, LXW_ALIGN_CENTER, false),
      state.add(true, 11, nullptr, LXW_ALIGN_CENTER, true),  state.add(false, 10, nullptr, LXW_ALIGN_CENTER, true),
      state.add(false, 11, nullptr, LXW_ALIGN_LEFT, true),   state.add(false, 11, whole, LXW_ALIGN_RIGHT, true),
      state.add(false, 11, decimal, LXW_ALIGN_RIGHT, true),  state.add(false, 11, percent, LXW_ALIGN_RIGHT, true),
      state.add(true, 11, nullptr, LXW_ALIGN_LEFT, true),    state.add(true, 11, whole, LXW_ALIGN_RIGHT, true),
      state.add(true, 11, decimal, LXW_ALIGN_RIGHT, true),   state.add(true, 11, percent, LXW_ALIGN_RIGHT, true),
      state.add(false, 10, nullptr, LXW_ALIGN_LEFT, false)};
}

Workbook::~Workbook() {
  if (state_->book == nullptr) return;
  lxw_workbook_free(state_->book);
}

void Workbook::sheet(const std::string& name, bool landscape) {
  State& state = *state_;
  const std::string given = sheet_name(name, state.names);
  state.names.insert(given);
  state.sheet = workbook_add_worksheet(state.book, given.c_str());
  // Its rows have nowhere to lie: no such folder, or one that nobody may write to.
  if (state.sheet == nullptr) return state.note(LXW_ERROR_CREATING_TMPFILE);
  if (landscape) worksheet_set_landscape(state.sheet);
  worksheet_set_paper(state.sheet, 9);  // A4
  worksheet_fit_to_pages(state.sheet, 1, 0);
  worksheet_set_margins(state.sheet, 0.8, 0.6, 0.8, 0.8);  // inches; left 20 mm
}

void Workbook::widths(const std::vector<double>& letters) {
  if (state_->sheet == nullptr) return;
  for (std::size_t i = 0; i < letters.size(); ++i)
    state_->note(worksheet_set_column(state_->sheet, static_cast<lxw_col_t>(i), static_cast<lxw_col_t>(i), letters[i],
                                      nullptr));
}

void Workbook::text(std::uint32_t row, std::uint16_t column, const std::string& text, Style style) {
  if (state_->sheet == nullptr) return;
  // Written as a string, a cell is never a formula, whatever it begins with.
  state_->note(worksheet_write_string(state_->sheet, row, column, text.c_str(), state_->format(style)));
}

void Workbook::number(std::uint32_t row, std::uint16_t column, double value, Style style) {
  if (state_->sheet == nullptr) return;
  state_->note(worksheet_write_number(state_->sheet, row, column, value, state_->format(style)));
}

void Workbook::blank(std::uint32_t row, std::uint16_t column, Style style) {
  if (state_->sheet == nullptr) return;
  state_->note(worksheet_write_blank(state_->sheet, row, column, state_->format(style)));
}

void Workbook::merge_across(std::uint32_t row, std::uint16_t first_column, std::uint16_t last_column,
                            const std::string& text, Style style) {
  if (state_->sheet == nullptr) return;
  state_->note(
      worksheet_merge_range(state_->sheet, row, first_column, row, last_column, text.c_str(), state_->format(style)));
}

void Workbook::merge_down(std::uint32_t first_row, std::uint32_t last_row, std::uint16_t column,
                          const std::string& text, Style style) {
  if (state_->sheet == nullptr) return;
  // The library notes the range, then writes its cells: those of rows that are on disk already it leaves as they are.
  state_->note(
      worksheet_merge_range(state_->sheet, first_row, column, last_row, column, text.c_str(), state_->format(style)));
}

void Workbook::head_rows(std::uint32_t first, std::uint32_t last) {
  if (state_->sheet == nullptr) return;
  state_->note(worksheet_repeat_rows(state_->sheet, first, last));
  worksheet_freeze_panes(state_->sheet, last + 1, 2);
}

Result<void> Workbook::close() {
  State& state = *state_;
  const lxw_error earlier = state.failed;
  const lxw_error closed = workbook_close(state.book);
  state.book = nullptr;
  const lxw_error error = earlier != LXW_NO_ERROR ? earlier : closed;
  if (error == LXW_NO_ERROR) return {};
  std::remove(state.path.c_str());
  const ErrorCode code = error == LXW_ERROR_WORKSHEET_INDEX_OUT_OF_RANGE ? ErrorCode::out_of_bounds : ErrorCode::io;
  return Error{code, std::string("the workbook was not written: ") + lxw_strerror(error)};
}

}  // namespace fieldpost
