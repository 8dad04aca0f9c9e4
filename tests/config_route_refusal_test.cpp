// What a configuration may not say of who delivers: [delivery], its routes, receipts, test recipients.

#include <stdlib.h>

#include "config_refusals.hpp"

namespace otpd {
namespace {

// Three providers; what a test adds begins at line 8.
const std::string providers =
    "[providers.a]\ntype = 'inbox'\n[providers.b]\ntype = 'inbox'\n[providers.m]\ntype = 'smtp'\n"
    "host = 'smtp.example'\nfrom = 'otp@example.com'\n";

std::string in_delivery(const std::string& lines) {
  return providers + "[delivery]\n" + lines;
}
// Lines of a route begin at 10.
std::string in_route(const std::string& lines) {
  return providers + "[[delivery.routes]]\n" + lines;
}
std::string test_recipient(const std::string& lines) {
  return "[[test_recipients]]\n" + lines;
}

TEST(ConfigRouteRefusal, Providers) {
  expect_refusals({
      {in_delivery("sms = ['a', 'c']"), "t:10: delivery.sms: unknown provider \"c\"; did you mean "},
      {in_delivery("sms = ['a', 'b', 'a']"), "t:10: delivery.sms[2]: \"a\" is there twice"},
      {in_delivery("sms = ['a', 'null']"),
       "t:10: delivery.sms: \"null\" sends nothing, so no other provider can stand beside it"},
      {in_delivery("sms = ['null', 'a']"), "t:10: delivery.sms: \"null\" sends nothing"},
      {in_delivery("sms = ['a', '']"), "t:10: delivery.sms[1]: must not be empty"},
      {in_delivery("sms = ['1', '2', '3', '4', '5', '6', '7', '8', '9']"),
       "t:10: delivery.sms: has more than 8 providers"},
      {in_delivery("sms = 1"), "t:10: delivery.sms: must be a string, not an integer"},
      {in_delivery("sms = ['m', 'a']"), "t:10: delivery.sms: \"m\" carries no text messages"},
      {in_delivery("email = ['console', 'c']"), "t:10: delivery.email: unknown provider \"c\""},
  });
}

TEST(ConfigRouteRefusal, Behaviour) {
  expect_refusals({
      {in_delivery("mode = 'later'"), "t:10: delivery.mode: \"later\" is none of wait, queue"},
      {in_delivery("on_ambiguous = 'retry'"),
       "t:10: delivery.on_ambiguous: \"retry\" is none of stop, failover"},
      {in_delivery("sms_deadline = '999ms'"),
       "t:10: delivery.sms_deadline: \"999ms\" must be between 1s and 2m"},
      {in_delivery("sms_deadline = '121s'"),
       "t:10: delivery.sms_deadline: \"121s\" must be between 1s and 2m"},
      {in_delivery("email_deadline = '301s'"),
       "t:10: delivery.email_deadline: \"301s\" must be between 1s and 5m"},
      {in_delivery("email_deadline = 30"), "t:10: delivery.email_deadline: must be a string"},
      {in_delivery("public_url = 'otp.example.com'"), "t:10: delivery.public_url: is not an URL such as"},
      {in_delivery("public_url = 'https://otp.example.com/?a=b'"),
       "t:10: delivery.public_url: is not an URL"},
      {in_delivery("public_url = 'https://otp.example.com/#a'"), "t:10: delivery.public_url: is not an URL"},
      {in_delivery("public_url = 'http://otp.example.com'"),
       "t:10: delivery.public_url: is http:// to another machine; use https://"},
      {in_delivery("moed = 'wait'"), "t:10: delivery.moed: unknown key; did you mean \"mode\"?"},
  });
}

TEST(ConfigRouteRefusal, Routes) {
  const std::string by_a = "providers = 'a'\n";
  expect_refusals({
      {in_route("prefix = '+49'"), "t:9: delivery.routes[0].providers: is missing"},
      {in_route("providers = []"), "t:10: delivery.routes[0].providers: must name a provider"},
      {in_route("providers = ''"), "t:10: delivery.routes[0].providers: must name a provider"},
      {in_route("providers = 'c'"), "t:10: delivery.routes[0].providers: unknown provider \"c\""},
      {in_route("providers = ['a', 'b', 'b']"),
       "t:10: delivery.routes[0].providers[2]: \"b\" is there twice"},
      {in_route("providers = ['b', 'null']"), "t:10: delivery.routes[0].providers: \"null\" sends nothing"},
      {in_route("providers = 'm'"), "t:10: delivery.routes[0].providers: \"m\" carries no text messages"},
      {in_route("channel = 'fax'"), "t:10: delivery.routes[0].channel: \"fax\" is none of sms, email"},
      {in_route(by_a + "from = ''"), "t:11: delivery.routes[0].from: must not be empty"},
      {in_route(by_a + "form = 'x'"), "t:11: delivery.routes[0].form: unknown key; did you mean \"from\"?"},
      {in_route(by_a + "channel = 'email'\nprefix = '+49'"),
       "t:12: delivery.routes[0].prefix: is of phone numbers; an e-mail route has none"},
      {in_route(by_a + "prefix = '+49'\n[[delivery.routes]]\nprefix = '+49'\nproviders = 'b'"),
       "t:12: delivery.routes[1]: is for the same recipients as one before it"},
      {in_route(by_a + "[[delivery.routes]]\n" + by_a),
       "t:11: delivery.routes[1]: is for the same recipients as one before it"},
      {in_route("channel = 'email'\nproviders = ['a', 'm']\nfrom = 'Example'"),
       "t:12: delivery.routes[0].from: \"Example\" is not an e-mail address, as \"m\" needs it"},
  });
  for (const char* prefix : {"", "+", "49", "+0", "+049", "+4a", "+49 ", "++49", "+1234567890123456"}) {
    const std::string text = "\"" + std::string{prefix} + "\"";
    expect_refusals({{in_route("prefix = '" + std::string{prefix} + "'"),
                      "t:10: delivery.routes[0].prefix: " + text + " is not the beginning of a number"}});
  }
}

TEST(ConfigRouteRefusal, ARouteIsRead) {
  const auto c =
      parse_config(in_route("prefix = '+123456789012345'\nproviders = ['b', 'a']\nfrom = 'Example'\n"
                            "[[delivery.routes]]\nchannel = 'email'\nproviders = ['m', 'a']\n"
                            "from = 'otp@example.org'\n"),
                   "t");
  ASSERT_EQ(c.delivery.routes.size(), 2U);
  const route_config& sms = c.delivery.routes[0];
  EXPECT_EQ(sms.channel, otp::channel::sms);
  EXPECT_EQ(sms.prefix, "+123456789012345");
  EXPECT_EQ(sms.providers, (std::vector<std::string>{"b", "a"}));
  EXPECT_EQ(sms.from, "Example");
  EXPECT_EQ(c.delivery.routes[1].channel, otp::channel::email);
  EXPECT_EQ(c.delivery.routes[1].prefix, "");
}

TEST(ConfigRouteRefusal, APublicUrlLosesItsLastSlash) {
  EXPECT_EQ(
      parse_config(in_delivery("public_url = 'https://otp.example.com/base/'"), "t").delivery.public_url,
      "https://otp.example.com/base");
  EXPECT_EQ(parse_config(in_delivery("public_url = 'http://127.0.0.1:8080'"), "t").delivery.public_url,
            "http://127.0.0.1:8080");
}

TEST(ConfigRouteRefusal, TestRecipients) {
  const std::string to = "to = '+12125550199'\n";
  const std::string code = "code = '482913'\n";
  const std::string expires = "expires = '2027-06-30'\n";
  expect_refusals({
      {test_recipient(to + code), "t:1: test_recipients[0].expires: is missing"},
      {test_recipient(to + expires), "t:1: test_recipients[0].code: is missing"},
      {test_recipient(code + expires), "t:1: test_recipients[0].to: is missing"},
      {test_recipient("to = '2125550199'"),
       "t:2: test_recipients[0].to: \"2125550199\" is neither a phone number such as"},
      {test_recipient("to = '+1212'"), "t:2: test_recipients[0].to: \"+1212\" is neither a phone number"},
      {test_recipient("to = 'jane@localhost'"), "t:2: test_recipients[0].to: \"jane@localhost\" is neither"},
      {test_recipient("code = '123'"), "t:2: test_recipients[0].code: must be 4 to 10 letters or digits"},
      {test_recipient("code = '12345678901'"), "t:2: test_recipients[0].code: must have at most 10 bytes"},
      {test_recipient("code = '12 345'"), "t:2: test_recipients[0].code: must be 4 to 10 letters or digits"},
      {test_recipient("code = 482913"), "t:2: test_recipients[0].code: must be a string, not an integer"},
      {test_recipient(to + code + expires + test_recipient("to = '+1 212 555 0199'\n" + code + expires)),
       "t:6: test_recipients[1].to: is there twice"},
  });
  for (const char* day : {"", "2027-6-30", "2027-02-29", "2027-13-01", "2027-00-10", "30-06-2027",
                          "2027-06-30T00:00:00Z", "tomorrow", "2027-06-31", "+027-06-30"}) {
    expect_refusals(
        {{test_recipient("expires = '" + std::string{day} + "'"), "t:2: test_recipients[0].expires: "}});
  }
  std::string many;
  for (int i = 0; i < 101; ++i)
    many += test_recipient("to = 'a" + std::to_string(i) + "@example.com'\n" + code + expires);
  expect_refusals({{many, "t:401: test_recipients[100]: is one of more than 100"}});
}

TEST(ConfigRouteRefusal, ATestRecipientIsReadAndWarns) {
  const auto c = parse_config(
      test_recipient("to = '+1 (212) 555-0199'\ncode = '482913'\nexpires = '1970-01-02'\n"), "t");
  ASSERT_EQ(c.test_recipients.size(), 1U);
  EXPECT_EQ(c.test_recipients[0].address, "+12125550199");
  EXPECT_EQ(c.test_recipients[0].code, "482913");
  EXPECT_EQ(c.test_recipients[0].expires, otp::instant{std::chrono::hours{24}});
  EXPECT_EQ(c.warnings.front(), "t:2: test_recipients[0].to: is a test recipient: its code is in this file");
}

// ---- receipts
// ----------------------------------------------------------------------------------------------------------

class ConfigReceipts : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(::setenv("OTPD_TEST_RECEIPT", "s3cret-and-long-enough", 1), 0);
    ASSERT_EQ(::setenv("OTPD_TEST_SHORT", "s3cret", 1), 0);
    ASSERT_EQ(::setenv("OTPD_TEST_WEBHOOK", ("whsec_" + std::string(32, 'A')).c_str(), 1), 0);
  }
};

