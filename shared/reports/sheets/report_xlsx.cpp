#include <algorithm>

#include "shared/reports/sheets/report_sheets.h"
#include "shared/reports/sheets/workbook.h"

namespace fieldpost {

namespace {

using Style = Workbook::Style;
using Kind = ReportColumn::Kind;

class XlsxSink final : public ReportSink {
 public:
  XlsxSink(Workbook& book, const ReportDefinition& definition, const ReportWindow& window,
           const ReportOptions& options, const SheetWords& words)
      : book_(book), definition_(definition), window_(window), options_(options), words_(words) {}

  Result<void> begin(const ReportTable& table) override {
    const std::string& language = words_.language;
    head_ = report_head(table, language);
    count_ = 0;
    book_.sheet(definition_.tables.size() == 1 ? definition_.name : table.definition->name, head_.columns() > 7);
    std::vector<double> widths = {7, 42};
    for (const std::size_t i : head_.shown)
      widths.push_back(table.columns[i].kind == Kind::text || table.columns[i].kind == Kind::grade ? 24 : 12);
    if (head_.proposes) widths.push_back(12);
    book_.widths(widths);
    row_ = 0;
    if (!words_.above.empty()) book_.text(row_++, 0, words_.above, Style::note);
    if (!words_.issuer.empty()) book_.text(row_++, 0, words_.issuer, Style::note);
    across(definition_.label.in(language), Style::title);
    if (definition_.tables.size() > 1) across(table.definition->label.in(language), Style::subtitle);
    if (!definition_.basis.empty()) across(definition_.basis, Style::subtitle);
    across(window_text(window_, language), Style::subtitle);
    if (!options_.state.empty()) across(state_text(options_.state, language), Style::note);
    if (definition_.by_place)
      across(language == "en" ? (options_.todays_places ? "In today's communes" : "In the communes of the time")
                              : (options_.todays_places ? "Theo đơn vị hành chính hiện nay"
                                                        : "Theo đơn vị hành chính tại thời điểm đó"),
             Style::subtitle);
    ++row_;
    write_head(table);
    return {};
  }

  Result<void> line(const ReportTable& table, const ReportLine& line) override {
    ++count_;
    write_line(table, line, false);
    return {};
  }

  Result<void> end(const ReportTable& table) override {
    if (table.total) write_line(table, *table.total, true);
    ++row_;
    const bool english = words_.language == "en";
    for (const ReportTable::Broken& broken : table.broken)
      book_.text(row_++, 0, (english ? "CHECK: " : "CẦN KIỂM TRA: ") + broken_text(table, broken, words_.language),
                 Style::note);
    if (table.tie_at_the_end)
      book_.text(row_++, 0,
                 english ? "Equals stand at the end of the proposals: the council decides."
                         : "Có nơi bằng nhau ở cuối danh sách đề nghị: Hội đồng quyết định.",
                 Style::note);
    for (const Label& note : table.definition->notes) book_.text(row_++, 0, note.in(words_.language), Style::note);
    return {};
  }

 private:
  void across(const std::string& text, Style style) {
    book_.merge_across(row_++, 0, static_cast<std::uint16_t>(head_.columns() - 1), text, style);
  }

  void write_head(const ReportTable& table) {
    const std::uint32_t first = row_;
    for (std::size_t level = 0; level < head_.rows; ++level) {
      std::vector<bool> said(head_.columns(), false);
      for (const HeadCell& cell : head_.cells) {
        const auto column = static_cast<std::uint16_t>(cell.column);
        if (cell.row == level && cell.columns > 1)
          book_.merge_across(row_, column, static_cast<std::uint16_t>(cell.column + cell.columns - 1), cell.text,
                             Style::head);
        else if (cell.row == level)
          book_.text(row_, column, cell.text, Style::head);
        if (cell.row != level) continue;
        std::fill_n(said.begin() + static_cast<std::ptrdiff_t>(cell.column), cell.columns, true);
      }
      for (std::size_t i = 0; i < said.size(); ++i)
        if (!said[i]) book_.blank(row_, static_cast<std::uint16_t>(i), Style::head);
      if (level + 1 == head_.rows)
        for (const HeadCell& cell : head_.cells)
          if (cell.rows > 1)
            book_.merge_down(first + static_cast<std::uint32_t>(cell.row), row_,
                             static_cast<std::uint16_t>(cell.column), cell.text, Style::head);
      ++row_;
    }
    if (head_.numbered) {
      book_.text(row_, 0, "A", Style::number_head);
      book_.text(row_, 1, "B", Style::number_head);
      for (std::size_t at = 0; at < head_.shown.size(); ++at)
        book_.text(row_, static_cast<std::uint16_t>(at + 2), table.columns[head_.shown[at]].number,
                   Style::number_head);
      ++row_;
    }
    book_.head_rows(first, row_ - 1);
  }

