#include "shared/matching/decide.h"

#include <fmt/format.h>

#include <algorithm>

#include "shared/forms/about.h"
#include "shared/matching/duplicates.h"

namespace fieldpost {
namespace {

const char* code_of(SameDecision::Decided decided) {
  switch (decided) {
    case SameDecision::Decided::same: return "same";
    case SameDecision::Decided::not_same: return "not_same";
    case SameDecision::Decided::undecided: break;
  }
  return "undecided";
}

Result<const Form*> form_of(Store& store, const RecordId& record) {
  const Result<std::optional<RecordState>> state = store.state(record);
  if (!state) return state.error();
  if (!*state || !(*state)->present)
    return Error{ErrorCode::not_found, fmt::format("{}: this record is not in this store: it does not exist, was "
                                                   "deleted, or is outside its scope",
                                                   text(record))};
  const Form* form = store.catalogue().form((*state)->form);
  if (form == nullptr)
    return Error{ErrorCode::not_found, fmt::format("{}: its form is not known here: sync first", text(record))};
  return form;
}

bool has_question(const Form& form, const std::string& name) {
  const Question* question = form.find_in(nullptr, name);
  if (question != nullptr) return question->number != 0;
  const std::vector<const Question*> repeats = form.repeats();
  return std::any_of(repeats.begin(), repeats.end(), [&](const Question* repeat) { return repeat->name == name; });
}

}  // namespace

Result<SameAnswer> same_answer(Store& store, const RecordId& one, const RecordId& other) {
  return guarded([&] {
    SameAnswer answer;
    const SameGroups groups(read_same_decisions(store.database()));
    if (const SameDecision* decision = groups.decision(one, other))
      answer = {decision->decided, decision->kept, decision->taken};
    return answer;
  });
}

Result<Saved> decide_same(Store& store, const RecordId& one, const RecordId& other, const SameAnswer& answer,
                          std::optional<std::string> reason) {
  if (one == other) return Error{ErrorCode::invalid_argument, "one record is always the same as itself: name two"};
  const Result<const Form*> form = form_of(store, one), other_form = form_of(store, other);
  if (!form) return form.error();
  if (!other_form) return other_form.error();
  if ((*form)->name != (*other_form)->name)
    return Error{ErrorCode::invalid_argument,
                 fmt::format("the records are of two forms, '{}' and '{}'", (*form)->name, (*other_form)->name)};
  if (!Duplicates::looks_at(**form))
    return Error{ErrorCode::invalid_argument,
                 fmt::format("records of the form '{}' are neither persons nor sessions", (*form)->name)};
  if (answer.kept && *answer.kept != one && *answer.kept != other)
    return Error{ErrorCode::invalid_argument, "the record that leads is one of the two"};
  std::string taken;
  for (const std::string& name : answer.taken) {
    if (!has_question(**form, name))
      return Error{ErrorCode::invalid_argument,
                   fmt::format("the form '{}' asks no question '{}'", (*form)->name, name)};
    taken.append(taken.empty() ? "" : " ").append(name);
  }
  const Form* same_as = store.catalogue().form(same_as_form);
  if (same_as == nullptr) return Error{ErrorCode::not_found, "no form is called 'same_as': see `form list`"};
  const bool same = answer.decided == SameDecision::Decided::same;
  if (answer.decided == SameDecision::Decided::undecided) {
    const Result<std::optional<RecordState>> before = store.state(record_about(same_as_form, {one, other}));
    if (!before) return before.error();
    if (!*before) return Error{ErrorCode::not_found, "nothing was decided about these two"};
  }
  Fields fields;
  const auto set = [&](const char* question, Value value) {
    fields[{same_as->find_in(nullptr, question)->number, ""}] = std::move(value);
  };
  set("decision", std::string(code_of(answer.decided)));
  set("kept", same && answer.kept ? Value(*answer.kept) : Value(Cleared{}));
  set("taken", same && !taken.empty() ? Value(taken) : Value(Cleared{}));
  return store.decide(*same_as, {one, other}, fields, std::move(reason));
}

}  // namespace fieldpost
