// RELIABILITY A29: what Vonage reports, signed or by the token of the callback's URL; GET, form and JSON.

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/json.hpp>

#include "system/receipt_world.hpp"
#include "system/recipients.hpp"
#include "system/signatures.hpp"

namespace otpd::test {
namespace {

constexpr const char* form_type = "application/x-www-form-urlencoded";
constexpr const char* refused = "403 receipt_refused";

fields receipt(const receipt_world::sent& of, const std::string& status) {
  return {{"msisdn", "4915170000001"}, {"to", "Example"}, {"messageId", "0A1"}, {"status", status},
          {"scts", "2611250200"},      {"err-code", "0"}, {"price", "0.03&=x"}, {"client-ref", of.reference}};
}

std::string text_to_sign(const fields& what) {
  std::string out;
  for (const auto& [name, value] : what) {
    std::string plain = value;
    std::ranges::replace_if(
        plain, [](char c) { return c == '&' || c == '='; }, '_');
    out += "&" + name + "=" + plain;
  }
  return out;
}

fields with_time(fields what, int offset = 0) {
  what["timestamp"] = unix_time(offset);
  what["nonce"] = "d1f3a5";
  return what;
}

fields signed_by_hmac(fields what, std::string_view secret = vonage_signing) {
  what["sig"] = hex(hmac("SHA256", secret, text_to_sign(what)));
  return what;
}

fields signed_by_md5(fields what) {
  what["sig"] = hex(digest("MD5", text_to_sign(what) + std::string(vonage_signing)));
  return what;
}

std::string json_of(const fields& what) {
  boost::json::object out;
  for (const auto& [name, value] : what)
    out[name] = value;
  return boost::json::serialize(out);
}

class VonageReceipts : public testing::Test {
 protected:
  void SetUp() override {
    const std::string secret = "signature_secret = {env = \"VONAGE_SIGNATURE_SECRET\"}\n";
    world.provider("signed", "vonage", "+49", secret + "signature_method = \"sha256\"\n");
    world.provider("older", "vonage", "+33", secret);
    world.provider("token", "vonage", "+44");
    ASSERT_NO_THROW(world.start());
  }

