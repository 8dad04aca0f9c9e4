// What a configuration may not say of the providers that have a vendor's API, and of a gateway's auth.

#include <stdlib.h>

#include <tuple>

#include "config_refusals.hpp"

namespace otpd {
namespace {

const std::string sid = "00000000000000000000000000000000";

class ConfigProviders : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    ASSERT_EQ(::setenv("OTPD_TEST_PASSWORD", "s3cret", 1), 0);
    ASSERT_EQ(::setenv("OTPD_TEST_SIGNING", ("whsec_" + std::string(32, 'A')).c_str(), 1), 0);
  }
};

const std::string secret = "{env = 'OTPD_TEST_PASSWORD'}\n";
// Providers that lack nothing but `lines`, which begin at line 3.
std::string twilio(const std::string& lines) {
  return "[providers.t]\ntype = 'twilio'\n" + lines;
}
std::string mshastra(const std::string& lines) {
  return "[providers.m]\ntype = 'mshastra'\n" + lines;
}
std::string vonage(const std::string& lines) {
  return "[providers.v]\ntype = 'vonage'\n" + lines;
}
std::string gateway(const std::string& auth) {
  return "[providers.g]\ntype = 'http'\nurl = 'https://x.example/{to}/{code}'\n[providers.g.auth]\n" + auth;
}

const std::string account = "account_sid = 'AC" + sid + "'\n";
const std::string token = "auth_token = " + secret;
const std::string number = "from = '+15005550006'\n";

TEST_F(ConfigProviders, AreRead) {
  const auto c = parse_config(
      twilio(account + token + number + "timeout = '2s'\n") +
          mshastra("user = 'u'\npassword = " + secret + "sender = 'Example'\nmax_connections = 3\n") +
          vonage("api_key = 'k'\napi_secret = " + secret +
                 "from = 'Example'\nurl = 'http://127.0.0.1:9/base'\n") +
          gateway("user = 'u'\npassword = " + secret + "key_name = 'X-Key'\nkey = " + secret +
                  "key_in = 'cookie'\nsigning_secrets = [{env = 'OTPD_TEST_SIGNING'}]\n") +
          "[delivery]\nsms = 'v'\nemail = ''\n",
      "t");
  ASSERT_EQ(c.providers.size(), 6U);
  EXPECT_TRUE(c.warnings.empty());
  const auto& [g, m, t, v, console, null] = std::tie(c.providers[0], c.providers[1], c.providers[2],
                                                     c.providers[3], c.providers[4], c.providers[5]);
  EXPECT_EQ(g.http.auth.password, "s3cret");
  EXPECT_EQ(g.http.auth.key_in, sms::key_place::cookie);
  EXPECT_EQ(g.http.auth.signing_secrets.size(), 1U);
  EXPECT_EQ(m.type, provider_type::mshastra);
  EXPECT_EQ(m.mshastra.password, "s3cret");
  EXPECT_EQ(m.mshastra.endpoint.max_connections, 3U);
  EXPECT_EQ(t.type, provider_type::twilio);
  EXPECT_EQ(t.twilio.auth_token, "s3cret");
  EXPECT_EQ(t.twilio.endpoint.timeout, std::chrono::seconds{2});
  EXPECT_EQ(t.twilio.endpoint.url, "https://api.twilio.com");
  EXPECT_EQ(v.type, provider_type::vonage);
  EXPECT_EQ(v.vonage.from, "Example");
  EXPECT_EQ(v.vonage.endpoint.url, "http://127.0.0.1:9/base");
  EXPECT_EQ(console.type, provider_type::console);
  EXPECT_EQ(null.type, provider_type::null);
}

