// C2SP's Wycheproof vectors of JSON Web Signatures: ../shared/data/wycheproof.

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "auth/es256_key.hpp"
#include "auth/jws.hpp"
#include "crypto/encoding.hpp"

namespace otpd::auth {
namespace {

namespace js = boost::json;

const std::filesystem::path vectors =
    std::filesystem::path(OTPD_SOURCE_DIR) / "../shared/data/wycheproof/json_web_signature_test.json";

std::string text_of(const js::object& from, const char* name) {
  const auto* member = from.if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->as_string()) : std::string();
}

std::string bytes_of(const js::object& jwk, const char* name) {
  const auto raw = crypto::from_base64url(text_of(jwk, name));
  return raw ? std::string(raw->begin(), raw->end()) : std::string();
}

// A P-256 point as SubjectPublicKeyInfo in PEM (RFC 5480).
std::string pem_of(const js::object& jwk) {
  constexpr std::string_view head = "3059301306072a8648ce3d020106082a8648ce3d03010703420004";
  std::string der(head.size() / 2, '\0');
  EXPECT_TRUE(crypto::from_hex(head, {reinterpret_cast<std::uint8_t*>(der.data()), der.size()}));
  der += bytes_of(jwk, "x") + bytes_of(jwk, "y");
  const std::span raw(reinterpret_cast<const std::uint8_t*>(der.data()), der.size());
  return "-----BEGIN PUBLIC KEY-----\n" + crypto::to_base64(raw) + "\n-----END PUBLIC KEY-----\n";
}

// A key of ours is of an algorithm that we serve, and for signatures.
enum class kind { hs256, es256, none };
kind kind_of(const js::object& jwk) {
  if (text_of(jwk, "use") != "sig") return kind::none;
  if (text_of(jwk, "alg") == "HS256" && text_of(jwk, "kty") == "oct") return kind::hs256;
  return text_of(jwk, "alg") == "ES256" && text_of(jwk, "crv") == "P-256" ? kind::es256 : kind::none;
}

// Marked as invalid, and byte for byte the text of 357 ("ValidMac"), under the same key.
const std::set<std::int64_t> same_as_a_valid_one{367, 370};
// Marked as valid, with a "?" within their base64url: RFC 7515, 2 and RFC 4648, 3.3 have such text refused.
const std::set<std::int64_t> not_base64url{372, 373};

bool accepts(const js::object& jwk, const std::string& token) {
  const auto read = read_jws(token);
  if (!read) return false;
  switch (kind_of(jwk)) {
    case kind::hs256:
      return is_signed_hs256(*read, bytes_of(jwk, "k"));
    case kind::es256:
      return es256_key::from_pem(pem_of(jwk)).has_signed(*read);
    case kind::none:
      break;
  }
  return false;
}

TEST(Wycheproof, OfJsonWebSignaturesAreJudgedRightly) {
  std::ifstream in(vectors);
  if (!in) GTEST_SKIP() << "../shared/data/wycheproof is absent";
  const js::value all = js::parse(std::string(std::istreambuf_iterator<char>(in), {}));
  int valid = 0, invalid = 0, served = 0, accepted = 0;
  std::string valid_mac;
  for (const auto& group : all.at("testGroups").as_array()) {
    const auto& keys = group.as_object();
    const auto& jwk = (keys.contains("public") ? keys.at("public") : keys.at("private")).as_object();
    for (const auto& each : group.at("tests").as_array()) {
      const auto& test = each.as_object();
      const std::int64_t number = test.at("tcId").as_int64();
      const std::string about = std::to_string(number) + " " + text_of(test, "comment");
      const bool is_accepted = accepts(jwk, text_of(test, "jws"));
      accepted += is_accepted ? 1 : 0;
      if (text_of(test, "result") == "invalid") {
        ++invalid;
        EXPECT_EQ(is_accepted, same_as_a_valid_one.contains(number)) << about;
        if (is_accepted) {
          EXPECT_EQ(text_of(test, "jws"), valid_mac) << about;
        }
        continue;
      }
      ++valid;
      const bool is_served = kind_of(jwk) != kind::none;
      served += is_served ? 1 : 0;
      EXPECT_EQ(is_accepted, is_served && !not_base64url.contains(number)) << about;
      if (number == 357) valid_mac = text_of(test, "jws");
    }
  }
  EXPECT_EQ(valid, 46);
  EXPECT_EQ(invalid, 355);
  EXPECT_EQ(served, 12) << "of HS256 and ES256";
  EXPECT_EQ(accepted, 12 - 2 + 2);
}

}  // namespace
}  // namespace otpd::auth
