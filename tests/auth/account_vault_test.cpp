// The stored format of accounts: what was written is read, and nothing else is.

#include "auth/account_vault.hpp"

#include <gtest/gtest.h>

#include "auth/account_world.hpp"

namespace otpd::auth {
namespace {

class AccountVault : public testing::Test {
 protected:
  account sample() {
    account out;
    out.realm = "r";
    out.phone = test::phone;
    out.email = test::email;
    out.email_verified = true;
    out.password_hash = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaA";
    out.created = otp::test::start;
    out.tokens_from = otp::test::start + otp::milliseconds(1);
    out.id = vault.id_of(key);
    return out;
  }

  crypto::key_ring ring{otp::test::master_key(1)};
  account_vault vault{ring};
  otp::record_key key = vault.key_of("r", test::phone);
  account_vault::nonce once{1, 2, 3};
};

TEST_F(AccountVault, ReadsWhatItWrote) {
  for (int flags = 0; flags < 8; ++flags) {
    account one = sample();
    one.phone_verified = (flags & 1) != 0;
    one.email_verified = (flags & 2) != 0;
    one.disabled = (flags & 4) != 0;
    const auto read = vault.decode(key, vault.encode(key, one, once));
    ASSERT_TRUE(read);
    EXPECT_EQ(std::get<account>(*read), one);
  }
  account longest = sample();
  longest.password_hash = std::string(255, 'x');
  longest.email = std::string(242, 'a') + "@example.com";
  EXPECT_EQ(std::get<account>(*vault.decode(key, vault.encode(key, longest, once))), longest);
}

TEST_F(AccountVault, ReadsAliases) {
  const account_alias one{key, once};
  const std::string bytes = vault.encode(one);
  EXPECT_EQ(bytes.size(), 29u);
  const auto read = vault.decode(vault.key_of("r", test::email), bytes);
  ASSERT_TRUE(read);
  EXPECT_EQ(std::get<account_alias>(*read).leads_to, key);
  EXPECT_FALSE(vault.decode(key, bytes.substr(1)));
  EXPECT_FALSE(vault.decode(key, bytes.substr(0, 28)));
  EXPECT_FALSE(vault.decode(key, bytes + "x"));
}

TEST_F(AccountVault, RefusesEveryAlteredByteAndLength) {
  const std::string bytes = vault.encode(key, sample(), once);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string altered = bytes;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(vault.decode(key, altered)) << "byte " << i;
    EXPECT_FALSE(vault.decode(key, bytes.substr(0, i))) << "length " << i;
  }
  EXPECT_FALSE(vault.decode(key, bytes + "x"));
}

TEST_F(AccountVault, OpensARowUnderItsOwnKeyAlone) {
  const std::string bytes = vault.encode(key, sample(), once);
  EXPECT_FALSE(vault.decode(vault.key_of("r", test::other_phone), bytes));
  const crypto::key_ring others(otp::test::master_key(2));
  account_vault other(others);
  EXPECT_FALSE(other.decode(key, bytes));
  EXPECT_NE(other.key_of("r", test::phone), key);
  EXPECT_NE(other.id_of(key), vault.id_of(key));
}

TEST_F(AccountVault, KeepsRealmAndAddressApart) {
  EXPECT_NE(vault.key_of("ab", "c@d.org"), vault.key_of("a", "bc@d.org"));
  EXPECT_EQ(vault.key_of("r", "Jo@d.org"), vault.key_of("r", "jo@d.org"));
  EXPECT_NE(vault.key_of("r", "jo@d.org"), vault.key_of("R", "jo@d.org"));
}

TEST_F(AccountVault, LeadsFromAnIdToItsRow) {
  const std::string id = vault.id_of(key);
  EXPECT_EQ(vault.key_of_id(id), key);
  EXPECT_EQ(id.find_first_not_of("0123456789abcdef-"), std::string::npos);
  for (const std::size_t dash : {8u, 13u, 18u, 23u})
    EXPECT_EQ(id[dash], '-');
}

}  // namespace
}  // namespace otpd::auth
