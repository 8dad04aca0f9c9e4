#include "sms/allowed_text.hpp"

#include <gtest/gtest.h>

#include <string>

namespace otpd::sms {
namespace {

TEST(AllowedText, OnlyCodesAreCodes) {
  for (const char* good : {"0", "123456", "AbC9", "0123456789abcdef"})
    EXPECT_TRUE(is_code_text(good)) << good;
  for (const char* bad :
       {"", "12 34", "12\n34", "12-34", "<b>", "{app}", "\xd9\xa1\xd9\xa2", "0123456789abcdef0"})
    EXPECT_FALSE(is_code_text(bad)) << bad;
}

TEST(AllowedText, ValuesAreOfTheirCharset) {
  using enum otp::parameter_charset;
  struct row {
    otp::parameter_charset charset;
    const char* value;
    bool is_allowed;
  };
  const row rows[] = {
      {letters, "abcXYZ", true},  {letters, "ab1", false},   {letters, "a b", false},
      {letters, "\u00e9", false}, {digits, "0123", true},    {digits, "12a", false},
      {digits, "-1", false},      {digits, "\u0661", false}, {alnum, "aB3", true},
      {alnum, "a-3", false},      {alnum, "a.b", false},     {alnum, "\uff11", false},
      {text, "O'Neil 3", true},   {text, "evil.ex", false},  {text, "\u4f8b\u5b50", true},
      {text, "a/b", false},
  };
  for (const row& each : rows)
    EXPECT_EQ(is_allowed_value({"x", 40, each.charset}, each.value), each.is_allowed) << each.value;
}

TEST(AllowedText, ValuesAreAsLongAsTheirParameterSays) {
  using enum otp::parameter_charset;
  for (const auto charset : {letters, digits, alnum, text}) {
    const char one = charset == letters ? 'a' : '1';
    EXPECT_FALSE(is_allowed_value({"x", 5, charset}, ""));
    EXPECT_TRUE(is_allowed_value({"x", 5, charset}, std::string(1, one)));
    EXPECT_TRUE(is_allowed_value({"x", 5, charset}, std::string(5, one)));
    EXPECT_FALSE(is_allowed_value({"x", 5, charset}, std::string(6, one)));
    EXPECT_TRUE(is_allowed_value({"x", 40, charset}, std::string(40, one)));
  }
  // Characters, not bytes.
  EXPECT_TRUE(is_allowed_value({"x", 2, text}, "\u4f8b\u5b50"));
  EXPECT_FALSE(is_allowed_value({"x", 1, text}, "\u4f8b\u5b50"));
}

TEST(AllowedText, NamesOfAppsComeFromAnAllowList) {
  const char* good[] = {
      "Example",    "Example 24", "Smith & Sons, Inc.",
      "Yahoo!",     "C++ (beta)", "L'Oréal",
      "e-Pay_1",    "Großbäcker", "Пример",
      "Παράδειγμα", "דוגמה",      "مثال",
      "उदाहरण",     "ตัวอย่าง",     "例子",
      "たとえ",     "예시",       "A. B. Co.",
  };
  const char* bad[] = {
      "",
      " x",
      "x ",
      "example.com",
      "evil.example/x",
      "a/b",
      "a:b",
      "a@b",
      "a#b",
      "a=b",
      "<b>",
      "a\\b",
      "a\"b",
      "a`b",
      "{{7*7}}",
      "${jndi:ldap://x}",
      "%0d%0a",
      "a\nb",
      "a\rb",
      "a\tb",
      "a\x7f"
      "b",
      "\u202egro.live",
      "a\u200b"
      "b",
      "a\u200d"
      "b",
      "\ufeffa",
      "a\u2066"
      "b",
      "\u061c"
      "a",
      "a\u00ad"
      "b",
      "a\u00a0"
      "b",
      "a\u2028"
      "b",
      "evil\uff0ecom",
      "evil\u3002com",
      "a\ufffd",
      "\xff",
      "\xc3",
      "\xed\xa0\x80",
      "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
      "\U0001f600",
  };
  for (const char* each : good)
    EXPECT_TRUE(is_allowed_name(each)) << each;
  for (const char* each : bad)
    EXPECT_FALSE(is_allowed_name(each)) << each;
  EXPECT_FALSE(is_allowed_name({"a\0b", 3}));
}

}  // namespace
}  // namespace otpd::sms
