#include "shared/desk/review.h"

#include <algorithm>

#include "shared/forms/about.h"
#include "shared/storage/sqlite.h"

namespace fieldpost {
namespace {

constexpr const char* form_name = "review";

Error refused(std::string why) { return Error{ErrorCode::invalid_argument, std::move(why)}; }

const Form* review_form(Store& store) { return store.catalogue().form(form_name); }

FieldKey field(const Form& form, std::string_view question) { return {form.find_in(nullptr, question)->number, ""}; }

std::int64_t number_in(const Form& form, const Answers& answers, std::string_view question) {
  const Value* value = answer_to(form, answers, question);
  const auto* number = value != nullptr ? std::get_if<std::int64_t>(value) : nullptr;
  return number != nullptr ? *number : 0;
}

ReviewSteps steps_in(const Form& form, const Answers& answers) {
  ReviewSteps steps;
  const std::string team = text_answer_to(form, answers, "team"), office = text_answer_to(form, answers, "office");
  steps.team = team == "submitted"  ? ReviewSteps::Team::submitted
               : team == "returned" ? ReviewSteps::Team::returned
                                    : ReviewSteps::Team::none;
  steps.office = office == "accepted"   ? ReviewSteps::Office::accepted
                 : office == "returned" ? ReviewSteps::Office::returned
                                        : ReviewSteps::Office::none;
  steps.handed_in = number_in(form, answers, "handed_in");
  steps.answers_to = number_in(form, answers, "answers_to");
  steps.looked_at = text_answer_to(form, answers, "looked_at");
  return steps;
}

std::vector<Remark> remarks_in(const Form& form, const Answers& answers) {
  const Question* repeat = form.find("remarks");
  const auto text_of = [&](const Row& row, std::string_view question) {
    const auto found = row.fields.find({form.find_in(repeat, question)->number, ""});
    const auto* text = found == row.fields.end() ? nullptr : std::get_if<std::string>(&found->second);
    return text != nullptr ? *text : std::string();
  };
  std::vector<Remark> out;
  for (const Row& row : answers.rows)
    if (row.repeat == repeat->number)
      out.push_back({row.id, text_of(row, "question"), text_of(row, "remark"), text_of(row, "mended") == "yes"});
  return out;
}

struct Ready {
  const Form* form = nullptr;  // of reviews
  Review review;
};

/// Everything a decision asks for; refuses one whose role takes no such step.
Result<Ready> ready_for(Store& store, const RecordId& record, std::optional<Reviewer> step) {
  Ready ready;
  ready.form = review_form(store);
  Result<Review> review = review_of(store, record);
  if (!review) return review.error();
  ready.review = *std::move(review);
  const auto identity = store.identity();
  if (!identity) return identity.error();
  const std::optional<Reviewer> who =
      *identity ? reviewer_of((*identity)->certificate.role) : std::optional<Reviewer>();
  if (!who || (step && *who != *step))
    return Error{ErrorCode::forbidden, "the role of this laptop does not take that step of a review"};
  return ready;
}

Result<Saved> decide(Store& store, const Ready& ready, const Fields& answers, std::optional<std::string> reason,
                     std::vector<Edit::RowEdit> rows = {}) {
  const RecordId& subject = ready.review.record;
  if (ready.review.in_conflict) {
    // A value that equals the one shown would not be written: where rivals stand, it is what they are settled on.
    const RecordId review = record_about(form_name, {subject});
    const auto state = store.state(review);
    if (!state) return state.error();
    std::vector<Settlement> settled;
    for (const auto& [ref, rivals] : (**state).conflicts)
      if (const auto value = answers.find(ref.field); ref.entity == review && value != answers.end())
        settled.push_back({ref, value->second});
    if (!settled.empty())
      if (const auto done = store.resolve(review, settled, reason.value_or("")); !done) return done.error();
  }
  return store.decide(*ready.form, {subject}, answers, std::move(reason), std::move(rows));
}

std::vector<Edit::RowEdit> rows_of(const Form& form, const std::vector<Remark>& remarks) {
  const Question* repeat = form.find("remarks");
  std::vector<Edit::RowEdit> rows;
  for (const Remark& remark : remarks) {
    Edit::RowEdit& row = rows.emplace_back();
    row.repeat = repeat->number;
    if (!remark.question.empty()) row.fields[{form.find_in(repeat, "question")->number, ""}] = remark.question;
    row.fields[{form.find_in(repeat, "remark")->number, ""}] = remark.text;
  }
  return rows;
}

}  // namespace

const char* review_state_name(ReviewState state) {
  switch (state) {
    case ReviewState::incomplete: return "incomplete";
    case ReviewState::to_hand_in: return "to_hand_in";
    case ReviewState::submitted: return "submitted";
    case ReviewState::returned_by_team: return "returned_by_team";
    case ReviewState::returned_by_office: return "returned_by_office";
    case ReviewState::accepted: return "accepted";
    case ReviewState::edited_since: return "edited_since";
  }
  return "unknown";
}

bool is_reviewed(const Form& form) {
  if (!form.about.empty()) return false;
  switch (form.record_class) {
    case RecordClass::session:
    case RecordClass::consultation:
    case RecordClass::case_file: return true;
    case RecordClass::open:
    case RecordClass::person: return false;
  }
  return false;
}

std::optional<Reviewer> reviewer_of(Role role) {
  switch (role) {
    case Role::recorder:
    case Role::provider: return Reviewer::team;
    case Role::reconciler:
    case Role::director: return Reviewer::office;
    case Role::partner:
    case Role::department:
    case Role::administrator: return std::nullopt;
  }
  return std::nullopt;
}

ReviewState review_state(const ReviewSteps& steps, const HeadsMark& now, bool is_incomplete) {
  const bool office_speaks = steps.office != ReviewSteps::Office::none && steps.answers_to >= steps.handed_in;
  if (office_speaks && steps.office == ReviewSteps::Office::returned) return ReviewState::returned_by_office;
  if (office_speaks) return steps.looked_at == text(now) ? ReviewState::accepted : ReviewState::edited_since;
  if (steps.team == ReviewSteps::Team::returned) return ReviewState::returned_by_team;
  if (steps.team == ReviewSteps::Team::submitted) return ReviewState::submitted;
  return is_incomplete ? ReviewState::incomplete : ReviewState::to_hand_in;
}

std::size_t Review::open_remarks() const {
  return static_cast<std::size_t>(
      std::count_if(remarks.begin(), remarks.end(), [](const Remark& remark) { return !remark.mended; }));
}

Result<Review> review_of(Store& store, const RecordId& record) {
  const Form* form = review_form(store);
  Review review;
  review.record = record;
  const Result<void> found = guarded([&]() -> Result<void> {
    // Off the record's row, whatever lies in it: a clerk goes through hundreds.
    Statement row = store.database().prepare(
        "SELECT form, heads_mark, incomplete, conflicts FROM record WHERE record = ? AND present");
    row.bind(record);
    if (!row.step()) return Error{ErrorCode::not_found, "this record is not on this laptop"};
    const Form* of = store.catalogue().form(row.text(0));
    if (of == nullptr || form == nullptr || !is_reviewed(*of))
      return refused("records of this form are not reviewed");
    review.mark = row.id<HeadsMark>(1);
    review.incomplete = row.integer(2) != 0;
    review.record_in_conflict = row.integer(3) != 0;
    return {};
  });
  if (!found) return found.error();
  const auto decided = store.state(record_about(form_name, {record}));
  if (!decided) return decided.error();
  if (*decided && (*decided)->present) {
    review.steps = steps_in(*form, (*decided)->answers);
    review.remarks = remarks_in(*form, (*decided)->answers);
    review.in_conflict = !(*decided)->conflicts.empty();
  }
  review.state = review_state(review.steps, review.mark, review.incomplete);
  return review;
}

Result<Saved> submit(Store& store, const RecordId& record) {
  const Result<Ready> ready = ready_for(store, record, Reviewer::team);
  if (!ready) return ready.error();
  const Review& review = ready->review;
  if (ready->review.incomplete) return refused("something is lacking in this record: fill it in, then hand it in");
  if (review.state == ReviewState::submitted && !review.in_conflict)
    return refused("this record is handed in already");
  if (review.state == ReviewState::accepted) return refused("the office has accepted this record as it stands");
  const Form& form = *ready->form;
  return decide(store, *ready,
                {{field(form, "team"), std::string("submitted")},
                 {field(form, "handed_in"), std::max(review.steps.handed_in, review.steps.answers_to) + 1}},
                std::nullopt);
}

Result<Saved> return_to_field(Store& store, const RecordId& record, const std::vector<Remark>& remarks,
                              std::optional<std::string> reason) {
  const Result<Ready> ready = ready_for(store, record, std::nullopt);
  if (!ready) return ready.error();
  if (remarks.empty() && (!reason || reason->empty()))
    return refused("say what is to be mended: a remark at a question, or a reason");
  const auto identity = store.identity();
  if (!identity) return identity.error();
  const Form& form = *ready->form;
  const ReviewSteps& steps = ready->review.steps;
  Fields answers;
  if (reviewer_of((*identity)->certificate.role) == Reviewer::office) {
    answers = {{field(form, "office"), std::string("returned")},
               {field(form, "answers_to"), std::max(steps.handed_in, steps.answers_to)},
               {field(form, "looked_at"), text(ready->review.mark)}};
  } else {
    if (ready->review.state == ReviewState::accepted)
      return refused("the office has accepted this record as it stands");
    answers = {{field(form, "team"), std::string("returned")},
               {field(form, "handed_in"), std::max(steps.handed_in, steps.answers_to + 1)}};
  }
  return decide(store, *ready, answers, std::move(reason), rows_of(form, remarks));
}

Result<Saved> accept(Store& store, const RecordId& record, const HeadsMark& looked_at,
                     std::optional<std::string> reason) {
  const Result<Ready> ready = ready_for(store, record, Reviewer::office);
  if (!ready) return ready.error();
  if (ready->review.mark != looked_at)
    return refused("this record has changed since it was looked at: look at it again");
  if (ready->review.record_in_conflict) return refused("a conflict is open in this record: settle it first");
  if (ready->review.incomplete && (!reason || reason->empty()))
    return refused("something is lacking in this record: accept it with a reason, or return it");
  if (ready->review.state == ReviewState::accepted && !ready->review.in_conflict)
    return refused("this record is accepted already, as it stands");
  const Form& form = *ready->form;
  const ReviewSteps& steps = ready->review.steps;
  return decide(store, *ready,
                {{field(form, "office"), std::string("accepted")},
                 {field(form, "answers_to"), std::max(steps.handed_in, steps.answers_to)},
                 {field(form, "looked_at"), text(looked_at)}},
                std::move(reason));
}

Result<Saved> reopen(Store& store, const RecordId& record, std::optional<std::string> reason) {
  const Result<Ready> ready = ready_for(store, record, std::nullopt);
  if (!ready) return ready.error();
  const auto identity = store.identity();
  if (!identity) return identity.error();
  const bool office = reviewer_of((*identity)->certificate.role) == Reviewer::office;
  const ReviewSteps& steps = ready->review.steps;
  const bool said = office ? steps.office != ReviewSteps::Office::none : steps.team != ReviewSteps::Team::none;
  if (!said) return refused("nothing was decided here that could be taken back");
  if (!office && steps.office != ReviewSteps::Office::none && steps.answers_to >= steps.handed_in)
    return refused("the office has answered: hand the record in again instead");
  return decide(store, *ready, {{field(*ready->form, office ? "office" : "team"), Cleared{}}}, std::move(reason));
}

Result<Saved> mark_mended(Store& store, const RecordId& record, const EntityId& remark, bool mended) {
  const Result<Ready> ready = ready_for(store, record, std::nullopt);
  if (!ready) return ready.error();
  const auto& remarks = ready->review.remarks;
  if (std::none_of(remarks.begin(), remarks.end(), [&](const Remark& one) { return one.row == remark; }))
    return Error{ErrorCode::not_found, "no such remark in this review"};
  const Question* repeat = ready->form->find("remarks");
  Edit::RowEdit row;
  row.row = remark;
  row.repeat = repeat->number;
  row.fields[{ready->form->find_in(repeat, "mended")->number, ""}] = std::string(mended ? "yes" : "no");
  return store.decide(*ready->form, {record}, {}, std::nullopt, {row});
}

}  // namespace fieldpost
