#include "otp/digit_pattern.hpp"

#include <gtest/gtest.h>

#include <random>
#include <regex>
#include <string>

namespace otpd::otp {
namespace {

using random = std::mt19937_64;

std::size_t below(random& seed, std::size_t end) {
  return static_cast<std::size_t>(seed() % end);
}

std::string random_digits(random& seed, std::size_t longest, std::size_t alphabet = 10) {
  std::string text(below(seed, longest + 1), '0');
  for (char& c : text)
    c = static_cast<char>('0' + below(seed, alphabet));
  return text;
}

TEST(DigitPattern, MatchesWhatARegularExpressionMatches) {
  random seed(1);
  for (const std::string text : {"1",
                                 "",
                                 "\\d",
                                 "[2-9]\\d{2}",
                                 "[02-59]",
                                 "1|23|",
                                 "(1|2)(3|4)",
                                 "(?:1|2)?3",
                                 "1*",
                                 "1+2",
                                 "(?:12)+",
                                 "(?:1*2?)*3",
                                 "\\d{3,5}",
                                 "(?:1|22){2,3}",
                                 "1{0,2}2",
                                 "(?:1?){3}",
                                 "[13]\\d(?:4\\d{2,5})?",
                                 "((1(2)?)?3)?",
                                 "(?:0|90)(?:1[245])?",
                                 "[\\d]2",
                                 "0?(?:(1[12]|2)15)?",
                                 "(?:1{2}){2}",
                                 "(?:[12]{1,2}3?)+"}) {
    const auto pattern = digit_pattern::parse(text);
    ASSERT_TRUE(pattern) << text;
    const std::regex expected(text);
    for (int i = 0; i < 1000; ++i) {
      const auto digits = random_digits(seed, 8, i % 2 == 0 ? 10 : 5);
      ASSERT_EQ(pattern->matches(digits), std::regex_match(digits, expected)) << text << " on " << digits;
    }
  }
}

// A pattern of the dialect, over 0..3 so that random texts often match.
std::string random_pattern(random& seed, int depth) {
  const auto piece = [&]() -> std::string {
    switch (below(seed, depth > 0 ? 5 : 3)) {
      case 0:
        return std::string(1, static_cast<char>('0' + below(seed, 4)));
      case 1:
        return "[0-" + std::to_string(1 + below(seed, 3)) + "]";
      case 2:
        return "\\d";
      case 3:
        return "(?:" + random_pattern(seed, depth - 1) + ")";
      default:
        return "(" + random_pattern(seed, depth - 1) + ")";
    }
  };
  std::string result;
  for (std::size_t n = 1 + below(seed, 3); n > 0; --n) {
    static const char* const quantifiers[] = {"", "", "", "?", "*", "+", "{2}", "{1,3}", "{0,2}"};
    result += piece() + quantifiers[below(seed, std::size(quantifiers))];
    if (n > 1 && below(seed, 4) == 0) result += "|";
  }
  return result;
}

TEST(DigitPattern, MatchesWhatARegularExpressionMatchesWhateverThePattern) {
  random seed(2);
  int matched = 0;
  for (int round = 0; round < 300; ++round) {
    const auto text = random_pattern(seed, 2);
    const auto pattern = digit_pattern::parse(text);
    ASSERT_TRUE(pattern) << text;
    const std::regex expected(text);
    for (int i = 0; i < 60; ++i) {
      const auto digits = random_digits(seed, 7, 4);
      const bool match = std::regex_match(digits, expected);
      ASSERT_EQ(pattern->matches(digits), match) << text << " on " << digits;
      if (match) ++matched;
    }
  }
  EXPECT_GT(matched, 1000);
}

TEST(DigitPattern, IsRefusedBeyondItsDialect) {
  for (const std::string_view text :
       {"a",       "1$",    "^1",     ".",    "1??",    "1*+", "1{2}?", "(?=1)",    "(?!1)",
        "(?<n>1)", "\\1",   "\\D",    "\\",   "[^1]",   "[a]", "[]",    "[1",       "[5-2]",
        "[1-]",    "(1",    "1)",     "(?:1", "{2}",    "*",   "+1",    "1{",       "1{2",
        "1{,2}",   "1{2,}", "1{3,2}", "1{0}", "1{100}", "1 2", "(?",    "1{99}{99}"}) {
    EXPECT_FALSE(digit_pattern::parse(text)) << text;
  }
  EXPECT_FALSE(digit_pattern::parse(std::string(60, '(') + "1" + std::string(60, ')')));
  EXPECT_FALSE(digit_pattern::parse("(?:(?:1{99}){99}){99}"));
}

TEST(DigitPattern, MatchesNothingButDigits) {
  const auto any = digit_pattern::parse("\\d*");
  ASSERT_TRUE(any);
  EXPECT_TRUE(any->matches("0123456789"));
  EXPECT_FALSE(any->matches("1a"));
  EXPECT_FALSE(any->matches("1 "));
  EXPECT_FALSE(any->matches(std::string_view("1\0", 2)));
}

TEST(DigitPattern, HasAscendingFollowersWithoutRepeats) {
  const auto pattern = digit_pattern::parse("(?:1?2?)*(?:1|2){1,3}");
  ASSERT_TRUE(pattern);
  for (const auto& position : pattern->positions()) {
    for (std::size_t i = 1; i < position.follow.size(); ++i)
      EXPECT_LT(position.follow[i - 1], position.follow[i]);
  }
}

}  // namespace
}  // namespace otpd::otp
