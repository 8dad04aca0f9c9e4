// What a profile's messages may not say, and what they are warned of.

#include "config_refusals.hpp"

namespace otpd {
namespace {

// A profile whose lines begin at 2.
std::string in_profile(const std::string& lines) {
  return "[profiles.p]\n" + lines;
}
// One text of it, whose lines begin at 2.
std::string in_message(const std::string& lines) {
  return "[[profiles.p.messages]]\n" + lines;
}
// A right text, then what its profile says else from line 4 on.
std::string with_message(const std::string& lines) {
  return in_message("purpose = 'x'\ntext = '{code}'\n") + lines;
}

// Those about profiles.
std::vector<std::string> warnings_of(const std::string& toml) {
  auto out = parse_config(toml, "t").warnings;
  std::erase_if(out, [](const std::string& each) { return each.find(": profiles.") == std::string::npos; });
  return out;
}

TEST(ConfigMessagesRefusal, Texts) {
  expect_refusals({
      {in_profile("messages = {}"), "t:2: profiles.p.messages: must be an array, not a table"},
      {in_profile("messages = ['x']"), "t:2: profiles.p.messages[0]: must be a table, not a string"},
      {in_message("txt = 'x'"), "t:2: profiles.p.messages[0].txt: unknown key; did you mean \"text\"?"},
      {in_message("channel = 'fax'"), "t:2: profiles.p.messages[0].channel: \"fax\" is none of sms, email"},
      {in_message("purpose = ''"), "t:2: profiles.p.messages[0].purpose: must not be empty"},
      {in_message("purpose = 'a b'"),
       "t:2: profiles.p.messages[0].purpose: \"a b\" must be 1 to 32 of a-z 0-9 _ -"},
      {in_message("locale = 'pt_BR'"), "t:2: profiles.p.messages[0].locale: \"pt_BR\" is not a language tag"},
      {in_message("purpose = 'x'"), "t:1: profiles.p.messages[0].text: is missing"},
      {in_message("purpose = 'x'\ntext = ''"), "t:3: profiles.p.messages[0].text: must not be empty"},
      {in_message("purpose = 'x'\ntext = 'hello'"),
       "t:3: profiles.p.messages[0].text: must have {code} once, not 0 times"},
      {in_message("purpose = 'x'\ntext = '{code} {name}'"),
       "t:3: profiles.p.messages[0].text: \"{name}\" is no placeholder; known are {code}, {app}, {minutes}"},
      {in_message("purpose = 'x'\ntext = \"{code}\\n\""),
       "t:3: profiles.p.messages[0].text: must not end with a line break"},
      {in_message("purpose = 'x'\ntext = \"{code}\\tx\""),
       "t:3: profiles.p.messages[0].text: has a control character"},
      {in_message("text = '{code}'"), "t:1: profiles.p.messages[0]: names no channel, purpose or locale"},
      {with_message(in_message("purpose = 'x'\ntext = '{code}'")),
       "t:4: profiles.p.messages[1]: is for the same channel, purpose and locale as messages[0]"},
      {in_message("locale = 'pt-BR'\ntext = '{code}'\n") + in_message("locale = 'PT-br'\ntext = '{code}'"),
       "t:4: profiles.p.messages[1]: is for the same channel, purpose and locale as messages[0]"},
  });
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += in_message("purpose = 'p" + std::to_string(i) + "'\ntext = '{code}'\n");
  expect_refusals({{many, "t:1: profiles.p.messages: has more than 100 messages"}});
}

TEST(ConfigMessagesRefusal, SubjectsAndHtml) {
  expect_refusals({
      {with_message("subject = ''"), "t:4: profiles.p.messages[0].subject: must not be empty"},
      {with_message("subject = \"a\\nb\""), "t:4: profiles.p.messages[0].subject: has a control character"},
      {with_message("subject = '{code} {code}'"),
       "t:4: profiles.p.messages[0].subject: must have {code} once at most"},
      {with_message("subject = '{x}'"), "t:4: profiles.p.messages[0].subject: \"{x}\" is no placeholder"},
      {with_message("html = '<p>'"), "t:4: profiles.p.messages[0].html: must have {code}"},
      {with_message("html = \"{code}\\r\\n\""), "t:4: profiles.p.messages[0].html: has a control character"},
      {with_message("html = '{code} {x}'"), "t:4: profiles.p.messages[0].html: \"{x}\" is no placeholder"},
      {with_message("channel = 'sms'\nsubject = 'x'"),
       "t:5: profiles.p.messages[0].subject: is for e-mail, and the channel is \"sms\""},
      {with_message("channel = 'sms'\nhtml = '{code}'"),
       "t:5: profiles.p.messages[0].html: is for e-mail, and the channel is \"sms\""},
  });
}

TEST(ConfigMessagesRefusal, Parameters) {
  const auto one = [](const std::string& name, const std::string& lines) {
    return "[profiles.p.parameters." + name + "]\n" + lines;
  };
  expect_refusals({
      {in_profile("parameters = ['order']"), "t:2: profiles.p.parameters: must be a table, not an array"},
      {in_profile("parameters.order = 3"),
       "t:2: profiles.p.parameters.order: must be a table, not an integer"},
      {one("Order", ""), "t:1: profiles.p.parameters.Order: a parameter's name must be 1 to 20 of a-z _"},
      {one("order1", ""), "t:1: profiles.p.parameters.order1: a parameter's name must be"},
      {one(std::string(21, 'a'), ""), "t:1: profiles.p.parameters.aaaaaaaaaaaaaaaaaaaaa: a parameter's name"},
      {one("minutes", ""), "t:1: profiles.p.parameters.minutes: {minutes} is a placeholder already"},
      {one("order", "max_length = 0"),
       "t:2: profiles.p.parameters.order.max_length: 0 must be between 1 and 40"},
      {one("order", "max_length = 41"), "t:2: profiles.p.parameters.order.max_length: 41 must be"},
      {one("order", "charset = 'hex'"),
       "t:2: profiles.p.parameters.order.charset: \"hex\" is none of letters, digits, alnum, text"},
      {one("order", "length = 4"),
       "t:2: profiles.p.parameters.order.length: unknown key; did you mean \"max_length\"?"},
      {in_profile("message = '{code} {other}'\nparameters.order = {}"),
       "t:2: profiles.p.message: \"{other}\" is no placeholder; known are {code}, {app}, {minutes}, {order}"},
      {in_profile("message = '{code} {order}.com'\nparameters.order = {}"),
       "t:2: profiles.p.message: the full stop after {order} could make a host name of it"},
      {in_profile("message = '{order}{code}'\nparameters.order = {}"),
       "t:2: profiles.p.message: {order} stands directly beside another placeholder"},
  });
  std::string many;
  for (char c = 'a'; c <= 'i'; ++c)
    many += one(std::string(1, c), "");
  expect_refusals({{many, "t:1: profiles.p.parameters: has more than 8 parameters"}});
}

TEST(ConfigMessagesRefusal, AutofillLines) {
  expect_refusals({
      {in_profile("webotp = 'https://example.com'"),
       "t:2: profiles.p.webotp: \"https://example.com\" is not a host name such as \"example.com\", in lower "
       "case"},
      {in_profile("webotp = 'localhost'"), "t:2: profiles.p.webotp: \"localhost\" is not a host name"},
      {in_profile("webotp = 'Example.com'"), "t:2: profiles.p.webotp: \"Example.com\" is not a host name"},
      {in_profile("android_app_hash = 'short'"),
       "t:2: profiles.p.android_app_hash: \"short\" is not 11 characters of base64"},
      {in_profile("webotp = 'example.com'\nandroid_app_hash = 'FA+9qCX9VSu'"),
       "t:3: profiles.p.android_app_hash: cannot stand beside webotp"},
  });
}

// W2
TEST(ConfigMessagesRefusal, WithAnAutofillLineAnSmsIsOneSegment) {
  const std::string long_text(133, 'x');  // and six of the code: 139
  expect_refusals({
      {in_profile("webotp = 'example.com'\nmessage = '{code}" + long_text + "'"),
       "t:3: profiles.p.message: is 2 segments at its longest: 161 septets, where one has 160; with webotp "
       "it "
       "must be one"},
      {in_profile("webotp = 'example.com'\n" +
                  in_message("purpose = 'x'\ntext = '{code}\u4f8b" + std::string(42, 'x') + "'")),
       "t:5: profiles.p.messages[0].text: is 2 segments at its longest: 71 UTF-16 units, where one has 70; "
       "with "
       "webotp it must be one"},
      {in_profile("android_app_hash = 'FA+9qCX9VSu'\nmessage = '{code}" + long_text + "\u20ac\u20ac\u20ac'"),
       "t:3: profiles.p.message: is 2 segments at its longest: 161 septets, where one has 160; with "
       "android_app_hash it must be one"},
      {in_profile("android_app_hash = 'FA+9qCX9VSu'\nmessage = '{code}" + std::string(119, 'x') + "'"),
       "t:3: profiles.p.message: is 141 bytes at its longest; with android_app_hash 140 are the most"},
  });
  EXPECT_TRUE(warnings_of(in_profile("webotp = 'example.com'\nmessage = '{code}" + long_text.substr(1) + "'"))
                  .empty());
  EXPECT_TRUE(warnings_of(in_profile("android_app_hash = 'FA+9qCX9VSu'\nmessage = '{code}" +
                                     std::string(118, 'x') + "'"))
                  .empty());
  // What is never an SMS is as long as it likes.
  EXPECT_TRUE(
      warnings_of(in_profile("webotp = 'example.com'\n" +
                             in_message("channel = 'email'\ntext = '{code}" + std::string(2000, 'x') + "'")))
          .empty());
}

TEST(ConfigMessages, ALongSmsIsWarnedOf) {
  const std::string text = "'{code}" + std::string(155, 'x') + "'";
  EXPECT_EQ(warnings_of(in_profile("message = " + text)),
            (std::vector<std::string>{
                "t:2: profiles.p.message: is 2 segments at its longest: 161 septets, where one has 160"}));
  EXPECT_EQ(
      warnings_of(in_message("purpose = 'x'\ntext = " + text)),
      (std::vector<std::string>{
          "t:3: profiles.p.messages[0].text: is 2 segments at its longest: 161 septets, where one has 160"}));
  EXPECT_TRUE(warnings_of(in_profile("channels = ['email']\nmessage = " + text)).empty());
}

TEST(ConfigMessages, ATextForNoneOfTheChannelsIsWarnedOf) {
  EXPECT_EQ(
      warnings_of(in_profile("channels = ['sms']\n" + in_message("channel = 'email'\ntext = '{code}'"))),
      (std::vector<std::string>{"t:4: profiles.p.messages[0].channel: is none of the profile's channels"}));
}

TEST(ConfigMessages, AreReadAsTheyStand) {
  const auto c = parse_config(R"toml(
[profiles.p]
app = "Example"
webotp = "login.example.com"
[profiles.p.parameters.order]
max_length = 12
charset = "alnum"
[profiles.p.parameters.shop]
[[profiles.p.messages]]
channel = "email"
purpose = "payment"
locale = "pt-BR"
text = "{code} {order}"
subject = "{app}: {shop}"
html = """
<p>{code}</p>
"""
[[profiles.p.messages]]
locale = "de"
text = "{code}, {minutes}"
)toml",
                              "t");
  const auto& p = c.profiles.at(1);
  EXPECT_EQ(p.webotp, "login.example.com");
  ASSERT_EQ(p.parameters.size(), 2U);
  EXPECT_EQ(p.parameters[0].name, "order");
  EXPECT_EQ(p.parameters[0].max_length, 12);
  EXPECT_EQ(p.parameters[0].charset, otp::parameter_charset::alnum);
  EXPECT_EQ(p.parameters[1].name, "shop");
  EXPECT_EQ(p.parameters[1].max_length, 40);
  EXPECT_EQ(p.parameters[1].charset, otp::parameter_charset::text);
  ASSERT_EQ(p.messages.size(), 2U);
  EXPECT_EQ(p.messages[0].channel, otp::channel::email);
  EXPECT_EQ(p.messages[0].purpose, "payment");
  EXPECT_EQ(p.messages[0].locale, "pt-BR");
  EXPECT_EQ(p.messages[0].text, "{code} {order}");
  EXPECT_EQ(p.messages[0].subject, "{app}: {shop}");
  EXPECT_EQ(p.messages[0].html, "<p>{code}</p>\n");
  EXPECT_FALSE(p.messages[1].channel);
  EXPECT_EQ(p.messages[1].purpose, "");
  EXPECT_EQ(p.messages[1].locale, "de");
}

}  // namespace
}  // namespace otpd
