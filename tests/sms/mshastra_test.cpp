#include "sms/mshastra.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <stdexcept>

#include "sms/codec_answers.hpp"

namespace otpd::sms {
namespace {

using otp::failure;
using test::answer;
using namespace std::chrono_literals;

mshastra_options plain() {
  mshastra_options options;
  options.user = "U\"1";
  options.password = "P\\1";
  options.sender = "YourApp";
  options.endpoint.url = "http://127.0.0.1:9";
  return options;
}

rendered_message plain_message() {
  rendered_message out;
  out.to = "+255694230173";
  out.text = "012345 is \"it\"\nnow";
  out.code = "012345";
  return out;
}

std::string refusal(const mshastra_options& options) {
  try {
    const mshastra built{options};
    return {};
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
}

TEST(Mshastra, EncodesAMessage) {
  auto options = plain();
  options.endpoint.timeout = 1234ms;
  const auto call = mshastra{options}.encode(plain_message());
  EXPECT_EQ(call.method, net::method::post);
  EXPECT_EQ(call.url, *net::parse_url("http://127.0.0.1:9/sendsms_api_json.aspx"));
  EXPECT_EQ(call.fields,
            "User-Agent: otpd\r\nAccept: application/json\r\nContent-Type: application/json\r\n");
  EXPECT_EQ(call.body, R"([{"user":"U\"1","pwd":"P\\1","number":"255694230173","sender":"YourApp",)"
                       R"("msg":"012345 is \"it\"\nnow","language":"English"}])");
  EXPECT_EQ(call.timeout, 1234ms);
}

TEST(Mshastra, EncodesWhatTheRouteSays) {
  auto message = plain_message();
  message.from = "Other";
  message.text = "код";
  message.callback = "https://otp.example/hooks/m";
  message.reference = "abc";
  message.lifetime = 300s;
  EXPECT_EQ(mshastra{plain()}.encode(message).body,
            R"([{"user":"U\"1","pwd":"P\\1","number":"255694230173","sender":"Other",)"
            R"("msg":"код","language":"Unicode"}])");
}

TEST(Mshastra, JsonStaysJsonWhateverTheTextIs) {
  const mshastra codec{plain()};
  for (int c = 0; c < 128; ++c) {
    const std::string text(3, static_cast<char>(c));
    auto message = plain_message();
    message.text = text;
    const auto parsed = boost::json::parse(codec.encode(message).body);
    EXPECT_EQ(parsed.at(0).at("msg").as_string(), text);
    EXPECT_EQ(parsed.at(0).as_object().size(), 6U);
  }
}

TEST(Mshastra, EveryTextHasItsClass) {
  const mshastra codec{plain()};
  const std::pair<failure, std::vector<std::string>> rows[] = {
      {failure::none, {"Send Successful", "SEND SUCCESSFUL.", "Message Sent", "ok: message sent to 1"}},
      {failure::misconfigured, {"Invalid Password", "Error: invalid profile id!", "INVALID PROFILE ID"}},
      {failure::out_of_credit, {"No More Credits", "no more credits available"}},
      {failure::bad_number, {"Invalid Mobile No.", "invalid mobile no"}},
      {failure::unknown, {"Something new", "Sent", "Send Success", "", "000"}},
      {failure::bad_number, {"Message Sent, but: Invalid Mobile No."}},
  };
  for (const auto& [expected, texts] : rows) {
    for (const std::string& text : texts) {
      EXPECT_EQ(failure_of_mshastra_text(text), expected) << text;
      for (const char* key : {"str_response", "response"}) {
        const std::string body =
            std::string{R"([{"msg_id":"12",")"}.append(key).append("\":\"").append(text).append("\"}]");
        const auto got = codec.decode(answer(200, body));
        EXPECT_EQ(got.failure, expected) << body;
        EXPECT_EQ(got.message_id, expected == failure::none ? "12" : "") << body;
      }
    }
  }
}

TEST(Mshastra, TheBodyDecides) {
  const mshastra codec{plain()};
  struct row {
    net::http_answer given;
    failure expected;
    const char* id;
  };
  const row rows[] = {
      {answer(200, R"({"msg_id":9,"str_response":"Send Successful"})"), failure::none, "9"},
      {answer(200, R"([{"str_response":"Send Successful"}])"), failure::none, ""},
      {answer(200, R"([{"msg_id":"1","str_response":"Send Successful"},{"str_response":"No more credits"}])"),
       failure::out_of_credit, ""},
      {answer(200, R"([{"str_response":null,"response":"Send Successful"}])"), failure::none, ""},
      {answer(200, R"([{"str_response":["Send Successful"]}])"), failure::unknown, ""},
      {answer(200, R"(["Send Successful"])"), failure::unknown, ""},
      {answer(200, R"("Send Successful")"), failure::unknown, ""},
      {answer(200, "Send Successful"), failure::unknown, ""},
      {answer(201, R"([{"str_response":"Send Successful"}])"), failure::unknown, ""},
      {answer(302, R"([{"str_response":"Send Successful"}])"), failure::misconfigured, ""},
      {answer(404, R"([{"str_response":"Send Successful"}])"), failure::rejected, ""},
      {answer(429, ""), failure::rate_limited, ""},
      {answer(500, R"([{"str_response":"Send Successful"}])"), failure::unknown, ""},
  };
  for (const row& each : rows) {
    const verdict got = codec.decode(each.given);
    EXPECT_EQ(got.failure, each.expected) << each.given.body;
    EXPECT_EQ(got.message_id, each.id) << each.given.body;
  }
}

TEST(Mshastra, NothingStrangeIsSent) {
  const mshastra codec{plain()};
  for (const std::string& body : test::strange_bodies())
    EXPECT_EQ(codec.decode(answer(200, body)).failure, failure::unknown) << body.substr(0, 40);
  test::expect_sturdy(codec, 200, R"([{"msg_id":"12","str_response":"Send Successful"}])");
}

TEST(Mshastra, RefusesBadOptionsAndNamesThem) {
  struct row {
    const char* option;
    void (*spoil)(mshastra_options&);
  };
  const row rows[] = {
      {"user", [](auto& o) { o.user.clear(); }},
      {"password", [](auto& o) { o.password.clear(); }},
      {"sender", [](auto& o) { o.sender.clear(); }},
      {"url", [](auto& o) { o.endpoint.url = "https://mshastra.com"; }},  // no trust given
      {"url", [](auto& o) { o.endpoint.url = "http://mshastra.com"; }},
  };
  EXPECT_EQ(refusal(plain()), "");
  EXPECT_EQ(mshastra_options{}.endpoint.url, "https://mshastra.com");
  for (const row& each : rows) {
    auto options = plain();
    each.spoil(options);
    EXPECT_EQ(refusal(options).substr(0, refusal(options).find(": ")), each.option);
  }
}

}  // namespace
}  // namespace otpd::sms
