// RELIABILITY A29: what Twilio reports of a message, signed as Twilio signs, over sockets.

#include <gtest/gtest.h>

#include <atomic>

#include "system/receipt_world.hpp"
#include "system/recipients.hpp"
#include "system/signatures.hpp"

namespace otpd::test {
namespace {

constexpr const char* form_type = "application/x-www-form-urlencoded";
constexpr const char* refused = "403 receipt_refused";

// What Twilio says of a message; its fields vary, and otpd is to take those it does not know.
fields callback(const std::string& status) {
  return {{"MessageSid", "SM00000000000000000000000000000001"},
          {"MessageStatus", status},
          {"SmsStatus", status},
          {"To", "+4915170000001"},
          {"AccountSid", std::string(twilio_sid)},
          {"Something New", "a=b&c d+é"}};
}

std::string signature(const std::string& url, const fields& what, std::string_view token = twilio_token) {
  std::string text = url;
  for (const auto& [name, value] : what)
    text += name + value;
  return "X-Twilio-Signature: " + base64(hmac("SHA1", token, text)) + "\r\n";
}

class TwilioReceipts : public testing::Test {
 protected:
  void SetUp() override {
    world.provider("twilio", "twilio", "+4915");
    world.provider("vonage", "vonage", "+33", "signature_secret = {env = \"VONAGE_SIGNATURE_SECRET\"}\n");
    ASSERT_NO_THROW(world.start());
  }

  // As Twilio does, to the URL that it was given.
  [[nodiscard]] std::string report(const std::string& url, const fields& what) const {
    return post(url, what, signature(url, what));
  }
  [[nodiscard]] std::string post(const std::string& url, const fields& what,
                                 const std::string& header) const {
    return world.post(url.substr(receipt_world::public_url.size()), form_type, form_of(what), header);
  }

