// Who may have a right to legal aid, and which papers show it.
#include "shared/forms/eligibility.h"

#include <doctest/doctest.h>

using namespace fieldpost;

namespace {

const Catalogue& catalogue() { return shipped_catalogue(); }

Proof proof(std::string_view category, const std::vector<std::string>& papers) {
  return proof_of(catalogue(), category, papers);
}

PersonAtRequest person(const CivilDate& born, const CivilDate& day = {2026, 11, 22}) {
  PersonAtRequest out;
  out.day = day;
  out.birth_date = born;
  return out;
}

}  // namespace

TEST_CASE("one paper is enough for a poor household, and two for an accused person of a near-poor one") {
  CHECK(proof("HN", {"GCN_HN"}).complete);
  CHECK_FALSE(proof("HN", {"GCN_HCN"}).complete);
  const Proof half = proof("BTCN", {"GCN_HCN"});
  CHECK_FALSE(half.complete);
  REQUIRE(half.lacking.size() == 1);
  CHECK(half.lacking.front().front()->code == "VB_TT_BT");
  CHECK(proof("BTCN", {"GCN_HCN", "VB_TT_BT"}).complete);
}

TEST_CASE("an elderly person shows an allowance decision alone, or a near-poor certificate and their age") {
  CHECK(proof("NCT", {"QD_TCXH"}).complete);
  CHECK_FALSE(proof("NCT", {"GT_NCT"}).complete);
  CHECK(proof("NCT", {"GT_NCT", "GCN_HCN"}).complete);
}

TEST_CASE("a fallen soldier's family shows hardship and either a decision, or a certificate with the kinship") {
  CHECK(proof("TNLS", {"GCN_HCN", "QD_TC_TNLS"}).complete);
  CHECK(proof("TNLS", {"QD_TCXH", "GCN_GDLS", "GT_QUANHE"}).complete);
  const Proof without_kinship = proof("TNLS", {"QD_TCXH", "BANG_TQGC"});
  CHECK_FALSE(without_kinship.complete);
  REQUIRE(without_kinship.lacking.size() == 1);  // the nearest way is named, and one paper of it
}

TEST_CASE("any other lawful paper, or the issuer's confirmation of a lost one, counts as what it is said to show") {
  CHECK(proof("HIV", {"GT_KHAC"}).complete);
  CHECK(proof("NCTN_BH", {"XN_THATLAC"}).complete);
}

TEST_CASE("where the law names no papers, nothing is called lacking") {
  const Proof unknown = proof("MBN_NN", {});
  CHECK_FALSE(unknown.complete);
  CHECK(unknown.lacking.empty());
  CHECK(proof_options(catalogue(), "no such category").empty());
}

TEST_CASE("what the answers speak for is offered, in force on the day alone") {
  CHECK(likely_categories(catalogue(), person({2012, 5, 1})) == std::vector<std::string>{"TE"});
  CHECK(likely_categories(catalogue(), person({1950, 0, 0})).empty());  // old, but hardship is not known
  PersonAtRequest elder = person({1950, 0, 0});
  elder.in_hardship = true;
  CHECK(likely_categories(catalogue(), elder) == std::vector<std::string>{"NCT"});
  PersonAtRequest khmer = person({1990, 0, 0});
  khmer.ethnicity = "05";
  CHECK(likely_categories(catalogue(), khmer) == std::vector<std::string>{"DTTS"});
  khmer.ethnicity = "01";
  CHECK(likely_categories(catalogue(), khmer).empty());
  CHECK(likely_categories(catalogue(), person({2012, 5, 1}, {2017, 12, 31})).empty());  // before the law
}

TEST_CASE("an age contradicts a category only when no day of the birth date would fit") {
  CHECK(age_contradicts("TE", person({2010, 11, 22})));        // sixteen on the day
  CHECK_FALSE(age_contradicts("TE", person({2010, 11, 23})));  // sixteen tomorrow
  CHECK_FALSE(age_contradicts("TE", person({2010, 0, 0})));    // some of that year are fifteen
  CHECK(age_contradicts("NCTN_BH", person({2008, 11, 22})));
  CHECK(age_contradicts("NCT", person({1970, 0, 0})));
  CHECK_FALSE(age_contradicts("HN", person({1970, 0, 0})));
  PersonAtRequest unknown;
  unknown.day = {2026, 11, 22};
  CHECK_FALSE(age_contradicts("TE", unknown));
}