TEST_F(ConfigProviders, SecretsDoNotStandInTheFile) {
  const std::string message = ": must not stand in the file; use {file = \"path\"} or {env = \"NAME\"}";
  expect_refusals({
      {twilio("auth_token = 's3cret'"), "t:3: providers.t.auth_token" + message},
      {twilio("api_key_secret = 's3cret'"), "t:3: providers.t.api_key_secret" + message},
      {mshastra("password = 's3cret'"), "t:3: providers.m.password" + message},
      {vonage("api_secret = 's3cret'"), "t:3: providers.v.api_secret" + message},
      {gateway("password = 's3cret'"), "t:5: providers.g.auth.password" + message},
      {gateway("token = 's3cret'"), "t:5: providers.g.auth.token" + message},
      {gateway("key = 's3cret'"), "t:5: providers.g.auth.key" + message},
      {gateway("signing_secrets = ['s3cret']"), "t:5: providers.g.auth.signing_secrets[0]" + message},
  });
}

TEST_F(ConfigProviders, NoRefusalTellsASecret) {
  for (const auto& toml :
       {twilio("account_sid = " + secret), twilio(account + token + "api_key_sid = " + secret),
        twilio(account + "api_key_secret = " + secret + "api_key_sid = " + secret),
        twilio(account + token + "messaging_service_sid = 's3cret'"),
        vonage("api_key = " + secret + "url = " + secret),
        gateway("user = 'u'\npassword = " + secret + "token = " + secret),
        gateway("signing_secrets = [{env = 'OTPD_TEST_PASSWORD'}]"), vonage("api_secret = 's3cret'")}) {
    try {
      static_cast<void>(parse_config(toml, "t"));
      ADD_FAILURE() << "accepted: " << toml;
    } catch (const config_error& error) {
      EXPECT_EQ(std::string{error.what()}.find("s3cret"), std::string::npos) << error.what();
    }
  }
}

TEST_F(ConfigProviders, TwilioRefusals) {
  expect_refusals({
      {twilio(""), "t:1: providers.t.account_sid: must be AC and 32 hex digits"},
      {twilio("account_sid = 'SK" + sid + "'"), "t:3: providers.t.account_sid: must be AC"},
      {twilio(account + number),
       "t:1: providers.t.auth_token: or api_key_sid with api_key_secret: exactly one of"},
      {twilio(account + number + token + "api_key_sid = 'SK" + sid + "'\napi_key_secret = " + secret),
       "t:5: providers.t.auth_token: or api_key_sid"},
      {twilio(account + number + "api_key_secret = " + secret), "t:1: providers.t.api_key_sid: must be SK"},
      {twilio(account + number + "api_key_sid = 'SK" + sid + "'"),
       "t:1: providers.t.api_key_secret: is missing"},
      {twilio(account + token),
       "t:1: providers.t.from: or messaging_service_sid: exactly one of them is needed"},
      {twilio(account + token + number + "messaging_service_sid = 'MG" + sid + "'"),
       "t:5: providers.t.from: or messaging_service_sid"},
      {twilio(account + token + "messaging_service_sid = 'AC" + sid + "'"),
       "t:5: providers.t.messaging_service_sid: must be MG"},
      {twilio(account + token + number + "url = 'http://api.twilio.com'"),
       "t:6: providers.t.url: is http:// to another machine; use https://"},
      {twilio(account + token + number + "url = 'https://api.twilio.com/?a=b'"),
       "t:6: providers.t.url: is not the base URL"},
      {twilio("timeout = '1ms'"), "t:3: providers.t.timeout: \"1ms\" must be between 100ms and 2m"},
      {twilio("acount_sid = 'x'"), "t:3: providers.t.acount_sid: unknown key; did you mean \"account_sid\"?"},
      {twilio("body = 'x'"), "t:3: providers.t.body: is for type = \"http\" only"},
      {twilio("api_key = 'x'"), "t:3: providers.t.api_key: is for type = \"vonage\" only"},
      {twilio("allow_remote_console = true"),
       "t:3: providers.t.allow_remote_console: is for type = \"console\" only"},
  });
}

