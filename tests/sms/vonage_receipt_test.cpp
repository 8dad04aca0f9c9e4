#include "sms/vonage_receipt.hpp"

#include <gtest/gtest.h>

#include "crypto/encoding.hpp"
#include "sms/escape.hpp"
#include "sms/hook_request.hpp"

namespace otpd::sms {
namespace {

using namespace test;
using pairs = std::vector<std::pair<std::string, std::string>>;

constexpr std::int64_t now = 1795570200;
const std::string reference = "q1w2e3r4t5y6u7i8o9p0a-";

vonage_receipt reader(const std::string& method, const std::string& secret = "s3cret") {
  return vonage_receipt({.signature_secret = secret, .signature_method = method});
}

// Three ways to say the same.
std::string as_form(const pairs& all) {
  std::string out;
  for (const auto& [name, value] : all) {
    if (!out.empty()) out += '&';
    append_escaped(out, name, escape::percent);
    out += '=';
    append_escaped(out, value, escape::percent);
  }
  return out;
}
std::string as_json(const pairs& all) {
  std::string out;
  for (const auto& [name, value] : all) {
    out += out.empty() ? "{\"" : ",\"";
    append_escaped(out, name, escape::json);
    out += "\":\"";
    append_escaped(out, value, escape::json);
    out += '"';
  }
  return out + "}";
}
std::vector<hook_request> every_way(const pairs& all) {
  std::vector<hook_request> out(3);
  out[0].method = net::method::get;
  out[0].query = as_form(all);
  out[1].body = as_form(all);
  out[1].set("Content-Type", "application/x-www-form-urlencoded");
  out[2].body = as_json(all);
  out[2].set("Content-Type", "application/json");
  return out;
}

void expect_told(const receipt_reader& by, const pairs& all, const std::string& expected,
                 std::int64_t at = now) {
  for (const auto& in : every_way(all))
    EXPECT_EQ(told(by, in, at), expected) << in.query << in.body;
}

const pairs unsigned_receipt{{"msisdn", "4915112345601"},
                             {"to", "otpd"},
                             {"network-code", "26201"},
                             {"messageId", "0A1B"},
                             {"price", "0.07"},
                             {"status", "delivered"},
                             {"scts", "2611250130"},
                             {"err-code", "0"},
                             {"api-key", "k"},
                             {"client-ref", reference},
                             {"message-timestamp", "2026-11-25T01:30:00.000+00:00"},
                             {"timestamp", "1795570200"},
                             {"nonce", "a&b=c"}};

pairs with(pairs all, const std::string& name, const std::string& value) {
  std::erase_if(all, [&](const auto& each) { return each.first == name; });
  all.emplace_back(name, value);
  return all;
}

// Signed by the openssl command: printf %s '&api-key=k&client-ref=...&nonce=a_b_c&...' | openssl dgst -sha256
// -hmac s3cret; for md5hash the secret follows the text: md5sum.
const pairs signatures{{"md5hash", "9ca7757d131bdd4361bf4868c9a2a41a"},
                       {"md5", "c8b12a1116a7fef81ba021d8c37d0a1e"},
                       {"sha1", "c78e8a4f0a55f6f3c6eaa629a81e96da8f003765"},
                       {"sha256", "b5ac0700d04cf1ed010aaf831e2407a213a058be1f0480cbe6a67021a203b1f9"},
                       {"sha512",
                        "e0f55ddbadcb6315b94e24218feb09d4180e4baa8f3ee092a747ce1817a37ea2"
                        "6d7e17577809747aef5b92a5671c6538307dfaee6aff291b4075cf812d691f0b"}};

TEST(VonageReceipt, IsBelievedByEachMethodInEachForm) {
  for (const auto& [method, signature] : signatures) {
    expect_told(reader(method), with(unsigned_receipt, "sig", signature), "delivered " + reference);
    std::string upper = signature;
    for (char& c : upper)
      c = c >= 'a' ? static_cast<char>(c - 32) : c;
    expect_told(reader(method), with(unsigned_receipt, "sig", upper), "delivered " + reference);
  }
}

// The vectors of Vonage's own library (vonage-php-sdk-core, test/Client/SignatureTest.php): inbound messages,
// no receipts, so whoever is believed is malformed.
TEST(VonageReceipt, IsSignedAsVonagePublishes) {
  const pairs message{{"message-timestamp", "2013-11-21 15:27:30"},
                      {"messageId", "020000001B0FE827"},
                      {"msisdn", "14843472194"},
                      {"text", "Test again"},
                      {"timestamp", "1385047698"},
                      {"to", "13239877404"},
                      {"type", "text"}};
  const pairs table{{"md5hash", "d2e7b1dc968737c5998ad624e02f90b7"},
                    {"md5", "DDEBD46008C2D4E93CCE578A332A52D5"},
                    {"sha1", "27D0D05C2876C7CB1720DBCDBA4D492E1E55C09A"},
                    {"sha256", "DDB8397C2B90AAC7F3882D306475C9A5058C92322EEF43C92B298B6E0FC0D330"},
                    {"sha512",
                     "E0D3C650F8C9D1A5C174D10DDDBFB003E561F59B265616208B0487C5D819481C"
                     "D3C311D59CF6165ECD1139622D5BA3A256C0D763AC4A9AD9144B5A426B94FE82"}};
  for (const auto& [method, signature] : table) {
    const auto by = reader(method, "my_secret_key_for_testing");
    expect_told(by, with(message, "sig", signature), malformed, 1385047698);
    expect_told(by, with(with(message, "sig", signature), "to", "1"), forged, 1385047698);
  }
  const pairs marks{{"keyword", "TEST"},
                    {"message-timestamp", "2017-04-04 22:57:47"},
                    {"messageId", "0B00000042AC53BD"},
                    {"msisdn", "14843472194"},
                    {"nonce", "929d6744-bd28-42c8-b6cf-31d5b4f43732"},
                    {"sig", "e06d9763e3fd0b9c31beb5fc2fcb011c"},
                    {"text", "Test with & and ="},
                    {"timestamp", "1491346667"},
                    {"to", "12192259404"},
                    {"type", "text"}};
  expect_told(reader("md5hash", "my_secret_key_for_testing"), marks, malformed, 1491346667);
}

TEST(VonageReceipt, SaysWhatTheStatusMeans) {
  const std::pair<const char*, const char*> table[] = {
      {"delivered", "delivered"}, {"failed", "failed"}, {"rejected", "failed"},
      {"expired", "failed"},      {"accepted", "sent"}, {"buffered", "sent"},
      {"unknown", "sent"},        {"else", "sent"},     {"", "sent"},
      {"Delivered", "sent"},
  };
  for (const auto& [status, state] : table) {
    for (auto in : every_way(with(unsigned_receipt, "status", status))) {
      in.query += (in.query.empty() ? "" : "&") + ("token=" + reference);
      EXPECT_EQ(told(reader("md5hash", ""), in, now), std::string(state) + " " + reference) << status;
    }
  }
}

TEST(VonageReceipt, IsForgedWithEveryBitOfTheSignature) {
  for (const auto& [method, signature] : signatures) {
    const auto by = reader(method);
    std::vector<std::uint8_t> bytes(signature.size() / 2);
    ASSERT_TRUE(crypto::from_hex(signature, bytes));
    for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
      auto flipped = bytes;
      flipped[bit / 8] ^= static_cast<std::uint8_t>(1U << bit % 8);
      const auto in = every_way(with(unsigned_receipt, "sig", crypto::to_hex(flipped)));
      ASSERT_EQ(told(by, in[bit % 3], now), forged) << method << " " << bit;
    }
  }
}

TEST(VonageReceipt, IsForgedByAnyOtherContent) {
  const auto by = reader("sha256");
  const pairs good = with(unsigned_receipt, "sig", signatures[3].second);
  for (const auto& [name, value] : unsigned_receipt) {
    expect_told(by, with(good, name, value + "1"), forged);
    pairs less = good;
    std::erase_if(less, [&](const auto& each) { return each.first == name; });
    expect_told(by, less, forged);
  }
  expect_told(by, with(good, "more", ""), forged);
  expect_told(by, with(good, "status", "failed"), forged);
  expect_told(by, unsigned_receipt, forged);
  for (const std::string& bad : {std::string(), signatures[3].second + "00", signatures[3].second.substr(2),
                                 signatures[4].second, std::string(64, '0'), std::string(64, 'g')})
    expect_told(by, with(good, "sig", bad), forged);
}

TEST(VonageReceipt, IsForgedWithAnotherSecretOrMethod) {
  for (const auto& [method, signature] : signatures) {
    for (const auto& [other, ignored] : signatures) {
      const std::string expected = other == method ? "delivered " + reference : forged;
      expect_told(reader(other), with(unsigned_receipt, "sig", signature), expected);
    }
    expect_told(reader(method, "s3cre"), with(unsigned_receipt, "sig", signature), forged);
  }
}

TEST(VonageReceipt, IsStaleOutsideOfFiveMinutes) {
  const pairs good = with(unsigned_receipt, "sig", signatures[3].second);
  const auto by = reader("sha256");
  expect_told(by, good, "delivered " + reference, now + 300);
  expect_told(by, good, "delivered " + reference, now - 300);
  expect_told(by, good, stale, now + 301);
  expect_told(by, good, stale, now - 301);
  expect_told(by, good, stale, 0);
}

TEST(VonageReceipt, IsMalformedIfVonageWouldNotSendIt) {
  const auto by = reader("sha256");
  const pairs good = with(unsigned_receipt, "sig", signatures[3].second);
  auto ways = every_way(good);
  for (auto& in : ways)
    in.method = net::method::put;
  for (const auto& in : ways)
    EXPECT_EQ(told(by, in, now), malformed);
  pairs twice = good;
  twice.emplace_back("to", "otpd");
  ways = every_way(twice);
  EXPECT_EQ(told(by, ways[0], now), malformed) << "a name twice";
  EXPECT_EQ(told(by, ways[1], now), malformed) << "a name twice";
  ways = every_way(good);
  ways[1].set("Content-Type", "text/plain");
  EXPECT_EQ(told(by, ways[1], now), malformed);
  ways[1].body += "%";
  EXPECT_EQ(told(by, ways[1].set("Content-Type", "application/x-www-form-urlencoded"), now), malformed);
  for (const char* body : {"", "[]", "1", "{", R"({"status":["delivered"]})", R"({"status":null})",
                           R"({"price":0.07})", R"({"status":{}})"}) {
    ways[2].body = body;
    EXPECT_EQ(told(by, ways[2], now), malformed) << body;
  }
}

// ---- without a signature's secret
// ------------------------------------------------------------------------------------

TEST(VonageReceipt, WithoutSecretNeedsTheTokenInTheCallback) {
  const auto by = reader("md5hash", "");
  for (auto in : every_way(unsigned_receipt)) {
    EXPECT_EQ(told(by, in, now), forged) << "no token";
    const std::string join = in.query.empty() ? "" : "&";
    const std::string query = in.query;
    in.query = query + join + "token=" + reference;
    EXPECT_EQ(told(by, in, now), "delivered " + reference);
    EXPECT_EQ(told(by, in, 0), "delivered " + reference) << "nothing is signed, the time neither";
    for (std::size_t i = 0; i < reference.size(); ++i) {
      std::string other = reference;
      other[i] = other[i] == 'x' ? 'y' : 'x';
      in.query = query + join + "token=" + other;
      EXPECT_EQ(told(by, in, now), forged);
    }
    for (const std::string& other :
         {std::string(), reference.substr(1), reference + "a", std::string(40, 'a')}) {
      in.query = query + join + "token=" + other;
      EXPECT_EQ(told(by, in, now), forged) << other;
    }
  }
  auto post = every_way(unsigned_receipt)[1];
  post.query = "token=" + reference + "&token=" + reference;
  EXPECT_EQ(told(by, post, now), forged) << "twice";
  post.query.clear();
  post.body += "&token=" + reference;
  EXPECT_EQ(told(by, post, now), forged) << "not in the callback's query";
}

TEST(VonageReceipt, WithoutSecretNeedsAReferenceThatNobodyGuesses) {
  const auto by = reader("md5hash", "");
  for (const std::string& guessable : {std::string(), std::string("1"), std::string(21, 'a')}) {
    auto in = every_way(with(unsigned_receipt, "client-ref", guessable))[1];
    in.query = "token=" + guessable;
    EXPECT_EQ(told(by, in, now), forged) << guessable;
  }
  auto none = every_way({{"status", "failed"}})[1];
  EXPECT_EQ(told(by, none, now), forged);
  none.query = "token=";
  EXPECT_EQ(told(by, none, now), forged);
}

TEST(VonageReceipt, WithASecretIsNotBelievedForItsToken) {
  auto in = every_way(unsigned_receipt)[1];
  in.query = "token=" + reference;
  EXPECT_EQ(told(reader("md5hash"), in, now), forged);
}

TEST(VonageReceipt, RefusesAMethodThatIsNone) {
  for (const char* method : {"", "sha384", "SHA256", "md5hash "})
    EXPECT_THROW(reader(method), std::invalid_argument) << method;
}

}  // namespace
}  // namespace otpd::sms
