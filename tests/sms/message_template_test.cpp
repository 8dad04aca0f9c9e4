#include "sms/message_template.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace otpd::sms {
namespace {

using std::chrono::seconds;

TEST(MessageTemplate, FillsItsNames) {
  struct row {
    const char* text;
    seconds lifetime;
    const char* rendered;
  };
  const row rows[] = {
      {"{code} is your {app} code. It expires in {minutes} minutes.", seconds{300},
       "012345 is your Café code. It expires in 5 minutes."},
      {"{app}: {code}", seconds{300}, "Café: 012345"},
      {"{code}", seconds{300}, "012345"},
      {"{code}{code} {} {x y} { } {A} {code", seconds{300}, "012345012345 {} {x y} { } {A} {code"},
      {"{code} {minutes}", seconds{0}, "012345 1"},
      {"{code} {minutes}", seconds{-5}, "012345 1"},
      {"{code} {minutes}", seconds{60}, "012345 1"},
      {"{code} {minutes}", seconds{61}, "012345 2"},
      {"{code} {minutes}", seconds{86400}, "012345 1440"},
      {"Your code: {code}\n\n@example.com #{code}", seconds{1}, "Your code: 012345\n\n@example.com #012345"},
  };
  for (const row& each : rows) {
    const auto text = message_template(each.text, "Café").render("012345", each.lifetime);
    ASSERT_TRUE(text) << each.text;
    EXPECT_EQ(*text, each.rendered);
  }
}

TEST(MessageTemplate, BadTemplatesAreRefused) {
  const std::string rows[] = {
      "",
      "no code",
      "{ code }",
      "{code} {name}",
      "{code} {CODE} {kode}",
      "{code}\n",
      "{code}\r\nx",
      "{code}\tx",
      "{code} \xff",
      "{code} \xc2\x85",
      "{code}" + std::string(1000, 'x'),
  };
  for (const std::string& each : rows)
    EXPECT_THROW((message_template{each, "App"}), std::invalid_argument) << each;
  EXPECT_NO_THROW((message_template{"{code}", "evil.example/x"}));  // not used, not judged
  EXPECT_THROW((message_template{"{code} {app}", "evil.example/x"}), std::invalid_argument);
}

TEST(MessageTemplate, OnlyCodesAreCodes) {
  const message_template layout{"{code}", "App"};
  for (const char* good : {"0", "123456", "AbC9", "0123456789abcdef"})
    EXPECT_TRUE(layout.render(good, seconds{60})) << good;
  for (const char* bad :
       {"", "12 34", "12\n34", "12-34", "<b>", "{app}", "\xd9\xa1\xd9\xa2", "0123456789abcdef0"})
    EXPECT_FALSE(layout.render(bad, seconds{60})) << bad;
}

TEST(MessageTemplate, NamesOfAppsComeFromAnAllowList) {
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
