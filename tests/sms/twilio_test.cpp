#include "sms/twilio.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sms/codec_answers.hpp"

namespace otpd::sms {
namespace {

using otp::failure;
using test::answer;
using namespace std::chrono_literals;

const std::string hex32 = "0123456789abcdefABCDEF0123456789";

twilio_options plain() {
  twilio_options options;
  options.account_sid = "AC" + hex32;
  options.auth_token = "s3cret";
  options.from = "+15005550006";
  options.endpoint.url = "http://127.0.0.1:9";
  return options;
}

rendered_message plain_message() {
  rendered_message out;
  out.to = "+15551234567";
  out.text = "012345 is \"it\"\n@x.com #012345 é";
  out.code = "012345";
  return out;
}

// What construction says against `options`; empty if nothing.
std::string refusal(const twilio_options& options) {
  try {
    const twilio built{options};
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Twilio, EncodesAMessage) {
  auto options = plain();
  options.endpoint.timeout = 1234ms;
  options.endpoint.connect_timeout = 123ms;
  options.endpoint.max_connections = 5;
  const auto call = twilio{options}.encode(plain_message());
  EXPECT_EQ(call.method, net::method::post);
  EXPECT_EQ(call.url,
            *net::parse_url("http://127.0.0.1:9/2010-04-01/Accounts/AC" + hex32 + "/Messages.json"));
  EXPECT_EQ(call.fields,
            "User-Agent: otpd\r\nAccept: application/json\r\nContent-Type: "
            "application/x-www-form-urlencoded\r\nAuthorization: Basic "
            "QUMwMTIzNDU2Nzg5YWJjZGVmQUJDREVGMDEyMzQ1Njc4OTpzM2NyZXQ=\r\n");
  EXPECT_EQ(call.body,
            "To=%2B15551234567&From=%2B15005550006&"
            "Body=012345%20is%20%22it%22%0A%40x.com%20%23012345%20%C3%A9");
  EXPECT_EQ(call.timeout, 1234ms);
  EXPECT_EQ(call.connect_timeout, 123ms);
  EXPECT_EQ(call.max_connections, 5U);
}

TEST(Twilio, EncodesWhatTheRouteSays) {
  auto message = plain_message();
  message.text = "1";
  message.from = "Ex & Co";
  message.callback = "https://otp.example/hooks/tw?r=a_b-C";
  message.reference = "a_b-C";
  message.lifetime = 300s;
  EXPECT_EQ(twilio{plain()}.encode(message).body,
            "To=%2B15551234567&From=Ex%20%26%20Co&Body=1&"
            "StatusCallback=https%3A%2F%2Fotp.example%2Fhooks%2Ftw%3Fr%3Da_b-C&ValidityPeriod=300");
}

TEST(Twilio, EncodesAMessagingService) {
  auto options = plain();
  options.from.clear();
  options.messaging_service_sid = "MG" + hex32;
  auto message = plain_message();
  message.text = "1";
  EXPECT_EQ(twilio{options}.encode(message).body,
            "To=%2B15551234567&MessagingServiceSid=MG" + hex32 + "&Body=1");
  message.from = "+15005550006";
  EXPECT_EQ(twilio{options}.encode(message).body, "To=%2B15551234567&From=%2B15005550006&Body=1");
  const std::string other = "MG" + std::string(32, '0');
  message.from = other;
  EXPECT_EQ(twilio{plain()}.encode(message).body,
            "To=%2B15551234567&MessagingServiceSid=" + other + "&Body=1");
}

TEST(Twilio, AnApiKeyStandsForTheAccount) {
  auto options = plain();
  options.auth_token.clear();
  options.api_key_sid = "SK" + hex32;
  options.api_key_secret = "k3y";
  const auto call = twilio{options}.encode(plain_message());
  EXPECT_NE(call.fields.find("Authorization: Basic U0swMTIzNDU2Nzg5YWJjZGVmQUJDREVGMDEyMzQ1Njc4OTprM3k=\r\n"),
            std::string::npos)
      << call.fields;
  EXPECT_EQ(call.url.target, "/2010-04-01/Accounts/AC" + hex32 + "/Messages.json");
}

TEST(Twilio, TheValidityIsWithinTwiliosBounds) {
  const twilio codec{plain()};
  const std::pair<std::chrono::seconds, std::string> rows[] = {
      {0s, ""}, {1s, "1"}, {36000s, "36000"}, {36001s, "36000"}, {24h, "36000"}};
  for (const auto& [lifetime, expected] : rows) {
    auto message = plain_message();
    message.text = "1";
    message.lifetime = lifetime;
    EXPECT_EQ(codec.encode(message).body, "To=%2B15551234567&From=%2B15005550006&Body=1" +
                                              (expected.empty() ? "" : "&ValidityPeriod=" + expected));
  }
}

TEST(Twilio, ABaseMayHaveAPath) {
  auto options = plain();
  options.endpoint.url = "http://127.0.0.1:9/proxy/twilio/";
  EXPECT_EQ(twilio{options}.encode(plain_message()).url.target,
            "/proxy/twilio/2010-04-01/Accounts/AC" + hex32 + "/Messages.json");
}

TEST(Twilio, OnlyCreatedWithASidAndNoErrorIsSent) {
  const twilio codec{plain()};
  struct row {
    net::http_answer given;
    failure expected;
    const char* id;
  };
  const row rows[] = {
      {answer(201, R"({"sid":"SM1","status":"queued","error_code":null})"), failure::none, "SM1"},
      {answer(201, R"({"sid":"SM1"})"), failure::none, "SM1"},
      {answer(201, R"({"sid":")" + std::string(129, 'x') + "\"}"), failure::none, ""},
      {answer(201, R"({"sid":"","error_code":null})"), failure::unknown, ""},
      {answer(201, R"({"sid":null})"), failure::unknown, ""},
      {answer(201, R"({"sid":17})"), failure::unknown, ""},
      {answer(201, R"(["SM1"])"), failure::unknown, ""},
      {answer(201, R"({"sid":"SM1","error_code":30003})"), failure::bad_number, ""},
      {answer(201, R"({"sid":"SM1","error_code":"21610"})"), failure::bad_number, ""},
      {answer(201, R"({"sid":"SM1","error_code":99999})"), failure::rejected, ""},
      {answer(201, R"({"sid":"SM1","error_code":0})"), failure::rejected, ""},
      {answer(201, R"({"sid":"SM1","error_code":{}})"), failure::rejected, ""},
      {answer(200, R"({"sid":"SM1","error_code":null})"), failure::unknown, ""},
      {answer(202, R"({"sid":"SM1","error_code":null})"), failure::unknown, ""},
      {answer(204), failure::unknown, ""},
      {answer(302, R"({"sid":"SM1"})"), failure::misconfigured, ""},
      {answer(400, R"({"sid":"SM1"})"), failure::rejected, ""},
      {answer(500, R"({"sid":"SM1"})"), failure::unknown, ""},
  };
  for (const row& each : rows) {
    const verdict got = codec.decode(each.given);
    EXPECT_EQ(got.failure, each.expected) << each.given.status << each.given.body;
    EXPECT_EQ(got.message_id, each.id) << each.given.body;
  }
}

TEST(Twilio, EveryCodeHasItsClass) {
  const twilio codec{plain()};
  const std::pair<failure, std::vector<unsigned>> rows[] = {
      {failure::bad_number, {21211, 21214, 21217, 21610, 21612, 21614, 21635, 30003, 30004, 30005, 30006}},
      {failure::not_permitted, {21408}},
      {failure::misconfigured, {20003, 20005, 20403, 20404, 21212, 21601, 21603, 21606, 21607, 21608, 21609,
                                21659, 21660, 21661, 21701, 21703, 21704, 21705, 30002, 30032, 30034}},
      {failure::rate_limited, {14107, 20429, 21611, 30001, 30022, 30023}},
      {failure::rejected, {21602, 21604, 21605, 21617, 21619, 30007, 30008}},
      {failure::unavailable, {21730}},
  };
  for (const auto& [expected, codes] : rows) {
    for (const unsigned code : codes) {
      const std::string text = std::to_string(code);
      EXPECT_EQ(failure_of_twilio_code(code), expected) << code;
      EXPECT_EQ(codec.decode(answer(400, "{\"code\":" + text + ",\"message\":\"m\",\"status\":400}")).failure,
                expected)
          << code;
      EXPECT_EQ(codec.decode(answer(201, "{\"sid\":\"SM1\",\"error_code\":" + text + "}")).failure, expected)
          << code;
    }
  }
}

TEST(Twilio, TheStatusSpeaksWhereTheCodeDoesNot) {
  const twilio codec{plain()};
  struct row {
    net::http_answer given;
    failure expected;
  };
  const row rows[] = {
      {answer(400, R"({"code":1,"message":"m"})"), failure::rejected},
      {answer(400, R"({"code":-21211})"), failure::rejected},
      {answer(400, R"({"code":21211.5})"), failure::rejected},
      {answer(400, R"({"code":99999999999999999999})"), failure::rejected},
      {answer(401, R"({"code":20003,"status":401})"), failure::misconfigured},
      {answer(401), failure::misconfigured},
      {answer(402), failure::out_of_credit},
      {answer(404, "nothing here"), failure::rejected},
      {answer(429, R"({"code":20429,"status":429})"), failure::rate_limited},
      {answer(429, R"({"code":21211})"), failure::rate_limited},
      {answer(500, R"({"code":21211})"), failure::unknown},
      {answer(503, R"({"code":20503})"), failure::unknown},
      {answer(503, "", "Retry-After: 1\r\n"), failure::unavailable},
      {answer(504), failure::unknown},
  };
  for (const row& each : rows)
    EXPECT_EQ(codec.decode(each.given).failure, each.expected) << each.given.status << each.given.body;
}

TEST(Twilio, NothingStrangeIsSent) {
  const twilio codec{plain()};
  for (const std::string& body : test::strange_bodies()) {
    EXPECT_EQ(codec.decode(answer(201, body)).failure, failure::unknown) << body.substr(0, 40);
    EXPECT_EQ(codec.decode(answer(400, body)).failure, failure::rejected) << body.substr(0, 40);
  }
  test::expect_sturdy(codec, 201, R"({"sid":"SM1","status":"queued","error_code":null})");
}

TEST(Twilio, RefusesBadOptionsAndNamesThem) {
  struct row {
    const char* option;
    void (*spoil)(twilio_options&);
  };
  const row rows[] = {
      {"account_sid", [](auto& o) { o.account_sid.clear(); }},
      {"account_sid", [](auto& o) { o.account_sid[0] = 'S'; }},
      {"account_sid", [](auto& o) { o.account_sid[5] = 'g'; }},
      {"account_sid", [](auto& o) { o.account_sid += '0'; }},
      {"auth_token", [](auto& o) { o.auth_token.clear(); }},
      {"auth_token",
       [](auto& o) {
         o.api_key_sid = "SK" + hex32;
         o.api_key_secret = "x";
       }},
      {"api_key_sid",
       [](auto& o) {
         o.auth_token.clear();
         o.api_key_secret = "x";
       }},
      {"api_key_secret",
       [](auto& o) {
         o.auth_token.clear();
         o.api_key_sid = "SK" + hex32;
       }},
      {"from", [](auto& o) { o.from.clear(); }},
      {"from", [](auto& o) { o.messaging_service_sid = "MG" + hex32; }},
      {"messaging_service_sid",
       [](auto& o) {
         o.from.clear();
         o.messaging_service_sid = "AC" + hex32;
       }},
      {"url", [](auto& o) { o.endpoint.url = "https://api.twilio.com"; }},  // no trust given
      {"url", [](auto& o) { o.endpoint.url = "http://api.twilio.com"; }},
      {"url", [](auto& o) { o.endpoint.url = "http://127.0.0.1/?a=b"; }},
      {"url", [](auto& o) { o.endpoint.url = "api.twilio.com"; }},
  };
  EXPECT_EQ(refusal(plain()), "");
  for (const row& each : rows) {
    auto options = plain();
    each.spoil(options);
    EXPECT_EQ(refusal(options).substr(0, refusal(options).find(": ")), each.option);
    EXPECT_EQ(refusal(options).find("s3cret"), std::string::npos);
  }
  auto options = plain();
  options.endpoint.url = "http://api.twilio.com";
  options.endpoint.insecure = true;
  EXPECT_EQ(refusal(options), "");
}

}  // namespace
}  // namespace otpd::sms
