// Which of a profile's texts a message is made of.

#include <gtest/gtest.h>

#include <algorithm>
#include <optional>

#include "sms/message_book.hpp"

namespace otpd::sms {
namespace {

using otp::channel;
using otp::message_text;

message_text text_for(std::optional<channel> by, std::string purpose, std::string locale, std::string text) {
  message_text out;
  out.channel = by;
  out.purpose = std::move(purpose);
  out.locale = std::move(locale);
  out.text = std::move(text);
  return out;
}

otp::profile example(std::string message) {
  otp::profile out;
  out.name = "p";
  out.app = "Example";
  out.message = std::move(message);
  return out;
}

std::string rendered(const otp::profile& of, channel by, std::string_view purpose, std::string_view locale) {
  message_request request;
  request.channel = by;
  request.purpose = purpose;
  request.locale = locale;
  request.code = "012345";
  const auto out = message_book{of}.render(request);
  EXPECT_TRUE(out);
  return out ? out->text : "";
}

TEST(MessageChoice, TakesTheChannelsTextThenThePurposesThenTheLocales) {
  const auto sms = channel::sms;
  const auto email = channel::email;
  otp::profile of = example("{code} any any any");
  of.locale = "fr-CA";
  const struct {
    std::optional<channel> by;
    const char* purpose;
    const char* locale;
  } texts[] = {
      {{}, "", "pt"},       {{}, "", "pt-BR"},      {{}, "", "fr"},        {{}, "pay", ""},
      {{}, "pay", "pt"},    {{}, "pay", "zh-Hant"}, {email, "", ""},       {email, "", "de"},
      {email, "", "fr-CA"}, {email, "pay", ""},     {email, "only", "it"}, {sms, "only", "pt"},
  };
  for (const auto& each : texts) {
    const std::string by = each.by ? std::string{to_string(*each.by)} : "any";
    const auto or_any = [](const char* text) { return *text == 0 ? std::string{"any"} : std::string{text}; };
    of.messages.push_back(text_for(each.by, each.purpose, each.locale,
                                   "{code} " + by + " " + or_any(each.purpose) + " " + or_any(each.locale)));
  }
  const struct {
    channel by;
    const char* purpose;
    const char* locale;
    const char* taken;
  } rows[] = {
      // by locale
      {sms, "login", "pt-BR", "any any pt-BR"},
      {sms, "login", "PT-br", "any any pt-BR"},
      {sms, "login", "pt-BR-x-a", "any any pt-BR"},
      {sms, "login", "pt-PT", "any any pt"},
      {sms, "login", "pt", "any any pt"},
      {sms, "login", "ptx", "any any fr"},
      {sms, "login", "p", "any any fr"},
      {sms, "login", "de", "any any fr"},
      {sms, "login", "", "any any fr"},
      {sms, "login", "fr", "any any fr"},
      {sms, "login", "-", "any any fr"},
      // a purpose goes before a locale
      {sms, "pay", "pt-BR", "any pay pt"},
      {sms, "pay", "zh-Hant-TW", "any pay zh-Hant"},
      {sms, "pay", "zh", "any pay any"},
      {sms, "pay", "fr", "any pay any"},
      {sms, "pa", "de", "any any fr"},
      // a channel goes before both
      {email, "login", "de-AT", "email any de"},
      {email, "login", "pt", "email any fr-CA"},
      {email, "login", "fr", "email any fr-CA"},
      {email, "pay", "pt", "email pay any"},
      {email, "pay", "de", "email pay any"},
      {email, "only", "it", "email only it"},
      {email, "only", "de", "email any de"},
      {sms, "only", "pt-BR", "sms only pt"},
      {sms, "only", "it", "any any fr"},
  };
  for (const auto& each : rows)
    EXPECT_EQ(rendered(of, each.by, each.purpose, each.locale), std::string{"012345 "} + each.taken)
        << to_string(each.by) << " " << each.purpose << " " << each.locale;

  // The order in which they are written says nothing.
  std::reverse(of.messages.begin(), of.messages.end());
  for (const auto& each : rows)
    EXPECT_EQ(rendered(of, each.by, each.purpose, each.locale), std::string{"012345 "} + each.taken);
}

TEST(MessageChoice, WithoutATextOfItsOwnAMessageIsTheProfiles) {
  otp::profile of = example("{code}");
  of.messages = {text_for(channel::email, "pay", "de", "{code} x")};
  EXPECT_EQ(rendered(of, channel::sms, "pay", "de"), "012345");
  EXPECT_EQ(rendered(of, channel::email, "login", "de"), "012345");
  EXPECT_EQ(rendered(of, channel::email, "pay", "en"), "012345");
  EXPECT_EQ(rendered(of, channel::email, "pay", "de"), "012345 x");
}

}  // namespace
}  // namespace otpd::sms
