#include "sms/message_rules.hpp"

#include <gtest/gtest.h>

#include "sms/pattern.hpp"

namespace otpd::sms {
namespace {

using enum text_place;
using otp::message_parameter;
using otp::parameter_charset;

const std::vector<message_parameter> parameters{{"order", 12, parameter_charset::alnum},
                                                {"shop", 20, parameter_charset::text}};

std::string fault_of(std::string_view text, text_place place = text_place::text) {
  return text_fault(text, place, parameters).value_or("");
}

TEST(MessageRules, TextsThatAreRight) {
  for (const std::string each : {"{code}", "{app}: {code} ({minutes})\n\n{shop}, {order}!", "{order} {code}",
                                 "{code} for {shop}.", "{shop}\u7684\u9a57\u8b49\u78bc {code}",
                                 "{code}: {shop}. Thanks", "https://x.example/{order} {code}"})
    EXPECT_EQ(fault_of(each), "") << each;
  EXPECT_EQ(fault_of("{app}", subject), "");
  EXPECT_EQ(fault_of("", subject), "");
  EXPECT_EQ(fault_of("{code} for {shop}", subject), "");
  EXPECT_EQ(fault_of("<style>p {color:red} q{}</style>\t<p title='{shop}'>{code} {code}</p>\n", html), "");
}

TEST(MessageRules, FaultsAreNamed) {
  struct row {
    std::string text;
    text_place place;
    const char* fault;
  };
  const row rows[] = {
      {"", text, "must have {code} once, not 0 times"},
      {"no code", text, "must have {code} once, not 0 times"},
      {"{code} {code}", text, "must have {code} once, not 2 times"},
      {"{code} {code}", subject, "must have {code} once at most"},
      {"<p>", html, "must have {code}"},
      {"{code} {name}", text,
       "\"{name}\" is no placeholder; known are {code}, {app}, {minutes}, {order}, {shop}"},
      {"{code} {name}", html, "\"{name}\" is no placeholder; known are"},
      {"{code} { code }", text, "\"{\" is no placeholder"},
      {"{code} {CODE}", text, "\"{\" is no placeholder"},
      {"{code} {}", text, "\"{\" is no placeholder"},
      {"{code} }", text, "\"}\" is no placeholder"},
      {"{code", text, "\"{\" is no placeholder"},
      {"{code} {{order}}", text, "\"{\" is no placeholder"},
      {"{code}\n", text, "must not end with a line break"},
      {"{code}\r\nx", text, "has a control character"},
      {"{code}\tx", text, "has a control character"},
      {"{code}\nx", subject, "has a control character"},
      {"{code}\rx", html, "has a control character"},
      {"{code}\xc2\x85", text, "has a control character"},
      {"{code} \xff", text, "is not UTF-8"},
      {"{code}" + std::string(3995, 'x'), text, "must have at most 4000 bytes"},
      {std::string(201, 'x'), subject, "must have at most 200 bytes"},
      {"{code}" + std::string(16379, 'x'), html, "must have at most 16384 bytes"},
  };
  for (const row& each : rows)
    EXPECT_EQ(fault_of(each.text, each.place).substr(0, std::string_view{each.fault}.size()), each.fault)
        << each.text;
}

TEST(MessageRules, NoValueBecomesPartOfAHostName) {
  for (const std::string bad : {
           "{code} {order}{shop}",
           "{shop}{app} {code}",
           "{code}{order}",
           "{order}.{code}",
           "{app}.{order} {code}",
           "No.{order} {code}",
           "{order}.com {code}",
           "{shop}com {code}",
           "{shop}\u0440\u0444 {code}",
           "{order}.{minutes} {code}",
       })
    EXPECT_NE(fault_of(bad), "") << bad;
  for (const std::string good :
       {"{order} {shop} {code}", "{order}. {code}", "No. {order} {code}", "{order}x {code}",
        "{app}.{minutes} {code}", "{code}.{minutes}", "{code} {order}."})
    EXPECT_EQ(fault_of(good), "") << good;
}

TEST(MessageRules, WhatHasNoFaultCanBeTakenApart) {
  const std::vector<std::string_view> pieces{"{code}", "{app}", "{order}", "{shop}", "{minutes}", "{x}",
                                             "{",      "}",     ".",       " ",      "com",       "\n"};
  unsigned seed = 1;
  std::size_t right = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string made;
    for (int j = 0; j < 6; ++j) {
      seed = seed * 1664525U + 1013904223U;
      made += pieces[(seed >> 16) % pieces.size()];
    }
    for (const auto place : {text, subject, html}) {
      if (text_fault(made, place, parameters)) continue;
      ++right;
      EXPECT_NO_THROW((pattern{made, message_names(parameters)})) << made;
    }
  }
  EXPECT_GT(right, 100U);
}

TEST(MessageRules, Parameters) {
  EXPECT_FALSE(parameters_fault({}));
  EXPECT_FALSE(parameters_fault(parameters));
  std::vector<message_parameter> many;
  for (char c = 'a'; c < 'a' + 8; ++c)
    many.push_back({std::string(20, c), 1});
  EXPECT_FALSE(parameters_fault(many));
  many.push_back({"z", 1});
  EXPECT_EQ(parameters_fault(many), "has more than 8 parameters");
  for (const char* bad : {"", "A", "a1", "a-b", "a b", "aaaaaaaaaaaaaaaaaaaaa"})
    EXPECT_EQ(parameters_fault(std::vector<message_parameter>{{bad, 1}}),
              "a parameter's name must be 1 to 20 of a-z _");
  EXPECT_EQ(parameters_fault(std::vector<message_parameter>{{"code", 1}}), "{code} is a placeholder already");
  EXPECT_EQ(parameters_fault(std::vector<message_parameter>{{"a", 1}, {"a", 2}}), "{a} is there twice");
  EXPECT_EQ(parameters_fault(std::vector<message_parameter>{{"a", 0}}), "{a} is not 1 to 40 long");
  EXPECT_EQ(parameters_fault(std::vector<message_parameter>{{"a", 41}}), "{a} is not 1 to 40 long");
}

}  // namespace
}  // namespace otpd::sms
