#include "otp/phone_spelling.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <set>

#include "otp/phone.hpp"
#include "phone_oracle.hpp"

namespace otpd::otp {
namespace {

using oracle::PhoneNumberUtil;

// Zero of each script; its other digits follow. The first is ASCII.
constexpr std::array<char32_t, 7> zeros{U'0', 0x0660, 0x06F0, 0x0966, 0x09E6, 0x0E50, 0xFF10};

std::string utf8(char32_t c) {
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xC0 | c >> 6), static_cast<char>(0x80 | (c & 0x3F))};
  return {static_cast<char>(0xE0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 0x3F)),
          static_cast<char>(0x80 | (c & 0x3F))};
}

// `text` with its digits in one script or several, and other separators or none.
std::string respelled(const std::string& text, oracle::random& seed) {
  static const std::array<std::string, 9> separators{"", "", "", " ", "-", ".", "\u00A0", "\u2011", "\u200E"};
  const bool one_script = oracle::below(seed, 2) == 0;
  char32_t zero = zeros[oracle::below(seed, zeros.size())];
  std::string result;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (!one_script) zero = zeros[oracle::below(seed, zeros.size())];
      result +=
          utf8(zero + static_cast<char32_t>(c - '0')) + separators[oracle::below(seed, separators.size())];
    } else if (c == '+') {
      result += oracle::below(seed, 4) == 0 ? "\uFF0B" : "+";
    } else if (oracle::below(seed, 2) == 0) {
      result += c;
    }
  }
  return result;
}

TEST(PhoneDigits, AreAsciiInEveryScript) {
  for (const char32_t zero : zeros) {
    std::string text;
    for (char32_t digit = 0; digit < 10; ++digit)
      text += utf8(zero + digit);
    EXPECT_EQ(phone_digits(text), "0123456789") << text;
  }
  EXPECT_EQ(phone_digits("\U0001D7CE\U0001D7E3"), "01");  // mathematical digits
}

TEST(PhoneDigits, LoseTheirSeparators) {
  EXPECT_EQ(phone_digits(" +1 (415) 555-01.2/3 "), "+14155550123");
  EXPECT_EQ(phone_digits("(+1)415"), "+1415");
  EXPECT_EQ(phone_digits("\uFEFF\u2066\uFF0B\uFF11\u2069"), "+1");
  EXPECT_EQ(phone_digits("1\u20132\u22123\u30004"), "1234");
}

TEST(PhoneDigits, AreNotThereInAnythingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "+",
                                      "(+)",
                                      "a",
                                      "1a",
                                      "1\t",
                                      "1\n",
                                      "1\r",
                                      "1;",
                                      "1,",
                                      "1#",
                                      "*1",
                                      "1+",
                                      "1+2",
                                      "++1",
                                      "tel:1",
                                      "1x2",
                                      "1\xFF",
                                      "\xC3",
                                      "1\u00B2",
                                      "1\u2460",
                                      "1\u4E00",
                                      "1\u00BD",
                                      "1\u0300",
                                      "1\u200D\u20E3",
                                      "\u2795"
                                      "1"}) {
    EXPECT_FALSE(phone_digits(text)) << text;
  }
  EXPECT_FALSE(phone_digits(std::string_view("1\0", 2)));
}

TEST(PhoneDigits, AreThirtyTwoAtMost) {
  EXPECT_TRUE(phone_digits(std::string(32, '1')));
  EXPECT_TRUE(phone_digits("+" + std::string(32, '1')));
  EXPECT_FALSE(phone_digits(std::string(33, '1')));
}

// RELIABILITY A14 and A15: every spelling of a number counts against the same limit.
TEST(PhoneSpellings, OfANumberGiveOneAddress) {
  oracle::random seed(6);
  auto numbers = oracle::examples(PhoneNumberUtil::MOBILE);
  std::ranges::sort(numbers, {}, &oracle::example::e164);  // regions of one plan may share theirs
  const auto same = [](const auto& a, const auto& b) { return a.e164 == b.e164; };
  numbers.erase(std::unique(numbers.begin(), numbers.end(), same), numbers.end());
  std::erase_if(numbers, [](const auto& number) { return !oracle::ask(number.e164); });
  std::set<std::string> addresses;
  for (std::size_t n = 0; n < 50; ++n) {
    const auto& [region, e164] = numbers[n * numbers.size() / 50];
    oracle::PhoneNumber number;
    ASSERT_EQ(oracle::library().Parse(e164, "ZZ", &number), PhoneNumberUtil::NO_PARSING_ERROR);
    const std::array forms{e164, oracle::format(number, PhoneNumberUtil::INTERNATIONAL),
                           oracle::format(number, PhoneNumberUtil::NATIONAL)};
    for (std::size_t i = 0; i < 10 * oracle::effort; ++i) {
      const auto text = respelled(forms[i % forms.size()], seed);
      const auto parsed = parse_phone(text, region);
      ASSERT_TRUE(parsed) << text << " in " << region;
      ASSERT_EQ(parsed->address, e164) << text << " in " << region;
      addresses.insert(parsed->address);
    }
  }
  EXPECT_EQ(addresses.size(), 50U);
}

}  // namespace
}  // namespace otpd::otp