// A gateway whose receipts' lines begin at 5.
std::string gateway(const std::string& lines) {
  return "[providers.g]\ntype = 'http'\nurl = 'https://x.example/{to}/{code}'\n[providers.g.receipts]\n" +
         lines;
}
const std::string places = "reference = '/id'\nstatus = '/state'\n";
const std::string statuses = "delivered = ['ok']\n";
const std::string by_header = "secret_header = 'X-Secret'\nsecret = {env = 'OTPD_TEST_RECEIPT'}\n";
const std::string by_webhook = "webhook_secret = {env = 'OTPD_TEST_WEBHOOK'}\n";

TEST_F(ConfigReceipts, AreRead) {
  const auto p =
      parse_config(gateway(places + statuses + by_header + "failed = ['no', 'never']\n"), "t").providers[0];
  EXPECT_EQ(p.http_receipts.reference, "/id");
  EXPECT_EQ(p.http_receipts.failed.size(), 2U);
  EXPECT_EQ(p.http_receipts.secret, "s3cret-and-long-enough");
  EXPECT_NO_THROW(static_cast<void>(
      parse_config(gateway("reference = 'id'\nstatus = 'state'\n" + statuses + by_webhook), "t")));
}

TEST_F(ConfigReceipts, Refusals) {
  const std::string at = "t:4: providers.g.receipts: ";
  expect_refusals({
      {gateway(places + statuses), at + "needs webhook_secret, or secret with secret_header"},
      {gateway(""), at + "needs webhook_secret"},
      {gateway(places + statuses + by_header + by_webhook), at + "secret: stands beside webhook_secret"},
      {gateway(places + statuses + "secret = {env = 'OTPD_TEST_RECEIPT'}"),
       at + "secret_header: is not a header name"},
      {gateway(places + statuses + "secret_header = 'X-Secret'\nsecret = {env = 'OTPD_TEST_SHORT'}"),
       at + "secret: is shorter than 16 characters"},
      {gateway(places + statuses + "webhook_secret = {env = 'OTPD_TEST_RECEIPT'}"),
       at + "webhook_secret: does not begin with whsec_"},
      {gateway("status = '/state'\n" + statuses + by_header),
       at + "reference: is neither a JSON pointer nor"},
      {gateway("reference = '/id'\n" + statuses + by_header), at + "status: is neither a JSON pointer nor"},
      {gateway("reference = '/id'\nstatus = 'state'\n" + statuses + by_header),
       at + "status: stands in JSON and the reference in a form"},
      {gateway("reference = '/a~2'\nstatus = '/state'\n" + statuses + by_header),
       at + "reference: is neither"},
      {gateway(places + by_header), at + "delivered: and failed name no status"},
      {gateway(places + statuses + by_header + "failed = ['OK']"),
       at + "delivered: has a status that failed has, too"},
      {gateway("secret = 's3cret'"), "t:5: providers.g.receipts.secret: must not stand in the file"},
      {gateway("webhook_secret = 's3cret'"),
       "t:5: providers.g.receipts.webhook_secret: must not stand in the file"},
      {gateway("secrt = 1"), "t:5: providers.g.receipts.secrt: unknown key; did you mean \"secret\"?"},
      {"[providers.i]\ntype = 'inbox'\n[providers.i.receipts]\n",
       "t:3: providers.i.receipts: is for type = \"http\" only"},
  });
}

