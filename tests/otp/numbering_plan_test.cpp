#include "otp/numbering_plan.hpp"

#include <gtest/gtest.h>

namespace otpd::otp {
namespace {

// A calling code of two countries: the main one is told by its kinds, the other by leading digits.
std::vector<calling_code> two_countries() {
  const number_kind general{"[1-9]\\d{6,8}", {7, 9}, false};
  numbering_region small{"SM", "77", general, {{"7[78]\\d{5}", {}, true}}};
  numbering_region big{"BG",
                       "",
                       general,
                       {{"900\\d{4,6}", {}, false}, {"9\\d{6,8}", {}, true}, {"8\\d{6}|8\\d{8}", {7}, true}}};
  return {{"44", "0|1[23]", {std::move(small), std::move(big)}}};
}

using country = std::optional<std::string_view>;

TEST(NumberingPlan, KnowsTheCountryOfACertainNumber) {
  const numbering_plan plan(two_countries());
  EXPECT_EQ(plan.country_of("+447712345"), country("SM"));
  EXPECT_EQ(plan.country_of("+449123456"), country("BG"));
  EXPECT_EQ(plan.country_of("+44912345678"), country("BG"));
}

TEST(NumberingPlan, LeavesOutWhatIsRefusedOrInvalid) {
  const numbering_plan plan(two_countries());
  EXPECT_FALSE(plan.country_of("+449001234"));    // the first kind that matches is refused
  EXPECT_FALSE(plan.country_of("+446123456"));    // no kind
  EXPECT_FALSE(plan.country_of("+4491234567"));   // 8 digits: not a length of the region
  EXPECT_FALSE(plan.country_of("+44812345678"));  // 9 digits: not a length of the kind
  EXPECT_TRUE(plan.country_of("+448123456"));
  EXPECT_FALSE(plan.country_of("+457712345"));  // no such calling code
}

TEST(NumberingPlan, GivesANumberToTheFirstRegionThatClaimsIt) {
  auto codes = two_countries();
  codes[0].regions[0].kinds[0].pattern = "78\\d{5}";
  codes[0].regions[1].kinds[1].pattern = "[79]\\d{6,8}";
  const numbering_plan plan(codes);
  EXPECT_FALSE(
      plan.country_of("+447712345"));  // has the first region's leading digits but is none of its kinds
  EXPECT_EQ(plan.country_of("+447812345"), country("BG"));
}

TEST(NumberingPlan, IsSilentWhereAPrefixCouldBeStripped) {
  auto codes = two_countries();
  codes[0].regions[1].kinds[1].pattern = "\\d{7}";
  codes[0].regions[1].general.pattern = "\\d{7}";
  const numbering_plan plan(codes);
  EXPECT_FALSE(plan.country_of("+440123456"));
  EXPECT_FALSE(plan.country_of("+441234567"));
  EXPECT_FALSE(plan.country_of("+441334567"));
  EXPECT_TRUE(plan.country_of("+441434567"));
}

// A pattern that may match nothing strips nothing.
TEST(NumberingPlan, MindsNoEmptyPrefix) {
  auto codes = two_countries();
  codes[0].national_prefix = "0?(?:15)?";
  EXPECT_TRUE(numbering_plan(codes).country_of("+449123456"));
}

TEST(NumberingPlan, LeavesOutACodeWithAPatternBeyondTheDialect) {
  auto codes = two_countries();
  codes.push_back(codes[0]);
  codes[1].digits = "45";
  codes[1].national_prefix = "0|(1\\d)$";
  const numbering_plan plan(codes);
  EXPECT_EQ(plan.left_out(), std::vector<std::string>{"45"});
  EXPECT_TRUE(plan.country_of("+449123456"));
  EXPECT_FALSE(plan.country_of("+459123456"));
}

TEST(NumberingPlan, TakesOnlyPlusAndSevenToFifteenDigits) {
  const number_kind any{"\\d+", {}, true};
  const std::vector<calling_code> codes{{"7", "", {{"XX", "", any, {any}}}}};
  const numbering_plan plan(codes);
  EXPECT_FALSE(plan.country_of("+712345"));
  EXPECT_TRUE(plan.country_of("+7123456"));
  EXPECT_TRUE(plan.country_of("+712345678901234"));
  EXPECT_FALSE(plan.country_of("+7123456789012345"));
  EXPECT_FALSE(plan.country_of("71234567"));
  EXPECT_FALSE(plan.country_of("+71234567a"));
  EXPECT_FALSE(plan.country_of(""));
}

TEST(NumberingPlan, SharesNodesBetweenCodes) {
  auto codes = two_countries();
  const numbering_plan one(codes);
  codes.push_back(codes[0]);
  codes[1].digits = "45";
  EXPECT_EQ(numbering_plan(codes).nodes(), one.nodes());
}

TEST(DigitAutomaton, AddsAnEqualRowOnce) {
  digit_automaton_builder builder;
  const auto end = builder.add({{}, 5});
  EXPECT_EQ(builder.add({{}, 5}), end);
  EXPECT_EQ(builder.add({}), digit_automaton::nothing);
  digit_automaton::row row;
  row.next[3] = end;
  const auto root = builder.add(row);
  const auto automaton = std::move(builder).finish();
  EXPECT_EQ(automaton.walk(root, "3"), 5);
  EXPECT_EQ(automaton.walk(root, "33"), 0);
  EXPECT_EQ(automaton.walk(root, "4"), 0);
  EXPECT_EQ(automaton.walk(root, "x"), 0);
  EXPECT_EQ(automaton.size(), 3U);
}

}  // namespace
}  // namespace otpd::otp
