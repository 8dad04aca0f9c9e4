// RELIABILITY A29: what a gateway reports that is described by configuration, signed as Standard Webhooks has
// it or with a shared secret.

#include <gtest/gtest.h>

#include "system/receipt_world.hpp"
#include "system/recipients.hpp"
#include "system/signatures.hpp"

namespace otpd::test {
namespace {

constexpr const char* form_type = "application/x-www-form-urlencoded";
constexpr const char* json_type = "application/json";
constexpr const char* refused = "403 receipt_refused";
constexpr std::string_view statuses = "delivered = [\"DELIVRD\"]\nfailed = [\"UNDELIV\", \"EXPIRED\"]\n";

std::string webhook_fields(const std::string& body, std::string_view secret, int offset = 0) {
  const std::string time = unix_time(offset);
  const std::string key = from_base64(secret.substr(std::string_view("whsec_").size()));
  return "webhook-id: msg_1\r\nwebhook-timestamp: " + time + "\r\nwebhook-signature: v1a,AAAA v1," +
         base64(hmac("SHA256", key, "msg_1." + time + "." + body)) + "\r\n";
}

std::string body_of(const receipt_world::sent& what, const std::string& status) {
  return R"({"data":{"ref":")" + what.reference + R"(","state":")" + status + R"("}})";
}

class GatewayReceipts : public testing::Test {
 protected:
  void SetUp() override {
    world.provider("signed", "http", "+49",
                   "[providers.signed.receipts]\nreference = \"/data/ref\"\nstatus = \"/data/state\"\n" +
                       std::string(statuses) + "webhook_secret = {env = \"WEBHOOK_SECRET\"}\n");
    world.provider("shared", "http", "+33",
                   "[providers.shared.receipts]\nreference = \"ref\"\nstatus = \"state\"\n" +
                       std::string(statuses) +
                       "secret_header = \"X-Secret\"\nsecret = {env = \"GATEWAY_SECRET\"}\n");
    world.provider("silent", "http", "+44");
    ASSERT_NO_THROW(world.start());
  }

  [[nodiscard]] std::string report(const std::string& body, const std::string& header) const {
    return world.post("/hooks/signed", json_type, body, header);
  }

  receipt_world world;
};

TEST_F(GatewayReceipts, StandardWebhooksMoveSentToDeliveredOrFailed) {
  const auto first = world.send(phone_number(1));
  const auto second = world.send(phone_number(2));
  EXPECT_EQ(first.callback, "https://otp.example.com/hooks/signed");
  const auto told = [&](const std::string& body) {
    return report(body, webhook_fields(body, webhook_secret));
  };
  EXPECT_EQ(told(body_of(first, "ENROUTE")), "204");
  EXPECT_EQ(world.delivery_of(first), "sent");
  EXPECT_EQ(told(body_of(first, "DELIVRD")), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
  EXPECT_EQ(told(body_of(second, "EXPIRED")), "204");
  EXPECT_EQ(world.delivery_of(second), "failed");
  EXPECT_EQ(told(body_of(first, "UNDELIV")), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
  EXPECT_EQ(told("{}"), "400 malformed_receipt");
}

TEST_F(GatewayReceipts, ForgedAndReplayedOnesChangeNothing) {
  const auto message = world.send(phone_number(1));
  const std::string body = body_of(message, "DELIVRD");
  EXPECT_EQ(report(body, ""), refused);
  EXPECT_EQ(report(body, webhook_fields(body, older_webhook_secret)), refused);
  EXPECT_EQ(report(body, webhook_fields(body_of(message, "ENROUTE"), webhook_secret)), refused);
  EXPECT_EQ(report(body, webhook_fields(body, webhook_secret, -400)), refused) << "replayed";
  EXPECT_EQ(report(body, webhook_fields(body, webhook_secret, 400)), refused);
  EXPECT_EQ(world.delivery_of(message), "sent");
  EXPECT_EQ(report(body, webhook_fields(body, webhook_secret)), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST_F(GatewayReceipts, OfAnEarlierSendOrAnotherProviderChangeNothing) {
  const std::string to = phone_number(1);
  const auto first = world.send(to);
  const auto second = world.send_again(first, to);
  const auto other = world.send("+33612345678");
  for (const auto& each : {first, other}) {
    const std::string body = body_of(each, "DELIVRD");
    EXPECT_EQ(report(body, webhook_fields(body, webhook_secret)), "204");
    EXPECT_EQ(world.delivery_of(each), "sent");
  }
  const std::string body = body_of(second, "DELIVRD");
  EXPECT_EQ(report(body, webhook_fields(body, webhook_secret)), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
}

TEST_F(GatewayReceipts, ASharedSecretInAHeaderProvesAForm) {
  const auto message = world.send("+33612345678");
  const std::string body = form_of({{"ref", message.reference}, {"state", "delivrd"}});
  const std::string right = "X-Secret: " + std::string(gateway_secret) + "\r\n";
  const auto post = [&](const std::string& header) {
    return world.post("/hooks/shared", form_type, body, header);
  };
  EXPECT_EQ(post(""), refused);
  EXPECT_EQ(post("X-Secret: another-shared-secret\r\n"), refused);
  EXPECT_EQ(post(right + right), refused);
  EXPECT_EQ(world.delivery_of(message), "sent");
  EXPECT_EQ(post(right), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST_F(GatewayReceipts, WhoSendsNoneHasNoHook) {
  const auto message = world.send("+447400123456");
  EXPECT_EQ(message.callback, "");
  EXPECT_EQ(world.post("/hooks/silent", json_type, "{}"), "404 not_found");
}

}  // namespace
}  // namespace otpd::test
