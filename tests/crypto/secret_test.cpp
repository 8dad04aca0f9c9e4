#include "crypto/secret.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <new>
#include <type_traits>
#include <vector>

#include "crypto/random.hpp"

namespace otpd::crypto {
namespace {

secret_key key_of(std::uint8_t value) {
  std::array<std::uint8_t, 32> bytes{};
  bytes.fill(value);
  return secret_key(bytes);
}

bool holds(const secret_key& key, std::uint8_t value) {
  return std::ranges::all_of(key.bytes(), [value](std::uint8_t each) { return each == value; });
}

TEST(Secret, IsZeroWhenMade) {
  EXPECT_TRUE(holds(secret_key(), 0));
}

TEST(Secret, IsWipedWhenMovedFrom) {
  secret_key from = key_of(7);
  secret_key to(std::move(from));
  EXPECT_TRUE(holds(to, 7));
  EXPECT_TRUE(holds(from, 0));  // NOLINT: what is left is the point
  secret_key third = key_of(9);
  third = std::move(to);
  EXPECT_TRUE(holds(third, 7));
  EXPECT_TRUE(holds(to, 0));  // NOLINT
}

TEST(Secret, SurvivesBeingMovedToItself) {
  secret_key key = key_of(7);
  secret_key& same = key;
  key = std::move(same);
  EXPECT_TRUE(holds(key, 7));
}

TEST(Secret, IsWipedWhenItEnds) {
  struct room {
    alignas(secret_key) std::array<std::uint8_t, sizeof(secret_key)> bytes;
  };
  room place{};
  secret_key* key = new (place.bytes.data()) secret_key(key_of(7));
  EXPECT_EQ(place.bytes[0], 7);
  key->~secret_key();
  // A volatile read: the compiler may not conclude that nobody looks.
  const volatile std::uint8_t* left = place.bytes.data();
  for (std::size_t i = 0; i < sizeof place.bytes; ++i)
    EXPECT_EQ(left[i], 0) << i;
}

TEST(Secret, IsNeverCopied) {
  EXPECT_FALSE(std::is_copy_constructible_v<secret_key>);
  EXPECT_FALSE(std::is_copy_assignable_v<secret_key>);
}

TEST(RandomSource, FillsEverySizeAndRepeatsNothing) {
  random_source random;
  for (const std::size_t size : {0U, 1U, 8U, 4095U, 4096U, 4097U, 20'000U}) {
    std::vector<std::uint8_t> first(size);
    std::vector<std::uint8_t> second(size);
    random.fill(first);
    random.fill(second);
    if (size >= 8) {
      EXPECT_NE(first, second) << size;
    }
  }
}

TEST(RandomSource, DoesNotRepeatItselfNorAnother) {
  random_source one;
  random_source other;
  std::vector<std::array<std::uint8_t, 8>> drawn(200'000);
  for (std::size_t i = 0; i < drawn.size(); ++i)
    (i % 2 == 0 ? one : other).fill(drawn[i]);
  std::ranges::sort(drawn);
  EXPECT_EQ(std::ranges::adjacent_find(drawn), drawn.end());
}

}  // namespace
}  // namespace otpd::crypto
