// How the http provider shows who it is, and the names of its templates that came with it.

#include "sms/http_auth.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sms/http_gateway.hpp"

namespace otpd::sms {
namespace {

using namespace std::chrono_literals;

const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const std::string other_secret =
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";

http_gateway_options plain() {
  http_gateway_options options;
  options.url = "http://127.0.0.1:9/send";
  options.body = R"({"test": 2432232314})";
  return options;
}

rendered_message plain_message() {
  rendered_message out;
  out.to = "+15551234567";
  out.text = "012345 is it";
  out.code = "012345";
  out.locale = "pt-BR";
  out.reference = "msg_p5jXN8AQM9LWM0D4loKWxJek";
  out.at = std::chrono::sys_seconds{1614265330s};
  return out;
}

std::string fields_of(const http_gateway_options& options) {
  return http_gateway{options}.encode(plain_message()).fields;
}

// What construction says against `options`; empty if nothing.
std::string refusal(const http_gateway_options& options) {
  try {
    const http_gateway built{options};
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(HttpAuth, Basic) {
  // RFC 7617, section 2.
  EXPECT_EQ(basic_credentials("Aladdin", "open sesame"), "Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==");
  auto options = plain();
  options.auth.user = "test";
  options.auth.password = "123\xC2\xA3";
  EXPECT_EQ(
      fields_of(options),
      "Authorization: Basic dGVzdDoxMjPCow==\r\nUser-Agent: otpd\r\nContent-Type: application/json\r\n");
}

TEST(HttpAuth, Bearer) {
  auto options = plain();
  options.auth.token = "mF_9.B5f-4.1JqM";
  EXPECT_EQ(
      fields_of(options),
      "Authorization: Bearer mF_9.B5f-4.1JqM\r\nUser-Agent: otpd\r\nContent-Type: application/json\r\n");
}

TEST(HttpAuth, ApiKeys) {
  auto options = plain();
  options.auth.key_name = "X-Api-Key";
  options.auth.key = "{to} k3y";  // no template
  EXPECT_EQ(fields_of(options),
            "X-Api-Key: {to} k3y\r\nUser-Agent: otpd\r\nContent-Type: application/json\r\n");
  options.auth.key_in = key_place::cookie;
  options.auth.key = "k3y=";
  EXPECT_EQ(fields_of(options),
            "Cookie: X-Api-Key=k3y=\r\nUser-Agent: otpd\r\nContent-Type: application/json\r\n");
}

TEST(HttpAuth, AnApiKeyAndATokenGoTogether) {
  auto options = plain();
  options.auth.token = "t";
  options.auth.key_name = "X-Key";
  options.auth.key = "k";
  options.headers = {{"X-Other", "{to}"}};
  EXPECT_EQ(fields_of(options),
            "Authorization: Bearer t\r\nX-Key: k\r\nUser-Agent: otpd\r\nContent-Type: application/json\r\n"
            "X-Other: +15551234567\r\n");
}

TEST(HttpAuth, SignsWhatItSends) {
  auto options = plain();
  options.auth.signing_secrets = {other_secret, secret};
  EXPECT_EQ(fields_of(options),
            "User-Agent: otpd\r\nContent-Type: application/json\r\n"
            "webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek\r\nwebhook-timestamp: 1614265330\r\n"
            "webhook-signature: v1,LZ5zuwHTqQH3VM8ERUusjzVQq1FXzemvpR8Mk7Ivp5c= "
            "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n");
}

TEST(HttpAuth, ASignatureCoversTheRenderedBody) {
  auto options = plain();
  options.body = R"({"test": {lifetime}})";
  options.auth.signing_secrets = {secret};
  const http_gateway gateway{options};
  auto message = plain_message();
  message.lifetime = std::chrono::seconds{2432232314};
  const auto good = gateway.encode(message);
  EXPECT_EQ(good.body, R"({"test": 2432232314})");
  EXPECT_NE(good.fields.find("v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=\r\n"), std::string::npos);
  message.lifetime += 1s;
  EXPECT_EQ(gateway.encode(message).fields.find("v1,g0hM9SsE"), std::string::npos);
}

TEST(HttpAuth, ARetryKeepsItsIdAndAMessageWithoutReferenceHasItsOwn) {
  auto options = plain();
  options.body = R"({"text": "{text}"})";
  options.auth.signing_secrets = {secret};
  const http_gateway gateway{options};
  const auto id_of_call = [&](const rendered_message& message) {
    const std::string fields = gateway.encode(message).fields;
    const auto from = fields.find("webhook-id: ") + 12;
    return fields.substr(from, fields.find("\r\n", from) - from);
  };
  auto message = plain_message();
  EXPECT_EQ(id_of_call(message), message.reference);
  message.at += 5s;
  EXPECT_EQ(id_of_call(message), message.reference);
  message.reference = {};
  const auto first = id_of_call(message);
  EXPECT_EQ(first.size(), 32U);
  EXPECT_EQ(id_of_call(message), first);
  message.text = "other";
  EXPECT_NE(id_of_call(message), first);
}

TEST(HttpAuth, RefusesBadOptionsAndNamesThem) {
  struct row {
    const char* option;
    void (*spoil)(http_gateway_options&);
  };
  const row rows[] = {
      {"auth.user", [](auto& o) { o.auth.password = "s3cret"; }},
      {"auth.password", [](auto& o) { o.auth.user = "u"; }},
      {"auth.user",
       [](auto& o) {
         o.auth.user = "u:v";
         o.auth.password = "s3cret";
       }},
      {"auth.token",
       [](auto& o) {
         o.auth.user = "u";
         o.auth.password = "s3cret";
         o.auth.token = "s3cret";
       }},
      {"auth.token", [](auto& o) { o.auth.token = "s3cret\r\nX: y"; }},
      {"auth.token", [](auto& o) { o.auth.token = "s3cret two"; }},
      {"auth.key", [](auto& o) { o.auth.key_name = "X-Key"; }},
      {"auth.key_name", [](auto& o) { o.auth.key = "s3cret"; }},
      {"auth.key_name",
       [](auto& o) {
         o.auth.key_name = "X Key";
         o.auth.key = "s3cret";
       }},
      {"auth.key_name",
       [](auto& o) {
         o.auth.key_name = "content-LENGTH";
         o.auth.key = "s3cret";
       }},
      {"auth.key_name",
       [](auto& o) {
         o.auth.key_name = "authorization";
         o.auth.key = "s3cret";
         o.auth.token = "s3cret";
       }},
      {"auth.key",
       [](auto& o) {
         o.auth.key_name = "X-Key";
         o.auth.key = "s3cret\n";
       }},
      {"auth.key",
       [](auto& o) {
         o.auth.key_name = "k";
         o.auth.key = "s3cret; a=b";
         o.auth.key_in = key_place::cookie;
       }},
      {"auth.signing_secrets",
       [](auto& o) {
         o.auth.signing_secrets = {secret, "s3cret"};
       }},
      {"headers.authorization",
       [](auto& o) {
         o.auth.token = "s3cret";
         o.headers["authorization"] = "x";
       }},
      {"headers.Webhook-Id",
       [](auto& o) {
         o.auth.signing_secrets = {secret};
         o.headers["Webhook-Id"] = "{to}";
       }},
  };
  EXPECT_EQ(refusal(plain()), "");
  for (const row& each : rows) {
    auto options = plain();
    each.spoil(options);
    EXPECT_EQ(refusal(options).substr(0, refusal(options).find(": ")), each.option);
    EXPECT_EQ(refusal(options).find("s3cret"), std::string::npos);
  }
}

TEST(HttpGatewayNames, AllOfThemAreFilledIn) {
  auto options = plain();
  options.from = "Own";
  options.content_type = "text/plain";
  options.body = "{to} {to_digits} {text} {from} {code} {reference} {callback} {locale} {subject} {lifetime}";
  auto message = plain_message();
  message.reference = "r";
  message.callback = "https://c";
  message.subject = "s";
  message.lifetime = 299s;
  EXPECT_EQ(http_gateway{options}.encode(message).body,
            "+15551234567 15551234567 012345 is it Own 012345 r https://c pt-BR s 299");
  message.from = "Route";
  options.body = "{from}";
  EXPECT_EQ(http_gateway{options}.encode(message).body, "Route");
}

TEST(HttpGatewayNames, ALifetimeMayBeANumberInJson) {
  auto options = plain();
  options.body = R"({"ttl": {lifetime}})";
  EXPECT_EQ(refusal(options), "");
  for (const char* body : {R"({"a": {reference}})", R"({"a": {callback}})", R"({"a": {locale}})",
                           R"({"a": {subject}})", R"({"a": {from}})"}) {
    options.body = body;
    EXPECT_EQ(refusal(options).substr(0, 6), "body: ") << body;
  }
}

}  // namespace
}  // namespace otpd::sms
