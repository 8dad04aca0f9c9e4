#include "sms/message_length.hpp"

#include <gtest/gtest.h>

namespace otpd::sms {
namespace {

otp::profile plain() {
  otp::profile out;
  out.app = "Example";
  out.parameters = {{"order", 12, otp::parameter_charset::alnum},
                    {"count", 4, otp::parameter_charset::digits},
                    {"shop", 20, otp::parameter_charset::text}};
  return out;
}

TEST(MessageLength, IsThatOfTheLongestMessage) {
  struct row {
    std::string text;
    alphabet kind;
    std::uint32_t units;
    std::uint32_t segments;
  };
  const row rows[] = {
      {"{code}", alphabet::gsm7, 8, 1},
      {"{code} {app}", alphabet::gsm7, 16, 1},
      {"{code} {minutes}", alphabet::gsm7, 11, 1},
      {"{code} {order} {count}", alphabet::gsm7, 26, 1},
      {"{code} {shop}", alphabet::ucs2, 29, 1},
      {"{code}" + std::string(152, 'x'), alphabet::gsm7, 160, 1},
      {"{code}" + std::string(153, 'x'), alphabet::gsm7, 161, 2},
      {"{code}\u20ac" + std::string(150, 'x'), alphabet::gsm7, 160, 1},
      {"{code}\u4f8b" + std::string(61, 'x'), alphabet::ucs2, 70, 1},
      {"{code}\u4f8b" + std::string(62, 'x'), alphabet::ucs2, 71, 2},
      {"{code} {shop} " + std::string(41, 'x'), alphabet::ucs2, 71, 2},
  };
  otp::profile of = plain();
  of.code_length = 8;
  of.lifetime = std::chrono::minutes{10};
  for (const row& each : rows) {
    const auto longest = longest_sms(of, each.text);
    EXPECT_EQ(longest.on_air.alphabet, each.kind) << each.text;
    EXPECT_EQ(longest.on_air.units, each.units) << each.text;
    EXPECT_EQ(longest.on_air.segments, each.segments) << each.text;
  }
}

TEST(MessageLength, HasTheAutofillLinesInIt) {
  otp::profile of = plain();
  EXPECT_EQ(longest_sms(of, "{code}").bytes, 6U);
  of.webotp = "example.com";
  EXPECT_EQ(longest_sms(of, "{code}").on_air.units, 6U + std::string_view{"\n\n@example.com #123456"}.size());
  of.webotp.clear();
  of.android_app_hash = "FA+9qCX9VSu";
  EXPECT_EQ(longest_sms(of, "{code}").bytes, 4U + 6U + 1U + 11U);
  EXPECT_EQ(longest_sms(of, "{code} {shop}").bytes, 4U + 6U + 1U + 60U + 1U + 11U);
}

}  // namespace
}  // namespace otpd::sms
