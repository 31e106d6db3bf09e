#include "shared/forms/form.h"

#include <array>

namespace fieldpost {

namespace {

constexpr std::array<const char*, 13> type_names = {"text",      "note",       "integer",         "decimal", "date",
                                                    "time",      "select_one", "select_multiple", "place",   "record",
                                                    "calculate", "group",      "repeat"};
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
  return walk(questions, nullptr,
              [&](const Question& question, const Question*) { return question.number == number; });
}

const Question* Form::find_in(const Question* in, std::string_view wanted) const {
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
  const Question* out = nullptr;
  walk(questions, nullptr, [&](const Question& question, const Question* repeat) {
    if (&question != &wanted) return false;
    out = repeat;
    return true;
  });
  return out;
}

std::vector<const Question*> Form::repeats() const {
  std::vector<const Question*> out;
  walk(questions, nullptr, [&](const Question& question, const Question*) {
    if (question.type == QuestionType::repeat) out.push_back(&question);
    return false;
  });
  return out;
}

}  // namespace fieldpost
