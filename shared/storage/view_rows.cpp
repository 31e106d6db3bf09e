#include "shared/storage/view_rows.h"

#include <algorithm>
#include <cstdlib>
#include <unordered_map>

#include "shared/forms/definition.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

const Value* answer(const Fields& fields, std::uint32_t number) {
  const auto found = fields.find(FieldKey{number, {}});
  return found == fields.end() || is_cleared(found->second) ? nullptr : &found->second;
}

Cell cell_of(const Value& value) {
  struct {
    Cell operator()(Cleared) const { return nullptr; }
    Cell operator()(bool truth) const { return std::int64_t{truth}; }
    Cell operator()(std::int64_t number) const { return number; }
    Cell operator()(const Decimal& number) const { return std::strtod(decimal_text(number).c_str(), nullptr); }
    Cell operator()(const std::string& text) const { return text; }
    Cell operator()(const CivilDate& date) const { return iso_text(date); }
    Cell operator()(const EntityId& id) const { return id; }
    Cell operator()(const Attachment& file) const { return text(file.id.digest); }
  } visitor;
  return std::visit(visitor, value);
}

/// `;CODE;CODE;`, a lone `;` for none of the options, null where the question was not answered.
Cell chosen_cell(const Fields& fields, std::uint32_t number, const std::vector<std::string>& codes) {
  const Value* answered = answer(fields, number);
  const bool* truth = answered != nullptr ? std::get_if<bool>(answered) : nullptr;
  if (codes.empty() && (truth == nullptr || !*truth)) return nullptr;
  std::string text = ";";
  for (const std::string& code : codes) text.append(code).append(";");
  return text;
}

void add_words(std::string& words, std::string_view text) {
  vietnamese::for_each_folded_word(text, [&](std::string_view word) {
    if (!words.empty()) words += ' ';
    words += word;
  });
}

bool may_be_phone(std::string_view text) {
  return text.size() <= 24 &&
         std::count_if(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; }) >= 9;
}

/// Texts as they are, a phone number once more as one run of digits, and a place by its name.
void add_searchable(std::string& words, const ViewTable::Column& column, const Value& value,
                    const Catalogue& catalogue) {
  const std::string* text = std::get_if<std::string>(&value);
  if (text == nullptr) return;
  if (column.type == QuestionType::text) {
    add_words(words, *text);
    if (may_be_phone(*text))
      if (const auto digits = vietnamese::phone_digits(*text)) add_words(words, *digits);
  } else if (column.type == QuestionType::place) {
    if (const Place* place = catalogue.places.find(*text)) add_words(words, place->name);
  }
}

std::string title_part(const Question& question, const DerivedRecord& derived, const Catalogue& catalogue) {
  const Value* value = answer(derived.state.answers.fields, question.number);
  if (value == nullptr || question.number == 0) return {};
  if (const CivilDate* date = std::get_if<CivilDate>(value)) return vietnamese::date_text(*date);
  if (const std::int64_t* number = std::get_if<std::int64_t>(value)) return vietnamese::number_text(*number);
  if (const Decimal* number = std::get_if<Decimal>(value)) return vietnamese::number_text(*number);
  const std::string* text = std::get_if<std::string>(value);
  if (text == nullptr) return {};
  if (question.type == QuestionType::place)
    if (const Place* place = catalogue.places.find(*text)) return place->name;
  if (question.type == QuestionType::select_one)
    if (const CodeList* list = catalogue.list(question.list))
      if (const Option* option = list->find(*text)) return option->label.vi;
  return *text;
}

/// The form's title with the answers in place of `{question}`, in one line.
std::string title_of(const Form& form, const DerivedRecord& derived, const Catalogue& catalogue) {
  std::string filled;
  std::string_view rest = form.title;
  while (!rest.empty()) {
    const std::size_t open = rest.find('{');
    const std::size_t close = open == std::string_view::npos ? open : rest.find('}', open);
    if (close == std::string_view::npos) break;
    filled += rest.substr(0, open);
    if (const Question* question = form.find(rest.substr(open + 1, close - open - 1)))
      filled += title_part(*question, derived, catalogue);
    rest.remove_prefix(close + 1);
  }
  filled += rest;
  std::string line;
  for (const char c : filled) {
    const bool space = c == ' ' || c == '\n' || c == '\t';
    if (!space)
      line += c;
    else if (!line.empty() && line.back() != ' ')
      line += ' ';
  }
  if (!line.empty() && line.back() == ' ') line.pop_back();
  return line;
}

