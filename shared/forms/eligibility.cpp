#include "shared/forms/eligibility.h"

#include <algorithm>
#include <charconv>
#include <map>

namespace fieldpost {
namespace {

constexpr std::string_view papers_list = "proof_papers", categories_list = "eligibility_categories";
constexpr std::string_view any_category = "*";

/// One use of a paper in the column `uses`, as `NCT/2/1;TNLS/1/1`: category, option, slot.
struct Use {
  std::string_view category;
  int option = 0, slot = 0;
};

std::vector<Use> uses_of(const Option& paper) {
  std::vector<Use> uses;
  const auto column = paper.columns.find("uses");
  std::string_view left = column == paper.columns.end() ? std::string_view() : std::string_view(column->second);
  while (!left.empty()) {
    const std::string_view one = left.substr(0, left.find(';'));
    left.remove_prefix(std::min(left.size(), one.size() + 1));
    const std::size_t first = one.find('/'), second = one.find('/', first + 1);
    if (first == std::string_view::npos || second == std::string_view::npos) continue;
    Use use{one.substr(0, first), 0, 0};
    std::from_chars(one.data() + first + 1, one.data() + second, use.option);
    std::from_chars(one.data() + second + 1, one.data() + one.size(), use.slot);
    uses.push_back(use);
  }
  return uses;
}

/// Full years on the day: the fewest and the most that the precision of the birth date allows.
struct Age {
  int least = 0, most = 0;
};
std::optional<Age> age_of(const PersonAtRequest& person) {
  if (!person.birth_date || !person.day.has_day()) return std::nullopt;
  return Age{full_years(last_day(*person.birth_date), person.day),
             full_years(first_day(*person.birth_date), person.day)};
}

// Ages: Luật Trẻ em 2016, Điều 1; Luật Trợ giúp pháp lý, Điều 7; Luật Người cao tuổi 2009, Điều 2.
struct AgeRule {
  std::string_view category;
  int from, below;
};
constexpr int no_age = 1'000;
constexpr AgeRule age_rules[] = {{"TE", 0, 16},       {"BT1618", 16, 18},  {"BH1618", 16, 18},  {"NCTN", 16, 18},
                                 {"NCTN_TG", 16, 18}, {"NCTN_KN", 16, 18}, {"NCTN_KC", 16, 18}, {"NCTN_BT", 16, 18},
                                 {"NCTN_BH", 16, 18}, {"NCTN_LC", 16, 18}, {"NCTN_CH", 16, 18}, {"NCTN_PN", 16, 18},
                                 {"MBN_DC", 0, 18},   {"NCT", 60, no_age}};

const AgeRule* rule_of(std::string_view category) {
  const auto found = std::find_if(std::begin(age_rules), std::end(age_rules),
                                  [&](const AgeRule& rule) { return rule.category == category; });
  return found == std::end(age_rules) ? nullptr : found;
}

// Kinh, foreigners and those not known are no minority (Danh mục 53 dân tộc thiểu số).
bool is_minority(std::string_view ethnicity) {
  return !ethnicity.empty() && ethnicity != "01" && ethnicity != "55" && ethnicity != "99";
}

}  // namespace

std::vector<ProofOption> proof_options(const Catalogue& catalogue, std::string_view category) {
  std::vector<ProofOption> options;
  const CodeList* papers = catalogue.list(papers_list);
  if (papers == nullptr) return options;
  std::map<int, std::map<int, ProofSlot>> slots;
  for (const Option& paper : papers->options)
    for (const Use& use : uses_of(paper))
      if (use.category == category) slots[use.option][use.slot].push_back(&paper);
  for (auto& [option, by_slot] : slots) {
    ProofOption& added = options.emplace_back();
    for (auto& [slot, any_of] : by_slot) added.push_back(std::move(any_of));
  }
  return options;
}

Proof proof_of(const Catalogue& catalogue, std::string_view category, const std::vector<std::string>& papers) {
  Proof proof;
  const auto is_seen = [&](const Option* paper) {
    return std::find(papers.begin(), papers.end(), paper->code) != papers.end();
  };
  if (const CodeList* list = catalogue.list(papers_list))
    for (const Option& paper : list->options)
      for (const Use& use : uses_of(paper))
        if (use.category == any_category && is_seen(&paper)) proof.complete = true;
  std::optional<std::vector<ProofSlot>> fewest;
  for (const ProofOption& option : proof_options(catalogue, category)) {
    std::vector<ProofSlot> lacking;
    for (const ProofSlot& slot : option)
      if (std::none_of(slot.begin(), slot.end(), is_seen)) lacking.push_back(slot);
    if (!fewest || lacking.size() < fewest->size()) fewest = std::move(lacking);
  }
  if (fewest && fewest->empty()) proof.complete = true;
  if (fewest && !proof.complete) proof.lacking = *std::move(fewest);
  return proof;
}

std::vector<std::string> likely_categories(const Catalogue& catalogue, const PersonAtRequest& person) {
  std::vector<std::string> likely;
  const CodeList* categories = catalogue.list(categories_list);
  if (categories == nullptr) return likely;
  const auto add = [&](std::string_view code) {
    const Option* category = categories->find(code);
    if (category != nullptr && category->valid_on(person.day)) likely.emplace_back(code);
  };
  const std::optional<Age> age = age_of(person);
  if (age && age->most < 16) add("TE");
  if (is_minority(person.ethnicity)) add("DTTS");
  if (age && age->least >= 60 && person.in_hardship) add("NCT");
  return likely;
}

bool age_contradicts(std::string_view category, const PersonAtRequest& person) {
  const AgeRule* rule = rule_of(category);
  const std::optional<Age> age = age_of(person);
  return rule != nullptr && age && (age->most < rule->from || age->least >= rule->below);
}

}  // namespace fieldpost
