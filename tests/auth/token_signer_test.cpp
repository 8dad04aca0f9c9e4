#include "auth/token_signer.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

#include "auth/pem_pair.hpp"
#include "auth/token_world.hpp"

namespace otpd::auth::test {
namespace {

const token_policy native = token_options{}.policy;
const token_claims claims{"a122bcda-516a-9a2f-c2f3-43ebd1791f39", std::string(32, 'a'), 1000, 2000};

token_signer signer_with(std::vector<std::string> keys) {
  token_options options;
  options.private_keys = std::move(keys);
  return {options, crypto::key_ring(master())};
}

TEST(TokenSigner, ReplacesAKeyInTwoSteps) {
  const pem_pair old_key("P-256"), new_key("P-256");
  const std::string before = signer_with({old_key.secret}).access(claims, native);
  for (const std::string& kept : {old_key.secret, old_key.open}) {
    const token_signer both = signer_with({new_key.secret, kept});
    EXPECT_EQ(both.read_access(before, native, 1500), claims) << "what was signed before stays good";
    const std::string after = both.access(claims, native);
    EXPECT_TRUE(signer_with({new_key.secret}).read_access(after, native, 1500)) << "the first key signs";
    EXPECT_FALSE(signer_with({old_key.secret}).read_access(after, native, 1500));
    const std::string jwks = both.jwks();
    EXPECT_NE(jwks.find("},{"), std::string::npos) << "both are published";
    EXPECT_EQ(jwks.find("\"d\""), std::string::npos);
  }
  EXPECT_FALSE(signer_with({new_key.secret}).read_access(before, native, 1500))
      << "once it is gone, it is gone";
}

TEST(TokenSigner, RefusesKeysThatWillNotDo) {
  const pem_pair good("P-256"), large("P-384");
  EXPECT_THROW(static_cast<void>(signer_with({good.open})), std::invalid_argument) << "cannot sign";
  EXPECT_THROW(static_cast<void>(signer_with({large.secret})), std::invalid_argument);
  EXPECT_THROW(
      static_cast<void>(signer_with({"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"})),
      std::invalid_argument);
  EXPECT_THROW(static_cast<void>(signer_with({""})), std::invalid_argument);
}

TEST(TokenSigner, WithoutAKeyItsOwnIsTheSameEachTime) {
  const std::string token = signer_with({}).access(claims, native);
  EXPECT_EQ(signer_with({}).read_access(token, native, 1500), claims);
  const token_signer other(token_options{}, crypto::key_ring(master(2)));
  EXPECT_FALSE(other.read_access(token, native, 1500)) << "another installation's";
}

TEST(TokenSigner, KnowsTheTimesOfATokenToTheSecond) {
  token_policy simple{.name = "t", .style = token_style::simplejwt, .secret = {}};
  const token_signer signer = signer_with({});
  for (const token_policy& policy : {native, simple}) {
    const std::string token = signer.access(claims, policy);
    EXPECT_TRUE(signer.read_access(token, policy, 1999));
    EXPECT_FALSE(signer.read_access(token, policy, 2000)) << "on its expiry it has expired (RFC 7519, 4.1.4)";
  }
}

TEST(TokenSigner, AnIssuersSecretIsItsOwn) {
  const token_signer signer = signer_with({});
  token_policy one{.name = "one", .secret = {}}, two{.name = "two", .secret = {}};
  const std::string token = signer.access(claims, one);
  EXPECT_TRUE(signer.read_access(token, one, 1500));
  EXPECT_FALSE(signer.read_access(token, two, 1500));
  EXPECT_FALSE(signer.read_access(token, native, 1500));
  one.secret = "a secret of at least thirty-two bytes";
  EXPECT_FALSE(signer.read_access(token, one, 1500));
  EXPECT_TRUE(signer.read_access(signer.access(claims, one), one, 1500));
}

}  // namespace
}  // namespace otpd::auth::test
