#include "shared/foundation/csv.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/foundation/cbor.h"

namespace fieldpost {

namespace {

Error fault(std::size_t line, std::string_view what) {
  return Error{ErrorCode::malformed, fmt::format("line {}: {}", line, what)};
}

/// Excel in a Vietnamese Windows writes `;`, since the comma is its decimal mark.
char separator_of(std::string_view text) {
  std::size_t commas = 0, semicolons = 0;
  bool quoted = false;
  for (char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == '\n') break;
    if (c == ',') ++commas;
    if (c == ';') ++semicolons;
  }
  return semicolons > commas ? ';' : ',';
}

class Parser {
 public:
  Parser(std::string_view text, char separator, CsvQuotes quotes = CsvQuotes::enclose)
      : text_(text), separator_(separator), quotes_(quotes) {}

  bool at_end() const { return at_ >= text_.size(); }
  std::size_t line_number() const { return line_; }

  Result<std::vector<std::string>> read_line() {
    std::vector<std::string> cells;
    while (true) {
      const bool quoted = quotes_ == CsvQuotes::enclose && !at_end() && text_[at_] == '"';
      Result<std::string> cell = quoted ? read_quoted() : read_plain();
      if (!cell) return cell.error();
      cells.push_back(*std::move(cell));
      if (at_end() || text_[at_] != separator_) break;
      ++at_;
    }
    if (!at_end()) {
      if (text_[at_] == '\r') ++at_;
      if (at_end() || text_[at_] != '\n') return fault(line_, "a carriage return alone does not end a line");
      ++at_;
      ++line_;
    }
    return cells;
  }

 private:
  Result<std::string> read_plain() {
    const std::size_t start = at_;
    while (!at_end() && text_[at_] != separator_ && text_[at_] != '\r' && text_[at_] != '\n') ++at_;
    return std::string(text_.substr(start, at_ - start));
  }

  Result<std::string> read_quoted() {
    const std::size_t opened = line_;
    std::string cell;
    for (++at_; !at_end(); ++at_) {
      const char c = text_[at_];
      if (c == '\n') ++line_;
      if (c == '"') {
        const bool doubled = at_ + 1 < text_.size() && text_[at_ + 1] == '"';
        if (!doubled) break;
        ++at_;
      }
      cell += c;
    }
    if (at_end()) return fault(opened, "a quote is opened and never closed");
    ++at_;
    if (!at_end() && text_[at_] != separator_ && text_[at_] != '\r' && text_[at_] != '\n')
      return fault(line_, "text after a closing quote");
    return cell;
  }

  std::string_view text_;
  char separator_;
  CsvQuotes quotes_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
};

bool all_empty(const std::vector<std::string>& cells) {
  return std::all_of(cells.begin(), cells.end(), [](const std::string& cell) { return cell.empty(); });
}

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t") - first + 1));
}

/// The first line that is not UTF-8, or 0.
std::size_t broken_line(std::string_view text) {
  if (is_valid_utf8(text)) return 0;
  for (std::size_t line = 1, start = 0;; ++line) {
    const std::size_t end = text.find('\n', start);
    if (!is_valid_utf8(text.substr(start, end - start))) return line;
    if (end == std::string_view::npos) return line;
    start = end + 1;
  }
}

bool is_negative_number(std::string_view cell) {
  return cell.size() > 1 && cell[0] == '-' && cell.find_first_not_of("0123456789.,", 1) == std::string_view::npos;
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto found = std::find(header.begin(), header.end(), name);
  if (found == header.end()) return std::nullopt;
  return static_cast<std::size_t>(found - header.begin());
}

Result<CsvTable> read_csv(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (const std::size_t line = broken_line(text)) return fault(line, "text that is not UTF-8");

  Parser parser(text, separator_of(text));
  CsvTable table;
  Result<std::vector<std::string>> header = parser.read_line();
  if (!header) return header.error();
  if (all_empty(*header)) return fault(1, "no column names");
  for (const std::string& name : *header) {
    table.header.push_back(trimmed(name));
    const auto last = table.header.end() - 1;
    if (!last->empty() && std::find(table.header.begin(), last, *last) != last)
      return fault(1, fmt::format("column {} has the name of an earlier one", table.header.size()));
  }

  while (!parser.at_end()) {
    CsvTable::Line line;
    line.number = parser.line_number();
    Result<std::vector<std::string>> cells = parser.read_line();
    if (!cells) return cells.error();
    if (all_empty(*cells)) continue;
    if (cells->size() > table.header.size()) return fault(line.number, "more cells than the first line names");
    line.cells = *std::move(cells);
    line.cells.resize(table.header.size());
    table.lines.push_back(std::move(line));
  }
  return table;
}

Result<std::vector<std::vector<std::string>>> read_cells(std::string_view text, char separator, CsvQuotes quotes) {
  Parser parser(text, separator, quotes);
  std::vector<std::vector<std::string>> lines;
  while (!parser.at_end()) {
    Result<std::vector<std::string>> cells = parser.read_line();
    if (!cells) return cells.error();
    if (!all_empty(*cells)) lines.push_back(*std::move(cells));
  }
  return lines;
}

std::string csv_line(const std::vector<std::string>& cells, char separator, bool for_spreadsheet) {
  std::string out;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) out += separator;
    std::string cell = cells[i];
    if (for_spreadsheet && !cell.empty() && std::string_view("=+-@\t\r").find(cell[0]) != std::string_view::npos &&
        !is_negative_number(cell))
      cell.insert(0, 1, '\'');
    const bool edge = !cell.empty() && (cell.front() == ' ' || cell.back() == ' ');
    if (!edge && cell.find_first_of("\"\r\n") == std::string::npos && cell.find(separator) == std::string::npos) {
      out += cell;
      continue;
    }
    out += '"';
    for (char c : cell) {
      if (c == '"') out += '"';
      out += c;
    }
    out += '"';
  }
  return out + "\r\n";
}

}  // namespace fieldpost
