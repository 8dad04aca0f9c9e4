#include "otp/email.hpp"

#include <gtest/gtest.h>

#include <random>
#include <string>

namespace otpd::otp {
namespace {

struct example {
  const char* text;
  const char* address;
  const char* mailbox;
};

class EmailAddress : public testing::TestWithParam<example> {};

TEST_P(EmailAddress, KeepsTheLocalPartAndNamesTheMailbox) {
  const auto& [text, address, mailbox] = GetParam();
  const auto parsed = parse_email(text);
  ASSERT_TRUE(parsed) << text;
  EXPECT_EQ(parsed->channel, channel::email);
  EXPECT_EQ(parsed->address, address);
  EXPECT_EQ(parsed->mailbox, mailbox);
  EXPECT_EQ(parsed->country, "");
}

INSTANTIATE_TEST_SUITE_P(
    Table, EmailAddress,
    testing::Values(example{"joe@example.com", "joe@example.com", "joe@example.com"},
                    example{"Joe.Doe@Example.COM", "Joe.Doe@example.com", "joe.doe@example.com"},
                    example{"a.b+1@gmail.com", "a.b+1@gmail.com", "a.b@gmail.com"},
                    example{"a+b+c@example.org", "a+b+c@example.org", "a@example.org"},
                    example{"+tag@example.org", "+tag@example.org", "+tag@example.org"},
                    example{"+a+b@example.org", "+a+b@example.org", "+a@example.org"},
                    example{"!#$%&'*/=?^_`{|}~-@example.org", "!#$%&'*/=?^_`{|}~-@example.org",
                            "!#$%&'*/=?^_`{|}~-@example.org"},
                    example{"a@xn--bcher-kva.example", "a@xn--bcher-kva.example", "a@xn--bcher-kva.example"},
                    example{"1@1.a", "1@1.a", "1@1.a"}, example{"a@1.2.3.c0m", "a@1.2.3.c0m", "a@1.2.3.c0m"},
                    example{"a@a-b--c.example", "a@a-b--c.example", "a@a-b--c.example"}));

// RELIABILITY A16: header injection, lists, and addresses that another program would read differently.
TEST(Email, IsRefusedWhenItIsNotOneAddressAndNothingElse) {
  for (const std::string_view text : {"",
                                      "@",
                                      "a",
                                      "a@",
                                      "@b.c",
                                      "a@b",
                                      "a@@b.c",
                                      "a@b@c.d",
                                      "a@b.c,victim@x.y",
                                      "a@b.c;d@e.f",
                                      "a@b.c d@e.f",
                                      " a@b.c",
                                      "a@b.c ",
                                      "a b@c.d",
                                      "a@b. c",
                                      "a@b.c\r\nBcc: x@y.z",
                                      "a\r\n@b.c",
                                      "a@b.c\n",
                                      "\ta@b.c",
                                      "\"a\"@b.c",
                                      "\"a b\"@c.d",
                                      "a(comment)@b.c",
                                      "a@b.c(comment)",
                                      "Joe <a@b.c>",
                                      "<a@b.c>",
                                      "a@[127.0.0.1]",
                                      "a@[IPv6:::1]",
                                      "a@127.0.0.1",
                                      ".a@b.c",
                                      "a.@b.c",
                                      "a..b@c.d",
                                      "a@.b.c",
                                      "a@b.c.",
                                      "a@b..c",
                                      "a@-b.c",
                                      "a@b-.c",
                                      "a@b.-c",
                                      "a@b.c-",
                                      "a@b_c.d",
                                      "a@b.1",
                                      "a@b.123",
                                      "a\\@b.c",
                                      "a:b@c.d",
                                      "a@b.c%0a",
                                      "a@b!c.d",
                                      "mailto:a@b.c?x",
                                      "a@b.c\x7F",
                                      "a\x01@b.c"}) {
    EXPECT_FALSE(parse_email(text)) << text;
  }
  EXPECT_FALSE(parse_email(std::string_view("a@b.c\0", 6)));
  EXPECT_FALSE(parse_email(std::string_view("a\0@b.c", 6)));
}

// U+212A lower-cases to 'k', U+0131 upper-cases to 'I', U+FB01 decomposes to "fi": no case folding beyond
// ASCII, ever.
TEST(Email, IsRefusedBeyondAscii) {
  for (const std::string_view text :
       {"mi\u212Ae@example.com", "m\u0131ke@example.com", "\uFB01@example.com", "mike@\u212A.com",
        "a@b\u00FCcher.example", "a@b\u3002example", "a\uFF20b.c", "a@b\uFF0Ec.d", "\u202Ea@b.c",
        "a\u00AD@b.c", "\xFF@b.c"}) {
    EXPECT_FALSE(parse_email(text)) << text;
  }
}

TEST(Email, HasTheLengthsOfTheStandard) {
  const std::string label63(63, 'x');
  EXPECT_TRUE(parse_email(std::string(64, 'a') + "@b.c"));
  EXPECT_FALSE(parse_email(std::string(65, 'a') + "@b.c"));
  EXPECT_TRUE(parse_email("a@" + label63 + ".c"));
  EXPECT_FALSE(parse_email("a@x" + label63 + ".c"));
  const std::string domain = label63 + "." + label63 + "." + label63 + ".";  // 192
  EXPECT_TRUE(parse_email("a@" + domain + std::string(60, 'y')));            // 254 in all
  EXPECT_FALSE(parse_email("a@" + domain + std::string(61, 'y')));
  EXPECT_FALSE(parse_email("aa@" + domain + std::string(60, 'y')));
}

TEST(Email, AddressAndMailboxGiveThemselves) {
  std::mt19937_64 seed(7);
  constexpr std::string_view alphabet = "aBcD1.+@";
  int accepted = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text(3 + seed() % 8, 'x');
    for (char& c : text)
      c = alphabet[seed() % alphabet.size()];
    const auto parsed = parse_email(text);
    if (!parsed) continue;
    ++accepted;
    const auto again = parse_email(parsed->address);
    ASSERT_TRUE(again) << text;
    ASSERT_EQ(again->address, parsed->address);
    ASSERT_EQ(again->mailbox, parsed->mailbox);
    ASSERT_EQ(parsed->address.size(), text.size());
  }
  EXPECT_GT(accepted, 500);
}

}  // namespace
}  // namespace otpd::otp
