#include "shared/forms/form.h"

#include <array>

namespace fieldpost {

namespace {

constexpr std::array<const char*, 15> type_names = {"text",  "note",       "integer",         "decimal", "date",
                                                    "time",  "select_one", "select_multiple", "place",   "record",
                                                    "image", "file",       "calculate",       "group",   "repeat"};
constexpr std::array<const char*, 5> class_names = {"open", "person", "session", "consultation", "case"};

/// Calls `visit(question, repeat)` in questionnaire order until it returns true; gives the question it stopped at.
template <class Visit>
const Question* walk(const std::vector<Question>& questions, const Question* repeat, const Visit& visit) {
  for (const Question& question : questions) {
    if (visit(question, repeat)) return &question;
    const Question* inside = question.type == QuestionType::repeat ? &question : repeat;
    if (const Question* found = walk(question.questions, inside, visit)) return found;
  }
  return nullptr;
}

bool is_container(const Question& question) {
  return question.type == QuestionType::group || question.type == QuestionType::repeat;
}

}  // namespace

const char* type_name(QuestionType type) { return type_names[static_cast<std::size_t>(type)]; }

const char* class_name(RecordClass record_class) { return class_names[static_cast<std::size_t>(record_class)]; }

std::optional<RecordClass> parse_class(std::string_view name) {
  for (std::size_t i = 0; i < class_names.size(); ++i)
    if (name == class_names[i]) return static_cast<RecordClass>(i);
  return std::nullopt;
}

Form::Form(const Form& other)
    : name(other.name),
      version(other.version),
      record_class(other.record_class),
      label(other.label),
      title(other.title),
      date(other.date),
      questions(other.questions),
      follow_ups(other.follow_ups),
      about(other.about),
      writers(other.writers),
      numbering(other.numbering) {
  if (other.index_) index();
}

Form& Form::operator=(const Form& other) {
  Form copy(other);
  return *this = std::move(copy);
}

void Form::index() {
  index_.reset();
  auto built = std::make_unique<Index>();
  built->repeats = repeats();
  walk(questions, nullptr, [&](const Question& question, const Question* repeat) {
    if (question.number != 0) built->by_number.emplace(question.number, &question);
    if (!is_container(question))
      built->by_name.emplace(std::pair(repeat, std::string_view(question.name)), &question);
    for (const Question& inside : question.questions) built->parents.emplace(&inside, &question);
    return false;
  });
  index_ = std::move(built);
}

std::vector<const Question*> Form::all() const {
  std::vector<const Question*> out;
  walk(questions, nullptr, [&](const Question& question, const Question*) {
    out.push_back(&question);
    return false;
  });
  return out;
}

const Question* Form::find(std::string_view wanted) const {
  const Question* of_record = walk(questions, nullptr, [&](const Question& question, const Question* repeat) {
    return repeat == nullptr && question.name == wanted;
  });
  if (of_record) return of_record;
  return walk(questions, nullptr, [&](const Question& question, const Question*) { return question.name == wanted; });
}

const Question* Form::find(std::uint32_t number) const {
  if (number == 0) return nullptr;
  if (index_) {
    const auto found = index_->by_number.find(number);
    return found == index_->by_number.end() ? nullptr : found->second;
  }
  return walk(questions, nullptr,
              [&](const Question& question, const Question*) { return question.number == number; });
}

const Question* Form::find_in(const Question* in, std::string_view wanted) const {
  if (index_) {
    const auto found = index_->by_name.find({in, wanted});
    return found == index_->by_name.end() ? nullptr : found->second;
  }
  return walk(questions, nullptr, [&](const Question& question, const Question* repeat) {
    return repeat == in && question.name == wanted && !is_container(question);
  });
}

std::vector<const Question*> Form::questions_of(const Question* in) const {
  std::vector<const Question*> out;
  walk(questions, nullptr, [&](const Question& question, const Question* repeat) {
    if (repeat == in && !is_container(question) && question.type != QuestionType::note) out.push_back(&question);
    return false;
  });
  return out;
}

const Question* Form::repeat_of(const Question& wanted) const {
  for (const Question* around = parent_of(wanted); around != nullptr; around = parent_of(*around))
    if (around->type == QuestionType::repeat) return around;
  return nullptr;
}

const Question* Form::parent_of(const Question& wanted) const {
  if (index_) {
    const auto found = index_->parents.find(&wanted);
    return found == index_->parents.end() ? nullptr : found->second;
  }
  return walk(questions, nullptr, [&](const Question& question, const Question*) {
    return !question.questions.empty() && &wanted >= &question.questions.front() &&
           &wanted <= &question.questions.back();
  });
}

std::vector<const Question*> Form::repeats() const {
  if (index_) return index_->repeats;
  std::vector<const Question*> out;
  walk(questions, nullptr, [&](const Question& question, const Question*) {
    if (question.type == QuestionType::repeat) out.push_back(&question);
    return false;
  });
  return out;
}

}  // namespace fieldpost
