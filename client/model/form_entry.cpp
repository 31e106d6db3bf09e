#include "client/model/form_entry.h"

#include <algorithm>

#include "client/model/grid_view.h"
#include "client/model/translation.h"
#include "shared/foundation/vietnamese.h"

namespace fieldpost {
namespace {

constexpr std::size_t choices_max = 80;  // more than a person reads; typing narrows them

// Ids of rows that are not saved yet: greater than any UUIDv7, so that they come last, in the order they were added.
EntityId unsaved_row_id(std::uint64_t number) {
  EntityId id;
  id.bytes.fill(0xff);
  for (std::size_t i = 0; i < 8; ++i) id.bytes[15 - i] = static_cast<std::uint8_t>(number >> (8 * i));
  return id;
}

bool is_unsaved(const EntityId& row) {
  return std::all_of(row.bytes.begin(), row.bytes.begin() + 8, [](std::uint8_t byte) { return byte == 0xff; });
}

bool has_default(const Question& node) {
  return node.default_value ||
         (node.type == QuestionType::group && std::any_of(node.questions.begin(), node.questions.end(), has_default));
}

}  // namespace

bool holds_text(QuestionType type) {
  return type == QuestionType::text || type == QuestionType::integer || type == QuestionType::decimal ||
         type == QuestionType::date || type == QuestionType::time;
}

FormEntry::FormEntry(const Form& form, Seen seen, Context context)
    : form_(&form), seen_(std::move(seen)), context_(std::move(context)), answers_(seen_.answers) {
  show_missing_ = !seen_.is_new;
  if (!seen_.is_new) return;
  present_ = answers_;
  for (const Question& question : form_->questions) set_defaults(question, nullptr);
  revision_ = 0;
}

FormEntry::FormEntry(const Form& form, const Draft& kept, Context context)
    : form_(&form), seen_(kept.seen), context_(std::move(context)), answers_(seen_.answers) {
  show_missing_ = !seen_.is_new;
  draft = kept.id;
  apply(kept.edit);
  revision_ = 0;
}

Fields* FormEntry::fields_of(const EntityId& entity) {
  return const_cast<Fields*>(static_cast<const FormEntry*>(this)->fields_of(entity));
}

const Fields* FormEntry::fields_of(const EntityId& entity) const {
  if (entity == seen_.record) return &answers_.fields;
  const Row* row = row_of(entity);
  return row ? &row->fields : nullptr;
}

const Row* FormEntry::row_of(const EntityId& entity) const {
  const auto found = std::lower_bound(answers_.rows.begin(), answers_.rows.end(), entity,
                                      [](const Row& row, const EntityId& id) { return row.id < id; });
  if (found != answers_.rows.end() && found->id == entity) return &*found;
  const auto anywhere =
      std::find_if(answers_.rows.begin(), answers_.rows.end(), [&](const Row& row) { return row.id == entity; });
  return anywhere == answers_.rows.end() ? nullptr : &*anywhere;
}

void FormEntry::changed() {
  stale_ = true;
  dirty_.reset();
  ++revision_;
}

void FormEntry::set(const EntityId& entity, const FieldKey& key, Value value) {
  Fields* fields = fields_of(entity);
  if (!fields) return;
  const auto held = fields->find(key);
  if (held != fields->end() ? held->second == value : is_cleared(value)) return;
  (*fields)[key] = std::move(value);
  changed();
}

void FormEntry::set_defaults(const Question& node, Row* row) {
  if (node.type == QuestionType::group)
    for (const Question& inner : node.questions) set_defaults(inner, row);
  if (!node.default_value || node.number == 0) return;
  const FormLogic logic(*form_, present_, context_.catalogue, context_.today);
  Value value = logic.default_of(node, row);
  if (is_cleared(value)) return;
  Fields& fields = row ? row->fields : answers_.fields;
  if (node.type == QuestionType::select_multiple) {
    if (!std::holds_alternative<std::string>(value)) return;
    fields[{node.number, std::get<std::string>(value)}] = true;
    value = true;
  }
  fields[{node.number, {}}] = std::move(value);
  changed();
}

void FormEntry::apply(const Edit& edit) {
  for (const auto& [key, value] : edit.fields) answers_.fields[key] = value;
  for (const Edit::RowEdit& row_edit : edit.rows) {
    if (row_edit.row && row_edit.deleted) {
      if (row_of(*row_edit.row)) deleted_.insert(*row_edit.row);
      continue;
    }
    EntityId id;
    if (row_edit.row) {
      id = *row_edit.row;
      // Somebody else deleted the row that is edited here: it comes back as an edit against a deletion.
      if (!row_of(id)) answers_.rows.push_back({id, row_edit.repeat, {}});
    } else {
      id = unsaved_row_id(next_row_++);
      new_rows_.insert(id);
      answers_.rows.push_back({id, row_edit.repeat, {}});
    }
    Fields& fields = *fields_of(id);
    for (const auto& [key, value] : row_edit.fields) fields[key] = value;
  }
  changed();
}

void FormEntry::collect(const std::vector<Question>& questions, int depth, const FormLogic& logic) {
  for (const Question& question : questions) {
    if (!logic.relevant(question, nullptr)) continue;
    Item item{&question, depth, logic.required(question, nullptr), {}};
    if (question.type == QuestionType::calculate)
      item.calculated = value_text(question, logic.calculated(question, nullptr), context_.catalogue, context_.names);
    items_.push_back(std::move(item));
    if (question.type == QuestionType::group) {
      const std::size_t group = items_.size() - 1;
      collect(question.questions, depth + 1, logic);
      if (items_.size() == group + 1) items_.pop_back();  // nothing in it is relevant
    }
  }
}

void FormEntry::refresh() {
  if (!stale_) return;
  stale_ = false;
  present_.record = answers_.record;
  present_.fields = answers_.fields;
  present_.rows.clear();
  for (const Row& row : answers_.rows)
    if (!deleted_.contains(row.id)) present_.rows.push_back(row);
  const FormLogic logic(*form_, present_, context_.catalogue, context_.today);
  items_.clear();
  collect(form_->questions, 0, logic);
  problems_ = validate(*form_, present_, context_.catalogue, context_.today);
  notes_ = eligibility_notes(*form_, present_, context_.catalogue, own_date(*form_, present_, context_.today));
  problem_index_.clear();
  for (std::size_t i = 0; i < problems_.size(); ++i) {
    const EntityId& entity = problems_[i].entity.is_nil() ? seen_.record : problems_[i].entity;
    problem_index_[{entity, problems_[i].question}].push_back(i);
  }
}

const std::vector<FormEntry::Item>& FormEntry::items() {
  refresh();
  return items_;
}

const std::vector<Problem>& FormEntry::problems() {
  refresh();
  return problems_;
}

std::vector<const Problem*> FormEntry::problems_at(const EntityId& entity, const Question& question) {
  refresh();
  std::vector<const Problem*> shown;
  const auto found = problem_index_.find({entity, question.name});
  if (found == problem_index_.end()) return shown;
  for (const std::size_t index : found->second) {
    const Problem& problem = problems_[index];
    if (problem.kind == Problem::Kind::required && !show_missing_ &&
        !visited_.contains({entity, {question.number, {}}}))
      continue;
    shown.push_back(&problem);
  }
  return shown;
}

const std::vector<FieldNote>& FormEntry::notes_at(const Question& question) {
  static const std::vector<FieldNote> none;
  refresh();
  const auto found = notes_.find(question.number);
  return question.number == 0 || found == notes_.end() ? none : found->second;
}

std::size_t FormEntry::problem_count(Severity severity) {
  refresh();
  return static_cast<std::size_t>(std::count_if(
      problems_.begin(), problems_.end(), [&](const Problem& problem) { return problem.severity == severity; }));
}

std::optional<std::string> FormEntry::typing_fault(const EntityId& entity, const Question& question) const {
  const auto found = faults_.find({entity, {question.number, {}}});
  if (found == faults_.end()) return std::nullopt;
  return found->second;
}

bool FormEntry::relevant(const EntityId& entity, const Question& question) {
  refresh();
  const FormLogic logic(*form_, present_, context_.catalogue, context_.today);
  return logic.relevant(question, entity == seen_.record ? nullptr : row_of(entity));
}

std::string& FormEntry::text(const EntityId& entity, const Question& question) {
  const FieldRef field{entity, {question.number, {}}};
  const auto found = texts_.find(field);
  if (found != texts_.end()) return found->second;
  return texts_[field] = answer_text(entity, question);
}

void FormEntry::text_changed(const EntityId& entity, const Question& question) {
  const FieldRef field{entity, {question.number, {}}};
  const Result<Value> value = typed_value(question, texts_[field]);
  if (!value) {
    faults_[field] = typing_hint(question.type);
    ++revision_;
    return;
  }
  faults_.erase(field);
  set(entity, field.field, *value);
}

void FormEntry::visited(const EntityId& entity, const Question& question) {
  visited_.insert({entity, {question.number, {}}});
  // A number or a date is written out as the rest of the screen writes it: 3/3/2025 becomes 03/03/2025.
  const FieldRef field{entity, {question.number, {}}};
  if (!faults_.contains(field)) texts_.erase(field);
}

void FormEntry::file_typed(const EntityId& entity, const Question& question) {
  const FieldRef field{entity, {question.number, {}}};
  const auto typed = texts_.find(field);
  if (typed == texts_.end()) return;
  std::string path = typed->second;
  texts_.erase(typed);
  if (path == answer_text(entity, question)) return;
  const std::size_t first = path.find_first_not_of(" \t'\"");
  if (first == std::string::npos) return clear(entity, question);
  path = path.substr(first, path.find_last_not_of(" \t'\"") - first + 1);
  // As file managers drop it.
  if (path.starts_with("file://")) path = path.substr(7);
  attach_request_ = AttachRequest{entity, &question, std::move(path)};
}

void FormEntry::attach(const EntityId& entity, const Question& question, const Attachment& attachment) {
  const FieldRef field{entity, {question.number, {}}};
  texts_.erase(field);
  faults_.erase(field);
  file_places.erase(attachment.id);
  set(entity, field.field, attachment);
}

std::vector<Choice> FormEntry::choices(const EntityId& entity, const Question& question, std::string_view typed) {
  refresh();
  std::vector<Choice> found;
  const CivilDate day = own_date(*form_, present_, context_.today);
  if (question.type == QuestionType::record)
    return context_.find_records ? context_.find_records(question.target, typed) : found;
  if (question.type == QuestionType::place) {
    for (const Place* place : context_.catalogue.places.search(typed, day, choices_max)) {
      Choice choice{place->key(), value_text(question, Value(place->key()), context_.catalogue, context_.names),
                    place->district_name};
      if (!place->successors.empty())
        choice.detail = tr("place.until_merger") + (choice.detail.empty() ? "" : " · " + choice.detail);
      found.push_back(std::move(choice));
    }
    return found;
  }
  const FormLogic logic(*form_, present_, context_.catalogue, context_.today);
  const std::vector<const Option*> allowed =
      logic.choices(question, entity == seen_.record ? nullptr : row_of(entity));
  const CodeList* list = context_.catalogue.list(question.list);
  std::vector<const Option*> ordered = allowed;
  if (!typed.empty() && list) {
    ordered = list->search(typed, day);
    std::erase_if(ordered, [&](const Option* option) {
      return std::find(allowed.begin(), allowed.end(), option) == allowed.end();
    });
  }
  for (const Option* option : ordered) found.push_back({option->code, option->label.in(language()), {}});
  return found;
}

void FormEntry::choose(const EntityId& entity, const Question& question, const std::string& code) {
  Value value = code;
  if (question.type == QuestionType::record) {
    const Result<EntityId> id = parse_entity_id(code);
    if (!id) return;
    value = *id;
  }
  const FieldRef field{entity, {question.number, {}}};
  faults_.erase(field);
  texts_.erase(field);
  set(entity, field.field, std::move(value));
}

void FormEntry::clear(const EntityId& entity, const Question& question) {
  const FieldRef field{entity, {question.number, {}}};
  faults_.erase(field);
  texts_.erase(field);
  set(entity, field.field, Cleared{});
}

bool FormEntry::is_chosen(const EntityId& entity, const Question& question, const std::string& code) const {
  const Fields* fields = fields_of(entity);
  if (!fields) return false;
  const auto found = fields->find({question.number, code});
  return found != fields->end() && found->second == Value(true);
}

void FormEntry::toggle(const EntityId& entity, const Question& question, const std::string& code, bool on) {
  set(entity, {question.number, code}, on);
  // Answered with none is not the same as not asked.
  set(entity, {question.number, {}}, true);
}

std::string FormEntry::answer_text(const EntityId& entity, const Question& question) const {
  const Fields* fields = fields_of(entity);
  if (!fields) return {};
  if (question.type == QuestionType::select_multiple) return chosen_text(question, *fields, context_.catalogue);
  if (question.type == QuestionType::calculate) {
    const FormLogic logic(*form_, present_, context_.catalogue, context_.today);
    return value_text(question, logic.calculated(question, row_of(entity)), context_.catalogue, context_.names);
  }
  const auto found = fields->find({question.number, {}});
  if (found == fields->end()) return {};
  if (holds_text(question.type) && question.type == QuestionType::text &&
      std::holds_alternative<std::string>(found->second))
    return std::get<std::string>(found->second);
  std::string text = value_text(question, found->second, context_.catalogue, context_.names);
  if (const auto* file = std::get_if<Attachment>(&found->second)) {
    const auto place = file_places.find(file->id);
    text += " · " + (place == file_places.end() ? tr("file.here") : place->second);
  }
  return text;
}

std::vector<EntityId> FormEntry::rows(const Question& repeat) const {
  std::vector<EntityId> ids;
  for (const Row& row : answers_.rows)
    if (row.repeat == repeat.number) ids.push_back(row.id);
  return ids;
}

std::size_t FormEntry::row_count(const Question& repeat) const {
  return static_cast<std::size_t>(std::count_if(answers_.rows.begin(), answers_.rows.end(), [&](const Row& row) {
    return row.repeat == repeat.number && !deleted_.contains(row.id);
  }));
}

std::optional<std::size_t> FormEntry::same_person(const Question& repeat, const EntityId& row) const {
  const Question* name = nullptr;
  const Question* birth = nullptr;
  for (const Question* question : columns(repeat)) {
    if (question->appearance == "person_name") name = question;
    if (question->type == QuestionType::date && question->name == "birth_date") birth = question;
  }
  if (!name) return std::nullopt;
  const auto answer = [&](const Row& of, const Question* question) -> const Value* {
    const auto held = question ? of.fields.find({question->number, {}}) : of.fields.end();
    return held == of.fields.end() || is_cleared(held->second) ? nullptr : &held->second;
  };
  const Row* asked = row_of(row);
  const Value* typed = asked ? answer(*asked, name) : nullptr;
  if (!typed) return std::nullopt;
  const std::string folded = vietnamese::fold(plain_text(*typed));
  const auto person = [&](const Row& of) {
    PersonWords words;
    words.name = plain_text(*answer(of, name));
    const Value* born = answer(of, birth);
    if (const auto* date = born ? std::get_if<CivilDate>(born) : nullptr) words.birth_date = *date;
    return prepared(words, context_.catalogue.places);
  };
  const Person here = person(*asked);
  std::size_t number = 0;
  for (const EntityId& id : rows(repeat)) {
    ++number;
    if (id == row || is_deleted(id)) continue;
    const Row* other = row_of(id);
    const Value* other_name = other ? answer(*other, name) : nullptr;
    if (!other_name || vietnamese::fold(plain_text(*other_name)) != folded) continue;
    if (match(here, person(*other)).certainty != Certainty::no) return number;
  }
  return std::nullopt;
}

std::vector<const Question*> FormEntry::columns(const Question& repeat) const {
  std::vector<const Question*> columns;
  for (const Question& question : repeat.questions) {
    if (question.type == QuestionType::group) {
      for (const Question* inner : this->columns(question)) columns.push_back(inner);
    } else if (question.type != QuestionType::note) {
      columns.push_back(&question);
    }
  }
  return columns;
}

EntityId FormEntry::add_row(const Question& repeat, NewRow kind) {
  // A default may look at any answer; without one there is no reason to look through the whole form for each line.
  if (std::any_of(repeat.questions.begin(), repeat.questions.end(), has_default)) refresh();
  Row row{unsaved_row_id(next_row_++), repeat.number, {}};
  for (const Question& question : repeat.questions) set_defaults(question, &row);
  const std::vector<EntityId> above = kind == NewRow::goes_on ? rows(repeat) : std::vector<EntityId>{};
  const Row* last = above.empty() ? nullptr : row_of(above.back());
  for (const Question* question : last ? columns(repeat) : std::vector<const Question*>{}) {
    if (question->appearance != "as_above") continue;
    const auto held = last->fields.find({question->number, {}});
    if (held != last->fields.end() && !is_cleared(held->second)) row.fields[held->first] = held->second;
  }
  new_rows_.insert(row.id);
  defaults_[row.id] = row.fields;
  answers_.rows.push_back(row);
  changed();
  return row.id;
}

void FormEntry::delete_row(const EntityId& row) {
  deleted_.insert(row);
  std::erase_if(faults_, [&](const auto& fault) { return fault.first.entity == row; });
  changed();
}

void FormEntry::restore_row(const EntityId& row) {
  deleted_.erase(row);
  changed();
}

bool FormEntry::holds_nothing_own(const EntityId& row, const Question& question) const {
  const Fields* fields = fields_of(row);
  const FieldKey key{question.number, {}};
  const auto held = fields ? fields->find(key) : Fields::const_iterator{};
  if (!fields || held == fields->end() || is_cleared(held->second)) return true;
  const auto began = defaults_.find(row);
  if (began == defaults_.end()) return false;
  const auto begun = began->second.find(key);
  return begun != began->second.end() && begun->second == held->second;
}

std::map<FieldRef, std::string> FormEntry::unread_texts() const {
  std::map<FieldRef, std::string> unread;
  for (const auto& [field, fault] : faults_)
    if (field.entity != seen_.record)
      if (const auto text = texts_.find(field); text != texts_.end()) unread.insert(*text);
  return unread;
}

void FormEntry::put_row(const EntityId& row, const std::optional<RowState>& state) {
  std::erase_if(texts_, [&](const auto& text) { return text.first.entity == row; });
  std::erase_if(faults_, [&](const auto& fault) { return fault.first.entity == row; });
  deleted_.erase(row);
  const auto same = [&](const Row& each) { return each.id == row; };
  auto place = std::find_if(answers_.rows.begin(), answers_.rows.end(), same);
  if (!state) {
    if (new_rows_.erase(row) != 0)
      answers_.rows.erase(place);
    else
      deleted_.insert(row);
    return changed();
  }
  if (place == answers_.rows.end()) {
    place = std::find_if(answers_.rows.begin(), answers_.rows.end(),
                         [&](const Row& each) { return each.repeat == state->row.repeat && row < each.id; });
    place = answers_.rows.insert(place, state->row);
    if (is_unsaved(row)) new_rows_.insert(row);
  }
  // What was not answered then is said, not left out: an edit then takes away what a save has written meanwhile.
  Fields fields = state->row.fields;
  for (const auto& [key, value] : place->fields)
    if (!fields.contains(key)) fields[key] = key.option.empty() ? Value(Cleared{}) : Value(false);
  place->fields = std::move(fields);
  place->id = row;
  if (state->deleted) deleted_.insert(row);
  for (const auto& [key, text] : state->unread)
    if (const Question* question = form_->find(key.number)) {
      texts_[{row, key}] = text;
      faults_[{row, key}] = typing_hint(question->type);
    }
  changed();
}

const Answers& FormEntry::present() {
  refresh();
  return present_;
}

GridView& FormEntry::grid(const Question& repeat) {
  std::shared_ptr<GridView>& view = grids_[repeat.number];
  if (!view) view = std::make_shared<GridView>();
  return *view;
}

Edit FormEntry::edit() const {
  Edit edit;
  const auto differs = [](const Fields& seen, const FieldKey& key, const Value& value) {
    const auto found = seen.find(key);
    return found != seen.end() ? found->second != value : !is_cleared(value);
  };
  for (const auto& [key, value] : answers_.fields)
    if (differs(seen_.answers.fields, key, value)) edit.fields[key] = value;
  std::map<EntityId, const Row*> seen_rows;
  for (const Row& row : seen_.answers.rows) seen_rows[row.id] = &row;
  for (const Row& row : answers_.rows) {
    Edit::RowEdit row_edit;
    row_edit.repeat = row.repeat;
    if (new_rows_.contains(row.id)) {
      if (deleted_.contains(row.id) || is_left_out(row)) continue;
      for (const auto& [key, value] : row.fields)
        if (!is_cleared(value)) row_edit.fields[key] = value;
    } else {
      row_edit.row = row.id;
      row_edit.deleted = deleted_.contains(row.id);
      static const Fields none;
      const auto seen = seen_rows.find(row.id);
      if (!row_edit.deleted)
        for (const auto& [key, value] : row.fields)
          if (differs(seen == seen_rows.end() ? none : seen->second->fields, key, value))
            row_edit.fields[key] = value;
      if (!row_edit.deleted && row_edit.fields.empty()) continue;
    }
    edit.rows.push_back(std::move(row_edit));
  }
  return edit;
}

void FormEntry::take_over(const FollowUp& follow_up, const FormEntry& from) {
  for (const std::string& name : follow_up.takes) {
    const Question* source = from.form().find_in(nullptr, name);
    const Question* target = form_->find_in(nullptr, name);
    if (!source || !target || source->type != target->type) continue;
    for (const auto& [key, value] : from.answers().fields)
      if (key.number == source->number) set(seen_.record, {target->number, key.option}, value);
  }
  if (const Question* link = form_->find_in(nullptr, follow_up.link); link && link->type == QuestionType::record)
    set(seen_.record, {link->number, {}}, from.record());
  origin = Origin{from.record(), follow_up.form, follow_up.link};
  revision_ = 0;
}

bool FormEntry::offers(const FollowUp& follow_up) {
  refresh();
  return FormLogic(*form_, present_, context_.catalogue, context_.today).offered(follow_up);
}

bool FormEntry::is_left_out(const Row& row) const {
  const auto defaults = defaults_.find(row.id);
  if (defaults != defaults_.end() && defaults->second == row.fields) return true;
  return std::all_of(row.fields.begin(), row.fields.end(),
                     [](const auto& field) { return is_cleared(field.second); });
}

bool FormEntry::dirty() const {
  if (seen_.is_new && draft.is_nil() && revision_ == 0) return false;
  if (!dirty_) {
    const Edit pending = edit();
    dirty_ = !pending.fields.empty() || !pending.rows.empty();
  }
  return *dirty_;
}

void FormEntry::saved() {
  // What cannot be read as an answer was not saved and stays in its field; rows have new ids, so theirs goes by
  // place.
  std::map<std::uint32_t, std::vector<EntityId>> before;
  for (const Row& row : answers_.rows) {
    // A new row that holds nothing was not saved.
    const bool empty = new_rows_.contains(row.id) && is_left_out(row);
    if (!deleted_.contains(row.id) && !empty) before[row.repeat].push_back(row.id);
  }
  answers_ = seen_.answers;
  std::map<std::uint32_t, std::vector<EntityId>> after;
  for (const Row& row : answers_.rows) after[row.repeat].push_back(row.id);
  std::map<EntityId, EntityId> renamed;
  for (const auto& [repeat, ids] : before)
    for (std::size_t i = 0; i < std::min(ids.size(), after[repeat].size()); ++i) renamed[ids[i]] = after[repeat][i];
  std::map<FieldRef, std::string> faults, texts;
  for (const auto& [field, fault] : faults_) {
    FieldRef moved = field;
    if (const auto now = renamed.find(field.entity); now != renamed.end()) moved.entity = now->second;
    faults[moved] = fault;
    texts[moved] = texts_[field];
  }
  faults_ = std::move(faults);
  texts_ = std::move(texts);
  for (const auto& [repeat, view] : grids_) view->history.saved(renamed);
  new_rows_.clear();
  deleted_.clear();
  defaults_.clear();
  visited_.clear();
  show_missing_ = true;
  stale_ = true;
  dirty_.reset();
}

void FormEntry::take_in(Seen now) {
  const Edit mine = edit();
  seen_ = std::move(now);
  answers_ = seen_.answers;
  texts_.clear();
  faults_.clear();
  new_rows_.clear();
  deleted_.clear();
  defaults_.clear();
  next_row_ = 0;
  for (const auto& [repeat, view] : grids_) view->history.forget();
  apply(mine);
  others_changed = false;
}

ConflictView conflict_view(const Form& form, const FieldRef& field, const FieldState& state, const RecordId& record,
                           const Catalogue& catalogue, const Names& names, const CivilDate& today) {
  ConflictView view;
  view.field = field;
  view.label = field_text(form, field, record, catalogue);
  view.personal = is_personal(form, field, record);
  for (const Rival& rival : state.heads)
    view.rivals.push_back({rival.change, rival.value, field_value_text(form, field, rival.value, catalogue, names),
                           names.author ? names.author(rival.author) : std::string(),
                           names.device ? names.device(rival.device) : std::string(), moment_text(rival.at, today)});
  return view;
}

}  // namespace fieldpost
