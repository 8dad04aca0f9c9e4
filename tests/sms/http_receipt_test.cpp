#include "sms/http_receipt.hpp"

#include <gtest/gtest.h>

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "sms/hook_request.hpp"

namespace otpd::sms {
namespace {

using namespace test;

constexpr std::int64_t now = 1795570200;
const std::string reference = "q1w2e3r4t5y6u7i8o9p0a-";
const std::string key = "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

http_receipt_options standard() {
  http_receipt_options out;
  out.reference = "/event/ref";
  out.status = "/event/state";
  out.delivered = {"DELIVRD", "2"};
  out.failed = {"UNDELIV", "EXPIRED", "true"};
  out.webhook_secret = "whsec_" + key;
  return out;
}

http_receipt_options shared() {
  auto out = standard();
  out.webhook_secret.clear();
  out.secret_header = "X-Gateway-Key";
  out.secret = "Bearer 0123456789";
  return out;
}

std::string sign(const std::string& text) {
  const auto bytes = crypto::from_base64(key);
  return crypto::to_base64(
      crypto::hmac(crypto::hash::sha256, std::string(bytes->begin(), bytes->end()), text));
}

// Signed by the openssl command: printf %s 'msg_2Xh9.1795570200.{...}' | openssl dgst -sha256 -mac HMAC
// -macopt hexkey:...
hook_request delivered() {
  hook_request out;
  out.body = R"({"event":{"ref":"q1w2e3r4t5y6u7i8o9p0a-","state":"DELIVRD"}})";
  out.set("webhook-id", "msg_2Xh9").set("webhook-timestamp", "1795570200");
  out.set("webhook-signature", "v1,wOzGr/nEe8xNJMIU7AlhjIeLSbHeFKCpR+D1CYqUNUM=");
  return out;
}

hook_request with_secret(const std::string& body) {
  hook_request out;
  out.body = body;
  return out.set("X-Gateway-Key", "Bearer 0123456789");
}

TEST(HttpReceipt, IsBelievedWithAStandardWebhooksSignature) {
  EXPECT_EQ(told(http_receipt(standard()), delivered(), now), "delivered " + reference);
}

// The specification's own example: no receipt, so whoever is believed is malformed.
TEST(HttpReceipt, IsSignedAsStandardWebhooksPublishes) {
  hook_request in;
  in.body = R"({"test": 2432232314})";
  in.set("Webhook-Id", "msg_p5jXN8AQM9LWM0D4loKWxJek").set("Webhook-Timestamp", "1614265330");
  in.set("Webhook-Signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
  EXPECT_EQ(told(http_receipt(standard()), in, 1614265330), malformed);
  in.body = R"({"test": 2432232315})";
  EXPECT_EQ(told(http_receipt(standard()), in, 1614265330), forged);
}

TEST(HttpReceipt, IsForgedWithEveryBitOfTheSignature) {
  const http_receipt reader(standard());
  const auto signature = crypto::from_base64(delivered().fields.back().second.substr(3));
  ASSERT_TRUE(signature);
  for (std::size_t bit = 0; bit < signature->size() * 8; ++bit) {
    auto flipped = *signature;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    auto in = delivered();
    in.set("webhook-signature", "v1," + crypto::to_base64(flipped));
    ASSERT_EQ(told(reader, in, now), forged) << bit;
  }
}

TEST(HttpReceipt, IsForgedByAnyOtherContent) {
  const http_receipt reader(standard());
  for (const auto& [name, value] : delivered().fields) {
    auto in = delivered();
    EXPECT_EQ(told(reader, in.set(name, value + "1"), now), forged) << name;
    EXPECT_EQ(told(reader, in.set(name, ""), now), forged) << name;
    EXPECT_EQ(told(reader, in.drop(name), now), forged) << name;
    in = delivered();
    in.fields.emplace_back(name, value);
    EXPECT_EQ(told(reader, in, now), forged) << name << " twice";
  }
  auto in = delivered();
  in.body += " ";
  EXPECT_EQ(told(reader, in, now), forged);
  in.body.clear();
  EXPECT_EQ(told(reader, in, now), forged);
  in = delivered();
  // The same signed text, parted elsewhere.
  in.set("webhook-id", "msg_2Xh9.1795570200").set("webhook-timestamp", "");
  EXPECT_EQ(told(reader, in, now), forged);
  in.set("webhook-id", "").set("webhook-timestamp", "1795570200");
  in.set("webhook-signature", "v1," + sign(".1795570200." + in.body));
  EXPECT_EQ(told(reader, in, now), forged) << "signed without an id";
  auto other = standard();
  other.webhook_secret.back() = 'A';
  EXPECT_EQ(told(http_receipt(other), delivered(), now), forged);
}

TEST(HttpReceipt, TakesAnySignatureOfTheList) {
  const http_receipt reader(standard());
  const std::string good = delivered().fields.back().second;
  const std::string bad = "v1,AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=";
  const std::string asymmetric =
      "v1a,hnO3f9T8Ytu9HwrXslvumlUpqtNVqkhqw/enGzPCXe5BdqzCInXqYXFymVJaA7AZdpXwVLPo3mNl8EM";
  auto in = delivered();
  for (const std::string& list : {good + " " + bad, bad + " " + good, asymmetric + " " + bad + " " + good,
                                  "  " + good + " ", "v2 " + good, ", " + good}) {
    EXPECT_EQ(told(reader, in.set("webhook-signature", list), now), "delivered " + reference) << list;
  }
  for (const std::string& list : {bad + " " + bad, good + "," + good, "v1a," + good.substr(3), good.substr(3),
                                  "v1," + good, good.substr(0, 46), std::string("v1,"), std::string(" ")}) {
    EXPECT_EQ(told(reader, in.set("webhook-signature", list), now), forged) << list;
  }
}

TEST(HttpReceipt, IsStaleOutsideOfFiveMinutes) {
  const http_receipt reader(standard());
  EXPECT_EQ(told(reader, delivered(), now + 300), "delivered " + reference);
  EXPECT_EQ(told(reader, delivered(), now - 300), "delivered " + reference);
  EXPECT_EQ(told(reader, delivered(), now + 301), stale);
  EXPECT_EQ(told(reader, delivered(), now - 301), stale);
  for (const std::string& time :
       {std::string("soon"), std::string("-1795570200"), std::string("1795570200.0"),
        std::string("17955702001795570200"), std::string("+1795570200")}) {
    auto in = delivered();
    in.set("webhook-timestamp", time)
        .set("webhook-signature", "v1," + sign("msg_2Xh9." + time + "." + in.body));
    EXPECT_EQ(told(reader, in, now), stale) << time;
  }
}

TEST(HttpReceipt, IsBelievedWithTheSharedSecret) {
  const http_receipt reader(shared());
  auto in = with_secret(delivered().body);
  EXPECT_EQ(told(reader, in), "delivered " + reference);
  const std::string secret = shared().secret;
  for (std::size_t i = 0; i < secret.size(); ++i) {
    std::string other = secret;
    other[i] = static_cast<char>(other[i] ^ 1);
    EXPECT_EQ(told(reader, in.set("X-Gateway-Key", other)), forged) << other;
  }
  for (const std::string& other : {std::string(), secret.substr(1), secret + "0", std::string("Bearer")})
    EXPECT_EQ(told(reader, in.set("X-Gateway-Key", other)), forged) << other;
  EXPECT_EQ(told(reader, in.drop("X-Gateway-Key")), forged);
  in.fields = {{"x-gateway-key", secret}, {"X-Gateway-Key", secret}};
  EXPECT_EQ(told(reader, in), forged) << "twice";
  EXPECT_EQ(told(reader, delivered(), now), forged) << "a signature is not the secret";
}

TEST(HttpReceipt, SaysWhatTheConfigurationSays) {
  const http_receipt reader(shared());
  const std::pair<const char*, const char*> table[] = {
      {R"("DELIVRD")", "delivered"},
      {R"("delivrd")", "delivered"},
      {"2", "delivered"},
      {R"("2")", "delivered"},
      {R"("UNDELIV")", "failed"},
      {R"("expired")", "failed"},
      {"true", "failed"},
      {R"("ENROUTE")", "sent"},
      {R"("")", "sent"},
      {"false", "sent"},
      {"22", "sent"},
  };
  for (const auto& [status, state] : table) {
    const auto in =
        with_secret(R"({"event":{"state":)" + std::string(status) + R"(,"ref":")" + reference + "\"}}");
    EXPECT_EQ(told(reader, in), std::string(state) + " " + reference) << status;
  }
}

TEST(HttpReceipt, ReadsAForm) {
  auto options = shared();
  options.reference = "ref";
  options.status = "state";
  const http_receipt reader(options);
  EXPECT_EQ(told(reader, with_secret("state=UNDELIV&x=1&ref=" + reference)), "failed " + reference);
  EXPECT_EQ(told(reader, with_secret("state=UNDELIV&x=%31")), "sent ");
  EXPECT_EQ(told(reader, with_secret("state=UNDELIV&state=DELIVRD&ref=" + reference)), malformed);
  EXPECT_EQ(told(reader, with_secret("ref=" + reference)), malformed);
  EXPECT_EQ(told(reader, with_secret("state=%&ref=" + reference)), malformed);
  auto in = with_secret("x=1");
  in.query = "state=UNDELIV&ref=" + reference;
  EXPECT_EQ(told(reader, in), malformed) << "nothing is read from the query";
}

TEST(HttpReceipt, OfAMessageThatIsNotOursBringsNothing) {
  const http_receipt reader(shared());
  for (const char* body :
       {R"({"event":{"state":"DELIVRD"}})", R"({"event":{"state":"DELIVRD","ref":null}})",
        R"({"event":{"state":"DELIVRD","ref":""}})", R"({"event":{"state":"DELIVRD","ref":{}}})",
        R"({"event":{"state":"DELIVRD","ref":"a b"}})"}) {
    EXPECT_EQ(told(reader, with_secret(body)), "sent ") << body;
  }
}

TEST(HttpReceipt, IsMalformedWithoutStatus) {
  const http_receipt reader(shared());
  for (const char* body : {"", "{", "[]", "{}", R"({"event":"x"})", R"({"event":{"state":null,"ref":"a"}})",
                           R"({"event":{"state":["DELIVRD"],"ref":"a"}})", R"({"event":{"state":"2"}} x)"}) {
    EXPECT_EQ(told(reader, with_secret(body)), malformed) << body;
  }
  auto in = with_secret(delivered().body);
  in.method = net::method::get;
  EXPECT_EQ(told(reader, in), malformed);
}

TEST(HttpReceipt, IsNotExpectedWithoutASecret) {
  auto options = standard();
  options.webhook_secret.clear();
  EXPECT_EQ(told(http_receipt(options), delivered(), now), not_expected);
  EXPECT_EQ(told(http_receipt(http_receipt_options{}), delivered(), now), not_expected);
}

std::string refusal(const http_receipt_options& options) try {
  const http_receipt reader(options);
  return "";
} catch (const std::invalid_argument& error) {
  const std::string text = error.what();
  return text.substr(0, text.find(':'));
}

TEST(HttpReceipt, RefusesAConfigurationThatProvesNothing) {
  EXPECT_EQ(refusal(standard()), "");
  EXPECT_EQ(refusal(shared()), "");
  const auto expect_refusal = [](http_receipt_options options, const char* option, auto spoil) {
    spoil(options);
    EXPECT_EQ(refusal(options), option);
  };
  expect_refusal(standard(), "webhook_secret", [](auto& o) { o.webhook_secret = key; });
  expect_refusal(standard(), "webhook_secret", [](auto& o) { o.webhook_secret = "whsec_"; });
  expect_refusal(standard(), "webhook_secret", [](auto& o) { o.webhook_secret = "whsec_AAAA"; });
  expect_refusal(standard(), "webhook_secret", [](auto& o) { o.webhook_secret += "="; });
  expect_refusal(standard(), "webhook_secret", [](auto& o) { o.webhook_secret += std::string(60, 'A'); });
  expect_refusal(standard(), "secret", [](auto& o) { o.secret = "0123456789abcdef"; });
  expect_refusal(shared(), "secret", [](auto& o) { o.secret = "0123456789abcde"; });
  expect_refusal(shared(), "secret", [](auto& o) { o.secret = " 0123456789abcdef"; });
  expect_refusal(shared(), "secret", [](auto& o) { o.secret += "\n"; });
  expect_refusal(shared(), "secret_header", [](auto& o) { o.secret_header = ""; });
  expect_refusal(shared(), "secret_header", [](auto& o) { o.secret_header = "X Y"; });
  expect_refusal(shared(), "reference", [](auto& o) { o.reference = ""; });
  expect_refusal(shared(), "reference", [](auto& o) { o.reference = "/~2"; });
  expect_refusal(shared(), "status", [](auto& o) { o.status = ""; });
  expect_refusal(shared(), "status", [](auto& o) { o.status = "state"; });
  expect_refusal(shared(), "delivered", [](auto& o) { o.delivered = o.failed = {}; });
  expect_refusal(shared(), "delivered", [](auto& o) { o.delivered.push_back("expired"); });
}

}  // namespace
}  // namespace otpd::sms
