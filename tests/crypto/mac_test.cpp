#include "crypto/mac.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>

#include "crypto/vectors.hpp"

namespace otpd::crypto {
namespace {

std::span<const std::uint8_t> bytes(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

secret_key key_of(std::string_view text) {
  return secret_key(bytes(text).first<32>());
}

std::string signed_with(const mac_key& key, std::string_view message) {
  return to_hex(key.sign(bytes(message)));
}

TEST(Sha256, IsFips180) {
  EXPECT_EQ(to_hex(sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(to_hex(sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Mac, PassesWycheproof) {
  const auto file = test::read_vectors("hmac_sha256_test.json");
  if (!file) GTEST_SKIP() << "no vectors at " << test::vector_file("hmac_sha256_test.json");
  int valid = 0;
  int invalid = 0;
  for (const auto& group : file->at("testGroups").as_array()) {
    if (group.at("keySize") != 256 || group.at("tagSize") != 256) continue;
    for (const auto& each : group.at("tests").as_array()) {
      const mac_key key(key_of(test::unhex(each.at("key"))));
      const digest made = key.sign(bytes(test::unhex(each.at("msg"))));
      const std::string tag = test::unhex(each.at("tag"));
      const bool right = each.at("result") == "valid";
      EXPECT_EQ(constant_time_equal(made, bytes(tag)), right) << each.at("tcId") << ' ' << each.at("comment");
      ++(right ? valid : invalid);
    }
  }
  EXPECT_EQ(valid, 27);
  EXPECT_EQ(invalid, 54);
}

TEST(Mac, SignsAsManyMessagesAsItIsGiven) {
  const mac_key key(key_of(std::string(32, 'k')));
  const std::string first = signed_with(key, "first");
  EXPECT_NE(signed_with(key, "second"), first);
  EXPECT_EQ(signed_with(key, "first"), first);
}

TEST(Mac, KeepsItsKeyWhenMoved) {
  mac_key key(key_of(std::string(32, 'k')));
  const std::string made = signed_with(key, "message");
  mac_key moved(std::move(key));
  EXPECT_EQ(signed_with(moved, "message"), made);
  mac_key other(key_of(std::string(32, 'o')));
  other = std::move(moved);
  EXPECT_EQ(signed_with(other, "message"), made);
}

TEST(ConstantTimeEqual, ComparesSizesAndBytes) {
  EXPECT_TRUE(constant_time_equal(bytes(""), bytes("")));
  EXPECT_TRUE(constant_time_equal(bytes("same"), bytes("same")));
  EXPECT_FALSE(constant_time_equal(bytes("same"), bytes("some")));
  EXPECT_FALSE(constant_time_equal(bytes("same"), bytes("sam")));
  EXPECT_FALSE(constant_time_equal(bytes(""), bytes("s")));
}

}  // namespace
}  // namespace otpd::crypto