void add_row(DerivedRecord& derived, const ViewTable& table, const EntityId& entity, std::int64_t position,
             const Fields& fields, const Catalogue& catalogue) {
  std::vector<Cell>& cells = derived.rows.emplace_back(&table, std::vector<Cell>()).second;
  cells.reserve(table.columns.size() + 3);
  cells.emplace_back(derived.state.record);
  if (table.repeat != 0) {
    cells.emplace_back(entity);
    cells.emplace_back(position);
  }
  for (const ViewTable::Column& column : table.columns) {
    if (column.type == QuestionType::select_multiple) {
      cells.push_back(chosen_cell(fields, column.number, chosen_codes(fields, column.number)));
      continue;
    }
    const Value* value = answer(fields, column.number);
    if (value == nullptr) {
      cells.emplace_back(nullptr);
      continue;
    }
    add_searchable(derived.words, column, *value, catalogue);
    cells.push_back(cell_of(*value));
  }
}

void add_rows(DerivedRecord& derived, const Catalogue& catalogue) {
  const Answers& answers = derived.state.answers;
  add_row(derived, derived.tables->main, derived.state.record, 0, answers.fields, catalogue);
  std::int64_t position = 0;
  std::uint32_t repeat = 0;
  for (const Row& row : answers.rows) {
    const ViewTable* table = derived.tables->repeat(row.repeat);
    if (table == nullptr) continue;
    position = row.repeat == repeat ? position + 1 : 1;
    repeat = row.repeat;
    add_row(derived, *table, row.id, position, row.fields, catalogue);
  }
}

const Form* form_of(const RecordState& state, const Catalogue& catalogue) {
  const Form* form = catalogue.form(state.form, state.form_version);
  return form != nullptr ? form : catalogue.form(state.form);
}

/// Finds changes by id; most records have few.
class Finder {
 public:
  explicit Finder(std::span<const Change> changes) : changes_(changes) {
    if (changes.size() < 8) return;
    for (const Change& change : changes) by_id_.emplace(change.id, &change);
  }
  const Change* operator()(const ChangeId& id) const {
    if (!by_id_.empty()) {
      const auto found = by_id_.find(id);
      return found == by_id_.end() ? nullptr : found->second;
    }
    for (const Change& change : changes_)
      if (change.id == id) return &change;
    return nullptr;
  }

 private:
  std::span<const Change> changes_;
  std::unordered_map<ChangeId, const Change*> by_id_;
};

/// The form named by the newest of the heads: what tells the rows by their repeats.
const Form* form_of(const RecordHeads& heads, const Finder& find, const Catalogue& catalogue) {
  const Change* newest = nullptr;
  const Change* last = nullptr;
  for (const auto& [field, ids] : heads.fields()) {
    for (const ChangeId& id : ids) {
      if (last != nullptr && last->id == id) continue;
      const Change* change = find(id);
      if (change == nullptr) continue;
      last = change;
      if (newest == nullptr || std::tie(change->at, change->id) > std::tie(newest->at, newest->id)) newest = change;
    }
  }
  return newest != nullptr ? catalogue.form(newest->form) : nullptr;
}

RecordState state_of(const RecordId& record, const RecordHeads& heads, const Finder& find,
                     const Catalogue& catalogue) {
  return record_state(record, heads, std::cref(find), form_of(heads, find, catalogue));
}

}  // namespace

std::string form_mark(std::string_view form) { return "_f_" + std::string(form); }

std::string author_mark(const UserId& author) { return "_a_" + to_hex(author.view()); }

std::int64_t hash_of_words(std::string_view words) {
  std::int64_t hash = 0;
  static_assert(sizeof hash <= Digest::size);
  std::memcpy(&hash, sha256(view_of(words)).bytes.data(), sizeof hash);
  return hash;
}

RecordState derive_state(const RecordId& record, const RecordHeads& heads, std::span<const Change> changes,
                         const Catalogue& catalogue) {
  return state_of(record, heads, Finder(changes), catalogue);
}

DerivedRecord derive_record(const RecordId& record, const RecordHeads& heads, std::span<const Change> changes,
                            const Catalogue& catalogue, const ViewTables& tables) {
  DerivedRecord derived;
  derived.mark = heads_mark(heads);
  derived.state = state_of(record, heads, Finder(changes), catalogue);
  const RecordState& state = derived.state;
  const CivilDate first_day_here = vietnam_day(state.first_at);
  derived.own_date = iso_text(first_day_here);
  derived.tables = tables.of(state.form);
  if (is_definition(record)) derived.state.present = false;  // the catalogue's, and in no list
  const Form* form = form_of(state, catalogue);
  if (form == nullptr || derived.tables == nullptr) return derived;

  derived.class_text = class_name(form->record_class);
  if (!state.present) return derived;
  derived.own_date = iso_text(own_date(*form, state.answers, first_day_here));
  derived.title = title_of(*form, derived, catalogue);
  derived.incomplete = is_incomplete(validate(*form, state.answers, catalogue, vietnam_day(state.last_at)));
  add_rows(derived, catalogue);
  derived.words += (derived.words.empty() ? "" : " ") + form_mark(state.form) + " " + author_mark(state.first_author);
  derived.words_hash = hash_of_words(derived.words);
  for (const auto& [field, rivals] : state.conflicts)
    derived.conflicts.emplace_back(field, conflict_id(field, heads.of(field)));
  return derived;
}

}  // namespace fieldpost
