#include "sms/http_gateway.hpp"

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <stdexcept>

namespace otpd::sms {
namespace {

using otp::failure;

http_gateway_options plain() {
  http_gateway_options options;
  options.url = "http://127.0.0.1:9/send";
  options.body = R"({"to":"{to}","text":"{text}"})";
  options.from = "Ex & Co";
  return options;
}

const rendered_message message{
    .to = "+15551234567", .text = "012345 is \"it\"\n@x.com #012345 é", .code = "012345", .locale = "en"};

net::http_answer answer(unsigned status, std::string body = {}, std::string fields = {}) {
  return {status, std::move(fields), std::move(body)};
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

TEST(HttpGateway, EncodesJson) {
  auto options = plain();
  options.body =
      R"({"m":[{"to":"{to}","n":"{to_digits}","f":"{from}"}],"text":"{text}","v":{"code":"{code}"}})";
  options.timeout = std::chrono::milliseconds{1234};
  options.connect_timeout = std::chrono::milliseconds{123};
  options.max_connections = 5;
  const auto call = http_gateway{options}.encode(message);
  EXPECT_EQ(call.method, net::method::post);
  EXPECT_EQ(call.url, *net::parse_url("http://127.0.0.1:9/send"));
  EXPECT_EQ(call.fields, "User-Agent: otpd\r\nContent-Type: application/json\r\n");
  EXPECT_EQ(
      call.body,
      R"({"m":[{"to":"+15551234567","n":"15551234567","f":"Ex & Co"}],"text":"012345 is \"it\"\n@x.com #012345 é","v":{"code":"012345"}})");
  EXPECT_EQ(call.timeout, options.timeout);
  EXPECT_EQ(call.connect_timeout, options.connect_timeout);
  EXPECT_EQ(call.max_connections, 5U);
}

TEST(HttpGateway, EncodesFormsAndUrls) {
  auto options = plain();
  options.method = "PUT";
  options.url = "http://127.0.0.1:9/v1/{to_digits}/sms?to={to}&from={from}&t={text}";
  options.content_type = "form";
  options.body = "To={to}&Body={text}";
  const auto call = http_gateway{options}.encode(message);
  EXPECT_EQ(call.method, net::method::put);
  EXPECT_EQ(
      call.url.target,
      "/v1/15551234567/"
      "sms?to=%2B15551234567&from=Ex%20%26%20Co&t=012345%20is%20%22it%22%0A%40x.com%20%23012345%20%C3%A9");
  EXPECT_EQ(call.body, "To=%2B15551234567&Body=012345%20is%20%22it%22%0A%40x.com%20%23012345%20%C3%A9");
  EXPECT_EQ(call.fields, "User-Agent: otpd\r\nContent-Type: application/x-www-form-urlencoded\r\n");
}

TEST(HttpGateway, EscapesForTheMediaType) {
  struct row {
    const char* type;
    const char* body;
  };
  const row rows[] = {
      {"text/plain", "<a&\"\n>"},
      {"application/xml; charset=utf-8", "&lt;a&amp;&quot;\n&gt;"},
      {"application/soap+xml", "&lt;a&amp;&quot;\n&gt;"},
      {"application/x-www-form-urlencoded", "%3Ca%26%22%0A%3E"},
  };
  const rendered_message odd{.to = "a@b.example", .text = "<a&\"\n>", .code = "1", .locale = "en"};
  for (const row& each : rows) {
    auto options = plain();
    options.content_type = each.type;
    options.body = "{text}";
    EXPECT_EQ(http_gateway{options}.encode(odd).body, each.body) << each.type;
  }
  auto options = plain();
  options.content_type = "application/vnd.x+json";
  options.body = R"(["{text}"])";
  EXPECT_EQ(http_gateway{options}.encode(odd).body, R"(["<a&\"\n>"])");
}

TEST(HttpGateway, NothingInAMessageEndsAHeaderLineOrARequestLine) {
  auto options = plain();
  options.url = "http://127.0.0.1:9/{to}/{text}?{code}";
  options.headers = {
      {"X-To", "{to}"}, {"X-Text", "t={text}"}, {"X-Key", "{\"a\": 1}"}, {"user-agent", "mine"}};
  std::string all;
  for (int c = 0; c < 256; ++c)
    all.push_back(static_cast<char>(c));
  const rendered_message evil{.to = all, .text = all, .code = all, .locale = "en"};
  const auto call = http_gateway{options}.encode(evil);
  EXPECT_TRUE(net::parse_url("http://h" + call.url.target));
  EXPECT_EQ(std::count(call.fields.begin(), call.fields.end(), '\n'), 5);
  EXPECT_EQ(std::count(call.fields.begin(), call.fields.end(), '\r'), 5);
  EXPECT_NE(call.fields.find("X-Text: t=%00%01"), std::string::npos);
  EXPECT_NE(call.fields.find("%25"), std::string::npos);
  EXPECT_NE(call.fields.find("X-Key: {\"a\": 1}\r\n"), std::string::npos);
  EXPECT_EQ(call.fields.find("otpd"), std::string::npos);
}

TEST(HttpGateway, JsonStaysJsonWhateverTheTextIs) {
  const http_gateway gateway{plain()};
  for (int c = 0; c < 128; ++c) {
    const std::string text(3, static_cast<char>(c));
    const auto parsed =
        boost::json::parse(gateway.encode({.to = "x", .text = text, .code = "1", .locale = "en"}).body);
    EXPECT_EQ(parsed.at("text").as_string(), text);
  }
}

TEST(HttpGateway, SuccessIsStatusAndBodyAndJsonValue) {
  auto options = plain();
  options.success_status = "200,202-203";
  options.success_body_contains = "\"r\"";
  options.success_json_pointer = "/r/0/status";
  options.success_json_value = "0";
  options.message_id_json_pointer = "/r/0/id";
  const http_gateway gateway{options};
  struct row {
    net::http_answer given;
    otp::failure failure;
    const char* id;
  };
  const row rows[] = {
      {answer(200, R"({"r":[{"status":"0","id":"m-1"}]})"), failure::none, "m-1"},
      {answer(203, R"({"r":[{"status":0,"id":17}]})"), failure::none, "17"},
      {answer(200, R"({"r":[{"status":"0"}]})"), failure::none, ""},
      {answer(200, R"({"r":[{"status":"0","id":null}]})"), failure::none, ""},
      {answer(200, R"({"r":[{"status":"0","id":"a\nb"}]})"), failure::none, ""},
      {answer(200, R"({"r":[{"status":"0","id":")" + std::string(200, 'x') + "\"}]}"), failure::none, ""},
      {answer(201, R"({"r":[{"status":"0"}]})"), failure::rejected, ""},
      {answer(200, R"({"r":[{"status":"1"}]})"), failure::rejected, ""},
      {answer(200, R"({"r":[{"status":["0"]}]})"), failure::rejected, ""},
      {answer(200, R"({"r":[{"status":false}]})"), failure::rejected, ""},
      {answer(200, R"({"r":[]})"), failure::rejected, ""},
      {answer(200, R"({"q":[{"status":"0"}]})"), failure::rejected, ""},
      {answer(200, R"({"r":[{"status":"0")"), failure::rejected, ""},
      {answer(200, std::string(5000, '[')), failure::rejected, ""},
      {answer(200), failure::rejected, ""},
  };
  for (const row& each : rows) {
    const verdict got = gateway.decode(each.given);
    EXPECT_EQ(got.failure, each.failure) << each.given.body;
    EXPECT_EQ(got.message_id, each.id) << each.given.body;
  }
}

