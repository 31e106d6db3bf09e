#include "client/model/pasted_table.h"

#include <algorithm>

#include "shared/foundation/csv.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

constexpr std::size_t rows_max = 2'000;  // a training of 500, four times over

/// In one line, without blanks at its ends.
std::string tidy(std::string cell) {
  std::replace_if(
      cell.begin(), cell.end(), [](char c) { return c == '\n' || c == '\t' || c == '\r'; }, ' ');
  const std::size_t first = std::min(cell.find_first_not_of(' '), cell.size());
  return cell.substr(first, cell.find_last_not_of(' ') + 1 - first);
}

std::vector<std::vector<std::string>> cells_of(std::string text) {
  std::erase(text, '\r');
  Result<std::vector<std::vector<std::string>>> cells = read_cells(text, '\t', CsvQuotes::enclose);
  if (!cells) cells = read_cells(text, '\t', CsvQuotes::letters);
  std::vector<std::vector<std::string>> rows = cells ? *std::move(cells) : std::vector<std::vector<std::string>>{};
  for (auto& row : rows)
    for (std::string& cell : row) cell = tidy(std::move(cell));
  std::erase_if(rows, [](const auto& row) {
    return std::all_of(row.begin(), row.end(), [](const std::string& each) { return each.empty(); });
  });
  return rows;
}

std::vector<const Question*> fillable(const FormEntry& entry, const Question& repeat) {
  std::vector<const Question*> columns = entry.columns(repeat);
  std::erase_if(columns, [](const Question* question) { return question->type == QuestionType::calculate; });
  return columns;
}

bool is_head_of(const std::string& cell, const Question& question) {
  const std::string folded = vietnamese::fold(cell);
  if (folded.empty()) return false;
  for (const std::string& name : {question.label.vi, question.label.en, question.name})
    if (vietnamese::fold(name) == folded) return true;
  // "Năm sinh" stands for "Ngày, tháng, năm sinh"; "Họ tên" for "Họ và tên".
  const std::vector<std::string> words = vietnamese::folded_words(cell),
                                 all = vietnamese::folded_words(question.label.vi);
  return words.size() >= 2 && std::all_of(words.begin(), words.end(), [&](const std::string& word) {
           return std::find(all.begin(), all.end(), word) != all.end();
         });
}

/// The code of the option that a cell names, by its words or its code; nothing when there is none.
std::optional<std::string> code_of(FormEntry& entry, const Question& question, const std::string& cell) {
  const std::string folded = vietnamese::fold(cell);
  for (const Choice& choice : entry.choices(EntityId{}, question, question.type == QuestionType::record ? cell : ""))
    if (choice.code == cell || vietnamese::fold(choice.text) == folded) return choice.code;
  if (question.type != QuestionType::place) return std::nullopt;
  const std::vector<Choice> found = entry.choices(EntityId{}, question, cell);
  return found.size() == 1 ? std::optional(found.front().code) : std::nullopt;
}

/// The parts of a cell for a question with several answers.
std::vector<std::string> parts_of(const std::string& cell) {
  std::vector<std::string> parts(1);
  for (const char c : cell)
    if (c == ';' || c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  for (std::string& part : parts) part = tidy(std::move(part));
  std::erase(parts, "");
  return parts;
}

/// The codes that a cell names, none for what is typed; nothing at all where it is no answer.
std::optional<std::vector<std::string>> codes_of(FormEntry& entry, const Question& question,
                                                 const std::string& cell) {
  std::vector<std::string> codes;
  switch (question.type) {
    case QuestionType::select_multiple:
    case QuestionType::select_one:
    case QuestionType::place:
    case QuestionType::record: {
      const bool several = question.type == QuestionType::select_multiple;
      for (const std::string& part : several ? parts_of(cell) : std::vector<std::string>{cell}) {
        const std::optional<std::string> code = code_of(entry, question, part);
        if (!code) return std::nullopt;
        codes.push_back(*code);
      }
      return codes;
    }
    default: return typed_value(question, cell) ? std::optional(codes) : std::nullopt;
  }
}

}  // namespace

PastedTable read_table(std::string_view text, FormEntry& entry, const Question& repeat, const Question& first) {
  PastedTable table;
  table.repeat = &repeat;
  const Result<std::string> composed = vietnamese::nfc(text);
  table.rows = cells_of(composed ? *composed : std::string(text));
  if (table.rows.empty()) return table;
  if (table.rows.size() > rows_max) {
    table.rows_left_out = table.rows.size() - rows_max;
    table.rows.resize(rows_max);
  }
  const std::vector<const Question*> known = fillable(entry, repeat);
  std::size_t width = 0;
  for (const auto& row : table.rows) width = std::max(width, row.size());
  for (auto& row : table.rows) row.resize(width);

  std::vector<const Question*> by_head(width);
  std::size_t heads = 0;
  for (std::size_t c = 0; c < width; ++c)
    for (const Question* question : known)
      if (std::find(by_head.begin(), by_head.end(), question) == by_head.end() &&
          is_head_of(table.rows.front()[c], *question)) {
        by_head[c] = question;
        ++heads;
        break;
      }
  if (heads >= 2 || (heads == 1 && width == 1)) {
    table.columns = std::move(by_head);
    table.headers = std::move(table.rows.front());
    table.rows.erase(table.rows.begin());
  } else {
    table.columns.resize(width);
    const bool numbered = width > 1 && table.rows.size() > 1 &&
                          std::all_of(table.rows.begin(), table.rows.end(), [&, n = 0](const auto& row) mutable {
                            return row.front() == std::to_string(++n);
                          });
    auto next = static_cast<std::size_t>(std::find(known.begin(), known.end(), &first) - known.begin());
    for (std::size_t c = numbered ? 1 : 0; c < width && next < known.size(); ++c) table.columns[c] = known[next++];
  }
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    std::vector<std::vector<std::string>>& codes = table.codes.emplace_back(width);
    for (std::size_t c = 0; c < width; ++c) {
      const std::string& cell = table.rows[r][c];
      if (!table.columns[c] || cell.empty()) continue;
      if (auto named = codes_of(entry, *table.columns[c], cell))
        codes[c] = *std::move(named);
      else
        table.faults.push_back({r, table.columns[c], cell});
    }
  }
  return table;
}

std::size_t add_rows(FormEntry& entry, const PastedTable& table) {
  for (std::size_t r = 0; r < table.rows.size(); ++r) {
    const EntityId row = entry.add_row(*table.repeat, FormEntry::NewRow::plain);
    for (std::size_t c = 0; c < table.columns.size(); ++c) {
      const Question* question = table.columns[c];
      const std::string& cell = table.rows[r][c];
      if (!question || cell.empty()) continue;
      for (const std::string& code : table.codes[r][c])
        if (question->type == QuestionType::select_multiple)
          entry.toggle(row, *question, code, true);
        else
          entry.choose(row, *question, code);
      if (!holds_text(question->type)) continue;
      entry.text(row, *question) = cell;
      entry.text_changed(row, *question);  // what cannot be read stays in its cell, marked
    }
  }
  return table.rows.size();
}

}  // namespace fieldpost
