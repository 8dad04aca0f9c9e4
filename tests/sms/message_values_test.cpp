// RELIABILITY A21, W1, W2: what callers fill in is refused or stands in the message as it is, and the phone
// finds the code all the same.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json/parse.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>

#include "sms/message_book.hpp"
#include "sms/message_length.hpp"

namespace otpd::sms {
namespace {

using otp::channel;
using otp::message_value;
using otp::parameter_charset;
using otp::parameter_fault;

constexpr std::string_view code = "012345";
constexpr std::string_view hash = "FA+9qCX9VSu";

// ---- what is hostile

std::vector<std::string> injections() {
  return {"{{7*7}}",
          "${jndi:ldap://x/a}",
          "{code}",
          "{app}",
          "%0d%0a",
          "a\r\nb",
          "a\nb",
          "a\rb",
          "\u202egro.live",
          "a\u202eb",
          "evil.example/x",
          "evil.example",
          "https://evil.example",
          "//evil",
          "\n\n@evil.example #000000",
          "@evil.example #000000",
          "a\u200bb",
          "a\u200db",
          "\ufeffa",
          "a\u2066b",
          "evil\uff0ecom",
          "evil\u3002com",
          "a\u2028b",
          "a\u0085b",
          std::string{"a\0b", 3},
          "\xff",
          "\xed\xa0\x80",
          "<script>alert(1)</script>",
          "\"><b>",
          "<#> x",
          "a\tb",
          " ",
          "",
          std::string(41, 'a'),
          std::string(100000, 'a')};
}

// Empty if the list is absent.
std::vector<std::string> naughty_strings() {
  std::ifstream in{std::filesystem::path{OTPD_SOURCE_DIR} / "../shared/data/blns.json", std::ios::binary};
  const std::string text{std::istreambuf_iterator<char>{in}, {}};
  std::vector<std::string> out;
  if (text.empty()) return out;
  const auto list = boost::json::parse(text);
  for (const auto& each : list.as_array())
    out.emplace_back(each.as_string());
  return out;
}

// ---- what a phone does

struct bound_code {
  std::string host;
  std::string code;
  bool operator==(const bound_code&) const = default;
};

// "Parse an origin-bound one-time code message" of wicg.github.io/sms-one-time-codes: newlines are
// normalised, the message is split on them, and the last line is an at sign, a host, a space, a number sign
// and a code, after which only an embedded host may come.
std::optional<bound_code> bound_code_in(std::string_view message) {
  std::string normal;
  for (std::size_t i = 0; i < message.size(); ++i) {
    if (message[i] == '\r' && i + 1 < message.size() && message[i + 1] == '\n') continue;
    normal += message[i] == '\r' ? '\n' : message[i];
  }
  std::string_view line = normal;
  if (const auto last = line.rfind('\n'); last != line.npos) line.remove_prefix(last + 1);
  const auto take = [&line](char mark) -> std::optional<std::string> {
    if (!line.starts_with(mark)) return std::nullopt;
    line.remove_prefix(1);
    const std::size_t end = std::min(line.find_first_of("\t\f "), line.size());
    std::string out{line.substr(0, end)};
    line.remove_prefix(end);
    return out.empty() ? std::nullopt : std::optional{out};
  };
  const auto host = take('@');
  if (!host || !line.starts_with(' ')) return std::nullopt;
  line.remove_prefix(1);
  const auto found = take('#');
  if (!found || (!line.empty() && !line.starts_with(" @"))) return std::nullopt;
  return bound_code{*host, *found};
}

TEST(MessageValues, ThePhoneOfThisTestReadsTheSpecsExamples) {
  const bound_code wanted{"example.com", "747723"};
  EXPECT_EQ(bound_code_in("747723 is your code.\n\n@example.com #747723"), wanted);
  EXPECT_EQ(bound_code_in("@example.com #747723"), wanted);
  EXPECT_EQ(bound_code_in("x\r\n@example.com #747723"), wanted);
  EXPECT_EQ(bound_code_in("x\n@example.com #747723 @ecommerce.example"), wanted);
  for (const char* none :
       {"", "747723", "x\n@example.com #747723\n", "@example.com  #747723", "x @example.com #1",
        "@example.com #", "@ #1", "@example.com 747723", "@example.com #747723 x", "#1 @example.com"})
    EXPECT_FALSE(bound_code_in(none)) << none;
}

// ---- one desk for all of it

struct desk {
  explicit desk(parameter_charset charset) {
    of.app = "Example";
    of.webotp = "example.com";
    of.message = "{code} is for {x}, says {app}.";
    of.parameters = {{"x", 40, charset}};
    otp::message_text mail;
    mail.channel = channel::email;
    mail.text = "{x}: {code}";
    mail.subject = "{x} ({code})";
    mail.html = "<p>{x} {code}</p>";
    of.messages = {mail};
  }