  receipt_world world;
};

TEST_F(VonageReceipts, SignedOnesAreReadFromGetFormAndJson) {
  const auto first = world.send(phone_number(1));
  const auto second = world.send(phone_number(2));
  const auto third = world.send(phone_number(3));
  EXPECT_EQ(first.callback, "https://otp.example.com/hooks/signed");
  EXPECT_EQ(first.request.form().at("status-report-req"), "1");
  const auto told = [](const auto& of, const char* status) {
    return signed_by_hmac(with_time(receipt(of, status)));
  };
  EXPECT_EQ(world.request("GET", "/hooks/signed?" + form_of(told(first, "buffered"))), "204");
  EXPECT_EQ(world.delivery_of(first), "sent");
  EXPECT_EQ(world.request("GET", "/hooks/signed?" + form_of(told(first, "delivered"))), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
  EXPECT_EQ(world.post("/hooks/signed", form_type, form_of(told(second, "expired"))), "204");
  EXPECT_EQ(world.delivery_of(second), "failed");
  EXPECT_EQ(world.post("/hooks/signed", "application/json", json_of(told(third, "rejected"))), "204");
  EXPECT_EQ(world.delivery_of(third), "failed");
  // Old news.
  EXPECT_EQ(world.request("GET", "/hooks/signed?" + form_of(told(second, "delivered"))), "204");
  EXPECT_EQ(world.delivery_of(second), "failed");
}

TEST_F(VonageReceipts, TheOlderSignatureIsTheDefault) {
  const auto message = world.send("+33612345678");
  const auto what = with_time(receipt(message, "delivered"));
  EXPECT_EQ(world.post("/hooks/older", form_type, form_of(signed_by_hmac(what))), refused);
  EXPECT_EQ(world.delivery_of(message), "sent");
  EXPECT_EQ(world.post("/hooks/older", form_type, form_of(signed_by_md5(what))), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST_F(VonageReceipts, ForgedAndStaleOnesChangeNothing) {
  const auto message = world.send(phone_number(1));
  const auto what = with_time(receipt(message, "delivered"));
  const auto post = [&](const fields& sent) { return world.post("/hooks/signed", form_type, form_of(sent)); };
  EXPECT_EQ(post(what), refused) << "unsigned";
  EXPECT_EQ(post(signed_by_hmac(what, "another-secret")), refused);
  fields changed = signed_by_hmac(with_time(receipt(message, "buffered")));
  changed["status"] = "delivered";
  EXPECT_EQ(post(changed), refused);
  EXPECT_EQ(post(signed_by_hmac(receipt(message, "delivered"))), refused) << "no time";
  EXPECT_EQ(post(signed_by_hmac(with_time(receipt(message, "delivered"), -400))), refused) << "replayed";
  EXPECT_EQ(post(signed_by_hmac(with_time(receipt(message, "delivered"), 400))), refused);
  // A token is no signature.
  EXPECT_EQ(world.request("GET", "/hooks/signed?token=" + message.reference + "&" + form_of(what)), refused);
  EXPECT_EQ(world.delivery_of(message), "sent");
  EXPECT_EQ(post(signed_by_hmac(what)), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST_F(VonageReceipts, OfAnEarlierSendOrAnotherProviderChangeNothing) {
  const std::string to = phone_number(1);
  const auto first = world.send(to);
  const auto second = world.send_again(first, to);
  const auto other = world.send("+33612345678");
  const auto told = [](const auto& of) { return signed_by_hmac(with_time(receipt(of, "delivered"))); };
  EXPECT_EQ(world.post("/hooks/signed", form_type, form_of(told(first))), "204");
  EXPECT_EQ(world.post("/hooks/signed", form_type, form_of(told(other))), "204");
  EXPECT_EQ(world.delivery_of(first), "sent");
  EXPECT_EQ(world.delivery_of(other), "sent");
  EXPECT_EQ(world.post("/hooks/signed", form_type, form_of(told(second))), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
}

TEST_F(VonageReceipts, WithoutASecretTheCallbacksTokenProvesThem) {
  const auto first = world.send("+447400123456");
  const auto second = world.send("+447400123457");
  ASSERT_EQ(first.callback, "https://otp.example.com/hooks/token?token=" + first.reference);
  const std::string mine = first.callback.substr(receipt_world::public_url.size());
  const std::string others = second.callback.substr(receipt_world::public_url.size());
  const auto what = receipt(first, "delivered");
  EXPECT_EQ(world.request("GET", "/hooks/token?" + form_of(what)), refused);
  EXPECT_EQ(world.post("/hooks/token", "application/json", json_of(what)), refused);
  EXPECT_EQ(world.post(others, "application/json", json_of(what)), refused) << "another message's token";
  EXPECT_EQ(world.post("/hooks/token?token=", form_type, form_of(what)), refused);
  EXPECT_EQ(world.delivery_of(first), "sent");

  EXPECT_EQ(world.post(mine, "application/json", json_of(what)), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
  EXPECT_EQ(world.request("GET", others + "&" + form_of(receipt(second, "failed"))), "204");
  EXPECT_EQ(world.delivery_of(second), "failed");
}

TEST_F(VonageReceipts, WhatIsNoReceiptIsSaidSo) {
  const char* malformed = "400 malformed_receipt";
  EXPECT_EQ(world.post("/hooks/signed", "application/json", "[1]"), malformed);
  EXPECT_EQ(world.post("/hooks/signed", "text/plain", "status=delivered"), malformed);
  EXPECT_EQ(world.post("/hooks/signed", form_type, "status=a&status=b"), malformed);
  EXPECT_EQ(world.post("/hooks/signed", form_type, form_of(signed_by_hmac(with_time({{"to", "x"}})))),
            malformed);
}

}  // namespace
}  // namespace otpd::test