TEST_F(ConfigProviders, OtherVendorsRefusals) {
  const std::string account_of_m = "user = 'u'\npassword = " + secret + "sender = 'S'\n";
  const std::string account_of_v = "api_key = 'k'\napi_secret = " + secret + "from = 'S'\n";
  expect_refusals({
      {mshastra(""), "t:1: providers.m.user: is missing"},
      {mshastra("user = 'u'"), "t:1: providers.m.password: is missing"},
      {mshastra("user = 'u'\npassword = " + secret), "t:1: providers.m.sender: is missing"},
      {mshastra("from = 'S'"),
       "t:3: providers.m.from: is for type = \"http\", \"twilio\", \"vonage\", \"smtp\" only"},
      {mshastra(account_of_m + "url = 'ftp://x'"), "t:6: providers.m.url: is not the base URL"},
      {vonage(""), "t:1: providers.v.api_key: is missing"},
      {vonage("api_key = 'k'"), "t:1: providers.v.api_secret: is missing"},
      {vonage("api_key = 'k'\napi_secret = " + secret), "t:1: providers.v.from: is missing"},
      {vonage("user = 'S'"), "t:3: providers.v.user: is for type = \"mshastra\", \"smtp\" only"},
      {vonage(account_of_v + "url = 'http://x'"), "t:6: providers.v.url: is http:// to another machine"},
      {vonage(account_of_v + "[delivery]\nsms = 'v'\nemail = 'v'"),
       "t:8: delivery.email: \"v\" carries no e-mail"},
  });
}

TEST_F(ConfigProviders, PlainHttpWarns) {
  const auto c = parse_config(vonage("api_key = 'k'\napi_secret = " + secret +
                                     "from = 'S'\nurl = 'http://x.example'\ninsecure = true\n") +
                                  "[delivery]\nsms = 'v'\nemail = ''\n",
                              "t");
  ASSERT_EQ(c.warnings.size(), 1U);
  EXPECT_EQ(c.warnings[0], "t:6: providers.v.url: insecure: codes and credentials travel unencrypted");
}

TEST_F(ConfigProviders, AuthRefusals) {
  const std::string password = "password = " + secret;
  const std::string bearer = "token = " + secret;
  const std::string key = "key_name = 'X-Key'\nkey = " + secret;
  expect_refusals({
      {gateway(password), "t:4: providers.g.auth.user: is missing; password needs it"},
      {gateway("user = 'u'"), "t:4: providers.g.auth.password: is missing; user needs it"},
      {gateway("user = 'u:v'\n" + password), "t:5: providers.g.auth.user: must not have a colon"},
      {gateway("user = 'u'\n" + password + bearer),
       "t:7: providers.g.auth.token: and user exclude each other"},
      {gateway("key_name = 'X-Key'"), "t:4: providers.g.auth.key: is missing"},
      {gateway("key = " + secret), "t:4: providers.g.auth.key_name: is missing"},
      {gateway("key_name = 'a b'\nkey = " + secret), "t:5: providers.g.auth.key_name: must be a token"},
      {gateway("key_name = 'Host'\nkey = " + secret),
       "t:5: providers.g.auth.key_name: is set by otpd itself"},
      {gateway(key + "key_in = 'query'"),
       "t:7: providers.g.auth.key_in: \"query\" is none of header, cookie"},
      {gateway("signing_secrets = []"), "t:5: providers.g.auth.signing_secrets: must have at least one"},
      {gateway("signing_secrets = [{env = 'OTPD_TEST_PASSWORD'}]"),
       "t:5: providers.g.auth.signing_secrets: must be whsec_ and the base64 of 24 to 64 bytes"},
      {gateway("tokn = 'x'"), "t:5: providers.g.auth.tokn: unknown key; did you mean \"token\"?"},
      {gateway("user = 'u'\n" + password + "[providers.g.headers]\nauthorization = " + secret),
       "t:8: providers.g.headers.authorization: is set by auth"},
      {gateway(key + "[providers.g.headers]\nx-key = " + secret),
       "t:8: providers.g.headers.x-key: is set by auth"},
      {gateway("signing_secrets = [{env = 'OTPD_TEST_SIGNING'}]\n[providers.g.headers]\nWebhook-ID = 'x'"),
       "t:7: providers.g.headers.Webhook-ID: is set by auth"},
  });
}

}  // namespace
}  // namespace otpd
