#include "api/api_keys.hpp"

#include <gtest/gtest.h>

#include <string>

#include "crypto/mac.hpp"

namespace {

using otpd::api::api_keys;
namespace crypto = otpd::crypto;

std::array<std::uint8_t, 32> hash_of(std::string_view key) {
  const crypto::digest digest = crypto::sha256(key);
  std::array<std::uint8_t, 32> out{};
  std::copy(digest.begin(), digest.end(), out.begin());
  return out;
}

TEST(ApiKeys, KnowsEachKeyByItsNumber) {
  const api_keys keys({hash_of("first"), hash_of("second"), hash_of("third")});
  EXPECT_FALSE(keys.empty());
  EXPECT_EQ(keys.identify("Bearer first"), 1u);
  EXPECT_EQ(keys.identify("Bearer second"), 2u);
  EXPECT_EQ(keys.identify("Bearer third"), 3u);
}

TEST(ApiKeys, ReadsTheSchemeInAnyCase) {
  const api_keys keys({hash_of("key")});
  for (const char* scheme : {"Bearer", "bearer", "BEARER", "bEaReR"})
    EXPECT_EQ(keys.identify(std::string(scheme) + " key"), 1u) << scheme;
}

TEST(ApiKeys, RefusesWhatIsNotExactlyAKey) {
  const api_keys keys({hash_of("key"), hash_of("Key2")});
  const std::string long_one = "Bearer " + std::string(600, 'k');
  for (const std::string& text :
       {std::string(), std::string("Bearer"), std::string("Bearer "), std::string("key"),
        std::string("Basic key"), std::string("Bearer  key"), std::string("Bearer key "),
        std::string("Bearer\tkey"), std::string("Bearer Key"), std::string("Bearer key2"),
        std::string("Bearer ke"), std::string("Bearer key,"), std::string("Bearer key\0", 11),
        std::string("Bearer \"key\""), std::string("Bearerkey"), long_one}) {
    EXPECT_EQ(keys.identify(text), std::nullopt) << text;
  }
}

TEST(ApiKeys, DoesNotTakeAHashForAKey) {
  const auto hash = hash_of("key");
  const api_keys keys({hash});
  EXPECT_EQ(keys.identify("Bearer " + std::string(hash.begin(), hash.end())), std::nullopt);
}

TEST(ApiKeys, TakesKeysOfEveryUsualLength) {
  for (const std::size_t size : {1u, 32u, 64u, 128u, 505u}) {
    const std::string key(size, 'k');
    EXPECT_EQ(api_keys({hash_of(key)}).identify("Bearer " + key), 1u) << size;
  }
  EXPECT_EQ(api_keys({hash_of(std::string(506, 'k'))}).identify("Bearer " + std::string(506, 'k')),
            std::nullopt);
}

TEST(ApiKeys, KnowsNobodyWithoutKeys) {
  const api_keys none({});
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.identify("Bearer key"), std::nullopt);
  EXPECT_EQ(none.identify(""), std::nullopt);
}

}  // namespace
