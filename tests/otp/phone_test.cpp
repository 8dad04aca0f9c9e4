#include "otp/phone.hpp"

#include <gtest/gtest.h>

#include <set>
#include <thread>

#include "phone_oracle.hpp"

namespace otpd::otp {
namespace {

using oracle::PhoneNumberUtil;

std::string address(std::string_view text, std::string_view region = "") {
  const auto parsed = parse_phone(text, region);
  return parsed ? parsed->address : parsed.error().message();
}

bool refused(std::string_view text, std::string_view region = "") {
  const auto parsed = parse_phone(text, region);
  return parsed.has_error() && parsed.error() == errc::invalid_recipient;
}

TEST(Phone, IsARecipientWithItsCountry) {
  const auto parsed = parse_phone("+989121234567", "");
  ASSERT_TRUE(parsed);
  EXPECT_EQ(parsed->channel, channel::sms);
  EXPECT_EQ(parsed->address, "+989121234567");
  EXPECT_EQ(parsed->mailbox, "+989121234567");
  EXPECT_EQ(parsed->country, "IR");
}

struct spelling {
  const char* text;
  const char* region;
  const char* address;
};

class PhoneSpelling : public testing::TestWithParam<spelling> {};

TEST_P(PhoneSpelling, GivesTheCanonicalForm) {
  const auto& [text, region, expected] = GetParam();
  EXPECT_EQ(address(text, region), expected) << text;
}

INSTANTIATE_TEST_SUITE_P(
    Plain, PhoneSpelling,
    testing::Values(
        spelling{"+1 (415) 555-0123", "", "+14155550123"}, spelling{"(415) 555-0123", "US", "+14155550123"},
        spelling{"1-415-555-0123", "US", "+14155550123"},
        spelling{"011 1 415 555 0123", "US", "+14155550123"}, spelling{"0014155550123", "GB", "+14155550123"},
        spelling{"0014155550123", "IR", "+14155550123"}, spelling{"+1415555012\uFF13", "", "+14155550123"},
        spelling{"\uFF0B14155550123", "", "+14155550123"}, spelling{"(+1) 415.555.0123", "", "+14155550123"},
        spelling{"\u202A+1\u00A0415\u2011555\u20110123\u202C", "", "+14155550123"},
        spelling{"09121234567", "IR", "+989121234567"}, spelling{"9121234567", "IR", "+989121234567"},
        spelling{"\u06F0\u06F9\u06F1\u06F2\u06F1\u06F2\u06F3\u06F4\u06F5\u06F6\u06F7", "IR", "+989121234567"},
        spelling{"00989121234567", "IR", "+989121234567"}));

// RELIABILITY A15: what each country does to its numbers.
INSTANTIATE_TEST_SUITE_P(
    OfTheCountry, PhoneSpelling,
    testing::Values(
        spelling{"+44 (0)7400 123456", "", "+447400123456"},
        spelling{"+44 07400 123456", "", "+447400123456"}, spelling{"07400 123456", "GB", "+447400123456"},
        spelling{"0044 7400 123456", "GB", "+447400123456"},
        spelling{"+39 06 4991 0123", "", "+390649910123"}, spelling{"06 4991 0123", "IT", "+390649910123"},
        spelling{"+39 (0)6 4991 0123", "", "+390649910123"}, spelling{"312 345 6789", "IT", "+393123456789"},
        spelling{"+54 9 11 2345 6789", "", "+5491123456789"},
        spelling{"+54 11 15 2345 6789", "", "+5491123456789"},
        spelling{"+54 0 11 15 2345 6789", "", "+5491123456789"},
        spelling{"011 15 2345-6789", "AR", "+5491123456789"},
        spelling{"+54 11 2345 6789", "", "+541123456789"},  // a landline: another number
        spelling{"+52 1 222 123 4567", "", "+522221234567"},
        spelling{"+52 222 123 4567", "", "+522221234567"},
        spelling{"01 1 222 123 4567", "MX", "+522221234567"},  // its first answer is +52 1 222…
        spelling{"044 222 123 4567", "MX", "+522221234567"},
        spelling{"8 (912) 345-67-89", "RU", "+79123456789"},
        spelling{"0 11 96123 4567", "BR", "+5511961234567"},
        spelling{"0 15 11 96123 4567", "BR", "+5511961234567"}));  // with a carrier's code

TEST(Phone, IsRefusedWhenItIsNotOneNumberAndNothingElse) {
  for (const std::string_view text : {"",
                                      " ",
                                      "+",
                                      "()",
                                      "abc",
                                      "+1415555012a",
                                      "+1 415 555 CALL",
                                      "1-800-FLOWERS",
                                      "tel:+14155550123",
                                      "TEL:+1-415-555-0123",
                                      "+14155550123;ext=12",
                                      "+14155550123 x12",
                                      "+14155550123x12",
                                      "+14155550123 ext. 12",
                                      "+14155550123#12",
                                      "+14155550123,12",
                                      "+14155550123;phone-context=+44",
                                      "+1 415 555 0123 / +1 415 555 0124",
                                      "++14155550123",
                                      "+1+4155550123",
                                      "1+4155550123",
                                      "+14155550123+",
                                      "+14155550123\n",
                                      "\r\n+14155550123",
                                      "+14155550123\t",
                                      "+1415555\x7F"
                                      "0123",
                                      "*+14155550123",
                                      "+\xFF\xFE",
                                      "+1415555012\xC0\xB3",
                                      "+1415555012\xEF\xBC",
                                      "+1415555012\u00B3",
                                      "+1415555012\u2462",
                                      "+1415555012\u516D",
                                      "+1~4155550123"}) {
    EXPECT_TRUE(refused(text)) << text;
    EXPECT_TRUE(refused(text, "US")) << text;
  }
  EXPECT_TRUE(refused(std::string_view("+14155550123\0", 13)));
  EXPECT_TRUE(refused(std::string_view("\0+14155550123", 13)));
  EXPECT_TRUE(refused(std::string(200, '1'), "US"));
}

TEST(Phone, IsRefusedWhenItIsImpossibleOrInvalid) {
  for (const std::string_view text :
       {"+1", "+12", "+141555", "+1415555012", "+141555501234", "+11155550123", "+999123456789",
        "+0014155550123", "+210123456789", "+44123", "+989121234", "+9891212345678"}) {
    EXPECT_TRUE(refused(text)) << text;
  }
}

// libphonenumber knows valid German numbers of 16 digits; no network takes them for a message.
TEST(Phone, IsRefusedPastTheFifteenDigitsOfE164) {
  ASSERT_TRUE(oracle::ask("+4924715123456789"));
  EXPECT_TRUE(refused("+4924715123456789"));
}

TEST(Phone, NeedsARegionWithoutAPlus) {
  EXPECT_TRUE(refused("09121234567"));
  EXPECT_TRUE(refused("989121234567"));
  EXPECT_TRUE(refused("00989121234567"));
  EXPECT_TRUE(refused("09121234567", "ZZ"));
  EXPECT_TRUE(refused("09121234567", "ir"));
  EXPECT_TRUE(refused("09121234567", "SG"));
  EXPECT_EQ(address("+989121234567", "nonsense"), "+989121234567");
}

TEST(Phone, IsAcceptedIfItsKindReceivesMessages) {
  std::size_t accepted = 0;
  for (const auto& [region, e164] : oracle::all_examples()) {
    const auto expected = oracle::ask(e164);
    const bool good = expected && oracle::receives_sms(expected->type) && expected->address.size() >= 8 &&
                      expected->address.size() <= 16;
    const auto parsed = parse_phone(e164, "");
    ASSERT_EQ(parsed.has_value(), good) << region << " " << e164;
    if (!good) continue;
    ++accepted;
    EXPECT_EQ(parsed->address, expected->address);
    EXPECT_EQ(parsed->country, expected->country);
  }
  EXPECT_GT(accepted, 500U);
}

// A message to a premium number is money for its owner.
TEST(Phone, IsRefusedIfItsKindCostsMoneyOrReceivesNothing) {
  EXPECT_TRUE(refused("+1 900 234 5678"));
  EXPECT_TRUE(refused("+1 800 234 5678"));
  EXPECT_TRUE(refused("+44 9012 345678"));
  EXPECT_TRUE(refused("+44 56 1234 5678") != refused("+44 55 1234 5678"));  // VoIP, company number
  EXPECT_TRUE(refused("+49 180 1234567"));
  EXPECT_TRUE(refused("+800 1234 5678"));
}

TEST(Phone, AddressGivesItself) {
  oracle::random seed(4);
  std::size_t changed = 0;
  for (const auto& [region, e164] : oracle::all_examples()) {
    for (std::size_t i = 0; i < 3 * oracle::effort; ++i) {
      const auto text = oracle::mutated(e164, seed);
      const auto parsed = parse_phone(text, "");
      if (!parsed) continue;
      ASSERT_EQ(address(parsed->address), parsed->address) << text;
      ASSERT_EQ(address(parsed->address, region), parsed->address) << text;
      if (parsed->address != text) ++changed;
    }
  }
  EXPECT_GT(changed, 0U);
}

TEST(Phone, DistinctNumbersStayDistinct) {
  oracle::random seed(5);
  std::set<std::string> texts;
  const auto examples = oracle::examples(PhoneNumberUtil::MOBILE);
  while (texts.size() < 500 * oracle::effort) {
    const auto text = oracle::mutated(examples[oracle::below(seed, examples.size())].e164, seed);
    const auto expected = oracle::ask(text);
    if (expected && expected->address == text && text.size() <= 16) texts.insert(text);
  }
  std::set<std::string> addresses;
  for (const auto& text : texts) {
    const auto parsed = parse_phone(text, "");
    if (!parsed) continue;
    EXPECT_EQ(parsed->address, text);
    addresses.insert(parsed->address);
  }
  EXPECT_GT(addresses.size(), texts.size() * 9 / 10);
}

TEST(Phone, IsSafeToParseFromManyThreads) {
  std::vector<std::thread> threads;
  for (unsigned t = 0; t < 4; ++t) {
    threads.emplace_back([t] {
      for (unsigned i = 0; i < 200; ++i) {
        const auto text = "07400 12" + std::to_string(1000 + 200 * t + i);
        EXPECT_EQ(address(text, "GB"), "+44740012" + std::to_string(1000 + 200 * t + i));
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
}

}  // namespace
}  // namespace otpd::otp
