#include "client/model/pasted_table.h"

#include <algorithm>

#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

constexpr std::size_t rows_max = 2'000;  // a training of 500, four times over

std::string trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r");
  if (first == std::string_view::npos) return {};
  return std::string(text.substr(first, text.find_last_not_of(" \t\r") - first + 1));
}

std::vector<std::vector<std::string>> cells_of(std::string_view text) {
  std::vector<std::vector<std::string>> rows(1);
  std::string cell;
  bool quoted = false;
  const auto end_cell = [&] {
    rows.back().push_back(trimmed(cell));
    cell.clear();
  };
  for (std::size_t i = 0; i < text.size() && rows.size() <= rows_max; ++i) {
    const char c = text[i];
    if (quoted) {
      if (c != '"')
        cell += c == '\n' || c == '\t' ? ' ' : c;
      else if (i + 1 < text.size() && text[i + 1] == '"')
        cell += text[++i];
      else
        quoted = false;
    } else if (c == '"' && cell.empty()) {
      quoted = true;
    } else if (c == '\t') {
      end_cell();
    } else if (c == '\n') {
      end_cell();
      rows.emplace_back();
    } else if (c != '\r') {
      cell += c;
    }
  }
  end_cell();
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
std::optional<std::string> code_of(FormEntry& entry, const EntityId& row, const Question& question,
                                   const std::string& cell) {
  const std::string folded = vietnamese::fold(cell);
  for (const Choice& choice : entry.choices(row, question, question.type == QuestionType::record ? cell : ""))
    if (choice.code == cell || vietnamese::fold(choice.text) == folded) return choice.code;
  if (question.type != QuestionType::place) return std::nullopt;
  const std::vector<Choice> found = entry.choices(row, question, cell);
  return found.size() == 1 ? std::optional(found.front().code) : std::nullopt;
}

bool is_chosen_from(const Question& question) {
  return question.type == QuestionType::select_one || question.type == QuestionType::place ||
         question.type == QuestionType::record;
}

/// The parts of a cell for a question with several answers.
std::vector<std::string> parts_of(const std::string& cell) {
  std::vector<std::string> parts(1);
  for (const char c : cell)
    if (c == ';' || c == ',')
      parts.emplace_back();
    else
      parts.back() += c;
  for (std::string& part : parts) part = trimmed(part);
  std::erase(parts, "");
  return parts;
}

bool reads(FormEntry& entry, const Question& question, const std::string& cell) {
  if (cell.empty()) return true;
  if (is_chosen_from(question)) return code_of(entry, EntityId{}, question, cell).has_value();
  if (question.type == QuestionType::select_multiple) {
    const std::vector<std::string> parts = parts_of(cell);
    return std::all_of(parts.begin(), parts.end(), [&](const std::string& part) {
      return code_of(entry, EntityId{}, question, part).has_value();
    });
  }
  return typed_value(question, cell).has_value();
}

}  // namespace

PastedTable read_table(std::string_view text, FormEntry& entry, const Question& repeat, const Question& first) {
  PastedTable table;
  table.repeat = &repeat;
  const Result<std::string> composed = vietnamese::nfc(text);
  table.rows = cells_of(composed ? std::string_view(*composed) : text);
  if (table.rows.empty()) return table;
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
  for (std::size_t r = 0; r < table.rows.size(); ++r)
    for (std::size_t c = 0; c < width; ++c)
      if (table.columns[c] && !reads(entry, *table.columns[c], table.rows[r][c]))
        table.faults.push_back({r, table.columns[c], table.rows[r][c]});
  return table;
}

std::size_t add_rows(FormEntry& entry, const PastedTable& table) {
  for (const std::vector<std::string>& cells : table.rows) {
    const EntityId row = entry.add_row(*table.repeat, FormEntry::NewRow::plain);
    for (std::size_t c = 0; c < cells.size(); ++c) {
      const Question* question = table.columns[c];
      const std::string& cell = cells[c];
      if (!question || cell.empty()) continue;
      if (is_chosen_from(*question)) {
        if (const auto code = code_of(entry, row, *question, cell)) entry.choose(row, *question, *code);
      } else if (question->type == QuestionType::select_multiple) {
        for (const std::string& part : parts_of(cell))
          if (const auto code = code_of(entry, row, *question, part)) entry.toggle(row, *question, *code, true);
      } else {
        entry.text(row, *question) = cell;
        entry.text_changed(row, *question);  // what cannot be read stays in its cell, marked
      }
    }
  }
  return table.rows.size();
}

}  // namespace fieldpost
