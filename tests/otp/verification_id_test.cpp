#include "otp/verification_id.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <random>
#include <string>
#include <vector>

#include "crypto/encoding.hpp"

namespace otpd::otp {
namespace {

constexpr std::string_view alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

crypto::block_cipher cipher_of(std::uint8_t seed) {
  crypto::secret_key key;
  for (std::size_t i = 0; i < 32; ++i)
    key.bytes()[i] = static_cast<std::uint8_t>(seed + i);
  return crypto::block_cipher(key);
}

verification_id random_id(std::mt19937_64& random) {
  verification_id id;
  for (auto& each : id.record.bytes)
    each = static_cast<std::uint8_t>(random());
  id.nonce = random();
  return id;
}

TEST(VerificationId, OpensToWhatWasSealed) {
  auto cipher = cipher_of(1);
  std::mt19937_64 random(1);
  for (int i = 0; i < 20'000; ++i) {
    const verification_id id = random_id(random);
    const auto opened = open_id(cipher, seal_id(cipher, id));
    ASSERT_TRUE(opened);
    ASSERT_EQ(opened->record, id.record);
    ASSERT_EQ(opened->nonce, id.nonce);
  }
}

TEST(VerificationId, Is32CharactersOfBase64url) {
  auto cipher = cipher_of(1);
  std::mt19937_64 random(2);
  for (int i = 0; i < 20'000; ++i) {
    const std::string text = seal_id(cipher, random_id(random));
    ASSERT_EQ(text.size(), 32U);
    ASSERT_EQ(text.find_first_not_of(alphabet), std::string::npos) << text;
  }
}

// Ids in the field must still lead to their records after an upgrade.
TEST(VerificationId, IsWhatItAlwaysWas) {
  auto cipher = cipher_of(1);
  verification_id id;
  for (std::size_t i = 0; i < 16; ++i)
    id.record.bytes[i] = static_cast<std::uint8_t>(i);
  id.nonce = 0x0123456789abcdef;
  EXPECT_EQ(seal_id(cipher, id), "782riWdFIwHphLBOu7pJi57xRDCmkdPn");
}

TEST(VerificationId, LeadsNowhereUnderAnotherKey) {
  auto ours = cipher_of(1);
  auto theirs = cipher_of(2);
  std::mt19937_64 random(3);
  for (int i = 0; i < 1000; ++i) {
    const verification_id id = random_id(random);
    const auto opened = open_id(theirs, seal_id(ours, id));
    ASSERT_TRUE(opened);
    EXPECT_NE(opened->record, id.record);
  }
}

TEST(VerificationId, HasOneSpelling) {
  auto cipher = cipher_of(1);
  std::mt19937_64 random(4);
  for (int round = 0; round < 50; ++round) {
    const verification_id id = random_id(random);
    const std::string text = seal_id(cipher, id);
    for (std::size_t at = 0; at < text.size(); ++at) {
      for (int c = 0; c < 256; ++c) {
        std::string other = text;
        other[at] = static_cast<char>(c);
        if (other == text) continue;
        const auto opened = open_id(cipher, other);
        ASSERT_EQ(opened.has_value(), alphabet.find(static_cast<char>(c)) != std::string_view::npos);
        if (!opened) continue;
        ASSERT_FALSE(opened->record == id.record && opened->nonce == id.nonce) << other;
        ASSERT_EQ(seal_id(cipher, *opened), other);
      }
    }
  }
}

// A guess that keeps a known verification's record must guess the nonce as well.
TEST(VerificationId, OfAnotherNonceLeadsToAnotherRecord) {
  auto cipher = cipher_of(1);
  std::mt19937_64 random(5);
  const verification_id id = random_id(random);
  const std::string text = seal_id(cipher, id);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string other = text;
    other[at] = other[at] == 'A' ? 'B' : 'A';
    const auto opened = open_id(cipher, other);
    ASSERT_TRUE(opened);
    EXPECT_NE(opened->record, id.record) << at;
  }
}

TEST(VerificationId, OfAnotherFormIsNone) {
  auto cipher = cipher_of(1);
  const std::string text = seal_id(cipher, {});
  using namespace std::string_literals;
  for (const std::string& other :
       {""s, text.substr(1), text + "A", text + "=", " " + text, text + "\n", text + "\0"s,
        "+" + text.substr(1), "/" + text.substr(1), "=" + text.substr(1), std::string(32, ' '),
        std::string(32, '\0'), std::string(64, 'A')}) {
    EXPECT_FALSE(open_id(cipher, other)) << other;
  }
}

// 1 M ids of one recipient with nonces as bad as a counter's: none twice, and their sealed bits look like
// chance.
TEST(VerificationId, NeverRepeatsAndLooksRandom) {
  constexpr std::uint64_t count = 1'000'000;
  auto cipher = cipher_of(1);
  std::vector<crypto::block> sealed;
  sealed.reserve(count);
  std::uint64_t ones = 0;
  std::uint64_t changes = 0;
  for (std::uint64_t nonce = 0; nonce < count; ++nonce) {
    const std::string text = seal_id(cipher, {record_key{}, nonce});
    std::array<std::uint8_t, 24> bytes{};
    ASSERT_TRUE(crypto::from_base64url(text, bytes));
    crypto::block& tail = sealed.emplace_back();
    std::copy_n(bytes.begin() + 8, tail.size(), tail.begin());
    for (const std::uint8_t each : tail) {
      ones += static_cast<std::uint64_t>(std::popcount(each));
      changes += static_cast<std::uint64_t>(std::popcount(static_cast<unsigned>((each ^ each >> 1) & 0x7f)));
    }
  }
  const double bits = 128.0 * count;
  EXPECT_LT(std::abs(static_cast<double>(ones) - bits / 2), 4 * std::sqrt(bits) / 2);
  const double steps = 112.0 * count;
  EXPECT_LT(std::abs(static_cast<double>(changes) - steps / 2), 4 * std::sqrt(steps) / 2);
  std::ranges::sort(sealed);
  EXPECT_EQ(std::ranges::adjacent_find(sealed), sealed.end());
}

}  // namespace
}  // namespace otpd::otp
