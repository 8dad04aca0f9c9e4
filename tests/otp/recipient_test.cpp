#include "otp/recipient.hpp"

#include <gtest/gtest.h>

#include <set>

#include "phone_oracle.hpp"

namespace otpd::otp {
namespace {

std::string masked(std::string_view text) {
  const auto parsed = parse_recipient(text, "");
  return parsed ? mask(*parsed) : parsed.error().message();
}

TEST(Recipient, IsAnEmailAddressIfItHasAnAtSign) {
  EXPECT_EQ(parse_recipient("a@b.c", "")->channel, channel::email);
  EXPECT_EQ(parse_recipient("+14155550123", "")->channel, channel::sms);
  EXPECT_EQ(parse_recipient("+14155550123@b.c", "")->channel, channel::email);
}

TEST(Recipient, IsRefusedWhenItIsNeither) {
  for (const std::string_view text : {"", "joe", "12345", "@", "+1@"}) {
    const auto parsed = parse_recipient(text, "US");
    ASSERT_TRUE(parsed.has_error()) << text;
    EXPECT_EQ(parsed.error(), errc::invalid_recipient);
  }
}

TEST(Recipient, IsRefusedPastTwoHundredFiftyFourBytes) {
  const std::string number = "+14155550123";
  EXPECT_TRUE(parse_recipient(number + std::string(242, ' '), ""));
  EXPECT_FALSE(parse_recipient(number + std::string(243, ' '), ""));
  EXPECT_FALSE(parse_recipient(std::string(1 << 20, '1'), "US"));
}

TEST(Mask, ShowsCallingCodeAndTwoDigits) {
  EXPECT_EQ(masked("+14155550123"), "+1********23");
  EXPECT_EQ(masked("+79123456789"), "+7********89");
  EXPECT_EQ(masked("+447400123456"), "+44********56");
  EXPECT_EQ(masked("+989121234567"), "+98********67");
  EXPECT_EQ(masked("+353851234567"), "+353*******67");
}

TEST(Mask, ShowsOneLetterAndTheDomain) {
  EXPECT_EQ(masked("joe@Example.com"), "j***@example.com");
  EXPECT_EQ(masked("j@example.com"), "j***@example.com");
}

TEST(Mask, ShowsNothingOfWhatIsNoAddress) {
  for (const char* address : {"", "+", "1", "+1", "+12", "+98", "abc"}) {
    EXPECT_EQ(mask({channel::sms, address, address, ""}), "***") << address;
  }
  for (const char* address : {"", "@", "joe", "@example.com"}) {
    EXPECT_EQ(mask({channel::email, address, address, ""}), "***") << address;
  }
}

// The prefix table of mask() against the library's.
TEST(Mask, KnowsEveryCallingCode) {
  std::set<int> codes;
  oracle::library().GetSupportedCallingCodes(&codes);
  ASSERT_GT(codes.size(), 200U);
  for (const int code : codes) {
    const auto digits = std::to_string(code);
    EXPECT_EQ(mask({channel::sms, "+" + digits + "2345678", "", ""}), "+" + digits + "*****78");
  }
}

TEST(OtpCategory, HasAMessageForEachError) {
  std::set<std::string> messages;
  for (int value = 1; value <= static_cast<int>(errc::storage_low); ++value) {
    messages.insert(make_error_code(static_cast<errc>(value)).message());
  }
  EXPECT_EQ(messages.size(), static_cast<std::size_t>(errc::storage_low));
  EXPECT_FALSE(messages.contains("unknown error"));
  EXPECT_EQ(otp_category().message(99), "unknown error");
  EXPECT_STREQ(otp_category().name(), "otpd.otp");
}

}  // namespace
}  // namespace otpd::otp
