#include "shared/forms/code_list.h"

#include <algorithm>
#include <set>

#include "shared/forms/fault_list.h"
#include "shared/foundation/csv.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {

namespace {

/// Codes are joined by spaces in expressions and by `;` in tables, so they are plain words.
bool is_code(std::string_view text) {
  return !text.empty() && text.size() <= 64 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
           c == '.';
  });
}

std::optional<CivilDate> read_day(const std::string& text, std::size_t line, std::string_view column,
                                  FaultList& faults) {
  if (text.empty()) return std::nullopt;
  const Result<CivilDate> date = parse_iso_date(text);
  if (date && date->has_day()) return *date;
  faults.add_line(line, std::string(column) + " is no day of the form 2025-07-01");
  return std::nullopt;
}

}  // namespace

bool Option::valid_on(const CivilDate& day) const {
  return (!valid_from || first_day(day) >= *valid_from) && (!valid_to || first_day(day) <= *valid_to);
}

const Option* CodeList::find(std::string_view code) const {
  for (const Option& option : options)
    if (option.code == code) return &option;
  return nullptr;
}

std::vector<const Option*> CodeList::search(std::string_view text, const CivilDate& day) const {
  const std::vector<std::string> words = vietnamese::folded_words(text);
  std::vector<std::pair<int, const Option*>> found;
  for (const Option& option : options) {
    if (!option.valid_on(day)) continue;
    const bool all = std::all_of(words.begin(), words.end(), [&](const std::string& word) {
      return option.folded.find(word) != std::string::npos;
    });
    if (!all) continue;
    // A code typed whole is meant; else the better label counts.
    const int quality = option.code == text ? 1'000'000
                        : words.empty()     ? 0
                                            : std::max(vietnamese::match_quality(option.label.vi, text),
                                                       vietnamese::match_quality(option.label.en, text));
    found.emplace_back(quality, &option);
  }
  std::stable_sort(found.begin(), found.end(), [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<const Option*> out;
  for (const auto& [quality, option] : found) out.push_back(option);
  return out;
}

Result<CodeList> load_code_list(std::string_view name, std::string_view csv) {
  const Result<CsvTable> table = read_csv(csv);
  if (!table) return table.error();
  FaultList faults;
  const auto code_at = table->column("code"), vi_at = table->column("vi"), en_at = table->column("en");
  for (const auto& [column, at] : {std::pair{"code", code_at}, {"vi", vi_at}, {"en", en_at}})
    if (!at) faults.add_line(1, std::string("the column ") + column + " is missing");
  if (!faults.empty()) return faults.error(ErrorCode::malformed);

  CodeList list;
  list.name = name;
  std::map<std::string, std::size_t> lines;  // of each code
  for (const CsvTable::Line& line : table->lines) {
    const auto cell = [&](std::size_t at) { return at < line.cells.size() ? line.cells[at] : std::string(); };
    const auto cell_of = [&](std::string_view column) {
      const auto at = table->column(column);
      return at ? cell(*at) : std::string();
    };
    Option option;
    option.code = cell(*code_at);
    if (!is_code(option.code))
      faults.add_line(line.number, "the code is empty or no plain word");
    else if (const auto [other, fresh] = lines.emplace(option.code, line.number); !fresh)
      faults.add_line(line.number,
                      "the code " + option.code + " stands in line " + std::to_string(other->second) + " too");
    for (const auto& [at, label, column] :
         {std::tuple{*vi_at, &option.label.vi, "vi"}, std::tuple{*en_at, &option.label.en, "en"}}) {
      const Result<std::string> text = vietnamese::nfc(cell(at));
      if (!text || text->empty())
        faults.add_line(line.number, std::string("the label ") + column + " is empty");
      else
        *label = *text;
    }
    option.parent = cell_of("parent");
    option.valid_from = read_day(cell_of("valid_from"), line.number, "valid_from", faults);
    option.valid_to = read_day(cell_of("valid_to"), line.number, "valid_to", faults);
    if (option.valid_from && option.valid_to && *option.valid_from > *option.valid_to)
      faults.add_line(line.number, "valid_from lies after valid_to");
    for (std::size_t at = 0; at < table->header.size(); ++at)
      if (at != *code_at && at != *vi_at && at != *en_at) option.columns[table->header[at]] = cell(at);
    option.folded =
        vietnamese::fold(option.label.vi + " " + option.label.en + " " + option.code + " " + cell_of("aliases"));
    list.options.push_back(std::move(option));
  }
  for (std::size_t i = 0; i < list.options.size(); ++i)
    if (const std::string& parent = list.options[i].parent; !parent.empty() && !lines.count(parent))
      faults.add_line(table->lines[i].number, "the parent " + parent + " is not in the list");
  if (list.options.empty() && faults.empty()) faults.add_line(2, "the list has no option");
  if (!faults.empty()) return faults.error(ErrorCode::malformed);
  return list;
}

}  // namespace fieldpost
