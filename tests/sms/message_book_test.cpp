#include "sms/message_book.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>
#include <stdexcept>

namespace otpd::sms {
namespace {

using otp::channel;
using otp::message_text;
using otp::message_value;
using otp::parameter_charset;
using otp::parameter_fault;
using std::chrono::seconds;

message_text text_for(std::optional<channel> by, std::string purpose, std::string locale, std::string text) {
  message_text out;
  out.channel = by;
  out.purpose = std::move(purpose);
  out.locale = std::move(locale);
  out.text = std::move(text);
  return out;
}

otp::profile example(std::string message = "{code}") {
  otp::profile out;
  out.name = "p";
  out.app = "Caf\u00e9";
  out.message = std::move(message);
  return out;
}

message_content rendered(const otp::profile& of, channel by = channel::sms,
                         std::string_view purpose = "login", std::string_view locale = "en",
                         std::span<const message_value> values = {}) {
  message_request request;
  request.channel = by;
  request.purpose = purpose;
  request.locale = locale;
  request.code = "012345";
  request.lifetime = seconds{300};
  request.parameters = values;
  const auto out = message_book{of}.render(request);
  EXPECT_TRUE(out);
  return out ? *out : message_content{};
}

TEST(MessageBook, FillsItsNames) {
  struct row {
    const char* text;
    seconds lifetime;
    const char* rendered;
  };
  const row rows[] = {
      {"{code} is your {app} code. It expires in {minutes} minutes.", seconds{300},
       "012345 is your Caf\u00e9 code. It expires in 5 minutes."},
      {"{app}: {code}", seconds{300}, "Caf\u00e9: 012345"},
      {"{app}, {app}\n{code}", seconds{300}, "Caf\u00e9, Caf\u00e9\n012345"},
      {"{code} {minutes}", seconds{0}, "012345 1"},
      {"{code} {minutes}", seconds{-5}, "012345 1"},
      {"{code} {minutes}", seconds{60}, "012345 1"},
      {"{code} {minutes}", seconds{61}, "012345 2"},
      {"{code} {minutes}", seconds{86400}, "012345 1440"},
  };
  for (const row& each : rows) {
    message_request request;
    request.code = "012345";
    request.lifetime = each.lifetime;
    const auto out = message_book{example(each.text)}.render(request);
    ASSERT_TRUE(out) << each.text;
    EXPECT_EQ(out->text, each.rendered);
    EXPECT_EQ(out->subject + out->html, "");
  }
}

// ---- e-mail

TEST(MessageBook, AnEmailHasASubjectAndMayHaveHtml) {
  otp::profile of = example("{app}: {code}");
  auto content = rendered(of, channel::email);
  EXPECT_EQ(content.text, "Caf\u00e9: 012345");
  EXPECT_EQ(content.subject, "Caf\u00e9 code");
  EXPECT_EQ(content.html, "");

  of.messages = {text_for({}, "login", "", "{code}")};
  of.messages[0].subject = "{code} - {app}";
  of.messages[0].html = "<style>b {color:red}</style><b>{code}</b>, {minutes} min";
  content = rendered(of, channel::email);
  EXPECT_EQ(content.text, "012345");
  EXPECT_EQ(content.subject, "012345 - Caf\u00e9");
  EXPECT_EQ(content.html, "<style>b {color:red}</style><b>012345</b>, 5 min");
  content = rendered(of, channel::sms);
  EXPECT_EQ(content.text, "012345");
  EXPECT_EQ(content.subject + content.html, "");
}

TEST(MessageBook, ValuesAreEscapedInHtmlAndNowhereElse) {
  otp::profile of = example("{code} {app}, {shop}");
  of.app = "Smith & Sons' (old)";
  of.parameters = {{"shop", 40, parameter_charset::text}};
  of.messages = {text_for(channel::email, "", "", "{code} {app}, {shop}")};
  of.messages[0].subject = "{app}, {shop}";
  of.messages[0].html = "<p title=\"{app}\">{code} &amp; {shop}</p>";
  const std::vector<message_value> values{{"shop", "M&M's"}};
  const auto content = rendered(of, channel::email, "login", "en", values);
  EXPECT_EQ(content.text, "012345 Smith & Sons' (old), M&M's");
  EXPECT_EQ(content.subject, "Smith & Sons' (old), M&M's");
  EXPECT_EQ(content.html, "<p title=\"Smith &amp; Sons&#39; (old)\">012345 &amp; M&amp;M&#39;s</p>");
}

// ---- callers' values

TEST(MessageBook, AcceptsWhatItsTextsName) {
  otp::profile of = example();
  of.parameters = {{"order", 6, parameter_charset::alnum}, {"shop", 40, parameter_charset::text}};
  of.messages = {text_for({}, "pay", "", "{code} for {order}"),
                 text_for(channel::email, "pay", "", "{code} {order}")};
  of.messages[1].subject = "{shop}";
  const message_book book{of};
  using enum parameter_fault;
  const struct {
    std::optional<channel> by;
    const char* purpose;
    std::vector<message_value> values;
    parameter_fault fault;
    const char* name;
  } rows[] = {
      {channel::sms, "login", {}, none, ""},
      {{}, "login", {}, none, ""},
      {channel::sms, "login", {{"order", "A1"}}, none, ""},  // given, and this text does not name it
      {channel::sms, "pay", {}, missing, "order"},
      {channel::sms, "pay", {{"shop", "x"}}, missing, "order"},
      {channel::sms, "pay", {{"order", "A1"}}, none, ""},
      {channel::email, "pay", {{"order", "A1"}}, missing, "shop"},
      {{}, "pay", {{"order", "A1"}}, missing, "shop"},
      {{}, "pay", {{"order", "A1"}, {"shop", "x"}}, none, ""},
      {channel::sms, "pay", {{"order", "A1"}, {"orders", "A1"}}, unknown, "orders"},
      {channel::sms, "login", {{"code", "A1"}}, unknown, "code"},
      {channel::sms, "login", {{"", "A1"}}, unknown, ""},
      {channel::sms, "pay", {{"order", "A1"}, {"order", "A1"}}, invalid, "order"},
      {channel::sms, "pay", {{"order", "1234567"}}, invalid, "order"},
      {channel::sms, "pay", {{"order", "A-1"}}, invalid, "order"},
      {channel::sms, "pay", {{"order", ""}}, invalid, "order"},
      {channel::sms, "login", {{"order", "A-1"}}, invalid, "order"},
  };
  for (const auto& each : rows) {
    const auto verdict = book.accepts(each.by, each.purpose, "en", each.values);
    EXPECT_EQ(verdict.fault, each.fault) << each.purpose;
    EXPECT_EQ(verdict.name, each.name) << each.purpose;
    if (!each.by) continue;
    message_request request;
    request.channel = *each.by;
    request.purpose = each.purpose;
    request.code = "012345";
    request.parameters = each.values;
    EXPECT_EQ(book.render(request).has_value(), each.fault == none);
  }
}

TEST(MessageBook, WithoutAChannelThoseOfTheProfileCount) {
  otp::profile of = example();
  of.parameters = {{"shop", 40, parameter_charset::text}};
  of.messages = {text_for(channel::email, "", "", "{code} {shop}")};
  EXPECT_EQ(message_book{of}.accepts({}, "login", "en", {}).fault, parameter_fault::missing);
  of.channels = {channel::sms};
  EXPECT_EQ(message_book{of}.accepts({}, "login", "en", {}).fault, parameter_fault::none);
}

TEST(MessageBook, OnlyCodesAreCodes) {
  const message_book book{example()};
  for (const char* bad : {"", "12 34", "12\n34", "<b>", "{app}", "0123456789abcdef0"}) {
    message_request request;
    request.code = bad;
    EXPECT_FALSE(book.render(request)) << bad;
  }
}

// ---- construction

TEST(MessageBook, BadProfilesAreRefused) {
  const auto refused = [](const auto& change) {
    otp::profile of = example();
    change(of);
    try {
      static_cast<void>(message_book{of});
      return std::string{"accepted"};
    } catch (const std::invalid_argument& error) {
      return std::string{error.what()};
    }
  };
  using profile = otp::profile;
  EXPECT_EQ(refused([](profile&) {}), "accepted");
  EXPECT_EQ(refused([](profile& p) { p.message = "no code"; }), "message must have {code} once, not 0 times");
  EXPECT_EQ(refused([](profile& p) { p.messages = {text_for({}, "x", "", "")}; }),
            "a text of messages must have {code} once, not 0 times");
  EXPECT_EQ(refused([](profile& p) {
              p.messages = {text_for({}, "x", "", "{code}")};
              p.messages[0].subject = "a\nb";
            }),
            "a text of messages has a control character");
  EXPECT_EQ(refused([](profile& p) {
              p.messages = {text_for({}, "x", "", "{code}")};
              p.messages[0].html = "<p>";
            }),
            "a text of messages must have {code}");
  EXPECT_EQ(refused([](profile& p) { p.messages = {text_for({}, "", "", "{code}")}; }),
            "two messages are for the same channel, purpose and locale");
  EXPECT_EQ(refused([](profile& p) {
              p.messages = {text_for({}, "", "pt-BR", "{code}"), text_for({}, "", "PT-br", "{code}")};
            }),
            "two messages are for the same channel, purpose and locale");
  EXPECT_EQ(refused([](profile& p) { p.parameters = {{"code", 1}}; }), "{code} is a placeholder already");
  EXPECT_EQ(refused([](profile& p) { p.app = "evil.example/x"; }),
            "the app's name has a character that messages may not have");
  EXPECT_EQ(refused([](profile& p) { p.app.clear(); }), "accepted");
  EXPECT_EQ(refused([](profile& p) { p.app.clear(), p.message = "{app}: {code}"; }),
            "the app's name has a character that messages may not have");
  EXPECT_EQ(refused([](profile& p) { p.webotp = "https://example.com"; }), "webotp is not a host name");
  EXPECT_EQ(refused([](profile& p) { p.android_app_hash = "short"; }),
            "android_app_hash is not 11 characters of base64");
  EXPECT_EQ(refused([](profile& p) { p.webotp = "example.com", p.android_app_hash = "FA+9qCX9VSu"; }),
            "webotp and android_app_hash cannot both be the last line");
}

}  // namespace
}  // namespace otpd::sms
