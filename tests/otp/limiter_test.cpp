#include "otp/limiter.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <thread>
#include <vector>

namespace otpd::otp {
namespace {

using namespace std::chrono_literals;

constexpr instant start{milliseconds{1'800'000'000'000}};
constexpr rate two{2, 20s};

// The bucket of `number`, whose neighbourhood in the table begins at slot `number`.
std::array<std::uint8_t, 16> name(std::uint64_t number, std::uint8_t variant = 0) {
  std::array<std::uint8_t, 16> out{};
  std::memcpy(out.data(), &number, sizeof number);
  out[15] = static_cast<std::uint8_t>(variant + 1);
  return out;
}

limit of(std::uint64_t number, const rate& allowed, limit_kind kind = limit_kind::client_ip,
         std::uint8_t variant = 0) {
  return {kind, name(number, variant), allowed};
}

bool admits(limiter& tested, const std::vector<limit>& limits, instant now) {
  return !tested.admit(limits, now);
}

TEST(Limiter, AdmitsWhileEveryBucketHasOne) {
  limiter tested(64);
  const std::vector<limit> limits{of(1, two), of(2, {3, 30s}, limit_kind::server)};
  EXPECT_TRUE(admits(tested, limits, start));
  EXPECT_TRUE(admits(tested, limits, start));
  const auto refused = tested.admit(limits, start);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, errc::rate_limited);
  EXPECT_EQ(refused->limit, "client_ip");
  EXPECT_EQ(refused->retry_after, 10s);
  EXPECT_TRUE(admits(tested, limits, start + refused->retry_after));
}

TEST(Limiter, AdmitsWhatNothingLimits) {
  limiter tested(8);
  EXPECT_TRUE(admits(tested, {}, start));
}

TEST(Limiter, NamesTheFirstThatRefusesAndWaitsForTheSlowest) {
  limiter tested(64);
  const std::vector<limit> limits{of(1, {9, 9s}), of(2, {1, 5s}, limit_kind::prefix),
                                  of(3, {1, 60s}, limit_kind::country)};
  EXPECT_TRUE(admits(tested, limits, start));
  const auto refused = tested.admit(limits, start);
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->limit, "prefix");
  EXPECT_EQ(refused->retry_after, 60s);
}

TEST(Limiter, TakesNothingWhenItRefuses) {
  limiter tested(64);
  const std::vector<limit> both{of(1, two), of(2, {1, 1h}, limit_kind::country)};
  EXPECT_TRUE(admits(tested, both, start));
  for (int i = 0; i < 100; ++i)
    EXPECT_FALSE(admits(tested, both, start));
  EXPECT_TRUE(admits(tested, {both[0]}, start));  // its second, untouched
  EXPECT_FALSE(admits(tested, {both[0]}, start));
}

TEST(Limiter, GivesBackWhatItTook) {
  limiter tested(64);
  const std::vector<limit> limits{of(1, two), of(2, {1, 1h}, limit_kind::country)};
  for (int i = 0; i < 100; ++i) {
    ASSERT_TRUE(admits(tested, limits, start));
    tested.give_back(limits);
  }
  EXPECT_TRUE(admits(tested, limits, start));
  EXPECT_FALSE(admits(tested, limits, start));
}

TEST(Limiter, KindsHaveTheNamesOfTheApi) {
  EXPECT_EQ(to_string(limit_kind::client_ip), "client_ip");
  EXPECT_EQ(to_string(limit_kind::failures_per_ip), "client_ip");
  EXPECT_EQ(to_string(limit_kind::prefix), "prefix");
  EXPECT_EQ(to_string(limit_kind::country), "country");
  EXPECT_EQ(to_string(limit_kind::api_key), "api_key");
  EXPECT_EQ(to_string(limit_kind::server), "server");
}

TEST(Limiter, ForgetsFullBucketsFirst) {
  limiter tested(8);
  for (std::uint64_t i = 0; i < 8; ++i)
    EXPECT_TRUE(admits(tested, {of(i, {1, i == 5 ? 1s : 60s})}, start));
  const instant later = start + 2s;
  EXPECT_TRUE(admits(tested, {of(100, {1, 60s})}, later));  // in place of number 5
  for (std::uint64_t i = 0; i < 8; ++i) {
    if (i != 5) {
      EXPECT_FALSE(admits(tested, {of(i, {1, 60s})}, later)) << i;
    }
  }
  EXPECT_FALSE(admits(tested, {of(100, {1, 60s})}, later));
}

TEST(Limiter, ForgetsTheNearestToFullWhenAllAreBusy) {
  limiter tested(8);
  for (std::uint64_t i = 0; i < 8; ++i)
    EXPECT_TRUE(admits(tested, {of(i, {1, i == 3 ? 50s : 60s})}, start));
  EXPECT_TRUE(admits(tested, {of(100, {1, 60s})}, start));
  for (std::uint64_t i = 0; i < 8; ++i) {
    if (i != 3) {
      EXPECT_FALSE(admits(tested, {of(i, {1, 60s})}, start)) << i;
    }
  }
}