  receipt_world world;
};

TEST_F(TwilioReceipts, MoveSentToDeliveredOrFailedOnce) {
  const auto first = world.send(phone_number(1));
  const auto second = world.send(phone_number(2));
  const auto third = world.send(phone_number(3));
  EXPECT_TRUE(first.callback.starts_with("https://otp.example.com/hooks/twilio?ref="));
  EXPECT_NE(first.reference, second.reference);

  EXPECT_EQ(report(first.callback, callback("sent")), "204");
  EXPECT_EQ(world.delivery_of(first), "sent");
  EXPECT_EQ(report(first.callback, callback("delivered")), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
  EXPECT_EQ(report(second.callback, callback("undelivered")), "204");
  EXPECT_EQ(world.delivery_of(second), "failed");
  EXPECT_EQ(world.delivery_of(third), "sent");

  // Replayed, or out of order: believed, and old news.
  for (const char* status : {"sent", "delivered", "undelivered", "failed"}) {
    EXPECT_EQ(report(first.callback, callback(status)), "204");
    EXPECT_EQ(world.delivery_of(first), "delivered") << status;
    EXPECT_EQ(report(second.callback, callback(status)), "204");
    EXPECT_EQ(world.delivery_of(second), "failed") << status;
  }
}

TEST_F(TwilioReceipts, TwilioMaySpellThePort) {
  const auto message = world.send(phone_number(1));
  std::string spelled = message.callback;
  spelled.insert(receipt_world::public_url.size(), ":443");
  const auto what = callback("delivered");
  EXPECT_EQ(post(message.callback, what, signature(spelled, what)), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST_F(TwilioReceipts, ForgedOnesChangeNothing) {
  const auto message = world.send(phone_number(1));
  const auto other = world.send(phone_number(2));
  const auto what = callback("delivered");
  const std::string good = signature(message.callback, what);
  EXPECT_EQ(post(message.callback, what, ""), refused);
  EXPECT_EQ(post(message.callback, what, "X-Twilio-Signature: \r\n"), refused);
  EXPECT_EQ(post(message.callback, what, good + good), refused);
  EXPECT_EQ(post(message.callback, what, signature(message.callback, what, "another-token")), refused);
  // A true one of another message, of another status, of another address.
  EXPECT_EQ(post(message.callback, what, signature(other.callback, what)), refused);
  EXPECT_EQ(post(message.callback, what, signature(message.callback, callback("sent"))), refused);
  std::string elsewhere = message.callback;
  elsewhere.replace(0, receipt_world::public_url.size(), "https://localhost");
  EXPECT_EQ(post(message.callback, what, signature(elsewhere, what)), refused);
  auto more = what;
  more["Added"] = "1";
  EXPECT_EQ(post(message.callback, more, good), refused);
  EXPECT_EQ(world.delivery_of(message), "sent");
  EXPECT_EQ(world.delivery_of(other), "sent");
  EXPECT_EQ(post(message.callback, what, good), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST_F(TwilioReceipts, OfAnEarlierSendAreLate) {
  const std::string to = phone_number(1);
  const auto first = world.send(to);
  const auto second = world.send_again(first, to);
  ASSERT_EQ(second.id, first.id);
  ASSERT_NE(second.reference, first.reference);
  EXPECT_EQ(report(first.callback, callback("undelivered")), "204");
  EXPECT_EQ(world.delivery_of(first), "sent");
  EXPECT_EQ(report(first.callback, callback("delivered")), "204");
  EXPECT_EQ(world.delivery_of(first), "sent");
  EXPECT_EQ(report(second.callback, callback("delivered")), "204");
  EXPECT_EQ(world.delivery_of(first), "delivered");
}

// Twilio may be quicker with its callback than with its answer: it is told to try again.
TEST(TwilioReceiptsInARace, BeforeTheAnswerAreToComeAgain) {
  receipt_world world;
  std::atomic<bool> is_told_to_wait = false;
  const auto report = [&](const std::string& url) {
    const auto what = callback("delivered");
    return world.post(url.substr(receipt_world::public_url.size()), form_type, form_of(what),
                      signature(url, what));
  };
  world.instead = [&](const vendor_request& request) {
    is_told_to_wait = report(request.form().at("StatusCallback")) == "503 store_unavailable";
    return std::optional<vendor_answer>();
  };
  world.provider("twilio", "twilio", "");
  ASSERT_NO_THROW(world.start());
  const auto message = world.send(phone_number(1));
  EXPECT_TRUE(is_told_to_wait);
  EXPECT_EQ(world.delivery_of(message), "sent");
  EXPECT_EQ(report(message.callback), "204");
  EXPECT_EQ(world.delivery_of(message), "delivered");
}

TEST(TwilioReceiptsInARace, OfAMessageWithoutAnAnswerChangeNothing) {
  receipt_world world;
  world.instead = [](const vendor_request&) {
    return std::optional<vendor_answer>({"", vendor_answer::end::hang});
  };
  world.provider("twilio", "twilio", "", "timeout = \"300ms\"\n");
  ASSERT_NO_THROW(world.start());
  const http_answer issued = world.server.issue(phone_number(1));
  EXPECT_EQ(issued.text("delivery"), "unknown");
  const std::string url = world.last_request().form().at("StatusCallback");
  const auto what = callback("delivered");
  EXPECT_EQ(world.post(url.substr(receipt_world::public_url.size()), form_type, form_of(what),
                       signature(url, what)),
            "204");
  EXPECT_EQ(world.server.delivery_of(issued.text("id")), "unknown");
}

TEST_F(TwilioReceipts, OfAnotherProvidersMessageChangeNothing) {
  const auto message = world.send("+33612345678");  // by Vonage
  const std::string url = std::string(receipt_world::public_url) + "/hooks/twilio?ref=" + message.reference;
  EXPECT_EQ(report(url, callback("delivered")), "204");
  EXPECT_EQ(world.delivery_of(message), "sent");
}

TEST_F(TwilioReceipts, OfMessagesThatNobodyKnowsAreTakenAlike) {
  const std::string base = std::string(receipt_world::public_url) + "/hooks/twilio";
  for (const std::string query : {"", "?ref=", "?ref=abc", "?ref=9l2Yb8cRr0yQe1v0mJw5T3n7cQm4xZ0Habcd"})
    EXPECT_EQ(report(base + query, callback("delivered")), "204") << query;
}

TEST_F(TwilioReceipts, WhatIsNoReceiptIsSaidSo) {
  const auto message = world.send(phone_number(1));
  const std::string target = message.callback.substr(receipt_world::public_url.size());
  fields no_status = callback("delivered");
  no_status.erase("MessageStatus");
  EXPECT_EQ(report(message.callback, no_status), "400 malformed_receipt");
  EXPECT_EQ(world.post(target, "application/json", "{}"), "400 malformed_receipt");
  EXPECT_EQ(world.request("GET", target), "400 malformed_receipt");
  EXPECT_EQ(world.request("PUT", target), "405 method_not_allowed");
  EXPECT_EQ(world.post("/hooks/nobody", form_type, "a=b"), "404 not_found");
  EXPECT_EQ(world.post("/hooks/console", form_type, "a=b"), "404 not_found");
  EXPECT_EQ(world.post("/hooks/", form_type, "a=b"), "404 not_found");
  EXPECT_EQ(world.delivery_of(message), "sent");
}

TEST_F(TwilioReceipts, ConversionIsCountedByProviderAndCountry) {
  const auto german = world.send(phone_number(1));
  const auto french = world.send("+33612345678");
  const auto unread = world.send(phone_number(2));
  const std::string of_twilio = R"({provider="twilio",country="DE"})";
  const std::string of_vonage = R"({provider="vonage",country="FR"})";
  EXPECT_EQ(world.server.number("otpd_accepted_total" + of_twilio), 2);
  EXPECT_EQ(world.server.number("otpd_accepted_total" + of_vonage), 1);

  const std::string code = code_in(german.request.form().at("Body"));
  EXPECT_TRUE(world.server.check(german.id, other_than(code)).says_wrong());
  EXPECT_TRUE(world.server.check(german.id, code).says_right());
  EXPECT_TRUE(world.server.check(french.id, code_in(french.request.form().at("text"))).says_right());
  EXPECT_EQ(world.server.number("otpd_conversions_total" + of_twilio), 1);
  EXPECT_EQ(world.server.number("otpd_conversions_total" + of_vonage), 1);
  // A receipt may come after the code.
  EXPECT_EQ(report(german.callback, callback("delivered")), "204");
  const http_answer seen = ask(world.server.port(), read_request(german.id));
  EXPECT_EQ(seen.text("status"), "approved");
  EXPECT_EQ(seen.text("delivery"), "delivered");
}

}  // namespace
}  // namespace otpd::test
