#include "sms/route_table.hpp"

#include <gtest/gtest.h>

namespace otpd::sms {
namespace {

const otp::recipient german{otp::channel::sms, "+4915112345678", "+4915112345678", "DE"};
const otp::recipient american{otp::channel::sms, "+12125550123", "+12125550123", "US"};
const otp::recipient mail{otp::channel::email, "ann@example.com", "ann@example.com", ""};

// The first provider of what is found; 0: none.
std::size_t found(const route_table& in, const otp::recipient& to, std::string_view profile) {
  const route* way = in.find(to, profile);
  return way == nullptr ? 0 : way->providers.front();
}

TEST(RouteTable, TheLongestPrefixWins) {
  const route_table all({{otp::channel::sms, "", {1}, ""},
                         {otp::channel::sms, "+49151", {2}, ""},
                         {otp::channel::sms, "+49", {3}, ""}});
  EXPECT_EQ(found(all, german, "default"), 2U);
  EXPECT_EQ(found(all, american, "default"), 1U);
  EXPECT_EQ(found(all, mail, "default"), 0U);
}

TEST(RouteTable, AProfilesOwnGoBeforeTheOthers) {
  const route_table all({{otp::channel::sms, "+49151", {1}, ""},
                         {otp::channel::sms, "", {2}, "", "s1"},
                         {otp::channel::sms, "+49", {3}, "", "s1"},
                         {otp::channel::sms, "", {4}, ""}});
  EXPECT_EQ(found(all, german, "s1"), 3U);
  EXPECT_EQ(found(all, american, "s1"), 2U);
  EXPECT_EQ(found(all, german, "s2"), 1U);
  EXPECT_EQ(found(all, american, "s2"), 4U);
  EXPECT_EQ(found(all, mail, "s1"), 0U);
}

}  // namespace
}  // namespace otpd::sms
