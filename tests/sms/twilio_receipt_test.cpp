#include "sms/twilio_receipt.hpp"

#include <gtest/gtest.h>

#include "crypto/encoding.hpp"
#include "crypto/hmac.hpp"
#include "sms/hook_request.hpp"

namespace otpd::sms {
namespace {

using namespace test;

constexpr const char* form_type = "application/x-www-form-urlencoded; charset=UTF-8";
const std::string token = "d0c5a3a1b2c3d4e5f60718293a4b5c6d";
const std::string reference = "q1w2e3r4t5y6u7i8o9p0a-";

twilio_receipt ours() {
  return twilio_receipt({.auth_token = token, .public_url = "https://otp.example.org"});
}

std::string sign(const std::string& text, const std::string& key = token) {
  return crypto::to_base64(crypto::hmac(crypto::hash::sha1, key, text));
}

// Signed by the openssl command: printf %s 'https://...To+4915112345601' | openssl dgst -sha1 -hmac TOKEN.
hook_request delivered() {
  hook_request out;
  out.path = "/hooks/twilio";
  out.query = "ref=" + reference;
  out.body =
      "To=%2B4915112345601&MessageSid=SM45&MessageStatus=delivered&SmsStatus=delivered&AccountSid=AC0123&"
      "From=%2B15550100&ApiVersion=2010-04-01&RawDlrDoneDate=2611250130";
  out.set("Content-Type", form_type).set("X-Twilio-Signature", "b9UBnJ9+2hgxY3izYLKfC0Yrj7k=");
  return out;
}

TEST(TwilioReceipt, IsBelieved) {
  EXPECT_EQ(told(ours(), delivered()), "delivered " + reference);
}

TEST(TwilioReceipt, SaysWhatTheStatusMeans) {
  const std::pair<const char*, const char*> table[] = {
      {"delivered", "delivered"}, {"undelivered", "failed"},
      {"failed", "failed"},       {"sent", "sent"},
      {"queued", "sent"},         {"sending", "sent"},
      {"accepted", "sent"},       {"scheduled", "sent"},
      {"read", "sent"},           {"canceled", "sent"},
      {"receiving", "sent"},      {"received", "sent"},
      {"something", "sent"},      {"", "sent"},
      {"Delivered", "sent"},      {"partially_delivered", "sent"},
  };
  for (const auto& [status, state] : table) {
    auto in = delivered();
    in.body = "MessageStatus=" + std::string(status);
    in.set("X-Twilio-Signature",
           sign("https://otp.example.org/hooks/twilio?ref=" + reference + "MessageStatus" + status));
    EXPECT_EQ(told(ours(), in), std::string(state) + " " + reference) << status;
  }
}

// The vectors of Twilio's own libraries (twilio-python, tests/unit/test_request_validator.py): what they sign
// is no receipt, so whoever is believed is malformed.
TEST(TwilioReceipt, IsSignedAsTwilioPublishes) {
  const twilio_receipt reader({.auth_token = "12345", .public_url = "https://mycompany.com"});
  hook_request in;
  in.path = "/myapp.php";
  in.query = "foo=1&bar=2";
  in.set("Content-Type", form_type);
  const std::pair<const char*, const char*> table[] = {
      {"CallSid=CA1234567890ABCDE&Digits=1234&From=%2B14158675309&To=%2B18005551212&Caller=%2B14158675309",
       "RSOYDt4T1cUTdK1PDd93/VVr8B8="},
      {"Sid=CA123&SidAccount=AC123&Digits=5678&Digits=1234&Digits=1234", "IK+Dwps556ElfBT0I3Rgjkr1wJU="},
  };
  for (const auto& [body, signature] : table) {
    in.body = body;
    in.set("X-Twilio-Signature", signature);
    EXPECT_EQ(told(reader, in), malformed) << body;
    in.body += "&x=";
    EXPECT_EQ(told(reader, in), forged) << body;
  }
  in.query += "&bodySHA256=0a1ff7634d9ab3b95db5c9a2dfe9416e41502b283a80c7cf19632632f96e6620";
  in.body = R"({"property": "value", "boolean": true})";
  in.set("Content-Type", "application/json").set("X-Twilio-Signature", "a9nBmqA0ju/hNViExpshrM61xv4=");
  EXPECT_EQ(told(reader, in), malformed);
  in.body.back() = ' ';
  EXPECT_EQ(told(reader, in), forged);
}

// Signed by the openssl command, as above.
TEST(TwilioReceipt, MayBeJsonWithItsDigestInTheUrl) {
  auto in = delivered();
  in.query += "&bodySHA256=963e9196fc230b8cef6f63c1fcace8347880f7b50051abb4c76a0a440744b796";
  in.body = R"({"MessageStatus":"undelivered","ErrorCode":30003})";
  in.set("Content-Type", "application/json").set("X-Twilio-Signature", "ssMmWfa2PMfQ/fb83AfbewU39nE=");
  EXPECT_EQ(told(ours(), in), "failed " + reference);
  auto other = in;
  other.body = R"({"MessageStatus":"delivered","ErrorCode":30003})";
  EXPECT_EQ(told(ours(), other), forged);
  other = in;
  other.query.back() = '7';
  EXPECT_EQ(told(ours(), other), forged);
  other = in;
  other.query += "&bodySHA256=963e9196fc230b8cef6f63c1fcace8347880f7b50051abb4c76a0a440744b796";
  EXPECT_EQ(told(ours(), other), forged);
  other.set("X-Twilio-Signature", sign("https://otp.example.org/hooks/twilio?" + other.query));
  EXPECT_EQ(told(ours(), other), forged) << "which of the two is meant?";
}

TEST(TwilioReceipt, IsForgedWithEveryBitOfTheSignature) {
  const auto signature = crypto::from_base64(delivered().fields.back().second);
  ASSERT_TRUE(signature);
  for (std::size_t bit = 0; bit < signature->size() * 8; ++bit) {
    auto flipped = *signature;
    flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
    auto in = delivered();
    in.set("X-Twilio-Signature", crypto::to_base64(flipped));
    ASSERT_EQ(told(ours(), in), forged) << bit;
  }
}

TEST(TwilioReceipt, IsForgedWithoutExactlyOneWellFormedSignature) {
  auto in = delivered();
  const std::string good = in.fields.back().second;
  in.fields.emplace_back("x-twilio-signature", good);
  EXPECT_EQ(told(ours(), in), forged) << "twice";
  in.drop("x-twilio-signature");
  for (const std::string& bad :
       {std::string(), good.substr(0, 27), good + "=", good + good, good.substr(0, 24), std::string("AAAA"),
        "sha1=" + good, good + " " + good}) {
    in.set("X-Twilio-Signature", bad);
    EXPECT_EQ(told(ours(), in), forged) << bad;
  }
  in.drop("X-Twilio-Signature");
  EXPECT_EQ(told(ours(), in), forged) << "none";
}

TEST(TwilioReceipt, IsForgedByAnyOtherContent) {
  const auto expect_forged = [](auto spoil) {
    auto in = delivered();
    spoil(in);
    EXPECT_EQ(told(ours(), in), forged) << in.path << "?" << in.query << " " << in.body;
  };
  expect_forged([](auto& in) { in.body += "&ErrorCode=0"; });
  expect_forged([](auto& in) { in.body += "&a="; });
  expect_forged([](auto& in) { in.body += "&MessageStatus=failed"; });
  expect_forged([](auto& in) { in.body = in.body.substr(0, in.body.rfind('&')); });
  expect_forged([](auto& in) { in.body.back() = '1'; });
  expect_forged([](auto& in) { in.body.replace(in.body.find("delivered"), 9, "failed"); });
  expect_forged([](auto& in) { in.body.clear(); });
  expect_forged([](auto& in) { in.path = "/hooks/other"; });
  expect_forged([](auto& in) { in.query.back() = 'b'; });
  expect_forged([](auto& in) { in.query += "&ref=x"; });
  expect_forged([](auto& in) { in.query.clear(); });
}

TEST(TwilioReceipt, IsForgedWithAnotherTokenOrUrl) {
  EXPECT_EQ(told(twilio_receipt({token + "0", "https://otp.example.org"}), delivered()), forged);
  EXPECT_EQ(told(twilio_receipt({token.substr(1), "https://otp.example.org"}), delivered()), forged);
  EXPECT_EQ(told(twilio_receipt({token, "http://otp.example.org"}), delivered()), forged);
  EXPECT_EQ(told(twilio_receipt({token, "https://otp.example.com"}), delivered()), forged);
  auto in = delivered();
  in.set("Host", "otp.example.org").set("X-Forwarded-Host", "otp.example.org");
  EXPECT_EQ(told(twilio_receipt({token, "https://otp.example.com"}), in), forged) << "Host is nobody's word";
}

TEST(TwilioReceipt, SignsRepeatedFieldsOnceAndInOrder) {
  auto in = delivered();
  in.body = "Zone=b&Zone=a&MessageStatus=delivered&Zone=b&Zone=&aa=2&a=1&Zone=a";
  in.set("X-Twilio-Signature", sign("https://otp.example.org/hooks/twilio?ref=" + reference +
                                    "MessageStatusdelivered"
                                    "Zone"
                                    "Zonea"
                                    "Zoneb"
                                    "a1"
                                    "aa2"));
  EXPECT_EQ(told(ours(), in), "delivered " + reference);
}

TEST(TwilioReceipt, MayBeSignedWithThePortOrWithout) {
  const std::string rest = "/hooks/twilio?ref=" + reference + "MessageStatussent";
  const auto read = [&](const std::string& base, const std::string& signed_base) {
    auto in = delivered();
    in.body = "MessageStatus=sent";
    in.set("X-Twilio-Signature", sign(signed_base + rest));
    return told(twilio_receipt({token, base}), in);
  };
  const std::string good = "sent " + reference;
  for (const char* base : {"https://h.example", "https://h.example:443", "https://h.example/"}) {
    EXPECT_EQ(read(base, "https://h.example"), good) << base;
    EXPECT_EQ(read(base, "https://h.example:443"), good) << base;
    EXPECT_EQ(read(base, "https://h.example:80"), forged) << base;
    EXPECT_EQ(read(base, "http://h.example"), forged) << base;
  }
  EXPECT_EQ(read("https://h.example:8443", "https://h.example:8443"), good);
  EXPECT_EQ(read("https://h.example:8443", "https://h.example"), good);
  EXPECT_EQ(read("https://h.example:8443", "https://h.example:443"), forged);
  EXPECT_EQ(read("http://[2001:db8::1]", "http://[2001:db8::1]:80"), good);
  EXPECT_EQ(read("http://[2001:db8::1]:80", "http://[2001:db8::1]"), good);
  EXPECT_EQ(read("https://h.example/otp/", "https://h.example:443/otp"), good);
  EXPECT_EQ(read("https://h.example:443/otp", "https://h.example/otp"), good);
}

TEST(TwilioReceipt, OfAMessageThatIsNotOursBringsNothing) {
  for (const std::string& query : {std::string(), std::string("x=1"), std::string("ref="),
                                   std::string("ref=a%20b"), "ref=" + std::string(41, 'a')}) {
    auto in = delivered();
    in.query = query;
    in.body = "MessageStatus=failed&ref=" + reference;
    in.set("X-Twilio-Signature",
           sign("https://otp.example.org/hooks/twilio" + (query.empty() ? "" : "?" + query) +
                "MessageStatusfailedref" + reference));
    EXPECT_EQ(told(ours(), in), "sent ") << query;
  }
}

TEST(TwilioReceipt, IsMalformedIfTwilioWouldNotSendIt) {
  auto in = delivered();
  in.method = net::method::get;
  EXPECT_EQ(told(ours(), in), malformed);
  in = delivered();
  in.set("Content-Type", "text/plain");
  EXPECT_EQ(told(ours(), in), malformed);
  in.set("Content-Type", "application/json");
  EXPECT_EQ(told(ours(), in), malformed) << "JSON needs its digest";
  in = delivered();
  in.body += "&a=%";
  EXPECT_EQ(told(ours(), in), malformed);
  in = delivered();
  in.query += "&a=%";
  EXPECT_EQ(told(ours(), in), malformed);
}

TEST(TwilioReceipt, IsNotExpectedWithoutTokenOrUrl) {
  EXPECT_EQ(told(twilio_receipt({"", "https://otp.example.org"}), delivered()), not_expected);
  EXPECT_EQ(told(twilio_receipt({token, ""}), delivered()), not_expected);
  auto in = delivered();
  in.set("X-Twilio-Signature", sign("", ""));
  EXPECT_EQ(told(twilio_receipt({"", ""}), in), not_expected);
}

TEST(TwilioReceipt, RefusesAUrlThatIsNone) {
  for (const char* url : {"otp.example.org", "ftp://otp.example.org", "https://", "https://a?b",
                          "https://a b", "https://u@a", "https://a#b"}) {
    EXPECT_THROW(twilio_receipt({token, url}), std::invalid_argument) << url;
  }
}

}  // namespace
}  // namespace otpd::sms
