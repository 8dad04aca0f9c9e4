// The table of certain numbers against the library itself: wherever the table answers, it must answer the
// same.

#include <gtest/gtest.h>

#include <cstdio>

#include "otp/phone.hpp"
#include "phone_oracle.hpp"

namespace otpd::otp {
namespace {

using oracle::PhoneNumberUtil;

struct tally {
  std::size_t cases = 0;
  std::size_t certain = 0;
};

// True if the table is silent about `text` or agrees with the library.
[[nodiscard]] testing::AssertionResult agrees(const std::string& text, tally& count) {
  ++count.cases;
  const auto country = country_of_certain_phone(text);
  if (!country) return testing::AssertionSuccess();
  ++count.certain;
  const auto expected = oracle::ask(text);
  if (!expected) return testing::AssertionFailure() << text << " is not valid";
  if (expected->address != text) return testing::AssertionFailure() << text << " is " << expected->address;
  if (expected->country != *country) {
    return testing::AssertionFailure() << text << ": " << *country << " is " << expected->country;
  }
  if (!oracle::receives_sms(expected->type)) {
    return testing::AssertionFailure() << text << " has type " << expected->type;
  }
  return testing::AssertionSuccess();
}

TEST(PhoneTable, AgreesWithTheLibraryOnRandomDigits) {
  oracle::random seed(1);
  tally count;
  for (unsigned prefix = 1; prefix <= 999; ++prefix) {
    for (std::size_t digits = 6; digits <= 16; ++digits) {
      for (std::size_t i = 0; i < 3 * oracle::effort; ++i) {
        std::string text = "+" + std::to_string(prefix);
        while (text.size() <= digits)
          text.push_back(oracle::any_digit(seed));
        ASSERT_TRUE(agrees(text, count));
      }
    }
  }
  std::printf("random digits: %zu cases, %zu certain\n", count.cases, count.certain);
  EXPECT_GT(count.certain, count.cases / 100);
}

TEST(PhoneTable, AgreesWithTheLibraryOnExamplesAndTheirMutations) {
  oracle::random seed(2);
  tally count;
  for (const auto& [region, e164] : oracle::all_examples()) {
    ASSERT_TRUE(agrees(e164, count));
    for (std::size_t i = 0; i < 30 * oracle::effort; ++i)
      ASSERT_TRUE(agrees(oracle::mutated(e164, seed), count));
  }
  std::printf("examples and mutations: %zu cases, %zu certain\n", count.cases, count.certain);
  EXPECT_GT(count.certain, count.cases / 4);
}

// The other way round: what the library would accept unchanged, the table mostly knows.
TEST(PhoneTable, KnowsMostOfWhatTheLibraryAccepts) {
  oracle::random seed(3);
  std::size_t valid = 0;
  std::size_t certain = 0;
  for (const auto& [region, e164] : oracle::examples(PhoneNumberUtil::MOBILE)) {
    for (std::size_t i = 0; i < 10 * oracle::effort; ++i) {
      const auto text = oracle::mutated(e164, seed);
      const auto expected = oracle::ask(text);
      if (!expected || expected->address != text || !oracle::receives_sms(expected->type)) continue;
      ++valid;
      if (country_of_certain_phone(text)) ++certain;
    }
  }
  std::printf("valid mutations of mobile examples: %zu, certain %zu\n", valid, certain);
  EXPECT_GT(certain, valid * 9 / 10);
}

TEST(PhoneTable, KnowsTheMobileExamplesOfNearlyAllRegions) {
  std::size_t valid = 0;
  std::size_t certain = 0;
  std::string others;
  for (const auto& [region, e164] : oracle::examples(PhoneNumberUtil::MOBILE)) {
    if (!oracle::ask(e164)) continue;
    ++valid;
    if (country_of_certain_phone(e164)) {
      ++certain;
    } else {
      others += " " + region;
    }
  }
  std::printf("mobile examples: %zu, certain %zu, others:%s\n", valid, certain, others.c_str());
  EXPECT_GT(valid, 200U);
  EXPECT_GE(certain * 100, valid * 95);
}

TEST(PhoneTable, IsSmall) {
  const auto table = describe_phone_table();
  std::string left_out;
  for (const auto& code : table.left_out)
    left_out += " " + code;
  std::printf("table: %zu nodes, %zu bytes, without:%s\n", table.nodes, table.bytes, left_out.c_str());
  EXPECT_LT(table.bytes, 2U << 20);
  EXPECT_LT(table.left_out.size(), 10U);
}

TEST(PhoneTable, IsSilentUnlessTheTextIsPlainE164) {
  ASSERT_EQ(country_of_certain_phone("+14155550123"), "US");
  for (const std::string_view text :
       {"", "+", "14155550123", "+1 4155550123", " +14155550123", "+14155550123 ", "+1415555012\xD9\xA3",
        "++14155550123", "+1415555012x", "+04155550123", "+1415555012", "+141555501234", "001 4155550123",
        "+14155550123;ext=1"}) {
    EXPECT_FALSE(country_of_certain_phone(text)) << text;
  }
  EXPECT_FALSE(country_of_certain_phone(std::string_view("+14155550123\0", 13)));
}

}  // namespace
}  // namespace otpd::otp
