#include "crypto/cipher.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <set>
#include <string>

#include "crypto/vectors.hpp"

namespace otpd::crypto {
namespace {

using namespace std::string_literals;

secret_key key_of(const std::string& bytes) {
  return secret_key(
      std::span<const std::uint8_t, 32>(reinterpret_cast<const std::uint8_t*>(bytes.data()), 32));
}

block block_of(std::string_view hex) {
  block out;
  EXPECT_TRUE(from_hex(hex, out));
  return out;
}

TEST(BlockCipher, IsAes256) {
  // FIPS 197, appendix C.3
  secret_key key;
  ASSERT_TRUE(from_hex("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f", key.bytes()));
  block_cipher cipher(key);
  const block plain = block_of("00112233445566778899aabbccddeeff");
  EXPECT_EQ(to_hex(cipher.encrypt(plain)), "8ea2b7ca516745bfeafc49904b496089");
  EXPECT_EQ(cipher.decrypt(cipher.encrypt(plain)), plain);
}

TEST(BlockCipher, IsAPermutation) {
  block_cipher cipher(key_of(std::string(32, 'k')));
  std::mt19937 random(1);
  std::set<block> sealed;
  for (int i = 0; i < 10'000; ++i) {
    block plain{};
    plain[random() % 16] = static_cast<std::uint8_t>(i);
    plain[15] = static_cast<std::uint8_t>(i >> 8);
    plain[14] = static_cast<std::uint8_t>(i);
    sealed.insert(cipher.encrypt(plain));
    ASSERT_EQ(cipher.decrypt(cipher.encrypt(plain)), plain);
  }
  EXPECT_EQ(sealed.size(), 10'000U);
}

TEST(Sealer, PassesWycheproof) {
  const auto file = test::read_vectors("aes_gcm_test.json");
  if (!file) GTEST_SKIP() << "no vectors at " << test::vector_file("aes_gcm_test.json");
  sealer tested;
  int valid = 0;
  int invalid = 0;
  for (const auto& group : file->at("testGroups").as_array()) {
    if (group.at("keySize") != 256 || group.at("ivSize") != 96 || group.at("tagSize") != 128) continue;
    for (const auto& each : group.at("tests").as_array()) {
      if (!each.at("aad").as_string().empty()) continue;
      const secret_key key = key_of(test::unhex(each.at("key")));
      const std::string iv = test::unhex(each.at("iv"));
      sealer::nonce once;
      std::ranges::copy(iv, once.begin());
      const std::string text = test::unhex(each.at("msg"));
      const std::string sealed = test::unhex(each.at("ct")) + test::unhex(each.at("tag"));
      const bool right = each.at("result") == "valid";
      const auto opened = tested.open(key.bytes(), once, sealed);
      EXPECT_EQ(opened.has_value(), right) << each.at("tcId") << ' ' << each.at("comment");
      if (right) {
        EXPECT_EQ(opened, text) << each.at("tcId");
        EXPECT_EQ(tested.seal(key.bytes(), once, text), sealed) << each.at("tcId");
      }
      ++(right ? valid : invalid);
    }
  }
  EXPECT_EQ(valid, 21);
  EXPECT_EQ(invalid, 27);
}

TEST(Sealer, OpensWhatItSealed) {
  sealer tested;
  const secret_key key = key_of(std::string(32, 'k'));
  for (std::size_t size = 0; size < 300; ++size) {
    const std::string text(size, 'x');
    const std::string sealed = tested.seal(key.bytes(), {}, text);
    EXPECT_EQ(sealed.size(), size + sealer::tag_size);
    ASSERT_EQ(tested.open(key.bytes(), {}, sealed), text);
  }
}

TEST(Sealer, RefusesWhatWasAlteredAndGoesOn) {
  sealer tested;
  const secret_key key = key_of(std::string(32, 'k'));
  const std::string sealed = tested.seal(key.bytes(), {}, "+14155552671");
  for (std::size_t bit = 0; bit < sealed.size() * 8; ++bit) {
    std::string other = sealed;
    other[bit / 8] ^= static_cast<char>(1U << bit % 8);
    ASSERT_EQ(tested.open(key.bytes(), {}, other), std::nullopt) << bit;
  }
  for (std::size_t size = 0; size < sealed.size(); ++size) {
    ASSERT_EQ(tested.open(key.bytes(), {}, sealed.substr(0, size)), std::nullopt) << size;
  }
  EXPECT_EQ(tested.open(key.bytes(), {}, sealed + "\0"s), std::nullopt);
  EXPECT_EQ(tested.open(key_of(std::string(32, 'o')).bytes(), {}, sealed), std::nullopt);
  EXPECT_EQ(tested.open(key.bytes(), {1}, sealed), std::nullopt);
  EXPECT_EQ(tested.open(key.bytes(), {}, sealed), "+14155552671");
}

}  // namespace
}  // namespace otpd::crypto