  // Refused in both channels, or rendered byte for byte. True if it was rendered.
  bool try_value(const std::string& value) const {
    const std::vector<message_value> values{{"x", value}};
    const message_book book{of};
    const bool accepted = book.accepts({}, "login", "en", values).fault == parameter_fault::none;
    message_request request;
    request.code = code;
    request.parameters = values;
    const auto sms = book.render(request);
    request.channel = channel::email;
    const auto mail = book.render(request);
    EXPECT_EQ(sms.has_value(), accepted) << value;
    EXPECT_EQ(mail.has_value(), accepted) << value;
    if (!sms || !mail) return false;
    EXPECT_EQ(sms->text, "012345 is for " + value + ", says Example.\n\n@example.com #012345");
    EXPECT_EQ(bound_code_in(sms->text), (bound_code{"example.com", std::string{code}})) << sms->text;
    EXPECT_EQ(mail->text, value + ": 012345");
    EXPECT_EQ(mail->subject, value + " (012345)");
    EXPECT_EQ(mail->html, "<p>" + escaped(value) + " 012345</p>");
    return true;
  }

  static std::string escaped(std::string_view value) {
    std::string out;
    for (const char c : value) {
      EXPECT_EQ(std::string_view{"<>\""}.find(c), std::string_view::npos) << value;
      out += c == '&' ? "&amp;" : c == '\'' ? "&#39;" : std::string(1, c);
    }
    return out;
  }

  otp::profile of;
};

constexpr parameter_charset charsets[] = {parameter_charset::letters, parameter_charset::digits,
                                          parameter_charset::alnum, parameter_charset::text};

TEST(MessageValues, InjectionsAreRefused) {
  for (const auto charset : charsets) {
    const desk with{charset};
    for (const auto& each : injections())
      EXPECT_FALSE(with.try_value(each)) << each.substr(0, 60);
  }
}

TEST(MessageValues, NaughtyStringsAreRefusedOrStandAsTheyAre) {
  const auto list = naughty_strings();
  if (list.empty()) GTEST_SKIP() << "../shared/data/blns.json is absent";
  std::size_t rendered = 0;
  for (const auto charset : charsets) {
    const desk with{charset};
    for (const auto& each : list)
      rendered += with.try_value(each) ? 1 : 0;
  }
  EXPECT_GT(rendered, 50U);
  EXPECT_LT(rendered, 2 * list.size());
}

// Every value that is allowed, in every template with a line for the phone: the line is found, and nothing
// else of the message is one.
TEST(MessageValues, TheCodeIsFoundWhateverStandsInTheText) {
  const std::vector<std::string> bytes{"a",      "Z", "9", " ",  "-", "_", "'",      "&",
                                       "+",      "!", "(", ")",  ",", ".", "\u00e9", "\u4f8b",
                                       "\u0416", "@", "#", "\n", "/", ":", "\u200b"};
  unsigned seed = 7;
  const auto below = [&seed](std::size_t n) {
    seed = seed * 1664525U + 1013904223U;
    return (seed >> 16) % n;
  };
  const desk with{parameter_charset::text};
  std::size_t rendered = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string value;
    for (std::size_t n = below(8); n-- > 0;)
      value += bytes[below(bytes.size())];
    rendered += with.try_value(value) ? 1 : 0;
  }
  EXPECT_GT(rendered, 1000U);
}

TEST(MessageValues, TheHashIsTheLastLineAndTheMarkTheFirst) {
  desk with{parameter_charset::text};
  with.of.webotp.clear();
  with.of.android_app_hash = hash;
  const std::vector<message_value> values{{"x", "Joe's"}};
  message_request request;
  request.code = code;
  request.parameters = values;
  const auto sms = message_book{with.of}.render(request);
  ASSERT_TRUE(sms);
  EXPECT_EQ(sms->text, "<#> 012345 is for Joe's, says Example.\nFA+9qCX9VSu");
  request.channel = channel::email;
  EXPECT_EQ(message_book{with.of}.render(request)->text, "Joe's: 012345");
}

TEST(MessageValues, NoMessageIsLongerThanTheLongest) {
  const desk with{parameter_charset::text};
  const auto longest = longest_sms(with.of, with.of.message);
  for (const auto& each : {std::string(40, 'a'), std::string(40, '&'), std::string{"a"}}) {
    const std::vector<message_value> values{{"x", each}};
    message_request request;
    request.code = code;
    request.parameters = values;
    const auto sms = message_book{with.of}.render(request);
    ASSERT_TRUE(sms);
    EXPECT_LE(sms->text.size(), longest.bytes);
    EXPECT_LE(count_segments(sms->text).segments, longest.on_air.segments);
  }
}

}  // namespace
}  // namespace otpd::sms
