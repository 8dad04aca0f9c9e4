#include "sms/vonage.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "sms/codec_answers.hpp"

namespace otpd::sms {
namespace {

using otp::failure;
using test::answer;
using namespace std::chrono_literals;

vonage_options plain() {
  vonage_options options;
  options.api_key = "abcd1234";
  options.api_secret = "s3&cret";
  options.from = "Ex Co";
  options.endpoint.url = "http://127.0.0.1:9";
  return options;
}

rendered_message plain_message() {
  rendered_message out;
  out.to = "+447700900000";
  out.text = "012345 is it";
  out.code = "012345";
  return out;
}

std::string refusal(const vonage_options& options) {
  try {
    const vonage built{options};
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Vonage, EncodesAMessage) {
  auto options = plain();
  options.endpoint.timeout = 1234ms;
  const auto call = vonage{options}.encode(plain_message());
  EXPECT_EQ(call.method, net::method::post);
  EXPECT_EQ(call.url, *net::parse_url("http://127.0.0.1:9/sms/json"));
  EXPECT_EQ(call.fields,
            "User-Agent: otpd\r\nAccept: application/json\r\nContent-Type: "
            "application/x-www-form-urlencoded\r\n");
  EXPECT_EQ(call.body,
            "api_key=abcd1234&api_secret=s3%26cret&from=Ex%20Co&to=447700900000&text=012345%20is%20it");
  EXPECT_EQ(call.timeout, 1234ms);
}

TEST(Vonage, EncodesWhatTheRouteSays) {
  auto message = plain_message();
  message.text = "код 1";
  message.from = "+15005550006";
  message.callback = "https://otp.example/hooks/v";
  message.reference = "a_b-C";
  message.lifetime = 300s;
  EXPECT_EQ(vonage{plain()}.encode(message).body,
            "api_key=abcd1234&api_secret=s3%26cret&from=15005550006&to=447700900000&"
            "text=%D0%BA%D0%BE%D0%B4%201&type=unicode&ttl=300000&status-report-req=1&"
            "callback=https%3A%2F%2Fotp.example%2Fhooks%2Fv&client-ref=a_b-C");
}

TEST(Vonage, TheTypeFollowsTheText) {
  const vonage codec{plain()};
  const std::pair<const char*, bool> rows[] = {{"a", false},
                                               {"\xC3\xA9 \xE2\x82\xAC [", false},
                                               {"`", true},
                                               {"\xC3\xA7", true},
                                               {"\xF0\x9F\x98\x80", true}};
  for (const auto& [text, is_unicode] : rows) {
    auto message = plain_message();
    message.text = text;
    EXPECT_EQ(codec.encode(message).body.ends_with("&type=unicode"), is_unicode) << text;
  }
}

TEST(Vonage, TheTimeToLiveIsWithinItsBounds) {
  const vonage codec{plain()};
  const std::pair<std::chrono::seconds, std::string> rows[] = {
      {1s, "20000"}, {20s, "20000"}, {21s, "21000"}, {604'800s, "604800000"}, {604'801s, "604800000"}};
  for (const auto& [lifetime, expected] : rows) {
    auto message = plain_message();
    message.lifetime = lifetime;
    EXPECT_TRUE(codec.encode(message).body.ends_with("&ttl=" + expected)) << expected;
  }
}

TEST(Vonage, EveryPartMustBeZero) {
  const vonage codec{plain()};
  struct row {
    const char* body;
    failure expected;
    const char* id;
  };
  const row rows[] = {
      {R"({"message-count":"1","messages":[{"to":"447700900000","message-id":"m1","status":"0"}]})",
       failure::none, "m1"},
      {R"({"message-count":1,"messages":[{"message-id":17,"status":0}]})", failure::none, "17"},
      {R"({"message-count":"1","messages":[{"status":"0"}]})", failure::none, ""},
      {R"({"message-count":"2","messages":[{"message-id":"a","status":"0"},{"message-id":"b","status":"0"}]})",
       failure::none, "a"},
      {R"({"message-count":"2","messages":[{"status":"0"},{"status":"9"}]})", failure::unknown, ""},
      {R"({"message-count":"2","messages":[{"status":"6"},{"status":"0"}]})", failure::unknown, ""},
      {R"({"message-count":"2","messages":[{"status":"9"},{"status":"9"}]})", failure::out_of_credit, ""},
      {R"({"message-count":"1","messages":[{"status":"2","error-text":"Missing to param"}]})",
       failure::misconfigured, ""},
      {R"({"messages":[{"status":"9"}]})", failure::out_of_credit, ""},
      {R"({"message-count":"2","messages":[{"status":"0"}]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{"status":"0"},{"status":"0"}]})", failure::unknown, ""},
      {R"({"messages":[{"status":"0"}]})", failure::unknown, ""},
      {R"({"message-count":"0","messages":[]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{"status":""}]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{"status":"0 "}]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{"status":"-0"}]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{"status":null}]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{"status":false}]})", failure::unknown, ""},
      {R"({"message-count":"1","messages":[{}]})", failure::unknown, ""},
  };
  for (const row& each : rows) {
    const verdict got = codec.decode(answer(200, each.body));
    EXPECT_EQ(got.failure, each.expected) << each.body;
    EXPECT_EQ(got.message_id, each.id) << each.body;
  }
}

TEST(Vonage, EveryStatusHasItsClass) {
  const vonage codec{plain()};
  const std::pair<failure, std::vector<unsigned>> rows[] = {
      {failure::none, {0}},
      {failure::rate_limited, {1, 10}},
      {failure::unavailable, {5}},
      {failure::misconfigured, {2, 4, 8, 11, 14, 15, 23, 29, 32}},
      {failure::bad_number, {3, 6, 7, 22, 33}},
      {failure::out_of_credit, {9}},
      {failure::rejected, {12, 13, 34, 99, 1000}},
  };
  for (const auto& [expected, statuses] : rows) {
    for (const unsigned status : statuses) {
      EXPECT_EQ(failure_of_vonage_status(status), expected) << status;
      const std::string body =
          R"({"message-count":"1","messages":[{"status":")" + std::to_string(status) + "\"}]}";
      EXPECT_EQ(codec.decode(answer(200, body)).failure, expected) << status;
    }
  }
}

TEST(Vonage, OtherHttpStatusesSpeakForThemselves) {
  const vonage codec{plain()};
  const std::string good = R"({"message-count":"1","messages":[{"status":"0"}]})";
  const std::pair<unsigned, failure> rows[] = {
      {201, failure::unknown},      {202, failure::unknown},       {301, failure::misconfigured},
      {400, failure::rejected},     {401, failure::misconfigured}, {402, failure::out_of_credit},
      {429, failure::rate_limited}, {500, failure::unknown},       {503, failure::unknown},
  };
  EXPECT_EQ(codec.decode(answer(200, good)).failure, failure::none);
  for (const auto& [status, expected] : rows)
    EXPECT_EQ(codec.decode(answer(status, good)).failure, expected) << status;
  EXPECT_EQ(codec.decode(answer(503, good, "Retry-After: 3\r\n")).failure, failure::unavailable);
}

TEST(Vonage, NothingStrangeIsSent) {
  const vonage codec{plain()};
  for (const std::string& body : test::strange_bodies())
    EXPECT_EQ(codec.decode(answer(200, body)).failure, failure::unknown) << body.substr(0, 40);
  test::expect_sturdy(codec, 200, R"({"message-count":"1","messages":[{"message-id":"m","status":"0"}]})");
}

TEST(Vonage, RefusesBadOptionsAndNamesThem) {
  struct row {
    const char* option;
    void (*spoil)(vonage_options&);
  };
  const row rows[] = {
      {"api_key", [](auto& o) { o.api_key.clear(); }},
      {"api_secret", [](auto& o) { o.api_secret.clear(); }},
      {"from", [](auto& o) { o.from.clear(); }},
      {"url", [](auto& o) { o.endpoint.url = "https://rest.nexmo.com"; }},  // no trust given
      {"url", [](auto& o) { o.endpoint.url = "http://rest.nexmo.com"; }},
  };
  EXPECT_EQ(refusal(plain()), "");
  EXPECT_EQ(vonage_options{}.endpoint.url, "https://rest.nexmo.com");
  for (const row& each : rows) {
    auto options = plain();
    each.spoil(options);
    EXPECT_EQ(refusal(options).substr(0, refusal(options).find(": ")), each.option);
  }
}

}  // namespace
}  // namespace otpd::sms
