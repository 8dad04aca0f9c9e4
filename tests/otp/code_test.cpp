#include "otp/code.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>
#include <string>
#include <vector>

namespace otpd::otp {
namespace {

constexpr std::string_view digits = "0123456789";
constexpr std::string_view letters = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::size_t sample = 1'000'000;

crypto::mac_key key_of(std::uint8_t seed) {
  crypto::secret_key key;
  for (std::size_t i = 0; i < 32; ++i)
    key.bytes()[i] = static_cast<std::uint8_t>(seed + 7 * i);
  return crypto::mac_key(key);
}

record_key record_of(std::uint8_t seed) {
  record_key key;
  key.bytes.fill(seed);
  return key;
}

// How far a chi-square sum is from what chance gives, as a standard normal (Wilson and Hilferty, 1931).
double chi_square_score(const std::vector<std::size_t>& cells) {
  double total = 0;
  for (const std::size_t each : cells)
    total += static_cast<double>(each);
  const double expected = total / static_cast<double>(cells.size());
  double sum = 0;
  for (const std::size_t each : cells) {
    const double off = static_cast<double>(each) - expected;
    sum += off * off / expected;
  }
  const double freedom = static_cast<double>(cells.size()) - 1;
  const double spread = 2 / (9 * freedom);
  return (std::cbrt(sum / freedom) - (1 - spread)) / std::sqrt(spread);
}

// p within 1e-4 .. 1 - 1e-4 (RELIABILITY A8).
constexpr double most_score = 3.72;

// A million codes of fixed keys, so that the outcome is the same each time.
const std::vector<std::uint32_t>& million() {
  static const std::vector<std::uint32_t> all = [] {
    const crypto::mac_key key = key_of(1);
    std::vector<std::uint32_t> made;
    made.reserve(sample);
    for (std::size_t i = 0; i < sample; ++i) {
      const code one = derive_code(key, record_of(static_cast<std::uint8_t>(i)), i, 0, digits, 6);
      made.push_back(static_cast<std::uint32_t>(std::stoul(std::string(one.text()))));
    }
    return made;
  }();
  return all;
}

TEST(Code, IsUniformInEachPosition) {
  for (std::uint32_t unit = 1; unit < 1'000'000; unit *= 10) {
    std::vector<std::size_t> cells(10);
    for (const std::uint32_t each : million())
      ++cells[each / unit % 10];
    EXPECT_LT(std::abs(chi_square_score(cells)), most_score) << "unit " << unit;
  }
}

TEST(Code, IsUniformInEachThousand) {
  std::vector<std::size_t> high(1000);
  std::vector<std::size_t> low(1000);
  for (const std::uint32_t each : million()) {
    ++high[each / 1000];
    ++low[each % 1000];
  }
  EXPECT_LT(std::abs(chi_square_score(high)), most_score);
  EXPECT_LT(std::abs(chi_square_score(low)), most_score);
}

TEST(Code, SaysNothingOfTheNextOne) {
  std::vector<std::size_t> pairs(1000);
  for (std::size_t i = 1; i < sample; ++i)
    ++pairs[million()[i - 1] % 10 * 100 + million()[i] % 100];
  EXPECT_LT(std::abs(chi_square_score(pairs)), most_score);
}

TEST(Code, RepeatsAsOftenAsChance) {
  std::vector<bool> seen(1'000'000);
  for (const std::uint32_t each : million())
    seen[each] = true;
  const double distinct = static_cast<double>(std::ranges::count(seen, true));
  // A million draws from a million: 1 - 1/e of them, with a deviation of 312.
  EXPECT_NEAR(distinct, 632'121, 4 * 312);
}

TEST(Code, KeepsItsLeadingZeros) {
  const auto leading = std::ranges::count_if(million(), [](std::uint32_t each) { return each < 100'000; });
  EXPECT_NEAR(static_cast<double>(leading) / sample, 0.100, 0.001);
  const crypto::mac_key key = key_of(1);
  for (std::uint64_t i = 0; i < 1000; ++i) {
    EXPECT_EQ(derive_code(key, record_of(3), i, 0, digits, 6).text().size(), 6U);
  }
}

TEST(Code, HasItsLengthAndAlphabetAndUsesAllOfIt) {
  const crypto::mac_key key = key_of(2);
  for (std::size_t size = 10; size <= 36; ++size) {
    const std::string_view alphabet = letters.substr(0, size);
    for (std::size_t length = 4; length <= 10; ++length) {
      std::vector<std::set<char>> used(length);
      for (std::uint64_t i = 0; i < 600; ++i) {
        const code one = derive_code(key, record_of(9), i, 0, alphabet, length);
        ASSERT_TRUE(is_code(one.text(), alphabet, length)) << one.text();
        for (std::size_t at = 0; at < length; ++at)
          used[at].insert(one.text()[at]);
      }
      for (const auto& position : used)
        EXPECT_EQ(position.size(), size) << "length " << length;
    }
  }
}

TEST(Code, IsUniformForTheLargestAlphabetAndLength) {
  const crypto::mac_key key = key_of(3);
  std::vector<std::vector<std::size_t>> cells(10, std::vector<std::size_t>(36));
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const code one = derive_code(key, record_of(4), i, 1, letters, 10);
    for (std::size_t at = 0; at < 10; ++at)
      ++cells[at][letters.find(one.text()[at])];
  }
  for (const auto& position : cells)
    EXPECT_LT(std::abs(chi_square_score(position)), most_score);
}

TEST(Code, IsTheSameForTheSameInputs) {
  EXPECT_EQ(derive_code(key_of(1), record_of(1), 7, 0, digits, 6).text(),
            derive_code(key_of(1), record_of(1), 7, 0, digits, 6).text());
}

// Codes in the field must still be right after an upgrade.
TEST(Code, IsWhatItAlwaysWas) {
  EXPECT_EQ(derive_code(key_of(1), record_of(1), 7, 0, digits, 6).text(), "969695");
  EXPECT_EQ(derive_code(key_of(1), record_of(1), 7, 1, digits, 6).text(), "961970");
  EXPECT_EQ(derive_code(key_of(1), record_of(1), 7, 0, letters, 10).text(), "7VPF285K2N");
}

TEST(Code, ChangesWithEachInput) {
  const auto text = [](std::uint8_t key, std::uint8_t record, std::uint64_t nonce, std::uint8_t generation) {
    return std::string(derive_code(key_of(key), record_of(record), nonce, generation, letters, 10).text());
  };
  std::set<std::string> all{text(1, 1, 7, 0), text(2, 1, 7, 0), text(1, 2, 7, 0), text(1, 1, 8, 0)};
  for (std::uint8_t generation = 1; generation < 10; ++generation)
    all.insert(text(1, 1, 7, generation));
  EXPECT_EQ(all.size(), 13U);
}

TEST(Code, OfARotatedGenerationIsAnotherOne) {
  const crypto::mac_key key = key_of(5);
  std::size_t same = 0;
  for (std::uint64_t i = 0; i < 100'000; ++i) {
    const code first = derive_code(key, record_of(6), i, 0, digits, 6);
    same += derive_code(key, record_of(6), i, 1, digits, 6).matches(first.text()) ? 1 : 0;
  }
  EXPECT_LE(same, 3U);  // one in a million by chance
}

TEST(Code, MatchesItselfOnly) {
  const code one("012345");
  EXPECT_TRUE(one.matches("012345"));
  using namespace std::string_view_literals;
  for (const auto other : {""sv, "01234"sv, "0123456"sv, "012346"sv, "112345"sv, "12345"sv, " 012345"sv,
                           "012345\n"sv, "012345\0"sv, "012345 "sv}) {
    EXPECT_FALSE(one.matches(other)) << other;
  }
}

TEST(Code, IsReadStrictly) {
  using namespace std::string_view_literals;
  EXPECT_TRUE(is_code("012345", digits, 6));
  EXPECT_TRUE(is_code("AZ09", letters, 4));
  for (const auto text : {""sv,
                          "12345"sv,
                          "1234567"sv,
                          " 12345"sv,
                          "12345 "sv,
                          "12 345"sv,
                          "123456\n"sv,
                          "12345\n"sv,
                          "+12345"sv,
                          "-12345"sv,
                          "12345\0"sv,
                          "\0"
                          "12345"sv,
                          "123456\0"sv,
                          "１２３４５６"sv,
                          "１２"sv,
                          "٠١٢٣٤٥"sv,
                          "٠١٢"sv,
                          "1e5000"sv,
                          "0x1234"sv,
                          "12345a"sv,
                          "12345O"sv}) {
    EXPECT_FALSE(is_code(text, digits, 6)) << text;
  }
  EXPECT_FALSE(is_code("az09", letters, 4));  // the alphabet has capitals
}

}  // namespace
}  // namespace otpd::otp