TEST(HttpGateway, ComparesJsonScalarsByTheirText) {
  const auto decode = [](const char* value, const char* body) {
    auto options = plain();
    options.success_json_pointer = "/a~1b";
    options.success_json_value = value;
    return http_gateway{options}.decode(answer(200, body)).failure == failure::none;
  };
  EXPECT_TRUE(decode("true", R"({"a/b":true})"));
  EXPECT_TRUE(decode("null", R"({"a/b":null})"));
  EXPECT_TRUE(decode("-5", R"({"a/b":-5})"));
  EXPECT_TRUE(decode("", R"({"a/b":{}})"));
  EXPECT_FALSE(decode("", R"({"b":{}})"));
  EXPECT_FALSE(decode("true", R"({"a/b":"truth"})"));
}

TEST(HttpGateway, TheFirstRuleThatFitsNamesTheFailure) {
  auto options = plain();
  options.failures = {
      {"400-499", "invalid number", failure::bad_number},
      {"4xx", "credit", failure::out_of_credit},
      {"", "blocked", failure::not_permitted},
      {"503", "", failure::unavailable},
  };
  const http_gateway gateway{options};
  EXPECT_EQ(gateway.decode(answer(404, "invalid number, no credit")).failure, failure::bad_number);
  EXPECT_EQ(gateway.decode(answer(429, "no credit")).failure, failure::out_of_credit);
  EXPECT_EQ(gateway.decode(answer(500, "no credit")).failure, failure::unknown);
  EXPECT_EQ(gateway.decode(answer(500, "blocked")).failure, failure::not_permitted);
  EXPECT_EQ(gateway.decode(answer(503)).failure, failure::unavailable);
  EXPECT_EQ(gateway.decode(answer(200, "blocked")).failure, failure::none);
}

