#include "sms/webhook_signature.hpp"

#include <gtest/gtest.h>

#include <set>
#include <stdexcept>

#include "crypto/encoding.hpp"

namespace otpd::sms {
namespace {

// The vector that the libraries of Standard Webhooks test themselves with.
const std::string secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
constexpr std::string_view id = "msg_p5jXN8AQM9LWM0D4loKWxJek";
constexpr std::chrono::sys_seconds at{std::chrono::seconds{1614265330}};
constexpr std::string_view body = R"({"test": 2432232314})";
constexpr std::string_view signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

// The longest key, the bytes 0 to 63: the signature is Python's hmac module's.
const std::string long_secret =
    "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8gISIjJCUmJygpKissLS4vMDEyMzQ1Njc4OTo7PD0+Pw==";
constexpr std::string_view long_signature = "v1,LZ5zuwHTqQH3VM8ERUusjzVQq1FXzemvpR8Mk7Ivp5c=";

webhook_signer signer_of(std::vector<std::string> secrets) {
  return webhook_signer{secrets};
}

std::string secret_of(std::size_t bytes) {
  return "whsec_" + crypto::to_base64(std::vector<std::uint8_t>(bytes, 7));
}

TEST(WebhookSignature, IsThePublishedVector) {
  EXPECT_EQ(signer_of({secret}).sign(id, at, body), signature);
  EXPECT_EQ(signer_of({long_secret}).sign(id, at, body), long_signature);
}

TEST(WebhookSignature, EverySecretSigns) {
  EXPECT_EQ(signer_of({long_secret, secret}).sign(id, at, body),
            std::string{long_signature}.append(" ").append(signature));
  EXPECT_EQ(signer_of({}).sign(id, at, body), "");
  EXPECT_FALSE(signer_of({}).has_secret());
}

TEST(WebhookSignature, CoversIdAndTimeAndBody) {
  const auto signer = signer_of({secret});
  EXPECT_NE(signer.sign("msg_p5jXN8AQM9LWM0D4loKWxJel", at, body), signature);
  EXPECT_NE(signer.sign(id, at + std::chrono::seconds{1}, body), signature);
  EXPECT_NE(signer.sign(id, at, R"({"test": 2432232315})"), signature);
}

TEST(WebhookSignature, AMadeIdIsTheSameForTheSameOnly) {
  const auto signer = signer_of({secret});
  std::set<std::string> ids;
  for (const auto* text : {"", "a", "b"})
    for (int second = 0; second < 3; ++second) {
      const auto when = at + std::chrono::seconds{second};
      const auto made = signer.make_id(when, text);
      EXPECT_EQ(made.size(), 32U);
      EXPECT_EQ(made.find('.'), std::string::npos);
      EXPECT_EQ(made, signer.make_id(when, text));
      EXPECT_NE(made, signer_of({long_secret}).make_id(when, text));
      ids.insert(made);
    }
  EXPECT_EQ(ids.size(), 9U);
}

TEST(WebhookSignature, ASecretIsWhsecAndBase64OfTheRightLength) {
  for (const std::size_t bytes : {24U, 25U, 32U, 63U, 64U})
    EXPECT_TRUE(is_webhook_secret(secret_of(bytes))) << bytes;
  for (const std::size_t bytes : {0U, 1U, 23U, 65U, 100U})
    EXPECT_FALSE(is_webhook_secret(secret_of(bytes))) << bytes;
  for (const auto& text :
       {std::string{}, std::string{"whsec_"}, secret.substr(6), "WHSEC_" + secret.substr(6), "v1," + secret,
        secret + "=", secret + " ", secret + "\n", "whsk_" + secret.substr(6)})
    EXPECT_FALSE(is_webhook_secret(text)) << text;
}

TEST(WebhookSignature, ARefusalDoesNotTellTheSecret) {
  try {
    signer_of({secret, "whsec_s3cret"});
    FAIL();
  } catch (const std::invalid_argument& error) {
    EXPECT_EQ(std::string{error.what()}.find("s3cret"), std::string::npos);
  }
}

}  // namespace
}  // namespace otpd::sms
