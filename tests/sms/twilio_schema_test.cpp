// The codec against the description that Twilio publishes of its API.

#include <gtest/gtest.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "sms/twilio.hpp"

namespace otpd::sms {
namespace {

using otp::failure;
using namespace std::chrono_literals;

const std::string hex32 = "0123456789abcdefABCDEF0123456789";

twilio_options by_number() {
  twilio_options options;
  options.account_sid = "AC" + hex32;
  options.auth_token = "s3cret";
  options.from = "+15005550006";
  options.endpoint.url = "http://127.0.0.1:9";
  return options;
}

std::set<std::string> form_keys(std::string_view body) {
  std::set<std::string> out;
  while (!body.empty()) {
    const auto end = std::min(body.find('&'), body.size());
    out.emplace(body.substr(0, body.find('=')));
    body.remove_prefix(std::min(end + 1, body.size()));
  }
  return out;
}

TEST(Twilio, SendsWhatItsPublishedSchemaHas) {
  const auto file =
      std::filesystem::path(OTPD_SOURCE_DIR) / ".." / "shared" / "data" / "twilio" / "twilio_api_v2010.json";
  if (!std::filesystem::exists(file)) GTEST_SKIP() << file << " is not there";
  std::ifstream in{file, std::ios::binary};
  boost::json::parse_options deep;
  deep.max_depth = 100;
  const auto document = boost::json::parse(std::string{std::istreambuf_iterator<char>{in}, {}}, {}, deep);
  const auto& post = document.at("paths").at("/2010-04-01/Accounts/{AccountSid}/Messages.json").at("post");
  const auto& schema =
      post.at("requestBody").at("content").at("application/x-www-form-urlencoded").at("schema");

  rendered_message message;
  message.to = "+15551234567";
  message.text = "012345 is it";
  message.callback = "https://otp.example/hooks/twilio";
  message.lifetime = 300s;
  auto by_service = by_number();
  by_service.from.clear();
  by_service.messaging_service_sid = "MG" + hex32;
  for (const auto& options : {by_number(), by_service}) {
    const auto call = twilio{options}.encode(message);
    EXPECT_NE(call.fields.find("Content-Type: application/x-www-form-urlencoded\r\n"), std::string::npos);
    const auto keys = form_keys(call.body);
    EXPECT_EQ(keys.size(), 5U);
    for (const auto& key : keys)
      EXPECT_TRUE(schema.at("properties").as_object().contains(key)) << key;
    for (const auto& required : schema.at("required").as_array())
      EXPECT_TRUE(keys.contains(std::string{required.as_string()})) << required;
  }
  // Its example of an answer is one that counts as sent.
  ASSERT_TRUE(post.at("responses").as_object().contains("201"));
  const auto& examples =
      post.at("responses").at("201").at("content").at("application/json").at("examples").as_object();
  EXPECT_GE(examples.size(), 4U);
  for (const auto& each : examples) {
    const net::http_answer given{201, {}, boost::json::serialize(each.value().at("value"))};
    const auto got = twilio{by_number()}.decode(given);
    EXPECT_EQ(got.failure, failure::none) << each.key();
    EXPECT_TRUE(got.message_id.starts_with("SM") || got.message_id.starts_with("MM")) << each.key();
  }
}

}  // namespace
}  // namespace otpd::sms
