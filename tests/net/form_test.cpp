#include "net/form.hpp"

#include <gtest/gtest.h>

#include <random>

namespace otpd::net {
namespace {

using namespace std::string_view_literals;

TEST(Form, IsDecodedOnce) {
  const std::pair<std::string_view, form> table[] = {
      {"", {}},
      {"a=1", {{"a", "1"}}},
      {"a=1&b=2", {{"a", "1"}, {"b", "2"}}},
      {"b=2&a=1&b=3", {{"b", "2"}, {"a", "1"}, {"b", "3"}}},
      {"a", {{"a", ""}}},
      {"a=", {{"a", ""}}},
      {"a=b=c", {{"a", "b=c"}}},
      {"&&a=1&&b=2&", {{"a", "1"}, {"b", "2"}}},
      {"To=%2B15551234567", {{"To", "+15551234567"}}},
      {"a+b=c+d", {{"a b", "c d"}}},
      {"a=%20%26%3D%25%2b", {{"a", " &=%+"}}},
      {"a=%2541", {{"a", "%41"}}},
      {"%61=%c3%A9", {{"a", "\xc3\xa9"}}},
      {"a=%00%0D%0a", {{"a", std::string("\0\r\n", 3)}}},
      {"a=;/?:@!$'()*,~", {{"a", ";/?:@!$'()*,~"}}},
  };
  for (const auto& [text, expected] : table) {
    const auto read = parse_form(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, expected) << text;
  }
}

TEST(Form, IsRefusedIfItIsMalformed) {
  for (const auto text : {"a=%"sv, "a=%4"sv, "a=%4g"sv, "a=%g4"sv, "a=%%41"sv, "%=1"sv, "%4=1"sv, "a=% 41"sv,
                          "a=%+4"sv, "a=%4&b=1"sv, "=1"sv, "a=1&=2"sv, "="sv, "a=b c"sv, "a=\n"sv, "a=\0"sv,
                          "a=\x7f"sv, "a=\xc3\xa9"sv, "a=1\r\n"sv}) {
    EXPECT_FALSE(parse_form(text)) << text;
  }
}

TEST(Form, IsReadAsPeopleWriteItWhereThatIsAskedFor) {
  const std::pair<std::string_view, form> table[] = {
      {"a=b c", {{"a", "b c"}}},
      {"a=%", {{"a", "%"}}},
      {"a=%4", {{"a", "%4"}}},
      {"a=%4g%41", {{"a", "%4gA"}}},
      {"a=%%41", {{"a", "%A"}}},
      {"a=\xc3\xa9\r\n", {{"a", "\xc3\xa9\r\n"}}},
      {"=1&a=2&=&b", {{"a", "2"}, {"b", ""}}},
      {"a=1&b=+%2B", {{"a", "1"}, {"b", " +"}}},
      {"%4=1", {{"%4", "1"}}},
  };
  for (const auto& [text, expected] : table) {
    const auto read = parse_form(text, form_syntax::lenient);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(*read, expected) << text;
  }
  std::string many(2 * (max_form_fields + 1), 'a');
  for (std::size_t i = 1; i < many.size(); i += 2)
    many[i] = '&';
  EXPECT_FALSE(parse_form(many, form_syntax::lenient));
  EXPECT_FALSE(parse_form("a=" + std::string(max_form_value + 1, ' '), form_syntax::lenient));
}

std::string repeated(std::string_view piece, std::size_t count) {
  std::string out;
  for (std::size_t i = 0; i < count; ++i)
    out += piece;
  return out;
}

TEST(Form, HasBounds) {
  EXPECT_EQ(parse_form(repeated("a=1&", max_form_fields))->size(), max_form_fields);
  EXPECT_FALSE(parse_form(repeated("a=1&", max_form_fields + 1)));
  EXPECT_TRUE(parse_form(repeated("&", 1000)));
  EXPECT_TRUE(parse_form(std::string(max_form_name, 'a')));
  EXPECT_FALSE(parse_form(std::string(max_form_name + 1, 'a')));
  EXPECT_TRUE(parse_form("a=" + repeated("%41", max_form_value)));
  EXPECT_FALSE(parse_form("a=" + repeated("%41", max_form_value + 1)));
}

TEST(Form, FindsWhatStandsThereOnce) {
  const auto read = parse_form("a=1&b=2&b=2&A=3");
  ASSERT_TRUE(read);
  ASSERT_NE(find_only(*read, "a"), nullptr);
  EXPECT_EQ(*find_only(*read, "a"), "1");
  EXPECT_EQ(*find_only(*read, "A"), "3");
  EXPECT_EQ(find_only(*read, "b"), nullptr);
  EXPECT_EQ(find_only(*read, "c"), nullptr);
}

// Whatever is written by the rules comes back; whatever is read is within the bounds.
TEST(Form, ComesBack) {
  std::mt19937 random(1);
  const auto encoded = [&](std::string_view text) {
    std::string out;
    for (const char c : text) {
      constexpr std::string_view digits = "0123456789ABCDEF";
      const auto byte = static_cast<unsigned char>(c);
      if (c == ' ' && random() % 2 == 0) {
        out += '+';
      } else if (std::isalnum(byte) != 0 && random() % 2 == 0) {
        out += c;
      } else {
        out += {'%', digits[byte >> 4], digits[byte & 15]};
      }
    }
    return out;
  };
  for (int i = 0; i < 2000; ++i) {
    form wanted(random() % 8);
    std::string text;
    for (form_field& each : wanted) {
      each.name.resize(1 + random() % 5);
      each.value.resize(random() % 9);
      for (char& c : each.name)
        c = static_cast<char>(random());
      for (char& c : each.value)
        c = static_cast<char>(random());
      text += (text.empty() ? "" : "&") + encoded(each.name) + "=" + encoded(each.value);
    }
    ASSERT_EQ(parse_form(text), wanted) << "seed 1, step " << i << ": " << text;
  }
}

TEST(Form, SurvivesNoise) {
  std::mt19937 random(2);
  constexpr std::string_view letters = "ab=&%+412Ff\x01\xff";
  std::size_t read = 0;
  for (int i = 0; i < 20'000; ++i) {
    std::string text(random() % 24, '\0');
    for (char& c : text)
      c = letters[random() % letters.size()];
    const auto out = parse_form(text);
    read += out ? 1U : 0U;
    if (!out) continue;
    for (const form_field& each : *out)
      ASSERT_LE(each.name.size() + each.value.size(), text.size());
  }
  EXPECT_GT(read, 500U);
  EXPECT_LT(read, 19'000U);
}

}  // namespace
}  // namespace otpd::net
