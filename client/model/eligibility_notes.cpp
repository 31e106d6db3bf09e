#include "client/model/eligibility_notes.h"

#include "client/model/translation.h"
#include "shared/forms/eligibility.h"
#include "shared/forms/validation.h"

namespace fieldpost {
namespace {

class Notes {
 public:
  Notes(const Form& form, const Answers& answers, const Catalogue& catalogue, const CivilDate& day)
      : form_(form), answers_(answers), catalogue_(catalogue) {
    person_.day = day;
    if (const Value* birth = answer_to(form, answers, "birth_date"))
      if (const auto* date = std::get_if<CivilDate>(birth)) person_.birth_date = *date;
    person_.ethnicity = code("ethnicity");
    person_.in_hardship = !code("hardship_basis").empty();
  }

  std::map<std::uint32_t, std::vector<FieldNote>> all() {
    const Question* categories = form_.find_in(nullptr, "eligibility");
    if (categories == nullptr || categories->type != QuestionType::select_multiple) return {};
    const std::vector<std::string> chosen = chosen_codes(answers_.fields, categories->number);
    about_categories(*categories, chosen);
    std::string used = code("used_category");
    if (used.empty() && chosen.size() == 1) used = chosen.front();
    if (!used.empty()) about_papers(used);
    return std::move(notes_);
  }

 private:
  std::string code(std::string_view name) const { return text_answer_to(form_, answers_, name); }
  std::string name_of(const char* list, std::string_view code) const {
    const CodeList* known = catalogue_.list(list);
    const Option* option = known ? known->find(code) : nullptr;
    return option ? option->label.in(language()) : std::string(code);
  }

  void about_categories(const Question& question, const std::vector<std::string>& chosen) {
    std::vector<FieldNote>& notes = notes_[question.number];
    const auto is_chosen = [&](const std::string& one) {
      return std::find(chosen.begin(), chosen.end(), one) != chosen.end();
    };
    for (const std::string& one : likely_categories(catalogue_, person_))
      if (!is_chosen(one))
        notes.push_back(
            {FieldNote::Kind::hint, tr_with("eligible.likely", {name_of("eligibility_categories", one)})});
    for (const std::string& one : chosen)
      if (age_contradicts(one, person_))
        notes.push_back(
            {FieldNote::Kind::warning, tr_with("eligible.age", {name_of("eligibility_categories", one)})});
  }

  std::string words(const ProofSlot& slot) const {
    std::string out;
    for (const Option* paper : slot) {
      if (!out.empty()) out += paper == slot.back() ? tr("eligible.or") : "; ";
      out += paper->label.in(language());
    }
    return out;
  }

  void about_papers(const std::string& category) {
    const Question* seen = form_.find_in(nullptr, "proof_papers");
    const Question* state = form_.find_in(nullptr, "proof_state");
    if (seen == nullptr || state == nullptr) return;
    const Proof proof = proof_of(catalogue_, category, chosen_codes(answers_.fields, seen->number));
    const std::string how = code("proof_state");
    const bool are_seen = how == "original_seen" || how == "certified_copy";
    std::vector<FieldNote>& notes = notes_[are_seen ? seen->number : state->number];
    if (are_seen && proof.complete) {
      notes.push_back(
          {FieldNote::Kind::good, tr_with("eligible.complete", {name_of("eligibility_categories", category)})});
      return;
    }
    if (proof.complete) return;
    for (const ProofSlot& slot : proof.lacking)
      notes.push_back({are_seen ? FieldNote::Kind::warning : FieldNote::Kind::hint,
                       tr_with(are_seen ? "eligible.lacking" : "eligible.needed", {words(slot)})});
    if (proof.lacking.empty()) notes.push_back({FieldNote::Kind::hint, tr("eligible.any_paper")});
  }

  const Form& form_;
  const Answers& answers_;
  const Catalogue& catalogue_;
  PersonAtRequest person_;
  std::map<std::uint32_t, std::vector<FieldNote>> notes_;
};

}  // namespace

std::map<std::uint32_t, std::vector<FieldNote>> eligibility_notes(const Form& form, const Answers& answers,
                                                                  const Catalogue& catalogue, const CivilDate& day) {
  return Notes(form, answers, catalogue, day).all();
}

}  // namespace fieldpost