TEST_F(ConfigReceipts, VonageRefusals) {
  const std::string vonage = "[providers.v]\ntype = 'vonage'\n";
  expect_refusals({
      {vonage + "signature_secret = 's3cret'",
       "t:3: providers.v.signature_secret: must not stand in the file"},
      {vonage + "signature_method = 'sha3'",
       "t:3: providers.v.signature_method: \"sha3\" is none of md5hash, md5, sha1, sha256, sha512"},
      {"[providers.t]\ntype = 'twilio'\nsignature_method = 'sha1'",
       "t:3: providers.t.signature_method: is for type = \"vonage\" only"},
  });
}

TEST_F(ConfigReceipts, ABreakerPerCountryIsForEachWhoSends) {
  for (const auto& [type, lines] : std::initializer_list<std::pair<std::string, std::string>>{
           {"inbox", ""},
           {"http", "url = 'https://x.example/{to}/{code}'\n"},
           {"mshastra", "user = 'u'\npassword = {env = 'OTPD_TEST_SHORT'}\nsender = 's'\n"},
           {"vonage", "api_key = 'k'\napi_secret = {env = 'OTPD_TEST_SHORT'}\nfrom = 's'\n"}}) {
    const auto c =
        parse_config("[providers.p]\ntype = '" + type + "'\nbreaker_per_country = true\n" + lines, "t");
    EXPECT_TRUE(c.providers[0].breaker_per_country) << type;
  }
  expect_refusals({{"[providers.null]\nbreaker_per_country = true",
                    "t:2: providers.null.breaker_per_country: is for type = \"inbox\", \"http\", "}});
}

}  // namespace
}  // namespace otpd