TEST(HttpGateway, RefusesBadOptionsAndNamesThem) {
  struct row {
    const char* option;
    void (*spoil)(http_gateway_options&);
  };
  const row rows[] = {
      {"url", [](auto& o) { o.url = "example.com"; }},
      {"url", [](auto& o) { o.url = "http://example.com/"; }},
      {"url", [](auto& o) { o.url = "http://{to}.localhost/"; }},
      {"url", [](auto& o) { o.url = "https://example.com/"; }},  // no trust given
      {"url", [](auto& o) { o.url = "http://127.0.0.1/?q={phone}"; }},
      {"url", [](auto& o) { o.url = "http://127.0.0.1/?q={to}#x"; }},
      {"url", [](auto& o) { o.url = "http://127.0.0.1/?q=a b"; }},
      {"method", [](auto& o) { o.method = "post"; }},
      {"headers.Host", [](auto& o) { o.headers["Host"] = "x"; }},
      {"headers.content-length", [](auto& o) { o.headers["content-length"] = "0"; }},
      {"headers.Transfer-Encoding", [](auto& o) { o.headers["Transfer-Encoding"] = "chunked"; }},
      {"headers.Content-Type", [](auto& o) { o.headers["Content-Type"] = "text/plain"; }},
      {"headers.X Y", [](auto& o) { o.headers["X Y"] = "1"; }},
      {"headers.X", [](auto& o) { o.headers["X"] = "a\r\nY: b"; }},
      {"headers.X", [](auto& o) { o.headers["X"] = "{key}"; }},
      {"content_type", [](auto& o) { o.content_type = "xml"; }},
      {"content_type", [](auto& o) { o.content_type = "text/plain\r\nX: y"; }},
      {"body", [](auto& o) { o.body = R"({"to":"{too}"})"; }},
      {"body", [](auto& o) { o.body = R"({"code":{code}})"; }},
      {"body", [](auto& o) { o.body = R"({"to":"{to}")"; }},
      {"success_status", [](auto& o) { o.success_status = ""; }},
      {"success_status", [](auto& o) { o.success_status = "2x"; }},
      {"success_status",
       [](auto& o) {
         o.success_status =
             "200,"
             "600";
       }},
      {"success_status", [](auto& o) { o.success_status = "299-200"; }},
      {"success_json_pointer", [](auto& o) { o.success_json_pointer = "a"; }},
      {"success_json_value", [](auto& o) { o.success_json_value = "a"; }},
      {"message_id_json_pointer", [](auto& o) { o.message_id_json_pointer = "/~2"; }},
      {"failures.status",
       [](auto& o) {
         o.failures = {{"abc", "", failure::rejected}};
       }},
      {"failures",
       [](auto& o) {
         o.failures = {{"", "", failure::none}};
       }},
  };
  EXPECT_EQ(refusal(plain()), "");
  for (const row& each : rows) {
    auto options = plain();
    each.spoil(options);
    EXPECT_EQ(refusal(options).substr(0, refusal(options).find(": ")), each.option);
  }
}

TEST(HttpGateway, PlainHttpElsewhereHasToBeAskedFor) {
  auto options = plain();
  options.url = "http://sms.example/";
  options.insecure = true;
  EXPECT_EQ(refusal(options), "");
  options.insecure = false;
  options.url = "http://localhost:8080";
  EXPECT_EQ(refusal(options), "");
}

}  // namespace
}  // namespace otpd::sms
