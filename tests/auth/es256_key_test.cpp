// ES256 against C2SP's Wycheproof vectors of ECDSA with P-256, SHA-256 and signatures as r ‖ s.

#include "auth/es256_key.hpp"

#include <gtest/gtest.h>

#include "crypto/vectors.hpp"

namespace otpd::auth {
namespace {

constexpr const char* vectors = "ecdsa_secp256r1_sha256_p1363_test.json";

TEST(Es256Key, PassesWycheproof) {
  const auto file = otpd::test::read_vectors(vectors);
  if (!file) GTEST_SKIP() << "no vectors at " << otpd::test::vector_file(vectors);
  int valid = 0, invalid = 0;
  for (const auto& group : file->at("testGroups").as_array()) {
    const auto key = es256_key::from_pem(std::string(group.at("publicKeyPem").as_string()));
    for (const auto& each : group.at("tests").as_array()) {
      const std::string message = otpd::test::unhex(each.at("msg"));
      const std::string signature = otpd::test::unhex(each.at("sig"));
      jws what;
      what.alg = "ES256";
      what.signed_part = message;
      what.signature.assign(signature.begin(), signature.end());
      const bool is_right = each.at("result") == "valid";
      EXPECT_EQ(key.has_signed(what), is_right) << each.at("tcId") << ' ' << each.at("comment");
      (is_right ? valid : invalid) += 1;
      what.alg = "HS256";
      EXPECT_FALSE(key.has_signed(what)) << "an algorithm that is not the key's";
    }
  }
  EXPECT_EQ(valid, 173);
  EXPECT_EQ(invalid, 89);
}

}  // namespace
}  // namespace otpd::auth