  void write_line(const ReportTable& table, const ReportLine& line, bool bold) {
    const std::string number = !table.definition->rank_by.empty() ? (line.rank > 0 ? std::to_string(line.rank) : "")
                               : !line.number.empty()             ? line.number
                               : bold || table.definition->rows_are == TableDefinition::Rows::fixed
                                   ? ""
                                   : std::to_string(count_);
    book_.text(row_, 0, number, bold ? Style::bold_text : Style::text);
    book_.text(row_, 1, line.label.in(words_.language), bold ? Style::bold_text : Style::text);
    for (std::size_t at = 0; at < head_.shown.size(); ++at) {
      const std::size_t i = head_.shown[at];
      std::optional<std::int64_t> figure = line.cells[i].figure;
      if (figure && !line.estimated.empty()) *figure += line.estimated[i].value_or(0);
      write_cell(table.columns[i], figure, line.cells[i], static_cast<std::uint16_t>(at + 2), bold);
    }
    if (head_.proposes)
      book_.text(row_, static_cast<std::uint16_t>(head_.shown.size() + 2), line.proposed ? "X" : "", Style::text);
    ++row_;
    if (line.estimated.empty()) return;
    book_.text(row_, 0, "", Style::text);
    book_.text(row_, 1, words_.language == "en" ? "    of it estimated" : "    trong đó ước tính", Style::text);
    for (std::size_t at = 0; at < head_.shown.size(); ++at) {
      const std::size_t i = head_.shown[at];
      const auto column = static_cast<std::uint16_t>(at + 2);
      if (line.estimated[i])
        write_cell(table.columns[i], line.estimated[i], {}, column, false);
      else
        book_.text(row_, column, "", Style::text);
    }
    ++row_;
  }

  void write_cell(const ReportColumn& column, const std::optional<std::int64_t>& figure, const ReportCell& cell,
                  std::uint16_t at, bool bold) {
    if (column.kind == Kind::text || column.kind == Kind::grade || !figure)
      return book_.text(row_, at, figure_text(column, cell, words_.language), bold ? Style::bold_text : Style::text);
    if (column.kind == Kind::ratio)
      return book_.number(row_, at, static_cast<double>(*figure) / 100'000,
                          bold ? Style::bold_percent : Style::percent);
    const bool decimal = *figure % 1000 != 0;
    book_.number(row_, at, static_cast<double>(*figure) / 1000,
                 decimal ? (bold ? Style::bold_decimal : Style::decimal) : (bold ? Style::bold_whole : Style::whole));
  }

  Workbook& book_;
  const ReportDefinition& definition_;
  const ReportWindow& window_;
  const ReportOptions& options_;
  const SheetWords& words_;
  ReportHead head_;
  std::uint32_t row_ = 0;
  std::size_t count_ = 0;
};

}  // namespace

Result<void> write_report_xlsx(Database& view, const Catalogue& catalogue, const ReportDefinition& definition,
                               const ReportWindow& window, const ReportOptions& options, const SheetWords& words,
                               const std::string& path) {
  Workbook book(path);
  XlsxSink sink(book, definition, window, options, words);
  if (const Result<void> made = make_report(view, catalogue, definition, window, options, sink); !made) return made;
  return book.close();
}

}  // namespace fieldpost