// Otherwise somebody who is over his limit could push the others' out of the table at no cost.
TEST(Limiter, ForgetsNothingForARequestThatItRefuses) {
  limiter tested(8);
  for (std::uint64_t i = 0; i < 8; ++i)
    EXPECT_TRUE(admits(tested, {of(i, {1, 60s})}, start));
  EXPECT_FALSE(admits(tested, {of(0, {1, 60s}), of(100, {1, 60s})}, start));
  EXPECT_FALSE(admits(tested, {of(101, {1, 60s}), of(0, {1, 60s})}, start));
  for (std::uint64_t i = 0; i < 8; ++i)
    EXPECT_FALSE(admits(tested, {of(i, {1, 60s})}, start)) << i;
}

TEST(Limiter, ForgetsNothingForABucketThatIsGivenBackTooLate) {
  limiter tested(8);
  EXPECT_TRUE(admits(tested, {of(100, {1, 1s})}, start));
  for (std::uint64_t i = 0; i < 8; ++i)
    EXPECT_TRUE(admits(tested, {of(i, {1, 60s})}, start + 2s));
  tested.give_back(std::vector<limit>{of(100, {1, 1s})});
  for (std::uint64_t i = 0; i < 8; ++i)
    EXPECT_FALSE(admits(tested, {of(i, {1, 60s})}, start + 2s)) << i;
}

TEST(Limiter, IsBoundedWhateverComes) {
  limiter tested(1024);
  std::mt19937_64 random(1);
  for (int i = 0; i < 100'000; ++i)
    EXPECT_TRUE(admits(tested, {of(random(), {1, 1h})}, start));
  EXPECT_LE(tested.take_changed(start, 1'000'000).size(), 1024U);
}

// With room to spare no bucket is lost.
TEST(Limiter, KeepsEveryBucketOfATableThatIsAQuarterFull) {
  limiter tested(4096);
  std::mt19937_64 random(2);
  std::vector<std::uint64_t> all(1024);
  for (auto& each : all)
    each = random();
  for (const auto each : all)
    ASSERT_TRUE(admits(tested, {of(each, {1, 1h})}, start));
  std::size_t kept = 0;
  for (const auto each : all)
    kept += admits(tested, {of(each, {1, 1h})}, start) ? 0U : 1U;
  EXPECT_GE(kept, 1020U);
}

TEST(Limiter, HandsOverEachChangeOnce) {
  limiter tested(64);
  EXPECT_TRUE(tested.take_changed(start, 100).empty());
  EXPECT_TRUE(admits(tested, {of(1, two), of(2, {1, 1h})}, start));
  EXPECT_EQ(tested.take_changed(start, 100).size(), 2U);
  EXPECT_TRUE(tested.take_changed(start, 100).empty());
  EXPECT_TRUE(admits(tested, {of(1, two)}, start));
  const auto changed = tested.take_changed(start, 100);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].key.table, table::limits);
  EXPECT_EQ(changed[0].key.bytes, name(1));
  EXPECT_EQ(changed[0].state.full_at(), start + 20s);
}

TEST(Limiter, HandsOverNothingThatWillBeFull) {
  limiter tested(64);
  EXPECT_TRUE(admits(tested, {of(1, two), of(2, {1, 1h})}, start));
  const auto changed = tested.take_changed(start + 10s, 100);
  ASSERT_EQ(changed.size(), 1U);
  EXPECT_EQ(changed[0].key.bytes, name(2));
}

TEST(Limiter, HandsOverInPortionsAndLeavesNoneOut) {
  limiter tested(8192);
  for (std::uint64_t i = 0; i < 1000; ++i)
    ASSERT_TRUE(admits(tested, {of(i * 8, {1, 1h})}, start));
  std::size_t total = 0;
  for (int round = 0; round < 10; ++round) {
    const auto changed = tested.take_changed(start, 100);
    EXPECT_EQ(changed.size(), 100U);
    total += changed.size();
  }
  EXPECT_EQ(total, 1000U);
  EXPECT_TRUE(tested.take_changed(start, 100).empty());
}

TEST(Limiter, GoesOnAfterARestartWhereItWas) {
  limiter before(1024);
  std::mt19937_64 random(3);
  std::vector<limit> limits;
  for (int i = 0; i < 100; ++i)
    limits.push_back(of(random(), {5, 50s}));
  for (int i = 0; i < 300; ++i)
    static_cast<void>(before.admit({&limits[random() % 100], 1}, start));
  limiter after(1024);
  for (const auto& each : before.take_changed(start, 1000))
    after.restore(each.key, each.state);
  EXPECT_TRUE(after.take_changed(start, 1000).empty());  // it is stored as it is
  for (const limit& each : limits) {
    for (int i = 0; i < 6; ++i) {
      const auto old = before.admit({&each, 1}, start + 7s);
      const auto now = after.admit({&each, 1}, start + 7s);
      ASSERT_EQ(old.has_value(), now.has_value());
      if (old) {
        ASSERT_EQ(old->retry_after, now->retry_after);
      }
    }
  }
}

TEST(Limiter, CountsExactlyFromManyThreads) {
  limiter tested(64);
  const limit shared = of(1, {1000, 24h});
  std::array<int, 4> admitted{};
  {
    std::vector<std::jthread> threads;
    for (int& mine : admitted) {
      threads.emplace_back([&tested, &shared, &mine] {
        for (int i = 0; i < 1000; ++i)
          mine += tested.admit({&shared, 1}, start) ? 0 : 1;
      });
    }
  }
  EXPECT_EQ(admitted[0] + admitted[1] + admitted[2] + admitted[3], 1000);
}

}  // namespace
}  // namespace otpd::otp
