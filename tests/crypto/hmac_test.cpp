#include "crypto/hmac.hpp"

#include <gtest/gtest.h>

#include <string>

#include "crypto/encoding.hpp"
#include "crypto/vectors.hpp"

namespace otpd::crypto {
namespace {

std::string hex_of(hash which, std::string_view key, std::string_view message) {
  return to_hex(hmac(which, key, message));
}

// RFC 2202 and RFC 4231.
TEST(Hmac, IsRfc2202AndRfc4231) {
  const std::string text = "what do ya want for nothing?";
  EXPECT_EQ(hex_of(hash::md5, "Jefe", text), "750c783e6ab0b503eaa86e310a5db738");
  EXPECT_EQ(hex_of(hash::sha1, "Jefe", text), "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
  EXPECT_EQ(hex_of(hash::sha256, "Jefe", text),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_of(hash::sha512, "Jefe", text),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554"
            "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
}

TEST(Hmac, HashesAKeyThatIsLongerThanABlock) {
  const std::string text = "Test Using Larger Than Block-Size Key - Hash Key First";
  EXPECT_EQ(hex_of(hash::md5, std::string(80, '\xaa'), text), "6b1ab7fe4bd7bf8f0b62e6ce61b9d0cd");
  EXPECT_EQ(hex_of(hash::sha1, std::string(80, '\xaa'), text), "aa4ae5e15272d00e95705637ce8a3b55ed402112");
  EXPECT_EQ(hex_of(hash::sha256, std::string(131, '\xaa'), text),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

// The values are the openssl command's.
TEST(Hmac, TakesNothingForKeyAndMessage) {
  EXPECT_EQ(hex_of(hash::sha256, {}, {}), "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(hex_of(hash::sha1, {}, {}), "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
  EXPECT_EQ(hex_of(hash::sha256, "key", {}),
            "5d5d139563c95b5967b9bd9a8c9b233a9dedb45072794cd232dc1b74832607d0");
  EXPECT_EQ(hex_of(hash::sha256, {}, {}), hex_of(hash::sha256, "", "")) << "nor the key of the call before";
}

TEST(Hmac, PassesWycheproof) {
  const auto file = test::read_vectors("hmac_sha256_test.json");
  if (!file) GTEST_SKIP() << "no vectors at " << test::vector_file("hmac_sha256_test.json");
  int valid = 0;
  for (const auto& group : file->at("testGroups").as_array()) {
    if (group.at("tagSize") != 256) continue;
    for (const auto& each : group.at("tests").as_array()) {
      const std::string made = hex_of(hash::sha256, test::unhex(each.at("key")), test::unhex(each.at("msg")));
      const bool right = each.at("result") == "valid";
      EXPECT_EQ(made == each.at("tag").as_string(), right) << each.at("tcId") << ' ' << each.at("comment");
      valid += right ? 1 : 0;
    }
  }
  EXPECT_EQ(valid, 33);
}

TEST(Digest, IsRfc1321AndFips180) {
  EXPECT_EQ(to_hex(digest_of(hash::md5, "")), "d41d8cd98f00b204e9800998ecf8427e");
  EXPECT_EQ(to_hex(digest_of(hash::md5, "abc")), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(to_hex(digest_of(hash::sha1, "abc")), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(digest_of(hash::sha512, "abc").size(), 64U);
}

}  // namespace
}  // namespace otpd::crypto
