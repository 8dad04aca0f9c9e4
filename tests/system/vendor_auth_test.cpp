// How a gateway knows otpd: each kind of [providers.NAME.auth], as the gateway sees it.

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>

#include "system/delivery_server.hpp"
#include "system/recipients.hpp"
#include "system/signatures.hpp"
#include "system/vendor_stub.hpp"

namespace otpd::test {
namespace {

const std::string accepted = R"({"status":"ok"})";

struct auth_case {
  std::string name;
  std::string lines;  // of [providers.NAME.auth]
  std::vector<std::pair<std::string, std::string>> fields;
};

TEST(VendorAuth, EachKindArrives) {
  const std::string basic = "Basic " + base64("otpd:" + std::string(gateway_password));
  const std::vector<auth_case> cases{
      {"none", "", {{"Authorization", ""}, {"Cookie", ""}, {"webhook-id", ""}}},
      {"basic", "user = \"otpd\"\npassword = {env = \"GATEWAY_PASSWORD\"}\n", {{"Authorization", basic}}},
      {"bearer",
       "token = {env = \"GATEWAY_TOKEN\"}\n",
       {{"Authorization", "Bearer " + std::string(gateway_token)}}},
      {"header",
       "key_name = \"X-Api-Key\"\nkey = {env = \"GATEWAY_SECRET\"}\n",
       {{"X-Api-Key", std::string(gateway_secret)}, {"Authorization", ""}}},
      {"cookie",
       "key_name = \"session\"\nkey = {env = \"GATEWAY_SECRET\"}\nkey_in = \"cookie\"\n",
       {{"Cookie", "session=" + std::string(gateway_secret)}}},
      {"both",
       "token = {env = \"GATEWAY_TOKEN\"}\nkey_name = \"X-Api-Key\"\nkey = {env = \"GATEWAY_SECRET\"}\n",
       {{"Authorization", "Bearer " + std::string(gateway_token)},
        {"X-Api-Key", std::string(gateway_secret)}}},
  };
  delivery_server server;
  const identity who = server.identity_of_stub();
  vendor_stub stub(who, [](const vendor_request&) { return answer_of(200, accepted); });
  for (std::size_t i = 0; i < cases.size(); ++i) {
    server.provider(cases[i].name, "http", stub.url(),
                    "[providers." + cases[i].name + ".auth]\n" + cases[i].lines);
    server.route(phone_number(static_cast<int>(i)), {cases[i].name});
  }
  ASSERT_NO_THROW(server.start());
  for (std::size_t i = 0; i < cases.size(); ++i) {
    SCOPED_TRACE(cases[i].name);
    const std::string to = phone_number(static_cast<int>(i));
    EXPECT_EQ(server.issue(to).text("delivery"), "sent");
    const auto seen = stub.requests_with(to);
    ASSERT_EQ(seen.size(), 1U);
    for (const auto& [name, value] : cases[i].fields)
      EXPECT_EQ(seen[0].field(name), value) << name;
  }
}

TEST(VendorAuth, TwilioTakesAnApiKeyInPlaceOfTheToken) {
  delivery_server server;
  const identity who = server.identity_of_stub();
  vendor_stub stub(who, [](const vendor_request&) { return answer_of(201, R"({"sid":"SM1"})"); });
  const std::string key = "SK0123456789abcdefABCDEF0123456789";
  server.provider("twilio", "type = \"twilio\"\nurl = \"" + stub.url() + "\"\naccount_sid = \"" +
                                std::string(twilio_sid) + "\"\napi_key_sid = \"" + key +
                                "\"\napi_key_secret = {env = \"GATEWAY_SECRET\"}\nfrom = \"Example\"\n");
  server.route("", {"twilio"});
  ASSERT_NO_THROW(server.start());
  EXPECT_EQ(server.issue(phone_number(1)).text("delivery"), "sent");
  ASSERT_EQ(stub.requests().size(), 1U);
  EXPECT_EQ(stub.requests()[0].field("Authorization"),
            "Basic " + base64(key + ":" + std::string(gateway_secret)));
  EXPECT_EQ(stub.requests()[0].target(),
            "/2010-04-01/Accounts/" + std::string(twilio_sid) + "/Messages.json");
}

// Verifies as https://www.standardwebhooks.com tells receivers to.
bool is_signed(const vendor_request& request, std::string_view secret) {
  const std::string time = request.field("webhook-timestamp");
  const auto now = std::chrono::system_clock::now().time_since_epoch() / std::chrono::seconds(1);
  if (std::abs(std::strtoll(time.c_str(), nullptr, 10) - now) > 300) return false;
  const std::string key = from_base64(secret.substr(std::string_view("whsec_").size()));
  const std::string text = request.field("webhook-id") + "." + time + "." + request.body;
  const std::string mine = "v1," + base64(hmac("SHA256", key, text));
  return (" " + request.field("webhook-signature") + " ").find(" " + mine + " ") != std::string::npos;
}

TEST(VendorAuth, StandardWebhooksIsVerifiedByEitherSecretAndARetryHasTheSameId) {
  delivery_server server;
  const identity who = server.identity_of_stub();
  std::atomic<int> count = 0;
  vendor_stub stub(who, [&](const vendor_request&) {
    return ++count == 1 ? answer_of(429, "{}") : answer_of(200, accepted);
  });
  server.provider("signed", "http", stub.url(),
                  "[providers.signed.auth]\n"
                  "signing_secrets = [{env = \"WEBHOOK_SECRET\"}, {env = \"OLDER_WEBHOOK_SECRET\"}]\n");
  server.route("", {"signed"});
  ASSERT_NO_THROW(server.start());
  EXPECT_EQ(server.issue(phone_number(1)).text("delivery"), "sent");
  EXPECT_EQ(server.issue(phone_number(2)).text("delivery"), "sent");

  const auto seen = stub.requests();
  ASSERT_EQ(seen.size(), 3U);
  for (const vendor_request& each : seen) {
    EXPECT_TRUE(is_signed(each, webhook_secret));
    EXPECT_TRUE(is_signed(each, older_webhook_secret));
    EXPECT_FALSE(is_signed(each, "whsec_MDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAw"));
    vendor_request changed = each;
    changed.body.back() = ' ';
    EXPECT_FALSE(is_signed(changed, webhook_secret));
  }
  EXPECT_EQ(seen[0].field("webhook-id").size(), 36U);
  EXPECT_EQ(seen[0].field("webhook-id"), seen[1].field("webhook-id"));
  EXPECT_NE(seen[0].field("webhook-id"), seen[2].field("webhook-id"));
}

}  // namespace
}  // namespace otpd::test
